//! What is permitted, as the views of the consent ledger say it.

use porch_domain::decision::Purpose;
use porch_domain::id::{DecisionId, PersonId};
use porch_domain::time::Instant;

use crate::access::Read;
use crate::attendance::instant;
use crate::error::StoreError;

/// An answer that no later one of the same person replaces.
#[derive(Clone, PartialEq, Eq)]
pub struct HeadRow {
    /// The decision.
    pub decision: DecisionId,
    /// For what.
    pub purpose: Purpose,
    /// Who gave it.
    pub decider: PersonId,
    /// When.
    pub decided_at: Instant,
    /// Until when it holds, where that is limited.
    pub valid_until: Option<Instant>,
    /// Every channel that it answers, granted or refused.
    pub channels: Vec<String>,
}

const HEADS_OF: &str = "
    SELECT d.id, d.purpose, d.decider, d.decided_at, d.valid_until, d.granted, d.refused
    FROM consent_head h
    JOIN decision d ON d.id = h.id
    WHERE h.subject = ?
    ORDER BY d.decided_at DESC, d.id DESC";

const PERMITTED: &str = "
    SELECT DISTINCT purpose, channel
    FROM permission
    WHERE subject = ?
    ORDER BY purpose, channel";

impl Read<'_> {
    /// The answers that stand about a person, newest first.
    ///
    /// # Errors
    /// When the store fails or a row is not of its form.
    pub fn heads_of(&self, subject: PersonId) -> Result<Vec<HeadRow>, StoreError> {
        let mut select = self.connection.prepare_cached(HEADS_OF)?;
        let mut rows = select.query([subject.to_bytes()])?;
        let mut heads = Vec::new();
        while let Some(row) = rows.next()? {
            let mut channels: Vec<String> = serde_json::from_str(row.get_ref(5)?.as_str().map_err(|_| StoreError::Malformed)?)?;
            let refused: Vec<String> = serde_json::from_str(row.get_ref(6)?.as_str().map_err(|_| StoreError::Malformed)?)?;
            channels.extend(refused);
            heads.push(HeadRow {
                decision: DecisionId::from_bytes(row.get(0)?),
                purpose: purpose(row.get(1)?)?,
                decider: PersonId::from_bytes(row.get(2)?),
                decided_at: instant(row.get(3)?)?,
                valid_until: row.get::<_, Option<String>>(4)?.map(instant).transpose()?,
                channels,
            });
        }
        Ok(heads)
    }

    /// The channels that are permitted about a person, by purpose. Expiry is not looked at: ask
    /// [`HeadRow::valid_until`].
    ///
    /// # Errors
    /// When the store fails or a row is not of its form.
    pub fn permitted_of(&self, subject: PersonId) -> Result<Vec<(Purpose, String)>, StoreError> {
        let mut select = self.connection.prepare_cached(PERMITTED)?;
        let mut rows = select.query([subject.to_bytes()])?;
        let mut permitted = Vec::new();
        while let Some(row) = rows.next()? {
            permitted.push((purpose(row.get(0)?)?, row.get(1)?));
        }
        Ok(permitted)
    }
}

fn purpose(word: String) -> Result<Purpose, StoreError> {
    word.parse().map_err(|_| StoreError::Malformed)
}
