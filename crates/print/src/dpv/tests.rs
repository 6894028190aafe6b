//! Every term exists, and nothing that never changes can be changed unseen.

use std::collections::BTreeSet;

use porch_domain::bytes::{Bytes, Digest};
use porch_domain::decision::{AtExpiry, Attribution, Help, Method};
use porch_domain::id::{AuthorityId, CentreId, DecisionId, PersonId, UserId, WithdrawalId};
use porch_domain::withdrawal::WithdrawalHow;

use super::*;

const AT: Instant = Instant::from_unix_ms(1_795_426_200_000);

/// The terms of the vocabulary, by their prefixed names.
const TERMS: &str = include_str!("../../fixtures/dpv-2.3-terms.txt");

/// Of the DCMI Metadata Terms (<https://www.dublincore.org/specifications/dublin-core/dcmi-terms/>).
const DCT: &[&str] = &[
    "dct:conformsTo",
    "dct:created",
    "dct:creator",
    "dct:description",
    "dct:hasPart",
    "dct:hasVersion",
    "dct:identifier",
    "dct:language",
    "dct:provenance",
    "dct:replaces",
    "dct:source",
    "dct:title",
    "dct:valid",
];

fn channels(texts: &[&str]) -> Vec<Channel> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn decision(purpose: Purpose) -> Decision {
    Decision {
        id: DecisionId::make(1, [1; 10]),
        subject: PersonId::make(1, [2; 10]),
        purpose,
        granted: channels(&["press", "print"]),
        refused: channels(&["social_media:facebook"]),
        decider: PersonId::make(1, [3; 10]),
        capacity: Capacity::Authority,
        authority: Some(AuthorityId::make(1, [4; 10])),
        wording: "publicity_picture".into(),
        wording_version: 1,
        wording_sha256: Digest::of(b"wording"),
        notice: "short".into(),
        notice_version: 1,
        notice_sha256: Digest::of(b"notice"),
        language: "en".into(),
        help: Help::None,
        method: Method::SignedOnScreen,
        signature: Bytes(b"strokes of a pen".to_vec()),
        witness: None,
        taken_by: UserId::make(1, [5; 10]),
        device: 7,
        centre: CentreId::make(1, [6; 10]),
        decided_at: AT,
        valid_until: Some(AT),
        at_expiry: AtExpiry::NoNewUse,
        attribution: None,
        replaces: vec![DecisionId::make(1, [7; 10])],
    }
}

fn withdrawal(decision: &Decision) -> Withdrawal {
    Withdrawal {
        id: WithdrawalId::make(1, [8; 10]),
        subject: decision.subject,
        purpose: decision.purpose,
        decisions: vec![decision.id],
        channels: Some(channels(&["press"])),
        by: Some(decision.decider),
        how: WithdrawalHow::InPerson,
        verified: true,
        withdrawn_at: AT,
        taken_by: decision.taken_by,
    }
}

fn recorded<'a>(
    decision: &'a Decision,
    state: DecisionState,
    withdrawals: Vec<&'a Withdrawal>,
) -> Recorded<'a> {
    Recorded {
        decision,
        ground: Some(Ground::Mother),
        state,
        still_granted: channels(&["print"]),
        withdrawals,
        channels: decision
            .granted
            .iter()
            .chain(&decision.refused)
            .map(|channel| (channel.clone(), format!("In {channel}")))
            .collect(),
        centre: Some("Oakwood".into()),
        how_to_change: Some("Tell us at any centre.".into()),
        contact: Some(Contact {
            controller: "Example County Council".into(),
            officer: "dpo@example.org".into(),
        }),
    }
}

/// Every key, and every value that names a term or an address of the vocabulary.
fn terms(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(node) => {
            for (key, value) in node {
                if key == "@context" {
                    continue;
                }
                found.insert(key.clone());
                terms(value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| terms(value, found)),
        Value::String(text) => {
            let profile = text.replace("https://w3id.org/dpv/schema/dpv-27560#", "dpv-27560:");
            if ["dpv:", "pd:", "dpv-27560:", "https://w3id.org/"]
                .iter()
                .any(|prefix| profile.starts_with(prefix))
            {
                found.insert(profile);
            }
        }
        _ => {}
    }
}

#[test]
fn every_term_is_in_the_vocabulary() {
    let known: BTreeSet<&str> = TERMS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    assert!(known.len() > 1000, "the vocabulary is there");
    let mut found = BTreeSet::new();
    for purpose in Purpose::ALL {
        for state in DecisionState::ALL {
            for ground in Ground::ALL {
                for form in [Form::Record, Form::Receipt] {
                    let mut decision = decision(*purpose);
                    decision.attribution = Some(Attribution::FirstName);
                    let withdrawal = withdrawal(&decision);
                    let mut recorded = recorded(&decision, *state, vec![&withdrawal]);
                    recorded.ground = Some(*ground);
                    terms(&recorded.json_ld(form), &mut found);
                    let mut own = decision.clone();
                    (own.capacity, own.valid_until) = (Capacity::Own, None);
                    recorded.decision = &own;
                    terms(&recorded.json_ld(form), &mut found);
                }
            }
        }
    }
    for term in &found {
        let is_known = known.contains(term.as_str())
            || DCT.contains(&term.as_str())
            || ["@id", "@type", "@value"].contains(&term.as_str());
        assert!(is_known, "{term} is in no vocabulary");
    }
    for needed in [
        "dpv-27560:record-eu-gdpr",
        "dpv-27560:receipt-eu-gdpr",
        "dpv:ConsentGiven",
        "dpv:RenewedConsentGiven",
        "dpv:ConsentRefused",
        "dpv:ConsentWithdrawn",
        "dpv:ConsentExpired",
    ] {
        assert!(found.contains(needed), "{needed}");
    }
    assert!(
        !known.contains("dpv:ConsentForgotten"),
        "the check can fail"
    );
}

#[test]
fn each_channel_says_what_became_of_it() {
    let decision = decision(Purpose::PublicityPicture);
    let withdrawal = withdrawal(&decision);
    let record = recorded(&decision, DecisionState::Given, vec![&withdrawal]).json_ld(Form::Record);
    let status = |channel: &str| {
        let processes = record["dpv:hasProcess"].as_array().unwrap();
        let process = processes
            .iter()
            .find(|process| process["dct:identifier"] == channel)
            .unwrap();
        process["dpv:hasConsentStatus"]["@id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(status("print"), "dpv:ConsentGiven");
    assert_eq!(status("press"), "dpv:ConsentWithdrawn");
    assert_eq!(status("social_media:facebook"), "dpv:ConsentRefused");
    assert_eq!(record["dpv:hasConsentStatus"]["@id"], "dpv:ConsentGiven");
    assert_eq!(
        record["dct:hasPart"][0]["dpv:isIndicatedBy"]["@id"],
        urn(decision.decider)
    );
    assert_eq!(
        record["dct:identifier"][1],
        format!("nih:sha-256;{}", decision.sha256())
    );
}

#[test]
fn what_never_changes_is_the_same_on_every_day() {
    let decision = decision(Purpose::PublicityPicture);
    let withdrawal = withdrawal(&decision);
    for form in [Form::Record, Form::Receipt] {
        let mut early = recorded(&decision, DecisionState::Given, Vec::new());
        early.still_granted.clone_from(&decision.granted);
        let mut late = recorded(&decision, DecisionState::Withdrawn, vec![&withdrawal]);
        (late.still_granted, late.centre, late.contact) = (Vec::new(), None, None);
        let (early, late) = (early.json_ld(form), late.json_ld(form));
        assert_ne!(early, late);
        assert_eq!(settled(&early), settled(&late));
    }
}

#[test]
fn whatever_is_changed_or_put_in_shows() {
    let decision = decision(Purpose::PublicityPicture);
    let document = recorded(&decision, DecisionState::Given, Vec::new()).json_ld(Form::Record);
    let differs = |change: fn(&mut Value)| {
        let mut changed = document.clone();
        change(&mut changed);
        assert_ne!(changed, document);
        settled(&changed) != settled(&document)
    };
    assert!(differs(|it| it["dct:identifier"][2] = "K4T7-9QZX".into()));
    assert!(differs(|it| it["dct:created"]["@value"] = "2020".into()));
    assert!(differs(
        |it| it["dpv:hasDataSubject"]["@id"] = urn(DecisionId::make(1, [9; 10]))
    ));
    assert!(differs(
        |it| it["dpv:hasLegalBasis"]["dpv:isIndicatedBy"]["@type"] = "x".into()
    ));
    assert!(differs(
        |it| it["dpv:hasPurpose"]["@id"] = "dpv:Marketing".into()
    ));
    assert!(differs(|it| it["dpv:hasThirdParty"] = "somebody".into()));
    assert!(differs(
        |it| it["@context"]["dpv"] = "https://example.org/".into()
    ));
    assert!(differs(|it| {
        let processes = it["dpv:hasProcess"].as_array_mut().unwrap();
        processes.pop();
    }));
    assert!(differs(|it| {
        let process = it["dpv:hasProcess"].as_array_mut().unwrap().last_mut();
        process.unwrap()["dpv:hasConsentStatus"]["@id"] = "dpv:ConsentGiven".into();
    }));
    assert!(!differs(
        |it| it["dpv:hasConsentStatus"]["@id"] = "dpv:ConsentExpired".into()
    ));
}

#[test]
fn it_holds_no_signature_and_for_a_hidden_family_no_centre() {
    let decision = decision(Purpose::PublicityPicture);
    let mut recorded = recorded(&decision, DecisionState::Given, Vec::new());
    recorded.centre = None;
    for form in [Form::Record, Form::Receipt] {
        let text = recorded.json_ld(form).to_string();
        assert!(!text.contains("signature") && !text.contains("c3Ryb2tlcw"));
        assert!(!text.contains("Oakwood") && !text.contains(&decision.centre.to_string()));
    }
}
