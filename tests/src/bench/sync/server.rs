//! The county: made ready in this process, served by `porch-county` in another.

use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::Utc;
use ed25519_dalek::SigningKey;
use porch_county::store::Store;
use porch_county::{County, home};
use porch_domain::id::RecordId as _;
use porch_sync::protocol::{EnrolRequest, Fate, PushRequest, Variant, blob_id};
use porch_sync::{Bytes, Change, FieldChange, Hlc, Op, SCHEMA, SealedTransaction, Transaction};
use serde_json::{Value, json};
use uuid::Uuid;

use super::device::Way;
use super::documents::{Documents, Shot};
use super::process::Process;
use super::wire::Wire;

/// How long an enrolment code is good for.
const VALID_MS: u64 = 60 * 60 * 1000;
/// Photos in one push.
const PHOTOS: usize = 50;

/// A refusal or failure of the county's, for people.
fn told(failure: porch_county::Failure) -> anyhow::Error {
    anyhow::anyhow!("the county: {failure:?}")
}

/// Imports the documents into a county.
pub(super) async fn import<S: Store>(
    county: County<S>,
    documents: &Documents,
) -> Result<County<S>> {
    let file = serde_json::to_vec(&json!({ "records": documents.records }))?;
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        county.import(Cursor::new(file), &runtime, |_| {})?;
        Ok(county)
    })
    .await?
}

/// Makes a county in a folder, with the documents in it.
pub(super) async fn prepare(folder: &Path, documents: &Documents) -> Result<()> {
    import(home::open(folder).await?, documents).await.map(drop)
}

/// Enrols a device without a store, and says its number.
pub(super) async fn enrol<S: Store>(
    county: &County<S>,
    centre: Uuid,
    key: &SigningKey,
) -> Result<porch_sync::DeviceNumber> {
    let code = county.make_code(centre, false, VALID_MS).await?;
    let request = EnrolRequest {
        code: code.to_string(),
        device_name: "Front desk".to_owned(),
        public_key: BASE64.encode(key.verifying_key().to_bytes()),
    };
    Ok(county.enrol(&request).await.map_err(told)?.device)
}

/// A code by which a device may be enrolled at a centre.
pub(super) async fn code(folder: &Path, centre: Uuid) -> Result<String> {
    let county = home::open(folder).await?;
    Ok(county.make_code(centre, false, VALID_MS).await?.to_string())
}

/// A transaction as a device seals it.
pub(super) fn sealed(
    device: porch_sync::DeviceNumber,
    sequence: u64,
    changes: Vec<Change>,
) -> Result<SealedTransaction> {
    let transaction = Transaction {
        device,
        sequence,
        clock: Hlc::at(u64::try_from(Utc::now().timestamp_millis())?),
        author: Uuid::from_u128(0xbe),
        schema: SCHEMA,
        changes,
    };
    Ok(SealedTransaction::seal(&transaction, Bytes([7; 16]))?)
}

/// A record made in a scope.
pub(super) fn made(
    kind: &str,
    id: Uuid,
    scope: Uuid,
    fields: impl IntoIterator<Item = (String, Value)>,
) -> Change {
    Change {
        kind: kind.to_owned(),
        id,
        op: Op::Create { scope },
        fields: fields
            .into_iter()
            .map(|(name, value)| (name, FieldChange { value, base: None }))
            .collect(),
    }
}

/// Puts the photos into a county, as a device that took them would.
pub(super) async fn add_photos(folder: &Path, documents: &Documents) -> Result<()> {
    let county = home::open(folder).await?;
    let key = SigningKey::from_bytes(&[7; 32]);
    let number = enrol(&county, documents.centre, &key).await?;
    let devices = county.devices().await?;
    let device = devices.into_iter().find(|device| device.number == number);
    let device = device.context("the device is gone")?;
    let mut shots = documents.shots().peekable();
    let mut sequence = 0;
    while shots.peek().is_some() {
        let batch: Vec<Shot> = shots.by_ref().take(PHOTOS).collect();
        let mut transactions = Vec::new();
        for shot in &batch {
            sequence += 1;
            let changes = shot
                .records()
                .into_iter()
                .map(|(kind, id, fields)| made(kind, id, documents.centre, fields))
                .collect();
            transactions.push(sealed(number, sequence, changes)?);
        }
        let request = PushRequest {
            epoch: county.epoch(),
            transactions,
            audit: None,
        };
        let answer = county.push(number, request).await.map_err(told)?;
        if answer.outcomes.iter().any(|o| o.fate != Fate::Applied) {
            bail!("the county did not take the photos");
        }
        for shot in &batch {
            let photo = shot.photo.id.uuid();
            for (variant, bytes) in [
                (Variant::Thumbnail, &shot.thumbnail),
                (Variant::Picture, &shot.picture),
            ] {
                let blob = blob_id(photo, variant);
                let put = county.put_chunk(&device, blob, 0, bytes).await;
                put.map_err(told)?;
            }
        }
    }
    Ok(())
}

/// A county that is served. It is stopped when dropped.
pub(super) struct Served {
    _process: Process,
    /// Its port on this machine.
    pub(super) port: u16,
    /// Its certificate, PEM.
    pub(super) certificate: String,
}

impl Served {
    /// Serves the county in a folder, or the one whose database has this connection string.
    pub(super) async fn start(folder: &Path, database: Option<&str>) -> Result<Self> {
        let program = std::env::var_os("PORCH_COUNTY").context("PORCH_COUNTY is not set")?;
        let ready = folder.join("ready.json");
        let mut command = Command::new(program);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--dir"])
            .arg(folder)
            .arg("--ready-file")
            .arg(&ready)
            .env("PORCH_LOG", "error")
            .env_remove("PORCH_DATABASE")
            .envs(database.map(|address| ("PORCH_DATABASE", address)));
        let process = Process::start_until_ready(&mut command, &ready)?;
        let words: Value = serde_json::from_str(&process.ready(&ready).await?)?;
        let said = |name: &str| words.get(name).and_then(Value::as_str).context("not ready");
        let port = said("url")?
            .rsplit(':')
            .next()
            .unwrap_or_default()
            .parse()?;
        Ok(Self {
            _process: process,
            port,
            certificate: std::fs::read_to_string(said("ca")?)?,
        })
    }

    /// The certificate of the county in a folder, PEM.
    pub(super) fn certificate_in(folder: &Path) -> Result<String> {
        Ok(std::fs::read_to_string(folder.join("county-ca.pem"))?)
    }

    /// The way to it over a wire.
    pub(super) fn by(&self, wire: &Wire) -> Way {
        Way {
            server: format!("https://{}", wire.address()),
            certificate: self.certificate.clone(),
        }
    }
}
