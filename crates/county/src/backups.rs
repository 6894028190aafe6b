//! The commands for backups: a copy that this program makes, or one that somebody else's tools make.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use porch_county::{Reach, home};
use tokio::runtime::Runtime;

use crate::arguments::Arguments;
use crate::place::{Place, with_county};

/// Copies the store, and tells the devices.
pub(crate) fn back_up(runtime: &Runtime, mut arguments: Arguments) -> Result<()> {
    let Place {
        directory,
        database,
    } = Place::take(&mut arguments)?;
    let file = arguments.take("file").context("--file is missing")?;
    let file = PathBuf::from(file);
    match database {
        None => {
            arguments.finish()?;
            runtime.block_on(async { home::open(&directory).await?.back_up(&file).await })?;
            println!("the store is copied; keep county.key apart from it");
        }
        Some(address) => {
            let program = arguments.take("pg-dump");
            let program = PathBuf::from(program.as_deref().unwrap_or("pg_dump"));
            arguments.finish()?;
            runtime.block_on(async {
                let county = home::open_database(&directory, address).await?;
                county.back_up(&file, &program).await
            })?;
            println!(
                "the database is copied, readable to whoever has the file; keep county.key apart from it"
            );
        }
    }
    Ok(())
}

/// Notes what the store holds, before other tools copy it.
pub(crate) fn begins(runtime: &Runtime, mut arguments: Arguments) -> Result<()> {
    let place = Place::take(&mut arguments)?;
    let note = arguments.take("note").context("--note is missing")?;
    arguments.finish()?;
    let reach = runtime.block_on(async {
        with_county!(place, |county| Ok::<_, anyhow::Error>(
            county.reach().await?
        ))
    })?;
    let mut file = File::create_new(&note).with_context(|| format!("{note} cannot be made"))?;
    file.write_all(&serde_json::to_vec(&reach)?)?;
    file.sync_all()?;
    println!(
        "what a copy holds that begins now is noted; when it is kept: porch-county backup-kept"
    );
    Ok(())
}

/// Tells the devices what is in a copy that other tools made since a note.
pub(crate) fn kept(runtime: &Runtime, mut arguments: Arguments) -> Result<()> {
    let place = Place::take(&mut arguments)?;
    let note = arguments.take("note").context("--note is missing")?;
    arguments.finish()?;
    let text = std::fs::read(&note).with_context(|| format!("{note} cannot be read"))?;
    let reach: Reach =
        serde_json::from_slice(&text).with_context(|| format!("{note} is no such note"))?;
    runtime.block_on(async {
        with_county!(place, |county| Ok::<_, anyhow::Error>(
            county.note_backup(&reach).await?
        ))
    })?;
    println!("the devices are told what is in the copy");
    Ok(())
}
