//! Erasures in memory.

use std::collections::BTreeSet;

use porch_sync::{DeviceNumber, Row};
use uuid::Uuid;

use super::reading::{Cellular, WRONG};
use super::{Cell, MemoryWork, Place};
use crate::store::removal::{forget, names};
use crate::store::{
    Erasure, Kept, Logged, Reading as _, RemovalReading, RemovalWork, ScopeReading as _, Stored,
};

fn all_logged(cells: &impl Cellular) -> Vec<Logged> {
    let mut entries: Vec<Logged> = cells
        .range(Place::Logged([0; 32])..=Place::Logged([255; 32]))
        .into_iter()
        .filter_map(|(_, cell)| match cell {
            Cell::Logged(logged) => Some(logged),
            _ => None,
        })
        .collect();
    entries.sort_by_key(|logged| (logged.sequence, logged.keyed));
    entries
}

fn holds(cells: &impl Cellular, erasure: Uuid, device: DeviceNumber) -> bool {
    matches!(cells.get(&Place::Erasure(erasure)), Some(Cell::Erasure(erasure)) if erasure.holders.contains_key(&device))
}

impl<C: Cellular> RemovalReading for C {
    async fn naming(&mut self, ids: &BTreeSet<Uuid>) -> Stored<Vec<Row>> {
        self.range(Place::Record(Uuid::nil())..=Place::Record(Uuid::max()))
            .into_iter()
            .filter_map(|(_, cell)| match cell {
                Cell::Record(row) => {
                    let named = row.fields.values().any(|field| names(&field.value, ids));
                    named.then_some(Ok(row))
                }
                _ => Some(Err(WRONG)),
            })
            .collect()
    }

    async fn record_ids(&mut self) -> Stored<Vec<Uuid>> {
        self.range(Place::Record(Uuid::nil())..=Place::Record(Uuid::max()))
            .into_iter()
            .map(|(place, _)| match place {
                Place::Record(id) => Ok(id),
                _ => Err(WRONG),
            })
            .collect()
    }

    async fn feeds_of(&mut self, record: Uuid) -> Stored<BTreeSet<Uuid>> {
        let all = Place::FeedOf(Uuid::nil(), Uuid::nil())..=Place::FeedOf(Uuid::max(), Uuid::max());
        Ok(self
            .range(all)
            .into_iter()
            .filter_map(|(place, _)| match place {
                Place::FeedOf(scope, fed) if fed == record => Some(scope),
                _ => None,
            })
            .collect())
    }

    async fn logged(&mut self, keyed: [u8; 32]) -> Stored<Option<Logged>> {
        match self.get(&Place::Logged(keyed)) {
            Some(Cell::Logged(logged)) => Ok(Some(logged)),
            Some(_) => Err(WRONG),
            None => Ok(None),
        }
    }

    async fn log_of(&mut self, erasure: Uuid) -> Stored<Vec<Logged>> {
        let mut entries = all_logged(self);
        entries.retain(|logged| logged.erasure == erasure);
        Ok(entries)
    }

    async fn removals(
        &mut self,
        device: DeviceNumber,
        after: u64,
        limit: u32,
    ) -> Stored<Vec<Logged>> {
        let mut entries = all_logged(self);
        entries.retain(|logged| {
            logged.record.is_some()
                && logged.sequence > after
                && holds(self, logged.erasure, device)
        });
        entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(entries)
    }

    async fn erasures(&mut self) -> Stored<Vec<Erasure>> {
        self.range(Place::Erasure(Uuid::nil())..=Place::Erasure(Uuid::max()))
            .into_iter()
            .map(|(_, cell)| match cell {
                Cell::Erasure(erasure) => Ok(*erasure),
                _ => Err(WRONG),
            })
            .collect()
    }

    async fn unconfirmed(&mut self, device: DeviceNumber) -> Stored<Vec<(Uuid, u64)>> {
        let erasures = self.erasures().await?;
        Ok(erasures
            .into_iter()
            .filter(|erasure| erasure.holders.get(&device) == Some(&None))
            .map(|erasure| (erasure.id, erasure.sequence))
            .collect())
    }

    async fn kept(&mut self, erasure: Uuid) -> Stored<Vec<Kept>> {
        Ok(self
            .range(Place::Kept([0; 32])..=Place::Kept([255; 32]))
            .into_iter()
            .filter_map(|(_, cell)| match cell {
                Cell::Kept(kept) if kept.erasure == erasure => Some(kept),
                _ => None,
            })
            .collect())
    }
}

impl RemovalWork for MemoryWork {
    async fn delete_record(&mut self, id: Uuid) -> Stored<()> {
        for (place, _) in
            self.range(Place::RecordScope(id, Uuid::nil())..=Place::RecordScope(id, Uuid::max()))
        {
            self.delete(place);
        }
        let ties = self.range(
            Place::Tie(Uuid::nil(), String::new(), Uuid::nil())
                ..=Place::Tie(Uuid::max(), "\u{10ffff}".to_owned(), Uuid::max()),
        );
        for (place, _) in ties {
            if matches!(&place, Place::Tie(target, _, record) if *target == id || *record == id) {
                self.delete(place);
            }
        }
        for scope in self.scopes_left(id).await? {
            self.forget_left(scope, id);
        }
        self.delete(Place::Removed(id));
        self.delete(Place::Due(id));
        self.delete(Place::Record(id));
        Ok(())
    }

    async fn leave_feed(&mut self, scope: Uuid, record: Uuid) -> Stored<()> {
        let place = Place::FeedOf(scope, record);
        let Some(Cell::Fed(sequence, mark)) = self.get(&place) else {
            return Ok(());
        };
        let tally = self.tally(scope).await?.ok_or(WRONG)?;
        self.put(Place::Tally(scope), Cell::Tally(tally.without(mark)));
        self.delete(Place::Feed(scope, sequence));
        self.delete(place);
        Ok(())
    }

    async fn forget_conflicts(&mut self, ids: &BTreeSet<Uuid>) -> Stored<()> {
        let told = self.range(
            Place::Received(DeviceNumber(0), 0)..=Place::Received(DeviceNumber(u32::MAX), u64::MAX),
        );
        for (place, cell) in told {
            let Cell::Received(mut received) = cell else {
                return Err(WRONG);
            };
            if forget(&mut received.outcome, ids) {
                self.put(place, Cell::Received(received));
            }
        }
        Ok(())
    }

    async fn put_logged(&mut self, logged: &Logged) -> Stored<()> {
        self.put(Place::Logged(logged.keyed), Cell::Logged(logged.clone()));
        Ok(())
    }

    async fn forget_ids(&mut self, erasure: Uuid) -> Stored<()> {
        for mut logged in self.log_of(erasure).await? {
            logged.record = None;
            self.put(Place::Logged(logged.keyed), Cell::Logged(logged));
        }
        Ok(())
    }

    async fn put_kept(&mut self, kept: &Kept) -> Stored<()> {
        self.put(Place::Kept(kept.keyed), Cell::Kept(kept.clone()));
        Ok(())
    }

    async fn put_erasure(&mut self, erasure: &Erasure) -> Stored<()> {
        let place = Place::Erasure(erasure.id);
        self.put(place, Cell::Erasure(Box::new(erasure.clone())));
        Ok(())
    }
}
