//! The server's directory: store, keys, certificate.

use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::county::{County, Machine, Surroundings, make_origin};
use crate::key_file;
use crate::store::{SqliteStore, StoreFailure, Stored};

/// Opens the county in a directory, and makes what is not there yet.
///
/// - `county.db`: the store, SQLCipher
/// - `county.key`: its key, 32 bytes, readable by the service only
/// - `removals.log`: what was erased, as HMACs; kept apart from backups of the database
/// - `county-ca.key`, `county-ca.pem`: see [`crate::tls`]
///
/// # Errors
/// When the key does not fit, others may read it, or the database was made by a newer program.
pub async fn open(directory: &Path) -> Stored<County<SqliteStore>> {
    open_with(directory, Arc::new(Machine)).await
}

/// As [`open`], with another clock and other randomness.
///
/// # Errors
/// As [`open`].
pub async fn open_with(
    directory: &Path,
    surroundings: Arc<dyn Surroundings>,
) -> Stored<County<SqliteStore>> {
    make_directory(directory)?;
    let key = key_file::open_or_make(&directory.join("county.key"), || {
        let mut key = vec![0; 32];
        surroundings.fill(&mut key)?;
        Ok(key)
    })?;
    let key: Zeroizing<[u8; 32]> = Zeroizing::new(
        key.as_slice()
            .try_into()
            .map_err(|_| StoreFailure::Corrupt("county.key"))?,
    );
    let store = SqliteStore::open(&directory.join("county.db"), key, || {
        make_origin(&*surroundings)
    })?;
    County::open(store, surroundings)
        .await?
        .with_removal_log(&directory.join("removals.log"))
        .await
}

fn make_directory(directory: &Path) -> Stored<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    Ok(builder.create(directory)?)
}
