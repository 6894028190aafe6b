//! Merging people, on every store: what an alias brings where, takes down, and leads on to.

use std::collections::BTreeSet;

use porch_domain::alias::Alias;
use porch_domain::catalogue::Record as _;
use porch_domain::erasure::{ErasureGround, ErasureOrder};
use porch_domain::id::{PersonId, RecordId as _};
use porch_domain::person::Person;
use porch_domain::time::Instant;
use porch_sync::protocol::{Fate, Variant, blob_id};
use porch_sync::{Change, alias_between};
use uuid::Uuid;

use super::{At, World, on_every_store};
use crate::store::{Reading as _, Store};
use crate::story::{
    ELM, NOW_MS, OAK, decision, edit, id, make, motherhood, person, rosa, shot, tom,
};

const YES: u128 = 0xd1;
const NO: u128 = 0xd2;

/// Tom, as another desk registered him.
fn tommy() -> Person {
    person(0x8031, "Tommy")
}

fn now() -> Instant {
    Instant::from_unix_ms(NOW_MS as i64)
}

async fn row<S: Store>(world: &World<S>, record: Uuid) -> Option<porch_sync::Row> {
    let mut reading = world.county.store.reading().await.unwrap();
    reading.record(record).await.unwrap()
}

async fn lies_in<S: Store>(world: &World<S>, record: Uuid) -> BTreeSet<Uuid> {
    let mut reading = world.county.store.reading().await.unwrap();
    reading.scopes_of(record).await.unwrap()
}

/// Tom and Tommy are one; of the fields named Tommy's value is right.
async fn alias<S: Store>(world: &World<S>, of_other: &[&str]) -> Alias {
    let one = row(world, tom().id.uuid()).await.unwrap();
    let other = row(world, tommy().id.uuid()).await.unwrap();
    let of_other = of_other.iter().map(|field| (*field).to_owned()).collect();
    alias_between([&one, &other], &of_other, id(0x05e4).into(), now()).unwrap()
}

async fn undo<S: Store>(world: &World<S>, alias: &Alias) -> Change {
    let row = row(world, alias.id.uuid()).await.unwrap();
    let base = row.fields.get("ended_at").map(|field| field.version);
    edit(
        Alias::KIND,
        alias.id.uuid(),
        "ended_at",
        now().to_string(),
        base,
    )
}

fn erasing(number: u128, person: PersonId) -> ErasureOrder {
    ErasureOrder {
        id: id(number).into(),
        person,
        ground: ErasureGround::Objected,
        ordered_by: id(0x05e4).into(),
        ordered_at: now(),
    }
}

async fn registered<S: Store>(at: &mut At<'_, S>) {
    at.push(vec![
        make(&rosa(), ELM),
        make(&tom(), ELM),
        make(&motherhood(), ELM),
    ])
    .await;
    at.push(vec![make(&tommy(), ELM)]).await;
}

on_every_store! {
    async fn a_late_write_is_redirected_and_told<S: Store>(world: World<S>) {
        let (mut desk, mut away) = (world.at_elm().await, world.at_elm().await);
        registered(&mut desk).await;
        let seen = desk.pen.version();
        let alias = alias(&world, &["phone"]).await;
        assert_eq!(desk.push(vec![make(&alias, ELM)]).await.fate, Fate::Applied);
        let writes = |field: &str, value: &str| {
            edit(Person::KIND, tommy().id.uuid(), field, value, Some(seen))
        };
        let taken = away.push(vec![writes("phone", "01632 960777")]).await;
        assert_eq!((taken.fate, taken.redirected), (Fate::Applied, vec![tommy().id.uuid()]));
        let lost = away.push(vec![writes("known_as", "Tam")]).await;
        assert_eq!(lost.fate, Fate::Conflict);
        assert_eq!(lost.conflicts[0].record, tom().id.uuid(), "it is told of the survivor");
        assert_eq!(lost.conflicts[0].lost, "Tam");
        let survivor = edit(Person::KIND, tom().id.uuid(), "email", "tom@example.org", None);
        assert!(away.push(vec![survivor]).await.redirected.is_empty(), "that is where it was written");
    }

    async fn a_value_that_was_redirected_and_lost_goes_with_whom_it_was_written_to<S: Store>(world: World<S>) {
        let (mut desk, mut away) = (world.at_elm().await, world.at_elm().await);
        registered(&mut desk).await;
        let seen = desk.pen.version();
        let alias = alias(&world, &[]).await;
        desk.push(vec![make(&alias, ELM)]).await;
        let late = edit(Person::KIND, tommy().id.uuid(), "known_as", "Tam", Some(seen));
        assert_eq!(away.push(vec![late]).await.conflicts[0].lost, "Tam");
        let sequence = away.pen.sequence;
        let undo = undo(&world, &alias).await;
        assert_eq!(desk.push(vec![undo]).await.fate, Fate::Applied);
        desk.push(vec![make(&erasing(0xe5, tommy().id), ELM)]).await;
        let mut reading = world.county.store.reading().await.unwrap();
        let kept = reading.received(away.number, sequence).await.unwrap().unwrap();
        assert_eq!((kept.outcome.conflicts, kept.outcome.redirected), (vec![], vec![]));
        assert!(reading.record(tom().id.uuid()).await.unwrap().is_some(), "the other one stays");
    }

    async fn merging_takes_down_what_one_of_the_records_refuses<S: Store>(world: World<S>) {
        let mut desk = world.at_elm().await;
        registered(&mut desk).await;
        let yes = decision(YES, tom().id, &["print"], &[]);
        desk.push(vec![make(&yes, ELM)]).await;
        let shot = shot(0xf0, 5000, &[(tom().id, yes.id)]);
        assert_eq!(desk.push(shot.changes(ELM)).await.fate, Fate::Applied);
        desk.push(vec![make(&decision(NO, tommy().id, &[], &["print"]), ELM)]).await;
        let blob = blob_id(shot.photo.id.into(), Variant::Picture);
        let mut reading = world.county.store.reading().await.unwrap();
        assert!(reading.blob(blob).await.unwrap().is_some(), "two people have two answers");
        drop(reading);
        let alias = alias(&world, &[]).await;
        desk.push(vec![make(&alias, ELM)]).await;
        let mut reading = world.county.store.reading().await.unwrap();
        assert!(reading.is_removed(shot.photo.id.into()).await.unwrap());
        assert!(reading.blob(blob).await.unwrap().is_none());
        drop(reading);
        let pages = desk.pull_all(100).await;
        let mut urgent = pages.iter().flat_map(|page| &page.urgent);
        assert!(urgent.any(|fed| fed.row.id == alias.id.uuid()), "it travels first");
        let undo = undo(&world, &alias).await;
        assert_eq!(desk.push(vec![undo]).await.fate, Fate::Applied);
        let mut reading = world.county.store.reading().await.unwrap();
        assert!(reading.is_removed(shot.photo.id.into()).await.unwrap(), "undoing revives nothing");
    }

    async fn consent_of_both_lies_wherever_a_picture_shows_either<S: Store>(world: World<S>) {
        let mut desk = world.at_elm().await;
        registered(&mut desk).await;
        let mut oak = world.at_oak().await;
        world.county.change_scopes(oak.number, &[ELM].into(), &BTreeSet::new()).await.unwrap();
        let yes = decision(YES, tom().id, &["print"], &[]);
        desk.push(vec![make(&yes, ELM)]).await;
        let shot = shot(0xf0, 5000, &[(tom().id, yes.id)]);
        assert_eq!(oak.push(shot.changes(OAK)).await.fate, Fate::Applied);
        desk.push(vec![make(&decision(NO, tommy().id, &[], &["press"]), ELM)]).await;
        assert_eq!(lies_in(&world, id(NO)).await, [ELM].into(), "Oak shows nobody of that name");
        let alias = alias(&world, &[]).await;
        desk.push(vec![make(&alias, ELM)]).await;
        for record in [id(YES), id(NO), alias.id.uuid()] {
            assert_eq!(lies_in(&world, record).await, [ELM, OAK].into(), "{record}");
        }
        assert_eq!(lies_in(&world, tommy().id.uuid()).await, [ELM].into());
    }

    async fn an_order_erases_all_records_of_a_person<S: Store>(world: World<S>) {
        let mut desk = world.at_elm().await;
        registered(&mut desk).await;
        let alias = alias(&world, &[]).await;
        desk.push(vec![make(&alias, ELM)]).await;
        desk.push(vec![make(&erasing(0x0d, tommy().id), ELM)]).await;
        for gone in [tom().id.uuid(), tommy().id.uuid(), alias.id.uuid()] {
            assert_eq!(row(&world, gone).await, None);
        }
        let late = desk.push(vec![make(&alias, ELM)]).await;
        assert_eq!((late.fate, late.removed), (Fate::Removed, vec![alias.id.uuid()]));
        assert!(row(&world, rosa().id.uuid()).await.is_some());
    }

    async fn an_alias_that_comes_after_an_erasure_is_told_on_its_certificate<S: Store>(world: World<S>) {
        let (mut desk, mut away) = (world.at_elm().await, world.at_elm().await);
        registered(&mut desk).await;
        let alias = alias(&world, &[]).await;
        desk.push(vec![make(&erasing(0x0d, tom().id), ELM)]).await;
        let certificate = async || world.county.erasure(id(0x0d)).await.unwrap().unwrap();
        assert!(certificate().await.said_to_be_theirs.is_empty());
        for _ in 0..2 {
            let late = away.push(vec![make(&alias, ELM)]).await;
            assert_eq!((late.fate, late.removed), (Fate::Removed, vec![alias.id.uuid()]));
        }
        assert!(row(&world, tommy().id.uuid()).await.is_some(), "nobody ordered that");
        assert_eq!(certificate().await.said_to_be_theirs, [tommy().id.uuid()]);
        desk.push(vec![make(&erasing(0x0e, tommy().id), ELM)]).await;
        assert!(certificate().await.said_to_be_theirs.is_empty(), "and no id of theirs is left");
        let again = away.push(vec![make(&alias, ELM)]).await;
        assert_eq!(again.fate, Fate::Removed);
    }

    async fn what_is_no_alias_is_kept_aside<S: Store>(world: World<S>) {
        let (mut desk, mut oak) = (world.at_elm().await, world.at_oak().await);
        registered(&mut desk).await;
        let good = alias(&world, &[]).await;
        let turned = Alias { older: good.newer, newer: good.older, ..good.clone() };
        let other_id = Alias { id: id(7).into(), ..good.clone() };
        for bad in [turned, other_id] {
            assert_eq!(desk.push(vec![make(&bad, ELM)]).await.fate, Fate::Quarantined);
        }
        assert_eq!(
            oak.push(vec![make(&good, OAK)]).await.fate,
            Fate::Quarantined,
            "an alias brings each where the other is: neither is Oak's"
        );
        assert_eq!(row(&world, good.id.uuid()).await, None, "nor is it honoured as a No");
        assert_eq!(desk.push(vec![make(&good, ELM)]).await.fate, Fate::Applied);
        assert_eq!(desk.push(vec![make(&good, ELM)]).await.fate, Fate::Applied, "twice is once");
    }
}
