//! A server of the test's own, and a device that speaks the protocol by hand.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Utc;
use ed25519_dalek::{Signer as _, SigningKey};
use porch_county::store::{SqliteStore, Stored};
use porch_county::tls::Authority;
use porch_county::{County, Machine, Running, Surroundings, home, serve_on};
use porch_sync::protocol::{
    BlobState, Challenge, EnrolRequest, Enrolled, FeedPlace, Outcome, PROTOCOL, PROTOCOL_HEADER,
    PullPage, PullRequest, PushAnswer, PushRequest, Token,
};
use porch_sync::{Change, SealedTransaction};
use reqwest::{Certificate, Client, Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::description;
use crate::story::{ELM, NOW_MS, Pen, centres};

/// A clock that a test moves, and real randomness.
pub(crate) struct Moved(pub(crate) AtomicU64);

impl Surroundings for Moved {
    fn unix_ms(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    fn fill(&self, bytes: &mut [u8]) -> Stored<()> {
        Machine.fill(bytes)
    }
}

pub(crate) struct Server {
    pub(crate) running: Running,
    pub(crate) county: Arc<County<SqliteStore>>,
    pub(crate) time: Arc<Moved>,
    pub(crate) home: TempDir,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let time = Arc::new(Moved(AtomicU64::new(NOW_MS)));
        let surroundings: Arc<dyn Surroundings> = Arc::<Moved>::clone(&time);
        let county = Arc::new(home::open_with(home.path(), surroundings).await.unwrap());
        let importing = Arc::clone(&county);
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || {
            importing
                .import(centres().as_bytes(), &runtime, |_| {})
                .unwrap()
        })
        .await
        .unwrap();
        let authority = Authority::open(home.path(), Utc::now()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let running = serve_on(listener, Arc::clone(&county), authority, Vec::new()).unwrap();
        Self {
            running,
            county,
            time,
            home,
        }
    }

    pub(crate) fn client(&self) -> Client {
        client(&self.home.path().join("county-ca.pem"))
    }

    pub(crate) async fn device(&self, centre: Uuid) -> Device {
        let code = self.county.make_code(centre, false, 60_000).await.unwrap();
        Device::enrol(self.client(), &self.running.url(), &code.to_string()).await
    }

    pub(crate) async fn at_elm(&self) -> Device {
        self.device(ELM).await
    }

    pub(crate) fn pass(&self, ms: u64) {
        self.time.0.fetch_add(ms, Ordering::SeqCst);
    }
}

/// Trusts the county's authority and nothing else.
pub(crate) fn client(ca: &Path) -> Client {
    with_ring();
    let ca = Certificate::from_pem(&std::fs::read(ca).unwrap()).unwrap();
    Client::builder()
        .tls_certs_only([ca])
        .no_proxy()
        .build()
        .unwrap()
}

pub(crate) fn with_ring() {
    // Fails only when another test was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// What came back: the status, and the refusal's word if it was one.
pub(crate) type Refused = (StatusCode, String);

pub(crate) struct Device {
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) key: SigningKey,
    pub(crate) enrolled: Enrolled,
    pub(crate) token: String,
    pub(crate) pen: Pen,
}

impl Device {
    pub(crate) async fn enrol(client: Client, url: &str, code: &str) -> Self {
        let mut seed = [0; 32];
        Machine.fill(&mut seed).unwrap();
        let key = SigningKey::from_bytes(&seed);
        let request = EnrolRequest {
            code: code.to_owned(),
            device_name: "Front desk".to_owned(),
            public_key: STANDARD.encode(key.verifying_key().as_bytes()),
        };
        let enrolled: Enrolled = post(&client, url, "enrol", None, &request).await.unwrap();
        let pen = Pen::of(enrolled.device);
        let mut device = Self {
            client,
            url: url.to_owned(),
            key,
            enrolled,
            token: String::new(),
            pen,
        };
        device.token = device.prove().await.unwrap().token;
        device
    }

    pub(crate) async fn challenge(&self) -> String {
        let device = json!({ "device": self.enrolled.device });
        let challenge: Challenge = post(&self.client, &self.url, "challenge", None, &device)
            .await
            .unwrap();
        challenge.challenge
    }

    pub(crate) fn sign(&self, challenge: &str) -> Value {
        let message = format!("porch-token-v1:{challenge}");
        json!({
            "device": self.enrolled.device,
            "challenge": challenge,
            "signature": STANDARD.encode(self.key.sign(message.as_bytes()).to_bytes()),
        })
    }

    pub(crate) async fn prove(&self) -> Result<Token, Refused> {
        let signed = self.sign(&self.challenge().await);
        post(&self.client, &self.url, "token", None, &signed).await
    }

    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Refused> {
        post(&self.client, &self.url, path, Some(&self.token), body).await
    }

    pub(crate) async fn send(
        &self,
        transactions: Vec<SealedTransaction>,
    ) -> Result<PushAnswer, Refused> {
        let request = PushRequest {
            epoch: self.enrolled.epoch,
            transactions,
            audit: None,
        };
        self.ask("push", &request).await
    }

    /// Saves and pushes one transaction.
    pub(crate) async fn push(&mut self, changes: Vec<Change>) -> Outcome {
        let sealed = self.pen.write(changes);
        self.send(vec![sealed]).await.unwrap().outcomes.remove(0)
    }

    pub(crate) async fn pull(&self) -> Vec<PullPage> {
        let places = self.enrolled.scopes.iter();
        let mut request = PullRequest {
            epoch: self.enrolled.epoch,
            urgent_after: 0,
            places: places
                .map(|scope| FeedPlace {
                    scope: *scope,
                    after: 0,
                })
                .collect(),
            limit: 3,
            scrubbed: None,
            left: Vec::new(),
        };
        let mut pages = Vec::new();
        loop {
            let page: PullPage = self.ask("pull", &request).await.unwrap();
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

    pub(crate) async fn put_chunk(
        &self,
        blob: Uuid,
        chunk: usize,
        bytes: &[u8],
    ) -> Result<BlobState, Refused> {
        let url = format!("{}/v1/blobs/{blob}/{chunk}", self.url);
        let request = self
            .client
            .put(url)
            .header(PROTOCOL_HEADER, PROTOCOL)
            .bearer_auth(&self.token)
            .header("content-type", "application/octet-stream")
            .body(bytes.to_vec());
        let said: Value = answer(request).await?;
        description::check("put", "/v1/blobs/{id}/{chunk}", None, Some(&said));
        Ok(serde_json::from_value(said).unwrap())
    }

    pub(crate) async fn blob_state(&self, blob: Uuid) -> Result<BlobState, Refused> {
        let said: Value = answer(self.get(&format!("blobs/{blob}"))).await?;
        description::check("get", "/v1/blobs/{id}", None, Some(&said));
        Ok(serde_json::from_value(said).unwrap())
    }

    pub(crate) async fn get_chunk(&self, blob: Uuid, chunk: usize) -> Result<Vec<u8>, Refused> {
        let response = self
            .get(&format!("blobs/{blob}/{chunk}"))
            .send()
            .await
            .unwrap();
        if response.status().is_success() {
            description::check("get", "/v1/blobs/{id}/{chunk}", None, None);
            Ok(response.bytes().await.unwrap().to_vec())
        } else {
            Err(refusal(response).await)
        }
    }

    pub(crate) fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.client
            .request(Method::GET, format!("{}/v1/{path}", self.url))
            .header(PROTOCOL_HEADER, PROTOCOL)
            .bearer_auth(&self.token)
    }
}

pub(crate) async fn post<T: DeserializeOwned>(
    client: &Client,
    url: &str,
    path: &str,
    token: Option<&str>,
    body: &impl Serialize,
) -> Result<T, Refused> {
    let mut request = client
        .post(format!("{url}/v1/{path}"))
        .header(PROTOCOL_HEADER, PROTOCOL)
        .json(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let said: Value = answer(request).await?;
    let asked = serde_json::to_value(body).unwrap();
    description::check("post", &format!("/v1/{path}"), Some(&asked), Some(&said));
    Ok(serde_json::from_value(said).unwrap())
}

pub(crate) async fn answer<T: DeserializeOwned>(
    request: reqwest::RequestBuilder,
) -> Result<T, Refused> {
    let response = request.send().await.unwrap();
    if response.status().is_success() {
        Ok(response.json().await.unwrap())
    } else {
        Err(refusal(response).await)
    }
}

async fn refusal(response: reqwest::Response) -> Refused {
    let status = response.status();
    let body: Value = response.json().await.unwrap();
    description::check_component("CountyRefusal", &body);
    (status, body["refusal"].as_str().unwrap().to_owned())
}

/// The status and word of what must have been refused.
pub(crate) fn refused<T>(answer: Result<T, Refused>) -> (u16, String) {
    match answer {
        Ok(_) => panic!("was not refused"),
        Err((status, word)) => (status.as_u16(), word),
    }
}
