//! Erasing people: what the county orders is carried out by the triggers of `erased`
//! (`migrations/desk`), and what was not yet sent of everybody else is written anew.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::alias::Alias;
use porch_domain::catalogue::{FieldValues, RECORDS, Record as _, Shape, record_entry};
use porch_domain::erasure::{goes, linked, names};
use porch_domain::id::{ErasureOrderId, PersonId};
use porch_domain::person::Person;
use porch_domain::time::Instant;
use porch_sync::protocol::Removal;
use porch_sync::{Change, FieldChange, Op, Transaction};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use crate::access::{Read, Write};
use crate::error::StoreError;

mod choices;
mod rest;

/// Why something about an erased person was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drop {
    /// It arrived.
    Arrived,
    /// It was saved here.
    Saved,
    /// A removal that would not have been whole.
    Refused,
}

impl Drop {
    const fn word(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::Saved => "saved",
            Self::Refused => "refused",
        }
    }
}

impl Read<'_> {
    /// Whether a record was erased here.
    ///
    /// # Errors
    /// When the store fails.
    pub fn is_erased(&self, record: Uuid) -> Result<bool, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM erased WHERE record = ?")?
            .exists([record.as_bytes().as_slice()])?)
    }

    /// The order to erase a person that waits to be carried out, if there is one.
    ///
    /// # Errors
    /// When the store fails.
    pub fn order_to_erase(&self, person: PersonId) -> Result<Option<ErasureOrderId>, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT id FROM erasure_order
                 WHERE person IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
                 ORDER BY id LIMIT 1",
            )?
            .query_row([person.to_bytes()], |row| row.get(0))
            .optional()?
            .map(ErasureOrderId::from_bytes))
    }

    /// How many records that are erased were dropped since: they arrived or were saved too late.
    ///
    /// # Errors
    /// When the store fails.
    pub fn erased_drops(&self) -> Result<u64, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT COUNT(*) FROM erased_drop")?
            .query_row((), |row| row.get(0))?)
    }

    /// Whether a change is one to an erased record, or would make one that is about it.
    pub(crate) fn is_too_late(&self, change: &Change) -> Result<bool, StoreError> {
        if self.is_erased(change.id)? {
            return Ok(true);
        }
        let values = values(change);
        let mut gone = BTreeSet::new();
        for named in names(&change.kind, &values) {
            if self.is_erased(named)? {
                gone.insert(named);
            }
        }
        Ok(goes(&change.kind, &values, |id| gone.contains(&id)))
    }

    /// The transactions that the county has not answered and that still say something.
    fn unanswered(&self) -> Result<BTreeMap<u64, Transaction>, StoreError> {
        self.transactions("outcome IS NULL AND body IS NOT NULL")
    }

    fn transactions(&self, which: &str) -> Result<BTreeMap<u64, Transaction>, StoreError> {
        let sql = format!("SELECT sequence, body FROM outbox WHERE {which}");
        let mut select = self.connection.prepare_cached(&sql)?;
        let rows = select.query_map((), |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (sequence, body) = row?;
            Ok((sequence, serde_json::from_str(&body)?))
        })
        .collect()
    }
}

fn values(change: &Change) -> FieldValues {
    let fields = change.fields.iter();
    fields
        .map(|(name, field)| (name.clone(), field.value.clone()))
        .collect()
}

/// Whether a change can be taken in only after these records: it is of one of them, or merges it.
fn rests_on(change: &Change, records: &BTreeSet<Uuid>) -> bool {
    let merged = || linked(&change.kind, &values(change));
    records.contains(&change.id)
        || (change.kind == Alias::KIND && merged().iter().any(|end| records.contains(end)))
}

fn rank(kind: &str) -> (bool, usize) {
    let place = RECORDS.iter().position(|entry| entry.kind == kind);
    (kind != Person::KIND, place.unwrap_or(RECORDS.len()))
}

impl Write<'_> {
    /// Carries removals out; those that were carried out before do nothing. `now` dates what is
    /// written anew.
    ///
    /// # Errors
    /// When the store fails; then the caller's transaction writes nothing.
    pub(crate) fn carry_out(&self, removals: &[Removal], now: Instant) -> Result<(), StoreError> {
        // People first, and what rests on another record after it: so all of a root goes with it.
        let mut removals: Vec<&Removal> = removals.iter().collect();
        removals.sort_by_key(|removal| rank(&removal.kind));
        let mut before = None;
        for removal in removals {
            if self.is_erased(removal.record)? {
                continue;
            }
            if before.is_none() {
                before = Some((self.unanswered()?, self.kept_for_a_restore()?));
            }
            self.erase(removal)?;
        }
        let Some((unanswered, kept)) = before else {
            return Ok(());
        };
        self.count_what_is_held()?;
        self.keep_rests(&kept)?;
        self.write_anew(&unanswered, now)
    }

    fn erase(&self, removal: &Removal) -> Result<(), StoreError> {
        let at = Instant::from_unix_ms(i64::try_from(removal.unix_ms).unwrap_or(i64::MAX));
        self.connection.execute_batch("SAVEPOINT erasure")?;
        let erased = self
            .connection
            .prepare_cached(
                "INSERT INTO erased (record, kind, root, because, erased_at) VALUES (?1, ?2, ?1, ?3, ?4)",
            )?
            .execute(params![
                removal.record.as_bytes(),
                removal.kind,
                removal.because.as_bytes(),
                at.to_string()
            ])
            .map_err(StoreError::from);
        match erased {
            Ok(_) => Ok(self.connection.execute_batch("RELEASE erasure")?),
            Err(StoreError::NotWhole) => {
                self.connection
                    .execute_batch("ROLLBACK TO erasure; RELEASE erasure")?;
                self.note_drop(&removal.kind, removal.record, Drop::Refused)
            }
            Err(error) => Err(error),
        }
    }

    /// Keeps that something was dropped: which record, never what it said.
    pub(crate) fn note_drop(&self, kind: &str, record: Uuid, why: Drop) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("INSERT INTO erased_drop (record, kind, source) VALUES (?, ?, ?)")?
            .execute(params![record.as_bytes(), kind, why.word()])?;
        Ok(())
    }

    /// Transactions that were blanked told of other people, too. What they said of those, and what
    /// later unsent ones build on it, is saved again as it stands now, under new numbers: the old
    /// ones are fixed, and may be known to the county already.
    fn write_anew(
        &self,
        before: &BTreeMap<u64, Transaction>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let standing = self.unanswered()?;
        let mut blanked: BTreeSet<u64> = before
            .keys()
            .filter(|sequence| !standing.contains_key(sequence))
            .copied()
            .collect();
        let mut touched = BTreeSet::new();
        loop {
            let lost = blanked.iter().filter_map(|sequence| before.get(sequence));
            touched.extend(lost.flat_map(|lost| &lost.changes).map(|change| change.id));
            let more: Vec<u64> = standing
                .iter()
                .filter(|(sequence, _)| !blanked.contains(*sequence))
                .filter(|(_, later)| later.changes.iter().any(|c| rests_on(c, &touched)))
                .map(|(sequence, _)| *sequence)
                .collect();
            if more.is_empty() {
                break;
            }
            blanked.extend(more);
        }
        let choices = self.choices_about(&touched)?;
        for sequence in &blanked {
            self.connection
                .prepare_cached("UPDATE outbox SET salt = NULL, body = NULL WHERE sequence = ?")?
                .execute([sequence])?;
            self.connection
                .prepare_cached("DELETE FROM outbox_record WHERE sequence = ?")?
                .execute([sequence])?;
        }
        let lost: Vec<&Transaction> = blanked.iter().filter_map(|at| before.get(at)).collect();
        let mut written = BTreeSet::new();
        for transaction in &lost {
            let mut changes = Vec::new();
            for change in &transaction.changes {
                if written.insert(change.id) {
                    changes.extend(self.anew(&lost, change)?);
                }
            }
            if !changes.is_empty() {
                self.save(transaction.author, now, changes)?;
            }
        }
        self.follow(&choices, now)
    }

    /// A record that unsent transactions made or changed, as one change on the county's state;
    /// none when it is erased.
    fn anew(&self, lost: &[&Transaction], change: &Change) -> Result<Option<Change>, StoreError> {
        let Some(row) = self.row(&change.kind, change.id)? else {
            return Ok(None);
        };
        let made = lost
            .iter()
            .flat_map(|transaction| &transaction.changes)
            .find(|made| made.id == change.id && made.op != Op::Edit)
            .map(|made| made.op.clone());
        let event = record_entry(&change.kind).is_some_and(|entry| entry.shape == Shape::Event);
        let under = if event || made.is_some() {
            None
        } else {
            self.confirmed(change.id)?
        };
        let fields = row
            .fields
            .into_iter()
            .filter_map(|(name, stamped)| {
                let under = under.as_ref().and_then(|under| under.fields.get(&name));
                if under.is_some_and(|under| under.value == stamped.value) {
                    return None;
                }
                let change = FieldChange {
                    value: stamped.value,
                    base: under.map(|under| under.version),
                };
                Some((name, change))
            })
            .collect();
        Ok(Some(Change {
            kind: change.kind.clone(),
            id: change.id,
            op: made.unwrap_or(Op::Edit),
            fields,
        }))
    }
}

#[cfg(test)]
mod tests;
