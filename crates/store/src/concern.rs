//! Sealed notes, newest first. What they say is not for this module: see [`crate::sealed`].

use porch_domain::concern::{Concern, ConcernKind};
use porch_domain::id::{ConcernId, PersonId};

use crate::access::Read;
use crate::error::StoreError;

const NEWEST: &str = "
    SELECT id FROM concern
    WHERE kind = ?
    ORDER BY written_at DESC
    LIMIT ?";

const NEWEST_ABOUT: &str = "
    SELECT id FROM concern
    WHERE about IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
        AND kind = ?2
    ORDER BY written_at DESC, id DESC
    LIMIT ?3";

impl Read<'_> {
    /// The newest sealed notes of a kind about somebody, under whichever of their records.
    ///
    /// # Errors
    /// When the store fails.
    pub fn concerns_about(
        &self,
        person: PersonId,
        kind: ConcernKind,
        limit: u32,
    ) -> Result<Vec<Concern>, StoreError> {
        let mut select = self.connection.prepare_cached(NEWEST_ABOUT)?;
        let ids = select.query_map((person.to_bytes(), kind.word(), limit), |row| {
            row.get::<_, [u8; 16]>(0)
        })?;
        ids.map(|id| Ok(self.record::<Concern>(ConcernId::from_bytes(id?))?.0))
            .collect()
    }

    /// The newest sealed notes of a kind.
    ///
    /// # Errors
    /// When the store fails.
    pub fn concerns(&self, kind: ConcernKind, limit: u32) -> Result<Vec<Concern>, StoreError> {
        let mut select = self.connection.prepare_cached(NEWEST)?;
        let ids = select.query_map((kind.word(), limit), |row| row.get::<_, [u8; 16]>(0))?;
        ids.map(|id| Ok(self.record::<Concern>(ConcernId::from_bytes(id?))?.0))
            .collect()
    }
}
