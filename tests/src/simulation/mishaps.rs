//! What goes wrong.

use std::collections::BTreeSet;

use anyhow::Result;
use porch_county::store::{Breaks, Device as Known, Reading as _, Store as _};
use porch_sync::DeviceNumber;
use uuid::Uuid;

use super::frail::{Power, Torn};
use super::jobs::{Owner, at_once};
use super::records::CENTRES;
use super::world::World;

/// Something that goes wrong at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mishap {
    /// A server process dies, or comes back.
    Server,
    /// A commit of the county breaks.
    Commit,
    /// A device dies between two steps.
    Device,
    /// It is to die at a step.
    Power,
    /// A device's disk is full, or has room again.
    Disk,
    /// A device's clock is set.
    Clock,
    /// A device is copied.
    Clone,
    /// A backup of a device's disk is taken.
    DeviceBackup,
    /// It is put back.
    DeviceRestore,
    /// A backup of the county is taken.
    Backup,
    /// It is put back.
    Restore,
    /// A device is revoked.
    Revoke,
    /// The scopes of a device change.
    Scopes,
    /// A device gets the newer program.
    Upgrade,
    /// A device is enrolled.
    Enrol,
    /// Something kept aside is let in or discarded.
    Quarantine,
}

/// Each as often as its weight says.
pub(super) const MISHAPS: &[(usize, Mishap)] = &[
    (8, Mishap::Server),
    (6, Mishap::Commit),
    (4, Mishap::Device),
    (8, Mishap::Power),
    (8, Mishap::Disk),
    (6, Mishap::Clock),
    (2, Mishap::Clone),
    (3, Mishap::DeviceBackup),
    (2, Mishap::DeviceRestore),
    (4, Mishap::Backup),
    (2, Mishap::Restore),
    (1, Mishap::Revoke),
    (6, Mishap::Scopes),
    (2, Mishap::Upgrade),
    (2, Mishap::Enrol),
    (5, Mishap::Quarantine),
];

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl World {
    /// Something goes wrong.
    ///
    /// # Errors
    /// When what came of it must not be.
    pub(super) fn suffer(&mut self, mishap: Mishap) -> Result<()> {
        let in_use = self.in_use();
        let Some(place) = self.chance.pick(&in_use).copied() else {
            return Ok(());
        };
        self.trace.note(format_args!("{mishap:?}, device {place}"));
        match mishap {
            Mishap::Server => self.server_dies_or_comes_back()?,
            Mishap::Commit => {
                let breaks = if self.chance.one_in(2) {
                    Breaks::Before
                } else {
                    Breaks::After
                };
                self.store.break_next_commit(breaks);
                self.counters.count("commit breaks", &format!("{breaks:?}"));
            }
            Mishap::Device => {
                let doing = self.doing(place)?;
                self.counters.count("device dies", doing);
                self.cut_power(place, None)?;
            }
            Mishap::Power => {
                let after = u32::try_from(self.chance.below(4)).unwrap_or_default();
                let power = self.chance.weighted(&[
                    (2, Power::Before),
                    (5, Power::Inside),
                    (2, Power::After),
                ]);
                let part = self.chance.bits().to_le_bytes()[0];
                let frail = &self.device(place)?.frail;
                frail.fail_at(after, power.unwrap_or(Power::Inside), part);
            }
            Mishap::Disk => {
                let room = u32::try_from(self.chance.below(12)).unwrap_or_default();
                let room = (!self.chance.one_in(3)).then_some(room);
                self.device(place)?.store.leave_room(room)?;
            }
            Mishap::Clock => {
                let off = match self.chance.below(4) {
                    0 => 0,
                    1 => DAY_MS,
                    2 => -DAY_MS,
                    _ => {
                        i64::try_from(self.chance.below(4_000_000)).unwrap_or_default() - 2_000_000
                    }
                };
                self.device(place)?.clock_off_ms = off;
                self.counters
                    .count("clock", if off < 0 { "behind" } else { "ahead" });
            }
            Mishap::Clone => self.clone_device(place)?,
            Mishap::DeviceBackup => {
                let image = self.device(place)?.image(None);
                self.device(place)?.backup = Some(image);
            }
            Mishap::DeviceRestore => self.restore_device(place)?,
            Mishap::Backup => self.back_up(),
            Mishap::Restore => self.restore_county()?,
            Mishap::Revoke => {
                let number = self.device(place)?.number;
                // The last one stays.
                if in_use.len() > 2 {
                    self.revoke(number);
                }
            }
            Mishap::Scopes => {
                let device = self.device(place)?;
                let (number, own) = (device.number, device.centre);
                let held = device.store.read(|read| read.device())?.scopes;
                let given = CENTRES
                    .iter()
                    .filter(|scope| **scope != own && held.contains(scope));
                let given: Vec<_> = given.copied().collect();
                // What was given is soon taken again, with work in it that is unsent.
                match self.chance.pick(&given).copied() {
                    Some(scope) if !self.chance.one_in(3) => {
                        self.change_scopes(number, None, Some(scope));
                    }
                    _ => {
                        let centre = self.chance.pick(&CENTRES).copied().unwrap_or_default();
                        self.change_scopes(number, Some(centre), None);
                    }
                }
            }
            Mishap::Upgrade => self.upgrade(place)?,
            Mishap::Enrol => {
                if in_use.len() < 6 {
                    let centre = self.chance.pick(&CENTRES).copied().unwrap_or_default();
                    self.enrol(centre);
                }
            }
            Mishap::Quarantine => {
                let let_in = !self.chance.one_in(3);
                self.look_at_quarantine(let_in);
            }
        }
        Ok(())
    }

    /// What a device is at.
    fn doing(&mut self, place: usize) -> Result<&'static str> {
        let device = self.device(place)?;
        let unsent = device.count("SELECT COUNT(*) FROM outbox WHERE outcome IS NULL")? > 0;
        Ok(match (device.meeting.is_some(), unsent) {
            (true, _) => "in a meeting",
            (false, true) => "with unsent work",
            (false, false) => "at rest",
        })
    }

    fn server_dies_or_comes_back(&mut self) -> Result<()> {
        let server = self.chance.below(self.servers.len());
        self.server_dies(server)
    }

    /// A server process that is at something dies, if there is one.
    ///
    /// # Errors
    /// Before the beginning.
    pub(super) fn busy_server_dies(&mut self) -> Result<()> {
        let mut servers = 0..self.servers.len();
        let busy = servers.find(|server| {
            let at = self.jobs.of(Owner::Server(*server));
            at.iter().any(|what| *what != "start")
        });
        busy.map_or(Ok(()), |server| self.server_dies(server))
    }

    fn server_dies(&mut self, server: usize) -> Result<()> {
        if self.servers.get(server).is_some_and(Option::is_some) {
            for what in self.jobs.of(Owner::Server(server)) {
                self.counters.count("server dies", what);
            }
            self.kill_server(server);
        }
        self.start_once(server)
    }

    /// Starts a server process unless it is starting.
    ///
    /// # Errors
    /// Before the beginning.
    pub(super) fn start_once(&mut self, server: usize) -> Result<()> {
        if self.jobs.of(Owner::Server(server)).contains(&"start") {
            return Ok(());
        }
        self.start(server)
    }

    /// Ends a device's program where it stands, and starts it again.
    ///
    /// # Errors
    /// When it does not start, or has lost what it had.
    pub(super) fn cut_power(&mut self, place: usize, torn: Option<Torn>) -> Result<()> {
        self.jobs.end_of(Owner::Device(place));
        let folder = self.fresh_folder();
        self.device(place)?.killed(&folder, torn)?;
        self.after_device_step(place)
    }

    /// The power has failed at a step of a meeting.
    pub(super) fn power_failed(&mut self, place: usize) -> Result<()> {
        let device = self.device(place)?;
        let Some((step, power, torn)) = device.frail.died() else {
            return Ok(());
        };
        let power = match power {
            Power::Before => "power before",
            Power::Inside if torn.is_some() => "power inside",
            Power::Inside | Power::After => "power after",
        };
        self.counters.count(power, step);
        self.cut_power(place, torn)
    }

    fn clone_device(&mut self, place: usize) -> Result<()> {
        if self.in_use().len() >= 6 {
            return Ok(());
        }
        let doing = self.doing(place)?;
        self.counters.count("cloned", doing);
        let folder = self.fresh_folder();
        let copy = self.device(place)?.cloned(&folder)?;
        // From now on either may confirm for both.
        self.device(place)?.second_hand = true;
        self.looked.copy_device(place, self.devices.len());
        self.devices.push(copy);
        Ok(())
    }

    fn restore_device(&mut self, place: usize) -> Result<()> {
        let Some(image) = self.device(place)?.backup.clone() else {
            return Ok(());
        };
        let doing = self.doing(place)?;
        self.counters.count("device restored", doing);
        self.reckon(false)?;
        self.jobs.end_of(Owner::Device(place));
        let folder = self.fresh_folder();
        self.device(place)?.replaced(&folder, &image)?;
        self.device(place)?.second_hand = true;
        self.rejoining.remove(&place);
        self.looked.forget_device(place);
        self.lost_a_disk("a disk was put back")?;
        self.after_device_step(place)
    }

    fn restore_county(&mut self) -> Result<()> {
        let Some(copy) = self.copy.clone() else {
            return Ok(());
        };
        let doing = if self.jobs.is_empty() {
            "at rest"
        } else {
            "at work"
        };
        self.counters.count("county restored", doing);
        self.reckon(false)?;
        for server in 0..self.servers.len() {
            self.kill_server(server);
        }
        let erased = self.erased()?;
        self.store = self.store.restored(&copy);
        let mut known: BTreeSet<Uuid> = self.erased()?.into_keys().collect();
        for person in self.known.people.keys() {
            let there = at_once(async { self.store.reading().await?.record(*person).await })?;
            known.extend(there.map(|row| row.id));
        }
        self.looked.new_store();
        let within = at_once(async { self.store.reading().await?.devices().await })?;
        // Each process carries out what its log knows before anything is served; then a new epoch is
        // started, and they are started anew to know it.
        self.start_all()?;
        // A log may know of somebody whose erasure was never committed.
        let gone = erased.into_keys().chain(self.erased()?.into_keys());
        let not_told = gone.filter(|person| !known.contains(person));
        self.known.not_told.extend(not_told);
        let Some(county) = self.servers.first().cloned().flatten() else {
            anyhow::bail!("the county does not start from its backup");
        };
        at_once(county.start_epoch())?;
        for server in 0..self.servers.len() {
            self.kill_server(server);
        }
        self.start_all()?;
        self.forget_unknown_devices(&within)?;
        self.county_lost_what_came_after()
    }

    /// Starts all server processes, while nothing else goes on.
    fn start_all(&mut self) -> Result<()> {
        for server in 0..self.servers.len() {
            self.start(server)?;
        }
        while self.servers.iter().any(Option::is_none) {
            let awake = (0..self.servers.len())
                .find_map(|server| self.jobs.awake_of(Owner::Server(server)));
            let Some(place) = awake else {
                anyhow::bail!("the county does not start")
            };
            self.jobs.go_on(place);
            self.listen()?;
        }
        Ok(())
    }

    /// A county that was restored knows devices that were enrolled after the backup (`within` it are the others) by its
    /// device log, unless it died before it had noted one: that is enrolled anew, and what only it has is typed again.
    fn forget_unknown_devices(&mut self, within: &[Known]) -> Result<()> {
        let known = at_once(async { self.store.reading().await?.devices().await })?;
        for place in self.in_use() {
            let device = self.device(place)?;
            let number = device.number;
            let is_among = |these: &[Known]| these.iter().any(|known| known.number == number);
            if is_among(&known) && !is_among(within) {
                self.counters
                    .count("county restored", "a device was put back");
            } else if !is_among(&known) {
                device.in_use = false;
                device.meeting = None;
                self.jobs.end_of(Owner::Device(place));
                self.counters
                    .count("county restored", "before a device was noted");
            }
        }
        self.lost_a_disk("its device was enrolled after the backup, and not noted")
    }

    pub(super) fn revoked(&mut self, number: DeviceNumber) -> Result<()> {
        for place in self.with_number(number) {
            let doing = self.doing(place)?;
            self.counters.count("revoked", doing);
            self.jobs.end_of(Owner::Device(place));
            self.device(place)?.in_use = false;
            self.device(place)?.meeting = None;
        }
        self.lost_a_disk("its device was revoked")
    }

    /// A device gets the program of this version: its places are forgotten, as by the migration.
    ///
    /// # Errors
    /// When its store fails.
    pub(super) fn upgrade(&mut self, place: usize) -> Result<()> {
        if !self.device(place)?.old {
            return Ok(());
        }
        let doing = self.doing(place)?;
        self.counters.count("upgraded", doing);
        self.jobs.end_of(Owner::Device(place));
        let device = self.device(place)?;
        device.meeting = None;
        device.old = false;
        device.forget_places()?;
        self.looked.forget_places(place);
        let folder = self.fresh_folder();
        self.device(place)?.killed(&folder, None)?;
        self.after_device_step(place)
    }
}
