//! The county's word on texts, from its command to the page that a parent reads.

use porch_county::texts::Selection;
use porch_desk::Code;
use porch_tests::kit::PASSWORD;
use serde_json::{Value, json};

use crate::{Scene, register_probna, sync};

fn languages(pages: &Value) -> Vec<&str> {
    let languages = pages["languages"].as_array().unwrap().iter();
    languages
        .map(|each| each["language"].as_str().unwrap())
        .collect()
}

fn all_in(language: &str) -> Selection {
    Selection {
        language: language.to_owned(),
        ..Selection::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_is_offered_while_the_county_approves_it() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "reception").await;
    let county = &scene.county.county;
    let family = register_probna(&desk).await;
    let begin =
        json!({ "family": family["family"], "purposes": ["publicity_picture", "news_and_events"] });
    let end = json!({ "password": PASSWORD });
    let pages = desk.call("begin_hand_over", begin.clone()).await.unwrap();
    assert_eq!(languages(&pages), ["en"], "the others are drafts");
    desk.call("end_hand_over", end.clone()).await.unwrap();

    let by = "Information governance";
    county.approve_texts(&all_in("ur"), by).await.unwrap();
    sync(&desk).await;
    let pages = desk.call("begin_hand_over", begin.clone()).await.unwrap();
    assert_eq!(languages(&pages), ["en", "ur"]);
    assert_eq!(pages["languages"][1]["dir"], "rtl");
    let wordings = pages["wordings"].as_array().unwrap();
    let urdu = wordings.iter().filter(|each| each["language"] == "ur");
    assert_eq!(urdu.count(), 2, "what was asked for, and nothing else");
    desk.call("end_hand_over", end.clone()).await.unwrap();

    for language in ["ur", "en"] {
        county.take_back_texts(&all_in(language), by).await.unwrap();
    }
    sync(&desk).await;
    assert_eq!(
        desk.refused("begin_hand_over", begin).await.unwrap(),
        Code::NothingApproved
    );
    let notices = desk.call("notices", json!({})).await.unwrap();
    assert_eq!(notices, json!([]), "nor is there a notice to show");
}
