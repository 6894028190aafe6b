//! Why a transaction is kept aside, what a person may do with it, and what is left of it when
//! somebody in it is erased.

use std::collections::BTreeSet;

use porch_sync::{Conflict, DeviceNumber, Op, Transaction};
use uuid::Uuid;

use crate::county::County;
use crate::erasure::values;
use crate::push::with_clock_clamped;
use crate::store::{
    COUNTY_DEVICE, Device, Quarantined, Reading as _, Store, StoreFailure, Stored, Work,
};
use crate::take_in::{TakenIn, take_in};

/// Why a transaction was not merged. It is kept as it came, and a person looks at it; the device's
/// sequence goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Envelope, digest and body do not belong together, or the body is not a transaction.
    Unreadable,
    /// The body is larger than the protocol allows.
    TooLarge,
    /// A kind of record that this server does not know.
    UnknownKind,
    /// A kind that only the county writes.
    CountyOnly,
    /// A value or a field's name is not of the form that the catalogue gives it.
    MalformedRecord,
    /// The record is not in the device's scopes, or was to be made in another's.
    OutOfScope,
    /// An edit of something that is written once.
    WrittenOnce,
    /// An edit of a record that does not exist, or under another kind; a photo whose decision or session has
    /// not come.
    NoSuchRecord,
    /// A person was to be added to a photo after it was stored.
    SubjectsFrozen,
}

impl Reason {
    /// The word under which it is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too_large",
            Self::UnknownKind => "unknown_kind",
            Self::CountyOnly => "county_only",
            Self::MalformedRecord => "malformed_record",
            Self::OutOfScope => "out_of_scope",
            Self::WrittenOnce => "written_once",
            Self::NoSuchRecord => "no_such_record",
            Self::SubjectsFrozen => "subjects_frozen",
        }
    }
}

/// In place of the reason: a person has let the transaction in or discarded it. Only the ids that it names are
/// left of it. The device that wrote it keeps a copy, and is told when somebody in it is erased.
const LOOKED_AT: &str = "looked_at";

impl Quarantined {
    /// Whether a person has still to look at it.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.reason != LOOKED_AT
    }

    /// Without these ids, of what is left once somebody has looked at it.
    fn looked_at(self, except: &BTreeSet<Uuid>) -> Self {
        let named = self.sealed.body.iter().flat_map(|body| ids_in(body));
        let named: Vec<String> = named
            .filter(|id| !except.contains(id))
            .map(|id| id.to_string())
            .collect();
        let mut sealed = self.sealed.blanked();
        sealed.body = Some(named.join(" "));
        Self {
            reason: LOOKED_AT.to_owned(),
            sealed,
        }
    }
}

/// A transaction that waits for a person, without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The device that sent it.
    pub device: DeviceNumber,
    /// The device's number for it.
    pub sequence: u64,
    /// Why: a word of [`Reason`].
    pub reason: String,
    /// Kind and id of each record in it; none when it cannot be read.
    pub records: Vec<(String, Uuid)>,
}

/// What a transaction that was let in did.
#[derive(Clone, Debug, PartialEq)]
pub struct LetIn {
    /// Values that were written without sight of each other, and did not stand: its own or others'. They are
    /// kept with its outcome.
    pub lost: Vec<Conflict>,
    /// Records of it that no longer stand.
    pub removed: usize,
}

/// Why a transaction was not let in. It stays where it is.
#[derive(Debug, thiserror::Error)]
pub enum NotLetIn {
    /// None waits under that number.
    #[error("no transaction of that device and number waits")]
    NoSuch,
    /// It still breaks a rule that no person can lift.
    #[error("it cannot be let in: {}", .0.word())]
    Refused(Reason),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFailure),
}

impl<S: Store> County<S> {
    /// Every transaction that waits for a person, by device and number.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn waiting(&self) -> Stored<Vec<Waiting>> {
        let mut reading = self.store.reading().await?;
        let mut waiting = Vec::new();
        for device in reading.devices().await? {
            let kept = reading.quarantined(device.number).await?;
            for kept in kept.into_iter().filter(Quarantined::is_waiting) {
                let changes = legible(&kept).map(|transaction| transaction.changes);
                waiting.push(Waiting {
                    device: device.number,
                    sequence: kept.sealed.sequence,
                    reason: kept.reason,
                    records: changes
                        .unwrap_or_default()
                        .into_iter()
                        .map(|change| (change.kind, change.id))
                        .collect(),
                });
            }
        }
        Ok(waiting)
    }

    /// Lets a transaction in, on a person's word: with the county's right to write in any scope.
    /// What is not of the catalogue's form, edits what is not there, or does not stand is not let
    /// in on anybody's word.
    ///
    /// The fate that the device was given stays; it learns of the records by the feed, and keeps values of its own
    /// that lost as conflicts.
    ///
    /// # Errors
    /// See [`NotLetIn`].
    pub async fn let_in(&self, device: DeviceNumber, sequence: u64) -> Result<LetIn, NotLetIn> {
        loop {
            if let Some(let_in) = self.try_to_let_in(device, sequence).await? {
                return Ok(let_in);
            }
        }
    }

    /// None when somebody else was first, and it is to be begun anew.
    async fn try_to_let_in(
        &self,
        device: DeviceNumber,
        sequence: u64,
    ) -> Result<Option<LetIn>, NotLetIn> {
        let now_ms = self.surroundings.unix_ms();
        let mut work = self.store.begin().await?;
        let author = work.lock_device(device).await?.ok_or(NotLetIn::NoSuch)?;
        let kept = waiting(&mut work, device, sequence).await?;
        let transaction =
            legible(&kept.ok_or(NotLetIn::NoSuch)?).ok_or(NotLetIn::Refused(Reason::Unreadable))?;
        let transaction = with_clock_clamped(transaction, now_ms);
        for change in &transaction.changes {
            if let Op::Create { scope } = change.op
                && work.head(scope).await?.is_none()
            {
                return Err(NotLetIn::Refused(Reason::OutOfScope));
            }
        }
        let county = Device {
            number: COUNTY_DEVICE,
            ..author
        };
        let mut merged = match take_in(&mut work, &county, &transaction, now_ms).await? {
            TakenIn::Merged(merged) => merged,
            TakenIn::Quarantined(reason) => return Err(NotLetIn::Refused(reason)),
            TakenIn::Overtaken => return Ok(None),
        };
        if let Some(mut received) = work.received(device, sequence).await? {
            received.outcome.conflicts.clone_from(&merged.conflicts);
            work.put_received(device, sequence, &received).await?;
        }
        // Read again: an erasure among it may have shortened what was kept aside.
        if let Some(kept) = waiting(&mut work, device, sequence).await? {
            work.put_quarantined(&kept.looked_at(&BTreeSet::new()))
                .await?;
        }
        let let_in = LetIn {
            lost: std::mem::take(&mut merged.conflicts),
            removed: merged.removed.len(),
        };
        self.finish(work, &mut merged).await?;
        Ok(Some(let_in))
    }

    /// Discards a transaction for good. False when none waits under that number.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn discard(&self, device: DeviceNumber, sequence: u64) -> Stored<bool> {
        let mut work = self.store.begin().await?;
        work.lock_device(device).await?;
        let Some(kept) = waiting(&mut work, device, sequence).await? else {
            return Ok(false);
        };
        work.put_quarantined(&kept.looked_at(&BTreeSet::new()))
            .await?;
        work.commit().await?;
        self.scrub().await;
        Ok(true)
    }
}

/// What waits for a person under a device's number.
async fn waiting<W: Work>(
    work: &mut W,
    device: DeviceNumber,
    sequence: u64,
) -> Stored<Option<Quarantined>> {
    let kept = work.quarantined(device).await?;
    Ok(kept
        .into_iter()
        .find(|kept| kept.sealed.sequence == sequence && kept.is_waiting()))
}

/// The transaction, if it fits its envelope. What an erasure shortened fits no digest any more, but
/// did when it came.
fn legible(kept: &Quarantined) -> Option<Transaction> {
    let sealed = &kept.sealed;
    if sealed.salt.is_none() && kept.reason != Reason::Unreadable.word() {
        return serde_json::from_str(sealed.body.as_deref()?).ok();
    }
    sealed.open().ok().flatten()
}

/// The ids in a text, in whatever form a UUID is understood.
pub(crate) fn ids_in(text: &str) -> BTreeSet<Uuid> {
    text.split(|letter: char| !letter.is_ascii_hexdigit() && letter != '-')
        .filter_map(|word| Uuid::try_parse(word).ok())
        .collect()
}

/// The same without what is about these records; none when it does not name them. What is left
/// is for a person to look at and no longer has the digest's salt.
pub(crate) fn without(quarantined: &Quarantined, ids: &BTreeSet<Uuid>) -> Option<Quarantined> {
    let body = quarantined.sealed.body.as_ref()?;
    if ids_in(body).is_disjoint(ids) {
        return None;
    }
    if !quarantined.is_waiting() {
        return Some(quarantined.clone().looked_at(ids));
    }
    let rest = serde_json::from_str::<Transaction>(body)
        .ok()
        .and_then(|mut transaction| {
            transaction.changes.retain(|change| {
                let named = serde_json::to_string(&values(change)).unwrap_or_default();
                !ids.contains(&change.id) && ids_in(&named).is_disjoint(ids)
            });
            serde_json::to_string(&transaction).ok()
        });
    let mut blanked = quarantined.clone();
    blanked.sealed = blanked.sealed.blanked();
    blanked.sealed.body = rest;
    Some(blanked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_every_form() {
        let id = Uuid::from_u128(0x0190_a3b4_c5d6_7001_8000_0000_0000_0abc);
        for form in [
            id.to_string(),
            id.to_string().to_uppercase(),
            id.simple().to_string(),
            id.braced().to_string(),
            id.urn().to_string(),
        ] {
            let text = format!("{{\"person\":\"{form}\"}}");
            assert_eq!(ids_in(&text), BTreeSet::from([id]), "{text}");
        }
        assert!(ids_in("no id, 12-34").is_empty());
    }
}
