//! What was typed in forms and not yet saved. Local: never a record, never sent.

use porch_domain::id::UserId;
use porch_domain::time::Instant;
use rusqlite::{OptionalExtension as _, params};

use crate::access::{Read, Write};
use crate::error::StoreError;

/// A draft.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// The window's own text.
    pub body: String,
    /// When it was kept.
    pub saved_at: Instant,
}

impl Read<'_> {
    /// What this user typed in a form and has not saved.
    ///
    /// # Errors
    /// When the store fails.
    pub fn draft(&self, user: UserId, form: &str) -> Result<Option<DraftRow>, StoreError> {
        let found: Option<(String, String)> = self
            .connection
            .prepare_cached("SELECT body, saved_at FROM draft WHERE user = ? AND form = ?")?
            .query_row(params![user.to_bytes(), form], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        found
            .map(|(body, saved_at)| {
                let saved_at = saved_at.parse().map_err(|_| StoreError::Malformed)?;
                Ok(DraftRow { body, saved_at })
            })
            .transpose()
    }
}

impl Write<'_> {
    /// Keeps what this user typed in a form, in place of what was kept before.
    ///
    /// # Errors
    /// When the store fails.
    pub fn put_draft(&self, user: UserId, form: &str, draft: &DraftRow) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO draft (user, form, body, saved_at)
                 VALUES (?, ?, ?, ?)
                 ON CONFLICT (user, form) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at",
            )?
            .execute(params![user.to_bytes(), form, draft.body, draft.saved_at.to_string()])?;
        Ok(())
    }

    /// Throws a draft away, if there is one.
    ///
    /// # Errors
    /// When the store fails.
    pub fn delete_draft(&self, user: UserId, form: &str) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("DELETE FROM draft WHERE user = ? AND form = ?")?
            .execute(params![user.to_bytes(), form])?;
        Ok(())
    }
}
