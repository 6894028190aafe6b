//! The store in memory, with PostgreSQL's lock rules: for tests and for the simulation, where
//! several units of work are open at once and each step (begin, lock, take a sequence, commit) may
//! be followed by somebody else's.
//!
//! Everything is one ordered map from a place to a cell; a unit of work keeps its own writes on top
//! and reads through to what is committed at that moment (READ COMMITTED).

mod reading;
mod removal;
mod scopes;
#[cfg(feature = "simulation")]
mod simulated;
mod work;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use porch_sync::protocol::Left;
use porch_sync::{DeviceNumber, Mark, Row, Tally};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    Asked, Attempts, Blob, Device, EnrolmentCode, Erasure, Kept, Logged, Origin, Quarantined,
    Received, Store, Stored,
};
pub use reading::MemoryReading;
#[cfg(feature = "simulation")]
pub use simulated::{Breaks, MemoryCopy};
pub use work::MemoryWork;

/// Where something lies. Ranges over the last part of a place are what indexes are elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// The epoch that was started last, and the device numbers passed over since.
    Epoch,
    Passed,
    Device(DeviceNumber),
    Code([u8; 32]),
    Attempts([u8; 32]),
    Scope(Uuid),
    Tally(Uuid),
    Record(Uuid),
    RecordScope(Uuid, Uuid),
    Tie(Uuid, String, Uuid),
    Feed(Uuid, u64),
    FeedOf(Uuid, Uuid),
    Received(DeviceNumber, u64),
    Quarantine(DeviceNumber, u64),
    Removed(Uuid),
    Due(Uuid),
    Blob(Uuid),
    Chunk(Uuid, u32),
    Erasure(Uuid),
    Logged([u8; 32]),
    Kept([u8; 32]),
    Left(Uuid, u64),
    LeftBy(Uuid, Uuid),
    Asked(u64),
}

#[derive(Clone, Debug)]
enum Cell {
    Present,
    Device(Device),
    Code(EnrolmentCode),
    Attempts(Attempts),
    Number(u64),
    Record(Row),
    Id(Uuid),
    Fed(u64, Mark),
    Tally(Tally),
    Received(Received),
    Quarantined(Quarantined),
    Blob(Blob),
    Bytes(Vec<u8>),
    Erasure(Box<Erasure>),
    Logged(Logged),
    Kept(Kept),
    Left(Left),
    Asked(Asked),
}

type Cells = BTreeMap<Place, Cell>;

/// What a unit of work can hold others off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lock {
    Device(DeviceNumber),
    /// The row from which new device numbers are taken.
    Numbers,
    Record(Uuid),
    Scope(Uuid),
}

#[derive(Default)]
struct Shared {
    committed: Arc<Cells>,
    locks: BTreeMap<Lock, u64>,
    units: u64,
    #[cfg(feature = "simulation")]
    commits: u64,
    #[cfg(feature = "simulation")]
    breaks: Option<Breaks>,
}

struct Inner {
    origin: Origin,
    shared: Mutex<Shared>,
    released: Notify,
    /// Whether each statement lets others go first.
    #[cfg(feature = "simulation")]
    stepwise: bool,
}

impl Inner {
    /// Before a statement, and before a commit.
    async fn step(&self) {
        #[cfg(feature = "simulation")]
        if self.stepwise {
            simulated::let_others_go_first().await;
        }
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A store in memory. Clones are the same store: several server processes on one database.
#[derive(Clone)]
pub struct MemoryStore {
    inner: Arc<Inner>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new(origin: Origin) -> Self {
        Self {
            inner: Arc::new(Inner {
                origin,
                shared: Mutex::default(),
                released: Notify::new(),
                #[cfg(feature = "simulation")]
                stepwise: false,
            }),
        }
    }
}

impl Store for MemoryStore {
    type Reading = MemoryReading;
    type Work = MemoryWork;

    async fn reading(&self) -> Stored<MemoryReading> {
        self.inner.step().await;
        Ok(MemoryReading {
            origin: self.inner.origin.clone(),
            cells: Arc::clone(&self.inner.shared().committed),
        })
    }

    async fn begin(&self) -> Stored<MemoryWork> {
        self.inner.step().await;
        let unit = {
            let mut shared = self.inner.shared();
            shared.units += 1;
            shared.units
        };
        Ok(MemoryWork {
            inner: Arc::clone(&self.inner),
            unit,
            writes: BTreeMap::new(),
        })
    }

    async fn scrub(&self) -> Stored<()> {
        Ok(())
    }
}
