//! What the county keeps aside is not lost to the desk that wrote it.

use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;
use porch_sync::device::Replica as _;
use uuid::Uuid;

use crate::scene::Server;
use crate::story::{ELM, OAK, edit, make, rosa, tom};

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
