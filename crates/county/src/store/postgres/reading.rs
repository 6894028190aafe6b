//! Reading, in a snapshot or in a unit of work: the same statements.

use std::collections::{BTreeMap, BTreeSet};

use porch_sync::protocol::FeedRow;
use porch_sync::{Bytes, DeviceNumber, Row, Stamped, Tally, Versions};
use serde_json::Value;
use tokio_postgres::Row as Found;
use tokio_postgres::types::FromSql;
use uuid::Uuid;

use super::transaction::{Purpose, Transaction};
use super::vault::About;
use crate::store::{
    Attempts, Blob, Device, EnrolmentCode, Origin, Quarantined, Reading, Received, StoreFailure,
    Stored, URGENT,
};

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// A column.
pub(super) fn get<'a, T: FromSql<'a>>(row: &'a Found, column: usize) -> Stored<T> {
    Ok(row.try_get(column)?)
}

pub(super) fn number(row: &Found, column: usize) -> Stored<u32> {
    u32::try_from(get::<i64>(row, column)?).map_err(|_| StoreFailure::Corrupt("number"))
}

pub(super) fn bytes<const N: usize>(row: &Found, column: usize) -> Stored<[u8; N]> {
    get::<&[u8]>(row, column)?
        .try_into()
        .map_err(|_| StoreFailure::Corrupt("bytes"))
}

pub(super) fn json<T: serde::de::DeserializeOwned>(text: &str, what: &'static str) -> Stored<T> {
    serde_json::from_str(text).map_err(|_| StoreFailure::Corrupt(what))
}

pub(super) const RECORD_COLUMNS: &str = "r.id, r.kind, r.fields, r.versions";

pub(super) fn record(found: &Found) -> Stored<Row> {
    let values: BTreeMap<String, Value> = json(get(found, 2)?, "record")?;
    let versions: Option<Versions> = json(get(found, 3)?, "versions")?;
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
        kind: get(found, 1)?,
        id: get(found, 0)?,
        fields,
    })
}

fn fed(found: &Found) -> Stored<FeedRow> {
    Ok(FeedRow {
        sequence: unsigned(get(found, 4)?),
        row: record(found)?,
    })
}

const DEVICE_COLUMNS: &str = "d.number, d.name, d.centre, d.public_key, d.enrolled_ms, d.revoked_ms, d.expected, d.audit_entries, d.audit_head,
    d.backed_up, d.copy_of, ARRAY(SELECT s.scope FROM device_scope s WHERE s.device = d.number),
    ARRAY(SELECT f.scope FROM device_former f WHERE f.device = d.number AND NOT f.gone),
    ARRAY(SELECT f.scope FROM device_former f WHERE f.device = d.number AND f.gone)";

fn device(found: &Found) -> Stored<Device> {
    let head: Option<&[u8]> = get(found, 8)?;
    let head = head
        .map(|head| head.try_into().map(Bytes))
        .transpose()
        .map_err(|_| StoreFailure::Corrupt("device"))?;
    Ok(Device {
        number: DeviceNumber(number(found, 0)?),
        name: get(found, 1)?,
        centre: get(found, 2)?,
        public_key: bytes(found, 3)?,
        enrolled_ms: unsigned(get(found, 4)?),
        revoked_ms: get::<Option<i64>>(found, 5)?.map(unsigned),
        expected: unsigned(get(found, 6)?),
        audit_entries: unsigned(get(found, 7)?),
        audit_head: head,
        backed_up: unsigned(get(found, 9)?),
        copy_of: get::<Option<i64>>(found, 10)?
            .map(|_| number(found, 10).map(DeviceNumber))
            .transpose()?,
        scopes: get::<Vec<Uuid>>(found, 11)?.into_iter().collect(),
        leaving: get::<Vec<Uuid>>(found, 12)?.into_iter().collect(),
        left: get::<Vec<Uuid>>(found, 13)?.into_iter().collect(),
    })
}

impl<P: Purpose> Reading for Transaction<P> {
    async fn origin(&mut self) -> Stored<Origin> {
        let found = self
            .row(
                "SELECT epoch, restricted_epoch, restricted_public, sealed FROM origin",
                &[],
            )
            .await?
            .ok_or(StoreFailure::Corrupt("origin"))?;
        let (secret, restricted_private) = self.vault.open_origin(get(&found, 3)?)?;
        Ok(Origin {
            epoch: get(&found, 0)?,
            secret,
            restricted_epoch: number(&found, 1)?,
            restricted_public: bytes(&found, 2)?,
            restricted_private,
        })
    }

    async fn epoch(&mut self) -> Stored<Uuid> {
        let found = self.row("SELECT epoch FROM origin", &[]).await?;
        get(&found.ok_or(StoreFailure::Corrupt("origin"))?, 0)
    }

    async fn passed_over(&mut self) -> Stored<DeviceNumber> {
        let found = self.row("SELECT numbers_after FROM origin", &[]).await?;
        number(&found.ok_or(StoreFailure::Corrupt("origin"))?, 0).map(DeviceNumber)
    }

    async fn device(&mut self, number: DeviceNumber) -> Stored<Option<Device>> {
        let sql = format!("SELECT {DEVICE_COLUMNS} FROM device d WHERE d.number = $1");
        let found = self.row(&sql, &[&i64::from(number.0)]).await?;
        found.as_ref().map(device).transpose()
    }

    async fn devices(&mut self) -> Stored<Vec<Device>> {
        let sql = format!("SELECT {DEVICE_COLUMNS} FROM device d ORDER BY d.number");
        self.rows(&sql, &[]).await?.iter().map(device).collect()
    }

    async fn head(&mut self, scope: Uuid) -> Stored<Option<u64>> {
        let found = self
            .row("SELECT sequence FROM scope WHERE id = $1", &[&scope])
            .await?;
        found.map(|found| Ok(unsigned(get(&found, 0)?))).transpose()
    }

    async fn tally(&mut self, scope: Uuid) -> Stored<Option<Tally>> {
        let found = self
            .row("SELECT held, sum::text FROM scope WHERE id = $1", &[&scope])
            .await?;
        found
            .map(|found| {
                Ok(Tally {
                    count: unsigned(get(&found, 0)?),
                    sum: get::<&str>(&found, 1)?
                        .parse()
                        .map_err(|_| StoreFailure::Corrupt("tally"))?,
                })
            })
            .transpose()
    }

    async fn received(&mut self, device: DeviceNumber, sequence: u64) -> Stored<Option<Received>> {
        let found = self
            .row(
                "SELECT digest, outcome FROM received WHERE device = $1 AND sequence = $2",
                &[&i64::from(device.0), &signed(sequence)],
            )
            .await?;
        found
            .map(|found| {
                Ok(Received {
                    digest: Bytes(bytes(&found, 0)?),
                    outcome: json(get(&found, 1)?, "outcome")?,
                })
            })
            .transpose()
    }

    async fn quarantined(&mut self, device: DeviceNumber) -> Stored<Vec<Quarantined>> {
        self.rows(
            "SELECT reason, sealed FROM quarantine WHERE device = $1 ORDER BY sequence",
            &[&i64::from(device.0)],
        )
        .await?
        .iter()
        .map(|found| {
            Ok(Quarantined {
                reason: get(found, 0)?,
                sealed: json(get(found, 1)?, "quarantine")?,
            })
        })
        .collect()
    }

    async fn record(&mut self, id: Uuid) -> Stored<Option<Row>> {
        let sql = format!("SELECT {RECORD_COLUMNS} FROM record r WHERE r.id = $1");
        let found = self.row(&sql, &[&id]).await?;
        found.as_ref().map(record).transpose()
    }

    async fn scopes_of(&mut self, record: Uuid) -> Stored<BTreeSet<Uuid>> {
        self.rows(
            "SELECT scope FROM record_scope WHERE record = $1",
            &[&record],
        )
        .await?
        .iter()
        .map(|found| get(found, 0))
        .collect()
    }

    async fn tied(&mut self, target: Uuid, kind: &'static str) -> Stored<Vec<Row>> {
        let sql = format!(
            "SELECT {RECORD_COLUMNS} FROM tie t JOIN record r ON r.id = t.record
             WHERE t.target = $1 AND t.kind = $2 ORDER BY t.record"
        );
        self.rows(&sql, &[&target, &kind])
            .await?
            .iter()
            .map(record)
            .collect()
    }

    async fn is_removed(&mut self, record: Uuid) -> Stored<bool> {
        let found = self
            .row("SELECT 1 FROM removed WHERE record = $1", &[&record])
            .await?;
        Ok(found.is_some())
    }

    async fn due(&mut self, by_ms: u64) -> Stored<Vec<Uuid>> {
        let rows = self
            .rows(
                "SELECT record FROM due WHERE at_ms <= $1 ORDER BY at_ms, record",
                &[&signed(by_ms)],
            )
            .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    async fn feed(&mut self, scope: Uuid, after: u64, limit: u32) -> Stored<Vec<FeedRow>> {
        let sql = format!(
            "SELECT {RECORD_COLUMNS}, f.sequence FROM feed f JOIN record r ON r.id = f.record
             WHERE f.scope = $1 AND f.sequence > $2 ORDER BY f.sequence LIMIT $3"
        );
        self.rows(&sql, &[&scope, &signed(after), &i64::from(limit)])
            .await?
            .iter()
            .map(fed)
            .collect()
    }

    async fn urgent(
        &mut self,
        scopes: &BTreeSet<Uuid>,
        after: u64,
        limit: u32,
    ) -> Stored<Vec<FeedRow>> {
        let sql = format!(
            "SELECT {RECORD_COLUMNS}, f.sequence FROM feed f JOIN record r ON r.id = f.record
             WHERE f.scope = $1 AND f.sequence > $2 AND EXISTS (
                 SELECT 1 FROM record_scope s WHERE s.record = f.record AND s.scope = ANY($4)
             )
             ORDER BY f.sequence LIMIT $3"
        );
        let scopes: Vec<Uuid> = scopes.iter().copied().collect();
        self.rows(&sql, &[&URGENT, &signed(after), &i64::from(limit), &scopes])
            .await?
            .iter()
            .map(fed)
            .collect()
    }

    async fn blob(&mut self, id: Uuid) -> Stored<Option<Blob>> {
        let found = self
            .row(
                "SELECT photo, bytes, sha256, chunks, complete FROM blob WHERE id = $1",
                &[&id],
            )
            .await?;
        found
            .map(|found| {
                Ok(Blob {
                    id,
                    photo: get(&found, 0)?,
                    bytes: unsigned(get(&found, 1)?),
                    sha256: bytes(&found, 2)?,
                    chunks: number(&found, 3)?,
                    complete: get(&found, 4)?,
                })
            })
            .transpose()
    }

    async fn chunk(&mut self, blob: Uuid, chunk: u32) -> Stored<Option<Vec<u8>>> {
        let found = self
            .row(
                "SELECT k.sealed, c.bytes FROM blob_chunk c LEFT JOIN blob_key k ON k.blob = c.blob
                 WHERE c.blob = $1 AND c.chunk = $2",
                &[&blob, &i64::from(chunk)],
            )
            .await?;
        let Some(found) = found else { return Ok(None) };
        // The keys were written anew since this snapshot: for it there are none. Asked again, there are.
        let key: Option<&[u8]> = get(&found, 0)?;
        let opened = self
            .vault
            .of_blob(blob, key.ok_or(StoreFailure::Busy)?)?
            .open(&About::Chunk(blob, chunk), get(&found, 1)?)
            .ok_or(StoreFailure::Corrupt("chunk"))?;
        Ok(Some(opened.to_vec()))
    }

    async fn code(&mut self, digest: [u8; 32]) -> Stored<Option<EnrolmentCode>> {
        let found = self
            .row(
                "SELECT centre, restricted, expires_ms, used_by FROM enrolment_code WHERE digest = $1",
                &[&digest.as_slice()],
            )
            .await?;
        found
            .map(|found| {
                let used_by: Option<i64> = get(&found, 3)?;
                Ok(EnrolmentCode {
                    digest,
                    centre: get(&found, 0)?,
                    restricted: get(&found, 1)?,
                    expires_ms: unsigned(get(&found, 2)?),
                    used_by: used_by
                        .map(|_| number(&found, 3).map(DeviceNumber))
                        .transpose()?,
                })
            })
            .transpose()
    }

    async fn attempts(&mut self, selector: [u8; 32]) -> Stored<Option<Attempts>> {
        let found = self
            .row(
                "SELECT wrong, since_ms FROM enrolment_attempt WHERE selector = $1",
                &[&selector.as_slice()],
            )
            .await?;
        found
            .map(|found| {
                Ok(Attempts {
                    wrong: number(&found, 0)?,
                    since_ms: unsigned(get(&found, 1)?),
                })
            })
            .transpose()
    }
}
