//! Scopes that change, in PostgreSQL.

use std::collections::BTreeSet;

use porch_sync::protocol::Left;
use porch_sync::{DeviceNumber, Row};
use uuid::Uuid;

use super::reading::{RECORD_COLUMNS, get, number, record, signed, unsigned};
use super::transaction::{Purpose, Transaction, Unit};
use crate::store::{Asked, RemovalWork as _, ScopeReading, ScopeWork, Stored};

impl<P: Purpose> ScopeReading for Transaction<P> {
    async fn left(&mut self, scope: Uuid, after: u64, limit: u32) -> Stored<Vec<Left>> {
        let found = self
            .rows(
                "SELECT sequence, kind, record FROM feed_left
                 WHERE scope = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
                &[&scope, &signed(after), &i64::from(limit)],
            )
            .await?;
        found
            .iter()
            .map(|found| {
                Ok(Left {
                    sequence: unsigned(get(found, 0)?),
                    kind: get(found, 1)?,
                    record: get(found, 2)?,
                })
            })
            .collect()
    }

    async fn scopes_left(&mut self, record: Uuid) -> Stored<BTreeSet<Uuid>> {
        let found = self
            .rows("SELECT scope FROM feed_left WHERE record = $1", &[&record])
            .await?;
        found.iter().map(|found| get(found, 0)).collect()
    }

    async fn born_on(&mut self, date: &str) -> Stored<Vec<Row>> {
        let sql = format!(
            r#"SELECT {RECORD_COLUMNS} FROM record r
             WHERE r.kind = 'person'
                 AND substring(r.fields FROM '"birth_date":"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"') = $1
             ORDER BY r.id"#
        );
        self.rows(&sql, &[&date])
            .await?
            .iter()
            .map(record)
            .collect()
    }

    async fn asked_since(
        &mut self,
        device: Option<DeviceNumber>,
        since_ms: u64,
    ) -> Stored<Vec<Asked>> {
        let device = device.map(|device| i64::from(device.0));
        let found = self
            .rows(
                "SELECT at_ms, device, author, family FROM asked
                 WHERE at_ms >= $1 AND ($2::int8 IS NULL OR device = $2) ORDER BY number",
                &[&signed(since_ms), &device],
            )
            .await?;
        found
            .iter()
            .map(|found| {
                Ok(Asked {
                    at_ms: unsigned(get(found, 0)?),
                    device: DeviceNumber(number(found, 1)?),
                    author: get(found, 2)?,
                    family: get(found, 3)?,
                })
            })
            .collect()
    }
}

impl ScopeWork for Transaction<Unit> {
    async fn put_left(&mut self, scope: Uuid, left: &Left) -> Stored<()> {
        self.leave_feed(scope, left.record).await?;
        self.run(
            "DELETE FROM record_scope WHERE record = $1 AND scope = $2",
            &[&left.record, &scope],
        )
        .await?;
        self.run(
            "INSERT INTO feed_left (scope, sequence, record, kind) VALUES ($1, $2, $3, $4)
             ON CONFLICT (record, scope) DO UPDATE SET sequence = excluded.sequence",
            &[&scope, &signed(left.sequence), &left.record, &left.kind],
        )
        .await
    }

    async fn put_asked(&mut self, asked: &Asked) -> Stored<()> {
        self.run(
            "INSERT INTO asked (at_ms, device, author, family) VALUES ($1, $2, $3, $4)",
            &[
                &signed(asked.at_ms),
                &i64::from(asked.device.0),
                &asked.author,
                &asked.family,
            ],
        )
        .await
    }
}
