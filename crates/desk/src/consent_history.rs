//! What somebody, or who decides for them, said when.

use porch_domain::channel::Channel;
use porch_domain::decision::Purpose;
use porch_domain::id::PersonId;
use porch_domain::time::Instant;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Whose history.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConsentHistoryRequest {
    /// The person decided for.
    pub person: PersonId,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConsentEventKind {
    /// Somebody decided.
    Decision,
    /// Consent was withdrawn.
    Withdrawal,
    /// Somebody was recorded as deciding for the child.
    Authority,
    /// That ended, or is in dispute.
    AuthorityEnd,
}

/// One entry of the history.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ConsentEventView {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: ConsentEventKind,
    /// The name of who decided, withdrew or holds the authority.
    pub by: String,
    /// What for.
    pub purpose: Option<Purpose>,
    /// The channels granted.
    pub granted: Vec<Channel>,
    /// The channels refused or withdrawn.
    pub refused: Vec<Channel>,
    /// The member of staff who took it.
    pub taken_by: String,
}

pub(crate) fn consent_history(_work: &Work, _request: ConsentHistoryRequest) -> Result<Vec<ConsentEventView>, Refusal> {
    Err(Code::Internal.into())
}
