//! What a child said, before, under and after consent, on two devices.

use porch_desk::Code;
use serde_json::{Value, json};

use crate::consent::{say_yes, say_yes_to};
use crate::{Scene, member, register_probna, sync};

#[tokio::test(flavor = "multi_thread")]
async fn words_travel_to_the_other_device_and_go_from_both() {
    let scene = Scene::new().await;
    let here = scene.device("here", "reception").await;
    let there = scene.device("there", "reception").await;
    let family = register_probna(&here).await;
    let lukasz = member(&family, "Łukasz")["person"].clone();
    let quote = json!({
        "person": lukasz, "words": "I like the red slide.", "translated_from": "Polish", "reveals_special_category": false,
    });
    // A yes to pictures is none to words.
    say_yes(&here, &family).await;
    let refused = here.refused("add_quote", quote.clone()).await.unwrap();
    assert_eq!(refused, Code::NoConsent);
    let decision = say_yes_to(&here, &family, "publicity_quote", json!("first_name")).await;
    let mut telling = quote.clone();
    telling["reveals_special_category"] = json!(true);
    let refused = here.refused("add_quote", telling).await.unwrap();
    assert_eq!(refused, Code::SpecialCategory);
    let stored = here.call("add_quote", quote.clone()).await.unwrap();
    sync(&here).await;
    sync(&there).await;
    let all = json!({ "family": null });
    let quotes = there.call("quotes", all.clone()).await.unwrap();
    assert_eq!(quotes.as_array().unwrap().len(), 1);
    assert_eq!(quotes[0]["photo"], stored["photo"]);
    assert_eq!(quotes[0]["quote"]["words"], "I like the red slide.");
    assert_eq!(quotes[0]["quote"]["translated_from"], "Polish");
    assert_eq!(
        quotes[0]["quote"]["names"],
        json!([
            { "attribution": "first_name", "name": "Łukasz" },
            { "attribution": "anonymous", "name": null },
        ])
    );
    // Used there, and known of here.
    let use_of = |attribution: Value| {
        json!({
            "photos": [stored["photo"]], "channel": "print", "place": "The spring leaflet",
            "attribution": attribution, "live_from": "2026-11-23",
        })
    };
    for (attribution, code) in [
        (Value::Null, Code::Required),
        (json!("full_name"), Code::NoConsent),
    ] {
        let refused = there.refused("publish_photos", use_of(attribution)).await;
        assert_eq!(refused.unwrap(), code);
    }
    let used = there
        .call("publish_photos", use_of(json!("first_name")))
        .await
        .unwrap();
    sync(&there).await;
    let testa = member(&family, "Testa")["person"].clone();
    let withdrawal = json!({
        "subject": lukasz, "purpose": "publicity_quote", "decisions": [decision], "channels": null,
        "by": testa, "how": "in_person",
    });
    let withdrawn = here.call("withdraw_consent", withdrawal).await.unwrap();
    assert_eq!(withdrawn["photos_removed"], 1);
    sync(&here).await;
    sync(&there).await;
    for desk in [&here, &there] {
        let quotes = desk.call("quotes", all.clone()).await.unwrap();
        assert_eq!(quotes[0]["state"], "removed");
        assert_eq!(quotes[0]["quote"], Value::Null);
        let due = json!({ "shown": "due", "photo": null });
        let due = desk.call("publications", due).await.unwrap();
        assert_eq!(due[0]["publication"], used[0]["publication"]);
        assert_eq!(due[0]["attribution"], "first_name");
    }
    let refused = here.refused("add_quote", quote).await.unwrap();
    assert_eq!(refused, Code::ConsentWithdrawn);
}
