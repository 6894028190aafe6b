//! A database that was restored with PostgreSQL's own tools.

use std::sync::Arc;

use porch_sync::protocol::{Fate, PushRequest};

use super::PostgresStore;
use crate::county::{County, Machine};
use crate::store::suite::erasure::order;
use crate::store::suite::in_postgres;
use crate::store::{Address, Reading as _, Store as _, StoreFailure, Work as _};
use crate::story::{ELM, make, rosa, tom};
use crate::throwaway;

#[tokio::test]
async fn a_restored_dump_goes_on_under_another_epoch_and_gets_back_what_it_lacks() {
    let text = throwaway::database();
    let world = in_postgres(&text).await;
    let mut elm = world.at_elm().await;
    elm.push(vec![make(&rosa(), ELM)]).await;
    let restored = throwaway::restored(&text);
    let lost = elm.pen.write(vec![make(&tom(), ELM)]);
    elm.send(vec![lost.clone()]).await.unwrap();
    let late = world.at_elm().await.number;

    let address = Address::read(&restored, None).unwrap();
    let store = PostgresStore::open(address, |_| Ok([9; 32].into()), || Err(StoreFailure::Busy));
    let county = County::open(store.await.unwrap(), Arc::new(Machine))
        .await
        .unwrap();
    let before = world.county.epoch();
    assert_eq!(county.epoch(), before, "a dump knows nothing of epochs");
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
