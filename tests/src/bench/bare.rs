//! The floors: SQLCipher with nothing of Porch around it, configured as the store is.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use porch_store::keys::DatabaseKey;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

/// As in the store's `open.rs`.
const SETTINGS: &str = "
    PRAGMA cipher_memory_security = ON;
    PRAGMA secure_delete = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA recursive_triggers = ON;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
";

/// Bytes of a page in the log: the page, and the log's own words about it.
pub(super) const FRAME: u64 = 4096 + 24;

/// Opens a database with a raw key, as the store does.
pub(super) fn open(path: &Path, key: &DatabaseKey, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
    let digits: Zeroizing<String> = Zeroizing::new(
        key.as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    );
    connection.execute_batch(&Zeroizing::new(format!(
        "PRAGMA key = \"x'{}'\"",
        digits.as_str()
    )))?;
    connection.execute_batch(SETTINGS)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

/// One bare table in a database of its own.
pub(super) struct Bare {
    connection: Connection,
    log: Log,
}

impl Bare {
    /// Makes the database beside the others.
    pub(super) fn create(path: &Path, key: &DatabaseKey) -> Result<Self> {
        let connection = open(
            path,
            key,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )?;
        connection.execute_batch(
            "CREATE TABLE bare (number INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT",
        )?;
        Ok(Self {
            connection,
            log: Log::of(path),
        })
    }

    /// Writes one row so large that its transaction puts this many pages into the log: the
    /// header, the table's leaf, and as many more as the row runs over.
    pub(super) fn write(&mut self, pages: u64) -> Result<()> {
        // SQLCipher keeps 80 bytes of each page for itself, and each page of a long row names the next.
        let body = vec![0x5a_u8; usize::try_from(pages.saturating_sub(2) * (4096 - 80 - 4) + 16)?];
        let transaction = self
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        transaction
            .prepare_cached("INSERT INTO bare (body) VALUES (?)")?
            .execute([body])?;
        Ok(transaction.commit()?)
    }

    /// Its log.
    pub(super) fn log(&self) -> &Log {
        &self.log
    }
}

/// The write-ahead log of a database, looked at from outside: by its index in shared memory,
/// which is a file. Reading it disturbs nobody.
pub(super) struct Log(PathBuf);

impl Log {
    /// The log of a database.
    pub(super) fn of(database: &Path) -> Self {
        let mut name = database.as_os_str().to_owned();
        name.push("-shm");
        Self(name.into())
    }

    /// How many frames it holds: `mxFrame` of the first header in the index.
    pub(super) fn frames(&self) -> Result<u64> {
        let mut index = File::open(&self.0).context("the log's index")?;
        index.seek(SeekFrom::Start(16))?;
        let mut frames = [0; 4];
        index.read_exact(&mut frames)?;
        Ok(u32::from_ne_bytes(frames).into())
    }

    /// How many frames were written since it held so many: one that was folded into the
    /// database meanwhile has begun anew.
    pub(super) fn frames_since(&self, before: u64) -> Result<u64> {
        let now = self.frames()?;
        Ok(now.checked_sub(before).unwrap_or(now))
    }
}
