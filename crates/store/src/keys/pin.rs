//! The PIN by which somebody unlocks their own locked desk within a shift.
//!
//! It protects the screen and nothing else: no key lies under it, and it is only ever in memory
//! (docs/security.md, "Keys").

use std::fmt;

use subtle::ConstantTimeEq as _;
use thiserror::Error;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::kdf::derive_wrapping_key;
use super::{DeviceSecret, KdfParameters, KeyError, random};

/// Fewest and most digits.
const DIGITS: std::ops::RangeInclusive<usize> = 4..=8;
/// The last of so many wrong tries takes the PIN with it.
pub const PIN_TRIES: u32 = 5;

/// Why a PIN was refused when it was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PinFault {
    /// Not 4 to 8 digits.
    #[error("not 4 to 8 digits")]
    NotDigits,
    /// One digit over and over, or a run such as 1234 or 8765.
    #[error("a PIN that is tried first")]
    Common,
}

/// A PIN as typed. Wiped when dropped, never shown.
#[derive(Clone)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// Takes over what was typed; nothing is checked yet.
    #[must_use]
    pub fn prepare(typed: &str) -> Self {
        Self(Zeroizing::new(typed.trim().to_owned()))
    }

    /// Whether it may be chosen.
    ///
    /// # Errors
    /// [`PinFault`].
    pub fn check(&self) -> Result<(), PinFault> {
        let digits = self.0.as_bytes();
        if !DIGITS.contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
            return Err(PinFault::NotDigits);
        }
        // On a keypad 0 comes after 9, so 7890 is a run as well.
        let steps = |by: u8| {
            digits
                .iter()
                .zip(digits.iter().skip(1))
                .all(|(one, next)| (one.wrapping_sub(b'0') + by) % 10 == next.wrapping_sub(b'0'))
        };
        if [0, 1, 9].into_iter().any(steps) {
            return Err(PinFault::Common);
        }
        Ok(())
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// By what a PIN is known again: Argon2id over it, joined with a random pepper. Only in memory,
/// and wiped when dropped; it is as slow to try as a password.
#[derive(Clone, ZeroizeOnDrop)]
pub struct PinCheck {
    #[zeroize(skip)]
    parameters: KdfParameters,
    salt: [u8; 16],
    pepper: DeviceSecret,
    answer: Zeroizing<[u8; 32]>,
    wrong: u32,
}

impl PinCheck {
    /// For a PIN that was just chosen.
    ///
    /// # Errors
    /// [`KeyError::Pin`] for one that may not be chosen; [`KeyError::NoRandomness`].
    pub fn make(pin: &Pin, parameters: KdfParameters) -> Result<Self, KeyError> {
        pin.check().map_err(KeyError::Pin)?;
        let (salt, pepper) = (random()?, DeviceSecret::make()?);
        let answer = derive_wrapping_key(pin.0.as_bytes(), &pepper, &salt, parameters)?;
        Ok(Self {
            parameters,
            salt,
            pepper,
            answer,
            wrong: 0,
        })
    }

    /// Counts a try, before it is evaluated. Gives what to evaluate it with; once the last try is
    /// counted nothing is left behind, and only a right one puts it back.
    #[must_use]
    pub fn begin(kept: &mut Option<Self>) -> Option<Self> {
        let check = kept.as_mut()?;
        check.wrong += 1;
        if check.wrong < PIN_TRIES {
            Some(check.clone())
        } else {
            kept.take()
        }
    }

    /// Whether the PIN is the one that was chosen.
    ///
    /// # Errors
    /// [`KeyError::Parameters`].
    pub fn is(&self, pin: &Pin) -> Result<bool, KeyError> {
        let answer =
            derive_wrapping_key(pin.0.as_bytes(), &self.pepper, &self.salt, self.parameters)?;
        Ok(self.answer.ct_eq(answer.as_slice()).into())
    }

    /// The same with all tries left: after a right PIN, or the password.
    #[must_use]
    pub fn with_all_tries(mut self) -> Self {
        self.wrong = 0;
        self
    }
}

impl fmt::Debug for PinCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinCheck({} tries, …)", self.wrong)
    }
}
