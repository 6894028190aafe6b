//! One user's slot: their keys, wrapped.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::attempts::Attempts;
use super::file::{self, Bytes};
use super::kdf::derive_wrapping_key;
use super::{DeviceSecret, KdfParameters, KeyError, Keys, random};

/// Who a slot is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The user's id.
    pub id: Uuid,
    /// The name shown on the lock screen. Not authenticated: a wrong one opens nothing.
    pub name: String,
    /// The role's name. Authenticated: a slot whose role was edited does not open.
    pub role: String,
}

/// What a slot waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// A password opens it.
    Active,
    /// A one-time code opens it, and the user then chooses a password.
    Invited {
        /// Until when, in milliseconds of Unix time. Authenticated.
        expires_ms: i64,
    },
    /// Nothing opens it; a supervisor may invite the user again.
    Blocked,
}

/// A slot as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Slot {
    #[serde(flatten)]
    pub(crate) user: User,
    pub(crate) state: SlotState,
    pub(crate) attempts: Attempts,
    /// None once a supervisor has blocked the user.
    pub(crate) wrapped: Option<Wrapped>,
    /// An invitation of somebody who has a login: beside it, until the code is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pending: Option<Pending>,
}

/// What an invitation would make of a slot. The slot itself works on, so that nobody loses a
/// login, and no device its last key to sealed notes, by an invitation that is never taken up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pending {
    #[serde(flatten)]
    pub(crate) user: User,
    pub(crate) expires_ms: i64,
    pub(crate) attempts: Attempts,
    pub(crate) wrapped: Wrapped,
}

impl Pending {
    /// The slot that the code opens.
    pub(crate) fn as_slot(&self) -> Slot {
        Slot {
            user: self.user.clone(),
            state: SlotState::Invited {
                expires_ms: self.expires_ms,
            },
            attempts: self.attempts,
            wrapped: Some(self.wrapped.clone()),
            pending: None,
        }
    }
}

/// Keys under a password or a one-time code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wrapped {
    pub(crate) parameters: KdfParameters,
    salt: Bytes<16>,
    nonce: Bytes<24>,
    #[serde(with = "file::base64_text")]
    sealed: Vec<u8>,
}

/// What, besides the keys themselves, the seal of a slot covers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound<'a> {
    pub(crate) device: Uuid,
    pub(crate) user: &'a User,
    pub(crate) by: OpenedBy,
}

/// What opens a slot.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OpenedBy {
    Password,
    Invitation { expires_ms: i64 },
    RecoveryCode { made_ms: i64 },
}

impl From<SlotState> for OpenedBy {
    fn from(state: SlotState) -> Self {
        match state {
            SlotState::Active | SlotState::Blocked => Self::Password,
            SlotState::Invited { expires_ms } => Self::Invitation { expires_ms },
        }
    }
}

impl Bound<'_> {
    /// The canonical form of everything that is authenticated but not secret: whether a device
    /// secret takes part, then parts of a fixed length, and the role, which comes last.
    fn associated(
        &self,
        secret: &DeviceSecret,
        parameters: KdfParameters,
        salt: &[u8; 16],
    ) -> Vec<u8> {
        let (opened_by, when_ms) = match self.by {
            OpenedBy::Password => (b'p', 0),
            OpenedBy::Invitation { expires_ms } => (b'c', expires_ms),
            OpenedBy::RecoveryCode { made_ms } => (b'r', made_ms),
        };
        let form: &[u8] = if secret.is_absent() {
            b"porch password-only slot v1"
        } else {
            b"porch slot v1"
        };
        let mut bytes = form.to_vec();
        bytes.push(opened_by);
        bytes.extend_from_slice(&when_ms.to_be_bytes());
        bytes.extend_from_slice(&parameters.to_bytes());
        bytes.extend_from_slice(salt);
        bytes.extend_from_slice(self.device.as_bytes());
        bytes.extend_from_slice(self.user.id.as_bytes());
        bytes.extend_from_slice(self.user.role.as_bytes());
        bytes
    }
}

impl Wrapped {
    /// Wraps keys under `text` (a prepared password or a code) and the device secret.
    pub(crate) fn wrap(
        keys: &Keys,
        text: &[u8],
        secret: &DeviceSecret,
        bound: Bound<'_>,
        parameters: KdfParameters,
    ) -> Result<Self, KeyError> {
        let salt = random()?;
        let nonce = random()?;
        let key = derive_wrapping_key(text, secret, &salt, parameters)?;
        let payload = keys.to_bytes();
        let sealed = cipher(&key)
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: &payload,
                    aad: &bound.associated(secret, parameters, &salt),
                },
            )
            .map_err(|_| KeyError::Parameters)?;
        Ok(Self {
            parameters,
            salt: Bytes(salt),
            nonce: Bytes(nonce),
            sealed,
        })
    }

    /// The keys; `None` when the text, the device secret or anything bound is another.
    pub(crate) fn unwrap(
        &self,
        text: &[u8],
        secret: &DeviceSecret,
        bound: Bound<'_>,
    ) -> Result<Option<Keys>, KeyError> {
        let key = derive_wrapping_key(text, secret, &self.salt.0, self.parameters)?;
        let opened = cipher(&key).decrypt(
            &XNonce::from(self.nonce.0),
            Payload {
                msg: &self.sealed,
                aad: &bound.associated(secret, self.parameters, &self.salt.0),
            },
        );
        match opened {
            Ok(payload) => Keys::from_bytes(&Zeroizing::new(payload)).map(Some),
            Err(_) => Ok(None),
        }
    }
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}
