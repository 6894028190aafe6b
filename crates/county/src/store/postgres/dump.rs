//! A copy of the database while it is in use, by PostgreSQL's own program.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use super::PostgresStore;
use super::transaction::{Copying, Transaction};
use crate::backup::{self, Reach};
use crate::key_file;
use crate::store::{NUMBERS_PASSED, StoreFailure, Stored};

/// How the script begins. What follows is restored whole or not at all, also from a file that was cut off.
const BEGINNING: &str =
    "-- A backup of a Porch county, for an empty database: psql -X -v ON_ERROR_STOP=1 -f FILE
BEGIN;
";

impl PostgresStore {
    /// Copies the database, as it is at one moment, into a file that does not exist yet and that this
    /// account alone may read: a script for `psql`, whose last statement makes the restored database
    /// another epoch.
    ///
    /// Gives what is in the copy.
    ///
    /// # Errors
    /// When the file exists or cannot be written, or `pg_dump` fails.
    pub async fn dump_to(&self, file: &Path, pg_dump: &Path) -> Stored<Reach> {
        let aside = backup::aside(file)?;
        let mut options = File::options();
        key_file::only_mine(&mut options);
        let mut script = options.write(true).create_new(true).open(&aside)?;
        let dumped = self.dump_into(&mut script, pg_dump).await;
        if dumped.is_err() {
            // What it holds is of no use, and nobody should find it.
            let _ = std::fs::remove_file(&aside);
        }
        let reach = dumped?;
        backup::settle(&aside, file)?;
        Ok(reach)
    }

    async fn dump_into(&self, script: &mut File, pg_dump: &Path) -> Stored<Reach> {
        // Open until the program has ended: it reads what this transaction sees.
        let mut snapshot =
            Transaction::<Copying>::begin(&self.pool, Arc::clone(&self.vault)).await?;
        let reach = Reach::of(&mut snapshot).await?;
        let seen = snapshot
            .row(
                "SELECT pg_export_snapshot(), relnamespace::regnamespace::text
                 FROM pg_class WHERE oid = to_regclass('origin')",
                &[],
            )
            .await?
            .ok_or(StoreFailure::Corrupt("origin"))?;
        let (name, schema): (String, String) = (seen.try_get(0)?, seen.try_get(1)?);
        script.write_all(BEGINNING.as_bytes())?;
        let mut command = self.address.command(pg_dump);
        command
            .args(["--format=plain", "--no-password"])
            .arg(format!("--snapshot={name}"))
            .stdin(Stdio::null())
            .stdout(script.try_clone()?);
        let ended = tokio::task::spawn_blocking(move || command.status()).await;
        let ended = ended.map_err(|_| StoreFailure::Corrupt("pg_dump"))?;
        match ended {
            Ok(status) if status.success() => {}
            Ok(status) => return Err(StoreFailure::Dump(status.to_string())),
            Err(error) => return Err(StoreFailure::Dump(error.to_string())),
        }
        write!(
            script,
            "
-- What is restored is another epoch, and gives no device number that may have been given since.
UPDATE {schema}.origin SET epoch = gen_random_uuid(), numbers_after =
    greatest(numbers_after, (SELECT coalesce(max(number), 0) FROM {schema}.device)) + {NUMBERS_PASSED};
COMMIT;
"
        )?;
        script.sync_all()?;
        Ok(reach)
    }
}
