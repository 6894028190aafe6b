//! Taking in one transaction: whole or not at all, except for content that does not stand.

mod concerned;
mod content;
mod erasure;
mod merging;
mod placing;
mod saying;
mod stubs;

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::alias::Alias;
use porch_domain::catalogue::{Record, RecordEntry, Shape, record_entry};
use porch_domain::erasure::cleared;
use porch_sync::protocol::{COUNTY_SCOPE, Left};
use porch_sync::{Change, Conflict, DigestKey, Mark, Op, Row, Transaction, merge};
use serde_json::Value;
use uuid::Uuid;
use zeroize::Zeroizing;

pub(crate) use self::erasure::{CarriedOut, can_be_told, erase, reach};
pub(crate) use self::placing::{bring, household};
use crate::erasure::{is_erased, is_too_late};
use crate::kinds;
use crate::quarantine::Reason;
use crate::store::{COUNTY_DEVICE, Device, StoreFailure, Stored, URGENT, Work};

/// What became of a transaction.
pub(crate) enum TakenIn {
    /// It was merged.
    Merged(Merged),
    /// It was not; the unit of work is to be dropped.
    Quarantined(Reason),
    /// Somebody else was first with records about the same people; the unit of work is to be dropped
    /// and begun anew.
    Overtaken,
}

#[derive(Default)]
pub(crate) struct Merged {
    /// Values that lost.
    pub(crate) conflicts: Vec<Conflict>,
    /// Records that were not taken in, since they do not stand.
    pub(crate) removed: Vec<Uuid>,
    /// Those of them that were erased before: told to the device, and not kept.
    pub(crate) too_late: BTreeSet<Uuid>,
    /// Records of it that are merged away.
    pub(crate) redirected: Vec<Uuid>,
    /// Records by the feed in which they get a place.
    pub(crate) feeds: BTreeMap<Uuid, Vec<Uuid>>,
    /// Kinds and ids of records by the scope that they leave.
    pub(crate) left: BTreeMap<Uuid, Vec<(String, Uuid)>>,
    /// Whether the transaction was blanked by a removal.
    pub(crate) blanked: bool,
    /// Whether content was deleted.
    pub(crate) scrub: bool,
    /// People who were erased.
    pub(crate) erasures: Vec<CarriedOut>,
}

enum Stop {
    Quarantine(Reason),
    Overtaken,
    Store(StoreFailure),
}

impl From<StoreFailure> for Stop {
    fn from(failure: StoreFailure) -> Self {
        Self::Store(failure)
    }
}

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Self {
        Self::Quarantine(reason)
    }
}

/// A record as this transaction leaves it.
pub(crate) struct Staged {
    pub(crate) row: Row,
    scopes: BTreeSet<Uuid>,
    /// Scopes that held it and no longer do.
    leaves: BTreeSet<Uuid>,
    /// Of a family: the centre that it had before.
    moved_from: Option<Uuid>,
    /// Whether it is shown elsewhere in another way: a name, or that a family is hidden.
    renamed: bool,
    made: bool,
    changed: bool,
}

/// Merges a transaction into the store. Writes everything but the feeds: see [`publish`].
///
/// When it is quarantined, the unit of work may hold writes of the part before and must be dropped.
pub(crate) async fn take_in<W: Work>(
    work: &mut W,
    author: &Device,
    transaction: &Transaction,
    now_ms: u64,
) -> Stored<TakenIn> {
    let secret = work.origin().await?.secret;
    let mut taking = Taking {
        work,
        secret,
        author,
        transaction,
        now_ms,
        staged: BTreeMap::new(),
        fell: Vec::new(),
        merged: Merged::default(),
    };
    match taking.run().await {
        Ok(()) => Ok(TakenIn::Merged(taking.merged)),
        Err(Stop::Quarantine(reason)) => Ok(TakenIn::Quarantined(reason)),
        Err(Stop::Overtaken) => Ok(TakenIn::Overtaken),
        Err(Stop::Store(failure)) => Err(failure),
    }
}

/// Takes what was erased out of the feeds and gives it its places in the log, and records theirs in
/// the feeds: the last thing before the commit.
pub(crate) async fn publish<W: Work>(
    work: &mut W,
    merged: &mut Merged,
    key: &DigestKey,
) -> Stored<()> {
    let mut scopes: BTreeSet<Uuid> = merged.feeds.keys().copied().collect();
    scopes.extend(merged.left.keys());
    for carried in &merged.erasures {
        scopes.extend(carried.left.keys());
        scopes.insert(URGENT);
    }
    // In the order of scope ids, which a BTreeSet has.
    for scope in scopes {
        let records = merged.feeds.get(&scope).map_or(&[][..], Vec::as_slice);
        let logged = merged.erasures.iter().map(|carried| carried.removed.len());
        let logged = if scope == URGENT { logged.sum() } else { 0 };
        let left = merged.left.get(&scope).map_or(&[][..], Vec::as_slice);
        let count = records.len() + logged + left.len();
        let count = u64::try_from(count).unwrap_or_default();
        let mut next = work.take_sequences(scope, count).await?;
        for carried in &mut merged.erasures {
            for record in carried.left.get(&scope).into_iter().flatten() {
                work.leave_feed(scope, *record).await?;
            }
            if scope == URGENT {
                next = carried.log(work, next).await?;
            }
        }
        for (sequence, record) in (next..).zip(records) {
            let row = work.record(*record).await?;
            let row = row.ok_or(StoreFailure::Corrupt("record"))?;
            work.put_feed(scope, sequence, *record, Mark::of(key, &row))
                .await?;
            next = sequence + 1;
        }
        for (sequence, (kind, record)) in (next..).zip(left) {
            let left = Left {
                sequence,
                kind: kind.clone(),
                record: *record,
            };
            work.put_left(scope, &left).await?;
        }
    }
    Ok(())
}

struct Taking<'a, W> {
    work: &'a mut W,
    secret: Zeroizing<[u8; 32]>,
    author: &'a Device,
    transaction: &'a Transaction,
    now_ms: u64,
    staged: BTreeMap<Uuid, Staged>,
    /// Photos that were removed by what arrived.
    fell: Vec<Uuid>,
    merged: Merged,
}

impl<W: Work> Taking<'_, W> {
    async fn run(&mut self) -> Result<(), Stop> {
        let transaction = self.transaction;
        if !concerned::lock(self.work, transaction).await? {
            return Err(Stop::Overtaken);
        }
        for change in &transaction.changes {
            self.stage(change).await?;
        }
        self.check_aliases().await?;
        self.redirect().await?;
        let orders = self.take_orders()?;
        self.derive_scopes().await?;
        self.settle_photos().await?;
        self.settle_what_is_said_of_photos().await?;
        self.remove_what_fell().await?;
        self.settle_places().await?;
        self.write().await?;
        for order in &orders {
            self.carry_out(order).await?;
        }
        Ok(())
    }

    fn is_county(&self) -> bool {
        self.author.number == COUNTY_DEVICE
    }

    async fn stage(&mut self, change: &Change) -> Result<(), Stop> {
        let entry = record_entry(&change.kind).ok_or(Reason::UnknownKind)?;
        if kinds::COUNTY_ONLY.contains(&entry.kind) && !self.is_county() {
            return Err(Reason::CountyOnly.into());
        }
        let event = entry.shape == Shape::Event;
        let plain = change
            .fields
            .iter()
            .all(|(name, field)| kinds::is_plain(name, &field.value, event));
        if !plain {
            return Err(Reason::MalformedRecord.into());
        }
        if is_too_late(self.work, &self.secret, change).await? {
            self.merged.removed.push(change.id);
            self.merged.too_late.insert(change.id);
            if change.kind == Alias::KIND {
                self.note_late_alias(change).await?;
            } else {
                self.note_too_late(change).await?;
            }
            return Ok(());
        }
        let change = self.without_erased(change).await?;
        let known = match self.staged.remove(&change.id) {
            Some(staged) => Some(staged),
            None => self.known(change.id).await?,
        };
        let out_of_reach = known.as_ref().is_some_and(|known| {
            let mut scopes = known.scopes.iter();
            !self.is_county() && !scopes.any(|scope| self.author.writes_in(*scope))
        });
        let left = if out_of_reach {
            self.work.scopes_left(change.id).await?
        } else {
            BTreeSet::new()
        };
        if known
            .as_ref()
            .is_some_and(|known| known.row.kind != change.kind)
        {
            return Err(Reason::NoSuchRecord.into());
        }
        let scope = self.may_write(entry, &change, known.as_ref(), &left)?;
        if self.work.is_removed(change.id).await? {
            self.merged.removed.push(change.id);
            return Ok(());
        }
        let merged = merge(
            known.as_ref().map(|known| &known.row),
            self.transaction,
            &change,
        );
        kinds::check(&merged.row)?;
        self.merged.conflicts.extend(merged.conflicts);
        let changed = known
            .as_ref()
            .is_none_or(|known| known.changed || known.row.fields != merged.row.fields);
        let before = known.as_ref();
        let moved_from = before
            .and_then(|known| known.moved_from)
            .or_else(|| match before {
                None => Staged::made_outside(&change, &merged.row),
                Some(known) if known.made => None,
                Some(known) => Staged::moved_from(&known.row, &merged.row),
            });
        let renamed = before
            .is_some_and(|known| known.renamed || Staged::is_renamed(&known.row, &merged.row));
        let staged = Staged {
            row: merged.row,
            renamed,
            leaves: BTreeSet::new(),
            moved_from,
            made: known.as_ref().is_none_or(|known| known.made),
            scopes: known.map_or_else(|| BTreeSet::from([scope]), |known| known.scopes),
            changed,
        };
        self.staged.insert(change.id, staged);
        Ok(())
    }

    /// Fields that are cleared of whoever is erased arrive empty when they come later.
    async fn without_erased(&mut self, change: &Change) -> Stored<Change> {
        let mut change = change.clone();
        for field in cleared(&change.kind) {
            let Some(written) = change.fields.get_mut(field) else {
                continue;
            };
            let named = written.value.as_str().and_then(|id| id.parse().ok());
            if let Some(named) = named
                && is_erased(self.work, &self.secret, named).await?
            {
                written.value = Value::Null;
            }
        }
        Ok(change)
    }

    async fn known(&mut self, id: Uuid) -> Stored<Option<Staged>> {
        let Some(row) = self.work.record(id).await? else {
            return Ok(None);
        };
        Ok(Some(Staged {
            row,
            scopes: self.work.scopes_of(id).await?,
            leaves: BTreeSet::new(),
            moved_from: None,
            renamed: false,
            made: false,
            changed: false,
        }))
    }

    /// The scope in which the record is made; for one that exists, one of those that hold it, or that
    /// it has left: a device may not have heard of that when it wrote.
    fn may_write(
        &self,
        entry: &RecordEntry,
        change: &Change,
        known: Option<&Staged>,
        left: &BTreeSet<Uuid>,
    ) -> Result<Uuid, Reason> {
        let holds = |scope: &Uuid| {
            self.is_county() || (*scope != COUNTY_SCOPE && self.author.writes_in(*scope))
        };
        let held = known.map(|known| {
            let mut scopes = known.scopes.iter().chain(left);
            scopes.find(|scope| holds(scope))
        });
        match (&change.op, held) {
            (Op::Create { scope }, None) if holds(scope) => Ok(*scope),
            (Op::Create { .. }, None) | (_, Some(None)) => Err(Reason::OutOfScope),
            (Op::Create { .. }, Some(Some(scope))) => {
                let same = known.is_some_and(|known| {
                    change.fields.iter().all(|(name, field)| {
                        known.row.fields.get(name).map(|standing| &standing.value)
                            == Some(&field.value)
                    })
                });
                if entry.shape == Shape::Event && !same {
                    Err(Reason::WrittenOnce)
                } else {
                    Ok(*scope)
                }
            }
            (Op::Edit, _) if entry.shape == Shape::Event => Err(Reason::WrittenOnce),
            (Op::Edit, None) => Err(Reason::NoSuchRecord),
            (Op::Edit, Some(Some(scope))) => Ok(*scope),
        }
    }

    /// A record as this transaction leaves it.
    async fn latest(&mut self, id: Uuid) -> Stored<Option<Row>> {
        match self.staged.get(&id) {
            Some(staged) => Ok(Some(staged.row.clone())),
            None => self.work.record(id).await,
        }
    }

    async fn write(&mut self) -> Stored<()> {
        let place: BTreeMap<Uuid, usize> = self
            .transaction
            .changes
            .iter()
            .enumerate()
            .map(|(place, change)| (change.id, place))
            .collect();
        let mut changed: Vec<&Staged> = self.staged.values().filter(|s| s.changed).collect();
        changed.sort_by_key(|s| (kinds::rank(&s.row.kind), place.get(&s.row.id)));
        for staged in changed {
            let row = &staged.row;
            self.work
                .put_record(row, &staged.scopes, &kinds::ties(row))
                .await?;
            if let Some(at_ms) = kinds::due(row, self.now_ms).filter(|_| staged.made) {
                self.work.put_due(row.id, Some(at_ms)).await?;
            }
            for scope in &staged.scopes {
                self.merged.feeds.entry(*scope).or_default().push(row.id);
            }
            for scope in &staged.leaves {
                let left = self.merged.left.entry(*scope).or_default();
                left.push((row.kind.clone(), row.id));
            }
            if kinds::is_urgent(row) {
                self.merged.feeds.entry(URGENT).or_default().push(row.id);
            }
        }
        self.give_again_what_is_lifted().await
    }
}
