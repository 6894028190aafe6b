//! Photos and quotes, and who is in them. Their content is not part of these records: a picture's bytes, or somebody's words.

use crate::bytes::Digest;
use crate::catalogue::Record;
use crate::decision::Purpose;
use crate::id::{DecisionId, PersonId, PhotoId, PhotoSubjectId, SessionId, UserId};
use crate::quote;
use crate::time::Instant;

/// A photo or a [quote]: that it exists or existed. What stays after removal is this.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::TiedBy { kind: "photo_subject", field: "photo" })]
pub struct Photo {
    /// Its identifier.
    pub id: PhotoId,
    /// At which session, if at one.
    #[field(image)]
    pub session: Option<SessionId>,
    /// When it was taken, or written down.
    #[field(image)]
    pub taken_at: Instant,
    /// When it was stored; lies before the end of each decision it rests on.
    #[field(image)]
    pub stored_at: Instant,
    /// Who took it, or wrote it down.
    #[field(staff)]
    pub taken_by: UserId,
    /// What it shows.
    #[field(image)]
    pub caption: Option<String>,
    /// How many identifiable people are in it: as many [`PhotoSubject`]s precede the picture.
    #[field(image, notice = &["PHO.written"])]
    pub subject_count: u32,
    /// SHA-256 of the content as stored.
    #[field(technical)]
    pub sha256: Digest,
    /// The content's media type: `image/jpeg`, or [`quote::MEDIA_TYPE`].
    #[field(technical)]
    pub media_type: String,
    /// In pixels; none of a quote.
    #[field(technical)]
    pub width: u32,
    /// In pixels; none of a quote.
    #[field(technical)]
    pub height: u32,
    /// Size of the content in bytes.
    #[field(technical)]
    pub bytes: u32,
    /// Size of the thumbnail in bytes; none of a quote, which has no thumbnail.
    #[field(technical)]
    pub thumbnail_bytes: u32,
    /// SHA-256 of the thumbnail as stored.
    #[field(technical)]
    pub thumbnail_sha256: Digest,
}

/// What the content is, and so on which consent it can rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A picture.
    Picture,
    /// A [quote].
    Words,
}

impl Form {
    /// The form of content of a media type.
    #[must_use]
    pub fn of(media_type: &str) -> Self {
        if media_type == quote::MEDIA_TYPE {
            Self::Words
        } else {
            Self::Picture
        }
    }

    /// Can it rest on consent for a purpose?
    #[must_use]
    pub const fn rests_on(self, purpose: Purpose) -> bool {
        match self {
            Self::Picture => purpose.is_about_pictures(),
            Self::Words => matches!(purpose, Purpose::PublicityQuote),
        }
    }
}

impl Photo {
    /// Whether it is a picture or words.
    #[must_use]
    pub fn form(&self) -> Form {
        Form::of(&self.media_type)
    }

    /// Is it made as its form is? Words are one person's, lie at no session, and have no caption, no thumbnail and no size but
    /// their bytes.
    #[must_use]
    pub fn fits_its_form(&self) -> bool {
        match self.form() {
            Form::Picture => true,
            Form::Words => {
                self.subject_count == 1
                    && self.session.is_none()
                    && self.caption.is_none()
                    && (self.width, self.height, self.thumbnail_bytes) == (0, 0, 0)
                    && (1..=quote::MOST_BYTES).contains(&self.bytes)
            }
        }
    }
}

/// An identifiable person in a photo, or whoever said the words, with the decision that permits it. Its id is derived
/// ([`crate::id::derive_photo_subject_id`]).
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::People(&["person"]))]
pub struct PhotoSubject {
    /// Its identifier.
    pub id: PhotoSubjectId,
    /// The photo.
    #[field(image)]
    pub photo: PhotoId,
    /// Who is in it, or said it.
    #[field(image, subject = Whose::NamedHere, notice = &["DAT.images", "PHO.written"])]
    pub person: PersonId,
    /// The decision it is stored under.
    #[field(consent, erasure = Erasure::Remove)]
    pub decision: DecisionId,
}
