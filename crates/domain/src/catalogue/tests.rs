//! The catalogue held against itself and against the privacy notice. Against the migrated schema
//! it is held where the schema is: in the store.

use std::collections::BTreeSet;

use super::*;
use crate::role::{Role, can_read, can_write};

fn fields() -> impl Iterator<Item = (&'static RecordEntry, &'static FieldEntry)> {
    RECORDS
        .iter()
        .flat_map(|record| record.fields.iter().map(move |field| (*record, field)))
}

fn served() -> BTreeSet<&'static str> {
    let elsewhere = SERVED_WITHOUT_A_FIELD.iter().map(|(line, _)| *line);
    fields()
        .flat_map(|(_, field)| field.notice)
        .copied()
        .chain(elsewhere)
        .collect()
}

#[test]
fn every_line_of_the_notice_is_served_or_listed() {
    let (served, lines) = (
        served(),
        NOTICE_LINES.iter().copied().collect::<BTreeSet<_>>(),
    );
    let listed: BTreeSet<_> = NOT_YET_SERVED.iter().copied().collect();
    assert_eq!(lines.len(), NOTICE_LINES.len(), "each line is listed once");
    for line in &served {
        assert!(lines.contains(line), "{line} is no line of the notice");
        assert!(
            !listed.contains(line),
            "{line} is served: take it off NOT_YET_SERVED"
        );
    }
    for line in &listed {
        assert!(lines.contains(line), "{line} is no line of the notice");
    }
    for line in lines {
        assert!(
            served.contains(line) || listed.contains(line),
            "{line} is neither served nor listed"
        );
    }
}

#[test]
fn the_lists_of_what_is_missing_only_shrink() {
    // Lower these with the lists; never raise them.
    assert!(
        NOT_YET_SERVED.len() <= 65,
        "{} lines are not yet served",
        NOT_YET_SERVED.len()
    );
    assert!(
        NOT_YET_USED.len() <= 10,
        "{} categories are not yet used",
        NOT_YET_USED.len()
    );
}

#[test]
fn every_category_is_used_or_listed() {
    let used: BTreeSet<_> = fields().map(|(_, field)| field.category).collect();
    for category in Category::ALL {
        assert_ne!(
            used.contains(category),
            NOT_YET_USED.contains(category),
            "{category} is used, or on NOT_YET_USED, and not both"
        );
    }
}

#[test]
fn kinds_and_fields_have_one_meaning_each() {
    let kinds: BTreeSet<_> = RECORDS.iter().map(|record| record.kind).collect();
    assert_eq!(kinds.len(), RECORDS.len(), "each kind once");
    for record in RECORDS {
        assert_eq!(record.kind, record.table);
        assert!(record_entry(record.kind).is_some_and(|found| found.table == record.table));
        let names: BTreeSet<_> = record.fields.iter().map(|field| field.name).collect();
        assert_eq!(
            names.len(),
            record.fields.len(),
            "{}: each field once",
            record.kind
        );
        for reserved in ["id", "versions", "extra"] {
            assert!(
                !names.contains(reserved),
                "{}.{reserved} is a column of the store's own",
                record.kind
            );
        }
    }
    assert!(record_entry("shoe").is_none());
}

#[test]
fn lists_are_in_events_only() {
    for (record, field) in fields() {
        assert!(
            field.column != ColumnType::Json || record.shape == Shape::Event,
            "{}.{}: what repeats and changes is a record, never a list in a field",
            record.kind,
            field.name
        );
    }
}

#[test]
fn who_a_record_is_about_can_be_found() {
    for record in RECORDS {
        let has_id = |kind: &str, name: &str| {
            record_entry(kind)
                .and_then(|entry| entry.field(name))
                .is_some_and(|field| field.column == ColumnType::Id)
        };
        match record.about {
            About::Nobody | About::ThisPerson | About::ThisFamily => {}
            About::People(names) => assert!(
                names.iter().all(|name| has_id(record.kind, name)),
                "{}",
                record.kind
            ),
            About::Through { field, kinds } => {
                assert!(has_id(record.kind, field), "{}", record.kind);
                assert!(
                    kinds.iter().all(|kind| record_entry(kind).is_some()),
                    "{}",
                    record.kind
                );
            }
            About::TiedBy { kind, field } => assert!(has_id(kind, field), "{}", record.kind),
        }
        let personal = record
            .fields
            .iter()
            .any(|field| field.subject == Whose::Subject);
        assert!(
            !personal || record.about != About::Nobody,
            "{} holds personal data of nobody",
            record.kind
        );
    }
}

#[test]
fn classifications_agree_with_themselves() {
    for (record, field) in fields() {
        let name = format!("{}.{}", record.kind, field.name);
        let impersonal = field.basis == Basis::NotPersonal;
        assert_eq!(
            impersonal,
            field.subject == Whose::Nobody,
            "{name}: a basis is for personal data"
        );
        assert_eq!(
            impersonal,
            field.erasure == Erasure::NotPersonal,
            "{name}: erasure is for personal data"
        );
        let needs_condition = matches!(
            field.sensitivity,
            Sensitivity::Special | Sensitivity::Criminal
        );
        assert!(
            !needs_condition || field.condition.is_some(),
            "{name}: a condition must allow it (LAW.special)"
        );
        assert!(
            !needs_condition || field.nullable || record.shape == Shape::Event,
            "{name}: never mandatory"
        );
        assert!(
            field.subject != Whose::NamedHere || field.column == ColumnType::Id,
            "{name}: holds a person's id"
        );
        let somebody =
            |may: fn(Role, &FieldEntry) -> bool| Role::ALL.iter().any(|role| may(*role, field));
        assert!(
            somebody(can_read) && somebody(can_write),
            "{name}: somebody may read and somebody write it"
        );
        assert!(
            field.basis != Basis::Consent || field.purpose == Use::Marketing,
            "{name}: consent is for marketing"
        );
    }
}

#[test]
fn a_record_reads_back_and_hides_its_values() {
    use crate::family::Family;
    use crate::id::{CentreId, FamilyId};
    let family = Family {
        id: FamilyId::make(1, [1; 10]),
        centre: CentreId::make(1, [2; 10]),
        name: Some("Testowska".into()),
        address: None,
        postcode: "ng27qp".parse().ok(),
        no_fixed_address: false,
        protected: false,
        note: None,
    };
    let mut fields = family.to_fields();
    assert_eq!(
        fields.get("postcode"),
        Some(&Value::from("NG2 7QP")),
        "normalised"
    );
    assert_eq!(fields.get("note"), Some(&Value::Null), "not given is null");
    assert_eq!(fields.len(), Family::ENTRY.fields.len());
    assert_eq!(Family::from_fields(family.id, &fields), Ok(family.clone()));
    assert_eq!(
        format!("{family:?}"),
        format!("family({})", family.id),
        "no value in a log"
    );

    fields.remove("note");
    fields.insert("shoes".into(), Value::from(12));
    assert_eq!(
        Family::from_fields(family.id, &fields),
        Ok(family.clone()),
        "older and newer programs' records read"
    );
    fields.remove("protected");
    let (kind, field) = ("family", "protected");
    assert_eq!(
        Family::from_fields(family.id, &fields),
        Err(MalformedRecord::Missing { kind, field })
    );
    fields.insert("protected".into(), Value::from("maybe"));
    assert_eq!(
        Family::from_fields(family.id, &fields),
        Err(MalformedRecord::Malformed { kind, field })
    );
}
