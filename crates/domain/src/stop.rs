//! Stops: a No over any Yes (`consent.md`, records).

use crate::catalogue::Record;
use crate::decision::Purpose;
use crate::id::{PersonId, StopEndId, StopId, UserId};
use crate::time::Instant;

/// A safeguarding lead stopped the use of somebody's pictures or words, whatever was decided. To everybody else it
/// looks like any other No. Why is a sealed note about the same person
/// ([`crate::concern::ConcernKind::StopReason`]).
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::People(&["subject"]))]
pub struct Stop {
    /// Its identifier.
    pub id: StopId,
    /// Of whom.
    #[field(safeguarding, subject = Whose::NamedHere, writers = RoleSet::of(&[Role::Safeguarding]), erasure = Erasure::Remove)]
    pub subject: PersonId,
    /// For what.
    #[field(safeguarding, writers = RoleSet::of(&[Role::Safeguarding]), erasure = Erasure::Remove)]
    pub purpose: Purpose,
    /// Who stopped it.
    #[field(staff, readers = RoleSet::of(&[Role::Safeguarding]))]
    pub made_by: UserId,
    /// When.
    #[field(safeguarding, writers = RoleSet::of(&[Role::Safeguarding]), erasure = Erasure::Remove)]
    pub made_at: Instant,
}

/// A stop is over: what was decided counts again. What it removed does not come back.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::Through { field: "stop", kinds: &["stop"] })]
pub struct StopEnd {
    /// Its identifier.
    pub id: StopEndId,
    /// Which stop. Of two stops each is ended by itself.
    #[field(safeguarding, writers = RoleSet::of(&[Role::Safeguarding]), erasure = Erasure::Remove)]
    pub stop: StopId,
    /// Who ended it.
    #[field(staff, readers = RoleSet::of(&[Role::Safeguarding]))]
    pub ended_by: UserId,
    /// When.
    #[field(safeguarding, writers = RoleSet::of(&[Role::Safeguarding]), erasure = Erasure::Remove)]
    pub ended_at: Instant,
}
