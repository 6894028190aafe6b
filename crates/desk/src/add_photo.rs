//! A picture of people who permit it is stored; nothing is written before that is certain.

use porch_domain::id::{PersonId, SessionId};
use porch_domain::time::Instant;
use serde::Deserialize;
use ts_rs::TS;

use crate::photos::PhotoView;
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// A picture and who is in it.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddPhotoRequest {
    /// At which session it was taken, if at one.
    pub session: Option<SessionId>,
    /// Everybody in it who can be recognised.
    pub people: Vec<PersonId>,
    /// When it was taken.
    pub taken_at: Instant,
    /// What it shows.
    pub caption: String,
    /// The file's bytes, base64.
    pub picture: String,
}

pub(crate) fn add_photo(_work: &Work, _request: AddPhotoRequest) -> Result<PhotoView, Refusal> {
    Err(Code::Internal.into())
}
