//! What must hold at every step, for whatever the step touched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, ensure};
use porch_county::store::URGENT;
use porch_sync::protocol::{COUNTY_SCOPE, PullPage};
use porch_sync::{DeviceNumber, Mark, Op, Row, Transaction, merge};
use uuid::Uuid;

use super::jobs::Owner;
use super::records::CENTRES;
use super::server::Surround;
use super::world::World;

/// What left the county, in whatever order.
#[derive(Default)]
struct Told {
    /// How far each feed was handed out.
    feeds: BTreeMap<Uuid, u64>,
    /// The last transaction of each device that is in a backup, as it was told.
    backed_up: BTreeMap<DeviceNumber, u64>,
}

/// What left the county, as it is noted where it leaves.
#[derive(Clone, Default)]
pub(super) struct HandedOut(Arc<Mutex<Told>>);

impl HandedOut {
    /// Takes note of a page that leaves the county.
    pub(super) fn note_page(&self, device: DeviceNumber, page: &PullPage) {
        let mut told = self.told();
        let place = page.place.map(|place| (place.scope, place.after));
        for (scope, after) in place.into_iter().chain([(URGENT, page.urgent_head)]) {
            let known = told.feeds.entry(scope).or_default();
            *known = after.max(*known);
        }
        drop(told);
        self.note_backed_up(device, page.backed_up);
    }

    /// Takes note of what a device is told to be in a backup.
    pub(super) fn note_backed_up(&self, device: DeviceNumber, backed_up: u64) {
        let mut told = self.told();
        let known = told.backed_up.entry(device).or_default();
        *known = backed_up.max(*known);
    }

    fn of(&self, scope: Uuid) -> u64 {
        self.told().feeds.get(&scope).copied().unwrap_or_default()
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Feed = BTreeMap<u64, Option<(Uuid, Mark)>>;

/// What was seen at the step before.
#[derive(Default)]
pub(super) struct Watch {
    /// The county's surroundings.
    pub(super) surround: Option<Surround>,
    /// What was handed out.
    pub(super) handed_out: HandedOut,
    /// The last transaction of each device that is in the last backup.
    pub(super) backed_up: BTreeMap<DeviceNumber, u64>,
    commits: u64,
    feeds: BTreeMap<Uuid, (u64, Feed)>,
    places: BTreeMap<usize, (Uuid, BTreeMap<Uuid, u64>)>,
    /// Transactions that a device was ever answered; once the county was restored they are unsent again.
    answered: BTreeMap<usize, BTreeSet<u64>>,
}

impl Watch {
    /// A device has other files, or another number.
    pub(super) fn forget_device(&mut self, place: usize) {
        self.forget_places(place);
        self.answered.remove(&place);
    }

    /// A device was copied: the copy has been answered what the other one was.
    pub(super) fn copy_device(&mut self, place: usize, copy: usize) {
        let answered = self.answered.get(&place).cloned().unwrap_or_default();
        self.answered.insert(copy, answered);
    }

    /// A device has forgotten its places.
    pub(super) fn forget_places(&mut self, place: usize) {
        self.places.remove(&place);
    }

    /// The county has another store.
    pub(super) fn new_store(&mut self) {
        self.commits = 0;
        self.feeds.clear();
        self.handed_out.told().feeds.clear();
    }
}

/// All feeds.
pub(super) fn feeds() -> impl Iterator<Item = Uuid> {
    CENTRES.into_iter().chain([COUNTY_SCOPE, URGENT])
}

/// What must be none in a device's tables, and what it would mean.
const NONE: &[(&str, &str)] = &[
    (
        "a transaction is answered after one that is not",
        "SELECT COUNT(*) FROM outbox
         WHERE outcome IS NOT NULL AND sequence > (SELECT MIN(sequence) FROM outbox WHERE outcome IS NULL)",
    ),
    (
        "a record is said to have unsent changes and has none",
        "SELECT COUNT(*) FROM outbox_record r LEFT JOIN outbox o ON o.sequence = r.sequence
         WHERE o.sequence IS NULL OR o.outcome IS NOT NULL OR o.body IS NULL",
    ),
    (
        "the county's state is not kept of a record with unsent changes",
        "SELECT COUNT(*) FROM outbox_record WHERE record NOT IN (SELECT record FROM confirmed)",
    ),
    (
        "a picture is here that was removed",
        "SELECT COUNT(*) FROM picture WHERE photo IN (SELECT photo FROM photo_removal)",
    ),
    (
        "a picture arrives that was removed",
        "SELECT COUNT(*) FROM picture_inbox WHERE photo IN (SELECT photo FROM photo_removal)",
    ),
    (
        "a picture is here of which somebody took back all that was granted",
        "SELECT COUNT(*) FROM picture p
         JOIN photo_subject s ON s.photo = p.photo
         JOIN withdrawal_named n ON n.decision = s.decision
         JOIN withdrawal w ON w.id = n.withdrawal
         WHERE w.verified <> 0 AND w.channels IS NULL",
    ),
    (
        "a picture is here of somebody whose pictures are stopped",
        "SELECT COUNT(*) FROM picture p
         JOIN photo_subject s ON s.photo = p.photo
         JOIN stop x ON x.subject = s.person
         WHERE NOT EXISTS (SELECT 1 FROM stop_end e WHERE e.stop = x.id)",
    ),
    (
        "a picture that was removed is published, and nobody is told to take it down",
        "SELECT COUNT(*) FROM publication p
         WHERE (p.photo IS NULL OR p.photo IN (SELECT photo FROM photo_removal))
             AND NOT EXISTS (SELECT 1 FROM takedown t WHERE t.publication = p.id)
             AND NOT EXISTS (SELECT 1 FROM takedown_due d WHERE d.publication = p.id)",
    ),
    (
        "of whom something was published is known after they were erased",
        "SELECT COUNT(*) FROM publication WHERE photo IN (SELECT record FROM erased)",
    ),
    (
        "something erased is here",
        "SELECT COUNT(*) FROM erased WHERE record IN (
             SELECT id FROM person UNION ALL SELECT id FROM family UNION ALL SELECT id FROM membership
             UNION ALL SELECT id FROM decision UNION ALL SELECT id FROM photo UNION ALL SELECT id FROM attendance)",
    ),
    (
        "transactions are not numbered without gaps",
        "SELECT (SELECT COUNT(*) FROM outbox) <> (SELECT sequence FROM tally)
             OR coalesce((SELECT MAX(sequence) FROM outbox), 0) <> (SELECT sequence FROM tally)",
    ),
];

impl World {
    /// After a step of somebody's.
    ///
    /// # Errors
    /// When something does not hold.
    pub(super) fn after_step(&mut self, owner: Owner) -> Result<()> {
        if let Owner::Device(place) = owner {
            return self.after_device_step(place);
        }
        self.backups_are_not_overstated()?;
        if self.store.commits() == self.looked.commits {
            return Ok(());
        }
        self.looked.commits = self.store.commits();
        for scope in feeds() {
            let (head, _) = self.store.head(scope);
            let feed = self.store.places(scope);
            let (head_before, before) = self.looked.feeds.entry(scope).or_default();
            ensure!(head >= *head_before, "the head of feed {scope} went back");
            let handed_out = self.looked.handed_out.of(scope);
            for place in feed.keys().filter(|place| !before.contains_key(place)) {
                ensure!(
                    *place > handed_out,
                    "feed {scope} was handed out to {handed_out} before its place {place} was filled"
                );
                ensure!(
                    (*head_before + 1..=head).contains(place),
                    "place {place} of feed {scope} came when its head went from {head_before} to {head}"
                );
            }
            *head_before = head;
            *before = feed;
        }
        Ok(())
    }

    /// No device was told that a backup holds what it does not.
    fn backups_are_not_overstated(&self) -> Result<()> {
        for (device, told) in &self.looked.handed_out.told().backed_up {
            let within = self.looked.backed_up.get(device).copied();
            ensure!(
                *told <= within.unwrap_or_default(),
                "device number {device} was told that its {told} is in a backup, which has it up to {within:?}"
            );
        }
        Ok(())
    }

    /// After a step of a device's, or anything done to it.
    ///
    /// # Errors
    /// When something does not hold.
    pub(super) fn after_device_step(&mut self, place: usize) -> Result<()> {
        let device = self.devices.get(place).context("no such device")?;
        if !device.in_use {
            return Ok(());
        }
        for (what, sql) in NONE {
            let found = device.count(sql)?;
            ensure!(found == 0, "device {place}: {what} ({found})");
        }
        self.places_go_on(place)?;
        self.rows_match_places(place)?;
        self.unsent_lies_on_top(place)
    }

    /// A place goes on, or begins anew.
    fn places_go_on(&mut self, place: usize) -> Result<()> {
        let device = self.devices.get(place).context("no such device")?;
        let epoch: [u8; 16] = device
            .look
            .query_row("SELECT epoch FROM device", (), |row| row.get(0))?;
        let epoch = Uuid::from_bytes(epoch);
        let mut select = device
            .look
            .prepare_cached("SELECT scope, after FROM cursor")?;
        let places = select.query_map((), |row| {
            Ok((row.get(0).map(Uuid::from_bytes)?, row.get(1)?))
        })?;
        let places: BTreeMap<Uuid, u64> = places.collect::<Result<_, _>>()?;
        if let Some((epoch_before, before)) = self.looked.places.get(&place)
            && *epoch_before == epoch
        {
            for (scope, after) in &places {
                let before = before.get(scope).copied().unwrap_or_default();
                ensure!(
                    *after >= before,
                    "device {place} went back from {before} to {after} in feed {scope}"
                );
            }
        }
        self.looked.places.insert(place, (epoch, places));
        Ok(())
    }

    /// Whatever has its place in a feed at or before where the device stands is held by the device.
    fn rows_match_places(&self, place: usize) -> Result<()> {
        let device = self.devices.get(place).context("no such device")?;
        let Some((epoch, places)) = self.looked.places.get(&place) else {
            return Ok(());
        };
        if device.old || Some(*epoch) != self.epoch() {
            return Ok(());
        }
        for (scope, after) in places.iter().filter(|(scope, _)| **scope != URGENT) {
            let mut select = device
                .look
                .prepare_cached("SELECT record, mark FROM holding WHERE scope = ?")?;
            let held = select.query_map([scope.as_bytes().as_slice()], |row| {
                Ok((
                    row.get(0).map(Uuid::from_bytes)?,
                    Mark::from_bytes(row.get(1)?),
                ))
            })?;
            let held: BTreeMap<Uuid, Mark> = held.collect::<Result<_, _>>()?;
            for (at, fed) in self.store.places(*scope).range(..=*after) {
                let Some((record, mark)) = fed else { continue };
                ensure!(
                    held.get(record) == Some(mark),
                    "device {place} stands at {after} of feed {scope} and does not hold what lies at {at}: {record}, but {}",
                    if held.contains_key(record) {
                        "another state of it"
                    } else {
                        "nothing"
                    }
                );
            }
        }
        Ok(())
    }

    /// The epoch of the county.
    #[must_use]
    pub(super) fn epoch(&self) -> Option<Uuid> {
        let county = self.servers.iter().flatten().next()?;
        Some(county.epoch())
    }

    /// A record's effective state is the county's with what is unsent on top.
    fn unsent_lies_on_top(&mut self, place: usize) -> Result<()> {
        let device = self.devices.get(place).context("no such device")?;
        let mut select = device.look.prepare_cached(
            "SELECT sequence FROM outbox WHERE outcome IS NOT NULL OR body IS NULL",
        )?;
        let answered = select.query_map((), |row| row.get::<_, u64>(0))?;
        let answered: BTreeSet<u64> = answered.collect::<Result<_, _>>()?;
        let ever_answered = self.looked.answered.entry(place).or_default();
        ever_answered.extend(&answered);
        let mut select = device.look.prepare_cached(
            "SELECT DISTINCT r.record, r.kind, c.state FROM outbox_record r JOIN confirmed c ON c.record = r.record",
        )?;
        let laid = select.query_map((), |row| {
            Ok((
                row.get(0).map(Uuid::from_bytes)?,
                row.get::<_, String>(1)?,
                row.get::<_, Option<String>>(2)?,
            ))
        })?;
        let laid: Vec<(Uuid, String, Option<String>)> = laid.collect::<Result<_, _>>()?;
        if laid.is_empty() {
            return Ok(());
        }
        let mut select = device.look.prepare_cached(
            "SELECT body FROM outbox WHERE outcome IS NULL AND body IS NOT NULL ORDER BY sequence",
        )?;
        let bodies = select.query_map((), |row| row.get::<_, String>(0))?;
        let unsent: Vec<Transaction> = bodies
            .map(|body| Ok(serde_json::from_str(&body?)?))
            .collect::<Result<_>>()?;
        for (record, kind, state) in laid {
            let confirmed: Option<Row> = state.as_deref().map(serde_json::from_str).transpose()?;
            let mut effective = confirmed.clone();
            let mut never_sent = BTreeSet::new();
            for transaction in &unsent {
                for change in transaction.changes.iter().filter(|c| c.id == record) {
                    // An edit of what is not here has nothing to lie on.
                    if effective.is_none() && change.op == Op::Edit {
                        continue;
                    }
                    effective = Some(merge(effective.as_ref(), transaction, change).row);
                    if !ever_answered.contains(&transaction.sequence) {
                        never_sent.extend(change.fields.keys().map(String::as_str));
                    }
                }
            }
            let shown = device.store.read(|read| read.row(&kind, record))?;
            let (shown, confirmed) = (shown.as_ref(), confirmed.as_ref());
            let mut wrong = differing(shown, effective.as_ref());
            // What was answered stays shown until everything has arrived, and the county's state with it.
            wrong.retain(|name| {
                let version = shown.and_then(|row| Some(row.fields.get(*name)?.version));
                !version.is_some_and(|version| {
                    version.device == device.number && answered.contains(&version.sequence)
                })
            });
            // What is unsent once more, since the county was restored, is in the state that is kept, or
            // was overwritten in it.
            let other_than_kept = differing(shown, confirmed);
            wrong.retain(|name| never_sent.contains(name) || other_than_kept.contains(name));
            ensure!(
                wrong.is_empty(),
                "device {place}: {kind} {record} is not the county's state with what is unsent on top: {wrong:?} of {shown:?} and {effective:?}"
            );
        }
        Ok(())
    }
}

/// What a row says of a field; an empty field is none.
fn said<'a>(row: Option<&'a Row>, name: &str) -> Option<&'a serde_json::Value> {
    let value = &row?.fields.get(name)?.value;
    (!value.is_null()).then_some(value)
}

/// The fields of which two rows say different things.
fn differing<'a>(one: Option<&'a Row>, other: Option<&'a Row>) -> BTreeSet<&'a str> {
    let rows = one.into_iter().chain(other);
    let names = rows.flat_map(|row| row.fields.keys().map(String::as_str));
    names
        .filter(|name| said(one, name) != said(other, name))
        .collect()
}
