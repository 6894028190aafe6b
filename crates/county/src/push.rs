//! Push: transactions in sequence, each with the outcome it has for ever.

use std::collections::BTreeSet;

#[cfg(feature = "simulation")]
use porch_sync::planted::{Planted, is_planted};
use porch_sync::protocol::{
    AuditHead, CountyRefusal, Fate, LARGEST_NUMBER, MAX_TRANSACTION_BYTES, Outcome, PushAnswer,
    PushRequest,
};
use porch_sync::{DeviceNumber, Hlc, SealedTransaction, Transaction};
use uuid::Uuid;

use crate::county::{Answer, County};
use crate::erasure::is_erased;
use crate::quarantine::{Reason, ids_in, without};
use crate::store::{Device, Quarantined, Reading, Received, Store, Work};
use crate::take_in::{Merged, TakenIn, take_in};

/// How far ahead of the server a device's clock may be.
const FUTURE_MS: u64 = 5 * 60 * 1000;

/// What came of looking at one transaction.
enum Step {
    /// It has an outcome.
    Done(Outcome),
    /// Others are missing before it.
    Gap,
    /// Another one was sent under its number.
    Cloned,
}

impl<S: Store> County<S> {
    /// Takes in a batch from the device whose token it came with.
    ///
    /// # Errors
    /// [`CountyRefusal::Scope`] when it holds another device's transaction, [`CountyRefusal::Revoked`],
    /// [`CountyRefusal::Malformed`] for more audit entries than there can be.
    pub async fn push(&self, device: DeviceNumber, request: PushRequest) -> Answer<PushAnswer> {
        if request.transactions.iter().any(|t| t.device != device) {
            return Err(CountyRefusal::Scope.into());
        }
        let entries = request.audit.as_ref().map(|audit| audit.entries);
        if entries.is_some_and(|entries| entries > LARGEST_NUMBER) {
            return Err(CountyRefusal::Malformed.into());
        }
        let epoch = self.store.reading().await?.epoch().await?;
        let mut answer = PushAnswer {
            epoch,
            outcomes: Vec::new(),
            expected: 0,
            cloned: false,
            audit_fits: true,
            backed_up: 0,
            server_unix_ms: self.surroundings.unix_ms(),
        };
        // Another epoch: the device first learns from `expected` what this server still has.
        if request.epoch == epoch {
            for sealed in &request.transactions {
                match self.receive(sealed).await? {
                    Step::Done(outcome) => answer.outcomes.push(outcome),
                    Step::Gap => break,
                    Step::Cloned => {
                        answer.cloned = true;
                        break;
                    }
                }
            }
            if let Some(audit) = &request.audit
                && !answer.cloned
            {
                answer.audit_fits = self.countersign(device, audit).await?;
            }
        }
        let device = self.store.reading().await?.device(device).await?;
        let device = device.ok_or(CountyRefusal::Token)?;
        answer.expected = device.expected;
        answer.backed_up = device.backed_up;
        #[cfg(feature = "simulation")]
        if is_planted(Planted::BackupOverstated) {
            answer.backed_up = device.expected - 1;
        }
        Ok(answer)
    }

    async fn receive(&self, sealed: &SealedTransaction) -> Answer<Step> {
        loop {
            if let Some(step) = self.try_to_receive(sealed).await? {
                return Ok(step);
            }
        }
    }

    /// None when somebody else was first, and it is to be begun anew.
    async fn try_to_receive(&self, sealed: &SealedTransaction) -> Answer<Option<Step>> {
        let now_ms = self.surroundings.unix_ms();
        let mut work = self.store.begin().await?;
        let mut device = lock_in_force(&mut work, sealed.device).await?;
        if let Some(step) = seen(&mut work, &device, sealed).await? {
            return Ok(Some(step));
        }
        let taken = match readable(sealed) {
            Ok(Some(transaction)) => {
                let transaction = with_clock_clamped(transaction, now_ms);
                take_in(&mut work, &device, &transaction, now_ms).await?
            }
            // Blanked by a removal: nothing is left of it but its number.
            Ok(None) => TakenIn::Merged(Merged {
                blanked: true,
                ..Merged::default()
            }),
            Err(reason) => TakenIn::Quarantined(reason),
        };
        let mut merged = match taken {
            TakenIn::Merged(merged) => merged,
            TakenIn::Quarantined(reason) => {
                tracing::warn!(reason = reason.word(), "a transaction is kept aside");
                drop(work);
                self.honour(sealed).await?;
                return self.keep_aside(sealed, reason).await.map(Some);
            }
            TakenIn::Overtaken => return Ok(None),
        };
        let outcome = Outcome {
            sequence: sealed.sequence,
            fate: merged.fate(),
            conflicts: std::mem::take(&mut merged.conflicts),
            removed: std::mem::take(&mut merged.removed),
            redirected: std::mem::take(&mut merged.redirected),
        };
        let mut kept = outcome.clone();
        kept.removed.retain(|id| !merged.too_late.contains(id));
        advance(&mut work, &mut device, sealed, &kept).await?;
        self.finish(work, &mut merged).await?;
        Ok(Some(Step::Done(outcome)))
    }

    /// In a unit of work of its own, so that nothing of what was tried before remains.
    async fn keep_aside(&self, sealed: &SealedTransaction, reason: Reason) -> Answer<Step> {
        let mut work = self.store.begin().await?;
        let mut device = lock_in_force(&mut work, sealed.device).await?;
        if let Some(step) = seen(&mut work, &device, sealed).await? {
            return Ok(step);
        }
        let outcome = Outcome {
            sequence: sealed.sequence,
            fate: Fate::Quarantined,
            conflicts: Vec::new(),
            removed: Vec::new(),
            redirected: Vec::new(),
        };
        let named: BTreeSet<Uuid> = sealed.body.iter().flat_map(|body| ids_in(body)).collect();
        // Whoever is being erased at this moment is waited for.
        work.lock_records(&named).await?;
        let quarantined = Quarantined {
            reason: reason.word().to_owned(),
            sealed: sealed.clone(),
        };
        let quarantined = self.without_erased(&mut work, quarantined, named).await?;
        #[cfg(feature = "simulation")]
        let forgotten = is_planted(Planted::AsideForgotten);
        #[cfg(not(feature = "simulation"))]
        let forgotten = false;
        if !forgotten {
            work.put_quarantined(&quarantined).await?;
        }
        advance(&mut work, &mut device, sealed, &outcome).await?;
        work.commit().await?;
        Ok(Step::Done(outcome))
    }

    /// What is kept aside says nothing of anybody who was erased.
    async fn without_erased(
        &self,
        work: &mut S::Work,
        quarantined: Quarantined,
        named: BTreeSet<Uuid>,
    ) -> Answer<Quarantined> {
        let mut erased = BTreeSet::new();
        for id in named {
            if is_erased(work, &self.origin.secret, id).await? {
                erased.insert(id);
            }
        }
        Ok(without(&quarantined, &erased).unwrap_or(quarantined))
    }

    pub(crate) async fn scrub(&self) {
        if let Err(failure) = self.store.scrub().await {
            tracing::warn!(%failure, "deleted content may remain in the log until the next removal");
        }
    }

    /// Takes note of how far the device's audit chain has come; false when it went back or was
    /// changed.
    async fn countersign(&self, device: DeviceNumber, audit: &AuditHead) -> Answer<bool> {
        let mut work = self.store.begin().await?;
        let mut device = lock_in_force(&mut work, device).await?;
        let fits = audit.entries > device.audit_entries
            || (audit.entries == device.audit_entries
                && device.audit_head.is_none_or(|head| head == audit.head));
        if !fits {
            tracing::warn!("a device's audit chain does not fit what was seen of it before");
            return Ok(false);
        }
        if device.audit_head != Some(audit.head) {
            device.audit_entries = audit.entries;
            device.audit_head = Some(audit.head);
            work.put_device(&device).await?;
            work.commit().await?;
        }
        Ok(true)
    }
}

pub(crate) async fn lock_in_force<W: Work>(work: &mut W, number: DeviceNumber) -> Answer<Device> {
    let device = work
        .lock_device(number)
        .await?
        .ok_or(CountyRefusal::Token)?;
    if device.revoked_ms.is_some() {
        return Err(CountyRefusal::Revoked.into());
    }
    Ok(device)
}

/// What is known of a sequence that is not the expected one.
async fn seen<W: Work>(
    work: &mut W,
    device: &Device,
    sealed: &SealedTransaction,
) -> Answer<Option<Step>> {
    if sealed.sequence == device.expected {
        return Ok(None);
    }
    if sealed.sequence > device.expected {
        return Ok(Some(Step::Gap));
    }
    let received = work.received(sealed.device, sealed.sequence).await?;
    #[cfg(feature = "simulation")]
    if is_planted(Planted::DigestNotCompared)
        && let Some(received) = received
    {
        return Ok(Some(Step::Done(received.outcome)));
    }
    Ok(Some(match received {
        Some(received) if received.digest == sealed.digest => Step::Done(received.outcome),
        _ => Step::Cloned,
    }))
}

async fn advance<W: Work>(
    work: &mut W,
    device: &mut Device,
    sealed: &SealedTransaction,
    outcome: &Outcome,
) -> Answer<()> {
    work.put_received(
        sealed.device,
        sealed.sequence,
        &Received {
            digest: sealed.digest,
            outcome: outcome.clone(),
        },
    )
    .await?;
    device.expected = sealed.sequence.saturating_add(1);
    Ok(work.put_device(device).await?)
}

fn readable(sealed: &SealedTransaction) -> Result<Option<Transaction>, Reason> {
    let bytes = sealed.body.as_ref().map_or(0, String::len);
    if bytes > MAX_TRANSACTION_BYTES {
        return Err(Reason::TooLarge);
    }
    sealed.open().map_err(|_| Reason::Unreadable)
}

/// A clock far ahead would win every tie from now on. Versions are told apart by device and
/// sequence alone, so the device still knows its own write.
pub(crate) fn with_clock_clamped(transaction: Transaction, now_ms: u64) -> Transaction {
    let latest = Hlc::at(now_ms.saturating_add(FUTURE_MS));
    Transaction {
        clock: transaction.clock.min(latest),
        ..transaction
    }
}

impl Merged {
    fn fate(&self) -> Fate {
        if self.blanked || !self.removed.is_empty() {
            Fate::Removed
        } else if self.conflicts.is_empty() {
            Fate::Applied
        } else {
            Fate::Conflict
        }
    }
}
