//! Pictures of crowds on the server, and objections: what they remove, and what they cannot.

use porch_domain::id::derive_expiry_id;
use porch_domain::photo::{Objection, ObjectionGround, Photo};
use porch_domain::time::Instant;
use porch_sync::protocol::{CountyRefusal, Fate, Variant, blob_id};
use uuid::Uuid;

use super::consent::{family, is_urgent, of_tom, refused, send_blob, served, stored, yes};
use super::erasure::order;
use super::{World, on_every_store};
use crate::quarantine::Reason;
use crate::store::{Reading as _, Store};
use crate::story::{ELM, NOW_MS, OAK, Shot, id, make, shot, tom};

fn crowd(number: u128) -> Shot {
    let mut crowd = shot(number, 3000, &[]);
    crowd.photo.public_place = Some("The lantern walk in Mill Park".to_owned());
    crowd
}

fn objection(number: u128, photo: Uuid) -> Objection {
    Objection {
        id: id(number).into(),
        photo: photo.into(),
        ground: ObjectionGround::Asked,
        recorded_by: id(0x05e4).into(),
        recorded_at: Instant::from_unix_ms(NOW_MS as i64),
    }
}

on_every_store! {
    async fn a_crowd_is_taken_in_without_consent_and_goes_by_an_objection<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let crowd = crowd(0xf1);
        let photo: Uuid = crowd.photo.id.into();
        assert_eq!(elm.push(crowd.changes(ELM)).await.fate, Fate::Applied);
        for (variant, bytes) in [(Variant::Picture, &crowd.picture), (Variant::Thumbnail, &crowd.thumbnail)] {
            send_blob(&elm, blob_id(photo, variant), bytes).await.unwrap();
        }
        assert_eq!(served(&world.at_elm().await, &crowd).await.unwrap(), crowd.picture);
        assert_eq!(served(&world.at_oak().await, &crowd).await, Err(CountyRefusal::Scope));
        assert_eq!(elm.push(vec![make(&objection(0x0b, photo), ELM)]).await.fate, Fate::Applied);
        assert!(served(&world.at_elm().await, &crowd).await.is_err());
        let mut reading = world.county.store.reading().await.unwrap();
        assert!(reading.is_removed(photo).await.unwrap());
        assert_eq!(reading.blob(blob_id(photo, Variant::Picture)).await.unwrap(), None);
        drop(reading);
        assert!(is_urgent(&elm.pull_all(100).await, 0x0b), "every device hears of it first");
        refused(&mut elm, &of_nobody(0xf2), "of nobody, and no crowd").await;
    }

    async fn what_is_no_crowd_is_kept_aside<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let spoiled: [fn(&mut Photo); 3] = [
            |odd| odd.public_place = Some(" \n".to_owned()),
            |odd| odd.session = Some(id(0x5e).into()),
            |odd| odd.subject_count = 1,
        ];
        for (number, spoil) in (0xf1..).zip(spoiled) {
            let mut odd = crowd(number);
            spoil(&mut odd.photo);
            assert_eq!(elm.push(odd.changes(ELM)).await.fate, Fate::Quarantined);
        }
        let kept = world.county.waiting().await.unwrap();
        assert!(kept.iter().all(|kept| kept.reason == Reason::MalformedRecord.word()));
        // Somebody is named in it all the same.
        elm.push(family()).await;
        let mut named = of_tom(0xf4);
        named.photo.public_place = Some("Mill Park".to_owned());
        assert_eq!(elm.push(named.changes(ELM)).await.fate, Fate::Quarantined);
        named.photo.subject_count = 0;
        refused(&mut elm, &named, "a crowd with somebody in it").await;
    }

    async fn an_objection_removes_what_is_permitted_and_what_comes_late<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let photo: Uuid = shot.photo.id.into();
        elm.push(vec![make(&objection(0x0b, photo), ELM)]).await;
        assert!(served(&world.at_elm().await, &shot).await.is_err());
        // Before its photo has come, as after a restore; and together with it.
        elm.push(vec![make(&objection(0x0c, id(0xf2)), ELM)]).await;
        refused(&mut elm, &of_tom(0xf2), "somebody objected").await;
        let late = of_tom(0xf3);
        let mut together = late.changes(ELM);
        together.push(make(&objection(0x0d, late.photo.id.into()), ELM));
        assert_eq!(elm.push(together).await.fate, Fate::Removed);
        assert!(served(&world.at_elm().await, &late).await.is_err());
    }

    async fn nothing_but_a_photo_goes_by_an_objection<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        elm.push(family()).await;
        // Some ids can be worked out before there is a record: the end of Rosa's Yes for Tom.
        let end = derive_expiry_id(yes());
        for (number, named) in [(0x0b, tom().id.into()), (0x0c, end.into())] {
            let outcome = elm.push(vec![make(&objection(number, named), ELM)]).await;
            assert_eq!(outcome.fate, Fate::Applied);
            let mut reading = world.county.store.reading().await.unwrap();
            assert!(!reading.is_removed(named).await.unwrap());
        }
    }

    async fn a_no_of_another_centre_counts_though_it_is_kept_aside<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let photo: Uuid = shot.photo.id.into();
        let mut oak = world.at_oak().await;
        let foreign = oak.push(vec![make(&objection(0x0b, photo), OAK)]).await;
        assert_eq!(foreign.fate, Fate::Quarantined);
        let mut reading = world.county.store.reading().await.unwrap();
        assert!(reading.is_removed(photo).await.unwrap());
        assert!(reading.scopes_of(id(0x0b)).await.unwrap().contains(&ELM), "it lies where the photo does");
    }

    async fn an_objection_goes_with_whoever_was_in_the_photo<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let photo: Uuid = shot.photo.id.into();
        elm.push(vec![make(&objection(0x0b, photo), ELM)]).await;
        elm.push(vec![make(&order(0x0d, tom().id), ELM)]).await;
        let mut reading = world.county.store.reading().await.unwrap();
        assert_eq!(reading.record(id(0x0b)).await.unwrap(), None);
        drop(reading);
        let late = elm.push(vec![make(&objection(0x0e, photo), ELM)]).await;
        assert_eq!(late.fate, Fate::Removed);
    }
}

/// A picture in which nobody is named, and which is of no crowd.
fn of_nobody(number: u128) -> Shot {
    let mut odd = crowd(number);
    odd.photo.public_place = None;
    odd
}
