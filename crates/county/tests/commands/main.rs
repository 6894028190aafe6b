//! The program's commands for backups, epochs, erasures, texts and what was kept aside, with either store.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use porch_domain::catalogue::Record as _;
use porch_domain::text::BUILT_IN;
use serde_json::{Value, json};

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
    texts(home, store);
}

/// The county's word on texts. A file that is not whole is refused, and nothing of it is loaded.
fn texts(home: &Path, store: &[&str]) {
    let line = |name: &str, language: &str| -> Option<String> {
        let said = good("texts list", home, store);
        let begins = format!("wording\t{name}\t1\t{language}\t");
        let found = said.lines().find_map(|line| line.strip_prefix(&begins));
        found.map(str::to_owned)
    };
    let picture = |language: &str| line("publicity_picture", language).unwrap();
    assert!(picture("en").starts_with("not approved\t"));
    assert!(picture("uk").starts_with("draft: a translator has to check it\t"));

    let file = home.with_extension("texts");
    let load = [store, &["--file", file.to_str().unwrap()]].concat();
    let mut own: BTreeMap<String, Value> = BUILT_IN.wordings[0].to_fields();
    own.remove("language");
    own.insert("wording".into(), "our_pictures".into());
    let with = |wording: &BTreeMap<String, Value>| {
        json!({ "language": "en", "wordings": [own, wording] }).to_string()
    };
    let but = |field: &str, value: Value| {
        let mut wording = own.clone();
        wording.insert("version".into(), 2.into());
        wording.insert(field.to_owned(), value);
        with(&wording)
    };
    for (file_says, complaint) in [
        (String::new(), "cannot be read"),
        ("{\"language\": \"en\"".to_owned(), "cannot be read"),
        (json!({ "wordings": [own] }).to_string(), "cannot be read"),
        (
            but("purpose", Value::Null),
            "text 2: wording.purpose is missing",
        ),
        (
            but("purpose", "shoes".into()),
            "text 2: wording.purpose is malformed",
        ),
        (
            but("channels", json!([])),
            "the channels are not those of the purpose",
        ),
        (
            but("wording", "publicity_quote".into()),
            "kept for the program's own texts",
        ),
    ] {
        std::fs::write(&file, file_says).unwrap();
        let said = refused("texts load", home, &load);
        assert!(said.contains(complaint), "{said}");
        assert_eq!(line("our_pictures", "en"), None, "nothing of it is loaded");
    }
    std::fs::write(
        &file,
        json!({ "language": "en", "wordings": [own] }).to_string(),
    )
    .unwrap();
    assert_eq!(good("texts load", home, &load), "done: 1 texts, 1 new\n");

    let english = ["--language", "en", "--name", "our_pictures"];
    let by = [store, &english, &["--by", "Information governance"]].concat();
    let unsigned = [store, &english].concat();
    assert!(refused("texts approve", home, &unsigned).contains("--by is missing"));
    assert!(refused("texts take-back", home, &by).contains("no such text is approved"));
    let elsewhere = [
        store,
        &["--language", "cy", "--by", "Information governance"],
    ]
    .concat();
    assert!(refused("texts approve", home, &elsewhere).contains("there is no such text"));
    let others = "ab".repeat(32);
    let unread = [&by[..], &["--sha256", &others]].concat();
    assert!(refused("texts approve", home, &unread).contains("there is no such text"));
    let said = good("texts approve", home, &by);
    assert_eq!(said, "approved: wording our_pictures 1 en\n");
    let state = line("our_pictures", "en").unwrap();
    assert!(state.starts_with("approved on ") && state.contains("by Information governance"));
    good("texts take-back", home, &by);
    assert!(
        line("our_pictures", "en")
            .unwrap()
            .starts_with("taken back on ")
    );
    assert!(
        picture("en").starts_with("not approved\t"),
        "only what was named"
    );
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
