//! A county in a file, devices in files, and the line between them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use porch_county::store::{Reading as _, SqliteStore, Store as CountyStore, Stored};
use porch_county::{County, Failure, Machine, Surroundings, home};
use porch_domain::id::CentreId;
use porch_domain::time::Instant;
use porch_store::Store;
use porch_store::device::{DeviceRow, SyncRow};
use porch_store::keys::DatabaseKey;
use porch_sync::device::{ChunkFate, Clash, MeetError, Met, Replica as _, Transport, meet};
use porch_sync::protocol::{
    BlobState, ChallengeRequest, CountyRefusal, EnrolRequest, Enrolled, PullPage, PullRequest,
    PushAnswer, PushRequest, RejoinRequest, rejoin_message,
};
use porch_sync::{Change, DeviceNumber, Row, Version};
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use crate::scratch::{self, FILE, KEY};
use crate::story::{ELM, NOW_MS, centres, id};

/// A clock that a test moves, and real randomness.
struct Moved(AtomicU64);

impl Surroundings for Moved {
    fn unix_ms(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    fn fill(&self, bytes: &mut [u8]) -> Stored<()> {
        Machine.fill(bytes)
    }
}

pub(crate) struct Server<S = SqliteStore> {
    pub(crate) home: TempDir,
    pub(crate) county: Arc<County<S>>,
}

impl Server {
    /// A new county with its two centres.
    pub(crate) async fn start() -> Self {
        let server = Self::open(tempfile::tempdir().unwrap()).await;
        server.import().await;
        server
    }

    pub(crate) async fn open(home: TempDir) -> Self {
        let time = Arc::new(Moved(AtomicU64::new(NOW_MS)));
        let county = home::open_with(home.path(), time).await.unwrap();
        Self {
            home,
            county: Arc::new(county),
        }
    }

    /// The county that is made of a backup and this one's key.
    pub(crate) async fn restored(&self, backup: &Path) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::copy(backup, home.path().join("county.db")).unwrap();
        let key = home.path().join("county.key");
        std::fs::copy(self.home.path().join("county.key"), key).unwrap();
        Self::open(home).await
    }

    /// The same beside the logs, which are kept apart from backups.
    pub(crate) async fn restored_beside_the_logs(&self, backup: &Path) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::copy(backup, home.path().join("county.db")).unwrap();
        for kept in ["county.key", "removals.log", "devices.log"] {
            let from = self.home.path().join(kept);
            if from.exists() {
                std::fs::copy(from, home.path().join(kept)).unwrap();
            }
        }
        Self::open(home).await
    }

    pub(crate) async fn row(&self, record: Uuid) -> Option<Row> {
        let store = SqliteStore::open(
            &self.home.path().join("county.db"),
            std::fs::read(self.home.path().join("county.key"))
                .unwrap()
                .as_slice()
                .try_into()
                .map(zeroize::Zeroizing::new)
                .unwrap(),
            || unreachable!(),
        );
        let mut reading = store.unwrap().reading().await.unwrap();
        reading.record(record).await.unwrap()
    }
}

impl<S: CountyStore> Server<S> {
    /// Brings the two centres.
    pub(crate) async fn import(&self) {
        let importing = Arc::clone(&self.county);
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || {
            importing
                .import(centres().as_bytes(), &runtime, |_| {})
                .unwrap()
        })
        .await
        .unwrap();
    }

    /// A device of Elm.
    pub(crate) async fn device(&self) -> Device {
        self.device_of(ELM).await
    }

    /// A device of a centre.
    pub(crate) async fn device_of(&self, centre: Uuid) -> Device {
        let code = self.county.make_code(centre, false, 60_000).await.unwrap();
        let key = fresh_key();
        let request = EnrolRequest {
            code: code.to_string(),
            device_name: "Front desk".to_owned(),
            public_key: public(&key),
        };
        let enrolled = self.county.enrol(&request).await.unwrap();
        Device::make(key, &enrolled)
    }

    pub(crate) fn line(&self, device: &Device) -> Line<'_, S> {
        Line {
            county: &self.county,
            device: device.number(),
            lies: AtomicBool::new(false),
            deaf: AtomicBool::new(false),
            breaks_after_push: AtomicBool::new(false),
            loses_answers: AtomicBool::new(false),
            broken: AtomicBool::new(false),
        }
    }
}

fn fresh_key() -> SigningKey {
    let mut seed = [0; 32];
    Machine.fill(&mut seed).unwrap();
    SigningKey::from_bytes(&seed)
}

fn public(key: &SigningKey) -> String {
    STANDARD.encode(key.verifying_key().as_bytes())
}

/// The way to the county, with what can be wrong on it.
pub(crate) struct Line<'a, S = SqliteStore> {
    county: &'a County<S>,
    device: DeviceNumber,
    /// The county's digests of Elm are wrong.
    pub(crate) lies: AtomicBool,
    /// The county refuses every push.
    pub(crate) deaf: AtomicBool,
    /// What is pushed arrives, and its answer does not.
    pub(crate) loses_answers: AtomicBool,
    /// Nothing comes through any more once a push was answered.
    pub(crate) breaks_after_push: AtomicBool,
    broken: AtomicBool,
}

impl<S: CountyStore> Line<'_, S> {
    async fn row(&self) -> porch_county::store::Device {
        let devices = self.county.devices().await.unwrap();
        let mut devices = devices.into_iter();
        devices.find(|row| row.number == self.device).unwrap()
    }
}

impl<S: CountyStore> Transport for Line<'_, S> {
    type Error = Failure;

    async fn push(&self, request: &PushRequest) -> Result<PushAnswer, Failure> {
        if self.deaf.load(Ordering::SeqCst) {
            return Err(CountyRefusal::UpdateNeeded.into());
        }
        let answer = self.county.push(self.device, request.clone()).await;
        let breaks = self.breaks_after_push.load(Ordering::SeqCst);
        self.broken.store(breaks, Ordering::SeqCst);
        if self.loses_answers.load(Ordering::SeqCst) {
            return Err(CountyRefusal::Failed.into());
        }
        answer
    }

    async fn pull(&self, request: &PullRequest) -> Result<PullPage, Failure> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(CountyRefusal::Failed.into());
        }
        let mut page = self.county.pull(self.device, request).await?;
        if self.lies.load(Ordering::SeqCst) {
            let digests = page.digests.iter_mut().flat_map(|d| &mut d.scopes);
            for digest in digests.filter(|digest| digest.scope == ELM) {
                digest.sum.0[0] ^= 1;
            }
        }
        Ok(page)
    }

    async fn blob_state(&self, blob: Uuid) -> Result<Option<BlobState>, Failure> {
        match self.county.blob_state(&self.row().await, blob).await {
            Err(Failure::Refused(CountyRefusal::NotFound)) => Ok(None),
            other => other.map(Some),
        }
    }

    async fn put_chunk(
        &self,
        blob: Uuid,
        chunk: u32,
        bytes: Vec<u8>,
    ) -> Result<ChunkFate, Failure> {
        let row = self.row().await;
        match self.county.put_chunk(&row, blob, chunk, &bytes).await {
            Err(Failure::Refused(refusal)) => {
                ChunkFate::refused(refusal).ok_or_else(|| refusal.into())
            }
            other => other.map(|_| ChunkFate::Taken),
        }
    }

    async fn get_chunk(&self, blob: Uuid, chunk: u32) -> Result<Option<Vec<u8>>, Failure> {
        match self.county.chunk(&self.row().await, blob, chunk).await {
            Err(Failure::Refused(CountyRefusal::NotFound | CountyRefusal::BlobNotExpected)) => {
                Ok(None)
            }
            other => other.map(Some),
        }
    }
}

pub(crate) struct Device {
    _folder: TempDir,
    path: PathBuf,
    pub(crate) store: Store,
    pub(crate) key: SigningKey,
    now_ms: AtomicI64,
}

pub(crate) type Trouble = MeetError<porch_store::StoreError, Failure>;

impl Device {
    fn make(key: SigningKey, enrolled: &Enrolled) -> Self {
        let (folder, store) = scratch::store();
        let path = folder.path().join(FILE);
        store
            .write(|write| {
                write.put_device(&DeviceRow {
                    number: enrolled.device,
                    name: "Front desk".to_owned(),
                    centre: CentreId::from(enrolled.centre),
                    scopes: enrolled.scopes.clone(),
                    server: String::new(),
                    county_certificate: String::new(),
                    restricted_epoch: 1,
                    restricted_key: [9; 32],
                    epoch: enrolled.epoch,
                })
            })
            .unwrap();
        Self {
            _folder: folder,
            path,
            store,
            key,
            now_ms: AtomicI64::new(NOW_MS as i64),
        }
    }

    /// Another computer with the same files and the same key.
    pub(crate) fn copied(&self) -> Self {
        self.store.checkpoint().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("porch.db");
        std::fs::copy(&self.path, &path).unwrap();
        let store = Store::open(&path, &DatabaseKey::from_bytes(KEY)).unwrap();
        Self {
            _folder: folder,
            path,
            store,
            key: self.key.clone(),
            now_ms: AtomicI64::new(self.now_ms.load(Ordering::SeqCst) + 10),
        }
    }

    /// As after the program was ended and started.
    pub(crate) fn reopened(self) -> Self {
        let Self {
            _folder,
            path,
            store,
            key,
            now_ms,
        } = self;
        drop(store);
        let store = Store::open(&path, &DatabaseKey::from_bytes(KEY)).unwrap();
        Self {
            _folder,
            path,
            store,
            key,
            now_ms,
        }
    }

    pub(crate) fn number(&self) -> DeviceNumber {
        self.store.read(|read| read.device()).unwrap().number
    }

    /// What somebody with the key and a SQLite tool can do.
    pub(crate) fn connection(&self) -> Connection {
        let connection = Connection::open(&self.path).unwrap();
        let key: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
        connection
            .execute_batch(&format!("PRAGMA key = \"x'{key}'\";"))
            .unwrap();
        connection
            .busy_timeout(std::time::Duration::from_secs(60))
            .unwrap();
        connection
    }

    pub(crate) fn sql(&self, sql: &str) {
        self.connection().execute_batch(sql).unwrap();
    }

    pub(crate) fn count(&self, sql: &str) -> u64 {
        self.connection()
            .query_row(sql, (), |row| row.get(0))
            .unwrap()
    }

    /// Its clock goes on, or is put forward.
    pub(crate) fn pass(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) fn save(&self, changes: Vec<Change>) -> Version {
        let now = self.now_ms.fetch_add(1000, Ordering::SeqCst);
        let now = Instant::from_unix_ms(now);
        self.store
            .write(|write| write.save(id(0x05e4), now, changes))
            .unwrap()
    }

    pub(crate) async fn try_meeting<S: CountyStore>(
        &self,
        line: &Line<'_, S>,
    ) -> Result<Met, Trouble> {
        meet(&self.store, line, |_| {}).await
    }

    pub(crate) async fn meets<S: CountyStore>(&self, server: &Server<S>) -> Met {
        self.try_meeting(&server.line(self)).await.unwrap()
    }

    pub(crate) fn row(&self, kind: &str, record: Uuid) -> Option<Row> {
        self.store.read(|read| read.row(kind, record)).unwrap()
    }

    pub(crate) fn state(&self) -> SyncRow {
        self.store.read(|read| read.sync_state()).unwrap()
    }

    pub(crate) fn unsent(&self) -> usize {
        self.store.unsent().unwrap().len()
    }

    /// The request of a copy, signed with the key that both have.
    pub(crate) fn rejoining(
        &self,
        server: &Server,
        clash: Clash,
        key: &SigningKey,
    ) -> RejoinRequest {
        let device = self.number();
        let asked = ChallengeRequest { device };
        let challenge = server.county.challenge(&asked).unwrap().challenge;
        let public_key = public(key);
        let message = rejoin_message(&challenge, &public_key);
        RejoinRequest {
            device,
            challenge,
            sequence: clash.sequence,
            digest: clash.digest,
            public_key,
            signature: STANDARD.encode(self.key.sign(message.as_bytes()).to_bytes()),
        }
    }

    /// Gets a number of its own, and renumbers what is unsent.
    pub(crate) async fn rejoins(&mut self, server: &Server, clash: Clash) {
        let key = fresh_key();
        let request = self.rejoining(server, clash, &key);
        let enrolled = server.county.rejoin(&request).await.unwrap();
        let again = self.rejoining(server, clash, &key);
        let again = server.county.rejoin(&again).await.unwrap();
        assert_eq!(again.device, enrolled.device, "an answer may be lost");
        self.store
            .write(|write| write.become_device(enrolled.device))
            .unwrap();
        self.key = key;
    }
}

/// The clash of which a copy is told.
pub(crate) fn clash(ended: Result<Met, Trouble>) -> Clash {
    match ended {
        Err(MeetError::Cloned(clash)) => clash,
        other => panic!("was not told that it is a copy: {other:?}"),
    }
}

pub(crate) fn new_key() -> SigningKey {
    fresh_key()
}
