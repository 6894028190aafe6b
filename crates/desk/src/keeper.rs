//! Where this device's secrets are kept: the operating system's keyring.

use zeroize::Zeroizing;

/// Keeps secrets of this device between runs. Names begin with the installation's id, so that two
/// installations on one computer (a demo and the real one, say) do not share secrets.
pub trait SecretKeeper: Send + Sync {
    /// The secret of that name, or `None` when there is none.
    ///
    /// # Errors
    /// When the keyring is absent, locked or fails.
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeeperTrouble>;

    /// Keeps a secret under a name, in place of what was there.
    ///
    /// # Errors
    /// When the keyring is absent, locked or fails.
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeeperTrouble>;
}

/// Why the keyring cannot be used. The program says so, and does without one only where an
/// administrator chose so when the device was set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeeperTrouble {
    /// This computer has no keyring service running.
    #[error("no keyring on this computer")]
    Absent,
    /// The keyring is locked, and whoever was asked to unlock it did not.
    #[error("the keyring is locked")]
    Locked,
    /// The keyring failed.
    #[error("the keyring failed")]
    Failed,
}

/// The keyring of the operating system: the Secret Service on Linux, the Credential Manager on
/// Windows, the Keychain on macOS.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsKeyring;

const SERVICE: &str = "porch";

fn entry(name: &str) -> Result<keyring::Entry, KeeperTrouble> {
    keyring::Entry::new(SERVICE, name).map_err(trouble)
}

fn trouble(error: keyring::Error) -> KeeperTrouble {
    match error {
        keyring::Error::NoDefaultStore => KeeperTrouble::Absent,
        keyring::Error::NoStorageAccess(_) => KeeperTrouble::Locked,
        _ => KeeperTrouble::Failed,
    }
}

impl SecretKeeper for OsKeyring {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeeperTrouble> {
        match entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(trouble(error)),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeeperTrouble> {
        entry(name)?.set_secret(secret).map_err(trouble)
    }
}
