//! Answers that get lost, and what others do before they are asked for again.

use std::sync::atomic::Ordering;

use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;

use crate::scene::{Device, Server};
use crate::story::{ELM, edit, make, rosa};

fn set_phone(device: &Device, value: &str) {
    let id = rosa().id.into();
    let base = device.row(Person::KIND, id).unwrap().fields["phone"].version;
    device.save(vec![edit(Person::KIND, id, "phone", value, Some(base))]);
}

#[tokio::test]
async fn what_somebody_wrote_on_top_of_an_edit_stands_though_its_answer_was_lost() {
    let server = Server::start().await;
    let (ahead, other) = (server.device().await, server.device().await);
    ahead.save(vec![make(&rosa(), ELM)]);
    ahead.meets(&server).await;
    other.meets(&server).await;

    // Its clock is a day ahead, and the answer to its edit does not come.
    ahead.pass(24 * 60 * 60 * 1000);
    set_phone(&ahead, "01632 960001");
    let line = server.line(&ahead);
    line.loses_answers.store(true, Ordering::SeqCst);
    ahead.try_meeting(&line).await.unwrap_err();
    other.meets(&server).await;
    set_phone(&other, "01632 960002");
    other.meets(&server).await;

    ahead.meets(&server).await;
    let there = server.row(rosa().id.into()).await.unwrap();
    assert_eq!(there.values()["phone"], "01632 960002");
    assert_eq!(
        ahead.row(Person::KIND, rosa().id.into()),
        Some(there),
        "who wrote it had seen the first, whatever the clocks say"
    );
    assert_eq!(ahead.count("SELECT COUNT(*) FROM confirmed"), 0);
    let ahead = ahead.reopened();
    assert_eq!(ahead.meets(&server).await.taken, 0, "and whole");
}
