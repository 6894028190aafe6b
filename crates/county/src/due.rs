//! What the county does by its own clock: it takes note that a decision's time is over, and upholds a withdrawal that was
//! reported and on which nobody has ruled in time (`consent.md`).

use porch_domain::catalogue::Record as _;
use porch_domain::decision::Decision;
use porch_domain::id::{derive_expiry_id, derive_lapse_id};
use porch_domain::standing::Expiry;
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Ruling, Withdrawal, WithdrawalRuling};
use uuid::Uuid;

use crate::County;
use crate::import::{Imported, ImportedRecord};
use crate::store::{Reading as _, Store, Stored, Work as _};

impl<S: Store> County<S> {
    /// Does everything that has come due. Several servers of one county may; what is made has an id that follows from
    /// what it is about, so it is made once. Gives how many records were made.
    ///
    /// # Errors
    /// When the store fails. What was done until then stays done.
    pub async fn do_what_is_due(&self) -> Stored<u64> {
        let now_ms = self.surroundings.unix_ms();
        let due = self.store.reading().await?.due(now_ms).await?;
        let mut made = 0;
        for id in due {
            if let Some(record) = self.what_follows(id, now_ms).await? {
                match self.import_batch(&[record], Imported::default()).await {
                    Ok(imported) => made += imported.written,
                    Err(failure) => {
                        tracing::error!(%failure, "what has come due of a record was not done");
                        continue;
                    }
                }
            }
            let mut work = self.store.begin().await?;
            work.put_due(id, None).await?;
            work.commit().await?;
        }
        Ok(made)
    }

    /// The record that is to be made of what has come due; none where there is nothing to do any more.
    async fn what_follows(&self, id: Uuid, now_ms: u64) -> Stored<Option<ImportedRecord>> {
        let mut reading = self.store.reading().await?;
        let now = Instant::from_unix_ms(i64::try_from(now_ms).unwrap_or(i64::MAX));
        let Some(row) = reading.record(id).await? else {
            return Ok(None);
        };
        // It goes wherever that one is, which taking it in sees to.
        let scope = reading.scopes_of(id).await?.first().copied();
        let record = match row.kind.as_str() {
            Decision::KIND => ImportedRecord::of(
                &Expiry {
                    id: derive_expiry_id(id.into()),
                    decision: id.into(),
                    expired_at: now,
                },
                scope,
            ),
            Withdrawal::KIND => {
                let rulings = reading.tied(id, WithdrawalRuling::KIND).await?;
                if !rulings.is_empty() {
                    return Ok(None);
                }
                ImportedRecord::of(
                    &WithdrawalRuling {
                        id: derive_lapse_id(id.into()),
                        withdrawal: id.into(),
                        ruling: Ruling::Upheld,
                        why: None,
                        ruled_by: None,
                        ruled_at: now,
                    },
                    scope,
                )
            }
            _ => return Ok(None),
        };
        Ok(Some(record))
    }
}
