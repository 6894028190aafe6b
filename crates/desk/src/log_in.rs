//! Who is at the desk: logging in, locking, unlocking, logging out.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use porch_domain::id::UserId;
use porch_domain::role::Role;
use porch_store::Store;
use porch_store::audit::{AuditEntry, Deed};
use porch_store::keys::slots::Unlocked;
use porch_store::keys::{KeyError, Password, PasswordFault, PinCheck, PinFault, SlotState, Slots};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::county::County;
use crate::desk::{Desk, Opened};
use crate::refusal::{Code, Nothing, Refusal};
use crate::status::StatusView;
use crate::work::Login;

/// What a login waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LoginState {
    /// A password.
    Active,
    /// A one-time code and a password to be chosen.
    Invited,
    /// A supervisor: too many wrong passwords.
    Blocked,
}

/// Somebody who may log in here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub(crate) struct LoginChoice {
    /// The user.
    pub user: UserId,
    /// What colleagues call them.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// What the login waits for.
    pub state: LoginState,
    /// Whether a one-time code opens it, too: the password was forgotten, or the role changes.
    pub invited_anew: bool,
}

/// Who logs in, and with what.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogInRequest {
    /// The user.
    pub user: UserId,
    /// The password as typed.
    pub password: String,
}

/// The password of whoever is logged in.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnlockRequest {
    /// The password as typed.
    pub password: String,
}

/// The password as it was and as it is to be.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePasswordRequest {
    /// As it was.
    pub old_password: String,
    /// As it is to be.
    pub new_password: String,
}

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Wrong { .. } => Self::of_field("password", Code::WrongPassword),
            KeyError::Wait { seconds } => Self {
                retry_after_s: Some(seconds),
                ..Self::of_field("password", Code::SlowedDown)
            },
            KeyError::Blocked => Code::LoginBlocked.into(),
            KeyError::CodeExpired => Self::of_field("code", Code::CodeExpired),
            KeyError::NoRecovery => Self::of_field("code", Code::NoRecoveryCode),
            KeyError::OtherMode => Code::KeyringSecretMissing.into(),
            KeyError::UnknownUser | KeyError::WrongState => Code::NotFound.into(),
            KeyError::Password(fault) => Self::of_field("password", fault.into()),
            KeyError::Pin(fault) => Self::of_field("pin", fault.into()),
            KeyError::Damaged => Code::DatabaseCorrupt.into(),
            KeyError::FromNewerProgram { .. } => Code::DatabaseNewer.into(),
            KeyError::Io(std::io::ErrorKind::StorageFull) => Code::StorageFull.into(),
            KeyError::UserExists
            | KeyError::Io(_)
            | KeyError::Parameters
            | KeyError::NoRandomness => {
                tracing::error!(%error, "the file of logins failed");
                Code::Internal.into()
            }
        }
    }
}

impl From<PasswordFault> for Code {
    fn from(fault: PasswordFault) -> Self {
        match fault {
            PasswordFault::TooShort => Self::PasswordTooShort,
            PasswordFault::TooLong => Self::TooLong,
            _ => Self::PasswordTooCommon,
        }
    }
}

impl From<PinFault> for Code {
    fn from(fault: PinFault) -> Self {
        match fault {
            PinFault::NotDigits => Self::PinNotDigits,
            PinFault::Common => Self::PinTooCommon,
        }
    }
}

pub(crate) async fn logins(desk: &Desk, _: Nothing) -> Result<Vec<LoginChoice>, Refusal> {
    let slots = slots(desk)?;
    desk.blocking(move || {
        slots
            .list()?
            .into_iter()
            .map(|slot| {
                Ok(LoginChoice {
                    user: slot.user.id.into(),
                    role: slot.user.role.parse()?,
                    name: slot.user.name,
                    invited_anew: slot.invited_anew,
                    state: match slot.state {
                        SlotState::Active => LoginState::Active,
                        SlotState::Invited { .. } => LoginState::Invited,
                        SlotState::Blocked => LoginState::Blocked,
                    },
                })
            })
            .collect()
    })
    .await
}

pub(crate) fn slots(desk: &Desk) -> Result<Slots, Refusal> {
    Ok(desk.inner().home.slots(desk.identity()?.installation))
}

pub(crate) async fn log_in(desk: &Desk, request: LogInRequest) -> Result<StatusView, Refusal> {
    let at_work = desk.opened(|opened| opened.locked_since.is_none() && !opened.handed_over);
    if at_work == Ok(true) {
        return Err(Code::AlreadyOpen.into());
    }
    let desk = desk.clone();
    desk.clone()
        .blocking(move || {
            let (slots, secret) = (
                slots(&desk)?,
                desk.device_secret(desk.identity()?.installation)?,
            );
            let password = Password::prepare(&request.password);
            let unlocked = slots.unwrap(
                request.user.into(),
                &password,
                &secret,
                desk.now().unix_ms(),
            )?;
            open_for(&desk, unlocked)
        })
        .await
}

/// Opens the desk for somebody whose keys are unwrapped.
pub(crate) fn open_for(desk: &Desk, unlocked: Unlocked) -> Result<StatusView, Refusal> {
    open_by(desk, unlocked, "log_in")
}

/// The same; `purpose` is the way by which they came.
pub(crate) fn open_by(
    desk: &Desk,
    unlocked: Unlocked,
    purpose: &'static str,
) -> Result<StatusView, Refusal> {
    let identity = desk.identity()?;
    // Somebody else's login ends here; the store goes on.
    let running = desk.opened(|opened| opened.store.clone()).ok();
    let store = match running {
        Some(store) => store,
        None => Arc::new(Store::open(
            &desk.inner().home.database(),
            &unlocked.keys.database,
        )?),
    };
    let login = Login {
        user: unlocked.user.id.into(),
        role: unlocked.user.role.parse()?,
        name: unlocked.user.name,
        restricted: unlocked.keys.restricted.clone(),
    };
    let now = desk.now();
    let entry = AuditEntry {
        at: now,
        user: login.user,
        deed: Deed::LoggedIn,
        purpose,
        record: None,
        fields: &[],
    };
    store.write(|write| write.audit(&entry).map_err(Refusal::from))?;
    store.scrub()?;
    let (device, handed_over, chain, centre) = store.read(|read| {
        let device = read.device()?;
        let centre = read.centre_name(device.centre)?;
        Ok::<_, Refusal>((
            device,
            read.hand_over()?.is_some(),
            read.verify_audit()?,
            centre,
        ))
    })?;
    if centre.is_some() && centre != identity.centre {
        desk.inner().home.put_identity(&crate::home::Identity {
            centre,
            ..identity.clone()
        })?;
    }
    let slots = desk.inner().home.slots(identity.installation);
    let key = if slots.facts()?.password_only {
        SigningKey::from_bytes(&*slots.identity(&unlocked.keys.database)?)
    } else {
        desk.identity_key(identity.installation, device.number)?
    };
    let county = County::new(
        &device.server,
        &device.county_certificate,
        device.number,
        key,
    )
    .map_err(Code::from)?;
    desk.put_opened(Opened {
        store,
        county: Arc::new(county),
        device,
        login,
        keys: Some(unlocked.keys),
        pin: None,
        locked_since: None,
        handed_over,
        audit_intact: chain.broken_at.is_none(),
    });
    desk.inner().saved.notify_one();
    desk.tell_status();
    StatusView::of(desk)
}

/// Checks the password of whoever is logged in, as an attempt like any other.
pub(crate) async fn check_password(desk: &Desk, password: String) -> Result<Unlocked, Refusal> {
    let user = desk.opened(|opened| opened.login.user)?;
    let desk = desk.clone();
    desk.clone()
        .blocking(move || {
            let secret = desk.device_secret(desk.identity()?.installation)?;
            let password = Password::prepare(&password);
            Ok(slots(&desk)?.unwrap(user.into(), &password, &secret, desk.now().unix_ms())?)
        })
        .await
}

/// Opens a locked desk, or brings back the keys to one that a PIN unlocked.
pub(crate) async fn unlock(desk: &Desk, request: UnlockRequest) -> Result<StatusView, Refusal> {
    desk.close_if_left();
    if desk.opened(|opened| opened.locked_since.is_none() && opened.keys.is_some())? {
        return Err(Code::AlreadyOpen.into());
    }
    let unlocked = check_password(desk, request.password).await?;
    let desk = desk.clone();
    desk.clone()
        .blocking(move || {
            // The shift goes on, and with it its PIN: the password gives back all its tries.
            let pin = desk.opened(|opened| {
                let same = opened.login.user == unlocked.user.id.into();
                opened.pin.take().filter(|_| same)
            })?;
            open_for(&desk, unlocked)?;
            desk.opened(|opened| opened.pin = pin.map(PinCheck::with_all_tries))?;
            desk.tell_status();
            StatusView::of(&desk)
        })
        .await
}

pub(crate) async fn lock(desk: &Desk, _: Nothing) -> Result<StatusView, Refusal> {
    let now = desk.now();
    desk.opened(|opened| {
        // The restricted key is forgotten; the store stays open for sync and running work.
        opened.login.restricted.clear();
        opened.keys = None;
        opened.locked_since.get_or_insert(now);
    })?;
    desk.tell_status();
    crate::status::status(desk, Nothing {}).await
}

pub(crate) async fn close(desk: &Desk, _: Nothing) -> Result<StatusView, Refusal> {
    let now = desk.now();
    if let Ok((store, user)) = desk.opened(|opened| (opened.store.clone(), opened.login.user)) {
        desk.blocking(move || {
            let entry = AuditEntry {
                at: now,
                user,
                deed: Deed::LoggedOut,
                purpose: "log_out",
                record: None,
                fields: &[],
            };
            store.write(|write| write.audit(&entry).map_err(Refusal::from))
        })
        .await?;
    }
    desk.put_closed();
    desk.tell_status();
    crate::status::status(desk, Nothing {}).await
}

pub(crate) async fn change_password(
    desk: &Desk,
    request: ChangePasswordRequest,
) -> Result<StatusView, Refusal> {
    let user = desk.opened(|opened| opened.login.user)?;
    let changed = desk.clone();
    desk.blocking(move || {
        let secret = changed.device_secret(changed.identity()?.installation)?;
        let (old, new) = (
            Password::prepare(&request.old_password),
            Password::prepare(&request.new_password),
        );
        slots(&changed)?
            .change_password(user.into(), &old, &new, &secret, changed.now().unix_ms())
            .map_err(|error| match error {
                KeyError::Password(fault) => Refusal::of_field("new_password", fault.into()),
                KeyError::Wrong { .. } => Refusal::of_field("old_password", Code::WrongPassword),
                error => error.into(),
            })
    })
    .await?;
    crate::status::status(desk, Nothing {}).await
}
