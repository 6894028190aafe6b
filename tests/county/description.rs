//! The served description (OpenAPI), held against what is really said: every message of these tests
//! that was understood is checked as it goes by.

use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use porch_county::{Machine, Surroundings as _};
use porch_domain::membership::MemberRole;
use porch_sync::protocol::{PushAnswer, Variant, blob_id, rejoin_message};
use regex::Regex;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::{Server, post};
use crate::story::{
    ELM, OAK, Pen, decision, home_of, id, make, motherhood, person, place_in, rosa, shot, tom,
};

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(porch_county::openapi::document()).unwrap());

/// The operations whose messages went by, as `post /v1/push`.
static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Checks a request that was answered, and its answer. Chunks are no JSON: then there is none.
pub(crate) fn check(method: &str, path: &str, asked: Option<&Value>, answered: Option<&Value>) {
    let operation = &DOCUMENT["paths"][path][method];
    let described = |part: &Value| part["content"]["application/json"]["schema"].clone();
    let asks = described(&operation["requestBody"]);
    let answers = described(&operation["responses"]["200"]);
    assert_eq!(
        (asks.is_object(), answers.is_object()),
        (asked.is_some(), answered.is_some()),
        "{method} {path} has bodies where the description says so"
    );
    fits(
        &asks,
        asked.unwrap_or(&Value::Null),
        &format!("{method} {path}"),
    );
    fits(
        &answers,
        answered.unwrap_or(&Value::Null),
        &format!("the answer to {path}"),
    );
    for sealed in asked
        .and_then(|asked| asked["transactions"].as_array())
        .into_iter()
        .flatten()
    {
        // A test may send what is none.
        if let Some(Ok(body)) = sealed["body"].as_str().map(serde_json::from_str) {
            check_component("Transaction", &body);
        }
    }
    SEEN.lock().unwrap().insert(format!("{method} {path}"));
}

/// Checks a value against a component.
pub(crate) fn check_component(name: &str, value: &Value) {
    let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
    fits(&schema, value, name);
}

#[track_caller]
fn fits(schema: &Value, value: &Value, name: &str) {
    if !schema.is_null() {
        assert_eq!(problem(schema, value, name), None);
    }
}

/// What a schema has against a value. It must know every keyword that the schema uses, and every member
/// of an object must be described: what may be left out of a description would be.
fn problem(schema: &Value, value: &Value, at: &str) -> Option<String> {
    let wrong = |what: &str| Some(format!("{at}: {what}"));
    for (keyword, says) in schema.as_object()? {
        let found = match keyword.as_str() {
            "description" | "contentMediaType" => None,
            "$ref" => {
                let target = says.as_str().unwrap().strip_prefix('#').unwrap();
                problem(DOCUMENT.pointer(target).unwrap(), value, at)
            }
            "contentSchema" => None,
            "type" => {
                let types = says
                    .as_array()
                    .map_or(vec![says], |types| types.iter().collect());
                let fits = types.iter().any(|name| is_a(name.as_str().unwrap(), value));
                if fits { None } else { wrong("another type") }
            }
            "format" => match says.as_str().unwrap() {
                "uuid"
                    if value
                        .as_str()
                        .is_some_and(|text| uuid::Uuid::parse_str(text).is_err()) =>
                {
                    wrong("no UUID")
                }
                "uuid" | "int32" | "int64" => None,
                other => panic!("{other} is not known here"),
            },
            "minimum" => match value.as_f64() {
                Some(number) if number < says.as_f64().unwrap() => wrong("too small"),
                _ => None,
            },
            "pattern" => match value.as_str() {
                Some(text) if !Regex::new(says.as_str().unwrap()).unwrap().is_match(text) => {
                    wrong("another form")
                }
                _ => None,
            },
            "enum" if says.as_array().unwrap().contains(value) => None,
            "enum" => wrong("not one of the words"),
            "items" => value.as_array().and_then(|items| {
                items
                    .iter()
                    .find_map(|item| problem(says, item, &format!("{at}[]")))
            }),
            "required" => says.as_array().unwrap().iter().find_map(|name| {
                let name = name.as_str().unwrap();
                let given = value
                    .as_object()
                    .is_none_or(|members| members.contains_key(name));
                if given {
                    None
                } else {
                    wrong(&format!("{name} is missing"))
                }
            }),
            "properties" | "additionalProperties" => value.as_object().and_then(|members| {
                members.iter().find_map(|(name, member)| {
                    let own = schema.get("properties").and_then(|known| known.get(name));
                    match own.or(schema.get("additionalProperties")) {
                        Some(known) => problem(known, member, &format!("{at}.{name}")),
                        None => wrong(&format!("{name} is not described")),
                    }
                })
            }),
            "propertyNames" => value.as_object().and_then(|members| {
                members
                    .keys()
                    .find_map(|name| problem(says, &json!(name), at))
            }),
            "oneOf" => {
                let forms = says.as_array().unwrap().iter();
                match forms
                    .filter(|form| problem(form, value, at).is_none())
                    .count()
                {
                    1 => None,
                    0 => wrong("none of the forms"),
                    _ => wrong("several of the forms"),
                }
            }
            other => panic!("{other} is not known here"),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is not known here"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_served_to_anybody_and_says_what_is_said() {
    let server = Server::start().await;
    let url = server.running.url();
    let served = server
        .client()
        .get(format!("{url}/v1/openapi.json"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        served.status(),
        StatusCode::OK,
        "without a version and a token"
    );
    assert_eq!(served.headers()["content-type"], "application/json");
    assert_eq!(served.json::<Value>().await.unwrap(), *DOCUMENT);
    check("get", "/v1/openapi.json", None, Some(&DOCUMENT));

    // A meeting in which everything is said.
    let (mut one, oak) = (server.at_elm().await, server.device(OAK).await);
    let shot = shot(0xf0, 100, &[(tom().id, id(0xd1).into())]);
    let yes = decision(0xd1, tom().id, &["print"], &[]);
    let home = home_of(0xfa, ELM);
    let family = [
        vec![make(&home, ELM), make(&rosa(), ELM), make(&tom(), ELM)],
        vec![
            make(
                &place_in(&home, 0xaf, rosa().id, MemberRole::ParentCarer),
                ELM,
            ),
            make(&motherhood(), ELM),
            make(&yes, ELM),
        ],
    ];
    one.push(family.concat()).await;
    one.push(shot.changes(ELM)).await;
    let picture = blob_id(shot.photo.id.into(), Variant::Picture);
    one.put_chunk(picture, 0, &shot.picture).await.unwrap();
    one.get_chunk(picture, 0).await.unwrap();
    one.blob_state(picture).await.unwrap();
    let wanted = json!({"given_name": "Rosa", "family_name": "Nowak", "birth_date": "1996-04-03", "author": id(7)});
    let found: Value = oak.ask("fetch", &wanted).await.unwrap();
    assert_eq!(found["families"], json!([id(0xfa)]));
    assert!(!oak.pull().await.is_empty());

    let mut copy = Pen::of(one.enrolled.device);
    let clash = copy.write(vec![make(&person(9, "Eve"), ELM)]);
    let answer: PushAnswer = one.send(vec![clash.clone()]).await.unwrap();
    assert!(answer.cloned);
    let mut seed = [0; 32];
    Machine.fill(&mut seed).unwrap();
    let public_key = STANDARD.encode(SigningKey::from_bytes(&seed).verifying_key().as_bytes());
    let challenge = one.challenge().await;
    let message = rejoin_message(&challenge, &public_key);
    let request = json!({
        "device": one.enrolled.device, "challenge": challenge, "sequence": clash.sequence,
        "digest": clash.digest, "public_key": public_key,
        "signature": STANDARD.encode(one.key.sign(message.as_bytes()).to_bytes()),
    });
    let _: Value = post(&one.client, &one.url, "rejoin", None, &request)
        .await
        .unwrap();

    let described: BTreeSet<String> = DOCUMENT["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(move |method| format!("{method} {path}"))
        })
        .collect();
    let seen = SEEN.lock().unwrap();
    let silent: Vec<_> = described.difference(&seen).collect();
    assert!(silent.is_empty(), "nothing was said over {silent:?}");
}

#[test]
fn what_is_not_as_described_is_noticed() {
    let row = json!({"kind": "person", "id": id(1), "fields": {"phone": {"value": null, "version": "0190a3b4c5d60001.3.120"}}});
    let schema = json!({ "$ref": "#/components/schemas/Row" });
    assert_eq!(problem(&schema, &row, ""), None);
    let with = |pointer: &str, value: Value| {
        let mut row = row.clone();
        *row.pointer_mut(pointer).unwrap() = value;
        problem(&schema, &row, "")
    };
    assert!(with("/kind", json!(1)).is_some());
    assert!(with("/id", json!("1")).is_some());
    assert!(with("/fields/phone/version", json!("3.120")).is_some());
    assert!(
        with("/fields/phone", json!({"value": 1})).is_some(),
        "something is missing"
    );
    assert!(
        with(
            "/fields/phone",
            json!({"value": 1, "version": "0190a3b4c5d60001.3.120", "more": 1})
        )
        .is_some()
    );
    assert!(with("/fields", json!([])).is_some());
}
