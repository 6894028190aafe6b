//! Save: what a use case wrote becomes the effective state, and a sealed transaction in the
//! outbox, in one durable step. From here on it is acknowledged and cannot be lost.

use porch_domain::catalogue::{Shape, record_entry};
use porch_domain::erasure::cleared;
use porch_domain::time::Instant;
use porch_sync::protocol::MAX_TRANSACTION_BYTES;
use porch_sync::{
    Bytes, Change, Conflict, Hlc, HybridClock, Op, Row, SCHEMA, SealedTransaction, Transaction,
    Version, merge,
};
use rusqlite::{OptionalExtension as _, params};
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Read, Write};
use crate::erasure::Drop;
use crate::error::StoreError;

impl Write<'_> {
    /// Applies changes to the store and seals them as this device's next transaction.
    ///
    /// `author` is the user who saves, `now` the time of the computer's clock. Gives the version
    /// that the written values bear.
    ///
    /// # Errors
    /// When a change is not of the catalogue's form or a guard refuses it, and
    /// [`StoreError::TooLarge`]; then the caller's transaction writes nothing.
    pub fn save(
        &self,
        author: Uuid,
        now: Instant,
        changes: Vec<Change>,
    ) -> Result<Version, StoreError> {
        let changes = self.without_what_is_too_late(changes)?;
        let device = self.device()?.number;
        let (sequence, clock) = self.next_in_tally(now)?;
        let transaction = Transaction {
            device,
            sequence,
            clock,
            author,
            schema: SCHEMA,
            changes,
        };
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| StoreError::NoRandomness)?;
        let sealed = SealedTransaction::seal(&transaction, Bytes(salt))?;
        // Refused here it is still on the screen; the county would only put it aside.
        if sealed
            .body
            .as_ref()
            .is_some_and(|body| body.len() > MAX_TRANSACTION_BYTES)
        {
            return Err(StoreError::TooLarge);
        }
        self.connection
            .prepare_cached(
                "INSERT INTO outbox (sequence, salt, digest, body) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![sequence, salt, sealed.digest.0, sealed.body])?;
        for change in &transaction.changes {
            self.apply_own(&transaction, change)?;
        }
        Ok(transaction.version())
    }

    /// What is about somebody who was erased meanwhile is dropped, and that it was is kept. Where
    /// somebody else's record names them, it no longer does.
    fn without_what_is_too_late(&self, changes: Vec<Change>) -> Result<Vec<Change>, StoreError> {
        let mut kept = Vec::with_capacity(changes.len());
        for mut change in changes {
            if self.is_too_late(&change)? {
                self.note_drop(&change.kind, change.id, Drop::Saved)?;
                continue;
            }
            for field in cleared(&change.kind) {
                if let Some(written) = change.fields.get_mut(field)
                    && let Some(named) = written.value.as_str().and_then(|id| id.parse().ok())
                    && self.is_erased(named)?
                {
                    written.value = Value::Null;
                }
            }
            kept.push(change);
        }
        Ok(kept)
    }

    fn apply_own(&self, transaction: &Transaction, change: &Change) -> Result<(), StoreError> {
        let shape = record_entry(&change.kind)
            .ok_or(StoreError::Malformed)?
            .shape;
        if shape == Shape::Event {
            // An event is written once: nothing lies under it and nothing is merged with it.
            if change.op == Op::Edit {
                return Err(StoreError::Malformed);
            }
            // Said again after an erasure: the county may have it from the first time, and keeps
            // that one's version. If it has not, its feed tells the later one.
            if self.has(&change.kind, change.id)? {
                return Ok(());
            }
            return self.put_row(&merge(None, transaction, change).row);
        }
        let current = self.row(&change.kind, change.id)?;
        self.keep_confirmed(change, current.as_ref())?;
        self.name_record(transaction.sequence, change)?;
        let merged = merge(current.as_ref(), transaction, change);
        self.put_row(&merged.row)?;
        self.keep_conflicts(&merged.conflicts, &[])
    }

    /// Keeps which records an unsent transaction touches. Events are not among them: nothing is
    /// ever laid on top of one. Nor is what went with somebody who was erased, though a change of it is
    /// still to be sent: the county's state of it is not kept any more.
    pub(crate) fn name_records(&self, transaction: &Transaction) -> Result<(), StoreError> {
        for change in &transaction.changes {
            let event = record_entry(&change.kind).is_some_and(|entry| entry.shape == Shape::Event);
            if !event {
                self.name_record(transaction.sequence, change)?;
            }
        }
        Ok(())
    }

    fn name_record(&self, sequence: u64, change: &Change) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT OR IGNORE INTO outbox_record (record, sequence, kind)
                 SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM confirmed WHERE record = ?1)",
            )?
            .execute(params![change.id.as_bytes(), sequence, change.kind])?;
        Ok(())
    }

    /// Before the first unsent change to a record: what the county's state of it is.
    pub(crate) fn keep_confirmed(
        &self,
        change: &Change,
        current: Option<&Row>,
    ) -> Result<(), StoreError> {
        let state = current.map(serde_json::to_string).transpose()?;
        self.connection
            .prepare_cached(
                "INSERT OR IGNORE INTO confirmed (record, kind, state) VALUES (?, ?, ?)",
            )?
            .execute(params![change.id.as_bytes(), change.kind, state])?;
        Ok(())
    }

    /// Keeps values that lost. Those of a transaction that was redirected go when what it was written to is erased.
    pub(crate) fn keep_conflicts(
        &self,
        conflicts: &[Conflict],
        redirected: &[Uuid],
    ) -> Result<(), StoreError> {
        let redirected = if redirected.is_empty() {
            None
        } else {
            Some(serde_json::to_string(redirected)?)
        };
        for conflict in conflicts {
            self.connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO conflict (record, field, loser, kind, winner, lost, redirected)
                     VALUES (?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    conflict.record.as_bytes(),
                    conflict.field,
                    conflict.loser.to_string(),
                    conflict.kind,
                    conflict.winner.to_string(),
                    conflict.lost.to_string(),
                    redirected,
                ])?;
        }
        Ok(())
    }

    fn next_in_tally(&self, now: Instant) -> Result<(u64, Hlc), StoreError> {
        let (sequence, clock, latest_seen): (u64, String, String) = self
            .connection
            .prepare_cached("SELECT sequence, clock, latest_seen FROM tally")?
            .query_row((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let next = HybridClock::resumed(clock.parse()?)
            .tick(u64::try_from(now.unix_ms()).unwrap_or_default());
        let sequence = sequence + 1;
        self.connection
            .prepare_cached("UPDATE tally SET sequence = ?, clock = ?, latest_seen = ?")?
            .execute(params![
                sequence,
                next.to_string(),
                latest_seen.max(now.to_string())
            ])?;
        Ok((sequence, next))
    }
}

impl Read<'_> {
    /// The latest time that this device has ever seen: never earlier than `now`, and not lowered
    /// by a clock that is set back. What has expired once stays expired.
    ///
    /// # Errors
    /// When the store fails.
    pub fn latest_seen(&self, now: Instant) -> Result<Instant, StoreError> {
        Ok(self.latest_kept()?.map_or(now, |kept| kept.max(now)))
    }

    /// The latest time at which anything was saved, whatever the clock says now.
    pub(crate) fn latest_kept(&self) -> Result<Option<Instant>, StoreError> {
        let text: Option<String> = self
            .connection
            .prepare_cached("SELECT latest_seen FROM tally WHERE latest_seen <> ''")?
            .query_row((), |row| row.get(0))
            .optional()?;
        text.map(|text| text.parse().map_err(|_| StoreError::Malformed))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use porch_domain::catalogue::Record as _;
    use porch_domain::family::Family;
    use porch_domain::id::{CentreId, RecordId as _};
    use porch_sync::DeviceNumber;
    use porch_sync::device::Replica as _;
    use porch_sync::protocol::{MAX_BATCH_BYTES, PushRequest};
    use serde_json::json;

    use super::*;
    use crate::Store;
    use crate::device::DeviceRow;
    use crate::scratch;

    fn a_store() -> (tempfile::TempDir, Store) {
        let (home, store) = scratch::store();
        let centre = CentreId::make(1, [1; 10]);
        let device = DeviceRow {
            number: DeviceNumber(1),
            name: "Front desk".into(),
            centre,
            scopes: vec![centre.uuid()],
            server: String::new(),
            county_certificate: String::new(),
            restricted_epoch: 1,
            restricted_key: [0; 32],
            epoch: Uuid::from_u128(1),
        };
        store.write(|write| write.put_device(&device)).unwrap();
        (home, store)
    }

    #[test]
    fn what_the_county_would_not_take_is_refused_before_it_is_acknowledged() {
        let (_home, store) = a_store();
        let save = |letters: usize| {
            let note = serde_json::from_value(json!({ "value": "x".repeat(letters) })).unwrap();
            let change = Change {
                kind: Family::KIND.to_owned(),
                id: Uuid::from_u128(2),
                op: Op::Edit,
                fields: [("note".to_owned(), note)].into_iter().collect(),
            };
            store.write(|write| {
                write.save(Uuid::from_u128(9), Instant::from_unix_ms(1), vec![change])
            })
        };
        let unsent = || {
            let count = |read: &Read<'_>| Ok::<_, StoreError>(read.sync_state()?.unsent);
            store.read(count).unwrap()
        };
        assert_eq!(save(MAX_TRANSACTION_BYTES), Err(StoreError::TooLarge));
        assert_eq!(unsent(), 0);
    }

    #[test]
    fn what_went_with_somebody_erased_is_no_unsent_record_of_the_next_number() {
        let (_home, store) = a_store();
        let fields = record_entry(Family::KIND).unwrap().fields.iter();
        let fields = fields.map(|field| {
            let value = match field.name {
                "centre" => json!(CentreId::make(1, [1; 10])),
                "protected" | "no_fixed_address" => json!(false),
                _ => Value::Null,
            };
            let made = serde_json::from_value(json!({ "value": value })).unwrap();
            (field.name.to_owned(), made)
        });
        let family = Change {
            kind: Family::KIND.to_owned(),
            id: Uuid::from_u128(2),
            op: Op::Create {
                scope: CentreId::make(1, [1; 10]).uuid(),
            },
            fields: fields.collect(),
        };
        let named = || {
            let count = |read: &Read<'_>| {
                let sql = "SELECT COUNT(*) FROM outbox_record";
                Ok::<u32, StoreError>(read.connection.query_row(sql, (), |row| row.get(0))?)
            };
            store.read(count).unwrap()
        };
        store
            .write(|write| write.save(Uuid::from_u128(9), Instant::from_unix_ms(1), vec![family]))
            .unwrap();
        assert_eq!(named(), 1);
        // The record goes, and a change of it is still to be sent.
        store
            .write(|write| {
                write
                    .connection
                    .execute_batch("DELETE FROM outbox_record; DELETE FROM confirmed")?;
                write.become_device(DeviceNumber(2))
            })
            .unwrap();
        assert_eq!(named(), 0);
        assert_eq!(store.unsent().unwrap().len(), 1, "it is sent all the same");
    }

    #[test]
    fn however_many_go_again_without_their_bodies_a_batch_is_one_that_the_county_takes() {
        let (_home, store) = a_store();
        store
            .write(|write| {
                write.connection.execute(
                    "WITH RECURSIVE number (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM number WHERE n < 12000)
                     INSERT INTO outbox (sequence, digest) SELECT n, zeroblob(32) FROM number",
                    (),
                )?;
                Ok::<_, StoreError>(())
            })
            .unwrap();
        let transactions = store.unsent().unwrap();
        assert!(transactions.len() > 1000);
        let request = PushRequest {
            epoch: Uuid::from_u128(1),
            transactions,
            audit: None,
        };
        assert!(serde_json::to_vec(&request).unwrap().len() < MAX_BATCH_BYTES);
    }
}
