//! The county server as others meet it: over TLS, by requests that any program could send.

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

mod blobs;
mod client;
mod consent;
mod description;
#[cfg(unix)]
mod postgres;
mod process;
mod refusals;
mod sync;
mod tls;

// The same people and records as in the server's own tests.
#[path = "../../crates/county/src/story.rs"]
#[allow(dead_code)]
mod story;

// And the same PostgreSQL of the tests' own.
#[cfg(unix)]
#[path = "../../crates/county/src/throwaway.rs"]
#[allow(dead_code)]
mod throwaway;
