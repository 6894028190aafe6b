//! One suite for every store: first what the trait promises, then the county over it.

mod concurrent;
mod consent;
mod crossing;
mod crowd;
pub(crate) mod erasure;
mod merging;
mod publication;
mod quarantine;
mod quote;
mod scopes;
mod standing;
mod sync;
mod texts;
mod transactions;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use porch_sync::protocol::{
    ChallengeRequest, EnrolRequest, FeedPlace, Outcome, PullPage, PullRequest, PushAnswer,
    PushRequest, Token, TokenRequest,
};
use porch_sync::{Change, DeviceNumber, SealedTransaction};
use uuid::Uuid;

use crate::county::{County, Failure, Surroundings, make_origin};
#[cfg(unix)]
use crate::store::{Address, PostgresStore};
use crate::store::{MemoryStore, SqliteStore, Store, Stored};
use crate::story::{ELM, NOW_MS, OAK, Pen, centres};

/// Runs each test on every store.
macro_rules! on_every_store {
    ($($(#[$meta:meta])* async fn $name:ident<S: Store>($world:ident: $World:ty) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn told<S: Store>($world: $World) $body

            #[tokio::test]
            async fn in_memory() {
                told($crate::store::suite::in_memory().await).await;
            }

            #[tokio::test]
            async fn in_sqlite() {
                let home = tempfile::tempdir().unwrap();
                told($crate::store::suite::in_sqlite(home.path()).await).await;
            }

            #[cfg(unix)]
            #[tokio::test]
            async fn in_postgres() {
                let database = $crate::throwaway::database();
                told($crate::store::suite::in_postgres(&database).await).await;
            }
        }
    )+};
}
use on_every_store;

/// A clock that tests move, and "randomness" that is the same in every run.
pub(crate) struct Fixed {
    pub(crate) now_ms: AtomicU64,
    drawn: AtomicU64,
}

impl Surroundings for Fixed {
    fn unix_ms(&self) -> u64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    fn fill(&self, bytes: &mut [u8]) -> Stored<()> {
        for byte in bytes {
            let drawn = self.drawn.fetch_add(1, Ordering::SeqCst);
            *byte = (drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8;
        }
        Ok(())
    }
}

/// A county with two centres, and time that stands still.
pub(crate) struct World<S> {
    pub(crate) county: Arc<County<S>>,
    pub(crate) time: Arc<Fixed>,
}

pub(crate) async fn in_memory() -> World<MemoryStore> {
    let time = fixed();
    world(MemoryStore::new(make_origin(&*time).unwrap()), time).await
}

pub(crate) async fn in_sqlite(home: &std::path::Path) -> World<SqliteStore> {
    let time = fixed();
    let store = SqliteStore::open(&home.join("county.db"), [9; 32].into(), || {
        make_origin(&*time)
    });
    world(store.unwrap(), Arc::clone(&time)).await
}

#[cfg(unix)]
pub(crate) async fn in_postgres(database: &str) -> World<PostgresStore> {
    let time = fixed();
    let address = Address::read(database, None).unwrap();
    let store = PostgresStore::open(address, |_| Ok([9; 32].into()), || make_origin(&*time));
    world(store.await.unwrap(), Arc::clone(&time)).await
}

fn fixed() -> Arc<Fixed> {
    Arc::new(Fixed {
        now_ms: AtomicU64::new(NOW_MS),
        drawn: AtomicU64::new(1),
    })
}

async fn world<S: Store>(store: S, time: Arc<Fixed>) -> World<S> {
    let surroundings: Arc<dyn Surroundings> = Arc::<Fixed>::clone(&time);
    let county = Arc::new(County::open(store, surroundings).await.unwrap());
    let importing = Arc::clone(&county);
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        importing
            .import(centres().as_bytes(), &runtime, |_| {})
            .unwrap()
    })
    .await
    .unwrap();
    World { county, time }
}

impl<S: Store> World<S> {
    /// A device of Elm.
    pub(crate) async fn at_elm(&self) -> At<'_, S> {
        self.enrol(ELM).await
    }

    /// A device of Oak.
    pub(crate) async fn at_oak(&self) -> At<'_, S> {
        self.enrol(OAK).await
    }

    async fn enrol(&self, centre: Uuid) -> At<'_, S> {
        let code = self.county.make_code(centre, false, 1000).await.unwrap();
        let mut seed = [0; 32];
        self.time.fill(&mut seed).unwrap();
        let key = SigningKey::from_bytes(&seed);
        let enrolled = self
            .county
            .enrol(&EnrolRequest {
                code: code.to_string(),
                device_name: "Front desk".to_owned(),
                public_key: STANDARD.encode(key.verifying_key().as_bytes()),
            })
            .await
            .unwrap();
        At {
            county: &self.county,
            key,
            number: enrolled.device,
            pen: Pen::of(enrolled.device),
            scopes: enrolled.scopes,
        }
    }

    pub(crate) fn pass(&self, ms: u64) {
        self.time.now_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

/// A device.
pub(crate) struct At<'a, S> {
    pub(crate) county: &'a County<S>,
    pub(crate) key: SigningKey,
    pub(crate) number: DeviceNumber,
    pub(crate) pen: Pen,
    pub(crate) scopes: Vec<Uuid>,
}

impl<S: Store> At<'_, S> {
    pub(crate) async fn token(&self) -> Result<Token, Failure> {
        let asked = ChallengeRequest {
            device: self.number,
        };
        let challenge = self.county.challenge(&asked)?.challenge;
        self.county.token(&self.signed(challenge)).await
    }

    pub(crate) fn signed(&self, challenge: String) -> TokenRequest {
        let message = format!("porch-token-v1:{challenge}");
        TokenRequest {
            device: self.number,
            signature: STANDARD.encode(self.key.sign(message.as_bytes()).to_bytes()),
            challenge,
        }
    }

    pub(crate) async fn send(
        &self,
        transactions: Vec<SealedTransaction>,
    ) -> Result<PushAnswer, Failure> {
        let request = PushRequest {
            epoch: self.county.epoch(),
            transactions,
            audit: None,
        };
        self.county.push(self.number, request).await
    }

    /// Saves and pushes one transaction.
    pub(crate) async fn push(&mut self, changes: Vec<Change>) -> Outcome {
        let sealed = self.pen.write(changes);
        let mut answer = self.send(vec![sealed]).await.unwrap();
        assert_eq!(answer.expected, self.pen.sequence + 1, "always goes on");
        answer.outcomes.remove(0)
    }

    /// Everything, page by page: the urgent rows, then the others.
    pub(crate) async fn pull_all(&self, limit: u32) -> Vec<PullPage> {
        let mut request = PullRequest {
            epoch: self.county.epoch(),
            urgent_after: 0,
            places: self
                .scopes
                .iter()
                .map(|scope| FeedPlace {
                    scope: *scope,
                    after: 0,
                })
                .collect(),
            limit,
            scrubbed: None,
            left: Vec::new(),
        };
        let mut pages = Vec::new();
        loop {
            let page = self.county.pull(self.number, &request).await.unwrap();
            request.urgent_after = page.urgent_head;
            if let Some(place) = page.place {
                let known = request.places.iter_mut().find(|p| p.scope == place.scope);
                known.unwrap().after = place.after;
            }
            let more = page.more;
            pages.push(page);
            if !more {
                return pages;
            }
            assert!(pages.len() < 1000, "pulling comes to an end");
        }
    }
}
