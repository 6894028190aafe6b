//! Finding a family from one field: name parts in any order, the end of a telephone number, a
//! postcode, a date of birth.
//!
//! `person_search` is a full-text index with one entry for each person who belongs to a family.
//! What is indexed and what is typed are folded alike in Rust (`porch_domain::name_key`).

mod find;
mod index;
mod query;

pub use find::{Found, FoundFamily, FoundMember, FoundTier, SearchAt, Tier};
pub(crate) use index::{affected, refresh, row_changed, rows_changed};

#[cfg(test)]
mod tests;
