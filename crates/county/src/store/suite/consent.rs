//! The rule of consent on the server, whatever devices send and in whatever order.

use std::collections::BTreeSet;

use porch_domain::authority::EndKind;
use porch_domain::id::{DecisionId, PersonId, RecordId as _, derive_photo_subject_id};
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::photo::PhotoSubject;
use porch_domain::withdrawal::WithdrawalHow;
use porch_sync::Change;
use porch_sync::protocol::{CHUNK_BYTES, CountyRefusal, Fate, PullPage, Variant, blob_id};
use uuid::Uuid;

use super::{At, World, on_every_store};
use crate::county::Failure;
use crate::quarantine::{NotLetIn, Reason};
use crate::store::{Device, Reading as _, Store};
use crate::story::{
    ELM, OAK, Shot, decision, edit, end_of, id, make, motherhood, rosa, shot, tom, withdrawal,
};

pub(super) const YES: &[&str] = &["print", "centre_display"];
pub(super) const DECIDED: u128 = 0xd1;

pub(super) fn yes() -> DecisionId {
    id(DECIDED).into()
}

/// Rosa and Tom are registered, and Rosa says yes for Tom.
pub(super) fn family() -> Vec<Change> {
    vec![
        make(&rosa(), ELM),
        make(&tom(), ELM),
        make(&motherhood(), ELM),
        make(&decision(DECIDED, tom().id, YES, &["press"]), ELM),
    ]
}

pub(super) fn of_tom(number: u128) -> Shot {
    shot(number, 5000, &[(tom().id, yes())])
}

async fn device<S: Store>(at: &At<'_, S>) -> Device {
    let mut reading = at.county.store.reading().await.unwrap();
    reading.device(at.number).await.unwrap().unwrap()
}

pub(super) async fn send_blob<S: Store>(
    at: &At<'_, S>,
    blob: Uuid,
    bytes: &[u8],
) -> Result<(), Failure> {
    let device = device(at).await;
    for (chunk, part) in bytes.chunks(CHUNK_BYTES).enumerate() {
        at.county
            .put_chunk(&device, blob, chunk as u32, part)
            .await?;
    }
    Ok(())
}

/// The picture as this device is served it.
pub(super) async fn served<S: Store>(
    at: &At<'_, S>,
    shot: &Shot,
) -> Result<Vec<u8>, CountyRefusal> {
    let id = blob_id(shot.photo.id.into(), Variant::Picture);
    match at.county.chunk(&device(at).await, id, 0).await {
        Ok(bytes) => Ok(bytes),
        Err(Failure::Refused(refusal)) => Err(refusal),
        Err(other) => panic!("{other}"),
    }
}

pub(super) fn is_urgent(pages: &[PullPage], record: u128) -> bool {
    let mut urgent = pages.iter().flat_map(|page| &page.urgent);
    urgent.any(|fed| fed.row.id == id(record))
}

/// Tom's photo is taken in, with its picture.
pub(super) async fn stored<S: Store>(at: &mut At<'_, S>) -> Shot {
    at.push(family()).await;
    let shot = of_tom(0xf0);
    assert_eq!(at.push(shot.changes(ELM)).await.fate, Fate::Applied);
    let id = shot.photo.id.into();
    send_blob(at, blob_id(id, Variant::Picture), &shot.picture)
        .await
        .unwrap();
    send_blob(at, blob_id(id, Variant::Thumbnail), &shot.thumbnail)
        .await
        .unwrap();
    assert_eq!(served(at, &shot).await.unwrap(), shot.picture);
    shot
}

pub(super) async fn refused<S: Store>(at: &mut At<'_, S>, shot: &Shot, why: &str) {
    let outcome = at.push(shot.changes(ELM)).await;
    assert_eq!(outcome.fate, Fate::Removed, "{why}");
    assert!(outcome.removed.contains(&shot.photo.id.into()), "{why}");
    is_not_here(at, shot, why).await;
}

/// It is kept aside: it rests on something that may still come.
async fn waits<S: Store>(at: &mut At<'_, S>, shot: &Shot, why: &str) {
    let outcome = at.push(shot.changes(ELM)).await;
    assert_eq!(outcome.fate, Fate::Quarantined, "{why}");
    is_not_here(at, shot, why).await;
}

async fn is_not_here<S: Store>(at: &mut At<'_, S>, shot: &Shot, why: &str) {
    let blob = blob_id(shot.photo.id.into(), Variant::Picture);
    let sent = send_blob(at, blob, &shot.picture).await;
    assert!(
        matches!(sent, Err(Failure::Refused(CountyRefusal::BlobNotExpected))),
        "{why}"
    );
    let mut reading = at.county.store.reading().await.unwrap();
    assert_eq!(
        reading.record(shot.photo.id.into()).await.unwrap(),
        None,
        "{why}"
    );
}

on_every_store! {
    async fn a_photo_with_consent_goes_to_its_centre_and_no_other<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        assert_eq!(served(&world.at_elm().await, &shot).await.unwrap(), shot.picture);
        assert_eq!(served(&world.at_oak().await, &shot).await, Err(CountyRefusal::Scope));
    }

    async fn a_photo_without_a_yes_is_not_taken_in<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        waits(&mut elm, &of_tom(0xf1), "no decision").await;
        elm.push(family()).await;
        refused(&mut elm, &shot(0xf2, 10, &[]), "of nobody").await;
        refused(&mut elm, &shot(0xf3, 10, &[(rosa().id, yes())]), "another's decision").await;
        refused(&mut elm, &shot(0xf4, 10, &[(tom().id, yes()), (rosa().id, yes())]), "one of two").await;
        let mut miscounted = of_tom(0xf5);
        miscounted.photo.subject_count = 2;
        refused(&mut elm, &miscounted, "somebody in it is not named").await;
        elm.push(vec![make(&decision(0xd2, rosa().id, &[], YES), ELM)]).await;
        let of_rosa = shot(0xf6, 10, &[(rosa().id, id(0xd2).into())]);
        refused(&mut elm, &of_rosa, "she refused").await;
        let mut yes_now = decision(0xd9, rosa().id, YES, &[]);
        yes_now.replaces = vec![id(0xd2).into()];
        elm.push(vec![make(&yes_now, ELM)]).await;
        refused(&mut elm, &of_rosa, "refused once: consent given anew revives nothing").await;
        let mut news = decision(0xd3, rosa().id, &["email"], &[]);
        news.purpose = porch_domain::decision::Purpose::News;
        elm.push(vec![make(&news, ELM)]).await;
        refused(&mut elm, &shot(0xf7, 10, &[(rosa().id, id(0xd3).into())]), "a yes to news is none to pictures").await;
        assert_eq!(elm.push(of_tom(0xf8).changes(ELM)).await.fate, Fate::Applied);
    }

    async fn a_photo_that_came_before_its_decision_is_let_in_after_it<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = of_tom(0xf1);
        waits(&mut elm, &shot, "no decision").await;
        let early = world.county.let_in(elm.number, 1).await;
        assert!(matches!(early, Err(NotLetIn::Refused(Reason::NoSuchRecord))));
        elm.push(family()).await;
        assert_eq!(world.county.let_in(elm.number, 1).await.unwrap().removed, 0);
        let blob = blob_id(shot.photo.id.into(), Variant::Picture);
        send_blob(&elm, blob, &shot.picture).await.unwrap();
        assert_eq!(served(&elm, &shot).await.unwrap(), shot.picture);
    }

    async fn a_decision_that_ended_before_permits_nothing<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        elm.push(family()).await;
        let mut short = decision(0xd4, rosa().id, YES, &[]);
        short.valid_until = Some(short.decided_at);
        elm.push(vec![make(&short, ELM)]).await;
        refused(&mut elm, &shot(0xf1, 10, &[(rosa().id, short.id)]), "over").await;
    }

    async fn a_second_parent_s_no_counts<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        elm.push(family()).await;
        let father = crate::story::person(0xdad, "Jan");
        let mut authority = motherhood();
        authority.id = id(0xa1).into();
        authority.holder = father.id;
        let mut no = decision(0xd5, tom().id, &[], YES);
        no.decider = father.id;
        no.authority = Some(authority.id);
        elm.push(vec![make(&father, ELM), make(&authority, ELM), make(&no, ELM)]).await;
        refused(&mut elm, &of_tom(0xf1), "one said no").await;
    }

    async fn a_no_is_taken_and_a_yes_is_not_when_something_is_missing<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let mut unsigned = decision(0xd5, tom().id, YES, &[]);
        unsigned.signature.0.clear();
        assert_eq!(elm.push(vec![make(&unsigned, ELM)]).await.fate, Fate::Quarantined);
        let mut nobody_s = decision(0xd6, tom().id, YES, &[]);
        nobody_s.authority = None;
        assert_eq!(elm.push(vec![make(&nobody_s, ELM)]).await.fate, Fate::Quarantined);
        let mut nothing = withdrawal(0xee, tom().id, &[], WithdrawalHow::InPerson);
        assert_eq!(elm.push(vec![make(&nothing, ELM)]).await.fate, Fate::Quarantined);
        // Says it was verified, and how says that it was not: as reported.
        (nothing.id, nothing.decisions, nothing.verified) = (id(0xef).into(), vec![yes()], false);
        assert_eq!(elm.push(vec![make(&nothing, ELM)]).await.fate, Fate::Applied);
        assert_eq!(served(&elm, &shot).await, Err(CountyRefusal::BlobNotExpected), "suspended");
        let mut no = decision(0xd7, tom().id, &[], YES);
        no.signature.0.clear();
        no.replaces = vec![yes()];
        assert_eq!(elm.push(vec![make(&no, ELM)]).await.fate, Fate::Applied);
        assert_eq!(served(&elm, &shot).await, Err(CountyRefusal::NotFound), "removed");
    }

    async fn a_yes_counts_by_what_is_known_of_the_age<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let mut own = decision(0xd4, rosa().id, YES, &[]);
        let of_rosa = |number, decision: u128| shot(number, 10, &[(rosa().id, id(decision).into())]);
        elm.push(vec![make(&own, ELM)]).await;
        refused(&mut elm, &of_rosa(0xf1, 0xd4), "nothing is known of her").await;
        let mut ageless = rosa();
        ageless.birth_date = None;
        elm.push(vec![make(&ageless, ELM)]).await;
        refused(&mut elm, &of_rosa(0xf2, 0xd4), "neither her age nor her place").await;
        let place = Membership {
            id: id(0xb1).into(),
            family: id(0xfa).into(),
            person: rosa().id,
            role: MemberRole::ParentCarer,
            parental_responsibility: None,
            ended_on: None,
        };
        // Also when the place comes with the photo.
        let taken = of_rosa(0xf3, 0xd4);
        let mut changes = vec![make(&place, ELM)];
        changes.extend(taken.changes(ELM));
        assert_eq!(elm.push(changes).await.fate, Fate::Applied);
        send_blob(&elm, blob_id(taken.photo.id.into(), Variant::Picture), &taken.picture).await.unwrap();
        assert!(served(&elm, &taken).await.is_ok());
        let young = |born: &str| vec![edit("person", rosa().id.uuid(), "birth_date", born, None)];
        elm.push(young("2015-04-03")).await;
        assert_eq!(served(&elm, &taken).await, Err(CountyRefusal::BlobNotExpected), "suspended");
        elm.push(young("1996-04-03")).await;
        assert!(served(&elm, &taken).await.is_ok(), "put right");
        own.id = id(0xd8).into();
        own.decided_at = "2099-01-01T00:00:00.000Z".parse().unwrap();
        elm.push(vec![make(&own, ELM)]).await;
        refused(&mut elm, &of_rosa(0xf4, 0xd8), "decided on a day to come").await;
    }

    async fn a_photo_is_held_to_every_head_and_to_its_session<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        elm.push(family()).await;
        let mut nowhere = of_tom(0xf1);
        nowhere.photo.session = Some(id(0x5e).into());
        waits(&mut elm, &nowhere, "it is not known what session that was").await;
        let mut over = decision(0xd5, tom().id, YES, &[]);
        over.replaces = vec![yes()];
        over.valid_until = Some(over.decided_at);
        elm.push(vec![make(&over, ELM)]).await;
        refused(&mut elm, &of_tom(0xf2), "named is what the one that is over replaced").await;
    }

    async fn a_caption_goes_with_its_picture<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        elm.push(family()).await;
        let mut said = of_tom(0xf1);
        said.photo.caption = Some("Tom at the sand pit".to_owned());
        assert_eq!(elm.push(said.changes(ELM)).await.fate, Fate::Applied);
        elm.push(vec![make(&withdrawal(0xee, tom().id, &[yes()], WithdrawalHow::InPerson), ELM)]).await;
        let mut reading = world.county.store.reading().await.unwrap();
        let row = reading.record(said.photo.id.into()).await.unwrap().unwrap();
        assert_eq!(row.values().get("caption"), Some(&serde_json::Value::Null));
    }

    async fn a_withdrawal_reaches_everybody_whose_decision_it_names<S: Store>(world: World<S>) {
        let (mut elm, mut oak) = (world.at_elm().await, world.at_oak().await);
        let elsewhere = crate::story::person(0xabe, "Abel");
        elm.push(family()).await;
        oak.push(vec![make(&elsewhere, OAK)]).await;
        // It says that it is about somebody at Oak, and names Tom's decision.
        let after = withdrawal(0xee1, elsewhere.id, &[yes()], WithdrawalHow::InPerson);
        oak.push(vec![make(&after, OAK)]).await;
        assert!(is_urgent(&elm.pull_all(100).await, 0xee1));
        // And before that decision is made.
        let before = withdrawal(0xee2, elsewhere.id, &[id(0xd9).into()], WithdrawalHow::InPerson);
        oak.push(vec![make(&before, OAK)]).await;
        assert!(!is_urgent(&elm.pull_all(100).await, 0xee2));
        elm.push(vec![make(&decision(0xd9, tom().id, YES, &[]), ELM)]).await;
        assert!(is_urgent(&elm.pull_all(100).await, 0xee2));
    }

    async fn a_decision_is_not_altered_by_an_edit<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        elm.push(vec![make(&rosa(), ELM), make(&decision(DECIDED, rosa().id, &[], YES), ELM)]).await;
        let granted = serde_json::json!(YES);
        for changes in [
            vec![edit("decision", id(DECIDED), "granted", granted, Some(elm.pen.version()))],
            vec![edit("decision", id(DECIDED), "refused", serde_json::json!([]), None)],
            vec![make(&decision(DECIDED, rosa().id, YES, &[]), ELM)],
        ] {
            assert_eq!(elm.push(changes).await.fate, Fate::Quarantined);
        }
        refused(&mut elm, &shot(0xf1, 10, &[(rosa().id, yes())]), "it still refuses").await;
    }

    async fn nobody_is_added_to_a_stored_photo<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let subject = |person: PersonId| PhotoSubject {
            id: derive_photo_subject_id(shot.photo.id, person),
            photo: shot.photo.id,
            person,
            decision: yes(),
        };
        assert_eq!(elm.push(vec![make(&subject(rosa().id), ELM)]).await.fate, Fate::Quarantined);
        let mut misnamed = subject(rosa().id);
        misnamed.id = id(0x5b).into();
        assert_eq!(elm.push(vec![make(&misnamed, ELM)]).await.fate, Fate::Quarantined);
        assert!(served(&elm, &shot).await.is_ok());
    }

    async fn a_verified_withdrawal_removes_the_picture_and_travels_first<S: Store>(world: World<S>) {
        let (mut elm, other) = (world.at_elm().await, world.at_elm().await);
        let shot = stored(&mut elm).await;
        let gone = withdrawal(0xee, tom().id, &[yes()], WithdrawalHow::InPerson);
        assert_eq!(elm.push(vec![make(&gone, ELM)]).await.fate, Fate::Applied);
        assert_eq!(served(&elm, &shot).await, Err(CountyRefusal::NotFound));
        let mut reading = world.county.store.reading().await.unwrap();
        for variant in [Variant::Picture, Variant::Thumbnail] {
            let blob = blob_id(shot.photo.id.into(), variant);
            assert_eq!(reading.blob(blob).await.unwrap(), None);
            assert_eq!(reading.chunk(blob, 0).await.unwrap(), None, "its bytes are gone");
        }
        assert!(reading.record(shot.photo.id.into()).await.unwrap().is_some(), "that it existed stays");
        let pages = other.pull_all(1).await;
        assert!(is_urgent(&pages, 0xee));
        let first_rows = pages.iter().position(|page| !page.rows.is_empty()).unwrap();
        let last_urgent = pages.iter().rposition(|page| !page.urgent.is_empty()).unwrap();
        assert!(last_urgent <= first_rows, "no row before all that is urgent");
        let again = elm.push(shot.changes(ELM)).await;
        assert!(again.removed.contains(&shot.photo.id.into()), "it does not come back");
        elm.push(vec![make(&decision(0xd9, tom().id, YES, &[]), ELM)]).await;
        let sent = send_blob(&elm, blob_id(shot.photo.id.into(), Variant::Picture), &shot.picture).await;
        assert!(sent.is_err(), "nor by consent given anew");
    }

    async fn a_withdrawal_may_come_before_its_decision<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let mut wrong = withdrawal(0xee, rosa().id, &[yes()], WithdrawalHow::InPerson);
        wrong.by = None;
        elm.push(vec![make(&wrong, ELM)]).await;
        elm.push(family()).await;
        refused(&mut elm, &of_tom(0xf1), "a no needs no order, and names decisions rather than people").await;
    }

    async fn a_refusal_that_replaces_the_yes_removes<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let mut fewer = decision(0xd6, tom().id, &["print"], &["centre_display", "press"]);
        fewer.replaces = vec![yes()];
        elm.push(vec![make(&fewer, ELM)]).await;
        assert!(served(&elm, &shot).await.is_ok(), "print is still granted");
        let mut no = decision(0xd7, tom().id, &[], YES);
        no.replaces = vec![fewer.id];
        elm.push(vec![make(&no, ELM)]).await;
        assert_eq!(served(&elm, &shot).await, Err(CountyRefusal::NotFound));
        assert!(is_urgent(&elm.pull_all(100).await, 0xd7));
    }

    async fn what_is_only_reported_or_in_doubt_suspends<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        elm.push(vec![make(&end_of(motherhood().id, 0xe0, EndKind::Disputed), ELM)]).await;
        assert_eq!(served(&elm, &shot).await, Err(CountyRefusal::BlobNotExpected));
        let mut reading = world.county.store.reading().await.unwrap();
        let blob = reading.blob(blob_id(shot.photo.id.into(), Variant::Picture)).await.unwrap();
        assert!(blob.is_some_and(|blob| blob.complete), "kept until a person decides");
        assert!(is_urgent(&elm.pull_all(100).await, 0xe0));
        refused(&mut elm, &of_tom(0xf1), "nor is anything new taken in").await;
    }

    async fn a_reported_withdrawal_suspends<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        let call = withdrawal(0xee, tom().id, &[yes()], WithdrawalHow::Reported);
        elm.push(vec![make(&call, ELM)]).await;
        assert_eq!(served(&elm, &shot).await, Err(CountyRefusal::BlobNotExpected));
    }

    async fn an_ended_authority_suspends<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let shot = stored(&mut elm).await;
        elm.push(vec![make(&end_of(motherhood().id, 0xe0, EndKind::Ended), ELM)]).await;
        assert!(served(&elm, &shot).await.is_err());
    }

    async fn a_withdrawal_taken_elsewhere_reaches_the_centre_that_holds_the_person<S: Store>(world: World<S>) {
        let (mut elm, mut oak) = (world.at_elm().await, world.at_oak().await);
        let shot = stored(&mut elm).await;
        let gone = withdrawal(0xee, tom().id, &[yes()], WithdrawalHow::IdentityChecked);
        oak.push(vec![make(&gone, OAK)]).await;
        assert_eq!(served(&elm, &shot).await, Err(CountyRefusal::NotFound));
        assert!(is_urgent(&elm.pull_all(100).await, 0xee));
        let mut reading = world.county.store.reading().await.unwrap();
        assert_eq!(reading.scopes_of(id(0xee)).await.unwrap(), BTreeSet::from([ELM, OAK]));
    }

    async fn blobs_come_in_order_whole_and_as_declared<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        elm.push(family()).await;
        let shot = shot(0xf0, CHUNK_BYTES + 10, &[(tom().id, yes())]);
        elm.push(shot.changes(ELM)).await;
        let (county, device) = (elm.county, device(&elm).await);
        let blob = blob_id(shot.photo.id.into(), Variant::Picture);
        let (first, last) = shot.picture.split_at(CHUNK_BYTES);
        let refusal = async |chunk, bytes: &[u8]| match county.put_chunk(&device, blob, chunk, bytes).await {
            Err(Failure::Refused(refusal)) => refusal,
            _ => panic!("was not refused"),
        };
        assert_eq!(refusal(1, last).await, CountyRefusal::BlobNotExpected, "the first is missing");
        assert_eq!(refusal(0, last).await, CountyRefusal::Malformed, "too short");
        assert_eq!(refusal(2, last).await, CountyRefusal::Malformed, "beyond the end");
        let state = county.put_chunk(&device, blob, 0, first).await.unwrap();
        assert_eq!((state.chunks, state.complete), (1, false));
        assert_eq!(served(&elm, &shot).await, Err(CountyRefusal::NotFound), "not yet whole");
        assert_eq!(county.put_chunk(&device, blob, 0, first).await.unwrap(), state, "again");
        let mut other = first.to_vec();
        other[7] ^= 1;
        assert_eq!(refusal(0, &other).await, CountyRefusal::Malformed, "another one in its place");
        let mut wrong = last.to_vec();
        wrong[0] ^= 1;
        assert_eq!(refusal(1, &wrong).await, CountyRefusal::Malformed, "not the declared digest");
        assert_eq!(county.blob_state(&device, blob).await.unwrap().chunks, 0, "all of it is dropped");
        county.put_chunk(&device, blob, 0, first).await.unwrap();
        let state = county.put_chunk(&device, blob, 1, last).await.unwrap();
        assert!(state.complete);
        assert_eq!(county.chunk(&device, blob, 1).await.unwrap(), last);
        let stranger = Device { scopes: [OAK].into(), ..device.clone() };
        assert!(matches!(
            county.put_chunk(&stranger, blob, 0, first).await,
            Err(Failure::Refused(CountyRefusal::Scope))
        ));
    }
}
