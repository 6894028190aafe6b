//! Is a receipt genuine? The ledger is asked by the number and the code that stand on paper, or by
//! what a file says.

use chrono::NaiveDate;
use porch_domain::bytes::Digest;
use porch_domain::channel::Channel;
use porch_domain::consent::DecisionState;
use porch_domain::decision::{Decision, Purpose};
use porch_domain::id::{DecisionId, RecordId as _};
use porch_print::{Form, settled};
use porch_store::audit::Deed;
use porch_store::{StoreError, Write};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::clock::london_date;
use crate::consent_history::name;
use crate::export_consent::document;
use crate::people::{Sight, visible_person};
use crate::receipts::{Known, channels, note};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// The most documents in one file: far more than anybody decides in a life.
const MOST: usize = 500;

/// What stands on the receipt.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckReceiptRequest {
    /// The number, as on paper or as in a file.
    pub number: String,
    /// The code, as on paper or as in a file; spaces do not matter.
    pub code: String,
}

/// A file of records or receipts.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckRecordsRequest {
    /// All that stands in the file.
    pub file: String,
}

/// What the ledger says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReceiptOutcome {
    /// It holds just this decision.
    Genuine,
    /// It holds a decision of that number, with another content: one of the two was changed.
    Differs,
    /// The person it was about was erased, and the decision with them.
    Erased,
    /// It holds none of that number: not on this computer, or not for this login's eyes.
    Unknown,
}

/// Whether a receipt is genuine.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct ReceiptCheckView {
    /// What the ledger says.
    pub outcome: ReceiptOutcome,
    /// The number.
    pub number: DecisionId,
    /// For a genuine one: what the ledger holds, to compare the paper with.
    pub held: Option<HeldView>,
}

/// What the ledger holds of a decision.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct HeldView {
    /// For whom; empty for somebody whom this login does not see.
    pub subject: String,
    /// Who decided; empty for somebody whom this login does not see.
    pub decider: String,
    /// What for.
    pub purpose: Purpose,
    /// The channels granted, in the order of the question.
    pub granted: Vec<Channel>,
    /// The channels refused, in the order of the question.
    pub refused: Vec<Channel>,
    /// The day of the decision, in London.
    #[ts(type = "string")]
    pub decided_on: NaiveDate,
    /// What has become of it.
    pub state: DecisionState,
}

/// By number and code.
pub(crate) fn check_receipt(
    work: &Work,
    request: CheckReceiptRequest,
) -> Result<ReceiptCheckView, Refusal> {
    let not_one = |field| Refusal::of_field(field, Code::NotAReceipt);
    let number = bare(&request.number, "urn:uuid:").parse();
    let number: DecisionId = number.map_err(|_| not_one("number"))?;
    let code = bare(&request.code, "nih:sha-256;").parse();
    let code: Digest = code.map_err(|_| not_one("code"))?;
    work.write(|write| {
        check(
            work,
            write,
            number,
            |decision| Ok(decision.sha256() == code),
        )
    })
}

/// A file, document by document.
pub(crate) fn check_records(
    work: &Work,
    request: CheckRecordsRequest,
) -> Result<Vec<ReceiptCheckView>, Refusal> {
    let documents = documents(&request.file).ok_or(Code::NotAReceipt)?;
    work.write(|write| {
        documents
            .iter()
            .map(|(number, form, told)| {
                check(work, write, *number, |decision| {
                    let held = document(work, write, decision, *form)?;
                    Ok(settled(told) == settled(&held))
                })
            })
            .collect()
    })
}

/// The documents of a file, each with its number and its form; none when it holds anything else.
fn documents(file: &str) -> Option<Vec<(DecisionId, Form, Value)>> {
    let documents = match serde_json::from_str(file).ok()? {
        Value::Array(documents) => documents,
        document => vec![document],
    };
    if documents.is_empty() || documents.len() > MOST {
        return None;
    }
    let read = |document: Value| {
        let form = match document.get("@type")?.as_str()? {
            "dpv:ConsentRecord" => Form::Record,
            "dpv:ConsentReceipt" => Form::Receipt,
            _ => return None,
        };
        let number = document.get("@id")?.as_str()?.strip_prefix("urn:uuid:")?;
        Some((number.parse().ok()?, form, document))
    };
    documents.into_iter().map(read).collect()
}

/// Finds the decision of that number and asks whether it `is_it`.
fn check(
    work: &Work,
    write: &Write<'_>,
    number: DecisionId,
    is_it: impl FnOnce(&Decision) -> Result<bool, Refusal>,
) -> Result<ReceiptCheckView, Refusal> {
    let found = |outcome, held| ReceiptCheckView {
        outcome,
        number,
        held,
    };
    let decision = match write.record::<Decision>(number) {
        Ok((decision, _)) => decision,
        Err(StoreError::NotFound) if write.is_erased(number.uuid())? => {
            return Ok(found(ReceiptOutcome::Erased, None));
        }
        Err(StoreError::NotFound) => return Ok(found(ReceiptOutcome::Unknown, None)),
        Err(error) => return Err(error.into()),
    };
    let sight = Sight(work.login.role);
    match visible_person(write, sight, decision.subject, work.today) {
        Ok(_) if sight.of::<Decision>("granted") => {}
        Ok(_) => return Err(Code::NotAllowed.into()),
        Err(refusal) if refusal.code == Code::NotFound => {
            return Ok(found(ReceiptOutcome::Unknown, None));
        }
        Err(refusal) => return Err(refusal),
    }
    note(work, write, Deed::Saw, "check_receipt", &[number])?;
    if !is_it(&decision)? {
        return Ok(found(ReceiptOutcome::Differs, None));
    }
    let (granted, refused) = channels(&decision)
        .into_iter()
        .partition(|channel| decision.granted.contains(channel));
    let held = HeldView {
        subject: name(work, write, Some(decision.subject))?,
        decider: name(work, write, Some(decision.decider))?,
        purpose: decision.purpose,
        granted,
        refused,
        decided_on: london_date(decision.decided_at),
        state: Known::of(work, write, &decision)?.state,
    };
    Ok(found(ReceiptOutcome::Genuine, Some(held)))
}

/// What was typed or copied, as paper writes it in groups and a file behind the name of its kind.
fn bare(text: &str, kind: &str) -> String {
    let is_shown =
        |letter: &char| !letter.is_whitespace() && !matches!(letter, '\u{2066}' | '\u{2069}');
    let text: String = text.chars().filter(is_shown).collect();
    let text = text.to_lowercase();
    text.strip_prefix(kind).map_or(text.clone(), str::to_owned)
}
