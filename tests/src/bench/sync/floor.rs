//! The floor: bare inserts of the rows that a device took in, with the same indexes, the search
//! index included, into an SQLCipher database of the same settings. No guard, no feed, no outbox.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant as Moment};

use anyhow::{Context as _, Result};
use porch_domain::catalogue::RECORDS;
use porch_store::keys::DatabaseKey;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use uuid::Uuid;

use super::documents::{Documents, PICTURE, THUMBNAIL};
use crate::bench::bare;

/// Rows in a transaction: as many as in a page.
const ROWS: usize = 1000;
/// Bytes of pictures in a transaction.
const PICTURES: usize = 1024 * 1024;

/// How long the bare inserts took.
pub(super) struct Floor {
    /// The rows.
    pub(super) rows: Duration,
    /// The pictures.
    pub(super) pictures: Duration,
}

/// A row of a table, and the number of the statement that inserts it.
type Bare = (usize, Vec<Value>);

/// Inserts what a device has, rows in the order in which it got them, into a database of its own.
pub(super) fn insert(
    device: &Path,
    key: &DatabaseKey,
    folder: &Path,
    documents: &Documents,
    photos: bool,
) -> Result<Floor> {
    std::fs::create_dir_all(folder)?;
    let from = bare::open(device, key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let (statements, rows) = read(&from, documents, photos)?;
    let schema = schema(&from)?;
    drop(from);
    let path = folder.join("floor.db");
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut to = bare::open(&path, key, flags)?;
    to.execute_batch("PRAGMA cache_size = -65536")?;
    to.execute_batch(&schema)?;

    let began = Moment::now();
    for rows in rows.chunks(ROWS) {
        let transaction = to.transaction()?;
        for (statement, values) in rows {
            let sql = statements.get(*statement).context("no statement")?;
            transaction
                .prepare_cached(sql)?
                .execute(params_from_iter(values))?;
        }
        transaction.commit()?;
    }
    let rows = began.elapsed();
    let began = Moment::now();
    if photos {
        insert_pictures(&mut to, documents.people.len() / 10)?;
    }
    Ok(Floor {
        rows,
        pictures: began.elapsed(),
    })
}

fn insert_pictures(to: &mut Connection, photos: usize) -> Result<()> {
    for (variant, bytes) in [("thumbnail", THUMBNAIL), ("picture", PICTURE)] {
        let bytes = vec![0x5a_u8; bytes];
        let in_one = (PICTURES / bytes.len()).max(1);
        let mut left = photos;
        while left > 0 {
            let transaction = to.transaction()?;
            for _ in 0..in_one.min(left) {
                transaction
                    .prepare_cached("INSERT INTO picture (photo, variant, bytes) VALUES (?, ?, ?)")?
                    .execute((Uuid::now_v7().as_bytes(), variant, &bytes))?;
            }
            transaction.commit()?;
            left -= in_one.min(left);
        }
    }
    Ok(())
}

/// The tables of records, of pictures and of the search index, and their indexes; no guards.
fn schema(from: &Connection) -> Result<String> {
    let tables: Vec<&str> = RECORDS
        .iter()
        .map(|entry| entry.table)
        .chain(["picture", "search_entry", "person_search"])
        .collect();
    let mut select = from.prepare(
        "SELECT sql FROM sqlite_schema
         WHERE type IN ('table', 'index') AND sql IS NOT NULL
            AND tbl_name IN (SELECT value FROM json_each(?))",
    )?;
    let sql = select.query_map([serde_json::to_string(&tables)?], |row| {
        row.get::<_, String>(0)
    })?;
    let mut schema = sql.collect::<Result<Vec<_>, _>>()?.join(";\n");
    schema.push_str(
        ";\nINSERT INTO person_search (person_search, rank) VALUES ('secure-delete', 1);",
    );
    Ok(schema)
}

/// Every row that a device has of the documents, in their order, with its entry in the search index
/// after a membership, where it follows from.
fn read(
    from: &Connection,
    documents: &Documents,
    photos: bool,
) -> Result<(Vec<String>, Vec<Bare>)> {
    let (mut statements, mut found) = (Vec::new(), HashMap::new());
    for (number, entry) in RECORDS.iter().enumerate() {
        let (statement, rows) = table(from, entry.table, "id")?;
        statements.push(statement);
        found.extend(rows.into_iter().map(|(id, values)| (id, (number, values))));
    }
    let (entry, mut entries) = table(from, "search_entry", "person")?;
    statements.push(entry);
    let (search, mut texts) = search(from)?;
    statements.push(search);
    let (entry, search) = (statements.len() - 2, statements.len() - 1);

    let mut rows: Vec<Bare> = Vec::with_capacity(found.len());
    let shots = documents.shots().filter(|_| photos);
    let of_shots = shots.flat_map(|shot| shot.records().map(|(_, id, _)| id));
    let ids: Vec<Uuid> = documents
        .records
        .iter()
        .map(|record| record.id)
        .chain(of_shots)
        .collect();
    for id in ids {
        let row = found.remove(id.as_bytes().as_slice());
        let row = row.context("the device lacks a row")?;
        rows.push(row);
        if let Some(values) = entries.remove(id.as_bytes().as_slice()) {
            let Some(Value::Integer(number)) = values.first() else {
                anyhow::bail!("an entry has no number");
            };
            let text = texts.remove(number).context("an entry has no text")?;
            rows.push((entry, values));
            rows.push((search, text));
        }
    }
    Ok((statements, rows))
}

/// The statement that inserts into a table, and its rows by one of their columns.
fn table(
    from: &Connection,
    table: &str,
    by: &str,
) -> Result<(String, HashMap<Vec<u8>, Vec<Value>>)> {
    let mut select = from.prepare(&format!("SELECT {by}, * FROM {table}"))?;
    let columns = select.column_count() - 1;
    let names = select.column_names().skip(1).collect::<Vec<_>>().join(", ");
    let places = vec!["?"; columns].join(", ");
    let rows = select.query_map((), |row| {
        let values = (1..=columns).map(|column| row.get(column));
        Ok((row.get(0)?, values.collect::<Result<_, _>>()?))
    })?;
    let rows = rows.collect::<Result<_, _>>()?;
    Ok((
        format!("INSERT INTO {table} ({names}) VALUES ({places})"),
        rows,
    ))
}

fn search(from: &Connection) -> Result<(String, HashMap<i64, Vec<Value>>)> {
    const COLUMNS: &str = "rowid, names, phone, postcode, birth, centre";
    let mut select = from.prepare(&format!("SELECT {COLUMNS} FROM person_search"))?;
    let rows = select.query_map((), |row| {
        let values = (0..6).map(|column| row.get(column));
        Ok((row.get(0)?, values.collect::<Result<_, _>>()?))
    })?;
    let rows = rows.collect::<Result<_, _>>()?;
    Ok((
        format!("INSERT INTO person_search ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"),
        rows,
    ))
}
