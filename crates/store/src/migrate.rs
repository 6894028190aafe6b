//! Migrations, and the proof that the schema is the one they made.
//!
//! A migration is a file in `migrations/desk`, never edited once landed, run in one transaction.
//! `user_version` holds the number of the last one.

use std::sync::OnceLock;

use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest as _, Sha256};

use crate::error::StoreError;

/// One step of the schema.
pub(crate) struct Migration {
    /// Counts from 1 without gaps.
    pub(crate) number: u32,
    pub(crate) sql: &'static str,
}

/// Every migration, in order.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        sql: include_str!("../../../migrations/desk/0001_first.sql"),
    },
    Migration {
        number: 2,
        sql: include_str!("../../../migrations/desk/0002_guards.sql"),
    },
    Migration {
        number: 3,
        sql: include_str!("../../../migrations/desk/0003_trust.sql"),
    },
    Migration {
        number: 4,
        sql: include_str!("../../../migrations/desk/0004_scopes.sql"),
    },
    Migration {
        number: 5,
        sql: include_str!("../../../migrations/desk/0005_merging.sql"),
    },
    Migration {
        number: 6,
        sql: include_str!("../../../migrations/desk/0006_lean.sql"),
    },
    Migration {
        number: 7,
        sql: include_str!("../../../migrations/desk/0007_wording.sql"),
    },
    Migration {
        number: 8,
        sql: include_str!("../../../migrations/desk/0008_look_through.sql"),
    },
    Migration {
        number: 9,
        sql: include_str!("../../../migrations/desk/0009_standing.sql"),
    },
    Migration {
        number: 10,
        sql: include_str!("../../../migrations/desk/0010_outbox_photo.sql"),
    },
    Migration {
        number: 11,
        sql: include_str!("../../../migrations/desk/0011_publication.sql"),
    },
    Migration {
        number: 12,
        sql: include_str!("../../../migrations/desk/0012_quote.sql"),
    },
    Migration {
        number: 13,
        sql: include_str!("../../../migrations/desk/0013_crowd.sql"),
    },
];

/// Tells a database of this program from any other: "Prch".
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"Prch");

/// What the database is expected to be before the first migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// New and empty: to become ours.
    Empty,
    /// Ours already.
    Ours,
}

/// The number of the newest migration that this program knows.
#[cfg(test)]
pub(crate) fn newest() -> u32 {
    number_of_newest(MIGRATIONS)
}

fn number_of_newest(migrations: &[Migration]) -> u32 {
    migrations.last().map_or(0, |last| last.number)
}

/// Runs what the database has not seen yet, each migration in its own transaction: a program
/// killed or a disk filled half way leaves a database that the next start goes on with.
///
/// # Errors
/// [`StoreError::NotOurs`] for another program's database, [`StoreError::FromNewerProgram`].
pub(crate) fn run(
    connection: &mut Connection,
    migrations: &[Migration],
    start: Start,
) -> Result<(), StoreError> {
    // The first read of the file: a wrong key shows itself here.
    let number =
        |pragma: &str| connection.query_row(&format!("PRAGMA {pragma}"), (), |row| row.get(0));
    let application: i32 = number("application_id")?;
    let database = u32::try_from(number("user_version")?).map_err(|_| StoreError::NotOurs)?;
    let is_new = start == Start::Empty && application == 0 && database == 0;
    if application != APPLICATION_ID && !is_new {
        return Err(StoreError::NotOurs);
    }
    let program = number_of_newest(migrations);
    if database > program {
        return Err(StoreError::FromNewerProgram { database, program });
    }
    for migration in migrations.iter().filter(|step| step.number > database) {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        step.execute_batch(migration.sql)?;
        // Both live in the header page and commit with the rest.
        step.execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {}",
            migration.number
        ))?;
        step.commit()?;
    }
    Ok(())
}

/// Compares the schema with the one that the migrations make, so that a dropped, altered or added
/// trigger, table, view or index is found before anything relies on the guards.
///
/// # Errors
/// [`StoreError::SchemaAltered`].
pub(crate) fn check_schema(connection: &Connection) -> Result<(), StoreError> {
    static EXPECTED: OnceLock<[u8; 32]> = OnceLock::new();
    let expected = match EXPECTED.get() {
        Some(expected) => *expected,
        None => {
            let mut fresh = Connection::open_in_memory()?;
            run(&mut fresh, MIGRATIONS, Start::Empty)?;
            *EXPECTED.get_or_init({
                let digest = digest_schema(&fresh)?;
                move || digest
            })
        }
    };
    if digest_schema(connection)? == expected {
        Ok(())
    } else {
        Err(StoreError::SchemaAltered)
    }
}

/// SHA-256 over every entry of the schema, in an order of its own, each part with its length.
fn digest_schema(connection: &Connection) -> Result<[u8; 32], StoreError> {
    let mut entries = connection.prepare(
        "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name",
    )?;
    let mut rows = entries.query(())?;
    let mut digest = Sha256::new();
    while let Some(row) = rows.next()? {
        for column in 0..4 {
            let part = row.get_ref(column)?.as_bytes().unwrap_or_default();
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
    }
    Ok(digest.finalize().into())
}

#[cfg(test)]
mod golden;
#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Migration = Migration {
        number: 1,
        sql: "CREATE TABLE a (x); INSERT INTO a VALUES (1);",
    };
    const SECOND: Migration = Migration {
        number: 2,
        sql: "ALTER TABLE a ADD COLUMN y DEFAULT 'two';",
    };
    const BROKEN: Migration = Migration {
        number: 2,
        sql: "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1);",
    };

    fn version(connection: &Connection) -> u32 {
        connection
            .query_row("PRAGMA user_version", (), |row| row.get(0))
            .unwrap()
    }

    #[test]
    fn migrations_count_without_gaps() {
        for (at, migration) in MIGRATIONS.iter().enumerate() {
            assert_eq!(migration.number as usize, at + 1);
        }
    }

    #[test]
    fn each_migration_runs_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection, &[FIRST], Start::Empty).unwrap();
        run(&mut connection, &[FIRST], Start::Ours).unwrap();
        run(&mut connection, &[FIRST, SECOND], Start::Ours).unwrap();
        assert_eq!(version(&connection), 2);
        let kept: (i64, String) = connection
            .query_row("SELECT x, y FROM a", (), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(kept, (1, "two".into()));
    }

    #[test]
    fn a_migration_that_fails_leaves_nothing_behind() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection, &[FIRST], Start::Empty).unwrap();
        run(&mut connection, &[FIRST, BROKEN], Start::Ours).unwrap_err();
        assert_eq!(version(&connection), 1);
        run(&mut connection, &[FIRST, SECOND], Start::Ours).unwrap();
    }

    /// Whatever a county with newer devices said before this one knew of it.
    #[test]
    fn under_which_name_a_quote_stands_is_known_after_the_upgrade() {
        let mut connection = Connection::open_in_memory().unwrap();
        let before = MIGRATIONS.iter().position(|step| step.number == 12);
        run(
            &mut connection,
            &MIGRATIONS[..before.unwrap()],
            Start::Empty,
        )
        .unwrap();
        for (id, extra) in [
            (1, r#"'{"attribution":"full_name"}'"#),
            (2, r#"'{"attribution":"first_name","later":[1]}'"#),
            (3, r#"'{"attribution":"nickname"}'"#),
            (4, "NULL"),
        ] {
            let put = format!(
                "INSERT INTO publication
                 VALUES (X'{id:032}', NULL, 'print', 'A leaflet', '2026-11-23', X'', '', '', {extra})"
            );
            connection.execute_batch(&put).unwrap();
        }
        run(&mut connection, MIGRATIONS, Start::Ours).unwrap();
        let mut select = connection
            .prepare("SELECT attribution, extra FROM publication ORDER BY id")
            .unwrap();
        let rows = select
            .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        let rows: Vec<(Option<String>, Option<String>)> = rows.map(Result::unwrap).collect();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            rows,
            [
                (text("full_name"), None),
                (text("first_name"), text(r#"{"later":[1]}"#)),
                (None, text(r#"{"attribution":"nickname"}"#)),
                (None, None),
            ]
        );
    }

    #[test]
    fn an_older_program_refuses_a_newer_database() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection, &[FIRST, SECOND], Start::Empty).unwrap();
        assert_eq!(
            run(&mut connection, &[FIRST], Start::Ours),
            Err(StoreError::FromNewerProgram {
                database: 2,
                program: 1
            })
        );
    }

    #[test]
    fn only_an_empty_database_becomes_ours() {
        let mut theirs = Connection::open_in_memory().unwrap();
        theirs.execute_batch("PRAGMA application_id = 7").unwrap();
        for start in [Start::Empty, Start::Ours] {
            assert_eq!(run(&mut theirs, &[FIRST], start), Err(StoreError::NotOurs));
        }
        let mut empty = Connection::open_in_memory().unwrap();
        assert_eq!(
            run(&mut empty, &[FIRST], Start::Ours),
            Err(StoreError::NotOurs)
        );
    }

    #[test]
    fn an_upgraded_schema_is_the_fresh_one() {
        let mut fresh = Connection::open_in_memory().unwrap();
        run(&mut fresh, &[FIRST, SECOND], Start::Empty).unwrap();
        let mut upgraded = Connection::open_in_memory().unwrap();
        run(&mut upgraded, &[FIRST], Start::Empty).unwrap();
        assert_ne!(
            digest_schema(&fresh).unwrap(),
            digest_schema(&upgraded).unwrap()
        );
        run(&mut upgraded, &[FIRST, SECOND], Start::Ours).unwrap();
        assert_eq!(
            digest_schema(&fresh).unwrap(),
            digest_schema(&upgraded).unwrap()
        );
    }
    #[test]
    fn pictures_outlast_the_move_of_their_table() {
        let mut connection = Connection::open_in_memory().unwrap();
        let (earlier, _) = MIGRATIONS.split_at(5);
        run(&mut connection, earlier, Start::Empty).unwrap();
        // What stands about its photo is the guards' affair, not the move's.
        connection
            .execute_batch(
                "DROP TRIGGER picture_insert;
                 INSERT INTO picture VALUES (X'01', 'picture', X'aabb'), (X'01', 'thumbnail', X'cc');",
            )
            .unwrap();
        run(&mut connection, MIGRATIONS, Start::Ours).unwrap();
        check_schema(&connection).unwrap();
        let bytes = |variant: &str| -> Vec<u8> {
            connection
                .query_row(
                    "SELECT bytes FROM picture WHERE photo = X'01' AND variant = ?",
                    [variant],
                    |row| row.get(0),
                )
                .unwrap()
        };
        assert_eq!(bytes("picture"), [0xaa, 0xbb]);
        assert_eq!(bytes("thumbnail"), [0xcc]);
    }

    /// What SQLite is to do for a statement and its triggers, line by line.
    fn explained(connection: &Connection, column: &str, statement: &str) -> Vec<String> {
        let mut explain = connection.prepare(statement).unwrap();
        let rows = explain
            .query_map((), |row| row.get::<_, Option<String>>(column))
            .unwrap();
        rows.map(|row| row.unwrap().unwrap_or_default()).collect()
    }

    #[test]
    fn guards_of_what_comes_by_thousands_build_no_tables() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection, MIGRATIONS, Start::Empty).unwrap();
        for table in [
            "family",
            "person",
            "membership",
            "notice_shown",
            "attendance",
            "departure",
            "attendance_void",
            "stub",
            "concern",
        ] {
            let columns: u32 = connection
                .query_row(
                    "SELECT COUNT(*) FROM pragma_table_info(?)",
                    [table],
                    |row| row.get(0),
                )
                .unwrap();
            let values = vec!["NULL"; columns as usize].join(", ");
            let insert = format!("EXPLAIN INSERT INTO {table} VALUES ({values})");
            assert!(
                explained(&connection, "p4", &insert).contains(&"erasure: erased".to_owned()),
                "its guard is among what is explained: {table}"
            );
            let steps = explained(&connection, "opcode", &insert);
            assert!(!steps.contains(&"OpenEphemeral".to_owned()), "{table}");
        }
    }

    #[test]
    fn a_guard_that_fails_lets_no_row_through_however_many_come_at_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection, MIGRATIONS, Start::Empty).unwrap();
        let [before, erased, after] =
            ["01", "02", "03"].map(|byte| format!("X'{}'", byte.repeat(16)));
        connection
            .execute_batch(&format!(
                "INSERT INTO erased VALUES ({erased}, 'family', {erased}, {after}, '2026-03-02T09:30:00.000Z')"
            ))
            .unwrap();
        for insert in ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"] {
            let refused = connection
                .execute_batch(&format!(
                    "{insert} INTO family
                     SELECT value, X'00', NULL, NULL, NULL, 0, 0, NULL, '', NULL
                     FROM (SELECT {before} AS value UNION ALL SELECT {erased} UNION ALL SELECT {after})"
                ))
                .unwrap_err();
            assert!(
                refused.to_string().contains("erasure: erased"),
                "{insert}: {refused}"
            );
            let there: Vec<Vec<u8>> = connection
                .prepare("SELECT id FROM family")
                .unwrap()
                .query_map((), |row| row.get(0))
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap();
            // The row before was allowed by itself; the one after was never reached.
            assert_eq!(there, [vec![1; 16]], "{insert}");
            connection.execute_batch("DELETE FROM family").unwrap();
        }
    }

    #[test]
    fn a_picture_is_looked_for_without_reading_any() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection, MIGRATIONS, Start::Empty).unwrap();
        for looked_for in ["photo = X'01'", "photo = X'01' AND variant = 'picture'"] {
            let plan = format!("EXPLAIN QUERY PLAN SELECT 1 FROM picture WHERE {looked_for}");
            let plan = explained(&connection, "detail", &plan).concat();
            assert!(
                plan.contains("COVERING INDEX picture_by_photo"),
                "{looked_for}: {plan}"
            );
        }
    }
}
