//! Promise 6 over the real way, by command: a family that two desks registered while apart is merged, an edit
//! of the second registration that was made far away reaches the survivor, and the merge is undone.

use porch_desk::Code;
use serde_json::{Value, json};

use crate::{Scene, found, member, register_probna, sync};

async fn opened(desk: &porch_tests::kit::TestDesk, family: &Value) -> Value {
    desk.call("family", json!({ "family": family }))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn promise_6_a_family_of_two_desks_becomes_one_and_two_again() {
    let scene = Scene::new().await;
    let here = scene.device("here", "manager").await;
    let away = scene.device("away", "reception").await;
    let first = register_probna(&here).await;
    let second = register_probna(&away).await;
    for desk in [&here, &away, &here] {
        sync(desk).await;
    }
    assert_eq!(found(&here, "próbna").await.len(), 2, "registered twice");
    let pair = |name: &str| {
        json!({
            "one": member(&first, name)["person"],
            "other": member(&second, name)["person"],
            "of_other": ["phone"],
        })
    };
    let both = json!({
        "one": first["family"], "other": second["family"], "of_other": [],
        "people": [pair("Testa"), pair("Łukasz")],
    });
    assert_eq!(
        away.refused("merge_families", both.clone()).await.unwrap(),
        Code::NotAllowed,
        "that is for somebody who looks at both"
    );
    // Away, somebody writes about the second registration, and does not know.
    let testa = member(&second, "Testa");
    let form = crate::person(
        "Testa",
        "Próbna",
        "3 Apr 1994",
        "07700 900456",
        "parent_carer",
    );
    let late = json!({ "person": testa["person"], "versions": testa["versions"], "form": form });
    away.call("edit_person", late).await.unwrap();
    here.call("merge_families", both).await.unwrap();
    for desk in [&here, &away, &here] {
        sync(desk).await;
    }
    for desk in [&here, &away] {
        assert_eq!(found(desk, "próbna").await.len(), 1, "it is one");
        let (one, other) = (
            opened(desk, &first["family"]).await,
            opened(desk, &second["family"]).await,
        );
        assert_eq!(one["members"], other["members"], "whichever is opened");
        assert_eq!(
            one["members"].as_array().unwrap().len(),
            first["members"].as_array().unwrap().len()
        );
        let phone = member(&one, "Testa")["phone"]
            .as_str()
            .unwrap()
            .replace(' ', "");
        assert!(
            phone.ends_with("900456"),
            "the late write reached the survivor"
        );
        assert_eq!(sync(desk).await["unsent"], json!(0));
    }
    let undo = |kind: &str, one: &Value, other: &Value| json!({ "kind": kind, "one": one, "other": other });
    here.call(
        "unmerge",
        undo("family", &first["family"], &second["family"]),
    )
    .await
    .unwrap();
    for name in ["Testa", "Łukasz"] {
        let ends = (member(&first, name), member(&second, name));
        let told = here
            .call(
                "unmerge",
                undo("person", &ends.0["person"], &ends.1["person"]),
            )
            .await
            .unwrap();
        let later = told["later"].as_array().unwrap();
        assert_eq!(later.len(), usize::from(name == "Testa"), "{told}");
    }
    for desk in [&here, &away, &here] {
        sync(desk).await;
    }
    for desk in [&here, &away] {
        assert_eq!(found(desk, "próbna").await.len(), 2, "two again");
        let one = opened(desk, &first["family"]).await;
        assert_eq!(
            member(&one, "Testa")["person"],
            member(&first, "Testa")["person"]
        );
    }
}
