//! On a device without a keyring: the private key by which the county knows it, wrapped under the
//! database key and kept with the slots.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::file::{self, Bytes};
use super::{DatabaseKey, KeyError, Slots, random};

const LABEL: &[u8] = b"porch identity key v1";

/// The private key, wrapped; the device is authenticated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WrappedIdentity {
    nonce: Bytes<24>,
    #[serde(with = "file::base64_text")]
    sealed: Vec<u8>,
}

fn cipher(database: &DatabaseKey) -> Result<XChaCha20Poly1305, KeyError> {
    let mut key = Zeroizing::new([0_u8; 32]);
    Hkdf::<Sha256>::new(None, database.as_bytes())
        .expand(LABEL, key.as_mut_slice())
        .map_err(|_| KeyError::Parameters)?;
    Ok(XChaCha20Poly1305::new((&*key).into()))
}

fn associated(device: Uuid) -> Vec<u8> {
    [LABEL, device.as_bytes()].concat()
}

impl Slots {
    /// Keeps the private key by which the county knows this device.
    ///
    /// # Errors
    /// What the file gives.
    pub fn keep_identity(&self, key: &[u8; 32], database: &DatabaseKey) -> Result<(), KeyError> {
        let nonce = random()?;
        let payload = Payload {
            msg: key,
            aad: &associated(self.device),
        };
        let sealed = cipher(database)?
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| KeyError::Parameters)?;
        self.change(|file| {
            file.identity = Some(WrappedIdentity {
                nonce: Bytes(nonce),
                sealed,
            });
            Ok(())
        })
    }

    /// The private key by which the county knows this device.
    ///
    /// # Errors
    /// [`KeyError::Damaged`] where none was kept, or it is not this device's.
    pub fn identity(&self, database: &DatabaseKey) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let kept = file::read(&self.home)?.identity.ok_or(KeyError::Damaged)?;
        let payload = Payload {
            msg: &kept.sealed,
            aad: &associated(self.device),
        };
        let opened = cipher(database)?
            .decrypt(&XNonce::from(kept.nonce.0), payload)
            .map(Zeroizing::new)
            .map_err(|_| KeyError::Damaged)?;
        <[u8; 32]>::try_from(opened.as_slice())
            .map(Zeroizing::new)
            .map_err(|_| KeyError::Damaged)
    }
}
