//! Signs family members in to a session.

use porch_domain::id::{AttendanceId, FamilyId, PersonId, SessionId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Who came to what.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// One of today's sessions.
    pub session: SessionId,
    /// The family they came with.
    pub family: FamilyId,
    /// Who came.
    pub people: Vec<PersonId>,
}

/// Who was signed in.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SignedInView {
    /// Their attendances.
    pub attendances: Vec<AttendanceId>,
    /// What `undo` takes to take this back.
    pub undo: String,
    /// What they are called.
    pub people: Vec<String>,
}

pub(crate) fn sign_in(_work: &Work, _request: SignInRequest) -> Result<SignedInView, Refusal> {
    Err(Code::Internal.into())
}
