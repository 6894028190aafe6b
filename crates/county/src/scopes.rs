//! The scopes of a device: given and taken while it is enrolled.

use std::collections::BTreeSet;

use porch_domain::catalogue::Record as _;
use porch_domain::centre::{Centre, PlaceKind};
use porch_sync::DeviceNumber;
use uuid::Uuid;

use crate::county::{Answer, County};
use crate::kinds;
use crate::push::lock_in_force;
use crate::store::{COUNTY_DEVICE, Device, Reading, Store, StoreFailure, Stored, URGENT, Work};

/// Why the scopes of a device were not changed. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum NoChange {
    /// No device has that number, or it was revoked.
    #[error("there is no such device in use")]
    NoSuchDevice,
    /// No centre has that id.
    #[error("no such centre: {0}")]
    NoSuchCentre(Uuid),
    /// A device keeps the scope of its own centre for as long as it is enrolled.
    #[error("that is the device's own centre: revoke the device and enrol it at another one")]
    OwnCentre,
    /// It does not hold what is to be taken.
    #[error("the device does not hold {0}")]
    NotHeld(Uuid),
    /// Given and taken at once.
    #[error("{0} cannot be added and removed at once")]
    Both(Uuid),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFailure),
}

impl<S: Store> County<S> {
    /// Gives a device scopes of centres and takes others from it. It hears of it at its next pull. What it
    /// wrote in a scope that is taken is still taken in until it says that it has left.
    ///
    /// # Errors
    /// See [`NoChange`].
    pub async fn change_scopes(
        &self,
        number: DeviceNumber,
        add: &BTreeSet<Uuid>,
        remove: &BTreeSet<Uuid>,
    ) -> Result<Device, NoChange> {
        if let Some(both) = add.intersection(remove).next() {
            return Err(NoChange::Both(*both));
        }
        let mut work = self.store.begin().await?;
        let mut device = work
            .lock_device(number)
            .await?
            .filter(|device| device.number != COUNTY_DEVICE && device.revoked_ms.is_none())
            .ok_or(NoChange::NoSuchDevice)?;
        for centre in add {
            if !is_centre(&mut work, *centre).await? {
                return Err(NoChange::NoSuchCentre(*centre));
            }
        }
        for scope in remove {
            if *scope == device.centre || !is_centre(&mut work, *scope).await? {
                return Err(if *scope == device.centre {
                    NoChange::OwnCentre
                } else {
                    NoChange::NoSuchCentre(*scope)
                });
            }
            if !device.scopes.remove(scope) {
                return Err(NoChange::NotHeld(*scope));
            }
            device.leaving.insert(*scope);
        }
        for scope in add {
            device.leaving.remove(scope);
            device.left.remove(scope);
            device.scopes.insert(*scope);
        }
        work.put_device(&device).await?;
        // Whoever is being erased at this moment is erased before or after this, and in the latter case
        // this device is told of it: an erasure looks for its holders once it holds the urgent feed.
        work.take_sequences(URGENT, 0).await?;
        work.commit().await?;
        tracing::info!("the scopes of a device were changed");
        Ok(device)
    }

    /// Keeps that a device has left scopes that were taken from it.
    pub(crate) async fn note_left(&self, number: DeviceNumber, left: &[Uuid]) -> Answer<()> {
        let known = self.store.reading().await?.device(number).await?;
        let news = known.is_some_and(|device| left.iter().any(|s| device.leaving.contains(s)));
        if !news {
            return Ok(());
        }
        let mut work = self.store.begin().await?;
        let mut device = lock_in_force(&mut work, number).await?;
        for scope in left {
            if device.leaving.remove(scope) {
                device.left.insert(*scope);
            }
        }
        work.put_device(&device).await?;
        work.commit().await?;
        tracing::info!("a device has left scopes that were taken from it");
        Ok(())
    }
}

/// Whether a centre with a scope of its own has that id.
pub(crate) async fn is_centre<R: Reading>(reading: &mut R, id: Uuid) -> Stored<bool> {
    let known = reading.record(id).await?.is_some_and(|row| {
        row.kind == Centre::KIND
            && kinds::read::<Centre>(&row).is_ok_and(|centre| centre.kind == PlaceKind::Centre)
    });
    Ok(known && reading.head(id).await?.is_some())
}
