//! Erasures, told with the people of the consent ledger's tests, and with a record of every kind
//! that the catalogue has.

use std::collections::BTreeMap;

use porch_domain::attendance::Attendance;
use porch_domain::catalogue::{About, ColumnType, FieldEntry, RecordEntry};
use porch_domain::erasure::{LINKS, Part, is_cut_off};
use porch_domain::id::{CentreId, UserId};
use porch_sync::device::Replica as _;
use porch_sync::protocol::{FeedRow, PullPage};
use porch_sync::{DeviceNumber, Hlc, Row, Stamped, Version};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::audit::{AuditEntry, Deed};
use crate::consent::sample::NOW;
use crate::device::DeviceRow;
use crate::draft::DraftRow;
use crate::open::Store;
use crate::scratch;

mod ledger;
mod merged;

const CANARY: &str = "Canaria Vogelfrei";
const ORDER: Uuid = Uuid::from_u128(0x0de4);
const CENTRE: Uuid = Uuid::from_u128(0xc1);
const USER: Uuid = Uuid::from_u128(0xe1);

fn removal(kind: &str, record: Uuid) -> Removal {
    Removal {
        sequence: 1,
        kind: kind.to_owned(),
        record,
        because: ORDER,
        unix_ms: 1_795_426_200_000,
    }
}

fn person_removal(person: PersonId) -> Removal {
    removal(Person::KIND, person.into())
}

fn page(removals: Vec<Removal>, rows: Vec<Row>) -> PullPage {
    PullPage {
        epoch: Uuid::nil(),
        removals,
        urgent: Vec::new(),
        urgent_head: 1,
        place: None,
        rows: rows
            .into_iter()
            .map(|row| FeedRow { sequence: 1, row })
            .collect(),
        left: Vec::new(),
        holds: None,
        more: false,
        digests: None,
        backed_up: 0,
        kept_aside: None,
        server_unix_ms: 1_795_426_200_000,
    }
}

fn enrolled() -> (TempDir, Store) {
    let (home, store) = scratch::store();
    store
        .write(|write| {
            write.put_device(&DeviceRow {
                number: DeviceNumber(3),
                name: "Front desk".into(),
                centre: CentreId::from(CENTRE),
                scopes: vec![CENTRE],
                server: "https://county.example".into(),
                county_certificate: String::new(),
                restricted_epoch: 1,
                restricted_key: [7; 32],
                epoch: Uuid::nil(),
            })
        })
        .unwrap();
    (home, store)
}

fn id_of(kind: &str) -> Uuid {
    let place = RECORDS.iter().position(|entry| entry.kind == kind).unwrap();
    Uuid::from_u128(0xaa00 + place as u128)
}

/// A value of a field in a record that is about the canary.
fn canary_value(entry: &RecordEntry, field: &FieldEntry) -> Value {
    let target = match (entry.kind, field.name) {
        ("membership", "family") => "family",
        ("departure", "attendance") | ("attendance_void", "event") => "attendance",
        ("authority_end", "authority") => "authority",
        ("photo_subject" | "objection", "photo") => "photo",
        ("photo_subject" | "misrecording" | "expiry", "decision") => "decision",
        ("withdrawal_ruling", "withdrawal") => "withdrawal",
        ("stop_end", "stop") => "stop",
        _ => "person",
    };
    let linked = LINKS
        .iter()
        .any(|link| (link.kind, link.field) == (entry.kind, field.name));
    match (entry.kind, field.name) {
        ("person", "birth_date") => return json!("2024-02-14"),
        ("decision", "method") => return json!("signed_on_screen"),
        ("decision", "capacity") => return json!("authority"),
        ("decision", "granted") => return json!(["press"]),
        ("authority_end", "kind") => return json!("disputed"),
        // The guards want these to be times.
        ("decision", "decided_at" | "valid_until")
        | ("photo", "stored_at")
        | ("objection", "recorded_at") => {
            return json!("2026-11-23T09:30:00.000Z");
        }
        ("withdrawal", "how") => return json!("in_person"),
        ("withdrawal", "verified") => return json!(true),
        ("withdrawal_ruling", "ruling") => return json!("upheld"),
        ("withdrawal", "decisions") => return json!([id_of("decision")]),
        ("photo", "session" | "public_place") | ("alias", "ended_by" | "ended_at") => {
            return Value::Null;
        }
        ("objection", "ground") => return json!("asked"),
        ("alias", "kind") => return json!("person"),
        // Another record of the same person, which is not here.
        ("alias", "newer") => return json!(Uuid::max()),
        _ => {}
    }
    match field.column {
        ColumnType::Id if linked => json!(id_of(target)),
        ColumnType::Id => json!(Uuid::from_u128(0x5eed)),
        ColumnType::Text => json!(CANARY),
        ColumnType::Integer => json!(1),
        ColumnType::Real => json!(1.5),
        ColumnType::Bool => json!(false),
        ColumnType::Bytes => {
            use base64::Engine as _;
            json!(base64::engine::general_purpose::STANDARD.encode(CANARY))
        }
        ColumnType::Json => json!([]),
    }
}

fn canary_change(entry: &RecordEntry) -> Change {
    Change {
        kind: entry.kind.to_owned(),
        id: id_of(entry.kind),
        op: Op::Create { scope: CENTRE },
        fields: entry
            .fields
            .iter()
            .map(|field| {
                let value = canary_value(entry, field);
                (field.name.to_owned(), FieldChange { value, base: None })
            })
            .collect(),
    }
}

/// Every value in every table, as text.
fn everything(store: &Store) -> BTreeMap<String, String> {
    store
        .with_reader(|reader| {
            let mut tables = reader.prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'person_search_%'",
            )?;
            let tables: Vec<String> = tables
                .query_map((), |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let mut dump = BTreeMap::new();
            for table in tables {
                let mut select = reader.prepare(&format!("SELECT * FROM {table}"))?;
                let columns = select.column_count();
                let mut rows = select.query(())?;
                let mut text = String::new();
                while let Some(row) = rows.next()? {
                    for column in 0..columns {
                        let bytes = row.get_ref(column)?;
                        let bytes = bytes.as_bytes().unwrap_or_default();
                        text.push_str(&String::from_utf8_lossy(bytes));
                        text.push_str(&hex(bytes));
                    }
                }
                dump.insert(table, text);
            }
            Ok::<_, StoreError>(dump)
        })
        .unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn tables_with(store: &Store, text: &str) -> Vec<String> {
    everything(store)
        .into_iter()
        .filter(|(_, dump)| dump.contains(text))
        .map(|(table, _)| table)
        .collect()
}

fn goes_with_people(entry: &RecordEntry) -> bool {
    entry.about != About::Nobody && !is_cut_off(entry)
}

/// A record of every kind that can be about somebody, saved here and not yet sent, with all that
/// hangs on it.
fn full(store: &Store) {
    store
        .write(|write| {
            for entry in RECORDS.iter().filter(|entry| goes_with_people(entry)) {
                let change = canary_change(entry);
                write.audit(&AuditEntry {
                    at: NOW,
                    user: UserId::from(USER),
                    deed: Deed::Changed,
                    purpose: "test",
                    record: Some((entry.kind, change.id)),
                    fields: &[],
                })?;
                write.save(USER, NOW, vec![change])?;
            }
            let person = id_of("person");
            for (form, body) in [
                (format!("edit_person/{person}"), CANARY.to_owned()),
                ("registration".to_owned(), format!("{person} {CANARY}")),
            ] {
                let saved_at = NOW;
                write.put_draft(UserId::from(USER), &form, &DraftRow { body, saved_at })?;
            }
            write.connection.execute(
                "INSERT INTO conflict VALUES (?1, 'phone', 'a', 'person', 'b', ?2, NULL)",
                params![person.as_bytes(), CANARY],
            )?;
            write.connection.execute(
                "INSERT INTO set_aside (record, kind, state, reason) VALUES (?1, 'shoe', ?2, 'unknown')",
                params![
                    Uuid::from_u128(0x77).as_bytes(),
                    format!("{{\"wearer\":\"{person}\",\"name\":\"{CANARY}\"}}")
                ],
            )?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

#[test]
fn nothing_that_the_catalogue_knows_of_a_person_is_left() {
    let (_home, store) = enrolled();
    full(&store);
    for entry in RECORDS.iter().filter(|entry| goes_with_people(entry)) {
        assert!(
            tables_with(&store, &hex(id_of(entry.kind).as_bytes())).contains(&entry.table.into()),
            "{} was there",
            entry.kind
        );
    }
    assert!(tables_with(&store, CANARY).len() > 10, "and is found");

    let order = person_removal(id_of("person").into());
    store
        .take_page(&page(vec![order.clone()], Vec::new()))
        .unwrap();
    assert_eq!(tables_with(&store, CANARY), Vec::<String>::new());
    let lower = "canaria";
    assert_eq!(
        tables_with(&store, lower),
        Vec::<String>::new(),
        "folded in the index"
    );
    for entry in RECORDS.iter().filter(|entry| goes_with_people(entry)) {
        let id = id_of(entry.kind);
        let mut left = tables_with(&store, &hex(id.as_bytes()));
        left.extend(tables_with(&store, &id.to_string()));
        left.retain(|table| {
            // That a photo was removed, and because of which record, is what stays of it.
            let removal = ["photo", "objection"].contains(&entry.kind);
            table != "erased" && !(table == "photo_removal" && removal)
        });
        assert_eq!(left, Vec::<String>::new(), "{}", entry.kind);
    }
    let chain = store.read(|read| read.verify_audit()).unwrap();
    assert!(
        chain.entries > 10 && chain.broken_at.is_none(),
        "the audit still verifies"
    );
    let standing = store.standing().unwrap();
    assert_eq!(standing.scrubbed, Some(1), "and it can be confirmed");
    let unsent = store.unsent().unwrap();
    assert!(
        unsent.iter().all(|t| t.body.is_none()),
        "only numbers are left to send"
    );
    assert_eq!(
        unsent.iter().map(|t| t.sequence).collect::<Vec<_>>(),
        (1..=unsent.len() as u64).collect::<Vec<_>>(),
        "without gaps"
    );
    // Again, and whatever comes late, in both ways.
    store.take_page(&page(vec![order], Vec::new())).unwrap();
    let version = Version {
        clock: Hlc::at(9),
        device: DeviceNumber(9),
        sequence: 9,
    };
    for entry in RECORDS.iter().filter(|entry| goes_with_people(entry)) {
        let change = canary_change(entry);
        let late = Row {
            kind: change.kind.clone(),
            id: change.id,
            fields: change
                .fields
                .iter()
                .map(|(name, field)| {
                    let value = field.value.clone();
                    (name.clone(), Stamped { value, version })
                })
                .collect(),
        };
        store.take_page(&page(Vec::new(), vec![late])).unwrap();
        store
            .write(|write| write.save(USER, NOW, vec![change]))
            .unwrap();
    }
    assert_eq!(
        tables_with(&store, CANARY),
        Vec::<String>::new(),
        "nothing comes back"
    );
    let dropped = RECORDS
        .iter()
        .filter(|entry| goes_with_people(entry))
        .count();
    assert_eq!(
        store.read(|read| read.erased_drops()).unwrap(),
        2 * dropped as u64
    );
}

#[test]
fn the_triggers_and_the_catalogue_speak_of_the_same_fields() {
    let (_home, store) = enrolled();
    for entry in RECORDS.iter().filter(|entry| goes_with_people(entry)) {
        let sql: String = store
            .with_reader(|reader| {
                reader
                    .query_row(
                        "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?",
                        [format!("{}_erased", entry.table)],
                        |row| row.get(0),
                    )
                    .map_err(StoreError::from)
            })
            .unwrap();
        for link in LINKS.iter().filter(|link| link.kind == entry.kind) {
            assert_eq!(
                sql.contains(&format!("NEW.{}", link.field)),
                link.part == Part::Goes,
                "{}.{}",
                link.kind,
                link.field
            );
        }
    }
}

#[test]
fn what_was_not_sent_of_others_is_sent_under_new_numbers() {
    let (_home, store) = enrolled();
    let (gone, stays) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let person = |id: Uuid, name: &str| Change {
        kind: Person::KIND.to_owned(),
        id,
        op: Op::Create { scope: CENTRE },
        fields: record_entry(Person::KIND)
            .unwrap()
            .fields
            .iter()
            .map(|field| {
                let value = match field.name {
                    "given_name" => json!(name),
                    "staff" => json!(false),
                    _ => Value::Null,
                };
                (field.name.to_owned(), FieldChange { value, base: None })
            })
            .collect(),
    };
    let first = store
        .write(|write| write.save(USER, NOW, vec![person(gone, CANARY), person(stays, "Bo")]))
        .unwrap();
    let phone = Change {
        kind: Person::KIND.to_owned(),
        id: stays,
        op: Op::Edit,
        fields: BTreeMap::from([(
            "phone".to_owned(),
            FieldChange {
                value: json!("07700 900123"),
                base: Some(first),
            },
        )]),
    };
    store
        .write(|write| write.save(USER, NOW, vec![phone]))
        .unwrap();
    store
        .take_page(&page(vec![removal("person", gone)], Vec::new()))
        .unwrap();
    let unsent = store.unsent().unwrap();
    assert_eq!(unsent.len(), 3);
    assert!(unsent[0].body.is_none() && unsent[1].body.is_none());
    let anew = unsent[2].open().unwrap().unwrap();
    assert_eq!((anew.author, anew.changes.len()), (USER, 1));
    let change = &anew.changes[0];
    assert_eq!(
        (change.id, &change.op),
        (stays, &Op::Create { scope: CENTRE })
    );
    assert_eq!(change.fields["given_name"].value, "Bo");
    assert_eq!(change.fields["phone"].value, "07700 900123");
    let row = store
        .read(|read| read.row("person", stays))
        .unwrap()
        .unwrap();
    assert_eq!(row.fields["phone"].value, "07700 900123", "and stands here");
    assert_eq!(row.fields["phone"].version.sequence, 3);
}

#[test]
fn an_event_that_is_said_again_stays_as_the_county_has_it() {
    let (_home, store) = enrolled();
    let (gone, stays) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let arrival = |id: u128, person: Uuid| {
        let id_of = |id: u128| json!(Uuid::from_u128(id));
        let fields = [
            ("session", id_of(7)),
            ("person", json!(person)),
            ("family", id_of(8)),
            ("arrived_at", json!(NOW.to_string())),
        ];
        Change {
            kind: Attendance::KIND.to_owned(),
            id: Uuid::from_u128(id),
            op: Op::Create { scope: CENTRE },
            fields: fields
                .map(|(name, value)| (name.to_owned(), FieldChange { value, base: None }))
                .into(),
        }
    };
    let (lost, kept) = (arrival(3, gone), arrival(4, stays));
    let first = store
        .write(|write| write.save(USER, NOW, vec![lost, kept.clone()]))
        .unwrap();
    let here = || {
        let row = |read: &Read<'_>| read.row(Attendance::KIND, kept.id);
        store.read(row).unwrap().unwrap()
    };
    store.take_page(&page(Vec::new(), vec![here()])).unwrap();
    store
        .take_page(&page(vec![removal("person", gone)], Vec::new()))
        .unwrap();
    let unsent = store.unsent().unwrap();
    let anew = unsent[1].open().unwrap().unwrap();
    assert_eq!(anew.changes.len(), 1);
    assert_eq!(anew.changes[0].id, kept.id);
    assert_eq!(here().fields["person"].version, first);
}
