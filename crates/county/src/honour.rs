//! A No inside a transaction that is kept aside: it counts at once, whatever is wrong with the rest.

use porch_sync::{Change, Op, SealedTransaction, Transaction, merge};
use serde::Deserialize;
use serde_json::Value;

use crate::county::{Answer, County};
use crate::kinds;
use crate::push::{lock_in_force, with_clock_clamped};
use crate::store::{COUNTY_DEVICE, Device, Store};
use crate::take_in::{TakenIn, take_in};

/// As much of a transaction as can be read, change by change.
#[derive(Deserialize)]
struct Legible {
    #[serde(default)]
    clock: Value,
    #[serde(default)]
    author: Value,
    #[serde(default)]
    schema: u32,
    changes: Vec<Value>,
}

impl<S: Store> County<S> {
    /// Takes in every No of a transaction that is about to be kept aside: withdrawals, refusals, stops and
    /// ends of authority, each by itself, and in the device's centre when it names a
    /// scope that is not the device's. What cannot be read or is not of its form stays aside with
    /// the rest.
    pub(crate) async fn honour(&self, sealed: &SealedTransaction) -> Answer<()> {
        for transaction in noes(sealed) {
            while !self.try_to_honour(sealed, &transaction).await? {}
        }
        Ok(())
    }

    /// False when somebody else was first, and it is to be begun anew.
    async fn try_to_honour(
        &self,
        sealed: &SealedTransaction,
        transaction: &Transaction,
    ) -> Answer<bool> {
        let mut work = self.store.begin().await?;
        let device = lock_in_force(&mut work, sealed.device).await?;
        let now_ms = self.surroundings.unix_ms();
        let transaction = in_scopes_of(&device, with_clock_clamped(transaction.clone(), now_ms));
        // No scope holds a No back.
        let county = Device {
            number: COUNTY_DEVICE,
            ..device
        };
        let mut merged = match take_in(&mut work, &county, &transaction, now_ms).await? {
            TakenIn::Merged(merged) => merged,
            TakenIn::Quarantined(_) => return Ok(true),
            TakenIn::Overtaken => return Ok(false),
        };
        self.finish(work, &mut merged).await?;
        Ok(true)
    }
}

fn in_scopes_of(device: &Device, mut transaction: Transaction) -> Transaction {
    for change in &mut transaction.changes {
        if let Op::Create { scope } = &mut change.op
            && !device.writes_in(*scope)
        {
            *scope = device.centre;
        }
    }
    transaction
}

/// Each No as a transaction of its own. Who sent it and under which number the envelope
/// says, whatever the body does.
fn noes(sealed: &SealedTransaction) -> Vec<Transaction> {
    let body = sealed.body.as_deref().unwrap_or_default();
    let Ok(legible) = serde_json::from_str::<Legible>(body) else {
        return Vec::new();
    };
    let whole = Transaction {
        device: sealed.device,
        sequence: sealed.sequence,
        clock: serde_json::from_value(legible.clock).unwrap_or_default(),
        author: serde_json::from_value(legible.author).unwrap_or_default(),
        schema: legible.schema,
        changes: Vec::new(),
    };
    let readable = legible
        .changes
        .into_iter()
        .filter_map(|change| serde_json::from_value::<Change>(change).ok());
    readable
        .filter(|change| {
            // What joins two people, or takes a No away, is for a person to let in.
            matches!(change.op, Op::Create { .. }) && kinds::is_no(&merge(None, &whole, change).row)
        })
        .map(|change| Transaction {
            changes: vec![change],
            ..whole.clone()
        })
        .collect()
}
