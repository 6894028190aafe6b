//! A database that is older than the removal log: everything that the log knows goes again before
//! anything is served.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use porch_sync::Row;
use uuid::Uuid;

use crate::county::County;
use crate::erasure::{keyed, log};
use crate::quarantine::ids_in;
use crate::removal_log::{Entry, Line, RemovalLog};
use crate::store::{Erasure, Logged, Reading, RemovalReading, Store, Stored, Work};
use crate::take_in::{CONSENT_LOCK, CarriedOut, erase};

impl<S: Store> County<S> {
    /// The same county with a removal log at a path: what the log knows and the database does not
    /// is removed now; what the database knows and the log does not is appended.
    ///
    /// # Errors
    /// When the file cannot be read or written, or the store fails.
    pub async fn with_removal_log(mut self, path: &Path) -> Stored<Self> {
        let file = RemovalLog::at(path);
        let entries = file.entries()?;
        let mut replayed = false;
        for entry in &entries {
            replayed |= self.replay(entry).await?;
        }
        if replayed {
            tracing::warn!(
                "the database is older than the removal log; removals were carried out again"
            );
            self.scrub().await;
        }
        let known: BTreeSet<Uuid> = entries.iter().map(|entry| entry.erasure).collect();
        let mut reading = self.store.reading().await?;
        for erasure in reading.erasures().await? {
            if !known.contains(&erasure.id) {
                let removed = reading.log_of(erasure.id).await?;
                file.append(&Entry::of(&CarriedOut { erasure, removed }))?;
            }
        }
        self.removal_log = Some(file);
        Ok(self)
    }

    /// Carries an erasure out again if the database lacks any of it. Gives whether it did.
    async fn replay(&self, entry: &Entry) -> Stored<bool> {
        let mut reading = self.store.reading().await?;
        let mut missing: BTreeMap<[u8; 32], &Line> = BTreeMap::new();
        for line in &entry.removed {
            if reading.logged(line.keyed.0).await?.is_none() {
                missing.insert(line.keyed.0, line);
            }
        }
        drop(reading);
        if missing.is_empty() {
            return Ok(false);
        }
        let mut work = self.store.begin().await?;
        work.lock_records(&[CONSENT_LOCK].into()).await?;
        let mut ids: BTreeSet<Uuid> = work.record_ids().await?.into_iter().collect();
        for device in work.devices().await? {
            for quarantined in work.quarantined(device.number).await? {
                ids.extend(quarantined.sealed.body.iter().flat_map(|body| ids_in(body)));
            }
        }
        let known: Vec<(Uuid, &Line)> = ids
            .into_iter()
            .filter_map(|id| Some((id, *missing.get(&keyed(&self.origin.secret, id))?)))
            .collect();
        let mut roots = Vec::new();
        for (id, line) in &known {
            // What lies only in quarantine has no record; its id is enough to take it out there.
            roots.push(work.record(*id).await?.unwrap_or_else(|| Row {
                kind: line.kind.clone(),
                id: *id,
                fields: BTreeMap::new(),
            }));
        }
        let erasure = Erasure {
            id: entry.erasure,
            at_ms: entry.at_ms,
            sequence: 0,
            told: entry.told.clone(),
            holders: BTreeMap::new(),
        };
        let mut carried = erase(&mut work, &self.origin.secret, roots, erasure).await?;
        // The certificate says what the erasure did, not what doing it again found.
        carried.erasure.told = entry.told.clone();
        for logged in &carried.removed {
            missing.remove(&logged.keyed);
        }
        carried.removed.extend(missing.values().map(|line| Logged {
            keyed: line.keyed.0,
            kind: line.kind.clone(),
            erasure: entry.erasure,
            sequence: 0,
            at_ms: entry.at_ms,
            record: None,
        }));
        log(&mut work, &mut carried).await?;
        work.commit().await?;
        Ok(true)
    }
}
