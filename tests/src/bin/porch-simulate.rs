//! Runs the simulation: many seeds, one with its trace, or every planted bug until it is found.
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program for whoever asked for it; all people in it are invented"
)]

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use porch_tests::simulation::campaign::{campaign, find};
use porch_tests::simulation::{Options, Planted, run};

const USAGE: &str = "porch-simulate [--seeds N] [--seed S] [--busy] [--publishing] | --planted";

/// A planted bug that so many seeds do not find is not found.
const ENOUGH: u64 = 2000;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&words) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[String]) -> Result<ExitCode> {
    let (mut seeds, mut seed, mut planted) = (None, None, false);
    let mut options = Options::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut number = || -> Result<u64> {
            let text = words.next().context(USAGE)?;
            text.parse().with_context(|| format!("{text} is no number"))
        };
        match word.as_str() {
            "--seeds" => seeds = Some(number()?),
            "--seed" => seed = Some(number()?),
            "--planted" => planted = true,
            "--busy" => options.busy = true,
            "--publishing" => options.publishing = true,
            _ => bail!(USAGE),
        }
    }
    match (planted, seeds, seed) {
        (true, None, None) => find_planted(),
        (false, None, Some(seed)) => replay(seed, options),
        (false, seeds, seed) => many(seed.unwrap_or(1), seeds.unwrap_or(ENOUGH), options),
        _ => bail!(USAGE),
    }
}

fn replay(seed: u64, options: Options) -> Result<ExitCode> {
    let options = Options {
        verbose: true,
        ..options
    };
    let outcome = run(seed, options)?;
    println!("{}\n\n{}", outcome.trace, outcome.counters);
    Ok(match outcome.failure {
        Some(failure) => {
            println!("seed {seed} does not hold: {failure}");
            ExitCode::FAILURE
        }
        None => {
            println!("seed {seed} holds; trace {:016x}", outcome.hash);
            ExitCode::SUCCESS
        }
    })
}

fn many(first: u64, seeds: u64, options: Options) -> Result<ExitCode> {
    let began = Instant::now();
    let often = if std::io::stderr().is_terminal() {
        10
    } else {
        100
    };
    let all = campaign(first, seeds, options, |done| {
        if done % often == 0 {
            let each = done as f64 / began.elapsed().as_secs_f64();
            eprintln!("  {done} of {seeds} seeds, {each:.1} a second");
        }
    })?;
    println!("{}", all.counters);
    if let Some(failed) = all.failed {
        println!(
            "{}\n\nseed {} does not hold: {}\nTo see all of it: cargo xtask simulate --seed {}{}",
            failed.trace,
            failed.seed,
            failed.failure.unwrap_or_default(),
            failed.seed,
            match (options.busy, options.publishing) {
                (true, true) => " --busy --publishing",
                (true, false) => " --busy",
                (false, true) => " --publishing",
                (false, false) => "",
            }
        );
        return Ok(ExitCode::FAILURE);
    }
    println!(
        "{} seeds from {first} hold, in {:.0} s",
        all.seeds,
        all.took.as_secs_f64()
    );
    Ok(ExitCode::SUCCESS)
}

fn find_planted() -> Result<ExitCode> {
    println!("| bug | seeds until it is found | what was found |\n| --- | ---: | --- |");
    let mut all = true;
    for planted in Planted::ALL {
        match find(planted, 1, ENOUGH)? {
            Some((seeds, what)) => println!("| {planted:?} | {seeds} | {what} |"),
            None => {
                all = false;
                println!("| {planted:?} | **not in {ENOUGH}** | |");
            }
        }
    }
    Ok(if all {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
