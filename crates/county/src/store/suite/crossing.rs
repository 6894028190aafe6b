//! Consent and photos that cross: one transaction is in the middle of its unit of work when another
//! comes that bears on the same person.

use porch_domain::authority::EndKind;
use porch_domain::channel::Channel;
use porch_domain::decision::{Capacity, Decision};
use porch_domain::withdrawal::{Withdrawal, WithdrawalHow};
use porch_sync::protocol::{Fate, PushAnswer, Variant, blob_id};
use porch_sync::{Change, SealedTransaction};

use super::concurrent::does_wait;
use super::erasure::{order, visit};
use super::{At, World, on_every_store};
use crate::county::Failure;
use crate::store::{Reading as _, Store, Work as _};
use crate::story::{
    ELM, NOW_MS, OAK, Shot, decision, edit, end_of, id, make, motherhood, person, rosa, shot, tom,
    withdrawal,
};
use crate::take_in::{Merged, TakenIn, publish, take_in};

/// Takes a transaction in and stops before its sequences: its scopes are not yet held, so that who
/// waits for it waits for what it concerns.
async fn in_the_middle<S: Store>(at: &mut At<'_, S>, changes: Vec<Change>) -> First<S> {
    let transaction = at.pen.write(changes).open().unwrap().unwrap();
    let mut work = at.county.store.begin().await.unwrap();
    let device = work.lock_device(at.number).await.unwrap().unwrap();
    match take_in(&mut work, &device, &transaction, NOW_MS).await {
        Ok(TakenIn::Merged(merged)) => First { work, merged },
        Ok(TakenIn::Quarantined(reason)) => panic!("was not taken in: {}", reason.word()),
        _ => panic!("was not taken in"),
    }
}

struct First<S: Store> {
    work: S::Work,
    merged: Merged,
}

impl<S: Store> First<S> {
    async fn commit(mut self) {
        let key = porch_sync::Bytes([3; 32]);
        publish(&mut self.work, &mut self.merged, &key)
            .await
            .unwrap();
        self.work.commit().await.unwrap();
    }
}

/// Pushes; the answer comes only after the first has committed.
async fn crossed<S: Store>(
    first: First<S>,
    at: &At<'_, S>,
    sealed: SealedTransaction,
) -> PushAnswer {
    let second = at.send(vec![sealed]);
    tokio::pin!(second);
    does_wait(second.as_mut(), "they bear on the same person").await;
    first.commit().await;
    let answered: Result<PushAnswer, Failure> = second.await;
    answered.unwrap()
}

/// Tom with a decision for pictures in print and on the centre's wall.
async fn family<S: Store>(at: &mut At<'_, S>) {
    let yes = decision(0xd1, tom().id, &["print", "centre_display"], &[]);
    let fate = at
        .push(vec![
            make(&rosa(), ELM),
            make(&tom(), ELM),
            make(&motherhood(), ELM),
            make(&yes, ELM),
        ])
        .await
        .fate;
    assert_eq!(fate, Fate::Applied);
}

fn of_tom(number: u128) -> Shot {
    shot(number, 10, &[(tom().id, id(0xd1).into())])
}

fn withdrawn(number: u128) -> Withdrawal {
    withdrawal(
        number,
        tom().id,
        &[id(0xd1).into()],
        WithdrawalHow::InPerson,
    )
}

async fn is_gone<S: Store>(world: &World<S>, shot: &Shot) -> bool {
    let photo = shot.photo.id.into();
    let mut reading = world.county.store.reading().await.unwrap();
    let blob = reading
        .blob(blob_id(photo, Variant::Picture))
        .await
        .unwrap();
    reading.is_removed(photo).await.unwrap() && blob.is_none()
}

on_every_store! {
    async fn a_photo_that_comes_while_its_consent_is_withdrawn_is_refused<S: Store>(world: World<S>) {
        let (mut elm, mut oak) = (world.at_elm().await, world.at_oak().await);
        family(&mut elm).await;
        // Taken at another centre; it counts for the decision that it names, whoever it says it is about.
        let mut gone = withdrawn(0xee1);
        gone.subject = person(0x9999, "Eve").id;
        let shot = of_tom(0xf1);
        let first = in_the_middle(&mut oak, vec![make(&gone, OAK)]).await;
        let photo = elm.pen.write(shot.changes(ELM));
        let answer = crossed::<S>(first, &elm, photo).await;
        assert_eq!(answer.outcomes[0].fate, Fate::Removed);
        assert!(is_gone(&world, &shot).await);
    }

    async fn a_withdrawal_that_comes_while_a_photo_is_taken_in_takes_it_down<S: Store>(world: World<S>) {
        let (mut elm, mut oak) = (world.at_elm().await, world.at_oak().await);
        family(&mut elm).await;
        let shot = of_tom(0xf1);
        let first = in_the_middle(&mut elm, shot.changes(ELM)).await;
        let no = oak.pen.write(vec![make(&withdrawn(0xee1), OAK)]);
        let answer = crossed::<S>(first, &oak, no).await;
        assert_eq!(answer.outcomes[0].fate, Fate::Applied);
        assert!(is_gone(&world, &shot).await, "found though it was not there when the withdrawal came");
        let mut reading = world.county.store.reading().await.unwrap();
        let scopes = reading.scopes_of(id(0xee1)).await.unwrap();
        assert!(scopes.contains(&ELM), "where the photo is, its withdrawal is known");
    }

    async fn two_withdrawals_of_a_channel_each_take_the_photo_down_together<S: Store>(world: World<S>) {
        let (mut elm, mut oak) = (world.at_elm().await, world.at_oak().await);
        family(&mut elm).await;
        let shot = of_tom(0xf1);
        assert_eq!(elm.push(shot.changes(ELM)).await.fate, Fate::Applied);
        let of = |number, channel: Channel| Withdrawal { channels: Some(vec![channel]), ..withdrawn(number) };
        let first = in_the_middle(&mut elm, vec![make(&of(0xee1, Channel::Print), ELM)]).await;
        let other = oak.pen.write(vec![make(&of(0xee2, Channel::CentreDisplay), OAK)]);
        crossed::<S>(first, &oak, other).await;
        assert!(is_gone(&world, &shot).await, "no channel is left");
    }

    async fn an_authority_that_ends_while_a_photo_is_taken_in_is_known_where_the_photo_is<S: Store>(world: World<S>) {
        let (mut elm, mut oak) = (world.at_elm().await, world.at_oak().await);
        family(&mut elm).await;
        let shot = of_tom(0xf1);
        let first = in_the_middle(&mut elm, shot.changes(ELM)).await;
        let end = oak.pen.write(vec![make(&end_of(motherhood().id, 0xee1, EndKind::Ended), OAK)]);
        crossed::<S>(first, &oak, end).await;
        let mut reading = world.county.store.reading().await.unwrap();
        assert!(reading.scopes_of(id(0xee1)).await.unwrap().contains(&ELM));
    }

    async fn a_chunk_that_comes_while_its_photo_is_taken_down_finds_none<S: Store>(world: World<S>) {
        let (mut elm, mut oak) = (world.at_elm().await, world.at_oak().await);
        family(&mut elm).await;
        let shot = of_tom(0xf1);
        elm.push(shot.changes(ELM)).await;
        let device = world.county.devices().await.unwrap().into_iter().find(|d| d.number == elm.number).unwrap();
        let blob = blob_id(shot.photo.id.into(), Variant::Picture);
        let first = in_the_middle(&mut oak, vec![make(&withdrawn(0xee1), OAK)]).await;
        let second = world.county.put_chunk(&device, blob, 0, &shot.picture);
        tokio::pin!(second);
        does_wait(second.as_mut(), "the photo is held").await;
        first.commit().await;
        assert!(matches!(second.await, Err(Failure::Refused(_))));
        assert!(is_gone(&world, &shot).await);
        let chunk = world.county.store.reading().await.unwrap().chunk(blob, 0).await.unwrap();
        assert_eq!(chunk, None, "and no bytes were left behind");
    }

    async fn what_comes_about_somebody_who_is_being_erased_is_too_late<S: Store>(world: World<S>) {
        let (mut elm, mut other) = (world.at_elm().await, world.at_elm().await);
        family(&mut elm).await;
        let first = in_the_middle(&mut elm, vec![make(&order(0x0d, tom().id), ELM)]).await;
        let late = other.pen.write(vec![make(&visit(0xa9, tom().id), ELM), make(&person(0xbea, "Bea"), ELM)]);
        let answer = crossed(first, &other, late).await;
        assert_eq!((answer.outcomes[0].fate, answer.outcomes[0].removed.as_slice()), (Fate::Removed, &[id(0xa9)][..]));
        let mut reading = world.county.store.reading().await.unwrap();
        for gone in [id(0xa9), tom().id.into()] {
            assert_eq!(reading.record(gone).await.unwrap(), None);
        }
        assert!(reading.record(id(0xbea)).await.unwrap().is_some());
    }

    async fn what_is_kept_aside_while_somebody_is_erased_does_not_name_them<S: Store>(world: World<S>) {
        let (mut elm, mut other) = (world.at_elm().await, world.at_elm().await);
        family(&mut elm).await;
        let first = in_the_middle(&mut elm, vec![make(&order(0x0d, tom().id), ELM)]).await;
        let unknown = edit("shoe", id(0x5e), "wearer", tom().id.to_string(), None);
        let late = other.pen.write(vec![unknown]);
        let answer = crossed(first, &other, late).await;
        assert_eq!(answer.outcomes[0].fate, Fate::Quarantined);
        let kept = world.county.store.reading().await.unwrap().quarantined(other.number).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert!(!kept[0].sealed.body.as_deref().unwrap_or_default().contains(&tom().id.to_string()));
    }

    async fn an_erasure_takes_along_what_was_written_while_it_waited<S: Store>(world: World<S>) {
        let (mut elm, mut other) = (world.at_elm().await, world.at_elm().await);
        family(&mut elm).await;
        let first = in_the_middle(&mut other, vec![make(&visit(0xa9, tom().id), ELM)]).await;
        let erasing = elm.pen.write(vec![make(&order(0x0d, tom().id), ELM)]);
        let answer = crossed(first, &elm, erasing).await;
        assert_eq!(answer.outcomes[0].fate, Fate::Applied);
        let mut reading = world.county.store.reading().await.unwrap();
        assert_eq!(reading.record(id(0xa9)).await.unwrap(), None);
        let told = world.county.erasure(id(0x0d)).await.unwrap().unwrap().told;
        assert_eq!(told.removed["attendance"], 1);
    }
}

/// The embedded store has one writer; the others keep only those apart that bear on each other.
async fn who_has_nothing_to_do_with_it_does_not_wait<S: Store>(world: World<S>) {
    let (mut elm, mut oak) = (world.at_elm().await, world.at_oak().await);
    family(&mut elm).await;
    let mut ann = person(0xa22, "Ann");
    ann.birth_date = "1991-02-01".parse().ok();
    let yes = Decision {
        decider: ann.id,
        capacity: Capacity::Own,
        authority: None,
        ..decision(0xd2, ann.id, &["print"], &[])
    };
    oak.push(vec![make(&ann, OAK), make(&yes, OAK)]).await;
    let first = in_the_middle(&mut elm, vec![make(&withdrawn(0xee1), ELM)]).await;
    // Consent and a photo of somebody else, and the desk's daily work on others.
    let shot = shot(0xf2, 10, &[(ann.id, yes.id)]);
    assert_eq!(oak.push(shot.changes(OAK)).await.fate, Fate::Applied);
    let phone = edit("person", ann.id.into(), "language", "pl", None);
    assert_ne!(oak.push(vec![phone]).await.fate, Fate::Quarantined);
    first.commit().await;
}

/// What came while it waited for its locks is not held by them, so it begins anew.
async fn who_was_overtaken_is_told_so<S: Store>(world: World<S>) {
    let (mut elm, mut oak) = (world.at_elm().await, world.at_oak().await);
    family(&mut elm).await;
    let first = in_the_middle(&mut elm, of_tom(0xf1).changes(ELM)).await;
    let no = oak.pen.write(vec![make(&withdrawn(0xee1), OAK)]);
    let no = no.open().unwrap().unwrap();
    let second = async {
        let mut work = world.county.store.begin().await.unwrap();
        let device = work.lock_device(oak.number).await.unwrap().unwrap();
        take_in(&mut work, &device, &no, NOW_MS).await.unwrap()
    };
    tokio::pin!(second);
    does_wait(second.as_mut(), "they bear on the same person").await;
    first.commit().await;
    assert!(matches!(second.await, TakenIn::Overtaken));
}

#[tokio::test]
async fn in_memory_who_was_overtaken_is_told_so() {
    who_was_overtaken_is_told_so(super::in_memory().await).await;
}

#[cfg(unix)]
#[tokio::test]
async fn in_postgres_who_was_overtaken_is_told_so() {
    who_was_overtaken_is_told_so(super::in_postgres(&crate::throwaway::database()).await).await;
}

#[tokio::test]
async fn in_memory_others_do_not_wait() {
    who_has_nothing_to_do_with_it_does_not_wait(super::in_memory().await).await;
}

#[cfg(unix)]
#[tokio::test]
async fn in_postgres_others_do_not_wait() {
    who_has_nothing_to_do_with_it_does_not_wait(
        super::in_postgres(&crate::throwaway::database()).await,
    )
    .await;
}
