//! Changes, merge and the protocol between a device and the county server.
//!
//! A device writes [`Transaction`]s of [`Change`]s. Each is sealed at Save
//! ([`SealedTransaction`]) and sent to the county, which merges it into [`Row`]s and hands those
//! out again in feeds. Both sides use the one pure function [`merge`], so both come to the same
//! answer. Nothing here reads a clock, a file, a network or randomness: they are parameters.
//!
//! The rules, with their reasons, are in `docs/sync-protocol.md`.

mod change;
mod clock;
pub mod device;
mod digest;
mod merge;
#[cfg(feature = "openapi")]
mod openapi;
pub mod protocol;
mod sealed;
mod together;
mod version;

pub use change::{Change, FieldChange, Op, Row, Stamped, Transaction};
pub use clock::{Hlc, HybridClock};
pub use digest::{DigestKey, Mark, ScopeDigest, Tally};
pub use merge::{Conflict, Merged, merge};
pub use sealed::{Bytes, Digest, MalformedTransaction, Salt, SealedTransaction};
pub use together::{Together, alias_between, seen_anew, written_since};
pub use version::{DeviceNumber, MalformedVersion, Version, Versions};

/// The schema of records that this program writes. Grows with every migration that adds a field
/// to a synced record; a reader keeps the fields it does not know.
pub const SCHEMA: u32 = 1;
