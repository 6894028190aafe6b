//! Two devices, one county.

use porch_sync::Hlc;
use porch_sync::protocol::Fate;
use serde_json::json;
use uuid::Uuid;

use crate::client::{Device, Server};
use crate::story::{ELM, NOW_MS, Pen, edit, make, person, rosa, tom};

async fn rows(device: &Device) -> Vec<porch_sync::Row> {
    let pages = device.pull().await;
    let mut rows: Vec<_> = pages
        .into_iter()
        .flat_map(|page| page.rows)
        .map(|fed| fed.row)
        .collect();
    rows.sort_by_key(|row| row.id);
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn two_pushers_at_once_converge() {
    let server = Server::start().await;
    let (mut one, mut other) = (server.at_elm().await, server.at_elm().await);
    one.push(vec![make(&rosa(), ELM)]).await;
    let base = Some(one.pen.version());
    let rosa_id = Uuid::from(rosa().id);
    one.pen.clock = Hlc::at(NOW_MS + 1);
    other.pen.clock = Hlc::at(NOW_MS + 2);
    let here = async {
        let mut fates = Vec::new();
        for number in 0..20 {
            fates.push(
                one.push(vec![make(&person(0x1000 + number, "Ada"), ELM)])
                    .await
                    .fate,
            );
        }
        fates.push(
            one.push(vec![edit("person", rosa_id, "phone", "one", base)])
                .await
                .fate,
        );
        fates
    };
    let there = async {
        let mut fates = Vec::new();
        fates.push(
            other
                .push(vec![edit("person", rosa_id, "phone", "other", base)])
                .await
                .fate,
        );
        for number in 0..20 {
            fates.push(
                other
                    .push(vec![make(&person(0x2000 + number, "Bea"), ELM)])
                    .await
                    .fate,
            );
        }
        fates
    };
    let (here, there) = tokio::join!(here, there);
    let conflicts = here
        .iter()
        .chain(&there)
        .filter(|fate| **fate == Fate::Conflict)
        .count();
    assert_eq!(conflicts, 1, "of the two phones one lost, and that is told");
    let (one, other) = (rows(&one).await, rows(&other).await);
    assert_eq!(one, other);
    assert_eq!(one.len(), 2 + 1 + 40);
    let phone = one
        .iter()
        .find(|row| row.id == rosa_id)
        .map(|row| row.values()["phone"].clone());
    assert_eq!(
        phone,
        Some(json!("other")),
        "the later clock breaks the tie"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_again_a_gap_and_a_clone() {
    let server = Server::start().await;
    let mut one = server.at_elm().await;
    let first = one.pen.write(vec![make(&rosa(), ELM)]);
    let second = one.pen.write(vec![make(&tom(), ELM)]);
    let gap = one.send(vec![second.clone()]).await.unwrap();
    assert_eq!((gap.outcomes.len(), gap.expected), (0, 1));
    let both = one.send(vec![first.clone(), second.clone()]).await.unwrap();
    assert_eq!((both.outcomes.len(), both.expected), (2, 3));
    let again = one.send(vec![first, second]).await.unwrap();
    assert_eq!(
        again.outcomes, both.outcomes,
        "an answer that was lost is given again"
    );
    assert_eq!(
        one.pull().await.iter().flat_map(|page| &page.rows).count(),
        4,
        "and nothing was taken in twice"
    );
    let mut copy = Pen::of(one.enrolled.device);
    let clone = one
        .send(vec![copy.write(vec![make(&person(9, "Eve"), ELM)])])
        .await
        .unwrap();
    assert!(clone.cloned);
}
