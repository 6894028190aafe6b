//! A device's store as a meeting sees it, and the power that fails before, inside and after a step.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use porch_domain::catalogue::Record as _;
use porch_domain::family::Family;
use porch_domain::time::Instant;
use porch_store::{Store, StoreError};
use porch_sync::device::{Chunk, Parcel, Replica, Standing};
use porch_sync::protocol::{AuditHead, PullPage, PushAnswer};
use porch_sync::{Change, SealedTransaction, Version};
use serde_json::Value;
use uuid::Uuid;

use super::records::{AUTHOR, edit};

/// When the power fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Power {
    /// Before the step: nothing of it happened.
    Before,
    /// Inside its commit: some of its pages were written.
    Inside,
    /// After it: only nobody heard.
    After,
}

/// What a commit had added to the log when the power failed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Torn {
    before: usize,
    header: [u8; 32],
    /// How much of it, in 256ths.
    pub(super) part: u8,
}

/// From this size on SQLite folds the log into the database after a commit, and then the log must not
/// be cut: what was in it is relied upon.
const FOLDED: usize = 1000 * (4096 + 24);

impl Torn {
    /// Where the log ends, if it was this long when the step had been done.
    #[must_use]
    pub(super) fn at(&self, after: usize) -> usize {
        if after <= self.before || after >= FOLDED {
            return after;
        }
        let added = after - self.before;
        self.before + added * usize::from(self.part) / 256
    }
}

#[derive(Default)]
struct Plan {
    /// After how many more steps that write.
    fails: Option<(u32, Power, u8)>,
    torn: Option<Torn>,
    /// At which step it failed.
    died: Option<(&'static str, Power)>,
    /// Steps at which the disk was full.
    full: Vec<&'static str>,
    /// What somebody writes just before the device lets go of anything.
    late: Option<(Instant, String)>,
    /// What they wrote, what stood there, and the version of it.
    written_late: Option<WrittenLate>,
}

/// A change that was saved in the midst of a meeting's step.
pub(super) struct WrittenLate {
    /// The change: of one family's note.
    pub(super) change: Change,
    /// What it replaced.
    pub(super) before: Option<Value>,
    /// Its version.
    pub(super) version: Version,
}

/// The store, until the power fails.
#[derive(Clone)]
pub(super) struct Frail {
    store: Arc<Store>,
    log: PathBuf,
    plan: Arc<Mutex<Plan>>,
}

/// Why a step was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frailty {
    /// The power failed.
    Died,
    /// The store said no at a step.
    Store(&'static str, StoreError),
}

impl Frail {
    /// Over a store with its database at a path.
    #[must_use]
    pub(super) fn over(store: Arc<Store>, path: &Path) -> Self {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        Self {
            store,
            log: log.into(),
            plan: Arc::default(),
        }
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The power fails at a step that writes, after so many others.
    pub(super) fn fail_at(&self, after: u32, power: Power, part: u8) {
        self.plan().fails = Some((after, power, part));
    }

    /// The power does not fail any more.
    pub(super) fn spare(&self) {
        self.plan().fails = None;
    }

    /// At which step the power has failed, and what it left of the log.
    #[must_use]
    pub(super) fn died(&self) -> Option<(&'static str, Power, Option<Torn>)> {
        let plan = self.plan();
        plan.died.map(|(step, power)| (step, power, plan.torn))
    }

    /// The steps at which the disk was full since this was last asked.
    #[must_use]
    pub(super) fn full(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.plan().full)
    }

    /// Notes how long the log is, to cut it somewhere after that.
    #[must_use]
    pub(super) fn about_to_tear(&self, part: u8) -> Option<Torn> {
        let (before, header) = self.log()?;
        Some(Torn {
            before,
            header,
            part,
        })
    }

    /// Whether what was noted is of the log that there is now: it was not begun anew meanwhile.
    #[must_use]
    pub(super) fn is_of_this_log(&self, torn: &Torn) -> bool {
        self.log().is_some_and(|(_, header)| header == torn.header)
    }

    /// How long the log is and how it begins; none when there is none.
    fn log(&self) -> Option<(usize, [u8; 32])> {
        let mut log = File::open(&self.log).ok()?;
        let mut header = [0; 32];
        log.read_exact(&mut header).ok()?;
        Some((usize::try_from(log.metadata().ok()?.len()).ok()?, header))
    }

    /// Just before the device next lets go of anything, somebody writes into a family that leaves.
    pub(super) fn write_late(&self, at: Instant, note: String) {
        self.plan().late = Some((at, note));
    }

    /// What was written so since this was last asked.
    #[must_use]
    pub(super) fn written_late(&self) -> Option<WrittenLate> {
        self.plan().written_late.take()
    }

    fn somebody_is_late(&self) -> Result<(), StoreError> {
        let Some((at, note)) = self.plan().late.clone() else {
            return Ok(());
        };
        let Some(family) = self.store.read(|read| read.leaving_family())? else {
            return Ok(());
        };
        let row = self.store.read(|read| read.row(Family::KIND, family))?;
        let standing = row.and_then(|mut row| row.fields.remove("note"));
        let base = standing.as_ref().map(|standing| standing.version);
        let change = edit(Family::KIND, family, "note", Value::from(note), base);
        let saved = vec![change.clone()];
        let version = match self.store.write(|write| write.save(AUTHOR, at, saved)) {
            Err(StoreError::DiskFull) => return Ok(()),
            saved => saved?,
        };
        let mut plan = self.plan();
        plan.late = None;
        plan.written_late = Some(WrittenLate {
            change,
            before: standing.map(|standing| standing.value),
            version,
        });
        Ok(())
    }

    fn writing<T>(
        &self,
        what: &'static str,
        step: impl FnOnce(&Store) -> Result<T, StoreError>,
    ) -> Result<T, Frailty> {
        let power = {
            let mut plan = self.plan();
            match &mut plan.fails {
                Some((0, power, part)) => Some((*power, *part)),
                Some((left, _, _)) => {
                    *left -= 1;
                    None
                }
                None => None,
            }
        };
        let Some((power, part)) = power else {
            let done = step(&self.store);
            if matches!(done, Err(StoreError::DiskFull)) {
                self.plan().full.push(what);
            }
            return done.map_err(|error| Frailty::Store(what, error));
        };
        let torn = match power {
            Power::Before => None,
            Power::Inside => {
                let torn = self.about_to_tear(part);
                let _ = step(&self.store);
                torn.filter(|torn| self.is_of_this_log(torn))
            }
            Power::After => {
                let _ = step(&self.store);
                None
            }
        };
        let mut plan = self.plan();
        plan.died = Some((what, power));
        plan.torn = torn;
        Err(Frailty::Died)
    }

    fn looking<T>(&self, step: impl FnOnce(&Store) -> Result<T, StoreError>) -> Result<T, Frailty> {
        step(&self.store).map_err(|error| Frailty::Store("looking", error))
    }
}

impl Replica for Frail {
    type Error = Frailty;

    fn standing(&self) -> Result<Standing, Frailty> {
        self.looking(|store| store.standing())
    }

    fn unsent(&self) -> Result<Vec<SealedTransaction>, Frailty> {
        self.looking(|store| store.unsent())
    }

    fn audit_head(&self) -> Result<Option<AuditHead>, Frailty> {
        self.looking(|store| store.audit_head())
    }

    fn answered(&self, answer: &PushAnswer) -> Result<(), Frailty> {
        self.writing("answered", |store| store.answered(answer))
    }

    fn take_page(&self, page: &PullPage) -> Result<(), Frailty> {
        self.writing("take_page", |store| store.take_page(page))
    }

    fn new_epoch(&self, epoch: Uuid) -> Result<(), Frailty> {
        self.writing("new_epoch", |store| store.new_epoch(epoch))
    }

    fn let_go(&self) -> Result<(), Frailty> {
        self.somebody_is_late()
            .map_err(|error| Frailty::Store("a late save", error))?;
        self.writing("let_go", |store| store.let_go())
    }

    fn parcels_out(&self) -> Result<Vec<Parcel>, Frailty> {
        self.looking(|store| store.parcels_out())
    }

    fn chunk_out(&self, parcel: &Parcel, chunk: u32) -> Result<Option<Vec<u8>>, Frailty> {
        self.looking(|store| store.chunk_out(parcel, chunk))
    }

    fn not_expected(&self, parcel: &Parcel) -> Result<(), Frailty> {
        self.writing("not_expected", |store| store.not_expected(parcel))
    }

    fn parcel_sent(&self, parcel: &Parcel) -> Result<(), Frailty> {
        self.writing("parcel_sent", |store| store.parcel_sent(parcel))
    }

    fn parcels_in(&self) -> Result<Vec<Parcel>, Frailty> {
        self.looking(|store| store.parcels_in())
    }

    fn chunks_arrived(&self, chunks: &[Chunk]) -> Result<(), Frailty> {
        self.writing("chunks_arrived", |store| store.chunks_arrived(chunks))
    }
}
