//! The views for the county's analysts, in a schema of their own: a role that may use it and nothing else
//! sees no table (`docs/county-server.md`).
//!
//! They follow from the program's catalogue, not from migrations, and are made anew when it says something
//! else than what is there. A migration that changes the columns of `record` drops them first; what is not
//! there is made.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use tokio_postgres::Client;

use super::migrate::LOCK_MAKING;
use crate::store::views::{Column, Form, View, all};
use crate::store::{StoreFailure, Stored};

/// Analysts who read hold a view for the time; nothing else may wait long behind who waits for them.
const WAIT: &str = "SET LOCAL lock_timeout = '5s'";

/// Makes the views what the catalogue says. When the database does not let it (somebody reads them for a
/// long time, or has built on them), the server serves all the same, and tries again at its next start.
pub(super) async fn make(client: &mut Client) -> Stored<()> {
    let wanted: BTreeMap<String, String> = all()
        .iter()
        .map(|view| (view.kind.to_owned(), definition(view)))
        .collect();
    match renew(client, &wanted).await {
        Err(failure) if failure.as_db_error().is_some() => {
            let failure = StoreFailure::from(failure);
            tracing::error!(%failure, "the analysts' views are not what this program says");
            Ok(())
        }
        done => Ok(done?),
    }
}

async fn renew(
    client: &mut Client,
    wanted: &BTreeMap<String, String>,
) -> Result<(), tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK_MAKING).await?;
    let marks: BTreeMap<String, Option<String>> = wanted
        .iter()
        .map(|(name, definition)| (name.clone(), Some(mark(definition))))
        .collect();
    let mut there = BTreeMap::new();
    let rows = transaction
        .query(
            "SELECT c.relname::text, obj_description(c.oid, 'pg_class')
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'analysis' AND c.relkind = 'v'",
            &[],
        )
        .await?;
    for row in rows {
        there.insert(
            row.try_get::<_, String>(0)?,
            row.try_get::<_, Option<String>>(1)?,
        );
    }
    if there == marks {
        return transaction.commit().await;
    }
    let mut script = format!("{WAIT}; CREATE SCHEMA IF NOT EXISTS analysis;");
    for name in there.keys() {
        let name = name.replace('"', "\"\"");
        script.push_str(&format!("DROP VIEW analysis.\"{name}\";"));
    }
    for (name, definition) in wanted {
        let mark = mark(definition);
        script.push_str(&format!(
            "{definition};COMMENT ON VIEW analysis.{name} IS '{mark}';"
        ));
    }
    transaction.batch_execute(&script).await?;
    transaction.commit().await
}

/// What tells a view that is as it should be: PostgreSQL keeps a definition in words of its own.
fn mark(definition: &str) -> String {
    let digest = Sha256::digest(definition.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("made from the data catalogue: {hex}")
}

/// `security_barrier`: without it, a function of the reader's own may be called on rows of other kinds before
/// they are sorted out.
fn definition(view: &View) -> String {
    let kind = view.kind;
    let columns: String = view
        .columns
        .iter()
        .map(|column| format!(", {} AS {}", expression(column), column.name))
        .collect();
    format!(
        "CREATE VIEW analysis.{kind} WITH (security_barrier) AS SELECT id{columns} FROM record WHERE kind = '{kind}'"
    )
}

const ID: &str = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
/// Only days that there are: a cast of another one would fail, and the query with it.
const DAY: &str = "(?:[1-9][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])\
    |(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))\
    |(?:[1-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00)-02-29)";
const MINUTE: &str = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";

/// The fields are searched as text: PostgreSQL's JSON refuses what a device may have written in others of
/// them (U+0000). A quotation mark inside of a value has a backslash before it, so `"name":` is only ever a
/// field's name.
fn expression(column: &Column) -> String {
    let field = column.field;
    let found = |pattern: &str| format!("substring(fields FROM '\"{field}\":{pattern}')");
    match column.form {
        Form::Id => format!("{}::uuid", found(&format!("\"({ID})\""))),
        Form::YesNo => format!("{}::boolean", found("(true|false)[,}]")),
        Form::Whole => format!("{}::bigint", found("(-?[0-9]{1,18})[,}]")),
        Form::Fraction => format!(
            "{}::double precision",
            found("(-?[0-9]{1,20}(?:\\.[0-9]{1,20})?(?:[eE][-+]?[0-9]{1,2})?)[,}]")
        ),
        Form::Day => format!("{}::date", found(&format!("\"({DAY})\""))),
        Form::Month => format!(
            "({} || '-01')::date",
            found(&format!("\"(?={DAY}\")([0-9]{{4}}-[0-9]{{2}})-"))
        ),
        Form::Moment => format!(
            "{}::timestamptz",
            found(&format!("\"({DAY}T{MINUTE}:[0-5][0-9]\\.[0-9]{{3}}Z)\""))
        ),
        Form::TimeOfDay => format!("{}::time", found(&format!("\"({MINUTE})\""))),
        Form::Word => found("\"([^\"\\\\]*)\""),
        // U+0000 is no character of PostgreSQL's texts: the sign for what cannot be shown is put there.
        Form::Text => format!(
            "regexp_replace({}, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000', '\\1\\\\ufffd', 'g')::json #>> '{{}}'",
            found("(\"(?:[^\"\\\\]|\\\\.)*\")")
        ),
        Form::List => format!("fields::json -> '{field}'"),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use serde_json::{Value, json};
    use tokio_postgres::NoTls;
    use uuid::Uuid;

    use super::super::tests::open;
    use super::*;
    use crate::store::suite::{erasure, in_postgres};
    use crate::store::views::tests::expected;
    use crate::story::{ELM, make, rosa, tom};
    use crate::throwaway;

    /// A connection by hand, as the owner or another role.
    async fn connect(database: &str, role: &str) -> Client {
        let text = database.replace("user=app", &format!("user={role}"));
        let (client, connection) = tokio_postgres::connect(&text, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    async fn put(client: &Client, number: u128, kind: &str, fields: Value) {
        let id = Uuid::from_u128(number);
        let fields = fields.to_string();
        let sql = "INSERT INTO record (id, kind, fields, versions) VALUES ($1, $2, $3, '{}')";
        client.execute(sql, &[&id, &kind, &fields]).await.unwrap();
    }

    /// Every column of a view's rows, as PostgreSQL writes it.
    async fn rows(client: &Client, view: &str) -> Vec<Value> {
        let sql = format!("SELECT to_json(v)::text FROM analysis.{view} v ORDER BY id");
        let rows = client.query(&sql, &[]).await.unwrap();
        rows.iter()
            .map(|row| serde_json::from_str(row.get(0)).unwrap())
            .collect()
    }

    /// A role as docs/county-server.md says to make one.
    async fn analyst(owner: &Client, database: &str) -> String {
        let name = format!("analyst_{}", database.rsplit('=').next().unwrap());
        owner
            .batch_execute(&format!(
                "CREATE ROLE {name} LOGIN;
                 GRANT USAGE ON SCHEMA analysis TO {name};
                 GRANT SELECT ON ALL TABLES IN SCHEMA analysis TO {name};
                 ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA analysis GRANT SELECT ON TABLES TO {name};"
            ))
            .await
            .unwrap();
        name
    }

    #[tokio::test]
    async fn each_kind_has_a_view_with_the_columns_that_the_catalogue_gives_analysts() {
        let text = throwaway::database();
        open(&text, 1).await.unwrap();
        let client = connect(&text, "app").await;
        let rows = client
            .query(
                "SELECT table_name::text, array_agg(column_name::text ORDER BY ordinal_position)
                 FROM information_schema.columns WHERE table_schema = 'analysis' GROUP BY 1",
                &[],
            )
            .await
            .unwrap();
        let mut there: Vec<(String, Vec<String>)> =
            rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        there.sort();
        assert_eq!(there, expected());
    }

    #[tokio::test]
    async fn values_come_out_as_what_they_are() {
        let text = throwaway::database();
        open(&text, 1).await.unwrap();
        let client = connect(&text, "app").await;
        let ids = |number| Uuid::from_u128(number).to_string();
        put(
            &client,
            1,
            "session",
            json!({
                "activity": ids(2), "centre": ids(3), "venue": ids(3), "date": "2024-02-29",
                "starts_at": "09:30", "ends_at": "11:00", "places": 12,
            }),
        )
        .await;
        put(
            &client,
            2,
            "person",
            json!({"birth_date": "1996-04-03", "gender": "female"}),
        )
        .await;
        put(
            &client,
            3,
            "family",
            json!({"centre": ids(3), "no_fixed_address": true}),
        )
        .await;
        put(
            &client,
            4,
            "attendance",
            json!({"arrived_at": "2026-11-23T09:30:00.000Z"}),
        )
        .await;
        let types = "SELECT pg_typeof(id)::text, pg_typeof(date)::text, pg_typeof(starts_at)::text, pg_typeof(places)::text FROM analysis.session";
        let types = client.query_one(types, &[]).await.unwrap();
        let types: [String; 4] = std::array::from_fn(|column| types.get(column));
        assert_eq!(types, ["uuid", "date", "time without time zone", "bigint"]);
        assert_eq!(
            rows(&client, "session").await,
            [json!({
                "id": ids(1), "activity": ids(2), "centre": ids(3), "venue": ids(3), "date": "2024-02-29",
                "starts_at": "09:30:00", "ends_at": "11:00:00", "places": 12,
            })]
        );
        assert_eq!(
            rows(&client, "person").await,
            [json!({"id": ids(2), "birth_month": "1996-04-01", "gender": "female"})]
        );
        assert_eq!(
            rows(&client, "family").await,
            [json!({"id": ids(3), "centre": ids(3), "no_fixed_address": true})]
        );
        let arrived =
            "SELECT arrived_at = '2026-11-23 09:30 UTC'::timestamptz FROM analysis.attendance";
        assert!(
            client
                .query_one(arrived, &[])
                .await
                .unwrap()
                .get::<_, bool>(0)
        );
    }

    #[tokio::test]
    async fn no_value_keeps_a_view_from_being_read() {
        let text = throwaway::database();
        open(&text, 1).await.unwrap();
        let client = connect(&text, "app").await;
        let odd = [
            json!("\u{0}"),
            json!("\\u0000"),
            json!("\\\u{0}\u{0}"),
            json!("2026-02-30"),
            json!("2023-02-29"),
            json!("1900-02-29"),
            json!("0000-01-01"),
            json!("99:99"),
            json!("2026-11-23T25:00:00.000Z"),
            json!(1e300),
            json!(-1),
            json!(1.5),
            json!(u64::MAX),
            json!(true),
            json!(null),
            json!(["a", 1]),
            json!(["\u{0}"]),
            json!("\"places\":7,"),
            json!("\u{1F600} \"\\\u{7f}"),
            json!("00000000-0000-0000-0000-00000000000g"),
        ];
        let mut number = 0;
        for view in all() {
            for value in &odd {
                number += 1;
                let fields = view
                    .columns
                    .iter()
                    .map(|column| (column.field.to_owned(), value.clone()));
                put(&client, number, view.kind, Value::Object(fields.collect())).await;
            }
            assert_eq!(
                rows(&client, view.kind).await.len(),
                odd.len(),
                "{}",
                view.kind
            );
        }
        let names: Vec<Value> = rows(&client, "centre")
            .await
            .iter()
            .map(|row| row["name"].clone())
            .collect();
        assert_eq!(
            names[..3],
            ["\u{fffd}", "\\u0000", "\\\u{fffd}\u{fffd}"],
            "what PostgreSQL cannot show has its sign, what only looks like it is left"
        );
        assert_eq!(names[18], odd[18]);
        let dates = "SELECT count(date) FROM analysis.session";
        assert_eq!(
            client.query_one(dates, &[]).await.unwrap().get::<_, i64>(0),
            0,
            "days that there are not"
        );
        let places =
            "SELECT array_agg(places) FILTER (WHERE places IS NOT NULL) FROM analysis.session";
        let places: Vec<i64> = client.query_one(places, &[]).await.unwrap().get(0);
        assert_eq!(places, [-1], "and no number out of a text");
    }

    #[tokio::test]
    async fn an_analyst_reads_the_views_and_nothing_else() {
        let text = throwaway::database();
        open(&text, 1).await.unwrap();
        let owner = connect(&text, "app").await;
        put(&owner, 1, "centre", json!({"name": "Elm"})).await;
        put(
            &owner,
            2,
            "family",
            json!({"name": "Sampleton", "note": "Moved"}),
        )
        .await;
        let name = analyst(&owner, &text).await;
        let analyst = connect(&text, &name).await;
        assert_eq!(rows(&analyst, "family").await.len(), 1);
        let tables = owner
            .query("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')", &[])
            .await
            .unwrap();
        assert!(tables.len() > 15, "all of the store's tables");
        for table in &tables {
            let table: String = table.get(0);
            let read = analyst.query(&format!("SELECT 1 FROM {table}"), &[]).await;
            assert_eq!(read.unwrap_err().code().unwrap().code(), "42501", "{table}");
        }
        for write in [
            "DELETE FROM analysis.centre",
            "UPDATE analysis.centre SET id = id",
            "CREATE VIEW analysis.mine AS SELECT 1",
        ] {
            let written = analyst.execute(write, &[]).await;
            assert!(written.is_err(), "{write}");
        }
        // A function of their own, so cheap that it would be called first, is called on no row of another kind.
        analyst
            .batch_execute(
                "CREATE FUNCTION pg_temp.tell(uuid) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
                 $$ BEGIN IF $1::text LIKE '%2' THEN RAISE EXCEPTION 'seen'; END IF; RETURN true; END $$",
            )
            .await
            .unwrap();
        let seen = "SELECT name FROM analysis.centre WHERE pg_temp.tell(id)";
        let seen = analyst.query_one(seen, &[]).await.unwrap();
        assert_eq!(seen.get::<_, String>(0), "Elm");

        // Another program, another view; the analyst reads on.
        owner
            .batch_execute(
                "DROP VIEW analysis.person;
                 CREATE VIEW analysis.left_over AS SELECT fields FROM record;
                 COMMENT ON VIEW analysis.family IS 'made from an older catalogue';",
            )
            .await
            .unwrap();
        let starting = (0..4).map(|_| {
            let text = text.clone();
            tokio::spawn(async move { open(&text, 1).await.map(|_| ()) })
        });
        for started in starting.collect::<Vec<_>>() {
            started.await.unwrap().unwrap();
        }
        assert_eq!(rows(&analyst, "family").await.len(), 1);
        assert_eq!(rows(&analyst, "person").await.len(), 0);
        let gone = analyst.query("SELECT 1 FROM analysis.left_over", &[]).await;
        assert_eq!(gone.unwrap_err().code().unwrap().code(), "42P01");
    }

    #[tokio::test]
    async fn a_server_starts_though_its_views_cannot_be_made_anew() {
        let text = throwaway::database();
        open(&text, 1).await.unwrap();
        let owner = connect(&text, "app").await;
        owner
            .batch_execute(
                "CREATE VIEW built_on_it AS SELECT * FROM analysis.person;
                 COMMENT ON VIEW analysis.person IS 'older';",
            )
            .await
            .unwrap();
        open(&text, 1).await.unwrap();
        assert_eq!(rows(&owner, "person").await.len(), 0, "all as it was");
        owner.batch_execute("DROP VIEW built_on_it").await.unwrap();
        open(&text, 1).await.unwrap();
        let mark = "SELECT obj_description('analysis.person'::regclass)";
        let mark: String = owner.query_one(mark, &[]).await.unwrap().get(0);
        assert!(mark.starts_with("made from the data catalogue: "), "{mark}");
    }

    #[tokio::test]
    async fn who_is_erased_is_in_no_view() {
        let text = throwaway::database();
        let world = in_postgres(&text).await;
        let mut desk = world.at_elm().await;
        let visits = [
            erasure::visit(0xa1, tom().id),
            erasure::visit(0xa2, rosa().id),
        ];
        let mut changes = vec![make(&rosa(), ELM), make(&tom(), ELM)];
        changes.extend(visits.iter().map(|visit| make(visit, ELM)));
        desk.push(changes).await;
        let client = connect(&text, "app").await;
        let seen = async || {
            (
                rows(&client, "person").await.len(),
                rows(&client, "attendance").await.len(),
            )
        };
        assert_eq!(seen().await, (2, 2));
        desk.push(vec![make(&erasure::order(0x0e, tom().id), ELM)])
            .await;
        assert_eq!(seen().await, (1, 1));
    }
}
