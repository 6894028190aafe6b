//! Connections, as `docs/security.md` wants them.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode};
use zeroize::Zeroizing;

use crate::store::Stored;

/// Whether SQLCipher was seen to be ready in this process.
static READY: Mutex<bool> = Mutex::new(false);

/// Waits until SQLCipher is ready. SQLite says that it is initialised before it has called SQLCipher's
/// part of it (`SQLITE_EXTRA_INIT` comes last in `sqlite3_initialize`, after `isInit` and outside of the
/// mutex). Of several threads that open the first databases of a process, all but one may be let
/// through too early, and find `PRAGMA key` refused. So one tries first, the others wait for it; and
/// it tries again when somebody elsewhere in the process was before it.
fn await_cipher() -> Stored<()> {
    let mut ready = READY.lock().unwrap_or_else(PoisonError::into_inner);
    let mut pauses_ms = [1, 10, 100, 500, 2000].into_iter();
    while !*ready {
        let probe = Connection::open_in_memory()?;
        match probe.execute_batch("PRAGMA cipher_log_level = NONE; PRAGMA key = 'ready?';") {
            Ok(()) => *ready = true,
            Err(error) => {
                let pause_ms = pauses_ms.next().ok_or(error)?;
                std::thread::sleep(Duration::from_millis(pause_ms));
            }
        }
    }
    Ok(())
}

/// Of two connections that make a new file a WAL one at once, SQLite tells one that the file is busy
/// without waiting, since each would wait for the other.
fn switch_to_wal(connection: &Connection) -> Stored<()> {
    let mut pauses_ms = [5, 20, 80, 320, 1280].into_iter();
    loop {
        let switched = connection.execute_batch("PRAGMA journal_mode = WAL;");
        let is_busy = switched
            .as_ref()
            .is_err_and(|error| error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy));
        match pauses_ms.next() {
            Some(pause_ms) if is_busy => std::thread::sleep(Duration::from_millis(pause_ms)),
            _ => return Ok(switched?),
        }
    }
}

pub(super) fn connect(file: &Path, key: &[u8; 32]) -> Stored<Connection> {
    await_cipher()?;
    let connection = Connection::open(file)?;
    let mut pragma = Zeroizing::new(String::from("PRAGMA key = \"x'"));
    for byte in key {
        // Writing to a string does not fail.
        let _ = write!(pragma, "{byte:02x}");
    }
    pragma.push_str("'\";");
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection.execute_batch(&pragma)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    switch_to_wal(&connection)?;
    connection.execute_batch(
        "
        PRAGMA cipher_memory_security = ON;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        PRAGMA foreign_keys = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;
        PRAGMA mmap_size = 0;
        ",
    )?;
    // A plan must not follow from the values bound, or SQLite compiles a statement again at each use.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // As many as the store has statements: what is not kept is compiled again.
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::sync::Barrier;

    use super::*;

    const ALONE: &str = "PORCH_TEST_IN_ITS_OWN_PROCESS";

    fn open_together() {
        let home = tempfile::tempdir().unwrap();
        let together = Barrier::new(16);
        std::thread::scope(|scope| {
            for number in 0..16 {
                let file = home.path().join(format!("{number}.db"));
                let together = &together;
                scope.spawn(move || {
                    together.wait();
                    connect(&file, &[7; 32]).unwrap();
                });
            }
        });
    }

    #[test]
    fn the_first_databases_of_a_process_can_be_opened_at_once() {
        if std::env::var_os(ALONE).is_some() {
            return open_together();
        }
        // What a process does first is what this is about, so each round is a new one.
        for _ in 0..20 {
            let round = Command::new(std::env::current_exe().unwrap())
                .args([
                    "--exact",
                    "store::sqlite::open::tests::the_first_databases_of_a_process_can_be_opened_at_once",
                ])
                .env(ALONE, "1")
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&round.stdout);
            assert!(said.contains("1 passed"), "{said}");
        }
    }
}
