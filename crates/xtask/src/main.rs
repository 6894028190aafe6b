//! The commands of this repository: `cargo xtask demo`, `test`, `simulate`, `kills`, `decoders`, `bench` and
//! `check-windows`.
//!
//! Each is a list of named steps that says what it does and how long it took, and ends with a
//! sentence that a person can act on.
#![allow(
    clippy::print_stderr,
    reason = "these commands talk to the person who runs them; they handle no personal data"
)]

use std::process::ExitCode;

use anyhow::{Result, bail};

mod bench;
mod build;
mod demo;
mod display;
mod packages;
mod paths;
mod process;
mod simulate;
mod steps;
mod tally;
mod test;
mod trials;
mod ui;
mod windows;

const USAGE: &str = "\
cargo xtask demo [--fresh] [--headless]       an invented county, its server, this device, and the window
cargo xtask test [STEP...] [-- FILTER]        everything that must hold, or only the steps named
cargo xtask simulate [--seeds N] [--seed S]   a county and devices in which everything goes wrong
cargo xtask kills [--rounds N] [--seed S]     kill -9 over desks and servers, and what is left
cargo xtask decoders [--inputs N] [--seed S]  every decoder over mutated messages
cargo xtask bench [NAME]                      sign-in, search, start, photo, sync: each beside its floor
cargo xtask check-windows                     checks that the program still compiles for Windows";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&words) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[String]) -> Result<ExitCode> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["demo", options @ ..] => {
            let mut fresh = false;
            let mut headless = false;
            for option in options {
                match *option {
                    "--fresh" => fresh = true,
                    "--headless" => headless = true,
                    other => bail!("`demo` does not know `{other}`.\n\n{USAGE}"),
                }
            }
            demo::run(fresh, headless)?;
            Ok(ExitCode::SUCCESS)
        }
        ["test", rest @ ..] => {
            let mut parts = rest.splitn(2, |word| *word == "--");
            let names = parts.next().unwrap_or_default();
            test::run(names, parts.next().unwrap_or_default())
        }
        ["kills", options @ ..] => trials::run(&trials::KILLS, options).map(|()| ExitCode::SUCCESS),
        ["decoders", options @ ..] => {
            trials::run(&trials::DECODERS, options).map(|()| ExitCode::SUCCESS)
        }
        ["simulate", words @ ..] => simulate::run(words),
        ["bench", words @ ..] => bench::run(words).map(|()| ExitCode::SUCCESS),
        ["check-windows"] => windows::run().map(|()| ExitCode::SUCCESS),
        ["help" | "--help" | "-h"] => {
            steps::say(USAGE);
            Ok(ExitCode::SUCCESS)
        }
        [] => bail!("Say what to do:\n\n{USAGE}"),
        _ => bail!("There is no such command.\n\n{USAGE}"),
    }
}
