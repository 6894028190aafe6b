//! What the rule of consent says of photos, asked once for each person and decision.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use porch_domain::channel::Channel;
use porch_domain::decision::Purpose;
use porch_domain::id::{DecisionId, PersonId, PhotoId};
use porch_domain::time::Instant;
use rusqlite::{OptionalExtension as _, params};

use crate::access::Read;
use crate::error::StoreError;
use crate::photo::{PhotoState, SubjectRow};

/// All but what consent says: whether it was removed, whether everybody in it is named, whether each
/// of its sizes is here.
const BESIDES: &str = "
    SELECT
        EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = p.id),
        (p.subject_count > 0 OR p.public_place IS NOT NULL)
            AND (SELECT COUNT(*) FROM photo_subject s WHERE s.photo = p.id) = p.subject_count,
        (SELECT COUNT(*) FROM picture x WHERE x.photo = p.id) = 1 + (p.thumbnail_bytes > 0)
    FROM photo p
    WHERE p.id = ?";

const STANDS: &str = "
    SELECT fate = 'stands' FROM photo_subject_fate WHERE photo = ? AND person = ?";

/// The rule of consent for the photos that are looked at together. What becomes of a photo because of one
/// person in it depends on nothing but the person and the decision it was stored under, so each such pair
/// is asked for once, in however many photos it is. Lives as long as the transaction that it reads in, and
/// not past a write.
pub struct PhotoRule<'r> {
    read: &'r Read<'r>,
    latest_seen: Instant,
    stands: HashMap<(PersonId, DecisionId), bool>,
    permitted: HashMap<(PersonId, Purpose), Vec<Channel>>,
}

impl<'r> PhotoRule<'r> {
    /// The rule at the latest time ever seen ([`Read::latest_seen`]).
    #[must_use]
    pub fn new(read: &'r Read<'r>, latest_seen: Instant) -> Self {
        Self {
            read,
            latest_seen,
            stands: HashMap::new(),
            permitted: HashMap::new(),
        }
    }

    /// How a photo stands in which these people are.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such photo.
    pub fn state(
        &mut self,
        photo: PhotoId,
        subjects: &[SubjectRow],
    ) -> Result<PhotoState, StoreError> {
        let (removed, complete, here) = self
            .read
            .connection
            .prepare_cached(BESIDES)?
            .query_row([photo.to_bytes()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        if removed {
            return Ok(PhotoState::Removed);
        }
        for subject in subjects {
            if !self.stands_for(photo, subject)? {
                return Ok(PhotoState::Suspended);
            }
        }
        // Who has not arrived yet is on the way, not in doubt.
        Ok(if complete && here {
            PhotoState::Here
        } else {
            PhotoState::OnItsWay
        })
    }

    fn stands_for(&mut self, photo: PhotoId, subject: &SubjectRow) -> Result<bool, StoreError> {
        let key = (subject.person, subject.decision);
        if let Some(stands) = self.stands.get(&key) {
            return Ok(*stands);
        }
        let stands = self
            .read
            .connection
            .prepare_cached(STANDS)?
            .query_row(
                params![photo.to_bytes(), subject.person.to_bytes()],
                |row| row.get(0),
            )
            .optional()?
            .unwrap_or(false);
        self.stands.insert(key, stands);
        Ok(stands)
    }

    /// Where a photo in which these people are may be used: the channels that everybody in it permits; of nobody, none. Only
    /// what stands may be used at all ([`PhotoRule::state`]).
    ///
    /// # Errors
    /// When the store fails.
    pub fn channels(&mut self, subjects: &[SubjectRow]) -> Result<Vec<Channel>, StoreError> {
        let mut common: Option<Vec<Channel>> = None;
        for subject in subjects {
            let Some(purpose) = subject.purpose else {
                return Ok(Vec::new());
            };
            let permitted = self.permitted_to(subject.person, purpose)?;
            common = Some(match common {
                None => permitted.clone(),
                Some(mut channels) => {
                    channels.retain(|channel| permitted.contains(channel));
                    channels
                }
            });
        }
        Ok(common.unwrap_or_default())
    }

    fn permitted_to(
        &mut self,
        person: PersonId,
        purpose: Purpose,
    ) -> Result<&Vec<Channel>, StoreError> {
        Ok(match self.permitted.entry((person, purpose)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(self.read.permitted_channels(
                person,
                purpose,
                self.latest_seen,
            )?),
        })
    }
}
