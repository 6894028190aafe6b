//! A photo before, under and after consent, on two devices.

use porch_desk::Code;
use porch_tests::kit::{PASSWORD, TestDesk, picture, signature};
use serde_json::{Value, json};

use crate::{Scene, a_session, member, register_probna, seen, sync};

/// Testa says yes to pictures of her son on every channel, on the hand-over screen.
pub(crate) async fn say_yes(desk: &TestDesk, family: &Value) -> Value {
    say_yes_to(desk, family, "publicity_picture", Value::Null).await
}

/// Testa says yes for her son on every channel, on the hand-over screen.
pub(crate) async fn say_yes_to(
    desk: &TestDesk,
    family: &Value,
    purpose: &str,
    attribution: Value,
) -> Value {
    let (testa, lukasz) = (
        member(family, "Testa")["person"].clone(),
        member(family, "Łukasz")["person"].clone(),
    );
    let authority = desk
        .call(
            "record_authority",
            json!({ "child": lukasz, "holder": testa, "ground": "mother", "evidence": "seen" }),
        )
        .await
        .unwrap();
    let pages = desk
        .call(
            "begin_hand_over",
            json!({ "family": family["family"], "purposes": [purpose] }),
        )
        .await
        .unwrap();
    assert_eq!(
        desk.refused("today", json!({})).await.unwrap(),
        Code::HandOverActive,
        "nothing else is reachable"
    );
    let wordings = pages["wordings"].as_array().unwrap();
    let wording = wordings
        .iter()
        .find(|wording| wording["purpose"] == purpose)
        .unwrap();
    let channels: Vec<_> = wording["channels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|channel| channel["channel"].clone())
        .collect();
    let answer = json!({
        "decider": testa,
        "answers": [{
            "subject": lukasz, "authority": authority["authority"], "wording": wording["wording"],
            "version": wording["version"], "sha256": wording["sha256"], "attribution": attribution, "granted": channels, "refused": [], "replaces": [],
        }],
        "signature": signature(), "typed_name": null, "witness": null, "language": wording["language"],
        "notice": seen(&pages["notices"][0]), "help": "none",
    });
    let mut unsigned = answer.clone();
    unsigned["signature"] = json!([]);
    assert_eq!(
        desk.refused("decide", unsigned).await.unwrap(),
        Code::SignatureMissing
    );
    let mut unanswered = answer.clone();
    unanswered["answers"][0]["granted"] = json!([]);
    assert_eq!(
        desk.refused("decide", unanswered).await.unwrap(),
        Code::Unanswered
    );
    let decided = desk.call("decide", answer).await.unwrap();
    assert_eq!(
        desk.refused(
            "end_hand_over",
            json!({ "password": "a parent's guess here" })
        )
        .await
        .unwrap(),
        Code::WrongPassword
    );
    desk.call("end_hand_over", json!({ "password": PASSWORD }))
        .await
        .unwrap();
    decided["decisions"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_on_one_device_removes_the_photo_on_both() {
    let scene = Scene::new().await;
    let here = scene.device("here", "reception").await;
    let there = scene.device("there", "reception").await;
    let family = register_probna(&here).await;
    let lukasz = member(&family, "Łukasz")["person"].clone();
    let session = a_session(&here).await;
    let photo = json!({
        "session": session["id"], "people": [lukasz], "taken_at": "2026-11-23T09:40:00.000Z",
        "caption": "Painting", "picture": picture([180, 40, 90], 640, 480).unwrap(),
    });
    assert_eq!(
        here.refused("add_photo", photo.clone()).await.unwrap(),
        Code::NoConsent,
        "nobody has said yes"
    );

    let decision = say_yes(&here, &family).await;
    let stored = here.call("add_photo", photo.clone()).await.unwrap();
    assert_eq!(stored["state"], "here");
    sync(&here).await;
    sync(&there).await;
    let seen = json!({ "family": family["family"], "session": null });
    let photos = there.call("photos", seen.clone()).await.unwrap();
    assert_eq!(photos[0]["photo"], stored["photo"]);
    assert_eq!(photos[0]["state"], "here", "the picture itself travelled");
    assert_eq!(photos[0]["caption"], "Painting");
    let bytes = json!({ "photo": stored["photo"], "size": "full" });
    assert!(there.call("photo_picture", bytes.clone()).await.is_ok());

    let check = |decision: &Value, channels: Value| {
        json!({
            "subject": lukasz, "purpose": "publicity_picture", "decisions": [decision], "channels": channels,
        })
    };
    let unsent = |view: &Value| view["unsent"].clone();
    let before = there.call("status", json!({})).await.unwrap();
    let going = there
        .call("withdrawal_check", check(&decision, Value::Null))
        .await
        .unwrap();
    assert_eq!(going["count"], 1);
    assert_eq!(going["photos"][0]["photo"], stored["photo"]);
    let some = check(&decision, json!(["press"]));
    let going = there.call("withdrawal_check", some).await.unwrap();
    assert_eq!(going["count"], 0, "other places are left");
    let nobody_s = check(&stored["photo"], Value::Null);
    for (request, code) in [
        (nobody_s, Code::NotFound),
        (check(&decision, json!([])), Code::Required),
    ] {
        let refused = there.refused("withdrawal_check", request).await.unwrap();
        assert_eq!(refused, code);
    }
    let after = there.call("status", json!({})).await.unwrap();
    assert_eq!(unsent(&before), unsent(&after), "it was only tried");
    assert!(there.call("photo_picture", bytes.clone()).await.is_ok());

    let testa = member(&family, "Testa")["person"].clone();
    let withdrawal = json!({
        "subject": lukasz, "purpose": "publicity_picture", "decisions": [decision], "channels": null,
        "by": testa, "how": "in_person",
    });
    let withdrawn = there.call("withdraw_consent", withdrawal).await.unwrap();
    assert_eq!(withdrawn["photos_removed"], 1);
    assert_eq!(
        there.refused("photo_picture", bytes.clone()).await.unwrap(),
        Code::PictureRemoved
    );
    sync(&there).await;
    sync(&here).await;
    assert_eq!(
        here.refused("photo_picture", bytes).await.unwrap(),
        Code::PictureRemoved,
        "gone here, too"
    );
    let photos = here.call("photos", seen).await.unwrap();
    assert_eq!(
        (&photos[0]["state"], &photos[0]["caption"]),
        (&json!("removed"), &json!(null)),
        "that it existed stays on record, and no more"
    );
    assert_eq!(
        here.refused("add_photo", photo).await.unwrap(),
        Code::ConsentWithdrawn
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_survives_a_kill() {
    let scene = Scene::new().await;
    let desk = scene.device("here", "reception").await;
    let family = register_probna(&desk).await;
    desk.call(
        "begin_hand_over",
        json!({ "family": family["family"], "purposes": ["publicity_picture"] }),
    )
    .await
    .unwrap();
    let user = desk.call("status", json!({})).await.unwrap()["login"]["user"].clone();
    let again = TestDesk::open(&desk.home, &desk.keeper, &desk.clock);
    let status = again
        .call("log_in", json!({ "user": user, "password": PASSWORD }))
        .await
        .unwrap();
    assert_eq!(
        status["state"], "hand_over",
        "it comes back locked to the family's pages"
    );
    assert_eq!(
        again
            .refused("search", json!({ "text": "a", "limit": 5 }))
            .await
            .unwrap(),
        Code::HandOverActive
    );
    assert_eq!(
        again.call("hand_over", json!({})).await.unwrap()["family"],
        family["family"]
    );
    let status = again
        .call("end_hand_over", json!({ "password": PASSWORD }))
        .await
        .unwrap();
    assert_eq!(status["state"], "open");
}

/// Red on the left, blue on the right, and a green face between them.
fn with_a_stranger() -> String {
    use base64::Engine as _;
    let image = image::RgbImage::from_fn(400, 200, |x, y| match (x, y) {
        (80..120, 60..120) => image::Rgb([0, 255, 0]),
        (..200, _) => image::Rgb([220, 30, 30]),
        _ => image::Rgb([30, 30, 220]),
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    base64::engine::general_purpose::STANDARD.encode(bytes.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_covered_or_cut_away_is_in_nothing_that_is_stored_or_travels() {
    use base64::Engine as _;
    let scene = Scene::new().await;
    let here = scene.device("here", "reception").await;
    let there = scene.device("there", "reception").await;
    let family = register_probna(&here).await;
    say_yes(&here, &family).await;
    let photo = |keep: Value, cover: Value| {
        json!({
            "session": null, "people": [member(&family, "Łukasz")["person"]], "taken_at": "2026-11-23T09:40:00.000Z",
            "caption": "", "picture": with_a_stranger(), "keep": keep, "cover": cover,
        })
    };
    let area = |[left, top, width, height]: [u32; 4]| json!({ "left": left, "top": top, "width": width, "height": height });
    for (keep, cover) in [
        (area([0, 0, 0, 10_000]), json!([])),
        (area([5_000, 0, 5_001, 10_000]), json!([])),
        (Value::Null, json!([area([0, 9_999, 1, 2])])),
        (Value::Null, json!([area([u32::MAX, 0, u32::MAX, 1])])),
        (area([1, 0, 1, 10_000]), json!([])),
    ] {
        let refused = here.refused("add_photo", photo(keep, cover)).await.unwrap();
        assert_eq!(refused, Code::Invalid);
    }

    let altered = photo(
        area([0, 0, 5_000, 10_000]),
        json!([area([1_900, 2_900, 1_200, 3_200])]),
    );
    let stored = here.call("add_photo", altered).await.unwrap();
    sync(&here).await;
    sync(&there).await;
    for desk in [&here, &there] {
        for size in ["full", "thumbnail"] {
            let wanted = json!({ "photo": stored["photo"], "size": size });
            let answer = desk.call("photo_picture", wanted).await.unwrap();
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(answer["picture"].as_str().unwrap())
                .unwrap();
            let seen = image::load_from_memory(&bytes).unwrap().to_rgb8();
            assert_eq!(seen.dimensions(), (200, 200), "the right half is gone");
            for pixel in seen.pixels() {
                let [_, green, blue] = pixel.0;
                assert!(blue < 140 && green < 230, "nothing of either: {pixel:?}");
            }
        }
    }
}
