//! A device: its store, and its way to the county. The same code as the program's, but for the
//! window and the keyring.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant as Moment};

use anyhow::{Context as _, Result, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::SigningKey;
use porch_desk::county::{County, CountyTrouble, enrol};
use porch_store::Store;
use porch_store::device::DeviceRow;
use porch_store::keys::DatabaseKey;
use porch_sync::DeviceNumber;
use porch_sync::device::{ChunkFate, Met, Transport, meet};
use porch_sync::protocol::{
    BlobState, EnrolRequest, PullPage, PullRequest, PushAnswer, PushRequest,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an enrolled device is opened by. Kept in a file beside the store, since nothing of these
/// people is true.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    number: DeviceNumber,
    database: [u8; 32],
    identity: [u8; 32],
}

/// A device.
pub(super) struct Device {
    /// Its store.
    pub(super) store: Arc<Store>,
    /// The key of its database.
    pub(super) key: DatabaseKey,
    county: Arc<County>,
    asked: Arc<AtomicU32>,
}

/// How a meeting went.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Meeting {
    /// Until every row was taken in.
    pub(super) rows: Duration,
    /// Until the pictures were, too.
    pub(super) all: Duration,
    /// Rows taken in.
    pub(super) taken: usize,
    /// Pictures and thumbnails.
    pub(super) parcels: usize,
    /// Requests to the county.
    pub(super) asked: u32,
    /// The most memory that the process ever had, in KiB.
    pub(super) peak_kib: u64,
}

/// Where the county is, and how it lets a device in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Way {
    /// Its address.
    pub(super) server: String,
    /// Its certificate, PEM.
    pub(super) certificate: String,
}

impl Device {
    /// Enrols a new device.
    pub(super) async fn enrol(folder: &Path, way: &Way, code: &str) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (identity, database) = (random(), random());
        let key = SigningKey::from_bytes(&identity);
        let enrolled = enrol(
            &way.server,
            &way.certificate,
            &EnrolRequest {
                code: code.to_owned(),
                device_name: "Front desk".to_owned(),
                public_key: BASE64.encode(key.verifying_key().to_bytes()),
            },
        )
        .await?;
        let store = Store::create(&database_in(folder), &DatabaseKey::from_bytes(database))?;
        let restricted = BASE64.decode(&enrolled.restricted_key.public_key)?;
        store.write(|write| {
            write.put_device(&DeviceRow {
                number: enrolled.device,
                name: "Front desk".to_owned(),
                centre: enrolled.centre.into(),
                scopes: enrolled.scopes.clone(),
                server: way.server.clone(),
                county_certificate: way.certificate.clone(),
                restricted_epoch: enrolled.restricted_key.epoch,
                restricted_key: restricted.as_slice().try_into()?,
                epoch: enrolled.epoch,
            })?;
            Ok::<_, anyhow::Error>(())
        })?;
        drop(store);
        let kept = Kept {
            number: enrolled.device,
            database,
            identity,
        };
        std::fs::write(folder.join("kept.json"), serde_json::to_vec(&kept)?)?;
        Self::open(folder, way)
    }

    /// Opens a device that was enrolled before.
    pub(super) fn open(folder: &Path, way: &Way) -> Result<Self> {
        let kept: Kept = serde_json::from_slice(&std::fs::read(folder.join("kept.json"))?)?;
        let key = DatabaseKey::from_bytes(kept.database);
        let identity = SigningKey::from_bytes(&kept.identity);
        Ok(Self {
            store: Arc::new(Store::open(&database_in(folder), &key)?),
            key,
            county: Arc::new(County::new(
                &way.server,
                &way.certificate,
                kept.number,
                identity,
            )?),
            asked: Arc::default(),
        })
    }

    /// Whether there is one in a folder.
    pub(super) fn is_in(folder: &Path) -> bool {
        folder.join("kept.json").is_file()
    }

    /// Meets the county, as `sync_now` does.
    pub(super) async fn meet(&self) -> Result<Meeting> {
        let (store, way) = (
            self.store.clone(),
            Counted {
                county: self.county.clone(),
                asked: self.asked.clone(),
            },
        );
        let before = self.asked.load(Ordering::Relaxed);
        let runtime = tokio::runtime::Handle::current();
        let began = Moment::now();
        let meeting = tokio::task::spawn_blocking(move || {
            let mut rows = Duration::ZERO;
            let mut taken = 0;
            let met: Met = runtime
                .block_on(meet(&*store, &way, |met| {
                    if met.parcels == 0 || met.taken > taken {
                        taken = met.taken;
                        rows = began.elapsed();
                    }
                }))
                .map_err(|error| anyhow!("{error:?}"))?;
            Ok::<_, anyhow::Error>((met, rows, began.elapsed()))
        });
        let (met, rows, all) = meeting.await??;
        Ok(Meeting {
            rows,
            all,
            taken: met.taken,
            parcels: met.parcels,
            asked: self.asked.load(Ordering::Relaxed) - before,
            peak_kib: peak_kib()?,
        })
    }
}

/// Two UUIDs are random enough for people who do not exist.
fn random() -> [u8; 32] {
    let halves = [Uuid::now_v7(), Uuid::new_v5(&Uuid::now_v7(), b"other half")];
    let mut bytes = [0; 32];
    for (byte, from) in bytes.iter_mut().zip(halves.iter().flat_map(Uuid::as_bytes)) {
        *byte = *from;
    }
    bytes
}

/// A device's database.
pub(super) fn database_in(folder: &Path) -> PathBuf {
    folder.join("porch.db")
}

/// The most memory that this process ever had resident, in KiB.
fn peak_kib() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let words = line.context("VmHWM")?.trim().trim_end_matches(" kB");
    Ok(words.parse()?)
}

/// The way to the county, which counts how often it is asked.
struct Counted {
    county: Arc<County>,
    asked: Arc<AtomicU32>,
}

impl Counted {
    fn ask(&self) -> &County {
        self.asked.fetch_add(1, Ordering::Relaxed);
        &self.county
    }
}

impl Transport for Counted {
    type Error = CountyTrouble;

    async fn push(&self, request: &PushRequest) -> Result<PushAnswer, CountyTrouble> {
        self.ask().push(request).await
    }

    async fn pull(&self, request: &PullRequest) -> Result<PullPage, CountyTrouble> {
        self.ask().pull(request).await
    }

    async fn blob_state(&self, blob: Uuid) -> Result<Option<BlobState>, CountyTrouble> {
        self.ask().blob_state(blob).await
    }

    async fn put_chunk(
        &self,
        blob: Uuid,
        chunk: u32,
        bytes: Vec<u8>,
    ) -> Result<ChunkFate, CountyTrouble> {
        self.ask().put_chunk(blob, chunk, bytes).await
    }

    async fn get_chunk(&self, blob: Uuid, chunk: u32) -> Result<Option<Vec<u8>>, CountyTrouble> {
        self.ask().get_chunk(blob, chunk).await
    }
}

/// What a device in a process of its own is asked to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Task {
    /// Its folder. A device that is not there is enrolled.
    pub(super) folder: PathBuf,
    /// The way to the county.
    pub(super) way: Way,
    /// The code by which it is enrolled.
    pub(super) code: String,
}

/// Does what a task says, and prints how it went.
///
/// # Errors
/// When it did not work.
pub async fn run_task(task: &str) -> Result<()> {
    let task: Task = serde_json::from_str(task)?;
    let device = if Device::is_in(&task.folder) {
        Device::open(&task.folder, &task.way)?
    } else {
        Device::enrol(&task.folder, &task.way, &task.code).await?
    };
    println!("{}", serde_json::to_string(&device.meet().await?)?);
    Ok(())
}
