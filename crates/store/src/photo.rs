//! Photos and quotes, and their content.

use chrono::NaiveDate;
use porch_domain::bytes::Digest;
use porch_domain::consent::Permit;
use porch_domain::decision::Purpose;
use porch_domain::id::{DecisionId, FamilyId, PersonId, PhotoId, SessionId, derive_stub_id};
use porch_domain::photo::{Form, Photo};
use porch_domain::stub::Stub;
use porch_sync::protocol::Variant;
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use crate::access::{Read, Write};
use crate::error::{ConsentRefusal, StoreError};

const OF_FAMILY: &str = "
    SELECT DISTINCT p.id, p.taken_at
    FROM membership m
    CROSS JOIN photo_subject s
        ON s.person IN (SELECT m.person UNION ALL SELECT r.other FROM same_record r WHERE r.one = m.person)
    CROSS JOIN photo p ON p.id = s.photo
    WHERE m.family IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
        AND (m.ended_on IS NULL OR m.ended_on > ?2)
        AND (p.media_type = 'application/vnd.porch.quote+json') = ?3
    ORDER BY p.taken_at DESC, p.id
    LIMIT 1000";

const QUOTES: &str = "
    SELECT id FROM photo
    WHERE media_type = 'application/vnd.porch.quote+json'
    ORDER BY taken_at DESC, id
    LIMIT 1000";

const CROWDS: &str = "
    SELECT id FROM photo
    WHERE public_place IS NOT NULL AND subject_count = 0
    ORDER BY taken_at DESC, id
    LIMIT 1000";

const OF_SESSION: &str = "
    SELECT id, taken_at FROM photo WHERE session = ? ORDER BY taken_at DESC, id LIMIT 1000";

const SUBJECTS: &str = "
    SELECT s.person, s.decision, d.purpose
    FROM photo_subject s
    LEFT JOIN decision d ON d.id = s.decision
    WHERE s.photo = ?
    ORDER BY s.id";

const PICTURE: &str = "
    SELECT bytes FROM picture
    WHERE photo = ?1 AND variant = ?2
        AND EXISTS (SELECT 1 FROM photo_standing WHERE photo = ?1)";

const REMOVED_BECAUSE: &str = "
    SELECT photo FROM photo_removal WHERE because = ? ORDER BY photo";

const NEVER_PHOTOGRAPH: &str = "
    SELECT a.never_photograph
    FROM session s JOIN activity a ON a.id = s.activity
    WHERE s.id = ?";

/// How a photo stands on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoState {
    /// It stands and its picture is here.
    Here,
    /// It stands and its picture, or who is in it, has not arrived.
    OnItsWay,
    /// Its picture was removed for good.
    Removed,
    /// Its picture may be here and is not shown: a person must decide.
    Suspended,
}

/// Somebody in a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectRow {
    /// Who.
    pub person: PersonId,
    /// The decision it was stored under.
    pub decision: DecisionId,
    /// For what that was; none while the decision has not arrived.
    pub purpose: Option<Purpose>,
}

impl Read<'_> {
    /// The photos of a family's members, or what they said, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn photos_of_family(
        &self,
        family: FamilyId,
        form: Form,
        today: NaiveDate,
    ) -> Result<Vec<PhotoId>, StoreError> {
        let mut select = self.connection.prepare_cached(OF_FAMILY)?;
        let wanted = params![family.to_bytes(), today.to_string(), form == Form::Words];
        let rows = select.query_map(wanted, |row| row.get(0))?;
        rows.map(|id| Ok(PhotoId::from_bytes(id?))).collect()
    }

    /// The quotes of everybody, newest first; at most a thousand.
    ///
    /// # Errors
    /// When the store fails.
    pub fn quotes(&self) -> Result<Vec<PhotoId>, StoreError> {
        let mut select = self.connection.prepare_cached(QUOTES)?;
        let rows = select.query_map((), |row| row.get(0))?;
        rows.map(|id| Ok(PhotoId::from_bytes(id?))).collect()
    }

    /// The pictures of crowds, newest first; at most a thousand.
    ///
    /// # Errors
    /// When the store fails.
    pub fn crowds(&self) -> Result<Vec<PhotoId>, StoreError> {
        let mut select = self.connection.prepare_cached(CROWDS)?;
        let rows = select.query_map((), |row| row.get(0))?;
        rows.map(|id| Ok(PhotoId::from_bytes(id?))).collect()
    }

    /// The photos of a session, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn photos_of_session(&self, session: SessionId) -> Result<Vec<PhotoId>, StoreError> {
        let mut select = self.connection.prepare_cached(OF_SESSION)?;
        let rows = select.query_map([session.to_bytes()], |row| row.get(0))?;
        rows.map(|id| Ok(PhotoId::from_bytes(id?))).collect()
    }

    /// What is known of somebody in a photo whose record is another centre's.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no stub of them.
    pub fn stub_of(&self, person: PersonId) -> Result<Stub, StoreError> {
        Ok(self.record::<Stub>(derive_stub_id(person))?.0)
    }

    /// Who is in a photo.
    ///
    /// # Errors
    /// When the store fails.
    pub fn photo_subjects(&self, photo: PhotoId) -> Result<Vec<SubjectRow>, StoreError> {
        let mut select = self.connection.prepare_cached(SUBJECTS)?;
        let mut rows = select.query([photo.to_bytes()])?;
        let mut subjects = Vec::new();
        while let Some(row) = rows.next()? {
            let purpose: Option<String> = row.get(2)?;
            subjects.push(SubjectRow {
                person: PersonId::from_bytes(row.get(0)?),
                decision: DecisionId::from_bytes(row.get(1)?),
                purpose: purpose
                    .map(|word| word.parse().map_err(|_| StoreError::Malformed))
                    .transpose()?,
            });
        }
        Ok(subjects)
    }

    /// A picture's bytes; `None` when it is not here or may not be shown.
    ///
    /// # Errors
    /// When the store fails.
    pub fn picture(&self, photo: PhotoId, variant: Variant) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .connection
            .prepare_cached(PICTURE)?
            .query_row(params![photo.to_bytes(), variant.word()], |row| row.get(0))
            .optional()?)
    }

    /// Whether pictures are never taken at the activity of a session. What is not known here is
    /// taken to be such a one.
    ///
    /// # Errors
    /// When the store fails.
    pub fn never_photograph(&self, session: SessionId) -> Result<bool, StoreError> {
        Ok(self
            .connection
            .prepare_cached(NEVER_PHOTOGRAPH)?
            .query_row([session.to_bytes()], |row| row.get(0))
            .optional()?
            .unwrap_or(true))
    }

    /// The photos removed because of a record.
    ///
    /// # Errors
    /// When the store fails.
    pub fn removed_because(&self, record: Uuid) -> Result<Vec<PhotoId>, StoreError> {
        let mut select = self.connection.prepare_cached(REMOVED_BECAUSE)?;
        let rows = select.query_map([record.as_bytes()], |row| row.get(0))?;
        rows.map(|id| Ok(PhotoId::from_bytes(id?))).collect()
    }
}

impl Write<'_> {
    /// Stores the content of a photo or a quote whose record and subjects were saved in this
    /// transaction, and puts it among what is to be sent: a picture with its thumbnail, or words, which have none. Takes the
    /// permit of everybody in it; a crowd has none, and is nobody's to permit.
    ///
    /// # Errors
    /// [`StoreError::Consent`] when the permits are not those of the people in the photo, or a
    /// guard refuses; [`StoreError::Malformed`] when the bytes are not those that the record
    /// declares. Then the caller's transaction must write nothing.
    pub fn put_picture(
        &self,
        photo: PhotoId,
        permits: Vec<Permit>,
        content: &[u8],
        thumbnail: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        let (record, _) = self.record::<Photo>(photo)?;
        self.check_permits(&record, &permits)?;
        if thumbnail.is_some() != (record.thumbnail_bytes > 0) {
            return Err(StoreError::Malformed);
        }
        let declared = [
            (Variant::Thumbnail, thumbnail, record.thumbnail_sha256),
            (Variant::Picture, Some(content), record.sha256),
        ];
        for (variant, bytes, digest) in declared {
            let Some(bytes) = bytes else { continue };
            if Digest::of(bytes) != digest {
                return Err(StoreError::Malformed);
            }
            self.connection
                .prepare_cached("INSERT INTO picture (photo, variant, bytes) VALUES (?, ?, ?)")?
                .execute(params![photo.to_bytes(), variant.word(), bytes])?;
            self.connection
                .prepare_cached("INSERT INTO picture_outbox (photo, variant) VALUES (?, ?)")?
                .execute(params![photo.to_bytes(), variant.word()])?;
        }
        Ok(())
    }

    /// Exactly the people in the photo, each with a permit for content of its form, from the decision that
    /// the photo names, and in time.
    fn check_permits(&self, record: &Photo, permits: &[Permit]) -> Result<(), StoreError> {
        let subjects = self.photo_subjects(record.id)?;
        let permitted = |subject: &SubjectRow| {
            permits.iter().any(|permit| {
                permit.subject() == subject.person
                    && permit.decision() == subject.decision
                    && record.form().rests_on(permit.purpose())
                    && permit.until().is_none_or(|until| record.stored_at < until)
            })
        };
        let complete = subjects.is_empty() == record.is_crowd()
            && subjects.len() == permits.len()
            && subjects.iter().all(permitted);
        if complete {
            Ok(())
        } else {
            Err(StoreError::Consent(ConsentRefusal::DoesNotStand))
        }
    }
}
