//! What a store keeps of scopes that change: records that left one, and who asked for whom.
//!
//! Asked of every store besides [`super::Reading`] and [`super::Work`], under the same isolation.

use std::collections::BTreeSet;
use std::future::Future;

use porch_sync::protocol::Left;
use porch_sync::{DeviceNumber, Row};
use uuid::Uuid;

use super::Stored;

/// That somebody asked by name for a family that their device does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// From which device.
    pub device: DeviceNumber,
    /// Who, as the device says.
    pub author: Uuid,
    /// The family that was given, if one was.
    pub family: Option<Uuid>,
}

/// What can be read of scopes.
pub trait ScopeReading: Send {
    /// Records that left a scope after a place of its feed, in sequence order.
    fn left(
        &mut self,
        scope: Uuid,
        after: u64,
        limit: u32,
    ) -> impl Future<Output = Stored<Vec<Left>>> + Send;
    /// The scopes that a record left.
    fn scopes_left(&mut self, record: Uuid) -> impl Future<Output = Stored<BTreeSet<Uuid>>> + Send;
    /// The people who were born on a day (`2024-02-14`), by id.
    fn born_on(&mut self, date: &str) -> impl Future<Output = Stored<Vec<Row>>> + Send;
    /// What was asked for since a moment (milliseconds since 1970), from one device or from all, the
    /// oldest first.
    fn asked_since(
        &mut self,
        device: Option<DeviceNumber>,
        since_ms: u64,
    ) -> impl Future<Output = Stored<Vec<Asked>>> + Send;
}

/// What is written when scopes change.
pub trait ScopeWork: ScopeReading {
    /// Takes a record out of a scope: its scope, its place in the feed and its mark go, and that it
    /// left takes a place in the feed. Called when the scope is held.
    fn put_left(&mut self, scope: Uuid, left: &Left) -> impl Future<Output = Stored<()>> + Send;
    /// Keeps that somebody asked.
    fn put_asked(&mut self, asked: &Asked) -> impl Future<Output = Stored<()>> + Send;
}
