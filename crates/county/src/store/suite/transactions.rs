//! What the trait promises.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use porch_sync::protocol::PullRequest;
use porch_sync::{DeviceNumber, Hlc, Mark, Row, Stamped, Tally, Version};
use serde_json::Value;
use uuid::Uuid;

use super::{World, on_every_store};
use crate::store::{Attempts, Blob, Reading as _, Store, Work as _};
use crate::story::{ELM, OAK, id, make, rosa};

fn row(number: u128, value: &str) -> Row {
    let version = Version {
        clock: Hlc::at(1),
        device: DeviceNumber(1),
        sequence: 1,
    };
    let field = Stamped {
        value: Value::from(value),
        version,
    };
    Row {
        kind: "family".to_owned(),
        id: id(number),
        fields: BTreeMap::from([("note".to_owned(), field)]),
    }
}

fn mark(value: &str) -> Mark {
    Mark(u128::MAX - value.bytes().map(u128::from).sum::<u128>())
}

async fn publish<S: Store>(store: &S, number: u128, value: &str, scope: Uuid) {
    let mut work = store.begin().await.unwrap();
    let scopes = BTreeSet::from([scope]);
    work.put_record(&row(number, value), &scopes, &[])
        .await
        .unwrap();
    let sequence = work.take_sequences(scope, 1).await.unwrap();
    work.put_feed(scope, sequence, id(number), mark(value))
        .await
        .unwrap();
    work.commit().await.unwrap();
}

on_every_store! {
    async fn a_dropped_unit_of_work_wrote_nothing_and_took_no_sequence<S: Store>(world: World<S>) {
        let store = &world.county.store;
        let before = store.reading().await.unwrap().head(ELM).await.unwrap();
        let mut work = store.begin().await.unwrap();
        let scopes = BTreeSet::from([ELM]);
        work.put_record(&row(1, "a"), &scopes, &[id(2)]).await.unwrap();
        let sequence = work.take_sequences(ELM, 3).await.unwrap();
        work.put_feed(ELM, sequence, id(1), mark("a")).await.unwrap();
        assert!(work.record(id(1)).await.unwrap().is_some(), "it sees its own writes");
        assert_eq!(work.tied(id(2), "family").await.unwrap().len(), 1);
        drop(work);
        let mut reading = store.reading().await.unwrap();
        assert_eq!(reading.record(id(1)).await.unwrap(), None);
        assert_eq!(reading.head(ELM).await.unwrap(), before, "no gap is left behind");
        assert_eq!(reading.tally(ELM).await.unwrap(), Some(Tally::default()));
        assert_eq!(reading.feed(ELM, 0, 10).await.unwrap(), []);
    }

    async fn a_snapshot_is_of_one_moment<S: Store>(world: World<S>) {
        let store = &world.county.store;
        let mut snapshot = store.reading().await.unwrap();
        publish(store, 1, "a", ELM).await;
        assert_eq!(snapshot.record(id(1)).await.unwrap(), None, "made after the snapshot");
        assert_eq!(snapshot.head(ELM).await.unwrap(), Some(0));
        drop(snapshot);
        assert!(store.reading().await.unwrap().record(id(1)).await.unwrap().is_some());
    }

    async fn a_record_has_one_place_in_a_feed_and_it_is_the_latest<S: Store>(world: World<S>) {
        let store = &world.county.store;
        publish(store, 1, "a", ELM).await;
        publish(store, 2, "b", ELM).await;
        publish(store, 1, "c", ELM).await;
        publish(store, 1, "c", OAK).await;
        let mut reading = store.reading().await.unwrap();
        let feed = reading.feed(ELM, 0, 10).await.unwrap();
        let places: Vec<_> = feed.iter().map(|fed| (fed.sequence, fed.row.id)).collect();
        assert_eq!(places, [(2, id(2)), (3, id(1))], "the first place was given up");
        assert_eq!(feed[1].row, row(1, "c"), "at its latest, with its versions");
        assert_eq!(reading.feed(ELM, 2, 10).await.unwrap().len(), 1);
        assert_eq!(reading.feed(ELM, 0, 1).await.unwrap().len(), 1);
        assert_eq!(reading.feed(OAK, 0, 10).await.unwrap().len(), 1, "each scope counts by itself");
        assert_eq!(reading.scopes_of(id(1)).await.unwrap(), BTreeSet::from([ELM, OAK]));
    }

    async fn a_scope_s_tally_is_of_each_record_once_at_its_latest<S: Store>(world: World<S>) {
        let store = &world.county.store;
        let mut snapshot = store.reading().await.unwrap();
        publish(store, 1, "a", ELM).await;
        publish(store, 2, "b", ELM).await;
        publish(store, 1, "c", ELM).await;
        publish(store, 1, "c", OAK).await;
        let mut reading = store.reading().await.unwrap();
        let tally = |values: &[&str]| {
            Some(values.iter().fold(Tally::default(), |t, value| t.with(None, mark(value))))
        };
        assert_eq!(reading.tally(ELM).await.unwrap(), tally(&["b", "c"]));
        assert_eq!(reading.tally(OAK).await.unwrap(), tally(&["c"]));
        assert_eq!(snapshot.tally(ELM).await.unwrap(), tally(&[]), "of the snapshot's moment");
        assert_eq!(reading.tally(id(0x99)).await.unwrap(), None, "no such scope");
    }

    async fn who_waits_for_a_scope_gets_the_next_sequence<S: Store>(world: World<S>) {
        let store = &world.county.store;
        let mut first = store.begin().await.unwrap();
        assert_eq!(first.take_sequences(ELM, 2).await.unwrap(), 1);
        let second = async {
            let mut work = store.begin().await.unwrap();
            let sequence = work.take_sequences(ELM, 1).await.unwrap();
            work.commit().await.unwrap();
            sequence
        };
        tokio::pin!(second);
        let early = tokio::time::timeout(Duration::from_millis(50), second.as_mut()).await;
        assert!(early.is_err(), "the scope is held until the commit");
        first.commit().await.unwrap();
        assert_eq!(second.await, 3, "commit order is sequence order");
    }

    async fn blobs_are_cut_and_deleted_with_their_bytes<S: Store>(world: World<S>) {
        let store = &world.county.store;
        let mut blob = Blob { id: id(5), photo: id(6), bytes: 3, sha256: [1; 32], chunks: 0, complete: false };
        let mut work = store.begin().await.unwrap();
        work.put_blob(&blob).await.unwrap();
        for chunk in 0..3 {
            work.put_chunk(blob.id, chunk, &[chunk as u8]).await.unwrap();
        }
        blob.chunks = 2;
        work.put_blob(&blob).await.unwrap();
        assert_eq!(work.chunk(blob.id, 1).await.unwrap(), Some(vec![1]));
        assert_eq!(work.chunk(blob.id, 2).await.unwrap(), None, "beyond what the state says");
        assert_eq!(work.blob(blob.id).await.unwrap(), Some(blob.clone()));
        work.delete_blobs(id(7)).await.unwrap();
        assert!(work.blob(blob.id).await.unwrap().is_some(), "another photo's");
        work.delete_blobs(id(6)).await.unwrap();
        assert_eq!(work.blob(blob.id).await.unwrap(), None);
        assert_eq!(work.chunk(blob.id, 0).await.unwrap(), None);
        work.commit().await.unwrap();
        store.scrub().await.unwrap();
    }

    async fn old_tries_are_forgotten<S: Store>(world: World<S>) {
        let mut work = world.county.store.begin().await.unwrap();
        let tries = |since_ms| Attempts { wrong: 1, since_ms };
        work.put_attempts([1; 32], tries(10), 0).await.unwrap();
        work.put_attempts([2; 32], tries(20), 15).await.unwrap();
        assert_eq!(work.attempts([1; 32]).await.unwrap(), None, "before what is remembered");
        assert_eq!(work.attempts([2; 32]).await.unwrap(), Some(tries(20)));
    }

    async fn an_epoch_that_is_started_is_the_store_s_and_gives_no_number_twice<S: Store>(world: World<S>) {
        let before = world.at_elm().await.number;
        assert_eq!(world.county.store.reading().await.unwrap().passed_over().await.unwrap(), DeviceNumber(0));
        let epoch = world.county.start_epoch().await.unwrap();
        assert_ne!(epoch, world.county.epoch());
        let mut reading = world.county.store.reading().await.unwrap();
        assert_eq!(reading.epoch().await.unwrap(), epoch);
        let origin = reading.origin().await.unwrap();
        assert_eq!(origin.epoch, epoch);
        assert_eq!(origin.secret, world.county.origin.secret, "tokens stay good");
        let passed = reading.passed_over().await.unwrap();
        assert!(passed >= before, "it was enrolled before");
        drop(reading);
        // A server that opened the store before speaks of the new one, too.
        let mut device = world.at_elm().await;
        assert!(device.number.0 > before.0 + 1000, "numbers that may have been given since the backup");
        assert!(device.number > passed, "it was enrolled after");
        let again = world.at_elm().await.number;
        assert_eq!(again.0, device.number.0 + 1);
        let request = PullRequest { epoch: world.county.epoch(), urgent_after: 0, places: Vec::new(), limit: 10, scrubbed: None, left: Vec::new() };
        let page = world.county.pull(device.number, &request).await.unwrap();
        assert_eq!((page.epoch, page.more), (epoch, true), "what it was told of the old one is void");
        let sealed = device.pen.write(vec![make(&rosa(), ELM)]);
        let answer = device.send(vec![sealed]).await.unwrap();
        assert_eq!((answer.epoch, answer.outcomes.len()), (epoch, 0));
    }

    async fn device_numbers_are_never_given_twice<S: Store>(world: World<S>) {
        let first = world.at_elm().await.number;
        let second = world.at_oak().await.number;
        assert_eq!((first, second), (DeviceNumber(1), DeviceNumber(2)));
        assert!(world.county.revoke(first).await.unwrap());
        assert_eq!(world.at_elm().await.number, DeviceNumber(3));
    }
}
