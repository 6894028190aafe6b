//! Records that cannot be laid on their tables: what the county keeps in quarantine, what a guard
//! refuses, what this program does not know.

use porch_sync::{Change, Op, Row};
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
