//! The file of slots: read whole, written whole, never half.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::KeyError;
use super::identity::WrappedIdentity;
use super::recovery::RecoverySlot;
use super::slot::Slot;

const NAME: &str = "slots.json";
const LOCK: &str = "slots.lock";
/// 2 since there are recovery codes and password-only devices; 1 is read as it is.
const FORM: u32 = 2;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SlotFile {
    version: u32,
    /// Whether the slots are wrapped without a device secret. Edited, it opens nothing: the seal
    /// of each slot covers it.
    #[serde(default)]
    pub(crate) password_only: bool,
    pub(crate) slots: Vec<Slot>,
    /// What a printed code opens.
    #[serde(default)]
    pub(crate) recovery: Option<RecoverySlot>,
    /// Where no keyring keeps it: the private key by which the county knows the device.
    #[serde(default)]
    pub(crate) identity: Option<WrappedIdentity>,
}

impl Default for SlotFile {
    fn default() -> Self {
        Self {
            version: FORM,
            password_only: false,
            slots: Vec::new(),
            recovery: None,
            identity: None,
        }
    }
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

/// Held while the file is read, changed and written: two programs, or two threads, never count
/// one attempt as none.
pub(crate) struct Guard(#[expect(dead_code, reason = "the lock ends when the file closes")] File);

pub(crate) fn lock(home: &Path) -> Result<Guard, KeyError> {
    let file = private_options()
        .create(true)
        .truncate(false)
        .open(home.join(LOCK))?;
    file.lock()?;
    Ok(Guard(file))
}

/// Reads the file; none yet is an empty one.
pub(crate) fn read(home: &Path) -> Result<SlotFile, KeyError> {
    let text = match fs::read(home.join(NAME)) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(SlotFile::default()),
        Err(error) => return Err(error.into()),
    };
    let VersionOnly { version } = serde_json::from_slice(&text).map_err(|_| KeyError::Damaged)?;
    if version > FORM {
        return Err(KeyError::FromNewerProgram {
            file: version,
            program: FORM,
        });
    }
    let file: SlotFile = serde_json::from_slice(&text).map_err(|_| KeyError::Damaged)?;
    Ok(SlotFile {
        version: FORM,
        ..file
    })
}

/// Writes the file so that after a crash at any moment either the old or the new one is there.
pub(crate) fn write(home: &Path, slots: &SlotFile) -> Result<(), KeyError> {
    let text = serde_json::to_vec_pretty(slots).map_err(|_| KeyError::Damaged)?;
    let next = home.join(format!("{NAME}.next"));
    let mut file = private_options().create(true).truncate(true).open(&next)?;
    file.write_all(&text)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&next, home.join(NAME))?;
    sync_directory(home)?;
    Ok(())
}

fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Makes the rename itself durable. Elsewhere than on Unix a directory cannot be synced, and the
/// file system's journal does it.
#[cfg(unix)]
fn sync_directory(home: &Path) -> std::io::Result<()> {
    File::open(home)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_home: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Bytes of a known length, base 64 in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bytes<const N: usize>(pub(crate) [u8; N]);

impl<const N: usize> Serialize for Bytes<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.0))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Bytes<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        base64_text::deserialize(deserializer)?
            .try_into()
            .map(Self)
            .map_err(|_| D::Error::custom("another length"))
    }
}

/// Bytes of any length, base 64 in the file.
pub(crate) mod base64_text {
    use base64::Engine as _;
    use serde::de::Error as _;

    use super::{Deserialize, Deserializer, STANDARD, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        STANDARD
            .decode(String::deserialize(from)?)
            .map_err(|_| D::Error::custom("not base 64"))
    }
}
