//! The server's directory: store, keys, certificate.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::county::{County, Machine, Surroundings, make_origin};
use crate::key_file;
use crate::store::{Address, PostgresStore, SqliteStore, StoreFailure, Stored};

/// The store's key.
const KEY: &str = "county.key";

/// What was erased.
const REMOVALS: &str = "removals.log";

/// The devices.
const DEVICES: &str = "devices.log";

/// Opens the county in a directory, and makes what is not there yet.
///
/// - `county.db`: the store, SQLCipher
/// - `county.key`: its key, 32 bytes, readable by the service only
/// - `removals.log`: what was erased, as HMACs; kept apart from backups of the database
/// - `devices.log`: which devices were enrolled and revoked; kept apart likewise
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
    let key = open_or_make_key(directory, &*surroundings)?;
    let store = SqliteStore::open(&directory.join("county.db"), key, || {
        make_origin(&*surroundings)
    })?;
    County::open(store, surroundings)
        .await?
        .with_device_log(&directory.join(DEVICES))
        .await?
        .with_removal_log(&directory.join(REMOVALS))
        .await
}

/// Opens the county in a PostgreSQL database, and makes what is not there yet.
///
/// The directory holds what the servers share beside the database, the same on each machine:
///
/// - `county.key`: what seals the database's secrets, 32 bytes, readable by the service only
/// - `county-ca.key`, `county-ca.pem`: see [`crate::tls`]
///
/// and of each its own `removals.log`, what was erased, as HMACs, and `devices.log`, which devices were
/// enrolled and revoked; both completed from the database whenever it is opened.
///
/// # Errors
/// When the database cannot be reached or was made by a newer program, or the key is not the one that
/// the database was made with.
pub async fn open_database(directory: &Path, address: Address) -> Stored<County<PostgresStore>> {
    let surroundings: Arc<dyn Surroundings> = Arc::new(Machine);
    make_directory(directory)?;
    let key = |making: bool| {
        if !making && !directory.join(KEY).exists() {
            return Err(StoreFailure::OtherKey);
        }
        open_or_make_key(directory, &*surroundings)
    };
    let store = PostgresStore::open(address, key, || make_origin(&*surroundings)).await?;
    County::open(store, surroundings)
        .await?
        .with_device_log(&directory.join(DEVICES))
        .await?
        .with_removal_log(&directory.join(REMOVALS))
        .await
}

/// Reads a database's connection string from a file.
///
/// # Errors
/// When others may read it, or it is no text.
pub fn read_connection_string(file: &Path) -> Stored<String> {
    let text = key_file::open(file)?.to_vec();
    String::from_utf8(text).map_err(|_| StoreFailure::Corrupt("connection string"))
}

/// Says that a server serves a directory, until it is dropped.
#[derive(Debug)]
pub struct Serving {
    // The operating system lets go of the lock when the process ends, however it ends.
    locked: File,
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Closing the file would not do while a process that was just started still has it: a child
        // shares the lock until it runs its own program. Nothing is to be done if it cannot be let go.
        let _ = self.locked.unlock();
    }
}

/// Holds other servers off a directory with an embedded store: a backup
/// of the files is taken while the server is stopped, and a second one would go on writing. Commands
/// beside a server are fine.
///
/// # Errors
/// [`StoreFailure::Served`] when another one serves it.
pub fn serve_alone(directory: &Path) -> Stored<Serving> {
    make_directory(directory)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(directory.join("county.lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(Serving { locked: file }),
        Err(TryLockError::WouldBlock) => Err(StoreFailure::Served),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn open_or_make_key(
    directory: &Path,
    surroundings: &dyn Surroundings,
) -> Stored<Zeroizing<[u8; 32]>> {
    let key = key_file::open_or_make(&directory.join(KEY), || {
        let mut key = vec![0; 32];
        surroundings.fill(&mut key)?;
        Ok(key)
    })?;
    Ok(Zeroizing::new(
        key.as_slice()
            .try_into()
            .map_err(|_| StoreFailure::Corrupt(KEY))?,
    ))
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

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::sync::Barrier;

    use super::*;

    const ALONE: &str = "PORCH_TEST_IN_ITS_OWN_PROCESS";

    /// Three homes, each opened by three at once.
    fn open_together() {
        let homes = [(); 3].map(|()| tempfile::tempdir().unwrap());
        let together = Barrier::new(9);
        std::thread::scope(|scope| {
            let opened: Vec<_> = homes
                .iter()
                .flat_map(|home| [home.path(); 3])
                .map(|home| {
                    let together = &together;
                    scope.spawn(move || {
                        let runtime = tokio::runtime::Runtime::new().unwrap();
                        together.wait();
                        let county = runtime.block_on(open(home)).unwrap();
                        crate::tls::Authority::open(home, chrono::Utc::now()).unwrap();
                        county.epoch()
                    })
                })
                .collect();
            let epochs: Vec<_> = opened.into_iter().map(|one| one.join().unwrap()).collect();
            for one in epochs.chunks(3) {
                assert!(one.iter().all(|epoch| *epoch == one[0]), "one store");
            }
            assert!(epochs[0] != epochs[3] && epochs[3] != epochs[6]);
        });
    }

    #[test]
    fn servers_that_start_together_all_start() {
        if std::env::var_os(ALONE).is_some() {
            return open_together();
        }
        // What a process does first is what this is about, so each round is a new one.
        for _ in 0..10 {
            let round = Command::new(std::env::current_exe().unwrap())
                .args([
                    "--exact",
                    "home::tests::servers_that_start_together_all_start",
                ])
                .env(ALONE, "1")
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&round.stdout);
            assert!(said.contains("1 passed"), "{said}");
        }
    }

    #[test]
    fn a_second_server_on_a_directory_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let first = serve_alone(home.path()).unwrap();
        assert!(matches!(
            serve_alone(home.path()),
            Err(StoreFailure::Served)
        ));
        // As a child process shares it that was started and does not run its own program yet.
        let _shared = first.locked.try_clone().unwrap();
        drop(first);
        assert!(serve_alone(home.path()).is_ok());
    }
}
