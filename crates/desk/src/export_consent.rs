//! The records of consent about somebody, for other systems: JSON-LD after ISO/IEC TS 27560.

use porch_domain::decision::Decision;
use porch_domain::id::{DecisionId, PersonId};
use porch_print::{Form, Recorded};
use porch_store::Read;
use porch_store::audit::Deed;
use serde::Deserialize;
use serde_json::Value;
use ts_rs::TS;

use crate::papers::{self, SavedFileView};
use crate::people::{Sight, visible_person};
use crate::receipts::{Known, centre, channels, contact, is_hidden, note, place};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExportForm {
    /// The records, with what became of each.
    Record,
    /// The receipts, as a person may take them elsewhere.
    Receipt,
}

/// About whom.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExportConsentRequest {
    /// The person decided for.
    pub person: PersonId,
    /// Records or receipts.
    pub form: ExportForm,
}

/// Saves every decision about a person as one file: an array of JSON-LD documents. The audit has
/// the entries before the file is there.
pub(crate) fn export_consent(
    work: &Work,
    request: ExportConsentRequest,
) -> Result<SavedFileView, Refusal> {
    let form = match request.form {
        ExportForm::Record => Form::Record,
        ExportForm::Receipt => Form::Receipt,
    };
    let documents = work.write(|write| {
        let sight = Sight(work.login.role);
        visible_person(write, sight, request.person, work.today)?;
        let decisions = write.consent_records(request.person)?.decisions;
        if decisions.is_empty() {
            return Err(Code::NotFound.into());
        }
        let ids: Vec<DecisionId> = decisions.iter().map(|decision| decision.id).collect();
        note(work, write, Deed::Disclosed, "export_consent", &ids)?;
        decisions
            .iter()
            .map(|decision| document(work, write, decision, form))
            .collect::<Result<Vec<Value>, Refusal>>()
    })?;
    let name = match form {
        Form::Record => format!("Porch consent records {}", work.today),
        Form::Receipt => format!("Porch consent receipts {}", work.today),
    };
    let bytes = serde_json::to_vec_pretty(&documents).map_err(|_| Code::Internal)?;
    papers::save(work.desk.papers(), &name, "jsonld", &bytes)
}

/// A decision as a document of that form.
pub(crate) fn document(
    work: &Work,
    read: &Read<'_>,
    decision: &Decision,
    form: Form,
) -> Result<Value, Refusal> {
    let known = Known::of(work, read, decision)?;
    let hidden =
        is_hidden(work, read, decision.subject)? || is_hidden(work, read, decision.decider)?;
    let withdrawals = known
        .records
        .withdrawals
        .iter()
        .filter(|withdrawal| withdrawal.decisions.contains(&decision.id))
        .collect();
    let recorded = Recorded {
        decision,
        ground: known.authority.as_ref().map(|authority| authority.ground),
        state: known.state,
        still_granted: known.still_granted.clone(),
        withdrawals,
        channels: channels(decision)
            .into_iter()
            .map(|channel| {
                let place = place(&channel, known.wording.as_ref());
                (channel, place)
            })
            .collect(),
        centre: if hidden {
            None
        } else {
            centre(read, decision)?
        },
        how_to_change: known
            .wording
            .as_ref()
            .map(|wording| wording.how_to_change().to_owned()),
        contact: contact(read)?,
    };
    Ok(recorded.json_ld(form))
}
