//! Every refusal, with its status.

use porch_domain::person::Person;
use porch_sync::protocol::{
    CHUNK_BYTES, FeedPlace, MAX_BATCH_BYTES, PROTOCOL_HEADER, PullPage, PullRequest, PushAnswer,
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::client::{Device, Server, answer, post, refused};
use crate::story::{ELM, OAK, edit, id, make, rosa};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn is(status: u16, word: &str) -> (u16, String) {
    (status, word.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_who_they_say_gets_nothing() {
    let server = Server::start().await;
    let (mut one, other) = (server.at_elm().await, server.at_elm().await);
    let push = json!({"epoch": one.enrolled.epoch, "transactions": []});

    let without = post::<Value>(&one.client, &one.url, "push", None, &push).await;
    assert_eq!(refused(without), is(401, "token"));
    for token in [
        "",
        "x",
        "AAAA",
        &one.token.to_uppercase(),
        &one.challenge().await,
    ] {
        let answer = post::<Value>(&one.client, &one.url, "push", Some(token), &push).await;
        assert_eq!(refused(answer), is(401, "token"), "{token:?}");
    }
    let mut stolen = other.sign(&one.challenge().await);
    stolen["device"] = json!(one.enrolled.device);
    assert_eq!(
        refused(one.ask::<Value>("token", &stolen).await),
        is(401, "token")
    );
    let late = one.sign(&one.challenge().await);
    server.pass(121_000);
    assert_eq!(
        refused(one.ask::<Value>("token", &late).await),
        is(401, "token"),
        "two minutes are over"
    );
    let sealed = one.pen.write(vec![make(&rosa(), ELM)]);
    assert_eq!(
        refused(other.send(vec![sealed]).await),
        is(403, "scope"),
        "another device's transaction"
    );
    server.pass(DAY_MS);
    assert_eq!(
        refused(one.send(vec![]).await),
        is(401, "token"),
        "a day is over"
    );
    one.token = one.prove().await.unwrap().token;
    assert!(one.send(vec![]).await.is_ok());

    server.county.revoke(one.enrolled.device).await.unwrap();
    assert_eq!(refused(one.send(vec![]).await), is(403, "revoked"));
    assert_eq!(refused(one.prove().await), is(403, "revoked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once() {
    let server = Server::start().await;
    let code = server
        .county
        .make_code(ELM, true, 60_000)
        .await
        .unwrap()
        .to_string();
    let first = Device::enrol(server.client(), &server.running.url(), &code).await;
    assert!(
        first.enrolled.restricted_private_key.is_some(),
        "marked as one for safeguarding"
    );
    let request = |code: &str| json!({"code": code, "device_name": "Copy", "public_key": "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik="});
    for wrong in [code.as_str(), "0000-0000-0000-0000-0000", "x"] {
        assert_eq!(
            refused(first.ask::<Value>("enrol", &request(wrong)).await),
            is(403, "code")
        );
    }
    for _ in 0..4 {
        let _ = first
            .ask::<Value>("enrol", &request("0000-0000-0000-0000-0000"))
            .await;
    }
    let guess = first
        .ask::<Value>("enrol", &request("0000-0000-0000-0000-0001"))
        .await;
    assert_eq!(refused(guess), is(429, "slow_down"));
    let named = json!({"code": code, "device_name": "", "public_key": "AAAA"});
    assert_eq!(
        refused(first.ask::<Value>("enrol", &named).await),
        is(400, "malformed")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_of_the_protocol_is_refused() {
    let server = Server::start().await;
    let one = server.at_elm().await;
    let at = |method: Method, path: &str| {
        one.client
            .request(method, format!("{}/v1/{path}", one.url))
            .bearer_auth(&one.token)
    };
    let spoken = |version: &str| {
        at(Method::POST, "pull")
            .header(PROTOCOL_HEADER, version)
            .json(&json!({}))
    };
    for version in ["0", "3", "4000000000"] {
        assert_eq!(
            refused(answer::<Value>(spoken(version)).await),
            is(426, "update_needed"),
            "{version}"
        );
    }
    for version in ["", "one", "1.0", "-1"] {
        assert_eq!(
            refused(answer::<Value>(spoken(version)).await),
            is(400, "malformed"),
            "{version}"
        );
    }
    assert_eq!(
        refused(answer::<Value>(at(Method::POST, "pull").json(&json!({}))).await),
        is(400, "malformed"),
        "no version"
    );

    let fetch = |body: Value| {
        at(Method::POST, "fetch")
            .header(PROTOCOL_HEADER, "2")
            .json(&body)
    };
    let asked = |given: &str, born: &str| json!({"given_name": given, "family_name": "Nowak", "birth_date": born, "author": Uuid::nil()});
    for body in [
        json!({}),
        json!([]),
        asked("", "2024-02-14"),
        asked("Tom", "yesterday"),
        asked("Tom", "2024-02-30"),
    ] {
        assert_eq!(
            refused(answer::<Value>(fetch(body.clone())).await),
            is(400, "malformed"),
            "{body}"
        );
    }
    let nobody = answer::<Value>(fetch(asked("Tom", "2024-02-14"))).await;
    assert_eq!(nobody.unwrap(), json!({"families": []}));
    let stranger = one
        .client
        .post(format!("{}/v1/fetch", one.url))
        .header(PROTOCOL_HEADER, "2")
        .json(&asked("Tom", "2024-02-14"));
    assert_eq!(refused(answer::<Value>(stranger).await), is(401, "token"));

    let raw = |kind: &str, body: &str| {
        at(Method::POST, "push")
            .header(PROTOCOL_HEADER, "1")
            .header("content-type", kind)
            .body(body.to_owned())
    };
    let good = json!({"epoch": one.enrolled.epoch, "transactions": []}).to_string();
    assert!(
        answer::<PushAnswer>(raw("application/json; charset=utf-8", &good))
            .await
            .is_ok()
    );
    assert_eq!(
        refused(answer::<Value>(raw("text/plain", &good)).await),
        is(400, "malformed"),
        "content type"
    );
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in ["", "{", "null", "[]", "{}", "{\"epoch\":1}", "\u{0}", &deep] {
        assert_eq!(
            refused(answer::<Value>(raw("application/json", body)).await),
            is(400, "malformed")
        );
    }
    let big = " ".repeat(MAX_BATCH_BYTES + 1);
    assert_eq!(
        refused(answer::<Value>(raw("application/json", &big)).await),
        is(413, "too_large")
    );
    let small = at(Method::POST, "pull")
        .header(PROTOCOL_HEADER, "1")
        .json(&" ".repeat(20_000));
    assert_eq!(refused(answer::<Value>(small).await), is(413, "too_large"));
    let chunk = one.put_chunk(id(1), 0, &vec![0; CHUNK_BYTES + 1]).await;
    assert_eq!(refused(chunk), is(413, "too_large"));

    let versioned = |method, path: &str| at(method, path).header(PROTOCOL_HEADER, "1");
    assert_eq!(
        refused(answer::<Value>(versioned(Method::GET, "secrets")).await),
        is(404, "not_found")
    );
    assert_eq!(
        refused(answer::<Value>(versioned(Method::GET, "push")).await),
        is(400, "malformed")
    );
    assert_eq!(
        refused(answer::<Value>(versioned(Method::GET, "blobs/nonsense")).await),
        is(400, "malformed")
    );
    assert_eq!(
        refused(answer::<Value>(versioned(Method::GET, "blobs/%ff/0")).await),
        is(400, "malformed"),
        "also what is no UTF-8"
    );
    assert_eq!(
        refused(answer::<Value>(versioned(Method::GET, "blobs/../../etc/passwd")).await),
        is(404, "not_found")
    );
    assert_eq!(refused(one.get_chunk(id(1), 0).await), is(404, "not_found"));
    assert_eq!(
        refused(one.put_chunk(id(1), 0, b"x").await),
        is(409, "blob_not_expected")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_centre_s_records_are_out_of_reach() {
    let server = Server::start().await;
    let (mut elm, mut oak) = (server.at_elm().await, server.device(OAK).await);
    elm.push(vec![make(&rosa(), ELM)]).await;
    let request = PullRequest {
        epoch: oak.enrolled.epoch,
        urgent_after: 0,
        places: vec![FeedPlace {
            scope: ELM,
            after: 0,
        }],
        limit: 10,
        scrubbed: None,
        left: Vec::new(),
    };
    assert_eq!(
        refused(oak.ask::<PullPage>("pull", &request).await),
        is(403, "scope")
    );
    let rosa_id = Uuid::from(rosa().id);
    for change in [
        edit(
            <Person as porch_domain::catalogue::Record>::KIND,
            rosa_id,
            "phone",
            "1",
            Some(elm.pen.version()),
        ),
        make(&rosa(), OAK),
        make(&rosa(), ELM),
    ] {
        let outcome = oak.push(vec![change]).await;
        assert_eq!(outcome.fate, porch_sync::protocol::Fate::Quarantined);
    }
    let seen = oak.pull().await;
    assert!(
        seen.iter()
            .flat_map(|page| &page.rows)
            .all(|fed| fed.row.id != rosa_id)
    );
}
