//! Centres and venues.

use porch_domain::id::CentreId;
use rusqlite::OptionalExtension as _;

use crate::access::Read;
use crate::error::StoreError;

impl Read<'_> {
    /// A centre's name; `None` until the county's reference records have arrived.
    ///
    /// # Errors
    /// When the store fails.
    pub fn centre_name(&self, centre: CentreId) -> Result<Option<String>, StoreError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT name FROM centre WHERE id = ?")?;
        Ok(select
            .query_row([centre.to_bytes()], |row| row.get(0))
            .optional()?)
    }

    /// The names of all centres and venues.
    ///
    /// # Errors
    /// When the store fails.
    pub fn centre_names(&self) -> Result<Vec<String>, StoreError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT name FROM centre ORDER BY name")?;
        let names = select.query_map((), |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }
}
