//! Migrations: numbered files, applied in order, never edited once landed.

use rusqlite::{Connection, TransactionBehavior};

use crate::store::{StoreFailure, Stored};

const MIGRATIONS: &[&str] = &[
    include_str!("../../../../../migrations/county-sqlite/0001_first.sql"),
    include_str!("../../../../../migrations/county-sqlite/0002_trust.sql"),
    include_str!("../../../../../migrations/county-sqlite/0003_removal.sql"),
];

/// Brings the schema up to date; each migration in a transaction of its own.
pub(super) fn migrate(connection: &mut Connection) -> Stored<()> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    loop {
        // Immediate, so that two processes that start at once do not both migrate.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if found > known {
            return Err(StoreFailure::Newer { found, known });
        }
        let next = usize::try_from(found)
            .ok()
            .and_then(|done| MIGRATIONS.get(done));
        let Some(sql) = next else {
            return Ok(transaction.commit()?);
        };
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", found + 1)?;
        transaction.commit()?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_a_newer_program_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(
            migrate(&mut connection),
            Err(StoreFailure::Newer { found: 99, .. })
        ));
    }
}
