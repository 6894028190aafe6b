//! Where a device keeps its files, and what it calls itself before anything is unlocked.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use porch_store::keys::{KdfParameters, Slots};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::refusal::{Code, Refusal};

const IDENTITY: &str = "device.json";

/// The folder of one device: local to the computer, not roaming with a user's profile.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    folder: PathBuf,
    kdf: KdfParameters,
}

/// What is known of a device without any key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// This installation; names its entries in the keyring, and every login's slot is bound to it.
    pub(crate) installation: Uuid,
    /// What people call the device.
    pub(crate) device_name: String,
    /// The centre's name, for the lock screen.
    pub(crate) centre: Option<String>,
    /// After how many minutes without a touch the desk locks itself; none for the most.
    #[serde(default)]
    pub(crate) idle_minutes: Option<u32>,
}

/// The most minutes without a touch before a desk locks itself; a device may be set to fewer.
pub(crate) const MOST_IDLE_MINUTES: u32 = 5;

impl Identity {
    /// After how many minutes without a touch the desk locks itself. The file is in the clear, so
    /// whatever somebody wrote into it, it is never more than the most.
    pub(crate) fn idle_minutes(&self) -> u32 {
        self.idle_minutes
            .unwrap_or(MOST_IDLE_MINUTES)
            .clamp(1, MOST_IDLE_MINUTES)
    }
}

impl Home {
    pub(crate) fn new(folder: &Path, kdf: KdfParameters) -> Self {
        Self {
            folder: folder.to_owned(),
            kdf,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("porch.db")
    }

    /// What the device calls itself; `None` before it is set up.
    pub(crate) fn identity(&self) -> Result<Option<Identity>, Refusal> {
        self.kept(IDENTITY)
    }

    /// Keeps what the device calls itself, whole or not at all.
    pub(crate) fn put_identity(&self, identity: &Identity) -> Result<(), Refusal> {
        self.keep(IDENTITY, identity)
    }

    /// What is kept in one of the folder's small files; `None` where there is none.
    pub(crate) fn kept<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Refusal> {
        match std::fs::read(self.folder.join(name)) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|_| Code::DatabaseCorrupt.into()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(_) => Err(Code::Internal.into()),
        }
    }

    /// Writes one of the folder's small files so that after a crash at any moment either the old
    /// or the new one is there.
    pub(crate) fn keep(&self, name: &str, what: &impl Serialize) -> Result<(), Refusal> {
        let bytes = serde_json::to_vec(what).map_err(|_| Code::Internal)?;
        let (there, beside) = (
            self.folder.join(name),
            self.folder.join(format!("{name}.new")),
        );
        let write = || {
            std::fs::create_dir_all(&self.folder)?;
            let mut file = File::create(&beside)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            std::fs::rename(&beside, there)?;
            // Elsewhere a folder cannot be synced, and the file system's journal does it.
            if cfg!(unix) {
                File::open(&self.folder)?.sync_all()?;
            }
            Ok(())
        };
        write().map_err(|error: std::io::Error| match error.kind() {
            std::io::ErrorKind::StorageFull => Code::StorageFull.into(),
            _ => Code::Internal.into(),
        })
    }

    pub(crate) fn slots(&self, installation: Uuid) -> Slots {
        Slots::new(&self.folder, installation, self.kdf)
    }
}
