//! `cargo xtask simulate`: a county and its devices in which everything goes wrong, by seeds.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::build;
use crate::paths::Paths;
use crate::process::run_to_end;
use crate::steps::step;

/// Runs the simulation with these words; a seed that does not hold is a failure.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    let paths = Paths::find()?;
    step("Build the simulation", || build::simulation(&paths))?;
    let mut command = Command::new(paths.program("debug", "porch-simulate"));
    command.args(words);
    Ok(match run_to_end(&mut command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}
