//! `cargo xtask kills` and `cargo xtask decoders`: the trials of `docs/proof.md`, as long as one likes.
//!
//! Each is a part of the tests' own program `trials`, told by its environment how long to go on.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::build;
use crate::packages;
use crate::paths::Paths;
use crate::process::run_to_end;
use crate::steps::step;
use crate::test::programs_for_tests;
use crate::ui;

/// A trial, and what its length is counted in.
pub(crate) struct Trial {
    /// Its tests' module.
    name: &'static str,
    /// The option that says how long it goes on, and its variable.
    length: (&'static str, &'static str),
    seed: &'static str,
}

/// kill -9 over desks and servers.
pub(crate) const KILLS: Trial = Trial {
    name: "kills",
    length: ("--rounds", "PORCH_KILLS_ROUNDS"),
    seed: "PORCH_KILLS_SEED",
};

/// Mutations of messages for each decoder.
pub(crate) const DECODERS: Trial = Trial {
    name: "decoders",
    length: ("--inputs", "PORCH_DECODERS_INPUTS"),
    seed: "PORCH_DECODERS_SEED",
};

/// Runs a trial with what it was told: `--rounds N` or `--inputs N`, and `--seed S`.
pub(crate) fn run(trial: &Trial, options: &[&str]) -> Result<()> {
    let settings = settings(trial, options)?;
    let paths = Paths::find()?;
    step("Look for the Debian packages", || {
        packages::ensure(&[packages::BUILD, packages::DATABASE])
    })?;
    ui::build(&paths)?;
    let programs = step("Compile the program and its tests", || {
        build::all_with_tests(&paths)
    })?;
    let tests = programs
        .iter()
        .find(|program| program.target == "trials")
        .context("The trials were not built.")?;
    step(&format!("Trial: {}", trial.name), || {
        let mut command = Command::new(&tests.program);
        let folder = paths.root.join(&tests.package);
        command
            .args([trial.name, "--nocapture"])
            .current_dir(&folder)
            .env("CARGO_MANIFEST_DIR", &folder)
            .envs(settings);
        programs_for_tests(&mut command, &paths, "debug");
        run_to_end(&mut command)
    })
}

/// The environment that options ask for.
fn settings<'a>(trial: &Trial, options: &[&'a str]) -> Result<Vec<(&'static str, &'a str)>> {
    let (length, variable) = trial.length;
    let pairs = options.chunks(2).map(|pair| match pair {
        [option, value] if value.parse::<u64>().is_ok() && *option == length => {
            Ok((variable, *value))
        }
        ["--seed", value] if value.parse::<u64>().is_ok() => Ok((trial.seed, *value)),
        other => bail!(
            "`{}` takes {length} N and --seed N, not `{}`.",
            trial.name,
            other.join(" ")
        ),
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_pairs_of_a_name_and_a_number() {
        assert_eq!(
            settings(&KILLS, &["--rounds", "500", "--seed", "7"]).unwrap(),
            [("PORCH_KILLS_ROUNDS", "500"), ("PORCH_KILLS_SEED", "7")]
        );
        for wrong in [&["--rounds"][..], &["--rounds", "many"], &["--inputs", "5"]] {
            assert!(settings(&KILLS, wrong).is_err(), "{wrong:?}");
        }
        assert!(settings(&DECODERS, &["--inputs", "5"]).is_ok());
    }
}
