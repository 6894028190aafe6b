//! What a scope holds, in a count and a sum, so that two sides can tell that they hold the same
//! without looking at every record.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::change::Row;
use crate::sealed::Bytes;

/// The key of a county's marks. It keeps a sum from telling anything to who does not hold the
/// records; every device of the county is given it.
pub type DigestKey = Bytes<32>;

/// What one record adds to its scope's sum: its id and which write each of its fields came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(pub u128);

impl Mark {
    /// A record's mark: the first 16 bytes of SHA-256 over the key, the id, and for each field
    /// whose value is not null, by name: the name, a zero byte, device (4 bytes) and sequence (8
    /// bytes) of its version. All numbers are big-endian.
    ///
    /// Empty fields are left out because a store with a column for every field cannot tell one
    /// that was never written from one that was emptied. Clocks are left out because they do not
    /// tell versions apart.
    #[must_use]
    pub fn of(key: &DigestKey, row: &Row) -> Self {
        let mut digest = Sha256::new();
        digest.update(key.0);
        digest.update(row.id.as_bytes());
        for (name, stamped) in row.fields.iter().filter(|(_, s)| !s.value.is_null()) {
            digest.update(name.as_bytes());
            digest.update([0]);
            digest.update(stamped.version.device.0.to_be_bytes());
            digest.update(stamped.version.sequence.to_be_bytes());
        }
        let digest: [u8; 32] = digest.finalize().into();
        let first = digest.first_chunk().copied().unwrap_or_default();
        Self(u128::from_be_bytes(first))
    }

    /// The bytes under which it is kept.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// Reads what [`Mark::to_bytes`] gave.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

/// How many records a scope holds, and the sum of their marks modulo 2^128. A change of one record
/// changes it by one step, whatever the scope's size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many records.
    pub count: u64,
    /// The sum of their marks.
    pub sum: u128,
}

impl Tally {
    /// With a record put in, in place of its earlier state if it was there.
    #[must_use]
    pub const fn with(self, earlier: Option<Mark>, now: Mark) -> Self {
        let before = match earlier {
            Some(mark) => self.without(mark),
            None => self,
        };
        Self {
            count: before.count.saturating_add(1),
            sum: before.sum.wrapping_add(now.0),
        }
    }

    /// With a record taken out.
    #[must_use]
    pub const fn without(self, mark: Mark) -> Self {
        Self {
            count: self.count.saturating_sub(1),
            sum: self.sum.wrapping_sub(mark.0),
        }
    }
}

/// What a scope holds at its head, as the county says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScopeDigest {
    /// The scope.
    pub scope: Uuid,
    /// The last sequence of its feed, in the same moment as the rest.
    pub head: u64,
    /// How many records it holds.
    pub count: u64,
    /// The sum of their marks, big-endian.
    pub sum: Bytes<16>,
}

impl ScopeDigest {
    /// The digest of a scope with this tally at this head.
    #[must_use]
    pub const fn of(scope: Uuid, head: u64, tally: Tally) -> Self {
        Self {
            scope,
            head,
            count: tally.count,
            sum: Bytes(tally.sum.to_be_bytes()),
        }
    }

    /// Its count and sum.
    #[must_use]
    pub const fn tally(&self) -> Tally {
        Tally {
            count: self.count,
            sum: u128::from_be_bytes(self.sum.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::change::Stamped;
    use crate::clock::Hlc;
    use crate::version::{DeviceNumber, Version};

    const KEY: DigestKey = Bytes([3; 32]);

    fn row(value: Value, ms: u64, sequence: u64) -> Row {
        let version = Version {
            clock: Hlc::at(ms),
            device: DeviceNumber(3),
            sequence,
        };
        Row {
            kind: "person".to_owned(),
            id: Uuid::from_u128(7),
            fields: BTreeMap::from([("phone".to_owned(), Stamped { value, version })]),
        }
    }

    #[test]
    fn a_mark_tells_writes_apart_and_nothing_else() {
        let mark = |row: &Row| Mark::of(&KEY, row);
        let first = mark(&row(Value::from("1"), 5, 1));
        assert_eq!(
            first,
            mark(&row(Value::from("1"), 9, 1)),
            "the clock is no part of it"
        );
        assert_ne!(first, mark(&row(Value::from("1"), 5, 2)));
        assert_ne!(
            first,
            Mark::of(&Bytes([4; 32]), &row(Value::from("1"), 5, 1)),
            "keyed"
        );
        assert_ne!(first, mark(&row(Value::Null, 5, 1)));
        assert_eq!(
            mark(&row(Value::Null, 5, 1)),
            mark(&row(Value::Null, 5, 2)),
            "empty"
        );
    }

    #[test]
    fn marks_are_those_that_the_protocol_writes_down() {
        let mark = Mark::of(&Bytes([0; 32]), &row(Value::from("1"), 5, 1));
        assert_eq!(
            Bytes(mark.to_bytes()).to_string(),
            "84de34e2b32b2d69631b48c8425023d5"
        );
    }

    proptest! {
        #[test]
        fn a_tally_is_the_same_whatever_the_way_to_it(
            marks in prop::collection::vec((any::<u128>(), any::<u128>()), 1..8),
        ) {
            let straight = marks.iter().fold(Tally::default(), |t, (_, now)| t.with(None, Mark(*now)));
            let mut round = Tally::default();
            for (before, _) in marks.iter().rev() {
                round = round.with(None, Mark(*before));
            }
            for (before, now) in &marks {
                round = round.with(Some(Mark(*before)), Mark(*now));
            }
            prop_assert_eq!(round, straight);
            let empty = marks.iter().fold(straight, |t, (_, now)| t.without(Mark(*now)));
            prop_assert_eq!(empty, Tally::default());
        }
    }
}
