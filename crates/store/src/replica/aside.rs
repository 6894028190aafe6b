//! Records that cannot be laid on their tables: what the county keeps in quarantine, what a guard
//! refuses, what this program does not know.

use porch_domain::catalogue::{Record as _, Shape, record_entry};
use porch_domain::erasure::ErasureOrder;
use porch_sync::protocol::KeptAside;
use porch_sync::{Change, Conflict, Op, Row};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use crate::access::Write;
use crate::error::StoreError;

/// Why a record of this device's is set aside: the county keeps it in quarantine.
pub(crate) const KEPT_ASIDE: &str = "quarantined";

impl Write<'_> {
    /// What the county keeps aside of a record.
    pub(super) fn kept_aside(&self, record: Uuid) -> Result<Option<Row>, StoreError> {
        let state: Option<String> = self
            .connection
            .prepare_cached("SELECT state FROM set_aside WHERE record = ? AND reason = ?")?
            .query_row(params![record.as_bytes(), KEPT_ASIDE], |row| row.get(0))
            .optional()?;
        Ok(state
            .map(|state| serde_json::from_str(&state))
            .transpose()?)
    }

    pub(super) fn set_aside(&self, row: &Row, reason: &str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO set_aside (record, kind, state, reason) VALUES (?, ?, ?, ?)
                 ON CONFLICT (record) DO UPDATE SET state = excluded.state, reason = excluded.reason",
            )?
            .execute(params![row.id.as_bytes(), row.kind, serde_json::to_string(row)?, reason])?;
        Ok(())
    }

    /// A record has come from the county. Of what was written here and kept aside, a value that loses to the
    /// county's is in conflict with it, and is shown as one; what may still be let in stays aside.
    pub(super) fn forget_aside(&self, row: &Row) -> Result<(), StoreError> {
        let kept = self.kept_aside(row.id)?;
        let is_event = record_entry(&row.kind).is_some_and(|entry| entry.shape == Shape::Event);
        let (mut conflicts, mut rest) = (Vec::new(), Vec::new());
        for (field, kept) in kept.iter().flat_map(|kept| &kept.fields) {
            match row.fields.get(field) {
                Some(given) if given.version == kept.version || given.value == kept.value => {}
                Some(given) if given.version.outranks(&kept.version) => {
                    conflicts.push(Conflict {
                        kind: row.kind.clone(),
                        record: row.id,
                        field: field.clone(),
                        winner: given.version,
                        lost: kept.value.clone(),
                        loser: kept.version,
                    });
                }
                _ => rest.push((field.clone(), kept.clone())),
            }
        }
        if is_event || rest.is_empty() {
            self.connection
                .prepare_cached("DELETE FROM set_aside WHERE record = ?")?
                .execute([row.id.as_bytes().as_slice()])?;
        } else {
            let rest = Row {
                fields: rest.into_iter().collect(),
                ..row.clone()
            };
            self.set_aside(&rest, KEPT_ASIDE)?;
        }
        if is_event {
            return Ok(());
        }
        self.keep_conflicts(&conflicts, &[])
    }

    /// What a person at the county has looked at is kept here no longer: what was let in has come with the scopes that
    /// this device holds, and has nothing to do here if it is of others.
    pub(super) fn forget_looked_at(&self, county: &KeptAside) -> Result<(), StoreError> {
        let device = self.device()?.number;
        let mut select = self
            .connection
            .prepare_cached("SELECT kind, record, state FROM set_aside WHERE reason = ?")?;
        let kept = select.query_map([KEPT_ASIDE], |row| {
            Ok((row.get(0)?, Uuid::from_bytes(row.get(1)?), row.get(2)?))
        })?;
        for kept in kept.collect::<Result<Vec<(String, Uuid, String)>, _>>()? {
            let (kind, record, state) = kept;
            let state: Row = serde_json::from_str(&state)?;
            let mut written = state.fields.values().map(|field| field.version);
            let waits = written.any(|version| {
                version.device != device
                    || version.sequence >= county.before
                    || county.waiting.contains(&version.sequence)
            });
            if !waits {
                self.connection
                    .prepare_cached("DELETE FROM set_aside WHERE record = ?")?
                    .execute([record.as_bytes().as_slice()])?;
                // An order to erase somebody stays until it is carried out.
                if kind != ErasureOrder::KIND {
                    self.note_unheld(&[(record, kind)])?;
                }
            }
        }
        Ok(())
    }

    /// In which scope a record was to be made that the county keeps aside.
    pub(super) fn note_where_made(&self, change: &Change) -> Result<(), StoreError> {
        let scope = match change.op {
            Op::Create { scope } => scope,
            Op::Edit => Uuid::nil(),
        };
        self.connection
            .prepare_cached("UPDATE set_aside SET scope = ? WHERE record = ?")?
            .execute(params![scope.as_bytes(), change.id.as_bytes()])?;
        Ok(())
    }
}
