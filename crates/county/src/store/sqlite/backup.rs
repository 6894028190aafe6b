//! A copy of the store while it is in use.

use std::path::Path;

use porch_sync::DeviceNumber;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::reading::unsigned;
use super::{SqliteStore, open, reading};
use crate::backup::{self, Reach};
use crate::store::{NUMBERS_PASSED, Origin, StoreFailure, Stored};

impl SqliteStore {
    /// Copies the store, as it is at one moment, into a file that does not exist yet; encrypted
    /// with the same key. The copy is marked as one: opened to be used, it is another epoch.
    ///
    /// Gives what is in the copy.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn copy_to(&self, file: &Path) -> Stored<Reach> {
        let aside = backup::aside(file)?;
        let name = aside.to_str().ok_or(StoreFailure::Corrupt("file name"))?;
        self.reader()?.execute("VACUUM INTO ?1", [name])?;
        // Whoever restores it gets a whole file or none.
        let copy = open::connect(&aside, &self.key)?;
        copy.execute_batch("PRAGMA journal_mode = DELETE; UPDATE origin SET copied = 1;")?;
        let reach = Reach {
            epoch: reading::origin(&copy)?.epoch,
            within: transactions(&copy)?,
        };
        copy.close().map_err(|(_, error)| error)?;
        backup::settle(&aside, file)?;
        Ok(reach)
    }
}

fn transactions(connection: &Connection) -> Stored<Vec<(DeviceNumber, u64)>> {
    let mut select =
        connection.prepare("SELECT number, expected - 1 FROM device ORDER BY number")?;
    let rows = select.query_map([], |row| {
        Ok((DeviceNumber(row.get(0)?), unsigned(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Makes a copy that is opened to be used into the store that goes on: under the epoch that `fresh`
/// has, and with device numbers that were not given before. False when it is no copy.
pub(super) fn go_on(
    connection: &Connection,
    fresh: impl FnOnce() -> Stored<Origin>,
) -> Stored<bool> {
    let copied: Option<bool> = connection
        .query_row("SELECT copied FROM origin", [], |row| row.get(0))
        .optional()?;
    if copied != Some(true) {
        return Ok(false);
    }
    put_epoch(connection, fresh()?.epoch)?;
    Ok(true)
}

/// Starts another epoch: with device numbers that were not given before.
pub(super) fn put_epoch(connection: &Connection, epoch: Uuid) -> Stored<()> {
    connection.execute(
        "UPDATE origin SET epoch = ?1, copied = 0, numbers_after =
             max(numbers_after, (SELECT coalesce(MAX(number), 0) FROM device)) + ?2",
        params![epoch.as_bytes(), NUMBERS_PASSED],
    )?;
    Ok(())
}
