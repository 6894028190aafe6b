//! What is left on a device of a family whose centre's scope was taken from it: not a byte in any page of
//! database, index or log; and nothing that was saved is lost.

use porch_sync::DeviceNumber;
use porch_tests::county::Size;
use porch_tests::kit::{PASSWORD, TestClock, TestCounty, TestDesk};
use porch_tests::pages::{find, read_pages};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::key;

/// In every text of the family: names, e-mail, an unsent value, a draft.
const CANARIES: [&[u8]; 2] = [b"Wanderfrei", b"wanderfrei"];

fn parent() -> Value {
    let mut parent = details("");
    parent["birth_date"] = json!("3 apr 1994");
    parent["role"] = json!("parent_carer");
    parent
}

fn details(allergies: &str) -> Value {
    json!({
        "given_name": "Wanderfrei", "family_name": "Wanderfrei", "known_as": "", "birth_date": "14/2/24",
        "due_date": "", "phone": "", "email": "wanderfrei@example.org", "nhs_number": "", "language": "",
        "allergies": allergies, "role": "child", "parental_responsibility": null,
    })
}

async fn sync(desk: &TestDesk) -> Value {
    desk.call("sync_now", json!({})).await.unwrap()
}

async fn register(desk: &TestDesk) -> Value {
    let notice = desk.call("notices", json!({})).await.unwrap()[0].clone();
    let request = json!({
        "adults": [parent()], "children": [details("")], "address": "1 Wanderfrei Street", "postcode": "ng99 1aa",
        "no_fixed_address": false, "note": "Wanderfrei", "sign_in_to": null,
        "notice": {
            "notice": notice["notice"], "version": notice["version"],
            "language": notice["language"], "sha256": notice["sha256"],
        },
    });
    desk.call("register", request).await.unwrap()["family"].clone()
}

fn child(page: &Value) -> &Value {
    let mut members = page["members"].as_array().unwrap().iter();
    members.find(|member| member["role"] == "child").unwrap()
}

async fn found(desk: &TestDesk) -> usize {
    let view = desk
        .call("search", json!({ "text": "wanderfrei", "limit": 20 }))
        .await
        .unwrap();
    let tiers = view["tiers"].as_array().unwrap();
    let families = |tier: &Value| tier["families"].as_array().unwrap().len();
    tiers.iter().map(families).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_that_is_lost_leaves_no_byte_and_loses_no_work() {
    let folder = tempfile::tempdir().unwrap();
    let size = Size {
        families: 6,
        days: 1,
    };
    let day = "2026-11-23".parse().unwrap();
    let mut county = TestCounty::start(&folder.path().join("county"), day, size)
        .await
        .unwrap();
    let clock = TestClock::at("2026-11-23T09:45:00.000Z").unwrap();
    let enrolled = |name: &str, centre| {
        let home = folder.path().join(name);
        let (county, clock) = (&county, &clock);
        async move {
            TestDesk::enrolled(&home, clock, county, centre)
                .await
                .unwrap()
        }
    };
    let (desk, next) = (enrolled("desk", 0).await, enrolled("next", 1).await);
    let user = desk.log_in_as("manager").await.unwrap();
    let user: Uuid = user.as_str().unwrap().parse().unwrap();
    next.log_in_as("manager").await.unwrap();
    let pages = |desk: &TestDesk| {
        read_pages(&desk.home.join("porch.db"), key(desk, user).as_bytes()).unwrap()
    };

    let family = register(&next).await;
    sync(&next).await;
    sync(&desk).await;
    assert_eq!(
        found(&desk).await,
        0,
        "the next centre's families are not here"
    );
    assert_eq!(find(&pages(&desk), CANARIES[0]), []);
    let devices = county.county.devices().await.unwrap();
    // Enrolled first: the county's own device is number 0.
    let number = DeviceNumber(1);
    let device = devices
        .iter()
        .find(|device| device.number == number)
        .unwrap();
    assert_eq!(device.centre, county.centre(0).unwrap());
    let other = [county.centre(1).unwrap()].into();
    county
        .county
        .change_scopes(number, &other, &[].into())
        .await
        .unwrap();
    sync(&desk).await;
    assert_eq!(found(&desk).await, 1, "a scope that is given is fetched");

    // Unsent work and something half typed; then the scope is taken.
    county.disconnect().await.unwrap();
    let page = desk
        .call("family", json!({ "family": family }))
        .await
        .unwrap();
    let member = child(&page);
    let edit = json!({
        "person": member["person"], "versions": member["versions"], "form": details("Wanderfrei, unsent"),
    });
    desk.call("edit_person", edit).await.unwrap();
    let form = format!("edit_person/{}", member["person"].as_str().unwrap());
    let draft = json!({ "form": form, "body": "{\"known_as\":\"Wanderfrei, half typed\"}" });
    desk.call("save_draft", draft).await.unwrap();
    county
        .county
        .change_scopes(number, &[].into(), &other)
        .await
        .unwrap();
    assert_ne!(
        find(&pages(&desk), CANARIES[0]),
        [],
        "such a search finds it"
    );
    county.reconnect().unwrap();
    assert_eq!(sync(&desk).await["unsent"], 0);
    assert_eq!(found(&desk).await, 0, "it was sent, and left");

    // What the county has acknowledged is kept until it is in a backup: it might lose it.
    assert_ne!(find(&pages(&desk), CANARIES[0]), []);
    county
        .county
        .back_up(&folder.path().join("copy.db"))
        .await
        .unwrap();
    sync(&desk).await;
    sync(&desk).await;
    for canary in CANARIES {
        assert_eq!(
            find(&pages(&desk), canary),
            [],
            "{}",
            String::from_utf8_lossy(canary)
        );
    }
    let device = county.county.devices().await.unwrap();
    let device = device
        .iter()
        .find(|device| device.number == number)
        .unwrap();
    assert!(
        device.leaving.is_empty() && device.left == other,
        "and it said so"
    );

    sync(&next).await;
    let page = next
        .call("family", json!({ "family": family }))
        .await
        .unwrap();
    assert_eq!(
        child(&page)["allergies"],
        "Wanderfrei, unsent",
        "nothing is lost"
    );

    // And after a start of the program.
    let (home, keeper) = (desk.home.clone(), desk.keeper.clone());
    drop(desk);
    let again = TestDesk::open(&home, &keeper, &clock);
    let login = json!({ "user": user, "password": PASSWORD });
    again.call("log_in", login).await.unwrap();
    assert_eq!(sync(&again).await["trouble"], json!(null));
    assert_eq!(found(&again).await, 0);
}
