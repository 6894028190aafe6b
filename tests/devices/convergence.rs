//! What one device saves, the other sees; nothing saved is lost.

use porch_desk::Code;
use porch_tests::kit::{PASSWORD, TestDesk};
use serde_json::json;

use crate::{Scene, a_session, found, member, register_probna, sync};

#[tokio::test(flavor = "multi_thread")]
async fn a_family_registered_here_is_found_there() {
    let scene = Scene::new().await;
    let here = scene.device("here", "reception").await;
    let there = scene.device("there", "outreach").await;
    let family = register_probna(&here).await;
    let session = a_session(&here).await;
    let people: Vec<_> = family["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["person"].clone())
        .collect();
    let arrived = here
        .call(
            "sign_in",
            json!({ "session": session["id"], "family": family["family"], "people": people }),
        )
        .await
        .unwrap();
    assert_eq!(arrived["people"].as_array().unwrap().len(), 2);
    assert_eq!(
        sync(&here).await["unsent"],
        0,
        "everything is with the county"
    );
    sync(&there).await;
    for text in ["lukasz", "próbna test", "0123", "14/2/2024", "ng991aa"] {
        let families = found(&there, text).await;
        assert!(
            families
                .iter()
                .any(|found| found["family"] == family["family"]),
            "{text:?} finds them"
        );
    }
    let seen = there
        .call("family", json!({ "family": family["family"] }))
        .await
        .unwrap();
    assert_eq!(member(&seen, "Łukasz")["birth_date"], "2024-02-14");
    assert!(
        !member(&seen, "Łukasz")["here"].is_null(),
        "the arrival travelled, too"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_of_different_fields_merge_and_of_one_field_are_both_kept() {
    let scene = Scene::new().await;
    let here = scene.device("here", "reception").await;
    let there = scene.device("there", "reception").await;
    let family = register_probna(&here).await;
    sync(&here).await;
    sync(&there).await;
    let open = |desk: TestDesk| async move {
        let view = desk
            .call("family", json!({ "family": family["family"] }))
            .await
            .unwrap();
        (desk, view)
    };
    let (here, mine) = open(here).await;
    let family_id = mine["family"].clone();
    let theirs = there
        .call("family", json!({ "family": family_id }))
        .await
        .unwrap();
    let edit = |view: &serde_json::Value, phone: &str, email: &str| {
        let testa = member(view, "Testa");
        let mut form = crate::person("Testa", "Próbna", "3 Apr 1994", phone, "parent_carer");
        form["email"] = json!(email);
        json!({ "person": testa["person"], "versions": testa["versions"], "form": form })
    };
    here.call(
        "edit_person",
        edit(&mine, "07700 900123", "testa@example.org"),
    )
    .await
    .unwrap();
    here.clock.advance(1_000);
    there
        .call("edit_person", edit(&theirs, "07700 900456", ""))
        .await
        .unwrap();
    for desk in [&here, &there, &here, &there] {
        sync(desk).await;
    }
    for desk in [&here, &there] {
        let view = desk
            .call("family", json!({ "family": family_id }))
            .await
            .unwrap();
        let testa = member(&view, "Testa");
        assert_eq!(testa["email"], "testa@example.org", "nobody else edited it");
        assert_eq!(testa["phone"], "07700900456", "the one edit of the phone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn work_goes_on_without_the_network_and_arrives_with_it() {
    let mut scene = Scene::new().await;
    let desk = scene.device("here", "outreach").await;
    sync(&desk).await;
    scene.county.disconnect().await.unwrap();
    let family = register_probna(&desk).await;
    assert_eq!(
        desk.refused("sync_now", json!({})).await.unwrap(),
        Code::Unreachable
    );
    let status = desk.call("status", json!({})).await.unwrap();
    assert_eq!(status["sync"], "offline", "calm, not an error");
    assert_eq!(status["trouble"], json!(null));
    assert!(status["unsent"].as_u64().unwrap() > 0);
    scene.county.reconnect().unwrap();
    assert_eq!(sync(&desk).await["unsent"], 0);
    let other = scene.device("there", "reception").await;
    sync(&other).await;
    assert_eq!(
        found(&other, "testa probna").await[0]["family"],
        family["family"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_was_killed_still_has_what_was_saved() {
    let mut scene = Scene::new().await;
    let desk = scene.device("here", "reception").await;
    scene.county.disconnect().await.unwrap();
    let family = register_probna(&desk).await;
    let draft = json!({ "form": "registration", "body": "{\"half\":\"typed\"}" });
    desk.call("save_draft", draft).await.unwrap();
    let user = desk.call("status", json!({})).await.unwrap()["login"]["user"].clone();
    let (home, keeper, clock) = (desk.home.clone(), desk.keeper.clone(), desk.clock.clone());
    // Nothing is closed: the files are taken as they lie.
    let copy = scene.folder.path().join("after the kill");
    std::fs::create_dir(&copy).unwrap();
    for entry in std::fs::read_dir(&home).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    let again = TestDesk::open(&copy, &keeper, &clock);
    again
        .call("log_in", json!({ "user": user, "password": PASSWORD }))
        .await
        .unwrap();
    assert_eq!(
        found(&again, "lukasz probna").await[0]["family"],
        family["family"]
    );
    let draft = again
        .call("draft", json!({ "form": "registration" }))
        .await
        .unwrap();
    assert_eq!(draft["body"], "{\"half\":\"typed\"}");
    scene.county.reconnect().unwrap();
    assert_eq!(sync(&again).await["unsent"], 0, "and the outbox was whole");
}
