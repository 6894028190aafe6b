//! The county: a store, and what it gets from its surroundings.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hpke::kem::X25519HkdfSha256;
use hpke::{Kem, Serializable};
use porch_sync::DigestKey;
use porch_sync::protocol::{COUNTY_SCOPE, CountyRefusal};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::device_log::DeviceLog;
use crate::removal_log::RemovalLog;
use crate::store::{
    COUNTY_DEVICE, Device, Origin, Reading, Store, StoreFailure, Stored, URGENT, Work,
};

/// Time and randomness.
pub trait Surroundings: Send + Sync + 'static {
    /// Milliseconds since 1970 (UTC).
    fn unix_ms(&self) -> u64;
    /// Fills with random bytes that nobody can guess.
    ///
    /// # Errors
    /// When there are none.
    fn fill(&self, bytes: &mut [u8]) -> Stored<()>;
}

/// The machine's clock and the operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine;

impl Surroundings for Machine {
    fn unix_ms(&self) -> u64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn fill(&self, bytes: &mut [u8]) -> Stored<()> {
        getrandom::fill(bytes).map_err(|_| StoreFailure::Randomness)
    }
}

/// Makes what a new store begins with: epoch, secret, restricted keys.
///
/// # Errors
/// When there is no randomness.
pub fn make_origin(surroundings: &dyn Surroundings) -> Stored<Origin> {
    let mut epoch = [0; 16];
    surroundings.fill(&mut epoch)?;
    let mut secret = Zeroizing::new([0; 32]);
    surroundings.fill(secret.as_mut_slice())?;
    let mut seed = Zeroizing::new([0; 32]);
    surroundings.fill(seed.as_mut_slice())?;
    let (private, public) = X25519HkdfSha256::derive_keypair(seed.as_slice());
    Ok(Origin {
        epoch: uuid::Builder::from_random_bytes(epoch).into_uuid(),
        secret,
        restricted_epoch: 1,
        restricted_public: public.to_bytes().into(),
        restricted_private: Zeroizing::new(private.to_bytes().into()),
    })
}

/// The county: everything that the server does, whichever the store and the transport.
pub struct County<S> {
    pub(crate) store: S,
    pub(crate) surroundings: Arc<dyn Surroundings>,
    pub(crate) origin: Origin,
    pub(crate) digest_key: DigestKey,
    /// What was removed, in a file that is kept apart from backups, where there is one.
    pub(crate) removal_log: Option<RemovalLog>,
    /// The devices, in another such file.
    pub(crate) device_log: Option<DeviceLog>,
}

impl<S: Store> County<S> {
    /// Over a store; makes the county's own scopes and device in a new one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open(store: S, surroundings: Arc<dyn Surroundings>) -> Stored<Self> {
        let origin = store.reading().await?.origin().await?;
        let mut work = store.begin().await?;
        if work.lock_device(COUNTY_DEVICE).await?.is_none() {
            work.put_scope(URGENT).await?;
            work.put_scope(COUNTY_SCOPE).await?;
            let county = Device {
                number: COUNTY_DEVICE,
                name: "county".to_owned(),
                centre: COUNTY_SCOPE,
                // Nobody signs with this: it is not a point of the curve's group.
                public_key: [0; 32],
                scopes: [COUNTY_SCOPE].into(),
                leaving: BTreeSet::new(),
                left: BTreeSet::new(),
                enrolled_ms: surroundings.unix_ms(),
                revoked_ms: None,
                expected: 1,
                audit_entries: 0,
                audit_head: None,
                backed_up: 0,
                copy_of: None,
            };
            work.put_device(&county).await?;
            work.commit().await?;
        }
        Ok(Self {
            store,
            surroundings,
            digest_key: origin.digest_key(),
            origin,
            removal_log: None,
            device_log: None,
        })
    }

    /// The epoch that the store had when it was opened.
    #[must_use]
    pub fn epoch(&self) -> Uuid {
        self.origin.epoch
    }

    /// The store beneath it.
    #[cfg(feature = "simulation")]
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// All devices, the county's own (number 0) first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn devices(&self) -> Stored<Vec<Device>> {
        self.store.reading().await?.devices().await
    }
}

/// Why the county did not do what it was asked: a refusal to the device, or its own failure.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A refusal.
    #[error(transparent)]
    Refused(#[from] CountyRefusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFailure),
}

/// What the county answers.
pub type Answer<T> = Result<T, Failure>;
