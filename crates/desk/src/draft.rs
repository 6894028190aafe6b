//! What was typed in a form and not yet saved: kept in the encrypted store, for each user.

use std::str::FromStr as _;

use porch_domain::id::PersonId;
use porch_domain::role::Action;
use porch_domain::time::Instant;
use porch_store::draft::DraftRow;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Nothing, Refusal};
use crate::work::Work;

/// What was typed.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaveDraftRequest {
    /// Which form.
    pub form: String,
    /// What stands in it: the window's own text.
    pub body: String,
}

/// Which form.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftRequest {
    /// Which form.
    pub form: String,
}

/// What was typed, if anything was.
#[derive(Clone, Serialize, TS)]
pub(crate) struct DraftView {
    /// What stands in the form.
    pub body: Option<String>,
    /// When it was kept.
    pub saved_at: Option<Instant>,
}

/// The longest draft, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// The form of a newcomer.
pub(crate) const REGISTRATION: &str = "registration";

/// What somebody must be allowed to do to keep a draft of a form: as for the form itself. The forms
/// that keep drafts, but for the newcomer's, are each one record's. Never consent, photos, quotes or
/// concerns: what is half said there is not kept.
fn check_form(form: &str) -> Result<Action, Refusal> {
    let (name, record) = form.split_once('/').unzip();
    let of_a_record = record.is_some_and(|id| PersonId::from_str(id).is_ok());
    match name {
        None if form == REGISTRATION => Ok(Action::Register),
        Some("edit_person" | "edit_family") if of_a_record => Ok(Action::ChangeFamily),
        Some("add_member") if of_a_record => Ok(Action::Register),
        _ => Err(Refusal::of_field("form", Code::Invalid)),
    }
}

pub(crate) fn save_draft(work: &Work, request: SaveDraftRequest) -> Result<Nothing, Refusal> {
    work.must(check_form(&request.form)?)?;
    if request.body.len() > MAX_BYTES {
        return Err(Refusal::of_field("body", Code::TooLong));
    }
    let draft = DraftRow {
        body: request.body,
        saved_at: work.now,
    };
    work.write(|write| Ok(write.put_draft(work.login.user, &request.form, &draft)?))?;
    Ok(Nothing {})
}

pub(crate) fn draft(work: &Work, request: DraftRequest) -> Result<DraftView, Refusal> {
    work.must(check_form(&request.form)?)?;
    let found = work.read(|read| read.draft(work.login.user, &request.form))?;
    let (body, saved_at) = found.map(|draft| (draft.body, draft.saved_at)).unzip();
    Ok(DraftView { body, saved_at })
}

pub(crate) fn discard_draft(work: &Work, request: DraftRequest) -> Result<Nothing, Refusal> {
    work.must(check_form(&request.form)?)?;
    work.write(|write| Ok(write.delete_draft(work.login.user, &request.form)?))?;
    Ok(Nothing {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_forms_keep_drafts() {
        let id = "0190a3b4-c5d6-7001-8000-000000000001";
        for form in [
            REGISTRATION.to_owned(),
            format!("edit_person/{id}"),
            format!("add_member/{id}"),
        ] {
            assert!(check_form(&form).is_ok(), "{form}");
        }
        for form in [
            "",
            "consent",
            "concern",
            "photos",
            "edit_person",
            "edit_person/x",
            "edit_person/",
        ] {
            assert!(check_form(form).is_err(), "{form:?} keeps no draft");
        }
        assert!(check_form(&format!("consent/{id}")).is_err());
    }
}
