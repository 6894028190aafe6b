//! What a store keeps of erasures: the removal log, what is left and why, who has confirmed.
//!
//! Asked of every store besides [`super::Reading`] and [`super::Work`], under the same isolation.
//! Whatever looks through all records is asked by an erasure only, which is rare.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use porch_domain::catalogue::FieldValues;
use porch_sync::protocol::Outcome;
use porch_sync::{DeviceNumber, Digest, Row};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::Stored;

/// What a certificate says of an order and of what it removed: counts and ids of what stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The HMAC of the erased person's id.
    pub person: Digest,
    /// The ground: a word of `porch_domain::erasure::ErasureGround`.
    pub ground: String,
    /// Who ordered it.
    pub ordered_by: Uuid,
    /// When; UTC.
    pub ordered_at: String,
    /// How many records of each kind were removed.
    pub removed: BTreeMap<String, u64>,
    /// How many records of somebody else's named the person and had that cleared, by kind.
    pub cleared: BTreeMap<String, u64>,
    /// How many records stay in which the person acted for somebody else, by kind.
    pub stays: BTreeMap<String, u64>,
    /// Free text that may name the person, for somebody to read.
    pub to_read: Vec<ToRead>,
    /// The HMACs of the ids of records of which a desk said that they are the person's, too, when it was
    /// too late for them to go with the rest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Digest>,
}

/// A field of free text that may name somebody who was erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToRead {
    /// The kind of record.
    pub kind: String,
    /// The record.
    pub record: Uuid,
    /// The field.
    pub field: String,
}

/// Takes out of an outcome what it says of records that were erased. What was written to one of them while it was merged away
/// was redirected to the survivor, and lost there; whose value that was is not told any more, so all of such a transaction go. False
/// when it says nothing of them.
pub(crate) fn forget(outcome: &mut Outcome, ids: &BTreeSet<Uuid>) -> bool {
    let before = (outcome.conflicts.len(), outcome.redirected.len());
    outcome.redirected.retain(|record| !ids.contains(record));
    if outcome.redirected.len() < before.1 {
        outcome.conflicts.clear();
    }
    outcome
        .conflicts
        .retain(|conflict| !ids.contains(&conflict.record));
    (outcome.conflicts.len(), outcome.redirected.len()) != before
}

/// An erasure that was carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct Erasure {
    /// The order's id.
    pub id: Uuid,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The last place in the urgent feed of what it removed.
    pub sequence: u64,
    /// What its certificate says.
    pub told: Told,
    /// The devices that held a scope concerned, and when each confirmed, in milliseconds since 1970.
    pub holders: BTreeMap<DeviceNumber, Option<u64>>,
}

/// An entry of the removal log.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// The HMAC of the record's id under the county's key.
    pub keyed: [u8; 32],
    /// The kind of record.
    pub kind: String,
    /// The erasure.
    pub erasure: Uuid,
    /// Its place in the urgent feed.
    pub sequence: u64,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The record's id, until every holder has confirmed.
    pub record: Option<Uuid>,
}

/// What is left of a removed record.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The HMAC of the record's id.
    pub keyed: [u8; 32],
    /// The kind of record.
    pub kind: String,
    /// The erasure.
    pub erasure: Uuid,
    /// Why: a word of `porch_domain::erasure::Remains`.
    pub why: String,
    /// What is left.
    pub fields: FieldValues,
}

/// Whether one of these ids stands in a value, in whatever form a UUID can be written.
pub(super) fn names(value: &Value, ids: &BTreeSet<Uuid>) -> bool {
    match value {
        Value::String(text) => text.parse().is_ok_and(|id| ids.contains(&id)),
        Value::Array(items) => items.iter().any(|item| names(item, ids)),
        _ => false,
    }
}

/// What can be read of erasures.
pub trait RemovalReading: Send {
    /// The records in any of whose fields one of these ids stands, in whatever form a UUID can be
    /// written, by id. Reads everything.
    fn naming(&mut self, ids: &BTreeSet<Uuid>) -> impl Future<Output = Stored<Vec<Row>>> + Send;
    /// The ids of all records. Reads everything.
    fn record_ids(&mut self) -> impl Future<Output = Stored<Vec<Uuid>>> + Send;
    /// The scopes in whose feeds a record has a place, the urgent one among them.
    fn feeds_of(&mut self, record: Uuid) -> impl Future<Output = Stored<BTreeSet<Uuid>>> + Send;
    /// The log's entry for a keyed id.
    fn logged(&mut self, keyed: [u8; 32]) -> impl Future<Output = Stored<Option<Logged>>> + Send;
    /// The log's entries of an erasure, by place.
    fn log_of(&mut self, erasure: Uuid) -> impl Future<Output = Stored<Vec<Logged>>> + Send;
    /// The log's entries after a place that still have their id and whose erasure the device is a
    /// holder of, by place.
    fn removals(
        &mut self,
        device: DeviceNumber,
        after: u64,
        limit: u32,
    ) -> impl Future<Output = Stored<Vec<Logged>>> + Send;
    /// All erasures, by id.
    fn erasures(&mut self) -> impl Future<Output = Stored<Vec<Erasure>>> + Send;
    /// The erasures that a device has not confirmed, with their last place in the urgent feed.
    fn unconfirmed(
        &mut self,
        device: DeviceNumber,
    ) -> impl Future<Output = Stored<Vec<(Uuid, u64)>>> + Send;
    /// What an erasure left, by keyed id.
    fn kept(&mut self, erasure: Uuid) -> impl Future<Output = Stored<Vec<Kept>>> + Send;
}

/// What an erasure writes.
pub trait RemovalWork: RemovalReading {
    /// Deletes a record, its scopes, its ties in both directions, and that it was removed. Its places
    /// in the feeds are taken away by [`RemovalWork::leave_feed`].
    fn delete_record(&mut self, id: Uuid) -> impl Future<Output = Stored<()>> + Send;
    /// Takes a record's place in a feed away, and its mark out of the tally. Called when the scope is
    /// held.
    fn leave_feed(&mut self, scope: Uuid, record: Uuid) -> impl Future<Output = Stored<()>> + Send;
    /// Takes the conflicts of these records out of the outcomes that devices were given ([`forget`]).
    fn forget_conflicts(&mut self, ids: &BTreeSet<Uuid>)
    -> impl Future<Output = Stored<()>> + Send;
    /// Writes an entry of the log, in place of what was there under its keyed id.
    fn put_logged(&mut self, logged: &Logged) -> impl Future<Output = Stored<()>> + Send;
    /// Takes the ids out of an erasure's entries.
    fn forget_ids(&mut self, erasure: Uuid) -> impl Future<Output = Stored<()>> + Send;
    /// Writes what is left of a record.
    fn put_kept(&mut self, kept: &Kept) -> impl Future<Output = Stored<()>> + Send;
    /// Writes an erasure, in place of what was there, with its holders.
    fn put_erasure(&mut self, erasure: &Erasure) -> impl Future<Output = Stored<()>> + Send;
}
