//! Erasing people: what the log knows, who has confirmed, the certificate.

use std::collections::BTreeMap;

use porch_domain::erasure::{goes, names};
use porch_sync::{Change, DeviceNumber};
use serde::Serialize;
use uuid::Uuid;

use crate::county::County;
use crate::removal_log::Entry;
use crate::seal::{self, For};
use crate::store::{
    Erasure, Reading as _, RemovalReading, RemovalWork as _, Store, Stored, Told, Work as _,
};
use crate::take_in::{Merged, publish};

/// What stands for a record's id once it is erased: nobody gets back from it to the id.
pub(crate) fn keyed(secret: &[u8; 32], record: Uuid) -> [u8; 32] {
    seal::digest(secret, For::Removal, record.as_bytes())
}

/// Whether a record was erased.
pub(crate) async fn is_erased<R: RemovalReading>(
    reading: &mut R,
    secret: &[u8; 32],
    record: Uuid,
) -> Stored<bool> {
    Ok(reading.logged(keyed(secret, record)).await?.is_some())
}

/// Whether a change is one to an erased record, or would make one that is about it.
pub(crate) async fn is_too_late<R: RemovalReading>(
    reading: &mut R,
    secret: &[u8; 32],
    change: &Change,
) -> Stored<bool> {
    if is_erased(reading, secret, change.id).await? {
        return Ok(true);
    }
    let values = values(change);
    let mut gone = Vec::new();
    for named in names(&change.kind, &values) {
        if is_erased(reading, secret, named).await? {
            gone.push(named);
        }
    }
    Ok(goes(&change.kind, &values, |id| gone.contains(&id)))
}

/// The values that a change writes.
pub(crate) fn values(change: &Change) -> porch_domain::catalogue::FieldValues {
    change
        .fields
        .iter()
        .map(|(name, field)| (name.clone(), field.value.clone()))
        .collect()
}

/// What was done about an order to erase a person, and how far it has come. Names nobody: the
/// person stands in it as the HMAC of their id.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Certificate {
    /// The order's id.
    pub erasure: Uuid,
    /// When the county carried it out, milliseconds since 1970 (UTC).
    pub carried_out_ms: u64,
    /// The order, and what went.
    #[serde(flatten)]
    pub told: Told,
    /// Records that are still here and of which a desk said that they are the person's, too, when it was
    /// too late for them to go with the rest: for somebody to look at, and to order their erasure.
    pub said_to_be_theirs: Vec<Uuid>,
    /// What the county keeps of it: how many of each kind, and on which ground.
    pub kept: Vec<KeptCount>,
    /// Each device that held a scope concerned.
    pub devices: Vec<Holder>,
    /// Whether every one of them has confirmed or is revoked.
    pub complete: bool,
}

/// What is kept of records of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeptCount {
    /// The kind.
    pub kind: String,
    /// Why: `figures` (cut off from the person), or a legal ground.
    pub why: String,
    /// How many.
    pub count: u64,
}

/// A device that held a scope concerned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// Its number.
    pub device: DeviceNumber,
    /// What people call it.
    pub name: String,
    /// When it said that nothing is left in its files, milliseconds since 1970 (UTC).
    pub confirmed_ms: Option<u64>,
    /// When it was revoked, if it was: nothing more is heard of it.
    pub revoked_ms: Option<u64>,
}

impl<S: Store> County<S> {
    /// The certificate of an erasure; none when there was no such order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn erasure(&self, order: Uuid) -> Stored<Option<Certificate>> {
        let all = self.erasures().await?;
        Ok(all.into_iter().find(|found| found.erasure == order))
    }

    /// The certificates of all erasures.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn erasures(&self) -> Stored<Vec<Certificate>> {
        let mut reading = self.store.reading().await?;
        let devices = reading.devices().await?;
        let mut certificates = Vec::new();
        for erasure in reading.erasures().await? {
            let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
            for kept in reading.kept(erasure.id).await? {
                *counts.entry((kept.kind, kept.why)).or_default() += 1;
            }
            let kept =
                counts
                    .into_iter()
                    .map(|((kind, why), count)| KeptCount { kind, why, count });
            let holders: Vec<Holder> = devices
                .iter()
                .filter_map(|device| {
                    Some(Holder {
                        device: device.number,
                        name: device.name.clone(),
                        confirmed_ms: *erasure.holders.get(&device.number)?,
                        revoked_ms: device.revoked_ms,
                    })
                })
                .collect();
            let mut said_to_be_theirs = Vec::new();
            if !erasure.told.also.is_empty() {
                said_to_be_theirs = reading.record_ids().await?;
                said_to_be_theirs.retain(|id| {
                    let keyed = keyed(&self.origin.secret, *id);
                    erasure.told.also.contains(&porch_sync::Bytes(keyed))
                });
            }
            certificates.push(Certificate {
                said_to_be_theirs,
                erasure: erasure.id,
                carried_out_ms: erasure.at_ms,
                told: erasure.told,
                kept: kept.collect(),
                complete: holders
                    .iter()
                    .all(|holder| holder.confirmed_ms.or(holder.revoked_ms).is_some()),
                devices: holders,
            });
        }
        Ok(certificates)
    }

    /// Devices that were revoked are waited for no longer.
    pub(crate) async fn settle_all(&self) -> Stored<()> {
        let all = self.store.reading().await?.erasures().await?;
        let all: Vec<Uuid> = all.into_iter().map(|erasure| erasure.id).collect();
        self.settle(&all, None).await
    }

    /// Forgets the ids of erasures that every holder has confirmed or is revoked of.
    pub(crate) async fn settle(
        &self,
        erasures: &[Uuid],
        confirming: Option<DeviceNumber>,
    ) -> Stored<()> {
        if erasures.is_empty() {
            return Ok(());
        }
        let now_ms = self.surroundings.unix_ms();
        let mut work = self.store.begin().await?;
        work.lock_records(&erasures.iter().copied().collect())
            .await?;
        let devices = work.devices().await?;
        let revoked = |number: &DeviceNumber| {
            let device = devices.iter().find(|device| device.number == *number);
            device.is_none_or(|device| device.revoked_ms.is_some())
        };
        for mut erasure in work.erasures().await? {
            if !erasures.contains(&erasure.id) {
                continue;
            }
            if let Some(confirmed) = confirming.and_then(|device| erasure.holders.get_mut(&device))
            {
                confirmed.get_or_insert(now_ms);
            }
            if is_settled(&erasure, revoked) {
                work.forget_ids(erasure.id).await?;
            }
            work.put_erasure(&erasure).await?;
        }
        work.commit().await?;
        self.scrub().await;
        Ok(())
    }

    /// Ends a unit of work that took something in: removals into the log, records into the feeds,
    /// what was removed into the file that is kept apart from backups; only then the commit.
    pub(crate) async fn finish(&self, mut work: S::Work, merged: &mut Merged) -> Stored<()> {
        publish(&mut work, merged, &self.digest_key).await?;
        if let Some(file) = &self.removal_log {
            for carried in &merged.erasures {
                file.append(&Entry::of(&carried.erasure, &carried.removed))?;
            }
        }
        work.commit().await?;
        if merged.scrub {
            self.scrub().await;
        }
        Ok(())
    }
}

fn is_settled(erasure: &Erasure, revoked: impl Fn(&DeviceNumber) -> bool) -> bool {
    erasure
        .holders
        .iter()
        .all(|(device, confirmed)| confirmed.is_some() || revoked(device))
}
