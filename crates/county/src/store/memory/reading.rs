//! Reading: the same code over a snapshot and over a unit of work.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

use porch_sync::protocol::FeedRow;
use porch_sync::{DeviceNumber, Row, Tally};
use uuid::Uuid;

use super::{Cell, Cells, Place};
use crate::store::{
    Attempts, Blob, Device, EnrolmentCode, Origin, Quarantined, Reading, Received, StoreFailure,
    Stored, URGENT,
};

/// A snapshot.
pub struct MemoryReading {
    pub(super) origin: Origin,
    pub(super) cells: Arc<Cells>,
}

/// Whatever cells can be read from.
pub(super) trait Cellular: Send + Sync {
    /// Before a statement: somebody else may go first.
    fn step(&self) -> impl Future<Output = ()> + Send;
    fn origin_cell(&self) -> Origin;
    fn get(&self, place: &Place) -> Option<Cell>;
    fn range(&self, places: RangeInclusive<Place>) -> Vec<(Place, Cell)>;
}

impl Cellular for MemoryReading {
    /// Nothing changes in a snapshot.
    async fn step(&self) {}

    fn origin_cell(&self) -> Origin {
        self.origin.clone()
    }

    fn get(&self, place: &Place) -> Option<Cell> {
        self.cells.get(place).cloned()
    }

    fn range(&self, places: RangeInclusive<Place>) -> Vec<(Place, Cell)> {
        self.cells
            .range(places)
            .map(|(place, cell)| (place.clone(), cell.clone()))
            .collect()
    }
}

pub(super) const WRONG: StoreFailure = StoreFailure::Corrupt("cell");

/// What a place holds, as what it must be.
macro_rules! cell {
    ($from:expr, $kind:ident) => {
        match $from {
            Some(Cell::$kind(value)) => Ok(Some(value)),
            Some(_) => Err(WRONG),
            None => Ok(None),
        }
    };
}

fn fed(cells: &impl Cellular, sequence: u64, record: Uuid) -> Stored<FeedRow> {
    let row: Option<Row> = cell!(cells.get(&Place::Record(record)), Record)?;
    Ok(FeedRow {
        sequence,
        row: row.ok_or(WRONG)?,
    })
}

fn in_feed(
    cells: &impl Cellular,
    scope: Uuid,
    after: u64,
) -> impl Iterator<Item = Stored<(u64, Uuid)>> {
    cells
        .range(Place::Feed(scope, after.saturating_add(1))..=Place::Feed(scope, u64::MAX))
        .into_iter()
        .map(|entry| match entry {
            (Place::Feed(_, sequence), Cell::Id(record)) => Ok((sequence, record)),
            _ => Err(WRONG),
        })
}

impl<C: Cellular> Reading for C {
    async fn origin(&mut self) -> Stored<Origin> {
        let mut origin = self.origin_cell();
        origin.epoch = self.epoch().await?;
        Ok(origin)
    }

    async fn epoch(&mut self) -> Stored<Uuid> {
        let started = cell!(self.get(&Place::Epoch), Id)?;
        Ok(started.unwrap_or_else(|| self.origin_cell().epoch))
    }

    async fn passed_over(&mut self) -> Stored<DeviceNumber> {
        let passed = cell!(self.get(&Place::Passed), Number)?.unwrap_or_default();
        Ok(DeviceNumber(u32::try_from(passed).unwrap_or(u32::MAX)))
    }

    async fn device(&mut self, number: DeviceNumber) -> Stored<Option<Device>> {
        cell!(self.get(&Place::Device(number)), Device)
    }

    async fn devices(&mut self) -> Stored<Vec<Device>> {
        self.range(Place::Device(DeviceNumber(0))..=Place::Device(DeviceNumber(u32::MAX)))
            .into_iter()
            .map(|entry| match entry.1 {
                Cell::Device(device) => Ok(device),
                _ => Err(WRONG),
            })
            .collect()
    }

    async fn head(&mut self, scope: Uuid) -> Stored<Option<u64>> {
        cell!(self.get(&Place::Scope(scope)), Number)
    }

    async fn tally(&mut self, scope: Uuid) -> Stored<Option<Tally>> {
        if self.head(scope).await?.is_none() {
            return Ok(None);
        }
        let tally = cell!(self.get(&Place::Tally(scope)), Tally)?;
        Ok(Some(tally.unwrap_or_default()))
    }

    async fn received(&mut self, device: DeviceNumber, sequence: u64) -> Stored<Option<Received>> {
        cell!(self.get(&Place::Received(device, sequence)), Received)
    }

    async fn quarantined(&mut self, device: DeviceNumber) -> Stored<Vec<Quarantined>> {
        self.range(Place::Quarantine(device, 0)..=Place::Quarantine(device, u64::MAX))
            .into_iter()
            .map(|entry| match entry.1 {
                Cell::Quarantined(quarantined) => Ok(quarantined),
                _ => Err(WRONG),
            })
            .collect()
    }

    async fn record(&mut self, id: Uuid) -> Stored<Option<Row>> {
        self.step().await;
        cell!(self.get(&Place::Record(id)), Record)
    }

    async fn scopes_of(&mut self, record: Uuid) -> Stored<BTreeSet<Uuid>> {
        self.step().await;
        self.range(
            Place::RecordScope(record, Uuid::nil())..=Place::RecordScope(record, Uuid::max()),
        )
        .into_iter()
        .map(|entry| match entry.0 {
            Place::RecordScope(_, scope) => Ok(scope),
            _ => Err(WRONG),
        })
        .collect()
    }

    async fn tied(&mut self, target: Uuid, kind: &'static str) -> Stored<Vec<Row>> {
        self.step().await;
        self.range(
            Place::Tie(target, kind.to_owned(), Uuid::nil())
                ..=Place::Tie(target, kind.to_owned(), Uuid::max()),
        )
        .into_iter()
        .map(|entry| match entry.0 {
            Place::Tie(_, _, record) => {
                cell!(self.get(&Place::Record(record)), Record)?.ok_or(WRONG)
            }
            _ => Err(WRONG),
        })
        .collect()
    }

    async fn is_removed(&mut self, record: Uuid) -> Stored<bool> {
        Ok(self.get(&Place::Removed(record)).is_some())
    }

    async fn due(&mut self, by_ms: u64) -> Stored<Vec<Uuid>> {
        let mut due = Vec::new();
        for entry in self.range(Place::Due(Uuid::nil())..=Place::Due(Uuid::max())) {
            match entry {
                (Place::Due(record), Cell::Number(at_ms)) => due.push((at_ms, record)),
                _ => return Err(WRONG),
            }
        }
        due.retain(|(at_ms, _)| *at_ms <= by_ms);
        due.sort_unstable();
        Ok(due.into_iter().map(|(_, record)| record).collect())
    }

    async fn feed(&mut self, scope: Uuid, after: u64, limit: u32) -> Stored<Vec<FeedRow>> {
        in_feed(self, scope, after)
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .map(|entry| {
                let (sequence, record) = entry?;
                fed(self, sequence, record)
            })
            .collect()
    }

    async fn urgent(
        &mut self,
        scopes: &BTreeSet<Uuid>,
        after: u64,
        limit: u32,
    ) -> Stored<Vec<FeedRow>> {
        let mut rows = Vec::new();
        for entry in in_feed(self, URGENT, after) {
            let (sequence, record) = entry?;
            let held = scopes
                .iter()
                .any(|scope| self.get(&Place::RecordScope(record, *scope)).is_some());
            if held {
                rows.push(fed(self, sequence, record)?);
            }
            if u32::try_from(rows.len()).is_ok_and(|given| given >= limit) {
                break;
            }
        }
        Ok(rows)
    }

    async fn blob(&mut self, id: Uuid) -> Stored<Option<Blob>> {
        cell!(self.get(&Place::Blob(id)), Blob)
    }

    async fn chunk(&mut self, blob: Uuid, chunk: u32) -> Stored<Option<Vec<u8>>> {
        cell!(self.get(&Place::Chunk(blob, chunk)), Bytes)
    }

    async fn code(&mut self, digest: [u8; 32]) -> Stored<Option<EnrolmentCode>> {
        cell!(self.get(&Place::Code(digest)), Code)
    }

    async fn attempts(&mut self, selector: [u8; 32]) -> Stored<Option<Attempts>> {
        cell!(self.get(&Place::Attempts(selector)), Attempts)
    }
}
