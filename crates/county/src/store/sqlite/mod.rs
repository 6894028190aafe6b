//! The embedded store: one SQLCipher file.
//!
//! One writer connection, several readers. Its futures do their work at once and block meanwhile,
//! so the server polls them on threads that may block. Other processes (the command line while the
//! server runs) share the file: `BEGIN IMMEDIATE` is the one lock, and holds off everybody.

mod backup;
mod migrate;
mod open;
mod reading;
mod removal;
mod scopes;
mod tallies;
mod views;
mod work;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::Mutex as AsyncMutex;
use zeroize::Zeroizing;

use super::{Origin, Store, StoreFailure, Stored};
pub use reading::SqliteReading;
pub use work::SqliteWork;

/// The embedded store.
pub struct SqliteStore {
    file: PathBuf,
    key: Zeroizing<[u8; 32]>,
    writer: Arc<AsyncMutex<Connection>>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

/// How many idle readers are kept open: as many as one device's requests at once, since opening a
/// database costs more than most reads (its key, its schema).
const IDLE_READERS: usize = 32;

impl SqliteStore {
    /// Opens the store, makes it when there is none (with what `origin` says), and brings its
    /// schema up to date. A backup becomes the store that goes on, under the epoch of `origin`.
    ///
    /// # Errors
    /// When the key is wrong, the file broken, or the database made by a newer program.
    pub fn open(
        file: &Path,
        key: Zeroizing<[u8; 32]>,
        origin: impl Fn() -> Stored<Origin>,
    ) -> Stored<Self> {
        let mut writer = open::connect(file, &key)?;
        migrate::migrate(&mut writer)?;
        let transaction =
            writer.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        if !reading::has_origin(&transaction)? {
            work::put_origin(&transaction, &origin()?)?;
        }
        if backup::go_on(&transaction, &origin)? {
            tracing::warn!("a backup was restored: every device sends again what is not in it");
        }
        tallies::fill(&transaction, &reading::origin(&transaction)?.digest_key())?;
        views::make(&transaction)?;
        transaction.commit()?;
        Ok(Self {
            file: file.to_owned(),
            key,
            writer: Arc::new(AsyncMutex::new(writer)),
            idle: Arc::default(),
        })
    }

    fn reader(&self) -> Stored<Connection> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(connection) => Ok(connection),
            None => open::connect(&self.file, &self.key),
        }
    }
}

impl Store for SqliteStore {
    type Reading = SqliteReading;
    type Work = SqliteWork;

    async fn reading(&self) -> Stored<SqliteReading> {
        reading::Snapshot::begin(self.reader()?, Arc::clone(&self.idle))
    }

    async fn begin(&self) -> Stored<SqliteWork> {
        work::Unit::begin(Arc::clone(&self.writer).lock_owned().await)
    }

    async fn scrub(&self) -> Stored<()> {
        let writer = self.writer.lock().await;
        // A reader in the middle of its snapshot keeps the log from being truncated; snapshots are
        // short, and each try itself waits for the busy timeout.
        for pause_ms in [0, 20, 100, 500] {
            std::thread::sleep(Duration::from_millis(pause_ms));
            let busy: i64 =
                writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            if busy == 0 {
                return Ok(());
            }
        }
        Err(StoreFailure::Busy)
    }
}
