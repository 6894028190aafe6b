//! Erasures and digests: afterwards both sides still hold the same, and nothing is fetched twice.

use std::sync::atomic::Ordering;

use porch_domain::attendance::{Attendance, Departure};
use porch_domain::catalogue::Record as _;
use porch_domain::erasure::{ErasureGround, ErasureOrder};
use porch_domain::id::PersonId;
use porch_domain::person::Person;
use porch_domain::time::Instant;
use porch_sync::device::{Replica as _, Transport as _};
use porch_sync::protocol::PushRequest;
use serde_json::Value;
use uuid::Uuid;

use crate::scene::{Device, Server, clash};
use crate::story::{
    ELM, NOW_MS, OAK, decision, edit, id, make, motherhood, person, rosa, tom, withdrawal,
};
use porch_domain::withdrawal::WithdrawalHow;

const DEPARTED: Uuid = Uuid::from_u128(0xde9);

pub(crate) fn order(person: PersonId) -> ErasureOrder {
    ErasureOrder {
        id: id(0x0d).into(),
        person,
        ground: ErasureGround::Objected,
        ordered_by: id(0x05e4).into(),
        ordered_at: Instant::from_unix_ms(NOW_MS as i64),
    }
}

/// Rosa was there, and Tom collected her.
fn visit() -> (Attendance, Departure) {
    let attendance = Attendance {
        id: id(0xa1).into(),
        session: id(0x5e55).into(),
        person: rosa().id,
        family: id(0xfa).into(),
        arrived_at: Instant::from_unix_ms(NOW_MS as i64),
    };
    let departure = Departure {
        id: DEPARTED.into(),
        attendance: attendance.id,
        left_at: Instant::from_unix_ms(NOW_MS as i64 + 1),
        collected_by: Some(tom().id),
    };
    (attendance, departure)
}

fn collected_by(row: Option<porch_sync::Row>) -> Value {
    row.unwrap().values()["collected_by"].clone()
}

fn is_whole(device: &Device) {
    assert_eq!(
        device.count("SELECT COUNT(*) FROM scope_tally WHERE misses > 0"),
        0
    );
    let state = device.state();
    assert_eq!((state.stopped, state.unsent, state.set_aside), (0, 0, 0));
}

/// Also after the program was started again, when it looks at all of its tables.
async fn stays_whole(device: Device, server: &Server) {
    is_whole(&device);
    let device = device.reopened();
    assert_eq!(device.meets(server).await.taken, 0, "nothing is fetched");
    is_whole(&device);
    assert_eq!(device.row(Person::KIND, tom().id.into()), None);
    assert!(device.row(Person::KIND, rosa().id.into()).is_some());
}

#[tokio::test]
async fn after_an_erasure_both_sides_hold_the_same_and_nothing_is_fetched_twice() {
    let server = Server::start().await;
    let (desk, other) = (server.device().await, server.device().await);
    let (attendance, departure) = visit();
    desk.save(vec![make(&rosa(), ELM), make(&tom(), ELM)]);
    desk.save(vec![make(&motherhood(), ELM)]);
    let yes = decision(0xd1, tom().id, &["print"], &[]);
    desk.save(vec![make(&yes, ELM)]);
    let no = withdrawal(0xee, tom().id, &[yes.id], WithdrawalHow::InPerson);
    desk.save(vec![make(&no, ELM)]);
    desk.save(vec![make(&attendance, ELM), make(&departure, ELM)]);
    desk.meets(&server).await;
    other.meets(&server).await;
    is_whole(&other);
    desk.save(vec![make(&order(tom().id), ELM)]);
    // The person, his mother's authority, the decision, the withdrawal; and Rosa's departure as it now is.
    for device in [&desk, &other] {
        assert_eq!(device.meets(&server).await.taken, 5);
        is_whole(device);
        assert_eq!(device.row(Person::KIND, tom().id.into()), None);
        assert_eq!(
            collected_by(device.row(Departure::KIND, DEPARTED)),
            Value::Null
        );
    }
    assert_eq!(collected_by(server.row(DEPARTED).await), Value::Null);
    let told = server.county.erasure(id(0x0d)).await.unwrap().unwrap();
    assert!(told.complete, "both have confirmed");
    for device in [desk, other] {
        stays_whole(device, &server).await;
    }
}

#[tokio::test]
async fn what_was_unsent_of_others_arrives_without_who_was_erased() {
    let server = Server::start().await;
    let (desk, other) = (server.device().await, server.device().await);
    let (attendance, departure) = visit();
    desk.save(vec![
        make(&rosa(), ELM),
        make(&tom(), ELM),
        make(&attendance, ELM),
    ]);
    desk.meets(&server).await;
    other.meets(&server).await;
    other.save(vec![
        make(&departure, ELM),
        make(&person(0xada, "Ada"), ELM),
    ]);
    let base = other.row(Person::KIND, rosa().id.into()).unwrap().fields["phone"].version;
    other.save(vec![
        edit(Person::KIND, rosa().id.into(), "phone", "1", Some(base)),
        edit(Person::KIND, tom().id.into(), "phone", "2", Some(base)),
    ]);
    desk.save(vec![make(&order(tom().id), ELM)]);
    desk.meets(&server).await;
    other.meets(&server).await;
    desk.meets(&server).await;
    assert_eq!(collected_by(server.row(DEPARTED).await), Value::Null);
    assert!(server.row(id(0xada)).await.is_some());
    // A form that was open the whole time still names him.
    let late = Departure {
        id: id(0xdea).into(),
        ..departure
    };
    other.save(vec![make(&late, ELM)]);
    other.meets(&server).await;
    desk.meets(&server).await;
    assert_eq!(collected_by(server.row(id(0xdea)).await), Value::Null);
    let there = server.row(rosa().id.into()).await.unwrap();
    assert_eq!(there.values()["phone"], "1");
    assert_eq!(server.county.waiting().await.unwrap(), []);
    for device in [desk, other] {
        assert_eq!(
            device.row(Person::KIND, rosa().id.into()),
            Some(there.clone())
        );
        assert_eq!(device.state().conflicts, 0);
        stays_whole(device, &server).await;
    }
}

#[tokio::test]
async fn what_rests_on_what_came_too_late_comes_too_late() {
    let server = Server::start().await;
    let (desk, other) = (server.device().await, server.device().await);
    desk.save(vec![make(&rosa(), ELM), make(&tom(), ELM)]);
    desk.meets(&server).await;
    other.meets(&server).await;
    // Before this device hears that Tom was erased, it sends that he came, and then that he left.
    let (attendance, departure) = visit();
    let attendance = Attendance {
        person: tom().id,
        ..attendance
    };
    let departure = Departure {
        collected_by: None,
        ..departure
    };
    other.save(vec![make(&attendance, ELM)]);
    other.save(vec![make(&departure, ELM)]);
    desk.save(vec![make(&order(tom().id), ELM)]);
    desk.meets(&server).await;
    let request = PushRequest {
        epoch: server.county.epoch(),
        transactions: other.store.unsent().unwrap(),
        audit: None,
    };
    let answer = server.line(&other).push(&request).await.unwrap();
    assert_eq!(answer.outcomes.len(), 2);
    for record in [attendance.id.into(), DEPARTED] {
        assert_eq!(server.row(record).await, None);
    }
    for device in [desk, other] {
        device.meets(&server).await;
        stays_whole(device, &server).await;
    }
}

#[tokio::test]
async fn a_county_restored_beside_its_removal_log_erases_again_who_was_erased_since() {
    let server = Server::start().await;
    let (desk, away) = (server.device().await, server.device().await);
    let (attendance, departure) = visit();
    desk.save(vec![make(&rosa(), ELM)]);
    desk.save(vec![make(&tom(), ELM)]);
    desk.save(vec![make(&attendance, ELM), make(&departure, ELM)]);
    desk.meets(&server).await;
    away.meets(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("monday.db");
    server.county.back_up(&backup).await.unwrap();
    desk.save(vec![make(&order(tom().id), ELM)]);
    desk.meets(&server).await;
    assert!(away.row(Person::KIND, tom().id.into()).is_some());

    let restored = server.restored_beside_the_logs(&backup).await;
    assert_eq!(
        restored.row(tom().id.into()).await,
        None,
        "before it serves"
    );
    assert_eq!(collected_by(restored.row(DEPARTED).await), Value::Null);
    for _ in 0..2 {
        for device in [&desk, &away] {
            device.meets(&restored).await;
        }
    }
    let told = restored.county.erasure(id(0x0d)).await.unwrap().unwrap();
    assert!(told.complete, "who was away has heard of it, too");
    for device in [desk, away] {
        stays_whole(device, &restored).await;
    }
}

/// What a device was given since the backup, and where, the restored county does not know.
#[tokio::test]
async fn a_restored_county_tells_every_device_from_before_of_an_erasure() {
    let server = Server::start().await;
    let (desk, oak) = (server.device().await, server.device_of(OAK).await);
    desk.save(vec![make(&rosa(), ELM), make(&tom(), ELM)]);
    desk.meets(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("monday.db");
    server.county.back_up(&backup).await.unwrap();
    let restored = server.restored(&backup).await;
    for device in [&desk, &oak] {
        device.meets(&restored).await;
    }
    let newcomer = restored.device_of(OAK).await;
    newcomer.meets(&restored).await;

    desk.save(vec![make(&order(tom().id), ELM)]);
    desk.meets(&restored).await;
    let told = restored.county.erasure(id(0x0d)).await.unwrap().unwrap();
    let waited_for: Vec<_> = told.devices.iter().map(|holder| holder.device).collect();
    assert_eq!(waited_for, [desk.number(), oak.number()]);
    oak.meets(&restored).await;
    let told = restored.county.erasure(id(0x0d)).await.unwrap().unwrap();
    assert!(told.complete);
}

#[tokio::test]
async fn a_copy_that_nobody_can_tell_any_more_lets_go_by_its_digests() {
    let server = Server::start().await;
    let desk = server.device().await;
    desk.save(vec![make(&rosa(), ELM), make(&tom(), ELM)]);
    desk.meets(&server).await;
    let mut copy = desk.copied();
    desk.save(vec![make(&order(tom().id), ELM)]);
    desk.meets(&server).await;
    let told = server.county.erasure(id(0x0d)).await.unwrap().unwrap();
    assert!(told.complete, "the ids are forgotten");
    copy.save(vec![make(&person(0xada, "Ada"), ELM)]);
    let ended = copy.try_meeting(&server.line(&copy)).await;
    copy.rejoins(&server, clash(ended)).await;
    copy.meets(&server).await;
    assert!(server.row(id(0xada)).await.is_some());
    let scrubbed = copy.count("SELECT times FROM let_go");
    assert!(scrubbed > 0, "nothing of it is left in the files either");
    stays_whole(copy, &server).await;
}

#[tokio::test]
async fn an_edit_of_what_was_let_go_of_is_in_nobodys_way() {
    let server = Server::start().await;
    let desk = server.device().await;
    desk.save(vec![make(&rosa(), ELM), make(&tom(), ELM)]);
    desk.meets(&server).await;
    let mut copy = desk.copied();
    desk.save(vec![make(&order(tom().id), ELM)]);
    desk.meets(&server).await;
    let base = copy.row(Person::KIND, tom().id.into()).unwrap().fields["phone"].version;
    let phone = edit(Person::KIND, tom().id.into(), "phone", "1", Some(base));
    copy.save(vec![phone]);
    let ended = copy.try_meeting(&server.line(&copy)).await;
    copy.rejoins(&server, clash(ended)).await;
    // It lets go of Tom by its digests before it hears what became of the edit.
    let line = server.line(&copy);
    line.loses_answers.store(true, Ordering::SeqCst);
    copy.try_meeting(&line).await.unwrap_err();
    assert_eq!(copy.row(Person::KIND, tom().id.into()), None);
    assert_eq!(copy.unsent(), 1);
    copy.meets(&server).await;
    assert_eq!(copy.unsent(), 0);
    assert_eq!(copy.count("SELECT COUNT(*) FROM confirmed"), 0);
    stays_whole(copy, &server).await;
}

#[tokio::test]
async fn an_erasure_loses_nothing_of_others_that_a_restored_county_lacks() {
    let server = Server::start().await;
    let (desk, other) = (server.device().await, server.device().await);
    desk.save(vec![make(&rosa(), ELM)]);
    desk.meets(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("monday.db");
    server.county.back_up(&backup).await.unwrap();
    let base = desk.row(Person::KIND, rosa().id.into()).unwrap().fields["phone"].version;
    let phone = edit(Person::KIND, rosa().id.into(), "phone", "1", Some(base));
    // One Save: somebody else's telephone, somebody else, and who is erased.
    desk.save(vec![
        phone,
        make(&person(0xada, "Ada"), ELM),
        make(&tom(), ELM),
    ]);
    desk.meets(&server).await;
    other.meets(&server).await;
    desk.save(vec![make(&order(tom().id), ELM)]);
    desk.meets(&server).await;
    other.meets(&server).await;
    assert_eq!(
        desk.count(&format!(
            "SELECT COUNT(*) FROM outbox WHERE instr(body, '{}') > 0",
            tom().id
        )),
        0
    );
    let restored = server.restored_beside_the_logs(&backup).await;
    assert_eq!(restored.row(id(0xada)).await, None, "made after the backup");
    for _ in 0..2 {
        for device in [&desk, &other] {
            device.meets(&restored).await;
        }
    }
    assert!(restored.row(id(0xada)).await.is_some());
    let there = restored.row(rosa().id.into()).await.unwrap();
    assert_eq!(there.values()["phone"], "1");
    assert_eq!(restored.row(tom().id.into()).await, None);
    assert_eq!(
        desk.count("SELECT COUNT(*) FROM outbox_rest"),
        0,
        "saved anew"
    );
    for device in [desk, other] {
        assert_eq!(
            device.row(Person::KIND, rosa().id.into()),
            Some(there.clone())
        );
        stays_whole(device, &restored).await;
    }
}
