//! The devices, in a file that is kept apart from backups: a database that is older than the last
//! enrolment still knows whom to listen to, and one that is older than a revocation whom not to.
//!
//! Without it a device that was enrolled after the backup could not say what it had been promised is
//! kept, and a stolen one would be let in again. One line for each enrolment and each revocation: numbers, names of
//! devices and public keys, nothing about anybody and no secret.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use porch_sync::{Bytes, DeviceNumber};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::county::County;
use crate::kept_apart::KeptApart;
use crate::store::{COUNTY_DEVICE, Device, Reading as _, Store, Stored, URGENT, Work as _};

/// The file.
pub(crate) type DeviceLog = KeptApart<Line>;

/// A device, as it was enrolled or revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    number: DeviceNumber,
    name: String,
    centre: Uuid,
    public_key: Bytes<32>,
    scopes: BTreeSet<Uuid>,
    enrolled_ms: u64,
    revoked_ms: Option<u64>,
    copy_of: Option<DeviceNumber>,
}

impl Line {
    fn of(device: &Device) -> Self {
        Self {
            number: device.number,
            name: device.name.clone(),
            centre: device.centre,
            public_key: Bytes(device.public_key),
            scopes: device.scopes.clone(),
            enrolled_ms: device.enrolled_ms,
            revoked_ms: device.revoked_ms,
            copy_of: device.copy_of,
        }
    }

    /// A device of which nothing was ever received.
    fn anew(&self) -> Device {
        Device {
            number: self.number,
            name: self.name.clone(),
            centre: self.centre,
            public_key: self.public_key.0,
            scopes: self.scopes.clone(),
            leaving: BTreeSet::new(),
            left: BTreeSet::new(),
            enrolled_ms: self.enrolled_ms,
            revoked_ms: self.revoked_ms,
            expected: 1,
            audit_entries: 0,
            audit_head: None,
            backed_up: 0,
            copy_of: self.copy_of,
        }
    }
}

impl<S: Store> County<S> {
    /// The same county with a device log at a path: devices that the log knows and the database does not are
    /// put back, as if nothing had been received of them; whoever was revoked is revoked. What the
    /// database knows and the log does not is appended.
    ///
    /// # Errors
    /// When the file cannot be read or written, or the store fails.
    pub async fn with_device_log(mut self, path: &Path) -> Stored<Self> {
        let file = DeviceLog::at(path);
        let mut logged: BTreeMap<DeviceNumber, Line> = BTreeMap::new();
        for line in file.entries()? {
            let before = logged.remove(&line.number);
            let revoked_ms = before.and_then(|before| before.revoked_ms);
            let revoked_ms = revoked_ms.or(line.revoked_ms);
            logged.insert(line.number, Line { revoked_ms, ..line });
        }
        let mut lacked = false;
        for line in logged.values() {
            lacked |= self.put_back(line).await?;
        }
        if lacked {
            tracing::warn!("the database is older than the device log; devices were put back");
            // An erasure may have waited for nobody but whom the database did not know to be revoked.
            self.settle_all().await?;
        }
        let known = self.devices().await?;
        for device in known.iter().filter(|device| device.number != COUNTY_DEVICE) {
            let noted = logged.get(&device.number);
            if noted.is_none_or(|noted| noted.revoked_ms.is_none() && device.revoked_ms.is_some()) {
                file.append(&Line::of(device))?;
            }
        }
        self.device_log = Some(file);
        Ok(self)
    }

    /// Gives whether the database lacked any of it.
    async fn put_back(&self, line: &Line) -> Stored<bool> {
        let mut work = self.store.begin().await?;
        let known = work.lock_device(line.number).await?;
        let device = match known {
            Some(known) if known.public_key != line.public_key.0 => return Ok(false),
            Some(known) if known.revoked_ms.is_some() || line.revoked_ms.is_none() => {
                return Ok(false);
            }
            Some(known) => Device {
                revoked_ms: line.revoked_ms,
                ..known
            },
            None => line.anew(),
        };
        // Its centre may be younger than the backup; once it is there again, the next start finds it.
        for scope in &device.scopes {
            if work.head(*scope).await?.is_none() {
                return Ok(false);
            }
        }
        work.put_device(&device).await?;
        // As when a device is given scopes (scopes.rs): an erasure that is being carried out comes first.
        work.take_sequences(URGENT, 0).await?;
        work.commit().await?;
        Ok(true)
    }

    /// Notes a device that was enrolled or revoked. The database has it already: what cannot be noted
    /// now is when the county is next opened.
    pub(crate) fn note_device(&self, device: &Device) {
        if let Some(file) = &self.device_log
            && let Err(failure) = file.append(&Line::of(device))
        {
            tracing::warn!(%failure, "a device could not be noted beside the database");
        }
    }
}
