//! What the simulation asks of a store: that it does not wait for the disk, and that the disk is full.

use std::path::Path;

use crate::error::StoreError;
use crate::keys::DatabaseKey;
use crate::open::Store;

impl Store {
    /// Opens a database as [`Store::open`] does, and leaves it to the operating system when anything
    /// reaches the disk: a simulation keeps its files in memory and takes the power away by cutting
    /// them.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_in_simulation(path: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        let store = Self::open(path, key)?;
        store.with_writer(|writer| {
            writer
                .execute_batch("PRAGMA synchronous = OFF")
                .map_err(StoreError::from)
        })?;
        Ok(store)
    }

    /// Leaves room for so many more pages of 4096 bytes; none takes the limit away.
    ///
    /// # Errors
    /// When the store fails.
    pub fn leave_room(&self, pages: Option<u32>) -> Result<(), StoreError> {
        self.with_writer(|writer| {
            let now: u32 = writer.query_row("PRAGMA page_count", (), |row| row.get(0))?;
            let most = pages.map_or(u32::MAX - 1, |pages| now.saturating_add(pages));
            writer
                .query_row(&format!("PRAGMA max_page_count = {most}"), (), |_| Ok(()))
                .map_err(StoreError::from)
        })
    }
}
