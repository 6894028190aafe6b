//! Where what was acknowledged may be: at the county, in the county's quarantine, on a device.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use porch_county::store::{Reading as _, RemovalReading as _, Store as _};
use porch_domain::alias::{Alias, Registered, Same};
use porch_domain::catalogue::Record as _;
use porch_domain::id::RecordId as _;
use uuid::Uuid;

use super::jobs::at_once;
use super::known::Written;
use super::world::World;

/// Where an acknowledged write may be.
pub(super) struct Whereabouts {
    /// Records at the county, as they stand.
    pub(super) records: BTreeMap<Uuid, porch_sync::Row>,
    /// Values that lost: record, field, value.
    lost: BTreeSet<(Uuid, String, String)>,
    /// What was kept aside, as it came.
    aside: Vec<String>,
    /// Content that was removed.
    removed: BTreeSet<Uuid>,
    /// Whoever was erased.
    pub(super) erased: BTreeSet<Uuid>,
    /// What devices keep to send, or to send again.
    kept: Vec<String>,
    /// Records that devices would save again, as they show them, for a county that loses them.
    rests: Vec<porch_sync::Row>,
}

impl World {
    /// Gathers it.
    ///
    /// # Errors
    /// When a store fails.
    pub(super) fn whereabouts(&self) -> Result<Whereabouts> {
        let erased = self.erased()?.keys().copied().collect();
        let mut lost = BTreeSet::new();
        let mut kept = Vec::new();
        let mut rests = Vec::new();
        let mut removed = BTreeSet::new();
        for place in self.in_use() {
            let device = self.devices.get(place).context("no such device")?;
            let mut select = device
                .look
                .prepare_cached("SELECT record, field, lost FROM conflict")?;
            let rows = select.query_map((), |row| {
                Ok((row.get(0).map(Uuid::from_bytes)?, row.get(1)?, row.get(2)?))
            })?;
            lost.extend(rows.collect::<Result<Vec<_>, _>>()?);
            let mut select = device
                .look
                .prepare_cached("SELECT body FROM outbox WHERE body IS NOT NULL")?;
            for body in select.query_map((), |row| row.get::<_, String>(0))? {
                kept.push(body?);
            }
            let mut select = device
                .look
                .prepare_cached("SELECT photo FROM photo_removal")?;
            let rows = select.query_map((), |row| row.get(0).map(Uuid::from_bytes))?;
            for photo in rows {
                removed.extend(self.known.with_photo(photo?));
            }
            let mut select = device
                .look
                .prepare_cached("SELECT DISTINCT record, kind FROM outbox_rest")?;
            let rows = select.query_map((), |row| {
                Ok((row.get(0).map(Uuid::from_bytes)?, row.get::<_, String>(1)?))
            })?;
            for row in rows {
                let (record, kind) = row?;
                rests.extend(device.store.read(|read| read.row(&kind, record))?);
            }
        }
        let mut records = BTreeMap::new();
        let mut aside = Vec::new();
        at_once(async {
            let mut reading = self.store.reading().await?;
            for id in reading.record_ids().await? {
                if let Some(row) = reading.record(id).await? {
                    records.insert(id, row);
                }
            }
            for device in reading.devices().await? {
                let kept = reading.quarantined(device.number).await?;
                let waiting = kept.into_iter().filter(|kept| kept.is_waiting());
                aside.extend(waiting.filter_map(|kept| kept.sealed.body));
                for sequence in 1..device.expected {
                    let received = reading.received(device.number, sequence).await?;
                    for conflict in received.into_iter().flat_map(|r| r.outcome.conflicts) {
                        let value = conflict.lost.to_string();
                        lost.insert((conflict.record, conflict.field, value));
                    }
                }
            }
            for write in &self.known.writes {
                if reading.is_removed(write.record).await? {
                    removed.insert(write.record);
                }
            }
            Ok::<_, anyhow::Error>(())
        })?;
        Ok(Whereabouts {
            records,
            lost,
            aside,
            removed,
            erased,
            kept,
            rests,
        })
    }
}

/// Whether a transaction's text says what was written.
pub(super) fn says(text: &str, write: &Written) -> bool {
    text.contains(&format!("\"id\":\"{}\"", write.record))
        && write
            .field
            .as_ref()
            .is_none_or(|field| text.contains(&format!("\"{field}\":{{\"value\":{}", write.value)))
}

impl Whereabouts {
    /// The centre of a family, as the county has it.
    pub(super) fn centre_of(&self, family: Uuid) -> Option<Uuid> {
        let row = self.records.get(&family)?;
        row.fields.get("centre")?.value.as_str()?.parse().ok()
    }

    /// Which families are the same, as the county has it.
    pub(super) fn same_families(&self) -> Same<Uuid> {
        let aliases = self.records.values().filter(|row| row.kind == Alias::KIND);
        aliases
            .filter_map(|row| Alias::from_fields(row.id.into(), &row.values()).ok())
            .filter(|alias| alias.stands() && alias.kind == Registered::Family)
            .map(|alias| (alias.older.uuid(), alias.newer.uuid()))
            .collect()
    }

    pub(super) fn is_aside(&self, text: &str) -> bool {
        self.aside.iter().any(|body| body.contains(text))
    }

    pub(super) fn settles(&self, write: &Written) -> bool {
        if self.removed.contains(&write.record) {
            return true;
        }
        let row = self.records.get(&write.record);
        let there = match &write.field {
            None => row.is_some(),
            Some(field) => {
                let standing = row.and_then(|row| row.fields.get(field));
                standing.is_some_and(|standing| standing.value == write.value)
                    || self
                        .lost
                        .contains(&(write.record, field.clone(), write.value.to_string()))
            }
        };
        there || self.aside.iter().any(|body| says(body, write))
    }

    /// Whether a device keeps it, to send or to send again.
    pub(super) fn keeps(&self, write: &Written) -> bool {
        let shown = |row: &porch_sync::Row| {
            let field = |name: &String| row.fields.get(name).map(|field| &field.value);
            row.id == write.record
                && write
                    .field
                    .as_ref()
                    .is_none_or(|name| field(name) == Some(&write.value))
        };
        self.rests.iter().any(shown) || self.kept.iter().any(|body| says(body, write))
    }
}
