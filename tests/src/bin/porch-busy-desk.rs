//! A desk that works without a pause until it is killed: what the trial by kill -9 kills.
//!
//! `porch-busy-desk ORDERS`, the orders as JSON.
#![allow(
    clippy::print_stderr,
    reason = "a program of the tests: it talks to whoever runs it, about invented people"
)]

use std::process::ExitCode;

use anyhow::Context as _;
use porch_tests::busy;

#[tokio::main]
async fn main() -> ExitCode {
    let worked = async {
        let orders = std::env::args().nth(1).context("no orders")?;
        busy::work(&serde_json::from_str(&orders)?).await
    };
    match worked.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
