//! Photos, and who is in them. The picture's bytes are not part of these records.

use crate::bytes::Digest;
use crate::catalogue::Record;
use crate::id::{DecisionId, PersonId, PhotoId, PhotoSubjectId, SessionId, UserId};
use crate::time::Instant;

/// A photo: that it exists or existed. What stays after removal is this.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::TiedBy { kind: "photo_subject", field: "photo" })]
pub struct Photo {
    /// Its identifier.
    pub id: PhotoId,
    /// At which session, if at one.
    #[field(image)]
    pub session: Option<SessionId>,
    /// When it was taken.
    #[field(image)]
    pub taken_at: Instant,
    /// When it was stored; lies before the end of each decision it rests on.
    #[field(image)]
    pub stored_at: Instant,
    /// Who took it.
    #[field(staff)]
    pub taken_by: UserId,
    /// What it shows.
    #[field(image)]
    pub caption: Option<String>,
    /// How many identifiable people are in it: as many [`PhotoSubject`]s precede the picture.
    #[field(image, notice = &["PHO.written"])]
    pub subject_count: u32,
    /// SHA-256 of the picture as stored.
    #[field(technical)]
    pub sha256: Digest,
    /// The picture's media type: `image/jpeg`.
    #[field(technical)]
    pub media_type: String,
    /// In pixels.
    #[field(technical)]
    pub width: u32,
    /// In pixels.
    #[field(technical)]
    pub height: u32,
    /// Size of the picture in bytes.
    #[field(technical)]
    pub bytes: u32,
    /// Size of the thumbnail in bytes.
    #[field(technical)]
    pub thumbnail_bytes: u32,
    /// SHA-256 of the thumbnail as stored.
    #[field(technical)]
    pub thumbnail_sha256: Digest,
}

/// An identifiable person in a photo, with the decision that permits it. Its id is derived
/// ([`crate::id::derive_photo_subject_id`]).
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::People(&["person"]))]
pub struct PhotoSubject {
    /// Its identifier.
    pub id: PhotoSubjectId,
    /// The photo.
    #[field(image)]
    pub photo: PhotoId,
    /// Who is in it.
    #[field(image, subject = Whose::NamedHere, notice = &["DAT.images", "PHO.written"])]
    pub person: PersonId,
    /// The decision it is stored under.
    #[field(consent, erasure = Erasure::Remove)]
    pub decision: DecisionId,
}
