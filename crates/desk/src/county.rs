//! The way to the county server: HTTPS (TLS 1.3) that trusts the county's own CA and nothing else.

use std::error::Error as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use porch_sync::DeviceNumber;
use porch_sync::device::{ChunkFate, Clash, Transport};
use porch_sync::protocol::{
    BlobState, Challenge, ChallengeRequest, CountyRefusal, EnrolRequest, Enrolled, FetchAnswer,
    FetchRequest, PROTOCOL, PROTOCOL_HEADER, PullPage, PullRequest, PushAnswer, PushRequest,
    RejoinRequest, Token, TokenRequest, rejoin_message,
};
use reqwest::{Certificate, Client, Method, RequestBuilder, Response, StatusCode, tls};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::refusal::Code;

/// Why the county was not reached or said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CountyTrouble {
    /// No connection: ordinary, and no error.
    #[error("offline")]
    Offline,
    /// The server's certificate is not the county's.
    #[error("not the county's certificate")]
    Certificate,
    /// The address or the certificate given is none.
    #[error("malformed address or certificate")]
    Malformed,
    /// The county does not know this device, or not by this key.
    #[error("the county does not know this device")]
    Unknown,
    /// The server's answer is not of the protocol.
    #[error("not an answer of the protocol")]
    Answer,
    /// The server refused.
    #[error(transparent)]
    Refused(#[from] CountyRefusal),
}

impl From<CountyTrouble> for Code {
    fn from(trouble: CountyTrouble) -> Self {
        match trouble {
            CountyTrouble::Offline
            | CountyTrouble::Refused(CountyRefusal::SlowDown | CountyRefusal::Failed) => {
                Self::Unreachable
            }
            CountyTrouble::Certificate => Self::CountyCertificate,
            CountyTrouble::Unknown => Self::DeviceUnknown,
            CountyTrouble::Refused(CountyRefusal::Code) => Self::CountyCode,
            CountyTrouble::Refused(CountyRefusal::UpdateNeeded) => Self::UpdateNeeded,
            CountyTrouble::Refused(CountyRefusal::Revoked) => Self::DeviceRevoked,
            CountyTrouble::Malformed | CountyTrouble::Answer | CountyTrouble::Refused(_) => {
                Self::CountyRefused
            }
        }
    }
}

impl From<reqwest::Error> for CountyTrouble {
    fn from(error: reqwest::Error) -> Self {
        if error.is_builder() {
            return Self::Malformed;
        }
        if error.source().is_some_and(is_bad_certificate) {
            return Self::Certificate;
        }
        if error.is_decode() {
            Self::Answer
        } else {
            Self::Offline
        }
    }
}

/// Whether a wrong certificate lies at the bottom of an error. An I/O error names what it wraps
/// only when asked for it, not as its source.
fn is_bad_certificate(error: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return matches!(tls, rustls::Error::InvalidCertificate(_));
    }
    let wrapped = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    wrapped.is_some_and(|wrapped| is_bad_certificate(wrapped))
        || error.source().is_some_and(is_bad_certificate)
}

const CONNECT: Duration = Duration::from_secs(10);
/// Between two bytes, not for a whole answer: a village hall's line is slow.
const SILENCE: Duration = Duration::from_secs(30);

/// A client of one county server.
struct Server {
    client: Client,
    base: String,
}

impl Server {
    fn new(base: &str, county_certificate: &str) -> Result<Self, CountyTrouble> {
        // The process has one provider; whoever installed one before us is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let certificate = Certificate::from_pem(county_certificate.as_bytes())
            .map_err(|_| CountyTrouble::Malformed)?;
        let client = Client::builder()
            .tls_certs_only([certificate])
            .tls_version_min(tls::Version::TLS_1_3)
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .build()?;
        Ok(Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
        })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}/v1/{path}", self.base))
            .header(PROTOCOL_HEADER, PROTOCOL)
    }
}

async fn accepted(response: Response) -> Result<Response, CountyTrouble> {
    if response.status().is_success() {
        return Ok(response);
    }
    // Something between us and the county may answer in its own words.
    match response.json::<CountyRefusal>().await {
        Ok(refusal) => Err(refusal.into()),
        Err(_) => Err(CountyTrouble::Answer),
    }
}

async fn send<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, CountyTrouble> {
    Ok(accepted(request.send().await?).await?.json().await?)
}

/// Enrols a new device.
///
/// # Errors
/// When the county is not reached, or refuses.
pub async fn enrol(
    server: &str,
    county_certificate: &str,
    request: &EnrolRequest,
) -> Result<Enrolled, CountyTrouble> {
    let server = Server::new(server, county_certificate)?;
    send(server.request(Method::POST, "enrol").json(request)).await
}

/// The county, as an enrolled device speaks with it.
pub struct County {
    server: Server,
    device: DeviceNumber,
    key: SigningKey,
    token: Mutex<Option<String>>,
}

impl County {
    /// The county at an address, for a device with a number and the key that it was enrolled with.
    ///
    /// # Errors
    /// When the address or the certificate is none.
    pub fn new(
        server: &str,
        county_certificate: &str,
        device: DeviceNumber,
        key: SigningKey,
    ) -> Result<Self, CountyTrouble> {
        Ok(Self {
            server: Server::new(server, county_certificate)?,
            device,
            key,
            token: Mutex::default(),
        })
    }

    /// The number under which it speaks.
    pub(crate) const fn device(&self) -> DeviceNumber {
        self.device
    }

    /// The key that it signs with.
    pub(crate) const fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Asks for a number of its own under a new key: this device is a copy that was not heard.
    pub(crate) async fn rejoin(
        &self,
        clash: Clash,
        key: &SigningKey,
    ) -> Result<Enrolled, CountyTrouble> {
        let ask = ChallengeRequest {
            device: self.device,
        };
        let Challenge { challenge } =
            send(self.server.request(Method::POST, "challenge").json(&ask)).await?;
        let public_key = BASE64.encode(key.verifying_key().to_bytes());
        let message = rejoin_message(&challenge, &public_key);
        let request = RejoinRequest {
            device: self.device,
            challenge,
            sequence: clash.sequence,
            digest: clash.digest,
            public_key,
            signature: BASE64.encode(self.key.sign(message.as_bytes()).to_bytes()),
        };
        send(self.server.request(Method::POST, "rejoin").json(&request)).await
    }

    /// Proves who the device is, and gets a token for a day.
    async fn authenticate(&self) -> Result<String, CountyTrouble> {
        let ask = ChallengeRequest {
            device: self.device,
        };
        let Challenge { challenge } =
            send(self.server.request(Method::POST, "challenge").json(&ask)).await?;
        let signature = self
            .key
            .sign(format!("porch-token-v1:{challenge}").as_bytes());
        let proof = TokenRequest {
            device: self.device,
            challenge,
            signature: BASE64.encode(signature.to_bytes()),
        };
        match send(self.server.request(Method::POST, "token").json(&proof)).await {
            Ok(Token { token, .. }) => Ok(token),
            // The challenge was new.
            Err(CountyTrouble::Refused(CountyRefusal::Token)) => Err(CountyTrouble::Unknown),
            Err(trouble) => Err(trouble),
        }
    }

    /// Sends with the token in hand, or with a new one when there is none or it has run out. Several
    /// requests may be on their way at once.
    async fn authorised(
        &self,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Response, CountyTrouble> {
        let held = self.token.lock().await.clone();
        if let Some(token) = &held {
            match accepted(request().bearer_auth(token).send().await?).await {
                Err(CountyTrouble::Refused(CountyRefusal::Token)) => {}
                other => return other,
            }
        }
        let token = self.token_after(held).await?;
        accepted(request().bearer_auth(token).send().await?).await
    }

    /// A token other than one that is of no use: a new one, unless another request has got it already.
    async fn token_after(&self, spent: Option<String>) -> Result<String, CountyTrouble> {
        let mut held = self.token.lock().await;
        match held.clone() {
            Some(token) if Some(&token) != spent.as_ref() => Ok(token),
            _ => Ok(held.insert(self.authenticate().await?).clone()),
        }
    }

    /// Asks for families of other centres.
    pub(crate) async fn fetch(&self, request: &FetchRequest) -> Result<FetchAnswer, CountyTrouble> {
        self.post("fetch", request).await
    }

    async fn post<Q: Serialize + Sync, A: DeserializeOwned>(
        &self,
        path: &str,
        body: &Q,
    ) -> Result<A, CountyTrouble> {
        let response = self
            .authorised(|| self.server.request(Method::POST, path).json(body))
            .await?;
        Ok(response.json().await?)
    }
}

impl Transport for County {
    type Error = CountyTrouble;

    async fn push(&self, request: &PushRequest) -> Result<PushAnswer, CountyTrouble> {
        self.post("push", request).await
    }

    async fn pull(&self, request: &PullRequest) -> Result<PullPage, CountyTrouble> {
        self.post("pull", request).await
    }

    async fn blob_state(&self, blob: Uuid) -> Result<Option<BlobState>, CountyTrouble> {
        let path = format!("blobs/{blob}");
        match self
            .authorised(|| self.server.request(Method::GET, &path))
            .await
        {
            Ok(response) => Ok(Some(response.json().await?)),
            Err(CountyTrouble::Refused(CountyRefusal::NotFound)) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    async fn put_chunk(
        &self,
        blob: Uuid,
        chunk: u32,
        bytes: Vec<u8>,
    ) -> Result<ChunkFate, CountyTrouble> {
        let path = format!("blobs/{blob}/{chunk}");
        let request = || {
            self.server
                .request(Method::PUT, &path)
                .header(reqwest::header::CONTENT_TYPE, "application/octet-stream")
                .body(bytes.clone())
        };
        match self.authorised(request).await {
            Ok(_) => Ok(ChunkFate::Taken),
            Err(trouble) => match trouble {
                CountyTrouble::Refused(refusal) => ChunkFate::refused(refusal).ok_or(trouble),
                _ => Err(trouble),
            },
        }
    }

    async fn get_chunk(&self, blob: Uuid, chunk: u32) -> Result<Option<Vec<u8>>, CountyTrouble> {
        let path = format!("blobs/{blob}/{chunk}");
        match self
            .authorised(|| self.server.request(Method::GET, &path))
            .await
        {
            Ok(response) if response.status() == StatusCode::OK => {
                Ok(Some(response.bytes().await?.to_vec()))
            }
            Ok(_) => Err(CountyTrouble::Answer),
            Err(CountyTrouble::Refused(
                CountyRefusal::NotFound | CountyRefusal::BlobNotExpected,
            )) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }
}
