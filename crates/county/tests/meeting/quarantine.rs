//! What the county keeps aside is not lost to the desk that wrote it.

use porch_domain::catalogue::Record as _;
use porch_domain::decision::Decision;
use porch_domain::person::Person;
use porch_domain::photo::Photo;
use porch_sync::device::Replica as _;
use uuid::Uuid;

use crate::erasure::order;
use crate::restore::store_photo_with;
use crate::scene::{Device, Server};
use crate::story::{ELM, OAK, decision, edit, id, make, motherhood, rosa, shot, tom};

/// Whether anything on a device says a word, in a table or in what was sent.
fn says(device: &Device, word: &str) -> bool {
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM set_aside WHERE instr(state, '{word}') > 0)
              + (SELECT COUNT(*) FROM outbox WHERE instr(body, '{word}') > 0)
              + (SELECT COUNT(*) FROM conflict WHERE instr(lost, '{word}') > 0)"
    );
    device.count(&sql) > 0
}

#[tokio::test]
async fn what_was_typed_and_not_taken_in_is_kept_and_told() {
    let server = Server::start().await;
    let device = server.device().await;
    // It does not hold Oak's records, so the county does not take one from it.
    device.save(vec![make(&rosa(), OAK)]);
    device.save(vec![make(&tom(), ELM)]);
    device.meets(&server).await;
    assert!(device.row(Person::KIND, rosa().id.into()).is_none());
    assert!(
        device.row(Person::KIND, tom().id.into()).is_some(),
        "in nobody's way"
    );
    let state = device.state();
    assert_eq!((state.unsent, state.kept_aside, state.set_aside), (0, 1, 0));
    let typed = device.count("SELECT COUNT(*) FROM set_aside WHERE instr(state, 'Rosa') > 0");
    assert_eq!(typed, 1, "with all that was typed");
}

#[tokio::test]
async fn what_was_kept_aside_and_is_to_be_sent_again_lies_on_its_record_again() {
    let server = Server::start().await;
    let device = server.device().await;
    device.save(vec![make(&rosa(), OAK)]);
    device.meets(&server).await;
    assert!(device.row(Person::KIND, rosa().id.into()).is_none());

    // The county was restored from a backup: everything is unsent once more.
    device.store.new_epoch(Uuid::from_bytes([7; 16])).unwrap();
    assert_eq!(device.unsent(), 1);
    let row = device.row(Person::KIND, rosa().id.into()).unwrap();
    assert_eq!(row.values()["given_name"], "Rosa");

    device.meets(&server).await;
    assert!(device.row(Person::KIND, rosa().id.into()).is_none());
    let state = device.state();
    assert_eq!((state.unsent, state.kept_aside), (0, 1));
}

#[tokio::test]
async fn an_edit_of_what_is_kept_aside_is_in_nobodys_way() {
    let server = Server::start().await;
    let device = server.device().await;
    let id = rosa().id.into();
    let made = device.save(vec![make(&rosa(), OAK)]);
    let phone = edit(Person::KIND, id, "phone", "01632 960001", Some(made));
    device.save(vec![phone]);
    device.save(vec![make(&tom(), ELM)]);
    device.meets(&server).await;
    let state = device.state();
    assert_eq!((state.unsent, state.kept_aside), (0, 1));
    assert!(device.row(Person::KIND, tom().id.into()).is_some());
    for typed in ["Rosa", "01632 960001"] {
        let sql = format!("SELECT COUNT(*) FROM set_aside WHERE instr(state, '{typed}') > 0");
        assert_eq!(device.count(&sql), 1, "both are kept");
    }
}

/// Oak's device orders that Tom is erased; Elm's, which holds nothing of Oak's, had written about him.
async fn erased_at_oak(server: &Server, elm: &Device, oak: &Device) {
    let tom = Uuid::from(tom().id).to_string();
    assert!(says(elm, &tom), "kept by its maker");
    oak.save(vec![make(&order(crate::story::tom().id), OAK)]);
    oak.meets(server).await;
    let told = server.county.erasure(id(0x0d)).await.unwrap().unwrap();
    let mut holders = told.devices.iter();
    assert!(holders.any(|holder| holder.device == elm.number()));
    assert!(!told.complete);
    elm.meets(server).await;
    assert!(!says(elm, &tom));
    assert_eq!(elm.state().kept_aside, 0);
    oak.meets(server).await;
    let told = server.county.erasure(id(0x0d)).await.unwrap().unwrap();
    assert!(told.complete, "both have confirmed");
}

/// Tom is Oak's; what Elm's device wrote about him waits.
async fn written_at_elm(server: &Server) -> (Device, Device) {
    let (elm, oak) = (server.device().await, server.device_of(OAK).await);
    oak.save(vec![make(&tom(), OAK)]);
    oak.meets(server).await;
    elm.save(vec![make(&motherhood(), OAK)]);
    elm.meets(server).await;
    assert_eq!(server.county.waiting().await.unwrap().len(), 1);
    (elm, oak)
}

#[tokio::test]
async fn who_was_let_in_and_is_erased_is_erased_where_it_was_written_too() {
    let server = Server::start().await;
    let (elm, oak) = (server.device().await, server.device_of(OAK).await);
    elm.save(vec![make(&tom(), OAK)]);
    elm.meets(&server).await;
    server.county.let_in(elm.number(), 1).await.unwrap();
    oak.meets(&server).await;
    assert!(oak.row(Person::KIND, tom().id.into()).is_some());
    erased_at_oak(&server, &elm, &oak).await;
}

#[tokio::test]
async fn what_waits_about_who_is_erased_leaves_its_maker() {
    let server = Server::start().await;
    let (elm, oak) = written_at_elm(&server).await;
    erased_at_oak(&server, &elm, &oak).await;
}

#[tokio::test]
async fn what_was_discarded_about_who_is_erased_leaves_its_maker() {
    let server = Server::start().await;
    let (elm, oak) = written_at_elm(&server).await;
    assert!(server.county.discard(elm.number(), 1).await.unwrap());
    assert_eq!(server.county.waiting().await.unwrap(), []);
    erased_at_oak(&server, &elm, &oak).await;
}

#[tokio::test]
async fn a_value_that_loses_when_it_is_let_in_is_a_conflict_at_its_desk() {
    let server = Server::start().await;
    let (desk, other) = (server.device().await, server.device().await);
    let id = tom().id.into();
    let made = desk.save(vec![make(&tom(), ELM)]);
    desk.meets(&server).await;
    other.meets(&server).await;

    // It waits because of Rosa, who is not of this centre, and Tom's phone and address wait with her.
    let mut typed = edit(Person::KIND, id, "phone", "01632 960001", Some(made));
    let email = edit(Person::KIND, id, "email", "tom@example.org", Some(made));
    typed.fields.extend(email.fields);
    desk.save(vec![typed, make(&rosa(), OAK)]);
    desk.meets(&server).await;
    assert_eq!(desk.state().kept_aside, 2);
    other.pass(60_000);
    other.save(vec![edit(
        Person::KIND,
        id,
        "phone",
        "01632 960002",
        Some(made),
    )]);
    other.meets(&server).await;

    desk.meets(&server).await;
    let lost = "SELECT COUNT(*) FROM conflict WHERE field = 'phone' AND instr(lost, '960001') > 0";
    assert_eq!(desk.count(lost), 1, "shown to a person");
    let phone = || desk.row(Person::KIND, id).unwrap().values()["phone"].clone();
    assert_eq!(phone(), "01632 960002");
    let aside = "SELECT COUNT(*) FROM set_aside WHERE instr(state, 'tom@example.org') > 0";
    assert_eq!(desk.count(aside), 1, "nobody gave another: it stays aside");

    let lost_then = server.county.let_in(desk.number(), 2).await.unwrap().lost;
    assert_eq!(lost_then.len(), 1);
    desk.meets(&server).await;
    assert_eq!(desk.count(lost), 1, "once");
    assert_eq!(phone(), "01632 960002");
    assert_eq!(
        desk.row(Person::KIND, id).unwrap().values()["email"],
        "tom@example.org"
    );
    assert_eq!(desk.count(aside), 0);
}

#[tokio::test]
async fn what_was_looked_at_is_not_kept_by_its_maker() {
    let server = Server::start().await;
    let device = server.device().await;
    let yes = decision(0xd1, tom().id, &["press"], &[]);
    device.save(vec![make(&tom(), ELM), make(&motherhood(), ELM)]);
    device.save(vec![make(&yes, ELM)]);
    // It waits because of Rosa, who is not of this centre.
    let shot = shot(0xf0, 2000, &[(tom().id, yes.id)]);
    let changes = [shot.changes(ELM), vec![make(&rosa(), OAK)]];
    store_photo_with(&device, &shot, changes.concat());
    device.meets(&server).await;
    let pictures = || device.count("SELECT COUNT(*) FROM picture");
    assert_eq!((device.state().kept_aside, pictures()), (3, 2));
    device.meets(&server).await;
    assert_eq!(
        (device.state().kept_aside, pictures()),
        (3, 2),
        "as long as it waits"
    );

    assert!(server.county.discard(device.number(), 3).await.unwrap());
    device.meets(&server).await;
    assert_eq!((device.state().kept_aside, pictures()), (0, 0));
    assert_eq!(device.row(Photo::KIND, shot.photo.id.into()), None);
    assert!(device.row(Person::KIND, tom().id.into()).is_some());
    assert!(device.row(Decision::KIND, yes.id.into()).is_some());
}
