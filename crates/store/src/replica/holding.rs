//! What this device holds of each scope, and whether that is what the county holds.
//!
//! A holding says that the county gave a record in a scope, and at which mark. Their tally is
//! compared with the county's whenever the device stands at the scope's head. That the tables bear
//! the holdings out is looked at once after the store was opened.

use std::collections::BTreeSet;

use porch_sync::protocol::{Digests, FeedRow};
use porch_sync::{Bytes, DigestKey, Mark, Row, ScopeDigest, Tally};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use crate::access::{Read, Write};
use crate::error::StoreError;

/// At so many misses in a row a scope has stopped: it was fetched afresh twice, and in vain. Once is not enough. A device whose disk was
/// copied is not told of what its other copy has confirmed the removal of; what such a removal takes away while the scope is being fetched
/// was brought before, and is missed only at the end.
pub(crate) const STOPPED: u32 = 3;

/// A holding that the tables do not bear out.
pub(super) struct Unborne {
    scope: Uuid,
    record: Uuid,
}

impl Read<'_> {
    fn tally_of(&self, scope: Uuid) -> Result<(Tally, u32), StoreError> {
        let found = self
            .connection
            .prepare_cached("SELECT held, sum, misses FROM scope_tally WHERE scope = ?")?
            .query_row([scope.as_bytes().as_slice()], |row| {
                let tally = Tally {
                    count: row.get(0)?,
                    sum: u128::from_be_bytes(row.get(1)?),
                };
                Ok((tally, row.get(2)?))
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }

    pub(super) fn has_stopped(&self, scope: Uuid) -> Result<bool, StoreError> {
        Ok(self.tally_of(scope)?.1 >= STOPPED)
    }

    fn digest_key(&self) -> Result<Option<DigestKey>, StoreError> {
        let key = self
            .connection
            .prepare_cached("SELECT key FROM digest_key")?
            .query_row((), |row| row.get(0))
            .optional()?;
        Ok(key.map(Bytes))
    }

    /// The holdings for which no table has the record at the mark that the county gave.
    pub(super) fn unborne(&self) -> Result<Vec<Unborne>, StoreError> {
        let Some(key) = self.digest_key()? else {
            return Ok(Vec::new());
        };
        let mut select = self
            .connection
            .prepare("SELECT scope, record, kind, mark FROM holding ORDER BY record")?;
        let mut rows = select.query(())?;
        let mut unborne = Vec::new();
        while let Some(row) = rows.next()? {
            let record = Uuid::from_bytes(row.get(1)?);
            let kind: String = row.get(2)?;
            let mark = Mark::from_bytes(row.get(3)?);
            if !self.bears(&key, &kind, record, mark)? {
                unborne.push(Unborne {
                    scope: Uuid::from_bytes(row.get(0)?),
                    record,
                });
            }
        }
        Ok(unborne)
    }

    /// The county's state of a record is in its table, under unsent changes, or set aside.
    fn bears(
        &self,
        key: &DigestKey,
        kind: &str,
        record: Uuid,
        mark: Mark,
    ) -> Result<bool, StoreError> {
        let is = |row: &Row| Mark::of(key, row) == mark;
        // What cannot be read is not borne out either.
        if let Ok(Some(row)) = self.row(kind, record)
            && is(&row)
        {
            return Ok(true);
        }
        if self.confirmed(record)?.as_ref().is_some_and(is) {
            return Ok(true);
        }
        let aside: Option<String> = self
            .connection
            .prepare_cached("SELECT state FROM set_aside WHERE record = ?")?
            .query_row([record.as_bytes().as_slice()], |row| row.get(0))
            .optional()?;
        let aside: Option<Row> = aside.and_then(|state| serde_json::from_str(&state).ok());
        Ok(aside.as_ref().is_some_and(is))
    }
}

impl Write<'_> {
    fn put_tally(&self, scope: Uuid, tally: Tally, misses: u32) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO scope_tally (scope, held, sum, misses) VALUES (?, ?, ?, ?)
                 ON CONFLICT (scope) DO UPDATE SET
                     held = excluded.held, sum = excluded.sum, misses = excluded.misses",
            )?
            .execute(params![
                scope.as_bytes(),
                tally.count,
                tally.sum.to_be_bytes(),
                misses
            ])?;
        Ok(())
    }

    /// Marks of another key say nothing.
    pub(super) fn use_digest_key(&self, key: &DigestKey) -> Result<(), StoreError> {
        if self.digest_key()? == Some(*key) {
            return Ok(());
        }
        self.forget_holdings()?;
        self.connection.execute(
            "INSERT INTO digest_key (only_row, key) VALUES (1, ?)
             ON CONFLICT (only_row) DO UPDATE SET key = excluded.key",
            [key.0],
        )?;
        Ok(())
    }

    /// Forgets what the county gave, not the records: it is to be given again.
    pub(crate) fn forget_holdings(&self) -> Result<(), StoreError> {
        self.connection
            .execute_batch("DELETE FROM holding; DELETE FROM scope_tally;")?;
        Ok(())
    }

    /// Keeps that the county gave these rows in a scope.
    pub(super) fn hold(&self, scope: Uuid, rows: &[FeedRow]) -> Result<(), StoreError> {
        let Some(key) = self.digest_key()? else {
            return Ok(());
        };
        let (mut tally, misses) = self.tally_of(scope)?;
        let is_unheld = self.has_any("unheld")?;
        for FeedRow { row, .. } in rows {
            let mark = Mark::of(&key, row);
            let (scope_id, record) = (scope.as_bytes(), row.id.as_bytes());
            let new = self
                .connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO holding (scope, record, kind, mark, fresh) VALUES (?, ?, ?, ?, 1)",
                )?
                .execute(params![scope_id, record, row.kind, mark.to_bytes()])?;
            let earlier = if new == 0 {
                let earlier = self
                    .connection
                    .prepare_cached("SELECT mark FROM holding WHERE scope = ? AND record = ?")?
                    .query_row(params![scope_id, record], |row| row.get(0))?;
                self.connection
                    .prepare_cached(
                        "UPDATE holding SET mark = ?, fresh = 1 WHERE scope = ? AND record = ?",
                    )?
                    .execute(params![mark.to_bytes(), scope_id, record])?;
                Some(Mark::from_bytes(earlier))
            } else {
                None
            };
            tally = tally.with(earlier, mark);
            if is_unheld {
                self.forget_unheld(row.id)?;
            }
        }
        self.put_tally(scope, tally, misses)
    }

    /// A holding that the tables do not bear out is none.
    pub(super) fn strike(&self, unborne: &[Unborne]) -> Result<(), StoreError> {
        let mut scopes = BTreeSet::new();
        for Unborne { scope, record } in unborne {
            self.connection
                .prepare_cached("DELETE FROM holding WHERE scope = ? AND record = ?")?
                .execute(params![scope.as_bytes(), record.as_bytes()])?;
            scopes.insert(*scope);
        }
        for scope in scopes {
            self.count_again(scope)?;
        }
        Ok(())
    }

    /// What was erased is held no longer, and the tallies follow.
    pub(crate) fn count_what_is_held(&self) -> Result<(), StoreError> {
        let mut select = self.connection.prepare(
            "SELECT t.scope FROM scope_tally t
             WHERE t.held <> (SELECT COUNT(*) FROM holding h WHERE h.scope = t.scope)",
        )?;
        let scopes = select.query_map((), |row| row.get(0))?;
        for scope in scopes.collect::<Result<Vec<[u8; 16]>, _>>()? {
            self.count_again(Uuid::from_bytes(scope))?;
        }
        Ok(())
    }

    pub(super) fn count_again(&self, scope: Uuid) -> Result<(), StoreError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT mark FROM holding WHERE scope = ?")?;
        let marks = select.query_map([scope.as_bytes().as_slice()], |row| row.get(0))?;
        let mut tally = Tally::default();
        for mark in marks {
            tally = tally.with(None, Mark::from_bytes(mark?));
        }
        let (_, misses) = self.tally_of(scope)?;
        self.put_tally(scope, tally, misses)
    }

    /// Compares the scopes at whose head this device stands.
    pub(super) fn compare(&self, digests: &Digests) -> Result<(), StoreError> {
        for digest in &digests.scopes {
            let place = self.place_in(digest.scope)?;
            // A place beyond the head was never given.
            if place >= digest.head && !self.has_stopped(digest.scope)? {
                self.compare_scope(digest, place)?;
            }
        }
        Ok(())
    }

    fn compare_scope(&self, digest: &ScopeDigest, place: u64) -> Result<(), StoreError> {
        let scope = digest.scope;
        if self.tally_of(scope)?.1 > 0 {
            // It was fetched from the start and has come to its end.
            self.let_go_of_what_was_not_brought(scope)?;
        }
        let (tally, misses) = self.tally_of(scope)?;
        if place == digest.head && tally == digest.tally() {
            return self.put_tally(scope, tally, 0);
        }
        self.put_tally(scope, tally, misses + 1)?;
        if misses + 1 < STOPPED {
            self.fetch_afresh(scope)?;
        }
        Ok(())
    }

    fn fetch_afresh(&self, scope: Uuid) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("DELETE FROM cursor WHERE scope = ?")?
            .execute([scope.as_bytes().as_slice()])?;
        self.connection
            .prepare_cached("UPDATE holding SET fresh = 0 WHERE scope = ?")?
            .execute([scope.as_bytes().as_slice()])?;
        Ok(())
    }

    /// Fetches every scope that has stopped from the start once more: a person says that it is
    /// worth another try.
    ///
    /// # Errors
    /// When the store fails.
    pub fn try_stopped_scopes(&self) -> Result<(), StoreError> {
        let mut select = self
            .connection
            .prepare("SELECT scope FROM scope_tally WHERE misses >= ?")?;
        let scopes = select.query_map([STOPPED], |row| row.get(0))?;
        for scope in scopes.collect::<Result<Vec<[u8; 16]>, _>>()? {
            let scope = Uuid::from_bytes(scope);
            let (tally, _) = self.tally_of(scope)?;
            self.put_tally(scope, tally, 1)?;
            self.fetch_afresh(scope)?;
        }
        Ok(())
    }

    fn let_go_of_what_was_not_brought(&self, scope: Uuid) -> Result<(), StoreError> {
        let mut select = self
            .connection
            .prepare("SELECT record, kind FROM holding WHERE scope = ? AND fresh = 0")?;
        let stale = select.query_map([scope.as_bytes().as_slice()], |row| {
            Ok((Uuid::from_bytes(row.get(0)?), row.get::<_, String>(1)?))
        })?;
        let stale = stale.collect::<Result<Vec<_>, _>>()?;
        for (record, kind) in &stale {
            self.connection
                .prepare_cached("DELETE FROM holding WHERE scope = ? AND record = ?")?
                .execute(params![scope.as_bytes(), record.as_bytes()])?;
            let elsewhere = self
                .connection
                .prepare_cached("SELECT 1 FROM holding WHERE record = ?")?
                .exists([record.as_bytes().as_slice()])?;
            if !elsewhere {
                self.let_go(kind, *record)?;
            }
        }
        if stale.is_empty() {
            return Ok(());
        }
        // Some of it may have been erased by an order that nobody can tell of any more: the files are to
        // be scrubbed as after any other.
        self.count_letting_go()?;
        self.count_again(scope)
    }

    /// The county does not have it here. What is unsent of it stays, on top of nothing; what a
    /// guard keeps stays for now.
    fn let_go(&self, kind: &str, record: Uuid) -> Result<(), StoreError> {
        let id = record.as_bytes().as_slice();
        self.connection
            .prepare_cached("DELETE FROM set_aside WHERE record = ?")?
            .execute([id])?;
        if !self.unsent_of(record)?.is_empty() {
            self.connection
                .prepare_cached("UPDATE confirmed SET state = NULL WHERE record = ?")?
                .execute([id])?;
            return self.lay_on_top(kind, record);
        }
        self.forget_confirmed(record)?;
        self.connection.execute_batch("SAVEPOINT letting_go")?;
        match self.delete_row(kind, record) {
            Ok(()) => Ok(self.connection.execute_batch("RELEASE letting_go")?),
            // It goes with the rest of what a guard keeps together, once nothing is unsent.
            Err(StoreError::Consent(_) | StoreError::Malformed) => {
                self.connection
                    .execute_batch("ROLLBACK TO letting_go; RELEASE letting_go")?;
                self.note_unheld(&[(record, kind.to_owned())])
            }
            Err(error) => Err(error),
        }
    }
}
