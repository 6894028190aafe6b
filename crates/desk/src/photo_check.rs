//! Who of some people may be photographed at a session.

use porch_domain::id::{PersonId, SessionId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Whom a picture would show.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PhotoCheckRequest {
    /// At which session, if at one.
    pub session: Option<SessionId>,
    /// Everybody who can be recognised.
    pub people: Vec<PersonId>,
}

/// Who permits it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PhotoCheckView {
    /// Each person asked about.
    pub people: Vec<PhotoPersonView>,
    /// Whether pictures are taken at this activity at all.
    pub session_allows: bool,
}

/// Whether one person permits it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PhotoPersonView {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Whether a picture of them may be stored.
    pub permitted: bool,
    /// Why not.
    pub reason: Option<Code>,
}

pub(crate) fn photo_check(_work: &Work, _request: PhotoCheckRequest) -> Result<PhotoCheckView, Refusal> {
    Err(Code::Internal.into())
}
