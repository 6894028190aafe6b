//! What was kept aside: nothing waits for it, a No in it counts, and a person has the say.

use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;
use porch_domain::withdrawal::{Withdrawal, WithdrawalHow};
use porch_sync::protocol::{Fate, Variant, blob_id};
use porch_sync::{Change, Row};
use uuid::Uuid;

use super::{World, on_every_store};
use crate::backup::Reach;
use crate::quarantine::{NotLetIn, Reason};
use crate::store::{Reading as _, Store, StoreFailure};
use crate::story::{
    ELM, OAK, decision, edit, id, make, motherhood, person, rosa, shot, tom, withdrawal,
};

async fn stored<S: Store>(world: &World<S>, id: Uuid) -> Option<Row> {
    let mut reading = world.county.store.reading().await.unwrap();
    reading.record(id).await.unwrap()
}

fn no() -> Withdrawal {
    let yes = decision(0xd1, rosa().id, &["press"], &[]);
    withdrawal(0x11, rosa().id, &[yes.id], WithdrawalHow::InPerson)
}

/// A change that no server of this version understands.
fn puzzle() -> Change {
    let mut change = make(&person(0x99, "Eve"), ELM);
    change.kind = "spell".to_owned();
    change
}

on_every_store! {
    async fn a_withdrawal_beside_something_not_understood_counts_at_once<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        let yes = decision(0xd1, rosa().id, &["press"], &[]);
        one.push(vec![make(&rosa(), ELM), make(&yes, ELM)]).await;
        let shot = shot(0xf0, 2000, &[(rosa().id, yes.id)]);
        assert_eq!(one.push(shot.changes(ELM)).await.fate, Fate::Applied);
        let outcome = one.push(vec![puzzle(), make(&no(), ELM), make(&tom(), ELM)]).await;
        assert_eq!(outcome.fate, Fate::Quarantined);
        assert!(stored(&world, no().id.into()).await.is_some(), "No wins");
        assert_eq!(stored(&world, tom().id.into()).await, None, "the rest stays aside");
        let mut reading = world.county.store.reading().await.unwrap();
        let photo = shot.photo.id.into();
        assert!(reading.is_removed(photo).await.unwrap());
        assert_eq!(reading.blob(blob_id(photo, Variant::Picture)).await.unwrap(), None);
        let urgent = reading.urgent(&[ELM].into(), 0, 10).await.unwrap();
        assert_eq!(urgent.len(), 1, "every device of the centre hears of it first");
        assert_eq!(one.push(vec![make(&tom(), ELM)]).await.fate, Fate::Applied, "nothing is blocked");
    }

    async fn a_no_counts_whatever_is_wrong_around_it_unless_it_cannot_be_read<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        one.push(vec![make(&rosa(), ELM)]).await;
        let refusal = decision(0xd2, rosa().id, &[], &["press"]);
        // In a scope that is not the device's.
        assert_eq!(one.push(vec![make(&refusal, OAK)]).await.fate, Fate::Quarantined);
        assert!(stored(&world, refusal.id.into()).await.is_some());
        let mut reading = world.county.store.reading().await.unwrap();
        assert_eq!(reading.scopes_of(refusal.id.into()).await.unwrap(), [ELM].into());
        // Under a digest that does not fit.
        let mut changed = one.pen.write(vec![make(&no(), ELM), make(&tom(), ELM)]);
        changed.body = changed.body.map(|body| body.replace("Nowak", "Nowok"));
        let answer = one.send(vec![changed]).await.unwrap();
        assert_eq!(answer.outcomes[0].fate, Fate::Quarantined);
        assert!(stored(&world, no().id.into()).await.is_some());
        assert_eq!(stored(&world, tom().id.into()).await, None);
        // Not of its form: nobody can tell what it says.
        let mut garbled = make(&withdrawal(0x12, rosa().id, &[refusal.id], WithdrawalHow::InPerson), ELM);
        garbled.fields.remove("purpose");
        assert_eq!(one.push(vec![garbled]).await.fate, Fate::Quarantined);
        assert_eq!(stored(&world, id(0x12)).await, None);
        // A Yes stays aside with the rest.
        let yes = decision(0xd3, rosa().id, &["press"], &[]);
        assert_eq!(one.push(vec![puzzle(), make(&yes, ELM)]).await.fate, Fate::Quarantined);
        assert_eq!(stored(&world, yes.id.into()).await, None);
        assert_eq!(world.county.waiting().await.unwrap().len(), 4);
    }

    async fn a_person_lets_in_what_was_only_out_of_scope_or_too_early<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        let early = edit(Person::KIND, tom().id.into(), "phone", "1", None);
        assert_eq!(one.push(vec![early]).await.fate, Fate::Quarantined);
        assert_eq!(one.push(vec![make(&rosa(), OAK)]).await.fate, Fate::Quarantined);
        let waiting = world.county.waiting().await.unwrap();
        let told: Vec<_> = waiting.iter().map(|w| (w.sequence, w.reason.as_str())).collect();
        assert_eq!(told, [(1, "no_such_record"), (2, "out_of_scope")]);
        assert_eq!(waiting[1].records, [("person".to_owned(), rosa().id.into())]);
        let refused = world.county.let_in(one.number, 1).await;
        assert!(matches!(refused, Err(NotLetIn::Refused(Reason::NoSuchRecord))), "still too early");
        one.push(vec![make(&tom(), ELM)]).await;
        let lost = world.county.let_in(one.number, 1).await.unwrap().lost;
        assert_eq!(lost.len(), 1, "it had seen no value");
        let mut reading = world.county.store.reading().await.unwrap();
        let kept = reading.received(one.number, 1).await.unwrap().unwrap().outcome;
        assert_eq!((kept.fate, kept.conflicts), (Fate::Quarantined, lost), "neither is lost");
        assert_eq!(world.county.let_in(one.number, 2).await.unwrap().lost, []);
        assert!(matches!(world.county.let_in(one.number, 2).await, Err(NotLetIn::NoSuch)), "once");
        assert_eq!(world.county.waiting().await.unwrap(), []);
        let pages = world.at_oak().await.pull_all(10).await;
        let rows = pages.iter().flat_map(|page| &page.rows);
        assert!(rows.into_iter().any(|fed| fed.row.id == Uuid::from(rosa().id)), "Oak gets it");
    }

    async fn nobody_s_word_lets_in_what_is_malformed_or_does_not_stand<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        one.push(vec![make(&rosa(), ELM)]).await;
        one.push(vec![puzzle()]).await;
        let bad = edit(Person::KIND, rosa().id.into(), "birth_date", "soon", None);
        one.push(vec![bad]).await;
        let shot = shot(0xf0, 2000, &[(rosa().id, id(0xd9).into())]);
        let changes = [shot.changes(ELM), vec![edit(Person::KIND, tom().id.into(), "phone", "1", None)]];
        one.push(changes.concat()).await;
        one.push(vec![make(&tom(), ELM)]).await;
        for (sequence, reason) in [(2, Reason::UnknownKind), (3, Reason::MalformedRecord)] {
            let refused = world.county.let_in(one.number, sequence).await;
            assert!(matches!(refused, Err(NotLetIn::Refused(was)) if was == reason));
        }
        let early = world.county.let_in(one.number, 4).await;
        assert!(matches!(early, Err(NotLetIn::Refused(Reason::NoSuchRecord))), "nobody decided on this photo");
        one.push(vec![make(&decision(0xd9, rosa().id, &[], &["press"]), ELM)]).await;
        let let_in = world.county.let_in(one.number, 4).await.unwrap();
        assert_eq!(let_in.removed, 2, "she said no");
        assert_eq!(stored(&world, shot.photo.id.into()).await, None);
        assert_eq!(world.county.waiting().await.unwrap().len(), 2, "they stay for another day");
    }

    async fn what_a_person_discards_is_gone<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        one.push(vec![puzzle()]).await;
        assert!(!world.county.discard(one.number, 7).await.unwrap(), "another number");
        assert!(world.county.discard(one.number, 1).await.unwrap());
        assert!(!world.county.discard(one.number, 1).await.unwrap());
        assert_eq!(world.county.waiting().await.unwrap(), []);
        assert_eq!(one.push(vec![make(&tom(), ELM)]).await.fate, Fate::Applied);
    }

    async fn digests_are_of_all_that_is_pulled<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        one.push(vec![make(&rosa(), ELM), make(&tom(), ELM)]).await;
        one.push(vec![edit(Person::KIND, rosa().id.into(), "phone", "1", None)]).await;
        one.push(vec![make(&person(0x99, "Eve"), ELM)]).await;
        let pages = one.pull_all(2).await;
        let digests = pages.last().unwrap().digests.clone().unwrap();
        for digest in &digests.scopes {
            let rows = pages.iter().filter(|page| page.place.is_some_and(|p| p.scope == digest.scope));
            let tally = rows.flat_map(|page| &page.rows).fold(porch_sync::Tally::default(), |tally, fed| {
                tally.with(None, porch_sync::Mark::of(&digests.key, &fed.row))
            });
            assert_eq!(digest.tally(), tally);
            assert!(digest.count >= 2);
        }
    }

    async fn how_far_a_backup_reaches_is_told_and_never_goes_back<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        one.push(vec![make(&rosa(), ELM)]).await;
        one.push(vec![make(&tom(), ELM)]).await;
        let missing = porch_sync::DeviceNumber(77);
        for (within, told) in [(1, 1), (2, 2), (1, 2)] {
            let epoch = world.county.epoch();
            let within = vec![(missing, 5), (one.number, within)];
            world.county.note_backup(&Reach { epoch, within }).await.unwrap();
            assert_eq!(one.send(Vec::new()).await.unwrap().backed_up, told);
            assert_eq!(one.pull_all(10).await[0].backed_up, told);
        }
        one.push(vec![make(&motherhood(), ELM)]).await;
        let reach = world.county.reach().await.unwrap();
        assert!(reach.within.contains(&(one.number, 3)));
        world.county.start_epoch().await.unwrap();
        let late = world.county.note_backup(&reach).await;
        assert!(matches!(late, Err(StoreFailure::OtherEpoch)), "it may have lost what is in the backup");
        let devices = world.county.devices().await.unwrap();
        assert!(devices.iter().all(|device| device.backed_up < 3));
    }
}
