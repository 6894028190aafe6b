//! Why a transaction is kept aside, and what a person may do with it.

use porch_sync::{DeviceNumber, Op};
use uuid::Uuid;

use crate::county::County;
use crate::push::with_clock_clamped;
use crate::store::{COUNTY_DEVICE, Device, Reading as _, Store, StoreFailure, Stored, Work as _};
use crate::take_in::{TakenIn, publish, take_in};

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
    /// An edit of a record that does not exist, or under another kind.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetIn {
    /// Values of it that lost to later ones.
    pub lost: usize,
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
            for kept in reading.quarantined(device.number).await? {
                let transaction = kept.sealed.open().ok().flatten();
                let changes = transaction.map(|transaction| transaction.changes);
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
    /// The outcome that the device was given stays; it learns of the records by the feed.
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
        let kept = work.quarantined(device).await?;
        let kept = kept
            .into_iter()
            .find(|kept| kept.sealed.sequence == sequence);
        let transaction = match kept.ok_or(NotLetIn::NoSuch)?.sealed.open() {
            Ok(Some(transaction)) => with_clock_clamped(transaction, now_ms),
            Ok(None) | Err(_) => return Err(NotLetIn::Refused(Reason::Unreadable)),
        };
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
        let merged = match take_in(&mut work, &county, &transaction, now_ms).await? {
            TakenIn::Merged(merged) => merged,
            TakenIn::Quarantined(reason) => return Err(NotLetIn::Refused(reason)),
            TakenIn::Overtaken => return Ok(None),
        };
        work.delete_quarantined(device, sequence).await?;
        publish(&mut work, &merged.feeds, &self.digest_key).await?;
        work.commit().await?;
        if merged.scrub {
            self.scrub().await;
        }
        Ok(Some(LetIn {
            lost: merged.conflicts.len(),
            removed: merged.removed.len(),
        }))
    }

    /// Discards a transaction for good. False when none waits under that number.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn discard(&self, device: DeviceNumber, sequence: u64) -> Stored<bool> {
        let mut work = self.store.begin().await?;
        work.lock_device(device).await?;
        let kept = work.quarantined(device).await?;
        if !kept.iter().any(|kept| kept.sealed.sequence == sequence) {
            return Ok(false);
        }
        work.delete_quarantined(device, sequence).await?;
        work.commit().await?;
        self.scrub().await;
        Ok(true)
    }
}
