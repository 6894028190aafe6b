//! A computer that was copied: both go on, and nothing that either saved is lost.

use std::path::Path;

use porch_sync::DeviceNumber;
use porch_tests::kit::{Keeper, PASSWORD, TestDesk};
use serde_json::{Value, json};

use crate::{Scene, found, register_probna, sync};

async fn log_in(home: &Path, keeper: &Keeper, like: &TestDesk, user: &Value) -> TestDesk {
    let desk = TestDesk::open(home, keeper, &like.clock);
    desk.call("log_in", json!({ "user": user, "password": PASSWORD }))
        .await
        .unwrap();
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_copies_of_a_desk_one_takes_a_number_of_its_own_and_both_go_on() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "reception").await;
    let user = desk.call("status", json!({})).await.unwrap()["login"]["user"].clone();
    assert_eq!(sync(&desk).await["unsent"], 0);
    desk.call("close", json!({})).await.unwrap();
    let elsewhere = scene.folder.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    for entry in std::fs::read_dir(&desk.home).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), elsewhere.join(entry.file_name())).unwrap();
    }
    let keyring = desk.keeper.copied();
    let desk = log_in(&desk.home, &desk.keeper, &desk, &user).await;
    let copy = log_in(&elsewhere, &keyring, &desk, &user).await;

    let families = [register_probna(&desk).await, register_probna(&copy).await];
    for _ in 0..2 {
        for either in [&desk, &copy] {
            assert_eq!(
                sync(either).await["unsent"],
                0,
                "everything is with the county"
            );
        }
    }
    let devices = scene.county.county.devices().await.unwrap();
    let copies: Vec<_> = devices
        .iter()
        .map(|device| (device.number, device.copy_of))
        .collect();
    let first = DeviceNumber(1);
    assert_eq!(copies[1..], [(first, None), (DeviceNumber(2), Some(first))]);
    for either in [&desk, &copy] {
        let found = found(either, "lukasz probna").await;
        for family in &families {
            assert!(
                found.iter().any(|seen| seen["family"] == family["family"]),
                "each has both"
            );
        }
    }

    // The new key outlasts the program.
    for (either, keyring) in [(&desk, &desk.keeper), (&copy, &keyring)] {
        either.call("close", json!({})).await.unwrap();
        let again = log_in(&either.home, keyring, either, &user).await;
        let status = sync(&again).await;
        assert_eq!(
            (&status["unsent"], &status["trouble"]),
            (&json!(0), &Value::Null)
        );
    }
    assert_eq!(
        scene.county.county.devices().await.unwrap().len(),
        3,
        "no further number"
    );
}
