//! What scopes hold: count and sum, and working them out where an older program kept none.

use porch_sync::{DigestKey, Mark, Tally};
use tokio_postgres::Transaction;
use uuid::Uuid;

use super::reading::{RECORD_COLUMNS, record, signed};
use crate::store::Stored;

/// 2^128: sums of marks are taken modulo this. PostgreSQL counts with them as exact numbers.
pub(super) const MODULUS: &str = "340282366920938463463374607431768211456";

/// How many entries are read at once.
const AT_ONCE: i64 = 1000;

/// Gives every entry of every feed its mark, and every scope its tally, where there is none: once,
/// after the migration that made room for them. The caller holds off others that start.
pub(super) async fn fill(transaction: &Transaction<'_>, key: &DigestKey) -> Stored<()> {
    let scopes = transaction
        .query(
            "SELECT id FROM scope WHERE held IS NULL ORDER BY id FOR UPDATE",
            &[],
        )
        .await?;
    for scope in scopes {
        fill_scope(transaction, key, scope.try_get(0)?).await?;
    }
    Ok(())
}

async fn fill_scope(transaction: &Transaction<'_>, key: &DigestKey, scope: Uuid) -> Stored<()> {
    let sql = format!(
        "SELECT {RECORD_COLUMNS} FROM feed f JOIN record r ON r.id = f.record
         WHERE f.scope = $1 AND f.record > $2 ORDER BY f.record LIMIT $3"
    );
    let mut tally = Tally::default();
    // No record has the nil id.
    let mut after = Uuid::nil();
    loop {
        let found = transaction.query(&sql, &[&scope, &after, &AT_ONCE]).await?;
        let (mut records, mut marks) = (Vec::new(), Vec::new());
        for found in &found {
            let row = record(found)?;
            let mark = Mark::of(key, &row);
            tally = tally.with(None, mark);
            records.push(row.id);
            marks.push(mark.0.to_string());
        }
        let Some(last) = records.last() else { break };
        after = *last;
        transaction
            .execute(
                "UPDATE feed f SET mark = given.mark::numeric
                 FROM unnest($2::uuid[], $3::text[]) AS given (record, mark)
                 WHERE f.scope = $1 AND f.record = given.record",
                &[&scope, &records, &marks],
            )
            .await?;
    }
    transaction
        .execute(
            "UPDATE scope SET held = $2, sum = $3::text::numeric WHERE id = $1",
            &[&scope, &signed(tally.count), &tally.sum.to_string()],
        )
        .await?;
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::collections::BTreeSet;

    use crate::store::suite::in_postgres;
    use crate::store::{Address, PostgresStore, Reading as _, Store as _, StoreFailure, Work as _};
    use crate::story::{ELM, edit, id, make, person, rosa, tom};
    use crate::throwaway;

    #[tokio::test]
    async fn a_store_of_an_older_program_gets_the_tallies_that_it_lacks() {
        let text = throwaway::database();
        let world = in_postgres(&text).await;
        let mut one = world.at_elm().await;
        one.push(vec![make(&rosa(), ELM), make(&tom(), ELM)]).await;
        one.push(vec![edit("person", tom().id.into(), "phone", "1", None)])
            .await;
        let many = (0..1200).map(|number| make(&person(0x1_0000 + number, "Eve"), ELM));
        let many: Vec<_> = many.collect();
        for some in many.chunks(400) {
            one.push(some.to_vec()).await;
        }
        let kept = world.county.store.reading().await.unwrap().tally(ELM).await;
        let kept = kept.unwrap().unwrap();
        assert_eq!(kept.count, 1202);
        // As the migration leaves them.
        let client = world.county.store.pool.get().await.unwrap();
        client
            .batch_execute(
                "ALTER TABLE scope DROP CONSTRAINT scope_has_tally;
                 ALTER TABLE feed DROP CONSTRAINT feed_has_mark;
                 UPDATE scope SET held = NULL, sum = NULL;
                 UPDATE feed SET mark = NULL;
                 ALTER TABLE scope ADD CONSTRAINT scope_has_tally CHECK (held IS NOT NULL AND sum IS NOT NULL) NOT VALID;
                 ALTER TABLE feed ADD CONSTRAINT feed_has_mark CHECK (mark IS NOT NULL) NOT VALID;",
            )
            .await
            .unwrap();
        let address = Address::read(&text, None).unwrap();
        let again =
            PostgresStore::open(address, |_| Ok([9; 32].into()), || Err(StoreFailure::Busy)).await;
        let mut reading = again.unwrap().reading().await.unwrap();
        assert_eq!(reading.tally(ELM).await.unwrap(), Some(kept));
    }

    #[tokio::test]
    async fn a_server_of_before_the_tallies_writes_nothing_more() {
        let world = in_postgres(&throwaway::database()).await;
        let store = &world.county.store;
        let mut work = store.begin().await.unwrap();
        let row = porch_sync::Row {
            kind: "family".to_owned(),
            id: id(7),
            fields: [].into(),
        };
        work.put_record(&row, &BTreeSet::from([ELM]), &[])
            .await
            .unwrap();
        let sequence = work.take_sequences(ELM, 1).await.unwrap();
        let sequence = super::signed(sequence);
        let as_before = work
            .run(
                "INSERT INTO feed (scope, sequence, record) VALUES ($1, $2, $3)
                 ON CONFLICT (record, scope) DO UPDATE SET sequence = excluded.sequence",
                &[&ELM, &sequence, &id(7)],
            )
            .await;
        let refused = as_before.unwrap_err().to_string();
        assert!(refused.contains("23514"), "{refused}");
    }
}
