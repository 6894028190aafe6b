//! Files that only the service may read.

use std::io::Write as _;
use std::path::Path;

use zeroize::Zeroizing;

use crate::store::{StoreFailure, Stored};

/// Reads a key file, or makes it with what `make` gives.
///
/// # Errors
/// [`StoreFailure::Exposed`] when others may read it (on Unix).
pub(crate) fn open_or_make(
    path: &Path,
    make: impl FnOnce() -> Stored<Vec<u8>>,
) -> Stored<Zeroizing<Vec<u8>>> {
    if !path.exists() {
        let bytes = Zeroizing::new(make()?);
        let mut options = std::fs::OpenOptions::new();
        only_mine(&mut options);
        make_whole(path, &bytes, options)?;
    }
    open(path)
}

/// Reads a key file.
///
/// # Errors
/// As [`open_or_make`].
pub(crate) fn open(path: &Path) -> Stored<Zeroizing<Vec<u8>>> {
    check(path)?;
    Ok(Zeroizing::new(std::fs::read(path)?))
}

/// Makes a file unless it is there. Written aside and linked, so that nobody ever reads half of it,
/// and of several that start at once one wins.
pub(crate) fn make_whole(
    path: &Path,
    bytes: &[u8],
    mut options: std::fs::OpenOptions,
) -> Stored<()> {
    // A random name: one that a kill left behind, or another thread's, is not in the way.
    let mut name = [0; 8];
    getrandom::fill(&mut name).map_err(|_| StoreFailure::Randomness)?;
    let aside = path.with_extension(format!("{:016x}.new", u64::from_be_bytes(name)));
    let mut file = options.write(true).create_new(true).open(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&aside, path);
    std::fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

/// Of a file that is made: only this account may read it.
#[cfg(unix)]
pub(crate) fn only_mine(options: &mut std::fs::OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

/// On Windows the directory's own access list says who may read.
#[cfg(not(unix))]
pub(crate) fn only_mine(_options: &mut std::fs::OpenOptions) {}

#[cfg(unix)]
fn check(path: &Path) -> Stored<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if std::fs::metadata(path)?.permissions().mode() & 0o077 == 0 {
        Ok(())
    } else {
        Err(StoreFailure::Exposed(path.display().to_string()))
    }
}

/// On Windows the data directory's own access list says who may read.
#[cfg(not(unix))]
fn check(_path: &Path) -> Stored<()> {
    Ok(())
}
