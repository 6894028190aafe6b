use chrono::NaiveDate;
use porch_domain::id::{CentreId, RecordId as _};
use rusqlite::{Connection, params_from_iter, types::Value};
use tempfile::TempDir;
use uuid::Uuid;

use super::query::Query;
use super::*;
use crate::access::Write;
use crate::error::StoreError;
use crate::open::Store;
use crate::scratch;

mod following;

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
    let (home, store) = scratch::store();
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
