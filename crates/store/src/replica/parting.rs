//! Scopes that are taken from this device or given to it, and records that leave a scope.
//!
//! What no scope holds here any more is removed when nothing is unsent: first what left is noted, in
//! the step that learns of it; then, at the end of a meeting, all of it goes in one step; then the
//! files are scrubbed. A crash between any two is gone on from at the next meeting.

use std::collections::BTreeSet;

use porch_domain::authority::{Authority, AuthorityEnd};
use porch_domain::catalogue::{RECORDS, Record as _, record_entry};
use porch_domain::decision::Decision;
use porch_domain::erasure::ErasureOrder;
use porch_domain::photo::{Photo, PhotoSubject};
use porch_domain::standing::{Expiry, Misrecording};
use porch_domain::stop::{Stop, StopEnd};
use porch_domain::withdrawal::{Withdrawal, WithdrawalRuling};
#[cfg(feature = "simulation")]
use porch_sync::planted::{Planted, is_planted};
use porch_sync::protocol::{COUNTY_SCOPE, Holds, Left};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use super::{KEPT_ASIDE, URGENT};
use crate::access::{Read, Write};
use crate::error::StoreError;

/// Everything about one person's consent, as `letting_go` calls it.
const CONSENT: &str = "consent";

/// The kinds that only `letting_go` removes, one by one.
const GUARDED: &[&str] = &[
    "publication",
    "takedown",
    "attendance",
    "departure",
    "attendance_void",
    "concern",
];

impl Read<'_> {
    /// Scopes that were taken from this device, that nothing here is held through any more, and
    /// whose transactions are all in a backup of the county.
    pub(super) fn parted(&self) -> Result<Vec<Uuid>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT scope FROM parting p
             WHERE through IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM outbox WHERE sequence <= p.through AND body IS NOT NULL)
             ORDER BY scope",
        )?;
        let scopes = select.query_map((), |row| row.get(0).map(Uuid::from_bytes))?;
        Ok(scopes.collect::<Result<_, _>>()?)
    }

    /// How many scopes were taken from this device and are not left yet: unsent work, or what the
    /// county has in no backup, keeps them.
    ///
    /// # Errors
    /// When the store fails.
    pub fn partings(&self) -> Result<u32, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT COUNT(*) FROM parting")?
            .query_row((), |row| row.get(0))?)
    }

    fn is_parting(&self) -> Result<bool, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM parting WHERE through IS NULL")?
            .exists(())?)
    }

    fn unheld(&self) -> Result<Vec<(Uuid, String)>, StoreError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT record, kind FROM unheld ORDER BY record")?;
        let rows = select.query_map((), |row| Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Nothing is unsent, and each scope was compared with the county's digest and is whole: only
    /// then does a record without a holding belong to no scope of this device.
    fn is_settled(&self) -> Result<bool, StoreError> {
        let unsent = self
            .connection
            .prepare_cached("SELECT 1 FROM outbox WHERE outcome IS NULL AND body IS NOT NULL")?
            .exists(())?;
        if unsent {
            return Ok(false);
        }
        for scope in self.device()?.scopes {
            let whole = self
                .connection
                .prepare_cached("SELECT 1 FROM scope_tally WHERE scope = ? AND misses = 0")?
                .exists([scope.as_bytes().as_slice()])?;
            if !whole {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_to_look_through(&self) -> Result<bool, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM let_go WHERE look_through = 1")?
            .exists(())?)
    }

    /// Every record without a holding, but for what the county keeps aside; of that, when scopes were taken, what is not
    /// of one that is held.
    fn all_unheld(&self, parting: bool) -> Result<Vec<(Uuid, String)>, StoreError> {
        let held = self.device()?.scopes;
        let held: Vec<String> = held
            .iter()
            .map(|scope| scope.simple().to_string())
            .collect();
        let held = serde_json::to_string(&held)?;
        let all = !parting;
        let mut found = Vec::new();
        for entry in RECORDS
            .iter()
            .filter(|entry| entry.kind != ErasureOrder::KIND)
        {
            // Names of tables come from the catalogue, which is code.
            let sql = format!(
                "SELECT t.id FROM {} t
                 WHERE NOT EXISTS (SELECT 1 FROM holding h WHERE h.record = t.id)
                     AND NOT EXISTS (
                         SELECT 1 FROM set_aside s
                         WHERE s.record = t.id AND s.reason = ?1
                             AND (?3 OR s.scope IS NULL OR lower(hex(s.scope)) IN (SELECT value FROM json_each(?2)))
                     )",
                entry.table
            );
            let mut select = self.connection.prepare(&sql)?;
            let ids = select.query_map(params![KEPT_ASIDE, held, all], |row| {
                row.get(0).map(Uuid::from_bytes)
            })?;
            for id in ids {
                found.push((id?, entry.kind.to_owned()));
            }
        }
        let mut select = self.connection.prepare(
            "SELECT s.record, s.kind FROM set_aside s
             WHERE NOT EXISTS (SELECT 1 FROM holding h WHERE h.record = s.record)
                 AND NOT (
                     s.reason = ?1
                     AND (?3 OR s.scope IS NULL OR lower(hex(s.scope)) IN (SELECT value FROM json_each(?2)))
                 )",
        )?;
        let aside = select.query_map(params![KEPT_ASIDE, held, all], |row| {
            Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?))
        })?;
        for kept in aside {
            found.push(kept?);
        }
        Ok(found)
    }

    /// The people whose consent such a record is.
    fn whose_consent(&self, kind: &str, record: Uuid) -> Result<Option<Uuid>, StoreError> {
        let sql = match kind {
            Decision::KIND => "SELECT subject FROM decision WHERE id = ?",
            Withdrawal::KIND => "SELECT subject FROM withdrawal WHERE id = ?",
            Authority::KIND => "SELECT child FROM authority WHERE id = ?",
            AuthorityEnd::KIND => {
                "SELECT a.child FROM authority_end e JOIN authority a ON a.id = e.authority WHERE e.id = ?"
            }
            Misrecording::KIND => {
                "SELECT d.subject FROM misrecording m JOIN decision d ON d.id = m.decision WHERE m.id = ?"
            }
            Expiry::KIND => {
                "SELECT d.subject FROM expiry e JOIN decision d ON d.id = e.decision WHERE e.id = ?"
            }
            WithdrawalRuling::KIND => {
                "SELECT w.subject FROM withdrawal_ruling u JOIN withdrawal w ON w.id = u.withdrawal WHERE u.id = ?"
            }
            Stop::KIND => "SELECT subject FROM stop WHERE id = ?",
            StopEnd::KIND => {
                "SELECT s.subject FROM stop_end e JOIN stop s ON s.id = e.stop WHERE e.id = ?"
            }
            _ => return Ok(None),
        };
        Ok(self
            .connection
            .prepare_cached(sql)?
            .query_row([record.as_bytes().as_slice()], |row| row.get(0))
            .optional()?
            .map(Uuid::from_bytes))
    }

    pub(super) fn is_held(&self, record: Uuid) -> Result<bool, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM holding WHERE record = ?")?
            .exists([record.as_bytes().as_slice()])?)
    }
}

impl Write<'_> {
    /// Takes note of which scopes the county says that this device holds. After the places of the
    /// page are kept.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when the device's own centre is not among them: it never loses that.
    pub(super) fn note_scopes(&self, holds: &Holds) -> Result<(), StoreError> {
        let device = self.device()?;
        let before: BTreeSet<Uuid> = device.scopes.iter().copied().collect();
        let now: BTreeSet<Uuid> = holds.scopes.iter().copied().collect();
        if !now.contains(&device.centre.into()) || now.contains(&URGENT) {
            return Err(StoreError::Malformed);
        }
        for scope in before.difference(&now) {
            self.part_from(*scope)?;
        }
        for scope in &holds.leaving {
            if !before.contains(scope) && !now.contains(scope) {
                self.part_from(*scope)?;
            }
        }
        for scope in now.difference(&before) {
            self.forget_scope(*scope)?;
            // What is urgent in it comes before anything else of it, from the start.
            self.connection
                .prepare_cached("DELETE FROM cursor WHERE scope = ?")?
                .execute([URGENT.as_bytes().as_slice()])?;
        }
        if before != now {
            let scopes: Vec<Uuid> = now.iter().copied().collect();
            self.connection
                .prepare_cached("UPDATE device SET scopes = ?")?
                .execute([serde_json::to_string(&scopes)?])?;
        }
        for scope in self.parted()? {
            if !holds.leaving.contains(&scope) {
                self.connection
                    .prepare_cached("DELETE FROM parting WHERE scope = ?")?
                    .execute([scope.as_bytes().as_slice()])?;
            }
        }
        for scope in &now {
            self.connection
                .prepare_cached("DELETE FROM parting WHERE scope = ?")?
                .execute([scope.as_bytes().as_slice()])?;
        }
        Ok(())
    }

    /// A county that was restored may not know that it gave a scope. Those beside this device's own
    /// are not asked for until the county says that they are held; if it does not, they are left.
    pub(crate) fn part_from_given_scopes(&self) -> Result<(), StoreError> {
        let device = self.device()?;
        let its_own = [Uuid::from(device.centre), COUNTY_SCOPE];
        for scope in &device.scopes {
            if !its_own.contains(scope) {
                self.part_from(*scope)?;
            }
        }
        self.connection
            .prepare_cached("UPDATE device SET scopes = ?")?
            .execute([serde_json::to_string(&its_own)?])?;
        Ok(())
    }

    fn part_from(&self, scope: Uuid) -> Result<(), StoreError> {
        let noted = self
            .connection
            .prepare_cached("INSERT OR IGNORE INTO parting (scope) VALUES (?)")?
            .execute([scope.as_bytes().as_slice()])?;
        if noted > 0 {
            self.forget_scope(scope)?;
        }
        Ok(())
    }

    /// Forgets place, holdings and tally of a scope; not its records.
    fn forget_scope(&self, scope: Uuid) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM cursor WHERE scope = ?",
            "DELETE FROM holding WHERE scope = ?",
            "DELETE FROM scope_tally WHERE scope = ?",
        ] {
            self.connection
                .prepare_cached(sql)?
                .execute([scope.as_bytes().as_slice()])?;
        }
        Ok(())
    }

    /// Takes note of records that left a scope.
    pub(super) fn note_left(&self, scope: Uuid, left: &[Left]) -> Result<(), StoreError> {
        for Left { kind, record, .. } in left {
            self.connection
                .prepare_cached("DELETE FROM holding WHERE scope = ? AND record = ?")?
                .execute(params![scope.as_bytes(), record.as_bytes()])?;
            if !self.is_held(*record)? {
                self.connection
                    .prepare_cached("INSERT OR IGNORE INTO unheld (record, kind) VALUES (?, ?)")?
                    .execute(params![record.as_bytes(), kind])?;
            }
        }
        if left.is_empty() {
            Ok(())
        } else {
            self.count_again(scope)
        }
    }

    /// Removes what no scope holds, if there is any and nothing stands against it.
    pub(super) fn let_go_of_what_left(&self) -> Result<(), StoreError> {
        let parting = self.is_parting()?;
        let looking = self.is_to_look_through()?;
        let due = parting || looking || !self.unheld()?.is_empty();
        #[cfg(feature = "simulation")]
        let hasty = is_planted(Planted::LeftBeforeSent);
        #[cfg(not(feature = "simulation"))]
        let hasty = false;
        if !due || !(hasty || self.is_settled()?) {
            return Ok(());
        }
        if parting || looking {
            self.note_unheld(&self.all_unheld(parting)?)?;
            self.connection
                .execute("UPDATE let_go SET look_through = 0", ())?;
        }
        let gone = self.remove_unheld()?;
        if gone > 0 {
            self.count_letting_go()?;
        }
        // A photo that is still to be sent keeps what it rests on, and the scope with it.
        let waits = self
            .connection
            .prepare_cached("SELECT 1 FROM unheld WHERE kind = ?")?
            .exists([Photo::KIND])?;
        if parting && !waits {
            self.connection.execute(
                "UPDATE parting SET through = (SELECT sequence FROM tally) WHERE through IS NULL",
                (),
            )?;
            self.count_letting_go()?;
        }
        Ok(())
    }

    /// The next time when nothing is unsent and every scope is whole, whatever no scope holds goes.
    ///
    /// A device whose disk was copied is not told of everything that was removed: who is to be told is known by number, and
    /// its other copy may have confirmed for both.
    pub(super) fn look_through(&self) -> Result<(), StoreError> {
        self.connection
            .execute("UPDATE let_go SET look_through = 1", ())?;
        Ok(())
    }

    /// The files are to be scrubbed.
    pub(super) fn count_letting_go(&self) -> Result<(), StoreError> {
        self.connection
            .execute("UPDATE let_go SET times = times + 1", ())?;
        Ok(())
    }

    pub(super) fn note_unheld(&self, records: &[(Uuid, String)]) -> Result<(), StoreError> {
        for (record, kind) in records {
            self.connection
                .prepare_cached("INSERT OR IGNORE INTO unheld (record, kind) VALUES (?, ?)")?
                .execute(params![record.as_bytes(), kind])?;
        }
        Ok(())
    }

    /// Removes what is noted as unheld, and gives how many records went. What a guard keeps stays
    /// noted, for the next time.
    fn remove_unheld(&self) -> Result<u64, StoreError> {
        let mut unheld = self.unheld()?;
        // Content before the consent that it rests on.
        unheld.sort_by_key(|(record, kind)| (kind != Photo::KIND, *record));
        let mut gone = BTreeSet::new();
        for (record, kind) in &unheld {
            if self.is_held(*record)? {
                self.forget_unheld(*record)?;
            } else if self.remove_one(kind, *record)? {
                self.forget_record(*record)?;
                gone.insert(*record);
            }
        }
        self.forget_drafts(&gone)?;
        Ok(u64::try_from(gone.len()).unwrap_or(u64::MAX))
    }

    /// False when a guard keeps it.
    fn remove_one(&self, kind: &str, record: Uuid) -> Result<bool, StoreError> {
        // What this program does not know is only set aside.
        if record_entry(kind).is_none() {
            return Ok(true);
        }
        self.connection.execute_batch("SAVEPOINT leaving")?;
        let removed = match kind {
            Photo::KIND => self.remove_guarded(Photo::KIND, record),
            // It goes with its photo.
            PhotoSubject::KIND => Ok(()),
            kind if GUARDED.contains(&kind) => self.remove_guarded(kind, record),
            Decision::KIND | Withdrawal::KIND | Authority::KIND | AuthorityEnd::KIND => {
                match self.whose_consent(kind, record)? {
                    Some(person) => self.remove_guarded(CONSENT, person),
                    None => Ok(()),
                }
            }
            kind => self.delete_row(kind, record),
        };
        match removed {
            Ok(()) => {
                self.connection.execute_batch("RELEASE leaving")?;
                Ok(!self.has(kind, record)?)
            }
            Err(StoreError::Consent(_) | StoreError::Malformed) => {
                self.connection
                    .execute_batch("ROLLBACK TO leaving; RELEASE leaving")?;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn remove_guarded(&self, kind: &str, record: Uuid) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("INSERT INTO letting_go (record, kind) VALUES (?, ?)")?
            .execute(params![record.as_bytes(), kind])?;
        Ok(())
    }

    pub(super) fn forget_unheld(&self, record: Uuid) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("DELETE FROM unheld WHERE record = ?")?
            .execute([record.as_bytes().as_slice()])?;
        Ok(())
    }

    /// What is kept beside the rows.
    fn forget_record(&self, record: Uuid) -> Result<(), StoreError> {
        let id = record.as_bytes().as_slice();
        for sql in [
            "DELETE FROM unheld WHERE record = ?",
            "DELETE FROM confirmed WHERE record = ?",
            "DELETE FROM conflict WHERE record = ?",
            "DELETE FROM set_aside WHERE record = ?",
            "DELETE FROM hand_over WHERE family = ?",
        ] {
            self.connection.prepare_cached(sql)?.execute([id])?;
        }
        Ok(())
    }

    /// Half-typed forms that name what left.
    fn forget_drafts(&self, gone: &BTreeSet<Uuid>) -> Result<(), StoreError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT user, form, body FROM draft")?;
        let drafts = select.query_map((), |row| {
            Ok((
                row.get::<_, [u8; 16]>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
            ))
        })?;
        for (user, form, body) in drafts.collect::<Result<Vec<_>, _>>()? {
            let said = format!("{form} {body}");
            if gone.iter().any(|id| said.contains(&id.to_string())) {
                self.connection
                    .prepare_cached("DELETE FROM draft WHERE user = ? AND form = ?")?
                    .execute(params![user, form])?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
