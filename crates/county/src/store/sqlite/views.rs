//! The views for the county's analysts, `analysis_` and the kind. Whoever has the file's key can read
//! everything; the views are a promise to nobody here, but the same rows as on PostgreSQL.
//!
//! They follow from the program's catalogue, not from migrations, and are made anew when it says something
//! else than what is there. A migration that changes the columns of `record` drops them first; what is not
//! there is made.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::store::Stored;
use crate::store::views::{Column, Form, View, all};

/// Makes the views what the catalogue says, in the transaction at hand.
pub(super) fn make(connection: &Connection) -> Stored<()> {
    let wanted: BTreeMap<String, String> = all()
        .iter()
        .map(|view| (format!("analysis_{}", view.kind), definition(view)))
        .collect();
    let there: BTreeMap<String, String> = connection
        .prepare(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'view' AND name GLOB 'analysis_*'",
        )?
        .query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    if there == wanted {
        return Ok(());
    }
    for name in there.keys() {
        connection.execute_batch(&format!("DROP VIEW \"{}\"", name.replace('"', "\"\"")))?;
    }
    for definition in wanted.values() {
        connection.execute_batch(definition)?;
    }
    Ok(())
}

fn definition(view: &View) -> String {
    let kind = view.kind;
    let columns: String = view
        .columns
        .iter()
        .map(|column| format!(", {} AS {}", expression(column), column.name))
        .collect();
    // Ids are told as on PostgreSQL and in the records' own fields: as text.
    format!(
        "CREATE VIEW analysis_{kind} AS SELECT lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21)) AS id{columns} FROM record WHERE kind = '{kind}'"
    )
}

fn expression(column: &Column) -> String {
    let path = format!("'$.{}'", column.field);
    let value = format!("fields ->> {path}");
    let of = |types: &str| format!("iif(json_type(fields, {path}) IN ({types}), {value}, NULL)");
    // A text of a time is one when SQLite writes the same time in the same way; adding nothing makes it
    // turn a day that there is not into one that there is.
    let timed = |format: &str, shown: &str| {
        format!("iif(strftime('{format}', {value}, '+0 days') = {value}, {shown}, NULL)")
    };
    match column.form {
        Form::Id | Form::Word | Form::Text => of("'text'"),
        Form::YesNo => of("'true', 'false'"),
        // Larger ones SQLite gives as fractions.
        Form::Whole => format!(
            "iif(json_type(fields, {path}) = 'integer' AND typeof({value}) = 'integer', {value}, NULL)"
        ),
        Form::Fraction => of("'integer', 'real'"),
        Form::List => of("'array'"),
        Form::Day => timed("%Y-%m-%d", &value),
        Form::Month => timed("%Y-%m-%d", &format!("substr({value}, 1, 8) || '01'")),
        Form::Moment => timed("%Y-%m-%dT%H:%M:%fZ", &value),
        Form::TimeOfDay => timed("%H:%M", &value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;
    use crate::county::{Machine, make_origin};
    use crate::store::SqliteStore;
    use crate::store::sqlite::open::connect;
    use crate::store::suite::{erasure, in_sqlite};
    use crate::store::views::tests::expected;
    use crate::story::{ELM, make, rosa, tom};

    const KEY: [u8; 32] = [9; 32];

    struct File(tempfile::TempDir);

    impl File {
        fn new() -> Self {
            let file = Self(tempfile::tempdir().unwrap());
            file.open();
            file
        }

        fn open(&self) {
            let file = self.0.path().join("county.db");
            SqliteStore::open(&file, KEY.into(), || make_origin(&Machine)).unwrap();
        }

        /// With the same settings as the server.
        fn connect(&self) -> Connection {
            connect(&self.0.path().join("county.db"), &KEY).unwrap()
        }
    }

    fn put(connection: &Connection, number: u128, kind: &str, fields: &Value) {
        let sql = "INSERT INTO record (id, kind, fields, versions) VALUES (?, ?, ?, '{}')";
        let id = Uuid::from_u128(number);
        connection
            .execute(sql, (id.as_bytes(), kind, fields.to_string()))
            .unwrap();
    }

    /// The rows of a view, each value in its SQLite type.
    fn rows(connection: &Connection, view: &str) -> Vec<Vec<rusqlite::types::Value>> {
        let mut query = connection
            .prepare(&format!("SELECT * FROM analysis_{view} ORDER BY id"))
            .unwrap();
        let columns = query.column_count();
        let rows = query.query_map((), |row| {
            (0..columns).map(|column| row.get(column)).collect()
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn each_kind_has_a_view_with_the_columns_that_the_catalogue_gives_analysts() {
        let file = File::new();
        let connection = file.connect();
        let views: Vec<String> = connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")
            .unwrap()
            .query_map((), |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let there: Vec<(String, Vec<String>)> = views
            .iter()
            .map(|view| {
                let query = connection
                    .prepare(&format!("SELECT * FROM {view}"))
                    .unwrap();
                let columns = query
                    .column_names()
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
                (view.strip_prefix("analysis_").unwrap().to_owned(), columns)
            })
            .collect();
        assert_eq!(there, expected());
    }

    #[test]
    fn values_come_out_as_what_they_are() {
        use rusqlite::types::Value::{Integer, Text};
        let file = File::new();
        let connection = file.connect();
        let ids = |number| Uuid::from_u128(number).to_string();
        put(
            &connection,
            1,
            "session",
            &json!({
                "activity": ids(2), "centre": ids(3), "venue": ids(3), "date": "2024-02-29",
                "starts_at": "09:30", "ends_at": "11:00", "places": 12,
            }),
        );
        put(
            &connection,
            2,
            "person",
            &json!({"birth_date": "1996-04-03", "gender": "female"}),
        );
        put(
            &connection,
            3,
            "family",
            &json!({"centre": ids(3), "no_fixed_address": true}),
        );
        put(
            &connection,
            4,
            "departure",
            &json!({"attendance": ids(5), "left_at": "2026-11-23T09:30:00.000Z"}),
        );
        let text = |text: &str| Text(text.to_owned());
        assert_eq!(
            rows(&connection, "session"),
            [[
                Text(ids(1)),
                Text(ids(2)),
                Text(ids(3)),
                Text(ids(3)),
                text("2024-02-29"),
                text("09:30"),
                text("11:00"),
                Integer(12),
            ]]
        );
        assert_eq!(
            rows(&connection, "person"),
            [[Text(ids(2)), text("1996-04-01"), text("female")]]
        );
        assert_eq!(
            rows(&connection, "family"),
            [[Text(ids(3)), Text(ids(3)), Integer(1)]]
        );
        assert_eq!(
            rows(&connection, "departure"),
            [[Text(ids(4)), Text(ids(5)), text("2026-11-23T09:30:00.000Z")]]
        );
    }

    #[test]
    fn no_value_keeps_a_view_from_being_read() {
        let file = File::new();
        let connection = file.connect();
        let odd = [
            json!("\u{0}"),
            json!("2026-02-30"),
            json!("now"),
            json!("99:99"),
            json!(1e300),
            json!(u64::MAX),
            json!(-1),
            json!(1.5),
            json!(true),
            json!(null),
            json!(["a", 1]),
            json!("\"places\":7,"),
        ];
        let mut number = 0;
        for view in all() {
            for value in &odd {
                number += 1;
                let fields = view
                    .columns
                    .iter()
                    .map(|column| (column.field.to_owned(), value.clone()));
                put(
                    &connection,
                    number,
                    view.kind,
                    &Value::Object(fields.collect()),
                );
            }
            assert_eq!(
                rows(&connection, view.kind).len(),
                odd.len(),
                "{}",
                view.kind
            );
        }
        let count = |column: &str| -> i64 {
            let sql = format!("SELECT count({column}) FROM analysis_session");
            connection.query_row(&sql, (), |row| row.get(0)).unwrap()
        };
        assert_eq!(
            (count("date"), count("starts_at")),
            (0, 0),
            "days and times that there are not"
        );
        let places = "SELECT group_concat(places) FROM analysis_session";
        let places: String = connection.query_row(places, (), |row| row.get(0)).unwrap();
        assert_eq!(places, "-1", "a number and not a text");
    }

    #[test]
    fn another_catalogue_makes_other_views() {
        let file = File::new();
        let connection = file.connect();
        connection
            .execute_batch(
                "DROP VIEW analysis_person;
                 CREATE VIEW analysis_left_over AS SELECT fields FROM record;
                 DROP VIEW analysis_family;
                 CREATE VIEW analysis_family AS SELECT id FROM record;",
            )
            .unwrap();
        file.open();
        assert!(
            connection
                .prepare("SELECT fields FROM analysis_left_over")
                .is_err()
        );
        assert!(
            connection
                .prepare("SELECT birth_month FROM analysis_person")
                .is_ok()
        );
        assert!(
            connection
                .prepare("SELECT no_fixed_address FROM analysis_family")
                .is_ok()
        );
    }

    #[tokio::test]
    async fn who_is_erased_is_in_no_view() {
        let home = tempfile::tempdir().unwrap();
        let world = in_sqlite(home.path()).await;
        let mut desk = world.at_elm().await;
        let visits = [
            erasure::visit(0xa1, tom().id),
            erasure::visit(0xa2, rosa().id),
        ];
        let mut changes = vec![make(&rosa(), ELM), make(&tom(), ELM)];
        changes.extend(visits.iter().map(|visit| make(visit, ELM)));
        desk.push(changes).await;
        let connection = connect(&home.path().join("county.db"), &KEY).unwrap();
        let seen = || {
            (
                rows(&connection, "person").len(),
                rows(&connection, "attendance").len(),
            )
        };
        assert_eq!(seen(), (2, 2));
        desk.push(vec![make(&erasure::order(0x0e, tom().id), ELM)])
            .await;
        assert_eq!(seen(), (1, 1));
    }
}
