//! The program's commands for backups, epochs, erasures and what was kept aside, with either store.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

#[path = "../../src/throwaway.rs"]
mod throwaway;

/// Whether it went well, what it printed, what it complained of.
fn run(command: &str, home: &Path, more: &[&str]) -> (bool, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_porch-county"))
        .args(command.split(' '))
        .arg("--dir")
        .arg(home)
        .args(more)
        .env_remove("PORCH_DATABASE")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.success(), text(done.stdout), text(done.stderr))
}

fn good(command: &str, home: &Path, more: &[&str]) -> String {
    let (good, said, error) = run(command, home, more);
    assert!(good, "{command}: {error}");
    said
}

fn refused(command: &str, home: &Path, more: &[&str]) -> String {
    let (good, said, error) = run(command, home, more);
    assert!(!good, "{command}: {said}");
    error
}

/// What both stores answer alike.
fn commands(home: &Path, store: &[&str]) {
    let with = |more: &[&'static str]| [store, more].concat();
    let first = good("epoch", home, store);
    assert!(first.starts_with("epoch "));
    assert_ne!(good("epoch", home, store), first, "each is another");
    assert_eq!(
        good("quarantine list", home, store),
        "device\tsequence\treason\trecords\n"
    );
    for command in ["quarantine accept", "quarantine discard"] {
        let which = with(&["--device", "0", "--sequence", "1"]);
        assert!(
            refused(command, home, &which).contains("waits"),
            "{command}"
        );
        assert!(refused(command, home, store).contains("--device is missing"));
    }
    assert!(refused("quarantine forget", home, store).contains("no such command"));
    assert_eq!(good("erasure", home, store), "[]\n");
    let which = with(&["--id", "00000000-0000-0000-0000-00000000000d"]);
    assert!(refused("erasure", home, &which).contains("there is no erasure"));
    assert!(good("devices", home, store).contains("in a backup"));
    let note = home.with_extension("note");
    let with = [store, &["--note", note.to_str().unwrap()]].concat();
    good("backup-begins", home, &with);
    assert!(refused("backup-begins", home, &with).contains("cannot be made"));
    good("backup-kept", home, &with);
    good("epoch", home, store);
    assert!(refused("backup-kept", home, &with).contains("another epoch"));
    std::fs::write(&note, "{}").unwrap();
    assert!(refused("backup-kept", home, &with).contains("no such note"));
}

#[test]
fn in_the_directory_s_own_store() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("county");
    commands(&home, &[]);
    let copy = folder.path().join("monday.db");
    let file = ["--file", copy.to_str().unwrap()];
    good("backup", &home, &file);
    let bytes = std::fs::read(&copy).unwrap();
    assert!(!bytes.is_empty() && !bytes.starts_with(b"SQLite format 3"));
    refused("backup", &home, &file);
    assert_eq!(
        std::fs::read(&copy).unwrap(),
        bytes,
        "it is not written over"
    );
}

#[test]
fn in_postgresql() {
    let folder = tempfile::tempdir().unwrap();
    let (home, file) = (folder.path().join("county"), folder.path().join("database"));
    std::fs::write(&file, throwaway::database()).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let store = ["--database-file", file.to_str().unwrap()];
    commands(&home, &store);
    let (copy, pg_dump) = (
        folder.path().join("monday.sql"),
        throwaway::program("pg_dump"),
    );
    let pg_dump = pg_dump.to_str().unwrap();
    let more = ["--file", copy.to_str().unwrap(), "--pg-dump", pg_dump];
    let with = [&store[..], &more].concat();
    assert!(good("backup", &home, &with).contains("readable to whoever has the file"));
    let dump = std::fs::read_to_string(&copy).unwrap();
    assert!(dump.ends_with("COMMIT;\n"));
    refused("backup", &home, &with);
    assert_eq!(
        std::fs::read_to_string(&copy).unwrap(),
        dump,
        "it is not written over"
    );
    let missing = folder.path().join("no-such-program");
    let with = [
        &store[..],
        &[
            "--file",
            "/nowhere/x.sql",
            "--pg-dump",
            missing.to_str().unwrap(),
        ],
    ];
    refused("backup", &home, &with.concat());
    let (restored, content) = throwaway::restore(dump.as_bytes());
    assert!(content);
    std::fs::write(&file, restored).unwrap();
    assert!(good("devices", &home, &store).contains("in a backup"));
}
