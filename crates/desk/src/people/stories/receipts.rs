//! Receipts and exports of what Testa decided for Tim.

use std::fs;

use porch_domain::authority::Evidence;
use porch_domain::consent::DecisionState;
use porch_domain::decision::{Decision, Help, Purpose};
use porch_domain::id::DecisionId;
use serde_json::Value;

use super::*;
use crate::check_receipt::{CheckReceiptRequest, ReceiptCheckView, ReceiptOutcome, check_receipt};
use crate::decide::{DecideRequest, SubjectAnswers, decide};
use crate::export_consent::{ExportConsentRequest, ExportForm, export_consent};
use crate::hand_over::{BeginHandOverRequest, asked, begin_hand_over};
use crate::read_audit::{AuditRequest, audit};
use crate::record_authority::{Ground, RecordAuthorityRequest, record_authority};
use crate::show_receipt::{ReceiptRequest, ReceiptView, receipt, save_receipt};
use crate::withdraw_consent::{VerifiedHow, WithdrawRequest, withdraw_consent};

struct Signed {
    front: FrontDesk,
    family: FamilyId,
    testa: PersonId,
    tim: PersonId,
    decision: DecisionId,
    reference: String,
}

/// Testa, Tim's mother, lets the council's website show him, and nobody else.
fn signed() -> Signed {
    let front = FrontDesk::open();
    let family = front.beispiels();
    let (testa, tim, decided) = front.does(Role::Reception, |work| {
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
            },
        )
        .unwrap()
        .authority;
        begin_hand_over(work, BeginHandOverRequest { family }).unwrap();
        let (granted, refused) = asked(Purpose::PublicityPicture)
            .into_iter()
            .partition(|channel| channel.to_string() == "council_website");
        let request = DecideRequest {
            decider: testa,
            answers: vec![SubjectAnswers {
                subject: tim,
                authority: Some(authority),
                wording: "publicity_picture".into(),
                version: 1,
                granted,
                refused,
                replaces: Vec::new(),
            }],
            signature: Vec::new(),
            typed_name: Some("Testa Beispiel".into()),
            witness: Some(work.login.user),
            language: "en".into(),
            help: Help::Interpreter,
        };
        (testa, tim, decide(work, request).unwrap())
    });
    Signed {
        front,
        family,
        testa,
        tim,
        decision: decided.decisions[0],
        reference: decided.reference,
    }
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

    fn export(&self, form: ExportForm) -> Vec<Value> {
        let person = self.tim;
        self.front.does(Role::DataProtection, |work| {
            let saved = export_consent(work, ExportConsentRequest { person, form }).unwrap();
            let bytes = fs::read(work.desk.papers().join(saved.file)).unwrap();
            serde_json::from_slice(&bytes).unwrap()
        })
    }
}

#[test]
fn a_receipt_says_what_was_decided_and_how_to_change_it() {
    let signed = signed();
    let view = signed.shown(Role::Reception, false).unwrap();
    assert_eq!(view.reference, signed.reference);
    let text = view.text.join("\n");
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
        "DPO@nottscc.gov.uk",
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
    let text = signed.shown(Role::Manager, false).unwrap().text.join("\n");
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
    assert_eq!(genuine.state, Some(DecisionState::Given));
    assert_eq!(
        genuine.decided_on.map(|day| day.to_string()).as_deref(),
        Some(TODAY)
    );
    let last = if code.ends_with('0') { '1' } else { '0' };
    let forged = format!("{}{last}", code.split_at(63).0);
    let outcome = |number: &str, code: &str| {
        let found = signed.check(Role::DataProtection, number, code).unwrap();
        assert!(found.outcome == ReceiptOutcome::Genuine || found.state.is_none());
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
    signed.front.does(Role::Reception, |work| {
        let request = WithdrawRequest {
            subject: signed.tim,
            purpose: Purpose::PublicityPicture,
            decisions: vec![signed.decision],
            channels: None,
            by: signed.testa,
            how: VerifiedHow::InPerson,
        };
        withdraw_consent(work, request).unwrap();
    });
    let text = signed
        .shown(Role::Reception, false)
        .unwrap()
        .text
        .join("\n");
    assert!(
        text.contains("All that you had said yes to is taken back."),
        "{text}"
    );
    let checked = signed.check(
        Role::Reception,
        &signed.decision.to_string(),
        &signed.code(),
    );
    assert_eq!(checked.unwrap().state, Some(DecisionState::Withdrawn));
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
