//! Erasures in PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};

use porch_sync::protocol::Outcome;
use porch_sync::{DeviceNumber, Row};
use tokio_postgres::Row as Found;
use uuid::Uuid;

use super::reading::{RECORD_COLUMNS, bytes, get, json, number, record, signed, unsigned};
use super::tallies::MODULUS;
use super::transaction::{Purpose, Transaction, Unit};
use super::work::text;
use crate::store::removal::{forget, names};
use crate::store::{Erasure, Kept, Logged, RemovalReading, RemovalWork, Stored};

const LOGGED_COLUMNS: &str = "l.keyed, l.kind, l.erasure, l.sequence, l.at_ms, l.record";

fn logged(found: &Found) -> Stored<Logged> {
    Ok(Logged {
        keyed: bytes(found, 0)?,
        kind: get(found, 1)?,
        erasure: get(found, 2)?,
        sequence: unsigned(get(found, 3)?),
        at_ms: unsigned(get(found, 4)?),
        record: get(found, 5)?,
    })
}

impl<P: Purpose> RemovalReading for Transaction<P> {
    async fn naming(&mut self, ids: &BTreeSet<Uuid>) -> Stored<Vec<Row>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        // Whatever form a UUID is written in, these digits follow each other but for hyphens.
        let digits: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
        let sql = format!(
            "SELECT {RECORD_COLUMNS} FROM record r
             WHERE replace(lower(r.fields), '-', '') ~ $1 ORDER BY r.id"
        );
        let mut rows = Vec::new();
        for found in self.rows(&sql, &[&digits.join("|")]).await? {
            let row = record(&found)?;
            if row.fields.values().any(|field| names(&field.value, ids)) {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    async fn record_ids(&mut self) -> Stored<Vec<Uuid>> {
        let found = self.rows("SELECT id FROM record", &[]).await?;
        found.iter().map(|found| get(found, 0)).collect()
    }

    async fn feeds_of(&mut self, record: Uuid) -> Stored<BTreeSet<Uuid>> {
        let found = self
            .rows("SELECT scope FROM feed WHERE record = $1", &[&record])
            .await?;
        found.iter().map(|found| get(found, 0)).collect()
    }

    async fn logged(&mut self, keyed: [u8; 32]) -> Stored<Option<Logged>> {
        let sql = format!("SELECT {LOGGED_COLUMNS} FROM removal l WHERE l.keyed = $1");
        let found = self.row(&sql, &[&keyed.as_slice()]).await?;
        found.as_ref().map(logged).transpose()
    }

    async fn log_of(&mut self, erasure: Uuid) -> Stored<Vec<Logged>> {
        let sql = format!(
            "SELECT {LOGGED_COLUMNS} FROM removal l WHERE l.erasure = $1 ORDER BY l.sequence, l.keyed"
        );
        let found = self.rows(&sql, &[&erasure]).await?;
        found.iter().map(logged).collect()
    }

    async fn removals(
        &mut self,
        device: DeviceNumber,
        after: u64,
        limit: u32,
    ) -> Stored<Vec<Logged>> {
        let sql = format!(
            "SELECT {LOGGED_COLUMNS} FROM removal l
             JOIN erasure_holder h ON h.erasure = l.erasure AND h.device = $1
             WHERE l.record IS NOT NULL AND l.sequence > $2 ORDER BY l.sequence LIMIT $3"
        );
        let found = self
            .rows(
                &sql,
                &[&i64::from(device.0), &signed(after), &i64::from(limit)],
            )
            .await?;
        found.iter().map(logged).collect()
    }

    async fn erasures(&mut self) -> Stored<Vec<Erasure>> {
        // One statement: in a unit of work another may commit between two.
        let found = self
            .rows(
                "SELECT e.id, e.at_ms, e.sequence, e.told, h.device, h.confirmed_ms
                 FROM erasure e LEFT JOIN erasure_holder h ON h.erasure = e.id ORDER BY e.id",
                &[],
            )
            .await?;
        let mut erasures: BTreeMap<Uuid, Erasure> = BTreeMap::new();
        for found in &found {
            let id = get(found, 0)?;
            let erasure = match erasures.remove(&id) {
                Some(erasure) => erasure,
                None => Erasure {
                    id,
                    at_ms: unsigned(get(found, 1)?),
                    sequence: unsigned(get(found, 2)?),
                    told: json(get(found, 3)?, "erasure")?,
                    holders: BTreeMap::new(),
                },
            };
            let erasure = erasures.entry(id).or_insert(erasure);
            if get::<Option<i64>>(found, 4)?.is_some() {
                let confirmed: Option<i64> = get(found, 5)?;
                let device = DeviceNumber(number(found, 4)?);
                erasure.holders.insert(device, confirmed.map(unsigned));
            }
        }
        Ok(erasures.into_values().collect())
    }

    async fn unconfirmed(&mut self, device: DeviceNumber) -> Stored<Vec<(Uuid, u64)>> {
        let found = self
            .rows(
                "SELECT e.id, e.sequence FROM erasure_holder h JOIN erasure e ON e.id = h.erasure
                 WHERE h.device = $1 AND h.confirmed_ms IS NULL ORDER BY e.id",
                &[&i64::from(device.0)],
            )
            .await?;
        found
            .iter()
            .map(|found| Ok((get(found, 0)?, unsigned(get(found, 1)?))))
            .collect()
    }

    async fn kept(&mut self, erasure: Uuid) -> Stored<Vec<Kept>> {
        let found = self
            .rows(
                "SELECT keyed, kind, why, fields FROM kept WHERE erasure = $1 ORDER BY keyed",
                &[&erasure],
            )
            .await?;
        found
            .iter()
            .map(|found| {
                Ok(Kept {
                    keyed: bytes(found, 0)?,
                    kind: get(found, 1)?,
                    erasure,
                    why: get(found, 2)?,
                    fields: json(get(found, 3)?, "kept")?,
                })
            })
            .collect()
    }
}

impl RemovalWork for Transaction<Unit> {
    async fn delete_record(&mut self, id: Uuid) -> Stored<()> {
        for sql in [
            "DELETE FROM record_scope WHERE record = $1",
            "DELETE FROM tie WHERE target = $1",
            "DELETE FROM tie WHERE record = $1",
            "DELETE FROM removed WHERE record = $1",
            "DELETE FROM due WHERE record = $1",
            "DELETE FROM feed_left WHERE record = $1",
            "DELETE FROM record WHERE id = $1",
        ] {
            self.run(sql, &[&id]).await?;
        }
        Ok(())
    }

    async fn leave_feed(&mut self, scope: Uuid, record: Uuid) -> Stored<()> {
        let sql = format!(
            "WITH gone AS (
                 DELETE FROM feed WHERE scope = $1 AND record = $2 RETURNING mark
             )
             UPDATE scope SET
                 held = held - (SELECT count(*) FROM gone),
                 sum = mod(sum - (SELECT coalesce(sum(mark), 0) FROM gone) + {MODULUS}, {MODULUS})
             WHERE id = $1"
        );
        self.run(&sql, &[&scope, &record]).await
    }

    async fn forget_conflicts(&mut self, ids: &BTreeSet<Uuid>) -> Stored<()> {
        // In one order, since two erasures at once may write the same rows.
        let told = self
            .rows(
                "SELECT device, sequence, outcome FROM received
                 WHERE strpos(outcome, '\"lost\"') > 0 OR strpos(outcome, '\"redirected\"') > 0
                 ORDER BY device, sequence FOR UPDATE",
                &[],
            )
            .await?;
        for found in told {
            let (device, sequence): (i64, i64) = (get(&found, 0)?, get(&found, 1)?);
            let mut outcome: Outcome = json(get(&found, 2)?, "outcome")?;
            if forget(&mut outcome, ids) {
                self.run(
                    "UPDATE received SET outcome = $3 WHERE device = $1 AND sequence = $2",
                    &[&device, &sequence, &text(&outcome, "outcome")?],
                )
                .await?;
            }
        }
        Ok(())
    }

    async fn put_logged(&mut self, logged: &Logged) -> Stored<()> {
        self.run(
            "INSERT INTO removal (keyed, kind, erasure, sequence, at_ms, record)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (keyed) DO UPDATE SET
                 kind = excluded.kind, erasure = excluded.erasure, sequence = excluded.sequence,
                 at_ms = excluded.at_ms, record = excluded.record",
            &[
                &logged.keyed.as_slice(),
                &logged.kind,
                &logged.erasure,
                &signed(logged.sequence),
                &signed(logged.at_ms),
                &logged.record,
            ],
        )
        .await
    }

    async fn forget_ids(&mut self, erasure: Uuid) -> Stored<()> {
        self.run(
            "UPDATE removal SET record = NULL WHERE erasure = $1 AND record IS NOT NULL",
            &[&erasure],
        )
        .await
    }

    async fn put_kept(&mut self, kept: &Kept) -> Stored<()> {
        self.run(
            "INSERT INTO kept (keyed, kind, erasure, why, fields) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (keyed) DO UPDATE SET
                 kind = excluded.kind, erasure = excluded.erasure, why = excluded.why,
                 fields = excluded.fields",
            &[
                &kept.keyed.as_slice(),
                &kept.kind,
                &kept.erasure,
                &kept.why,
                &text(&kept.fields, "kept")?,
            ],
        )
        .await
    }

    async fn put_erasure(&mut self, erasure: &Erasure) -> Stored<()> {
        self.run(
            "INSERT INTO erasure (id, at_ms, sequence, told) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET
                 at_ms = excluded.at_ms, sequence = excluded.sequence, told = excluded.told",
            &[
                &erasure.id,
                &signed(erasure.at_ms),
                &signed(erasure.sequence),
                &text(&erasure.told, "erasure")?,
            ],
        )
        .await?;
        let devices: Vec<i64> = erasure.holders.keys().map(|d| i64::from(d.0)).collect();
        let confirmed: Vec<Option<i64>> = erasure
            .holders
            .values()
            .map(|confirmed| confirmed.map(signed))
            .collect();
        self.run(
            "INSERT INTO erasure_holder (erasure, device, confirmed_ms)
             SELECT $1, holder.device, holder.confirmed_ms
             FROM unnest($2::int8[], $3::int8[]) AS holder (device, confirmed_ms)
             ON CONFLICT (erasure, device) DO UPDATE SET confirmed_ms = excluded.confirmed_ms",
            &[&erasure.id, &devices, &confirmed],
        )
        .await
    }
}
