//! Units of work on the one writer connection.

use std::collections::BTreeSet;

use porch_sync::{DeviceNumber, Mark, Row};
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use super::backup;
use super::reading::{self, Held, Open, signed};
use super::tallies::put_tally;
use crate::store::{
    Attempts, Blob, Device, EnrolmentCode, Origin, Quarantined, Reading, Received, StoreFailure,
    Stored, Work,
};

/// A unit of work. `BEGIN IMMEDIATE` holds off every other writer, in this process and in others,
/// so the finer locks that the trait speaks of are had with it.
pub type SqliteWork = Open<Unit>;

/// The writer, until the unit of work ends.
pub struct Unit {
    connection: OwnedMutexGuard<Connection>,
    open: bool,
}

impl Unit {
    pub(super) fn begin(connection: OwnedMutexGuard<Connection>) -> Stored<SqliteWork> {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(Open(Self {
            connection,
            open: true,
        }))
    }

    pub(super) fn run(&self, sql: &str, parameters: impl rusqlite::Params) -> Stored<usize> {
        Ok(self.connection.prepare_cached(sql)?.execute(parameters)?)
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        if self.open {
            // Fails only when the connection is broken, and then nothing was written either.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}

impl Held for Unit {
    fn connection(&mut self) -> Stored<&Connection> {
        Ok(&self.connection)
    }
}

pub(super) fn put_origin(connection: &Connection, origin: &Origin) -> Stored<()> {
    connection.execute(
        "INSERT INTO origin (only_row, epoch, secret, restricted_epoch, restricted_public, restricted_private)
         VALUES (1, ?1, ?2, ?3, ?4, ?5)",
        params![
            origin.epoch.as_bytes(),
            origin.secret.as_slice(),
            origin.restricted_epoch,
            origin.restricted_public,
            origin.restricted_private.as_slice(),
        ],
    )?;
    Ok(())
}

pub(super) fn text(value: &impl serde::Serialize, what: &'static str) -> Stored<String> {
    serde_json::to_string(value).map_err(|_| StoreFailure::Corrupt(what))
}

impl Work for SqliteWork {
    async fn lock_device(&mut self, number: DeviceNumber) -> Stored<Option<Device>> {
        self.device(number).await
    }

    async fn lock_records(&mut self, _records: &BTreeSet<Uuid>) -> Stored<()> {
        Ok(())
    }

    async fn put_epoch(&mut self, epoch: Uuid) -> Stored<()> {
        backup::put_epoch(&self.0.connection, epoch)
    }

    async fn next_device(&mut self) -> Stored<DeviceNumber> {
        Ok(self.0.connection.query_row(
            "SELECT max(coalesce((SELECT MAX(number) FROM device), 0), numbers_after) + 1 FROM origin",
            [],
            |row| Ok(DeviceNumber(row.get(0)?)),
        )?)
    }

    async fn put_device(&mut self, device: &Device) -> Stored<()> {
        self.0.run(
            "INSERT INTO device (number, name, centre, public_key, enrolled_ms, revoked_ms, expected, audit_entries, audit_head, backed_up, copy_of)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (number) DO UPDATE SET
                 name = excluded.name, centre = excluded.centre, revoked_ms = excluded.revoked_ms,
                 expected = excluded.expected, audit_entries = excluded.audit_entries,
                 audit_head = excluded.audit_head, backed_up = excluded.backed_up",
            params![
                device.number.0,
                device.name,
                device.centre.as_bytes(),
                device.public_key,
                signed(device.enrolled_ms),
                device.revoked_ms.map(signed),
                signed(device.expected),
                signed(device.audit_entries),
                device.audit_head.map(|head| head.0),
                signed(device.backed_up),
                device.copy_of.map(|number| number.0),
            ],
        )?;
        for scope in &device.scopes {
            self.0.run(
                "INSERT OR IGNORE INTO device_scope (device, scope) VALUES (?1, ?2)",
                params![device.number.0, scope.as_bytes()],
            )?;
            self.0.run(
                "DELETE FROM device_former WHERE device = ?1 AND scope = ?2",
                params![device.number.0, scope.as_bytes()],
            )?;
        }
        for (former, gone) in [(&device.leaving, false), (&device.left, true)] {
            for scope in former {
                self.0.run(
                    "DELETE FROM device_scope WHERE device = ?1 AND scope = ?2",
                    params![device.number.0, scope.as_bytes()],
                )?;
                self.0.run(
                    "INSERT INTO device_former (device, scope, gone) VALUES (?1, ?2, ?3)
                     ON CONFLICT (device, scope) DO UPDATE SET gone = excluded.gone",
                    params![device.number.0, scope.as_bytes(), gone],
                )?;
            }
        }
        Ok(())
    }

    async fn put_code(&mut self, code: &EnrolmentCode) -> Stored<()> {
        self.0.run(
            "INSERT INTO enrolment_code (digest, centre, restricted, expires_ms, used_by)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (digest) DO UPDATE SET used_by = excluded.used_by",
            params![
                code.digest,
                code.centre.as_bytes(),
                code.restricted,
                signed(code.expires_ms),
                code.used_by.map(|device| device.0),
            ],
        )?;
        Ok(())
    }

    async fn put_attempts(
        &mut self,
        selector: [u8; 32],
        attempts: Attempts,
        forget_before_ms: u64,
    ) -> Stored<()> {
        self.0.run(
            "DELETE FROM enrolment_attempt WHERE since_ms < ?1",
            [signed(forget_before_ms)],
        )?;
        self.0.run(
            "INSERT INTO enrolment_attempt (selector, wrong, since_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (selector) DO UPDATE SET wrong = excluded.wrong, since_ms = excluded.since_ms",
            params![selector, attempts.wrong, signed(attempts.since_ms)],
        )?;
        Ok(())
    }

    async fn put_scope(&mut self, scope: Uuid) -> Stored<()> {
        self.0.run(
            "INSERT OR IGNORE INTO scope (id, sequence, held, sum) VALUES (?1, 0, 0, zeroblob(16))",
            [scope.as_bytes()],
        )?;
        Ok(())
    }

    async fn put_record(
        &mut self,
        row: &Row,
        scopes: &BTreeSet<Uuid>,
        ties: &[Uuid],
    ) -> Stored<()> {
        self.0.run(
            "INSERT INTO record (id, kind, fields, versions) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET fields = excluded.fields, versions = excluded.versions",
            params![
                row.id.as_bytes(),
                row.kind,
                text(&row.values(), "record")?,
                text(&row.versions(), "versions")?,
            ],
        )?;
        for scope in scopes {
            self.0.run(
                "INSERT OR IGNORE INTO record_scope (record, scope) VALUES (?1, ?2)",
                params![row.id.as_bytes(), scope.as_bytes()],
            )?;
        }
        for target in ties {
            self.0.run(
                "INSERT OR IGNORE INTO tie (target, kind, record) VALUES (?1, ?2, ?3)",
                params![target.as_bytes(), row.kind, row.id.as_bytes()],
            )?;
        }
        Ok(())
    }

    async fn put_received(
        &mut self,
        device: DeviceNumber,
        sequence: u64,
        received: &Received,
    ) -> Stored<()> {
        self.0.run(
            "INSERT INTO received (device, sequence, digest, outcome) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (device, sequence) DO UPDATE SET outcome = excluded.outcome",
            params![
                device.0,
                signed(sequence),
                received.digest.0,
                text(&received.outcome, "outcome")?
            ],
        )?;
        Ok(())
    }

    async fn put_quarantined(&mut self, quarantined: &Quarantined) -> Stored<()> {
        self.0.run(
            "INSERT INTO quarantine (device, sequence, reason, sealed) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (device, sequence) DO UPDATE SET
                 reason = excluded.reason, sealed = excluded.sealed",
            params![
                quarantined.sealed.device.0,
                signed(quarantined.sealed.sequence),
                quarantined.reason,
                text(&quarantined.sealed, "quarantine")?
            ],
        )?;
        Ok(())
    }

    async fn put_removed(&mut self, record: Uuid, at_ms: u64) -> Stored<()> {
        self.0.run(
            "INSERT OR IGNORE INTO removed (record, at_ms) VALUES (?1, ?2)",
            params![record.as_bytes(), signed(at_ms)],
        )?;
        Ok(())
    }

    async fn put_due(&mut self, record: Uuid, at_ms: Option<u64>) -> Stored<()> {
        match at_ms {
            Some(at_ms) => self.0.run(
                "INSERT OR REPLACE INTO due (record, at_ms) VALUES (?1, ?2)",
                params![record.as_bytes(), signed(at_ms)],
            )?,
            None => self
                .0
                .run("DELETE FROM due WHERE record = ?1", [record.as_bytes()])?,
        };
        Ok(())
    }

    async fn put_blob(&mut self, blob: &Blob) -> Stored<()> {
        self.0.run(
            "INSERT INTO blob (id, photo, bytes, sha256, chunks, complete)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET chunks = excluded.chunks, complete = excluded.complete",
            params![
                blob.id.as_bytes(),
                blob.photo.as_bytes(),
                signed(blob.bytes),
                blob.sha256,
                blob.chunks,
                blob.complete,
            ],
        )?;
        self.0.run(
            "DELETE FROM blob_chunk WHERE blob = ?1 AND chunk >= ?2",
            params![blob.id.as_bytes(), blob.chunks],
        )?;
        Ok(())
    }

    async fn put_chunk(&mut self, blob: Uuid, chunk: u32, bytes: &[u8]) -> Stored<()> {
        self.0.run(
            "INSERT INTO blob_chunk (blob, chunk, bytes) VALUES (?1, ?2, ?3)",
            params![blob.as_bytes(), chunk, bytes],
        )?;
        Ok(())
    }

    async fn delete_blobs(&mut self, photo: Uuid) -> Stored<()> {
        self.0.run(
            "DELETE FROM blob_chunk WHERE blob IN (SELECT id FROM blob WHERE photo = ?1)",
            [photo.as_bytes()],
        )?;
        self.0
            .run("DELETE FROM blob WHERE photo = ?1", [photo.as_bytes()])?;
        Ok(())
    }

    async fn take_sequences(&mut self, scope: Uuid, count: u64) -> Stored<u64> {
        let last: i64 = self
            .0
            .connection
            .prepare_cached(
                "UPDATE scope SET sequence = sequence + ?2 WHERE id = ?1 RETURNING sequence",
            )?
            .query_row(params![scope.as_bytes(), signed(count)], |row| row.get(0))?;
        Ok(u64::try_from(last).unwrap_or_default() + 1 - count)
    }

    async fn put_feed(
        &mut self,
        scope: Uuid,
        sequence: u64,
        record: Uuid,
        mark: Mark,
    ) -> Stored<()> {
        let earlier: Option<[u8; 16]> = self
            .0
            .connection
            .prepare_cached("SELECT mark FROM feed WHERE record = ?1 AND scope = ?2")?
            .query_row(params![record.as_bytes(), scope.as_bytes()], |row| {
                row.get(0)
            })
            .optional()?;
        let tally = reading::tally(&self.0.connection, scope)?
            .ok_or(StoreFailure::Corrupt("scope"))?
            .with(earlier.map(Mark::from_bytes), mark);
        put_tally(&self.0.connection, scope, tally)?;
        self.0.run(
            "DELETE FROM feed_left WHERE record = ?1 AND scope = ?2",
            params![record.as_bytes(), scope.as_bytes()],
        )?;
        self.0.run(
            "INSERT INTO feed (scope, sequence, record, mark) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (record, scope) DO UPDATE SET sequence = excluded.sequence, mark = excluded.mark",
            params![
                scope.as_bytes(),
                signed(sequence),
                record.as_bytes(),
                mark.to_bytes()
            ],
        )?;
        Ok(())
    }

    async fn commit(mut self) -> Stored<()> {
        self.0.connection.execute_batch("COMMIT")?;
        self.0.open = false;
        Ok(())
    }
}
