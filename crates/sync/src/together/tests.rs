//! What survivors show, and what was written too late.

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
fn a_write_from_before_the_choice_that_came_after_it_leaves_the_chosen_value_to_a_person() {
    let (a, b) = (made(A), made(B));
    let mut alias = merged(&a, &b, "phone");
    alias.merged_at = Instant::from_unix_ms(7);
    // By its clock a desk wrote it before the two were merged, and was heard afterwards.
    let late = later(&a, 9, 5);
    assert_eq!(
        shows(&[late, b.clone()], &[alias.clone()]),
        ("1 by 9 in 5".to_owned(), vec!["2 by 2 in 1".to_owned()])
    );
    // An edit of the merged record is none: whoever made it saw what it replaced.
    let edit = later(&a, 9, 8);
    assert_eq!(
        shows(&[edit, b], &[alias]),
        ("1 by 9 in 8".to_owned(), vec![])
    );
}

#[test]
fn what_is_written_anew_is_as_seen_again() {
    let (a, b) = (made(A), made(B));
    let mut alias = merged(&a, &b, "phone");
    let as_seen = BTreeSet::from(["phone".to_owned()]);
    assert_eq!(
        seen_anew(&a, &alias.older_seen, &as_seen),
        None,
        "nothing has another number"
    );
    let mut anew = a;
    anew.fields.get_mut("phone").unwrap().version.sequence = 70;
    assert_eq!(
        shows(&[anew.clone(), b.clone()], &[alias.clone()]).0,
        "1 by 1 in 1"
    );
    alias.older_seen = seen_anew(&anew, &alias.older_seen, &as_seen).unwrap();
    assert_eq!(shows(&[anew.clone(), b], &[alias.clone()]).0, "2 by 2 in 1");
    let edited = later(&anew, 7, 80);
    assert_eq!(
        seen_anew(&edited, &alias.older_seen, &BTreeSet::new()),
        None,
        "what was not as seen is not made so"
    );
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
