//! Is a receipt genuine? The ledger is asked by the number and the code that stand on it.

use chrono::NaiveDate;
use porch_domain::bytes::Digest;
use porch_domain::consent::DecisionState;
use porch_domain::decision::Decision;
use porch_domain::id::DecisionId;
use porch_store::StoreError;
use porch_store::audit::Deed;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::clock::london_date;
use crate::people::{Sight, visible_person};
use crate::receipts::{Known, note};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// What stands on the receipt.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckReceiptRequest {
    /// The number, as on paper or as in a file.
    pub number: String,
    /// The code, as on paper or as in a file; spaces do not matter.
    pub code: String,
}

/// What the ledger says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReceiptOutcome {
    /// It holds just this decision.
    Genuine,
    /// It holds a decision of that number, with another content: one of the two was changed.
    Differs,
    /// It holds none of that number: not on this computer, or not for this login's eyes.
    Unknown,
}

/// Whether a receipt is genuine.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct ReceiptCheckView {
    /// What the ledger says.
    pub outcome: ReceiptOutcome,
    /// For a genuine one: what has become of the decision.
    pub state: Option<DecisionState>,
    /// For a genuine one: the day of the decision, in London.
    #[ts(type = "string | null")]
    pub decided_on: Option<NaiveDate>,
}

pub(crate) fn check_receipt(
    work: &Work,
    request: CheckReceiptRequest,
) -> Result<ReceiptCheckView, Refusal> {
    let number: DecisionId = bare(&request.number, "urn:uuid:")
        .parse()
        .map_err(|_| Refusal::of_field("number", Code::NotAReceipt))?;
    let code: Digest = bare(&request.code, "nih:sha-256;")
        .parse()
        .map_err(|_| Refusal::of_field("code", Code::NotAReceipt))?;
    let nothing = |outcome| ReceiptCheckView {
        outcome,
        state: None,
        decided_on: None,
    };
    work.write(|write| {
        let decision = match write.record::<Decision>(number) {
            Ok((decision, _)) => decision,
            Err(StoreError::NotFound | StoreError::Erased) => {
                return Ok(nothing(ReceiptOutcome::Unknown));
            }
            Err(error) => return Err(error.into()),
        };
        let sight = Sight(work.login.role);
        match visible_person(write, sight, decision.subject, work.today) {
            Ok(_) if sight.of::<Decision>("granted") => {}
            Ok(_) => return Err(Code::NotAllowed.into()),
            Err(refusal) if refusal.code == Code::NotFound => {
                return Ok(nothing(ReceiptOutcome::Unknown));
            }
            Err(refusal) => return Err(refusal),
        }
        note(work, write, Deed::Saw, "check_receipt", &[number])?;
        if decision.sha256() != code {
            return Ok(nothing(ReceiptOutcome::Differs));
        }
        Ok(ReceiptCheckView {
            outcome: ReceiptOutcome::Genuine,
            state: Some(Known::of(work, write, &decision)?.state),
            decided_on: Some(london_date(decision.decided_at)),
        })
    })
}

/// What was typed or copied, as paper writes it in groups and a file behind the name of its kind.
fn bare(text: &str, kind: &str) -> String {
    let text: String = text.split_whitespace().collect();
    let text = text.to_lowercase();
    text.strip_prefix(kind).map_or(text.clone(), str::to_owned)
}
