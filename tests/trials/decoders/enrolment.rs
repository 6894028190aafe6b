//! What a desk makes of a county that answers an enrolment with anything: it is set up or it is not, and
//! when it is not, it can be.

use std::cell::RefCell;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use chrono::Utc;
use porch_county::tls::Authority;
use porch_sync::protocol::Enrolled;
use porch_tests::kit::{Keeper, PASSWORD, TestClock, TestDesk};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::desk::folder;
use super::scene::Scene;

/// A server that gives the same answer to everything.
struct Liar {
    runtime: Runtime,
    url: String,
    certificate: String,
    says: Arc<Mutex<Vec<u8>>>,
    _home: TempDir,
}

impl Liar {
    fn start() -> Self {
        // Fails only when another test was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let home = tempfile::tempdir().unwrap();
        let authority = Authority::open(home.path(), Utc::now()).unwrap();
        let config = authority.server_config(&[], Utc::now()).unwrap();
        let certificate = authority.pem().to_owned();
        let says = Arc::new(Mutex::new(Vec::new()));
        let said = Arc::clone(&says);
        let router = Router::new().fallback(move || async move {
            let answer = said.lock().unwrap().clone();
            ([(CONTENT_TYPE, "application/json")], answer)
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let runtime = Runtime::new().unwrap();
        runtime.spawn(async move {
            let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(config));
            let server = axum_server::from_tcp(listener).unwrap().acceptor(acceptor);
            server.serve(router.into_make_service()).await
        });
        Self {
            runtime,
            url,
            certificate,
            says,
            _home: home,
        }
    }

    /// Sets a desk up with that answer; whether it then is.
    fn set_up(&self, desk: &TestDesk, answer: &[u8]) -> bool {
        *self.says.lock().unwrap() = answer.to_vec();
        let request = json!({
            "server": self.url, "county_certificate": self.certificate, "code": "any",
            "device_name": "Front desk", "name": "Sami Example", "password": PASSWORD,
        });
        let done = self.runtime.block_on(desk.call("set_up", request));
        let status = self.runtime.block_on(desk.call("status", json!({})));
        let set_up = status.unwrap()["login"].is_object();
        assert_eq!(done.is_ok(), set_up, "it is set up when it says so");
        set_up
    }
}

thread_local! {
    static LIAR: RefCell<Option<Liar>> = const { RefCell::new(None) };
}

/// The answer to an enrolment.
pub(super) fn enrolled(bytes: &[u8]) {
    LIAR.with_borrow_mut(|liar| {
        let liar = liar.get_or_insert_with(Liar::start);
        let clock = TestClock::at("2026-11-23T09:45:00.000Z").unwrap();
        let (home, keeper) = (folder(), Keeper::default());
        // Dropped where its background tasks are at home.
        let _inside = liar.runtime.enter();
        let desk = TestDesk::open(home.path(), &keeper, &clock);
        if !liar.set_up(&desk, bytes) {
            drop(desk);
            let again = TestDesk::open(home.path(), &keeper, &clock);
            assert!(liar.set_up(&again, &answers()[0]), "an honest answer");
        }
    });
}

/// With the private key to sealed notes, and without.
pub(super) fn answers() -> Vec<Vec<u8>> {
    let scene = Scene::new();
    let with = scene.restricted();
    let without = Enrolled {
        restricted_private_key: None,
        ..with.clone()
    };
    [with, without]
        .iter()
        .map(|answer| serde_json::to_vec(answer).unwrap())
        .collect()
}
