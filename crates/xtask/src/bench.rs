//! `cargo xtask bench [NAME]`: how fast the program is, each time beside its floor.
//!
//! Built as for release, since that is what people wait for. Measurements are printed, never
//! checked: another machine has other times, but the ratios should hold.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::build;
use crate::display::{Screen, Surroundings};
use crate::packages;
use crate::paths::Paths;
use crate::process::run_to_end;
use crate::steps::step;
use crate::test::programs_for_tests;
use crate::ui;

/// What is measured: a durable sign-in, search as typed, the start of the window, pictures under consent, sync.
const NAMES: [&str; 5] = ["sign-in", "search", "start", "photo", "sync"];

/// Runs one measurement, or all. Sync can be told which of its parts, and with how many people.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let (wanted, more) = match words {
        [] => (NAMES.to_vec(), [].as_slice()),
        ["sync", more @ ..] => (vec!["sync"], more),
        [name] if NAMES.contains(name) => (vec![*name], [].as_slice()),
        _ => bail!(
            "There is no such measurement. There are: {}",
            NAMES.join(" ")
        ),
    };
    let paths = Paths::find()?;
    step("Look for the Debian packages", || {
        packages::ensure(&[
            packages::BUILD,
            packages::WINDOW,
            packages::HEADLESS,
            packages::DATABASE,
        ])
    })?;
    ui::build(&paths)?;
    step("Build for release (some minutes the first time)", || {
        build::programs(&paths, &["--release"])
    })?;
    build::tauri_driver(&paths)?;
    let peer = wanted.contains(&"sync").then(|| peer(&paths)).transpose()?;

    let folder = paths.target.join("bench");
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder)?;
    }
    let temporary = folder.join("tmp");
    std::fs::create_dir_all(&temporary)?;
    let surroundings = Surroundings::start(&folder.join("home"), Screen::Virtual)?;
    for name in wanted {
        step(&format!("Measure: {name}"), || {
            let mut command = Command::new(paths.program("release", "porch-bench"));
            command.arg(name).args(more).current_dir(&folder);
            surroundings.around(&mut command);
            programs_for_tests(&mut command, &paths, "release");
            if let Some(peer) = &peer {
                command.env("PORCH_PEER", peer);
            }
            run_to_end(command.env("TMPDIR", &temporary))
        })?;
    }
    Ok(())
}

/// Installs what sync is measured against below the target directory, by its lock file.
fn peer(paths: &Paths) -> Result<PathBuf> {
    let (from, to) = (
        paths.root.join("tests/src/bench/peer"),
        paths.target.join("tools/peer"),
    );
    std::fs::create_dir_all(&to)?;
    for file in std::fs::read_dir(&from)? {
        let file = file?.path();
        std::fs::copy(&file, to.join(file.file_name().unwrap_or_default()))?;
    }
    step("Install the peer (npm ci)", || {
        run_to_end(
            Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
                .arg("--loglevel=error")
                .current_dir(&to),
        )
    })?;
    Ok(to)
}
