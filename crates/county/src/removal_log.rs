//! The removal log: whoever restores an old copy of the database keeps the newer log, and nothing
//! that was erased since comes back.
//!
//! One line for each erasure, durable before its commit. It holds HMACs of ids under a key that lies
//! in the database, and counts: nothing about anybody.

use porch_sync::Digest;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::kept_apart::KeptApart;
use crate::store::{Erasure, Logged, Told};

/// The file. What an interrupted append left is no erasure: it was not committed.
pub(crate) type RemovalLog = KeptApart<Entry>;

/// One erasure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) erasure: Uuid,
    pub(crate) at_ms: u64,
    pub(crate) told: Told,
    pub(crate) removed: Vec<Line>,
}

/// One removed record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) kind: String,
    pub(crate) keyed: Digest,
}

impl Entry {
    pub(crate) fn of(erasure: &Erasure, removed: &[Logged]) -> Self {
        Self {
            erasure: erasure.id,
            at_ms: erasure.at_ms,
            told: erasure.told.clone(),
            removed: removed
                .iter()
                .map(|logged| Line {
                    kind: logged.kind.clone(),
                    keyed: porch_sync::Bytes(logged.keyed),
                })
                .collect(),
        }
    }
}
