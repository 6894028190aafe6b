//! Rejoining: this device's files were copied, and the other copy was heard first. It takes a
//! number and a key of its own, and what is unsent goes along.

use ed25519_dalek::SigningKey;
use porch_store::Store;
use porch_sync::device::Clash;
use uuid::Uuid;

use crate::county::County;
use crate::desk::{Desk, Secret};
use crate::refusal::{Code, Refusal};

/// Gets a number of its own and goes on under it. Interrupted anywhere, it is begun again with the
/// same key, and the county gives the same number; the store's number says which key is in use.
///
/// A device without a keyring cannot: it says that the county refused it, and keeps its outbox.
pub(crate) async fn rejoin(desk: &Desk, clash: Clash) -> Result<(), Refusal> {
    let county = desk.opened(|opened| opened.county.clone())?;
    let installation = desk.identity()?.installation;
    // Its one key lies with the slots, which cannot hold a second until the number has changed.
    if desk.inner().home.slots(installation).facts()?.password_only {
        return Err(Code::CountyRefused.into());
    }
    let (asking, number) = (desk.clone(), county.device());
    let key = desk
        .blocking(move || {
            let used = asking.identity_key(installation, number)?;
            next_key(&asking, installation, &used)
        })
        .await?;
    let enrolled = county.rejoin(clash, &key).await.map_err(Code::from)?;
    let (keeping, kept) = (desk.clone(), key.clone());
    go_on(desk, key, move |store| {
        // The key is there before the number that needs it.
        let name = Secret::IdentityOf(enrolled.device).name(installation);
        keep(&keeping, &name, &kept)?;
        Ok(store.write(|write| write.become_device(enrolled.device))?)
    })
    .await
}

/// Takes another number up in the store, and speaks under it from now on.
pub(crate) async fn go_on(
    desk: &Desk,
    key: SigningKey,
    take_up: impl FnOnce(&Store) -> Result<(), Refusal> + Send + 'static,
) -> Result<(), Refusal> {
    let store = desk.opened(|opened| opened.store.clone())?;
    let opened = desk.blocking(move || {
        take_up(&store)?;
        let device = store.read(|read| read.device())?;
        let county = County::new(
            &device.server,
            &device.county_certificate,
            device.number,
            key,
        );
        Ok((device, county.map_err(Code::from)?))
    });
    let (device, county) = opened.await?;
    desk.opened(|opened| {
        opened.device = device;
        opened.county = county.into();
    })
}

/// The key with which a try was begun, or a new one.
fn next_key(desk: &Desk, installation: Uuid, used: &SigningKey) -> Result<SigningKey, Refusal> {
    if let Ok(seed) = desk.secret(installation, Secret::NextIdentity) {
        let key = SigningKey::from_bytes(&seed);
        if key != *used {
            return Ok(key);
        }
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| Code::Internal)?;
    let key = SigningKey::from_bytes(&seed);
    keep(desk, &Secret::NextIdentity.name(installation), &key)?;
    Ok(key)
}

/// Keeps a key, and makes sure that it is kept.
pub(crate) fn keep(desk: &Desk, name: &str, key: &SigningKey) -> Result<(), Refusal> {
    let keeper = &desk.inner().settings.keeper;
    keeper.set(name, &key.to_bytes()).map_err(Code::from)?;
    let again = keeper.get(name).map_err(Code::from)?;
    if again.is_some_and(|again| again.as_slice() == key.to_bytes()) {
        Ok(())
    } else {
        Err(Code::NoKeyring.into())
    }
}
