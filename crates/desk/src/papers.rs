//! Files that somebody asks for. They lie where that person looks for files, under a name that tells
//! nobody whose they are, and nowhere else: no copy is kept, and nothing is written before.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use serde::Serialize;
use ts_rs::TS;

use crate::refusal::{Code, Refusal};

/// After so many files of one name there is something else wrong.
const MOST_OF_ONE_NAME: u32 = 1000;

/// Where a file lies, or a folder of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct SavedFileView {
    /// The folder's name.
    pub folder: String,
    /// The file's or folder's name.
    pub file: String,
}

/// Saves a file that is not there yet. `name` holds nothing about anybody.
pub(crate) fn save(
    folder: &Path,
    name: &str,
    extension: &str,
    bytes: &[u8],
) -> Result<SavedFileView, Refusal> {
    fs::create_dir_all(folder).map_err(refused)?;
    for number in 1..=MOST_OF_ONE_NAME {
        let file = match number {
            1 => format!("{name}.{extension}"),
            _ => format!("{name} ({number}).{extension}"),
        };
        let path = folder.join(&file);
        match create(&path) {
            Ok(opened) => {
                if let Err(error) = fill(opened, bytes) {
                    // Half a file is no use, and what it says is somebody's.
                    let _ = fs::remove_file(&path);
                    return Err(refused(error));
                }
                let folder = folder.file_name().unwrap_or_default();
                return Ok(SavedFileView {
                    folder: folder.to_string_lossy().into_owned(),
                    file,
                });
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(refused(error)),
        }
    }
    Err(Code::CannotSave.into())
}

/// One of several files that belong together.
pub(crate) struct PaperFile {
    /// Its name, which holds nothing about anybody.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Saves files in a folder of their own that is not there yet: all of them or none.
pub(crate) fn save_together(
    folder: &Path,
    name: &str,
    files: &[PaperFile],
) -> Result<SavedFileView, Refusal> {
    fs::create_dir_all(folder).map_err(refused)?;
    for number in 1..=MOST_OF_ONE_NAME {
        let together = match number {
            1 => name.to_owned(),
            _ => format!("{name} ({number})"),
        };
        let path = folder.join(&together);
        match create_folder(&path) {
            Ok(()) => {
                let filled = files.iter().try_for_each(|file| {
                    create(&path.join(&file.name)).and_then(|opened| fill(opened, &file.bytes))
                });
                if let Err(error) = filled {
                    let _ = fs::remove_dir_all(&path);
                    return Err(refused(error));
                }
                let folder = folder.file_name().unwrap_or_default();
                return Ok(SavedFileView {
                    folder: folder.to_string_lossy().into_owned(),
                    file: together,
                });
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(refused(error)),
        }
    }
    Err(Code::CannotSave.into())
}

/// A new folder, which other people with logins on this computer cannot read.
fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    // What it lies in is there.
    builder.recursive(false);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A new file, which other people with logins on this computer cannot read.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn fill(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

fn refused(error: io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Code::StorageFull.into(),
        _ => Code::CannotSave.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("Downloads");
        let first = save(&folder, "Porch receipt", "pdf", b"one").unwrap();
        let second = save(&folder, "Porch receipt", "pdf", b"two").unwrap();
        assert_eq!(first.file, "Porch receipt.pdf");
        assert_eq!(second.file, "Porch receipt (2).pdf");
        assert_eq!(second.folder, "Downloads");
        assert_eq!(fs::read(folder.join(first.file)).unwrap(), b"one");
        assert_eq!(fs::read(folder.join(second.file)).unwrap(), b"two");
    }

    #[test]
    fn files_that_belong_together_are_all_there_or_none_is() {
        let home = tempfile::tempdir().unwrap();
        let file = |name: &str| PaperFile {
            name: name.to_owned(),
            bytes: b"one".to_vec(),
        };
        let saved = |files: &[PaperFile]| save_together(home.path(), "Porch pictures", files);
        let both = [file("picture-1.jpg"), file("Read me first.html")];
        assert_eq!(saved(&both).unwrap().file, "Porch pictures");
        assert_eq!(saved(&both).unwrap().file, "Porch pictures (2)");
        let lies = home.path().join("Porch pictures (2)");
        assert_eq!(fs::read_dir(lies).unwrap().count(), 2);
        let refusal = saved(&[file("picture-1.jpg"), file("picture-1.jpg")]).unwrap_err();
        assert_eq!(refusal.code, Code::CannotSave);
        assert!(!home.path().join("Porch pictures (3)").exists());
    }

    #[test]
    fn a_folder_that_takes_no_files_says_so() {
        let home = tempfile::tempdir().unwrap();
        let in_the_way = home.path().join("Downloads");
        fs::write(&in_the_way, b"a file, no folder").unwrap();
        let refusal = save(&in_the_way, "Porch receipt", "pdf", b"one").unwrap_err();
        assert_eq!(refusal.code, Code::CannotSave);
    }
}
