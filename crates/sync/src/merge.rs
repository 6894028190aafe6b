//! The one merge.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::change::{Change, Row, Stamped, Transaction};
use crate::version::Version;

/// A value that lost to a concurrent one, kept for a person to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conflict {
    /// The kind of record.
    pub kind: String,
    /// The record.
    pub record: Uuid,
    /// The field.
    pub field: String,
    /// The write that stands.
    pub winner: Version,
    /// The value that does not stand.
    pub lost: Value,
    /// Its write.
    pub loser: Version,
}

/// What a change made of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The record as it now is.
    pub row: Row,
    /// Values that lost.
    pub conflicts: Vec<Conflict>,
}

/// Applies one change of a transaction to a record.
///
/// Per field: a change whose base is the current version is accepted whatever the clocks say,
/// for its author saw what it replaces. Otherwise the two were written without sight of each
/// other: if the values are the same nothing is lost, else the one whose version outranks the
/// other's stands and the other becomes a [`Conflict`]. A change that is already in (the current
/// version is its own) does nothing, so applying twice is applying once.
///
/// Pure, and the only merge there is: device, server, USB and simulation all call it.
#[must_use]
pub fn merge(current: Option<&Row>, transaction: &Transaction, change: &Change) -> Merged {
    let version = transaction.version();
    let mut row = current.cloned().unwrap_or_else(|| Row {
        kind: change.kind.clone(),
        id: change.id,
        fields: BTreeMap::new(),
    });
    let mut conflicts = Vec::new();
    for (field, incoming) in &change.fields {
        let write = Stamped {
            value: incoming.value.clone(),
            version,
        };
        let Some(standing) = row.fields.get(field) else {
            row.fields.insert(field.clone(), write);
            continue;
        };
        if standing.version == version {
            continue;
        }
        if incoming.base == Some(standing.version) {
            row.fields.insert(field.clone(), write);
            continue;
        }
        let wins = version.outranks(&standing.version);
        #[cfg(feature = "simulation")]
        let kept = !crate::planted::is_planted(crate::planted::Planted::ConflictForgotten);
        #[cfg(not(feature = "simulation"))]
        let kept = true;
        if standing.value != write.value && kept {
            let (winner, loser) = if wins {
                (&write, standing)
            } else {
                (standing, &write)
            };
            conflicts.push(Conflict {
                kind: change.kind.clone(),
                record: change.id,
                field: field.clone(),
                winner: winner.version,
                lost: loser.value.clone(),
                loser: loser.version,
            });
        }
        if wins {
            row.fields.insert(field.clone(), write);
        }
    }
    Merged { row, conflicts }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::change::{FieldChange, Op};
    use crate::clock::Hlc;
    use crate::version::DeviceNumber;

    fn edit(
        device: u32,
        sequence: u64,
        ms: u64,
        value: &str,
        base: Option<Version>,
    ) -> (Transaction, Change) {
        let change = Change {
            kind: "person".to_owned(),
            id: Uuid::from_u128(7),
            op: Op::Edit,
            fields: BTreeMap::from([(
                "phone".to_owned(),
                FieldChange {
                    value: Value::from(value),
                    base,
                },
            )]),
        };
        let transaction = Transaction {
            device: DeviceNumber(device),
            sequence,
            clock: Hlc::at(ms),
            author: Uuid::nil(),
            schema: 1,
            changes: vec![change.clone()],
        };
        (transaction, change)
    }

    fn apply(row: Option<&Row>, write: &(Transaction, Change)) -> Merged {
        merge(row, &write.0, &write.1)
    }

    fn phone(row: &Row) -> &str {
        row.fields["phone"].value.as_str().unwrap()
    }

    #[test]
    fn an_edit_made_after_seeing_the_value_stands_whatever_the_clocks_say() {
        let first = edit(1, 1, 5_000, "seen", None);
        let row = apply(None, &first).row;
        let late_clock = edit(2, 1, 10, "corrected", Some(first.0.version()));
        let merged = apply(Some(&row), &late_clock);
        assert_eq!(phone(&merged.row), "corrected");
        assert!(
            merged.conflicts.is_empty(),
            "nobody overwrote anything unseen"
        );
    }

    #[test]
    fn of_two_edits_without_sight_of_each_other_one_wins_and_the_other_is_kept() {
        let origin = edit(1, 1, 1, "old", None);
        let row = apply(None, &origin).row;
        let base = Some(origin.0.version());
        let (here, there) = (edit(2, 1, 10, "here", base), edit(3, 1, 20, "there", base));
        let one = apply(Some(&apply(Some(&row), &here).row), &there);
        let other = apply(Some(&apply(Some(&row), &there).row), &here);
        assert_eq!(phone(&one.row), "there");
        assert_eq!(one.row, other.row, "both orders end alike");
        assert_eq!(one.conflicts[0].lost, Value::from("here"));
        assert_eq!(one.conflicts, other.conflicts);
    }

    #[test]
    fn the_same_value_twice_is_no_conflict() {
        let origin = edit(1, 1, 1, "old", None);
        let row = apply(None, &origin).row;
        let base = Some(origin.0.version());
        let row = apply(Some(&row), &edit(2, 1, 10, "same", base)).row;
        assert!(
            apply(Some(&row), &edit(3, 1, 20, "same", base))
                .conflicts
                .is_empty()
        );
    }

    #[test]
    fn different_fields_merge() {
        let origin = edit(1, 1, 1, "old", None);
        let row = apply(None, &origin).row;
        let mut other = edit(2, 1, 2, "x", None);
        let change = other.1.fields.remove("phone").unwrap();
        other.1.fields.insert("email".to_owned(), change);
        let merged = apply(Some(&row), &other);
        assert_eq!(merged.row.fields.len(), 2);
        assert!(merged.conflicts.is_empty());
    }

    proptest! {
        #[test]
        fn applying_twice_is_applying_once(ms in 0_u64..100, device in 1_u32..4, value in "[a-c]") {
            let origin = edit(9, 1, 50, "old", None);
            let row = apply(None, &origin).row;
            let write = edit(device, 1, ms, &value, None);
            let once = apply(Some(&row), &write).row;
            prop_assert_eq!(&apply(Some(&once), &write).row, &once);
        }

        #[test]
        fn edits_of_one_value_converge_in_every_order(
            writes in prop::collection::vec((1_u32..5, 0_u64..20, "[a-d]"), 1..6),
            seed in any::<u64>(),
        ) {
            let origin = edit(9, 1, 5, "old", None);
            let row = apply(None, &origin).row;
            let mut writes: Vec<_> = writes
                .into_iter()
                .enumerate()
                .map(|(n, (device, ms, value))| edit(device, n as u64 + 1, ms + 6, &value, Some(origin.0.version())))
                .collect();
            let end = |writes: &[(Transaction, Change)]| {
                writes.iter().fold(row.clone(), |row, write| apply(Some(&row), write).row)
            };
            let forwards = end(&writes);
            let by = usize::try_from(seed % writes.len() as u64).unwrap();
            writes.rotate_left(by);
            writes.reverse();
            prop_assert_eq!(end(&writes), forwards);
        }
    }
}
