//! Two centres over the real way: a family of the one is fetched to the other, by command.

use porch_desk::Code;
use porch_tests::kit::TestDesk;
use serde_json::json;

use crate::{Scene, found, member, register_probna, sync};

#[tokio::test(flavor = "multi_thread")]
async fn a_family_of_the_next_centre_is_fetched_by_full_name_and_birth_date() {
    let mut scene = Scene::new().await;
    let here = scene.device("here", "reception").await;
    let home = scene.folder.path().join("next");
    let next = TestDesk::enrolled(&home, &scene.clock, &scene.county, 1)
        .await
        .unwrap();
    next.log_in_as("reception").await.unwrap();
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
