//! Texts on the server: what is loaded is whole, what is approved is these very words, and a Yes in
//! other words counts for nothing.

use porch_domain::bytes::Digest;
use porch_domain::catalogue::Record as _;
use porch_domain::county::CountyDetails;
use porch_domain::id::{
    RecordId as _, derive_county_details_id, derive_text_approval_id, derive_wording_id,
};
use porch_domain::text::{BUILT_IN, TextApproval, TextKind, TextProblem};
use porch_domain::time::Instant;
use porch_domain::wording::Wording;
use porch_sync::protocol::{COUNTY_SCOPE, Fate};
use serde_json::{Value, json};

use super::{World, on_every_store};
use crate::import::{ImportFailure, Imported};
use crate::store::{Reading as _, Store};
use crate::story::{ELM, NOW_MS, decision, edit, id, make, motherhood, rosa, shot, tom};
use crate::texts::{Selection, Standing, TextFailure};

const BOARD: &str = "Information governance";

fn own() -> Wording {
    let mut wordings = BUILT_IN.wordings.iter();
    let mut own = wordings
        .find(|wording| wording.wording == "publicity_picture" && wording.language == "en")
        .cloned()
        .unwrap();
    own.wording = "our_pictures".into();
    own.id = derive_wording_id("our_pictures", 1, "en");
    own.title = "Are pictures fine?".into();
    own
}

/// A file with one wording, changed.
fn file(change: impl FnOnce(&mut serde_json::Map<String, Value>)) -> String {
    let mut fields: serde_json::Map<String, Value> = own().to_fields().into_iter().collect();
    fields.remove("language");
    change(&mut fields);
    json!({ "language": "en", "wordings": [fields] }).to_string()
}

fn of(name: &str) -> Selection {
    Selection {
        language: "en".to_owned(),
        kind: Some(TextKind::Wording),
        name: Some(name.to_owned()),
        ..Selection::default()
    }
}

async fn standing<S: Store>(world: &World<S>, name: &str) -> Standing {
    let texts = world.county.texts().await.unwrap();
    let mut texts = texts.into_iter();
    texts
        .find(|standing| standing.text.name == name && standing.text.language == "en")
        .unwrap()
}

async fn import<S: Store>(world: &World<S>, records: Value) -> Result<Imported, ImportFailure> {
    let county = std::sync::Arc::clone(&world.county);
    let runtime = tokio::runtime::Handle::current();
    let file = json!({ "records": records }).to_string();
    tokio::task::spawn_blocking(move || county.import(file.as_bytes(), &runtime, |_| {}))
        .await
        .unwrap()
}

fn record<R: porch_domain::catalogue::Record>(record: &R) -> Value {
    json!({ "kind": R::KIND, "id": record.id().uuid(), "fields": record.to_fields() })
}

on_every_store! {
    async fn a_county_loads_approves_and_takes_back_its_own<S: Store>(world: World<S>) {
        let county = &world.county;
        let loaded = county.load_texts(&file(|_| {})).await.unwrap();
        assert_eq!((loaded.read, loaded.written), (1, 1));
        let again = county.load_texts(&file(|_| {})).await.unwrap();
        assert_eq!(again.written, 0, "the same file changes nothing");
        assert!(standing(&world, "our_pictures").await.approval.is_none());
        assert!(matches!(county.take_back_texts(&of("our_pictures"), BOARD).await, Err(TextFailure::NotApproved)));
        county.approve_texts(&of("our_pictures"), BOARD).await.unwrap();
        let approval = standing(&world, "our_pictures").await.approval.unwrap();
        assert_eq!((approval.approved_by.as_str(), approval.taken_back_at), (BOARD, None));
        county.take_back_texts(&of("our_pictures"), BOARD).await.unwrap();
        assert!(standing(&world, "our_pictures").await.approval.unwrap().taken_back_at.is_some());
        world.pass(1);
        county.approve_texts(&of("our_pictures"), BOARD).await.unwrap();
        assert_eq!(standing(&world, "our_pictures").await.approval.unwrap().taken_back_at, None, "approved again");
        // Every device hears of both, whichever its centre.
        let oak = world.at_oak().await;
        let pages = oak.pull_all(100).await;
        let kinds: Vec<&str> = pages.iter().flat_map(|page| &page.rows).map(|fed| fed.row.kind.as_str()).collect();
        assert!(kinds.contains(&"wording") && kinds.contains(&"text_approval"));
    }

    async fn what_is_not_whole_is_not_loaded<S: Store>(world: World<S>) {
        let county = &world.county;
        for (problem, broken) in [
            (TextProblem::Channels, file(|fields| drop(fields["channels"].as_array_mut().unwrap().pop()))),
            (TextProblem::Place, file(|fields| drop(fields.insert("title".into(), "For {council}".into())))),
            (TextProblem::Reserved, file(|fields| drop(fields.insert("wording".into(), "news_and_events".into())))),
            (TextProblem::HowToChange, file(|fields| drop(fields.insert("how_to_change".into(), 9.into())))),
        ] {
            let refused = county.load_texts(&broken).await;
            assert!(matches!(refused, Err(TextFailure::Text { problem: found, .. }) if found == problem), "{problem}");
        }
        // The same through an import, and by name.
        let mut lacking = own();
        lacking.channels.pop();
        let refused = import(&world, json!([record(&lacking)])).await;
        assert!(matches!(refused, Err(ImportFailure::Text { number: 1, problem: TextProblem::Channels, .. })));
        let mut misnamed = record(&own());
        misnamed["id"] = json!(id(0x77));
        let refused = import(&world, json!([misnamed])).await;
        assert!(matches!(refused, Err(ImportFailure::Text { problem: TextProblem::Id, .. })));
        assert_eq!(county.texts().await.unwrap().iter().filter(|each| each.text.name == "our_pictures").count(), 0);
        // What was loaded once stays as it was.
        county.load_texts(&file(|_| {})).await.unwrap();
        let other = file(|fields| drop(fields.insert("title".into(), "Other words".into())));
        assert!(matches!(county.load_texts(&other).await, Err(TextFailure::Import(ImportFailure::Refused { .. }))));
    }

    async fn an_approval_is_of_a_text_and_by_somebody<S: Store>(world: World<S>) {
        let county = &world.county;
        assert!(matches!(county.approve_texts(&of("shoes"), BOARD).await, Err(TextFailure::NoSuchText)));
        assert!(matches!(county.approve_texts(&of("publicity_picture"), " ").await, Err(TextFailure::Nobody)));
        let read = |sha256| Selection { sha256: Some(sha256), ..of("publicity_picture") };
        let other = county.approve_texts(&read(Digest::of(b"other words")), BOARD).await;
        assert!(matches!(other, Err(TextFailure::NoSuchText)), "not the words that were read");
        let words = standing(&world, "publicity_picture").await.text.sha256;
        assert_eq!(county.approve_texts(&read(words), BOARD).await.unwrap().len(), 1);
        let mut approval = TextApproval::of_wording(&own(), BOARD.into(), Instant::from_unix_ms(NOW_MS as i64));
        approval.sha256 = Digest::of(b"other words");
        let refused = import(&world, json!([record(&approval)])).await;
        assert!(matches!(refused, Err(ImportFailure::Text { problem: TextProblem::Id, .. })), "the digest is in the id");
        let details = CountyDetails {
            id: derive_county_details_id(),
            council: "Testshire".into(),
            service: "Early Help".into(),
            data_protection_officer: " ".into(),
            regulator: "regulator.example.org".into(),
            privacy_statement: "example.org/privacy".into(),
            days_to_take_down: None,
        };
        let refused = import(&world, json!([record(&details)])).await;
        assert!(matches!(refused, Err(ImportFailure::Text { problem: TextProblem::Part, .. })));
    }

    async fn devices_write_no_text_and_approve_none<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let approval = TextApproval::of_wording(&own(), "nobody".into(), Instant::from_unix_ms(NOW_MS as i64));
        for change in [make(&own(), ELM), make(&approval, ELM), make(&approval, COUNTY_SCOPE)] {
            assert_eq!(elm.push(vec![change]).await.fate, Fate::Quarantined);
        }
        world.county.approve_texts(&of("publicity_picture"), BOARD).await.unwrap();
        let text = standing(&world, "publicity_picture").await.text;
        let approval = derive_text_approval_id(&text).uuid();
        let taken_back = edit(TextApproval::KIND, approval, "taken_back_by", "nobody".to_owned(), None);
        assert_eq!(elm.push(vec![taken_back]).await.fate, Fate::Quarantined);
    }

    async fn a_yes_in_words_that_nobody_approved_counts_for_nothing<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        elm.push(vec![make(&rosa(), ELM), make(&tom(), ELM), make(&motherhood(), ELM)]).await;
        let text = own().text_ref();
        let in_own_words = |number: u128, granted: &[&str], refused: &[&str]| {
            let mut decided = decision(number, tom().id, granted, refused);
            decided.wording = text.name.clone();
            decided.wording_version = text.version;
            decided.wording_sha256 = text.sha256;
            decided
        };
        let yes = in_own_words(0xd1, &["print"], &["press"]);
        assert_eq!(elm.push(vec![make(&yes, ELM)]).await.fate, Fate::Applied, "its No is heard");
        let early = shot(0xf1, 10, &[(tom().id, yes.id)]);
        assert_eq!(elm.push(early.changes(ELM)).await.fate, Fate::Removed);
        // Approved words with another digest are others.
        let mut altered = own();
        altered.title = "Other words".into();
        let other = TextApproval::of_wording(&altered, BOARD.into(), Instant::from_unix_ms(NOW_MS as i64));
        import(&world, json!([record(&other)])).await.unwrap();
        let second = shot(0xf2, 10, &[(tom().id, yes.id)]);
        assert_eq!(elm.push(second.changes(ELM)).await.fate, Fate::Removed);
        world.county.load_texts(&file(|_| {})).await.unwrap();
        world.county.approve_texts(&of("our_pictures"), BOARD).await.unwrap();
        let third = shot(0xf3, 10, &[(tom().id, yes.id)]);
        assert_eq!(elm.push(third.changes(ELM)).await.fate, Fate::Applied);
        // Taking the approval back ends the offering, not what was decided.
        world.county.take_back_texts(&of("our_pictures"), BOARD).await.unwrap();
        let fourth = shot(0xf4, 10, &[(tom().id, yes.id)]);
        assert_eq!(elm.push(fourth.changes(ELM)).await.fate, Fate::Applied);
        // A refusal counts whatever it was asked in.
        let mut no = in_own_words(0xd2, &[], &["print"]);
        no.wording_sha256 = Digest::of(b"nobody's words");
        assert_eq!(elm.push(vec![make(&no, ELM)]).await.fate, Fate::Applied);
        let mut reading = world.county.store.reading().await.unwrap();
        assert!(reading.record(no.id.into()).await.unwrap().is_some());
        assert!(reading.is_removed(third.photo.id.into()).await.unwrap(), "and takes the photo down");
    }
}
