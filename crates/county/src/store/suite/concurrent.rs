//! What the trait promises when several units of work are open at once.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use porch_sync::{DeviceNumber, Hlc, Mark, Row, Stamped, Tally, Version};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{World, on_every_store};
use crate::store::{Reading as _, Store, URGENT, Work};
use crate::story::{ELM, OAK, id, make, person};

fn row(number: u128, fields: &[(&str, Value)]) -> Row {
    let version = Version {
        clock: Hlc::at(1),
        device: DeviceNumber(1),
        sequence: 1,
    };
    Row {
        kind: "family".to_owned(),
        id: id(number),
        fields: fields
            .iter()
            .map(|(name, value)| {
                let value = value.clone();
                ((*name).to_owned(), Stamped { value, version })
            })
            .collect(),
    }
}

/// So large that sums of them wrap.
fn mark(number: u128) -> Mark {
    Mark(u128::MAX - number)
}

/// Writes new records and gives each a place; stops before the commit.
async fn written<S: Store>(store: &S, scope: Uuid, numbers: &[u128]) -> (S::Work, u64) {
    let mut work = store.begin().await.unwrap();
    for number in numbers {
        let row = row(*number, &[("note", Value::from("x"))]);
        work.put_record(&row, &BTreeSet::from([scope]), &[])
            .await
            .unwrap();
    }
    let first = work
        .take_sequences(scope, numbers.len() as u64)
        .await
        .unwrap();
    for (sequence, number) in (first..).zip(numbers) {
        work.put_feed(scope, sequence, id(*number), mark(*number))
            .await
            .unwrap();
    }
    (work, first)
}

/// What a reader sees now: the sequences of a feed, which must be all up to its head.
async fn seen<S: Store>(store: &S, scope: Uuid) -> u64 {
    let mut reading = store.reading().await.unwrap();
    let head = reading.head(scope).await.unwrap().unwrap();
    let feed = reading.feed(scope, 0, 10_000).await.unwrap();
    let places: Vec<u64> = feed.iter().map(|fed| fed.sequence).collect();
    assert_eq!(
        places,
        (1..=head).collect::<Vec<_>>(),
        "no gap, nothing before its turn"
    );
    if feed.iter().all(|fed| fed.row.kind == "family") {
        let counted = feed.iter().fold(Tally::default(), |tally, fed| {
            tally.with(None, mark(fed.row.id.as_u128()))
        });
        let tally = reading.tally(scope).await.unwrap();
        assert_eq!(tally, Some(counted), "the tally is of what the feed has");
    }
    head
}

/// Lets a future go on until it waits for somebody.
pub(super) async fn does_wait<F: Future>(future: std::pin::Pin<&mut F>, what: &str) {
    let early = tokio::time::timeout(Duration::from_millis(200), future).await;
    assert!(early.is_err(), "{what}");
}

on_every_store! {
    async fn a_later_sequence_is_never_seen_before_an_earlier_one<S: Store>(world: World<S>) {
        let store = &world.county.store;
        let (first, taken) = written(store, ELM, &[1, 2]).await;
        assert_eq!(taken, 1);
        let second = async {
            let (work, taken) = written(store, ELM, &[3]).await;
            work.commit().await.unwrap();
            taken
        };
        tokio::pin!(second);
        does_wait(second.as_mut(), "the scope is held until the commit").await;
        assert_eq!(seen(store, ELM).await, 0, "the first has not committed");
        first.commit().await.unwrap();
        assert_eq!(seen(store, ELM).await, 2);
        assert_eq!(second.await, 3);
        assert_eq!(seen(store, ELM).await, 3);
    }

    async fn what_was_taken_and_dropped_is_given_to_who_waits<S: Store>(world: World<S>) {
        let store = &world.county.store;
        let (first, taken) = written(store, ELM, &[1, 2]).await;
        assert_eq!(taken, 1);
        let second = async {
            let (work, taken) = written(store, ELM, &[3]).await;
            work.commit().await.unwrap();
            taken
        };
        tokio::pin!(second);
        does_wait(second.as_mut(), "the scope is held until the end").await;
        drop(first);
        assert_eq!(second.await, 1, "no gap is left");
        assert_eq!(seen(store, ELM).await, 1);
        assert_eq!(store.reading().await.unwrap().record(id(1)).await.unwrap(), None);
    }

    async fn who_waits_for_a_record_that_is_not_there_yet_finds_it<S: Store>(world: World<S>) {
        let store = &world.county.store;
        let mut first = store.begin().await.unwrap();
        first.lock_records(&BTreeSet::from([id(1), id(2)])).await.unwrap();
        let second = async {
            let mut work = store.begin().await.unwrap();
            work.lock_records(&BTreeSet::from([id(2), id(3)])).await.unwrap();
            work.record(id(2)).await.unwrap()
        };
        tokio::pin!(second);
        does_wait(second.as_mut(), "one of its records is held").await;
        let made = row(2, &[("note", Value::from("first"))]);
        first.put_record(&made, &BTreeSet::from([ELM]), &[]).await.unwrap();
        first.commit().await.unwrap();
        assert_eq!(second.await, Some(made), "the latest that was committed");
    }

    async fn many_writers_leave_no_gap_and_never_wait_in_a_circle<S: Store>(world: World<S>) {
        const WRITERS: u128 = 6;
        const ROUNDS: u128 = 12;
        let scopes = [URGENT, ELM, OAK];
        let mut writing = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            let county = Arc::clone(&world.county);
            writing.spawn(async move {
                for round in 0..ROUNDS {
                    let number = 0x1_0000 + writer * 0x100 + round;
                    let mut work = county.store.begin().await.unwrap();
                    // All of them want one record, each in a different company.
                    work.lock_records(&[id(7), id(number), id(1000 - number % 900)].into()).await.unwrap();
                    let made = row(number, &[("note", Value::from("x"))]);
                    let into: Vec<Uuid> = scopes
                        .iter()
                        .enumerate()
                        .filter(|(place, _)| (number >> place) & 1 == 0 || round == 0)
                        .map(|(_, scope)| *scope)
                        .collect();
                    work.put_record(&made, &into.iter().copied().collect(), &[]).await.unwrap();
                    for scope in &into {
                        let sequence = work.take_sequences(*scope, 1).await.unwrap();
                        work.put_feed(*scope, sequence, id(number), mark(number)).await.unwrap();
                        tokio::task::yield_now().await;
                    }
                    // Some change their mind at the last moment.
                    if round % 5 != 4 {
                        work.commit().await.unwrap();
                    }
                }
            });
        }
        let over = Arc::new(AtomicBool::new(false));
        let reading = {
            let (county, over) = (Arc::clone(&world.county), Arc::clone(&over));
            tokio::spawn(async move {
                let mut heads = BTreeMap::new();
                while !over.load(Ordering::SeqCst) {
                    for scope in scopes {
                        let head = seen(&county.store, scope).await;
                        let before = heads.insert(scope, head).unwrap_or_default();
                        assert!(before <= head, "what was handed out stays");
                        tokio::task::yield_now().await;
                    }
                }
            })
        };
        while let Some(done) = writing.join_next().await {
            done.unwrap();
        }
        over.store(true, Ordering::SeqCst);
        reading.await.unwrap();
        let mut all = 0;
        for scope in scopes {
            all += seen(&world.county.store, scope).await;
        }
        assert!(all > 60, "{all}: they did write");
    }

    async fn values_come_back_as_they_were_written<S: Store>(world: World<S>) {
        let store = &world.county.store;
        let made = row(1, &[
            ("null", Value::Null),
            ("truth", json!(true)),
            ("most", json!(u64::MAX)),
            ("least", json!(i64::MIN)),
            ("point", json!(1.0)),
            ("tenth", json!(0.1)),
            ("minus_nothing", json!(-0.0)),
            ("small", json!(5e-324)),
            ("large", json!(1.797_693_134_862_315_7e308)),
            ("long", json!(0.123_456_789_012_345_68)),
            ("hard_to_read", json!(122.41629403378658)),
            ("list", json!(["print", "", null, 3])),
            ("text", json!("Zażółć \u{0}\u{1f}\"\\ \u{1f476} e\u{301}")),
        ]);
        let mut work = store.begin().await.unwrap();
        work.put_record(&made, &BTreeSet::from([ELM]), &[]).await.unwrap();
        work.commit().await.unwrap();
        let back = store.reading().await.unwrap().record(id(1)).await.unwrap().unwrap();
        for (name, stamped) in &made.fields {
            let came = &back.fields[name].value;
            assert_eq!(came.to_string(), stamped.value.to_string(), "{name}");
        }
        assert_eq!(back, made);
    }

    async fn the_same_transaction_sent_twice_at_once_is_taken_in_once<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        for number in 0..8 {
            let sealed = elm.pen.write(vec![make(&person(0x900 + number, "Ada"), ELM)]);
            let (one, other) = tokio::join!(elm.send(vec![sealed.clone()]), elm.send(vec![sealed]));
            let (one, other): (_, _) = (one.unwrap(), other.unwrap());
            assert_eq!(one.outcomes, other.outcomes);
            assert!(!one.cloned && !other.cloned);
        }
        assert_eq!(seen(&world.county.store, ELM).await, 8);
    }
}
