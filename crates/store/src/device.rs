//! What this device is to the county, and how its sync stands.

use porch_domain::id::CentreId;
use porch_domain::time::Instant;
use porch_sync::DeviceNumber;
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use crate::access::{Read, Write};
use crate::error::StoreError;
use crate::replica::{KEPT_ASIDE, STOPPED};

/// An enrolled device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    /// Its number.
    pub number: DeviceNumber,
    /// What people call it.
    pub name: String,
    /// The centre whose front desk it is.
    pub centre: CentreId,
    /// The scopes it holds, the centre's among them.
    pub scopes: Vec<Uuid>,
    /// The county server's address.
    pub server: String,
    /// The county's CA certificate, PEM.
    pub county_certificate: String,
    /// The epoch of the key for restricted notes.
    pub restricted_epoch: u32,
    /// The county's public key for restricted notes.
    pub restricted_key: [u8; 32],
    /// The server's epoch.
    pub epoch: Uuid,
}

/// How sync stands, as the window shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncRow {
    /// Transactions that are only on this device.
    pub unsent: u32,
    /// Records that arrived and that a guard refused.
    pub set_aside: u32,
    /// Records of this device's that the county keeps in quarantine.
    pub kept_aside: u32,
    /// Values that lost to a concurrent edit and await a person.
    pub conflicts: u32,
    /// Scopes that were fetched from the start and still are not what the county holds: nothing
    /// more is taken in for them until somebody has looked.
    pub stopped: u32,
    /// When the device last met the county.
    pub last_synced_at: Option<Instant>,
    /// How far this computer's clock is ahead of the county's, in milliseconds.
    pub clock_off_ms: i64,
}

impl Read<'_> {
    /// The enrolled device.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] before enrolment.
    pub fn device(&self) -> Result<DeviceRow, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT number, name, centre, scopes, server, county_certificate, restricted_epoch, restricted_key, epoch
             FROM device",
        )?;
        let (scopes, row) = select.query_row((), |row| {
            let scopes: String = row.get(3)?;
            Ok((
                scopes,
                DeviceRow {
                    number: DeviceNumber(row.get(0)?),
                    name: row.get(1)?,
                    centre: CentreId::from_bytes(row.get(2)?),
                    scopes: Vec::new(),
                    server: row.get(4)?,
                    county_certificate: row.get(5)?,
                    restricted_epoch: row.get(6)?,
                    restricted_key: row.get(7)?,
                    epoch: Uuid::from_bytes(row.get(8)?),
                },
            ))
        })?;
        Ok(DeviceRow {
            scopes: serde_json::from_str(&scopes)?,
            ..row
        })
    }

    /// How sync stands.
    ///
    /// # Errors
    /// When the store fails.
    pub fn sync_state(&self) -> Result<SyncRow, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT (SELECT COUNT(*) FROM outbox WHERE outcome IS NULL),
                    (SELECT COUNT(*) FROM set_aside WHERE reason <> ?1),
                    (SELECT COUNT(*) FROM conflict),
                    last_synced_at,
                    clock_off_ms,
                    (SELECT COUNT(*) FROM scope_tally WHERE misses >= ?2),
                    (SELECT COUNT(*) FROM set_aside WHERE reason = ?1)
             FROM sync_state",
        )?;
        let (row, at) = select.query_row(params![KEPT_ASIDE, STOPPED], |row| {
            let at: Option<String> = row.get(3)?;
            let row = SyncRow {
                unsent: row.get(0)?,
                set_aside: row.get(1)?,
                conflicts: row.get(2)?,
                last_synced_at: None,
                clock_off_ms: row.get(4)?,
                stopped: row.get(5)?,
                kept_aside: row.get(6)?,
            };
            Ok((row, at))
        })?;
        let last_synced_at = at
            .map(|at| at.parse().map_err(|_| StoreError::Malformed))
            .transpose()?;
        Ok(SyncRow {
            last_synced_at,
            ..row
        })
    }
}

impl Write<'_> {
    /// Keeps what the county said at enrolment.
    ///
    /// # Errors
    /// When the device is enrolled already.
    pub fn put_device(&self, device: &DeviceRow) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO device (only_row, number, name, centre, scopes, server, county_certificate,
                                 restricted_epoch, restricted_key, epoch)
             VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                device.number.0,
                device.name,
                device.centre.to_bytes(),
                serde_json::to_string(&device.scopes)?,
                device.server,
                device.county_certificate,
                device.restricted_epoch,
                device.restricted_key,
                device.epoch.as_bytes(),
            ],
        )?;
        Ok(())
    }

    /// Keeps the server's epoch: it was restored from a backup, so everything that it had
    /// acknowledged is sent again, pictures too, and everything is pulled again. Nothing here is
    /// taken away: what the server has lost may be here alone.
    ///
    /// # Errors
    /// When the store fails.
    pub fn put_epoch(&self, epoch: Uuid) -> Result<(), StoreError> {
        let changed = self.connection.execute(
            "UPDATE device SET epoch = ?1 WHERE epoch <> ?1",
            [epoch.as_bytes()],
        )?;
        if changed > 0 {
            self.begin_again()?;
            self.part_from_given_scopes()?;
        }
        Ok(())
    }

    /// The county has enrolled this device once more, since it was restored from a backup of before the
    /// first time: everything that is here is sent again under the new number, and pulled again.
    ///
    /// # Errors
    /// When the store fails or there is no randomness; then nothing of it was written.
    pub fn enrolled_again(&self, number: DeviceNumber, epoch: Uuid) -> Result<(), StoreError> {
        self.connection
            .execute("UPDATE device SET epoch = ?", [epoch.as_bytes()])?;
        self.begin_again()?;
        self.take_number(number)?;
        // What only this device has may have been in a newer backup, and stays, also if it was a copy that was about to look.
        self.connection
            .execute("UPDATE let_go SET look_through = 0", ())?;
        Ok(())
    }

    fn begin_again(&self) -> Result<(), StoreError> {
        self.send_again(0)?;
        self.connection.execute_batch(
            "DELETE FROM cursor;
             INSERT OR IGNORE INTO picture_outbox (photo, variant) SELECT photo, variant FROM picture;",
        )?;
        self.forget_holdings()
    }

    /// Keeps when the device met the county, and how far apart their clocks are.
    ///
    /// The latest time seen comes down to the county's time if a clock had been set too far ahead:
    /// otherwise one wrong evening would end every consent on this device for good. What it is
    /// there for stays: no clock of this computer's lowers it, it does not come below what the
    /// county said this time or the time before, so a county set back by mistake revives nothing,
    /// and it never makes a Yes, since the computer's own clock still counts in
    /// [`Read::latest_seen`] and a No has no time.
    ///
    /// # Errors
    /// When the store fails.
    pub fn met_county(&self, at: Instant, clock_off_ms: i64) -> Result<(), StoreError> {
        let county =
            |at: Instant, off_ms| Instant::from_unix_ms(at.unix_ms().saturating_sub(off_ms));
        let before = self.sync_state()?;
        let told = county(at, clock_off_ms);
        let told_before = before
            .last_synced_at
            .map(|at| county(at, before.clock_off_ms));
        let lowest = told_before.map_or(told, |before| told.max(before));
        self.connection.execute(
            "UPDATE tally SET latest_seen = ?1 WHERE latest_seen > ?1",
            [lowest.to_string()],
        )?;
        self.connection.execute(
            "UPDATE sync_state SET last_synced_at = ?, clock_off_ms = ?",
            params![at.to_string(), clock_off_ms],
        )?;
        Ok(())
    }

    /// Whether the device is enrolled.
    ///
    /// # Errors
    /// When the store fails.
    pub fn is_enrolled(&self) -> Result<bool, StoreError> {
        Ok(self
            .connection
            .query_row("SELECT 1 FROM device", (), |_| Ok(()))
            .optional()?
            .is_some())
    }
}

#[cfg(test)]
mod tests {
    use porch_domain::time::Instant;

    use crate::Store;
    use crate::scratch;

    const HOUR_MS: i64 = 60 * 60 * 1000;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    /// A store that has seen a time, and a time of its clock afterwards.
    struct Device {
        _home: tempfile::TempDir,
        store: Store,
    }

    impl Device {
        fn that_saw(latest: &str) -> Self {
            let (home, store) = scratch::store();
            let device = Self { _home: home, store };
            device
                .store
                .write(|write| {
                    write
                        .connection
                        .execute("UPDATE tally SET latest_seen = ?", [latest])?;
                    Ok::<_, crate::StoreError>(())
                })
                .unwrap();
            device
        }

        /// The county says that the computer's clock is so far ahead.
        fn meets(&self, now: &str, ahead_ms: i64) {
            self.store
                .write(|write| write.met_county(at(now), ahead_ms))
                .unwrap();
        }

        fn latest_seen(&self, now: &str) -> String {
            self.store
                .read(|read| read.latest_seen(at(now)))
                .unwrap()
                .to_string()
        }
    }

    const LONG_AGO: &str = "2000-01-01T00:00:00.000Z";
    const TEN: &str = "2026-11-23T10:00:00.000Z";
    const ELEVEN: &str = "2026-11-23T11:00:00.000Z";

    #[test]
    fn a_clock_that_was_far_ahead_is_forgotten_when_the_county_speaks() {
        let device = Device::that_saw("2099-01-01T00:00:00.000Z");
        assert_eq!(device.latest_seen(LONG_AGO), "2099-01-01T00:00:00.000Z");
        device.meets(ELEVEN, HOUR_MS);
        assert_eq!(device.latest_seen(LONG_AGO), TEN, "the county's, not ours");
        assert_eq!(device.latest_seen(ELEVEN), ELEVEN, "ours still refuses");
    }

    #[test]
    fn the_latest_time_seen_only_comes_down_and_not_below_the_county() {
        let device = Device::that_saw(TEN);
        device.meets(TEN, -HOUR_MS);
        assert_eq!(device.latest_seen(LONG_AGO), TEN, "not raised either");
        let device = Device::that_saw("2099-01-01T00:00:00.000Z");
        device.meets(ELEVEN, 0);
        device.meets(ELEVEN, HOUR_MS);
        assert_eq!(
            device.latest_seen(LONG_AGO),
            ELEVEN,
            "a county set back revives nothing"
        );
    }
}
