//! Backups: a copy, and what of each device is in it.

use std::path::{Path, PathBuf};

use porch_sync::DeviceNumber;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::county::County;
use crate::store::{PostgresStore, Reading, SqliteStore, Store, StoreFailure, Stored, Work as _};

/// What a store held at one moment, so that devices can be told of it once a copy is known to hold
/// as much. Nothing in it is personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The store's epoch. In another one the numbers below mean nothing.
    pub epoch: Uuid,
    /// The last transaction of each device.
    pub within: Vec<(DeviceNumber, u64)>,
}

impl Reach {
    /// What a snapshot holds.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn of(reading: &mut impl Reading) -> Stored<Self> {
        let devices = reading.devices().await?.into_iter();
        Ok(Self {
            within: devices
                .map(|device| (device.number, device.expected.saturating_sub(1)))
                .collect(),
            epoch: reading.epoch().await?,
        })
    }
}

impl County<SqliteStore> {
    /// Copies the store into a file that does not exist yet, and tells each device from now on how
    /// far the copy reaches, so that it need not keep what is in it. The copy is encrypted with
    /// the store's key, which is not in it.
    ///
    /// # Errors
    /// When the file exists or cannot be written; then no device is told anything.
    pub async fn back_up(&self, file: &Path) -> Stored<()> {
        let reach = self.store.copy_to(file)?;
        self.note_backup(&reach).await
    }
}

impl County<PostgresStore> {
    /// Copies the database with the program `pg_dump` into a file that does not exist yet, and tells
    /// each device from now on how far the copy reaches. The copy is a script for `psql`, readable to
    /// whoever has the file; restored, it goes on under another epoch.
    ///
    /// # Errors
    /// When the file exists or cannot be written, or the program fails; then no device is told anything.
    pub async fn back_up(&self, file: &Path, pg_dump: &Path) -> Stored<()> {
        let reach = self.store.dump_to(file, pg_dump).await?;
        // A removal may have wanted to wipe the keys of pictures while the dump was reading them.
        self.scrub().await;
        self.note_backup(&reach).await
    }
}

impl<S: Store> County<S> {
    /// Starts another epoch, for a store that was restored from a backup by means that it does not
    /// know of: every device sends again what is not in it.
    ///
    /// # Errors
    /// When the store fails or there is no randomness.
    pub async fn start_epoch(&self) -> Stored<Uuid> {
        let mut random = [0; 16];
        self.surroundings.fill(&mut random)?;
        let epoch = uuid::Builder::from_random_bytes(random).into_uuid();
        let mut work = self.store.begin().await?;
        work.put_epoch(epoch).await?;
        work.commit().await?;
        Ok(epoch)
    }

    /// What the store holds now. A copy that is begun after this holds as much at least.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn reach(&self) -> Stored<Reach> {
        Reach::of(&mut self.store.reading().await?).await
    }

    /// Notes the last transaction of each device that is in a backup, and so in no need of being kept
    /// by the device.
    ///
    /// # Errors
    /// [`StoreFailure::OtherEpoch`] when the store was restored since: it may have lost what is
    /// noted. Then no device is told anything.
    pub async fn note_backup(&self, reach: &Reach) -> Stored<()> {
        for (number, sequence) in &reach.within {
            let mut work = self.store.begin().await?;
            let Some(mut device) = work.lock_device(*number).await? else {
                continue;
            };
            if work.epoch().await? != reach.epoch {
                return Err(StoreFailure::OtherEpoch);
            }
            if *sequence > device.backed_up {
                device.backed_up = *sequence;
                work.put_device(&device).await?;
                work.commit().await?;
            }
        }
        Ok(())
    }
}

/// Where a copy is written until it is whole. What a killed backup left there is removed.
///
/// # Errors
/// When the file itself exists already.
pub(crate) fn aside(file: &Path) -> Stored<PathBuf> {
    if file.try_exists()? {
        return Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists).into());
    }
    let aside = file.with_extension("part");
    match std::fs::remove_file(&aside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(aside),
    }
}

/// Gives a whole copy its name. When this returns, file and name outlast a power cut: only then may a
/// device let go of what is in it.
///
/// # Errors
/// When the disk does not take it.
pub(crate) fn settle(aside: &Path, file: &Path) -> Stored<()> {
    std::fs::File::open(aside)?.sync_all()?;
    std::fs::rename(aside, file)?;
    // Windows writes names through by itself, and opens no directory.
    #[cfg(unix)]
    {
        let directory = file.parent().filter(|path| !path.as_os_str().is_empty());
        std::fs::File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
