//! A stored photo under consent, for the tests of the guards.

use porch_domain::authority::Ground;
use porch_domain::time::Instant;
use tempfile::TempDir;

use super::sample::{
    authority, decision, in_photo, maja, photo, photo_id, put, put_pictures, zofia,
};
use crate::access::Write;
use crate::error::StoreError;
use crate::open::Store;
use crate::photo::PhotoState;
use crate::photo_rule::PhotoRule;
use crate::scratch;

pub(crate) const WEB: &[&str] = &["council_website"];
pub(crate) const ALL: &[&str] = &["centre_display", "council_website", "press"];

pub(crate) struct Desk {
    _home: TempDir,
    pub(crate) store: Store,
}

/// Zofia's mother permits a picture by decision 1; photo 1 is stored.
pub(crate) fn desk() -> Desk {
    let (home, store) = scratch::store();
    let desk = Desk { _home: home, store };
    desk.write(|write| {
        put(write, &authority(1, zofia(), maja(), Ground::Mother))?;
        put(write, &decision(1, (zofia(), maja(), 1), ALL, &[]))?;
        store_photo(write, 1, 1)
    })
    .unwrap();
    desk
}

pub(crate) fn store_photo(write: &Write<'_>, n: u8, under: u8) -> Result<(), StoreError> {
    put(write, &photo(n, 1))?;
    put(write, &in_photo(n, zofia(), under))?;
    put_pictures(write, n)
}

impl Desk {
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Write<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.store.write(work)
    }

    /// What somebody with the key and a SQLite tool could send.
    pub(crate) fn sql(&self, sql: &str) -> Result<(), StoreError> {
        self.store
            .with_writer(|connection| connection.execute_batch(sql).map_err(StoreError::from))
    }

    pub(crate) fn count(&self, sql: &str) -> u32 {
        self.store
            .with_reader(|reader| {
                reader
                    .query_row(sql, (), |row| row.get(0))
                    .map_err(StoreError::from)
            })
            .unwrap()
    }

    pub(crate) fn pictures(&self) -> u32 {
        self.count("SELECT COUNT(*) FROM picture")
    }

    pub(crate) fn state(&self, n: u8) -> PhotoState {
        self.store
            .read(|read| {
                let subjects = read.photo_subjects(photo_id(n))?;
                PhotoRule::new(read, Instant::from_unix_ms(0)).state(photo_id(n), &subjects)
            })
            .unwrap()
    }
}
