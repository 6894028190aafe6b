//! Reads the pages of a SQLCipher database without SQLite: whatever lies in the files, reachable
//! by a query or not, so that a test can say that nothing of it is left.
//!
//! File format of SQLCipher 4 (<https://www.zetetic.net/sqlcipher/design/>): each page is
//! AES-256-CBC ciphertext, then 16 bytes of initialisation vector and 64 of HMAC-SHA512 over
//! ciphertext, vector and page number. The file begins with 16 bytes of salt in place of SQLite's
//! magic. The HMAC key is PBKDF2-HMAC-SHA512 of the key over the salt with each byte ^ 0x3a, in two
//! rounds. Frames of the write-ahead log hold pages of the same form.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use aes::Aes256;
use anyhow::{Context as _, Result, bail, ensure};
use cbc::Decryptor;
use cbc::cipher::{Block, BlockModeDecrypt as _, KeyIvInit as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha512;

const PAGE: usize = 4096;
const SALT: usize = 16;
const IV: usize = 16;
const MAC: usize = 64;
const MAGIC: &[u8; SALT] = b"SQLite format 3\0";
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Where a page was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the database file.
    Database,
    /// In a frame of the write-ahead log, current or left over.
    Log,
}

/// A decrypted page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it was found.
    pub place: Place,
    /// Its number, from 1.
    pub number: u32,
    /// Its content without the reserved bytes.
    pub plain: Vec<u8>,
}

/// Every page of the database at `path` and of its log, freelist included.
///
/// # Errors
/// When a page does not authenticate under the key: the file is not what it should be, and a test
/// that found nothing in it would prove nothing.
pub fn read_pages(path: &Path, key: &[u8; 32]) -> Result<Vec<Page>> {
    let database = fs::read(path).with_context(|| format!("{}", path.display()))?;
    ensure!(database.len().is_multiple_of(PAGE), "not whole pages");
    let salt = database
        .first_chunk::<SALT>()
        .context("an empty database")?;
    let keys = PageKeys::derive(key, salt);
    let mut pages = Vec::new();
    for (number, page) in (1..).zip(database.chunks_exact(PAGE)) {
        pages.push(keys.open(Place::Database, number, page)?);
    }
    for frame in frames(&read_log(path)?)? {
        let (header, page) = frame
            .split_at_checked(FRAME_HEADER)
            .context("a short frame")?;
        let number = header.first_chunk::<4>().context("a short frame")?;
        pages.push(keys.open(Place::Log, u32::from_be_bytes(*number), page)?);
    }
    Ok(pages)
}

/// The places of a text in any page.
#[must_use]
pub fn find(pages: &[Page], text: &[u8]) -> Vec<(Place, u32)> {
    pages
        .iter()
        .filter(|page| page.plain.windows(text.len()).any(|window| window == text))
        .map(|page| (page.place, page.number))
        .collect()
}

/// The places of any sixteen bytes of `content`, for content that spans pages: whatever part of it
/// a page holds, unless shorter than 31 bytes, holds a whole aligned part of sixteen.
#[must_use]
pub fn find_any_part(pages: &[Page], content: &[u8]) -> Vec<(Place, u32)> {
    let parts: HashSet<&[u8]> = content
        .chunks_exact(16)
        // Runs of one byte are everywhere and are nobody's content.
        .filter(|part| part.iter().any(|byte| Some(byte) != part.first()))
        .collect();
    pages
        .iter()
        .filter(|page| page.plain.windows(16).any(|window| parts.contains(window)))
        .map(|page| (page.place, page.number))
        .collect()
}

struct PageKeys {
    cipher: [u8; 32],
    mac: [u8; 32],
}

impl PageKeys {
    fn derive(key: &[u8; 32], salt: &[u8; SALT]) -> Self {
        // One block of PBKDF2 with two rounds: U1 ^ U2.
        let first = mac(key, &[&salt.map(|byte| byte ^ 0x3a), &1_u32.to_be_bytes()]);
        let second = mac(key, &[&first]);
        let mut derived = [0; 32];
        for (to, (one, two)) in derived.iter_mut().zip(first.iter().zip(second)) {
            *to = one ^ two;
        }
        Self {
            cipher: *key,
            mac: derived,
        }
    }

    fn open(&self, place: Place, number: u32, page: &[u8]) -> Result<Page> {
        let begin = if number == 1 { SALT } else { 0 };
        let (ciphertext, iv, tag) = split(page.get(begin..).unwrap_or_default())
            .with_context(|| format!("{place:?} page {number} is short"))?;
        if mac(&self.mac, &[ciphertext, iv, &number.to_le_bytes()]) != *tag {
            bail!("{place:?} page {number} does not authenticate");
        }
        let mut plain = if number == 1 {
            MAGIC.to_vec()
        } else {
            Vec::new()
        };
        let mut decryptor = Decryptor::<Aes256>::new(&self.cipher.into(), iv.into());
        for chunk in ciphertext.chunks_exact(16) {
            let mut block = Block::<Decryptor<Aes256>>::default();
            block.copy_from_slice(chunk);
            decryptor.decrypt_block(&mut block);
            plain.extend_from_slice(&block);
        }
        Ok(Page {
            place,
            number,
            plain,
        })
    }
}

fn split(page: &[u8]) -> Option<(&[u8], &[u8; IV], &[u8; MAC])> {
    let (rest, tag) = page.split_last_chunk::<MAC>()?;
    let (ciphertext, iv) = rest.split_last_chunk::<IV>()?;
    Some((ciphertext, iv, tag))
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; MAC] {
    let mut mac = Hmac::<Sha512>::new(&padded(key));
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// HMAC pads a key to the hash's block itself; this only gives it the type that cannot fail.
fn padded(key: &[u8; 32]) -> hmac::digest::Key<Hmac<Sha512>> {
    let mut block = hmac::digest::Key::<Hmac<Sha512>>::default();
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    block
}

/// The log beside a database; none is an empty one.
fn read_log(path: &Path) -> Result<Vec<u8>> {
    let mut name = OsString::from(path);
    name.push("-wal");
    match fs::read(PathBuf::from(name)) {
        Ok(log) => Ok(log),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// The log's frames, those of earlier rounds that it has not overwritten included. What a crash
/// left of a frame that was being written is no page.
fn frames(log: &[u8]) -> Result<impl Iterator<Item = &[u8]>> {
    let frames = if log.is_empty() {
        log
    } else {
        log.get(LOG_HEADER..).context("a short log")?
    };
    Ok(frames.chunks_exact(FRAME_HEADER + PAGE))
}

#[cfg(test)]
mod tests {
    use porch_domain::id::UserId;
    use porch_domain::time::Instant;
    use porch_store::draft::DraftRow;
    use porch_store::keys::DatabaseKey;
    use porch_store::{Store, StoreError};
    use tempfile::TempDir;
    use uuid::Uuid;

    use super::*;

    struct Desk {
        home: TempDir,
        key: DatabaseKey,
        store: Store,
    }

    fn desk() -> Desk {
        let home = tempfile::tempdir().unwrap();
        let key = DatabaseKey::make().unwrap();
        let store = Store::create(&home.path().join("porch.db"), &key).unwrap();
        Desk { home, key, store }
    }

    impl Desk {
        fn pages(&self) -> Vec<Page> {
            read_pages(&self.home.path().join("porch.db"), self.key.as_bytes()).unwrap()
        }

        fn keep(&self, body: &str) {
            let draft = DraftRow {
                body: body.to_owned(),
                saved_at: Instant::from_unix_ms(1_795_435_200_000),
            };
            self.store
                .write(|write| write.put_draft(user(), "registration", &draft))
                .unwrap();
        }

        fn throw_away(&self) {
            self.store
                .write(|write| {
                    write.delete_draft(user(), "registration")?;
                    Ok::<_, StoreError>(())
                })
                .unwrap();
        }
    }

    fn user() -> UserId {
        UserId::from(Uuid::from_u128(1))
    }

    #[test]
    fn what_is_written_is_found_and_what_is_erased_is_not() {
        let canary = b"Quetzalcoatl";
        let desk = desk();
        desk.keep("the canary Quetzalcoatl sings");
        let found = find(&desk.pages(), canary);
        assert!(
            found.iter().all(|(place, _)| *place == Place::Log) && !found.is_empty(),
            "a fresh write is in the log: {found:?}"
        );
        desk.store.checkpoint().unwrap();
        let found = find(&desk.pages(), canary);
        assert!(
            found.iter().all(|(place, _)| *place == Place::Database) && !found.is_empty(),
            "a checkpoint brings it into the database: {found:?}"
        );
        desk.throw_away();
        assert!(
            !find(&desk.pages(), canary).is_empty(),
            "deleting alone leaves it in the files"
        );
        desk.store.checkpoint().unwrap();
        assert_eq!(find(&desk.pages(), canary), []);
    }

    #[test]
    fn content_that_spans_pages_is_found_by_any_part_and_gone_from_the_freelist() {
        let content: String = (0..20_000).map(|n| format!("{n:x}-")).collect();
        let desk = desk();
        desk.store.checkpoint().unwrap();
        let before = desk.pages().len();
        assert_eq!(find_any_part(&desk.pages(), content.as_bytes()), []);
        desk.keep(&content);
        desk.store.checkpoint().unwrap();
        let places = find_any_part(&desk.pages(), content.as_bytes());
        assert!(places.len() > content.len() / PAGE, "{}", places.len());
        desk.throw_away();
        desk.store.checkpoint().unwrap();
        let after = desk.pages();
        assert!(
            after.len() > before,
            "freed pages stay in the file and were read"
        );
        assert_eq!(find_any_part(&after, content.as_bytes()), []);
    }

    #[test]
    fn another_key_reads_nothing() {
        let desk = desk();
        let other = DatabaseKey::make().unwrap();
        let path = desk.home.path().join("porch.db");
        assert!(read_pages(&path, other.as_bytes()).is_err());
    }
}
