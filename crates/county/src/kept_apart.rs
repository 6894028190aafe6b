//! Files beside the database that are kept apart from its backups: whoever restores an old copy of the
//! database keeps the newer file. Lines of JSON, appended and made durable one by one.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::{StoreFailure, Stored};

const CORRUPT: StoreFailure = StoreFailure::Corrupt("a log beside the database");

/// One file of lines.
#[derive(Debug)]
pub(crate) struct KeptApart<T> {
    path: PathBuf,
    /// One appends at a time.
    appending: Mutex<()>,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> KeptApart<T> {
    pub(crate) fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            appending: Mutex::default(),
            of: PhantomData,
        }
    }

    /// Every line in it. What an interrupted append left of one is none.
    pub(crate) fn entries(&self) -> Stored<Vec<T>> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let whole = text
            .rfind('\n')
            .map_or("", |end| text.get(..end).unwrap_or_default());
        whole
            .lines()
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_str(line).map_err(|_| CORRUPT))
            .collect()
    }

    /// Appends a line, durably.
    pub(crate) fn append(&self, entry: &T) -> Stored<()> {
        let _alone = self
            .appending
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut line = serde_json::to_vec(entry).map_err(|_| CORRUPT)?;
        line.push(b'\n');
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let is_new = !self.path.exists();
        let mut file = options.open(&self.path)?;
        // Other processes append, too; the lock goes with the file.
        file.lock()?;
        let end = end_of_whole_lines(&mut file)?;
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        file.write_all(&line)?;
        file.sync_all()?;
        if is_new && let Some(folder) = self.path.parent() {
            sync_folder(folder)?;
        }
        Ok(())
    }
}

/// Where the last whole line ends: an interrupted append is written over.
fn end_of_whole_lines(file: &mut File) -> Stored<u64> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let end = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    Ok(u64::try_from(end).unwrap_or_default())
}

/// Makes a new file's name durable.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> Stored<()> {
    Ok(File::open(folder)?.sync_all()?)
}

/// Windows keeps names with the files.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> Stored<()> {
    Ok(())
}
