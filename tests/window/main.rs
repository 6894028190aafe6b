//! The real window, driven over WebDriver: the real shell over an encrypted store, the computer's
//! own secret service, and a real county over TLS. Each test has a county and a device of its own.

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

mod at_work;
mod consent;
mod door;
mod newcomer;
mod scene;
mod shell;
