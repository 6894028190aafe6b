//! What takes a decision its standing: a mistake in recording it, and the end of its time
//! (`consent.md`, records).

use crate::catalogue::Record;
use crate::id::{DecisionId, ExpiryId, MisrecordingId, UserId};
use crate::time::Instant;

/// A decision was recorded by mistake, for the wrong person say: neither its Yes nor its No counts, and it
/// replaces nothing. Made by a manager, with evidence.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::Through { field: "decision", kinds: &["decision"] })]
pub struct Misrecording {
    /// Its identifier.
    pub id: MisrecordingId,
    /// Which decision.
    #[field(consent, writers = RoleSet::of(&[Role::Manager, Role::Safeguarding, Role::DataProtection]), erasure = Erasure::Remove)]
    pub decision: DecisionId,
    /// What shows that it was a mistake.
    #[field(opinion, readers = RoleSet::of(&[Role::Practitioner, Role::Manager, Role::Safeguarding, Role::DataProtection]), writers = RoleSet::of(&[Role::Manager, Role::Safeguarding, Role::DataProtection]), retention = Retention::ConsentEvidence)]
    pub why: String,
    /// Who recorded it.
    #[field(staff)]
    pub recorded_by: UserId,
    /// When.
    #[field(consent, erasure = Erasure::Remove)]
    pub recorded_at: Instant,
}

/// A decision's time is over. Only the county makes one, by its own clock: devices go by the latest time that
/// they have seen, and only to refuse.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::Through { field: "decision", kinds: &["decision"] })]
pub struct Expiry {
    /// Its identifier.
    pub id: ExpiryId,
    /// Which decision.
    #[field(consent, writers = RoleSet::of(&[Role::CountyIt]), erasure = Erasure::Remove)]
    pub decision: DecisionId,
    /// When the county took note of it.
    #[field(consent, writers = RoleSet::of(&[Role::CountyIt]), erasure = Erasure::Remove)]
    pub expired_at: Instant,
}
