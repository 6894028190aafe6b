//! Photos and quotes, who is in them, and who objects to one. Their content is not part of these records: a picture's bytes, or
//! somebody's words.

use crate::bytes::Digest;
use crate::catalogue::Record;
use crate::decision::Purpose;
use crate::id::{DecisionId, ObjectionId, PersonId, PhotoId, PhotoSubjectId, SessionId, UserId};
use crate::quote;
use crate::time::Instant;
use crate::words::words;

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
    /// Of a picture of a crowd: which event, and in which public place, as whoever took it declares. Nobody in it is named, because
    /// nobody in it stands out ("a picture of a crowd in a public place is not" personal data, says the notice).
    #[field(image, notice = &["PHO.crowd"])]
    pub public_place: Option<String>,
    /// How many identifiable people are in it: as many [`PhotoSubject`]s precede the picture. None, of a crowd.
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

    /// Is it a picture of a crowd, in which nobody is named? Whoever is named is asked, whatever is said of the place.
    #[must_use]
    pub const fn is_crowd(&self) -> bool {
        self.public_place.is_some() && self.subject_count == 0
    }

    /// Is it made as its form is? Words are one person's, lie at no session, and have no caption, no thumbnail and no size but
    /// their bytes. A picture of a crowd says where it was taken, which was at no session, and names nobody.
    #[must_use]
    pub fn fits_its_form(&self) -> bool {
        match self.form() {
            Form::Picture => self.public_place.as_ref().is_none_or(|place| {
                !place.trim().is_empty() && self.session.is_none() && self.subject_count == 0
            }),
            Form::Words => {
                self.subject_count == 1
                    && self.public_place.is_none()
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

words! {
    /// Why a photo or a quote goes.
    pub enum ObjectionGround {
        /// Somebody asked for it, known or not. A reason is not asked for.
        Asked = "asked",
        /// It should not have been kept: somebody in it was overlooked or is somebody else, or the place is not public.
        Mistaken = "mistaken",
    }
}

/// A photo or a quote is to go, whoever permits it: removed everywhere and for good. The only way in which a picture of a crowd goes, in
/// which nobody is named who could withdraw (UK GDPR article 21; `consent.md`: any objection takes it down). Who asked is not kept.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::Through { field: "photo", kinds: &["photo"] })]
pub struct Objection {
    /// Its identifier.
    pub id: ObjectionId,
    /// To which photo or quote.
    #[field(image, notice = &["PHO.remove"])]
    pub photo: PhotoId,
    /// Why it goes.
    #[field(image)]
    pub ground: ObjectionGround,
    /// Who recorded it.
    #[field(staff)]
    pub recorded_by: UserId,
    /// When.
    #[field(image)]
    pub recorded_at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::{Fate, Ledger};

    fn photo(subject_count: u32) -> Photo {
        Photo {
            id: PhotoId::make(1, [1; 10]),
            session: None,
            taken_at: Instant::from_unix_ms(0),
            stored_at: Instant::from_unix_ms(0),
            taken_by: UserId::make(1, [2; 10]),
            caption: None,
            public_place: Some("Mill Park".to_owned()),
            subject_count,
            sha256: Digest::of(b"picture"),
            media_type: "image/jpeg".to_owned(),
            width: 1,
            height: 1,
            bytes: 7,
            thumbnail_bytes: 7,
            thumbnail_sha256: Digest::of(b"picture"),
        }
    }

    #[test]
    fn whoever_is_named_is_asked_whatever_is_said_of_the_place() {
        let ledger = Ledger::default();
        assert_eq!(ledger.fate(&photo(0), &[]), Fate::Stands);
        let named = [(PersonId::make(1, [3; 10]), DecisionId::make(1, [4; 10]))];
        assert_eq!(ledger.fate(&photo(1), &named), Fate::Suspended);
        assert!(!ledger.may_store(&photo(1), &named));
        assert_eq!(ledger.fate(&photo(0), &named), Fate::Suspended);
        assert!(!photo(1).fits_its_form());
    }
}
