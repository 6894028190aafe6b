//! The window's screens in Chromium, over the loopback bridge: axe, overflow, content policy,
//! storage, real touch, a camera. The desk and the county behind them are real.
//!
//! What a page must look like is said in the scripts beside this file; here they get their desk.

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

use std::ops::Range;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use porch_county::texts::Selection;
use porch_desk::Clock as _;
use porch_domain::catalogue::{FieldValues, Record as _};
use porch_domain::text::BUILT_IN;
use porch_tests::bridge::Bridge;
use porch_tests::county::Size;
use porch_tests::kit::{
    Keeper, PASSWORD, TestClock, TestCounty, TestDesk, papers_of, picture, signature,
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long a script may take, in seconds.
const LIMIT: &str = "480";

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A name that has to be wrapped.
const LONG: &str = "Featherstonehaugh-Cholmondeley-Wolfeschlegelsteinhausenbergerdorff";

struct Scene {
    county: TestCounty,
    clock: TestClock,
    now: String,
    folder: TempDir,
}

impl Scene {
    async fn start() -> Result<Self> {
        let folder = TempDir::new()?;
        // A quarter to ten: some sessions are on, some are to come.
        let today = chrono::Utc::now().date_naive();
        let now = format!("{today}T09:45:00.000Z");
        let size = Size {
            families: 30,
            days: 2,
        };
        let county = TestCounty::start(&folder.path().join("county"), today, size).await?;
        let clock = TestClock::at(&now)?;
        Ok(Self {
            county,
            clock,
            now,
            folder,
        })
    }

    /// A desk with somebody logged in and two families registered; what the script is told of it.
    async fn at_work(&self, role: &str) -> Result<(TestDesk, Value)> {
        let home = self.folder.path().join("desk");
        let desk = TestDesk::enrolled(&home, &self.clock, &self.county, 0).await?;
        desk.log_in_as(role).await?;
        let family = register(&desk, "Próbna", &["Łukasz", "Maja"]).await?;
        let other = register(&desk, "Ejemplo", &["Inés"]).await?;
        Ok((desk, json!({ "family": family, "other": other })))
    }

    /// Runs a script against a desk in Chromium; what it complains of fails the test.
    async fn run(&self, script: &str, desk: &TestDesk, mut told: Value) -> Result<()> {
        let ui = path("PORCH_UI", "../ui/dist")
            .canonicalize()
            .context("the built pages")?;
        let bridge = Bridge::serve(desk.desk.clone(), &ui).await?;
        let scene = told.as_object_mut().context("what is told")?;
        scene.insert("url".to_owned(), json!(bridge.url));
        scene.insert("now".to_owned(), json!(self.now));
        scene.insert("password".to_owned(), json!(PASSWORD));
        scene.insert(
            "shots".to_owned(),
            json!(path("PORCH_SHOTS", "../target/test/screenshots").join("browser")),
        );
        scene.insert(
            "chromium".to_owned(),
            json!(path("PORCH_CHROMIUM", "/usr/bin/chromium")),
        );
        // A script that hangs is ended.
        let mut command = Command::new("timeout");
        command
            .args([LIMIT, "node", &format!("browser/{script}.mjs")])
            .env("PORCH_SCENE", told.to_string())
            .stdin(Stdio::null());
        let ended = tokio::task::spawn_blocking(move || command.output())
            .await?
            .context("node")?;
        if !ended.status.success() {
            bail!(
                "{}{}",
                String::from_utf8_lossy(&ended.stdout),
                String::from_utf8_lossy(&ended.stderr)
            );
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_screen_of_the_desk_is_for_everybody() -> Result<()> {
    let scene = Scene::start().await?;
    let home = scene.folder.path().join("desk");
    let desk = TestDesk::open(&home, &Keeper::default(), &scene.clock);
    let centre = scene.county.centre(0)?;
    let code = scene.county.county.make_code(centre, true, 600_000).await?;
    let told = json!({
        "server": scene.county.url(), "certificate": scene.county.certificate, "code": code.to_string(),
    });
    scene.run("desk", &desk, told).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_parents_pages_work_by_touch() -> Result<()> {
    let scene = Scene::start().await?;
    let (desk, told) = scene.at_work("reception").await?;
    scene.run("parent", &desk, told).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_are_taken_out_and_receipts_checked() -> Result<()> {
    let scene = Scene::start().await?;
    let (desk, mut told) = scene.at_work("manager").await?;
    let family = told.get("family").context("the family's id")?.clone();
    decide(&desk, &family, "Łukasz").await?;
    desk.log_in_as("data_protection").await?;
    let scene_told = told.as_object_mut().context("what is told")?;
    scene_told.insert("papers".to_owned(), json!(papers_of(&desk.home)));
    scene.run("receipts", &desk, told).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parent_reads_in_a_language_that_the_county_approved() -> Result<()> {
    let scene = Scene::start().await?;
    let (desk, told) = scene.at_work("reception").await?;
    // A newer notice, and everything in Urdu.
    let mut newer: FieldValues = BUILT_IN
        .notices
        .iter()
        .find(|notice| (notice.notice.as_str(), notice.version) == ("short", 2))
        .context("the short notice")?
        .to_fields();
    newer.remove("language");
    newer.insert("notice".to_owned(), json!("our_notice"));
    let file = json!({ "language": "en", "notices": [newer] }).to_string();
    let county = &scene.county.county;
    county.load_texts(&file).await?;
    for (language, name) in [("en", Some("our_notice".to_owned())), ("ur", None)] {
        let selection = Selection {
            language: language.to_owned(),
            name,
            ..Selection::default()
        };
        county
            .approve_texts(&selection, "Information governance")
            .await?;
    }
    call(&desk, "sync_now", json!({})).await?;
    scene.run("language", &desk, told).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_from_a_file_and_from_a_camera() -> Result<()> {
    let scene = Scene::start().await?;
    let (desk, mut told) = scene.at_work("reception").await?;
    let file = picture([120, 170, 210], 800, 600)?;
    let scene_told = told.as_object_mut().context("what is told")?;
    scene_told.insert("picture".to_owned(), json!(file));
    scene.run("pictures", &desk, told).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_reported_is_judged_and_use_is_stopped() -> Result<()> {
    let scene = Scene::start().await?;
    // Somebody called twenty days ago, and nobody has decided since.
    scene.clock.advance(-20 * DAY_MS);
    let (desk, mut told) = scene.at_work("manager").await?;
    let long = register(&desk, LONG, &["Maximiliana Wilhelmina"]).await?;
    for (family, child) in [
        (&told["family"], "Łukasz"),
        (&told["other"], "Inés"),
        (&long, "Maximiliana Wilhelmina"),
    ] {
        let subject = decide(&desk, family, child).await?;
        let photo = json!({
            "session": null, "people": [subject], "taken_at": scene.clock.now(), "caption": "",
            "picture": picture([120, 170, 210], 800, 600)?,
        });
        call(&desk, "add_photo", photo).await?;
    }
    report(&desk, &told["family"], "Łukasz").await?;
    scene.clock.advance(20 * DAY_MS);
    report(&desk, &long, "Maximiliana Wilhelmina").await?;
    desk.log_in_as("reception").await?;
    let scene_told = told.as_object_mut().context("what is told")?;
    scene_told.insert("long".to_owned(), long);
    scene.run("judging", &desk, told).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_are_used_and_taken_down() -> Result<()> {
    let scene = Scene::start().await?;
    let (desk, mut told) = scene.at_work("reception").await?;
    let family = register(&desk, LONG, &["Ola", "Jan", "Zosia"]).await?;
    // On the wall and on the website; of the third, nowhere that the others are.
    for (child, granted) in [("Ola", 0..2), ("Jan", 0..2), ("Zosia", 2..3)] {
        let subject = decide_on(&desk, &family, child, granted).await?;
        let photo = json!({
            "session": null, "people": [subject], "taken_at": scene.clock.now(), "caption": "",
            "picture": picture([120, 170, 210], 800, 600)?,
        });
        call(&desk, "add_photo", photo).await?;
    }
    let scene_told = told.as_object_mut().context("what is told")?;
    scene_told.insert("family".to_owned(), family);
    scene_told.insert("papers".to_owned(), json!(papers_of(&desk.home)));
    scene.run("publications", &desk, told).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quotes_are_used_and_taken_back() -> Result<()> {
    let scene = Scene::start().await?;
    let (desk, mut told) = scene.at_work("reception").await?;
    let scene_told = told.as_object_mut().context("what is told")?;
    scene_told.insert("papers".to_owned(), json!(papers_of(&desk.home)));
    scene.run("quotes", &desk, told).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_of_events_are_kept_and_taken_away() -> Result<()> {
    let scene = Scene::start().await?;
    let (desk, mut told) = scene.at_work("reception").await?;
    let file = picture([120, 170, 210], 800, 600)?;
    // One of somebody who said yes to it, too.
    let subject = decide(&desk, &told["family"], "Maja").await?;
    let photo = json!({
        "session": null, "people": [subject], "taken_at": scene.clock.now(), "caption": "", "picture": file,
    });
    call(&desk, "add_photo", photo).await?;
    let scene_told = told.as_object_mut().context("what is told")?;
    scene_told.insert("picture".to_owned(), json!(file));
    scene.run("crowds", &desk, told).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_young_person_decides_for_themself() -> Result<()> {
    let scene = Scene::start().await?;
    let (desk, mut told) = scene.at_work("manager").await?;
    // Fourteen and a half years old, with a sister who is younger.
    let born = scene.clock.now().utc().date_naive() - chrono::Months::new(14 * 12 + 6);
    let children = [
        person("Nele", "Beispiel", &born.to_string(), "", "child"),
        person("Tilda", "Beispiel", "14/2/24", "", "child"),
    ];
    let family = register_all(&desk, "Beispiel", &children).await?;
    log_ins(&desk, &["reception", "outreach"]).await?;
    let scene_told = told.as_object_mut().context("what is told")?;
    scene_told.insert("young".to_owned(), family);
    scene.run("young", &desk, told).await
}

/// Which notice it is.
fn seen(notice: &Value) -> Value {
    let keys = ["notice", "version", "language", "sha256"].iter();
    keys.filter_map(|key| Some(((*key).to_owned(), notice.get(*key)?.clone())))
        .collect::<serde_json::Map<String, Value>>()
        .into()
}

/// Makes a login of each role. The last of them is logged in.
async fn log_ins(desk: &TestDesk, roles: &[&str]) -> Result<()> {
    let mut invited = Vec::with_capacity(roles.len());
    for role in roles {
        let login = json!({ "user": null, "name": format!("Casey {role}"), "role": role });
        invited.push(call(desk, "invite_login", login).await?);
    }
    for login in invited {
        call(desk, "close", json!({})).await?;
        let accepted =
            json!({ "user": login["user"], "code": login["code"], "password": PASSWORD });
        call(desk, "accept_invitation", accepted).await?;
    }
    Ok(())
}

/// Registers a family with young children, and gives its id.
async fn register(desk: &TestDesk, name: &str, children: &[&str]) -> Result<Value> {
    let child = |given: &&str| person(given, name, "14/2/24", "", "child");
    let children: Vec<Value> = children.iter().map(child).collect();
    register_all(desk, name, &children).await
}

/// Registers a family with these children, and gives its id.
async fn register_all(desk: &TestDesk, name: &str, children: &[Value]) -> Result<Value> {
    let shown = seen(&call(desk, "notices", json!({})).await?[0]);
    let request = json!({
        "adults": [person("Testa", name, "", "07700 900123", "parent_carer")],
        "children": children,
        "address": "1 Sample Street", "postcode": "ng99 1aa", "no_fixed_address": false, "note": "",
        "notice": shown, "sign_in_to": null,
    });
    let registered = call(desk, "register", request).await?;
    registered.get("family").cloned().context("the family's id")
}

/// A member of a family, as its page shows them.
async fn member(desk: &TestDesk, family: &Value, name: &str) -> Result<Value> {
    let view = call(desk, "family", json!({ "family": family })).await?;
    let mut members = view["members"].as_array().into_iter().flatten();
    let member = members.find(|member| member["given_name"] == name);
    member.cloned().context("a member")
}

/// Somebody who could not be checked takes back what was allowed for a child.
async fn report(desk: &TestDesk, family: &Value, name: &str) -> Result<()> {
    let child = member(desk, family, name).await?;
    let mut permissions = child["permissions"].as_array().into_iter().flatten();
    let allowed = permissions
        .find(|permission| permission["purpose"] == "publicity_picture")
        .context("what was allowed")?;
    let withdrawal = json!({
        "subject": child["person"], "purpose": "publicity_picture", "decisions": allowed["decisions"],
        "channels": null, "by": null, "how": "reported",
    });
    call(desk, "withdraw_consent", withdrawal).await?;
    Ok(())
}

/// Testa allows one place for a child and refuses the others. Gives the child.
async fn decide(desk: &TestDesk, family: &Value, child: &str) -> Result<Value> {
    decide_on(desk, family, child, 0..1).await
}

/// Testa allows some of the places for a child and refuses the others. Gives the child.
async fn decide_on(
    desk: &TestDesk,
    family: &Value,
    child: &str,
    granted: Range<usize>,
) -> Result<Value> {
    let testa = member(desk, family, "Testa").await?["person"].clone();
    let subject = member(desk, family, child).await?["person"].clone();
    let claim =
        json!({ "child": subject, "holder": testa, "ground": "mother", "evidence": "seen" });
    let authority = call(desk, "record_authority", claim).await?;
    let asked = json!({ "family": family, "purposes": ["publicity_picture"] });
    let pages = call(desk, "begin_hand_over", asked).await?;
    let wording = &pages["wordings"][0];
    let places = wording["channels"].as_array().context("channels")?.iter();
    let mut places: Vec<Value> = places.map(|place| place["channel"].clone()).collect();
    let granted: Vec<Value> = places.drain(granted).collect();
    let answer = json!({
        "decider": testa,
        "answers": [{
            "subject": subject, "authority": authority["authority"], "wording": wording["wording"],
            "version": wording["version"], "sha256": wording["sha256"], "attribution": null,
            "granted": granted, "refused": places, "replaces": [],
        }],
        "signature": signature(), "typed_name": null, "witness": null,
        "language": wording["language"], "notice": seen(&pages["notices"][0]), "help": "none",
    });
    call(desk, "decide", answer).await?;
    call(desk, "end_hand_over", json!({ "password": PASSWORD })).await?;
    Ok(subject)
}

fn person(given: &str, family: &str, born: &str, phone: &str, role: &str) -> Value {
    json!({
        "given_name": given, "family_name": family, "known_as": "", "birth_date": born, "due_date": "",
        "phone": phone, "email": "", "nhs_number": "", "language": "", "allergies": "", "role": role,
        "parental_responsibility": null,
    })
}

async fn call(desk: &TestDesk, name: &str, request: Value) -> Result<Value> {
    desk.call(name, request)
        .await
        .map_err(|refusal| anyhow::anyhow!("{name}: {refusal:?}"))
}

fn path(variable: &str, otherwise: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| otherwise.into(), PathBuf::from)
}
