//! Where a county lies, as the command line says it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use porch_county::home;
use porch_county::store::Address;

use crate::arguments::Arguments;

/// Where the connection string is looked for when no file is named. It is never on the command line, where
/// every account of the machine may read it.
const DATABASE: &str = "PORCH_DATABASE";

/// Opens the county, whichever its store, and does the same with it.
macro_rules! with_county {
    ($place:expr, |$county:ident| $done:expr) => {{
        let place = $place;
        match place.database {
            None => {
                let $county = porch_county::home::open(&place.directory).await?;
                $done
            }
            Some(address) => {
                let $county = porch_county::home::open_database(&place.directory, address).await?;
                $done
            }
        }
    }};
}
pub(crate) use with_county;

/// Where a county lies.
pub(crate) struct Place {
    pub(crate) directory: PathBuf,
    /// Its database, when it is not in the directory.
    pub(crate) database: Option<Address>,
}

impl Place {
    pub(crate) fn take(arguments: &mut Arguments) -> Result<Self> {
        let directory = arguments.directory()?;
        let authority = arguments.take("database-ca").map(PathBuf::from);
        let text = match arguments.take("database-file") {
            Some(file) => Some(
                home::read_connection_string(Path::new(&file))
                    .context("the file with the connection string cannot be used")?,
            ),
            None => match std::env::var(DATABASE) {
                Ok(text) => Some(text),
                Err(std::env::VarError::NotPresent) => None,
                Err(_) => bail!("{DATABASE} is no text"),
            },
        };
        let database = match text {
            Some(text) => Some(Address::read(&text, authority.as_deref())?),
            None if authority.is_some() => bail!("--database-ca needs a database"),
            None => None,
        };
        Ok(Self {
            directory,
            database,
        })
    }
}
