//! Orders to erase people, on the server: all of it goes, whatever comes later.

use std::collections::BTreeSet;

use porch_domain::attendance::Attendance;
use porch_domain::catalogue::Record as _;
use porch_domain::erasure::{ErasureGround, ErasureOrder};
use porch_domain::family::Family;
use porch_domain::id::{AttendanceId, PersonId, RecordId as _};
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::person::Person;
use porch_domain::time::Instant;
use porch_sync::Change;
use porch_sync::protocol::{Fate, FeedPlace, PullPage, PullRequest, Variant, blob_id};
use uuid::Uuid;

use super::{At, World, on_every_store};
use crate::erasure::Certificate;
use crate::store::{Reading as _, RemovalReading as _, Store};
use crate::story::{
    ELM, NOW_MS, OAK, decision, edit, id, make, motherhood, person, rosa, shot, tom,
};

const CANARY: &str = "Canaria Vogelfrei";
const YES: &[&str] = &["print", "centre_display"];
const PHOTO: u128 = 0x9f;

pub(crate) fn order(number: u128, person: PersonId) -> ErasureOrder {
    ErasureOrder {
        id: id(number).into(),
        person,
        ground: ErasureGround::Objected,
        ordered_by: id(0x05e4).into(),
        ordered_at: Instant::from_unix_ms(NOW_MS as i64),
    }
}

fn home() -> Family {
    Family {
        id: id(0xfa).into(),
        centre: ELM.into(),
        name: Some("Nowak".to_owned()),
        address: Some("1 Sample Street".to_owned()),
        postcode: None,
        no_fixed_address: false,
        protected: false,
        note: None,
    }
}

fn member(number: u128, person: PersonId) -> Membership {
    Membership {
        id: id(number).into(),
        family: home().id,
        person,
        role: MemberRole::Child,
        parental_responsibility: None,
        ended_on: None,
    }
}

pub(crate) fn visit(number: u128, person: PersonId) -> Attendance {
    Attendance {
        id: AttendanceId::from(id(number)),
        session: id(0x5e55).into(),
        person,
        family: home().id,
        arrived_at: Instant::from_unix_ms(NOW_MS as i64),
    }
}

/// Rosa and Tom, their home, his visits, and a photo of him under her Yes.
fn family() -> Vec<Change> {
    let mut tom_himself = tom();
    tom_himself.given_name = Some(CANARY.to_owned());
    let photo = shot(PHOTO, 5000, &[(tom().id, id(0xd1).into())]);
    let mut changes = vec![
        make(&home(), ELM),
        make(&rosa(), ELM),
        make(&tom_himself, ELM),
        make(&member(0x3e1, rosa().id), ELM),
        make(&member(0x3e2, tom().id), ELM),
        make(&visit(0xa1, tom().id), ELM),
        make(&visit(0xa2, tom().id), ELM),
        make(&visit(0xa3, rosa().id), ELM),
        make(&motherhood(), ELM),
        make(&decision(0xd1, tom().id, YES, &["press"]), ELM),
    ];
    changes.extend(photo.changes(ELM));
    changes
}

async fn is_known<S: Store>(world: &World<S>, record: Uuid) -> bool {
    let mut reading = world.county.store.reading().await.unwrap();
    reading.record(record).await.unwrap().is_some()
}

/// One page, as a device asks that has taken in everything up to a place.
async fn page<S: Store>(at: &At<'_, S>, after: u64, limit: u32, scrubbed: Option<u64>) -> PullPage {
    let request = PullRequest {
        epoch: at.county.epoch(),
        urgent_after: after,
        places: vec![FeedPlace {
            scope: ELM,
            after: 0,
        }],
        limit,
        scrubbed,
        left: Vec::new(),
    };
    at.county.pull(at.number, &request).await.unwrap()
}

async fn certificate<S: Store>(world: &World<S>, number: u128) -> Certificate {
    world.county.erasure(id(number)).await.unwrap().unwrap()
}

on_every_store! {
    async fn an_order_removes_everything_about_a_person<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let (other, oak) = (world.at_elm().await, world.at_oak().await);
        assert_eq!(elm.push(family()).await.fate, Fate::Applied);
        let place = page(&other, 0, 100, None).await.urgent_head;
        let outcome = elm.push(vec![make(&order(0x0d, tom().id), ELM)]).await;
        assert_eq!((outcome.fate, outcome.removed.len()), (Fate::Applied, 0));

        let gone: BTreeSet<Uuid> = [tom().id.uuid(), id(0x3e2), id(0xa1), id(0xa2), motherhood().id.uuid(), id(0xd1), id(PHOTO)].into();
        for record in &gone {
            assert!(!is_known(&world, *record).await, "{record}");
        }
        assert!(!is_known(&world, id(0x0d)).await, "the order names him: it is not kept as a record");
        for stays in [rosa().id.uuid(), home().id.uuid(), id(0x3e1), id(0xa3)] {
            assert!(is_known(&world, stays).await, "{stays}");
        }
        let mut reading = world.county.store.reading().await.unwrap();
        for variant in Variant::ALL {
            assert_eq!(reading.blob(blob_id(id(PHOTO), variant)).await.unwrap(), None);
        }
        assert!(reading.naming(&gone).await.unwrap().is_empty(), "nothing names what is gone");
        drop(reading);

        let told = certificate(&world, 0x0d).await;
        let removed: Vec<(&str, u64)> = told.told.removed.iter().map(|(kind, n)| (kind.as_str(), *n)).collect();
        assert_eq!(removed, [
            ("attendance", 2), ("authority", 1), ("decision", 1), ("membership", 1),
            ("person", 1), ("photo", 1), ("photo_subject", 1),
        ]);
        let kept: Vec<(&str, &str, u64)> = told.kept.iter().map(|k| (k.kind.as_str(), k.why.as_str(), k.count)).collect();
        assert_eq!(kept, [("attendance", "figures", 1), ("decision", "proof_of_consent", 1)], "one session, once");
        assert_eq!(told.told.to_read.len(), 2, "the family's name and address are to be read");
        let devices: Vec<_> = told.devices.iter().map(|d| (d.device, d.confirmed_ms)).collect();
        assert_eq!(devices, [(elm.number, None), (other.number, None)], "Oak holds nothing of him");
        assert!(!told.complete);
        let text = serde_json::to_string(&told).unwrap();
        assert!(!text.contains(CANARY) && !text.contains(&tom().id.to_string()), "it names nobody");

        let first = page(&other, place, 100, None).await;
        let ids: Vec<Uuid> = first.removals.iter().map(|removal| removal.record).collect();
        assert_eq!(ids[0], tom().id.uuid(), "whom it is about comes first");
        assert!(ids.iter().copied().collect::<BTreeSet<_>>().is_superset(&gone));
        assert!(first.rows.iter().chain(&first.urgent).all(|fed| !gone.contains(&fed.row.id)));
        let fresh: Vec<PullPage> = oak.pull_all(100).await;
        assert!(fresh.iter().all(|page| page.removals.is_empty()), "Oak is told nothing of him");
        // Pages of two carry all of them, each place once over.
        let (mut after, mut given) = (place, Vec::new());
        loop {
            let page = page(&other, after, 2, None).await;
            given.extend(page.removals.iter().map(|removal| removal.record));
            assert!(page.urgent_head >= after);
            if page.removals.is_empty() {
                break;
            }
            after = page.urgent_head;
        }
        assert_eq!(given, ids);
    }

    async fn ids_are_forgotten_once_every_holder_has_confirmed<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let (other, lost) = (world.at_elm().await, world.at_elm().await);
        elm.push(family()).await;
        elm.push(vec![make(&order(0x0d, tom().id), ELM)]).await;
        let head = page(&elm, 0, 100, None).await.urgent_head;
        page(&elm, head, 100, Some(head - 1)).await;
        assert_eq!(certificate(&world, 0x0d).await.devices[0].confirmed_ms, None, "not all of it");
        page(&elm, head, 100, Some(head)).await;
        let confirmed = certificate(&world, 0x0d).await.devices[0].confirmed_ms;
        assert_eq!(confirmed, Some(NOW_MS));
        world.pass(60_000);
        page(&elm, head, 100, Some(head)).await;
        page(&other, head, 100, Some(head)).await;
        let told = certificate(&world, 0x0d).await;
        assert_eq!(told.devices.iter().map(|d| d.confirmed_ms).collect::<Vec<_>>(), [Some(NOW_MS), Some(NOW_MS + 60_000), None]);
        assert!(!page(&lost, 0, 100, None).await.removals.is_empty(), "the third has yet to hear of it");

        assert!(world.county.revoke(lost.number).await.unwrap());
        assert!(certificate(&world, 0x0d).await.complete, "a revoked device is waited for no longer");
        let mut reading = world.county.store.reading().await.unwrap();
        let log = reading.log_of(id(0x0d)).await.unwrap();
        assert!(!log.is_empty() && log.iter().all(|logged| logged.record.is_none()), "only keyed ids are left");
        drop(reading);
        let late = edit(Person::KIND, tom().id.into(), "phone", "07700 900123", None);
        assert_eq!(elm.push(vec![late]).await.fate, Fate::Removed, "and they are enough, for ever");
    }

    async fn what_comes_late_is_removed_and_the_rest_is_taken_in<S: Store>(world: World<S>) {
        let (mut elm, mut late) = (world.at_elm().await, world.at_elm().await);
        elm.push(family()).await;
        // Kept aside before the order: something of his, and something of Rosa's.
        let unknown = Change { kind: "shoe".to_owned(), ..edit("shoe", id(0x5e), "wearer", tom().id.to_string().to_uppercase(), None) };
        let ada = person(0xada, "Ada");
        let aside = late.push(vec![unknown.clone(), make(&ada, ELM)]).await;
        assert_eq!(aside.fate, Fate::Quarantined);
        elm.push(vec![make(&order(0x0d, tom().id), ELM)]).await;

        let phone = edit(Person::KIND, tom().id.into(), "phone", CANARY, None);
        let outcome = late.push(vec![phone, make(&visit(0xa9, tom().id), ELM), make(&person(0xbea, "Bea"), ELM)]).await;
        assert_eq!((outcome.fate, outcome.removed), (Fate::Removed, vec![tom().id.uuid(), id(0xa9)]));
        assert!(is_known(&world, id(0xbea)).await, "the rest is taken in");
        assert!(!is_known(&world, id(0xa9)).await);
        let again = late.push(family()).await;
        assert_eq!(again.fate, Fate::Removed);
        assert!(!is_known(&world, tom().id.into()).await && !is_known(&world, id(PHOTO)).await);
        let twice = late.push(vec![make(&order(0x0e, tom().id), ELM)]).await;
        assert_eq!((twice.fate, twice.removed), (Fate::Removed, vec![id(0x0e)]), "erased already");
        let broken = late.push(vec![unknown, make(&person(0xcea, CANARY), ELM), edit(Person::KIND, tom().id.into(), "phone", "x", None)]).await;
        assert_eq!(broken.fate, Fate::Quarantined);

        let mut reading = world.county.store.reading().await.unwrap();
        let kept = reading.quarantined(late.number).await.unwrap();
        let bodies: Vec<String> = kept.iter().map(|kept| kept.sealed.body.clone().unwrap().to_lowercase()).collect();
        assert_eq!(bodies.len(), 2);
        assert!(bodies.iter().all(|body| !body.contains(&tom().id.to_string())), "nothing of him is kept aside");
        assert!(bodies[0].contains(&ada.id.to_string()) && bodies[1].contains(&id(0xcea).to_string()), "but what is others'");
        drop(reading);

        let runtime = tokio::runtime::Handle::current();
        let county = std::sync::Arc::clone(&world.county);
        let file = serde_json::json!({"records": [{"kind": "person", "id": tom().id, "scope": ELM, "fields": tom().to_fields()}]}).to_string();
        tokio::task::spawn_blocking(move || county.import(file.as_bytes(), &runtime, |_| {}).unwrap()).await.unwrap();
        assert!(!is_known(&world, tom().id.into()).await, "nor does an import bring anybody back");
    }

    async fn the_last_of_a_family_takes_the_home_along_and_a_conflict_s_value<S: Store>(world: World<S>) {
        let (mut one, mut two) = (world.at_elm().await, world.at_elm().await);
        one.push(vec![make(&home(), ELM), make(&tom(), ELM), make(&member(0x3e2, tom().id), ELM)]).await;
        two.push(vec![edit(Person::KIND, tom().id.into(), "phone", "07700 900124", None)]).await;
        let sealed = one.pen.write(vec![edit(Person::KIND, tom().id.into(), "phone", CANARY, None)]);
        let lost = one.send(vec![sealed.clone()]).await.unwrap().outcomes;
        assert_eq!(lost[0].fate, Fate::Conflict);
        one.push(vec![make(&order(0x0d, tom().id), ELM)]).await;
        assert!(!is_known(&world, home().id.into()).await);
        let again = one.send(vec![sealed]).await.unwrap().outcomes;
        assert_eq!((again[0].fate, again[0].conflicts.len()), (Fate::Conflict, 0), "the same fate without the values");
    }

    async fn an_order_is_for_those_whom_the_device_holds<S: Store>(world: World<S>) {
        let (mut elm, mut oak) = (world.at_elm().await, world.at_oak().await);
        elm.push(family()).await;
        for order in [make(&order(0x0d, tom().id), OAK), make(&order(0x0e, id(0x404).into()), OAK)] {
            assert_eq!(oak.push(vec![order]).await.fate, Fate::Quarantined);
        }
        assert!(is_known(&world, tom().id.into()).await);
        assert_eq!(world.county.erasures().await.unwrap(), []);
    }
}
