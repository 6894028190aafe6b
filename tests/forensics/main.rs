//! What is left of a photo in the files of a device: before consent nothing at all, under consent
//! nothing of the source file but the picture, after a withdrawal not a byte.
//!
//! The pages are read without SQLite, so that nothing can hide from a query.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod erasure;
mod residue;
mod scopes;

use std::fs;
use std::io::Cursor;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use image::{ImageFormat, Rgb, RgbImage};
use porch_store::keys::{DatabaseKey, DeviceSecret, Password, Slots};
use porch_tests::county::Size;
use porch_tests::kit::{CHEAP, PASSWORD, TestClock, TestCounty, TestDesk, signature};
use porch_tests::pages::{Page, find, find_any_part, read_pages};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// Where the camera says that it was, and what it calls itself.
const CANARY: &[u8] = b"GPS 52.9548 N 1.1581 W; Imaginary Camera 7 of Testa Probna";

struct Scene {
    desk: TestDesk,
    user: Uuid,
    testa: Value,
    lukasz: Value,
    family: Value,
    clock: TestClock,
    county: TestCounty,
    folder: TempDir,
}

/// Testa Próbna and her son Łukasz, registered at a front desk.
async fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let size = Size {
        families: 3,
        days: 1,
    };
    let county = TestCounty::start(
        &folder.path().join("county"),
        "2026-11-23".parse().unwrap(),
        size,
    )
    .await
    .unwrap();
    let clock = TestClock::at("2026-11-23T09:45:00.000Z").unwrap();
    let desk = TestDesk::enrolled(&folder.path().join("desk"), &clock, &county, 0)
        .await
        .unwrap();
    let user = desk.log_in_as("manager").await.unwrap();
    let person = |given: &str, born: &str, phone: &str, role: &str| {
        json!({
            "given_name": given, "family_name": "Próbna", "known_as": "", "birth_date": born, "due_date": "",
            "phone": phone, "email": "", "nhs_number": "", "language": "", "allergies": "", "role": role,
            "parental_responsibility": null,
        })
    };
    let notice = desk.call("notices", json!({})).await.unwrap()[0].clone();
    let request = json!({
        "adults": [person("Testa", "3 apr 1994", "07700 900123", "parent_carer")],
        "children": [person("Łukasz", "14/2/24", "", "child")],
        "address": "1 Sample Street", "postcode": "ng99 1aa", "no_fixed_address": false, "note": "", "sign_in_to": null,
        "notice": {
            "notice": notice["notice"], "version": notice["version"],
            "language": notice["language"], "sha256": notice["sha256"],
        },
    });
    let family = desk.call("register", request).await.unwrap()["family"].clone();
    let page = desk
        .call("family", json!({ "family": family }))
        .await
        .unwrap();
    let person = |given: &str| {
        let members = page["members"].as_array().unwrap();
        members
            .iter()
            .find(|member| member["given_name"] == given)
            .unwrap()["person"]
            .clone()
    };
    let (testa, lukasz) = (person("Testa"), person("Łukasz"));
    let user = user.as_str().unwrap().parse().unwrap();
    Scene {
        desk,
        user,
        testa,
        lukasz,
        family,
        clock,
        county,
        folder,
    }
}

impl Scene {
    async fn consent(&self) -> Value {
        let ground = json!({ "child": self.lukasz, "holder": self.testa, "ground": "mother", "evidence": "seen" });
        let authority = self.desk.call("record_authority", ground).await.unwrap();
        let pages = self
            .desk
            .call(
                "begin_hand_over",
                json!({ "family": self.family, "purposes": ["publicity_picture"] }),
            )
            .await
            .unwrap();
        let wordings = pages["wordings"].as_array().unwrap();
        let wording = wordings
            .iter()
            .find(|wording| wording["purpose"] == "publicity_picture")
            .unwrap();
        let channels = wording["channels"]
            .as_array()
            .unwrap()
            .iter()
            .map(|channel| channel["channel"].clone());
        let notice = &pages["notices"][0];
        let answers = json!({
            "decider": self.testa,
            "answers": [{
                "subject": self.lukasz, "authority": authority["authority"], "wording": wording["wording"],
                "version": wording["version"], "sha256": wording["sha256"], "attribution": null, "granted": channels.collect::<Vec<_>>(), "refused": [], "replaces": [],
            }],
            "signature": signature(), "typed_name": null, "witness": null, "language": wording["language"],
            "notice": {
                "notice": notice["notice"], "version": notice["version"],
                "language": notice["language"], "sha256": notice["sha256"],
            },
            "help": "none",
        });
        let decided = self.desk.call("decide", answers).await.unwrap();
        self.desk
            .call("end_hand_over", json!({ "password": PASSWORD }))
            .await
            .unwrap();
        decided["decisions"].clone()
    }

    fn photo(&self, file: &[u8]) -> Value {
        json!({
            "session": null, "people": [self.lukasz], "taken_at": "2026-11-23T09:40:00.000Z",
            "caption": "", "picture": BASE64.encode(file),
        })
    }

    async fn picture(&self, photo: &Value, size: &str) -> Vec<u8> {
        let view = self
            .desk
            .call("photo_picture", json!({ "photo": photo, "size": size }))
            .await
            .unwrap();
        BASE64.decode(view["picture"].as_str().unwrap()).unwrap()
    }

    /// The database's key, as the login's slot gives it.
    fn key(&self) -> DatabaseKey {
        key(&self.desk, self.user)
    }

    /// Every page of database and log, decrypted.
    fn pages(&self) -> Vec<Page> {
        read_pages(&self.desk.home.join("porch.db"), self.key().as_bytes()).unwrap()
    }

    /// The names of files of the device that hold any part of some content as it is.
    fn files_with(&self, content: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        search(&self.desk.home, content, &mut found);
        found
    }
}

/// The key of a desk's database, as a login's slot gives it.
fn key(desk: &TestDesk, user: Uuid) -> DatabaseKey {
    use porch_desk::SecretKeeper as _;
    let device: Value =
        serde_json::from_slice(&fs::read(desk.home.join("device.json")).unwrap()).unwrap();
    let installation: Uuid = device["installation"].as_str().unwrap().parse().unwrap();
    let secret = desk
        .keeper
        .get(&format!("{installation}/device-secret"))
        .unwrap()
        .unwrap();
    let secret = DeviceSecret::from_bytes(secret.as_slice().try_into().unwrap());
    let slots = Slots::new(&desk.home, installation, CHEAP);
    slots
        .unwrap(
            user,
            &Password::prepare(PASSWORD),
            &secret,
            1_795_426_200_000,
        )
        .unwrap()
        .keys
        .database
}

fn search(folder: &Path, content: &[u8], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, content, found);
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let base64 = BASE64.encode(content);
        let part = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
        let middle = content.len() / 2;
        if part(&content[middle..middle + 24]) || part(&base64.as_bytes()[32..64]) {
            found.push(path.display().to_string());
        }
    }
}

/// A picture in which no two parts are alike, in a file that says where it was taken.
fn file() -> Vec<u8> {
    let mut state = 7_u32;
    let noise = RgbImage::from_fn(500, 400, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [red, green, blue, _] = state.to_be_bytes();
        Rgb([red, green, blue])
    });
    let mut jpeg = Cursor::new(Vec::new());
    noise.write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(CANARY);
    let mut file = jpeg[..2].to_vec();
    file.extend_from_slice(&[0xff, 0xe1]);
    file.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    file.extend_from_slice(&exif);
    file.extend_from_slice(&jpeg[2..]);
    file
}

/// A picture without the tables that every JPEG has: they are nobody's.
fn own_part(jpeg: &[u8]) -> Vec<u8> {
    jpeg[1024..].to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn before_consent_nothing_is_written_and_after_withdrawal_nothing_is_left() {
    let scene = scene().await;
    let source = file();
    let refusal = scene
        .desk
        .call("add_photo", scene.photo(&source))
        .await
        .unwrap_err();
    assert_eq!(refusal.code, porch_desk::Code::NoConsent);
    let before = scene.pages();
    assert!(
        !find(&before, "Próbna".as_bytes()).is_empty(),
        "the pages are really read"
    );
    assert_eq!(
        scene.files_with(&source),
        Vec::<String>::new(),
        "no file holds the refused picture"
    );

    let decisions = scene.consent().await;
    let photo = scene
        .desk
        .call("add_photo", scene.photo(&source))
        .await
        .unwrap()["photo"]
        .clone();
    let picture = scene.picture(&photo, "full").await;
    let thumbnail = scene.picture(&photo, "thumbnail").await;
    for stored in [own_part(&picture), own_part(&thumbnail)] {
        assert!(
            !find_any_part(&scene.pages(), &stored).is_empty(),
            "stored, and such a search finds it"
        );
        assert_eq!(
            find_any_part(&before, &stored),
            [],
            "nothing of it was there before consent"
        );
        assert_eq!(
            scene.files_with(&stored),
            Vec::<String>::new(),
            "no file holds it unencrypted"
        );
    }
    assert_eq!(
        find(&scene.pages(), &CANARY[..24]),
        [],
        "where the camera was is not stored"
    );
    assert_eq!(
        find(&scene.pages(), &CANARY[24..]),
        [],
        "nor what it calls itself"
    );

    let withdrawal = json!({
        "subject": scene.lukasz, "purpose": "publicity_picture", "decisions": decisions, "channels": null,
        "by": scene.testa, "how": "in_person",
    });
    let withdrawn = scene
        .desk
        .call("withdraw_consent", withdrawal)
        .await
        .unwrap();
    assert_eq!(withdrawn["photos_removed"], 1);
    let after = scene.pages();
    assert!(
        !find(&after, "Próbna".as_bytes()).is_empty(),
        "the pages are really read"
    );
    for gone in [&picture, &thumbnail] {
        assert_eq!(
            find_any_part(&after, gone),
            [],
            "not a byte in database, free pages or log"
        );
        assert_eq!(scene.files_with(gone), Vec::<String>::new());
    }
}
