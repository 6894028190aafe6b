//! Digests: a device notices what it does not hold, and heals.

use std::sync::atomic::Ordering;

use porch_sync::device::{Replica as _, Transport as _};
use porch_sync::protocol::PullRequest;
use serde_json::Value;
use uuid::Uuid;

use crate::scene::{Device, Server};
use crate::story::{ELM, decision, edit, make, person, rosa, shot, tom, withdrawal};
use porch_domain::withdrawal::WithdrawalHow;

/// One device wrote Rosa, Tom and Ada; another holds them.
async fn three_people(server: &Server) -> (Device, Device) {
    let (writer, holder) = (server.device().await, server.device().await);
    for person in [rosa(), tom(), person(0xada, "Ada")] {
        writer.save(vec![make(&person, ELM)]);
    }
    writer.meets(server).await;
    holder.meets(server).await;
    (writer, holder)
}

fn people(device: &Device) -> u64 {
    device.count("SELECT COUNT(*) FROM person")
}

fn phone(device: &Device, person: Uuid) -> Value {
    device.row("person", person).unwrap().values()["phone"].clone()
}

fn quoted(id: Uuid) -> String {
    format!("x'{}'", id.simple())
}

#[tokio::test]
async fn who_holds_what_the_county_holds_fetches_nothing_twice() {
    let server = Server::start().await;
    let (writer, holder) = three_people(&server).await;
    for device in [writer, holder] {
        assert_eq!(device.meets(&server).await.taken, 0);
        let device = device.reopened();
        assert_eq!(device.meets(&server).await.taken, 0, "looked at, and whole");
        assert_eq!((people(&device), device.state().stopped), (3, 0));
    }
}

#[tokio::test]
async fn a_row_that_was_lost_comes_back() {
    let server = Server::start().await;
    let (_, holder) = three_people(&server).await;
    holder.sql(&format!(
        "DELETE FROM person WHERE id = {}",
        quoted(rosa().id.into())
    ));
    let holder = holder.reopened();
    assert!(
        holder.meets(&server).await.taken >= 3,
        "the scope was fetched"
    );
    assert_eq!(people(&holder), 3);
    assert_eq!(holder.meets(&server).await.taken, 0, "and is whole again");
    assert_eq!(holder.state().stopped, 0);
}

#[tokio::test]
async fn a_row_that_was_changed_is_set_right_and_unsent_work_stays_on_top() {
    let server = Server::start().await;
    let (_, holder) = three_people(&server).await;
    let base = holder.row("person", tom().id.into()).unwrap().fields["phone"].version;
    holder.save(vec![edit(
        "person",
        tom().id.into(),
        "phone",
        "01632 960002",
        Some(base),
    )]);
    holder.sql(&format!(
        "UPDATE person SET phone = 'altered', versions = '{{\"*\":\"0000000000000001.1.77\"}}' WHERE id = {}",
        quoted(rosa().id.into())
    ));
    let holder = holder.reopened();
    let line = server.line(&holder);
    line.deaf.store(true, Ordering::SeqCst);
    holder.try_meeting(&line).await.unwrap_err();
    assert_eq!(
        phone(&holder, rosa().id.into()),
        Value::Null,
        "as the county has it"
    );
    assert_eq!(
        phone(&holder, tom().id.into()),
        "01632 960002",
        "not sent and not lost"
    );
    assert_eq!(holder.unsent(), 1);
    line.deaf.store(false, Ordering::SeqCst);
    holder.try_meeting(&line).await.unwrap();
    let there = server.row(tom().id.into()).await.unwrap();
    assert_eq!(there.values()["phone"], "01632 960002");
    assert_eq!((holder.unsent(), holder.state().stopped), (0, 0));
}

#[tokio::test]
async fn a_place_that_went_too_far_is_noticed_and_what_was_passed_over_is_fetched() {
    let server = Server::start().await;
    for further in [1, 500] {
        let (writer, holder) = three_people(&server).await;
        writer.save(vec![make(&person(0x1000 + further, "Eva"), ELM)]);
        writer.meets(&server).await;
        let before = people(&holder);
        holder.sql(&format!(
            "UPDATE cursor SET after = after + {further} WHERE scope = {}",
            quoted(ELM)
        ));
        holder.meets(&server).await;
        assert_eq!(people(&holder), before + 1, "{further} too far");
        assert_eq!(holder.meets(&server).await.taken, 0);
        assert_eq!(holder.state().stopped, 0);
    }
}

#[tokio::test]
async fn what_the_county_does_not_bring_is_taken_away() {
    let server = Server::start().await;
    let (_, holder) = three_people(&server).await;
    let stray = Uuid::from_u128(0x5744);
    let columns =
        "given_name, family_name, known_as, birth_date, due_date, gender, nhs_number, phone, email,
                   language, allergies, staff, versions, extra";
    holder.sql(&format!(
        "INSERT INTO person (id, {columns}) SELECT {stray}, {columns} FROM person WHERE id = {rosa};
         INSERT INTO holding (scope, record, kind, mark, fresh) VALUES ({elm}, {stray}, 'person', zeroblob(16), 1);
         UPDATE scope_tally SET held = held + 1 WHERE scope = {elm};",
        stray = quoted(stray),
        rosa = quoted(rosa().id.into()),
        elm = quoted(ELM),
    ));
    assert_eq!(people(&holder), 4);
    holder.meets(&server).await;
    assert_eq!(people(&holder), 3, "the county holds three");
    assert_eq!(holder.meets(&server).await.taken, 0);
}

#[tokio::test]
async fn a_scope_that_is_fetched_twice_in_vain_stops_and_nothing_else() {
    let server = Server::start().await;
    let (writer, holder) = three_people(&server).await;
    writer.save(vec![make(&decision(0xd1, rosa().id, &["press"], &[]), ELM)]);
    writer.meets(&server).await;
    let line = server.line(&holder);
    line.lies.store(true, Ordering::SeqCst);
    holder.try_meeting(&line).await.unwrap();
    assert_eq!(holder.state().stopped, 1, "shown");
    assert_eq!(people(&holder), 3, "and nothing was lost");
    let standing = holder.store.standing().unwrap();
    assert!(standing.places.iter().all(|place| place.scope != ELM));

    // What is written here is sent, and a No still arrives.
    holder.save(vec![make(&person(0xb0b, "Bob"), ELM)]);
    let no = withdrawal(
        0x11,
        rosa().id,
        &[decision(0xd1, rosa().id, &[], &[]).id],
        WithdrawalHow::InPerson,
    );
    writer.save(vec![make(&no, ELM)]);
    writer.meets(&server).await;
    holder.try_meeting(&line).await.unwrap();
    assert_eq!(
        holder.unsent(),
        0,
        "a stopped scope keeps nothing from being sent"
    );
    assert!(holder.row("withdrawal", no.id.into()).is_some(), "No wins");

    line.lies.store(false, Ordering::SeqCst);
    assert_eq!(holder.state().stopped, 1, "until somebody says so");
    holder
        .store
        .write(|write| write.try_stopped_scopes())
        .unwrap();
    holder.try_meeting(&line).await.unwrap();
    assert_eq!((holder.state().stopped, people(&holder)), (0, 4));
}

#[tokio::test]
async fn a_digest_is_of_the_same_moment_as_the_head_and_of_the_scopes_asked_for() {
    let server = Server::start().await;
    let (writer, _) = three_people(&server).await;
    let standing = writer.store.standing().unwrap();
    let request = PullRequest {
        epoch: standing.epoch,
        urgent_after: 0,
        places: standing
            .places
            .iter()
            .copied()
            .filter(|place| place.scope == ELM)
            .collect(),
        limit: 1,
        scrubbed: None,
        left: Vec::new(),
    };
    let page = server.line(&writer).pull(&request).await.unwrap();
    let digests = page.digests.unwrap();
    let told: Vec<_> = digests
        .scopes
        .iter()
        .map(|d| (d.scope, d.head, d.count))
        .collect();
    assert_eq!(told, [(ELM, 3, 3)]);
}

#[tokio::test]
async fn a_caption_that_went_with_its_picture_is_gone_on_both_sides() {
    let server = Server::start().await;
    let (writer, holder) = (server.device().await, server.device().await);
    let yes = decision(0xd1, rosa().id, &["press"], &[]);
    writer.save(vec![make(&rosa(), ELM), make(&yes, ELM)]);
    let mut shot = shot(0xf0, 2000, &[(rosa().id, yes.id)]);
    shot.photo.caption = Some("Rosa on the slide".to_owned());
    writer.save(shot.changes(ELM));
    writer.meets(&server).await;
    holder.meets(&server).await;
    let photo = shot.photo.id.into();
    let caption = |row: Option<porch_sync::Row>| row.unwrap().values()["caption"].clone();
    assert_eq!(caption(holder.row("photo", photo)), "Rosa on the slide");
    let no = withdrawal(0xee, rosa().id, &[yes.id], WithdrawalHow::InPerson);
    writer.save(vec![make(&no, ELM)]);
    writer.meets(&server).await;
    holder.meets(&server).await;
    assert_eq!(caption(server.row(photo).await), Value::Null);
    for device in [writer, holder] {
        assert_eq!(caption(device.row("photo", photo)), Value::Null);
        assert_eq!(
            device.count("SELECT COUNT(*) FROM scope_tally WHERE misses > 0"),
            0
        );
        let device = device.reopened();
        assert_eq!(device.meets(&server).await.taken, 0, "and whole");
    }
}
