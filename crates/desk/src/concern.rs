//! Sealed notes: anybody may write one, only logins that hold the key read them.

use porch_domain::id::{ConcernId, PersonId};
use porch_domain::time::Instant;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Nothing, Refusal};
use crate::work::Work;

/// A concern.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WriteConcernRequest {
    /// About whom, when that is known and may stand in the open.
    pub about: Option<PersonId>,
    /// What was seen or heard.
    pub text: String,
    /// Whether somebody was telephoned at once.
    pub call_made: bool,
}

/// The concern is kept; nobody has seen it yet.
#[derive(Clone, Debug, Serialize, TS)]
pub struct WrittenConcernView {
    /// The concern.
    pub concern: ConcernId,
    /// The number to call now.
    pub phone: String,
}

/// A concern, opened.
#[derive(Clone, Serialize, TS)]
pub struct ConcernView {
    /// The concern.
    pub concern: ConcernId,
    /// About whom.
    pub about: Option<PersonId>,
    /// Their name.
    pub about_name: Option<String>,
    /// What was seen or heard.
    pub text: String,
    /// Who wrote it.
    pub written_by: String,
    /// When.
    pub written_at: Instant,
    /// Whether somebody was telephoned at once.
    pub call_made: bool,
}

pub(crate) fn write_concern(_work: &Work, _request: WriteConcernRequest) -> Result<WrittenConcernView, Refusal> {
    Err(Code::Internal.into())
}

pub(crate) fn concerns(_work: &Work, _request: Nothing) -> Result<Vec<ConcernView>, Refusal> {
    Err(Code::Internal.into())
}
