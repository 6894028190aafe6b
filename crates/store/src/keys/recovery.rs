//! The printed recovery code: when nobody who may invite can log in any more, it makes one login.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::attempts::Attempts;
use super::code::{grouped, read, written};
use super::slot::{Bound, OpenedBy, Slot, Wrapped};
use super::slots::Unlocked;
use super::{DatabaseKey, DeviceSecret, KeyError, Keys, Password, SlotState, Slots, User, random};

/// Characters of five random bits: 130 bits.
const SECRET: usize = 26;
/// Characters that only say whether the others were typed as printed.
const CHECK: usize = 2;

/// What was typed cannot be a recovery code: a character is missing, or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not typed as it was printed")]
pub struct Mistyped;

/// Seven groups of four characters of Crockford's base 32: 130 random bits and 10 that check
/// them, so that a slip of the finger is told apart from a code of another device, and costs no
/// try. Wiped when dropped, never shown but by [`RecoveryCode::grouped`].
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// Makes a new one.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn make() -> Result<Self, KeyError> {
        let secret = written(&*Zeroizing::new(random::<SECRET>()?));
        let mut text = Zeroizing::new(String::with_capacity(SECRET + CHECK));
        text.push_str(&secret);
        text.push_str(&check(&secret));
        Ok(Self(text))
    }

    /// Reads a code as typed: any case, any grouping, with O for 0 and I or L for 1.
    ///
    /// # Errors
    /// [`Mistyped`].
    pub fn parse(typed: &str) -> Result<Self, Mistyped> {
        let text = read(typed, SECRET + CHECK).ok_or(Mistyped)?;
        let (secret, typed_check) = text.split_at_checked(SECRET).ok_or(Mistyped)?;
        if *check(secret) != typed_check {
            return Err(Mistyped);
        }
        Ok(Self(text))
    }

    /// The code in groups of four, as it is shown once.
    #[must_use]
    pub fn grouped(&self) -> Zeroizing<String> {
        grouped(&self.0)
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// The first bits of a digest: any single slip is seen but for one in a thousand.
fn check(secret: &str) -> Zeroizing<String> {
    let digest = Sha256::new()
        .chain_update(b"porch recovery code v1")
        .chain_update(secret)
        .finalize();
    written(digest.get(..CHECK).unwrap_or_default())
}

/// The slot of the recovery code as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RecoverySlot {
    /// When the code was made, in milliseconds of Unix time. Authenticated.
    pub(crate) made_ms: i64,
    attempts: Attempts,
    wrapped: Wrapped,
}

/// An opened recovery slot: good for one new login.
#[derive(Clone, Debug)]
pub struct Recovery {
    tried: RecoverySlot,
    database: DatabaseKey,
}

impl Recovery {
    /// The key of the device's database, so that the recovery is in its audit before it is done.
    #[must_use]
    pub const fn database(&self) -> &DatabaseKey {
        &self.database
    }
}

/// Whom the slot is sealed for: nobody's id, and a role that no login has.
fn nobody() -> User {
    User {
        id: Uuid::nil(),
        name: String::new(),
        role: "recovery".to_owned(),
    }
}

impl Slots {
    /// Makes a recovery code. It opens the database and never a restricted note. The one before
    /// opens nothing from then on. Whoever calls holds the key, and has checked that they may.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`], [`KeyError::OtherMode`] and what the file gives.
    pub fn make_recovery(
        &self,
        database: &DatabaseKey,
        secret: &DeviceSecret,
        now_ms: i64,
    ) -> Result<RecoveryCode, KeyError> {
        let code = RecoveryCode::make()?;
        let wrapped = Wrapped::wrap(
            &Keys::of_database(database.clone()),
            code.0.as_bytes(),
            secret,
            Bound {
                device: self.device,
                user: &nobody(),
                by: OpenedBy::RecoveryCode { made_ms: now_ms },
            },
            self.parameters,
        )?;
        self.change(|file| {
            file.fits(secret)?;
            file.recovery = Some(RecoverySlot {
                made_ms: now_ms,
                attempts: Attempts::default(),
                wrapped,
            });
            Ok(())
        })?;
        Ok(code)
    }

    /// Counts an attempt on disk, then tries the code. Wrong ones grow slow and never block:
    /// with 130 bits there is nothing to guess, and a stranger must not be able to take away the
    /// last way in.
    ///
    /// # Errors
    /// [`KeyError::NoRecovery`], [`KeyError::Wrong`], [`KeyError::Wait`],
    /// [`KeyError::OtherMode`], and what the file gives.
    pub fn open_recovery(
        &self,
        code: &RecoveryCode,
        secret: &DeviceSecret,
        now_ms: i64,
    ) -> Result<Recovery, KeyError> {
        let mut begun = Ok(());
        let mut tried = None;
        self.change(|file| {
            file.fits(secret)?;
            let recovery = file.recovery.as_mut().ok_or(KeyError::NoRecovery)?;
            begun = recovery.attempts.begin_slowed(now_ms);
            tried = Some(recovery.clone());
            Ok(())
        })?;
        begun?;
        let tried = tried.ok_or(KeyError::NoRecovery)?;
        let bound = Bound {
            device: self.device,
            user: &nobody(),
            by: OpenedBy::RecoveryCode {
                made_ms: tried.made_ms,
            },
        };
        match tried.wrapped.unwrap(code.0.as_bytes(), secret, bound)? {
            Some(keys) => Ok(Recovery {
                tried,
                database: keys.database,
            }),
            None => Err(KeyError::Wrong { left: 1 }),
        }
    }

    /// Makes the login that an opened recovery slot is good for, and uses the code up.
    ///
    /// # Errors
    /// [`KeyError::Password`], [`KeyError::UserExists`], [`KeyError::NoRecovery`] when the code
    /// was used or replaced meanwhile, and what the file gives.
    pub fn recover(
        &self,
        recovery: Recovery,
        user: User,
        password: &Password,
        secret: &DeviceSecret,
    ) -> Result<Unlocked, KeyError> {
        password.check(&[&user.name]).map_err(KeyError::Password)?;
        let keys = Keys::of_database(recovery.database);
        let state = SlotState::Active;
        let wrapped = self.wrap(&keys, password.as_bytes(), secret, &user, state)?;
        self.change(|file| {
            let kept = file.recovery.take().ok_or(KeyError::NoRecovery)?;
            if kept.wrapped != recovery.tried.wrapped {
                return Err(KeyError::NoRecovery);
            }
            if file.slots.iter().any(|slot| slot.user.id == user.id) {
                return Err(KeyError::UserExists);
            }
            file.slots.push(Slot {
                user: user.clone(),
                state,
                attempts: Attempts::default(),
                wrapped: Some(wrapped),
                pending: None,
            });
            Ok(())
        })?;
        Ok(Unlocked { user, keys })
    }
}
