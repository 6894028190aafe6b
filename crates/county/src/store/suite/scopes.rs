//! Scopes that change: what is told of them, what leaves a feed, who may still write.

use std::collections::BTreeSet;

use porch_domain::catalogue::Record as _;
use porch_domain::family::Family;
use porch_domain::membership::MemberRole;
use porch_domain::person::Person;
use porch_sync::protocol::{
    COUNTY_SCOPE, CountyRefusal, Fate, FeedPlace, FetchRequest, Left, PullPage, PullRequest,
};
use porch_sync::{DeviceNumber, Mark, Tally};
use uuid::Uuid;

use super::{At, World, on_every_store};
use crate::county::Failure;
use crate::scopes::NoChange;
use crate::store::{Asked, Reading as _, ScopeReading as _, ScopeWork as _, Store, Work as _};
use crate::story::{
    ELM, NOW_MS, OAK, decision, edit, home_of, id, make, motherhood, place_in, rosa, tom,
};

const HOME: u128 = 0xfa;

fn family(centre: Uuid) -> Vec<porch_sync::Change> {
    let home = home_of(HOME, centre);
    vec![
        make(&home, centre),
        make(&rosa(), centre),
        make(&tom(), centre),
        make(
            &place_in(&home, 0xb1, rosa().id, MemberRole::ParentCarer),
            centre,
        ),
        make(&place_in(&home, 0xb2, tom().id, MemberRole::Child), centre),
        make(&motherhood(), centre),
        make(&decision(0xd1, tom().id, &["print"], &[]), centre),
    ]
}

async fn scopes_of<S: Store>(world: &World<S>, record: u128) -> BTreeSet<Uuid> {
    let mut reading = world.county.store.reading().await.unwrap();
    reading.scopes_of(id(record)).await.unwrap()
}

async fn page<S: Store>(
    at: &At<'_, S>,
    places: &[(Uuid, u64)],
    limit: u32,
    left: Vec<Uuid>,
) -> Result<PullPage, Failure> {
    let request = PullRequest {
        epoch: at.county.epoch(),
        urgent_after: 0,
        places: places
            .iter()
            .map(|(scope, after)| FeedPlace {
                scope: *scope,
                after: *after,
            })
            .collect(),
        limit,
        scrubbed: None,
        left,
    };
    at.county.pull(at.number, &request).await
}

async fn change<S: Store>(
    at: &At<'_, S>,
    add: &[Uuid],
    remove: &[Uuid],
) -> Result<crate::store::Device, NoChange> {
    let set = |scopes: &[Uuid]| scopes.iter().copied().collect::<BTreeSet<_>>();
    at.county
        .change_scopes(at.number, &set(add), &set(remove))
        .await
}

on_every_store! {
    async fn what_left_a_scope_has_a_place_in_its_feed_until_it_comes_back<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        one.push(vec![make(&rosa(), ELM), make(&tom(), ELM)]).await;
        let rosa: Uuid = rosa().id.into();
        let mut work = world.county.store.begin().await.unwrap();
        let before = work.tally(ELM).await.unwrap().unwrap();
        let sequence = work.take_sequences(ELM, 1).await.unwrap();
        let left = Left { sequence, kind: Person::KIND.to_owned(), record: rosa };
        work.put_left(ELM, &left).await.unwrap();
        work.commit().await.unwrap();

        let mut reading = world.county.store.reading().await.unwrap();
        assert_eq!(reading.left(ELM, 0, 10).await.unwrap(), std::slice::from_ref(&left));
        assert_eq!(reading.left(ELM, sequence, 10).await.unwrap(), []);
        assert_eq!(reading.left(OAK, 0, 10).await.unwrap(), []);
        assert_eq!(reading.scopes_left(rosa).await.unwrap(), [ELM].into());
        assert_eq!(reading.scopes_of(rosa).await.unwrap(), [].into());
        assert_eq!(reading.tally(ELM).await.unwrap().unwrap().count, before.count - 1);
        assert!(reading.feed(ELM, 0, 10).await.unwrap().iter().all(|fed| fed.row.id != rosa));
        let row = reading.record(rosa).await.unwrap().unwrap();
        drop(reading);

        let mut work = world.county.store.begin().await.unwrap();
        work.put_record(&row, &[ELM].into(), &[]).await.unwrap();
        let sequence = work.take_sequences(ELM, 1).await.unwrap();
        let key = work.origin().await.unwrap().digest_key();
        work.put_feed(ELM, sequence, rosa, Mark::of(&key, &row)).await.unwrap();
        work.commit().await.unwrap();
        let mut reading = world.county.store.reading().await.unwrap();
        assert_eq!(reading.left(ELM, 0, 10).await.unwrap(), []);
        assert_eq!(reading.scopes_left(rosa).await.unwrap(), [].into());
        assert_eq!(reading.tally(ELM).await.unwrap(), Some(before), "as if it had never left");
    }

    async fn who_asked_is_kept_in_order<S: Store>(world: World<S>) {
        let asked = |at_ms, device: u32, family| Asked {
            at_ms, device: DeviceNumber(device), author: id(0x05e4), family,
        };
        let all = [asked(5, 1, None), asked(6, 2, Some(id(7))), asked(7, 1, None)];
        for one in &all {
            let mut work = world.county.store.begin().await.unwrap();
            work.put_asked(one).await.unwrap();
            work.commit().await.unwrap();
        }
        let mut reading = world.county.store.reading().await.unwrap();
        assert_eq!(reading.asked_since(None, 0).await.unwrap(), all);
        let by_one = reading.asked_since(Some(DeviceNumber(1)), 6).await.unwrap();
        assert_eq!(by_one, all[2..]);
    }

    async fn scopes_are_given_and_taken_and_what_makes_no_sense_is_refused<S: Store>(world: World<S>) {
        let (one, oak) = (world.at_elm().await, world.at_oak().await);
        assert!(matches!(page(&one, &[(OAK, 0)], 10, vec![]).await, Err(Failure::Refused(CountyRefusal::Scope))));
        for (add, remove) in [
            (vec![id(99)], vec![]), (vec![COUNTY_SCOPE], vec![]), (vec![Uuid::nil()], vec![]),
            (vec![], vec![ELM]), (vec![], vec![OAK]), (vec![], vec![COUNTY_SCOPE]), (vec![OAK], vec![OAK]),
        ] {
            assert!(change(&one, &add, &remove).await.is_err(), "{add:?} {remove:?}");
        }
        let nobody = world.county.change_scopes(DeviceNumber(77), &[OAK].into(), &[].into()).await;
        assert!(matches!(nobody, Err(NoChange::NoSuchDevice)));
        let county = world.county.change_scopes(DeviceNumber(0), &[OAK].into(), &[].into()).await;
        assert!(matches!(county, Err(NoChange::NoSuchDevice)));
        assert!(world.county.revoke(oak.number).await.unwrap());
        assert!(matches!(change(&oak, &[ELM], &[]).await, Err(NoChange::NoSuchDevice)), "revoked");
        let holds = page(&one, &[], 10, vec![]).await.unwrap().holds.unwrap();
        assert_eq!((holds.scopes, holds.leaving), (vec![ELM, COUNTY_SCOPE], vec![]), "nothing was changed");

        assert_eq!(change(&one, &[OAK], &[]).await.unwrap().scopes, [ELM, OAK, COUNTY_SCOPE].into());
        let again = change(&one, &[OAK], &[]).await.unwrap();
        assert_eq!(again.scopes.len(), 3, "given twice is given once");
        let taken = change(&one, &[], &[OAK]).await.unwrap();
        assert_eq!((taken.scopes, taken.leaving), ([ELM, COUNTY_SCOPE].into(), [OAK].into()));
        let asked = page(&one, &[(OAK, 0), (ELM, 0)], 10, vec![]).await.unwrap();
        assert!(asked.digests.unwrap().scopes.iter().all(|digest| digest.scope != OAK), "nothing of it is told");
        assert_eq!(asked.holds.unwrap().leaving, [OAK]);
        let left = page(&one, &[], 10, vec![OAK, id(99), ELM]).await.unwrap().holds.unwrap();
        assert_eq!((left.scopes, left.leaving), (vec![ELM, COUNTY_SCOPE], vec![]), "only what was taken is left");
        assert!(page(&one, &[(OAK, 7)], 10, vec![]).await.is_ok(), "an old copy may ask for it still");
        change(&one, &[OAK], &[]).await.unwrap();
        let holds = page(&one, &[], 10, vec![OAK]).await.unwrap().holds.unwrap();
        assert!(holds.scopes.contains(&OAK) && holds.leaving.is_empty(), "what is held again is not left");
    }

    async fn what_was_unsent_in_a_scope_is_taken_in_until_it_is_left<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        change(&one, &[OAK], &[]).await.unwrap();
        change(&one, &[], &[OAK]).await.unwrap();
        assert_eq!(one.push(vec![make(&rosa(), OAK)]).await.fate, Fate::Applied);
        page(&one, &[], 10, vec![OAK]).await.unwrap();
        assert_eq!(one.push(vec![make(&tom(), OAK)]).await.fate, Fate::Quarantined);
    }

    async fn a_family_goes_whole_and_pages_of_two_carry_all_of_it<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        elm.push(family(ELM)).await;
        let mut reading = world.county.store.reading().await.unwrap();
        let head = reading.head(ELM).await.unwrap().unwrap();
        let oak_before = reading.tally(OAK).await.unwrap().unwrap();
        assert_eq!(oak_before, Tally::default());
        drop(reading);
        let moved = elm.push(vec![edit(Family::KIND, id(HOME), "centre", OAK.to_string(), None)]).await;
        assert!(matches!(moved.fate, Fate::Applied | Fate::Conflict));
        for record in [HOME, 0x105a, 0x7031, 0xb1, 0xb2, 0xa0, 0xd1] {
            assert_eq!(scopes_of(&world, record).await, [OAK].into(), "{record:x}");
        }
        let (mut after, mut left) = (head, Vec::new());
        loop {
            let page = page(&elm, &[(ELM, after)], 2, vec![]).await.unwrap();
            let Some(place) = page.place else { break };
            assert!(page.rows.is_empty() && place.after > after);
            left.extend(page.left.iter().map(|left| left.record));
            after = place.after;
        }
        assert_eq!(left.len(), 7, "each once: {left:?}");
        let oak = world.at_oak().await;
        let rows: Vec<_> = oak.pull_all(100).await.into_iter().flat_map(|page| page.rows).collect();
        let at = |record: u128| rows.iter().position(|fed| fed.row.id == id(record)).unwrap();
        assert!(at(0x7031) < at(0xd1) && at(0xa0) < at(0xd1), "what rests on another record comes after it");

        let back = elm.push(vec![edit(Family::KIND, id(HOME), "centre", ELM.to_string(), None)]).await;
        assert!(matches!(back.fate, Fate::Applied | Fate::Conflict), "its old centre may still write it");
        let nowhere = elm.push(vec![edit(Family::KIND, id(HOME), "centre", id(99).to_string(), None)]).await;
        assert_eq!(nowhere.fate, Fate::Quarantined, "there is no such centre");
    }

    async fn a_family_that_moved_before_it_came_lies_where_it_moved<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        // After a restore, as its desk has it: made at Elm, and Oak's by now. Somebody's place in it came first.
        let mut said_again = family(ELM);
        said_again.remove(0);
        elm.push(said_again).await;
        let moved = elm.push(vec![make(&home_of(HOME, OAK), ELM)]).await;
        assert_eq!(moved.fate, Fate::Applied);
        for record in [HOME, 0xb1, 0xb2, 0xd1] {
            assert_eq!(scopes_of(&world, record).await, [OAK].into(), "{record:x}");
        }
        let left = page(&elm, &[(ELM, 0)], 50, Vec::new()).await.unwrap().left;
        assert!(left.iter().any(|left| left.record == id(HOME)), "and Elm lets go of it");
        let nowhere = elm.push(vec![make(&home_of(0xfb, id(0x77)), ELM)]).await;
        assert_eq!(nowhere.fate, Fate::Quarantined, "that is no centre");
    }

    async fn a_stranger_writes_nothing_of_a_family_that_left_another_centre<S: Store>(world: World<S>) {
        let (mut elm, mut oak) = (world.at_elm().await, world.at_oak().await);
        elm.push(family(ELM)).await;
        let phone = edit(Person::KIND, rosa().id.into(), "phone", "01632 960001", None);
        assert_eq!(oak.push(vec![phone.clone()]).await.fate, Fate::Quarantined, "it never was Oak's");
        elm.push(vec![edit(Family::KIND, id(HOME), "centre", OAK.to_string(), None)]).await;
        let late = elm.push(vec![phone]).await;
        assert!(matches!(late.fate, Fate::Applied | Fate::Conflict), "a late write of the old centre");
        let mut reading = world.county.store.reading().await.unwrap();
        let row = reading.record(rosa().id.into()).await.unwrap().unwrap();
        assert_eq!(row.values()["phone"], "01632 960001");
        assert_eq!(world.time.now_ms.load(std::sync::atomic::Ordering::SeqCst), NOW_MS);
    }

    async fn a_family_is_fetched_by_full_name_and_birth_date_and_a_hidden_one_is_not_there<S: Store>(world: World<S>) {
        let (mut elm, mut oak) = (world.at_elm().await, world.at_oak().await);
        elm.push(family(ELM)).await;
        let ask = |given: &str, name: &str, born: &str| FetchRequest {
            given_name: given.to_owned(), family_name: name.to_owned(), birth_date: born.to_owned(), author: id(0x05e4),
        };
        for (given, name, born) in [
            ("Rosa", "Nowa", "1996-04-03"), ("Ros", "Nowak", "1996-04-03"), ("Rosa", "Nowak", "1996-04-04"),
            ("Nowak", "Rosa", "1996-04-03"),
        ] {
            let answer = world.county.fetch(oak.number, &ask(given, name, born)).await.unwrap();
            assert!(answer.families.is_empty(), "{given} {name} {born}");
        }
        for (given, name, born) in [
            ("", "Nowak", "1996-04-03"), ("Rosa", " - ", "1996-04-03"), ("Rosa", "Nowak", "3 April 1996"),
            ("Rosa", "Nowak", "1996-4-3"), ("Rosa", "Nowak", ""), ("Rosa", &"x".repeat(300), "1996-04-03"),
        ] {
            let answer = world.county.fetch(oak.number, &ask(given, name, born)).await;
            assert!(matches!(answer, Err(Failure::Refused(CountyRefusal::Malformed))), "{given} {name} {born}");
        }
        let found = world.county.fetch(oak.number, &ask(" ROSA", "nowak", "1996-04-03")).await.unwrap();
        assert_eq!(found.families, [id(HOME)]);
        for record in [HOME, 0x105a, 0x7031, 0xb1, 0xb2, 0xa0, 0xd1] {
            assert_eq!(scopes_of(&world, record).await, [ELM, OAK].into(), "{record:x}");
        }
        let rows: Vec<_> = oak.pull_all(100).await.into_iter().flat_map(|page| page.rows).collect();
        assert!(rows.iter().any(|fed| fed.row.id == id(0xd1)));
        let phone = edit(Person::KIND, rosa().id.into(), "phone", "01632 960001", None);
        assert_ne!(oak.push(vec![phone]).await.fate, Fate::Quarantined, "it is Oak's, too");
        let again = world.county.fetch(oak.number, &ask("Rosa", "Nowak", "1996-04-03")).await.unwrap();
        assert_eq!(again, found, "placed twice is placed once");

        let other = world.at_oak().await;
        elm.push(vec![edit(Family::KIND, id(HOME), "protected", true, None)]).await;
        let hidden = world.county.fetch(other.number, &ask("Rosa", "Nowak", "1996-04-03")).await.unwrap();
        let nobody = world.county.fetch(other.number, &ask("Rosa", "Nobody", "1996-04-03")).await.unwrap();
        assert_eq!(serde_json::to_string(&hidden).unwrap(), serde_json::to_string(&nobody).unwrap());
        let log: Vec<_> = world.county.asked().await.unwrap().into_iter().map(|a| (a.device, a.author, a.family)).collect();
        let none = (oak.number, id(0x05e4), None);
        let given = (oak.number, id(0x05e4), Some(id(HOME)));
        let others = (other.number, id(0x05e4), None);
        assert_eq!(log, [none, none, none, none, given, given, others, others], "who asked, and what came of it");

        for _ in 0..18 {
            world.county.fetch(other.number, &ask("Rosa", "Nobody", "1996-04-03")).await.unwrap();
        }
        let slow = world.county.fetch(other.number, &ask("Rosa", "Nobody", "1996-04-03")).await;
        assert!(matches!(slow, Err(Failure::Refused(CountyRefusal::SlowDown))));
        assert!(world.county.fetch(oak.number, &ask("Rosa", "Nobody", "1996-04-03")).await.is_ok(), "each by itself");
        world.pass(60 * 60 * 1000 + 1);
        assert!(world.county.fetch(other.number, &ask("Rosa", "Nobody", "1996-04-03")).await.is_ok());
        assert!(world.county.revoke(other.number).await.unwrap());
        let revoked = world.county.fetch(other.number, &ask("Rosa", "Nobody", "1996-04-03")).await;
        assert!(matches!(revoked, Err(Failure::Refused(CountyRefusal::Revoked))));
    }
}
