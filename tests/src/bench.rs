//! What `porch-bench` measures: each thing beside its floor, in the same run and taking turns, so
//! that whatever else the machine does falls on both.
#![allow(
    clippy::print_stdout,
    reason = "measurements are for whoever asked for them, about invented people"
)]

mod bare;
mod figures;
pub mod photo;
mod prepared;
pub mod search;
pub mod sign_in;
#[cfg(unix)]
pub mod start;
pub mod sync;
#[cfg(unix)]
mod x11;
