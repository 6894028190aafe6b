//! The removal log as a file beside the database, kept apart from its backups: whoever restores an
//! old copy of the database keeps the newer log, and nothing that was erased since comes back.
//!
//! One line of JSON for each erasure, appended and made durable before its commit. It holds HMACs
//! of ids under a key that lies in the database, and counts: nothing about anybody.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use porch_sync::Digest;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::{Erasure, Logged, StoreFailure, Stored, Told};

/// One erasure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) erasure: Uuid,
    pub(crate) at_ms: u64,
    pub(crate) told: Told,
    pub(crate) removed: Vec<Line>,
}

/// One removed record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) kind: String,
    pub(crate) keyed: Digest,
}

impl Entry {
    pub(crate) fn of(erasure: &Erasure, removed: &[Logged]) -> Self {
        Self {
            erasure: erasure.id,
            at_ms: erasure.at_ms,
            told: erasure.told.clone(),
            removed: removed
                .iter()
                .map(|logged| Line {
                    kind: logged.kind.clone(),
                    keyed: porch_sync::Bytes(logged.keyed),
                })
                .collect(),
        }
    }
}

/// The file.
#[derive(Debug)]
pub(crate) struct RemovalLog {
    path: PathBuf,
    /// One appends at a time.
    appending: Mutex<()>,
}

impl RemovalLog {
    pub(crate) fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            appending: Mutex::default(),
        }
    }

    /// Every erasure in it. What an interrupted append left of a line is not one: its erasure was
    /// not committed.
    pub(crate) fn entries(&self) -> Stored<Vec<Entry>> {
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
            .map(|line| {
                serde_json::from_str(line).map_err(|_| StoreFailure::Corrupt("removals.log"))
            })
            .collect()
    }

    /// Appends an erasure, durably.
    pub(crate) fn append(&self, entry: &Entry) -> Stored<()> {
        let _alone = self
            .appending
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut line = serde_json::to_vec(entry).map_err(|_| StoreFailure::Corrupt("removal"))?;
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
