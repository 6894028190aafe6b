//! A county that has been told of Rosa and Tom, the same to the byte each time, behind its own router.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use porch_county::http::router;
use porch_county::store::{MemoryStore, Store, Stored};
use porch_county::{County, Surroundings, make_origin};
use porch_domain::membership::MemberRole;
use porch_sync::protocol::{
    ChallengeRequest, EnrolRequest, Enrolled, Fate, FeedPlace, PROTOCOL, PROTOCOL_HEADER, PullPage,
    PullRequest, PushAnswer, PushRequest, TokenRequest,
};
use porch_sync::{Change, Mark, Tally};
use porch_tests::random::Random;
use tokio::runtime::Runtime;
use tower_service::Service as _;
use uuid::Uuid;

use super::county::answered;
use super::messages::{enrolments, push};
use crate::story::{
    ELM, NOW_MS, Pen, Shot, centres, decision, home_of, make, motherhood, person, place_in, rosa,
    shot, tom,
};

/// A clock that stands, and "randomness" that is the same in every run.
struct Fixed(Mutex<Random>);

impl Surroundings for Fixed {
    fn unix_ms(&self) -> u64 {
        NOW_MS
    }

    fn fill(&self, bytes: &mut [u8]) -> Stored<()> {
        let mut random = self.0.lock().unwrap();
        bytes.fill_with(|| random.any().to_le_bytes()[0]);
        Ok(())
    }
}

fn surroundings() -> Arc<dyn Surroundings> {
    Arc::new(Fixed(Mutex::new(Random::new(3))))
}

/// A device, as far as a message needs it.
pub(super) struct Peer {
    pub(super) enrolled: Enrolled,
    pub(super) key: SigningKey,
    pub(super) token: String,
    pub(super) pen: Pen,
}

/// A county with Rosa and Tom and a photo of them, written by one device; another has said nothing yet.
pub(super) struct Scene<S> {
    pub(super) county: Arc<County<S>>,
    router: Router,
    pub(super) runtime: Runtime,
    pub(super) writer: Peer,
    pub(super) stranger: Peer,
    pub(super) photo: Shot,
    pub(super) code: String,
}

impl Scene<MemoryStore> {
    /// The same to the byte each time.
    pub(super) fn new() -> Self {
        Self::over(
            |surroundings| async move { MemoryStore::new(make_origin(&*surroundings).unwrap()) },
        )
    }
}

impl<S: Store> Scene<S> {
    /// Over a store that is empty.
    pub(super) fn over<F: Future<Output = S>>(
        open: impl FnOnce(Arc<dyn Surroundings>) -> F,
    ) -> Self {
        let runtime = Runtime::new().unwrap();
        let surroundings = surroundings();
        let county = runtime.block_on(async {
            let store = open(Arc::clone(&surroundings)).await;
            Arc::new(County::open(store, surroundings).await.unwrap())
        });
        county
            .import(centres().as_bytes(), runtime.handle(), |_| {})
            .unwrap();
        let (writer, stranger, code) = runtime.block_on(async {
            let writer = enrol(&county, 1).await;
            let stranger = enrol(&county, 2).await;
            let code = county.make_code(ELM, true, 60_000).await.unwrap();
            (writer, stranger, code.to_string())
        });
        let deciding = [
            decision(0xd1, rosa().id, &["print"], &[]),
            decision(0xd2, tom().id, &["print"], &[]),
        ];
        let of = [(rosa().id, deciding[0].id), (tom().id, deciding[1].id)];
        let mut scene = Self {
            router: router(Arc::clone(&county)),
            county,
            runtime,
            writer,
            stranger,
            photo: shot(0xf0, 3000, &of),
            code,
        };
        let home = home_of(0xfa, ELM);
        let mut changes = vec![
            make(&home, ELM),
            make(&rosa(), ELM),
            make(&tom(), ELM),
            make(
                &place_in(&home, 0xfb, rosa().id, MemberRole::ParentCarer),
                ELM,
            ),
            make(&place_in(&home, 0xfc, tom().id, MemberRole::Child), ELM),
            make(&motherhood(), ELM),
        ];
        changes.extend(deciding.iter().map(|decision| make(decision, ELM)));
        changes.extend(scene.photo.changes(ELM));
        assert_eq!(scene.write(changes), Fate::Applied);
        scene
    }

    /// The writer pushes one transaction.
    pub(super) fn write(&mut self, changes: Vec<Change>) -> Fate {
        let sealed = self.writer.pen.write(changes);
        let request = PushRequest {
            epoch: self.county.epoch(),
            transactions: vec![sealed],
            audit: None,
        };
        let pushed = self.county.push(self.writer.enrolled.device, request);
        self.runtime.block_on(pushed).unwrap().outcomes[0].fate
    }

    /// Hands the router a request.
    pub(super) fn ask(&self, request: Request<Body>) -> (StatusCode, Vec<u8>) {
        let mut router = self.router.clone();
        self.runtime.block_on(async {
            let response = router.call(request).await.unwrap();
            let status = response.status();
            let body = to_bytes(response.into_body(), usize::MAX).await;
            (status, body.unwrap().to_vec())
        })
    }

    /// A request of the stranger.
    pub(super) fn request(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        bytes: &[u8],
    ) -> Request<Body> {
        Request::builder()
            .method(method)
            .uri(path)
            .header(PROTOCOL_HEADER, PROTOCOL)
            .header("authorization", format!("Bearer {}", self.stranger.token))
            .header("content-type", kind)
            .body(Body::from(bytes.to_vec()))
            .unwrap()
    }

    /// Posts bytes as the stranger. The answer, or none when it was refused.
    pub(super) fn post(&self, path: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        answered(self.ask(self.request(Method::POST, path, "application/json", bytes)))
    }

    /// What a device is told that enrols for safeguarding.
    pub(super) fn restricted(&self) -> Enrolled {
        let request: EnrolRequest = serde_json::from_slice(&enrolments()[0]).unwrap();
        let enrolled = self.county.enrol(&request);
        self.runtime.block_on(enrolled).unwrap()
    }

    /// All pages for a device from the start.
    pub(super) fn pages(&self, peer: &Peer) -> Vec<PullPage> {
        let mut request = PullRequest {
            epoch: self.county.epoch(),
            urgent_after: 0,
            places: places(&peer.enrolled),
            limit: 1000,
            scrubbed: None,
            left: Vec::new(),
        };
        let mut pages = Vec::new();
        loop {
            let page = self.county.pull(peer.enrolled.device, &request);
            let page = self.runtime.block_on(page).unwrap();
            request.urgent_after = page.urgent_head;
            for place in &mut request.places {
                if let Some(now) = page.place.filter(|now| now.scope == place.scope) {
                    *place = now;
                }
            }
            let more = page.more;
            pages.push(page);
            if !more {
                return pages;
            }
        }
    }

    /// Everything that a device or a person at the county can see.
    pub(super) fn everything(&self) -> String {
        let (devices, waiting) = self.runtime.block_on(async {
            let waiting = self.county.waiting().await.unwrap();
            (self.county.devices().await.unwrap(), waiting.len())
        });
        let pages = serde_json::to_string(&self.pages(&self.writer)).unwrap();
        format!("{devices:?}{waiting}{pages}")
    }

    /// The feeds are whole and the digests theirs; what comes next is taken in.
    pub(super) fn is_whole(mut self) {
        let devices = self.runtime.block_on(self.county.devices()).unwrap();
        for peer in [&self.writer, &self.stranger] {
            let known = devices.iter().find(|d| d.number == peer.enrolled.device);
            if known.is_some_and(|known| known.revoked_ms.is_none()) {
                check_feeds(&self.pages(peer));
            }
        }
        let next = vec![make(&person(0xada, "Ada"), ELM)];
        assert_eq!(self.write(next), Fate::Applied, "another device goes on");
        let number = self.stranger.enrolled.device;
        let known = devices.iter().find(|device| device.number == number);
        self.stranger.pen.sequence = known.unwrap().expected - 1;
        let sealed = self
            .stranger
            .pen
            .write(vec![make(&person(0xbea, "Bea"), ELM)]);
        let next = push(&self, vec![sealed]);
        let answer = self.post("/v1/push", &next).expect("the stranger goes on");
        let answer: PushAnswer = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer.outcomes[0].fate, Fate::Applied);
    }
}

pub(super) fn places(enrolled: &Enrolled) -> Vec<FeedPlace> {
    let scopes = enrolled.scopes.iter();
    scopes
        .map(|scope| FeedPlace {
            scope: *scope,
            after: 0,
        })
        .collect()
}

/// Each record once, in order, and as many as the digest says, of the versions that it says.
fn check_feeds(pages: &[PullPage]) {
    let mut tallies: BTreeMap<Uuid, (u64, Tally)> = BTreeMap::new();
    let digests = pages[0].digests.clone().unwrap();
    for page in pages {
        let Some(place) = page.place else { continue };
        let (last, tally) = tallies.entry(place.scope).or_default();
        for fed in &page.rows {
            assert!(fed.sequence > *last, "in order");
            *last = fed.sequence;
            *tally = tally.with(None, Mark::of(&digests.key, &fed.row));
        }
    }
    for digest in digests.scopes {
        let (_, tally) = tallies.remove(&digest.scope).unwrap_or_default();
        assert_eq!(tally, digest.tally(), "the digest is of the feed");
    }
}

async fn enrol<S: Store>(county: &County<S>, number: u8) -> Peer {
    let code = county.make_code(ELM, false, 60_000).await.unwrap();
    let key = SigningKey::from_bytes(&[number; 32]);
    let request = EnrolRequest {
        code: code.to_string(),
        device_name: "Front desk".to_owned(),
        public_key: STANDARD.encode(key.verifying_key().as_bytes()),
    };
    let enrolled = county.enrol(&request).await.unwrap();
    let device = enrolled.device;
    let challenge = county.challenge(&ChallengeRequest { device }).unwrap();
    let request = proof(&key, &enrolled, challenge.challenge);
    Peer {
        token: county.token(&request).await.unwrap().token,
        pen: Pen::of(device),
        enrolled,
        key,
    }
}

pub(super) fn proof(key: &SigningKey, enrolled: &Enrolled, challenge: String) -> TokenRequest {
    let signature = key.sign(format!("porch-token-v1:{challenge}").as_bytes());
    TokenRequest {
        device: enrolled.device,
        challenge,
        signature: STANDARD.encode(signature.to_bytes()),
    }
}
