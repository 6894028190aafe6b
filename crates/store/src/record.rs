//! Records as rows, by the data catalogue's column lists.

use std::collections::HashMap;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use porch_domain::catalogue::{
    ColumnType, FieldEntry, RECORDS, Record, RecordEntry, Shape, record_entry,
};
use porch_domain::erasure::{ErasureOrder, cleared};
use porch_domain::id::RecordId;
use porch_sync::{Row, Stamped, Versions};
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{OptionalExtension as _, params_from_iter};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::access::{Read, Write};
use crate::error::StoreError;
use crate::search;

/// The statements for one kind of record, made once from its catalogue entry.
struct Statements {
    select: String,
    insert: String,
    update: String,
    delete: String,
    set_versions: String,
}

static STATEMENTS: LazyLock<HashMap<&'static str, Statements>> = LazyLock::new(|| {
    RECORDS
        .iter()
        .map(|entry| (entry.kind, statements(entry)))
        .collect()
});

/// Names come from the catalogue, which is code, never from what arrives.
fn statements(entry: &RecordEntry) -> Statements {
    let table = entry.table;
    let names: Vec<&str> = entry.fields.iter().map(|field| field.name).collect();
    let columns = names.join(", ");
    let places = vec!["?"; names.len() + 3].join(", ");
    let sets: Vec<String> = names.iter().map(|name| format!("{name} = ?")).collect();
    Statements {
        select: format!("SELECT {columns}, versions, extra FROM {table} WHERE id = ?"),
        // A row is written whole or refused: a savepoint of the statement's own would copy pages for nothing
        // (migrations/desk/0006_lean.sql).
        insert: format!(
            "INSERT OR FAIL INTO {table} ({columns}, versions, extra, id) VALUES ({places})"
        ),
        update: format!(
            "UPDATE {table} SET {}, versions = ?, extra = ? WHERE id = ?",
            sets.join(", ")
        ),
        delete: format!("DELETE FROM {table} WHERE id = ?"),
        set_versions: format!("UPDATE {table} SET versions = ?1 WHERE id = ?2 AND versions <> ?1"),
    }
}

fn of_kind(kind: &str) -> Result<(&'static RecordEntry, &'static Statements), StoreError> {
    record_entry(kind)
        .zip(STATEMENTS.get(kind))
        .ok_or(StoreError::Malformed)
}

/// The column form of a field's JSON form.
fn to_sql(field: &FieldEntry, value: &Value) -> Result<Sql, StoreError> {
    if value.is_null() {
        return if field.nullable {
            Ok(Sql::Null)
        } else {
            Err(StoreError::Malformed)
        };
    }
    let sql = match field.column {
        ColumnType::Id => value
            .as_str()
            .and_then(parse_id)
            .map(|id| Sql::Blob(id.as_bytes().to_vec())),
        ColumnType::Text => value.as_str().map(|text| Sql::Text(text.to_owned())),
        ColumnType::Integer => value.as_i64().map(Sql::Integer),
        ColumnType::Real => value.as_f64().map(Sql::Real),
        ColumnType::Bool => value.as_bool().map(|yes| Sql::Integer(yes.into())),
        ColumnType::Bytes => value
            .as_str()
            .and_then(|text| BASE64.decode(text).ok())
            .map(Sql::Blob),
        ColumnType::Json => value.is_array().then(|| Sql::Text(value.to_string())),
    };
    sql.ok_or(StoreError::Malformed)
}

/// Only the hyphenated form: one id has one text.
fn parse_id(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    (id.as_hyphenated().to_string() == text).then_some(id)
}

fn to_json(field: &FieldEntry, value: ValueRef<'_>) -> Result<Value, StoreError> {
    let malformed = |_| StoreError::Malformed;
    Ok(match (field.column, value) {
        (_, ValueRef::Null) => Value::Null,
        (ColumnType::Id, ValueRef::Blob(bytes)) => Value::from(
            Uuid::from_slice(bytes)
                .map_err(|_| StoreError::Malformed)?
                .to_string(),
        ),
        (ColumnType::Bytes, ValueRef::Blob(bytes)) => Value::from(BASE64.encode(bytes)),
        (ColumnType::Bool, ValueRef::Integer(number)) => Value::from(number != 0),
        (ColumnType::Json, ValueRef::Text(text)) => serde_json::from_slice(text)?,
        (_, ValueRef::Text(text)) => {
            Value::from(std::str::from_utf8(text).map_err(|_| StoreError::Malformed)?)
        }
        (_, ValueRef::Integer(number)) => Value::from(number),
        (_, value @ ValueRef::Real(_)) => Value::from(value.as_f64().map_err(malformed)?),
        (_, ValueRef::Blob(_)) => return Err(StoreError::Malformed),
    })
}

impl Read<'_> {
    /// A record with the version of each field, or `None` when there is none of that id.
    ///
    /// # Errors
    /// When the kind is not in the catalogue or the row is not of its form.
    pub fn row(&self, kind: &str, id: Uuid) -> Result<Option<Row>, StoreError> {
        let (entry, statements) = of_kind(kind)?;
        let mut select = self.connection.prepare_cached(&statements.select)?;
        let found = select
            .query_row([id.as_bytes().as_slice()], |row| {
                Ok(read_row(entry, id, row))
            })
            .optional()?;
        found.transpose()
    }

    /// Every record of a kind, in the order of their ids: for kinds of which the county has few.
    ///
    /// # Errors
    /// When a row is not of its form.
    pub(crate) fn every<R: Record>(&self) -> Result<Vec<R>, StoreError> {
        let mut select = self
            .connection
            .prepare_cached(&format!("SELECT id FROM {} ORDER BY id", R::ENTRY.table))?;
        let ids = select
            .query_map((), |row| row.get(0))?
            .collect::<Result<Vec<[u8; 16]>, _>>()?;
        ids.into_iter()
            .map(|id| Ok(self.written(Uuid::from_bytes(id).into())?.0))
            .collect()
    }

    /// A record as its type, with the packed versions of its fields, on which an edit rests. Of a
    /// person or family that was registered more than once it is the survivor, as it shows.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none; when the row is not of its form.
    pub fn record<R: Record>(&self, id: R::Id) -> Result<(R, Versions), StoreError> {
        match self.shown(R::KIND, id.uuid())? {
            Some(row) => typed(&row),
            None => self.written(id),
        }
    }

    /// A record as its type, as it was written, whatever it is the same as.
    pub(crate) fn written<R: Record>(&self, id: R::Id) -> Result<(R, Versions), StoreError> {
        typed(&self.row(R::KIND, id.uuid())?.ok_or(StoreError::NotFound)?)
    }
}

fn typed<R: Record>(row: &Row) -> Result<(R, Versions), StoreError> {
    let versions = row.versions().ok_or(StoreError::Malformed)?;
    Ok((
        R::from_fields(R::Id::from(row.id), &row.values())?,
        versions,
    ))
}

fn read_row(entry: &RecordEntry, id: Uuid, row: &rusqlite::Row<'_>) -> Result<Row, StoreError> {
    let count = entry.fields.len();
    let versions: Versions = serde_json::from_str(
        row.get_ref(count)?
            .as_str()
            .map_err(|_| StoreError::Malformed)?,
    )?;
    let stamped = |name: &str, value: Value| -> Result<(String, Stamped), StoreError> {
        let version = versions.of(name).ok_or(StoreError::Malformed)?;
        Ok((name.to_owned(), Stamped { value, version }))
    };
    let mut fields = entry
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| stamped(field.name, to_json(field, row.get_ref(index)?)?))
        .collect::<Result<std::collections::BTreeMap<_, _>, StoreError>>()?;
    if let Some(extra) = row.get::<_, Option<String>>(count + 1)? {
        let extra: Map<String, Value> = serde_json::from_str(&extra)?;
        for (name, value) in extra {
            let (name, stamped) = stamped(&name, value)?;
            fields.insert(name, stamped);
        }
    }
    Ok(Row {
        kind: entry.kind.to_owned(),
        id,
        fields,
    })
}

impl Write<'_> {
    /// Writes a record's whole state in place of what was there, and keeps the search index true.
    /// Fields that the catalogue does not know are kept beside the columns.
    ///
    /// # Errors
    /// When the kind or a value is not of the catalogue's form, or a guard refuses. An event that
    /// exists stays as it was written, but for which write it came from.
    pub fn put_row(&self, row: &Row) -> Result<(), StoreError> {
        self.put_columns(row)?;
        search::row_changed(self, &row.kind, row.id)
    }

    /// As [`Write::put_row`], but for the search index, which the caller brings up to it.
    pub(crate) fn put_columns(&self, row: &Row) -> Result<(), StoreError> {
        let (entry, statements) = of_kind(&row.kind)?;
        let mut values = Vec::with_capacity(entry.fields.len() + 3);
        for field in entry.fields {
            let value = row
                .fields
                .get(field.name)
                .map_or(&Value::Null, |stamped| &stamped.value);
            values.push(to_sql(field, value)?);
        }
        let extra: Map<String, Value> = row
            .fields
            .iter()
            .filter(|(name, _)| entry.field(name).is_none())
            .map(|(name, stamped)| (name.clone(), stamped.value.clone()))
            .collect();
        let versions = row.versions().ok_or(StoreError::Malformed)?;
        let versions = serde_json::to_string(&versions)?;
        values.push(Sql::Text(versions.clone()));
        values.push(if extra.is_empty() {
            Sql::Null
        } else {
            Sql::Text(Value::from(extra).to_string())
        });
        values.push(Sql::Blob(row.id.as_bytes().to_vec()));
        if entry.shape == Shape::Event {
            let known = self.has(&row.kind, row.id)?;
            // An order to erase never comes back from the county: nobody asks which write it was.
            if known && row.kind == ErasureOrder::KIND {
                return Ok(());
            }
            let (sql, values) = if known {
                let id = Sql::Blob(row.id.as_bytes().to_vec());
                (&statements.set_versions, vec![Sql::Text(versions), id])
            } else {
                (&statements.insert, values)
            };
            self.connection
                .prepare_cached(sql)?
                .execute(params_from_iter(values))?;
            // What they name was erased, which a copied device may never have been told.
            for field in cleared(&row.kind).filter(|_| known) {
                let named = row.fields.get(field);
                if named.is_none_or(|stamped| stamped.value.is_null()) {
                    let sql = format!("UPDATE {} SET {field} = NULL WHERE id = ?", entry.table);
                    self.connection
                        .prepare_cached(&sql)?
                        .execute([row.id.as_bytes()])?;
                }
            }
            return Ok(());
        }
        let sql = if self.has(&row.kind, row.id)? {
            &statements.update
        } else {
            &statements.insert
        };
        self.connection
            .prepare_cached(sql)?
            .execute(params_from_iter(values))?;
        Ok(())
    }

    /// Whether there is a record of that kind and id.
    pub(crate) fn has(&self, kind: &str, id: Uuid) -> Result<bool, StoreError> {
        let (_, statements) = of_kind(kind)?;
        Ok(self
            .connection
            .prepare_cached(&statements.select)?
            .exists([id.as_bytes().as_slice()])?)
    }

    /// Deletes a record's row and its entries in the search index.
    ///
    /// # Errors
    /// When a guard refuses.
    pub(crate) fn delete_row(&self, kind: &str, id: Uuid) -> Result<(), StoreError> {
        let (_, statements) = of_kind(kind)?;
        let people = search::affected(self, kind, id)?;
        self.connection
            .prepare_cached(&statements.delete)?
            .execute([id.as_bytes().as_slice()])?;
        search::refresh(self, &people)
    }
}

#[cfg(test)]
mod tests {
    use porch_sync::{DeviceNumber, Hlc, Version};

    use porch_domain::attendance::Departure;

    use super::*;
    use crate::scratch;

    #[test]
    fn who_collected_somebody_is_forgotten_here_once_the_county_has_forgotten_it() {
        let (_home, store) = scratch::store();
        let version = Version {
            clock: Hlc::at(1),
            device: DeviceNumber(1),
            sequence: 1,
        };
        let departure = |collected_by: Value| {
            let fields = [
                ("attendance", Value::from(Uuid::from_u128(1).to_string())),
                ("left_at", Value::from("2026-11-23T11:00:00.000Z")),
                ("collected_by", collected_by),
            ];
            let stamp =
                |(name, value): (&str, Value)| (name.to_owned(), Stamped { value, version });
            Row {
                kind: Departure::KIND.to_owned(),
                id: Uuid::from_u128(2),
                fields: fields.map(stamp).into(),
            }
        };
        let here = departure(Value::from(Uuid::from_u128(3).to_string()));
        let there = departure(Value::Null);
        store
            .write(|write| {
                write.put_columns(&here)?;
                write.put_columns(&there)?;
                assert_eq!(write.row(Departure::KIND, here.id)?, Some(there));
                Ok::<_, StoreError>(())
            })
            .unwrap();
    }

    #[test]
    fn every_table_has_the_columns_that_the_catalogue_names() {
        let (_home, store) = scratch::store();
        let mut wrong = Vec::new();
        for entry in RECORDS {
            let mut expected: Vec<(String, String, bool)> = entry
                .fields
                .iter()
                .map(|field| {
                    let column = match field.column {
                        ColumnType::Id | ColumnType::Bytes => "BLOB",
                        ColumnType::Text | ColumnType::Json => "TEXT",
                        ColumnType::Integer | ColumnType::Bool => "INTEGER",
                        ColumnType::Real => "REAL",
                    };
                    (field.name.to_owned(), column.to_owned(), !field.nullable)
                })
                .collect();
            expected.push(("id".to_owned(), "BLOB".to_owned(), true));
            expected.push(("versions".to_owned(), "TEXT".to_owned(), true));
            expected.push(("extra".to_owned(), "TEXT".to_owned(), false));
            let found: Vec<(String, String, bool)> = store
                .read(|read| {
                    let mut columns = read
                        .connection
                        .prepare("SELECT name, type, \"notnull\" FROM pragma_table_info(?)")?;
                    let columns = columns.query_map([entry.table], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                    })?;
                    Ok::<_, StoreError>(columns.collect::<Result<_, _>>()?)
                })
                .unwrap();
            wrong.extend(
                expected
                    .iter()
                    .filter(|column| !found.contains(column))
                    .map(|c| (entry.table, "lacks", c.clone())),
            );
            wrong.extend(
                found
                    .iter()
                    .filter(|column| !expected.contains(column))
                    .map(|c| (entry.table, "has", c.clone())),
            );
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
