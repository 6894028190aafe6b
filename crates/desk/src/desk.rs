//! The desk: whether it is open, for whom, and the way in for every command.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ed25519_dalek::SigningKey;
use porch_domain::role::{Action, can};
use porch_domain::time::Instant;
use porch_store::Store;
use porch_store::audit::{AuditEntry, Deed};
use porch_store::device::DeviceRow;
use porch_store::keys::{DeviceSecret, KdfParameters, Keys, PinCheck};
use porch_sync::DeviceNumber;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::{Notify, broadcast};
use ts_rs::TS;
use uuid::Uuid;

use crate::clock::{Clock, london_date};
use crate::commands::dispatch;
use crate::county::County;
use crate::home::{Home, Identity};
use crate::keeper::{KeeperTrouble, SecretKeeper};
use crate::log_in::{UnlockRequest, check_password};
use crate::refusal::{Code, Nothing, Refusal};
use crate::status::{StatusView, SyncState};
use crate::work::{Login, Where, Work};

/// What a desk is given at the start.
#[derive(Clone)]
pub struct Settings {
    /// The folder of this device: local, not roaming.
    pub home: PathBuf,
    /// The folder for files that somebody asks for: receipts, exports.
    pub papers: PathBuf,
    /// Where the device's secrets are kept.
    pub keeper: Arc<dyn SecretKeeper>,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// How much work it is to try a password.
    pub kdf: KdfParameters,
}

/// What the window is told without asking.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// Records of these kinds changed.
    Changed {
        /// The kinds.
        what: Vec<String>,
    },
    /// Who is logged in, or how sync stands, changed.
    Status {
        /// All of it.
        status: Box<StatusView>,
    },
}

/// The front desk. Cheap to clone; all clones are one desk.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) settings: Settings,
    pub(crate) home: Home,
    stage: Mutex<Stage>,
    events: broadcast::Sender<Event>,
    /// Wakes the background sync.
    pub(crate) saved: Notify,
    /// One meeting with the county at a time.
    pub(crate) meeting: tokio::sync::Mutex<()>,
    pub(crate) sync: Mutex<SyncNote>,
}

/// How the last meeting with the county went.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SyncNote {
    pub(crate) state: SyncState,
    pub(crate) trouble: Option<Code>,
}

/// Whether somebody is logged in.
enum Stage {
    Closed,
    Open(Box<Opened>),
}

/// A desk with somebody logged in.
pub(crate) struct Opened {
    pub(crate) store: Arc<Store>,
    pub(crate) county: Arc<County>,
    pub(crate) device: DeviceRow,
    pub(crate) login: Login,
    /// What the password unwrapped. A lock forgets it, and a PIN does not bring it back.
    pub(crate) keys: Option<Keys>,
    /// By what the PIN of this shift is known again.
    pub(crate) pin: Option<PinCheck>,
    pub(crate) locked_since: Option<Instant>,
    pub(crate) handed_over: bool,
    pub(crate) audit_intact: bool,
}

/// A lock that a panic elsewhere does not take away.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A desk that stays locked this long closes by itself.
const LOCKED_TO_CLOSED_MS: i64 = 2 * 60 * 60 * 1000;

impl Desk {
    /// A desk over the files in a folder. Call it inside a tokio runtime: sync runs on it.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let home = Home::new(&settings.home, settings.kdf);
        let (events, _) = broadcast::channel(64);
        let desk = Self {
            inner: Arc::new(Inner {
                settings,
                home,
                stage: Mutex::new(Stage::Closed),
                events,
                saved: Notify::new(),
                meeting: tokio::sync::Mutex::default(),
                sync: Mutex::default(),
            }),
        };
        crate::sync_now::keep_in_touch(&desk);
        desk
    }

    pub(crate) fn from_inner(inner: Arc<Inner>) -> Self {
        Self { inner }
    }

    pub(crate) const fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }

    /// Carries out a command by its name.
    ///
    /// # Errors
    /// A [`Refusal`] that the window can put into words; nothing was done then.
    pub async fn call(&self, name: &str, request: Value) -> Result<Value, Refusal> {
        dispatch(self, name, request).await
    }

    /// What the window is told without asking. A receiver that lags misses events and should ask
    /// for the status anew.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.inner.events.subscribe()
    }

    /// The folder for files that somebody asks for.
    pub(crate) fn papers(&self) -> &Path {
        &self.inner.settings.papers
    }

    pub(crate) fn now(&self) -> Instant {
        self.inner.settings.clock.now()
    }

    pub(crate) fn tell(&self, event: Event) {
        // Nobody listening is fine.
        let _ = self.inner.events.send(event);
    }

    /// Tells the window how things stand now.
    pub(crate) fn tell_status(&self) {
        if let Ok(status) = StatusView::of(self) {
            self.tell(Event::Status {
                status: Box::new(status),
            });
        }
    }

    /// Looks at the open desk, or says that nobody is logged in.
    pub(crate) fn opened<T>(&self, look: impl FnOnce(&mut Opened) -> T) -> Result<T, Refusal> {
        match &mut *locked(&self.inner.stage) {
            Stage::Open(opened) => Ok(look(opened)),
            Stage::Closed => Err(self.closed()),
        }
    }

    fn closed(&self) -> Refusal {
        match self.inner.home.identity() {
            Ok(None) => Code::NotSetUp.into(),
            Ok(Some(_)) => Code::Closed.into(),
            Err(refusal) => refusal,
        }
    }

    pub(crate) fn put_opened(&self, opened: Opened) {
        *locked(&self.inner.stage) = Stage::Open(Box::new(opened));
    }

    /// Forgets everything that a login brought: keys are wiped as they drop.
    pub(crate) fn put_closed(&self) {
        *locked(&self.inner.stage) = Stage::Closed;
    }

    /// Closes a desk that was left locked.
    pub(crate) fn close_if_left(&self) {
        let now = self.now();
        let left = self.opened(|opened| {
            opened
                .locked_since
                .is_some_and(|since| now.unix_ms() - since.unix_ms() >= LOCKED_TO_CLOSED_MS)
        });
        if left == Ok(true) {
            self.put_closed();
            self.tell_status();
        }
    }

    /// Looks at the open desk after checking that a command of that place and action may run.
    pub(crate) fn at_work<T>(
        &self,
        place: Where,
        action: Option<Action>,
        look: impl FnOnce(&mut Opened) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.opened(|opened| {
            if opened.locked_since.is_some() {
                return Err(Code::Locked.into());
            }
            if opened.handed_over && place == Where::AtDesk {
                return Err(Code::HandOverActive.into());
            }
            if action.is_some_and(|action| !can(opened.login.role, action)) {
                return Err(Code::NotAllowed.into());
            }
            look(opened)
        })?
    }

    /// Runs a command's work on a thread of its own, after checking that it may be done.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        place: Where,
        action: Option<Action>,
        run: impl FnOnce(&Work) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let now = self.now();
        let work = self.at_work(place, action, |opened| {
            Ok(Work {
                store: opened.store.clone(),
                login: opened.login.clone(),
                device: opened.device.clone(),
                by_pin: opened.keys.is_none(),
                now,
                today: london_date(now),
                desk: self.clone(),
                saved: Mutex::default(),
                handed_over: AtomicBool::new(false),
            })
        })?;
        let (done, saved, handed_over) = self
            .blocking(move || {
                let done = run(&work)?;
                let saved = std::mem::take(&mut *locked(&work.saved));
                Ok((done, saved, work.handed_over.into_inner()))
            })
            .await?;
        if handed_over {
            self.opened(|opened| opened.handed_over = true)?;
            self.tell_status();
        }
        if !saved.is_empty() {
            self.inner.saved.notify_one();
            self.tell(Event::Changed {
                what: saved.into_iter().collect(),
            });
            self.tell_status();
        }
        Ok(done)
    }

    /// Ends a hand-over with the password of whoever is logged in.
    pub(crate) async fn end_hand_over(
        &self,
        request: UnlockRequest,
    ) -> Result<StatusView, Refusal> {
        if !self.opened(|opened| opened.handed_over)? {
            return crate::status::status(self, Nothing {}).await;
        }
        check_password(self, request.password).await?;
        let now = self.now();
        let (store, user) = self.opened(|opened| (opened.store.clone(), opened.login.user))?;
        self.blocking(move || {
            let entry = AuditEntry {
                at: now,
                user,
                deed: Deed::TookBack,
                purpose: "hand_over",
                record: None,
                fields: &[],
            };
            store.write(|write| {
                write.end_hand_over()?;
                write.audit(&entry).map_err(Refusal::from)
            })
        })
        .await?;
        self.opened(|opened| opened.handed_over = false)?;
        self.tell_status();
        crate::status::status(self, Nothing {}).await
    }

    /// Runs something that waits for a disk or computes for long.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        run: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        tokio::task::spawn_blocking(run).await.unwrap_or_else(|_| {
            tracing::error!("a command panicked");
            Err(Code::Internal.into())
        })
    }

    /// What the device calls itself; a refusal before it is set up.
    pub(crate) fn identity(&self) -> Result<Identity, Refusal> {
        self.inner
            .home
            .identity()?
            .ok_or_else(|| Code::NotSetUp.into())
    }

    /// A secret of this installation from the keyring.
    pub(crate) fn secret(&self, installation: Uuid, what: Secret) -> Result<[u8; 32], Refusal> {
        let kept = self
            .inner
            .settings
            .keeper
            .get(&what.name(installation))
            .map_err(Code::from)?;
        let kept = kept.ok_or(Code::KeyringSecretMissing)?;
        <[u8; 32]>::try_from(kept.as_slice()).map_err(|_| Code::KeyringSecretMissing.into())
    }

    /// The private key of this device under a number: the first one's, unless it rejoined.
    pub(crate) fn identity_key(
        &self,
        installation: Uuid,
        number: DeviceNumber,
    ) -> Result<SigningKey, Refusal> {
        let own = match self.secret(installation, Secret::IdentityOf(number)) {
            Err(refusal) if refusal.code == Code::KeyringSecretMissing => {
                self.secret(installation, Secret::Identity)
            }
            own => own,
        };
        Ok(SigningKey::from_bytes(&own?))
    }

    /// What is joined with every password here: the keyring's secret, or on a password-only
    /// device that there is none.
    pub(crate) fn device_secret(&self, installation: Uuid) -> Result<DeviceSecret, Refusal> {
        if !self.inner.home.slots(installation).facts()?.password_only {
            return self
                .secret(installation, Secret::Device)
                .map(DeviceSecret::from_bytes);
        }
        match self.secret(installation, Secret::Device) {
            // A device whose keyring holds its secret never was a password-only one.
            Ok(_) => Err(Code::DatabaseAltered.into()),
            Err(_) => Ok(DeviceSecret::absent()),
        }
    }
}

/// The secrets that the keyring keeps for an installation, 32 bytes each.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Secret {
    /// Joined with every password.
    Device,
    /// The private key by which the county knows the device.
    Identity,
    /// The private key of the number that a device took when it rejoined.
    IdentityOf(DeviceNumber),
    /// The key with which a device is about to rejoin.
    NextIdentity,
}

impl Secret {
    pub(crate) fn name(self, installation: Uuid) -> String {
        let what = match self {
            Self::Device => "device-secret",
            Self::Identity => "identity-key",
            Self::IdentityOf(number) => return format!("{installation}/identity-key-{number}"),
            Self::NextIdentity => "identity-key-next",
        };
        format!("{installation}/{what}")
    }
}

impl From<KeeperTrouble> for Code {
    fn from(trouble: KeeperTrouble) -> Self {
        match trouble {
            KeeperTrouble::Absent | KeeperTrouble::Failed => Self::NoKeyring,
            KeeperTrouble::Locked => Self::KeyringLocked,
        }
    }
}
