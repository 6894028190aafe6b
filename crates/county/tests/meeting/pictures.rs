//! Pictures on their way to the county.

use porch_sync::protocol::{Variant, blob_id};

use crate::restore::store_photo;
use crate::scene::Server;
use crate::story::{ELM, decision, make, rosa, shot};

#[tokio::test]
async fn a_picture_that_is_not_what_its_record_says_keeps_no_other_from_being_sent() {
    let server = Server::start().await;
    let device = server.device().await;
    device.save(vec![make(&rosa(), ELM)]);
    let yes = decision(0xd1, rosa().id, &["press"], &[]);
    device.save(vec![make(&yes, ELM)]);
    let mut spoilt = shot(0xf0, 2000, &[(rosa().id, yes.id)]);
    spoilt.picture[7] ^= 1;
    let whole = shot(0xf1, 3000, &[(rosa().id, yes.id)]);
    store_photo(&device, &spoilt);
    store_photo(&device, &whole);
    device.meets(&server).await;
    let devices = server.county.devices().await.unwrap();
    let arrived = async |photo| {
        let blob = blob_id(photo, Variant::Picture);
        let state = server.county.blob_state(&devices[1], blob).await.unwrap();
        state.complete
    };
    assert!(!arrived(spoilt.photo.id.into()).await);
    assert!(arrived(whole.photo.id.into()).await, "which comes after it");
    assert_eq!(
        device.count("SELECT COUNT(*) FROM picture_outbox"),
        1,
        "what the county did not take waits"
    );
}
