use std::time::{Duration, Instant};

use chrono::NaiveDate;
use porch_domain::id::{CentreId, RecordId as _};
use rusqlite::{Connection, params_from_iter, types::Value};
use tempfile::TempDir;
use uuid::Uuid;

use super::query::Query;
use super::*;
use crate::access::Write;
use crate::error::StoreError;
use crate::keys::DatabaseKey;
use crate::open::Store;

const HARBOUR: Uuid = Uuid::from_u128(0xc1);
const HILL: Uuid = Uuid::from_u128(0xc2);

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

struct Desk {
    _home: TempDir,
    store: Store,
}

/// A row with these columns and the least that the table asks of the others.
fn put(connection: &Connection, table: &str, given: &[(&str, Value)]) {
    let mut columns = connection
        .prepare(&format!("PRAGMA table_info({table})"))
        .unwrap();
    let columns: Vec<(String, String, bool)> = columns
        .query_map((), |row| Ok((row.get(1)?, row.get(2)?, row.get(3)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let values = columns.iter().map(|(name, kind, needed)| {
        match given.iter().find(|(given, _)| given == name) {
            Some((_, value)) => value.clone(),
            None if !needed => Value::Null,
            None if kind == "TEXT" => Value::Text(String::new()),
            None if kind == "BLOB" => Value::Blob(vec![0; 16]),
            None => Value::Integer(0),
        }
    });
    for (name, _) in given {
        assert!(
            columns.iter().any(|(column, ..)| column == name),
            "{table}.{name}"
        );
    }
    let places = vec!["?"; columns.len()].join(", ");
    connection
        .execute(
            &format!("INSERT OR REPLACE INTO {table} VALUES ({places})"),
            params_from_iter(values),
        )
        .unwrap();
}

fn blob(id: Uuid) -> Value {
    Value::Blob(id.as_bytes().to_vec())
}

fn text(text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        Value::Text(text.to_owned())
    }
}

/// Given name, family name, known as, birth date, phone.
type Member<'a> = [&'a str; 5];

fn desk() -> Desk {
    let home = tempfile::tempdir().unwrap();
    let key = DatabaseKey::make().unwrap();
    let store = Store::create(&home.path().join("porch.db"), &key).unwrap();
    Desk { _home: home, store }
}

impl Desk {
    fn write<T>(&self, work: impl FnOnce(&Write<'_>) -> T) -> T {
        self.store
            .write(|write| Ok::<_, StoreError>(work(write)))
            .unwrap()
    }

    fn family(&self, n: u128, centre: Uuid, postcode: &str, members: &[Member<'_>]) -> Uuid {
        self.write(|write| put_family(write, n, centre, postcode, members))
    }

    fn find(&self, typed: &str) -> Found {
        self.find_as(typed, 20, false)
    }

    fn find_as(&self, typed: &str, limit: usize, protected: bool) -> Found {
        let at = SearchAt {
            centre: CentreId::from(HARBOUR),
            today: today(),
            limit,
            protected,
        };
        self.store.read(|read| read.search(typed, &at)).unwrap()
    }

    /// The given names of whoever matches, over all tiers.
    fn names(&self, typed: &str) -> Vec<String> {
        let mut names: Vec<String> = self
            .find(typed)
            .tiers
            .into_iter()
            .flat_map(|tier| tier.families)
            .flat_map(|family| family.members)
            .filter(|member| member.matched)
            .filter_map(|member| member.given_name)
            .collect();
        names.sort();
        names
    }
}

fn person_id(family: u128, member: usize) -> Uuid {
    Uuid::from_u128(0x1_0000_0000 + family * 16 + member as u128)
}

fn membership_id(family: u128, member: usize) -> Uuid {
    Uuid::from_u128(0x2_0000_0000_0000 + family * 16 + member as u128)
}

fn put_person(write: &Write<'_>, id: Uuid, member: &Member<'_>) {
    let [given, family_name, known_as, birth, phone] = member;
    put(
        write.connection,
        "person",
        &[
            ("id", blob(id)),
            ("given_name", text(given)),
            ("family_name", text(family_name)),
            ("known_as", text(known_as)),
            ("birth_date", text(birth)),
            ("phone", text(phone)),
        ],
    );
    row_changed(write, "person", id).unwrap();
}

fn put_family(
    write: &Write<'_>,
    n: u128,
    centre: Uuid,
    postcode: &str,
    members: &[Member<'_>],
) -> Uuid {
    let family = Uuid::from_u128(0xf_0000_0000 + n);
    put(
        write.connection,
        "family",
        &[
            ("id", blob(family)),
            ("centre", blob(centre)),
            ("postcode", text(postcode)),
        ],
    );
    row_changed(write, "family", family).unwrap();
    for (at, member) in members.iter().enumerate() {
        put_person(write, person_id(n, at), member);
        put_membership(write, membership_id(n, at), family, person_id(n, at), "");
    }
    family
}

fn put_membership(write: &Write<'_>, id: Uuid, family: Uuid, person: Uuid, ended_on: &str) {
    put(
        write.connection,
        "membership",
        &[
            ("id", blob(id)),
            ("family", blob(family)),
            ("person", blob(person)),
            ("role", text("child")),
            ("ended_on", text(ended_on)),
        ],
    );
    row_changed(write, "membership", id).unwrap();
}

const ZOFIA: Member<'_> = ["Zofia", "Wróblewska", "Zosia", "2024-04-03", ""];
const PAWEL: Member<'_> = ["Paweł", "Wróblewski", "", "1991-12-30", "07700900123"];
const AOIFE: Member<'_> = ["Aoife", "O'Brien", "", "2023-01-09", ""];
const MARY: Member<'_> = ["Mary Ann", "Smith-Jones", "", "1988-06-05", "+48601234567"];

fn two_families() -> Desk {
    let desk = desk();
    desk.family(1, HARBOUR, "NG2 7QP", &[ZOFIA, PAWEL]);
    desk.family(2, HARBOUR, "ST16 2LH", &[AOIFE, MARY]);
    desk
}

#[test]
fn name_parts_are_found_in_any_order_with_or_without_marks() {
    let desk = two_families();
    for typed in [
        "zof",
        "Zofia",
        "zofia wrob",
        "wroblewska zof",
        "Wróblewska",
        "WRÓB zosia",
        "z w z",
    ] {
        assert_eq!(desk.names(typed), ["Zofia"], "{typed}");
    }
    for typed in ["Pawel", "paweł", "pawel wroblewski"] {
        assert_eq!(desk.names(typed), ["Paweł"], "{typed}");
    }
    for typed in ["obrien", "O'Brien", "o brien", "brien aoife", "O’Br"] {
        assert_eq!(desk.names(typed), ["Aoife"], "{typed}");
    }
    for typed in [
        "smith",
        "jones mary",
        "maryann",
        "smithjones",
        "ann smith-jones",
    ] {
        assert_eq!(desk.names(typed), ["Mary Ann"], "{typed}");
    }
    for typed in [
        "",
        "  ",
        "-",
        "zofia smith",
        "ofia",
        "\"",
        "zof* OR x",
        "names:zof",
    ] {
        assert_eq!(desk.names(typed), Vec::<String>::new(), "{typed}");
    }
}

#[test]
fn the_end_of_a_telephone_number_is_enough() {
    let desk = two_families();
    for typed in [
        "123",
        "0123",
        "900123",
        "07700900123",
        "07700 900 123",
        "+44 7700 900123",
        "0044 7700 900123",
        "pawel 123",
        "123 pawel",
    ] {
        assert_eq!(desk.names(typed), ["Paweł"], "{typed}");
    }
    assert_eq!(desk.names("+48 601 234 567"), ["Mary Ann"]);
    assert_eq!(desk.names("4567"), ["Mary Ann"]);
    assert!(
        desk.names("23").is_empty(),
        "two digits are too few to mean anything"
    );
    assert!(desk.names("0770").is_empty(), "the end, not the beginning");
}

#[test]
fn a_birth_date_is_typed_any_sane_way() {
    let desk = two_families();
    for typed in [
        "3/4/24",
        "03/04/2024",
        "3.4.2024",
        "3 4 24",
        "3 apr 24",
        "3rd of April 2024",
        "030424",
        "2024-04-03",
        "3/4/24 zof",
        "wroblewska 3 april 2024",
    ] {
        assert_eq!(desk.names(typed), ["Zofia"], "{typed}");
    }
    assert_eq!(desk.names("2024"), ["Zofia"]);
    assert!(desk.names("4/3/24").is_empty());
}

#[test]
fn a_postcode_or_its_beginning_finds_who_lives_there() {
    let desk = two_families();
    for typed in [
        "NG2 7QP",
        "ng27qp",
        "ng2",
        "ng2 7",
        "ng2 7q",
        "NG27",
        "ng2 zofia",
        "zofia ng2 7qp",
    ] {
        assert!(desk.names(typed).contains(&"Zofia".to_owned()), "{typed}");
    }
    assert_eq!(desk.names("st16 2lh"), ["Aoife", "Mary Ann"]);
    assert!(desk.names("ng3").is_empty());
}

#[test]
fn what_was_found_is_the_family_with_all_its_members() {
    let desk = two_families();
    let found = desk.find("zofia");
    let [_, centre, _] = &found.tiers;
    let [family] = centre.families.as_slice() else {
        panic!("one family");
    };
    assert_eq!(family.postcode.as_deref(), Some("NG2 7QP"));
    let matched: Vec<bool> = family.members.iter().map(|member| member.matched).collect();
    assert_eq!(matched, [true, false]);
    assert_eq!(
        family.members[0].birth_date,
        NaiveDate::from_ymd_opt(2024, 4, 3)
    );
    assert!(
        !format!("{found:?}").contains("Zofia"),
        "nothing personal in a log"
    );
}

#[test]
fn a_child_of_two_homes_is_found_in_both() {
    let desk = two_families();
    let other = desk.family(3, HILL, "DE1 1AA", &[]);
    desk.write(|write| {
        put_membership(write, Uuid::from_u128(77), other, person_id(1, 0), "");
    });
    let found = desk.find("zofia");
    let families: Vec<usize> = found.tiers.iter().map(|tier| tier.families.len()).collect();
    assert_eq!(families, [0, 2, 0]);
    assert_eq!(desk.names("de1 1aa"), ["Zofia", "Zofia"], "at either home");
}

#[test]
fn the_nearest_come_first_and_nobody_twice() {
    let desk = desk();
    let anna = ["Anna", "Nowak", "", "", ""];
    let rest = desk.family(1, HILL, "", &[anna]);
    let centre = desk.family(2, HARBOUR, "", &[anna, anna]);
    let here = desk.family(3, HARBOUR, "", &[anna]);
    let expected = desk.family(4, HILL, "", &[anna]);
    let long_ago = desk.family(5, HARBOUR, "", &[anna]);
    let activity = Uuid::from_u128(0xa);
    let sessions = [
        ("2026-11-23", here, 1),
        ("2026-11-16", expected, 2),
        ("2026-10-05", long_ago, 3),
    ];
    desk.write(|write| {
        for (date, family, n) in sessions {
            let session = Uuid::from_u128(0x5e55 + n);
            put(
                write.connection,
                "session",
                &[
                    ("id", blob(session)),
                    ("activity", blob(activity)),
                    ("centre", blob(HARBOUR)),
                    ("date", text(date)),
                ],
            );
            put(
                write.connection,
                "attendance",
                &[
                    ("id", blob(Uuid::from_u128(0xa77 + n))),
                    ("session", blob(session)),
                    ("family", blob(family)),
                ],
            );
        }
    });
    let found = desk.find("nowak");
    let tiers = found.tiers.map(|tier| {
        tier.families
            .iter()
            .map(|family| family.family.uuid())
            .collect::<Vec<_>>()
    });
    let [mut first, second, third] = tiers;
    first.sort();
    assert_eq!(first, [here, expected]);
    assert_eq!(second, [centre, long_ago]);
    assert_eq!(third, [rest]);
}

#[test]
fn protected_families_are_found_by_named_people_only() {
    let desk = two_families();
    desk.write(|write| {
        write
            .connection
            .execute(
                "UPDATE family SET protected = 1 WHERE postcode = 'NG2 7QP'",
                (),
            )
            .unwrap();
    });
    assert!(desk.names("zofia").is_empty());
    let [_, centre, _] = desk.find_as("zofia", 20, true).tiers;
    assert!(centre.families[0].protected);
}

#[test]
fn each_tier_stops_at_its_limit_and_says_so() {
    let desk = desk();
    for n in 0..30 {
        let centre = if n % 2 == 0 { HARBOUR } else { HILL };
        desk.family(n, centre, "", &[["Anna", "Nowak", "", "", ""]; 2]);
    }
    let [_, centre, rest] = desk.find_as("a", 10, false).tiers;
    assert_eq!((centre.families.len(), centre.more), (10, true));
    assert_eq!((rest.families.len(), rest.more), (0, true));
    let [_, centre, rest] = desk.find_as("a", 15, false).tiers;
    assert_eq!((centre.families.len(), centre.more), (15, false));
    assert_eq!((rest.families.len(), rest.more), (15, false));
}

#[test]
fn the_index_follows_its_rows() {
    let desk = two_families();
    let zofia = person_id(1, 0);
    let family = Uuid::from_u128(0xf_0000_0001);
    desk.write(|write| {
        put_person(
            write,
            zofia,
            &["Helena", "Wróblewska", "", "2024-04-03", ""],
        );
    });
    assert!(desk.names("zofia").is_empty() && desk.names("zosia").is_empty());
    assert_eq!(desk.names("helena"), ["Helena"]);

    desk.write(|write| {
        put(
            write.connection,
            "family",
            &[
                ("id", blob(family)),
                ("centre", blob(HILL)),
                ("postcode", text("DE1 1AA")),
                ("name", text("The lighthouse")),
            ],
        );
        row_changed(write, "family", family).unwrap();
    });
    assert_eq!(desk.names("de11aa"), ["Helena", "Paweł"]);
    assert_eq!(desk.names("lighthouse hel"), ["Helena"]);
    assert!(desk.names("ng2 7qp").is_empty());
    let [_, centre, rest] = desk.find("helena").tiers;
    assert_eq!((centre.families.len(), rest.families.len()), (0, 1));

    desk.write(|write| put_membership(write, membership_id(1, 0), family, zofia, "2026-11-01"));
    assert!(
        desk.names("helena").is_empty(),
        "somebody who left a family"
    );
}

#[test]
fn a_record_that_is_deleted_leaves_nothing_in_the_index() {
    let desk = two_families();
    for (table, id) in [
        ("membership", membership_id(1, 0)),
        ("person", person_id(1, 1)),
        ("family", Uuid::from_u128(0xf_0000_0002)),
    ] {
        desk.write(|write| {
            let people = affected(write, table, id).unwrap();
            write
                .connection
                .execute(
                    &format!("DELETE FROM {table} WHERE id = ?"),
                    [id.as_bytes()],
                )
                .unwrap();
            refresh(write, &people).unwrap();
        });
    }
    let left: (i64, i64) = desk.write(|write| {
        write
            .connection
            .query_row(
                "SELECT (SELECT COUNT(*) FROM person_search), (SELECT COUNT(*) FROM search_entry)",
                (),
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap()
    });
    assert_eq!(left, (0, 0));
}

#[test]
fn rows_may_arrive_in_any_order() {
    let desk = desk();
    let (family, person) = (Uuid::from_u128(1), Uuid::from_u128(2));
    desk.write(|write| put_membership(write, Uuid::from_u128(3), family, person, ""));
    desk.write(|write| put_person(write, person, &ZOFIA));
    assert!(desk.names("zofia").is_empty());
    desk.write(|write| {
        put(
            write.connection,
            "family",
            &[("id", blob(family)), ("centre", blob(HARBOUR))],
        );
        row_changed(write, "family", family).unwrap();
    });
    assert_eq!(desk.names("zofia"), ["Zofia"]);
}

#[test]
fn an_edit_that_search_does_not_see_leaves_the_index_alone() {
    let desk = two_families();
    let changes = |write: &Write<'_>| write.connection.total_changes();
    let untouched = desk.write(|write| {
        let before = changes(write);
        row_changed(write, "person", person_id(1, 0)).unwrap();
        row_changed(write, "attendance", person_id(1, 0)).unwrap();
        changes(write) - before
    });
    assert_eq!(untouched, 0);
}

#[test]
fn no_text_that_anybody_types_breaks_a_search() {
    let desk = two_families();
    let mut odd: Vec<String> = vec![
        "a".repeat(10_000),
        "a ".repeat(10_000),
        "1 ".repeat(1_000),
        "9".repeat(500),
        "李 小龙 نور नमस्ते ⅷ Ⓐ 🄰 ½ ² ٣٤٥".into(),
        "\0 \u{202e} \u{301} NEAR( ) ^ { } col:x -y + \" ' ' --; DROP".into(),
    ];
    let letters: Vec<char> = (1..0x3_0000)
        .step_by(211)
        .filter_map(char::from_u32)
        .collect();
    for some in letters.chunks(4) {
        odd.push(
            some.iter()
                .map(|letter| format!("x{letter}y {letter} "))
                .collect(),
        );
        odd.push(some.iter().collect());
    }
    odd.push("x🆂y".into());
    let at = SearchAt {
        centre: CentreId::from(HARBOUR),
        today: today(),
        limit: 20,
        protected: false,
    };
    for typed in odd {
        let found = desk.store.read(|read| read.search(&typed, &at));
        assert!(found.is_ok(), "{:?} for {typed:?}", found.err());
    }
}

#[test]
fn the_rule_in_rust_and_the_rule_in_the_index_agree() {
    let desk = two_families();
    let mut keys = Vec::new();
    desk.write(|write| {
        let mut select = write
            .connection
            .prepare("SELECT rowid, names, phone, postcode, birth FROM person_search")
            .unwrap();
        let mut rows = select.query(()).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let person = query::Keys {
                names: row.get(1).unwrap(),
                phone: row.get(2).unwrap(),
                postcode: row.get(3).unwrap(),
                birth: row.get(4).unwrap(),
            };
            keys.push((row.get::<_, i64>(0).unwrap(), person));
        }
    });
    for typed in [
        "z",
        "wrob",
        "o'brien",
        "smith-jones mary",
        "123",
        "2024",
        "3/4/24",
        "ng2",
        "st16 2lh",
        "zofia 123",
        "x",
        "1991",
        "30/12/1991 pawel",
        "ann",
        "0123 w",
    ] {
        let query = Query::parse(typed, today()).unwrap();
        let by_index: Vec<i64> = desk.write(|write| {
            let mut select = write
                .connection
                .prepare(
                    "SELECT rowid FROM person_search WHERE person_search MATCH ? ORDER BY rowid",
                )
                .unwrap();
            let rows = select
                .query_map([query.to_match()], |row| row.get(0))
                .unwrap();
            rows.map(Result::unwrap).collect()
        });
        let by_rule: Vec<i64> = keys
            .iter()
            .filter(|(_, keys)| query.matches(keys))
            .map(|(number, _)| *number)
            .collect();
        assert_eq!(by_index, by_rule, "{typed}");
    }
}

#[test]
fn hot_queries_use_their_indexes() {
    let desk = desk();
    desk.write(|write| {
        for sql in [
            index::PERSON,
            index::HOMES,
            index::MEMBERS,
            index::MEMBER,
            index::ENTRY,
            find::EXPECTED,
            find::KEYS,
            find::MATCHES,
            find::FAMILIES,
            find::FAMILY,
            find::MEMBERS,
        ] {
            let mut explain = write
                .connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap();
            let count = explain.parameter_count();
            let steps: Vec<String> = explain
                .query_map(params_from_iter(vec![Value::Null; count]), |row| row.get(3))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            for step in &steps {
                // The full-text index shows as a scan of a virtual table that is told how: `=` by
                // row number, `M` by match.
                let by_index = step.starts_with("SEARCH")
                    || step.contains("VIRTUAL TABLE INDEX")
                        && (step.contains(":=") || step.contains(":M"))
                    || step.starts_with("USE TEMP B-TREE FOR DISTINCT");
                assert!(by_index, "{step} in {steps:?} of {sql}");
            }
            assert!(
                !steps.iter().any(|step| step.contains("ORDER BY")),
                "sorting would read every match: {steps:?}"
            );
        }
    });
}

#[test]
fn a_common_first_letter_is_as_fast_as_a_rare_one() {
    let desk = desk();
    desk.write(|write| {
        for n in 0..1_200 {
            let given = if n % 200 == 7 { "Quentin" } else { "Anna" };
            put_family(write, n, HARBOUR, "", &[[given, "Nowak", "", "", ""]]);
        }
    });
    let time = |typed: &str| {
        let mut times: Vec<Duration> = (0..9)
            .map(|_| {
                let begun = Instant::now();
                drop(desk.find_as(typed, 5, false));
                begun.elapsed()
            })
            .collect();
        times.sort();
        times[4]
    };
    let (rare, common) = (time("q"), time("a"));
    assert!(
        common < rare * 5 + Duration::from_millis(5),
        "{common:?} for 1,194 matches, {rare:?} for 6"
    );
}
