//! Units of work: READ COMMITTED, with the locks that the trait speaks of.
//!
//! Devices and records are held by advisory transaction locks, since what is held may not be there
//! yet; a scope by its row. The classes below are the first half of a lock's key.

use std::collections::BTreeSet;

use porch_sync::{DeviceNumber, Mark, Row};
use uuid::Uuid;

use super::reading::{number, signed};
use super::tallies::MODULUS;
use super::transaction::{Transaction, Unit};
use super::vault::About;
use crate::store::{
    Attempts, Blob, Device, EnrolmentCode, NUMBERS_PASSED, Quarantined, Reading, Received,
    StoreFailure, Stored, Work,
};

/// A device's number is the other half.
const LOCK_DEVICE: &str = "SELECT pg_advisory_xact_lock(1, $1)";

/// From which new device numbers are taken.
const LOCK_NUMBERS: &str = "SELECT pg_advisory_xact_lock(2, 0)";

/// A record's bucket is the other half. Taken in the order of the array.
const LOCK_RECORDS: &str =
    "SELECT count(pg_advisory_xact_lock(3, bucket)) FROM unnest($1::int4[]) AS bucket";

/// How many locks there are for records. PostgreSQL's table of locks has room for some thousands, and
/// one import touches as many records; so several records share a lock. That only ever makes a unit
/// of work wait a little longer.
const BUCKETS: u16 = 1024;

/// The last two bytes of an id are random, or a digest's.
fn bucket(record: Uuid) -> i32 {
    let [.., high, low] = *record.as_bytes();
    i32::from(u16::from_be_bytes([high, low]) % BUCKETS)
}

pub(super) fn text(value: &impl serde::Serialize, what: &'static str) -> Stored<String> {
    serde_json::to_string(value).map_err(|_| StoreFailure::Corrupt(what))
}

impl Work for Transaction<Unit> {
    async fn lock_device(&mut self, number: DeviceNumber) -> Stored<Option<Device>> {
        self.run(LOCK_DEVICE, &[&number.0.cast_signed()]).await?;
        self.device(number).await
    }

    async fn lock_records(&mut self, records: &BTreeSet<Uuid>) -> Stored<()> {
        let buckets: BTreeSet<i32> = records.iter().map(|record| bucket(*record)).collect();
        let buckets: Vec<i32> = buckets.into_iter().collect();
        self.run(LOCK_RECORDS, &[&buckets]).await
    }

    async fn put_epoch(&mut self, epoch: Uuid) -> Stored<()> {
        self.run(LOCK_NUMBERS, &[]).await?;
        self.run(
            "UPDATE origin SET epoch = $1, numbers_after =
                 greatest(numbers_after, (SELECT coalesce(max(number), 0) FROM device)) + $2",
            &[&epoch, &i64::from(NUMBERS_PASSED)],
        )
        .await
    }

    async fn next_device(&mut self) -> Stored<DeviceNumber> {
        self.run(LOCK_NUMBERS, &[]).await?;
        let next = self
            .row(
                "SELECT greatest(numbers_after, (SELECT coalesce(max(number), 0) FROM device)) + 1
                 FROM origin",
                &[],
            )
            .await?
            .ok_or(StoreFailure::Corrupt("origin"))?;
        number(&next, 0).map(DeviceNumber)
    }

    async fn put_device(&mut self, device: &Device) -> Stored<()> {
        let number = i64::from(device.number.0);
        self.run(
            "INSERT INTO device (number, name, centre, public_key, enrolled_ms, revoked_ms, expected, audit_entries, audit_head, backed_up, copy_of)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (number) DO UPDATE SET
                 name = excluded.name, centre = excluded.centre, revoked_ms = excluded.revoked_ms,
                 expected = excluded.expected, audit_entries = excluded.audit_entries,
                 audit_head = excluded.audit_head, backed_up = excluded.backed_up",
            &[
                &number,
                &device.name,
                &device.centre,
                &device.public_key.as_slice(),
                &signed(device.enrolled_ms),
                &device.revoked_ms.map(signed),
                &signed(device.expected),
                &signed(device.audit_entries),
                &device.audit_head.as_ref().map(|head| head.0.as_slice()),
                &signed(device.backed_up),
                &device.copy_of.map(|device| i64::from(device.0)),
            ],
        )
        .await?;
        let scopes: Vec<Uuid> = device.scopes.iter().copied().collect();
        self.run(
            "INSERT INTO device_scope (device, scope) SELECT $1, scope FROM unnest($2::uuid[]) AS scope
             ON CONFLICT (device, scope) DO NOTHING",
            &[&number, &scopes],
        )
        .await?;
        let former = device.leaving.iter().map(|scope| (*scope, false));
        let former = former.chain(device.left.iter().map(|scope| (*scope, true)));
        let (former, gone): (Vec<Uuid>, Vec<bool>) = former.unzip();
        self.run(
            "WITH held AS (
                 DELETE FROM device_former WHERE device = $1 AND scope = ANY($2)
             ), taken AS (
                 DELETE FROM device_scope WHERE device = $1 AND scope = ANY($3)
             )
             INSERT INTO device_former (device, scope, gone)
             SELECT $1, former.scope, former.gone FROM unnest($3::uuid[], $4::bool[]) AS former (scope, gone)
             ON CONFLICT (device, scope) DO UPDATE SET gone = excluded.gone",
            &[&number, &scopes, &former, &gone],
        )
        .await
    }

    async fn put_code(&mut self, code: &EnrolmentCode) -> Stored<()> {
        self.run(
            "INSERT INTO enrolment_code (digest, centre, restricted, expires_ms, used_by)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (digest) DO UPDATE SET used_by = excluded.used_by",
            &[
                &code.digest.as_slice(),
                &code.centre,
                &code.restricted,
                &signed(code.expires_ms),
                &code.used_by.map(|device| i64::from(device.0)),
            ],
        )
        .await
    }

    async fn put_attempts(
        &mut self,
        selector: [u8; 32],
        attempts: Attempts,
        forget_before_ms: u64,
    ) -> Stored<()> {
        self.run(
            "INSERT INTO enrolment_attempt (selector, wrong, since_ms) VALUES ($1, $2, $3)
             ON CONFLICT (selector) DO UPDATE SET wrong = excluded.wrong, since_ms = excluded.since_ms",
            &[
                &selector.as_slice(),
                &i64::from(attempts.wrong),
                &signed(attempts.since_ms),
            ],
        )
        .await?;
        // Others' rows are not held by a lock, so what somebody else has in hand is left to them:
        // waiting for it here could end in a circle.
        self.run(
            "DELETE FROM enrolment_attempt WHERE selector IN (
                 SELECT selector FROM enrolment_attempt WHERE since_ms < $1 FOR UPDATE SKIP LOCKED
             )",
            &[&signed(forget_before_ms)],
        )
        .await
    }

    async fn put_scope(&mut self, scope: Uuid) -> Stored<()> {
        self.run(
            "INSERT INTO scope (id, sequence, held, sum) VALUES ($1, 0, 0, 0) ON CONFLICT (id) DO NOTHING",
            &[&scope],
        )
        .await
    }

    async fn put_record(
        &mut self,
        row: &Row,
        scopes: &BTreeSet<Uuid>,
        ties: &[Uuid],
    ) -> Stored<()> {
        self.run(
            "INSERT INTO record (id, kind, fields, versions) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET fields = excluded.fields, versions = excluded.versions",
            &[
                &row.id,
                &row.kind,
                &text(&row.values(), "record")?,
                &text(&row.versions(), "versions")?,
            ],
        )
        .await?;
        let scopes: Vec<Uuid> = scopes.iter().copied().collect();
        self.run(
            "INSERT INTO record_scope (record, scope) SELECT $1, scope FROM unnest($2::uuid[]) AS scope
             ON CONFLICT (record, scope) DO NOTHING",
            &[&row.id, &scopes],
        )
        .await?;
        if ties.is_empty() {
            return Ok(());
        }
        self.run(
            "INSERT INTO tie (target, kind, record)
             SELECT target, $2, $3 FROM unnest($1::uuid[]) AS target
             ON CONFLICT (target, kind, record) DO NOTHING",
            &[&ties, &row.kind, &row.id],
        )
        .await
    }

    async fn put_received(
        &mut self,
        device: DeviceNumber,
        sequence: u64,
        received: &Received,
    ) -> Stored<()> {
        self.run(
            "INSERT INTO received (device, sequence, digest, outcome) VALUES ($1, $2, $3, $4)
             ON CONFLICT (device, sequence) DO UPDATE SET outcome = excluded.outcome",
            &[
                &i64::from(device.0),
                &signed(sequence),
                &received.digest.0.as_slice(),
                &text(&received.outcome, "outcome")?,
            ],
        )
        .await
    }

    async fn put_quarantined(&mut self, quarantined: &Quarantined) -> Stored<()> {
        self.run(
            "INSERT INTO quarantine (device, sequence, reason, sealed) VALUES ($1, $2, $3, $4)
             ON CONFLICT (device, sequence) DO UPDATE SET
                 reason = excluded.reason, sealed = excluded.sealed",
            &[
                &i64::from(quarantined.sealed.device.0),
                &signed(quarantined.sealed.sequence),
                &quarantined.reason,
                &text(&quarantined.sealed, "quarantine")?,
            ],
        )
        .await
    }

    async fn put_removed(&mut self, record: Uuid, at_ms: u64) -> Stored<()> {
        self.run(
            "INSERT INTO removed (record, at_ms) VALUES ($1, $2) ON CONFLICT (record) DO NOTHING",
            &[&record, &signed(at_ms)],
        )
        .await
    }

    async fn put_due(&mut self, record: Uuid, at_ms: Option<u64>) -> Stored<()> {
        match at_ms {
            Some(at_ms) => {
                self.run(
                    "INSERT INTO due (record, at_ms) VALUES ($1, $2)
                     ON CONFLICT (record) DO UPDATE SET at_ms = excluded.at_ms",
                    &[&record, &signed(at_ms)],
                )
                .await
            }
            None => {
                self.run("DELETE FROM due WHERE record = $1", &[&record])
                    .await
            }
        }
    }

    async fn put_blob(&mut self, blob: &Blob) -> Stored<()> {
        self.run(
            "INSERT INTO blob (id, photo, bytes, sha256, chunks, complete)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE SET chunks = excluded.chunks, complete = excluded.complete",
            &[
                &blob.id,
                &blob.photo,
                &signed(blob.bytes),
                &blob.sha256.as_slice(),
                &i64::from(blob.chunks),
                &blob.complete,
            ],
        )
        .await?;
        let key = self.vault.make_blob_key(blob.id)?;
        self.run(
            "INSERT INTO blob_key (blob, sealed) VALUES ($1, $2) ON CONFLICT (blob) DO NOTHING",
            &[&blob.id, &key],
        )
        .await?;
        self.run(
            "DELETE FROM blob_chunk WHERE blob = $1 AND chunk >= $2",
            &[&blob.id, &i64::from(blob.chunks)],
        )
        .await
    }

    async fn put_chunk(&mut self, blob: Uuid, chunk: u32, bytes: &[u8]) -> Stored<()> {
        let key = self
            .row("SELECT sealed FROM blob_key WHERE blob = $1", &[&blob])
            .await?
            .ok_or(StoreFailure::Corrupt("blob key"))?;
        let sealed = self
            .vault
            .of_blob(blob, key.try_get(0)?)?
            .seal(&About::Chunk(blob, chunk), bytes)?;
        self.run(
            "INSERT INTO blob_chunk (blob, chunk, bytes) VALUES ($1, $2, $3)",
            &[&blob, &i64::from(chunk), &sealed],
        )
        .await
    }

    async fn delete_blobs(&mut self, photo: Uuid) -> Stored<()> {
        for table in ["blob_chunk", "blob_key"] {
            let sql =
                format!("DELETE FROM {table} WHERE blob IN (SELECT id FROM blob WHERE photo = $1)");
            self.run(&sql, &[&photo]).await?;
        }
        self.run("DELETE FROM blob WHERE photo = $1", &[&photo])
            .await
    }

    async fn take_sequences(&mut self, scope: Uuid, count: u64) -> Stored<u64> {
        let taken = self
            .row(
                "UPDATE scope SET sequence = sequence + $2 WHERE id = $1 RETURNING sequence",
                &[&scope, &signed(count)],
            )
            .await?
            .ok_or(StoreFailure::Corrupt("scope"))?;
        let last: i64 = taken.try_get(0)?;
        Ok(u64::try_from(last).unwrap_or_default() + 1 - count)
    }

    async fn put_feed(
        &mut self,
        scope: Uuid,
        sequence: u64,
        record: Uuid,
        mark: Mark,
    ) -> Stored<()> {
        let sql = format!(
            "WITH earlier AS (
                 SELECT mark FROM feed WHERE record = $3 AND scope = $1
             ), back AS (
                 DELETE FROM feed_left WHERE record = $3 AND scope = $1
             ), placed AS (
                 INSERT INTO feed (scope, sequence, record, mark) VALUES ($1, $2, $3, $4::text::numeric)
                 ON CONFLICT (record, scope) DO UPDATE SET
                     sequence = excluded.sequence, mark = excluded.mark
             )
             UPDATE scope SET
                 held = held + 1 - (SELECT count(*) FROM earlier),
                 sum = mod(
                     sum + $4::text::numeric - (SELECT coalesce(sum(mark), 0) FROM earlier) + {MODULUS},
                     {MODULUS}
                 )
             WHERE id = $1"
        );
        self.run(
            &sql,
            &[&scope, &signed(sequence), &record, &mark.0.to_string()],
        )
        .await
    }

    async fn commit(self) -> Stored<()> {
        self.commit_it().await
    }
}
