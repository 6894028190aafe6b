//! A device that was copied takes a number of its own: its unsent transactions are numbered anew.

use std::collections::BTreeSet;

use porch_domain::alias::{Alias, NEWER_SEEN, OLDER_SEEN};
use porch_domain::catalogue::{Record as _, Shape, record_entry};
use porch_sync::{Bytes, Change, DeviceNumber, SealedTransaction, Transaction, Version};
use rusqlite::params;
use serde_json::Value;

use crate::access::Write;
use crate::error::StoreError;

/// A write under its old and its new number.
struct Renamed {
    before: Version,
    now: Version,
}

/// The other copy may have used the same number; the clock tells whose write it was.
fn renamed(versions: &[Renamed], version: &mut Version) {
    let found = versions
        .iter()
        .find(|renamed| renamed.before == *version && renamed.before.clock == version.clock);
    if let Some(found) = found {
        *version = found.now;
    }
}

/// An alias tells which writes somebody saw when they merged two records.
fn rename_seen(versions: &[Renamed], alias: &mut Change) {
    for seen in [OLDER_SEEN, NEWER_SEEN] {
        let Some(field) = alias.fields.get_mut(seen) else {
            continue;
        };
        if let Value::String(text) = &mut field.value {
            for Renamed { before, now } in versions {
                *text = text.replace(&format!("\"{before}\""), &format!("\"{now}\""));
            }
        }
    }
}

impl Write<'_> {
    /// Becomes another device of the same centre: what is unsent is numbered from 1, with new
    /// salts and digests, and what rests on it follows. What the county has acknowledged belongs
    /// to the number that was left and is forgotten as a transaction; the records stay.
    ///
    /// The caller sees to it that the device's new key is kept for good in the same step.
    ///
    /// # Errors
    /// When the store fails or there is no randomness; then nothing of it was written.
    pub fn become_device(&self, number: DeviceNumber) -> Result<(), StoreError> {
        if self.take_number(number)? {
            self.look_through()?;
            // Under the number that it shared it may have been told of nothing that the other copy confirmed.
            self.try_stopped_scopes()?;
        }
        Ok(())
    }

    /// As [`Write::become_device`], but that what no scope holds stays: it may be the last of it. False when it has that
    /// number already.
    pub(crate) fn take_number(&self, number: DeviceNumber) -> Result<bool, StoreError> {
        if self.device()?.number == number {
            return Ok(false);
        }
        let mut transactions = self.unsent_transactions()?;
        let mut versions: Vec<Renamed> = Vec::with_capacity(transactions.len());
        for (sequence, transaction) in (1..).zip(&mut transactions) {
            let before = transaction.version();
            transaction.device = number;
            transaction.sequence = sequence;
            let bases = transaction.changes.iter_mut();
            let bases = bases.flat_map(|change| change.fields.values_mut());
            for base in bases.filter_map(|field| field.base.as_mut()) {
                renamed(&versions, base);
            }
            let aliases = transaction.changes.iter_mut();
            for alias in aliases.filter(|change| change.kind == Alias::KIND) {
                rename_seen(&versions, alias);
            }
            versions.push(Renamed {
                before,
                now: transaction.version(),
            });
        }
        self.connection.execute_batch(
            "DELETE FROM outbox_record; DELETE FROM outbox; DELETE FROM outbox_rest;",
        )?;
        for transaction in &transactions {
            self.put_renumbered(transaction)?;
        }
        #[cfg(feature = "simulation")]
        let goes_on =
            porch_sync::planted::is_planted(porch_sync::planted::Planted::CopyKeepsCounting);
        #[cfg(not(feature = "simulation"))]
        let goes_on = false;
        if !goes_on {
            self.connection.execute(
                "UPDATE tally SET sequence = ?",
                [u64::try_from(transactions.len()).unwrap_or(u64::MAX)],
            )?;
        }
        self.connection
            .execute("UPDATE device SET number = ?", [number.0])?;
        for Renamed { before, now } in &versions {
            self.connection
                .prepare_cached("UPDATE OR IGNORE conflict SET loser = ?2 WHERE loser = ?1")?
                .execute([before.to_string(), now.to_string()])?;
            self.connection
                .prepare_cached("UPDATE conflict SET winner = ?2 WHERE winner = ?1")?
                .execute([before.to_string(), now.to_string()])?;
        }
        self.rewrite_records(&transactions, &versions)?;
        Ok(true)
    }

    fn unsent_transactions(&self) -> Result<Vec<Transaction>, StoreError> {
        // A transaction that was blanked holds nothing that is still to be sent.
        let mut select = self.connection.prepare(
            "SELECT body FROM outbox WHERE outcome IS NULL AND body IS NOT NULL ORDER BY sequence",
        )?;
        let bodies = select.query_map((), |row| row.get::<_, String>(0))?;
        bodies
            .map(|body| Ok(serde_json::from_str(&body?)?))
            .collect()
    }

    fn put_renumbered(&self, transaction: &Transaction) -> Result<(), StoreError> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| StoreError::NoRandomness)?;
        let sealed = SealedTransaction::seal(transaction, Bytes(salt))?;
        self.connection
            .prepare_cached(
                "INSERT INTO outbox (sequence, salt, digest, body) VALUES (?, ?, ?, ?)",
            )?
            .execute(params![
                transaction.sequence,
                salt,
                sealed.digest.0,
                sealed.body
            ])?;
        self.name_records(transaction)
    }

    /// What these transactions wrote bears their new versions: records are laid anew on what the
    /// county said, events are told which write they came from.
    fn rewrite_records(
        &self,
        transactions: &[Transaction],
        versions: &[Renamed],
    ) -> Result<(), StoreError> {
        let mut done = BTreeSet::new();
        for change in transactions.iter().flat_map(|t| &t.changes) {
            if !done.insert(change.id) {
                continue;
            }
            let event = record_entry(&change.kind).is_some_and(|entry| entry.shape == Shape::Event);
            if !event {
                self.lay_on_top(&change.kind, change.id)?;
                continue;
            }
            if let Some(mut row) = self.row(&change.kind, change.id)? {
                for stamped in row.fields.values_mut() {
                    renamed(versions, &mut stamped.version);
                }
                self.put_row(&row)?;
            }
        }
        Ok(())
    }
}
