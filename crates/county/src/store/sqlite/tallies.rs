//! What scopes hold: count and sum, and working them out where an older program kept none.

use porch_sync::{DigestKey, Mark, Tally};
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::reading::{RECORD_COLUMNS, packed, signed, unpack};
use crate::store::Stored;

pub(super) fn put_tally(connection: &Connection, scope: Uuid, tally: Tally) -> Stored<()> {
    connection
        .prepare_cached("UPDATE scope SET held = ?2, sum = ?3 WHERE id = ?1")?
        .execute(params![
            scope.as_bytes(),
            signed(tally.count),
            tally.sum.to_be_bytes()
        ])?;
    Ok(())
}

/// Gives every entry of every feed its mark, and every scope its tally, where there is none: once,
/// after the migration that made room for them.
pub(super) fn fill(connection: &Connection, key: &DigestKey) -> Stored<()> {
    let mut select = connection.prepare("SELECT id FROM scope WHERE held IS NULL")?;
    let scopes: Vec<[u8; 16]> = select
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut entries = connection.prepare(&format!(
        "SELECT {RECORD_COLUMNS} FROM feed f JOIN record r ON r.id = f.record WHERE f.scope = ?1"
    ))?;
    let mut put =
        connection.prepare("UPDATE feed SET mark = ?3 WHERE scope = ?1 AND record = ?2")?;
    for scope in scopes {
        let rows: Vec<_> = entries
            .query_map([scope], packed)?
            .collect::<Result<_, _>>()?;
        let mut tally = Tally::default();
        for row in rows {
            let row = unpack(row)?;
            let mark = Mark::of(key, &row);
            put.execute(params![scope, row.id.as_bytes(), mark.to_bytes()])?;
            tally = tally.with(None, mark);
        }
        put_tally(connection, Uuid::from_bytes(scope), tally)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::SqliteStore;
    use crate::store::suite::in_sqlite;
    use crate::store::{Reading as _, Store as _, StoreFailure};
    use crate::story::{ELM, edit, make, rosa, tom};

    #[tokio::test]
    async fn a_store_of_an_older_program_gets_the_tallies_that_it_lacks() {
        let home = tempfile::tempdir().unwrap();
        let world = in_sqlite(home.path()).await;
        let mut one = world.at_elm().await;
        one.push(vec![make(&rosa(), ELM), make(&tom(), ELM)]).await;
        one.push(vec![edit("person", tom().id.into(), "phone", "1", None)])
            .await;
        let kept = world.county.store.reading().await.unwrap().tally(ELM).await;
        let kept = kept.unwrap().unwrap();
        assert_eq!(kept.count, 2);
        // As the migration leaves them.
        let writer = world.county.store.writer.lock().await;
        writer
            .execute_batch("UPDATE scope SET held = NULL, sum = NULL; UPDATE feed SET mark = NULL;")
            .unwrap();
        drop(writer);
        let file = home.path().join("county.db");
        let again = SqliteStore::open(&file, [9; 32].into(), || Err(StoreFailure::Busy)).unwrap();
        let mut reading = again.reading().await.unwrap();
        assert_eq!(reading.tally(ELM).await.unwrap(), Some(kept));
        drop(reading);
        one.push(vec![make(&crate::story::person(0x99, "Eve"), ELM)])
            .await;
        let mut reading = again.reading().await.unwrap();
        assert_eq!(reading.tally(ELM).await.unwrap().unwrap().count, 3);
    }
}
