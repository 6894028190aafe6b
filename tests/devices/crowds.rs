//! A picture of a crowd on two devices, with the county between them, until somebody objects to it there.

use porch_desk::Code;
use porch_tests::kit::picture;
use serde_json::json;

use crate::{Scene, sync};

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_travels_and_an_objection_takes_it_from_everywhere() {
    let scene = Scene::new().await;
    let here = scene.device("here", "outreach").await;
    let there = scene.device("there", "reception").await;
    let mut crowd = json!({
        "public_place": "The lantern walk in Mill Park", "is_declared": true,
        "taken_at": "2026-11-23T09:00:00.000Z", "caption": "Lanterns by the pond",
        "picture": picture([200, 120, 40], 640, 480).unwrap(),
    });
    let mut indoors = crowd.clone();
    indoors["public_place"] = json!("Stay and play at Larkfield Childrens Centre");
    let refused = here.refused("add_crowd_photo", indoors).await.unwrap();
    assert_eq!(refused, Code::NotPublic);
    crowd["is_declared"] = json!(false);
    let refused = here.refused("add_crowd_photo", crowd.clone()).await;
    assert_eq!(refused.unwrap(), Code::Required);
    crowd["is_declared"] = json!(true);
    let stored = here.call("add_crowd_photo", crowd).await.unwrap();
    sync(&here).await;
    sync(&there).await;
    let photo = &stored["photo"];
    let whole = json!({ "photo": photo, "size": "full" });
    there.call("photo_picture", whole.clone()).await.unwrap();
    let listed = there.call("crowd_photos", json!({})).await.unwrap();
    assert_eq!(listed[0]["public_place"], "The lantern walk in Mill Park");
    assert_eq!(listed[0]["caption"], "Lanterns by the pond");
    let used = json!({
        "photos": [photo], "channel": "council_website", "place": "The page of the walk",
        "attribution": null, "live_from": "2026-11-23",
    });
    let used = here.call("publish_photos", used).await.unwrap();
    sync(&here).await;

    let gone = json!({ "photo": photo, "ground": "asked" });
    there.call("remove_photo", gone.clone()).await.unwrap();
    let refused = there.refused("remove_photo", gone).await.unwrap();
    assert_eq!(refused, Code::PictureRemoved);
    sync(&there).await;
    sync(&here).await;
    for desk in [&here, &there] {
        let listed = desk.call("crowd_photos", json!({})).await.unwrap();
        assert_eq!(listed[0]["state"], "removed");
        assert_eq!(listed[0]["caption"], json!(null));
        let refused = desk.refused("photo_picture", whole.clone()).await.unwrap();
        assert_eq!(refused, Code::PictureRemoved);
        let due = json!({ "shown": "due", "photo": null });
        let due = desk.call("publications", due).await.unwrap();
        assert_eq!(due[0]["publication"], used[0]["publication"]);
    }
}
