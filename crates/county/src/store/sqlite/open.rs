//! Connections, as `docs/security.md` wants them.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use zeroize::Zeroizing;

use crate::store::Stored;

pub(super) fn connect(file: &Path, key: &[u8; 32]) -> Stored<Connection> {
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
    connection.execute_batch(
        "
        PRAGMA cipher_memory_security = ON;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        PRAGMA foreign_keys = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;
        PRAGMA mmap_size = 0;
        ",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}
