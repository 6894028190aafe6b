//! The world: a county of several server processes over one store, devices, and the way between.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::SigningKey;
use porch_county::County;
use porch_county::store::{MemoryCopy, MemoryStore};
use porch_domain::decision::Purpose;
use porch_sync::DeviceNumber;
use porch_sync::device::{Clash, MeetError, Met};
use porch_sync::protocol::{CountyRefusal, Enrolled};
use tempfile::TempDir;

use super::Options;
use super::chance::Chance;
use super::counters::Counters;
use super::device::Device;
use super::frail::Frailty;
use super::jobs::{Jobs, Owner};
use super::known::Known;
use super::line::{Answer, Line, Slot, Trouble, Wire};
use super::server::{Around, BeginsAt};
use super::stick::Stick;
use super::trace::Trace;

/// After so many steps of what is going on it will never end: a meeting that turns in circles is a failure.
const STEPS_TO_REST: usize = 20_000;

/// How a meeting of a device ended.
pub(super) type Ended = Result<Met, MeetError<Frailty, Trouble>>;

/// What a job tells the world at its end.
pub(super) enum Happened {
    /// A device met the county, or did not.
    Met(usize, u64, Ended),
    /// The county enrolled a device.
    Enrolled(SigningKey, Box<Enrolled>),
    /// The county gave a copy a number of its own; none if it did not.
    Rejoined(usize, SigningKey, Option<DeviceNumber>),
    /// A family was asked for.
    Fetched(usize, Answer),
    /// A server process has started.
    Started(usize, Arc<County<MemoryStore>>),
    /// A person discarded what was kept aside; what it said.
    Discarded(Option<String>),
    /// A device was revoked.
    Revoked(DeviceNumber),
    /// What was asked by stick was answered.
    Stick(usize, Box<Stick>),
    /// Something of the county's own ended; whether it did anything.
    Done(&'static str, bool),
}

/// What jobs tell, until the world listens.
#[derive(Clone, Default)]
pub(super) struct News(Arc<Mutex<Vec<Happened>>>);

impl News {
    /// Tells.
    pub(super) fn tell(&self, what: Happened) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(what);
    }

    fn hear(&self) -> Vec<Happened> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Everything.
pub(super) struct World {
    /// What decides.
    pub(super) chance: Chance,
    /// Milliseconds since 1970.
    pub(super) clock: Arc<AtomicU64>,
    home: TempDir,
    folders: u64,
    /// What the server processes work on.
    pub(super) store: MemoryStore,
    /// The last backup of it.
    pub(super) copy: Option<MemoryCopy>,
    /// The server processes; none for one that is down.
    pub(super) servers: Vec<Option<Arc<County<MemoryStore>>>>,
    /// The devices, those no longer in use among them.
    pub(super) devices: Vec<Device>,
    /// Keys under which copies have asked for a number of their own.
    pub(super) rejoining: BTreeMap<usize, SigningKey>,
    /// Requests on their way.
    pub(super) wire: Wire,
    /// What is going on.
    pub(super) jobs: Jobs,
    /// What jobs of server processes have to answer to, by job.
    pub(super) owed: BTreeMap<u64, Slot>,
    /// What was told and not heard.
    pub(super) news: News,
    /// Sticks on their way.
    pub(super) sticks: Vec<Stick>,
    /// What must have become of what was written.
    pub(super) known: Known,
    /// What happened.
    pub(super) trace: Trace,
    /// How often what went wrong where.
    pub(super) counters: Counters,
    /// What everybody decides about: pictures, or words.
    pub(super) purpose: Purpose,
    /// Whether anything goes wrong.
    pub(super) mishaps: bool,
    /// How many commits of the county were looked at.
    pub(super) looked: super::watch::Watch,
}

/// Where files lie that need not outlast the run: in memory, where there is such a place.
fn in_memory() -> Result<TempDir> {
    let memory = PathBuf::from("/dev/shm");
    let mut builder = tempfile::Builder::new();
    builder.prefix("porch-simulation-");
    Ok(if memory.is_dir() {
        builder.tempdir_in(memory)?
    } else {
        builder.tempdir()?
    })
}

impl World {
    /// A county with its centres, its servers, and the first devices.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn begin(seed: u64, options: Options) -> Result<Self> {
        let mut chance = Chance::of(seed);
        let begins = BeginsAt::new(&mut chance);
        let Around { store, clock } = begins.around()?;
        let mut world = Self {
            clock,
            home: in_memory()?,
            folders: 0,
            servers: vec![None; 2 + chance.below(2)],
            store,
            copy: None,
            devices: Vec::new(),
            rejoining: BTreeMap::new(),
            wire: Wire::default(),
            jobs: Jobs::default(),
            owed: BTreeMap::new(),
            news: News::default(),
            sticks: Vec::new(),
            known: Known::default(),
            trace: Trace::of(seed, options.verbose),
            counters: Counters::default(),
            mishaps: false,
            purpose: if options.publishing && seed.is_multiple_of(2) {
                Purpose::PublicityQuote
            } else {
                Purpose::PublicityPicture
            },
            looked: super::watch::Watch::default(),
            chance,
        };
        world.found(&begins)?;
        world.mishaps = true;
        Ok(world)
    }

    /// A folder that nothing was in.
    pub(super) fn fresh_folder(&mut self) -> PathBuf {
        self.folders += 1;
        self.home.path().join(self.folders.to_string())
    }

    /// Where a server process keeps its removal log.
    #[must_use]
    pub(super) fn removal_log(&self, server: usize) -> PathBuf {
        self.home.path().join(format!("removals-{server}.log"))
    }

    /// Where it keeps its device log.
    #[must_use]
    pub(super) fn device_log(&self, server: usize) -> PathBuf {
        self.home.path().join(format!("devices-{server}.log"))
    }

    /// What the time is.
    #[must_use]
    pub(super) fn now_ms(&self) -> u64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// A new key.
    pub(super) fn fresh_key(&mut self) -> SigningKey {
        let mut seed = [0; 32];
        self.chance.fill(&mut seed);
        SigningKey::from_bytes(&seed)
    }

    /// A key's public half, as the protocol has it.
    #[must_use]
    pub(super) fn public(key: &SigningKey) -> String {
        BASE64.encode(key.verifying_key().as_bytes())
    }

    /// The devices that are in use.
    #[must_use]
    pub(super) fn in_use(&self) -> Vec<usize> {
        let all = self.devices.iter().enumerate();
        all.filter(|(_, device)| device.in_use)
            .map(|(place, _)| place)
            .collect()
    }

    /// A device.
    ///
    /// # Errors
    /// When there is none at that place: a fault of the simulation.
    pub(super) fn device(&mut self, place: usize) -> Result<&mut Device> {
        match self.devices.get_mut(place) {
            Some(device) => Ok(device),
            None => bail!("there is no device {place}"),
        }
    }

    /// A device's end of the way to the county.
    ///
    /// # Errors
    /// As [`World::device`].
    pub(super) fn line(&mut self, place: usize) -> Result<Line> {
        let rows = self.chance.weighted(&[(3, 500), (2, 7), (1, 3)]);
        let wire = self.wire.clone();
        let device = self.device(place)?;
        Ok(Line {
            wire,
            from: place,
            number: device.number,
            old: device.old,
            rows: rows.unwrap_or(500),
        })
    }

    /// A server process that is up.
    pub(super) fn some_server(&mut self) -> Option<(usize, Arc<County<MemoryStore>>)> {
        let up: Vec<usize> = (0..self.servers.len())
            .filter(|place| self.servers.get(*place).is_some_and(Option::is_some))
            .collect();
        let place = *self.chance.pick(&up)?;
        let county = self.servers.get(place)?.clone()?;
        Some((place, county))
    }

    /// Goes on with one job, whichever; false when none has anything to do.
    ///
    /// # Errors
    /// When what came of it must not be.
    pub(super) fn go_on(&mut self) -> Result<bool> {
        let awake = self.jobs.awake();
        let Some(place) = self.chance.pick(&awake) else {
            return Ok(false);
        };
        let Some((owner, what, number, ended)) = self.jobs.go_on(*place) else {
            return Ok(false);
        };
        if ended {
            self.owed.remove(&number);
            self.trace.note(format_args!("{what} of {owner:?} ended"));
        }
        if let Owner::Device(place) = owner {
            self.acknowledge_late(place)?;
        }
        self.listen()?;
        self.after_step(owner)?;
        Ok(true)
    }

    /// Takes in what jobs have told.
    ///
    /// # Errors
    /// When what came of it must not be.
    pub(super) fn listen(&mut self) -> Result<()> {
        for happened in self.news.hear() {
            match happened {
                Happened::Met(device, job, ended) => self.met(device, job, ended)?,
                Happened::Enrolled(key, enrolled) => self.enrolled(key, &enrolled)?,
                Happened::Rejoined(device, key, number) => self.rejoined(device, key, number)?,
                Happened::Fetched(device, answer) => self.fetched(device, &answer),
                Happened::Started(server, county) => {
                    if let Some(place) = self.servers.get_mut(server) {
                        *place = Some(county);
                    }
                }
                Happened::Discarded(said) => self.discarded(said.as_deref()),
                Happened::Revoked(number) => self.revoked(number)?,
                Happened::Stick(server, stick) => self.stick_answered(server, *stick),
                Happened::Done(what, well) => {
                    self.trace.note(format_args!("{what}: {well}"));
                    self.counters
                        .count(what, if well { "done" } else { "not done" });
                }
            }
        }
        Ok(())
    }

    /// Runs until nothing is going on any more.
    ///
    /// # Errors
    /// When it never comes to an end, or what came of it must not be.
    pub(super) fn settle(&mut self) -> Result<()> {
        for _ in 0..STEPS_TO_REST {
            let carried = !self.wire.is_empty() && self.carry()?;
            if !self.go_on()? && !carried {
                if self.jobs.is_empty() && self.wire.is_empty() {
                    return Ok(());
                }
                ensure!(
                    !self.wire.is_empty(),
                    "nothing goes on, and these wait for each other: {:?}",
                    self.jobs.names()
                );
            }
        }
        bail!("it never comes to an end: {:?}", self.jobs.names())
    }

    /// Whose number a device number is, among those in use; a copy may have the same one.
    #[must_use]
    pub(super) fn with_number(&self, number: DeviceNumber) -> Vec<usize> {
        let mut places = self.in_use();
        places.retain(|place| self.devices.get(*place).is_some_and(|d| d.number == number));
        places
    }

    /// Begins a meeting of a device with the county.
    ///
    /// # Errors
    /// As [`World::device`].
    pub(super) fn begin_meeting(&mut self, place: usize) -> Result<()> {
        let line = self.line(place)?;
        let news = self.news.clone();
        let frail = self.device(place)?.frail.clone();
        let told = Arc::new(AtomicU64::new(0));
        let number = Arc::clone(&told);
        let job = self
            .jobs
            .begin(Owner::Device(place), "meeting", async move {
                let ended = porch_sync::device::meet(&frail, &line, |_| {}).await;
                news.tell(Happened::Met(place, number.load(Ordering::SeqCst), ended));
            });
        told.store(job, Ordering::SeqCst);
        let (now, late) = (self.now_ms(), self.mishaps && job.is_multiple_of(3));
        let device = self.device(place)?;
        device.meeting = Some(job);
        if late {
            let note = format!("Late in meeting {job}");
            device.frail.write_late(device.now(now), note);
        }
        Ok(())
    }

    fn met(&mut self, place: usize, job: u64, ended: Ended) -> Result<()> {
        let now = self.now_ms();
        let device = self.device(place)?;
        if device.meeting != Some(job) {
            return Ok(());
        }
        device.meeting = None;
        let full = device.frail.full();
        for step in full {
            self.counters.count("disk full", step);
        }
        let told = match &ended {
            Ok(met) => format!(
                "sent {}, taken {}, parcels {}",
                met.sent, met.taken, met.parcels
            ),
            Err(MeetError::Cloned(clash)) => format!("is a copy at {}", clash.sequence),
            Err(error) => format!("{error:?}"),
        };
        self.trace.note(format_args!("device {place} met: {told}"));
        match ended {
            Ok(met) => {
                let device = self.device(place)?;
                let here = device.now(now);
                let there = i64::try_from(met.server_unix_ms).unwrap_or(i64::MAX);
                let off = here.unix_ms() - there;
                // The disk may be full for this as for anything.
                let _ = device.store.write(|write| write.met_county(here, off));
                Ok(())
            }
            Err(MeetError::Store(Frailty::Died)) => self.power_failed(place),
            Err(MeetError::Store(Frailty::Store(step, error))) => {
                ensure!(
                    error == porch_store::StoreError::DiskFull,
                    "device {place} could not go on at {step}: {error:?}"
                );
                Ok(())
            }
            Err(MeetError::Cloned(clash)) => self.rejoin(place, clash),
            // Whoever revoked it may not have heard that it was done.
            Err(MeetError::Transport(Trouble::Refused(CountyRefusal::Revoked))) => {
                let number = self.device(place)?.number;
                self.revoked(number)
            }
            Err(MeetError::Transport(_)) => Ok(()),
            Err(MeetError::Stuck) => bail!("device {place} is asked for what it has sent"),
        }
    }

    /// A copy asks for a number of its own.
    fn rejoin(&mut self, place: usize, clash: Clash) -> Result<()> {
        let Some((server, county)) = self.some_server() else {
            return Ok(());
        };
        let key = match self.rejoining.get(&place) {
            Some(key) => key.clone(),
            None => self.fresh_key(),
        };
        self.rejoining.insert(place, key.clone());
        let lost = self.mishaps && self.chance.one_in(5);
        let device = self.device(place)?;
        let (number, old) = (device.number, device.key.clone());
        let news = self.news.clone();
        self.counters
            .count("copied", if lost { "answer lost" } else { "rejoins" });
        self.jobs
            .begin(Owner::Server(server), "rejoin", async move {
                let answer = super::server::rejoin(&county, number, &old, &key, clash).await;
                let given = answer
                    .ok()
                    .filter(|_| !lost)
                    .map(|enrolled| enrolled.device);
                news.tell(Happened::Rejoined(place, key, given));
            });
        Ok(())
    }

    fn rejoined(
        &mut self,
        place: usize,
        key: SigningKey,
        number: Option<DeviceNumber>,
    ) -> Result<()> {
        self.trace
            .note(format_args!("device {place} rejoins as {number:?}"));
        let Some(number) = number else { return Ok(()) };
        // Nothing else goes on at a device that gets another number.
        if !self.rejoining.contains_key(&place) || self.device(place)?.meeting.is_some() {
            return Ok(());
        }
        let device = self.device(place)?;
        match device.store.write(|write| write.become_device(number)) {
            Ok(()) => {
                device.number = number;
                device.key = key;
                self.rejoining.remove(&place);
                self.looked.forget_device(place);
                self.forgot_what_was_sent()
            }
            Err(porch_store::StoreError::DiskFull) => {
                self.counters.count("disk full", "become_device");
                Ok(())
            }
            Err(error) => bail!("device {place} cannot become {number}: {error:?}"),
        }
    }

    fn enrolled(&mut self, key: SigningKey, enrolled: &Enrolled) -> Result<()> {
        let folder = self.fresh_folder();
        let mut device = Device::enrolled(&folder, key, enrolled)?;
        device.old = self.chance.one_in(4);
        self.trace.note(format_args!(
            "device {} is number {} at {}, old: {}",
            self.devices.len(),
            device.number,
            device.centre,
            device.old
        ));
        self.devices.push(device);
        Ok(())
    }

    /// A device asked for a family.
    fn fetched(&mut self, place: usize, answer: &Answer) {
        if let Ok(super::line::Told::Fetch(answer)) = answer {
            let found = answer.families.len();
            self.trace
                .note(format_args!("device {place} fetched {found}"));
        }
    }
}
