//! Orders to erase a person, carried out in the unit of work that takes them in.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::attendance::{Attendance, AttendanceVoid};
use porch_domain::catalogue::{FieldValues, Record, record_entry};
use porch_domain::concern::Concern;
use porch_domain::erasure::{
    ErasureOrder, LINKS, Part, Remains, goes, names, remainder, remains, takes_along,
};
use porch_domain::family::Family;
use porch_domain::membership::Membership;
use porch_domain::person::Person;
use porch_domain::photo::Photo;
use porch_sync::{Bytes, Change, Row};
use serde_json::Value;
use uuid::Uuid;

use super::{Stop, Taking};
use crate::erasure::{is_erased, keyed, values};
use crate::kinds;
use crate::quarantine::{Reason, without};
use crate::same::same_as;
use crate::store::{
    COUNTY_DEVICE, Device, Erasure, Kept, Logged, Reading, Stored, ToRead, Told, Work,
};

/// Free text in which somebody of a family may be named.
const FREE_TEXT: &[&str] = &["name", "address", "note"];

/// An erasure as it was carried out, before it has its places in the urgent feed.
#[derive(Debug)]
pub(crate) struct CarriedOut {
    pub(crate) erasure: Erasure,
    pub(crate) removed: Vec<Logged>,
    /// What leaves each feed.
    pub(crate) left: BTreeMap<Uuid, Vec<Uuid>>,
    /// Others' records that were cleared of the person, by the feeds that hold them: they are given
    /// again, so that every device has them as they are now.
    pub(crate) cleared: BTreeMap<Uuid, Vec<Uuid>>,
    /// The scopes concerned.
    scopes: BTreeSet<Uuid>,
}

impl CarriedOut {
    /// Writes the log, with places in the urgent feed from `next` on. Gives the place after them.
    pub(super) async fn log<W: Work>(&mut self, work: &mut W, mut next: u64) -> Stored<u64> {
        // Who was given one of these scopes meanwhile is a holder, too.
        for device in work.devices().await? {
            if is_holder(&device, &self.scopes) {
                self.erasure.holders.entry(device.number).or_insert(None);
            }
        }
        let settled = self.erasure.holders.is_empty();
        for logged in &mut self.removed {
            logged.sequence = next;
            self.erasure.sequence = next;
            if settled {
                logged.record = None;
            }
            work.put_logged(logged).await?;
            next += 1;
        }
        work.put_erasure(&self.erasure).await?;
        Ok(next)
    }
}

impl<W: Work> Taking<'_, W> {
    /// Takes the orders out of what is written: they name whom they erase.
    pub(super) fn take_orders(&mut self) -> Result<Vec<ErasureOrder>, Stop> {
        let orders: Vec<Row> = self
            .staged
            .values()
            .filter(|staged| staged.row.kind == ErasureOrder::KIND)
            .map(|staged| staged.row.clone())
            .collect();
        orders
            .iter()
            .map(|row| {
                self.staged.remove(&row.id);
                kinds::read(row).map_err(|_| Reason::MalformedRecord.into())
            })
            .collect()
    }

    /// What was made too late is in the log as if it had gone with whom it was about: so what rests on it,
    /// such as the departure after an arrival, is too late as well. Nobody is told of it, since nobody but its
    /// maker has it, who lets go of it with the person. A photo is too late with anybody in it: what says where it was
    /// published no longer says that it is this one, there and here.
    pub(super) async fn note_too_late(&mut self, change: &Change) -> Stored<()> {
        let values = values(change);
        for named in names(&change.kind, &values) {
            let Some(gone) = self.work.logged(keyed(&self.secret, named)).await? else {
                continue;
            };
            let along = takes_along(&change.kind).and_then(|field| kinds::id_in(&values, field));
            let along = along.map(|photo| (photo, Photo::KIND));
            for (record, kind) in along.into_iter().chain([(change.id, change.kind.as_str())]) {
                self.note_gone_with(&gone, record, kind).await?;
            }
            return Ok(());
        }
        Ok(())
    }

    async fn note_gone_with(&mut self, gone: &Logged, record: Uuid, kind: &str) -> Stored<()> {
        if is_erased(self.work, &self.secret, record).await?
            || self.work.record(record).await?.is_some()
        {
            return Ok(());
        }
        let logged = Logged {
            keyed: keyed(&self.secret, record),
            kind: kind.to_owned(),
            at_ms: self.now_ms,
            record: None,
            ..gone.clone()
        };
        self.work.put_logged(&logged).await
    }

    /// A desk merged somebody with a person who was erased, before it had heard of that. What cannot be
    /// undone is not done because of it: the certificate says so, for a person to order it.
    pub(super) async fn note_late_alias(&mut self, change: &Change) -> Stored<()> {
        let values = values(change);
        let ends = ["older", "newer"].map(|end| kinds::id_in(&values, end));
        let [Some(older), Some(newer)] = ends else {
            return Ok(());
        };
        for (gone, other) in [(older, newer), (newer, older)] {
            let Some(logged) = self.work.logged(keyed(&self.secret, gone)).await? else {
                continue;
            };
            let row = self.work.record(other).await?;
            if row.is_none_or(|row| row.kind != Person::KIND) {
                continue;
            }
            let other = Bytes(keyed(&self.secret, other));
            for mut erasure in self.work.erasures().await? {
                if erasure.id == logged.erasure && !erasure.told.also.contains(&other) {
                    erasure.told.also.push(other);
                    self.work.put_erasure(&erasure).await?;
                }
            }
        }
        Ok(())
    }

    /// Carries out an order. Everything else of the transaction is written already.
    pub(super) async fn carry_out(&mut self, order: &ErasureOrder) -> Result<(), Stop> {
        let person: Uuid = order.person.into();
        if is_erased(self.work, &self.secret, person).await? {
            // Ordered twice in one transaction.
            self.merged.removed.push(order.id.into());
            return Ok(());
        }
        // Whichever of somebody's records is named: all that are the same person go.
        let mut roots = Vec::new();
        for record in self.widened([person].into()).await? {
            let row = self.work.record(record).await?;
            roots.extend(row.filter(|row| row.kind == Person::KIND));
        }
        if roots.iter().all(|row| row.id != person) {
            return Err(Reason::NoSuchRecord.into());
        }
        let scopes = self.work.scopes_of(person).await?;
        if !self.is_county() && !self.author.may_hold_any(&scopes) {
            return Err(Reason::OutOfScope.into());
        }
        let told = Told {
            person: Bytes(keyed(&self.secret, person)),
            ground: order.ground.word().to_owned(),
            ordered_by: order.ordered_by.into(),
            ordered_at: order.ordered_at.to_string(),
            removed: BTreeMap::new(),
            cleared: BTreeMap::new(),
            stays: BTreeMap::new(),
            to_read: Vec::new(),
            also: Vec::new(),
        };
        let erasure = Erasure {
            id: order.id.into(),
            at_ms: self.now_ms,
            sequence: 0,
            told,
            holders: BTreeMap::new(),
        };
        let carried = erase(self.work, &self.secret, roots, erasure).await?;
        let gone: BTreeSet<Uuid> = carried.removed.iter().filter_map(|l| l.record).collect();
        for records in self.merged.feeds.values_mut() {
            records.retain(|record| !gone.contains(record));
        }
        for (scope, cleared) in &carried.cleared {
            let records = self.merged.feeds.entry(*scope).or_default();
            for record in cleared {
                if !records.contains(record) {
                    records.push(*record);
                }
            }
        }
        self.merged.feeds.retain(|_, records| !records.is_empty());
        for left in self.merged.left.values_mut() {
            left.retain(|(_, record)| !gone.contains(record));
        }
        self.merged.left.retain(|_, left| !left.is_empty());
        self.merged
            .conflicts
            .retain(|conflict| !gone.contains(&conflict.record));
        self.merged.erasures.push(carried);
        self.merged.scrub = true;
        Ok(())
    }
}

/// What an erasure of these records reads and writes: everything that goes with them, what names any
/// of that, and the families that may be left empty. Held while it is carried out.
pub(crate) async fn reach<R: Reading>(reading: &mut R, roots: Vec<Row>) -> Stored<BTreeSet<Uuid>> {
    let gone = whole(reading, roots).await?;
    let mut reached: BTreeSet<Uuid> = gone.keys().copied().collect();
    reached.extend(
        reading
            .naming(&reached.clone())
            .await?
            .iter()
            .map(|row| row.id),
    );
    let places = gone.values().filter(|row| row.kind == Membership::KIND);
    let families = places.filter_map(|row| kinds::id_in(&row.values(), "family"));
    let families = families.collect();
    reached.extend(same_as(reading, &families, &BTreeMap::new()).await?.all);
    Ok(reached)
}

/// Removes records and everything that goes with them from the store. Writes everything but the
/// feeds and the log.
pub(crate) async fn erase<W: Work>(
    work: &mut W,
    secret: &[u8; 32],
    roots: Vec<Row>,
    mut erasure: Erasure,
) -> Stored<CarriedOut> {
    let gone = whole(work, roots).await?;
    let ids: BTreeSet<Uuid> = gone.keys().copied().collect();
    let mut scopes = BTreeSet::new();
    let mut left: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for id in &ids {
        scopes.extend(work.scopes_of(*id).await?);
        // Who has not heard that it left holds it still.
        scopes.extend(work.scopes_left(*id).await?);
        for scope in work.feeds_of(*id).await? {
            left.entry(scope).or_default().push(*id);
        }
    }
    keep(work, secret, &gone, erasure.id).await?;
    let mut cleared: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for id in clear(work, &gone, &mut erasure.told).await? {
        // Whoever holds only these has something to clear, too.
        scopes.extend(work.scopes_of(id).await?);
        for scope in work.feeds_of(id).await? {
            cleared.entry(scope).or_default().push(id);
        }
    }
    for row in gone.values() {
        if row.kind == Photo::KIND {
            work.delete_blobs(row.id).await?;
        }
        work.delete_record(row.id).await?;
        *erasure.told.removed.entry(row.kind.clone()).or_default() += 1;
    }
    work.forget_conflicts(&ids).await?;
    // What a device was given in a scope that a restored county does not know it had, it has still: of whoever was
    // enrolled before, everybody is told.
    let before = work.passed_over().await?;
    for device in work.devices().await? {
        // Whoever wrote what was kept aside has it still, whichever scopes it holds.
        let mut wrote = false;
        for quarantined in work.quarantined(device.number).await? {
            if let Some(rest) = without(&quarantined, &ids) {
                work.put_quarantined(&rest).await?;
                wrote = true;
            }
        }
        let may_hold = wrote || device.number <= before || device.may_hold_any(&scopes);
        if may_hold && can_be_told(&device) {
            erasure.holders.insert(device.number, None);
        }
    }
    let mut rows: Vec<&Row> = gone.values().collect();
    // Whom it is about first, then what rests on something after it: so devices take it in.
    rows.sort_by_key(|row| (row.kind != Person::KIND, kinds::rank(&row.kind), row.id));
    let removed = rows
        .into_iter()
        .map(|row| Logged {
            keyed: keyed(secret, row.id),
            kind: row.kind.clone(),
            erasure: erasure.id,
            sequence: 0,
            at_ms: erasure.at_ms,
            record: Some(row.id),
        })
        .collect();
    Ok(CarriedOut {
        erasure,
        removed,
        left,
        cleared,
        scopes,
    })
}

/// Whether a device may hold something that is erased, and can still be told of it.
fn is_holder(device: &Device, scopes: &BTreeSet<Uuid>) -> bool {
    can_be_told(device) && device.may_hold_any(scopes)
}

pub(crate) fn can_be_told(device: &Device) -> bool {
    device.number != COUNTY_DEVICE && device.revoked_ms.is_none()
}

/// Everything that goes with these records.
async fn whole<R: Reading>(reading: &mut R, roots: Vec<Row>) -> Stored<BTreeMap<Uuid, Row>> {
    let mut gone: BTreeMap<Uuid, Row> = BTreeMap::new();
    let mut found = roots;
    while !found.is_empty() {
        let new: BTreeSet<Uuid> = found.iter().map(|row| row.id).collect();
        gone.extend(found.drain(..).map(|row| (row.id, row)));
        for row in reading.naming(&new).await? {
            let values = row.values();
            if gone.contains_key(&row.id) || !goes(&row.kind, &values, |id| gone.contains_key(&id))
            {
                continue;
            }
            let along = takes_along(&row.kind).and_then(|field| kinds::id_in(&values, field));
            if let Some(along) = along.filter(|along| !gone.contains_key(along)) {
                found.extend(reading.record(along).await?);
            }
            found.push(row);
        }
        for id in left_empty(reading, &gone, &found).await? {
            found.extend(reading.record(id).await?);
        }
        found.sort_by_key(|row| row.id);
        found.dedup_by_key(|row| row.id);
    }
    Ok(gone)
}

/// The families of which nobody is left under any of their registrations. While somebody is, all of those stay: the
/// one that the others survive in says where they live, and whether they are hidden.
async fn left_empty<R: Reading>(
    reading: &mut R,
    gone: &BTreeMap<Uuid, Row>,
    going: &[Row],
) -> Stored<BTreeSet<Uuid>> {
    let goes = |id: &Uuid| gone.contains_key(id) || going.iter().any(|row| row.id == *id);
    let candidates: BTreeSet<Uuid> = going
        .iter()
        .filter(|row| row.kind == Membership::KIND)
        .filter_map(|row| kinds::id_in(&row.values(), "family"))
        .filter(|family| !goes(family))
        .collect();
    let mut empty = BTreeSet::new();
    for family in candidates {
        if empty.contains(&family) {
            continue;
        }
        let all = same_as(reading, &[family].into(), &BTreeMap::new())
            .await?
            .all;
        let naming = reading.naming(&all).await?;
        let mut places = naming.iter().filter(|row| row.kind == Membership::KIND);
        if places.all(|row| goes(&row.id)) {
            empty.extend(all);
        }
    }
    Ok(empty)
}

/// Keeps what must be kept of what goes: figures without identity, proof without a name.
async fn keep<W: Work>(
    work: &mut W,
    secret: &[u8; 32],
    gone: &BTreeMap<Uuid, Row>,
    erasure: Uuid,
) -> Stored<()> {
    let is_gone = |id: &str| id.parse().is_ok_and(|id: Uuid| gone.contains_key(&id));
    let void: BTreeSet<Uuid> = gone
        .values()
        .filter(|row| row.kind == AttendanceVoid::KIND)
        .filter_map(|row| kinds::id_in(&row.values(), "event"))
        .collect();
    // Figures count somebody once at a session.
    let mut counted = BTreeSet::new();
    for row in gone.values() {
        let Some((entry, why)) =
            record_entry(&row.kind).and_then(|entry| Some((entry, remains(entry)?)))
        else {
            continue;
        };
        let values = row.values();
        let mut fields = remainder(entry, &values, is_gone);
        if row.kind == Attendance::KIND
            && (void.contains(&row.id) || !counted.insert(kinds::id_in(&values, "session")))
        {
            continue;
        }
        if row.kind == Concern::KIND {
            // A sealed note opens only under the id that it was sealed with.
            fields.insert("id".to_owned(), Value::from(row.id.to_string()));
        }
        let kept = Kept {
            keyed: keyed(secret, row.id),
            kind: row.kind.clone(),
            erasure,
            why: Remains::word(why).to_owned(),
            fields,
        };
        work.put_kept(&kept).await?;
    }
    Ok(())
}

/// Clears the person, and the photos that went with them, from records that stay, and notes what stays and what
/// somebody must read. Gives what was cleared.
async fn clear<W: Work>(
    work: &mut W,
    gone: &BTreeMap<Uuid, Row>,
    told: &mut Told,
) -> Stored<Vec<Uuid>> {
    let named: BTreeSet<Uuid> = gone
        .values()
        .filter(|row| [Person::KIND, Photo::KIND].contains(&row.kind.as_str()))
        .map(|row| row.id)
        .collect();
    let mut cleared = Vec::new();
    for mut row in work.naming(&named).await? {
        if gone.contains_key(&row.id) {
            continue;
        }
        let values: FieldValues = row.values();
        let names =
            |field: &str| kinds::id_in(&values, field).is_some_and(|id| named.contains(&id));
        let mut is_cleared = false;
        for link in LINKS
            .iter()
            .filter(|link| link.kind == row.kind && names(link.field))
        {
            match link.part {
                Part::Cleared => {
                    if let Some(field) = row.fields.get_mut(link.field) {
                        field.value = Value::Null;
                        is_cleared = true;
                    }
                }
                Part::Stays(_) => *told.stays.entry(row.kind.clone()).or_default() += 1,
                Part::Goes => {}
            }
        }
        if is_cleared {
            cleared.push(row.id);
            *told.cleared.entry(row.kind.clone()).or_default() += 1;
            work.put_record(&row, &BTreeSet::new(), &kinds::ties(&row))
                .await?;
        }
    }
    let families: BTreeSet<Uuid> = gone
        .values()
        .filter(|row| row.kind == Membership::KIND)
        .filter_map(|row| kinds::id_in(&row.values(), "family"))
        .filter(|family| !gone.contains_key(family))
        .collect();
    for id in families {
        let Some(row) = work
            .record(id)
            .await?
            .filter(|row| row.kind == Family::KIND)
        else {
            continue;
        };
        let texts = FREE_TEXT
            .iter()
            .filter(|field| row.fields.get(**field).is_some_and(|f| !f.value.is_null()));
        told.to_read.extend(texts.map(|field| ToRead {
            kind: row.kind.clone(),
            record: id,
            field: (*field).to_owned(),
        }));
    }
    Ok(cleared)
}
