//! Secrets that are wiped when dropped and never show themselves.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{KeyError, random};
use crate::sealed::OpeningKey;

/// The key of the device's database: 32 random bytes, given to SQLCipher raw.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DatabaseKey([u8; 32]);

impl DatabaseKey {
    /// Makes a new one from the operating system's randomness.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn make() -> Result<Self, KeyError> {
        random().map(Self)
    }

    /// From the bytes in which it was kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes. Keep copies in [`Zeroizing`] only.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for DatabaseKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for DatabaseKey {}

impl fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseKey(…)")
    }
}

/// The secret of this device that the operating system's keyring keeps: 32 random bytes, joined
/// with every password before a key is derived. On a password-only device it is absent, and what
/// was wrapped with one never opens without, nor the other way round.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DeviceSecret(Option<[u8; 32]>);

impl DeviceSecret {
    /// Makes a new one from the operating system's randomness.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn make() -> Result<Self, KeyError> {
        random().map(Some).map(Self)
    }

    /// From the bytes that the keyring kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Some(bytes))
    }

    /// That there is none: a password-only device.
    #[must_use]
    pub const fn absent() -> Self {
        Self(None)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        self.0.is_none()
    }

    /// The bytes. Keep copies in [`Zeroizing`] only.
    #[must_use]
    pub const fn as_bytes(&self) -> Option<&[u8; 32]> {
        self.0.as_ref()
    }
}

impl fmt::Debug for DeviceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_absent() {
            "DeviceSecret(absent)"
        } else {
            "DeviceSecret(…)"
        })
    }
}

impl DatabaseKey {
    /// The form in which SQLCipher takes a raw key: `x'<64 hex digits>'`. Wiped when dropped.
    pub(crate) fn raw(&self) -> Zeroizing<Vec<u8>> {
        // Sized up front: a vector that grows leaves copies behind.
        let mut text = Zeroizing::new(Vec::with_capacity(67));
        text.extend_from_slice(b"x'");
        for byte in self.0 {
            for nibble in [byte >> 4, byte & 15] {
                text.push(match nibble {
                    0..=9 => b'0' + nibble,
                    _ => b'a' + (nibble - 10),
                });
            }
        }
        text.push(b'\'');
        text
    }
}

/// What a slot gives to its user: the database key, and the private keys for restricted notes if
/// the role reads them. One private key an epoch: a revocation starts a new epoch, and older
/// notes stay under older keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// The key of the device's database.
    pub database: DatabaseKey,
    /// The private keys for restricted notes; empty for most roles.
    pub restricted: Vec<OpeningKey>,
}

const FORM: u8 = 1;
const KEY_LEN: usize = 32;
const EPOCH_LEN: usize = 4;

impl Keys {
    /// Keys of a role that does not read restricted notes.
    #[must_use]
    pub const fn of_database(database: DatabaseKey) -> Self {
        Self {
            database,
            restricted: Vec::new(),
        }
    }

    /// The payload of a slot: form, database key, then epoch and private key of each epoch.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let len = 1 + KEY_LEN + self.restricted.len() * (EPOCH_LEN + KEY_LEN);
        let mut bytes = Zeroizing::new(Vec::with_capacity(len));
        bytes.push(FORM);
        bytes.extend_from_slice(self.database.as_bytes());
        for key in &self.restricted {
            bytes.extend_from_slice(&key.epoch().to_be_bytes());
            bytes.extend_from_slice(&*key.to_bytes());
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let (&form, rest) = bytes.split_first().ok_or(KeyError::Damaged)?;
        if form != FORM {
            return Err(KeyError::FromNewerProgram {
                file: form.into(),
                program: FORM.into(),
            });
        }
        let (database, rest) = rest
            .split_first_chunk::<KEY_LEN>()
            .ok_or(KeyError::Damaged)?;
        let entries = rest.chunks_exact(EPOCH_LEN + KEY_LEN);
        if !entries.remainder().is_empty() {
            return Err(KeyError::Damaged);
        }
        let mut restricted = Vec::with_capacity(entries.len());
        for entry in entries {
            let (epoch, private) = entry
                .split_first_chunk::<EPOCH_LEN>()
                .ok_or(KeyError::Damaged)?;
            restricted.push(
                OpeningKey::from_bytes(u32::from_be_bytes(*epoch), private)
                    .ok_or(KeyError::Damaged)?,
            );
        }
        Ok(Self {
            database: DatabaseKey(*database),
            restricted,
        })
    }
}
