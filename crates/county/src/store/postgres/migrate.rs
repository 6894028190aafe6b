//! Migrations: numbered files, applied in order, never edited once landed.

use tokio_postgres::Client;

use crate::store::{StoreFailure, Stored};

const MIGRATIONS: &[&str] = &[
    include_str!("../../../../../migrations/county-postgres/0001_first.sql"),
    include_str!("../../../../../migrations/county-postgres/0002_places.sql"),
    include_str!("../../../../../migrations/county-postgres/0003_trust.sql"),
    include_str!("../../../../../migrations/county-postgres/0004_scopes.sql"),
    include_str!("../../../../../migrations/county-postgres/0005_due.sql"),
];

/// Held while the schema or what the store begins with is made: several servers may start at once.
pub(super) const LOCK_MAKING: &str = "SELECT pg_advisory_xact_lock(0, 0)";

/// Brings the schema up to date; each migration in a transaction of its own. An account that may
/// not make tables can run it as long as there is nothing to do.
pub(super) async fn migrate(client: &mut Client) -> Stored<()> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    loop {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK_MAKING).await?;
        let found = found(transaction.client()).await?;
        if found > known {
            return Err(StoreFailure::Newer { found, known });
        }
        let next = usize::try_from(found)
            .ok()
            .and_then(|done| MIGRATIONS.get(done));
        let Some(sql) = next else {
            return Ok(transaction.commit().await?);
        };
        if found == 0 {
            transaction
                .batch_execute("CREATE TABLE migration (number BIGINT PRIMARY KEY)")
                .await?;
        }
        transaction.batch_execute(sql).await?;
        transaction
            .execute(
                "INSERT INTO migration (number) VALUES ($1)",
                &[&(found + 1)],
            )
            .await?;
        transaction.commit().await?;
    }
}

/// The last migration that the database has.
async fn found(client: &Client) -> Stored<i64> {
    let made = client
        .query_one("SELECT to_regclass('migration') IS NOT NULL", &[])
        .await?;
    if !made.try_get::<_, bool>(0)? {
        return Ok(0);
    }
    let last = client
        .query_one("SELECT coalesce(max(number), 0) FROM migration", &[])
        .await?;
    Ok(last.try_get(0)?)
}
