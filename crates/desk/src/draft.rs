//! What was typed in a form and not yet saved: kept in the encrypted store, for each user.

use porch_domain::time::Instant;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Nothing, Refusal};
use crate::work::Work;

/// What was typed.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveDraftRequest {
    /// Which form.
    pub form: String,
    /// What stands in it: the window's own text.
    pub body: String,
}

/// Which form.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DraftRequest {
    /// Which form.
    pub form: String,
}

/// What was typed, if anything was.
#[derive(Clone, Serialize, TS)]
pub struct DraftView {
    /// What stands in the form.
    pub body: Option<String>,
    /// When it was kept.
    pub saved_at: Option<Instant>,
}

pub(crate) fn save_draft(_work: &Work, _request: SaveDraftRequest) -> Result<Nothing, Refusal> {
    Err(Code::Internal.into())
}

pub(crate) fn draft(_work: &Work, _request: DraftRequest) -> Result<DraftView, Refusal> {
    Err(Code::Internal.into())
}

pub(crate) fn discard_draft(_work: &Work, _request: DraftRequest) -> Result<Nothing, Refusal> {
    Err(Code::Internal.into())
}
