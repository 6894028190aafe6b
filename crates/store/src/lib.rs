//! The encrypted store of a device, and the only SQL on it.
//!
//! [`keys`] says who may open it, [`sealed`] hides restricted notes even from those who may. A
//! use case reads from a [`Read`] and writes through the one [`Write`]; each table has a file that
//! gives both their meaning.

// What tests of other crates share names this one as they do.
#[cfg(test)]
extern crate self as porch_store;

pub mod keys;
pub mod sealed;

mod access;
mod error;
mod migrate;
mod open;
mod record;
mod replica;
mod save;
#[cfg(test)]
mod scratch;
#[cfg(feature = "simulation")]
mod simulated;

// The tables.
pub mod alias;
pub mod attendance;
pub mod audit;
pub mod centre;
pub mod concern;
pub mod consent;
pub mod device;
pub mod draft;
pub mod erasure;
pub mod family;
pub mod hand_over;
pub mod photo;
pub mod photo_rule;
pub mod publication;
pub mod search;
pub mod session;
pub mod standing;
pub mod text;

pub use access::{Read, Write};
pub use error::{ConsentRefusal, StoreError};
pub use open::Store;
