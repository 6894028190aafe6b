//! A device that was enrolled after the backup from which its county was restored.

use porch_desk::Code;
use serde_json::{Value, json};

use crate::{Scene, found, register_probna, sync};

#[tokio::test(flavor = "multi_thread")]
async fn who_was_enrolled_after_the_backup_is_told_and_loses_nothing() {
    let mut scene = Scene::new().await;
    let backup = scene.folder.path().join("monday.db");
    scene.county.county.back_up(&backup).await.unwrap();
    let desk = scene.device("late", "manager").await;
    register_probna(&desk).await;
    sync(&desk).await;
    let status = async || desk.call("status", json!({})).await.unwrap();
    assert_eq!(status().await["unsent"], 0, "acknowledged");

    let restored = scene.folder.path().join("restored");
    scene.county.restore(&backup, &restored).await.unwrap();
    register_probna(&desk).await;
    assert_eq!(
        desk.refused("sync_now", json!({})).await.unwrap(),
        Code::DeviceUnknown
    );
    let told = status().await;
    assert_eq!(
        (&told["sync"], &told["trouble"]),
        (&json!("attention"), &json!("device_unknown")),
        "the window says why"
    );
    assert!(!found(&desk, "probna").await.is_empty(), "and it works on");

    assert_eq!(
        desk.refused("enrol_again", json!({ "code": "ABCD-EFGH-JKMN-PQRS-TVWX" }))
            .await
            .unwrap(),
        Code::CountyCode
    );
    let centre = scene.county.centre(0).unwrap();
    let county = scene.county.county.clone();
    let code = county.make_code(centre, false, 60_000).await.unwrap();
    let code = json!({ "code": code.to_string() });
    let enrolled = desk.call("enrol_again", code.clone()).await.unwrap();
    assert_eq!(
        (&enrolled["unsent"], &enrolled["trouble"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(
        desk.refused("enrol_again", code).await.unwrap(),
        Code::AlreadyOpen,
        "it is known now"
    );
    let devices = county.devices().await.unwrap();
    let again = devices.last().unwrap();
    assert!(
        again.expected > 2,
        "what was acknowledged before came again, and what was not"
    );
    assert_eq!(
        county.waiting().await.unwrap(),
        [],
        "and nothing was kept aside"
    );
    let other = scene.device("other", "manager").await;
    sync(&other).await;
    assert_eq!(
        found(&other, "probna").await.len(),
        found(&desk, "probna").await.len(),
        "everything reached the others"
    );
}
