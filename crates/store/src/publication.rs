//! Where photos and quotes were published, what of that has to come down, and since when.

use porch_domain::consent::Ledger;
use porch_domain::id::{
    CentreId, DecisionId, PersonId, PhotoId, PublicationId, RecordId, TakedownId,
};
use porch_domain::publication::{Publication, Takedown};
use porch_domain::time::Instant;
use rusqlite::{OptionalExtension as _, params};

use crate::access::Read;
use crate::consent::ConsentRecords;
use crate::error::StoreError;

const OF_PHOTO: &str = "
    SELECT id FROM publication WHERE photo = ? ORDER BY live_from, id";

const LIVE: &str = "
    SELECT id FROM publication p
    WHERE NOT EXISTS (SELECT 1 FROM takedown t WHERE t.publication = p.id)
    ORDER BY live_from DESC, id
    LIMIT 1000";

const ENDED: &str = "
    SELECT p.id
    FROM publication p
    JOIN takedown t ON t.publication = p.id
    GROUP BY p.id
    ORDER BY min(t.ended_on) DESC, p.id
    LIMIT 1000";

const DUE: &str = "
    SELECT publication FROM takedown_due ORDER BY publication";

const IS_DUE: &str = "
    SELECT 1 FROM takedown_due WHERE publication = ?";

/// Of several the one that ended it first.
const TAKEDOWN_OF: &str = "
    SELECT id FROM takedown WHERE publication = ? ORDER BY ended_on, id LIMIT 1";

const REMOVED_AT: &str = "
    SELECT removed_at FROM photo_removal WHERE photo = ?";

const OBJECTED_AT: &str = "
    SELECT min(recorded_at) FROM objection WHERE photo = ?";

const HELD_IN: &str = "
    SELECT scope FROM holding WHERE record = ?1 ORDER BY scope <> ?2, scope LIMIT 1";

/// Which publications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that have to come down.
    Due,
    /// Those that are there, as far as anybody has recorded: also those that have to come down.
    Live,
    /// Those that ended.
    Ended,
}

/// A publication, and what became of it.
#[derive(Clone, PartialEq)]
pub struct PublicationRow {
    /// The publication.
    pub publication: Publication,
    /// How it ended, if it did.
    pub takedown: Option<Takedown>,
    /// Whether it has to come down.
    pub due: bool,
}

impl Read<'_> {
    /// The publications of a photo, in the order in which they began.
    ///
    /// # Errors
    /// When the store fails.
    pub fn publications_of(&self, photo: PhotoId) -> Result<Vec<PublicationId>, StoreError> {
        let mut select = self.connection.prepare_cached(OF_PHOTO)?;
        let ids = select.query_map([photo.to_bytes()], |row| row.get::<_, [u8; 16]>(0))?;
        ids.map(|id| Ok(PublicationId::from_bytes(id?))).collect()
    }

    /// The publications of all photos, the latest first; at most a thousand of those that are there, or ended.
    ///
    /// # Errors
    /// When the store fails.
    pub fn publications(&self, which: Which) -> Result<Vec<PublicationId>, StoreError> {
        let mut select = self.connection.prepare_cached(match which {
            Which::Due => DUE,
            Which::Live => LIVE,
            Which::Ended => ENDED,
        })?;
        let ids = select.query_map((), |row| row.get::<_, [u8; 16]>(0))?;
        ids.map(|id| Ok(PublicationId::from_bytes(id?))).collect()
    }

    /// A publication, and what became of it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    pub fn publication(&self, id: PublicationId) -> Result<PublicationRow, StoreError> {
        let (publication, _) = self.record::<Publication>(id)?;
        let takedown: Option<[u8; 16]> = self
            .connection
            .prepare_cached(TAKEDOWN_OF)?
            .query_row([id.to_bytes()], |row| row.get(0))
            .optional()?;
        let takedown = takedown
            .map(|id| self.record::<Takedown>(TakedownId::from_bytes(id)))
            .transpose()?
            .map(|(takedown, _)| takedown);
        let due = self
            .connection
            .prepare_cached(IS_DUE)?
            .exists([id.to_bytes()])?;
        Ok(PublicationRow {
            publication,
            takedown,
            due,
        })
    }

    /// Since when a publication that has to come down has had to: the moment of the record that took the permission
    /// away for good, so that every device says the same, in whatever order it learned of it. Where the photo is not
    /// known, since it was recorded: then somebody asked for it, or whoever was in it was erased, and of that moment
    /// nothing is kept.
    ///
    /// # Errors
    /// When the store fails.
    pub fn not_permitted_since(&self, publication: &Publication) -> Result<Instant, StoreError> {
        let Some(photo) = publication.photo else {
            return Ok(publication.published_at);
        };
        let removed_at: Option<String> = self
            .connection
            .prepare_cached(REMOVED_AT)?
            .query_row([photo.to_bytes()], |row| row.get(0))
            .optional()?;
        let objected_at: Option<String> = self
            .connection
            .prepare_cached(OBJECTED_AT)?
            .query_row([photo.to_bytes()], |row| row.get(0))?;
        let subjects: Vec<(PersonId, DecisionId)> = self
            .photo_subjects(photo)?
            .iter()
            .map(|subject| (subject.person, subject.decision))
            .collect();
        let people = subjects
            .iter()
            .map(|(person, _)| self.consent_records(*person))
            .collect::<Result<Vec<_>, _>>()?;
        let ended = ended_at(&people, &subjects, publication);
        let said = [removed_at, objected_at].into_iter().flatten();
        let said = said
            .map(|text| text.parse().map_err(|_| StoreError::Malformed))
            .collect::<Result<Vec<Instant>, StoreError>>()?;
        let since = ended.into_iter().chain(said).min();
        // What was not permitted when it was recorded has had to come down since then.
        Ok(since.map_or(publication.published_at, |since| {
            since.max(publication.published_at)
        }))
    }

    /// The scope in which the county gave a record, the centre's own before any other; none for one that is
    /// not sent yet.
    ///
    /// # Errors
    /// When the store fails.
    pub fn held_in(
        &self,
        record: impl RecordId,
        centre: CentreId,
    ) -> Result<Option<CentreId>, StoreError> {
        Ok(self
            .connection
            .prepare_cached(HELD_IN)?
            .query_row(
                params![record.uuid().as_bytes(), centre.to_bytes()],
                |row| row.get(0),
            )
            .optional()?
            .map(CentreId::from_bytes))
    }
}

/// The moment from which on the records never permitted what is published: that of the latest record before which
/// they did. The first of them all where they never did.
fn ended_at(
    people: &[ConsentRecords],
    subjects: &[(PersonId, DecisionId)],
    publication: &Publication,
) -> Option<Instant> {
    let mut moments: Vec<Instant> = people.iter().flat_map(ConsentRecords::moments).collect();
    moments.sort_unstable();
    moments.dedup();
    let permitted_at = |moment: Instant| {
        let mut ledger = Ledger::default();
        for records in people {
            records.until(moment).add_to(&mut ledger);
        }
        ledger.photo_may_stay_published(
            subjects.iter().copied(),
            &publication.channel,
            publication.attribution,
        )
    };
    let before = moments
        .iter()
        .rposition(|moment| permitted_at(*moment))
        .map_or(0, |last| last + 1);
    moments.get(before).copied()
}
