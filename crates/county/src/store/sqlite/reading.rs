//! Reading, in a snapshot or in a unit of work: the same statements.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use porch_sync::protocol::FeedRow;
use porch_sync::{Bytes, DeviceNumber, Row, Stamped, Tally, Versions};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::store::{
    Attempts, Blob, Device, EnrolmentCode, Origin, Quarantined, Reading, Received, StoreFailure,
    Stored, URGENT,
};

/// A connection with a transaction open: a snapshot or a unit of work.
pub struct Open<H>(pub(super) H);

/// A snapshot.
pub type SqliteReading = Open<Snapshot>;

/// A connection borrowed from the idle ones.
pub struct Snapshot {
    // An option only so that dropping can give it back.
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Snapshot {
    pub(super) fn begin(
        connection: Connection,
        idle: Arc<Mutex<Vec<Connection>>>,
    ) -> Stored<SqliteReading> {
        // The first read fixes the moment; read one here, so that it is now.
        connection.execute_batch("BEGIN; SELECT 1 FROM origin;")?;
        Ok(Open(Self {
            connection: Some(connection),
            idle,
        }))
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        if connection.execute_batch("ROLLBACK").is_ok() {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < super::IDLE_READERS {
                idle.push(connection);
            }
        }
    }
}

/// Whatever holds a connection with a transaction open.
pub trait Held: Send {
    fn connection(&mut self) -> Stored<&Connection>;
}

impl Held for Snapshot {
    fn connection(&mut self) -> Stored<&Connection> {
        self.connection
            .as_ref()
            .ok_or(StoreFailure::Corrupt("connection"))
    }
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

pub(super) fn json<T: serde::de::DeserializeOwned>(text: &str, what: &'static str) -> Stored<T> {
    serde_json::from_str(text).map_err(|_| StoreFailure::Corrupt(what))
}

pub(super) fn has_origin(connection: &Connection) -> Stored<bool> {
    Ok(connection.query_row("SELECT EXISTS (SELECT 1 FROM origin)", [], |row| row.get(0))?)
}

pub(super) fn origin(connection: &Connection) -> Stored<Origin> {
    Ok(connection.query_row(
        "SELECT epoch, secret, restricted_epoch, restricted_public, restricted_private FROM origin",
        [],
        |row| {
            Ok(Origin {
                epoch: Uuid::from_bytes(row.get(0)?),
                secret: Zeroizing::new(row.get(1)?),
                restricted_epoch: row.get(2)?,
                restricted_public: row.get(3)?,
                restricted_private: Zeroizing::new(row.get(4)?),
            })
        },
    )?)
}

/// What a scope's feed holds.
pub(super) fn tally(connection: &Connection, scope: Uuid) -> Stored<Option<Tally>> {
    let found = connection
        .prepare_cached("SELECT held, sum FROM scope WHERE id = ?1")?
        .query_row([scope.as_bytes()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 16]>(1)?))
        })
        .optional()?;
    Ok(found.map(|(count, sum)| Tally {
        count: unsigned(count),
        sum: u128::from_be_bytes(sum),
    }))
}

/// (id, kind, fields, versions) as stored.
pub(super) type Packed = ([u8; 16], String, String, String);

pub(super) const RECORD_COLUMNS: &str = "r.id, r.kind, r.fields, r.versions";

pub(super) fn packed(row: &rusqlite::Row<'_>) -> rusqlite::Result<Packed> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

pub(super) fn unpack((id, kind, fields, versions): Packed) -> Stored<Row> {
    let values: BTreeMap<String, Value> = json(&fields, "record")?;
    let versions: Option<Versions> = json(&versions, "versions")?;
    let fields = values
        .into_iter()
        .map(|(name, value)| {
            let version = versions
                .as_ref()
                .and_then(|versions| versions.of(&name))
                .ok_or(StoreFailure::Corrupt("versions"))?;
            Ok((name, Stamped { value, version }))
        })
        .collect::<Stored<_>>()?;
    Ok(Row {
        kind,
        id: Uuid::from_bytes(id),
        fields,
    })
}

fn feed_rows(rows: impl Iterator<Item = rusqlite::Result<(Packed, i64)>>) -> Stored<Vec<FeedRow>> {
    rows.map(|row| {
        let (packed, sequence) = row?;
        Ok(FeedRow {
            sequence: unsigned(sequence),
            row: unpack(packed)?,
        })
    })
    .collect()
}

pub(super) fn ids(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Stored<BTreeSet<Uuid>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, |row| row.get::<_, [u8; 16]>(0))?;
    rows.map(|id| Ok(Uuid::from_bytes(id?))).collect()
}

const DEVICE_COLUMNS: &str = "number, name, centre, public_key, enrolled_ms, revoked_ms, expected, audit_entries, audit_head, backed_up, copy_of";

fn device(row: &rusqlite::Row<'_>) -> rusqlite::Result<Device> {
    Ok(Device {
        number: DeviceNumber(row.get(0)?),
        name: row.get(1)?,
        centre: Uuid::from_bytes(row.get(2)?),
        public_key: row.get(3)?,
        scopes: BTreeSet::new(),
        leaving: BTreeSet::new(),
        left: BTreeSet::new(),
        enrolled_ms: unsigned(row.get(4)?),
        revoked_ms: row.get::<_, Option<i64>>(5)?.map(unsigned),
        expected: unsigned(row.get(6)?),
        audit_entries: unsigned(row.get(7)?),
        audit_head: row.get::<_, Option<[u8; 32]>>(8)?.map(Bytes),
        backed_up: unsigned(row.get(9)?),
        copy_of: row.get::<_, Option<u32>>(10)?.map(DeviceNumber),
    })
}

fn with_scopes(connection: &Connection, mut device: Device) -> Stored<Device> {
    device.scopes = ids(
        connection,
        "SELECT scope FROM device_scope WHERE device = ?1",
        [device.number.0],
    )?;
    let former = "SELECT scope FROM device_former WHERE device = ?1 AND gone = ?2";
    device.leaving = ids(connection, former, params![device.number.0, false])?;
    device.left = ids(connection, former, params![device.number.0, true])?;
    Ok(device)
}

impl<H: Held> Open<H> {
    pub(super) fn connection(&mut self) -> Stored<&Connection> {
        self.0.connection()
    }
}

impl<H: Held> Reading for Open<H> {
    async fn origin(&mut self) -> Stored<Origin> {
        origin(self.connection()?)
    }

    async fn epoch(&mut self) -> Stored<Uuid> {
        Ok(self
            .connection()?
            .prepare_cached("SELECT epoch FROM origin")?
            .query_row([], |row| row.get(0).map(Uuid::from_bytes))?)
    }

    async fn passed_over(&mut self) -> Stored<DeviceNumber> {
        Ok(self
            .connection()?
            .prepare_cached("SELECT numbers_after FROM origin")?
            .query_row([], |row| row.get(0).map(DeviceNumber))?)
    }

    async fn device(&mut self, number: DeviceNumber) -> Stored<Option<Device>> {
        let connection = self.connection()?;
        connection
            .prepare_cached(&format!(
                "SELECT {DEVICE_COLUMNS} FROM device WHERE number = ?1"
            ))?
            .query_row([number.0], device)
            .optional()?
            .map(|device| with_scopes(connection, device))
            .transpose()
    }

    async fn devices(&mut self) -> Stored<Vec<Device>> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {DEVICE_COLUMNS} FROM device ORDER BY number"
        ))?;
        let found: Vec<Device> = statement.query_map([], device)?.collect::<Result<_, _>>()?;
        found
            .into_iter()
            .map(|device| with_scopes(connection, device))
            .collect()
    }

    async fn head(&mut self, scope: Uuid) -> Stored<Option<u64>> {
        Ok(self
            .connection()?
            .prepare_cached("SELECT sequence FROM scope WHERE id = ?1")?
            .query_row([scope.as_bytes()], |row| row.get(0))
            .optional()?
            .map(unsigned))
    }

    async fn tally(&mut self, scope: Uuid) -> Stored<Option<Tally>> {
        tally(self.connection()?, scope)
    }

    async fn received(&mut self, device: DeviceNumber, sequence: u64) -> Stored<Option<Received>> {
        self.connection()?
            .prepare_cached(
                "SELECT digest, outcome FROM received WHERE device = ?1 AND sequence = ?2",
            )?
            .query_row(params![device.0, signed(sequence)], |row| {
                Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, String>(1)?))
            })
            .optional()?
            .map(|(digest, outcome)| {
                Ok(Received {
                    digest: Bytes(digest),
                    outcome: json(&outcome, "outcome")?,
                })
            })
            .transpose()
    }

    async fn quarantined(&mut self, device: DeviceNumber) -> Stored<Vec<Quarantined>> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(
            "SELECT reason, sealed FROM quarantine WHERE device = ?1 ORDER BY sequence",
        )?;
        let rows = statement.query_map([device.0], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        rows.map(|row| {
            let (reason, sealed) = row?;
            Ok(Quarantined {
                reason,
                sealed: json(&sealed, "quarantine")?,
            })
        })
        .collect()
    }

    async fn record(&mut self, id: Uuid) -> Stored<Option<Row>> {
        self.connection()?
            .prepare_cached(&format!(
                "SELECT {RECORD_COLUMNS} FROM record r WHERE r.id = ?1"
            ))?
            .query_row([id.as_bytes()], packed)
            .optional()?
            .map(unpack)
            .transpose()
    }

    async fn scopes_of(&mut self, record: Uuid) -> Stored<BTreeSet<Uuid>> {
        ids(
            self.connection()?,
            "SELECT scope FROM record_scope WHERE record = ?1",
            [record.as_bytes()],
        )
    }

    async fn tied(&mut self, target: Uuid, kind: &'static str) -> Stored<Vec<Row>> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {RECORD_COLUMNS} FROM tie t JOIN record r ON r.id = t.record
             WHERE t.target = ?1 AND t.kind = ?2 ORDER BY t.record"
        ))?;
        let rows = statement.query_map(params![target.as_bytes(), kind], packed)?;
        rows.map(|row| unpack(row?)).collect()
    }

    async fn is_removed(&mut self, record: Uuid) -> Stored<bool> {
        Ok(self
            .connection()?
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM removed WHERE record = ?1)")?
            .query_row([record.as_bytes()], |row| row.get(0))?)
    }

    async fn due(&mut self, by_ms: u64) -> Stored<Vec<Uuid>> {
        let connection = self.connection()?;
        let mut statement = connection
            .prepare_cached("SELECT record FROM due WHERE at_ms <= ?1 ORDER BY at_ms, record")?;
        let rows = statement.query_map([signed(by_ms)], |row| row.get(0).map(Uuid::from_bytes))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    async fn feed(&mut self, scope: Uuid, after: u64, limit: u32) -> Stored<Vec<FeedRow>> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {RECORD_COLUMNS}, f.sequence FROM feed f JOIN record r ON r.id = f.record
             WHERE f.scope = ?1 AND f.sequence > ?2 ORDER BY f.sequence LIMIT ?3"
        ))?;
        let rows = statement.query_map(params![scope.as_bytes(), signed(after), limit], |row| {
            Ok((packed(row)?, row.get(4)?))
        })?;
        feed_rows(rows)
    }

    async fn urgent(
        &mut self,
        scopes: &BTreeSet<Uuid>,
        after: u64,
        limit: u32,
    ) -> Stored<Vec<FeedRow>> {
        let held: String = scopes
            .iter()
            .map(|scope| format!("\"{}\"", scope.simple()))
            .collect::<Vec<_>>()
            .join(",");
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {RECORD_COLUMNS}, f.sequence FROM feed f JOIN record r ON r.id = f.record
             WHERE f.scope = ?1 AND f.sequence > ?2 AND EXISTS (
                 SELECT 1 FROM record_scope s
                 WHERE s.record = f.record
                     AND lower(hex(s.scope)) IN (SELECT value FROM json_each(?4))
             )
             ORDER BY f.sequence LIMIT ?3"
        ))?;
        let rows = statement.query_map(
            params![URGENT.as_bytes(), signed(after), limit, format!("[{held}]")],
            |row| Ok((packed(row)?, row.get(4)?)),
        )?;
        feed_rows(rows)
    }

    async fn blob(&mut self, id: Uuid) -> Stored<Option<Blob>> {
        Ok(self
            .connection()?
            .prepare_cached(
                "SELECT photo, bytes, sha256, chunks, complete FROM blob WHERE id = ?1",
            )?
            .query_row([id.as_bytes()], |row| {
                Ok(Blob {
                    id,
                    photo: Uuid::from_bytes(row.get(0)?),
                    bytes: unsigned(row.get(1)?),
                    sha256: row.get(2)?,
                    chunks: row.get(3)?,
                    complete: row.get(4)?,
                })
            })
            .optional()?)
    }

    async fn chunk(&mut self, blob: Uuid, chunk: u32) -> Stored<Option<Vec<u8>>> {
        Ok(self
            .connection()?
            .prepare_cached("SELECT bytes FROM blob_chunk WHERE blob = ?1 AND chunk = ?2")?
            .query_row(params![blob.as_bytes(), chunk], |row| row.get(0))
            .optional()?)
    }

    async fn code(&mut self, digest: [u8; 32]) -> Stored<Option<EnrolmentCode>> {
        Ok(self
            .connection()?
            .prepare_cached(
                "SELECT centre, restricted, expires_ms, used_by FROM enrolment_code WHERE digest = ?1",
            )?
            .query_row([digest], |row| {
                Ok(EnrolmentCode {
                    digest,
                    centre: Uuid::from_bytes(row.get(0)?),
                    restricted: row.get(1)?,
                    expires_ms: unsigned(row.get(2)?),
                    used_by: row.get::<_, Option<u32>>(3)?.map(DeviceNumber),
                })
            })
            .optional()?)
    }

    async fn attempts(&mut self, selector: [u8; 32]) -> Stored<Option<Attempts>> {
        Ok(self
            .connection()?
            .prepare_cached("SELECT wrong, since_ms FROM enrolment_attempt WHERE selector = ?1")?
            .query_row([selector], |row| {
                Ok(Attempts {
                    wrong: row.get(0)?,
                    since_ms: unsigned(row.get(1)?),
                })
            })
            .optional()?)
    }
}
