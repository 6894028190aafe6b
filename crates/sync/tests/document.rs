//! The examples of `docs/sync-protocol.md` are what devices and servers send.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use porch_sync::protocol::{PullPage, PullRequest, PushAnswer, PushRequest};
use porch_sync::{Mark, Tally};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The bodies in the order in which they are sent.
fn bodies() -> Vec<String> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sync-protocol.md");
    let text = std::fs::read_to_string(file).unwrap();
    let (_, section) = text
        .split_once("## Two meetings, as they are sent")
        .unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let blocks = section.split("```json\n").skip(1);
    let bodies = blocks.map(|block| block.split_once("```").unwrap().0.to_owned());
    bodies.collect()
}

/// Reads a body, and finds that nothing of it was passed over.
fn read<T: Serialize + DeserializeOwned>(body: &str) -> T {
    let read: T = serde_json::from_str(body).unwrap();
    let written: Value = serde_json::to_value(&read).unwrap();
    assert_eq!(written, serde_json::from_str::<Value>(body).unwrap());
    read
}

#[test]
fn the_meetings_of_the_document_are_of_the_protocol_s_form() {
    let bodies = bodies();
    let [pull, page, push, answer, again, second, given, late, told] = bodies.as_slice() else {
        panic!("{} bodies", bodies.len());
    };
    let pulls: [PullRequest; 2] = [read(pull), read(second)];
    let pages: [PullPage; 3] = [read(page), read(again), read(given)];
    let pushes: [PushRequest; 2] = [read(push), read(late)];
    let answers: [PushAnswer; 2] = [read(answer), read(told)];
    assert_eq!(
        pulls[1].places[0],
        pages[1].place.unwrap(),
        "it goes on from there"
    );
    for (push, answer) in pushes.iter().zip(&answers) {
        let opened = push.transactions[0].open().unwrap().unwrap();
        assert_eq!(opened.sequence, answer.outcomes[0].sequence);
        assert_eq!(answer.expected, opened.sequence + 1);
    }
    // What the device holds of the scope after each page adds up to the county's sum.
    let mut held: Vec<(uuid::Uuid, Mark)> = Vec::new();
    for page in &pages {
        let digests = page.digests.as_ref().unwrap();
        for fed in &page.rows {
            held.retain(|(record, _)| *record != fed.row.id);
            held.push((fed.row.id, Mark::of(&digests.key, &fed.row)));
        }
        let tally = held
            .iter()
            .fold(Tally::default(), |tally, (_, mark)| tally.with(None, *mark));
        assert_eq!(digests.scopes[0].tally(), tally);
    }
}
