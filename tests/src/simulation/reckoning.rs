//! What must hold for everything, every so many steps and at rest.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use porch_county::store::{Reading as _, RemovalReading as _, Store as _, URGENT};
use porch_sync::protocol::{Variant, blob_id};
use porch_sync::{DeviceNumber, Tally, Version};
use uuid::Uuid;

use super::jobs::at_once;
use super::known::Written;
use super::whereabouts::{Whereabouts, says};
use super::world::World;

impl World {
    /// Whoever was erased, with the numbers of the devices that have confirmed it.
    pub(super) fn erased(&self) -> Result<BTreeMap<Uuid, BTreeSet<DeviceNumber>>> {
        let erasures = at_once(async { self.store.reading().await?.erasures().await })?;
        // Everybody who is the same person goes with whom the order names.
        let gone = self.store.erased(self.known.people.keys().copied());
        let confirmed = |erasure: &porch_county::store::Erasure| {
            let holders = erasure.holders.iter();
            holders
                .filter(|(_, confirmed)| confirmed.is_some())
                .map(|(number, _)| *number)
                .collect()
        };
        let erasure = |by: Uuid| erasures.iter().find(|erasure| erasure.id == by);
        Ok(gone
            .into_iter()
            .filter_map(|(person, by)| Some((person, confirmed(erasure(by)?))))
            .collect())
    }

    /// Holds everything against what is known.
    ///
    /// # Errors
    /// When something does not hold.
    pub(super) fn reckon(&mut self, at_rest: bool) -> Result<()> {
        self.digests_agree(at_rest)?;
        let whereabouts = self.whereabouts()?;
        for write in &self.known.writes {
            let found =
                self.is_settled(write, &whereabouts) || (!at_rest && whereabouts.keeps(write));
            ensure!(
                found || write.excused.is_some(),
                "an acknowledged write is nowhere: {} {:?} of {}{} ({})",
                write.kind,
                write.field,
                write.record,
                if at_rest {
                    ""
                } else {
                    " (and no device keeps it)"
                },
                self.told_of(write)?
            );
        }
        self.nothing_is_left_of_the_erased(at_rest)?;
        if at_rest {
            self.no_content_that_fell()?;
            self.content_that_stands_is_at_the_county()?;
            self.no_family_out_of_scope(&whereabouts)?;
            self.orders_were_carried_out(&whereabouts)?;
        }
        Ok(())
    }

    /// What there is of a record, for somebody who looks for a write.
    fn told_of(&self, write: &Written) -> Result<String> {
        let id = write.record.as_bytes().as_slice();
        let Version {
            device, sequence, ..
        } = write.version;
        let received = at_once(async {
            let mut reading = self.store.reading().await?;
            reading.received(device, sequence).await
        })?;
        let mut told = vec![format!(
            "written as {}, answered {:?}",
            write.version,
            received.map(|received| received.outcome)
        )];
        for place in self.in_use() {
            let device = self.devices.get(place).context("no such device")?;
            let shown = device
                .store
                .read(|read| read.row(write.kind, write.record))?;
            let value = shown.map(|row| match &write.field {
                Some(field) => row.fields.get(field).map(|f| f.value == write.value),
                None => Some(true),
            });
            let mut there = Vec::new();
            for table in ["set_aside", "erased", "unheld", "holding", "outbox_rest"] {
                let sql = format!("SELECT 1 FROM {table} WHERE record = ?");
                if device.look.prepare(&sql)?.exists([id])? {
                    there.push(table);
                }
            }
            told.push(format!(
                "device {place}: shown {value:?}, {}",
                there.join(" ")
            ));
        }
        Ok(told.join("; "))
    }

    /// Current, in a conflict, removed with a record, in quarantine; or somebody saw it and wrote
    /// another one.
    fn is_settled(&self, write: &Written, whereabouts: &Whereabouts) -> bool {
        write.seen_and_replaced
            || whereabouts.settles(write)
            || self.known.goes(write.record, &whereabouts.erased)
            // An order goes with whom it is about, whoever else ordered it.
            || self
                .known
                .orders
                .get(&write.record)
                .is_some_and(|person| whereabouts.erased.contains(person))
    }

    /// Where a device stands at a feed's head, both hold the same.
    fn digests_agree(&self, at_rest: bool) -> Result<()> {
        for place in self.in_use() {
            let device = self.devices.get(place).context("no such device")?;
            if device.old {
                continue;
            }
            let row = device.store.read(|read| read.device())?;
            if Some(row.epoch) != self.epoch() {
                ensure!(!at_rest, "device {place} knows another epoch");
                continue;
            }
            // An erasure takes records out of feeds without a new place there.
            let urgent = device.count(
                "SELECT coalesce((SELECT after FROM cursor WHERE scope = zeroblob(16)), 0)",
            )?;
            if !at_rest && urgent < self.store.head(URGENT).0 {
                continue;
            }
            for scope in row.scopes {
                let (head, tally) = self.store.head(scope);
                let mut select = device.look.prepare_cached(
                    "SELECT c.after, t.held, t.sum, t.misses FROM cursor c JOIN scope_tally t ON t.scope = c.scope
                     WHERE c.scope = ?",
                )?;
                let mut rows = select.query([scope.as_bytes().as_slice()])?;
                let here = match rows.next()? {
                    Some(row) => {
                        let held = Tally {
                            count: row.get(1)?,
                            sum: u128::from_be_bytes(row.get(2)?),
                        };
                        Some((row.get::<_, u64>(0)?, held, row.get::<_, u32>(3)?))
                    }
                    None => None,
                };
                let agrees = match here {
                    Some((after, held, misses)) if after == head => held == tally && misses == 0,
                    Some(_) => !at_rest,
                    None => !at_rest || head == 0,
                };
                // A digest may have been answered wrongly; then the scope is fetched again.
                let lied_to = !at_rest && here.is_some_and(|(_, _, misses)| misses > 0);
                ensure!(
                    agrees || lied_to,
                    "device {place} and the county do not hold the same of {scope}: {here:?}, {head}, {tally:?}"
                );
            }
        }
        Ok(())
    }

    /// What was taken back for certain, stopped or objected to is shown nowhere. Whoever was not told of an erasure has not heard either
    /// what was said before it.
    fn no_content_that_fell(&self) -> Result<()> {
        let chunks = self.store.chunks();
        let erased = self.erased()?;
        for photo in &self.known.photos {
            let withdrawn = photo
                .decisions
                .iter()
                .filter_map(|decision| self.known.withdrawn.get(decision));
            let stopped = self.known.stopped.iter();
            let stopped = stopped.filter(|(_, of)| photo.people.contains(of));
            let fell = withdrawn
                .chain(stopped.map(|(stop, _)| stop))
                .chain(self.known.objected.get(&photo.id))
                .any(|because| !self.known.is_excused(*because));
            if !fell || self.known.is_excused(photo.id) {
                continue;
            }
            for variant in [Variant::Thumbnail, Variant::Picture] {
                ensure!(
                    !chunks.contains_key(&blob_id(photo.id, variant)),
                    "the county still has a picture that was taken back"
                );
            }
            for place in self.in_use() {
                let device = self.devices.get(place).context("no such device")?;
                let here = device
                    .look
                    .prepare_cached("SELECT 1 FROM picture WHERE photo = ?")?
                    .exists([photo.id.as_bytes().as_slice()])?;
                let not_told = photo
                    .people
                    .iter()
                    .any(|person| self.known.not_told.contains(person))
                    || self.is_of_somebody_it_was_not_told_of(place, photo.id, &erased)?;
                ensure!(
                    !here || not_told,
                    "device {place} still has a picture that was taken back"
                );
            }
        }
        Ok(())
    }

    /// A picture is not lost either. A copy may not have been told that somebody in it was erased (`docs/security.md`).
    fn content_that_stands_is_at_the_county(&mut self) -> Result<()> {
        let chunks = self.store.chunks();
        let erased = self.erased()?;
        for place in self.in_use() {
            for (photo, variant, bytes) in self.pictures(place)? {
                if self.is_of_somebody_it_was_not_told_of(place, photo, &erased)? {
                    self.counters.count("erased, and was not told", "a copy");
                    continue;
                }
                ensure!(
                    chunks.get(&blob_id(photo, variant)) == Some(&bytes),
                    "device {place} has a picture that stands and the county does not"
                );
            }
        }
        Ok(())
    }

    /// Whether a copied device has a photo of somebody who was erased, and was not told of them.
    fn is_of_somebody_it_was_not_told_of(
        &self,
        place: usize,
        photo: Uuid,
        erased: &BTreeMap<Uuid, BTreeSet<DeviceNumber>>,
    ) -> Result<bool> {
        let device = self.devices.get(place).context("no such device")?;
        let mut subjects = device
            .look
            .prepare_cached("SELECT person FROM photo_subject WHERE photo = ?")?;
        let people =
            subjects.query_map([photo.as_bytes()], |row| row.get(0).map(Uuid::from_bytes))?;
        for person in people.collect::<Result<Vec<_>, _>>()? {
            let told = device.store.read(|read| read.is_erased(person))?;
            if device.second_hand && !told && erased.contains_key(&person) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The pictures on a device whose photos stand, with their sizes in bytes.
    fn pictures(&self, place: usize) -> Result<Vec<(Uuid, Variant, usize)>> {
        let device = self.devices.get(place).context("no such device")?;
        let mut select = device.look.prepare_cached(
            "SELECT photo, variant, length(bytes) FROM picture
             WHERE photo IN (SELECT photo FROM photo_standing)",
        )?;
        let rows = select.query_map((), |row| {
            let variant = if row.get::<_, String>(1)? == Variant::Picture.word() {
                Variant::Picture
            } else {
                Variant::Thumbnail
            };
            Ok((row.get(0).map(Uuid::from_bytes)?, variant, row.get(2)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A device has the families of its centres, those that its centre asked for, and those that are the same as one of them.
    fn no_family_out_of_scope(&self, whereabouts: &Whereabouts) -> Result<()> {
        let same = whereabouts.same_families();
        for place in self.in_use() {
            let device = self.devices.get(place).context("no such device")?;
            let scopes = device.store.read(|read| read.device())?.scopes;
            let mut select = device.look.prepare_cached("SELECT id FROM family")?;
            let families = select.query_map((), |row| row.get(0).map(Uuid::from_bytes))?;
            for family in families.collect::<Result<Vec<_>, _>>()? {
                if !whereabouts.records.contains_key(&family) {
                    continue;
                }
                let is_here = |family: Uuid| {
                    let its_own = whereabouts.centre_of(family);
                    let mut scopes_held = scopes.iter();
                    its_own.is_some_and(|centre| scopes.contains(&centre))
                        || scopes_held.any(|scope| self.known.was_asked_for(family, *scope))
                };
                ensure!(
                    same.all(family).any(is_here),
                    "device {place} has family {family} of {:?}, which is not its centre",
                    whereabouts.centre_of(family)
                );
            }
        }
        Ok(())
    }

    fn orders_were_carried_out(&self, whereabouts: &Whereabouts) -> Result<()> {
        for (order, person) in &self.known.orders {
            let aside = whereabouts.is_aside(&order.to_string());
            ensure!(
                whereabouts.erased.contains(person) || aside || self.known.is_excused(*order),
                "an order to erase somebody was not carried out"
            );
        }
        Ok(())
    }

    /// A device is gone with what only it had.
    ///
    /// # Errors
    /// When something does not hold.
    pub(super) fn lost_a_disk(&mut self, why: &'static str) -> Result<()> {
        self.only_at_the_county(|write| write.excused = Some(why))
    }

    /// A copy no longer keeps what it had sent under the number that it leaves. What it had not sent goes along: nothing
    /// is excused.
    ///
    /// # Errors
    /// When something does not hold.
    pub(super) fn forgot_what_was_sent(&mut self) -> Result<()> {
        self.only_at_the_county(|_| {})
    }

    /// Marks what no device keeps any more; `nowhere` hears of what the county does not have either.
    fn only_at_the_county(&mut self, nowhere: impl Fn(&mut Written)) -> Result<()> {
        let whereabouts = self.whereabouts()?;
        let mut writes = std::mem::take(&mut self.known.writes);
        for write in &mut writes {
            if write.excused.is_some() || whereabouts.keeps(write) {
                continue;
            }
            if self.is_settled(write, &whereabouts) {
                write.fragile = true;
            } else {
                nowhere(write);
            }
        }
        self.known.writes = writes;
        Ok(())
    }

    /// The county was restored: what it lost is on the devices, unless their disks were lost, too.
    ///
    /// # Errors
    /// When something does not hold.
    pub(super) fn county_lost_what_came_after(&mut self) -> Result<()> {
        let whereabouts = self.whereabouts()?;
        let mut writes = std::mem::take(&mut self.known.writes);
        for write in &mut writes {
            let there = write.excused.is_some()
                || whereabouts.keeps(write)
                || self.is_settled(write, &whereabouts);
            if !there && write.fragile {
                write.excused = Some("the county and a disk were lost");
            }
            ensure!(
                there || write.fragile,
                "the county has lost a write that it had acknowledged, and no device keeps it: {} {:?} of {}",
                write.kind,
                write.field,
                write.record
            );
        }
        self.known.writes = writes;
        Ok(())
    }

    /// A person discarded what was kept aside.
    pub(super) fn discarded(&mut self, said: Option<&str>) {
        let Some(said) = said else { return };
        for write in &mut self.known.writes {
            if says(said, write) {
                write.excused = Some("a person discarded it");
            }
        }
    }
}
