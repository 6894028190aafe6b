//! What is left of a person who was erased: not a byte, on any device, at the county, however late
//! somebody comes back with it.

use std::path::Path;

use porch_desk::Code;
use porch_tests::kit::{PASSWORD, TestDesk, picture};
use porch_tests::pages::{Page, find, find_any_part, read_pages};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Scene, file, key, own_part, scene};

/// In every text of the child: names, notes, drafts, lost and unsent values.
const CANARIES: [&[u8]; 2] = [b"Vogelfrei", b"vogelfrei"];

fn details(known_as: &str, allergies: &str) -> Value {
    json!({
        "given_name": "Vogelfrei", "family_name": "Vogelfrei", "known_as": known_as,
        "birth_date": "14/2/24", "due_date": "", "phone": "", "email": "vogelfrei@example.org",
        "nhs_number": "", "language": "", "allergies": allergies, "role": "child",
        "parental_responsibility": null,
    })
}

/// Edits the child as their page shows them, whatever they are called by now.
async fn edit(desk: &TestDesk, family: &Value, child: &Value, form: Value) {
    let page = desk
        .call("family", json!({ "family": family }))
        .await
        .unwrap();
    let members = page["members"].as_array().unwrap();
    let member = members
        .iter()
        .find(|member| member["person"] == *child)
        .unwrap();
    let request = json!({ "person": child, "versions": member["versions"], "form": form });
    desk.call("edit_person", request).await.unwrap();
}

async fn sync(desk: &TestDesk) {
    desk.call("sync_now", json!({})).await.unwrap();
}

async fn draft(desk: &TestDesk, child: &Value) {
    let form = format!("edit_person/{}", child.as_str().unwrap());
    let request = json!({ "form": form, "body": "{\"known_as\":\"Vogelfrei, half typed\"}" });
    desk.call("save_draft", request).await.unwrap();
}

fn device_pages(desk: &TestDesk, user: Uuid) -> Vec<Page> {
    read_pages(&desk.home.join("porch.db"), key(desk, user).as_bytes()).unwrap()
}

fn county_pages(scene: &Scene) -> Vec<Page> {
    let home = scene.folder.path().join("county");
    let key: [u8; 32] = std::fs::read(home.join("county.key"))
        .unwrap()
        .try_into()
        .unwrap();
    read_pages(&home.join("county.db"), &key).unwrap()
}

fn files_with(folder: &Path, text: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path)
            .unwrap()
            .windows(text.len())
            .any(|window| window == text)
        {
            found.push(path.display().to_string());
        }
    }
    found
}

fn assert_nothing_left(pages: &[Page], pictures: &[Vec<u8>], whose: &str) {
    assert!(pages.len() > 10, "the pages are really read");
    for canary in CANARIES {
        assert_eq!(
            find(pages, canary),
            [],
            "{whose}: {}",
            String::from_utf8_lossy(canary)
        );
    }
    for content in pictures {
        assert_eq!(find_any_part(pages, content), [], "{whose}: a picture");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_leaves_no_byte_and_cannot_come_back() {
    let mut scene = scene().await;
    let (child, family) = (scene.lukasz.clone(), scene.family.clone());
    scene.consent().await;
    let mut shot = scene.photo(&file());
    shot["caption"] = json!("Vogelfrei on the slide");
    let photo = scene.desk.call("add_photo", shot).await.unwrap()["photo"].clone();
    let pictures = [
        own_part(&scene.picture(&photo, "full").await),
        own_part(&scene.picture(&photo, "thumbnail").await),
    ];
    let concern = json!({ "about": child, "text": "Vogelfrei says so", "call_made": true });
    scene.desk.call("write_concern", concern).await.unwrap();
    edit(&scene.desk, &family, &child, details("", "")).await;
    sync(&scene.desk).await;
    let old = TestDesk::enrolled(
        &scene.folder.path().join("old"),
        &scene.clock,
        &scene.county,
        0,
    )
    .await
    .unwrap();
    let old_user = old.log_in_as("manager").await.unwrap();
    let old_user: Uuid = old_user.as_str().unwrap().parse().unwrap();

    // Two edits of one field at once leave a value that lost, here and at the county.
    edit(
        &scene.desk,
        &family,
        &child,
        details("Vogelfrei the one", ""),
    )
    .await;
    scene.clock.advance(1_000);
    edit(&old, &family, &child, details("Vogelfrei the other", "")).await;
    for desk in [&scene.desk, &old, &scene.desk, &old] {
        sync(desk).await;
    }
    // The other device goes away with unsent work and something half typed.
    scene.county.disconnect().await.unwrap();
    edit(
        &old,
        &family,
        &child,
        details("Vogelfrei the other", "Vogelfrei, unsent"),
    )
    .await;
    let unsent = json!({ "about": child, "text": "Vogelfrei, unsent", "call_made": false });
    old.call("write_concern", unsent).await.unwrap();
    draft(&old, &child).await;
    let (old_home, old_keeper) = (old.home.clone(), old.keeper.clone());
    let old_before = device_pages(&old, old_user);
    drop(old);
    scene.county.reconnect().unwrap();
    draft(&scene.desk, &child).await;
    edit(
        &scene.desk,
        &family,
        &child,
        details("Vogelfrei the one", "Vogelfrei, late"),
    )
    .await;

    for (pages, whose) in [
        (device_pages(&scene.desk, scene.user), "the desk"),
        (old_before, "the other device"),
        (county_pages(&scene), "the county"),
    ] {
        assert_ne!(
            find(&pages, CANARIES[0]),
            [],
            "{whose} held them, and such a search finds it"
        );
        assert_ne!(
            find_any_part(&pages, &pictures[1]),
            [],
            "{whose} held a picture"
        );
    }

    let asked = json!({ "person": child, "ground": "objected" });
    assert_eq!(
        scene
            .desk
            .refused("erase_person", asked.clone())
            .await
            .unwrap(),
        Code::NotAllowed
    );
    scene.desk.log_in_as("data_protection").await.unwrap();
    let nobody = json!({ "person": Uuid::from_u128(7), "ground": "objected" });
    assert_eq!(
        scene.desk.refused("erase_person", nobody).await.unwrap(),
        Code::NotFound
    );
    let no_ground = json!({ "person": child, "ground": "because" });
    assert_eq!(
        scene.desk.refused("erase_person", no_ground).await.unwrap(),
        Code::MalformedRequest
    );
    let ordered = scene
        .desk
        .call("erase_person", asked.clone())
        .await
        .unwrap();
    let again = scene
        .desk
        .call("erase_person", asked.clone())
        .await
        .unwrap();
    assert_eq!(ordered, again, "ordering twice is ordering once");
    sync(&scene.desk).await;
    assert_nothing_left(
        &device_pages(&scene.desk, scene.user),
        &pictures,
        "the desk",
    );
    assert_nothing_left(&county_pages(&scene), &pictures, "the county");
    assert_eq!(
        scene.desk.refused("erase_person", asked).await.unwrap(),
        Code::NotFound,
        "there is nobody to erase any more"
    );
    let order: Uuid = ordered["order"].as_str().unwrap().parse().unwrap();
    let told = scene.county.county.erasure(order).await.unwrap().unwrap();
    let confirmed: Vec<bool> = told
        .devices
        .iter()
        .map(|d| d.confirmed_ms.is_some())
        .collect();
    assert_eq!(
        confirmed,
        [true, false],
        "the desk has confirmed, the other has yet to"
    );
    assert_eq!(
        (told.told.removed["person"], told.told.removed["photo"]),
        (1, 1)
    );

    // Months later.
    scene.clock.advance(90 * 24 * 60 * 60 * 1000);
    let old = TestDesk::open(&old_home, &old_keeper, &scene.clock);
    let back = json!({ "user": old_user, "password": PASSWORD });
    old.call("log_in", back).await.unwrap();
    sync(&old).await;
    sync(&scene.desk).await;
    assert_nothing_left(
        &device_pages(&old, old_user),
        &pictures,
        "the device that came back",
    );
    assert_nothing_left(
        &device_pages(&scene.desk, scene.user),
        &pictures,
        "the desk",
    );
    let county = county_pages(&scene);
    assert_nothing_left(&county, &pictures, "the county");
    let told = scene.county.county.erasure(order).await.unwrap().unwrap();
    assert!(told.complete, "now all have confirmed");
    let child: Uuid = child.as_str().unwrap().parse().unwrap();
    assert_eq!(
        find(&county, child.as_bytes()),
        [],
        "and the county has forgotten the bare id"
    );
    assert_eq!(find(&county, child.to_string().as_bytes()), []);
    for canary in CANARIES {
        assert_eq!(
            files_with(scene.folder.path(), canary),
            Vec::<String>::new()
        );
    }
    for desk in [&scene.desk, &old] {
        let page = desk
            .call("family", json!({ "family": family }))
            .await
            .unwrap();
        let members = page["members"].as_array().unwrap();
        assert_eq!(members.len(), 1, "his mother is there as before");
        assert_eq!(members[0]["given_name"], "Testa");
        let audit = desk
            .call("audit", json!({ "before": null, "limit": 10 }))
            .await
            .unwrap();
        assert_eq!(audit["broken_at"], Value::Null, "and the audit verifies");
    }
    let again = json!({
        "session": null, "people": [child], "taken_at": "2026-11-23T09:40:00.000Z",
        "caption": "", "picture": picture([9, 9, 9], 64, 64).unwrap(),
    });
    assert_eq!(
        old.refused("add_photo", again).await.unwrap(),
        Code::NotFound
    );
}
