//! What the simulation asks of a store: that it does not wait for the disk, and that the disk is full.

use std::sync::atomic::{AtomicBool, Ordering};

use porch_sync::protocol::{Fate, Outcome};

use rusqlite::OptionalExtension as _;
use uuid::Uuid;

use crate::access::{Read, Write};
use crate::error::StoreError;
use crate::open::Store;

static BEGUN: AtomicBool = AtomicBool::new(false);

/// What a simulation does without. It keeps its files in memory and takes the power away by cutting
/// them; and SQLCipher locks each piece of memory that it asks for, which takes longer than all the rest.
const WITHOUT: [(&str, &str); 2] = [
    ("synchronous = FULL", "synchronous = OFF"),
    (
        "cipher_memory_security = ON",
        "cipher_memory_security = OFF",
    ),
];

/// The settings of a connection, without what a simulation does without.
pub(crate) fn settings(settings: &str) -> String {
    let mut settings = settings.to_owned();
    if BEGUN.load(Ordering::Acquire) {
        for (with, without) in WITHOUT {
            settings = settings.replace(with, without);
        }
    }
    settings
}

impl Store {
    /// From here on no store in this process waits for the disk or locks its memory.
    pub fn begin_simulation() {
        BEGUN.store(true, Ordering::Release);
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

impl Read<'_> {
    /// A family that the next letting go is to remove, or may; none when it has nothing to do.
    ///
    /// # Errors
    /// When the store fails.
    pub fn leaving_family(&self) -> Result<Option<Uuid>, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT id FROM family
                 WHERE id IN (SELECT record FROM unheld)
                     OR EXISTS (SELECT 1 FROM parting WHERE through IS NULL)
                 ORDER BY id LIMIT 1",
            )?
            .query_row((), |row| row.get(0).map(Uuid::from_bytes))
            .optional()?)
    }
}

impl Write<'_> {
    /// A planted bug: whatever is unsent counts as answered.
    pub(crate) fn settle_all(&self) -> Result<(), StoreError> {
        let mut select = self
            .connection
            .prepare("SELECT sequence FROM outbox WHERE outcome IS NULL ORDER BY sequence")?;
        let rest = select.query_map((), |row| row.get(0))?;
        for sequence in rest.collect::<Result<Vec<u64>, _>>()? {
            self.settle(&Outcome {
                sequence,
                fate: Fate::Applied,
                conflicts: Vec::new(),
                removed: Vec::new(),
                redirected: Vec::new(),
            })?;
        }
        Ok(())
    }
}
