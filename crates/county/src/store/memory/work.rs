//! Units of work: writes on top, locks by owner, all let go at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use porch_sync::{DeviceNumber, Mark, Row};
use uuid::Uuid;

use super::reading::Cellular;
use super::{Cell, Cells, Inner, Lock, Place};
use crate::store::{
    Attempts, Blob, Device, EnrolmentCode, NUMBERS_PASSED, Origin, Quarantined, Reading, Received,
    StoreFailure, Stored, Work,
};

/// A unit of work.
pub struct MemoryWork {
    pub(super) inner: Arc<Inner>,
    pub(super) unit: u64,
    /// `None` deletes.
    pub(super) writes: BTreeMap<Place, Option<Cell>>,
}

impl MemoryWork {
    pub(super) fn put(&mut self, place: Place, cell: Cell) {
        self.writes.insert(place, Some(cell));
    }

    pub(super) fn delete(&mut self, place: Place) {
        self.writes.insert(place, None);
    }

    /// Holds others off whatever is numbered on its own.
    pub(super) async fn wait_to_number(&self) {
        self.lock(Lock::Numbers).await;
    }

    async fn lock(&self, lock: Lock) {
        self.step().await;
        loop {
            // Listen before looking, so that a release in between is not missed.
            let released = self.inner.released.notified();
            tokio::pin!(released);
            released.as_mut().enable();
            {
                let mut shared = self.inner.shared();
                let owner = *shared.locks.entry(lock).or_insert(self.unit);
                if owner == self.unit {
                    return;
                }
            }
            released.await;
        }
    }
}

impl Drop for MemoryWork {
    fn drop(&mut self) {
        let unit = self.unit;
        self.inner.shared().locks.retain(|_, owner| *owner != unit);
        self.inner.released.notify_waiters();
    }
}

impl Cellular for MemoryWork {
    async fn step(&self) {
        self.inner.step().await;
    }

    fn origin_cell(&self) -> Origin {
        self.inner.origin.clone()
    }

    fn get(&self, place: &Place) -> Option<Cell> {
        match self.writes.get(place) {
            Some(written) => written.clone(),
            None => self.inner.shared().committed.get(place).cloned(),
        }
    }

    fn range(&self, places: RangeInclusive<Place>) -> Vec<(Place, Cell)> {
        let mut cells: Cells = self
            .inner
            .shared()
            .committed
            .range(places.clone())
            .map(|(place, cell)| (place.clone(), cell.clone()))
            .collect();
        for (place, written) in self.writes.range(places) {
            match written {
                Some(cell) => cells.insert(place.clone(), cell.clone()),
                None => cells.remove(place),
            };
        }
        cells.into_iter().collect()
    }
}

impl Work for MemoryWork {
    async fn lock_device(&mut self, number: DeviceNumber) -> Stored<Option<Device>> {
        self.lock(Lock::Device(number)).await;
        self.device(number).await
    }

    async fn lock_records(&mut self, records: &BTreeSet<Uuid>) -> Stored<()> {
        for record in records {
            self.lock(Lock::Record(*record)).await;
        }
        Ok(())
    }

    async fn put_epoch(&mut self, epoch: Uuid) -> Stored<()> {
        let next = self.next_device().await?;
        let passed = u64::from(next.0 - 1) + u64::from(NUMBERS_PASSED);
        self.put(Place::Passed, Cell::Number(passed));
        self.put(Place::Epoch, Cell::Id(epoch));
        Ok(())
    }

    async fn next_device(&mut self) -> Stored<DeviceNumber> {
        self.lock(Lock::Numbers).await;
        let last = self.devices().await?.last().map_or(0, |d| d.number.0);
        let passed = self.passed_over().await?;
        Ok(DeviceNumber(last.max(passed.0) + 1))
    }

    async fn put_device(&mut self, device: &Device) -> Stored<()> {
        self.put(Place::Device(device.number), Cell::Device(device.clone()));
        Ok(())
    }

    async fn put_code(&mut self, code: &EnrolmentCode) -> Stored<()> {
        self.put(Place::Code(code.digest), Cell::Code(code.clone()));
        Ok(())
    }

    async fn put_attempts(
        &mut self,
        selector: [u8; 32],
        attempts: Attempts,
        forget_before_ms: u64,
    ) -> Stored<()> {
        let all = self.range(Place::Attempts([0; 32])..=Place::Attempts([255; 32]));
        for (place, cell) in all {
            if matches!(cell, Cell::Attempts(old) if old.since_ms < forget_before_ms) {
                self.delete(place);
            }
        }
        self.put(Place::Attempts(selector), Cell::Attempts(attempts));
        Ok(())
    }

    async fn put_scope(&mut self, scope: Uuid) -> Stored<()> {
        // A scope's row is not made twice by two units at once.
        self.lock(Lock::Scope(scope)).await;
        if self.get(&Place::Scope(scope)).is_none() {
            self.put(Place::Scope(scope), Cell::Number(0));
        }
        Ok(())
    }

    async fn put_record(
        &mut self,
        row: &Row,
        scopes: &BTreeSet<Uuid>,
        ties: &[Uuid],
    ) -> Stored<()> {
        self.put(Place::Record(row.id), Cell::Record(row.clone()));
        for scope in scopes {
            self.put(Place::RecordScope(row.id, *scope), Cell::Present);
        }
        for target in ties {
            self.put(Place::Tie(*target, row.kind.clone(), row.id), Cell::Present);
        }
        Ok(())
    }

    async fn put_received(
        &mut self,
        device: DeviceNumber,
        sequence: u64,
        received: &Received,
    ) -> Stored<()> {
        self.put(
            Place::Received(device, sequence),
            Cell::Received(received.clone()),
        );
        Ok(())
    }

    async fn put_quarantined(&mut self, quarantined: &Quarantined) -> Stored<()> {
        let sealed = &quarantined.sealed;
        self.put(
            Place::Quarantine(sealed.device, sealed.sequence),
            Cell::Quarantined(quarantined.clone()),
        );
        Ok(())
    }

    async fn put_removed(&mut self, record: Uuid, at_ms: u64) -> Stored<()> {
        self.put(Place::Removed(record), Cell::Number(at_ms));
        Ok(())
    }

    async fn put_due(&mut self, record: Uuid, at_ms: Option<u64>) -> Stored<()> {
        match at_ms {
            Some(at_ms) => self.put(Place::Due(record), Cell::Number(at_ms)),
            None => self.delete(Place::Due(record)),
        }
        Ok(())
    }

    async fn put_blob(&mut self, blob: &Blob) -> Stored<()> {
        self.put(Place::Blob(blob.id), Cell::Blob(blob.clone()));
        let beyond =
            self.range(Place::Chunk(blob.id, blob.chunks)..=Place::Chunk(blob.id, u32::MAX));
        for (place, _) in beyond {
            self.delete(place);
        }
        Ok(())
    }

    async fn put_chunk(&mut self, blob: Uuid, chunk: u32, bytes: &[u8]) -> Stored<()> {
        self.put(Place::Chunk(blob, chunk), Cell::Bytes(bytes.to_vec()));
        Ok(())
    }

    async fn delete_blobs(&mut self, photo: Uuid) -> Stored<()> {
        let blobs = self.range(Place::Blob(Uuid::nil())..=Place::Blob(Uuid::max()));
        for (place, cell) in blobs {
            let Cell::Blob(blob) = cell else { continue };
            if blob.photo != photo {
                continue;
            }
            self.delete(place);
            let chunks = self.range(Place::Chunk(blob.id, 0)..=Place::Chunk(blob.id, u32::MAX));
            for (place, _) in chunks {
                self.delete(place);
            }
        }
        Ok(())
    }

    async fn take_sequences(&mut self, scope: Uuid, count: u64) -> Stored<u64> {
        #[cfg(feature = "simulation")]
        let held = !porch_sync::planted::is_planted(porch_sync::planted::Planted::SequenceUnheld);
        #[cfg(not(feature = "simulation"))]
        let held = true;
        if held {
            self.lock(Lock::Scope(scope)).await;
        }
        self.step().await;
        let last = self
            .head(scope)
            .await?
            .ok_or(StoreFailure::Corrupt("scope"))?;
        self.put(Place::Scope(scope), Cell::Number(last + count));
        Ok(last + 1)
    }

    async fn put_feed(
        &mut self,
        scope: Uuid,
        sequence: u64,
        record: Uuid,
        mark: Mark,
    ) -> Stored<()> {
        let mut earlier = None;
        if let Some(Cell::Fed(place, mark)) = self.get(&Place::FeedOf(scope, record)) {
            self.delete(Place::Feed(scope, place));
            earlier = Some(mark);
        }
        let tally = self
            .tally(scope)
            .await?
            .ok_or(StoreFailure::Corrupt("scope"))?;
        self.forget_left(scope, record);
        self.put(Place::Tally(scope), Cell::Tally(tally.with(earlier, mark)));
        self.put(Place::Feed(scope, sequence), Cell::Id(record));
        self.put(Place::FeedOf(scope, record), Cell::Fed(sequence, mark));
        Ok(())
    }

    async fn commit(mut self) -> Stored<()> {
        self.step().await;
        let writes = std::mem::take(&mut self.writes);
        let mut shared = self.inner.shared();
        #[cfg(feature = "simulation")]
        let broken = shared.breaks.take();
        #[cfg(feature = "simulation")]
        if broken == Some(super::Breaks::Before) {
            return Err(StoreFailure::NoConnection);
        }
        #[cfg(feature = "simulation")]
        {
            shared.commits += 1;
        }
        let committed = Arc::make_mut(&mut shared.committed);
        for (place, written) in writes {
            match written {
                Some(cell) => committed.insert(place, cell),
                None => committed.remove(&place),
            };
        }
        #[cfg(feature = "simulation")]
        if broken == Some(super::Breaks::After) {
            return Err(StoreFailure::NoConnection);
        }
        Ok(())
    }
}
