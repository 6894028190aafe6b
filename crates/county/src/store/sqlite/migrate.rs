//! Migrations: numbered files, applied in order, never edited once landed.

use rusqlite::{Connection, TransactionBehavior};

use crate::store::{StoreFailure, Stored};

const MIGRATIONS: &[&str] = &[
    include_str!("../../../../../migrations/county-sqlite/0001_first.sql"),
    include_str!("../../../../../migrations/county-sqlite/0002_places.sql"),
    include_str!("../../../../../migrations/county-sqlite/0003_trust.sql"),
    include_str!("../../../../../migrations/county-sqlite/0004_scopes.sql"),
    include_str!("../../../../../migrations/county-sqlite/0005_due.sql"),
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
    fn places_taken_in_before_are_found_by_their_person() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(MIGRATIONS[0]).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        connection
            .execute_batch(
                r#"INSERT INTO record VALUES
                    (x'01', 'membership', '{"person":"00000000-0000-4000-8000-0000000000aa"}', '{}'),
                    (x'02', 'membership', '{}', '{}'),
                    (x'03', 'person', '{"person":"00000000-0000-4000-8000-0000000000aa"}', '{}')"#,
            )
            .unwrap();
        migrate(&mut connection).unwrap();
        let tie: (String, Vec<u8>) = connection
            .query_row("SELECT hex(target), record FROM tie", (), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(
            tie,
            ("000000000000400080000000000000AA".to_owned(), vec![1])
        );
    }

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
