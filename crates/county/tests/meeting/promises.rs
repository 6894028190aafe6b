//! The promises of the protocol, one test each, over real stores of devices and of a county. Promise 4 is told in
//! `tests/devices/scopes.rs`, by the desk's commands and over the network.

use std::sync::atomic::Ordering;

use porch_county::Failure;
use porch_domain::catalogue::Record as _;
use porch_domain::erasure::{ErasureGround, ErasureOrder};
use porch_domain::person::Person;
use porch_domain::time::Instant;
use porch_domain::withdrawal::WithdrawalHow;
use porch_sync::protocol::{CountyRefusal, Variant, blob_id};
use serde_json::Value;
use uuid::Uuid;

use crate::restore::store_photo;
use crate::scene::{Device, Server};
use crate::story::{
    ELM, NOW_MS, OAK, decision, edit, id, make, motherhood, person, rosa, shot, tom, withdrawal,
};

fn rosa_id() -> Uuid {
    rosa().id.into()
}

fn tom_id() -> Uuid {
    tom().id.into()
}

fn set(device: &Device, field: &str, value: &str) {
    let base = device.row(Person::KIND, rosa_id()).unwrap().fields[field].version;
    let change = edit(Person::KIND, rosa_id(), field, value, Some(base));
    device.save(vec![change]);
}

fn value(device: &Device, field: &str) -> Value {
    device.row(Person::KIND, rosa_id()).unwrap().values()[field].clone()
}

#[tokio::test]
async fn promise_1_no_acknowledged_write_is_lost() {
    let server = Server::start().await;
    let (desk, other) = (server.device().await, server.device().await);
    desk.save(vec![make(&rosa(), ELM)]);
    let desk = desk.reopened();
    assert!(
        desk.row(Person::KIND, rosa_id()).is_some() && desk.unsent() == 1,
        "acknowledged starts at Save, and outlasts the program"
    );
    // The answer is lost, and asked for again.
    let line = server.line(&desk);
    line.loses_answers.store(true, Ordering::SeqCst);
    desk.try_meeting(&line).await.unwrap_err();
    desk.meets(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("monday.db");
    server.county.back_up(&backup).await.unwrap();
    other.meets(&server).await;

    // Acknowledged by a county that then loses it.
    set(&desk, "phone", "01632 960001");
    set(&other, "email", "rosa@example.org");
    desk.save(vec![make(&tom(), ELM)]);
    desk.meets(&server).await;
    other.meets(&server).await;
    let restored = server.restored(&backup).await;
    assert_eq!(restored.row(tom_id()).await, None);
    for device in [&desk, &other, &desk, &other] {
        device.meets(&restored).await;
    }
    assert!(restored.row(tom_id()).await.is_some());
    let there = restored.row(rosa_id()).await.unwrap();
    for device in [&desk, &other] {
        assert_eq!(device.row(Person::KIND, rosa_id()).as_ref(), Some(&there));
        assert_eq!(value(device, "phone"), "01632 960001");
        assert_eq!(value(device, "email"), "rosa@example.org");
        assert_eq!(device.unsent(), 0);
    }
}

#[tokio::test]
async fn promise_2_a_photo_that_no_longer_stands_anywhere_is_gone_everywhere() {
    let server = Server::start().await;
    let (desk, other, away) = (
        server.device().await,
        server.device().await,
        server.device().await,
    );
    let yes = decision(0xd1, rosa().id, &["press"], &[]);
    desk.save(vec![make(&rosa(), ELM), make(&yes, ELM)]);
    let mut taken = shot(0xf0, 3000, &[(rosa().id, yes.id)]);
    taken.photo.caption = Some("Rosa on the slide".to_owned());
    store_photo(&desk, &taken);
    for device in [&desk, &other, &away] {
        device.meets(&server).await;
        assert_eq!(
            device.count("SELECT COUNT(*) FROM picture"),
            2,
            "with its bytes"
        );
    }
    // While it is away it stores another one, on what it knows.
    store_photo(&away, &shot(0xf1, 3000, &[(rosa().id, yes.id)]));
    let no = withdrawal(0xee, rosa().id, &[yes.id], WithdrawalHow::InPerson);
    other.save(vec![make(&no, ELM)]);
    assert_eq!(other.count("SELECT COUNT(*) FROM picture"), 0, "at once");
    for device in [&other, &desk, &away, &desk] {
        device.meets(&server).await;
    }
    for device in [&desk, &other, &away] {
        for table in ["picture", "picture_outbox"] {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            assert_eq!(device.count(&sql), 0, "{table}");
        }
        let caption = device.row("photo", id(0xf0)).unwrap().values()["caption"].clone();
        assert_eq!(caption, Value::Null);
    }
    assert_eq!(
        server.row(id(0xf1)).await,
        None,
        "the late one was not taken in"
    );
    let devices = server.county.devices().await.unwrap();
    for photo in [id(0xf0), id(0xf1)] {
        for variant in Variant::ALL {
            let asked = server
                .county
                .blob_state(&devices[1], blob_id(photo, variant));
            let refused = asked.await.unwrap_err();
            let gone = matches!(
                refused,
                Failure::Refused(CountyRefusal::NotFound | CountyRefusal::BlobNotExpected)
            );
            assert!(gone, "{refused:?}");
        }
    }
    // Consent that is given anew revives nothing.
    let mut anew = decision(0xd2, rosa().id, &["press"], &[]);
    anew.replaces = vec![yes.id];
    desk.save(vec![make(&anew, ELM)]);
    for device in [&desk, &other, &away] {
        device.meets(&server).await;
        assert_eq!(device.count("SELECT COUNT(*) FROM picture"), 0);
    }
}

#[tokio::test]
async fn promise_3_an_erased_person_leaves_no_trace_and_cannot_come_back() {
    let server = Server::start().await;
    let (desk, away, slow) = (
        server.device().await,
        server.device().await,
        server.device().await,
    );
    desk.save(vec![make(&rosa(), ELM), make(&tom(), ELM)]);
    let of_tom = decision(0xd1, tom().id, &["print"], &[]);
    desk.save(vec![make(&motherhood(), ELM), make(&of_tom, ELM)]);
    for device in [&desk, &away, &slow] {
        device.meets(&server).await;
    }
    let old = desk.copied();
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("monday.db");
    server.county.back_up(&backup).await.unwrap();
    // Unsent work about him waits in a change queue.
    let base = away.row(Person::KIND, tom_id()).unwrap().fields["phone"].version;
    let late = edit(Person::KIND, tom_id(), "phone", "01632 960002", Some(base));
    away.save(vec![late]);
    let order = ErasureOrder {
        id: id(0x0d).into(),
        person: tom().id,
        ground: ErasureGround::Objected,
        ordered_by: id(0x05e4).into(),
        ordered_at: Instant::from_unix_ms(NOW_MS.cast_signed()),
    };
    desk.save(vec![make(&order, ELM)]);
    desk.meets(&server).await;
    old.meets(&server).await;
    away.meets(&server).await;
    slow.meets(&server).await;
    let leaves_no_trace = |device: &Device| {
        for (kind, record) in [
            (Person::KIND, tom_id()),
            ("authority", id(0xa0)),
            ("decision", id(0xd1)),
        ] {
            assert_eq!(device.row(kind, record), None, "{kind}");
        }
        for record in [tom_id(), id(0xa0), id(0xd1)] {
            let queued = format!("SELECT COUNT(*) FROM outbox WHERE instr(body, '{record}') > 0");
            assert_eq!(device.count(&queued), 0, "change queues included");
        }
        let found = format!(
            "SELECT COUNT(*) FROM search_entry WHERE person = x'{}'",
            tom_id().simple()
        );
        assert_eq!(device.count(&found), 0, "nor in the search index");
    };
    for device in [&desk, &old, &away, &slow] {
        leaves_no_trace(device);
        device.meets(&server).await;
    }
    assert_eq!(server.row(tom_id()).await, None);
    let told = server.county.erasure(id(0x0d)).await.unwrap().unwrap();
    assert!(told.complete, "all have confirmed");

    // Nor does an old backup of the county bring him back.
    let restored = server.restored_beside_the_logs(&backup).await;
    for device in [&desk, &away, &slow, &desk] {
        device.meets(&restored).await;
        leaves_no_trace(device);
    }
    assert_eq!(restored.row(tom_id()).await, None);
    let newcomer = restored.device().await;
    newcomer.meets(&restored).await;
    leaves_no_trace(&newcomer);
}

#[tokio::test]
async fn promise_5_edits_of_different_fields_merge_and_of_one_field_the_other_is_kept() {
    let server = Server::start().await;
    let (one, two) = (server.device().await, server.device().await);
    one.save(vec![make(&rosa(), ELM)]);
    one.meets(&server).await;
    two.meets(&server).await;
    set(&one, "email", "rosa@example.org");
    set(&two, "language", "pl");
    set(&one, "phone", "01632 960001");
    two.pass(5000);
    set(&two, "phone", "01632 960002");
    for device in [&one, &two, &one] {
        device.meets(&server).await;
    }
    let there = server.row(rosa_id()).await.unwrap();
    let kept = [&one, &two].map(|device| {
        assert_eq!(device.row(Person::KIND, rosa_id()).as_ref(), Some(&there));
        assert_eq!(value(device, "email"), "rosa@example.org");
        assert_eq!(value(device, "language"), "pl");
        assert_eq!(value(device, "phone"), "01632 960002", "the later one");
        let lost =
            "SELECT COUNT(*) FROM conflict WHERE field = 'phone' AND lost = '\"01632 960001\"'";
        assert_eq!(
            u64::from(device.state().conflicts),
            device.count(lost),
            "what the desk counts is what lost, and nothing else"
        );
        device.state().conflicts
    });
    assert!(kept.contains(&1), "shown where it was found: {kept:?}");
}

#[tokio::test]
async fn promise_7_nothing_blocks_a_queue_a_pull_or_a_save() {
    let server = Server::start().await;
    let (desk, other) = (server.device().await, server.device().await);
    // A bad record: it makes somebody in a centre that is not its own.
    desk.save(vec![make(&person(0xbad, "Bad"), OAK)]);
    desk.save(vec![make(&rosa(), ELM)]);
    desk.meets(&server).await;
    assert_eq!((desk.unsent(), desk.state().kept_aside), (0, 1));
    assert!(server.row(rosa_id()).await.is_some(), "what came after it");
    assert_eq!(
        server.county.waiting().await.unwrap().len(),
        1,
        "for a person"
    );

    // A stuck push: what others wrote arrives all the same.
    other.save(vec![make(&tom(), ELM)]);
    other.meets(&server).await;
    desk.save(vec![make(&person(0xada, "Ada"), ELM)]);
    let line = server.line(&desk);
    line.deaf.store(true, Ordering::SeqCst);
    desk.try_meeting(&line).await.unwrap_err();
    assert!(desk.row(Person::KIND, tom_id()).is_some() && desk.unsent() == 1);
    desk.meets(&server).await;

    // A wrong clock, set back to 1970 and far ahead: whoever saw the last value writes over it.
    other.meets(&server).await;
    let year = 366 * 24 * 60 * 60 * 1000;
    for (device, ms, phone) in [
        (&desk, 1000 - NOW_MS.cast_signed(), "01632 960001"),
        (&other, 20 * year, "01632 960002"),
        (&desk, 0, "01632 960003"),
    ] {
        device.pass(ms);
        set(device, "phone", phone);
        for device in [&desk, &other, &desk] {
            device.meets(&server).await;
        }
        let there = server.row(rosa_id()).await.unwrap();
        assert_eq!(there.values()["phone"], phone);
        for device in [&desk, &other] {
            assert_eq!(value(device, "phone"), phone, "no clock decides it");
        }
    }
    assert_eq!(desk.state().conflicts + other.state().conflicts, 0);
}
