//! Publications on the server: where they lie, that none is refused for want of permission, and that an erasure leaves
//! them, of nobody.

use porch_domain::catalogue::Record;
use porch_domain::publication::{Publication, Takedown, TakedownOutcome};
use porch_domain::time::Instant;
use porch_domain::withdrawal::WithdrawalHow;
use porch_sync::Change;
use porch_sync::protocol::Fate;
use uuid::Uuid;

use super::consent::{DECIDED, family, of_tom, stored};
use super::erasure::order;
use super::{World, on_every_store};
use crate::kinds;
use crate::quarantine::Reason;
use crate::store::{Reading as _, Store};
use crate::story::{ELM, NOW_MS, OAK, id, make, tom, withdrawal};

fn publication(number: u128, photo: Uuid) -> Publication {
    let now = Instant::from_unix_ms(NOW_MS as i64);
    Publication {
        id: id(number).into(),
        photo: Some(photo.into()),
        channel: "print".parse().unwrap(),
        place: "The spring leaflet".to_owned(),
        attribution: None,
        live_from: now.utc().date_naive(),
        published_by: id(0x05e4).into(),
        published_at: now,
    }
}

fn takedown(number: u128, publication: u128) -> Takedown {
    let now = Instant::from_unix_ms(NOW_MS as i64);
    Takedown {
        id: id(number).into(),
        publication: id(publication).into(),
        outcome: TakedownOutcome::StockWithdrawn,
        proof: "The box was emptied.".to_owned(),
        ended_on: now.utc().date_naive(),
        recorded_by: id(0x05e4).into(),
        recorded_at: now,
    }
}

/// Without its fields of that name.
fn without(mut change: Change, field: &str) -> Change {
    change.fields.remove(field);
    change
}

async fn photo_of<S: Store>(world: &World<S>, publication: u128) -> Option<Uuid> {
    let mut reading = world.county.store.reading().await.unwrap();
    let row = reading.record(id(publication)).await.unwrap().unwrap();
    kinds::id_in(&row.values(), "photo")
}

on_every_store! {
    async fn a_publication_lies_where_its_photo_does<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let photo = shot.photo.id.into();
        let made = elm.push(vec![make(&publication(0xb1, photo), ELM)]).await;
        assert_eq!(made.fate, Fate::Applied);
        let ended = elm.push(vec![make(&takedown(0xb2, 0xb1), ELM)]).await;
        assert_eq!(ended.fate, Fate::Applied);
        let mut reading = world.county.store.reading().await.unwrap();
        for record in [0xb1, 0xb2] {
            assert_eq!(reading.scopes_of(id(record)).await.unwrap(), [ELM].into());
        }
        drop(reading);
        // Nobody says of another centre's picture where it is, nor that it is there no longer.
        let mut oak = world.at_oak().await;
        for foreign in [
            make(&publication(0xb3, photo), OAK),
            make(&takedown(0xb4, 0xb1), OAK),
        ] {
            assert_eq!(oak.push(vec![foreign]).await.fate, Fate::Quarantined);
        }
        let kept = world.county.waiting().await.unwrap();
        assert!(kept.iter().all(|kept| kept.reason == Reason::OutOfScope.word()));
    }

    async fn what_is_out_there_is_heard_of_whatever_is_permitted<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let photo = shot.photo.id.into();
        let all = withdrawal(0x3d, tom().id, &[id(DECIDED).into()], WithdrawalHow::InPerson);
        elm.push(vec![make(&all, ELM)]).await;
        // Made offline, before that desk had heard.
        let late = elm.push(vec![make(&publication(0xb1, photo), ELM)]).await;
        assert_eq!(late.fate, Fate::Applied);
        // Of a photo that nobody has heard of yet, after a restore say.
        let unknown = elm.push(vec![make(&publication(0xb2, id(0xf9)), ELM)]).await;
        assert_eq!(unknown.fate, Fate::Applied);
        let early = elm.push(vec![make(&takedown(0xb3, 0xb9), ELM)]).await;
        assert_eq!(early.fate, Fate::Applied);
    }

    async fn what_is_no_publication_is_kept_aside<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let photo = shot.photo.id.into();
        let mut nowhere = publication(0xb1, photo);
        nowhere.place = " ".to_owned();
        let mut unproved = takedown(0xb2, 0xb1);
        unproved.proof = String::new();
        for malformed in [
            make(&nowhere, ELM),
            make(&unproved, ELM),
            without(make(&publication(0xb3, photo), ELM), "channel"),
            without(make(&takedown(0xb4, 0xb1), ELM), Takedown::entry().fields[0].name),
        ] {
            assert_eq!(elm.push(vec![malformed]).await.fate, Fate::Quarantined);
        }
        let kept = world.county.waiting().await.unwrap();
        assert_eq!(kept.len(), 4);
        assert!(kept.iter().all(|kept| kept.reason == Reason::MalformedRecord.word()));
        // Nor is one ever written over.
        elm.push(vec![make(&publication(0xb5, photo), ELM)]).await;
        let mut moved = publication(0xb5, photo);
        moved.place = "Somewhere else".to_owned();
        assert_eq!(elm.push(vec![make(&moved, ELM)]).await.fate, Fate::Quarantined);
    }

    async fn a_photo_that_comes_too_late_is_nobodys_where_it_was_published<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        elm.push(family()).await;
        elm.push(vec![make(&order(0x0d, tom().id), ELM)]).await;
        // A desk that has not heard of it took a photo of him, and published it.
        let mut late = world.at_elm().await;
        let shot = of_tom(0xf0);
        assert_eq!(late.push(shot.changes(ELM)).await.fate, Fate::Removed);
        let published = late.push(vec![make(&publication(0xb1, shot.photo.id.into()), ELM)]).await;
        assert_eq!(published.fate, Fate::Applied);
        assert_eq!(photo_of(&world, 0xb1).await, None, "as on that desk, once it hears of it");
    }

    async fn an_erasure_leaves_what_is_to_be_taken_down<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let photo: Uuid = shot.photo.id.into();
        elm.push(vec![make(&publication(0xb1, photo), ELM)]).await;
        assert_eq!(photo_of(&world, 0xb1).await, Some(photo));
        elm.push(vec![make(&order(0x0d, tom().id), ELM)]).await;
        assert_eq!(photo_of(&world, 0xb1).await, None, "it is of nobody now");
        let certificate = world.county.erasure(id(0x0d)).await.unwrap().unwrap();
        assert_eq!(certificate.told.cleared.get("publication"), Some(&1));
        let pages = elm.pull_all(100).await;
        let mut given = pages.iter().flat_map(|page| &page.rows);
        let given = given.find(|fed| fed.row.id == id(0xb1)).unwrap();
        assert_eq!(kinds::id_in(&given.row.values(), "photo"), None, "and every device is told");
        // Another desk sends its own after that.
        let late = elm.push(vec![make(&publication(0xb2, photo), ELM)]).await;
        assert_eq!(late.fate, Fate::Applied);
        assert_eq!(photo_of(&world, 0xb2).await, None);
    }
}
