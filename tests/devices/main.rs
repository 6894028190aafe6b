//! Two devices and a county: real files, real TLS, the commands that the window calls.

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

mod clones;
mod consent;
mod convergence;
mod crowds;
mod logins;
mod merging;
mod pins;
mod quotes;
mod receipts;
mod recovery;
mod refusals;
mod restored;
mod scopes;
mod texts;

use porch_tests::county::Size;
use porch_tests::kit::{TestClock, TestCounty, TestDesk};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Where everything of one test lies.
struct Scene {
    county: TestCounty,
    clock: TestClock,
    folder: TempDir,
}

impl Scene {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let day = "2026-11-23".parse().unwrap();
        let size = Size {
            families: 12,
            days: 3,
        };
        let county = TestCounty::start(&folder.path().join("county"), day, size)
            .await
            .unwrap();
        Self {
            county,
            clock: TestClock::at("2026-11-23T09:45:00.000Z").unwrap(),
            folder,
        }
    }

    /// A device at the first centre, with a login of the given role at work.
    async fn device(&self, name: &str, role: &str) -> TestDesk {
        let home = self.folder.path().join(name);
        let device = TestDesk::enrolled(&home, &self.clock, &self.county, 0)
            .await
            .unwrap();
        device.log_in_as(role).await.unwrap();
        device
    }
}

/// What the notice's command says was shown.
async fn notice_shown(desk: &TestDesk) -> Value {
    let notices = desk.call("notices", json!({})).await.unwrap();
    seen(&notices[0])
}

/// That a notice was shown, as commands are told.
pub(crate) fn seen(notice: &Value) -> Value {
    json!({
        "notice": notice["notice"], "version": notice["version"],
        "language": notice["language"], "sha256": notice["sha256"],
    })
}

fn person(given: &str, family: &str, born: &str, phone: &str, role: &str) -> Value {
    json!({
        "given_name": given, "family_name": family, "known_as": "", "birth_date": born, "due_date": "",
        "phone": phone, "email": "", "nhs_number": "", "language": "", "allergies": "", "role": role,
        "parental_responsibility": null,
    })
}

/// Registers Testa Próbna with her son Łukasz, and gives the family's page.
async fn register_probna(desk: &TestDesk) -> Value {
    let request = json!({
        "adults": [person("Testa", "Próbna", "3 apr 1994", "07700 900123", "parent_carer")],
        "children": [person("Łukasz", "Próbna", "14/2/24", "", "child")],
        "address": "1 Sample Street", "postcode": "ng99 1aa", "no_fixed_address": false, "note": "",
        "notice": notice_shown(desk).await, "sign_in_to": null,
    });
    let registered = desk.call("register", request).await.unwrap();
    desk.call("family", json!({ "family": registered["family"] }))
        .await
        .unwrap()
}

/// The families that a search finds.
async fn found(desk: &TestDesk, text: &str) -> Vec<Value> {
    let view = desk
        .call("search", json!({ "text": text, "limit": 20 }))
        .await
        .unwrap();
    let tiers = view["tiers"].as_array().unwrap().clone();
    tiers
        .iter()
        .flat_map(|tier| tier["families"].as_array().unwrap().clone())
        .collect()
}

async fn sync(desk: &TestDesk) -> Value {
    desk.call("sync_now", json!({})).await.unwrap()
}

/// The member of a family's page with that given name.
fn member<'a>(family: &'a Value, given: &str) -> &'a Value {
    family["members"]
        .as_array()
        .unwrap()
        .iter()
        .find(|member| member["given_name"] == given)
        .unwrap()
}

/// The first session of today that is not private.
async fn a_session(desk: &TestDesk) -> Value {
    let today = desk.call("today", json!({})).await.unwrap();
    let sessions = today["sessions"].as_array().unwrap();
    sessions
        .iter()
        .find(|session| session["never_photograph"] == false)
        .unwrap()
        .clone()
}
