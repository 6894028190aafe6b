//! The loopback bridge: the real desk behind HTTP on this machine, so that a browser can show the
//! window's own screens. For tests; never shipped.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;
use axum::Json;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path as UrlPath, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use porch_desk::{Code, Desk, Refusal};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The largest request: a picture of the largest size in base64, and some.
const REQUEST_BYTES: usize = 64 * 1024 * 1024;

/// A bridge that serves until it is dropped.
pub struct Bridge {
    /// Where: `http://127.0.0.1:…`.
    pub url: String,
    task: JoinHandle<()>,
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Served {
    desk: Desk,
    ui: PathBuf,
    host: String,
}

impl Bridge {
    /// Serves a desk, and the built UI in `ui`, on a free port of the loopback interface.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn serve(desk: Desk, ui: &Path) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let address = listener.local_addr().context("the bridge's address")?;
        let served = Served {
            desk,
            ui: ui.to_owned(),
            host: address.to_string(),
        };
        let app = Router::new()
            .route("/call/{name}", post(call))
            .route("/events", get(events))
            .fallback(get(file))
            .layer(DefaultBodyLimit::max(REQUEST_BYTES))
            .with_state(served);
        let task = tokio::spawn(async move {
            // Ends when the listener does.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self {
            url: format!("http://{address}"),
            task,
        })
    }
}

async fn call(
    State(served): State<Served>,
    UrlPath(name): UrlPath<String>,
    headers: HeaderMap,
    Json(request): Json<Value>,
) -> Response {
    // Another page in the same browser must not reach the desk.
    let ours = |header: Option<&HeaderValue>| {
        header
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.ends_with(&served.host))
    };
    if !ours(headers.get(header::HOST))
        || headers
            .get(header::ORIGIN)
            .is_some_and(|origin| !ours(Some(origin)))
    {
        return (
            StatusCode::FORBIDDEN,
            Json(Refusal::because(Code::NotAllowed)),
        )
            .into_response();
    }
    match served.desk.call(&name, request).await {
        Ok(view) => Json(view).into_response(),
        Err(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, Json(refusal)).into_response(),
    }
}

async fn events(State(served): State<Served>) -> impl axum::response::IntoResponse {
    let receiver = served.desk.events();
    let stream = futures_util::stream::unfold(receiver, |mut receiver| async move {
        loop {
            match receiver.recv().await {
                Ok(event) => {
                    let event = SseEvent::default().json_data(event).unwrap_or_default();
                    return Some((Ok::<_, Infallible>(event), receiver));
                }
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return None,
            }
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

/// The policy that the shell sets too (`src-tauri/tauri.conf.json`), without its own channel.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
    media-src 'self' blob: mediastream:; font-src 'self'; connect-src 'self'; form-action 'none'; \
    frame-ancestors 'none'; base-uri 'none'";

async fn file(State(served): State<Served>, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let plain = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let Some(bytes) = plain
        .then(|| std::fs::read(served.ui.join(path)).ok())
        .flatten()
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match Path::new(path)
        .extension()
        .and_then(|extension| extension.to_str())
    {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_SECURITY_POLICY, POLICY),
        ],
        bytes,
    )
        .into_response()
}
