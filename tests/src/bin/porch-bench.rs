//! How fast the program is, each time beside its floor. Prints; judges nothing.
#![allow(
    clippy::print_stderr,
    reason = "a program for whoever asked for the measurements"
)]

use std::process::ExitCode;

use anyhow::{Result, bail};
use porch_tests::bench;

const USAGE: &str = "porch-bench [sign-in|search|start|photo|sync [PEOPLE]...]";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(words: &[String]) -> Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let names: &[&str] = match words.as_slice() {
        [] => &["sign-in", "search", "start", "photo", "sync"],
        ["sync", words @ ..] => return bench::sync::run(words).await,
        ["sync-device", task] => return bench::sync::run_task(task).await,
        [_] => &words,
        _ => bail!("{USAGE}"),
    };
    for name in names {
        match *name {
            "sign-in" => bench::sign_in::run().await?,
            "search" => bench::search::run().await?,
            #[cfg(unix)]
            "start" => bench::start::run().await?,
            #[cfg(not(unix))]
            "start" => bail!("The start is measured under X only."),
            "photo" => bench::photo::run().await?,
            "sync" => bench::sync::run(&[]).await?,
            _ => bail!("{USAGE}"),
        }
    }
    Ok(())
}
