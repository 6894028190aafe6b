//! `docs/records.md`: every kind of record and its fields, for whoever writes another county system.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::Path;

use porch_domain::catalogue::{ColumnType, FieldEntry, RECORDS, Shape, TextForm};

const OPENING: &str = "\
# Records

Every kind of record, in the order in which what rests on something comes after it, with the fields that travel
([sync-protocol.md](sync-protocol.md)). This file is made from the data catalogue (`porch_domain::catalogue`), and a test holds that it
is what the program has.

A record is *edited* field by field, each with a version of its own, or *written once*. A field that may be missing may also be
`null`. A *word* is one of those that the type of that name in `crates/domain/src` lists; a *digest* is 64 lower-case hexadecimal digits.

## Ids that follow from something

All other ids are UUIDs of version 7. These are of version 5, in the name space `7ee11a0c-52f6-4c6e-9d6b-c0a35e1d70b4`, of a name of
ASCII letters followed by the 16 bytes of each id, or by text:

| Kind | Name |
|---|---|
| `session` | `session:`, the activity's id, the date as `2026-11-23` |
| `photo_subject` | `photo_subject:`, the photo's id, the person's id |
| `stub` | `stub:`, the person's id |
| `alias` | `alias:`, the lesser of the two ids, the greater |
| `expiry` | `expiry:`, the decision's id |
| `withdrawal_ruling` that the county makes | `lapse:`, the withdrawal's id |
| `county_details` | `county_details` |
| `wording`, `notice` | `wording:NAME:VERSION:LANGUAGE`, `notice:NAME:VERSION:LANGUAGE` |
| `text_approval` | `text_approval:KIND:NAME:VERSION:LANGUAGE:SHA256` |

## What travels before everything else

`withdrawal`, `withdrawal_ruling`, `stop`, `stop_end`, `misrecording`, `expiry`, `authority_end`, `alias`, and a `decision` with
anything in `refused`.
";

fn form(field: &FieldEntry) -> &'static str {
    match (field.column, field.text) {
        (ColumnType::Id, _) => "id",
        (ColumnType::Integer, _) => "whole number",
        (ColumnType::Real, _) => "number",
        (ColumnType::Bool, _) => "`true` or `false`",
        (ColumnType::Bytes, _) => "bytes in base64",
        (ColumnType::Json, _) => "list",
        (ColumnType::Text, TextForm::Checked) => "word, digest or number as text",
        (ColumnType::Text, TextForm::Date) => "date, `2026-11-23`",
        (ColumnType::Text, TextForm::Instant) => "moment in UTC, `2026-11-23T09:30:00.000Z`",
        (ColumnType::Text, TextForm::TimeOfDay) => "time of day in London, `09:30`",
        (ColumnType::Text, TextForm::Free) => "text",
    }
}

fn document() -> String {
    let mut text = OPENING.to_owned();
    for entry in RECORDS {
        let shape = match entry.shape {
            Shape::State => "Edited.",
            Shape::Event => "Written once.",
        };
        write!(
            text,
            "\n## `{}`\n\n{shape}\n\n| Field | Form | May be missing |\n|---|---|---|\n",
            entry.kind
        )
        .unwrap();
        for field in entry.fields {
            let missing = if field.nullable { "yes" } else { "" };
            writeln!(text, "| `{}` | {} | {missing} |", field.name, form(field)).unwrap();
        }
    }
    text
}

#[test]
fn the_document_lists_every_record_as_it_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/records.md");
    let fresh = document();
    if std::env::var_os("PORCH_WRITE_GENERATED").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == fresh,
        "stale: run PORCH_WRITE_GENERATED=1 cargo test -p porch-domain --test records"
    );
}
