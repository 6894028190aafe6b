//! The PIN of a shift: it shows a locked screen again, and opens nothing else.

use porch_desk::Code;
use porch_tests::kit::{PASSWORD, TestDesk};
use serde_json::{Value, json};

use crate::Scene;

const PIN: &str = "2580";

async fn set(desk: &TestDesk) -> Value {
    desk.call("set_pin", json!({ "password": PASSWORD, "pin": PIN }))
        .await
        .unwrap()
}

async fn lock(desk: &TestDesk) -> Value {
    desk.call("lock", json!({})).await.unwrap()
}

async fn wrong(desk: &TestDesk) -> Code {
    desk.refused("unlock_with_pin", json!({ "pin": "2581" }))
        .await
        .unwrap()
}

async fn no_pin(desk: &TestDesk, why: &str) {
    assert_eq!(
        desk.refused("unlock_with_pin", json!({ "pin": PIN }))
            .await
            .unwrap(),
        Code::PinGone,
        "{why}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_unlocks_ones_own_desk_and_brings_back_no_key() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "safeguarding").await;
    let note = json!({ "about": null, "text": "Invented for this test.", "call_made": true });
    desk.call("write_concern", note).await.unwrap();
    for (password, pin, code) in [
        (PASSWORD, "1234", Code::PinTooCommon),
        (PASSWORD, "12", Code::PinNotDigits),
        ("not this one at all", PIN, Code::WrongPassword),
    ] {
        let asked = json!({ "password": password, "pin": pin });
        assert_eq!(desk.refused("set_pin", asked).await.unwrap(), code);
    }
    assert_eq!(set(&desk).await["pin"], true);
    assert_eq!(
        desk.refused("unlock_with_pin", json!({ "pin": PIN }))
            .await
            .unwrap(),
        Code::AlreadyOpen
    );
    assert_eq!(lock(&desk).await["pin"], true);
    let open = desk
        .call("unlock_with_pin", json!({ "pin": PIN }))
        .await
        .unwrap();
    assert_eq!(
        (&open["state"], &open["by_pin"]),
        (&json!("open"), &json!(true))
    );
    desk.call("today", json!({})).await.unwrap();
    let invite = json!({ "user": null, "name": "Nobody Example", "role": "reception" });
    for (command, request) in [("concerns", json!({})), ("invite_login", invite.clone())] {
        assert_eq!(
            desk.refused(command, request).await.unwrap(),
            Code::PasswordNeeded,
            "{command}"
        );
    }
    let back = desk
        .call("unlock", json!({ "password": PASSWORD }))
        .await
        .unwrap();
    assert_eq!(
        (&back["by_pin"], &back["pin"]),
        (&json!(false), &json!(true))
    );
    let concerns = desk.call("concerns", json!({})).await.unwrap();
    assert_eq!(concerns[0]["text"], "Invented for this test.");
    desk.call("invite_login", invite).await.unwrap();
    let audit = desk
        .call("audit", json!({ "before": null, "limit": 50 }))
        .await
        .unwrap();
    assert!(audit.to_string().contains("logged_in/pin"));
    desk.call("forget_pin", json!({})).await.unwrap();
    lock(&desk).await;
    no_pin(&desk, "forgotten on request").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_pins_and_then_the_password() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "reception").await;
    set(&desk).await;
    lock(&desk).await;
    for _ in 0..4 {
        assert_eq!(wrong(&desk).await, Code::WrongPin);
    }
    // Locking again, waiting and a wrong password do not give tries back.
    lock(&desk).await;
    desk.clock.advance(60 * 60 * 1000);
    desk.refused("unlock", json!({ "password": "not this one at all" }))
        .await
        .unwrap();
    assert_eq!(wrong(&desk).await, Code::PinGone, "the fifth");
    no_pin(&desk, "the right one is too late").await;
    let status = desk.call("status", json!({})).await.unwrap();
    assert_eq!(
        (&status["state"], &status["pin"]),
        (&json!("locked"), &json!(false))
    );
    desk.call("unlock", json!({ "password": PASSWORD }))
        .await
        .unwrap();
    // The password gives them back, and so does the right PIN.
    set(&desk).await;
    for right in ["unlock", "unlock_with_pin", "unlock"] {
        lock(&desk).await;
        for _ in 0..4 {
            assert_eq!(wrong(&desk).await, Code::WrongPin);
        }
        let request = match right {
            "unlock" => json!({ "password": PASSWORD }),
            _ => json!({ "pin": PIN }),
        };
        desk.call(right, request).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_ends_with_the_shift() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "manager").await;
    let manager = desk.call("status", json!({})).await.unwrap()["login"]["user"].clone();
    let log_in = json!({ "user": manager, "password": PASSWORD });
    set(&desk).await;
    desk.call("close", json!({})).await.unwrap();
    assert_eq!(
        desk.refused("unlock_with_pin", json!({ "pin": PIN }))
            .await
            .unwrap(),
        Code::Closed,
        "a closed desk is opened by the password"
    );
    desk.call("log_in", log_in.clone()).await.unwrap();
    lock(&desk).await;
    no_pin(&desk, "logging out forgot it").await;

    // Left locked for two hours, the desk is closed even if nobody looked since.
    desk.call("unlock", json!({ "password": PASSWORD }))
        .await
        .unwrap();
    set(&desk).await;
    lock(&desk).await;
    desk.clock.advance(2 * 60 * 60 * 1000);
    assert_eq!(
        desk.refused("unlock_with_pin", json!({ "pin": PIN }))
            .await
            .unwrap(),
        Code::Closed
    );
    desk.call("log_in", log_in.clone()).await.unwrap();

    // Somebody else's desk.
    set(&desk).await;
    let invited = desk
        .call(
            "invite_login",
            json!({ "user": null, "name": "Casey Other", "role": "reception" }),
        )
        .await
        .unwrap();
    lock(&desk).await;
    desk.call(
        "accept_invitation",
        json!({ "user": invited["user"], "code": invited["code"], "password": PASSWORD }),
    )
    .await
    .unwrap();
    lock(&desk).await;
    no_pin(&desk, "a PIN is nobody else's").await;
    desk.call("log_in", log_in.clone()).await.unwrap();
    lock(&desk).await;
    no_pin(&desk, "and a change of user forgot it").await;

    // The end of the program.
    desk.call("unlock", json!({ "password": PASSWORD }))
        .await
        .unwrap();
    set(&desk).await;
    lock(&desk).await;
    let (home, keeper, clock) = (desk.home.clone(), desk.keeper.clone(), desk.clock.clone());
    drop(desk);
    let again = TestDesk::open(&home, &keeper, &clock);
    again.call("log_in", log_in).await.unwrap();
    lock(&again).await;
    no_pin(&again, "nothing of it is on the disk").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_lets_nobody_past_a_blocked_login_or_out_of_a_hand_over() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "manager").await;
    let family = crate::register_probna(&desk).await;
    set(&desk).await;
    desk.call(
        "begin_hand_over",
        json!({ "family": family["family"], "purposes": ["publicity_picture"] }),
    )
    .await
    .unwrap();
    assert_eq!(
        desk.refused("set_pin", json!({ "password": PASSWORD, "pin": PIN }))
            .await
            .unwrap(),
        Code::HandOverActive
    );
    assert_eq!(
        desk.refused("end_hand_over", json!({ "password": PIN }))
            .await
            .unwrap(),
        Code::WrongPassword
    );
    lock(&desk).await;
    let status = desk
        .call("unlock_with_pin", json!({ "pin": PIN }))
        .await
        .unwrap();
    assert_eq!(status["state"], "hand_over", "it is still handed over");
    desk.call("end_hand_over", json!({ "password": PASSWORD }))
        .await
        .unwrap();

    lock(&desk).await;
    for _ in 0..10 {
        desk.clock.advance(8 * 60 * 1000);
        desk.refused("unlock", json!({ "password": "not this one at all" }))
            .await
            .unwrap();
    }
    assert_eq!(
        desk.refused("unlock_with_pin", json!({ "pin": PIN }))
            .await
            .unwrap(),
        Code::LoginBlocked
    );
}
