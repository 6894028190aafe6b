//! What waits for somebody to rule on it.

use porch_domain::id::{PhotoId, WithdrawalId};
use porch_domain::withdrawal::Withdrawal;

use crate::access::Read;
use crate::error::StoreError;

/// Reported, or contradicting themselves, and ruled on by nobody.
const UNRULED: &str = "
    SELECT w.id FROM withdrawal w
    WHERE NOT (w.verified <> 0 AND w.how IN ('in_person', 'identity_checked'))
        AND NOT EXISTS (SELECT 1 FROM withdrawal_ruling u WHERE u.withdrawal = w.id)
    ORDER BY w.withdrawn_at, w.id";

/// Photos of which somebody was stored under a decision that a withdrawal names, and that were not removed.
const RESTING: &str = "
    SELECT DISTINCT s.photo
    FROM withdrawal_named n
    JOIN photo_subject s ON s.decision = n.decision
    WHERE n.withdrawal = ?
        AND s.photo NOT IN (SELECT photo FROM photo_removal)
    ORDER BY s.photo";

impl Read<'_> {
    /// The withdrawals that were reported and wait for a ruling, the earliest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn unruled(&self) -> Result<Vec<Withdrawal>, StoreError> {
        let mut select = self.connection.prepare_cached(UNRULED)?;
        let ids = select.query_map((), |row| row.get::<_, [u8; 16]>(0))?;
        ids.map(|id| Ok(self.record::<Withdrawal>(WithdrawalId::from_bytes(id?))?.0))
            .collect()
    }

    /// The photos that would go if a withdrawal were upheld for all that it names, as far as they rest on a decision
    /// that it names.
    ///
    /// # Errors
    /// When the store fails.
    pub fn photos_resting_on(&self, withdrawal: WithdrawalId) -> Result<Vec<PhotoId>, StoreError> {
        let mut select = self.connection.prepare_cached(RESTING)?;
        let ids = select.query_map([withdrawal.to_bytes()], |row| row.get::<_, [u8; 16]>(0))?;
        ids.map(|id| Ok(PhotoId::from_bytes(id?))).collect()
    }
}
