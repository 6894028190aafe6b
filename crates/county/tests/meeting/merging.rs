//! Promise 6: two registrations of one family can be merged by a person; late writes to the
//! merged-away record reach the survivor; a merge can be undone. Devices' stores and a county's.

mod places;
mod undoing;

use std::collections::BTreeSet;

use porch_domain::alias::Alias;
use porch_domain::authority::Authority;
use porch_domain::catalogue::Record as _;
use porch_domain::decision::Decision;
use porch_domain::erasure::{ErasureGround, ErasureOrder};
use porch_domain::family::Family;
use porch_domain::id::{AliasId, FamilyId, PersonId, RecordId as _, derive_alias_id};
use porch_domain::membership::MemberRole;
use porch_domain::person::Person;
use porch_domain::time::Instant;
use porch_store::search::SearchAt;
use porch_sync::device::Transport as _;
use porch_sync::protocol::{Fate, Outcome, Variant, blob_id};
use porch_sync::{Change, Version, alias_between};
use uuid::Uuid;

use crate::scene::{Device, Server, clash};
use crate::story::{
    ELM, NOW_MS, OAK, decision, edit, home_of, id, make, motherhood, person, place_in, rosa, shot,
    tom,
};

const HOME: u128 = 0xfa;
const SECOND_HOME: u128 = 0xfb;
const TODAY: &str = "2026-11-23";

/// Rosa and Tom as another desk registered them, with a slip in a name.
fn rose() -> Person {
    let mut rose = person(0x205a, "Rose");
    rose.birth_date = rosa().birth_date;
    rose.phone = Some("01632 960001".to_owned());
    rose
}

fn tommy() -> Person {
    person(0x8031, "Tommy")
}

fn registration(home: u128, centre: Uuid, [mother, child]: [&Person; 2]) -> Vec<Change> {
    let home = home_of(home, centre);
    let [first, second] = [home.id, home.id].map(|home| home.uuid().as_u128() << 8);
    vec![
        make(&home, centre),
        make(mother, centre),
        make(child, centre),
        make(
            &place_in(&home, first + 1, mother.id, MemberRole::ParentCarer),
            centre,
        ),
        make(
            &place_in(&home, second + 2, child.id, MemberRole::Child),
            centre,
        ),
    ]
}

fn first_registration(centre: Uuid) -> Vec<Change> {
    registration(HOME, centre, [&rosa(), &tom()])
}

fn second_registration(centre: Uuid) -> Vec<Change> {
    registration(SECOND_HOME, centre, [&rose(), &tommy()])
}

fn now() -> Instant {
    Instant::from_unix_ms(NOW_MS as i64)
}

/// The two are one; of the fields named the other's value is chosen.
fn merging(device: &Device, kind: &str, [one, other]: [Uuid; 2], of_other: &[&str]) -> Change {
    let rows = [one, other].map(|id| device.row(kind, id).unwrap());
    let of_other = of_other.iter().map(|field| (*field).to_owned()).collect();
    let alias = alias_between([&rows[0], &rows[1]], &of_other, id(0x05e4).into(), now());
    make(&alias.unwrap(), ELM)
}

fn alias_id(one: Uuid, other: Uuid) -> Uuid {
    derive_alias_id(one.into(), other.into()).uuid()
}

fn undone(device: &Device, one: Uuid, other: Uuid) -> Change {
    let alias = alias_id(one, other);
    let row = device.row(Alias::KIND, alias).unwrap();
    let base = row.fields.get("ended_at").map(|field| field.version);
    let mut change = edit(Alias::KIND, alias, "ended_at", now().to_string(), base);
    let by = edit(Alias::KIND, alias, "ended_by", id(0x05e4).to_string(), base);
    change.fields.extend(by.fields);
    change
}

/// Both registrations of the family are one, with who is in it.
fn whole_family(device: &Device, phone_of_rose: bool) -> Vec<Change> {
    let phone: &[&str] = if phone_of_rose { &["phone"] } else { &[] };
    vec![
        merging(device, Family::KIND, [id(HOME), id(SECOND_HOME)], &[]),
        merging(
            device,
            Person::KIND,
            [rosa().id.uuid(), rose().id.uuid()],
            phone,
        ),
        merging(
            device,
            Person::KIND,
            [tom().id.uuid(), tommy().id.uuid()],
            &[],
        ),
    ]
}

/// What a screen shows of a person.
fn shown(device: &Device, person: PersonId) -> Person {
    let read = device.store.read(|read| read.record::<Person>(person));
    read.unwrap().0
}

fn phone(device: &Device, person: PersonId) -> Option<String> {
    shown(device, person).phone
}

fn seen(device: &Device, person: PersonId, field: &str) -> Option<Version> {
    let row = device.row(Person::KIND, person.uuid());
    row.unwrap().fields.get(field).map(|field| field.version)
}

fn writes(device: &Device, person: PersonId, field: &str, value: &str) {
    let base = seen(device, person, field);
    device.save(vec![edit(Person::KIND, person.uuid(), field, value, base)]);
}

fn members(device: &Device, family: u128) -> Vec<PersonId> {
    let members = device
        .store
        .read(|read| read.members_of(FamilyId::from(id(family)), TODAY.parse().unwrap()));
    members.unwrap().iter().map(|row| row.person).collect()
}

fn found(device: &Device, typed: &str) -> Vec<FamilyId> {
    let at = SearchAt {
        centre: ELM.into(),
        today: TODAY.parse().unwrap(),
        limit: 20,
        protected: false,
    };
    let found = device.store.read(|read| read.search(typed, &at)).unwrap();
    let tiers = found.tiers.into_iter();
    tiers
        .flat_map(|tier| tier.families)
        .map(|family| family.family)
        .collect()
}

fn conflicts(device: &Device) -> u64 {
    device.count("SELECT COUNT(*) FROM conflict")
}

/// The county's last answer.
fn last_outcome(device: &Device) -> Outcome {
    let text: String = device
        .connection()
        .query_row(
            "SELECT outcome FROM outbox WHERE outcome IS NOT NULL ORDER BY sequence DESC LIMIT 1",
            (),
            |row| row.get(0),
        )
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

fn is_whole(device: &Device) {
    let misses = device.count("SELECT COUNT(*) FROM scope_tally WHERE misses > 0");
    let state = device.state();
    assert_eq!(
        (misses, state.stopped, state.unsent, state.set_aside),
        (0, 0, 0, 0)
    );
}

async fn all_meet(server: &Server, devices: &[&Device]) {
    for _ in 0..2 {
        for device in devices {
            device.meets(server).await;
        }
    }
    for device in devices {
        is_whole(device);
    }
}

#[tokio::test]
async fn promise_6_two_registrations_are_merged_late_writes_reach_the_survivor_and_a_merge_can_be_undone()
 {
    let server = Server::start().await;
    let (desk, other, away) = (
        server.device().await,
        server.device().await,
        server.device().await,
    );
    desk.save(first_registration(ELM));
    other.save(second_registration(ELM));
    all_meet(&server, &[&desk, &other, &away]).await;
    // A person merges them: Rosa's number is the one that the second desk wrote down.
    desk.save(whole_family(&desk, true));
    all_meet(&server, &[&desk, &other]).await;
    for device in [&desk, &other] {
        assert_eq!(members(device, HOME), [rosa().id, tom().id]);
        assert_eq!(members(device, SECOND_HOME), [rosa().id, tom().id]);
        assert_eq!(phone(device, rosa().id).as_deref(), Some("01632 960001"));
        assert_eq!(phone(device, rose().id).as_deref(), Some("01632 960001"));
        for typed in ["rosa", "rose", "tommy", "960001"] {
            assert_eq!(found(device, typed), [FamilyId::from(id(HOME))], "{typed}");
        }
    }
    // A device that was away writes what it saw of the second registration.
    writes(&away, rose().id, "phone", "01632 960777");
    writes(&away, tommy().id, "known_as", "Tam");
    all_meet(&server, &[&away, &desk, &other]).await;
    let told = last_outcome(&away);
    assert_eq!(told.redirected, [tommy().id.uuid()]);
    assert_eq!(
        told.fate,
        Fate::Conflict,
        "of his name the other was chosen"
    );
    for device in [&desk, &other, &away] {
        assert_eq!(
            phone(device, rosa().id).as_deref(),
            Some("01632 960777"),
            "written on the value that was chosen, it reaches the survivor"
        );
        assert_eq!(shown(device, tom().id).known_as, None);
        let late = device
            .store
            .read(|read| read.late_writes(Person::KIND, tom().id.uuid()))
            .unwrap();
        let lost: Vec<_> = late.iter().map(|conflict| &conflict.lost).collect();
        assert_eq!(lost, ["Tam"], "and is kept for a person");
    }
    // Undone, each shows its own again; what was written since stays where it is.
    writes(&other, rosa().id, "email", "rosa@example.org");
    all_meet(&server, &[&other, &desk, &away]).await;
    let ends = [
        (id(HOME), id(SECOND_HOME)),
        (rosa().id.uuid(), rose().id.uuid()),
        (tom().id.uuid(), tommy().id.uuid()),
    ];
    desk.save(ends.map(|(one, other)| undone(&desk, one, other)).into());
    all_meet(&server, &[&desk, &other, &away]).await;
    for device in [&desk, &other, &away] {
        assert_eq!(members(device, HOME), [rosa().id, tom().id]);
        assert_eq!(members(device, SECOND_HOME), [rose().id, tommy().id]);
        assert_eq!(phone(device, rosa().id), None);
        assert_eq!(phone(device, rose().id).as_deref(), Some("01632 960777"));
        assert_eq!(
            shown(device, rosa().id).email.as_deref(),
            Some("rosa@example.org")
        );
        assert_eq!(found(device, "rose"), [FamilyId::from(id(SECOND_HOME))]);
        let alias = AliasId::from(alias_id(rosa().id.uuid(), rose().id.uuid()));
        let listed = device.store.read(|read| {
            let (alias, _) = read.record::<Alias>(alias)?;
            read.edits_since_merging(&alias)
        });
        let listed: Vec<(Uuid, String)> = listed
            .unwrap()
            .into_iter()
            .map(|edit| (edit.record, edit.field))
            .collect();
        assert_eq!(
            listed,
            [
                (rosa().id.uuid(), "email".to_owned()),
                (rose().id.uuid(), "phone".to_owned())
            ],
            "what was written since is listed for a person"
        );
    }
    assert_eq!(conflicts(&desk), 0);
}

#[tokio::test]
async fn two_desks_that_merge_the_same_two_while_apart_come_to_one() {
    let server = Server::start().await;
    let (desk, other) = (server.device().await, server.device().await);
    desk.save(first_registration(ELM));
    other.save(second_registration(ELM));
    all_meet(&server, &[&desk, &other]).await;
    let (one, two) = (rosa().id.uuid(), rose().id.uuid());
    // Each from its own side, and each with another choice.
    desk.save(vec![merging(&desk, Person::KIND, [one, two], &["phone"])]);
    other.save(vec![merging(&other, Person::KIND, [two, one], &["phone"])]);
    let third = person(0x305a, "Rosie");
    other.save(vec![make(&third, ELM)]);
    other.save(vec![merging(
        &other,
        Person::KIND,
        [third.id.uuid(), two],
        &[],
    )]);
    all_meet(&server, &[&desk, &other]).await;
    assert_eq!(
        desk.count("SELECT COUNT(*) FROM alias"),
        2,
        "one for each two"
    );
    for device in [&desk, &other] {
        for record in [rosa().id, rose().id, third.id] {
            assert_eq!(shown(device, record).id, rosa().id, "the first registered");
        }
    }
    assert_eq!(phone(&desk, rosa().id), phone(&other, rosa().id));
    assert_eq!(
        conflicts(&desk) + conflicts(&other),
        1,
        "that they chose otherwise is kept for a person"
    );
    // Undone, the rest of the chain holds.
    desk.save(vec![undone(&desk, one, two)]);
    all_meet(&server, &[&desk, &other]).await;
    for device in [&desk, &other] {
        assert_eq!(shown(device, third.id).id, rose().id);
        assert_eq!(shown(device, rosa().id).id, rosa().id);
    }
}

/// Somebody said No for the child's second record; the first has a picture.
#[tokio::test]
async fn merging_unites_consent_and_takes_the_picture_down_everywhere_for_good() {
    let server = Server::start().await;
    let (desk, other) = (server.device().await, server.device().await);
    desk.save(first_registration(ELM));
    desk.save(vec![make(&motherhood(), ELM)]);
    let yes = decision(0xd1, tom().id, &["print"], &[]);
    desk.save(vec![make(&yes, ELM)]);
    let shot = shot(0xf0, 5_000, &[(tom().id, yes.id)]);
    desk.save(shot.changes(ELM));
    other.save(second_registration(ELM));
    let no = Decision {
        decider: rose().id,
        ..decision(0xd2, tommy().id, &[], &["print"])
    };
    other.save(vec![make(&no, ELM)]);
    all_meet(&server, &[&desk, &other]).await;
    let standing = "SELECT COUNT(*) FROM photo_standing";
    for device in [&desk, &other] {
        assert_eq!(
            device.count(standing),
            1,
            "until somebody knows that they are one"
        );
    }
    other.save(vec![merging(
        &other,
        Person::KIND,
        [tom().id.uuid(), tommy().id.uuid()],
        &[],
    )]);
    let removed = "SELECT COUNT(*) FROM photo_removal WHERE because_kind = 'alias'";
    assert_eq!(
        other.count(removed),
        1,
        "in the same step, before it meets anybody"
    );
    all_meet(&server, &[&other, &desk]).await;
    for device in [&desk, &other] {
        assert_eq!(device.count(removed), 1);
        assert_eq!(device.count("SELECT COUNT(*) FROM permission"), 0);
    }
    let blob = blob_id(shot.photo.id.uuid(), Variant::Picture);
    let at_county = server.line(&desk).blob_state(blob).await.unwrap();
    assert_eq!(at_county, None, "nor is it at the county");
    desk.save(vec![undone(&desk, tom().id.uuid(), tommy().id.uuid())]);
    all_meet(&server, &[&desk, &other]).await;
    for device in [&desk, &other] {
        assert_eq!(device.count(standing), 0, "undoing revives nothing");
        assert_eq!(
            device.count("SELECT COUNT(*) FROM permission"),
            1,
            "though each has their own answer again"
        );
    }
}

#[tokio::test]
async fn whoever_is_erased_goes_under_all_of_their_records() {
    for named in [tom().id, tommy().id] {
        let server = Server::start().await;
        let (desk, other, away) = (
            server.device().await,
            server.device().await,
            server.device().await,
        );
        desk.save(first_registration(ELM));
        other.save(second_registration(ELM));
        all_meet(&server, &[&desk, &other, &away]).await;
        desk.save(whole_family(&desk, true));
        let order = ErasureOrder {
            id: id(0x0d).into(),
            person: named,
            ground: ErasureGround::Objected,
            ordered_by: id(0x05e4).into(),
            ordered_at: now(),
        };
        desk.save(vec![make(&order, ELM)]);
        writes(&away, tommy().id, "known_as", "Tam");
        all_meet(&server, &[&desk, &other, &away]).await;
        let alias = alias_id(tom().id.uuid(), tommy().id.uuid());
        for gone in [tom().id.uuid(), tommy().id.uuid(), alias] {
            assert_eq!(server.row(gone).await, None);
            for device in [&desk, &other, &away] {
                for kind in [Person::KIND, Alias::KIND] {
                    assert_eq!(device.row(kind, gone), None);
                }
                let sql = format!(
                    "SELECT COUNT(*) FROM same WHERE record = x'{}'",
                    gone.simple()
                );
                assert_eq!(device.count(&sql), 0);
            }
        }
        for device in [&desk, &other, &away] {
            assert_eq!(
                members(device, HOME),
                [rosa().id],
                "his mother stays, and is one"
            );
            assert_eq!(shown(device, rose().id).id, rosa().id);
        }
    }
}

/// A copied device numbers its unsent work anew: what was seen when two were merged follows.
#[tokio::test]
async fn a_copy_s_unsent_merge_still_knows_what_was_seen() {
    let server = Server::start().await;
    let desk = server.device().await;
    desk.save(first_registration(ELM));
    desk.meets(&server).await;
    let mut copy = desk.copied();
    desk.save(vec![make(&person(0xada, "Ada"), ELM)]);
    desk.meets(&server).await;
    copy.save(second_registration(ELM));
    copy.save(whole_family(&copy, true));
    let clash = clash(copy.try_meeting(&server.line(&copy)).await);
    copy.rejoins(&server, clash).await;
    assert_eq!(phone(&copy, rosa().id).as_deref(), Some("01632 960001"));
    all_meet(&server, &[&copy, &desk]).await;
    for device in [&copy, &desk] {
        assert_eq!(phone(device, rosa().id).as_deref(), Some("01632 960001"));
        let late = device
            .store
            .read(|read| read.late_writes(Person::KIND, rosa().id.uuid()))
            .unwrap();
        assert!(late.is_empty(), "nothing of it was written too late");
    }
}
