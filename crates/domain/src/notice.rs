//! The privacy notice, and that somebody was shown it.

use crate::bytes::Digest;
use crate::catalogue::Record;
use crate::id::{NoticeShownId, PersonId, UserId};
use crate::time::Instant;

/// The privacy notice was shown to a person: exactly which text, and when.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::People(&["person"]))]
pub struct NoticeShown {
    /// Its identifier.
    pub id: NoticeShownId,
    /// To whom.
    #[field(informed, subject = Whose::NamedHere)]
    pub person: PersonId,
    /// Which notice.
    #[field(informed)]
    pub notice: String,
    /// Which version of it.
    #[field(informed)]
    pub version: u32,
    /// In which language: a BCP 47 tag.
    #[field(informed)]
    pub language: String,
    /// SHA-256 of the exact text.
    #[field(informed)]
    pub sha256: Digest,
    /// When.
    #[field(informed)]
    pub shown_at: Instant,
    /// By whom.
    #[field(staff)]
    pub shown_by: UserId,
}
