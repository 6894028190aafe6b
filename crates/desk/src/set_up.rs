//! The first run: enrols this device with the county and makes its first login.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::SigningKey;
use porch_domain::id::{CentreId, UserId};
use porch_domain::role::Role;
use porch_domain::time::Instant;
use porch_store::Store;
use porch_store::audit::{AuditEntry, Deed};
use porch_store::device::DeviceRow;
use porch_store::keys::{DatabaseKey, DeviceSecret, Keys, Password, User};
use porch_store::sealed::OpeningKey;
use porch_sync::protocol::{EnrolRequest, Enrolled};
use serde::Deserialize;
use ts_rs::TS;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::county::enrol;
use crate::desk::{Desk, Secret};
use crate::home::Identity;
use crate::keeper::SecretKeeper;
use crate::log_in::open_for;
use crate::refusal::{Code, Problem, Refusal};
use crate::status::StatusView;
use crate::work::make_id;

/// What the county's IT handed out, and who sits here first.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetUpRequest {
    /// The county server's address, `https://…`.
    pub server: String,
    /// The county's CA certificate, PEM.
    pub county_certificate: String,
    /// The one-time code.
    pub code: String,
    /// What people are to call this device.
    pub device_name: String,
    /// The first login's name: a manager, or a safeguarding lead where the code says so.
    pub name: String,
    /// The first login's password.
    pub password: String,
    /// Whether to do without a keyring if this computer has none: a password-only device.
    #[serde(default)]
    pub password_only: bool,
}

pub(crate) async fn set_up(desk: &Desk, request: SetUpRequest) -> Result<StatusView, Refusal> {
    check(&request)?;
    if desk.inner().home.identity()?.is_some() {
        return Err(Code::AlreadyOpen.into());
    }
    let installation: Uuid = make_id(desk.now())?;
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| Code::Internal)?;
    let key = SigningKey::from_bytes(&seed);
    // The keyring is asked first: a code that the county has taken cannot be used again.
    let keeper = desk.inner().settings.keeper.clone();
    let kept_key = Zeroizing::new(key.to_bytes());
    let kept = desk
        .blocking(move || keep_secrets(&*keeper, installation, &kept_key))
        .await;
    let secret = match kept {
        // A keyring that works is used, whatever was ticked.
        Ok(secret) => secret,
        Err(refusal) if refusal.code == Code::NoKeyring && request.password_only => {
            DeviceSecret::absent()
        }
        Err(refusal) => return Err(refusal),
    };
    // A keyring that failed halfway may hold something under the first id.
    let installation = if secret.is_absent() {
        make_id(desk.now())?
    } else {
        installation
    };
    let enrolled = enrol(
        request.server.trim(),
        &request.county_certificate,
        &EnrolRequest {
            code: request.code.clone(),
            device_name: request.device_name.trim().to_owned(),
            public_key: BASE64.encode(key.verifying_key().to_bytes()),
        },
    )
    .await
    .map_err(Code::from)?;
    let desk = desk.clone();
    desk.clone()
        .blocking(move || {
            keep(
                &desk,
                installation,
                &secret,
                &key.to_bytes(),
                &request,
                &enrolled,
            )
        })
        .await
}

/// Makes the device secret and gives it and the device's identity into the keyring.
fn keep_secrets(
    keeper: &dyn SecretKeeper,
    installation: Uuid,
    key: &[u8; 32],
) -> Result<DeviceSecret, Refusal> {
    let mut kept = Zeroizing::new([0; 32]);
    getrandom::fill(kept.as_mut_slice()).map_err(|_| Code::Internal)?;
    let name = Secret::Device.name(installation);
    keeper.set(&name, kept.as_slice()).map_err(Code::from)?;
    keeper
        .set(&Secret::Identity.name(installation), key)
        .map_err(Code::from)?;
    let again = keeper.get(&name).map_err(Code::from)?;
    if again.is_some_and(|again| *again == kept.as_slice()) {
        Ok(DeviceSecret::from_bytes(*kept))
    } else {
        Err(Code::NoKeyring.into())
    }
}

fn check(request: &SetUpRequest) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    let mut problem = |field: &str, code| {
        problems.push(Problem {
            field: field.to_owned(),
            code,
        })
    };
    for (field, text) in [
        ("server", &request.server),
        ("county_certificate", &request.county_certificate),
        ("code", &request.code),
        ("device_name", &request.device_name),
        ("name", &request.name),
    ] {
        if text.trim().is_empty() {
            problem(field, Code::Required);
        }
    }
    if !request.server.trim().is_empty() && !request.server.trim().starts_with("https://") {
        problem("server", Code::Invalid);
    }
    if let Err(fault) = Password::prepare(&request.password).check(&[&request.name]) {
        problem("password", fault.into());
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Refusal::of_form(problems))
    }
}

/// What an earlier device or an interrupted try left may hold unsent work: it is put aside, never
/// deleted. The database's files keep one name, so that they open together.
fn put_aside(folder: &Path, now: Instant) -> Result<(), Refusal> {
    let aside = format!("left-{}-", now.unix_ms());
    for left in ["porch.db", "porch.db-wal", "porch.db-shm", "slots.json"] {
        let to = folder.join(format!("{aside}{left}"));
        match std::fs::rename(folder.join(left), to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Code::Internal.into());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Makes the store and the first login. The file of logins comes last: until it is there, the
/// device is not set up, and what an interrupted try left is put aside.
fn keep(
    desk: &Desk,
    installation: Uuid,
    secret: &DeviceSecret,
    key: &[u8; 32],
    request: &SetUpRequest,
    enrolled: &Enrolled,
) -> Result<StatusView, Refusal> {
    let home = &desk.inner().home;
    std::fs::create_dir_all(home.folder()).map_err(|_| Code::Internal)?;
    put_aside(home.folder(), desk.now())?;
    let database = DatabaseKey::make()?;
    let store = Store::create(&home.database(), &database)?;
    let restricted_key = BASE64
        .decode(&enrolled.restricted_key.public_key)
        .ok()
        .and_then(|key| <[u8; 32]>::try_from(key).ok())
        .ok_or(Code::CountyRefused)?;
    let epoch = enrolled.restricted_key.epoch;
    let restricted = enrolled
        .restricted_private_key
        .as_deref()
        .map(|key| {
            let key = BASE64.decode(key).map_err(|_| Code::CountyRefused)?;
            OpeningKey::from_bytes(epoch, &key).ok_or(Code::CountyRefused)
        })
        .transpose()?;
    let device = DeviceRow {
        number: enrolled.device,
        name: request.device_name.trim().to_owned(),
        centre: CentreId::from(enrolled.centre),
        scopes: enrolled.scopes.clone(),
        server: request.server.trim().to_owned(),
        county_certificate: request.county_certificate.clone(),
        restricted_epoch: epoch,
        restricted_key,
        epoch: enrolled.epoch,
    };
    let user: UserId = make_id(desk.now())?;
    let entry = AuditEntry {
        at: desk.now(),
        user,
        deed: Deed::Enrolled,
        purpose: "set_up",
        record: None,
        fields: &[],
    };
    store.write(|write| {
        write.put_device(&device)?;
        write.audit(&entry).map_err(Refusal::from)
    })?;
    drop(store);
    let role = if restricted.is_some() {
        Role::Safeguarding
    } else {
        Role::Manager
    };
    let keys = Keys {
        database,
        restricted: restricted.into_iter().collect(),
    };
    let first = User {
        id: user.into(),
        name: request.name.trim().to_owned(),
        role: role.word().to_owned(),
    };
    let password = Password::prepare(&request.password);
    let slots = home.slots(installation);
    slots.enrol(first, &password, secret, &keys)?;
    if secret.is_absent() {
        slots.keep_identity(key, &keys.database)?;
    }
    home.put_identity(&Identity {
        installation,
        device_name: device.name,
        centre: None,
        idle_minutes: None,
    })?;
    let unlocked = slots.unwrap(user.into(), &password, secret, desk.now().unix_ms())?;
    open_for(desk, unlocked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_there_already_is_put_aside_whole() {
        let home = tempfile::tempdir().unwrap();
        let file = |name: &str| home.path().join(name);
        std::fs::write(file("porch.db"), "unsent work").unwrap();
        std::fs::write(file("porch.db-wal"), "the latest of it").unwrap();
        put_aside(home.path(), Instant::from_unix_ms(7)).unwrap();
        let kept = |name| std::fs::read_to_string(file(name)).unwrap();
        assert_eq!(kept("left-7-porch.db"), "unsent work");
        assert_eq!(kept("left-7-porch.db-wal"), "the latest of it");
        assert!(!file("porch.db").exists(), "and makes room for the new one");
        put_aside(home.path(), Instant::from_unix_ms(8)).unwrap();
        assert!(!file("left-8-porch.db").exists());
    }
}
