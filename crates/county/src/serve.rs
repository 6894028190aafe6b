//! Serving a county over TLS.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use chrono::Utc;
use tokio::task::JoinHandle;

use crate::county::County;
use crate::http::router;
use crate::store::Store;
use crate::tls::{Authority, TlsFailure};

/// How often the server's certificate is made anew.
const RENEWAL: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// How often is looked for what has come due.
const LOOK: Duration = Duration::from_secs(60 * 60);

/// How long requests that have begun may take after a shutdown was asked for.
const GRACE: Duration = Duration::from_secs(10);

/// How long a handshake, and then the first request, may take to come.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// A server that is running. Dropping it does not stop it; [`Running::stop`] does.
pub struct Running {
    address: SocketAddr,
    handle: Handle<SocketAddr>,
    serving: JoinHandle<std::io::Result<()>>,
    renewing: JoinHandle<()>,
    doing_what_is_due: JoinHandle<()>,
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `https://…`, as devices call it on this machine.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Waits until it has ended by itself, which only a failure makes it do.
    ///
    /// # Errors
    /// The failure.
    pub async fn ended(&mut self) -> std::io::Result<()> {
        (&mut self.serving).await.unwrap_or(Ok(()))
    }

    /// Lets requests that have begun come to their end, and stops.
    ///
    /// # Errors
    /// When it had failed before.
    pub async fn stop(self) -> std::io::Result<()> {
        self.renewing.abort();
        self.doing_what_is_due.abort();
        self.handle.graceful_shutdown(Some(GRACE));
        self.serving.await.unwrap_or(Ok(()))
    }
}

/// Serves a county on a listener, with a certificate for this machine's own names and `names`.
///
/// # Errors
/// When a name is none, or the listener cannot be used.
pub fn serve_on<S: Store>(
    listener: TcpListener,
    county: Arc<County<S>>,
    authority: Authority,
    names: Vec<String>,
) -> Result<Running, TlsFailure> {
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let config = RustlsConfig::from_config(authority.server_config(&names, Utc::now())?);
    let handle = Handle::new();
    let acceptor = RustlsAcceptor::new(config.clone()).handshake_timeout(HANDSHAKE);
    let server = axum_server::from_tcp(listener)?
        .acceptor(acceptor)
        .first_request_timeout(HANDSHAKE)
        .handle(handle.clone());
    let due = Arc::clone(&county);
    let doing_what_is_due = tokio::spawn(async move {
        loop {
            match due.do_what_is_due().await {
                Ok(0) => {}
                Ok(made) => tracing::info!(made, "what had come due was done"),
                Err(failure) => tracing::error!(%failure, "what has come due was not done"),
            }
            tokio::time::sleep(LOOK).await;
        }
    });
    let serving = tokio::spawn(server.serve(router(county).into_make_service()));
    let renewing = tokio::spawn(async move {
        loop {
            tokio::time::sleep(RENEWAL).await;
            match authority.server_config(&names, Utc::now()) {
                Ok(fresh) => config.reload_from_config(fresh),
                Err(failure) => tracing::error!(%failure, "the certificate was not renewed"),
            }
        }
    });
    Ok(Running {
        address,
        handle,
        serving,
        renewing,
        doing_what_is_due,
    })
}
