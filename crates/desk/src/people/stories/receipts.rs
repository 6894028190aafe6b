//! Receipts and exports of what Testa decided for Tim.

use std::fs;

use porch_domain::authority::{Evidence, Ground};
use porch_domain::channel::Channel;
use porch_domain::consent::DecisionState;
use porch_domain::decision::{Decision, Help, Purpose};
use porch_domain::id::DecisionId;
use porch_domain::withdrawal::WithdrawalHow;
use serde_json::Value;

use super::*;
use crate::check_receipt::{
    CheckReceiptRequest, CheckRecordsRequest, ReceiptCheckView, ReceiptOutcome, check_receipt,
    check_records,
};
use crate::consent_history::{ConsentHistoryRequest, consent_history};
use crate::decide::{DecideRequest, DecidedView, SubjectAnswers, decide};
use crate::export_consent::{ExportConsentRequest, ExportForm, export_consent};
use crate::hand_over::{BeginHandOverRequest, asked, begin_hand_over};
use crate::merge_people::{MergeFamiliesRequest, MergePeopleRequest, merge_families};
use crate::read_audit::{AuditRequest, audit};
use crate::record_authority::{RecordAuthorityRequest, record_authority};
use crate::show_receipt::{ReceiptRequest, ReceiptView, receipt, save_receipt};
use crate::withdraw_consent::{WithdrawRequest, withdraw_consent};

pub(super) struct Signed {
    pub(super) front: FrontDesk,
    pub(super) family: FamilyId,
    pub(super) testa: PersonId,
    pub(super) tim: PersonId,
    pub(super) decision: DecisionId,
    reference: String,
}

/// Testa, Tim's mother, lets the council's website show him, and nobody else.
pub(super) fn signed() -> Signed {
    let front = FrontDesk::open();
    let family = front.beispiels();
    let (testa, tim, decided) = sign(&front, family);
    Signed {
        front,
        family,
        testa,
        tim,
        decision: decided.decisions[0],
        reference: decided.reference,
    }
}

fn sign(front: &FrontDesk, family: FamilyId) -> (PersonId, PersonId, DecidedView) {
    front.does(Role::Reception, |work| {
        let view = open(work, family);
        let person = |name| member(&view, name).person;
        let (testa, tim) = (person("Testa"), person("Tim"));
        let authority = record_authority(
            work,
            RecordAuthorityRequest {
                child: tim,
                holder: testa,
                ground: Ground::Mother,
                evidence: Evidence::Seen,
                reason: String::new(),
                valid_until: None,
            },
        )
        .unwrap()
        .authority;
        let purposes = vec![Purpose::PublicityPicture];
        begin_hand_over(work, BeginHandOverRequest { family, purposes }).unwrap();
        let (granted, refused) = asked(Purpose::PublicityPicture)
            .into_iter()
            .partition(|channel| channel.to_string() == "council_website");
        let wording = wording(Purpose::PublicityPicture, "en").text_ref();
        let request = DecideRequest {
            decider: testa,
            answers: vec![SubjectAnswers {
                subject: tim,
                authority: Some(authority),
                wording: wording.name,
                version: wording.version,
                sha256: wording.sha256,
                attribution: None,
                granted,
                refused,
                replaces: Vec::new(),
            }],
            signature: Vec::new(),
            typed_name: Some("Testa Beispiel".into()),
            witness: Some(work.login.user),
            language: "en".into(),
            notice: notice(),
            help: Help::Interpreter,
        };
        let decided = decide(work, request).unwrap();
        work.write(|write| Ok(write.end_hand_over()?)).unwrap();
        (testa, tim, decided)
    })
}

impl Signed {
    fn shown(&self, role: Role, large: bool) -> Result<ReceiptView, Refusal> {
        let decisions = vec![self.decision];
        self.front.does(role, |work| {
            receipt(work, ReceiptRequest { decisions, large })
        })
    }

    fn code(&self) -> String {
        self.front.does(Role::Reception, |work| {
            let decision = work.read(|read| read.record::<Decision>(self.decision));
            decision.unwrap().0.sha256().to_string()
        })
    }

    fn check(&self, role: Role, number: &str, code: &str) -> Result<ReceiptCheckView, Refusal> {
        let request = CheckReceiptRequest {
            number: number.into(),
            code: code.into(),
        };
        self.front.does(role, |work| check_receipt(work, request))
    }

    /// Testa takes it all back.
    fn withdraw(&self) {
        self.front.does(Role::Reception, |work| {
            let request = WithdrawRequest {
                subject: self.tim,
                purpose: Purpose::PublicityPicture,
                decisions: vec![self.decision],
                channels: None,
                by: Some(self.testa),
                how: WithdrawalHow::InPerson,
            };
            withdraw_consent(work, request).unwrap();
        });
    }

    fn check_file(&self, role: Role, file: &Value) -> Result<Vec<ReceiptOutcome>, Refusal> {
        let file = file.to_string();
        let checked = self.front.does(role, |work| {
            check_records(work, CheckRecordsRequest { file })
        })?;
        Ok(checked.iter().map(|view| view.outcome).collect())
    }

    fn export(&self, form: ExportForm) -> Vec<Value> {
        let person = self.tim;
        self.front.does(Role::DataProtection, |work| {
            let saved = export_consent(work, ExportConsentRequest { person, form }).unwrap();
            let bytes = fs::read(work.desk.papers().join(saved.file)).unwrap();
            serde_json::from_slice(&bytes).unwrap()
        })
    }
}

fn told(view: &ReceiptView) -> String {
    let said: Vec<&str> = view.text.iter().map(|said| said.text.as_str()).collect();
    said.join("\n")
}

#[test]
fn a_receipt_says_what_was_decided_and_how_to_change_it() {
    let signed = signed();
    let view = signed.shown(Role::Reception, false).unwrap();
    assert_eq!(view.reference, signed.reference);
    assert!(view.text.iter().all(|said| said.language == "en"));
    let text = told(&view);
    for part in [
        "Your answers for \u{2068}Tim Beispiel\u{2069}",
        "On the council's website: Yes",
        "In newspapers, on radio or television: No",
        "On our Facebook page: No",
        "You are the mother. We saw a paper that shows it.",
        "Good until: 22 November 2028.",
        "Who decided: Testa Beispiel",
        "When: 23 November 2026, 10:00",
        "Who helped you read it: An interpreter",
        "Who took it: Rita Example",
        "Where: Harbour",
        "You can change your mind on any day and need not say why.",
        "dpo@example.org",
        "May we use a picture?",
        &signed.decision.to_string(),
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let large = signed.shown(Role::Reception, true).unwrap();
    assert!(
        large.pages.len() > view.pages.len(),
        "large print takes more paper"
    );
    assert_eq!(large.text, view.text);
}

#[test]
fn a_saved_receipt_s_name_tells_nothing_and_the_audit_keeps_it() {
    let signed = signed();
    let request = || ReceiptRequest {
        decisions: vec![signed.decision],
        large: false,
    };
    signed.front.does(Role::Reception, |work| {
        let first = save_receipt(work, request()).unwrap();
        let second = save_receipt(work, request()).unwrap();
        assert_eq!(
            first.file,
            format!("Porch receipt {}.pdf", signed.reference)
        );
        assert_ne!(first.file, second.file, "nothing is overwritten");
        let read = |file: &str| fs::read(work.desk.papers().join(file)).unwrap();
        assert!(read(&first.file).starts_with(b"%PDF-"));
        assert_eq!(read(&first.file), read(&second.file));
        assert_eq!(
            fs::read_dir(work.desk.papers()).unwrap().count(),
            2,
            "and nothing else was written"
        );
    });
    signed.front.does(Role::Manager, |work| {
        let page = AuditRequest {
            before: None,
            limit: 20,
        };
        let entries = audit(work, page).unwrap().entries;
        let given = entries
            .iter()
            .filter(|entry| entry.action == "disclosed/receipt");
        let given: Vec<_> = given.map(|entry| entry.record).collect();
        assert_eq!(given, [Some(signed.decision.into()); 2]);
    });
}

#[test]
fn a_hidden_family_s_receipt_and_record_name_no_centre() {
    let signed = signed();
    hide(&signed.front, signed.family);
    assert_eq!(
        why(signed.shown(Role::Reception, false)).0,
        Code::NotFound,
        "to whom the family is hidden, so is the receipt"
    );
    let text = told(&signed.shown(Role::Manager, false).unwrap());
    assert!(text.contains("Tim Beispiel") && !text.contains("Harbour"));
    for form in [ExportForm::Record, ExportForm::Receipt] {
        let text = Value::from(signed.export(form)).to_string();
        assert!(!text.contains("Harbour") && !text.contains(&sample::centre().to_string()));
    }
}

#[test]
fn a_receipt_is_checked_by_number_and_code() {
    let signed = signed();
    let (number, code) = (signed.decision.to_string(), signed.code());
    let (half, rest) = code.split_at(32);
    let grouped = format!("{} {rest}", half.to_uppercase());
    let genuine = signed.check(Role::Reception, &number, &grouped).unwrap();
    assert_eq!(genuine.outcome, ReceiptOutcome::Genuine);
    let held = genuine.held.unwrap();
    assert_eq!(held.state, DecisionState::Given);
    assert_eq!(held.decided_on.to_string(), TODAY);
    assert_eq!(
        (held.subject.as_str(), held.decider.as_str()),
        ("Tim Beispiel", "Testa Beispiel")
    );
    let channels =
        |channels: &[Channel]| channels.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(channels(&held.granted), ["council_website"]);
    assert!(channels(&held.refused).contains(&"press".to_owned()));
    let last = if code.ends_with('0') { '1' } else { '0' };
    let forged = format!("{}{last}", code.split_at(63).0);
    let outcome = |number: &str, code: &str| {
        let found = signed.check(Role::DataProtection, number, code).unwrap();
        assert!(found.outcome == ReceiptOutcome::Genuine || found.held.is_none());
        found.outcome
    };
    assert_eq!(outcome(&number, &forged), ReceiptOutcome::Differs);
    let other = DecisionId::make(1, [3; 10]).to_string();
    assert_eq!(outcome(&other, &code), ReceiptOutcome::Unknown);
    assert_eq!(
        why(signed.check(Role::Reception, "12", &code)),
        (Code::NotAReceipt, Some("number".into()))
    );
    assert_eq!(
        why(signed.check(Role::Reception, &number, rest)),
        (Code::NotAReceipt, Some("code".into()))
    );
    hide(&signed.front, signed.family);
    assert_eq!(
        signed
            .check(Role::Reception, &number, &code)
            .unwrap()
            .outcome,
        ReceiptOutcome::Unknown,
        "a hidden family's decision is not there for reception"
    );
}

#[test]
fn what_was_withdrawn_is_said_wherever_it_is_told() {
    let signed = signed();
    let before = signed.export(ExportForm::Record);
    assert_eq!(before[0]["dpv:hasConsentStatus"]["@id"], "dpv:ConsentGiven");
    signed.withdraw();
    let text = told(&signed.shown(Role::Reception, false).unwrap());
    assert!(
        text.contains("All that you had said yes to is taken back."),
        "{text}"
    );
    let checked = signed.check(
        Role::Reception,
        &signed.decision.to_string(),
        &signed.code(),
    );
    assert_eq!(
        checked.unwrap().held.unwrap().state,
        DecisionState::Withdrawn
    );
    let record = signed.export(ExportForm::Record);
    assert_eq!(
        record[0]["dpv:hasConsentStatus"]["@id"],
        "dpv:ConsentWithdrawn"
    );
    assert_eq!(
        record[0]["dct:hasPart"][0]["dpv:hasIndicationMethod"],
        "in_person"
    );
    let text = Value::from(record).to_string();
    assert!(
        !text.contains("Testa") && !text.contains("Beispiel"),
        "ids and no names"
    );
    assert!(text.contains(&signed.code()) && text.contains(&signed.reference));
    let receipt = signed.export(ExportForm::Receipt);
    assert_eq!(
        receipt[0]["dct:conformsTo"]["@id"],
        "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"
    );
}

#[test]
fn a_receipt_is_of_one_signing() {
    let signed = signed();
    let ask = |decisions: Vec<DecisionId>| {
        let large = false;
        let shown = signed.front.does(Role::Reception, |work| {
            receipt(work, ReceiptRequest { decisions, large })
        });
        why(shown).0
    };
    assert_eq!(ask(Vec::new()), Code::Required);
    assert_eq!(ask(vec![signed.decision, signed.decision]), Code::Invalid);
    assert_eq!(ask(vec![DecisionId::make(1, [3; 10])]), Code::NotFound);
}

#[test]
fn what_was_signed_under_either_record_of_somebody_merged_is_found() {
    let mut signed = signed();
    let again = signed.front.beispiels();
    let (testa, tim, second) = sign(&signed.front, again);
    let both = |one, other| MergePeopleRequest {
        one,
        other,
        of_other: std::collections::BTreeSet::new(),
    };
    let people = vec![both(signed.testa, testa), both(signed.tim, tim)];
    signed
        .front
        .does(Role::Manager, |work| {
            let (one, other) = (signed.family, again);
            let of_other = std::collections::BTreeSet::new();
            let request = MergeFamiliesRequest {
                one,
                other,
                of_other,
                people,
            };
            merge_families(work, request)
        })
        .unwrap();
    let decisions = [signed.decision, second.decisions[0]];
    for person in [signed.tim, tim] {
        signed.tim = person;
        let file = Value::from(signed.export(ExportForm::Receipt));
        let checked = signed.check_file(Role::Reception, &file).unwrap();
        assert_eq!(checked, [ReceiptOutcome::Genuine; 2]);
        let history = signed.front.does(Role::Reception, |work| {
            consent_history(work, ConsentHistoryRequest { person }).unwrap()
        });
        for decision in decisions {
            assert!(history.iter().any(|event| event.decision == Some(decision)));
        }
    }
    for decision in decisions {
        signed.decision = decision;
        let text = told(&signed.shown(Role::Reception, false).unwrap());
        assert!(
            text.contains("Your answers for \u{2068}Tim Beispiel\u{2069}"),
            "{text}"
        );
        assert!(text.contains("Who decided: Testa Beispiel"));
        let checked = signed.check(Role::Reception, &decision.to_string(), &signed.code());
        assert_eq!(checked.unwrap().outcome, ReceiptOutcome::Genuine);
    }
}

#[test]
fn a_file_is_checked_and_whatever_was_changed_in_it_is_told() {
    use ReceiptOutcome::{Differs, Genuine, Unknown};
    let signed = signed();
    for form in [ExportForm::Record, ExportForm::Receipt] {
        let file = Value::from(signed.export(form));
        let outcome = |file: &Value| signed.check_file(Role::DataProtection, file).unwrap();
        assert_eq!(outcome(&file), [Genuine]);
        assert_eq!(outcome(&file[0]), [Genuine], "one document alone");
        let changed = |change: fn(&mut Value)| {
            let mut changed = file.clone();
            change(&mut changed[0]);
            assert_ne!(changed, file);
            outcome(&changed)
        };
        assert_eq!(
            changed(|it| {
                let processes = it["dpv:hasProcess"].as_array_mut().unwrap();
                let press = processes
                    .iter_mut()
                    .find(|it| it["dct:identifier"] == "press");
                press.unwrap()["dpv:hasConsentStatus"]["@id"] = "dpv:ConsentGiven".into();
            }),
            [Differs],
            "a no was made a yes, under the right number and code"
        );
        assert_eq!(
            changed(|it| it["dct:created"]["@value"] = "2020".into()),
            [Differs]
        );
        assert_eq!(
            changed(|it| it["@id"] = format!("urn:uuid:{}", DecisionId::make(1, [3; 10])).into()),
            [Unknown]
        );
    }
    for file in [
        "null",
        "[]",
        "{}",
        r#"[{"@type":"dpv:ConsentRecord","@id":"12"}]"#,
    ] {
        let refused = signed.check_file(Role::Reception, &file.parse().unwrap());
        assert_eq!(why(refused), (Code::NotAReceipt, None), "{file}");
    }
}

#[test]
fn a_file_of_yesterday_is_genuine_though_consent_was_withdrawn_since() {
    let signed = signed();
    let file = Value::from(signed.export(ExportForm::Record));
    signed.withdraw();
    let checked = signed.check_file(Role::DataProtection, &file).unwrap();
    assert_eq!(checked, [ReceiptOutcome::Genuine]);
    let state = signed.check(
        Role::Reception,
        &signed.decision.to_string(),
        &signed.code(),
    );
    assert_eq!(
        state.unwrap().held.unwrap().state,
        DecisionState::Withdrawn,
        "and what became of it is told"
    );
}
