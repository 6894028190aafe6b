//! A pooled connection with a transaction open, and how it is given back.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use tokio::runtime::Handle;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::vault::Vault;
use crate::store::{StoreFailure, Stored};

/// How long a rollback may take before the connection is given up.
const ROLLBACK: Duration = Duration::from_secs(10);

/// What the transaction is for.
pub trait Purpose: Send {
    /// How it begins.
    const BEGIN: &'static str;
}

/// A snapshot.
pub struct Snapshot;

impl Purpose for Snapshot {
    // The first statement fixes the moment, so there is one at once.
    const BEGIN: &'static str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SELECT 1";
}

/// A snapshot that is copied by another program, however long it takes.
pub(super) struct Copying;

impl Purpose for Copying {
    // Writing the blobs' keys anew empties their table for every older snapshot; so it is held before
    // there is one. (LOCK takes none, the first SELECT does.)
    const BEGIN: &'static str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
        SET LOCAL idle_in_transaction_session_timeout = 0;
        LOCK TABLE blob_key IN ACCESS SHARE MODE;
        SELECT 1";
}

/// A unit of work.
pub struct Unit;

impl Purpose for Unit {
    const BEGIN: &'static str = "BEGIN ISOLATION LEVEL READ COMMITTED";
}

/// A transaction on a connection of its own. Dropped without commit it is rolled back.
pub struct Transaction<P> {
    // An option only so that the end can take it.
    connection: Option<Object>,
    /// A statement failed: PostgreSQL would answer a commit by rolling back without an error.
    failed: bool,
    pub(super) vault: Arc<Vault>,
    purpose: PhantomData<P>,
}

/// What a statement is given.
pub(super) type Given<'a> = &'a [&'a (dyn ToSql + Sync)];

impl<P: Purpose> Transaction<P> {
    pub(super) async fn begin(pool: &Pool, vault: Arc<Vault>) -> Stored<Self> {
        let transaction = Self {
            connection: Some(pool.get().await?),
            failed: false,
            vault,
            purpose: PhantomData,
        };
        transaction.connection()?.batch_execute(P::BEGIN).await?;
        Ok(transaction)
    }

    fn connection(&self) -> Stored<&Object> {
        self.connection
            .as_ref()
            .ok_or(StoreFailure::Corrupt("connection"))
    }

    fn noted<T>(&mut self, result: Result<T, tokio_postgres::Error>) -> Stored<T> {
        self.failed |= result.is_err();
        Ok(result?)
    }

    pub(super) async fn rows(&mut self, sql: &str, given: Given<'_>) -> Stored<Vec<Row>> {
        let connection = self.connection()?;
        let result = async {
            let statement = connection.prepare_cached(sql).await?;
            connection.query(&statement, given).await
        };
        let result = result.await;
        self.noted(result)
    }

    /// The only row, if there is one.
    pub(super) async fn row(&mut self, sql: &str, given: Given<'_>) -> Stored<Option<Row>> {
        Ok(self.rows(sql, given).await?.pop())
    }

    pub(super) async fn run(&mut self, sql: &str, given: Given<'_>) -> Stored<()> {
        self.rows(sql, given).await.map(drop)
    }

    pub(super) async fn commit_it(mut self) -> Stored<()> {
        if self.failed {
            return Err(StoreFailure::Corrupt("transaction"));
        }
        self.connection()?.batch_execute("COMMIT").await?;
        // Nothing is open on it any more: it goes back to the pool.
        drop(self.connection.take());
        Ok(())
    }
}

impl<P> Drop for Transaction<P> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let used = Used(Some(connection));
        // Without a runtime there is nobody to roll it back: it is closed, which does the same.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(used.clean());
        }
    }
}

/// A connection whose transaction may still be open. It goes back to the pool only after a
/// rollback; dropped before (the runtime ends, the rollback fails or hangs), it is closed.
struct Used(Option<Object>);

impl Used {
    async fn clean(mut self) {
        let Some(connection) = &self.0 else { return };
        let rolled_back =
            tokio::time::timeout(ROLLBACK, connection.batch_execute("ROLLBACK")).await;
        if matches!(rolled_back, Ok(Ok(()))) {
            drop(self.0.take());
        }
    }
}

impl Drop for Used {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(Object::take(connection));
        }
    }
}
