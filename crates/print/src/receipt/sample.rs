//! A receipt of invented people, for tests.

use chrono::NaiveDate;
use porch_domain::authority::{Evidence, Ground};
use porch_domain::bytes::Digest;
use porch_domain::consent::DecisionState;
use porch_domain::decision::{AtExpiry, Help, Method, Purpose};
use porch_domain::id::DecisionId;

use super::{Answer, Decided, Holder, Receipt, Shown};
use crate::paper::Said;

pub(crate) fn digest(of: &str) -> Digest {
    Digest::of(of.as_bytes())
}

/// A mother's answers for her son, signed in English.
pub(crate) fn receipt() -> Receipt {
    let wording = Shown {
        id: "publicity_picture".into(),
        version: 1,
        language: "en".into(),
        sha256: digest("wording"),
        paragraphs: Some(vec![
            "May we use a picture?".into(),
            "It is up to you.".into(),
        ]),
    };
    Receipt {
        language: "en".into(),
        reference: "K4T7-9QZX".into(),
        decider: Some("Maja Wójcik".into()),
        decided_at: "2026-11-23T10:30:00".parse().unwrap(),
        method: Method::TypedWithWitness,
        help: Help::Interpreter,
        taken_by: "Rosa Beispiel".into(),
        witness: Some("Tom Muster".into()),
        centre: Some("Oakwood".into()),
        device: 7,
        decided: vec![Decided {
            id: DecisionId::make(1, [1; 10]),
            sha256: digest("decision"),
            subject: Some("نور".into()),
            purpose: Purpose::PublicityPicture,
            holder: Some(Holder {
                ground: Ground::Mother,
                evidence: Evidence::Seen,
            }),
            answers: vec![
                Answer {
                    place: "On the council's website".into(),
                    granted: true,
                },
                Answer {
                    place: "In newspapers".into(),
                    granted: false,
                },
            ],
            good_until: NaiveDate::from_ymd_opt(2028, 11, 22),
            at_expiry: AtExpiry::NoNewUse,
            attribution: None,
            replaces: vec![DecisionId::make(1, [2; 10])],
            state: DecisionState::Renewed,
            taken_back: Vec::new(),
        }],
        notice: Shown {
            id: "short".into(),
            paragraphs: None,
            ..wording.clone()
        },
        wordings: vec![wording],
        how_to_change: vec![Said::new("en", "Tell us at any centre.")],
        who_to_ask: Some(Said::new("en", "dpo@example.org")),
        printed_on: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
    }
}
