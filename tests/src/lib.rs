//! What the tests that cross crates share.

pub mod bench;
pub mod bridge;
pub mod county;
pub mod driver;
pub mod kit;
pub mod pages;
#[cfg(feature = "simulation")]
pub mod simulation;
pub mod steps;
