//! Scopes that change, in SQLite.

use std::collections::BTreeSet;

use porch_sync::protocol::Left;
use porch_sync::{DeviceNumber, Row};
use rusqlite::params;
use uuid::Uuid;

use super::reading::{Held, Open, RECORD_COLUMNS, ids, packed, signed, unpack, unsigned};
use super::work::SqliteWork;
use crate::store::{Asked, RemovalWork as _, ScopeReading, ScopeWork, Stored};

impl<H: Held> ScopeReading for Open<H> {
    async fn left(&mut self, scope: Uuid, after: u64, limit: u32) -> Stored<Vec<Left>> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(
            "SELECT sequence, kind, record FROM feed_left
             WHERE scope = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3",
        )?;
        let rows = statement.query_map(params![scope.as_bytes(), signed(after), limit], |row| {
            Ok(Left {
                sequence: unsigned(row.get(0)?),
                kind: row.get(1)?,
                record: Uuid::from_bytes(row.get(2)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    async fn scopes_left(&mut self, record: Uuid) -> Stored<BTreeSet<Uuid>> {
        ids(
            self.connection()?,
            "SELECT scope FROM feed_left WHERE record = ?1",
            [record.as_bytes()],
        )
    }

    async fn born_on(&mut self, date: &str) -> Stored<Vec<Row>> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {RECORD_COLUMNS} FROM record r
             WHERE r.kind = 'person' AND json_extract(r.fields, '$.birth_date') = ?1 ORDER BY r.id"
        ))?;
        let rows = statement.query_map([date], packed)?;
        rows.map(|row| unpack(row?)).collect()
    }

    async fn asked_since(
        &mut self,
        device: Option<DeviceNumber>,
        since_ms: u64,
    ) -> Stored<Vec<Asked>> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(
            "SELECT at_ms, device, author, family FROM asked
             WHERE at_ms >= ?1 AND (?2 IS NULL OR device = ?2) ORDER BY number",
        )?;
        let rows = statement.query_map(
            params![signed(since_ms), device.map(|device| device.0)],
            |row| {
                Ok(Asked {
                    at_ms: unsigned(row.get(0)?),
                    device: DeviceNumber(row.get(1)?),
                    author: Uuid::from_bytes(row.get(2)?),
                    family: row.get::<_, Option<[u8; 16]>>(3)?.map(Uuid::from_bytes),
                })
            },
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl ScopeWork for SqliteWork {
    async fn put_left(&mut self, scope: Uuid, left: &Left) -> Stored<()> {
        self.leave_feed(scope, left.record).await?;
        self.0.run(
            "DELETE FROM record_scope WHERE record = ?1 AND scope = ?2",
            params![left.record.as_bytes(), scope.as_bytes()],
        )?;
        self.0.run(
            "INSERT INTO feed_left (scope, sequence, record, kind) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (record, scope) DO UPDATE SET sequence = excluded.sequence",
            params![
                scope.as_bytes(),
                signed(left.sequence),
                left.record.as_bytes(),
                left.kind
            ],
        )?;
        Ok(())
    }

    async fn put_asked(&mut self, asked: &Asked) -> Stored<()> {
        self.0.run(
            "INSERT INTO asked (at_ms, device, author, family) VALUES (?1, ?2, ?3, ?4)",
            params![
                signed(asked.at_ms),
                asked.device.0,
                asked.author.as_bytes(),
                asked.family.map(Uuid::into_bytes)
            ],
        )?;
        Ok(())
    }
}
