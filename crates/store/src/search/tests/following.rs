//! How the index follows its rows, and that nothing breaks it.

use super::*;

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
            find::MATCHES,
            find::FAMILIES,
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
                    || step.starts_with("USE TEMP B-TREE FOR DISTINCT")
                    // Its own steps stand beside it.
                    || ["CO-ROUTINE expected", "SCAN expected"].contains(&step.as_str());
                assert!(by_index, "{step} in {steps:?} of {sql}");
            }
            assert!(
                !steps.iter().any(|step| step.contains("ORDER BY")),
                "sorting would read every match: {steps:?}"
            );
        }
    });
}
