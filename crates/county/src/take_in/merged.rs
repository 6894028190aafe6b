//! What taking something in did, before it has its places in the feeds.

use std::collections::{BTreeMap, BTreeSet};

use porch_sync::Conflict;
use uuid::Uuid;

use super::CarriedOut;

#[derive(Default)]
pub(crate) struct Merged {
    /// Values that lost.
    pub(crate) conflicts: Vec<Conflict>,
    /// Records that were not taken in, since they do not stand.
    pub(crate) removed: Vec<Uuid>,
    /// Those of them that were erased before: told to the device, and not kept.
    pub(crate) too_late: BTreeSet<Uuid>,
    /// Records of it that are merged away.
    pub(crate) redirected: Vec<Uuid>,
    /// Records by the feed in which they get a place.
    pub(crate) feeds: BTreeMap<Uuid, Vec<Uuid>>,
    /// Kinds and ids of records by the scope that they leave.
    pub(crate) left: BTreeMap<Uuid, Vec<(String, Uuid)>>,
    /// Whether the transaction was blanked by a removal.
    pub(crate) blanked: bool,
    /// Whether content was deleted.
    pub(crate) scrub: bool,
    /// People who were erased.
    pub(crate) erasures: Vec<CarriedOut>,
}

impl Merged {
    /// Adds where records were placed after all of this: the later place stands.
    pub(crate) fn and_then(&mut self, later: Self) {
        for (scope, left) in later.left {
            let gone = |record: &Uuid| left.iter().any(|(_, id)| id == record);
            if let Some(records) = self.feeds.get_mut(&scope) {
                records.retain(|record| !gone(record));
            }
            let all = self.left.entry(scope).or_default();
            all.retain(|(_, record)| !gone(record));
            all.extend(left);
        }
        for (scope, records) in later.feeds {
            if let Some(left) = self.left.get_mut(&scope) {
                left.retain(|(_, record)| !records.contains(record));
            }
            let all = self.feeds.entry(scope).or_default();
            all.retain(|record| !records.contains(record));
            all.extend(records);
        }
        self.feeds.retain(|_, records| !records.is_empty());
        self.left.retain(|_, left| !left.is_empty());
    }
}
