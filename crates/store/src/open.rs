//! Opening the encrypted database: one connection that writes, several that read.
//!
//! Every connection is configured alike (docs/security.md); the tests read each setting back on
//! both kinds.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;
use crate::keys::DatabaseKey;
use crate::migrate;

/// Readers of one store. A desk rarely reads twice at once; a search beside a sync is the case.
const READERS: usize = 3;
/// How long a connection waits for another one's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// Statements that each connection keeps prepared.
const STATEMENTS: usize = 256;

/// What every connection is told, after its key.
///
/// The cache of 64 MiB holds what a search over 100,000 people touches, so that its pages are decrypted
/// once. `recursive_triggers` makes REPLACE fire DELETE triggers, so that the guards of the consent
/// ledger see it; `trusted_schema` and `cell_size_check` are for files that someone has tampered with.
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
    PRAGMA cache_size = -65536;
";

/// The device's database, open. Dropping it closes it.
pub struct Store {
    // Readers close first: the last connection to close folds the log into the database, and
    // they may not write.
    readers: Readers,
    writer: Mutex<Connection>,
    /// How many removals the files were scrubbed after.
    pub(crate) scrubbed: AtomicU64,
    /// After how many removals the disk had no room to scrub them.
    pub(crate) had_no_room: AtomicU64,
    /// Whether it was looked at since opening that the tables hold what the county gave.
    pub(crate) borne_out: AtomicBool,
}

/// Connections that read, lent one at a time.
struct Readers {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Store {
    /// Makes a new database and opens it.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is a file already.
    pub fn create(path: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        options.open(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => StoreError::Exists,
            kind => StoreError::Io(kind),
        })?;
        Self::connect(path, key, migrate::Start::Empty)
    }

    /// Opens the database, after bringing it up to this program's schema.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`], [`StoreError::Corrupt`], [`StoreError::FromNewerProgram`],
    /// [`StoreError::SchemaAltered`], [`StoreError::NotOurs`], and what the file system says.
    pub fn open(path: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        // SQLite would only say that it cannot open it.
        std::fs::File::open(path)?;
        Self::connect(path, key, migrate::Start::Ours)
    }

    fn connect(path: &Path, key: &DatabaseKey, start: migrate::Start) -> Result<Self, StoreError> {
        let mut writer = open_connection(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        migrate::run(&mut writer, migrate::MIGRATIONS, start)?;
        migrate::check_schema(&writer)?;
        let mut idle = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            idle.push(open_connection(
                path,
                key,
                OpenFlags::SQLITE_OPEN_READ_ONLY,
            )?);
        }
        Ok(Self {
            readers: Readers {
                idle: Mutex::new(idle),
                returned: Condvar::new(),
            },
            writer: Mutex::new(writer),
            scrubbed: AtomicU64::new(0),
            had_no_room: AtomicU64::new(0),
            borne_out: AtomicBool::new(false),
        })
    }

    /// Lends a connection that only reads; waits while all are lent.
    ///
    /// # Errors
    /// What the closure says.
    pub(crate) fn with_reader<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let lent = self.readers.lend();
        match &lent.connection {
            Some(connection) => work(connection),
            None => Err(StoreError::Busy.into()),
        }
    }

    /// Lends the one connection that writes; waits while it is lent. A panic in the closure rolls
    /// its transaction back and leaves the store usable.
    ///
    /// # Errors
    /// What the closure says.
    pub(crate) fn with_writer<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        work(&mut locked(&self.writer))
    }

    /// Folds the log into the database and empties it. After an erasure or a removal, nothing of
    /// it is left in the files once this has returned.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while someone reads from before the erasure: not done, try again.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        let busy: bool = self.with_writer(|writer| {
            writer
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get(0))
                .map_err(StoreError::from)
        })?;
        if busy { Err(StoreError::Busy) } else { Ok(()) }
    }

    /// Reads every page and verifies its authentication code.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a page is damaged.
    pub fn verify_pages(&self) -> Result<(), StoreError> {
        self.with_reader(|reader| {
            let mut check = reader.prepare("PRAGMA cipher_integrity_check")?;
            if check.exists(())? {
                return Err(StoreError::Corrupt);
            }
            Ok(())
        })
    }
}

impl Readers {
    fn lend(&self) -> Lent<'_> {
        let mut idle = locked(&self.idle);
        loop {
            if let Some(connection) = idle.pop() {
                return Lent {
                    readers: self,
                    connection: Some(connection),
                };
            }
            idle = self
                .returned
                .wait(idle)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A reader on loan; comes back when dropped, also by a panic.
struct Lent<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            locked(&self.readers.idle).push(connection);
            self.readers.returned.notify_one();
        }
    }
}

/// A panic while the lock was held left no half-done work behind: transactions roll back.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn open_connection(
    path: &Path,
    key: &DatabaseKey,
    access: OpenFlags,
) -> Result<Connection, StoreError> {
    // The mutexes above already let one thread at a time use a connection.
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(path, flags)?;
    // SQLCipher writes its errors to the terminal unless told not to.
    connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
    connection.key(None::<&str>, &*key.raw(), false)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // Otherwise a plan may follow from the values bound, and statements with a limit or a date are
    // compiled again at each use: most of a sign-in's time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(SETTINGS)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

#[cfg(test)]
mod tests;
