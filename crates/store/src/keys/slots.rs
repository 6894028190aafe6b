//! The slots of a device: who may log in, and how their passwords come and go.

use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::attempts::Attempts;
use super::file::{self, SlotFile};
use super::slot::{Bound, Pending, Slot, Wrapped};
use super::{DeviceSecret, KdfParameters, KeyError, Keys, OneTimeCode, Password, SlotState, User};

/// A one-time code holds for a week.
pub const CODE_DAYS: i64 = 7;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The file of slots of one device. Cheap to make: every call reads the file anew under a lock,
/// so any number of these, in any number of programs, agree.
#[derive(Clone, Debug)]
pub struct Slots {
    pub(super) home: PathBuf,
    pub(super) device: Uuid,
    pub(super) parameters: KdfParameters,
}

/// What anyone standing before the lock screen may know of the device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceFacts {
    /// Whether it does without a device secret.
    pub password_only: bool,
    /// When its recovery code was made, in milliseconds of Unix time; none where there is none.
    pub recovery_made_ms: Option<i64>,
}

/// What anyone standing before the lock screen may know of a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotView {
    /// Whose it is.
    pub user: User,
    /// What it waits for. A slot with ten wrong attempts is [`SlotState::Blocked`]; one that nothing
    /// but the code of an invitation opens is [`SlotState::Invited`].
    pub state: SlotState,
    /// Whether the code of an invitation opens it, too: of somebody who has a password.
    pub invited_anew: bool,
}

/// A code for a user, to be read out to them and then forgotten.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The code, shown once.
    pub code: OneTimeCode,
    /// Until when it holds, in milliseconds of Unix time.
    pub expires_ms: i64,
}

/// What somebody typed to open a slot.
enum Typed<'a> {
    Password(&'a Password),
    Code(&'a OneTimeCode),
}

/// A user and the keys of their role.
#[derive(Clone, Debug)]
pub struct Unlocked {
    /// The user; the role is as authenticated.
    pub user: User,
    /// Their keys.
    pub keys: Keys,
}

impl Slots {
    /// The slots kept in `home`, the device's own directory, bound to the device's id. New and
    /// changed slots are wrapped with `parameters`.
    #[must_use]
    pub fn new(home: &Path, device: Uuid, parameters: KdfParameters) -> Self {
        Self {
            home: home.to_owned(),
            device,
            parameters,
        }
    }

    /// Every slot, in the order in which they were made.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub fn list(&self) -> Result<Vec<SlotView>, KeyError> {
        let file = file::read(&self.home)?;
        Ok(file
            .slots
            .into_iter()
            .map(|slot| {
                let pending = slot.pending.filter(|pending| !pending.attempts.exhausted());
                let state = match slot.state {
                    _ if slot.attempts.exhausted() => SlotState::Blocked,
                    state => state,
                };
                SlotView {
                    user: slot.user,
                    invited_anew: state == SlotState::Active && pending.is_some(),
                    state: match pending {
                        Some(pending) if state == SlotState::Blocked => SlotState::Invited {
                            expires_ms: pending.expires_ms,
                        },
                        _ => state,
                    },
                }
            })
            .collect())
    }

    /// What is known of the device without any key.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub fn facts(&self) -> Result<DeviceFacts, KeyError> {
        let file = file::read(&self.home)?;
        Ok(DeviceFacts {
            password_only: file.password_only,
            recovery_made_ms: file.recovery.map(|recovery| recovery.made_ms),
        })
    }

    /// Makes a slot for someone who is present and types their password: the first supervisor,
    /// with whom it is settled whether the device does without a device secret.
    ///
    /// # Errors
    /// [`KeyError::UserExists`], [`KeyError::Password`], [`KeyError::OtherMode`], and what the
    /// file gives.
    pub fn enrol(
        &self,
        user: User,
        password: &Password,
        secret: &DeviceSecret,
        keys: &Keys,
    ) -> Result<(), KeyError> {
        password.check(&[&user.name]).map_err(KeyError::Password)?;
        let wrapped = self.wrap(keys, password.as_bytes(), secret, &user, SlotState::Active)?;
        self.change(|file| {
            if file.slots.iter().any(|slot| slot.user.id == user.id) {
                return Err(KeyError::UserExists);
            }
            if file.slots.is_empty() {
                file.password_only = secret.is_absent();
            }
            file.fits(secret)?;
            file.slots.push(Slot {
                user,
                state: SlotState::Active,
                attempts: Attempts::default(),
                wrapped: Some(wrapped),
                pending: None,
            });
            Ok(())
        })
    }

    /// Unwraps a user's keys with their password. When the slot's parameters are weaker than
    /// today's, it is wrapped anew with the same password.
    ///
    /// # Errors
    /// [`KeyError::Wrong`], [`KeyError::Wait`], [`KeyError::Blocked`], [`KeyError::WrongState`]
    /// for a user who was only invited, [`KeyError::UnknownUser`], and what the file gives.
    pub fn unwrap(
        &self,
        user: Uuid,
        password: &Password,
        secret: &DeviceSecret,
        now_ms: i64,
    ) -> Result<Unlocked, KeyError> {
        let is_active = |state| {
            matches!(state, SlotState::Active)
                .then_some(())
                .ok_or(KeyError::WrongState)
        };
        let (slot, keys) =
            self.attempt(user, Typed::Password(password), secret, now_ms, is_active)?;
        let weak = slot
            .wrapped
            .as_ref()
            .is_some_and(|wrapped| wrapped.parameters.weaker_than(&self.parameters));
        let replacement = if weak {
            Some(self.wrap(
                &keys,
                password.as_bytes(),
                secret,
                &slot.user,
                SlotState::Active,
            )?)
        } else {
            None
        };
        self.succeed(&slot, replacement)?;
        Ok(Unlocked {
            user: slot.user,
            keys,
        })
    }

    /// Changes a password. The old one counts as an attempt like any other.
    ///
    /// # Errors
    /// As [`Slots::unwrap`], and [`KeyError::Password`] for the new one.
    pub fn change_password(
        &self,
        user: Uuid,
        old: &Password,
        new: &Password,
        secret: &DeviceSecret,
        now_ms: i64,
    ) -> Result<(), KeyError> {
        let Unlocked { user, keys } = self.unwrap(user, old, secret, now_ms)?;
        new.check(&[&user.name]).map_err(KeyError::Password)?;
        let wrapped = self.wrap(&keys, new.as_bytes(), secret, &user, SlotState::Active)?;
        self.change(|file| {
            let slot = file.find(user.id)?;
            if slot.state != SlotState::Active {
                return Err(KeyError::WrongState);
            }
            slot.wrapped = Some(wrapped);
            Ok(())
        })
    }

    /// Invites a user, new or known, with the keys of their role. This is also how a supervisor
    /// resets a forgotten password or a blocked login: a known user's login stays as it is until
    /// the code is used. Whoever calls holds the keys, and has checked that they may invite.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`] and what the file gives.
    pub fn invite(
        &self,
        user: User,
        keys: &Keys,
        secret: &DeviceSecret,
        now_ms: i64,
    ) -> Result<Invitation, KeyError> {
        let code = OneTimeCode::make()?;
        let expires_ms = now_ms.saturating_add(CODE_DAYS * DAY_MS);
        let state = SlotState::Invited { expires_ms };
        let wrapped = self.wrap(keys, code.as_bytes(), secret, &user, state)?;
        let pending = Pending {
            user,
            expires_ms,
            attempts: Attempts::default(),
            wrapped,
        };
        self.change(|file| {
            file.fits(secret)?;
            match file.find(pending.user.id) {
                // An older invitation, or keys that a supervisor took away: nothing to keep.
                Ok(known)
                    if known.wrapped.is_none()
                        || matches!(known.state, SlotState::Invited { .. }) =>
                {
                    *known = pending.as_slot();
                }
                Ok(known) => known.pending = Some(pending),
                Err(_) => file.slots.push(pending.as_slot()),
            }
            Ok(())
        })?;
        Ok(Invitation { code, expires_ms })
    }

    /// Accepts an invitation: the code opens the slot one last time, the chosen password from
    /// then on, and an older password no more. A password that breaks a rule costs no attempt.
    ///
    /// # Errors
    /// [`KeyError::CodeExpired`], [`KeyError::Password`], and as [`Slots::unwrap`].
    pub fn accept(
        &self,
        user: Uuid,
        code: &OneTimeCode,
        password: &Password,
        secret: &DeviceSecret,
        now_ms: i64,
    ) -> Result<Unlocked, KeyError> {
        let mut file = file::read(&self.home)?;
        let slot = file.find(user)?;
        let invited = slot.pending.as_ref().map_or(&slot.user, |new| &new.user);
        let name = invited.name.clone();
        password.check(&[&name]).map_err(KeyError::Password)?;
        let holds = |state| match state {
            SlotState::Invited { expires_ms } if now_ms < expires_ms => Ok(()),
            SlotState::Invited { .. } => Err(KeyError::CodeExpired),
            SlotState::Active | SlotState::Blocked => Err(KeyError::WrongState),
        };
        let (slot, keys) = self.attempt(user, Typed::Code(code), secret, now_ms, holds)?;
        let wrapped = self.wrap(
            &keys,
            password.as_bytes(),
            secret,
            &slot.user,
            SlotState::Active,
        )?;
        self.succeed(&slot, Some(wrapped))?;
        Ok(Unlocked {
            user: slot.user,
            keys,
        })
    }

    /// Blocks a user who has left: their wrapped keys are removed from the file.
    ///
    /// # Errors
    /// [`KeyError::UnknownUser`] and what the file gives.
    pub fn block(&self, user: Uuid) -> Result<(), KeyError> {
        self.change(|file| {
            let slot = file.find(user)?;
            slot.state = SlotState::Blocked;
            slot.wrapped = None;
            slot.pending = None;
            Ok(())
        })
    }

    /// Counts an attempt on disk, then tries what was typed. Returns the slot as it was then: of a
    /// code, what the invitation would make of it.
    fn attempt(
        &self,
        user: Uuid,
        typed: Typed<'_>,
        secret: &DeviceSecret,
        now_ms: i64,
        allowed: impl Fn(SlotState) -> Result<(), KeyError>,
    ) -> Result<(Slot, Keys), KeyError> {
        let mut begun = Ok(());
        let mut tried = None;
        self.change(|file| {
            file.fits(secret)?;
            let slot = file.find(user)?;
            if let (Typed::Code(_), Some(pending)) = (&typed, &mut slot.pending) {
                allowed(pending.as_slot().state)?;
                begun = pending.attempts.begin(now_ms);
                tried = Some(pending.as_slot());
                return Ok(());
            }
            if slot.state == SlotState::Blocked {
                return Err(KeyError::Blocked);
            }
            allowed(slot.state)?;
            begun = slot.attempts.begin(now_ms);
            tried = Some(slot.clone());
            Ok(())
        })?;
        begun?;
        let slot = tried.ok_or(KeyError::UnknownUser)?;
        let wrapped = slot.wrapped.as_ref().ok_or(KeyError::Blocked)?;
        let bound = Bound {
            device: self.device,
            user: &slot.user,
            by: slot.state.into(),
        };
        let text = match typed {
            Typed::Password(password) => password.as_bytes(),
            Typed::Code(code) => code.as_bytes(),
        };
        match wrapped.unwrap(text, secret, bound)? {
            Some(keys) => Ok((slot, keys)),
            None => Err(slot.attempts.wrong()),
        }
    }

    /// Forgets wrong attempts after a right one and takes over a new wrapping, unless the slot
    /// was changed by someone else meanwhile: then theirs stands.
    fn succeed(&self, tried: &Slot, replacement: Option<Wrapped>) -> Result<(), KeyError> {
        self.change(|file| {
            let slot = file.find(tried.user.id)?;
            let invited = matches!(tried.state, SlotState::Invited { .. });
            if let Some(pending) = slot.pending.as_ref().filter(|_| invited) {
                *slot = pending.as_slot();
            }
            if slot.wrapped != tried.wrapped || slot.state != tried.state {
                return Err(KeyError::WrongState);
            }
            slot.attempts = Attempts::default();
            if let Some(wrapped) = replacement {
                slot.wrapped = Some(wrapped);
                slot.state = SlotState::Active;
            }
            Ok(())
        })
    }

    pub(super) fn wrap(
        &self,
        keys: &Keys,
        text: &[u8],
        secret: &DeviceSecret,
        user: &User,
        state: SlotState,
    ) -> Result<Wrapped, KeyError> {
        let bound = Bound {
            device: self.device,
            user,
            by: state.into(),
        };
        Wrapped::wrap(keys, text, secret, bound, self.parameters)
    }

    /// Reads, changes and writes the file under its lock. An error leaves it as it was.
    pub(super) fn change(
        &self,
        change: impl FnOnce(&mut SlotFile) -> Result<(), KeyError>,
    ) -> Result<(), KeyError> {
        let _guard = file::lock(&self.home)?;
        let before = file::read(&self.home)?;
        let mut after = before.clone();
        change(&mut after)?;
        if after == before {
            return Ok(());
        }
        file::write(&self.home, &after)
    }
}

impl SlotFile {
    /// Refuses a device secret where the device does without, and its absence where it does not.
    pub(super) fn fits(&self, secret: &DeviceSecret) -> Result<(), KeyError> {
        if self.password_only == secret.is_absent() {
            Ok(())
        } else {
            Err(KeyError::OtherMode)
        }
    }

    fn find(&mut self, user: Uuid) -> Result<&mut Slot, KeyError> {
        self.slots
            .iter_mut()
            .find(|slot| slot.user.id == user)
            .ok_or(KeyError::UnknownUser)
    }
}
