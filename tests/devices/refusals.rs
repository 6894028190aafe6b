//! Bad input at every command is refused clearly, and changes nothing.

use porch_desk::Code;
use porch_desk::commands::COMMANDS;
use porch_tests::kit::{Keeper, TestDesk};
use serde_json::{Value, json};

use crate::{Scene, person, register_probna};

/// Commands that take no field at all: an empty object is their only request.
fn takes_nothing(name: &str) -> bool {
    [
        "status",
        "look",
        "logins",
        "lock",
        "close",
        "today",
        "notices",
        "askable",
        "hand_over",
        "concerns",
        "reported_withdrawals",
        "takedowns",
        "picture_channels",
        "quotes",
        "crowd_photos",
        "sync_now",
        "forget_pin",
        "make_recovery_code",
    ]
    .contains(&name)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_command_takes_what_is_not_its_request() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "manager").await;
    let bad = [
        json!(null),
        json!("text"),
        json!([1, 2, 3]),
        json!({ "unknown": true }),
        json!({ "family": "not-an-id", "person": 7, "text": {}, "limit": -1 }),
        json!({ "user": "🦔", "password": 12, "code": [] }),
    ];
    for name in COMMANDS {
        for request in &bad {
            assert_eq!(
                desk.refused(name, request.clone()).await.unwrap(),
                Code::MalformedRequest,
                "{name} with {request}"
            );
        }
        if !takes_nothing(name) {
            assert_eq!(
                desk.refused(name, json!({})).await.unwrap(),
                Code::MalformedRequest,
                "{name} with nothing"
            );
        }
    }
    assert_eq!(
        desk.refused("drop_tables", json!({})).await.unwrap(),
        Code::UnknownCommand
    );
    let status = desk.call("status", json!({})).await.unwrap();
    assert_eq!(status["state"], "open", "and the desk is as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_do_not_exist_are_not_found() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "manager").await;
    let nobody = "01900000-0000-7000-8000-000000000000";
    for (name, request) in [
        ("family", json!({ "family": nobody })),
        (
            "sign_in",
            json!({ "session": nobody, "family": nobody, "people": [nobody] }),
        ),
        (
            "sign_out",
            json!({ "attendances": [nobody], "collected_by": null }),
        ),
        (
            "begin_hand_over",
            json!({ "family": nobody, "purposes": ["publicity_picture"] }),
        ),
        ("photo_picture", json!({ "photo": nobody, "size": "full" })),
        ("quotes", json!({ "family": nobody })),
        ("quote_check", json!({ "people": [nobody] })),
        (
            "add_quote",
            json!({ "person": nobody, "words": "Lovely.", "translated_from": "", "reveals_special_category": false }),
        ),
        (
            "record_authority",
            json!({ "child": nobody, "holder": nobody, "ground": "mother", "evidence": "seen" }),
        ),
        (
            "rule_on_withdrawal",
            json!({ "withdrawal": nobody, "ruling": "upheld", "why": "She came in." }),
        ),
        (
            "mark_misrecorded",
            json!({ "decision": nobody, "why": "It was the other child." }),
        ),
        (
            "end_authority",
            json!({ "authority": nobody, "kind": "ended", "evidence": "seen" }),
        ),
    ] {
        assert_eq!(
            desk.refused(name, request).await.unwrap(),
            Code::NotFound,
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_judge_is_told_so_whatever_is_there() {
    let scene = Scene::new().await;
    let nobody = "01900000-0000-7000-8000-000000000000";
    let judged = [
        ("reported_withdrawals", json!({})),
        (
            "rule_on_withdrawal",
            json!({ "withdrawal": nobody, "ruling": "upheld", "why": "She came in." }),
        ),
        (
            "mark_misrecorded",
            json!({ "decision": nobody, "why": "It was the other child." }),
        ),
        (
            "end_authority",
            json!({ "authority": nobody, "kind": "ended", "evidence": "seen" }),
        ),
    ];
    let stopped = [
        ("stops", json!({ "person": nobody })),
        (
            "stop_use",
            json!({ "subject": nobody, "purposes": ["publicity_picture"], "why": "A reason." }),
        ),
        ("end_stop", json!({ "stop": nobody, "why": "A reason." })),
    ];
    for (role, refused) in [
        ("reception", judged.iter().chain(&stopped)),
        ("manager", [].iter().chain(&stopped)),
    ] {
        let desk = scene.device(role, role).await;
        for (name, request) in refused {
            let code = desk.refused(name, request.clone()).await.unwrap();
            assert_eq!(code, Code::NotAllowed, "{role}: {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_says_everything_that_is_wrong_with_it_at_once() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "reception").await;
    let mut child = person("", "", "31/2/24", "", "child");
    child["nhs_number"] = json!("943 476 5871");
    let request = json!({
        "adults": [person("", "", "", "call me", "parent_carer")], "children": [child],
        "address": "", "postcode": "nowhere", "no_fixed_address": false, "note": "", "notice": null, "sign_in_to": null,
    });
    let refusal = desk.call("register", request).await.unwrap_err();
    let problems: Vec<_> = refusal
        .problems
        .iter()
        .map(|problem| (problem.field.as_str(), problem.code))
        .collect();
    for expected in [
        ("adults.0.phone", Code::InvalidPhone),
        ("children.0.birth_date", Code::InvalidDate),
        ("children.0.nhs_number", Code::InvalidNhsNumber),
        ("postcode", Code::InvalidPostcode),
        ("notice", Code::NoticeNotShown),
    ] {
        assert!(problems.contains(&expected), "{expected:?} in {problems:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_here_cannot_arrive_again() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "reception").await;
    let family = register_probna(&desk).await;
    let session = crate::a_session(&desk).await;
    let person = family["members"][0]["person"].clone();
    let arrival =
        json!({ "session": session["id"], "family": family["family"], "people": [person] });
    let arrived = desk.call("sign_in", arrival.clone()).await.unwrap();
    assert_eq!(
        desk.refused("sign_in", arrival.clone()).await.unwrap(),
        Code::AlreadySignedIn
    );
    desk.call("undo", json!({ "undo": arrived["undo"] }))
        .await
        .unwrap();
    let arrived = desk.call("sign_in", arrival).await.unwrap();
    let leaving = json!({ "attendances": arrived["attendances"], "collected_by": null });
    desk.call("sign_out", leaving.clone()).await.unwrap();
    assert_eq!(
        desk.refused("sign_out", leaving).await.unwrap(),
        Code::AlreadySignedOut
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn set_up_refuses_what_the_county_did_not_hand_out() {
    let scene = Scene::new().await;
    let desk = TestDesk::open(
        &scene.folder.path().join("new"),
        &Keeper::default(),
        &scene.clock,
    );
    let request = |server: &str, certificate: &str, code: &str, password: &str| -> Value {
        json!({ "server": server, "county_certificate": certificate, "code": code, "device_name": "Front desk",
                "name": "Sami Example", "password": password })
    };
    let (url, certificate) = (scene.county.url(), scene.county.certificate.clone());
    let password = porch_tests::kit::PASSWORD;
    let wrong_code = request(&url, &certificate, "ABCD-EFGH-JKMN-PQRS", password);
    assert_eq!(
        desk.refused("set_up", wrong_code).await.unwrap(),
        Code::CountyCode
    );
    let other = tempfile::tempdir().unwrap();
    let stranger = porch_county::tls::Authority::open(other.path(), chrono::Utc::now()).unwrap();
    let wrong_county = request(&url, stranger.pem(), "ABCD-EFGH-JKMN-PQRS", password);
    assert_eq!(
        desk.refused("set_up", wrong_county).await.unwrap(),
        Code::CountyCertificate
    );
    let nobody_there = request(
        "https://127.0.0.1:9",
        &certificate,
        "ABCD-EFGH-JKMN-PQRS",
        password,
    );
    assert_eq!(
        desk.refused("set_up", nobody_there).await.unwrap(),
        Code::Unreachable
    );
    let short = desk
        .call("set_up", request("http://plain", &certificate, "", "short"))
        .await
        .unwrap_err();
    let fields: Vec<_> = short
        .problems
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(fields, ["code", "server", "password"]);
    assert_eq!(
        desk.call("status", json!({})).await.unwrap()["state"],
        "not_set_up",
        "and it can be tried again"
    );
}
