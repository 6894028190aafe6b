//! Transactions that were blanked and told of other people, too: what they said of those is not lost
//! if the county is restored from a backup that does not hold it.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::catalogue::{Shape, record_entry};
use porch_domain::time::Instant;
use porch_sync::{Change, FieldChange, Op, Transaction};
use rusqlite::params;
use uuid::Uuid;

use crate::access::{Read, Write};
use crate::error::StoreError;

/// One record of a blanked transaction.
struct Rest {
    record: Uuid,
    kind: String,
    author: Uuid,
    /// In which it was made.
    scope: Option<Uuid>,
    /// What was written.
    fields: BTreeSet<String>,
}

impl Read<'_> {
    /// The transactions that the county has answered, that are in no backup of it, and that still
    /// say something.
    pub(super) fn kept_for_a_restore(&self) -> Result<BTreeMap<u64, Transaction>, StoreError> {
        self.transactions("outcome IS NOT NULL AND body IS NOT NULL")
    }

    fn rests(&self, from: u64) -> Result<Vec<Rest>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT record, kind, author, scope, fields FROM outbox_rest
             WHERE sequence >= ? ORDER BY sequence, record",
        )?;
        let rows = select.query_map([from], |row| {
            Ok((
                Uuid::from_bytes(row.get(0)?),
                row.get(1)?,
                Uuid::from_bytes(row.get(2)?),
                row.get::<_, Option<[u8; 16]>>(3)?,
                row.get::<_, String>(4)?,
            ))
        })?;
        rows.map(|row| {
            let (record, kind, author, scope, fields) = row?;
            Ok(Rest {
                record,
                kind,
                author,
                scope: scope.map(Uuid::from_bytes),
                fields: serde_json::from_str(&fields)?,
            })
        })
        .collect()
    }
}

impl Write<'_> {
    /// Keeps what blanked transactions said of records that were not erased: which, never the values.
    pub(super) fn keep_rests(&self, before: &BTreeMap<u64, Transaction>) -> Result<(), StoreError> {
        let standing = self.kept_for_a_restore()?;
        let blanked = before.iter().filter(|(at, _)| !standing.contains_key(at));
        for (sequence, transaction) in blanked {
            for change in &transaction.changes {
                if self.is_too_late(change)? {
                    continue;
                }
                let scope = match change.op {
                    Op::Create { scope } => Some(scope.into_bytes()),
                    Op::Edit => None,
                };
                let fields: Vec<&String> = change.fields.keys().collect();
                self.connection
                    .prepare_cached(
                        "INSERT OR IGNORE INTO outbox_rest (sequence, record, kind, author, scope, fields)
                         VALUES (?, ?, ?, ?, ?, ?)",
                    )?
                    .execute(params![
                        sequence,
                        change.id.as_bytes(),
                        change.kind,
                        transaction.author.as_bytes(),
                        scope,
                        serde_json::to_string(&fields)?,
                    ])?;
            }
        }
        Ok(())
    }

    /// The county no longer has what it answered from a sequence on: what blanked transactions said
    /// of others is saved anew, as it stands now.
    pub(crate) fn save_rests(&self, from: u64) -> Result<(), StoreError> {
        let rests = self.rests(from)?;
        self.connection
            .prepare_cached("DELETE FROM outbox_rest WHERE sequence >= ?")?
            .execute([from])?;
        let choices = self.choices_about(&rests.iter().map(|rest| rest.record).collect())?;
        // The persisted clock goes on from itself.
        let now = Instant::from_unix_ms(0);
        let mut saved = BTreeSet::new();
        for rest in rests {
            if saved.insert(rest.record)
                && let Some(change) = self.as_it_stands(&rest)?
            {
                self.save(rest.author, now, vec![change])?;
            }
        }
        self.follow(&choices, now)
    }

    fn as_it_stands(&self, rest: &Rest) -> Result<Option<Change>, StoreError> {
        let Some(row) = self.row(&rest.kind, rest.record)? else {
            return Ok(None);
        };
        let event = record_entry(&rest.kind).is_some_and(|entry| entry.shape == Shape::Event);
        let whole = event || rest.scope.is_some();
        let fields = row
            .fields
            .into_iter()
            .filter(|(name, _)| whole || rest.fields.contains(name))
            .map(|(name, stamped)| {
                let base = (!whole).then_some(stamped.version);
                let value = stamped.value;
                (name, FieldChange { value, base })
            })
            .collect();
        Ok(Some(Change {
            kind: rest.kind.clone(),
            id: rest.record,
            op: rest.scope.map_or(Op::Edit, |scope| Op::Create { scope }),
            fields,
        }))
    }

    /// What is in a backup of the county need not be kept for a restore.
    pub(crate) fn forget_rests_up_to(&self, backed_up: u64) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("DELETE FROM outbox_rest WHERE sequence <= ?")?
            .execute([backed_up])?;
        Ok(())
    }
}
