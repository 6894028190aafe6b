//! Takes back an arrival or a departure that was entered by mistake.

use serde::Deserialize;
use ts_rs::TS;

use crate::refusal::{Code, Nothing, Refusal};
use crate::work::Work;

/// What to take back.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UndoRequest {
    /// The text that came with what was done.
    pub undo: String,
}

pub(crate) fn undo(_work: &Work, _request: UndoRequest) -> Result<Nothing, Refusal> {
    Err(Code::Internal.into())
}
