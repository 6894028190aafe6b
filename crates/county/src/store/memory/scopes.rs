//! Scopes that change, in memory.

use std::collections::BTreeSet;

use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;
use porch_sync::protocol::Left;
use porch_sync::{DeviceNumber, Row};
use uuid::Uuid;

use super::reading::{Cellular, WRONG};
use super::{Cell, MemoryWork, Place};
use crate::store::{Asked, RemovalWork as _, ScopeReading, ScopeWork, Stored};

impl<C: Cellular> ScopeReading for C {
    async fn left(&mut self, scope: Uuid, after: u64, limit: u32) -> Stored<Vec<Left>> {
        self.range(Place::Left(scope, after.saturating_add(1))..=Place::Left(scope, u64::MAX))
            .into_iter()
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .map(|entry| match entry {
                (_, Cell::Left(left)) => Ok(left),
                _ => Err(WRONG),
            })
            .collect()
    }

    async fn scopes_left(&mut self, record: Uuid) -> Stored<BTreeSet<Uuid>> {
        self.range(Place::LeftBy(record, Uuid::nil())..=Place::LeftBy(record, Uuid::max()))
            .into_iter()
            .map(|entry| match entry.0 {
                Place::LeftBy(_, scope) => Ok(scope),
                _ => Err(WRONG),
            })
            .collect()
    }

    async fn born_on(&mut self, date: &str) -> Stored<Vec<Row>> {
        Ok(self
            .range(Place::Record(Uuid::nil())..=Place::Record(Uuid::max()))
            .into_iter()
            .filter_map(|(_, cell)| match cell {
                Cell::Record(row) => Some(row),
                _ => None,
            })
            .filter(|row| {
                let born = row.fields.get("birth_date");
                row.kind == Person::KIND && born.is_some_and(|born| born.value == date)
            })
            .collect())
    }

    async fn asked_since(
        &mut self,
        device: Option<DeviceNumber>,
        since_ms: u64,
    ) -> Stored<Vec<Asked>> {
        let all: Vec<Asked> = self
            .range(Place::Asked(0)..=Place::Asked(u64::MAX))
            .into_iter()
            .map(|entry| match entry.1 {
                Cell::Asked(asked) => Ok(asked),
                _ => Err(WRONG),
            })
            .collect::<Stored<_>>()?;
        let by = |asked: &Asked| device.is_none_or(|device| asked.device == device);
        Ok(all
            .into_iter()
            .filter(|asked| asked.at_ms >= since_ms && by(asked))
            .collect())
    }
}

impl MemoryWork {
    /// It came back, or it is gone for good.
    pub(super) fn forget_left(&mut self, scope: Uuid, record: Uuid) {
        let place = Place::LeftBy(record, scope);
        if let Some(Cell::Number(sequence)) = self.get(&place) {
            self.delete(Place::Left(scope, sequence));
            self.delete(place);
        }
    }
}

impl ScopeWork for MemoryWork {
    async fn put_left(&mut self, scope: Uuid, left: &Left) -> Stored<()> {
        self.leave_feed(scope, left.record).await?;
        self.forget_left(scope, left.record);
        self.delete(Place::RecordScope(left.record, scope));
        self.put(Place::Left(scope, left.sequence), Cell::Left(left.clone()));
        self.put(
            Place::LeftBy(left.record, scope),
            Cell::Number(left.sequence),
        );
        Ok(())
    }

    async fn put_asked(&mut self, asked: &Asked) -> Stored<()> {
        self.wait_to_number().await;
        let last = self.range(Place::Asked(0)..=Place::Asked(u64::MAX));
        let number = match last.last() {
            Some((Place::Asked(number), _)) => number + 1,
            Some(_) => return Err(WRONG),
            None => 1,
        };
        self.put(Place::Asked(number), Cell::Asked(asked.clone()));
        Ok(())
    }
}
