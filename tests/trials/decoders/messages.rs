//! Good messages, of today's protocol since they are made when they are asked for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use porch_county::store::{MemoryStore, Store};
use porch_domain::erasure::{ErasureGround, ErasureOrder};
use porch_domain::id::PersonId;
use porch_domain::membership::MemberRole;
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Withdrawal, WithdrawalHow};
use porch_sync::protocol::{
    AuditHead, ChallengeRequest, EnrolRequest, FetchRequest, PullRequest, PushRequest,
    RejoinRequest, Variant, blob_id, rejoin_message,
};
use porch_sync::{Bytes, Change, SealedTransaction};
use serde_json::{Value, json};
use uuid::Uuid;

use super::scene::{Peer, Scene, places, proof};
use crate::story::{
    ELM, NOW_MS, OAK, Pen, decision, edit, home_of, id, make, person, place_in, rosa, shot, tom,
    withdrawal,
};

/// An order to erase somebody.
pub(super) fn order(person: PersonId) -> ErasureOrder {
    ErasureOrder {
        id: id(0x0d).into(),
        person,
        ground: ErasureGround::Objected,
        ordered_by: id(0x05e4).into(),
        ordered_at: Instant::from_unix_ms(NOW_MS as i64),
    }
}

/// Rosa takes back what the scene's photo rests on.
pub(super) fn taken_back() -> Withdrawal {
    withdrawal(
        0x31,
        rosa().id,
        &[decision(0xd1, rosa().id, &[], &[]).id],
        WithdrawalHow::InPerson,
    )
}

pub(super) fn push<S: Store>(scene: &Scene<S>, transactions: Vec<SealedTransaction>) -> Vec<u8> {
    let request = PushRequest {
        epoch: scene.county.epoch(),
        transactions,
        audit: Some(AuditHead {
            entries: 3,
            head: Bytes([5; 32]),
        }),
    };
    serde_json::to_vec(&request).unwrap()
}

/// Each kind of thing that a device writes, and a batch.
pub(super) fn pushes() -> Vec<Vec<u8>> {
    let mut scene = Scene::new();
    let base = Some(scene.writer.pen.version());
    let rosa_id: Uuid = rosa().id.into();
    let home = home_of(0x1fa, ELM);
    let newcomer = decision(0xd9, rosa().id, &["print", "council_website"], &["press"]);
    let mut photographed = vec![make(&newcomer, ELM)];
    photographed.extend(shot(0xf9, 2000, &[(rosa().id, newcomer.id)]).changes(ELM));
    let stories: Vec<Vec<Change>> = vec![
        vec![edit("person", rosa_id, "phone", "01632 960001", base)],
        vec![
            make(&home, ELM),
            make(&person(0xeee, "Eve"), ELM),
            make(
                &place_in(&home, 0x1fb, id(0xeee).into(), MemberRole::ParentCarer),
                ELM,
            ),
        ],
        vec![edit("family", id(0xfa), "centre", OAK.to_string(), base)],
        vec![make(&taken_back(), ELM)],
        photographed,
        vec![make(&order(tom().id), ELM)],
    ];
    let mut messages = Vec::new();
    let mut batch = Vec::new();
    for changes in stories {
        let mut alone = Pen::of(scene.stranger.enrolled.device);
        let sealed = alone.write(changes.clone());
        messages.push(push(&scene, vec![sealed]));
        batch.push(scene.stranger.pen.write(changes));
    }
    batch.push(scene.stranger.pen.write(Vec::new()).blanked());
    messages.push(push(&scene, batch));
    messages
}

pub(super) fn pulls() -> Vec<Vec<u8>> {
    let scene = Scene::new();
    let request = PullRequest {
        epoch: scene.county.epoch(),
        urgent_after: 0,
        places: places(&scene.stranger.enrolled),
        limit: 500,
        scrubbed: Some(0),
        left: vec![OAK],
    };
    let mut plain = request.clone();
    plain.scrubbed = None;
    plain.left.clear();
    [request, plain]
        .iter()
        .map(|r| serde_json::to_vec(r).unwrap())
        .collect()
}

pub(super) fn enrolments() -> Vec<Vec<u8>> {
    let scene = Scene::new();
    let key = SigningKey::from_bytes(&[9; 32]);
    let request = EnrolRequest {
        code: scene.code.clone(),
        device_name: "Hall".to_owned(),
        public_key: STANDARD.encode(key.verifying_key().as_bytes()),
    };
    vec![serde_json::to_vec(&request).unwrap()]
}

pub(super) fn challenges() -> Vec<Vec<u8>> {
    let scene = Scene::new();
    let device = scene.stranger.enrolled.device;
    vec![serde_json::to_vec(&ChallengeRequest { device }).unwrap()]
}

fn challenge(scene: &Scene<MemoryStore>, peer: &Peer) -> String {
    let device = peer.enrolled.device;
    let given = scene.county.challenge(&ChallengeRequest { device });
    given.unwrap().challenge
}

pub(super) fn proofs() -> Vec<Vec<u8>> {
    let scene = Scene::new();
    let peer = &scene.stranger;
    let request = proof(&peer.key, &peer.enrolled, challenge(&scene, peer));
    vec![serde_json::to_vec(&request).unwrap()]
}

pub(super) fn rejoinings() -> Vec<Vec<u8>> {
    let scene = Scene::new();
    let peer = &scene.writer;
    let challenge = challenge(&scene, peer);
    let key = SigningKey::from_bytes(&[8; 32]);
    let public_key = STANDARD.encode(key.verifying_key().as_bytes());
    let message = rejoin_message(&challenge, &public_key);
    let request = RejoinRequest {
        device: peer.enrolled.device,
        challenge,
        sequence: 1,
        digest: Bytes([4; 32]),
        public_key,
        signature: STANDARD.encode(peer.key.sign(message.as_bytes()).to_bytes()),
    };
    vec![serde_json::to_vec(&request).unwrap()]
}

pub(super) fn fetches() -> Vec<Vec<u8>> {
    let request = FetchRequest {
        given_name: "Rosa".to_owned(),
        family_name: "Nowak".to_owned(),
        birth_date: "1996-04-03".to_owned(),
        author: id(0x05e4),
    };
    vec![serde_json::to_vec(&request).unwrap()]
}

pub(super) fn chunks() -> Vec<Vec<u8>> {
    let photo = Scene::new().photo;
    vec![photo.thumbnail, photo.picture]
}

pub(super) fn tokens() -> Vec<Vec<u8>> {
    vec![Scene::new().stranger.token.into_bytes()]
}

pub(super) fn paths() -> Vec<Vec<u8>> {
    let blob = blob_id(Scene::new().photo.photo.id.into(), Variant::Picture);
    [
        format!("{blob}"),
        format!("{blob}/0"),
        format!("{blob}/4294967295"),
    ]
    .map(String::into_bytes)
    .to_vec()
}

/// What lies at the edge of a number's range, for stores whose columns are narrower than the protocol's.
pub(super) fn edges() -> Vec<(&'static str, Vec<u8>)> {
    let mut made = Vec::new();
    let mut replaced = |path: &'static str, message: &[u8], pointer: &str, value: &Value| {
        let mut tree: Value = serde_json::from_slice(message).unwrap();
        if let Some(place) = tree.pointer_mut(pointer) {
            *place = value.clone();
            made.push((path, serde_json::to_vec(&tree).unwrap()));
        }
    };
    let numbers = [
        json!(0),
        json!(i64::MAX),
        json!(i64::MAX as u64 + 1),
        json!(u64::MAX),
    ];
    for number in &numbers {
        for pointer in [
            "/urgent_after",
            "/places/0/after",
            "/places/1/after",
            "/scrubbed",
        ] {
            replaced("/v1/pull", &pulls()[0], pointer, number);
        }
        for pointer in ["/audit/entries", "/transactions/0/sequence"] {
            replaced("/v1/push", &pushes()[0], pointer, number);
        }
        replaced("/v1/rejoin", &rejoinings()[0], "/sequence", number);
    }
    for number in [json!(0), json!(u32::MAX)] {
        replaced("/v1/pull", &pulls()[0], "/limit", &number);
        replaced("/v1/challenge", &challenges()[0], "/device", &number);
    }
    made
}
