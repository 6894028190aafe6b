//! What the window must know before anything else.

use porch_domain::id::UserId;
use porch_domain::role::{Action, Role, can};
use porch_domain::time::Instant;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::clock::london_date;
use crate::desk::{Desk, locked};
use crate::home::{Identity, MOST_IDLE_MINUTES};
use crate::refusal::{Code, Nothing, Refusal};

/// In which state the desk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeskState {
    /// The device is not enrolled yet.
    NotSetUp,
    /// Nobody is logged in.
    Closed,
    /// Somebody is logged in, and the screen is hidden.
    Locked,
    /// At work.
    Open,
    /// In a parent's hands.
    HandOver,
    /// The computer has no keyring that can be used.
    NoKeyring,
    /// The device's files cannot be used.
    Unusable,
}

/// How sync stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// Not since the program was started.
    #[default]
    Never,
    /// Everything is with the county.
    Idle,
    /// Under way.
    Working,
    /// No connection, which is ordinary.
    Offline,
    /// Somebody should look: see `trouble`.
    Attention,
}

/// Who is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LoginView {
    /// The user.
    pub user: UserId,
    /// What colleagues call them.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// What the role may do.
    pub may: Vec<Action>,
}

/// How things stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StatusView {
    /// The desk.
    pub state: DeskState,
    /// What is in the way, if something is.
    pub trouble: Option<Code>,
    /// What people call the device.
    pub device_name: Option<String>,
    /// The centre's name.
    pub centre: Option<String>,
    /// Whether this device does without a keyring, so that a copy of its files and a password open it.
    pub password_only: bool,
    /// When its recovery code was made; UTC. None when there is none.
    pub recovery_made_at: Option<String>,
    /// After how many minutes without a touch the desk locks itself.
    pub idle_minutes: u32,
    /// Who is logged in, also while locked.
    pub login: Option<LoginView>,
    /// Whether a PIN unlocks this login's locked desk.
    pub pin: bool,
    /// Whether a PIN unlocked the desk: what needs the login's own keys waits for the password.
    pub by_pin: bool,
    /// Transactions that are only on this device.
    pub unsent: u32,
    /// Records that arrived and that a guard refused.
    pub set_aside: u32,
    /// Records of this device's that the county did not take in and keeps for a person to look at.
    pub kept_aside: u32,
    /// Values that lost to a concurrent edit and await a person.
    pub conflicts: u32,
    /// When the device last met the county; UTC.
    pub last_synced_at: Option<String>,
    /// How sync stands.
    pub sync: SyncState,
    /// Whether the audit chain is whole.
    pub audit_intact: bool,
    /// Seconds by which this computer's clock is ahead of the county's; 0 within a minute.
    pub clock_off_s: i64,
    /// Today in London.
    pub today: String,
}

const MINUTE_MS: i64 = 60_000;

impl StatusView {
    fn without_login(desk: &Desk, state: DeskState, trouble: Option<Code>) -> Self {
        let identity = desk.inner().home.identity().ok().flatten();
        let facts = identity
            .as_ref()
            .and_then(|is| desk.inner().home.slots(is.installation).facts().ok())
            .unwrap_or_default();
        let idle_minutes = identity
            .as_ref()
            .map_or(MOST_IDLE_MINUTES, Identity::idle_minutes);
        let (device_name, centre) = identity.map(|is| (is.device_name, is.centre)).unzip();
        Self {
            state,
            trouble,
            device_name,
            centre: centre.flatten(),
            password_only: facts.password_only,
            recovery_made_at: facts
                .recovery_made_ms
                .map(|ms| Instant::from_unix_ms(ms).to_string()),
            idle_minutes,
            login: None,
            pin: false,
            by_pin: false,
            unsent: 0,
            set_aside: 0,
            kept_aside: 0,
            conflicts: 0,
            last_synced_at: None,
            sync: SyncState::Never,
            audit_intact: true,
            clock_off_s: 0,
            today: london_date(desk.now()).to_string(),
        }
    }

    pub(crate) fn of(desk: &Desk) -> Result<Self, Refusal> {
        let look = desk.opened(|opened| {
            let state = match (opened.locked_since, opened.handed_over) {
                (Some(_), _) => DeskState::Locked,
                (None, true) => DeskState::HandOver,
                (None, false) => DeskState::Open,
            };
            let login = LoginView {
                user: opened.login.user,
                name: opened.login.name.clone(),
                role: opened.login.role,
                may: Action::ALL
                    .iter()
                    .copied()
                    .filter(|action| can(opened.login.role, *action))
                    .collect(),
            };
            (
                state,
                login,
                opened.store.clone(),
                opened.device.centre,
                opened.audit_intact,
                opened.pin.is_some(),
                opened.locked_since.is_none() && opened.keys.is_none(),
            )
        });
        let (state, login, store, centre, audit_intact, pin, by_pin) = match look {
            Ok(look) => look,
            Err(refusal) => {
                return Ok(match refusal.code {
                    Code::NotSetUp => Self::without_login(desk, DeskState::NotSetUp, None),
                    Code::Closed => match desk
                        .identity()
                        .and_then(|is| desk.device_secret(is.installation))
                    {
                        Ok(_) => Self::without_login(desk, DeskState::Closed, None),
                        Err(trouble) => {
                            let state = match trouble.code {
                                Code::NoKeyring
                                | Code::KeyringLocked
                                | Code::KeyringSecretMissing => DeskState::NoKeyring,
                                _ => DeskState::Unusable,
                            };
                            Self::without_login(desk, state, Some(trouble.code))
                        }
                    },
                    code => Self::without_login(desk, DeskState::Unusable, Some(code)),
                });
            }
        };
        let (row, centre) =
            store.read(|read| Ok::<_, Refusal>((read.sync_state()?, read.centre_name(centre)?)))?;
        let note = *locked(&desk.inner().sync);
        Ok(Self {
            login: Some(login),
            pin,
            by_pin,
            centre,
            trouble: note.trouble,
            unsent: row.unsent,
            set_aside: row.set_aside,
            kept_aside: row.kept_aside,
            conflicts: row.conflicts,
            last_synced_at: row.last_synced_at.map(|at| at.to_string()),
            sync: note.state,
            audit_intact,
            clock_off_s: if row.clock_off_ms.abs() < MINUTE_MS {
                0
            } else {
                row.clock_off_ms / 1000
            },
            ..Self::without_login(desk, state, None)
        })
    }
}

pub(crate) async fn status(desk: &Desk, _: Nothing) -> Result<StatusView, Refusal> {
    let desk = desk.clone();
    desk.clone().blocking(move || StatusView::of(&desk)).await
}
