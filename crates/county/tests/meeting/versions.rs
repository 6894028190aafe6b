//! Versions: of the protocol, and of the records.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use porch_county::{Failure, http};
use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;
use porch_sync::device::MeetError;
use porch_sync::protocol::{CountyRefusal, PROTOCOL};
use serde_json::Value;

use crate::scene::Server;
use crate::story::{ELM, edit, make, rosa};

#[tokio::test]
async fn a_newer_device_s_field_survives_an_edit_by_an_older_one() {
    let server = Server::start().await;
    let (newer, older) = (server.device().await, server.device().await);
    let id = rosa().id.into();
    let mut made = make(&rosa(), ELM);
    let field = porch_sync::FieldChange {
        value: Value::from(38),
        base: None,
    };
    made.fields.insert("shoe_size".to_owned(), field);
    newer.save(vec![made]);
    newer.meets(&server).await;
    older.meets(&server).await;
    let base = older.row(Person::KIND, id).unwrap().fields["phone"].version;
    older.save(vec![edit(
        Person::KIND,
        id,
        "phone",
        "01632 960001",
        Some(base),
    )]);
    older.meets(&server).await;
    newer.meets(&server).await;
    for row in [
        older.row(Person::KIND, id),
        newer.row(Person::KIND, id),
        server.row(id).await,
    ] {
        let values = row.unwrap().values();
        assert_eq!(
            (&values["shoe_size"], &values["phone"]),
            (&Value::from(38), &Value::from("01632 960001"))
        );
    }
    let base = newer.row(Person::KIND, id).unwrap().fields["shoe_size"].version;
    newer.save(vec![edit(Person::KIND, id, "shoe_size", 39, Some(base))]);
    newer.meets(&server).await;
    older.meets(&server).await;
    assert_eq!(
        older.row(Person::KIND, id).unwrap().values()["shoe_size"],
        39
    );
    assert_eq!((older.state().stopped, older.state().conflicts), (0, 0));
}

#[tokio::test]
async fn a_device_that_must_be_updated_keeps_its_outbox() {
    let server = Server::start().await;
    let device = server.device().await;
    device.save(vec![make(&rosa(), ELM)]);
    let line = server.line(&device);
    line.deaf.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        let ended = device.try_meeting(&line).await;
        assert!(matches!(
            ended,
            Err(MeetError::Transport(Failure::Refused(
                CountyRefusal::UpdateNeeded
            )))
        ));
        assert_eq!(device.unsent(), 1);
    }
    line.deaf.store(false, Ordering::SeqCst);
    device.try_meeting(&line).await.unwrap();
    assert_eq!(device.unsent(), 0);
}

/// One request over a connection of its own.
fn request(
    address: SocketAddr,
    version: &str,
    token: &str,
    path: &str,
    body: &str,
) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(120)))
        .unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: county\r\nconnection: close\r\nporch-protocol: {version}\r\n\
         content-type: application/json\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap())
}

/// Whether everything that was answered then is answered now; what is new beside it is no matter.
fn holds(now: &Value, then: &Value) -> bool {
    match (now, then) {
        (_, Value::String(any)) if any == "<any>" => true,
        (Value::Object(now), Value::Object(then)) => then
            .iter()
            .all(|(name, then)| now.get(name).is_some_and(|now| holds(now, then))),
        (Value::Array(now), Value::Array(then)) => {
            now.len() == then.len() && now.iter().zip(then).all(|(now, then)| holds(now, then))
        }
        _ => now == then,
    }
}

/// What a device of version 1 said and was answered, from its enrolment on: the requests as that
/// program wrote them. What differs from county to county is put in for `{…}`.
const RECORDED: &str = include_str!("version_1.json");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_of_version_1_is_answered_as_it_was_then() {
    assert_eq!(PROTOCOL, 2, "version 1 is the one before");
    let server = Server::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = http::router(Arc::clone(&server.county));
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let code = server.county.make_code(ELM, false, 60_000).await.unwrap();
    // The recording's key; its transactions were sealed by that device.
    let key = SigningKey::from_bytes(&[7; 32]);
    let mut known = vec![
        ("{code}", code.to_string()),
        ("{epoch}", server.county.epoch().to_string()),
    ];
    let conversation = tokio::task::spawn_blocking(move || {
        let exchanges: Vec<Value> = serde_json::from_str(RECORDED).unwrap();
        assert!(exchanges.len() >= 6);
        let mut token = String::new();
        for exchange in exchanges {
            let fill = |value: &Value| {
                known.iter().fold(value.to_string(), |text, (name, value)| {
                    text.replace(name, value)
                })
            };
            let path = exchange["path"].as_str().unwrap();
            let (status, answer) = request(address, "1", &token, path, &fill(&exchange["request"]));
            let then: Value = serde_json::from_str(&fill(&exchange["answer"])).unwrap();
            assert_eq!(status, exchange["status"], "{path} {answer}");
            assert!(holds(&answer, &then), "{path}\nnow  {answer}\nthen {then}");
            if let Some(challenge) = answer["challenge"].as_str() {
                let signature = key.sign(format!("porch-token-v1:{challenge}").as_bytes());
                known.push(("{signature}", STANDARD.encode(signature.to_bytes())));
                known.push(("{challenge}", challenge.to_owned()));
            }
            if let Some(given) = answer["token"].as_str() {
                token = given.to_owned();
            }
        }
        for version in ["0", "3"] {
            let (status, answer) = request(address, version, &token, "/v1/pull", "{}");
            assert_eq!(
                (status, &answer["refusal"]),
                (426, &Value::from("update_needed"))
            );
        }
    });
    conversation.await.unwrap();
    serving.abort();
}
