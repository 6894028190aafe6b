//! What must hold whatever happens: real processes are killed at any moment, and every decoder is
//! handed bytes that nobody meant to send (docs/proof.md).

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]
#![cfg(unix)]

mod decoders;
mod kills;

// The same people and records as in the server's own tests.
#[path = "../../crates/county/src/story.rs"]
#[allow(dead_code)]
mod story;

// The same PostgreSQL of the tests' own as in the server's own tests.
#[path = "../../crates/county/src/throwaway.rs"]
#[allow(dead_code)]
mod throwaway;

/// A number from the environment, for long runs by command.
fn given(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().expect("a number"),
        Err(_) => otherwise,
    }
}
