//! A device: a real encrypted file in memory, which can be killed, copied, put back and filled up.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, Result, bail};
use ed25519_dalek::SigningKey;
use porch_domain::id::CentreId;
use porch_domain::time::Instant;
use porch_store::Store;
use porch_store::device::DeviceRow;
use porch_store::keys::DatabaseKey;
use porch_sync::DeviceNumber;
use porch_sync::protocol::Enrolled;
use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use super::frail::{Frail, Torn};

/// The key of every database here: they hold invented people.
pub(super) const KEY: [u8; 32] = *b"nobody here has any secrets, yet";

const FILE: &str = "porch.db";

/// A device's files at one moment.
#[derive(Clone)]
pub(super) struct Image {
    database: Vec<u8>,
    log: Vec<u8>,
    /// The key that it signs with.
    pub(super) key: SigningKey,
    /// Whether it speaks the version before this one.
    old: bool,
}

/// A device.
pub(super) struct Device {
    folder: PathBuf,
    /// The store, while it is open.
    pub(super) store: Arc<Store>,
    /// A connection that only looks.
    pub(super) look: Connection,
    /// What it signs with.
    pub(super) key: SigningKey,
    /// Its number.
    pub(super) number: DeviceNumber,
    /// Its centre.
    pub(super) centre: Uuid,
    /// How far its clock is off, in milliseconds.
    pub(super) clock_off_ms: i64,
    /// Whether it speaks the version before this one.
    pub(super) old: bool,
    /// Whether it is in use: neither revoked nor thrown away.
    pub(super) in_use: bool,
    /// A job that meets the county, if there is one.
    pub(super) meeting: Option<u64>,
    /// Its store as a meeting sees it.
    pub(super) frail: Frail,
    /// Whether its files were another computer's, or older.
    pub(super) second_hand: bool,
    /// What a backup of its disk holds.
    pub(super) backup: Option<Image>,
}

/// An empty database with the newest schema, made once, by one thread.
fn template() -> Result<&'static [u8]> {
    static TEMPLATE: OnceLock<Result<Vec<u8>>> = OnceLock::new();
    let made = TEMPLATE.get_or_init(|| {
        Store::begin_simulation();
        let folder = tempfile::tempdir()?;
        let path = folder.path().join(FILE);
        drop(Store::create(&path, &DatabaseKey::from_bytes(KEY))?);
        Ok(fs::read(path)?)
    });
    match made {
        Ok(bytes) => Ok(bytes),
        Err(error) => bail!("a device's database cannot be made: {error:#}"),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn bytes_of(path: &Path) -> Vec<u8> {
    // There is no log once everything is in the database.
    fs::read(path).unwrap_or_default()
}

/// How many statements a connection keeps: more than there are, since to compile one takes longer than to
/// run it.
const STATEMENTS: usize = 200;

/// What a connection is told before it can read.
fn unlocked() -> String {
    let key: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("PRAGMA cipher_log_level = NONE; PRAGMA key = \"x'{key}'\"; PRAGMA secure_delete = ON;")
}

/// Opens a connection that only looks.
fn look_at(path: &Path) -> Result<Connection> {
    let look = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    look.execute_batch(&unlocked())?;
    look.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(look)
}

struct Opened {
    store: Arc<Store>,
    look: Connection,
}

fn open(folder: &Path, database: &[u8], log: &[u8]) -> Result<Opened> {
    fs::create_dir_all(folder)?;
    let path = folder.join(FILE);
    fs::write(&path, database)?;
    if !log.is_empty() {
        fs::write(beside(&path, "-wal"), log)?;
    }
    let store = Store::open(&path, &DatabaseKey::from_bytes(KEY))?;
    Ok(Opened {
        store: Arc::new(store),
        look: look_at(&path)?,
    })
}

impl Device {
    /// A device that the county has just enrolled.
    ///
    /// # Errors
    /// When its files cannot be made.
    pub(super) fn enrolled(folder: &Path, key: SigningKey, enrolled: &Enrolled) -> Result<Self> {
        let Opened { store, look } = open(folder, template()?, &[])?;
        store.write(|write| {
            write.put_device(&DeviceRow {
                number: enrolled.device,
                name: "Front desk".to_owned(),
                centre: CentreId::from(enrolled.centre),
                scopes: enrolled.scopes.clone(),
                server: String::new(),
                county_certificate: String::new(),
                restricted_epoch: 1,
                restricted_key: [9; 32],
                epoch: enrolled.epoch,
            })
        })?;
        Ok(Self::around(
            folder,
            Opened { store, look },
            key,
            enrolled.device,
            enrolled.centre,
        ))
    }

    fn around(
        folder: &Path,
        opened: Opened,
        key: SigningKey,
        number: DeviceNumber,
        centre: Uuid,
    ) -> Self {
        Self {
            folder: folder.to_owned(),
            frail: Frail::over(Arc::clone(&opened.store), &folder.join(FILE)),
            store: opened.store,
            look: opened.look,
            key,
            number,
            centre,
            clock_off_ms: 0,
            old: false,
            in_use: true,
            meeting: None,
            second_hand: false,
            backup: None,
        }
    }

    /// Its database file.
    #[must_use]
    pub(super) fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// What its clock says.
    #[must_use]
    pub(super) fn now(&self, unix_ms: u64) -> Instant {
        let now = i64::try_from(unix_ms).unwrap_or(i64::MAX);
        Instant::from_unix_ms(now.saturating_add(self.clock_off_ms).max(0))
    }

    /// Its files as they are, or as a loss of power leaves them.
    #[must_use]
    pub(super) fn image(&self, torn: Option<Torn>) -> Image {
        let path = self.path();
        let mut log = bytes_of(&beside(&path, "-wal"));
        if let Some(torn) = torn {
            log.truncate(torn.at(log.len()));
        }
        Image {
            database: bytes_of(&path),
            log,
            key: self.key.clone(),
            old: self.old,
        }
    }

    /// Ends the program without warning and starts it again from what is in the files.
    ///
    /// # Errors
    /// When the files cannot be opened: a loss of power must never do that.
    pub(super) fn killed(&mut self, folder: &Path, torn: Option<Torn>) -> Result<()> {
        let image = self.image(torn);
        self.replaced(folder, &image)
    }

    /// Puts other files in the place of its own, and starts the program.
    ///
    /// # Errors
    /// When they cannot be opened.
    pub(super) fn replaced(&mut self, folder: &Path, image: &Image) -> Result<()> {
        let opened = open(folder, &image.database, &image.log).context("the files do not open")?;
        let number = opened.store.read(|read| read.device())?.number;
        let next = Self::around(folder, opened, image.key.clone(), number, self.centre);
        let before = std::mem::replace(self, next);
        self.clock_off_ms = before.clock_off_ms;
        self.old = image.old;
        self.second_hand = before.second_hand;
        self.backup.clone_from(&before.backup);
        let gone = before.folder.clone();
        drop(before);
        fs::remove_dir_all(gone)?;
        Ok(())
    }

    /// Another computer with the same files and the same key.
    ///
    /// # Errors
    /// When they cannot be opened.
    pub(super) fn cloned(&self, folder: &Path) -> Result<Self> {
        let image = self.image(None);
        let opened = open(folder, &image.database, &image.log)?;
        let mut device = Self::around(folder, opened, image.key, self.number, self.centre);
        device.clock_off_ms = self.clock_off_ms + 10;
        device.old = self.old;
        device.second_hand = true;
        Ok(device)
    }

    /// Forgets its places in the feeds, as a migration does.
    ///
    /// # Errors
    /// When that cannot be written.
    pub(super) fn forget_places(&self) -> Result<()> {
        let write = Connection::open(self.path())?;
        write.execute_batch(&format!("{}DELETE FROM cursor;", unlocked()))?;
        Ok(())
    }

    /// One number out of its tables.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn count(&self, sql: &str) -> Result<u64> {
        let mut select = self.look.prepare_cached(sql)?;
        Ok(select.query_row((), |row| row.get(0))?)
    }
}
