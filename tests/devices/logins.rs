//! Who may do what, and what a shared computer keeps from whom.

use porch_desk::Code;
use porch_tests::kit::{Keeper, PASSWORD, TestDesk};
use serde_json::json;

use crate::{Scene, sync};

#[tokio::test(flavor = "multi_thread")]
async fn staff_change_offline_each_with_their_own_password() {
    let mut scene = Scene::new().await;
    let desk = scene.device("here", "manager").await;
    let manager = desk.call("status", json!({})).await.unwrap()["login"]["user"].clone();
    scene.county.disconnect().await.unwrap();
    let reception = desk.log_in_as("reception").await.unwrap();
    assert_eq!(
        desk.refused("audit", json!({ "before": null, "limit": 10 }))
            .await
            .unwrap(),
        Code::NotAllowed
    );
    assert_eq!(
        desk.refused(
            "invite_login",
            json!({ "user": null, "name": "Nobody", "role": "reception" })
        )
        .await
        .unwrap(),
        Code::NotAllowed
    );
    desk.call("lock", json!({})).await.unwrap();
    for command in ["today", "sync_now"] {
        assert_eq!(
            desk.refused(command, json!({})).await.unwrap(),
            Code::Locked
        );
    }
    assert_eq!(
        desk.refused("unlock", json!({ "password": "not this one at all" }))
            .await
            .unwrap(),
        Code::WrongPassword
    );
    desk.call("unlock", json!({ "password": PASSWORD }))
        .await
        .unwrap();
    desk.call("lock", json!({})).await.unwrap();
    let status = desk
        .call("log_in", json!({ "user": manager, "password": PASSWORD }))
        .await
        .unwrap();
    assert_eq!(
        status["login"]["role"], "manager",
        "somebody else takes over from the lock"
    );
    desk.call("close", json!({})).await.unwrap();
    assert_eq!(
        desk.refused("today", json!({})).await.unwrap(),
        Code::Closed
    );
    desk.call("log_in", json!({ "user": reception, "password": PASSWORD }))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_are_slowed_and_then_blocked() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "reception").await;
    let user = desk.call("status", json!({})).await.unwrap()["login"]["user"].clone();
    desk.call("close", json!({})).await.unwrap();
    let wrong = || json!({ "user": user, "password": "certainly not this" });
    let mut slowed = 0;
    let blocked = loop {
        match desk.refused("log_in", wrong()).await.unwrap() {
            Code::WrongPassword => {}
            Code::SlowedDown => {
                slowed += 1;
                desk.clock.advance(20 * 60 * 1000);
            }
            code => break code,
        }
        assert!(slowed < 20, "ten wrong ones are enough");
    };
    assert_eq!(blocked, Code::LoginBlocked);
    assert!(slowed > 0, "and before that it became slow");
    let right = json!({ "user": user, "password": PASSWORD });
    assert_eq!(
        desk.refused("log_in", right).await.unwrap(),
        Code::LoginBlocked,
        "the right one is too late"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn reception_writes_a_concern_and_cannot_read_it() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "safeguarding").await;
    let lead = desk.call("status", json!({})).await.unwrap()["login"]["user"].clone();
    desk.log_in_as("manager").await.unwrap();
    desk.log_in_as("reception").await.unwrap();
    let concern =
        json!({ "about": null, "text": "A worry, invented for this test.", "call_made": true });
    let written = desk.call("write_concern", concern).await.unwrap();
    assert!(
        !written["phone"].as_str().unwrap().is_empty(),
        "it says whom to phone now"
    );
    assert_eq!(
        desk.refused("concerns", json!({})).await.unwrap(),
        Code::NotAllowed
    );
    desk.call("close", json!({})).await.unwrap();
    desk.call("log_in", json!({ "user": lead, "password": PASSWORD }))
        .await
        .unwrap();
    let concerns = desk.call("concerns", json!({})).await.unwrap();
    assert_eq!(concerns[0]["text"], "A worry, invented for this test.");
    // It travels sealed, and the lead of another device reads it.
    sync(&desk).await;
    let other = scene.device("there", "safeguarding").await;
    sync(&other).await;
    assert_eq!(
        other.call("concerns", json!({})).await.unwrap()[0]["text"],
        "A worry, invented for this test."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_cannot_pass_on_a_key_that_they_do_not_hold() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "manager").await;
    let lead = json!({ "user": null, "name": "Sidra Sample", "role": "safeguarding" });
    assert_eq!(
        desk.refused("invite_login", lead).await.unwrap(),
        Code::NotAllowed
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_chosen_for_looks_outlives_the_program() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "reception").await;
    let none = json!({ "density": null, "scheme": null, "text": null });
    assert_eq!(desk.call("look", json!({})).await.unwrap(), none);
    let chosen = json!({ "density": "hall", "scheme": "dark", "text": "150" });
    desk.call("set_look", chosen.clone()).await.unwrap();
    let home = scene.folder.path().join("here");
    let again = TestDesk::open(&home, &Keeper::default(), &scene.clock);
    assert_eq!(
        again.call("look", json!({})).await.unwrap(),
        chosen,
        "also before anybody has logged in"
    );
    std::fs::write(home.join("look.json"), "{").unwrap();
    assert_eq!(
        again.call("look", json!({})).await.unwrap(),
        none,
        "a file that cannot be read keeps nobody from work"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_cannot_take_away_a_key_that_they_do_not_hold() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "safeguarding").await;
    let lead = desk.call("status", json!({})).await.unwrap()["login"]["user"].clone();
    desk.log_in_as("manager").await.unwrap();
    let demoted = json!({ "user": lead, "name": "Sami Example", "role": "reception" });
    assert_eq!(
        desk.refused("invite_login", demoted).await.unwrap(),
        Code::NotAllowed
    );
    desk.call("close", json!({})).await.unwrap();
    desk.call("log_in", json!({ "user": lead, "password": PASSWORD }))
        .await
        .unwrap();
    let concerns = desk.call("concerns", json!({})).await.unwrap();
    assert_eq!(concerns, json!([]), "the lead still reads");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_runs_the_computers_lets_nobody_in_to_the_families() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "manager").await;
    let manager = desk.call("status", json!({})).await.unwrap()["login"]["user"].clone();
    desk.log_in_as("county_it").await.unwrap();
    for user in [json!(null), manager] {
        let invited = json!({ "user": user, "name": "Sidra Sample", "role": "manager" });
        assert_eq!(
            desk.refused("invite_login", invited).await.unwrap(),
            Code::NotAllowed
        );
    }
    let colleague = json!({ "user": null, "name": "Sidra Sample", "role": "county_it" });
    desk.call("invite_login", colleague).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_view_and_change_is_in_the_audit_and_the_chain_holds() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "manager").await;
    let family = crate::register_probna(&desk).await;
    let audit = desk
        .call("audit", json!({ "before": null, "limit": 50 }))
        .await
        .unwrap();
    assert_eq!(audit["broken_at"], json!(null));
    let entries = audit["entries"].as_array().unwrap();
    let has = |action: &str, kind: &str| {
        entries.iter().any(|entry| {
            entry["action"].as_str().unwrap().starts_with(action) && entry["kind"] == kind
        })
    };
    assert!(has("changed", "family") && has("changed", "person") && has("saw", "family"));
    let text = audit.to_string();
    assert!(
        !text.contains("Próbna") && !text.contains("07700"),
        "ids and field names, never values"
    );
    assert!(text.contains(family["family"].as_str().unwrap()));
}
