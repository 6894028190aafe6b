//! The store on PostgreSQL: for a county with several server processes in front of one database.
//!
//! The processes are identical and keep nothing: what they share lies in the database, and what the
//! database must not show lies in it under the key file that all of them hold ([`vault`]).

mod address;
mod dump;
mod migrate;
mod reading;
mod removal;
#[cfg(test)]
#[cfg(unix)]
mod restored;
mod scopes;
mod tallies;
mod transaction;
mod vault;
mod views;
mod work;

use std::sync::Arc;

use deadpool_postgres::{HookError, Pool, PoolError};
use zeroize::Zeroizing;

use super::{Origin, Store, StoreFailure, Stored};
pub use address::{Address, AddressProblem};
use transaction::{Snapshot, Transaction, Unit};
use vault::Vault;

/// A snapshot.
pub type PostgresReading = Transaction<Snapshot>;

/// A unit of work.
pub type PostgresWork = Transaction<Unit>;

/// The store on PostgreSQL.
pub struct PostgresStore {
    address: Address,
    pool: Pool,
    vault: Arc<Vault>,
}

impl PostgresStore {
    /// Opens the store, makes what is not there yet (with what `origin` says), and brings its schema
    /// up to date. `key` gives the servers' key; it is told whether the store is being made, since
    /// only then may a new key be made.
    ///
    /// # Errors
    /// When the database cannot be reached or was made by a newer program, or the key is not its.
    pub async fn open(
        address: Address,
        key: impl FnOnce(bool) -> Stored<Zeroizing<[u8; 32]>>,
        origin: impl FnOnce() -> Stored<Origin>,
    ) -> Stored<Self> {
        let pool = address.clone().pool()?;
        let mut client = pool.get().await?;
        migrate::migrate(&mut client).await?;
        let transaction = client.transaction().await?;
        transaction.batch_execute(migrate::LOCK_MAKING).await?;
        let made = transaction
            .query_opt("SELECT sealed FROM origin", &[])
            .await?;
        let key = key(made.is_none())?;
        let vault = Vault::new(&key);
        match made {
            Some(row) => {
                let (secret, _) = vault.open_origin(row.try_get(0)?)?;
                tallies::fill(&transaction, &super::digest_key(&secret)).await?;
            }
            None => {
                let origin = origin()?;
                transaction
                    .execute(
                        "INSERT INTO origin (only_row, epoch, restricted_epoch, restricted_public, sealed)
                         VALUES (true, $1, $2, $3, $4)",
                        &[
                            &origin.epoch,
                            &i64::from(origin.restricted_epoch),
                            &origin.restricted_public.as_slice(),
                            &vault.seal_origin(&origin)?,
                        ],
                    )
                    .await?;
            }
        }
        transaction.commit().await?;
        views::make(&mut client).await?;
        drop(client);
        Ok(Self {
            address,
            pool,
            vault: Arc::new(vault),
        })
    }
}

impl Store for PostgresStore {
    type Reading = PostgresReading;
    type Work = PostgresWork;

    async fn reading(&self) -> Stored<PostgresReading> {
        Transaction::begin(&self.pool, Arc::clone(&self.vault)).await
    }

    async fn begin(&self) -> Stored<PostgresWork> {
        Transaction::begin(&self.pool, Arc::clone(&self.vault)).await
    }

    /// Writes the table of blob keys anew, from the rows that are there. Deleted bytes of pictures lie
    /// in the files until they are written over, but without their key. (`VACUUM FULL` would carry
    /// over what some older snapshot may still see, a connection in the making among them.)
    async fn scrub(&self) -> Stored<()> {
        let mut client = self.pool.get().await?;
        let transaction = client.transaction().await?;
        // Whoever has the table in hand waits for scopes at most, and nobody who has a scope asks for
        // the table: no circle.
        transaction
            .batch_execute(
                "SET LOCAL lock_timeout = '10s';
                 LOCK TABLE blob_key IN ACCESS EXCLUSIVE MODE;
                 CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT blob, sealed FROM blob_key;
                 TRUNCATE blob_key;
                 INSERT INTO blob_key (blob, sealed) SELECT blob, sealed FROM kept;",
            )
            .await?;
        Ok(transaction.commit().await?)
    }
}

impl From<PoolError> for StoreFailure {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
                error.into()
            }
            _ => Self::NoConnection,
        }
    }
}

impl From<tokio_postgres::Error> for StoreFailure {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            // The connection's own trouble: no statement, no value.
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            return Self::Postgres(cause.unwrap_or_else(|| error.to_string()));
        };
        let code = said.code().code();
        // Data exceptions and broken constraints speak of the values.
        Self::Postgres(if code.starts_with("22") || code.starts_with("23") {
            code.to_owned()
        } else {
            format!("{} ({code})", said.message())
        })
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use porch_sync::DeviceNumber;
    use uuid::Uuid;

    use super::*;
    use crate::county::{County, Machine, make_origin};
    use crate::store::{Attempts, Blob, Reading as _, Work as _};
    use crate::throwaway;

    pub(super) async fn open(text: &str, key: u8) -> Stored<PostgresStore> {
        let address = Address::read(text, None).unwrap();
        PostgresStore::open(address, |_| Ok([key; 32].into()), || make_origin(&Machine)).await
    }

    fn blob() -> Blob {
        Blob {
            id: Uuid::from_u128(0xb10b),
            photo: Uuid::from_u128(0xf0),
            bytes: 7,
            sha256: [0; 32],
            chunks: 1,
            complete: false,
        }
    }

    #[tokio::test]
    async fn servers_that_start_together_on_an_empty_database_are_one_county() {
        let text = throwaway::database();
        let started = (0..4).map(|_| {
            let text = text.clone();
            tokio::spawn(async move {
                let store = open(&text, 1).await.unwrap();
                let county = County::open(store, Arc::new(Machine)).await.unwrap();
                (
                    county.epoch(),
                    *county.origin.secret,
                    county.devices().await.unwrap().len(),
                )
            })
        });
        let mut counties = Vec::new();
        for one in started.collect::<Vec<_>>() {
            counties.push(one.await.unwrap());
        }
        assert!(counties.iter().all(|county| *county == counties[0]));
        assert_eq!(counties[0].2, 1, "the county's own device");
    }

    #[tokio::test]
    async fn another_key_and_a_newer_database_are_refused() {
        let text = throwaway::database();
        let store = open(&text, 1).await.unwrap();
        assert!(matches!(open(&text, 2).await, Err(StoreFailure::OtherKey)));
        let client = store.pool.get().await.unwrap();
        let lies = client
            .query_one("SELECT sealed FROM origin", &[])
            .await
            .unwrap();
        let lies: &[u8] = lies.get(0);
        let secret = store
            .reading()
            .await
            .unwrap()
            .origin()
            .await
            .unwrap()
            .secret;
        assert!(!lies.windows(32).any(|part| part == secret.as_slice()));
        client
            .batch_execute("INSERT INTO migration (number) VALUES (99)")
            .await
            .unwrap();
        assert!(matches!(
            open(&text, 1).await,
            Err(StoreFailure::Newer { found: 99, .. })
        ));
    }

    #[tokio::test]
    async fn a_dropped_unit_gives_back_a_clean_connection_or_none() {
        let store = open(&throwaway::database(), 1).await.unwrap();
        // More often than there are connections, ended in each way.
        for round in 0..60_u128 {
            let mut work = store.begin().await.unwrap();
            work.put_scope(Uuid::from_u128(round + 1)).await.unwrap();
            match round % 3 {
                0 => drop(work),
                1 => {
                    // In the middle of waiting for somebody.
                    let held = BTreeSet::from([Uuid::from_u128(5)]);
                    work.lock_records(&held).await.unwrap();
                    let mut other = store.begin().await.unwrap();
                    let waiting = other.lock_records(&held);
                    let early = tokio::time::timeout(Duration::from_millis(5), waiting).await;
                    assert!(early.is_err());
                    drop(other);
                }
                _ => {
                    let failed = work.run("SELECT 1 / 0", &[]).await;
                    let said = failed.unwrap_err().to_string();
                    assert!(said.contains("22012") && !said.contains("zero"), "{said}");
                    assert!(work.commit().await.is_err(), "what failed is not committed");
                }
            }
        }
        let mut work = store.begin().await.unwrap();
        let tries = Attempts {
            wrong: 1,
            since_ms: 1,
        };
        work.put_attempts([1; 32], tries, 0).await.unwrap();
        work.commit().await.unwrap();
        let mut reading = store.reading().await.unwrap();
        for round in 0..60_u128 {
            let scope = reading.head(Uuid::from_u128(round + 1)).await.unwrap();
            assert_eq!(scope, None, "nothing of a dropped unit went along");
        }
        assert_eq!(reading.attempts([1; 32]).await.unwrap(), Some(tries));
        assert_eq!(reading.device(DeviceNumber(0)).await.unwrap(), None);
    }

    #[tokio::test]
    async fn without_a_runtime_a_dropped_unit_closes_its_connection() {
        let store = open(&throwaway::database(), 1).await.unwrap();
        let mut work = store.begin().await.unwrap();
        work.put_scope(Uuid::from_u128(1)).await.unwrap();
        std::thread::spawn(move || drop(work)).join().unwrap();
        let mut work = store.begin().await.unwrap();
        work.put_scope(Uuid::from_u128(1)).await.unwrap();
        work.commit().await.unwrap();
        let head = store
            .reading()
            .await
            .unwrap()
            .head(Uuid::from_u128(1))
            .await;
        assert_eq!(head.unwrap(), Some(0));
    }

    #[tokio::test]
    async fn a_picture_lies_sealed_and_its_key_is_gone_after_its_removal() {
        let text = throwaway::database();
        let store = open(&text, 1).await.unwrap();
        let mut work = store.begin().await.unwrap();
        work.put_blob(&blob()).await.unwrap();
        work.put_chunk(blob().id, 0, b"Picture").await.unwrap();
        work.commit().await.unwrap();
        let client = store.pool.get().await.unwrap();
        let found = client
            .query_one(
                "SELECT k.sealed, c.bytes, pg_relation_filepath('blob_key') FROM blob_key k JOIN blob_chunk c ON c.blob = k.blob",
                &[],
            )
            .await
            .unwrap();
        let (key, bytes): (Vec<u8>, Vec<u8>) = (found.get(0), found.get(1));
        assert!(!bytes.windows(7).any(|part| part == b"Picture"));
        let file = |path: &str| {
            let file = throwaway::files().join("data").join(path);
            std::fs::read(file).unwrap()
        };
        let holds_key = |text: &[u8]| text.windows(key.len()).any(|part| part == key);
        client.batch_execute("CHECKPOINT").await.unwrap();
        assert!(holds_key(&file(found.get(2))), "where it would be found");
        // What could still see it changes nothing.
        let _older = store.reading().await.unwrap();
        let mut work = store.begin().await.unwrap();
        work.delete_blobs(blob().photo).await.unwrap();
        work.commit().await.unwrap();
        store.scrub().await.unwrap();
        client.batch_execute("CHECKPOINT").await.unwrap();
        let moved = client
            .query_one("SELECT pg_relation_filepath('blob_key')", &[])
            .await
            .unwrap();
        assert!(!holds_key(&file(moved.get(0))));
        let old = throwaway::files()
            .join("data")
            .join(found.get::<_, String>(2));
        let left = std::fs::read(old).unwrap_or_default();
        assert!(!holds_key(&left), "the table's earlier file is emptied");
    }

    #[tokio::test]
    async fn a_snapshot_from_before_a_wipe_is_told_to_try_again() {
        let store = open(&throwaway::database(), 1).await.unwrap();
        let mut work = store.begin().await.unwrap();
        work.put_blob(&blob()).await.unwrap();
        work.put_chunk(blob().id, 0, b"Picture").await.unwrap();
        work.commit().await.unwrap();
        let mut older = store.reading().await.unwrap();
        store.scrub().await.unwrap();
        assert!(matches!(
            older.chunk(blob().id, 0).await,
            Err(StoreFailure::Busy)
        ));
        let mut newer = store.reading().await.unwrap();
        let kept = newer.chunk(blob().id, 0).await.unwrap();
        assert_eq!(kept.as_deref(), Some(b"Picture".as_slice()));
    }
}
