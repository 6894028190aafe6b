//! Empty stores for tests, here and in the crates that build on the store: the migrations, which take longer than most
//! tests, run once a process.

use std::fs;
use std::sync::OnceLock;

use porch_store::Store;
use porch_store::keys::DatabaseKey;
use tempfile::TempDir;

/// The key of every scratch store.
pub(crate) const KEY: [u8; 32] = *b"scratch databases keep no secret";

/// The file of a scratch store in its folder.
pub(crate) const FILE: &str = "porch.db";

/// An empty store of today's schema, in a folder of its own.
pub(crate) fn store() -> (TempDir, Store) {
    static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
    let key = DatabaseKey::from_bytes(KEY);
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(FILE);
    let empty = EMPTY.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let first = folder.path().join(FILE);
        // Once it is closed, all of it is in the one file.
        drop(Store::create(&first, &key).unwrap());
        fs::read(first).unwrap()
    });
    fs::write(&file, empty).unwrap();
    let store = Store::open(&file, &key).unwrap();
    (home, store)
}
