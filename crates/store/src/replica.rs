//! The device's side of a meeting with the county: what is sent, what the answers mean, and what
//! arrives (docs/sync-protocol.md).
//!
//! Tables hold the effective state: the county's, with this device's unsent changes on top. What
//! lies under an unsent change is in `confirmed`; when the county's state of a record arrives, it
//! goes there and the unsent changes are laid on top of it again.

mod arrive;
mod aside;
mod holding;
mod parcel;
mod parting;
mod renumber;

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use porch_domain::catalogue::{Shape, record_entry};
use porch_sync::device::{Chunk, Parcel, Replica, Standing};
#[cfg(feature = "simulation")]
use porch_sync::planted::{Planted, is_planted};
use porch_sync::protocol::{
    AuditHead, Fate, FeedPlace, MAX_BATCH_BYTES, Outcome, PullPage, PushAnswer,
};
use porch_sync::{Bytes, Change, Op, Row, SealedTransaction, Transaction, merge};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use crate::access::{Read, Write};
use crate::error::StoreError;
use crate::open::Store;
use arrive::Rows;
pub(crate) use holding::STOPPED;

pub(crate) use aside::KEPT_ASIDE;

/// The scope under which the place in the urgent feed is kept.
const URGENT: Uuid = Uuid::nil();

impl Replica for Store {
    type Error = StoreError;

    fn standing(&self) -> Result<Standing, StoreError> {
        self.read(|read| {
            let device = read.device()?;
            let mut places = Vec::with_capacity(device.scopes.len());
            for scope in device.scopes {
                if !read.has_stopped(scope)? {
                    let after = read.place_in(scope)?;
                    places.push(FeedPlace { scope, after });
                }
            }
            let urgent_after = read.place_in(URGENT)?;
            let scrubbed = read.removals()? == self.scrubbed.load(Ordering::Acquire);
            let left = if scrubbed { read.parted()? } else { Vec::new() };
            Ok(Standing {
                epoch: device.epoch,
                urgent_after,
                places,
                scrubbed: scrubbed.then_some(urgent_after),
                left,
            })
        })
    }

    fn unsent(&self) -> Result<Vec<SealedTransaction>, StoreError> {
        self.read(|read| {
            let device = read.device()?.number;
            let mut select = read.connection.prepare_cached(
                "SELECT sequence, salt, digest, body FROM outbox WHERE outcome IS NULL ORDER BY sequence",
            )?;
            let mut rows = select.query(())?;
            let (mut batch, mut bytes) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                let body: Option<String> = row.get(3)?;
                // What is in a backup goes without its body when it goes again; its envelope weighs, too.
                bytes += ENVELOPE_BYTES + body.as_ref().map_or(0, String::len);
                // One transaction is never split, and the first always goes.
                if bytes > MAX_BATCH_BYTES / 2 && !batch.is_empty() {
                    break;
                }
                let salt: Option<[u8; 16]> = row.get(1)?;
                batch.push(SealedTransaction {
                    device,
                    sequence: row.get(0)?,
                    salt: salt.map(Bytes),
                    digest: Bytes(row.get(2)?),
                    body,
                });
            }
            Ok(batch)
        })
    }

    fn audit_head(&self) -> Result<Option<AuditHead>, StoreError> {
        self.read(|read| read.audit_head())
    }

    fn answered(&self, answer: &PushAnswer) -> Result<(), StoreError> {
        self.write(|write| {
            for outcome in &answer.outcomes {
                write.settle(outcome)?;
            }
            #[cfg(feature = "simulation")]
            if is_planted(Planted::AllAnswered) && !answer.outcomes.is_empty() {
                return write.settle_all();
            }
            // A server that has less than it once acknowledged gets the rest again.
            write.send_again(answer.expected)?;
            write.let_go_of_backed_up(answer.backed_up)
        })?;
        self.scrub()
    }

    fn take_page(&self, page: &PullPage) -> Result<(), StoreError> {
        let looked = page.digests.is_some() && !self.borne_out.load(Ordering::Acquire);
        let unborne = if looked {
            self.read(|read| read.unborne())?
        } else {
            Vec::new()
        };
        #[cfg(feature = "simulation")]
        if is_planted(Planted::PlaceFirst) {
            self.write(|write| write.put_places_first(page))?;
        }
        let arrive = |rows| {
            self.write(|write| {
                write.strike(&unborne)?;
                write.arrive(page, rows)
            })
        };
        match arrive(Rows::Together) {
            // A guard refuses something of it: which, is found row by row.
            Err(StoreError::Consent(_) | StoreError::Malformed | StoreError::Erased) => {
                arrive(Rows::OneByOne)?;
            }
            other => other?,
        }
        self.borne_out.fetch_or(looked, Ordering::AcqRel);
        self.scrub()
    }

    fn new_epoch(&self, epoch: Uuid) -> Result<(), StoreError> {
        self.write(|write| write.put_epoch(epoch))
    }

    fn let_go(&self) -> Result<(), StoreError> {
        self.write(|write| write.let_go_of_what_left())?;
        self.scrub()
    }

    fn parcels_out(&self) -> Result<Vec<Parcel>, StoreError> {
        self.read(|read| read.parcels_out())
    }

    fn chunk_out(&self, parcel: &Parcel, chunk: u32) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|read| read.chunk_out(parcel, chunk))
    }

    fn not_expected(&self, parcel: &Parcel) -> Result<(), StoreError> {
        self.write(|write| write.not_expected(parcel))
    }

    fn parcel_sent(&self, parcel: &Parcel) -> Result<(), StoreError> {
        self.write(|write| write.parcel_sent(parcel))
    }

    fn parcels_in(&self) -> Result<Vec<Parcel>, StoreError> {
        self.read(|read| read.parcels_in())
    }

    fn chunks_arrived(&self, chunks: &[Chunk]) -> Result<(), StoreError> {
        self.write(|write| {
            for Chunk {
                parcel,
                number,
                bytes,
            } in chunks
            {
                write.chunk_arrived(parcel, *number, bytes)?;
            }
            Ok(())
        })
    }
}

/// How often, and how long apart, a checkpoint is tried while someone reads.
const SCRUB_TRIES: u32 = 40;
const SCRUB_PAUSE: Duration = Duration::from_millis(25);

impl Store {
    /// After a removal: writes the database anew and folds the log into it, so that no byte of what
    /// was removed is left in a file. Does nothing when nothing was removed since the last time.
    ///
    /// Where the disk has no room for a second copy the log is folded alone, and nothing is confirmed
    /// to the county, until the store is opened again or more is removed.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when someone reads from before the removal for longer than a second;
    /// the next call tries again.
    pub fn scrub(&self) -> Result<(), StoreError> {
        let removals = self.read(|read| read.removals())?;
        let done = [&self.scrubbed, &self.had_no_room];
        if done
            .iter()
            .any(|done| done.load(Ordering::Acquire) == removals)
        {
            return Ok(());
        }
        #[cfg(feature = "simulation")]
        if is_planted(Planted::LogNotFolded) {
            self.scrubbed.store(removals, Ordering::Release);
            return Ok(());
        }
        let rewritten = match self.rewrite(removals) {
            Err(StoreError::DiskFull) => false,
            other => other.map(|()| true)?,
        };
        let mut tries = 1;
        while self.checkpoint() == Err(StoreError::Busy) {
            if tries == SCRUB_TRIES {
                return Err(StoreError::Busy);
            }
            tries += 1;
            std::thread::sleep(SCRUB_PAUSE);
        }
        let done = if rewritten {
            &self.scrubbed
        } else {
            &self.had_no_room
        };
        done.store(removals, Ordering::Release);
        Ok(())
    }

    /// Writes the database anew, once for so many removals.
    ///
    /// `secure_delete` wipes a row where it lies when it is deleted. But to balance a tree SQLite copies rows
    /// from page to page, and what a page held before stays in its unused middle: a copy that no
    /// deletion finds. What is written anew from the rows has none of what was deleted.
    fn rewrite(&self, removals: u64) -> Result<(), StoreError> {
        self.with_writer(|writer| {
            let before: u64 =
                writer.query_row("SELECT rewritten FROM let_go", (), |row| row.get(0))?;
            if before != removals {
                writer.execute_batch("VACUUM")?;
                writer.execute("UPDATE let_go SET rewritten = ?", [removals])?;
            }
            Ok(())
        })
    }
}

impl Read<'_> {
    fn place_in(&self, scope: Uuid) -> Result<u64, StoreError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT after FROM cursor WHERE scope = ?")?;
        let place = select
            .query_row([scope.as_bytes().as_slice()], |row| row.get(0))
            .optional()?;
        Ok(place.unwrap_or(0))
    }

    /// The unsent transactions that touch a record, in order.
    pub(crate) fn unsent_of(&self, record: Uuid) -> Result<Vec<Transaction>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT o.body FROM outbox_record r JOIN outbox o ON o.sequence = r.sequence
             WHERE r.record = ? AND o.body IS NOT NULL
             ORDER BY r.sequence",
        )?;
        let bodies = select.query_map([record.as_bytes().as_slice()], |row| {
            row.get::<_, String>(0)
        })?;
        bodies
            .map(|body| Ok(serde_json::from_str(&body?)?))
            .collect()
    }

    pub(crate) fn confirmed(&self, record: Uuid) -> Result<Option<Row>, StoreError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT state FROM confirmed WHERE record = ?")?;
        let state: Option<Option<String>> = select
            .query_row([record.as_bytes().as_slice()], |row| row.get(0))
            .optional()?;
        Ok(state
            .flatten()
            .map(|state| serde_json::from_str(&state))
            .transpose()?)
    }
}

/// What a transaction weighs in a batch besides its body: numbers, salt and digest as JSON.
const ENVELOPE_BYTES: usize = 160;

fn changes_of(transaction: &Transaction, record: Uuid) -> impl Iterator<Item = &Change> {
    transaction
        .changes
        .iter()
        .filter(move |change| change.id == record)
}

impl Write<'_> {
    /// Keeps the county's answer to one transaction.
    pub(crate) fn settle(&self, outcome: &Outcome) -> Result<(), StoreError> {
        let sealed: Option<Option<String>> = self
            .connection
            .prepare_cached("SELECT body FROM outbox WHERE sequence = ? AND outcome IS NULL")?
            .query_row([outcome.sequence], |row| row.get(0))
            .optional()?;
        let Some(body) = sealed else { return Ok(()) };
        // Values that lost have a table of their own, where an erasure finds them.
        let without_values = Outcome {
            conflicts: Vec::new(),
            ..outcome.clone()
        };
        let kept = serde_json::to_string(&without_values)?;
        self.connection
            .prepare_cached("UPDATE outbox SET outcome = ? WHERE sequence = ?")?
            .execute(params![kept, outcome.sequence])?;
        self.connection
            .prepare_cached("DELETE FROM outbox_record WHERE sequence = ?")?
            .execute([outcome.sequence])?;
        self.keep_conflicts(&outcome.conflicts, &outcome.redirected)?;
        for removed in &outcome.removed {
            self.remove_photo(*removed, "county", *removed)?;
        }
        let Some(transaction) = body
            .map(|body| serde_json::from_str::<Transaction>(&body))
            .transpose()?
        else {
            return Ok(());
        };
        for change in &transaction.changes {
            let event = record_entry(&change.kind).is_some_and(|entry| entry.shape == Shape::Event);
            if outcome.fate == Fate::Quarantined {
                // What was typed is not lost: it is kept until the record comes from the county.
                let before = self.kept_aside(change.id)?;
                let row = merge(before.as_ref(), &transaction, change).row;
                self.set_aside(&row, KEPT_ASIDE)?;
                self.note_where_made(change)?;
            }
            match (outcome.fate, event) {
                (Fate::Quarantined, true) => {}
                (Fate::Quarantined, false) => self.lay_on_top(&change.kind, change.id)?,
                (_, true) => {}
                // The county may have taken it in before the state that was pulled last: its answer got
                // lost, and others wrote on top. So that state is not merged with, and what the
                // county made of both comes with the rest of the feed.
                (_, false) if self.confirmed(change.id)?.is_some() => continue,
                // An edit of what the county did not have here says a part of it only.
                (_, false) if change.op == Op::Edit => {}
                (_, false) => self.put_confirmed(&merge(None, &transaction, change).row)?,
            }
            self.forget_confirmed(change.id)?;
        }
        Ok(())
    }

    /// Everything has arrived: what was written here and answered is in the feed, or the county's
    /// state that was pulled before the answer is the later one.
    fn uncover_answered(&self) -> Result<(), StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT c.state FROM confirmed c
             WHERE c.state IS NOT NULL AND NOT EXISTS (SELECT 1 FROM scope_tally WHERE misses >= ?)
               AND NOT EXISTS (SELECT 1 FROM outbox_record r WHERE r.record = c.record)",
        )?;
        let states = select.query_map([STOPPED], |row| row.get::<_, String>(0))?;
        for state in states.collect::<Result<Vec<_>, _>>()? {
            let row: Row = serde_json::from_str(&state)?;
            self.put_row(&row)?;
            self.forget_confirmed(row.id)?;
        }
        Ok(())
    }

    fn put_confirmed(&self, row: &Row) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO confirmed (record, kind, state) VALUES (?, ?, ?)
                 ON CONFLICT (record) DO UPDATE SET state = excluded.state",
            )?
            .execute(params![
                row.id.as_bytes(),
                row.kind,
                serde_json::to_string(row)?
            ])?;
        Ok(())
    }

    /// Takes what was answered from a sequence on for unsent again.
    pub(crate) fn send_again(&self, from: u64) -> Result<(), StoreError> {
        let mut select = self.connection.prepare(
            "SELECT body, outcome FROM outbox
             WHERE sequence >= ? AND outcome IS NOT NULL AND body IS NOT NULL ORDER BY sequence",
        )?;
        let answered = select.query_map([from], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let mut taken_off = BTreeSet::new();
        for (body, outcome) in answered.collect::<Result<Vec<_>, _>>()? {
            let transaction: Transaction = serde_json::from_str(&body)?;
            let outcome: Outcome = serde_json::from_str(&outcome)?;
            for change in &transaction.changes {
                let event = record_entry(&change.kind).is_some_and(|e| e.shape == Shape::Event);
                if !event {
                    let current = self.row(&change.kind, change.id)?;
                    self.keep_confirmed(change, current.as_ref())?;
                    // What moved it to another centre is not in what was last given of it here.
                    let left = current.is_some() && !self.is_held(change.id)?;
                    if left || outcome.fate == Fate::Quarantined {
                        taken_off.insert((change.kind.clone(), change.id));
                    }
                }
            }
            self.name_records(&transaction)?;
        }
        self.connection
            .prepare_cached("UPDATE outbox SET outcome = NULL WHERE sequence >= ?")?
            .execute([from])?;
        // What was taken off its records, such as what the county kept aside, lies on them again, unsent.
        for (kind, record) in taken_off {
            self.lay_on_top(&kind, record)?;
        }
        self.save_rests(from)
    }

    /// What is in a backup of the county need not be kept here: number and digest stay.
    pub(super) fn let_go_of_backed_up(&self, backed_up: u64) -> Result<(), StoreError> {
        self.forget_rests_up_to(backed_up)?;
        let blanked = self
            .connection
            .prepare_cached(
                "UPDATE outbox SET salt = NULL, body = NULL
                 WHERE sequence <= ? AND outcome IS NOT NULL AND body IS NOT NULL",
            )?
            .execute([backed_up])?;
        // They may tell of somebody who has left.
        if blanked > 0 {
            self.count_letting_go()?;
        }
        Ok(())
    }

    /// Nothing unsent lies on a record: its effective state is the county's.
    fn forget_confirmed(&self, record: Uuid) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "DELETE FROM confirmed
                 WHERE record = ?1 AND NOT EXISTS (SELECT 1 FROM outbox_record WHERE record = ?1)",
            )?
            .execute([record.as_bytes().as_slice()])?;
        Ok(())
    }

    /// Makes a record's effective state anew: the county's state with the unsent changes on top.
    fn lay_on_top(&self, kind: &str, record: Uuid) -> Result<(), StoreError> {
        let mut effective = self.confirmed(record)?;
        for transaction in self.unsent_of(record)? {
            for change in changes_of(&transaction, record) {
                // What made the record was kept aside, or the county no longer has it here: the edit
                // is sent, and has nothing to lie on.
                if effective.is_none() && change.op == Op::Edit {
                    continue;
                }
                let merged = merge(effective.as_ref(), &transaction, change);
                self.keep_conflicts(&merged.conflicts, &[])?;
                effective = Some(merged.row);
            }
        }
        match effective {
            Some(row) => self.put_row(&row),
            None => self.delete_row(kind, record),
        }
    }
}
