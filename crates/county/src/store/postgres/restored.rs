//! Backups of a database, and a database that was restored from one.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use porch_sync::DeviceNumber;
use porch_sync::protocol::{Fate, PushRequest};

use super::PostgresStore;
use crate::county::{County, Machine};
use crate::store::suite::erasure::order;
use crate::store::suite::{World, in_postgres};
use crate::store::{Address, Blob, Reading as _, Store as _, StoreFailure, Stored, Work as _};
use crate::story::{ELM, id, make, person, rosa, tom};
use crate::throwaway;

async fn open(database: &str) -> Stored<County<PostgresStore>> {
    let address = Address::read(database, None).unwrap();
    let store = PostgresStore::open(address, |_| Ok([9; 32].into()), || Err(StoreFailure::Busy));
    County::open(store.await?, Arc::new(Machine)).await
}

/// A `pg_dump` of the test's own.
fn script(folder: &Path, text: &str) -> PathBuf {
    let file = folder.join("pg_dump");
    std::fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).unwrap();
    file
}

async fn backed_up(world: &World<PostgresStore>, device: DeviceNumber) -> u64 {
    let mut reading = world.county.store.reading().await.unwrap();
    reading.device(device).await.unwrap().unwrap().backed_up
}

fn picture() -> Blob {
    Blob {
        id: id(0xb10b),
        photo: id(0xf0),
        bytes: 7,
        sha256: [0; 32],
        chunks: 1,
        complete: false,
    }
}

#[tokio::test]
async fn an_operator_s_own_dump_goes_on_after_the_command_epoch_and_gets_back_what_it_lacks() {
    let text = throwaway::database();
    let world = in_postgres(&text).await;
    let mut elm = world.at_elm().await;
    elm.push(vec![make(&rosa(), ELM)]).await;
    let (restored, content) = throwaway::restore(&throwaway::dumped(&text));
    assert!(content);
    let lost = elm.pen.write(vec![make(&tom(), ELM)]);
    elm.send(vec![lost.clone()]).await.unwrap();
    let late = world.at_elm().await.number;

    let county = open(&restored).await.unwrap();
    let before = world.county.epoch();
    assert_eq!(
        county.epoch(),
        before,
        "such a dump knows nothing of epochs"
    );
    let epoch = county.start_epoch().await.unwrap();
    assert_ne!(epoch, before);
    let push = async |epoch, transactions| {
        let audit = None;
        let request = PushRequest {
            epoch,
            transactions,
            audit,
        };
        county.push(elm.number, request).await.unwrap()
    };
    let told = push(before, vec![lost.clone()]).await;
    assert_eq!((told.epoch, told.expected), (epoch, 2), "what it still has");
    assert_eq!(
        told.outcomes,
        [],
        "and nothing is taken in before that is known"
    );
    let told = push(epoch, vec![lost]).await;
    assert_eq!(told.outcomes[0].fate, Fate::Applied);
    let tally = async || {
        let mut reading = county.store.reading().await.unwrap();
        reading.tally(ELM).await.unwrap().unwrap()
    };
    let mut original = world.county.store.reading().await.unwrap();
    assert_eq!(Some(tally().await), original.tally(ELM).await.unwrap());
    drop(original);
    let mut work = county.store.begin().await.unwrap();
    assert!(
        work.next_device().await.unwrap() > late,
        "a number that was given after the dump"
    );
    drop(work);
    let erasing = elm.pen.write(vec![make(&order(0x0d, tom().id), ELM)]);
    let told = push(epoch, vec![erasing]).await;
    assert_eq!(told.outcomes[0].fate, Fate::Applied);
    assert_eq!(tally().await.count, 1);
}

#[tokio::test]
async fn a_backup_is_told_as_far_as_it_reaches_and_no_further() {
    let folder = tempfile::tempdir().unwrap();
    let world = in_postgres(&throwaway::database()).await;
    let mut work = world.county.store.begin().await.unwrap();
    work.put_blob(&picture()).await.unwrap();
    work.put_chunk(picture().id, 0, b"Picture").await.unwrap();
    work.commit().await.unwrap();
    let mut elm = world.at_elm().await;
    elm.push(vec![make(&rosa(), ELM)]).await;

    // It begins, and before it has read anything others go on working.
    let (begun, go_on) = (folder.path().join("begun"), folder.path().join("go-on"));
    let pg_dump = script(
        folder.path(),
        &format!(
            "touch {}; while [ ! -e {} ]; do sleep 0.02; done; exec {} \"$@\"",
            begun.display(),
            go_on.display(),
            throwaway::program("pg_dump").display()
        ),
    );
    let file = folder.path().join("monday.sql");
    let meanwhile = async {
        while !begun.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        elm.push(vec![make(&tom(), ELM)]).await;
        let late = world.at_elm().await.number;
        let client = world.county.store.pool.get().await.unwrap();
        let holds = "SELECT 1 FROM pg_locks WHERE relation = 'blob_key'::regclass AND granted
                     AND mode = 'AccessShareLock'";
        assert_eq!(
            client.query(holds, &[]).await.unwrap().len(),
            1,
            "writing the keys anew would empty their table for what is being read"
        );
        assert_eq!(
            backed_up(&world, elm.number).await,
            0,
            "not before it is there"
        );
        std::fs::write(&go_on, "").unwrap();
        late
    };
    let (done, late) = tokio::join!(world.county.back_up(&file, &pg_dump), meanwhile);
    done.unwrap();
    assert_eq!(
        backed_up(&world, elm.number).await,
        1,
        "what was committed meanwhile is not in it"
    );
    assert_eq!(backed_up(&world, late).await, 0);
    let dump = std::fs::read(&file).unwrap();
    let holds = |text: &str| dump.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("Rosa") && !holds("Tom"), "nor is it told to be");
    assert!(!holds("50696374757265"), "pictures are sealed in it, too");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "nobody else may read it");

    let (one, two) = (throwaway::restore(&dump), throwaway::restore(&dump));
    assert!(one.1 && two.1);
    let (one, two) = (open(&one.0).await.unwrap(), open(&two.0).await.unwrap());
    assert_ne!(
        one.epoch(),
        world.county.epoch(),
        "a backup knows what it is"
    );
    assert_ne!(
        one.epoch(),
        two.epoch(),
        "each restore is an epoch of its own"
    );
    let mut work = one.store.begin().await.unwrap();
    assert!(work.next_device().await.unwrap() > late);
    let kept = work.chunk(picture().id, 0).await.unwrap();
    assert_eq!(kept.as_deref(), Some(b"Picture".as_slice()), "with its key");
}

#[tokio::test]
async fn a_backup_that_fails_tells_nobody_anything_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let world = in_postgres(&throwaway::database()).await;
    let mut elm = world.at_elm().await;
    elm.push(vec![make(&rosa(), ELM)]).await;
    let file = folder.path().join("monday.sql");
    let fails = script(folder.path(), "echo 'CREATE TABLE'; exit 3");
    let missing = folder.path().join("no-such-program");
    for program in [&fails, &missing] {
        let failed = world.county.back_up(&file, program).await;
        assert!(matches!(failed, Err(StoreFailure::Dump(_))), "{failed:?}");
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "the program of the test alone");
    }
    let good = throwaway::program("pg_dump");
    std::fs::write(&file, "Sunday's").unwrap();
    assert!(world.county.back_up(&file, &good).await.is_err());
    assert_eq!(
        std::fs::read(&file).unwrap(),
        b"Sunday's",
        "it is not written over"
    );
    assert_eq!(backed_up(&world, elm.number).await, 0);
    std::fs::remove_file(&file).unwrap();
    std::fs::write(file.with_extension("part"), "of a killed one").unwrap();
    world.county.back_up(&file, &good).await.unwrap();
    assert_eq!(backed_up(&world, elm.number).await, 1);
}

#[tokio::test]
async fn a_backup_that_was_cut_off_is_restored_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let world = in_postgres(&throwaway::database()).await;
    let mut elm = world.at_elm().await;
    for number in 0..20 {
        elm.push(vec![make(&person(0x100 + number, "Ada"), ELM)])
            .await;
    }
    let file = folder.path().join("monday.sql");
    let pg_dump = throwaway::program("pg_dump");
    world.county.back_up(&file, &pg_dump).await.unwrap();
    let dump = std::fs::read(&file).unwrap();
    let within_data = dump.windows(4).position(|part| part == b"Ada\"").unwrap();
    for end in [within_data, dump.len() - "COMMIT;\n".len()] {
        let (database, _) = throwaway::restore(&dump[..end]);
        let failed = open(&database).await;
        assert!(
            matches!(failed, Err(StoreFailure::Busy)),
            "an empty database, that would have to be made"
        );
    }
}

#[tokio::test]
async fn keys_of_pictures_that_went_during_a_backup_are_wiped_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let world = in_postgres(&throwaway::database()).await;
    let store = &world.county.store;
    let mut work = store.begin().await.unwrap();
    work.put_blob(&picture()).await.unwrap();
    work.put_chunk(picture().id, 0, b"Picture").await.unwrap();
    work.commit().await.unwrap();
    let client = store.pool.get().await.unwrap();
    let read = async |sql: &str| client.query_one(sql, &[]).await.unwrap();
    let key: Vec<u8> = read("SELECT sealed FROM blob_key").await.get(0);
    let path = async || -> String { read("SELECT pg_relation_filepath('blob_key')").await.get(0) };
    let before = path().await;

    let begun = folder.path().join("begun");
    let pg_dump = script(
        folder.path(),
        &format!(
            "{} \"$@\" || exit; touch {}; sleep 0.3",
            throwaway::program("pg_dump").display(),
            begun.display()
        ),
    );
    let file = folder.path().join("monday.sql");
    let removing = async {
        while !begun.exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut work = store.begin().await.unwrap();
        work.delete_blobs(picture().photo).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(path().await, before, "held by the backup");
    };
    let (done, ()) = tokio::join!(world.county.back_up(&file, &pg_dump), removing);
    done.unwrap();
    client.batch_execute("CHECKPOINT").await.unwrap();
    for file in [before, path().await] {
        let file = throwaway::files().join("data").join(file);
        let left = std::fs::read(file).unwrap_or_default();
        assert!(!left.windows(key.len()).any(|part| part == key));
    }
}
