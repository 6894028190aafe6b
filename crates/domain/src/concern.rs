//! Sealed notes: anybody may write one, few can read it (`security.md`, keys).

use crate::bytes::Bytes;
use crate::catalogue::Record;
use crate::id::{ConcernId, PersonId, UserId};
use crate::time::Instant;
use crate::words::words;

words! {
    /// What a sealed note is.
    pub enum ConcernKind {
        /// A concern about a child's or an adult's safety.
        Safeguarding = "safeguarding",
        /// Criminal offence data.
        CriminalOffence = "criminal_offence",
        /// The outcome of a check of somebody who works here.
        WorkforceCheck = "workforce_check",
        /// Why a picture was stopped.
        StopReason = "stop_reason",
    }
}

/// A sealed note. Append-only; kind and id are authenticated with the text.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::People(&["about"]))]
pub struct Concern {
    /// Its identifier.
    pub id: ConcernId,
    /// About whom, when that is known and may stand in the open.
    #[field(safeguarding, subject = Whose::NamedHere)]
    pub about: Option<PersonId>,
    /// What it is.
    #[field(safeguarding)]
    pub kind: ConcernKind,
    /// Which of the county's keys it is sealed to.
    #[field(technical)]
    pub key_epoch: u32,
    /// The note, sealed with HPKE (RFC 9180).
    #[field(safeguarding, notice = &["LAW.duty", "USE.delivery.safety", "CRM"])]
    pub sealed: Bytes,
    /// Who wrote it.
    #[field(staff, readers = RoleSet::of(&[Role::Safeguarding, Role::DataProtection]))]
    pub written_by: UserId,
    /// When.
    #[field(safeguarding)]
    pub written_at: Instant,
    /// Whether somebody was telephoned at once; a note written offline has been seen by nobody.
    #[field(safeguarding)]
    pub call_made: Option<bool>,
}
