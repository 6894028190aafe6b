//! Pictures in chunks: what is sent again, in between, or wrong.

use porch_domain::id::DecisionId;
use porch_sync::protocol::{BlobState, CHUNK_BYTES, Fate, Variant, blob_id};

use crate::client::{Device, Server, answer, refused};
use crate::story::{ELM, decision, id, make, motherhood, rosa, shot, tom};

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_goes_on_where_it_broke_off_and_begins_again_when_it_is_not_the_declared_one() {
    let server = Server::start().await;
    let (mut one, other) = (server.at_elm().await, server.at_elm().await);
    let deciding = decision(0xd1, tom().id, &["print"], &[]);
    let mut changes = vec![make(&rosa(), ELM), make(&tom(), ELM)];
    changes.extend([make(&motherhood(), ELM), make(&deciding, ELM)]);
    one.push(changes).await;
    let of: [(_, DecisionId); 1] = [(tom().id, id(0xd1).into())];
    let shot = shot(0xf0, 2 * CHUNK_BYTES + 100, &of);
    assert_eq!(one.push(shot.changes(ELM)).await.fate, Fate::Applied);
    let blob = blob_id(shot.photo.id.into(), Variant::Picture);
    let chunks: Vec<&[u8]> = shot.picture.chunks(CHUNK_BYTES).collect();
    let state = async |device: &Device| -> BlobState {
        answer(device.get(&format!("blobs/{blob}"))).await.unwrap()
    };
    let is = |chunks, complete| BlobState {
        chunks,
        bytes: shot.picture.len() as u64,
        complete,
    };

    assert_eq!(one.put_chunk(blob, 0, chunks[0]).await, Ok(is(1, false)));
    assert_eq!(
        state(&one).await,
        is(1, false),
        "whoever comes back is told how far it is"
    );
    assert_eq!(
        refused(other.get_chunk(blob, 0).await).0,
        404,
        "nobody is given part of a picture"
    );
    assert_eq!(
        one.put_chunk(blob, 0, chunks[0]).await,
        Ok(is(1, false)),
        "again is well"
    );
    let malformed = (400, "malformed".to_owned());
    assert_eq!(refused(one.put_chunk(blob, 0, chunks[1]).await), malformed);
    assert_eq!(
        refused(one.put_chunk(blob, 1, &chunks[1][1..]).await),
        malformed
    );
    assert_eq!(
        state(&one).await,
        is(1, false),
        "what was refused changes nothing"
    );

    // Another device that has the picture goes on.
    assert_eq!(other.put_chunk(blob, 1, chunks[1]).await, Ok(is(2, false)));
    let wrong = vec![0; chunks[2].len()];
    assert_eq!(refused(one.put_chunk(blob, 2, &wrong).await), malformed);
    assert_eq!(
        state(&one).await,
        is(0, false),
        "the whole is not the declared one: begin again"
    );
    for (number, chunk) in (0..).zip(&chunks) {
        let last = number == 2;
        let sent = one.put_chunk(blob, number, chunk).await;
        assert_eq!(sent, Ok(is(number as u32 + 1, last)));
    }
    for (number, chunk) in chunks.iter().enumerate() {
        assert_eq!(other.get_chunk(blob, number).await.unwrap(), *chunk);
        let again = one.put_chunk(blob, number, chunk).await;
        assert_eq!(again, Ok(is(3, true)), "also when it is complete");
    }
}
