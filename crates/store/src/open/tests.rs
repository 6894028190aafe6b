use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use super::*;

struct Home {
    directory: TempDir,
    key: DatabaseKey,
}

fn home() -> Home {
    Home {
        directory: tempfile::tempdir().unwrap(),
        key: DatabaseKey::make().unwrap(),
    }
}

impl Home {
    fn path(&self) -> PathBuf {
        self.directory.path().join("porch.db")
    }

    fn create(&self) -> Store {
        Store::create(&self.path(), &self.key).unwrap()
    }

    fn open(&self) -> Result<Store, StoreError> {
        Store::open(&self.path(), &self.key)
    }

    /// A connection with the key and nothing of what [`Store`] adds: someone with a SQLite tool.
    fn bare(&self) -> Connection {
        let connection = Connection::open(self.path()).unwrap();
        connection
            .key(None::<&str>, &*self.key.raw(), false)
            .unwrap();
        connection
    }
}

fn text_of(connection: &Connection, pragma: &str) -> String {
    connection
        .query_row(&format!("PRAGMA {pragma}"), (), |row| {
            row.get_ref(0).map(|value| match value.as_i64() {
                Ok(number) => number.to_string(),
                Err(_) => value.as_str().unwrap().to_owned(),
            })
        })
        .unwrap_or_else(|error| panic!("{pragma}: {error}"))
}

fn assert_configured(connection: &Connection) {
    for (pragma, expected) in [
        ("cipher_memory_security", "1"),
        ("secure_delete", "1"),
        ("foreign_keys", "1"),
        ("recursive_triggers", "1"),
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("temp_store", "2"),
        ("trusted_schema", "0"),
        ("cell_size_check", "1"),
        ("mmap_size", "0"),
        ("cipher_log_level", "NONE"),
        ("busy_timeout", "5000"),
        ("cipher_page_size", "4096"),
        ("cipher_use_hmac", "1"),
    ] {
        // An empty answer is how SQLite says 0 for mmap_size when built without it.
        assert_eq!(text_of(connection, pragma), expected, "{pragma}");
    }
    for (config, expected) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
        (DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true),
    ] {
        assert_eq!(
            connection.db_config(config).unwrap(),
            expected,
            "{config:?}"
        );
    }
}

#[test]
fn every_setting_reads_back_on_the_writer_and_on_each_reader() {
    let home = home();
    for store in [home.create(), home.open().unwrap()] {
        store
            .with_writer(|writer| {
                assert_configured(writer);
                Ok::<_, StoreError>(())
            })
            .unwrap();
        let all: Vec<Lent<'_>> = (0..READERS).map(|_| store.readers.lend()).collect();
        for lent in &all {
            assert_configured(lent.connection.as_ref().unwrap());
        }
    }
}

#[test]
fn readers_cannot_write_and_the_schema_cannot_be_written_around() {
    let home = home();
    let store = home.create();
    let refused = store.with_reader(|reader| {
        Ok::<_, StoreError>(
            reader
                .execute_batch("UPDATE tally SET sequence = 9")
                .is_err(),
        )
    });
    assert!(refused.unwrap());
    let refused = store.with_writer(|writer| {
        writer.execute_batch("PRAGMA writable_schema = ON")?;
        Ok::<_, StoreError>(writer.execute("DELETE FROM sqlite_schema", ()).is_err())
    });
    assert!(refused.unwrap());
}

#[test]
fn what_was_written_is_read_again_after_closing() {
    let home = home();
    let write = |store: &Store, n: i64| {
        store.with_writer(|writer| {
            writer.execute("UPDATE tally SET sequence = ?", [n])?;
            Ok::<_, StoreError>(())
        })
    };
    write(&home.create(), 41).unwrap();
    let store = home.open().unwrap();
    write(&store, 42).unwrap();
    let read: i64 = store
        .with_reader(|reader| {
            reader
                .query_row("SELECT sequence FROM tally", (), |row| row.get(0))
                .map_err(StoreError::from)
        })
        .unwrap();
    assert_eq!(read, 42, "a reader sees what the writer has committed");
    store.verify_pages().unwrap();
}

#[test]
fn a_second_store_is_not_made_over_the_first() {
    let home = home();
    drop(home.create());
    assert_eq!(
        Store::create(&home.path(), &home.key).err(),
        Some(StoreError::Exists)
    );
}

#[test]
fn a_missing_file_and_one_of_another_program_are_told_apart() {
    let home = home();
    assert_eq!(
        home.open().err(),
        Some(StoreError::Io(std::io::ErrorKind::NotFound))
    );
    fs::write(home.path(), b"").unwrap();
    assert_eq!(home.open().err(), Some(StoreError::NotOurs));
    fs::remove_file(home.path()).unwrap();
    home.bare()
        .execute_batch("CREATE TABLE theirs (x); PRAGMA user_version = 1")
        .unwrap();
    assert_eq!(home.open().err(), Some(StoreError::NotOurs));
}

#[test]
fn another_key_does_not_open_it() {
    let home = home();
    drop(home.create());
    let other = DatabaseKey::make().unwrap();
    assert_eq!(
        Store::open(&home.path(), &other).err(),
        Some(StoreError::WrongKey)
    );
    home.open().unwrap();
}

#[test]
fn a_tampered_page_is_damage() {
    let home = home();
    drop(home.create());
    let mut bytes = fs::read(home.path()).unwrap();
    for page in bytes.chunks_mut(4096).skip(1) {
        page[100] ^= 1;
    }
    fs::write(home.path(), &bytes).unwrap();
    assert_eq!(home.open().err(), Some(StoreError::Corrupt));
}

#[test]
fn damage_that_opening_does_not_meet_is_found_by_verifying() {
    let home = home();
    drop(home.create());
    let mut bytes = fs::read(home.path()).unwrap();
    let last = bytes.len() - 4096 + 100;
    bytes[last] ^= 1;
    fs::write(home.path(), &bytes).unwrap();
    let found = home.open().and_then(|store| store.verify_pages());
    assert_eq!(found, Err(StoreError::Corrupt));
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let home = home();
    drop(home.create());
    let newest = migrate::newest();
    home.bare()
        .execute_batch(&format!("PRAGMA user_version = {}", newest + 1))
        .unwrap();
    assert_eq!(
        home.open().err(),
        Some(StoreError::FromNewerProgram {
            database: newest + 1,
            program: newest
        })
    );
}

#[test]
fn a_dropped_or_altered_guard_is_found_at_open() {
    for tampering in [
        "DROP TRIGGER photo_subject_update",
        "DROP TRIGGER audit_update;
         CREATE TRIGGER audit_update BEFORE UPDATE ON audit WHEN 0 BEGIN SELECT 1; END",
        "DROP INDEX membership_by_person",
        "CREATE TABLE copies (person BLOB)",
        "CREATE TRIGGER leak AFTER INSERT ON person BEGIN SELECT 1; END",
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, 'BEFORE DELETE', 'AFTER DELETE')
         WHERE name = 'decision_delete'",
    ] {
        let home = home();
        drop(home.create());
        home.bare().execute_batch(tampering).unwrap();
        assert_eq!(
            home.open().err(),
            Some(StoreError::SchemaAltered),
            "{tampering}"
        );
    }
}

#[test]
fn a_panic_in_a_closure_rolls_back_and_harms_nothing() {
    let home = home();
    let store = home.create();
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.with_writer(|writer| -> Result<(), StoreError> {
            let transaction = writer.transaction()?;
            transaction.execute("UPDATE tally SET sequence = 7", ())?;
            panic!("as a bug would");
        })
    }))
    .unwrap_err();
    for _ in 0..=READERS {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.with_reader(|_| -> Result<(), StoreError> { panic!("as a bug would") })
        }))
        .unwrap_err();
    }
    let sequence: i64 = store
        .with_reader(|reader| {
            reader
                .query_row("SELECT sequence FROM tally", (), |row| row.get(0))
                .map_err(StoreError::from)
        })
        .unwrap();
    assert_eq!(sequence, 0);
}

#[test]
fn a_checkpoint_counts_only_when_nobody_reads_the_past() {
    let home = home();
    let store = home.create();
    store
        .with_writer(|writer| {
            writer.busy_timeout(Duration::from_millis(1))?;
            writer.execute("UPDATE tally SET sequence = 1", ())?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
    store
        .with_reader(|reader| {
            let snapshot = reader.unchecked_transaction()?;
            let _: i64 = snapshot.query_row("SELECT sequence FROM tally", (), |row| row.get(0))?;
            store
                .with_writer(|writer| {
                    writer.execute("UPDATE tally SET sequence = 2", ())?;
                    Ok::<_, StoreError>(())
                })
                .unwrap();
            assert_eq!(store.checkpoint(), Err(StoreError::Busy));
            Ok::<_, StoreError>(())
        })
        .unwrap();
    store.checkpoint().unwrap();
    let log = fs::metadata(home.directory.path().join("porch.db-wal")).unwrap();
    assert_eq!(log.len(), 0);
}

#[test]
fn a_full_disk_has_its_own_name_and_loses_nothing() {
    let home = home();
    let store = home.create();
    let failed = store.with_writer(|writer| -> Result<(), StoreError> {
        let pages: i64 = writer.query_row("PRAGMA page_count", (), |row| row.get(0))?;
        writer.execute_batch(&format!("PRAGMA max_page_count = {pages}"))?;
        let transaction = writer.transaction()?;
        transaction.execute(
            "INSERT INTO draft VALUES (zeroblob(16), 'registration', printf('%.100000c', 'x'), '')",
            (),
        )?;
        transaction.commit()?;
        Ok(())
    });
    assert_eq!(failed, Err(StoreError::DiskFull));
    store
        .with_writer(|writer| {
            writer.execute("UPDATE tally SET sequence = 1", ())?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

#[test]
fn nothing_is_written_to_the_terminal() {
    // In a process of its own, whose terminal can be read.
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .args([
            "open::tests::another_key_does_not_open_it",
            "open::tests::a_tampered_page_is_damage",
            "open::tests::damage_that_opening_does_not_meet_is_found_by_verifying",
        ])
        .output()
        .unwrap();
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "", "SQLCipher keeps its errors to itself");
    let ran = String::from_utf8_lossy(&output.stdout);
    assert!(ran.contains("3 passed"), "{ran}");
}

#[test]
#[cfg(unix)]
fn only_its_owner_reads_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = home();
    let _store = home.create();
    for name in ["porch.db", "porch.db-wal"] {
        let mode = fs::metadata(home.directory.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
