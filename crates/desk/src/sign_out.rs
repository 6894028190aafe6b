//! Signs people out.

use porch_domain::id::{AttendanceId, PersonId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Who leaves.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SignOutRequest {
    /// Their attendances.
    pub attendances: Vec<AttendanceId>,
    /// Who collects them, where that is asked.
    pub collected_by: Option<PersonId>,
}

/// Who was signed out.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SignedOutView {
    /// What `undo` takes to take this back.
    pub undo: String,
    /// What they are called.
    pub people: Vec<String>,
}

pub(crate) fn sign_out(_work: &Work, _request: SignOutRequest) -> Result<SignedOutView, Refusal> {
    Err(Code::Internal.into())
}
