//! Promise 4 over the real way, by command: a device holds its own centres' records and no others;
//! what leaves its scope leaves the device.

use porch_desk::Code;
use porch_tests::kit::{TestDesk, picture};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::consent::say_yes;
use crate::{Scene, a_session, found, member, register_probna, sync};

/// A device of the second centre, with a login of that role.
async fn next_door(scene: &Scene, role: &str) -> TestDesk {
    let home = scene.folder.path().join("next");
    let next = TestDesk::enrolled(&home, &scene.clock, &scene.county, 1)
        .await
        .unwrap();
    next.log_in_as(role).await.unwrap();
    next
}

#[tokio::test(flavor = "multi_thread")]
async fn promise_4_a_family_that_moves_leaves_and_a_photo_keeps_a_stub_of_it() {
    let scene = Scene::new().await;
    let here = scene.device("here", "manager").await;
    let away = scene.device("away", "reception").await;
    let next = next_door(&scene, "reception").await;
    let family = register_probna(&here).await;
    let lukasz = member(&family, "Łukasz")["person"].clone();
    let session = a_session(&here).await;
    let decision = say_yes(&here, &family).await;
    let photo = json!({
        "session": session["id"], "people": [lukasz], "taken_at": "2026-11-23T09:40:00.000Z",
        "caption": "Painting", "picture": picture([180, 40, 90], 640, 480).unwrap(),
    });
    here.call("add_photo", photo).await.unwrap();
    for desk in [&here, &away, &next] {
        sync(desk).await;
    }
    let there = scene.county.centre(1).unwrap();
    let to = |centre: Uuid| json!({ "family": family["family"], "centre": centre });
    assert_eq!(
        away.refused("move_family", to(there)).await.unwrap(),
        Code::NotAllowed
    );
    let hall = scene
        .county
        .invented
        .records
        .iter()
        .find(|record| record.kind == "centre" && record.fields["kind"] == "venue");
    assert_eq!(
        here.refused("move_family", to(hall.unwrap().id))
            .await
            .unwrap(),
        Code::Invalid
    );
    assert_eq!(
        here.refused("move_family", to(Uuid::nil())).await.unwrap(),
        Code::NotFound
    );
    let nobody = json!({ "family": Uuid::nil(), "centre": there });
    assert_eq!(
        here.refused("move_family", nobody).await.unwrap(),
        Code::NotFound
    );

    // Away, somebody writes about the family and does not know.
    let seen = away
        .call("family", json!({ "family": family["family"] }))
        .await
        .unwrap();
    let testa = member(&seen, "Testa");
    let form = crate::person(
        "Testa",
        "Próbna",
        "3 Apr 1994",
        "07700 900456",
        "parent_carer",
    );
    let late = json!({ "person": testa["person"], "versions": testa["versions"], "form": form });
    away.call("edit_person", late).await.unwrap();
    here.call("move_family", to(there)).await.unwrap();
    for desk in [&here, &away, &next] {
        sync(desk).await;
    }
    let of_session = json!({ "family": null, "session": session["id"] });
    for desk in [&here, &away] {
        assert!(found(desk, "próbna").await.is_empty(), "it left");
        assert_eq!(
            desk.refused("family", json!({ "family": family["family"] }))
                .await
                .unwrap(),
            Code::NotFound
        );
        let photos = desk.call("photos", of_session.clone()).await.unwrap();
        assert_eq!(
            photos[0]["people"][0]["name"], "Łukasz Próbna",
            "a stub says who it is"
        );
        assert_eq!(photos[0]["state"], "here");
        let status = sync(desk).await;
        assert_eq!(
            (&status["unsent"], &status["trouble"]),
            (&json!(0), &Value::Null)
        );
    }
    let moved = next
        .call("family", json!({ "family": family["family"] }))
        .await
        .unwrap();
    assert_eq!(
        member(&moved, "Testa")["phone"],
        "07700900456",
        "the late write arrived"
    );
    assert_eq!(
        next.call("photos", of_session.clone()).await.unwrap(),
        json!([])
    );

    let withdrawal = json!({
        "subject": lukasz, "purpose": "publicity_picture", "decisions": [decision], "channels": null,
        "by": member(&moved, "Testa")["person"], "how": "in_person",
    });
    next.call("withdraw_consent", withdrawal).await.unwrap();
    for desk in [&next, &here, &away] {
        sync(desk).await;
    }
    for desk in [&here, &away] {
        let photos = desk.call("photos", of_session.clone()).await.unwrap();
        assert_eq!(photos, json!([]), "the picture is gone, and who was in it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_of_the_next_centre_is_fetched_by_full_name_and_birth_date() {
    let mut scene = Scene::new().await;
    let here = scene.device("here", "reception").await;
    let next = next_door(&scene, "reception").await;
    let family = register_probna(&here).await;
    sync(&here).await;
    sync(&next).await;
    assert!(
        found(&next, "próbna").await.is_empty(),
        "it is not this centre's"
    );

    let ask = |given: &str, name: &str, born: &str| json!({ "given_name": given, "family_name": name, "birth_date": born });
    let refusal = next.call("fetch_family", ask("", " ", "31/2/24")).await;
    let problems: Vec<_> = refusal
        .unwrap_err()
        .problems
        .into_iter()
        .map(|problem| (problem.field, problem.code))
        .collect();
    assert_eq!(
        problems,
        [
            ("given_name".to_owned(), Code::Required),
            ("family_name".to_owned(), Code::Required),
            ("birth_date".to_owned(), Code::InvalidDate),
        ]
    );
    for (given, name, born) in [
        ("Łuk", "Próbna", "14/2/24"),
        ("Łukasz", "Próbna", "15/2/24"),
    ] {
        let none = next.call("fetch_family", ask(given, name, born)).await;
        assert_eq!(none.unwrap()["families"], json!([]), "both are exact");
    }
    let fetched = next
        .call("fetch_family", ask("lukasz", "PROBNA", "14 feb 2024"))
        .await
        .unwrap();
    assert_eq!(fetched["families"], json!([family["family"]]));
    let there = next
        .call("family", json!({ "family": family["family"] }))
        .await
        .unwrap();
    assert_eq!(member(&there, "Testa")["given_name"], "Testa");
    assert_eq!(found(&next, "próbna").await.len(), 1);

    // It is both centres': what the one writes, the other sees.
    let testa = member(&there, "Testa");
    let mut form = crate::person(
        "Testa",
        "Próbna",
        "3 Apr 1994",
        "07700 900456",
        "parent_carer",
    );
    form["email"] = json!("testa@example.org");
    let edit = json!({ "person": testa["person"], "versions": testa["versions"], "form": form });
    next.call("edit_person", edit).await.unwrap();
    sync(&next).await;
    sync(&here).await;
    let seen = here
        .call("family", json!({ "family": family["family"] }))
        .await
        .unwrap();
    assert_eq!(member(&seen, "Testa")["phone"], "07700900456");

    let asked = scene.county.county.asked().await.unwrap();
    let families: Vec<_> = asked.iter().map(|asked| asked.family).collect();
    assert_eq!(families.len(), 3, "each time is kept");
    assert!(families[..2].iter().all(Option::is_none) && families[2].is_some());

    scene.county.disconnect().await.unwrap();
    assert_eq!(
        next.refused("fetch_family", ask("Łukasz", "Próbna", "14/2/24"))
            .await
            .unwrap(),
        Code::Unreachable
    );
    scene.county.reconnect().unwrap();
    next.call("close", json!({})).await.unwrap();
    assert_eq!(
        next.refused("fetch_family", ask("Łukasz", "Próbna", "14/2/24"))
            .await
            .unwrap(),
        Code::Closed
    );
    assert_eq!(
        here.refused("fetch_family", json!({ "given_name": "Łukasz" }))
            .await
            .unwrap(),
        Code::MalformedRequest
    );
    for role in ["helper", "county_it", "data_protection"] {
        let name = format!("next as {role}");
        let desk = scene.device(&name, role).await;
        assert_eq!(
            desk.refused("fetch_family", ask("Łukasz", "Próbna", "14/2/24"))
                .await
                .unwrap(),
            Code::NotAllowed,
            "{role}"
        );
    }
}
