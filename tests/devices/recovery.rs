//! The last supervisor is lost, or the computer has no keyring.

use std::fs;

use porch_desk::Code;
use porch_tests::kit::{Keeper, PASSWORD, TestDesk};
use serde_json::{Value, json};

use crate::{Scene, found, register_probna, sync};

async fn status(desk: &TestDesk) -> Value {
    desk.call("status", json!({})).await.unwrap()
}

fn recover_with(code: &Value) -> Value {
    json!({ "code": code, "name": "Ngozi Sample", "password": "nine otters under ice" })
}

async fn code_of(desk: &TestDesk) -> Value {
    let made = desk.call("make_recovery_code", json!({})).await.unwrap();
    made["code"].clone()
}

/// Types wrong passwords until the login is blocked.
async fn block(desk: &TestDesk, user: &Value) {
    for _ in 0..10 {
        desk.clock.advance(8 * 60 * 1000);
        let wrong = json!({ "user": user, "password": "certainly not this" });
        desk.refused("log_in", wrong).await.unwrap();
    }
    let right = json!({ "user": user, "password": PASSWORD });
    assert_eq!(
        desk.refused("log_in", right).await.unwrap(),
        Code::LoginBlocked
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_supervisor_is_lost_and_the_unsent_work_is_not() {
    let mut scene = Scene::new().await;
    let desk = scene.device("here", "manager").await;
    let code = code_of(&desk).await;
    assert!(status(&desk).await["recovery_made_at"].is_string());
    scene.county.disconnect().await.unwrap();
    register_probna(&desk).await;
    let unsent = status(&desk).await["unsent"].as_u64().unwrap();
    assert!(unsent > 0);
    desk.call("close", json!({})).await.unwrap();
    for login in desk
        .call("logins", json!({}))
        .await
        .unwrap()
        .as_array()
        .unwrap()
    {
        block(&desk, &login["user"]).await;
    }
    // After a restart, with the network away, in lower case.
    let again = TestDesk::open(&desk.home, &desk.keeper, &desk.clock);
    drop(desk);
    let typed = json!(code.as_str().unwrap().to_lowercase());
    let inside = again
        .call("recover_login", recover_with(&typed))
        .await
        .unwrap();
    assert_eq!(inside["login"]["role"], "manager");
    assert_eq!(inside["login"]["name"], "Ngozi Sample");
    assert_eq!(inside["unsent"], unsent, "nothing unsent was lost");
    assert_eq!(inside["recovery_made_at"], json!(null), "it works once");
    assert_eq!(found(&again, "próbna").await.len(), 1);
    let audit = again
        .call("audit", json!({ "before": null, "limit": 50 }))
        .await
        .unwrap();
    let text = audit.to_string();
    assert!(text.contains("recovered/recover_login") && text.contains("make_recovery_code"));
    assert_eq!(audit["broken_at"], json!(null));
    // The new manager lets the others in again and the work goes to the county.
    let logins = again.call("logins", json!({})).await.unwrap();
    let waits = |login: &&Value| login["role"] == "manager" && login["state"] == "blocked";
    let blocked = logins.as_array().unwrap().iter().find(waits).unwrap();
    let invite = json!({ "user": blocked["user"], "name": blocked["name"], "role": "manager" });
    again.call("invite_login", invite).await.unwrap();
    scene.county.reconnect().unwrap();
    assert_eq!(sync(&again).await["unsent"], 0);
    again.call("close", json!({})).await.unwrap();
    assert_eq!(
        again
            .refused("recover_login", recover_with(&typed))
            .await
            .unwrap(),
        Code::NoRecoveryCode
    );
    let log_in = json!({ "user": inside["login"]["user"], "password": "nine otters under ice" });
    again.call("log_in", log_in).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_is_made_by_those_who_invite_and_used_from_outside() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "manager").await;
    let old = code_of(&desk).await;
    let code = code_of(&desk).await;
    assert_eq!(
        desk.refused("recover_login", recover_with(&code))
            .await
            .unwrap(),
        Code::AlreadyOpen
    );
    desk.log_in_as("reception").await.unwrap();
    assert_eq!(
        desk.refused("make_recovery_code", json!({})).await.unwrap(),
        Code::NotAllowed
    );
    desk.call("lock", json!({})).await.unwrap();
    assert_eq!(
        desk.refused("make_recovery_code", json!({})).await.unwrap(),
        Code::Locked
    );
    assert_eq!(
        desk.refused("recover_login", recover_with(&old))
            .await
            .unwrap(),
        Code::CodeWrong,
        "a new one replaces the old one"
    );
    // Two letters that look alike to a hurried eye.
    let mut slipped = code.as_str().unwrap().to_owned();
    let other = if slipped.starts_with('7') { "4" } else { "7" };
    slipped.replace_range(..1, other);
    for typed in [slipped.as_str(), "", "7K3M"] {
        let refusal = desk
            .call("recover_login", recover_with(&json!(typed)))
            .await
            .unwrap_err();
        assert_eq!(refusal.code, Code::CodeMistyped);
        assert_eq!(refusal.field.as_deref(), Some("code"));
    }
    let weak = json!({ "code": code, "name": "Ngozi Sample", "password": "short" });
    assert_eq!(
        desk.refused("recover_login", weak).await.unwrap(),
        Code::PasswordTooShort
    );
    let nameless = json!({ "code": code, "name": " ", "password": PASSWORD });
    assert_eq!(
        desk.refused("recover_login", nameless).await.unwrap(),
        Code::Required
    );
    let inside = desk
        .call("recover_login", recover_with(&code))
        .await
        .unwrap();
    assert_eq!(inside["login"]["role"], "manager");
    assert_eq!(
        desk.refused("concerns", json!({})).await.unwrap(),
        Code::NotAllowed
    );
}

fn set_up_request(scene: &Scene, code: &str, password_only: bool) -> Value {
    json!({
        "server": scene.county.url(), "county_certificate": scene.county.certificate, "code": code,
        "device_name": "Old hall", "name": "Sami Example", "password": PASSWORD,
        "password_only": password_only,
    })
}

async fn enrolment_code(scene: &Scene) -> String {
    let centre = scene.county.centre(0).unwrap();
    let county = &scene.county.county;
    let code = county.make_code(centre, false, 60_000).await.unwrap();
    code.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_only_an_explicit_choice_goes_on() {
    let scene = Scene::new().await;
    let home = scene.folder.path().join("hall");
    let desk = TestDesk::open(&home, &Keeper::absent(), &scene.clock);
    let code = enrolment_code(&scene).await;
    assert_eq!(
        desk.refused("set_up", set_up_request(&scene, &code, false))
            .await
            .unwrap(),
        Code::NoKeyring
    );
    assert_eq!(status(&desk).await["state"], "not_set_up");
    let open = desk
        .call("set_up", set_up_request(&scene, &code, true))
        .await
        .unwrap();
    assert_eq!(
        (&open["state"], &open["password_only"]),
        (&json!("open"), &json!(true))
    );
    let manager = open["login"]["user"].clone();
    sync(&desk).await;
    register_probna(&desk).await;
    let recovery = code_of(&desk).await;
    desk.log_in_as("reception").await.unwrap();
    drop(desk);

    let again = TestDesk::open(&home, &Keeper::absent(), &scene.clock);
    let closed = status(&again).await;
    assert_eq!(
        (&closed["state"], &closed["password_only"]),
        (&json!("closed"), &json!(true)),
        "it is said before anybody logs in"
    );
    let log_in = json!({ "user": manager, "password": PASSWORD });
    again.call("log_in", log_in.clone()).await.unwrap();
    assert_eq!(
        sync(&again).await["unsent"],
        0,
        "the county knows the device again"
    );
    assert_eq!(found(&again, "próbna").await.len(), 1);
    again.call("close", json!({})).await.unwrap();

    // Whoever edits the mode gets nowhere.
    let file = home.join("slots.json");
    let text = fs::read_to_string(&file).unwrap();
    let edited = text.replace("\"password_only\": true", "\"password_only\": false");
    assert_ne!(text, edited);
    fs::write(&file, edited).unwrap();
    assert_eq!(status(&again).await["state"], "no_keyring");
    assert_eq!(
        again.refused("log_in", log_in.clone()).await.unwrap(),
        Code::NoKeyring
    );
    let with_keyring = TestDesk::open(&home, &Keeper::default(), &scene.clock);
    assert_eq!(
        with_keyring.refused("log_in", log_in).await.unwrap(),
        Code::KeyringSecretMissing
    );
    fs::write(&file, text).unwrap();
    again
        .call("recover_login", recover_with(&recovery))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_with_a_keyring_cannot_be_talked_out_of_it() {
    let scene = Scene::new().await;
    let home = scene.folder.path().join("desk");
    let desk = TestDesk::open(&home, &Keeper::default(), &scene.clock);
    let code = enrolment_code(&scene).await;
    let open = desk
        .call("set_up", set_up_request(&scene, &code, true))
        .await
        .unwrap();
    assert_eq!(
        open["password_only"], false,
        "a keyring that works is used, whatever was ticked"
    );
    let log_in = json!({ "user": open["login"]["user"], "password": PASSWORD });
    desk.call("close", json!({})).await.unwrap();
    let file = home.join("slots.json");
    let text = fs::read_to_string(&file).unwrap();
    let edited = text.replace("\"password_only\": false", "\"password_only\": true");
    assert_ne!(text, edited);
    fs::write(&file, edited).unwrap();
    assert_eq!(
        desk.refused("log_in", log_in.clone()).await.unwrap(),
        Code::DatabaseAltered
    );
    assert_eq!(status(&desk).await["state"], "unusable");
    // A copy of the files, edited, on a computer without the keyring.
    let copy = TestDesk::open(&home, &Keeper::absent(), &scene.clock);
    assert_eq!(
        copy.refused("log_in", log_in.clone()).await.unwrap(),
        Code::WrongPassword
    );
    fs::write(&file, text).unwrap();
    desk.call("log_in", log_in).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_sets_how_soon_the_device_locks_itself() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "manager").await;
    assert_eq!(status(&desk).await["idle_minutes"], 5);
    for minutes in [0, 6] {
        assert_eq!(
            desk.refused("set_idle_time", json!({ "minutes": minutes }))
                .await
                .unwrap(),
            Code::Invalid
        );
    }
    desk.call("set_idle_time", json!({ "minutes": 2 }))
        .await
        .unwrap();
    assert_eq!(status(&desk).await["idle_minutes"], 2);
    desk.log_in_as("reception").await.unwrap();
    assert_eq!(
        desk.refused("set_idle_time", json!({ "minutes": 5 }))
            .await
            .unwrap(),
        Code::NotAllowed
    );
    let (home, keeper, clock) = (desk.home.clone(), desk.keeper.clone(), desk.clock.clone());
    drop(desk);
    let again = TestDesk::open(&home, &keeper, &clock);
    assert_eq!(status(&again).await["idle_minutes"], 2, "it is kept");
    // The file is in the clear: what somebody writes into it never makes the desk stay open longer.
    let file = home.join("device.json");
    let text = fs::read_to_string(&file).unwrap();
    let edited = text.replace("\"idle_minutes\":2", "\"idle_minutes\":600");
    assert_ne!(text, edited);
    fs::write(&file, edited).unwrap();
    assert_eq!(status(&again).await["idle_minutes"], 5);
}
