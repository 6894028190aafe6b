//! A receipt that one device gave is known on another, until whoever it is about is erased.

use porch_desk::Code;
use porch_tests::kit::{TestDesk, papers_of};
use serde_json::{Value, json};

use crate::consent::say_yes;
use crate::{Scene, member, register_probna, sync};

async fn receipt(desk: &TestDesk, decision: &Value) -> Vec<String> {
    let asked = json!({ "decisions": [decision], "large": false });
    let view = desk.call("receipt", asked).await.unwrap();
    let said = view["text"].as_array().unwrap().iter();
    said.map(|said| said["text"].as_str().unwrap().to_owned())
        .collect()
}

/// The number and the code, as they stand on paper.
fn marks(receipt: &[String]) -> Value {
    let of = |label: &str| {
        let found = receipt.iter().find_map(|text| text.strip_prefix(label));
        found.unwrap().to_owned()
    };
    json!({ "number": of("Number: "), "code": of("Code: ") })
}

/// What is exported about somebody.
async fn exported(desk: &TestDesk, person: &Value) -> String {
    let asked = json!({ "person": person, "form": "record" });
    let saved = desk.call("export_consent", asked).await.unwrap();
    let file = papers_of(&desk.home).join(saved["file"].as_str().unwrap());
    std::fs::read_to_string(file).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_known_everywhere_until_its_subject_is_erased() {
    let scene = Scene::new().await;
    let here = scene.device("here", "reception").await;
    let there = scene.device("there", "data_protection").await;
    let family = register_probna(&here).await;
    let lukasz = member(&family, "Łukasz")["person"].clone();
    let decision = say_yes(&here, &family).await;
    let marks = marks(&receipt(&here, &decision).await);
    let unknown = there.call("check_receipt", marks.clone()).await.unwrap();
    assert_eq!(unknown["outcome"], "unknown", "nothing has travelled yet");

    sync(&here).await;
    sync(&there).await;
    let genuine = there.call("check_receipt", marks.clone()).await.unwrap();
    assert_eq!(genuine["outcome"], "genuine");
    assert_eq!(genuine["held"]["state"], "given");
    assert_eq!(genuine["held"]["refused"], json!([]));
    assert_eq!(
        receipt(&there, &decision).await.len(),
        receipt(&here, &decision).await.len()
    );
    let file = json!({ "file": exported(&there, &lukasz).await });
    let checked = here.call("check_records", file.clone()).await.unwrap();
    assert_eq!(checked[0]["outcome"], "genuine");
    let forged = json!({ "file": file["file"].as_str().unwrap().replace("dpv:ConsentGiven", "dpv:ConsentRefused") });
    let checked = here.call("check_records", forged).await.unwrap();
    assert_eq!(checked[0]["outcome"], "differs");

    let order = json!({ "person": lukasz, "ground": "objected" });
    there.call("erase_person", order).await.unwrap();
    sync(&there).await;
    sync(&here).await;
    for desk in [&here, &there] {
        let found = desk.call("check_receipt", marks.clone()).await.unwrap();
        assert_eq!(
            (&found["outcome"], &found["held"]),
            (&json!("erased"), &Value::Null)
        );
        let found = desk.call("check_records", file.clone()).await.unwrap();
        assert_eq!(found[0]["outcome"], "erased");
        let asked = json!({ "decisions": [decision], "large": false });
        for command in ["receipt", "save_receipt"] {
            assert_eq!(
                desk.refused(command, asked.clone()).await.unwrap(),
                Code::NotFound
            );
        }
    }
    let asked = json!({ "person": lukasz, "form": "receipt" });
    assert_eq!(
        there.refused("export_consent", asked).await.unwrap(),
        Code::NotFound
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_s_receipt_outlives_the_record_of_who_decided() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "manager").await;
    let family = register_probna(&desk).await;
    let testa = member(&family, "Testa")["person"].clone();
    let decision = say_yes(&desk, &family).await;
    let before = receipt(&desk, &decision).await;
    assert!(before.contains(&"Who decided: Testa Próbna".to_owned()));
    desk.log_in_as("data_protection").await.unwrap();
    let order = json!({ "person": testa, "ground": "objected" });
    desk.call("erase_person", order).await.unwrap();
    sync(&desk).await;
    let after = receipt(&desk, &decision).await;
    assert!(after.contains(&"Who decided: This person's record was erased".to_owned()));
    assert!(!after.concat().contains("Testa"));
    assert_eq!(marks(&after), marks(&before), "the decision is the same");
    let found = desk.call("check_receipt", marks(&before)).await.unwrap();
    assert_eq!(
        (&found["outcome"], &found["held"]["decider"]),
        (&json!("genuine"), &json!(""))
    );
}
