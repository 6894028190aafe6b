//! Files that only the service may read.

use std::io::Write as _;
use std::path::Path;

use zeroize::Zeroizing;

#[cfg(unix)]
use crate::store::StoreFailure;
use crate::store::Stored;

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
        // Written aside and linked, so that a kill leaves no half a key, and of two that start at
        // once one wins.
        let aside = path.with_extension(format!("{}.new", std::process::id()));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        only_mine(&mut options);
        let mut file = options.open(&aside)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        let linked = std::fs::hard_link(&aside, path);
        std::fs::remove_file(&aside)?;
        if let Err(error) = linked
            && error.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(error.into());
        }
    }
    check(path)?;
    Ok(Zeroizing::new(std::fs::read(path)?))
}

#[cfg(unix)]
fn only_mine(options: &mut std::fs::OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn only_mine(_options: &mut std::fs::OpenOptions) {}

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
