//! Somebody who was registered twice.

use proptest::collection::vec;
use proptest::prelude::*;

use super::history;
use crate::authority::Ground;
use crate::consent::LedgerEntry;
use crate::consent::sample::*;
use crate::decision::Capacity;
use crate::id::PersonId;

/// Zofia was registered twice; so, perhaps, was Maja.
pub(super) fn twin() -> PersonId {
    PersonId::make(9, [9; 10])
}

pub(super) fn other_maja() -> PersonId {
    PersonId::make(8, [8; 10])
}

/// The records of somebody who was registered twice, before it is known: what was decided for each.
/// Nobody is shown what another registration's decider said, so it is not replaced.
pub(super) fn two_registrations() -> impl Strategy<Value = Vec<LedgerEntry>> {
    (history(), vec((any::<bool>(), any::<bool>()), 12)).prop_map(|(mut told, of)| {
        let mut apart = std::collections::BTreeMap::new();
        for (entry, (second, decider)) in told.iter_mut().zip(of) {
            if let LedgerEntry::Decision(decision) = entry {
                if second && decision.capacity == Capacity::Own {
                    (decision.subject, decision.decider) = (twin(), twin());
                } else if second {
                    decision.subject = twin();
                }
                if decider && decision.decider == maja() {
                    decision.decider = other_maja();
                }
                apart.insert(decision.id, (decision.subject, decision.decider));
            }
        }
        for entry in &mut told {
            if let LedgerEntry::Decision(decision) = entry {
                let own = (decision.subject, decision.decider);
                decision
                    .replaces
                    .retain(|id| apart.get(id).is_none_or(|of| *of == own));
            }
        }
        for (n, child, holder) in [
            (10, twin(), maja()),
            (11, twin(), other_maja()),
            (12, zofia(), other_maja()),
        ] {
            let mut more = authority(n, holder, Ground::Mother);
            more.child = child;
            told.push(more.into());
        }
        told
    })
}
