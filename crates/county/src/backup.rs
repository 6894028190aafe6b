//! Backups: a copy, and what of each device is in it.

use std::path::Path;

use porch_sync::DeviceNumber;
use uuid::Uuid;

use crate::county::County;
use crate::store::{SqliteStore, Store, Stored, Work as _};

impl County<SqliteStore> {
    /// Copies the store into a file that does not exist yet, and tells each device from now on how
    /// far the copy reaches, so that it need not keep what is in it. The copy is encrypted with
    /// the store's key, which is not in it.
    ///
    /// # Errors
    /// When the file exists or cannot be written; then no device is told anything.
    pub async fn back_up(&self, file: &Path) -> Stored<()> {
        let within = self.store.copy_to(file)?;
        self.note_backup(&within).await
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

    /// Notes the last transaction of each device that is in a backup.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_backup(&self, within: &[(DeviceNumber, u64)]) -> Stored<()> {
        for (number, sequence) in within {
            let mut work = self.store.begin().await?;
            let Some(mut device) = work.lock_device(*number).await? else {
                continue;
            };
            if *sequence > device.backed_up {
                device.backed_up = *sequence;
                work.put_device(&device).await?;
                work.commit().await?;
            }
        }
        Ok(())
    }
}
