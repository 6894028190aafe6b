//! Backups, and a county that is restored from one.

use std::collections::BTreeSet;

use porch_county::Failure;
use porch_county::store::{SqliteStore, StoreFailure};
use porch_domain::authority::{Authority, AuthorityEnd, EndKind, Ground};
use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;
use porch_sync::Change;
use porch_sync::device::MeetError;
use porch_sync::protocol::{CountyRefusal, Variant, blob_id};
use rusqlite::params;
use serde_json::Value;

use crate::scene::{Device, Server};
use crate::scopes::family;
use crate::story::{
    ELM, OAK, Shot, decision, edit, end_of, id, make, motherhood, person, rosa, shot, tom,
};

fn bodies(device: &Device) -> u64 {
    device.count("SELECT COUNT(*) FROM outbox WHERE body IS NOT NULL")
}

fn set(device: &Device, field: &str, value: &str) {
    let id = rosa().id.into();
    let base = device.row(Person::KIND, id).unwrap().fields[field].version;
    device.save(vec![edit(Person::KIND, id, field, value, Some(base))]);
}

/// As the desk stores a photo: its record and subjects, and then its content.
pub(crate) fn store_photo(device: &Device, shot: &Shot) {
    store_photo_with(device, shot, shot.changes(ELM));
}

/// The same in a transaction that writes more.
pub(crate) fn store_photo_with(device: &Device, shot: &Shot, changes: Vec<Change>) {
    device.save(changes);
    let connection = device.connection();
    for (variant, bytes) in [("thumbnail", &shot.thumbnail), ("picture", &shot.picture)] {
        let photo = shot.photo.id.to_bytes();
        connection
            .execute(
                "INSERT INTO picture VALUES (?, ?, ?)",
                params![photo, variant, bytes],
            )
            .unwrap();
        connection
            .execute(
                "INSERT INTO picture_outbox VALUES (?, ?)",
                params![photo, variant],
            )
            .unwrap();
    }
}

#[tokio::test]
async fn a_backup_is_whole_encrypted_and_never_written_over() {
    let server = Server::start().await;
    let device = server.device().await;
    device.save(vec![make(&rosa(), ELM)]);
    device.meets(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monday.db");
    server.county.back_up(&file).await.unwrap();
    let bytes = std::fs::read(&file).unwrap();
    assert!(!bytes.starts_with(b"SQLite format 3"), "no plain database");
    assert!(
        !bytes.windows(4).any(|part| part == b"Rosa"),
        "nobody's name lies in it"
    );
    let wrong = SqliteStore::open(&file, [1; 32].into(), || Err(StoreFailure::Busy));
    assert!(wrong.is_err(), "only the county's key opens it");
    assert!(
        server.county.back_up(&file).await.is_err(),
        "the last backup is not written over"
    );
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
    let restored = server.restored(&file).await;
    assert!(restored.row(rosa().id.into()).await.is_some());
}

#[tokio::test]
async fn a_device_keeps_what_is_in_no_backup_and_lets_go_of_the_rest() {
    let server = Server::start().await;
    let device = server.device().await;
    device.save(vec![make(&rosa(), ELM)]);
    device.save(vec![make(&tom(), ELM)]);
    device.meets(&server).await;
    assert_eq!(bodies(&device), 2, "acknowledged, and in no backup");
    let folder = tempfile::tempdir().unwrap();
    server
        .county
        .back_up(&folder.path().join("1.db"))
        .await
        .unwrap();
    device.save(vec![make(&person(0xada, "Ada"), ELM)]);
    device.meets(&server).await;
    assert_eq!(bodies(&device), 1, "what came after the backup");
    assert_eq!(
        device.count("SELECT COUNT(*) FROM outbox"),
        3,
        "numbers and digests stay"
    );
    device.meets(&server).await;
    assert_eq!(bodies(&device), 1);
}

#[tokio::test]
async fn after_a_restore_everything_that_any_device_was_told_is_saved_is_there_again() {
    let server = Server::start().await;
    let (one, two) = (server.device().await, server.device().await);
    one.save(vec![make(&rosa(), ELM)]);
    one.meets(&server).await;
    two.meets(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("monday.db");
    server.county.back_up(&backup).await.unwrap();
    one.meets(&server).await;
    assert_eq!(bodies(&one), 0);

    set(&one, "phone", "1");
    set(&one, "phone", "2");
    one.save(vec![make(&tom(), ELM)]);
    let yes = decision(0xd1, rosa().id, &["press"], &[]);
    one.save(vec![make(&yes, ELM)]);
    let shot = shot(0xf0, 2000, &[(rosa().id, yes.id)]);
    store_photo(&one, &shot);
    one.meets(&server).await;
    two.meets(&server).await;
    set(&two, "email", "rosa@example.org");
    two.meets(&server).await;
    one.meets(&server).await;
    for device in [&one, &two] {
        assert_eq!(device.unsent(), 0);
        assert_eq!(device.count("SELECT COUNT(*) FROM picture"), 2);
    }
    assert_eq!(one.count("SELECT COUNT(*) FROM picture_outbox"), 0);

    let restored = server.restored(&backup).await;
    assert_ne!(restored.county.epoch(), server.county.epoch());
    assert_eq!(
        restored.row(tom().id.into()).await,
        None,
        "it was made after the backup"
    );
    // While the county has not got everything back, the desks lose nothing.
    two.meets(&restored).await;
    assert_eq!(
        one.row(Person::KIND, rosa().id.into()).unwrap().values()["phone"],
        "2"
    );
    one.meets(&restored).await;
    assert_eq!(
        one.row(Person::KIND, rosa().id.into()).unwrap().values()["phone"],
        "2"
    );
    for device in [&two, &one, &two, &one] {
        device.meets(&restored).await;
    }
    let there = restored.row(rosa().id.into()).await.unwrap();
    assert_eq!(
        (&there.values()["phone"], &there.values()["email"]),
        (&Value::from("2"), &Value::from("rosa@example.org"))
    );
    assert!(restored.row(tom().id.into()).await.is_some());
    let photo = shot.photo.id.into();
    let devices = restored.county.devices().await.unwrap();
    for variant in Variant::ALL {
        let blob = blob_id(photo, variant);
        assert!(
            restored
                .county
                .blob_state(&devices[1], blob)
                .await
                .unwrap()
                .complete
        );
    }
    for device in [&one, &two] {
        assert_eq!(
            device.row(Person::KIND, rosa().id.into()).as_ref(),
            Some(&there)
        );
        let state = device.state();
        assert_eq!(
            (
                state.unsent,
                state.set_aside,
                state.conflicts,
                state.stopped
            ),
            (0, 0, 0, 0)
        );
        assert_eq!(device.count("SELECT COUNT(*) FROM picture_outbox"), 0);
    }
    assert_eq!(restored.county.waiting().await.unwrap(), []);
    for device in [one, two] {
        let device = device.reopened();
        assert_eq!(device.meets(&restored).await.taken, 0, "whole");
    }
}

#[tokio::test]
async fn each_restore_is_an_epoch_of_its_own_and_gives_no_number_twice() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("monday.db");
    server.county.back_up(&backup).await.unwrap();
    let late = server.device().await.number();
    let (once, again) = (
        server.restored(&backup).await,
        server.restored(&backup).await,
    );
    assert_ne!(
        once.county.epoch(),
        again.county.epoch(),
        "the same backup, restored twice"
    );
    assert!(
        once.device().await.number() > late,
        "a number that was given after the backup"
    );
    let epoch = once.county.epoch();
    let Server { home, county } = once;
    drop(county);
    assert_eq!(
        Server::open(home).await.county.epoch(),
        epoch,
        "a restart is no restore"
    );
}

#[tokio::test]
async fn a_backup_older_than_the_last_blocks_nobody() {
    let server = Server::start().await;
    let device = server.device().await;
    let folder = tempfile::tempdir().unwrap();
    let older = folder.path().join("1.db");
    server.county.back_up(&older).await.unwrap();
    device.save(vec![make(&rosa(), ELM)]);
    device.meets(&server).await;
    server
        .county
        .back_up(&folder.path().join("2.db"))
        .await
        .unwrap();
    device.meets(&server).await;
    assert_eq!(bodies(&device), 0);
    let restored = server.restored(&older).await;
    device.save(vec![make(&tom(), ELM)]);
    device.meets(&restored).await;
    assert!(restored.row(tom().id.into()).await.is_some(), "it goes on");
    assert!(
        device.row(Person::KIND, rosa().id.into()).is_some(),
        "what is here alone stays"
    );
}

#[tokio::test]
async fn a_scope_that_was_given_after_the_backup_is_left_again() {
    let server = Server::start().await;
    let (elm, oak) = (server.device().await, server.device_of(OAK).await);
    elm.meets(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("monday.db");
    server.county.back_up(&backup).await.unwrap();
    oak.save(vec![make(&rosa(), OAK)]);
    oak.meets(&server).await;
    let (given, taken) = ([OAK].into(), [].into());
    let changed = server.county.change_scopes(elm.number(), &given, &taken);
    changed.await.unwrap();
    elm.meets(&server).await;
    assert!(elm.row(Person::KIND, rosa().id.into()).is_some());

    let restored = server.restored(&backup).await;
    oak.meets(&restored).await;
    elm.save(vec![make(&tom(), ELM)]);
    elm.meets(&restored).await;
    assert_eq!(elm.unsent(), 0, "it goes on meeting the county");
    elm.meets(&restored).await;
    let row = elm.row(Person::KIND, rosa().id.into());
    assert_eq!(row, None, "which knows of no scope but its own");
    assert!(restored.row(rosa().id.into()).await.is_some());
}

#[tokio::test]
async fn consent_that_comes_back_before_whom_it_is_about_reaches_their_centre() {
    let server = Server::start().await;
    let (elm, oak) = (server.device().await, server.device_of(OAK).await);
    let (also_elm, none) = (BTreeSet::from([ELM]), BTreeSet::new());
    let given = server.county.change_scopes(oak.number(), &also_elm, &none);
    given.await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("monday.db");
    server.county.back_up(&backup).await.unwrap();
    elm.save(family(ELM));
    for device in [&elm, &oak] {
        device.meets(&server).await;
    }
    let fathers = Authority {
        id: id(0xaf).into(),
        holder: person(0x0da, "Olaf").id,
        ground: Ground::CourtOrder,
        ..motherhood()
    };
    let ends = [
        end_of(motherhood().id, 0xe7, EndKind::Disputed),
        end_of(fathers.id, 0xe8, EndKind::Disputed),
    ];
    oak.save(vec![make(&fathers, OAK), make(&ends[1], OAK)]);
    oak.save(vec![make(&ends[0], OAK)]);
    oak.meets(&server).await;

    let restored = server.restored(&backup).await;
    for device in [&oak, &elm, &oak, &elm] {
        device.meets(&restored).await;
    }
    assert!(elm.row(Authority::KIND, fathers.id.into()).is_some());
    for end in &ends {
        let known = elm.row(AuthorityEnd::KIND, end.id.into());
        assert!(known.is_some(), "that an authority is disputed");
    }
    assert_eq!(restored.county.waiting().await.unwrap(), []);
}

#[tokio::test]
async fn a_picture_that_comes_back_before_the_yes_it_rests_on_waits_for_it() {
    let server = Server::start().await;
    let (asks, takes) = (server.device().await, server.device().await);
    asks.save(vec![make(&rosa(), ELM)]);
    asks.meets(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("monday.db");
    server.county.back_up(&backup).await.unwrap();
    let yes = decision(0xd1, rosa().id, &["press"], &[]);
    asks.save(vec![make(&yes, ELM)]);
    asks.meets(&server).await;
    takes.meets(&server).await;
    let shot = shot(0xf0, 2000, &[(rosa().id, yes.id)]);
    store_photo(&takes, &shot);
    takes.meets(&server).await;

    let restored = server.restored(&backup).await;
    for device in [&takes, &asks, &takes] {
        device.meets(&restored).await;
    }
    assert_eq!(takes.count("SELECT COUNT(*) FROM picture"), 2, "not lost");
    let waiting = restored.county.waiting().await.unwrap();
    let [photo] = waiting.as_slice() else {
        panic!("the photo waits, and nothing else: {waiting:?}")
    };
    let let_in = restored.county.let_in(photo.device, photo.sequence).await;
    assert_eq!(let_in.unwrap().removed, 0);
    for device in [&takes, &asks] {
        device.meets(&restored).await;
        assert_eq!(device.count("SELECT COUNT(*) FROM picture"), 2);
    }
}

/// Why the county did not listen to a device.
async fn refusal(device: &Device, server: &Server) -> CountyRefusal {
    match device.try_meeting(&server.line(device)).await {
        Err(MeetError::Transport(Failure::Refused(refusal))) => refusal,
        other => panic!("was not refused: {other:?}"),
    }
}

#[tokio::test]
async fn who_was_enrolled_after_the_backup_is_listened_to_and_who_was_revoked_is_not() {
    let server = Server::start().await;
    let stolen = server.device().await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("monday.db");
    server.county.back_up(&backup).await.unwrap();
    let late = server.device().await;
    late.save(vec![make(&rosa(), ELM)]);
    late.meets(&server).await;
    server.county.revoke(stolen.number()).await.unwrap();

    // Without the log it is as if neither had happened.
    let bare = server.restored(&backup).await;
    assert_eq!(refusal(&late, &bare).await, CountyRefusal::Token);

    // A line that a crash cut off is none.
    let log = server.home.path().join("devices.log");
    let whole = std::fs::read_to_string(&log).unwrap();
    assert_eq!(whole.lines().count(), 3, "two enrolments and a revocation");
    std::fs::write(&log, format!("{whole}{{\"number\":")).unwrap();
    let restored = server.restored_beside_the_logs(&backup).await;
    late.meets(&restored).await;
    let sent_again = restored.row(rosa().id.into()).await;
    assert!(sent_again.is_some(), "an acknowledged write is not lost");
    assert_eq!(refusal(&stolen, &restored).await, CountyRefusal::Revoked);
    let newer = restored.device().await;
    assert!(newer.number() > late.number(), "no number is given twice");

    // The log was lost instead: the database makes it again.
    let log = restored.home.path().join("devices.log");
    let lines = |text: String| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let known = lines(std::fs::read_to_string(&log).unwrap());
    std::fs::remove_file(&log).unwrap();
    let again = Server::open(restored.home).await;
    let made = lines(std::fs::read_to_string(again.home.path().join("devices.log")).unwrap());
    assert_eq!(made.len(), 3, "each device once");
    assert!(made.iter().all(|line| known.contains(line)));
}
