//! What records that are the same show together.
//!
//! Nothing moves when records are merged. Each keeps its own row, which is merged as ever, wherever a
//! late write comes from. What the survivor shows follows from the rows and the aliases that stand,
//! and from nothing else: so county and devices agree, whatever they heard first.
//!
//! Per field one side was chosen. When it was the older record's, the survivor shows that. When it was
//! the newer one's, it shows what the newer record has now: a late write that was made on the
//! chosen value is there, and so reaches the survivor. As soon as somebody writes the older record's own
//! field after the choice, that stands: edits of a merged record are written to the survivor. What is
//! written to a record whose value was not chosen is not shown and is a conflict ([`Together::late`]).

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::alias::{Alias, Registered, same};
use porch_domain::id::{UserId, derive_alias_id};
use porch_domain::time::Instant;
use uuid::Uuid;

use crate::change::{Row, Stamped};
use crate::merge::Conflict;
use crate::version::Versions;

/// Records that are the same, and the aliases that say so.
pub struct Together<'a> {
    rows: BTreeMap<Uuid, &'a Row>,
    choices: Vec<Choice<'a>>,
    survivor: Uuid,
}

/// An alias that stands, and what was seen of both records.
struct Choice<'a> {
    alias: &'a Alias,
    seen: BTreeMap<Uuid, Option<Versions>>,
}

impl Choice<'_> {
    /// Whether a record's own field is as it was when somebody chose.
    fn is_as_seen(&self, row: &Row, field: &str) -> bool {
        let seen = self.seen.get(&row.id).and_then(Option::as_ref);
        let now = row.fields.get(field).map(|stamped| stamped.version);
        now.is_none_or(|now| seen.and_then(|seen| seen.of(field)) == Some(now))
    }

    /// The record whose value was chosen instead of this one's.
    fn instead_of(&self, record: Uuid, field: &str) -> Option<Uuid> {
        let [older, newer] = self.alias.ends();
        if record == older {
            self.alias.takes(field).then_some(newer)
        } else {
            (record == newer && !self.alias.takes(field)).then_some(older)
        }
    }
}

/// What was seen, from the text in an alias; nothing from what is none.
fn seen(text: &str) -> Option<Versions> {
    serde_json::from_str(text).ok()
}

impl<'a> Together<'a> {
    /// A record with all that are the same as it, as far as they are here.
    #[must_use]
    pub fn of(record: Uuid, rows: &'a [Row], aliases: &'a [Alias]) -> Self {
        let same = same(aliases);
        let choices = aliases.iter().filter(|alias| alias.stands());
        Self {
            survivor: same.survivor(record),
            rows: rows
                .iter()
                .filter(|row| same.are_same(row.id, record))
                .map(|row| (row.id, row))
                .collect(),
            choices: choices
                .map(|alias| Choice {
                    alias,
                    seen: alias
                        .ends()
                        .into_iter()
                        .zip([seen(&alias.older_seen), seen(&alias.newer_seen)])
                        .collect(),
                })
                .collect(),
        }
    }

    /// The survivor as it shows. Its versions are those of its own row, on which an edit of it rests; a
    /// field of another record that it lacks itself has that record's. None while its row is not here.
    #[must_use]
    pub fn row(&self) -> Option<Row> {
        let mut row = (*self.rows.get(&self.survivor)?).clone();
        for field in self.fields() {
            let Some((_, shown)) = self.shown(field) else {
                continue;
            };
            let own = row.fields.entry(field.to_owned());
            own.and_modify(|own| own.value = shown.value.clone())
                .or_insert_with(|| shown.clone());
        }
        Some(row)
    }

    /// What was written to records whose value was not chosen, since somebody chose, and is not
    /// what the survivor shows.
    #[must_use]
    pub fn late(&self) -> Vec<Conflict> {
        let mut late = Vec::new();
        for field in self.fields() {
            let Some((source, shown)) = self.shown(field) else {
                continue;
            };
            for row in self.rows.values() {
                let Some(own) = row.fields.get(field) else {
                    continue;
                };
                let mut choices = self.choices.iter();
                let was_seen =
                    choices.any(|c| c.seen.contains_key(&row.id) && c.is_as_seen(row, field));
                if !was_seen && row.id != source && own.value != shown.value {
                    late.push(Conflict {
                        kind: row.kind.clone(),
                        record: self.survivor,
                        field: field.to_owned(),
                        winner: shown.version,
                        lost: own.value.clone(),
                        loser: own.version,
                    });
                }
            }
        }
        late
    }

    fn fields(&self) -> BTreeSet<&'a str> {
        let fields = self.rows.values().flat_map(|row| row.fields.keys());
        fields.map(String::as_str).collect()
    }

    /// Whose value the survivor shows of a field: from its own on to whichever was chosen instead, as
    /// long as nobody wrote there since.
    fn shown(&self, field: &str) -> Option<(Uuid, &'a Stamped)> {
        let mut row: &'a Row = self.rows.get(&self.survivor)?;
        let mut passed = BTreeSet::from([row.id]);
        loop {
            let chosen = self.choices.iter().filter_map(|choice| {
                let next = choice.instead_of(row.id, field)?;
                let goes_on = choice.is_as_seen(row, field) && !passed.contains(&next);
                self.rows.get(&next).copied().filter(|_| goes_on)
            });
            match chosen.min_by_key(|next| next.id) {
                Some(next) => row = next,
                None => return Some((row.id, row.fields.get(field)?)),
            }
            passed.insert(row.id);
        }
    }
}

/// The alias by which two people, or two families, are one: of each field the first one's value is
/// chosen, or for the fields named the other's. None when they are no two of a kind that can be merged.
#[must_use]
pub fn alias_between(
    [one, other]: [&Row; 2],
    of_other: &BTreeSet<String>,
    merged_by: UserId,
    merged_at: Instant,
) -> Option<Alias> {
    if one.kind != other.kind || one.id == other.id {
        return None;
    }
    let kind: Registered = one.kind.parse().ok()?;
    let (older, newer) = if one.id < other.id {
        (one, other)
    } else {
        (other, one)
    };
    let taken: Vec<&str> = newer
        .fields
        .keys()
        .map(String::as_str)
        .filter(|field| of_other.contains(*field) == (newer.id == other.id))
        .collect();
    let packed = |row: &Row| serde_json::to_string(&row.versions()?).ok();
    Some(Alias {
        id: derive_alias_id(older.id.into(), newer.id.into()),
        kind,
        older: older.id.into(),
        newer: newer.id.into(),
        taken: (!taken.is_empty()).then(|| taken.join(" ")),
        older_seen: packed(older)?,
        newer_seen: packed(newer)?,
        merged_by,
        merged_at,
        ended_by: None,
        ended_at: None,
    })
}

/// The fields of a record that were written since somebody looked at it to merge it.
#[must_use]
pub fn written_since(row: &Row, looked_at: &str) -> Vec<String> {
    let seen = seen(looked_at);
    let fields = row.fields.iter().filter(|(name, stamped)| {
        seen.as_ref().and_then(|seen| seen.of(name)) != Some(stamped.version)
    });
    fields.map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::change::{Change, FieldChange, Op, Transaction};
    use crate::clock::Hlc;
    use crate::merge::merge;
    use crate::version::{DeviceNumber, Version};

    const A: u128 = 1;
    const B: u128 = 2;
    const C: u128 = 3;

    fn write(
        current: Option<&Row>,
        record: u128,
        device: u32,
        sequence: u64,
        base: Option<Version>,
    ) -> Row {
        let transaction = Transaction {
            device: DeviceNumber(device),
            sequence,
            clock: Hlc::at(sequence),
            author: Uuid::nil(),
            schema: 1,
            changes: Vec::new(),
        };
        let value = Value::from(format!("{record} by {device} in {sequence}"));
        let change = Change {
            kind: "person".to_owned(),
            id: Uuid::from_u128(record),
            op: Op::Edit,
            fields: BTreeMap::from([("phone".to_owned(), FieldChange { value, base })]),
        };
        merge(current, &transaction, &change).row
    }

    fn made(record: u128) -> Row {
        write(None, record, record as u32, 1, None)
    }

    fn phone(row: &Row) -> (String, Version) {
        let stamped = row.fields.get("phone").unwrap();
        (stamped.value.as_str().unwrap().to_owned(), stamped.version)
    }

    fn later(row: &Row, device: u32, sequence: u64) -> Row {
        write(
            Some(row),
            row.id.as_u128(),
            device,
            sequence,
            Some(phone(row).1),
        )
    }

    /// Somebody looks at both and chooses.
    fn merged(older: &Row, newer: &Row, taken: &str) -> Alias {
        let of_newer = taken.split(' ').map(str::to_owned).collect();
        let by = UserId::from(Uuid::nil());
        alias_between([older, newer], &of_newer, by, Instant::from_unix_ms(0)).unwrap()
    }

    #[test]
    fn whichever_is_named_first_the_alias_is_one() {
        let (a, b) = (made(A), made(B));
        let by = UserId::from(Uuid::nil());
        let at = Instant::from_unix_ms(0);
        let phone = BTreeSet::from(["phone".to_owned()]);
        let one = alias_between([&a, &b], &phone, by, at);
        assert_eq!(one, alias_between([&b, &a], &BTreeSet::new(), by, at));
        assert!(one.is_some_and(|alias| alias.takes("phone")));
        assert_eq!(
            alias_between([&a, &a], &phone, by, at),
            None,
            "nobody is merged with themself"
        );
    }

    fn shows(rows: &[Row], aliases: &[Alias]) -> (String, Vec<String>) {
        let together = Together::of(rows.last().unwrap().id, rows, aliases);
        let late = together.late();
        let lost = late.iter().map(|c| c.lost.as_str().unwrap().to_owned());
        (phone(&together.row().unwrap()).0, lost.collect())
    }

    #[test]
    fn a_late_write_on_the_chosen_value_reaches_the_survivor() {
        let (a, b) = (made(A), made(B));
        let alias = [merged(&a, &b, "phone")];
        assert_eq!(shows(&[a.clone(), b.clone()], &alias).0, "2 by 2 in 1");
        let late = later(&b, 9, 5);
        assert_eq!(
            shows(&[a, late], &alias),
            ("2 by 9 in 5".to_owned(), vec![]),
            "its base was the chosen version"
        );
    }

    #[test]
    fn a_late_write_on_the_other_value_is_a_conflict() {
        let (a, b) = (made(A), made(B));
        let alias = [merged(&a, &b, "")];
        assert_eq!(
            shows(&[a.clone(), b.clone()], &alias),
            ("1 by 1 in 1".to_owned(), vec![]),
            "what somebody saw and did not choose is none"
        );
        let late = later(&b, 9, 5);
        assert_eq!(
            shows(&[a, late], &alias),
            ("1 by 1 in 1".to_owned(), vec!["2 by 9 in 5".to_owned()])
        );
    }

    #[test]
    fn an_edit_after_the_merge_stands_and_a_late_write_beside_it_is_a_conflict() {
        let (a, b) = (made(A), made(B));
        let alias = [merged(&a, &b, "phone")];
        let rows = [a.clone(), b.clone()];
        let shown = Together::of(b.id, &rows, &alias).row().unwrap();
        assert_eq!(shown.id, a.id, "the survivor is shown and edited");
        let edited = write(Some(&a), A, 7, 6, Some(phone(&shown).1));
        assert_eq!(
            shows(&[edited.clone(), later(&b, 9, 5)], &alias),
            ("1 by 7 in 6".to_owned(), vec!["2 by 9 in 5".to_owned()])
        );
        // Undone, each shows its own; the edit stays with the survivor.
        let mut ended = alias[0].clone();
        ended.ended_at = Some(Instant::from_unix_ms(1));
        assert_eq!(
            shows(&[b.clone(), edited.clone()], &[ended.clone()]).0,
            "1 by 7 in 6"
        );
        assert_eq!(
            shows(&[edited.clone(), b.clone()], &[ended.clone()]).0,
            "2 by 2 in 1"
        );
        assert_eq!(written_since(&edited, &ended.older_seen), ["phone"]);
        assert_eq!(written_since(&b, &ended.newer_seen), Vec::<String>::new());
    }

    #[test]
    fn chains_are_followed_to_whatever_was_chosen_last() {
        let (a, b, c) = (made(A), made(B), made(C));
        let aliases = [merged(&a, &b, "phone"), merged(&b, &c, "phone")];
        let late = later(&c, 9, 5);
        assert_eq!(
            shows(&[a.clone(), b.clone(), late.clone()], &aliases).0,
            "3 by 9 in 5"
        );
        // A circle of choices ends somewhere, and everywhere at the same.
        let circle = [aliases[0].clone(), aliases[1].clone(), merged(&a, &c, "")];
        assert_eq!(shows(&[a, b, c], &circle).0, "3 by 3 in 1");
    }

    proptest! {
        #[test]
        fn no_order_of_rows_or_aliases_matters(
            pairs in vec((1u128..6, 1u128..6, any::<bool>()), 0..7),
            touched in vec((1u128..6, any::<bool>()), 0..6),
            start in 1u128..6,
        ) {
            let mut rows: Vec<Row> = (1..6).map(made).collect();
            let mut aliases: Vec<Alias> = pairs.iter().filter(|(a, b, _)| a != b).map(|(a, b, taken)| {
                let row = |n: u128| &rows[n as usize - 1];
                merged(row(*a.min(b)), row(*a.max(b)), if *taken { "phone" } else { "" })
            }).collect();
            for (sequence, (record, _)) in (10..).zip(&touched) {
                let at = *record as usize - 1;
                rows[at] = later(&rows[at], 9, sequence);
            }
            let start = Uuid::from_u128(start);
            let one = Together::of(start, &rows, &aliases);
            let (shown, late) = (one.row(), one.late());
            let (mut turned, mut back) = (rows.clone(), aliases.clone());
            turned.reverse();
            back.reverse();
            let other = Together::of(start, &turned, &back);
            prop_assert_eq!(&shown, &other.row());
            let sorted = |mut late: Vec<Conflict>| {
                late.sort_by_key(|c| c.lost.to_string());
                late
            };
            prop_assert_eq!(sorted(late.clone()), sorted(other.late()));
            // Every late write is shown, or told of, or was made on what somebody chose.
            let shown = phone(&shown.unwrap()).0;
            prop_assert!(late.iter().all(|conflict| conflict.lost != shown));
            aliases.clear();
            prop_assert!(Together::of(start, &rows, &aliases).late().is_empty(), "nobody chose");
        }
    }
}
