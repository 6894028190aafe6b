//! The hand-over: the family whose consent pages the program is locked to. Kept in the store, so
//! that a kill does not end it.

use porch_domain::decision::Purpose;
use porch_domain::id::{FamilyId, UserId};
use porch_domain::time::Instant;
use rusqlite::{OptionalExtension as _, params};

use crate::access::{Read, Write};
use crate::error::StoreError;

/// A hand-over under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOverRow {
    /// The family.
    pub family: FamilyId,
    /// Who handed the program over.
    pub user: UserId,
    /// What it is asked.
    pub purposes: Vec<Purpose>,
}

impl Read<'_> {
    /// The hand-over under way, if one is.
    ///
    /// # Errors
    /// When the store fails.
    pub fn hand_over(&self) -> Result<Option<HandOverRow>, StoreError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT family, user, purposes FROM hand_over")?;
        let row: Option<([u8; 16], [u8; 16], String)> = select
            .query_row((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        row.map(|(family, user, purposes)| {
            Ok(HandOverRow {
                family: FamilyId::from_bytes(family),
                user: UserId::from_bytes(user),
                purposes: serde_json::from_str(&purposes)?,
            })
        })
        .transpose()
    }
}

impl Write<'_> {
    /// Begins a hand-over.
    ///
    /// # Errors
    /// When one is under way.
    pub fn begin_hand_over(&self, row: &HandOverRow, at: Instant) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO hand_over (only_row, family, user, purposes, begun_at) VALUES (1, ?, ?, ?, ?)",
            )?
            .execute(params![
                row.family.to_bytes(),
                row.user.to_bytes(),
                serde_json::to_string(&row.purposes)?,
                at.to_string()
            ])?;
        Ok(())
    }

    /// Ends the hand-over, if one is under way.
    ///
    /// # Errors
    /// When the store fails.
    pub fn end_hand_over(&self) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("DELETE FROM hand_over")?
            .execute(())?;
        Ok(())
    }
}
