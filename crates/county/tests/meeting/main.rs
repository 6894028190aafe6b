//! A device's own store meets a county's: the one code for both ends, without a network between.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod clone;
mod digest;
mod erasure;
mod lost_answers;
mod merging;
mod pictures;
#[cfg(unix)]
mod postgres;
mod promises;
mod quarantine;
mod restore;
mod scene;
mod scopes;
mod versions;

// The same people and records as in the server's own tests.
#[path = "../../src/story.rs"]
#[allow(dead_code)]
mod story;

// The same empty stores as in the store's own tests.
#[path = "../../../store/src/scratch.rs"]
mod scratch;

// A PostgreSQL as in the server's own tests.
#[cfg(unix)]
#[path = "../../src/throwaway.rs"]
mod throwaway;
