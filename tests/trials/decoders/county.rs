//! What the county makes of any bytes: a clear refusal or an answer, never a failure; nothing is
//! written in part, and the next good message is answered as if nothing had been.

use std::cell::RefCell;

use axum::http::{HeaderValue, Method, StatusCode, Uri};
use porch_county::store::MemoryStore;
use porch_sync::protocol::{CountyRefusal, Fate, PullPage, PushAnswer, Variant, blob_id};

use super::desk;
use super::scene::Scene;

/// A refusal is one of the protocol's; a failure of the server's own is never one.
pub(super) fn answered((status, body): (StatusCode, Vec<u8>)) -> Option<Vec<u8>> {
    if status.is_success() {
        return Some(body);
    }
    let refusal: CountyRefusal = serde_json::from_slice(&body).expect("a refusal in words");
    assert_ne!(refusal, CountyRefusal::Failed, "{status}");
    assert!(status.is_client_error(), "{status}");
    None
}

thread_local! {
    /// Made anew only after something was taken in.
    static SCENE: RefCell<Option<(Scene<MemoryStore>, String)>> = const { RefCell::new(None) };
}

/// Hands bytes to the county. What it refused left no trace; after what it took in, it is whole.
fn with_county(asked: impl FnOnce(&Scene<MemoryStore>) -> Option<Vec<u8>>) {
    SCENE.with_borrow_mut(|kept| {
        let (scene, before) = kept.get_or_insert_with(|| {
            let scene = Scene::new();
            let before = scene.everything();
            (scene, before)
        });
        if asked(scene).is_some() {
            let (scene, _) = kept.take().expect("there is one");
            scene.is_whole();
        } else {
            assert!(
                scene.everything() == *before,
                "what was refused left a trace"
            );
        }
    });
}

/// The body of a push. What it merges, a desk can take in.
pub(super) fn push_request(bytes: &[u8]) {
    with_county(|scene| {
        let answer = scene.post("/v1/push", bytes)?;
        let answered: PushAnswer = serde_json::from_slice(&answer).unwrap();
        let merged = |fate| !matches!(fate, Fate::Quarantined);
        if answered.outcomes.iter().any(|outcome| merged(outcome.fate)) {
            desk::takes_in(&scene.writer.enrolled, &scene.pages(&scene.writer));
        }
        Some(answer)
    });
}

/// The body of a pull.
pub(super) fn pull_request(bytes: &[u8]) {
    with_county(|scene| {
        let page = scene.post("/v1/pull", bytes)?;
        serde_json::from_slice::<PullPage>(&page).unwrap();
        Some(page)
    });
}

/// The body of an enrolment.
pub(super) fn enrol_request(bytes: &[u8]) {
    with_county(|scene| scene.post("/v1/enrol", bytes));
}

/// The body of a request for a challenge.
pub(super) fn challenge_request(bytes: &[u8]) {
    with_county(|scene| scene.post("/v1/challenge", bytes));
}

/// The body of a request for a token.
pub(super) fn token_request(bytes: &[u8]) {
    with_county(|scene| scene.post("/v1/token", bytes));
}

/// The body of a rejoining.
pub(super) fn rejoin_request(bytes: &[u8]) {
    with_county(|scene| scene.post("/v1/rejoin", bytes));
}

/// The body of a fetch.
pub(super) fn fetch_request(bytes: &[u8]) {
    with_county(|scene| scene.post("/v1/fetch", bytes));
}

/// A chunk of a picture.
pub(super) fn sent_chunk(bytes: &[u8]) {
    with_county(|scene| {
        let blob = blob_id(scene.photo.photo.id.into(), Variant::Thumbnail);
        let path = format!("/v1/blobs/{blob}/0");
        let put = scene.request(Method::PUT, &path, "application/octet-stream", bytes);
        let answer = answered(scene.ask(put))?;
        assert_eq!(
            bytes, scene.photo.thumbnail,
            "only the picture itself is taken"
        );
        Some(answer)
    });
}

/// A bearer token.
pub(super) fn bearer_token(bytes: &[u8]) {
    with_county(|scene| {
        let mut request = scene.request(Method::POST, "/v1/pull", "application/json", b"{}");
        let mut header = b"Bearer ".to_vec();
        header.extend_from_slice(bytes);
        let header = HeaderValue::from_bytes(&header).ok()?;
        request.headers_mut().insert("authorization", header);
        // No body is good here: whoever is let in is told that it is malformed.
        assert_eq!(answered(scene.ask(request)), None);
        None
    });
}

/// The path of a blob, after `/v1/blobs/`.
pub(super) fn blob_path(bytes: &[u8]) {
    with_county(|scene| {
        let path = format!("/v1/blobs/{}", String::from_utf8_lossy(bytes));
        let uri: Uri = path.parse().ok()?;
        let mut request = scene.request(Method::GET, "/", "application/json", b"");
        *request.uri_mut() = uri;
        answered(scene.ask(request))
    });
}
