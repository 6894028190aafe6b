//! The county server: axum over rustls, with a store of its own.
//!
//! [`County`] is what the server does, whichever the store ([`store::Store`]) and the transport;
//! [`http::router`] puts it behind HTTP, [`serve_on`] behind TLS. The protocol is
//! `docs/sync-protocol.md`, running it `docs/county-server.md`.
#![forbid(unsafe_code)]

mod backup;
pub mod blobs;
pub mod code;
mod county;
mod device_log;
mod due;
pub mod enrol;
pub mod erasure;
pub mod fetch;
mod gzip;
pub mod home;
mod honour;
pub mod http;
pub mod import;
mod kept_apart;
mod key_file;
mod kinds;
pub mod openapi;
pub mod pull;
pub mod push;
pub mod quarantine;
pub mod rejoin;
mod removal_log;
mod restore;
mod same;
pub mod scopes;
mod seal;
mod serve;
mod standing;
pub mod store;
#[cfg(test)]
mod story;
mod take_in;
pub mod texts;
#[cfg(test)]
#[cfg(unix)]
mod throwaway;
pub mod tls;

pub use backup::Reach;
pub use county::{Answer, County, Failure, Machine, Surroundings, make_origin};
pub use serve::{Running, serve_on};
