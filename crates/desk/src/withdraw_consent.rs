//! Consent is taken back, and with it every picture that rested on it.

use porch_domain::channel::Channel;
use porch_domain::decision::Purpose;
use porch_domain::id::{DecisionId, PersonId, WithdrawalId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// How staff know who asks. What is merely reported comes another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VerifiedHow {
    /// They are here.
    InPerson,
    /// Not here, but their identity was checked.
    IdentityChecked,
}

/// What is withdrawn.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WithdrawRequest {
    /// Whose pictures or data.
    pub subject: PersonId,
    /// For which purpose.
    pub purpose: Purpose,
    /// The decisions withdrawn.
    pub decisions: Vec<DecisionId>,
    /// For which channels; all when not given.
    pub channels: Option<Vec<Channel>>,
    /// Who asks.
    pub by: PersonId,
    /// How it is known that it is them.
    pub how: VerifiedHow,
}

/// What the withdrawal did.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct WithdrawnView {
    /// The withdrawal.
    pub withdrawal: WithdrawalId,
    /// How many photos went with it.
    pub photos_removed: u32,
}

pub(crate) fn withdraw_consent(_work: &Work, _request: WithdrawRequest) -> Result<WithdrawnView, Refusal> {
    Err(Code::Internal.into())
}
