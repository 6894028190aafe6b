//! Where the county's data lies.
//!
//! One trait, several stores, one suite. A store gives snapshots ([`Reading`]) and units of work
//! ([`Work`]). The isolation asked of a unit of work is what PostgreSQL gives under READ COMMITTED
//! with row locks, so that all stores can keep it:
//!
//! - nothing written is seen by others before [`Work::commit`], and then all of it; a unit that is
//!   dropped wrote nothing;
//! - [`Work::lock_device`] and [`Work::lock_records`] hold others off the same device or records
//!   until the end of the unit, and what is read after them is the latest that was committed;
//! - [`Work::take_sequences`] locks the scope's row until the end of the unit. It is called last, in
//!   the order of scope ids, and only [`Work::put_feed`], [`ScopeWork::put_left`],
//!   [`RemovalWork::leave_feed`], [`RemovalWork::put_logged`], [`RemovalWork::put_erasure`] and
//!   [`Work::commit`] follow: so commit
//!   order is sequence order, without gaps, and two units never wait for each other in a circle.
//!
//! Locks are taken in the order device, records (sorted, once), scopes (sorted).
//!
//! A store keeps each feed entry's [`Mark`] and, with the scope's sequence, the [`Tally`] of all of
//! them: [`Work::put_feed`] and [`RemovalWork::leave_feed`] change it by one step, under the scope's
//! lock.

use std::collections::BTreeSet;
use std::future::Future;

use porch_sync::protocol::{FeedRow, Outcome};
use porch_sync::{DeviceNumber, Digest, DigestKey, Mark, Row, SealedTransaction, Tally};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::seal;

mod memory;
mod postgres;
mod removal;
mod scopes;
mod sqlite;
#[cfg(test)]
pub(crate) mod suite;
mod views;

#[cfg(feature = "simulation")]
pub use memory::{Breaks, MemoryCopy};
pub use memory::{MemoryReading, MemoryStore, MemoryWork};
pub use postgres::{Address, AddressProblem, PostgresReading, PostgresStore, PostgresWork};
pub use removal::{Erasure, Kept, Logged, RemovalReading, RemovalWork, ToRead, Told};
pub use scopes::{Asked, ScopeReading, ScopeWork};
pub use sqlite::{SqliteReading, SqliteStore, SqliteWork};

/// The urgent feed's place among the scopes: it sorts first.
pub const URGENT: Uuid = Uuid::nil();

/// Who writes the county's own transactions: imports and reference data.
pub const COUNTY_DEVICE: DeviceNumber = DeviceNumber(0);

/// A store failed. Holds no data, only what went wrong.
#[derive(Debug, thiserror::Error)]
pub enum StoreFailure {
    /// The database said no.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// PostgreSQL said no, or could not be reached. Holds what it said, unless that tells of values.
    #[error("PostgreSQL failed: {0}")]
    Postgres(String),
    /// All connections to the database are in use.
    #[error("no connection to the database came free in time")]
    NoConnection,
    /// The key file is not the one that this database was made with.
    #[error(
        "county.key does not fit this database: copy county.key, county-ca.key and county-ca.pem from the directory of the county's first server"
    )]
    OtherKey,
    /// Another server works on the same directory.
    #[error("another server is already serving this directory")]
    Served,
    /// What is stored cannot be read back.
    #[error("stored {0} cannot be read")]
    Corrupt(&'static str),
    /// The database was made by a newer program.
    #[error(
        "the database was made by a newer version of this program ({found}; this one knows {known})"
    )]
    Newer {
        /// The database's migration.
        found: i64,
        /// The last one known here.
        known: i64,
    },
    /// A file could not be read or written.
    #[error("a file of the store failed: {0}")]
    File(#[from] std::io::Error),
    /// PostgreSQL's own program made no copy. What it said is on standard error.
    #[error("pg_dump made no copy ({0}); no device is told of a backup")]
    Dump(String),
    /// The store was restored from a backup since.
    #[error("the store was restored since, and is in another epoch: no device is told of a backup")]
    OtherEpoch,
    /// A key file can be read by others.
    #[error("{0} must be readable by this service only (chmod 600)")]
    Exposed(String),
    /// Readers and a wiping of what was deleted were in each other's way.
    #[error("what was deleted is being wiped, or readers keep it from being wiped: try again")]
    Busy,
    /// The operating system gave no randomness.
    #[error("no randomness")]
    Randomness,
}

/// The result of a store.
pub type Stored<T> = Result<T, StoreFailure>;

/// How many device numbers are passed over after a restore: more than were given since any backup
/// that anybody restores.
const NUMBERS_PASSED: u32 = 10_000;

/// What was made with the store. Only its epoch ever changes.
#[derive(Clone)]
pub struct Origin {
    /// Another one means: restored from a backup.
    pub epoch: Uuid,
    /// The key of tokens, challenges and codes.
    pub secret: Zeroizing<[u8; 32]>,
    /// Counts up at each revocation.
    pub restricted_epoch: u32,
    /// The public key for restricted notes (X25519).
    pub restricted_public: [u8; 32],
    /// Its private half.
    pub restricted_private: Zeroizing<[u8; 32]>,
}

impl Origin {
    /// The key of the marks of records: from the secret, so that it outlasts a restore.
    #[must_use]
    pub fn digest_key(&self) -> DigestKey {
        digest_key(&self.secret)
    }
}

fn digest_key(secret: &[u8; 32]) -> DigestKey {
    porch_sync::Bytes(seal::digest(secret, seal::For::Digest, b""))
}

/// A device that was enrolled.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    /// Its number, never given twice.
    pub number: DeviceNumber,
    /// What people call it.
    pub name: String,
    /// The centre whose front desk it is.
    pub centre: Uuid,
    /// Its Ed25519 key.
    pub public_key: [u8; 32],
    /// The scopes it holds.
    pub scopes: BTreeSet<Uuid>,
    /// Scopes that were taken from it and that it has not confirmed to have left: it may still hold
    /// their records, and have unsent work in them.
    pub leaving: BTreeSet<Uuid>,
    /// Scopes that it has left.
    pub left: BTreeSet<Uuid>,
    /// When it was enrolled, in milliseconds since 1970.
    pub enrolled_ms: u64,
    /// When it was revoked, if it was.
    pub revoked_ms: Option<u64>,
    /// The transaction that is expected next from it.
    pub expected: u64,
    /// How many entries its audit chain last had.
    pub audit_entries: u64,
    /// And their digest.
    pub audit_head: Option<Digest>,
    /// Its last transaction that is in a backup of the store.
    pub backed_up: u64,
    /// The device of which it was a copy, if it rejoined.
    pub copy_of: Option<DeviceNumber>,
}

impl Device {
    /// Whether it may write in a scope: in one that it is leaving, too, since what it wrote there
    /// while it held it may be unsent.
    #[must_use]
    pub fn writes_in(&self, scope: Uuid) -> bool {
        self.scopes.contains(&scope) || self.leaving.contains(&scope)
    }

    /// Whether records of one of these scopes may be on it.
    #[must_use]
    pub fn may_hold_any(&self, scopes: &BTreeSet<Uuid>) -> bool {
        !self.scopes.is_disjoint(scopes) || !self.leaving.is_disjoint(scopes)
    }
}

/// A one-time code for enrolment.
#[derive(Clone, Debug, PartialEq)]
pub struct EnrolmentCode {
    /// HMAC of the code.
    pub digest: [u8; 32],
    /// The centre whose device is enrolled.
    pub centre: Uuid,
    /// Whether the restricted private key is handed out.
    pub restricted: bool,
    /// Until when it is good, in milliseconds since 1970.
    pub expires_ms: u64,
    /// Which device used it.
    pub used_by: Option<DeviceNumber>,
}

/// Wrong tries of codes that begin alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attempts {
    /// How many.
    pub wrong: u32,
    /// Since when, in milliseconds since 1970.
    pub since_ms: u64,
}

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// Its digest as it was sent.
    pub digest: Digest,
    /// What was answered.
    pub outcome: Outcome,
}

/// A transaction kept aside.
#[derive(Clone, Debug, PartialEq)]
pub struct Quarantined {
    /// Why: a word of [`crate::quarantine::Reason`].
    pub reason: String,
    /// The transaction as it came.
    pub sealed: SealedTransaction,
}

/// A photo's file.
#[derive(Clone, Debug, PartialEq)]
pub struct Blob {
    /// Derived from the photo's id.
    pub id: Uuid,
    /// The photo.
    pub photo: Uuid,
    /// The size its record declares.
    pub bytes: u64,
    /// The SHA-256 its record declares.
    pub sha256: [u8; 32],
    /// Whole chunks received from the start.
    pub chunks: u32,
    /// Whether it is complete and has that SHA-256.
    pub complete: bool,
}

/// A store of the county's data.
pub trait Store: Send + Sync + 'static {
    /// Its snapshots.
    type Reading: Reading;
    /// Its units of work.
    type Work: Work;

    /// A snapshot: everything read from it is of one moment.
    fn reading(&self) -> impl Future<Output = Stored<Self::Reading>> + Send;

    /// Begins a unit of work.
    fn begin(&self) -> impl Future<Output = Stored<Self::Work>> + Send;

    /// Leaves no trace of what was deleted: after a removal was committed.
    fn scrub(&self) -> impl Future<Output = Stored<()>> + Send;
}

/// What can be read, in a snapshot or in a unit of work (which sees its own writes).
pub trait Reading: RemovalReading + ScopeReading {
    /// What was made with the store.
    fn origin(&mut self) -> impl Future<Output = Stored<Origin>> + Send;
    /// The epoch: the only part of the origin that changes.
    fn epoch(&mut self) -> impl Future<Output = Stored<Uuid>> + Send;
    /// The last number that was passed over at a restore: who has one up to it was enrolled before; 0 where nothing
    /// was restored.
    fn passed_over(&mut self) -> impl Future<Output = Stored<DeviceNumber>> + Send;
    /// A device.
    fn device(
        &mut self,
        number: DeviceNumber,
    ) -> impl Future<Output = Stored<Option<Device>>> + Send;
    /// All devices, by number.
    fn devices(&mut self) -> impl Future<Output = Stored<Vec<Device>>> + Send;
    /// The last sequence given in a scope; none for a scope that does not exist.
    fn head(&mut self, scope: Uuid) -> impl Future<Output = Stored<Option<u64>>> + Send;
    /// What a scope's feed holds; none for a scope that does not exist.
    fn tally(&mut self, scope: Uuid) -> impl Future<Output = Stored<Option<Tally>>> + Send;
    /// What became of a transaction.
    fn received(
        &mut self,
        device: DeviceNumber,
        sequence: u64,
    ) -> impl Future<Output = Stored<Option<Received>>> + Send;
    /// A device's transactions that were kept aside, by sequence.
    fn quarantined(
        &mut self,
        device: DeviceNumber,
    ) -> impl Future<Output = Stored<Vec<Quarantined>>> + Send;
    /// A record.
    fn record(&mut self, id: Uuid) -> impl Future<Output = Stored<Option<Row>>> + Send;
    /// The scopes that hold a record.
    fn scopes_of(&mut self, record: Uuid) -> impl Future<Output = Stored<BTreeSet<Uuid>>> + Send;
    /// The records of a kind that are tied to another, by id.
    fn tied(
        &mut self,
        target: Uuid,
        kind: &'static str,
    ) -> impl Future<Output = Stored<Vec<Row>>> + Send;
    /// Whether content was removed or not taken in.
    fn is_removed(&mut self, record: Uuid) -> impl Future<Output = Stored<bool>> + Send;
    /// The records of which something has come due by a moment, in milliseconds since 1970, the earliest first.
    fn due(&mut self, by_ms: u64) -> impl Future<Output = Stored<Vec<Uuid>>> + Send;
    /// Records of a scope's feed after a place, in sequence order.
    fn feed(
        &mut self,
        scope: Uuid,
        after: u64,
        limit: u32,
    ) -> impl Future<Output = Stored<Vec<FeedRow>>> + Send;
    /// Records of the urgent feed after a place that are in one of the scopes, in sequence order.
    fn urgent(
        &mut self,
        scopes: &BTreeSet<Uuid>,
        after: u64,
        limit: u32,
    ) -> impl Future<Output = Stored<Vec<FeedRow>>> + Send;
    /// A blob.
    fn blob(&mut self, id: Uuid) -> impl Future<Output = Stored<Option<Blob>>> + Send;
    /// One chunk of a blob.
    fn chunk(
        &mut self,
        blob: Uuid,
        chunk: u32,
    ) -> impl Future<Output = Stored<Option<Vec<u8>>>> + Send;
    /// A code by its digest.
    fn code(
        &mut self,
        digest: [u8; 32],
    ) -> impl Future<Output = Stored<Option<EnrolmentCode>>> + Send;
    /// Wrong tries of codes that begin alike.
    fn attempts(
        &mut self,
        selector: [u8; 32],
    ) -> impl Future<Output = Stored<Option<Attempts>>> + Send;
}

/// A unit of work. Dropped without [`Work::commit`] it wrote nothing.
pub trait Work: Reading + RemovalWork + ScopeWork {
    /// Reads a device and holds others off it.
    fn lock_device(
        &mut self,
        number: DeviceNumber,
    ) -> impl Future<Output = Stored<Option<Device>>> + Send;
    /// Holds others off these records, whether they exist or not. Called once.
    fn lock_records(&mut self, records: &BTreeSet<Uuid>)
    -> impl Future<Output = Stored<()>> + Send;
    /// Starts another epoch, and passes over device numbers that may have been given in the one that
    /// was lost.
    fn put_epoch(&mut self, epoch: Uuid) -> impl Future<Output = Stored<()>> + Send;
    /// The next device number.
    fn next_device(&mut self) -> impl Future<Output = Stored<DeviceNumber>> + Send;
    /// Writes a device.
    fn put_device(&mut self, device: &Device) -> impl Future<Output = Stored<()>> + Send;
    /// Writes a code.
    fn put_code(&mut self, code: &EnrolmentCode) -> impl Future<Output = Stored<()>> + Send;
    /// Writes the tries of a selector, and forgets those that began before `forget_before_ms`.
    fn put_attempts(
        &mut self,
        selector: [u8; 32],
        attempts: Attempts,
        forget_before_ms: u64,
    ) -> impl Future<Output = Stored<()>> + Send;
    /// Makes a scope unless it exists.
    fn put_scope(&mut self, scope: Uuid) -> impl Future<Output = Stored<()>> + Send;
    /// Writes a record with the scopes that hold it and what it is tied to.
    fn put_record(
        &mut self,
        row: &Row,
        scopes: &BTreeSet<Uuid>,
        ties: &[Uuid],
    ) -> impl Future<Output = Stored<()>> + Send;
    /// Writes what became of a transaction. Under a number that has one, its outcome is replaced, not its digest.
    fn put_received(
        &mut self,
        device: DeviceNumber,
        sequence: u64,
        received: &Received,
    ) -> impl Future<Output = Stored<()>> + Send;
    /// Keeps a transaction aside, in place of what was kept under its number.
    fn put_quarantined(
        &mut self,
        quarantined: &Quarantined,
    ) -> impl Future<Output = Stored<()>> + Send;
    /// Marks content as removed.
    fn put_removed(&mut self, record: Uuid, at_ms: u64) -> impl Future<Output = Stored<()>> + Send;
    /// Writes when something comes due of a record; never, where no moment is given.
    fn put_due(
        &mut self,
        record: Uuid,
        at_ms: Option<u64>,
    ) -> impl Future<Output = Stored<()>> + Send;
    /// Writes a blob's state. Its chunks from `chunks` on are deleted.
    fn put_blob(&mut self, blob: &Blob) -> impl Future<Output = Stored<()>> + Send;
    /// Writes a chunk.
    fn put_chunk(
        &mut self,
        blob: Uuid,
        chunk: u32,
        bytes: &[u8],
    ) -> impl Future<Output = Stored<()>> + Send;
    /// Deletes a photo's blobs and their bytes.
    fn delete_blobs(&mut self, photo: Uuid) -> impl Future<Output = Stored<()>> + Send;
    /// Takes `count` sequences of a scope's feed and gives the first. Holds others off the scope.
    fn take_sequences(
        &mut self,
        scope: Uuid,
        count: u64,
    ) -> impl Future<Output = Stored<u64>> + Send;
    /// Gives a record its place in a feed, with its mark, and takes its earlier one away; also the one
    /// that says that it left.
    fn put_feed(
        &mut self,
        scope: Uuid,
        sequence: u64,
        record: Uuid,
        mark: Mark,
    ) -> impl Future<Output = Stored<()>> + Send;
    /// Makes everything durable and visible, and lets go of all locks.
    fn commit(self) -> impl Future<Output = Stored<()>> + Send;
}
