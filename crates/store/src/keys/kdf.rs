//! From a password and the device secret to a wrapping key.

use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{DeviceSecret, KeyError};

/// Parameters of Argon2id. Kept with each slot and authenticated by it; tests hand in weaker ones
/// as an argument, and there is no other way to weaken them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KdfParameters {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl KdfParameters {
    /// 64 MiB, 3 passes, 4 lanes: the second recommended option of RFC 9106, section 4.
    pub const CURRENT: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 4,
    };

    /// Beyond this a file of slots is damaged, and obeying it would stop the machine.
    const MOST: Self = Self {
        memory_kib: 1024 * 1024,
        passes: 16,
        lanes: 16,
    };

    /// Whether a slot made with these should be wrapped anew under `current`.
    #[must_use]
    pub const fn weaker_than(&self, current: &Self) -> bool {
        self.memory_kib < current.memory_kib || self.passes < current.passes
    }

    pub(crate) fn to_bytes(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        for (to, from) in bytes.iter_mut().zip(
            [self.memory_kib, self.passes, self.lanes]
                .into_iter()
                .flat_map(u32::to_be_bytes),
        ) {
            *to = from;
        }
        bytes
    }

    fn argon2(self) -> Result<Argon2<'static>, KeyError> {
        if self.memory_kib > Self::MOST.memory_kib
            || self.passes > Self::MOST.passes
            || self.lanes > Self::MOST.lanes
        {
            return Err(KeyError::Parameters);
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| KeyError::Parameters)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

const INFO: &[u8] = b"porch slot v1";
const INFO_ALONE: &[u8] = b"porch password-only slot v1";

/// HKDF-SHA-256 over Argon2id(secret text, salt) joined with the device secret; over the former
/// alone, and to another end, where there is none. Takes about 0.2 s with
/// [`KdfParameters::CURRENT`].
pub(crate) fn derive_wrapping_key(
    text: &[u8],
    device: &DeviceSecret,
    salt: &[u8; 16],
    parameters: KdfParameters,
) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let mut joined = Zeroizing::new([0_u8; 64]);
    let (stretched, secret) = joined.split_at_mut(32);
    parameters
        .argon2()?
        .hash_password_into(text, salt, stretched)
        .map_err(|_| KeyError::Parameters)?;
    let (material, info) = match device.as_bytes() {
        Some(bytes) => {
            secret.copy_from_slice(bytes);
            (joined.as_slice(), INFO)
        }
        None => (&*stretched, INFO_ALONE),
    };
    let mut key = Zeroizing::new([0_u8; 32]);
    Hkdf::<Sha256>::new(None, material)
        .expand(info, key.as_mut_slice())
        .map_err(|_| KeyError::Parameters)?;
    Ok(key)
}
