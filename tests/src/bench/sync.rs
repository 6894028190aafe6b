//! Sync: the real store and transport against the real server over TLS, each beside its floor, and
//! the first sync beside a peer.

mod device;
mod documents;
mod edits;
mod first;
mod floor;
mod later;
mod offline;
mod peer;
#[cfg(unix)]
mod postgres;
mod process;
mod pushes;
mod resume;
mod server;
mod wire;

use std::process::Command;

use anyhow::{Context as _, Result, bail};

pub use device::run_task;

use super::prepared::folder;

/// How many people the first sync is measured with.
const SIZES: [usize; 3] = [5_000, 20_000, 50_000];
/// How many people the rest is measured with, unless the first sync has fewer.
const PEOPLE: usize = 5_000;
/// How many devices push at once.
const DEVICES: u32 = 1_000;
/// What is measured.
const PARTS: [&str; 5] = ["first", "later", "offline", "resume", "pushes"];

/// Measures and prints. Words are parts, and sizes of the first sync: `first 5000 20000`.
///
/// # Errors
/// When something does not work, or an edit was lost; never because it is slow.
pub async fn run(words: &[&str]) -> Result<()> {
    let (mut parts, mut sizes) = (Vec::new(), Vec::new());
    for word in words {
        match word.parse::<usize>() {
            Ok(size) => sizes.push(size),
            Err(_) if PARTS.contains(word) => parts.push(*word),
            Err(_) => bail!(
                "`{word}` is neither a number of people nor one of {}",
                PARTS.join(" ")
            ),
        }
    }
    if parts.is_empty() {
        parts.extend(PARTS);
    }
    if sizes.is_empty() {
        sizes.extend(SIZES);
    }
    let people = sizes.iter().copied().min().unwrap_or(PEOPLE).min(PEOPLE);
    let folder = folder().join("sync");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    if parts.contains(&"first") {
        first::run(&folder, &sizes).await?;
    }
    let documents = documents::invent(people)?;
    let county = folder.join("county");
    if parts
        .iter()
        .any(|part| ["later", "offline", "resume"].contains(part))
    {
        server::prepare(&county, &documents).await?;
    }
    if parts.contains(&"later") {
        later::run(&folder.join("later"), &county, &documents).await?;
    }
    if parts.contains(&"offline") {
        offline::run(&folder.join("offline"), &county, &documents).await?;
    }
    if parts.contains(&"resume") {
        server::add_photos(&county, &documents).await?;
        resume::run(&folder.join("resume"), &county, &documents).await?;
    }
    if parts.contains(&"pushes") {
        let devices = DEVICES.min(u32::try_from(people)?);
        pushes::run(&folder.join("pushes"), &documents, devices).await?;
    }
    Ok(std::fs::remove_dir_all(&folder)?)
}

/// This program again, for a device with a process of its own.
fn device_process(task: &device::Task) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("this program")?);
    command.arg("sync-device").arg(serde_json::to_string(task)?);
    Ok(command)
}
