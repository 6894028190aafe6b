//! A database that is older than the removal log: everything that the log knows goes again before
//! anything is served.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use porch_sync::Row;
use uuid::Uuid;

use crate::county::County;
use crate::erasure::keyed;
use crate::quarantine::ids_in;
use crate::removal_log::{Entry, Line, RemovalLog};
use crate::store::{Erasure, Logged, Reading as _, RemovalReading, Store, Stored, Work};
use crate::take_in::{Merged, can_be_told, erase, publish, reach};

impl<S: Store> County<S> {
    /// The same county with a removal log at a path: what the log knows and the database does not
    /// is removed now; what the database knows and the log does not is appended.
    ///
    /// # Errors
    /// When the file cannot be read or written, or the store fails.
    pub async fn with_removal_log(mut self, path: &Path) -> Stored<Self> {
        let file = RemovalLog::at(path);
        // The database first: what is in it was in the file before, whoever else is at work.
        let mut reading = self.store.reading().await?;
        let mut lacking = Vec::new();
        for erasure in reading.erasures().await? {
            let removed = reading.log_of(erasure.id).await?;
            lacking.push((erasure, removed));
        }
        drop(reading);
        let entries = file.entries()?;
        lacking.retain(|(known, _)| entries.iter().all(|entry| entry.erasure != known.id));
        let mut replayed = false;
        for entry in &entries {
            replayed |= loop {
                if let Some(lacked) = self.replay(entry).await? {
                    break lacked;
                }
            };
        }
        if replayed {
            tracing::warn!(
                "the database is older than the removal log; removals were carried out again"
            );
            self.scrub().await;
        }
        for (erasure, removed) in &lacking {
            file.append(&Entry::of(erasure, removed))?;
        }
        self.removal_log = Some(file);
        Ok(self)
    }

    /// Carries an erasure out again if the database lacks any of it. Gives whether it did; none when
    /// somebody else was first, and it is to be begun anew.
    async fn replay(&self, entry: &Entry) -> Stored<Option<bool>> {
        let mut reading = self.store.reading().await?;
        if missing(&mut reading, entry).await?.is_empty() {
            return Ok(Some(false));
        }
        drop(reading);
        let mut work = self.store.begin().await?;
        let roots = self.roots(&mut work, entry).await?;
        let mut held = reach(&mut work, roots).await?;
        // Another process may be about to commit it.
        held.insert(entry.erasure);
        work.lock_records(&held).await?;
        let mut missing = missing(&mut work, entry).await?;
        if missing.is_empty() {
            return Ok(Some(false));
        }
        let roots = self.roots(&mut work, entry).await?;
        if !reach(&mut work, roots.clone()).await?.is_subset(&held) {
            return Ok(None);
        }
        let erasure = Erasure {
            id: entry.erasure,
            at_ms: entry.at_ms,
            sequence: 0,
            told: entry.told.clone(),
            holders: BTreeMap::new(),
        };
        let mut carried = erase(&mut work, &self.origin.secret, roots, erasure).await?;
        // Where it lay since the backup nobody knows any more: everybody is told.
        for device in work.devices().await? {
            if can_be_told(&device) {
                carried.erasure.holders.entry(device.number).or_insert(None);
            }
        }
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
        let mut merged = Merged {
            feeds: carried.cleared.clone(),
            erasures: vec![carried],
            ..Merged::default()
        };
        publish(&mut work, &mut merged, &self.digest_key).await?;
        work.commit().await?;
        Ok(Some(true))
    }

    /// What the store still has of an erasure, in records or in what was kept aside.
    async fn roots(&self, work: &mut S::Work, entry: &Entry) -> Stored<Vec<Row>> {
        let missing = missing(work, entry).await?;
        let mut ids: BTreeSet<Uuid> = work.record_ids().await?.into_iter().collect();
        for device in work.devices().await? {
            for quarantined in work.quarantined(device.number).await? {
                ids.extend(quarantined.sealed.body.iter().flat_map(|body| ids_in(body)));
            }
        }
        let mut roots = Vec::new();
        for id in ids {
            let Some(line) = missing.get(&keyed(&self.origin.secret, id)) else {
                continue;
            };
            // What lies only in quarantine has no record; its id is enough to take it out there.
            roots.push(work.record(id).await?.unwrap_or_else(|| Row {
                kind: line.kind.clone(),
                id,
                fields: BTreeMap::new(),
            }));
        }
        Ok(roots)
    }
}

/// What the store's log does not have of an erasure.
async fn missing<'a, R: RemovalReading>(
    reading: &mut R,
    entry: &'a Entry,
) -> Stored<BTreeMap<[u8; 32], &'a Line>> {
    let mut missing = BTreeMap::new();
    for line in &entry.removed {
        if reading.logged(line.keyed.0).await?.is_none() {
            missing.insert(line.keyed.0, line);
        }
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use porch_domain::catalogue::Record as _;
    use porch_domain::person::Person;
    use porch_sync::DeviceNumber;
    use porch_sync::protocol::{Fate, PushRequest};

    use super::*;
    use crate::home;
    use crate::store::{COUNTY_DEVICE, SqliteStore};
    use crate::story::{ELM, Pen, edit, id, make, person, rosa, tom};

    async fn open(folder: &Path) -> County<SqliteStore> {
        home::open(folder).await.unwrap()
    }

    async fn knows(county: &County<SqliteStore>, record: Uuid) -> bool {
        let mut reading = county.store.reading().await.unwrap();
        reading.record(record).await.unwrap().is_some()
    }

    /// Pushes as the county's own device: it holds every scope.
    async fn push(
        county: &County<SqliteStore>,
        pen: &mut Pen,
        changes: Vec<porch_sync::Change>,
    ) -> Fate {
        let request = PushRequest {
            epoch: county.epoch(),
            transactions: vec![pen.write(changes)],
            audit: None,
        };
        let answer = county.push(COUNTY_DEVICE, request).await.unwrap();
        answer.outcomes[0].fate
    }

    #[tokio::test]
    async fn an_old_database_under_a_newer_log_brings_nothing_back() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path();
        let mut pen = Pen::of(DeviceNumber(0));
        let county = open(home).await;
        {
            let mut work = county.store.begin().await.unwrap();
            work.put_scope(ELM).await.unwrap();
            work.commit().await.unwrap();
        }
        push(
            &county,
            &mut pen,
            vec![make(&rosa(), ELM), make(&tom(), ELM)],
        )
        .await;
        county.store.scrub().await.unwrap();
        drop(county);
        fs::copy(home.join("county.db"), home.join("backup.db")).unwrap();

        let county = open(home).await;
        let after = person(0xada, "Ada");
        push(&county, &mut pen, vec![make(&after, ELM)]).await;
        for (number, person) in [(0x0d, tom().id), (0x0e, after.id)] {
            let order = crate::store::suite::erasure::order(number, person);
            assert_eq!(
                push(&county, &mut pen, vec![make(&order, ELM)]).await,
                Fate::Applied
            );
        }
        let certificates = county.erasures().await.unwrap();
        drop(county);
        let log = fs::read_to_string(home.join("removals.log")).unwrap();
        assert_eq!(log.lines().count(), 2);
        assert!(
            !log.contains(&tom().id.to_string()),
            "the file names nobody"
        );

        for name in ["county.db-wal", "county.db-shm"] {
            let _ = fs::remove_file(home.join(name));
        }
        fs::copy(home.join("backup.db"), home.join("county.db")).unwrap();
        // A line that a crash cut off is no erasure.
        fs::write(home.join("removals.log"), format!("{log}{{\"erasure\":")).unwrap();
        let county = open(home).await;
        assert!(knows(&county, rosa().id.into()).await);
        assert!(
            !knows(&county, tom().id.into()).await,
            "it is held against the log before it serves"
        );
        assert_eq!(
            county.erasures().await.unwrap(),
            certificates,
            "and the certificates are there again"
        );
        let mut pen = Pen {
            sequence: 1,
            ..Pen::of(DeviceNumber(0))
        };
        let late = vec![
            edit(Person::KIND, tom().id.into(), "phone", "07700 900123", None),
            make(&after, ELM),
            make(&person(0xbea, "Bea"), ELM),
        ];
        assert_eq!(
            push(&county, &mut pen, late).await,
            Fate::Removed,
            "nor by whoever was away"
        );
        assert!(knows(&county, id(0xbea)).await && !knows(&county, after.id.into()).await);
        drop(county);

        // The file was lost instead: the database makes it again.
        fs::remove_file(home.join("removals.log")).unwrap();
        drop(open(home).await);
        let again = fs::read_to_string(home.join("removals.log")).unwrap();
        let sorted = |log: &str| {
            let lines: BTreeSet<String> = log.lines().map(str::to_owned).collect();
            lines
        };
        assert_eq!(sorted(&again), sorted(&log));
    }
}
