//! `cargo xtask check-windows`: the program still compiles for Windows, seen from Debian.
//!
//! Rustup's tool chain has no standard library for that target here, so Debian's own compiler
//! checks it together with the standard library's sources. Not part of `test`: about ten minutes
//! the first time, and tool chains that nothing else needs.

use std::process::Command;

use anyhow::{Context, Result};

use crate::build::quiet_without_a_person;
use crate::packages;
use crate::paths::Paths;
use crate::process::run_to_end;
use crate::steps::{say, step};
use crate::ui;

/// What runs on a council's PC or server; the rest comes with these.
const CHECKED: [&str; 4] = ["porch", "porch-desk", "porch-store", "porch-county"];

/// Checks the program for Windows.
pub(crate) fn run() -> Result<()> {
    let paths = Paths::find()?;
    step("Look for the Debian packages", || {
        packages::ensure(&[packages::BUILD, packages::WINDOWS])
    })?;
    ui::build(&paths)?;
    step("Check the program for x86_64-pc-windows-gnu", || {
        let target = paths.target.join("windows");
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("/usr/bin/cargo");
        command
            .current_dir(&paths.root)
            .args([
                "check",
                "-Z",
                "build-std=std,panic_abort,panic_unwind",
                "--target",
                "x86_64-pc-windows-gnu",
            ])
            // Debian's rustc must not meet rustup's, nor what the other tool chain has compiled.
            .env("PATH", format!("/usr/bin:/bin:{path}"))
            .env("CARGO_HOME", target.join("cargo-home"))
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTC_BOOTSTRAP", "1");
        for name in [
            "CARGO",
            "RUSTC",
            "RUSTDOC",
            "RUSTC_WRAPPER",
            "RUSTUP_TOOLCHAIN",
            "RUSTFLAGS",
            "LD_LIBRARY_PATH",
        ] {
            command.env_remove(name);
        }
        for package in CHECKED {
            command.args(["--package", package]);
        }
        quiet_without_a_person(&mut command);
        run_to_end(&mut command).context("The program does not compile for Windows.")
    })?;
    say("The program compiles for Windows. It was not run there.");
    Ok(())
}
