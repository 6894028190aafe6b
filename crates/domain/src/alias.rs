//! Aliases: two records of one person, or of one family, that somebody found to be the same.
//!
//! Nothing moves when records are merged: both stay, and an alias says that they are one. Which of all
//! that are the same survives follows from their ids alone, so that every device says the same whatever
//! it heard first.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::catalogue::Record;
use crate::id::{AliasId, RegisteredId, UserId};
use crate::time::Instant;
use crate::words::words;

words! {
    /// What is registered twice.
    pub enum Registered {
        /// A person.
        Person = "person",
        /// A family.
        Family = "family",
    }
}

/// The fields of an alias that tell which writes were seen of either record.
pub const OLDER_SEEN: &str = "older_seen";
/// The other one.
pub const NEWER_SEEN: &str = "newer_seen";

/// Two records are the same person, or the same family, as long as it is not undone. Its id is derived
/// from theirs ([`crate::id::derive_alias_id`]): two desks that merge the same two while apart make
/// one alias, whichever they name first.
#[derive(Clone, PartialEq, Record)]
#[record(state, about = About::Through { field: "older", kinds: &["person", "family"] })]
pub struct Alias {
    /// Its identifier.
    pub id: AliasId,
    /// What both are.
    #[field(family, portable = false)]
    pub kind: Registered,
    /// The record with the lower id, which is the one that was registered first.
    #[field(family, subject = Whose::NamedHere, portable = false)]
    pub older: RegisteredId,
    /// The other one.
    #[field(family, subject = Whose::NamedHere, portable = false)]
    pub newer: RegisteredId,
    /// The names of the fields of which the newer record's value was chosen, separated by spaces; of
    /// all others it was the older one's.
    #[field(technical)]
    pub taken: Option<String>,
    /// Which writes of the older record were seen by whoever chose (packed versions, as JSON).
    #[field(technical)]
    pub older_seen: String,
    /// Which writes of the newer record.
    #[field(technical)]
    pub newer_seen: String,
    /// Who merged them.
    #[field(staff)]
    pub merged_by: UserId,
    /// When.
    #[field(family, portable = false)]
    pub merged_at: Instant,
    /// Who undid it.
    #[field(staff)]
    pub ended_by: Option<UserId>,
    /// When; as long as it is not, they are the same.
    #[field(family, portable = false)]
    pub ended_at: Option<Instant>,
}

impl Alias {
    /// Not undone.
    #[must_use]
    pub const fn stands(&self) -> bool {
        self.ended_at.is_none()
    }

    /// Both records, the older one first.
    #[must_use]
    pub fn ends(&self) -> [Uuid; 2] {
        [self.older.into(), self.newer.into()]
    }

    /// Whether the newer record's value was chosen for a field.
    #[must_use]
    pub fn takes(&self, field: &str) -> bool {
        let taken = self.taken.as_deref().unwrap_or_default();
        taken.split(' ').any(|name| name == field)
    }
}

/// Which records are the same. Of those the one with the lowest id survives.
///
/// In whatever order it is told, and however often: the same pairs give the same survivors. There are no
/// circles to be broken, since being the same has no direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Same<I: Ord>(BTreeMap<I, I>);

impl<I: Ord> Default for Same<I> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<I: Ord + Copy> Same<I> {
    /// Two records are the same.
    pub fn join(&mut self, one: I, other: I) {
        let (before, after) = (self.survivor(one), self.survivor(other));
        let survivor = before.min(after);
        for known in self.0.values_mut() {
            if *known == before || *known == after {
                *known = survivor;
            }
        }
        self.0.insert(one, survivor);
        self.0.insert(other, survivor);
    }

    /// The survivor of all that are the same as this one; itself, when none is.
    #[must_use]
    pub fn survivor(&self, of: I) -> I {
        self.0.get(&of).copied().unwrap_or(of)
    }

    /// Whether two are the same.
    #[must_use]
    pub fn are_same(&self, one: I, other: I) -> bool {
        self.survivor(one) == self.survivor(other)
    }

    /// All that are the same as this one, itself among them, in the order of their ids.
    pub fn all(&self, of: I) -> impl Iterator<Item = I> + '_ {
        let survivor = self.survivor(of);
        let alone = (!self.0.contains_key(&of)).then_some(of);
        let others = self.0.iter().filter(move |(_, s)| **s == survivor);
        alone.into_iter().chain(others.map(|(record, _)| *record))
    }

    /// Every record of which another is known.
    pub fn known(&self) -> impl Iterator<Item = I> + '_ {
        self.0.keys().copied()
    }
}

impl<I: Ord + Copy> FromIterator<(I, I)> for Same<I> {
    fn from_iter<P: IntoIterator<Item = (I, I)>>(pairs: P) -> Self {
        let mut same = Self::default();
        for (one, other) in pairs {
            same.join(one, other);
        }
        same
    }
}

/// Who is the same by these aliases: those that stand.
pub fn same<'a>(aliases: impl IntoIterator<Item = &'a Alias>) -> Same<Uuid> {
    let standing = aliases.into_iter().filter(|alias| alias.stands());
    standing.map(|alias| alias.ends().into()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn pairs() -> impl Strategy<Value = Vec<(u8, u8)>> {
        vec((0u8..9, 0u8..9), 0..9)
    }

    proptest! {
        #[test]
        fn any_order_and_either_direction_give_the_same_survivors(
            (told, shuffled, turned) in pairs().prop_flat_map(|told| {
                let turned = vec(any::<bool>(), told.len());
                (Just(told.clone()), Just(told).prop_shuffle(), turned)
            })
        ) {
            let one: Same<u8> = told.iter().copied().collect();
            let other = shuffled.iter().zip(turned);
            let other: Same<u8> = other.map(|((a, b), turn)| if turn { (*b, *a) } else { (*a, *b) }).collect();
            prop_assert_eq!(&one, &other);
            let twice: Same<u8> = told.iter().chain(&told).copied().collect();
            prop_assert_eq!(&one, &twice);
        }

        #[test]
        fn the_survivor_is_the_lowest_that_can_be_reached(told in pairs(), start in 0u8..9) {
            let same: Same<u8> = told.iter().copied().collect();
            // By walking, as one would on paper.
            let mut reached = std::collections::BTreeSet::from([start]);
            loop {
                let before = reached.len();
                for (a, b) in &told {
                    if reached.contains(a) || reached.contains(b) {
                        reached.extend([*a, *b]);
                    }
                }
                if reached.len() == before {
                    break;
                }
            }
            prop_assert_eq!(Some(same.survivor(start)), reached.first().copied());
            prop_assert_eq!(same.all(start).collect::<std::collections::BTreeSet<_>>(), reached);
            prop_assert_eq!(same.survivor(same.survivor(start)), same.survivor(start), "chains resolve at once");
        }
    }
}
