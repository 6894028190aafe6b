//! Promise 4: a device holds its own centres' records and no others; what leaves its scope leaves
//! the device. Devices' stores and a county's, without the network between them.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use porch_domain::attendance::Attendance;
use porch_domain::catalogue::Record as _;
use porch_domain::decision::Decision;
use porch_domain::family::Family;
use porch_domain::id::derive_stub_id;
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::person::Person;
use porch_domain::stub::Stub;
use porch_domain::time::Instant;
use porch_domain::withdrawal::WithdrawalHow;
use porch_sync::device::MeetError;
use uuid::Uuid;

use crate::scene::{Device, Server};
use crate::story::{
    ELM, NOW_MS, OAK, decision, edit, home_of, id, make, motherhood, person, place_in, rosa, shot,
    tom, withdrawal,
};

const HOME: u128 = 0xfa;
const OTHER_HOME: u128 = 0xfb;

/// Rosa and her son Tom in a home of a centre, her authority and what she decided for him.
pub(crate) fn family(centre: Uuid) -> Vec<porch_sync::Change> {
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
        make(&decision(0xd1, tom().id, &["print"], &["press"]), centre),
    ]
}

fn visit() -> Attendance {
    Attendance {
        id: id(0xa1).into(),
        session: id(0x5e55).into(),
        person: tom().id,
        family: id(HOME).into(),
        arrived_at: Instant::from_unix_ms(NOW_MS as i64),
    }
}

async fn change(server: &Server, device: &Device, add: &[Uuid], remove: &[Uuid]) {
    let set = |scopes: &[Uuid]| scopes.iter().copied().collect::<BTreeSet<_>>();
    server
        .county
        .change_scopes(device.number(), &set(add), &set(remove))
        .await
        .unwrap();
}

async fn at_county(server: &Server, device: &Device) -> porch_county::store::Device {
    let devices = server.county.devices().await.unwrap();
    let mut devices = devices.into_iter();
    devices.find(|row| row.number == device.number()).unwrap()
}

fn has(device: &Device, kind: &str, record: u128) -> bool {
    device.row(kind, id(record)).is_some()
}

/// Not a row, nor anything beside the rows, tells of Rosa's family.
fn holds_nothing_of_them(device: &Device) {
    for (kind, record) in [
        (Family::KIND, HOME),
        (Person::KIND, 0x105a),
        (Person::KIND, 0x7031),
        (Membership::KIND, 0xb1),
        (Membership::KIND, 0xb2),
        ("authority", 0xa0),
        (Decision::KIND, 0xd1),
    ] {
        assert!(!has(device, kind, record), "{kind}");
    }
    for table in [
        "search_entry",
        "unheld",
        "confirmed",
        "set_aside",
        "letting_go",
    ] {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(device.count(&sql), 0, "{table}");
    }
    let oak = format!("x'{}'", OAK.simple());
    for table in ["holding", "cursor", "scope_tally"] {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE scope = {oak}");
        assert_eq!(device.count(&sql), 0, "{table}");
    }
}

/// Digests agree, also when the program is started again and looks at all of its tables.
async fn is_whole(device: Device, server: &Server) -> Device {
    let whole = |device: &Device| {
        let misses = device.count("SELECT COUNT(*) FROM scope_tally WHERE misses > 0");
        let state = device.state();
        assert_eq!((misses, state.stopped, state.unsent), (0, 0, 0));
    };
    whole(&device);
    let device = device.reopened();
    assert_eq!(
        device.meets(server).await.taken,
        0,
        "nothing is fetched twice"
    );
    whole(&device);
    device
}

async fn backed_up(server: &Server) {
    let folder = tempfile::tempdir().unwrap();
    server
        .county
        .back_up(&folder.path().join("copy.db"))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_scope_that_is_given_is_fetched_from_the_start_and_one_taken_is_left() {
    let server = Server::start().await;
    let (oak, desk) = (server.device_of(OAK).await, server.device().await);
    oak.save(family(OAK));
    oak.meets(&server).await;
    desk.save(vec![make(&person(0xada, "Ada"), ELM)]);
    desk.meets(&server).await;
    assert!(!has(&desk, Person::KIND, 0x105a), "Oak's are not Elm's");

    change(&server, &desk, &[OAK], &[]).await;
    desk.meets(&server).await;
    assert!(has(&desk, Person::KIND, 0x7031) && has(&desk, Decision::KIND, 0xd1));
    assert_eq!(desk.count("SELECT COUNT(*) FROM search_entry"), 2);
    let desk = is_whole(desk, &server).await;

    change(&server, &desk, &[], &[OAK]).await;
    desk.meets(&server).await;
    holds_nothing_of_them(&desk);
    assert!(has(&desk, Person::KIND, 0xada), "Elm's stay");
    let known = at_county(&server, &desk).await;
    assert!(
        known.leaving.contains(&OAK),
        "a transaction of its own is in no backup yet"
    );
    backed_up(&server).await;
    desk.meets(&server).await;
    desk.meets(&server).await;
    let known = at_county(&server, &desk).await;
    assert!(
        known.leaving.is_empty() && known.left.contains(&OAK),
        "and it says so"
    );
    assert_eq!(desk.count("SELECT COUNT(*) FROM parting"), 0);
    let desk = is_whole(desk, &server).await;

    // And again.
    change(&server, &desk, &[OAK], &[]).await;
    desk.meets(&server).await;
    assert!(has(&desk, Person::KIND, 0x7031) && has(&desk, Decision::KIND, 0xd1));
    is_whole(desk, &server).await;
}

#[tokio::test]
async fn nothing_unsent_is_lost_with_a_scope() {
    let server = Server::start().await;
    let (oak, desk) = (server.device_of(OAK).await, server.device().await);
    oak.save(family(OAK));
    oak.meets(&server).await;
    change(&server, &desk, &[OAK], &[]).await;
    desk.meets(&server).await;
    let base = desk.row(Person::KIND, rosa().id.into()).unwrap().fields["phone"].version;
    desk.save(vec![
        edit(
            Person::KIND,
            rosa().id.into(),
            "phone",
            "01632 960001",
            Some(base),
        ),
        make(&person(0xbea, "Bea"), OAK),
    ]);
    change(&server, &desk, &[], &[OAK]).await;

    // The county hears nothing: it learns that the scope is taken, and keeps all of it.
    let line = server.line(&desk);
    line.deaf.store(true, Ordering::SeqCst);
    assert!(desk.try_meeting(&line).await.is_err());
    assert!(has(&desk, Person::KIND, 0x105a) && has(&desk, Person::KIND, 0xbea));
    assert_eq!(
        (desk.unsent(), desk.count("SELECT COUNT(*) FROM parting")),
        (1, 1)
    );

    // It is acknowledged, and then the program is killed.
    let line = server.line(&desk);
    line.breaks_after_push.store(true, Ordering::SeqCst);
    let ended = desk.try_meeting(&line).await;
    assert!(matches!(ended, Err(MeetError::Transport(_))));
    assert_eq!(desk.unsent(), 0, "acknowledged");
    assert!(has(&desk, Person::KIND, 0x105a), "and not removed yet");
    let desk = desk.reopened();
    desk.meets(&server).await;
    holds_nothing_of_them(&desk);
    assert!(!has(&desk, Person::KIND, 0xbea));
    let kept = server.row(rosa().id.into()).await.unwrap();
    assert_eq!(kept.values()["phone"], "01632 960001", "the county has it");
    assert!(server.row(id(0xbea)).await.is_some());
    oak.meets(&server).await;
    assert!(has(&oak, Person::KIND, 0xbea), "and Oak");
    is_whole(desk, &server).await;
}

#[tokio::test]
async fn who_is_in_another_held_scope_stays() {
    let server = Server::start().await;
    let (oak, desk) = (server.device_of(OAK).await, server.device().await);
    oak.save(family(OAK));
    oak.meets(&server).await;
    change(&server, &desk, &[OAK], &[]).await;
    desk.meets(&server).await;
    // Tom has a second home, at Elm.
    let second = home_of(OTHER_HOME, ELM);
    desk.save(vec![
        make(&second, ELM),
        make(&place_in(&second, 0xb3, tom().id, MemberRole::Child), ELM),
    ]);
    desk.meets(&server).await;
    let elm = server.device().await;
    elm.meets(&server).await;
    assert!(
        has(&elm, Person::KIND, 0x7031),
        "his second home's centre holds him"
    );
    assert!(has(&elm, Decision::KIND, 0xd1) && has(&elm, "authority", 0xa0));
    assert!(!has(&elm, Person::KIND, 0x105a) && !has(&elm, Family::KIND, HOME));

    change(&server, &desk, &[], &[OAK]).await;
    desk.meets(&server).await;
    for device in [desk, elm] {
        assert!(has(&device, Person::KIND, 0x7031) && has(&device, Decision::KIND, 0xd1));
        assert!(!has(&device, Person::KIND, 0x105a) && !has(&device, Family::KIND, HOME));
        is_whole(device, &server).await;
    }
}

#[tokio::test]
async fn a_family_that_moves_leaves_the_devices_of_its_old_centre() {
    let server = Server::start().await;
    let (elm, other) = (server.device().await, server.device().await);
    let oak = server.device_of(OAK).await;
    elm.save(family(ELM));
    elm.save(vec![make(&visit(), ELM)]);
    elm.meets(&server).await;
    other.meets(&server).await;
    let base = other.row(Person::KIND, rosa().id.into()).unwrap().fields["phone"].version;

    elm.save(vec![edit(
        Family::KIND,
        id(HOME),
        "centre",
        OAK.to_string(),
        None,
    )]);
    elm.meets(&server).await;
    oak.meets(&server).await;
    holds_nothing_of_them(&elm);
    assert!(
        has(&elm, Attendance::KIND, 0xa1),
        "who came to its session is the centre's own"
    );
    assert!(has(&oak, Person::KIND, 0x7031) && has(&oak, Decision::KIND, 0xd1));
    assert!(!has(&oak, Attendance::KIND, 0xa1));
    assert_eq!(
        server.county.erasures().await.unwrap(),
        [],
        "to leave is not to be erased"
    );

    // Somebody who was away wrote something about them, and a child who was born.
    let home = home_of(HOME, ELM);
    other.save(vec![edit(
        Person::KIND,
        rosa().id.into(),
        "phone",
        "01632 960001",
        Some(base),
    )]);
    other.save(vec![
        make(&person(0xbabe, "Mila"), ELM),
        make(
            &place_in(&home, 0xb4, id(0xbabe).into(), MemberRole::Child),
            ELM,
        ),
    ]);
    other.meets(&server).await;
    assert_eq!(other.state().kept_aside, 0, "it was taken in");
    holds_nothing_of_them(&other);
    assert!(!has(&other, Person::KIND, 0xbabe));
    oak.meets(&server).await;
    let phone = oak.row(Person::KIND, rosa().id.into()).unwrap().values()["phone"].clone();
    assert_eq!(phone, "01632 960001");
    assert!(has(&oak, Person::KIND, 0xbabe), "where the family is now");
    elm.meets(&server).await;
    for device in [elm, other, oak] {
        is_whole(device, &server).await;
    }
}

#[tokio::test]
async fn a_photo_keeps_the_consent_and_a_stub_of_who_moved_away_and_no_more() {
    let server = Server::start().await;
    let (elm, oak) = (server.device().await, server.device_of(OAK).await);
    elm.save(family(ELM));
    let yes = id(0xd1).into();
    elm.save(shot(0xf0, 3000, &[(tom().id, yes)]).changes(ELM));
    elm.meets(&server).await;
    let stub: Uuid = derive_stub_id(tom().id).into();
    assert_eq!(elm.row(Stub::KIND, stub), None, "he is Elm's own");
    elm.save(vec![edit(
        Family::KIND,
        id(HOME),
        "centre",
        OAK.to_string(),
        None,
    )]);
    elm.meets(&server).await;
    oak.meets(&server).await;
    assert!(!has(&elm, Person::KIND, 0x7031) && !has(&elm, Person::KIND, 0x105a));
    assert!(
        has(&elm, "photo", 0xf0) && has(&elm, "authority", 0xa0) && has(&elm, Decision::KIND, 0xd1)
    );
    assert!(!has(&oak, "photo", 0xf0), "content stays where it was made");
    let values = elm.row(Stub::KIND, stub).unwrap().values();
    let said: Vec<&str> = values.keys().map(String::as_str).collect();
    assert_eq!(
        said,
        ["family_name", "given_name", "person"],
        "id and name, nothing else"
    );
    assert_eq!(values["given_name"], "Tom");
    assert_eq!(oak.row(Stub::KIND, stub), None);
    let elm = is_whole(elm, &server).await;

    let base = oak.row(Person::KIND, tom().id.into()).unwrap().fields["given_name"].version;
    oak.save(vec![edit(
        Person::KIND,
        tom().id.into(),
        "given_name",
        "Tomasz",
        Some(base),
    )]);
    oak.meets(&server).await;
    elm.meets(&server).await;
    assert_eq!(
        elm.row(Stub::KIND, stub).unwrap().values()["given_name"],
        "Tomasz"
    );
    for (hidden, stubs) in [(true, 0), (false, 1)] {
        oak.save(vec![edit(
            Family::KIND,
            id(HOME),
            "protected",
            hidden,
            None,
        )]);
        oak.meets(&server).await;
        elm.meets(&server).await;
        assert_eq!(
            elm.count("SELECT COUNT(*) FROM stub"),
            stubs,
            "hidden: {hidden}"
        );
    }

    let no = withdrawal(0xee, tom().id, &[yes], WithdrawalHow::InPerson);
    oak.save(vec![make(&no, OAK)]);
    oak.meets(&server).await;
    elm.meets(&server).await;
    assert_eq!(
        elm.count("SELECT COUNT(*) FROM photo_removal"),
        1,
        "the withdrawal reached it"
    );
    assert_eq!(
        elm.count("SELECT COUNT(*) FROM stub"),
        0,
        "and the stub went with the content"
    );
    for device in [elm, oak] {
        is_whole(device, &server).await;
    }
}

#[tokio::test]
async fn consent_does_not_leave_alone_whatever_plain_sql_is_sent() {
    let server = Server::start().await;
    let desk = server.device().await;
    desk.save(family(ELM));
    desk.save(shot(0xf0, 3000, &[(tom().id, id(0xd1).into())]).changes(ELM));
    desk.meets(&server).await;
    let tom: Uuid = tom().id.into();
    let refused = |sql: &str| desk.connection().execute_batch(sql).is_err();
    let entry = |record: Uuid, kind: &str| {
        format!(
            "INSERT OR REPLACE INTO letting_go (record, kind) VALUES (x'{}', '{kind}')",
            record.simple()
        )
    };
    assert!(refused("DELETE FROM decision"));
    for (record, kind) in [
        (tom, "consent"),
        (id(0xf0), "photo"),
        (id(0xd1), "decision"),
        (id(7), "person"),
    ] {
        assert!(refused(&entry(record, kind)), "{kind} is held");
    }
    desk.sql("DELETE FROM holding; DELETE FROM scope_tally;");
    assert!(refused(&entry(tom, "consent")), "a photo shows him");
    desk.sql(&entry(id(0xf0), "photo"));
    assert_eq!(
        desk.count("SELECT (SELECT COUNT(*) FROM photo) + (SELECT COUNT(*) FROM photo_subject)"),
        0
    );
    desk.sql(&entry(tom, "consent"));
    assert_eq!(
        desk.count("SELECT (SELECT COUNT(*) FROM decision) + (SELECT COUNT(*) FROM authority)"),
        0
    );
    assert_eq!(
        desk.count("SELECT COUNT(*) FROM letting_go"),
        0,
        "empty outside a statement"
    );
    // All of it comes back: the holdings were not the county's doing.
    desk.meets(&server).await;
    assert!(has(&desk, Decision::KIND, 0xd1) && has(&desk, "photo", 0xf0));
}

#[tokio::test]
async fn a_county_that_takes_everything_away_is_not_believed() {
    let server = Server::start().await;
    let desk = server.device().await;
    desk.save(family(ELM));
    desk.meets(&server).await;
    let standing = porch_sync::device::Replica::standing(&desk.store).unwrap();
    let page = porch_sync::protocol::PullPage {
        epoch: standing.epoch,
        removals: Vec::new(),
        urgent: Vec::new(),
        urgent_head: standing.urgent_after,
        place: None,
        rows: Vec::new(),
        left: Vec::new(),
        holds: Some(porch_sync::protocol::Holds {
            scopes: Vec::new(),
            leaving: vec![ELM],
        }),
        more: false,
        digests: None,
        backed_up: 0,
        kept_aside: None,
        server_unix_ms: NOW_MS,
    };
    let taken = porch_sync::device::Replica::take_page(&desk.store, &page);
    assert_eq!(taken, Err(porch_store::StoreError::Malformed));
    assert_eq!(desk.count("SELECT COUNT(*) FROM parting"), 0);
    desk.meets(&server).await;
    assert!(has(&desk, Person::KIND, 0x7031));
}
