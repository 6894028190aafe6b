//! What the simulation asks of the store in memory: that statements of others come between, commits
//! that break, copies, and what anything in it says.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use porch_sync::{DeviceNumber, Mark, Tally};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{Cell, Cells, Inner, MemoryStore, Place, Shared};
use crate::erasure::keyed;
use crate::store::Origin;

/// How a commit breaks. Whoever commits is told of a failure in either case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaks {
    /// Nothing was written.
    Before,
    /// Everything was written; only the answer was lost.
    After,
}

/// A copy of the store at one moment.
#[derive(Clone)]
pub struct MemoryCopy {
    cells: Arc<Cells>,
}

/// Comes back at the second look.
pub(super) async fn let_others_go_first() {
    let mut looked = false;
    poll_fn(|context| {
        if std::mem::replace(&mut looked, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl MemoryStore {
    /// An empty store in which others may come between any two statements.
    #[must_use]
    pub fn stepwise(origin: Origin) -> Self {
        Self::of(origin, Shared::default())
    }

    fn of(origin: Origin, shared: Shared) -> Self {
        Self {
            inner: Arc::new(Inner {
                origin,
                shared: Mutex::new(shared),
                released: Notify::new(),
                stepwise: true,
            }),
        }
    }

    /// A copy of what is committed, with the last transaction of each device that is in it.
    #[must_use]
    pub fn copied(&self) -> (MemoryCopy, Vec<(DeviceNumber, u64)>) {
        let cells = Arc::clone(&self.inner.shared().committed);
        let within = cells.values().filter_map(|cell| match cell {
            Cell::Device(device) => Some((device.number, device.expected - 1)),
            _ => None,
        });
        let within = within.collect();
        (MemoryCopy { cells }, within)
    }

    /// Another store of the same county that holds a copy. It has the copy's epoch until another is
    /// started.
    #[must_use]
    pub fn restored(&self, copy: &MemoryCopy) -> Self {
        let shared = Shared {
            committed: Arc::clone(&copy.cells),
            ..Shared::default()
        };
        Self::of(self.inner.origin.clone(), shared)
    }

    /// The next commit, whoever's, breaks.
    pub fn break_next_commit(&self, breaks: Breaks) {
        self.inner.shared().breaks = Some(breaks);
    }

    /// How many commits there were.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.inner.shared().commits
    }

    /// The places of a scope's feed that are taken, and by which record at which mark; none for one that
    /// says that a record left.
    #[must_use]
    pub fn places(&self, scope: Uuid) -> BTreeMap<u64, Option<(Uuid, Mark)>> {
        let cells = Arc::clone(&self.inner.shared().committed);
        let mut places = BTreeMap::new();
        let fed = Place::FeedOf(scope, Uuid::nil())..=Place::FeedOf(scope, Uuid::max());
        for (place, cell) in cells.range(fed) {
            if let (Place::FeedOf(_, record), Cell::Fed(sequence, mark)) = (place, cell) {
                places.insert(*sequence, Some((*record, *mark)));
            }
        }
        for (place, _) in cells.range(Place::Left(scope, 0)..=Place::Left(scope, u64::MAX)) {
            if let Place::Left(_, sequence) = place {
                places.insert(*sequence, None);
            }
        }
        places
    }

    /// The last place given in a scope's feed, and what the feed holds.
    #[must_use]
    pub fn head(&self, scope: Uuid) -> (u64, Tally) {
        let cells = Arc::clone(&self.inner.shared().committed);
        let head = match cells.get(&Place::Scope(scope)) {
            Some(Cell::Number(head)) => *head,
            _ => 0,
        };
        let tally = match cells.get(&Place::Tally(scope)) {
            Some(Cell::Tally(tally)) => *tally,
            _ => Tally::default(),
        };
        (head, tally)
    }

    /// Whether anything that is kept says this, but for the bytes of pictures.
    #[must_use]
    pub fn says(&self, text: &str) -> bool {
        let cells = Arc::clone(&self.inner.shared().committed);
        cells
            .values()
            .any(|cell| !matches!(cell, Cell::Bytes(_)) && format!("{cell:?}").contains(text))
    }

    /// Who of these was erased, and by which order.
    #[must_use]
    pub fn erased(&self, among: impl IntoIterator<Item = Uuid>) -> BTreeMap<Uuid, Uuid> {
        let cells = Arc::clone(&self.inner.shared().committed);
        let erased = |record: Uuid| {
            let keyed = keyed(&self.inner.origin.secret, record);
            match cells.get(&Place::Logged(keyed)) {
                Some(Cell::Logged(logged)) => Some((record, logged.erasure)),
                _ => None,
            }
        };
        among.into_iter().filter_map(erased).collect()
    }

    /// The bytes of blobs that are kept, by blob.
    #[must_use]
    pub fn chunks(&self) -> BTreeMap<Uuid, usize> {
        let cells = Arc::clone(&self.inner.shared().committed);
        let mut chunks = BTreeMap::new();
        for (place, cell) in cells.iter() {
            if let (Place::Chunk(blob, _), Cell::Bytes(bytes)) = (place, cell) {
                *chunks.entry(*blob).or_default() += bytes.len();
            }
        }
        chunks
    }
}
