//! The protocol over HTTP.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{DefaultBodyLimit, FromRequestParts, MatchedPath, Path, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode, request::Parts};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use porch_sync::protocol::{
    CHUNK_BYTES, ChallengeRequest, CountyRefusal, EnrolRequest, FetchRequest, MAX_BATCH_BYTES,
    PROTOCOL, PROTOCOL_HEADER, PullRequest, PushRequest, RejoinRequest, TokenRequest,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::county::{Answer, County, Failure};
use crate::openapi;
use crate::store::{Device, Store};

/// The oldest version of the protocol that is answered.
pub(crate) const OLDEST_PROTOCOL: u32 = PROTOCOL - 1;

/// Requests that carry no batch are small.
pub(crate) const SMALL_BYTES: usize = 16 * 1024;

/// A request that has not come and been answered by then is given up.
const TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) const JSON: &str = "application/json";
pub(crate) const OCTETS: &str = "application/octet-stream";

/// The server's routes over a county.
pub fn router<S: Store>(county: Arc<County<S>>) -> Router {
    Router::new()
        .route("/v1/enrol", post(enrol::<S>))
        .route("/v1/rejoin", post(rejoin::<S>))
        .route("/v1/challenge", post(challenge::<S>))
        .route("/v1/token", post(token::<S>))
        .route(
            "/v1/push",
            post(push::<S>).layer(DefaultBodyLimit::max(MAX_BATCH_BYTES)),
        )
        .route("/v1/pull", post(pull::<S>))
        .route("/v1/fetch", post(fetch::<S>))
        .route("/v1/blobs/{id}", get(blob_state::<S>))
        .route(
            "/v1/blobs/{id}/{chunk}",
            get(get_chunk::<S>)
                .put(put_chunk::<S>)
                .layer(DefaultBodyLimit::max(CHUNK_BYTES)),
        )
        .method_not_allowed_fallback(|| async { Refused(CountyRefusal::Malformed) })
        .fallback(|| async { Refused(CountyRefusal::NotFound) })
        .layer(DefaultBodyLimit::max(SMALL_BYTES))
        .layer(from_fn(protocol))
        .merge(description())
        .layer(from_fn(log))
        .with_state(county)
}

/// The description of all this, for anybody: it tells nothing that is not published, and whoever
/// writes the other side has neither a token nor a version yet. It is written once.
fn description<S: Send + Sync + Clone + 'static>() -> Router<S> {
    let written = serde_json::to_vec(&openapi::document())
        .map(|text| ([(CONTENT_TYPE, JSON)], Bytes::from(text)))
        .map_err(|_| CountyRefusal::Failed);
    Router::new().route(
        openapi::PATH,
        get(move || async move { written.map_err(Refused) })
            .fallback(|| async { Refused(CountyRefusal::Malformed) }),
    )
}

/// A refusal as an answer.
struct Refused(CountyRefusal);

impl From<CountyRefusal> for Refused {
    fn from(refusal: CountyRefusal) -> Self {
        Self(refusal)
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self(refusal),
            Failure::Store(failure) => {
                tracing::error!(%failure, "the store failed");
                Self(CountyRefusal::Failed)
            }
        }
    }
}

/// The status that a refusal bears.
pub(crate) const fn status(refusal: CountyRefusal) -> StatusCode {
    match refusal {
        CountyRefusal::Token => StatusCode::UNAUTHORIZED,
        CountyRefusal::Code | CountyRefusal::Revoked | CountyRefusal::Scope => {
            StatusCode::FORBIDDEN
        }
        CountyRefusal::Malformed => StatusCode::BAD_REQUEST,
        CountyRefusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        CountyRefusal::UpdateNeeded => StatusCode::UPGRADE_REQUIRED,
        CountyRefusal::NotFound => StatusCode::NOT_FOUND,
        CountyRefusal::BlobNotExpected => StatusCode::CONFLICT,
        CountyRefusal::SlowDown => StatusCode::TOO_MANY_REQUESTS,
        CountyRefusal::Failed => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (status(self.0), axum::Json(self.0)).into_response()
    }
}

/// Every request names a version of the protocol that is spoken here.
async fn protocol(request: Request, next: Next) -> Response {
    let named = request.headers().get(PROTOCOL_HEADER).map(|value| {
        value
            .to_str()
            .ok()
            .and_then(|text| text.parse::<u32>().ok())
    });
    let mut response = match named {
        Some(Some(version)) if (OLDEST_PROTOCOL..=PROTOCOL).contains(&version) => {
            tokio::time::timeout(TIMEOUT, next.run(request))
                .await
                .unwrap_or_else(|_| Refused(CountyRefusal::Failed).into_response())
        }
        Some(Some(_)) => Refused(CountyRefusal::UpdateNeeded).into_response(),
        Some(None) | None => Refused(CountyRefusal::Malformed).into_response(),
    };
    response.headers_mut().insert(
        CACHE_CONTROL,
        axum::http::HeaderValue::from_static("no-store"),
    );
    response
}

/// One line a request: the route's pattern, never ids, addresses, names or tokens.
async fn log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    tracing::info!(
        %method,
        route = route.as_ref().map_or("-", MatchedPath::as_str),
        status = response.status().as_u16(),
        ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

/// Polls work on a thread that may block: the embedded store does its work at once.
async fn run<T: Send + 'static>(
    work: impl Future<Output = Answer<T>> + Send + 'static,
) -> Result<T, Refused> {
    let runtime = tokio::runtime::Handle::current();
    match tokio::task::spawn_blocking(move || runtime.block_on(work)).await {
        Ok(answer) => Ok(answer?),
        Err(_) => {
            tracing::error!("answering a request panicked");
            Err(Refused(CountyRefusal::Failed))
        }
    }
}

/// What came as a request's body, within the route's limit.
type Sent = Result<Bytes, BytesRejection>;

fn read(headers: &HeaderMap, sent: Sent, kind: &str) -> Result<Bytes, Refused> {
    let stated = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|stated| stated.trim().eq_ignore_ascii_case(kind));
    let bytes = sent.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => CountyRefusal::TooLarge,
        _ => CountyRefusal::Malformed,
    })?;
    if stated {
        Ok(bytes)
    } else {
        Err(CountyRefusal::Malformed.into())
    }
}

fn read_json<T: DeserializeOwned>(headers: &HeaderMap, sent: Sent) -> Result<T, Refused> {
    let bytes = read(headers, sent, JSON)?;
    serde_json::from_slice(&bytes).map_err(|_| CountyRefusal::Malformed.into())
}

fn json<T: Serialize>(answer: T) -> Response {
    axum::Json(answer).into_response()
}

/// The device whose token came with the request. Taken before the body is read.
struct Bearer(Device);

impl<S: Store> FromRequestParts<Arc<County<S>>> for Bearer {
    type Rejection = Refused;

    async fn from_request_parts(
        parts: &mut Parts,
        county: &Arc<County<S>>,
    ) -> Result<Self, Refused> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or(CountyRefusal::Token)?
            .to_owned();
        let county = Arc::clone(county);
        run(async move { county.bearer(&token).await })
            .await
            .map(Self)
    }
}

async fn enrol<S: Store>(
    State(county): State<Arc<County<S>>>,
    headers: HeaderMap,
    body: Sent,
) -> Result<Response, Refused> {
    let request: EnrolRequest = read_json(&headers, body)?;
    run(async move { county.enrol(&request).await })
        .await
        .map(json)
}

async fn rejoin<S: Store>(
    State(county): State<Arc<County<S>>>,
    headers: HeaderMap,
    body: Sent,
) -> Result<Response, Refused> {
    let request: RejoinRequest = read_json(&headers, body)?;
    run(async move { county.rejoin(&request).await })
        .await
        .map(json)
}

async fn challenge<S: Store>(
    State(county): State<Arc<County<S>>>,
    headers: HeaderMap,
    body: Sent,
) -> Result<Response, Refused> {
    let request: ChallengeRequest = read_json(&headers, body)?;
    Ok(json(county.challenge(&request)?))
}

async fn token<S: Store>(
    State(county): State<Arc<County<S>>>,
    headers: HeaderMap,
    body: Sent,
) -> Result<Response, Refused> {
    let request: TokenRequest = read_json(&headers, body)?;
    run(async move { county.token(&request).await })
        .await
        .map(json)
}

async fn push<S: Store>(
    State(county): State<Arc<County<S>>>,
    Bearer(device): Bearer,
    headers: HeaderMap,
    body: Sent,
) -> Result<Response, Refused> {
    let request: PushRequest = read_json(&headers, body)?;
    run(async move { county.push(device.number, request).await })
        .await
        .map(json)
}

async fn pull<S: Store>(
    State(county): State<Arc<County<S>>>,
    Bearer(device): Bearer,
    headers: HeaderMap,
    body: Sent,
) -> Result<Response, Refused> {
    let request: PullRequest = read_json(&headers, body)?;
    run(async move { county.pull(device.number, &request).await })
        .await
        .map(json)
}

async fn fetch<S: Store>(
    State(county): State<Arc<County<S>>>,
    Bearer(device): Bearer,
    headers: HeaderMap,
    body: Sent,
) -> Result<Response, Refused> {
    let request: FetchRequest = read_json(&headers, body)?;
    run(async move { county.fetch(device.number, &request).await })
        .await
        .map(json)
}

/// What a path names. What is no UTF-8 once it is decoded is refused in the protocol's words.
type Named<T> = Result<Path<T>, PathRejection>;

fn named<T>(path: Named<T>) -> Result<T, Refused> {
    match path {
        Ok(Path(named)) => Ok(named),
        Err(_) => Err(CountyRefusal::Malformed.into()),
    }
}

fn id(text: &str) -> Result<Uuid, Refused> {
    Uuid::try_parse(text).map_err(|_| CountyRefusal::Malformed.into())
}

fn number(text: &str) -> Result<u32, Refused> {
    text.parse().map_err(|_| CountyRefusal::Malformed.into())
}

async fn blob_state<S: Store>(
    State(county): State<Arc<County<S>>>,
    Bearer(device): Bearer,
    path: Named<String>,
) -> Result<Response, Refused> {
    let blob = id(&named(path)?)?;
    run(async move { county.blob_state(&device, blob).await })
        .await
        .map(json)
}

async fn get_chunk<S: Store>(
    State(county): State<Arc<County<S>>>,
    Bearer(device): Bearer,
    path: Named<(String, String)>,
) -> Result<Response, Refused> {
    let (blob, chunk) = named(path)?;
    let (blob, chunk) = (id(&blob)?, number(&chunk)?);
    let bytes = run(async move { county.chunk(&device, blob, chunk).await }).await?;
    Ok(([(CONTENT_TYPE, OCTETS)], bytes).into_response())
}

async fn put_chunk<S: Store>(
    State(county): State<Arc<County<S>>>,
    Bearer(device): Bearer,
    path: Named<(String, String)>,
    headers: HeaderMap,
    body: Sent,
) -> Result<Response, Refused> {
    let (blob, chunk) = named(path)?;
    let (blob, chunk) = (id(&blob)?, number(&chunk)?);
    let bytes = read(&headers, body, OCTETS)?;
    run(async move { county.put_chunk(&device, blob, chunk, &bytes).await })
        .await
        .map(json)
}
