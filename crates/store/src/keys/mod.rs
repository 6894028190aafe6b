//! The keys of a device and who may unwrap them (docs/security.md, "Keys").
//!
//! The database key is random and never written anywhere in the clear. Each user has a slot in
//! [`slots`] that holds it wrapped under their password and the device secret, which lives in the
//! operating system's keyring: neither the files and a password nor the keyring alone opens it.

pub mod code;
pub mod kdf;
pub mod password;
pub mod pin;
pub mod recovery;
pub mod secret;
pub mod slot;
pub mod slots;

mod attempts;
mod file;
mod identity;

pub use code::OneTimeCode;
pub use kdf::KdfParameters;
pub use password::{Password, PasswordFault};
pub use pin::{Pin, PinCheck, PinFault};
pub use recovery::{Mistyped, Recovery, RecoveryCode};
pub use secret::{DatabaseKey, DeviceSecret, Keys};
pub use slot::{SlotState, User};
pub use slots::{DeviceFacts, Invitation, SlotView, Slots};

use thiserror::Error;

/// Why keys could not be had or kept. No variant says anything about a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The password or code does not open the slot; `left` more tries are allowed.
    #[error("wrong password or code")]
    Wrong {
        /// Tries left before the slot is blocked.
        left: u32,
    },
    /// Too soon after wrong attempts: nothing was tried.
    #[error("too soon after a wrong attempt")]
    Wait {
        /// Whole seconds to wait, at least 1.
        seconds: u32,
    },
    /// Ten wrong attempts, or blocked by a supervisor: only a new invitation helps.
    #[error("the slot is blocked")]
    Blocked,
    /// The one-time code is too old.
    #[error("the one-time code has expired")]
    CodeExpired,
    /// The user has been invited but has not accepted yet, or has accepted already.
    #[error("the slot is in another state")]
    WrongState,
    /// This device has no slot for the user.
    #[error("no slot for this user")]
    UnknownUser,
    /// The device has a slot for the user already.
    #[error("the user has a slot already")]
    UserExists,
    /// The chosen password breaks a rule.
    #[error("the password was refused")]
    Password(PasswordFault),
    /// The chosen PIN breaks a rule.
    #[error("the PIN was refused")]
    Pin(PinFault),
    /// The device does without a device secret and one was given, or the other way round.
    #[error("the device keeps its secret in another way")]
    OtherMode,
    /// The device has no recovery code, or it was used.
    #[error("no recovery code")]
    NoRecovery,
    /// The file of slots cannot be read as one.
    #[error("the file of slots is damaged")]
    Damaged,
    /// The file of slots was written by a newer program.
    #[error("the file of slots is of version {file}, this program knows {program}")]
    FromNewerProgram {
        /// Version in the file.
        file: u32,
        /// Highest version this program reads.
        program: u32,
    },
    /// The file could not be read or written.
    #[error("the file of slots cannot be read or written")]
    Io(std::io::ErrorKind),
    /// The parameters ask for more, or for less, than the program allows.
    #[error("parameters for deriving keys out of range")]
    Parameters,
    /// The operating system gave no random bytes.
    #[error("no randomness")]
    NoRandomness,
}

impl From<std::io::Error> for KeyError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.kind())
    }
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| KeyError::NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
