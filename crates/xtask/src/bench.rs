//! `cargo xtask bench [NAME]`: how fast the program is, each time beside its floor.
//!
//! Built as for release, since that is what people wait for. Measurements are printed, never
//! checked: another machine has other times, but the ratios should hold.

use anyhow::{Result, bail};

use crate::build;
use crate::display::{Screen, Surroundings};
use crate::packages;
use crate::paths::Paths;
use crate::process::run_to_end;
use crate::steps::step;
use crate::test::programs_for_tests;
use crate::ui;

/// What is measured: a durable sign-in, search as typed, the start of the window.
const NAMES: [&str; 3] = ["sign-in", "search", "start"];

/// Runs one measurement, or all.
pub(crate) fn run(name: Option<&str>) -> Result<()> {
    let wanted: Vec<&str> = match name {
        None => NAMES.to_vec(),
        Some(name) if NAMES.contains(&name) => vec![name],
        Some(name) => bail!(
            "There is no measurement `{name}`. There are: {}",
            NAMES.join(" ")
        ),
    };
    let paths = Paths::find()?;
    step("Look for the Debian packages", || {
        packages::ensure(&[packages::BUILD, packages::WINDOW, packages::HEADLESS])
    })?;
    ui::build(&paths)?;
    step("Build for release (some minutes the first time)", || {
        build::programs(&paths, &["--release"])
    })?;
    build::tauri_driver(&paths)?;

    let folder = paths.target.join("bench");
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder)?;
    }
    let temporary = folder.join("tmp");
    std::fs::create_dir_all(&temporary)?;
    let surroundings = Surroundings::start(&folder.join("home"), Screen::Virtual)?;
    for name in wanted {
        step(&format!("Measure: {name}"), || {
            let mut command = std::process::Command::new(paths.program("release", "porch-bench"));
            command.arg(name).current_dir(&folder);
            surroundings.around(&mut command);
            programs_for_tests(&mut command, &paths, "release");
            run_to_end(command.env("TMPDIR", &temporary))
        })?;
    }
    Ok(())
}
