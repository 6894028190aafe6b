//! What the tests that cross crates share.

pub mod bench;
pub mod bridge;
pub mod busy;
pub mod county;
pub mod driver;
pub mod kit;
pub mod pages;
pub mod programs;
pub mod random;
#[cfg(feature = "simulation")]
pub mod simulation;
pub mod steps;
