//! Erasures in SQLite.

use std::collections::{BTreeMap, BTreeSet};

use porch_sync::protocol::Outcome;
use porch_sync::{DeviceNumber, Mark, Row};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use super::reading::{
    Held, Open, RECORD_COLUMNS, ids, json, packed, signed, tally, unpack, unsigned,
};
use super::tallies::put_tally;
use super::work::{SqliteWork, text};
use crate::store::removal::forget;
use crate::store::{Erasure, Kept, Logged, RemovalReading, RemovalWork, StoreFailure, Stored};

const LOGGED_COLUMNS: &str = "l.keyed, l.kind, l.erasure, l.sequence, l.at_ms, l.record";

fn logged(row: &rusqlite::Row<'_>) -> rusqlite::Result<Logged> {
    Ok(Logged {
        keyed: row.get(0)?,
        kind: row.get(1)?,
        erasure: Uuid::from_bytes(row.get(2)?),
        sequence: unsigned(row.get(3)?),
        at_ms: unsigned(row.get(4)?),
        record: row.get::<_, Option<[u8; 16]>>(5)?.map(Uuid::from_bytes),
    })
}

/// Ids as a JSON list of what `hex` makes of them.
fn listed(ids: &BTreeSet<Uuid>) -> String {
    let ids: Vec<String> = ids
        .iter()
        .map(|id| format!("\"{}\"", id.simple()))
        .collect();
    format!("[{}]", ids.join(","))
}

impl<H: Held> RemovalReading for Open<H> {
    async fn naming(&mut self, ids: &BTreeSet<Uuid>) -> Stored<Vec<Row>> {
        let connection = self.connection()?;
        // Every form in which a UUID is understood: hyphens, braces, a prefix, either case.
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {RECORD_COLUMNS} FROM record r
             WHERE EXISTS (
                 SELECT 1 FROM json_tree(r.fields) f
                 WHERE f.type = 'text' AND length(f.atom) BETWEEN 32 AND 45
                     AND replace(replace(replace(replace(lower(f.atom), 'urn:uuid:', ''), '-', ''), '{{', ''), '}}', '')
                         IN (SELECT value FROM json_each(?1))
             )
             ORDER BY r.id"
        ))?;
        let rows = statement.query_map([listed(ids)], packed)?;
        rows.map(|row| unpack(row?)).collect()
    }

    async fn record_ids(&mut self) -> Stored<Vec<Uuid>> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached("SELECT id FROM record")?;
        let rows = statement.query_map([], |row| row.get(0).map(Uuid::from_bytes))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    async fn feeds_of(&mut self, record: Uuid) -> Stored<BTreeSet<Uuid>> {
        ids(
            self.connection()?,
            "SELECT scope FROM feed WHERE record = ?1",
            [record.as_bytes()],
        )
    }

    async fn logged(&mut self, keyed: [u8; 32]) -> Stored<Option<Logged>> {
        Ok(self
            .connection()?
            .prepare_cached(&format!(
                "SELECT {LOGGED_COLUMNS} FROM removal l WHERE l.keyed = ?1"
            ))?
            .query_row([keyed], logged)
            .optional()?)
    }

    async fn log_of(&mut self, erasure: Uuid) -> Stored<Vec<Logged>> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {LOGGED_COLUMNS} FROM removal l WHERE l.erasure = ?1 ORDER BY l.sequence, l.keyed"
        ))?;
        let rows = statement.query_map([erasure.as_bytes()], logged)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    async fn removals(
        &mut self,
        device: DeviceNumber,
        after: u64,
        limit: u32,
    ) -> Stored<Vec<Logged>> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {LOGGED_COLUMNS} FROM removal l
             JOIN erasure_holder h ON h.erasure = l.erasure AND h.device = ?1
             WHERE l.record IS NOT NULL AND l.sequence > ?2 ORDER BY l.sequence LIMIT ?3"
        ))?;
        let rows = statement.query_map(params![device.0, signed(after), limit], logged)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    async fn erasures(&mut self) -> Stored<Vec<Erasure>> {
        let connection = self.connection()?;
        let mut holders: BTreeMap<Uuid, BTreeMap<DeviceNumber, Option<u64>>> = BTreeMap::new();
        let mut statement = connection
            .prepare_cached("SELECT erasure, device, confirmed_ms FROM erasure_holder")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let confirmed: Option<i64> = row.get(2)?;
            holders
                .entry(Uuid::from_bytes(row.get(0)?))
                .or_default()
                .insert(DeviceNumber(row.get(1)?), confirmed.map(unsigned));
        }
        let mut statement = connection
            .prepare_cached("SELECT id, at_ms, sequence, told FROM erasure ORDER BY id")?;
        let rows = statement.query_map([], |row| {
            let told: String = row.get(3)?;
            Ok((
                Uuid::from_bytes(row.get(0)?),
                row.get(1)?,
                row.get(2)?,
                told,
            ))
        })?;
        rows.map(|row| {
            let (id, at_ms, sequence, told) = row?;
            Ok(Erasure {
                id,
                at_ms: unsigned(at_ms),
                sequence: unsigned(sequence),
                told: json(&told, "erasure")?,
                holders: holders.remove(&id).unwrap_or_default(),
            })
        })
        .collect()
    }

    async fn unconfirmed(&mut self, device: DeviceNumber) -> Stored<Vec<(Uuid, u64)>> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(
            "SELECT e.id, e.sequence FROM erasure_holder h JOIN erasure e ON e.id = h.erasure
             WHERE h.device = ?1 AND h.confirmed_ms IS NULL ORDER BY e.id",
        )?;
        let rows = statement.query_map([device.0], |row| {
            Ok((Uuid::from_bytes(row.get(0)?), unsigned(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    async fn kept(&mut self, erasure: Uuid) -> Stored<Vec<Kept>> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(
            "SELECT keyed, kind, why, fields FROM kept WHERE erasure = ?1 ORDER BY keyed",
        )?;
        let rows = statement.query_map([erasure.as_bytes()], |row| {
            let fields: String = row.get(3)?;
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, fields))
        })?;
        rows.map(|row| {
            let (keyed, kind, why, fields) = row?;
            Ok(Kept {
                keyed,
                kind,
                erasure,
                why,
                fields: json(&fields, "kept")?,
            })
        })
        .collect()
    }
}

impl RemovalWork for SqliteWork {
    async fn delete_record(&mut self, id: Uuid) -> Stored<()> {
        for sql in [
            "DELETE FROM record_scope WHERE record = ?1",
            "DELETE FROM tie WHERE target = ?1",
            "DELETE FROM tie WHERE record = ?1",
            "DELETE FROM removed WHERE record = ?1",
            "DELETE FROM due WHERE record = ?1",
            "DELETE FROM feed_left WHERE record = ?1",
            "DELETE FROM record WHERE id = ?1",
        ] {
            self.0.run(sql, [id.as_bytes()])?;
        }
        Ok(())
    }

    async fn leave_feed(&mut self, scope: Uuid, record: Uuid) -> Stored<()> {
        let mark: Option<[u8; 16]> = self
            .0
            .connection()?
            .prepare_cached("DELETE FROM feed WHERE scope = ?1 AND record = ?2 RETURNING mark")?
            .query_row(params![scope.as_bytes(), record.as_bytes()], |row| {
                row.get(0)
            })
            .optional()?;
        if let Some(mark) = mark {
            let connection = self.0.connection()?;
            let tally = tally(connection, scope)?
                .ok_or(StoreFailure::Corrupt("scope"))?
                .without(Mark::from_bytes(mark));
            put_tally(connection, scope, tally)?;
        }
        Ok(())
    }

    async fn forget_conflicts(&mut self, ids: &BTreeSet<Uuid>) -> Stored<()> {
        let told: Vec<(u32, i64, String)> = self
            .0
            .connection()?
            .prepare_cached(
                "SELECT device, sequence, outcome FROM received
                 WHERE json_array_length(outcome, '$.conflicts') > 0
                     OR json_array_length(outcome, '$.redirected') > 0",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        for (device, sequence, outcome) in told {
            let mut outcome: Outcome = json(&outcome, "outcome")?;
            if forget(&mut outcome, ids) {
                self.0.run(
                    "UPDATE received SET outcome = ?3 WHERE device = ?1 AND sequence = ?2",
                    params![device, sequence, text(&outcome, "outcome")?],
                )?;
            }
        }
        Ok(())
    }

    async fn put_logged(&mut self, logged: &Logged) -> Stored<()> {
        self.0.run(
            "INSERT INTO removal (keyed, kind, erasure, sequence, at_ms, record)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (keyed) DO UPDATE SET
                 kind = excluded.kind, erasure = excluded.erasure, sequence = excluded.sequence,
                 at_ms = excluded.at_ms, record = excluded.record",
            params![
                logged.keyed,
                logged.kind,
                logged.erasure.as_bytes(),
                signed(logged.sequence),
                signed(logged.at_ms),
                logged.record.map(Uuid::into_bytes),
            ],
        )?;
        Ok(())
    }

    async fn forget_ids(&mut self, erasure: Uuid) -> Stored<()> {
        self.0.run(
            "UPDATE removal SET record = NULL WHERE erasure = ?1",
            [erasure.as_bytes()],
        )?;
        Ok(())
    }

    async fn put_kept(&mut self, kept: &Kept) -> Stored<()> {
        self.0.run(
            "INSERT OR REPLACE INTO kept (keyed, kind, erasure, why, fields) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                kept.keyed,
                kept.kind,
                kept.erasure.as_bytes(),
                kept.why,
                text(&kept.fields, "kept")?
            ],
        )?;
        Ok(())
    }

    async fn put_erasure(&mut self, erasure: &Erasure) -> Stored<()> {
        self.0.run(
            "INSERT INTO erasure (id, at_ms, sequence, told) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET
                 at_ms = excluded.at_ms, sequence = excluded.sequence, told = excluded.told",
            params![
                erasure.id.as_bytes(),
                signed(erasure.at_ms),
                signed(erasure.sequence),
                text(&erasure.told, "erasure")?,
            ],
        )?;
        for (device, confirmed) in &erasure.holders {
            self.0.run(
                "INSERT INTO erasure_holder (erasure, device, confirmed_ms) VALUES (?1, ?2, ?3)
                 ON CONFLICT (erasure, device) DO UPDATE SET confirmed_ms = excluded.confirmed_ms",
                params![erasure.id.as_bytes(), device.0, confirmed.map(signed)],
            )?;
        }
        Ok(())
    }
}
