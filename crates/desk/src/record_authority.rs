//! On what ground somebody decides for a child.

use porch_domain::authority::{Evidence, Ground as Known};
use porch_domain::id::{AuthorityId, PersonId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// The grounds that the front desk records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The child's mother.
    Mother,
    /// The father, married to the mother or on the birth certificate.
    Father,
    /// An order of a court.
    CourtOrder,
    /// A guardian.
    Guardian,
    /// The local authority under a care order.
    CareOrder,
    /// Delegated by somebody who holds it.
    Delegated,
}

/// What staff recorded before a hand-over.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RecordAuthorityRequest {
    /// The child.
    pub child: PersonId,
    /// The adult who decides.
    pub holder: PersonId,
    /// The ground.
    pub ground: Ground,
    /// Whether a document was seen.
    pub evidence: Evidence,
}

/// The authority recorded.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct RecordedAuthorityView {
    /// The authority.
    pub authority: AuthorityId,
}

pub(crate) fn record_authority(_work: &Work, _request: RecordAuthorityRequest) -> Result<RecordedAuthorityView, Refusal> {
    let _ = Known::Mother;
    Err(Code::Internal.into())
}
