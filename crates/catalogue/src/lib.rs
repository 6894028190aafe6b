//! The derive macro behind the data catalogue.
//!
//! `#[derive(Record)]` on a struct declares one kind of record. Each field says in one word what
//! category of data it holds; from the category follow who may read and write it, how long it is
//! kept, and what subject access and erasure do with it (`porch_domain::catalogue`). A field may
//! say otherwise, word by word:
//!
//! ```text
//! #[derive(Clone, PartialEq, Record)]
//! #[record(state, about = About::ThisPerson)]
//! pub struct Person {
//!     pub id: PersonId,
//!     #[field(name)]
//!     pub given_name: Option<String>,
//!     #[field(family, subject_access = SubjectAccess::Review)]
//!     pub note: Option<String>,
//! }
//! ```
//!
//! - The record's kind and table are the struct's name in snake case.
//! - `id` must be the first field; it needs no category.
//! - Names of the catalogue (`About`, `SubjectAccess`, `Role`, …) need no import inside the attributes.
//! - `Debug` is made here too and shows kind and id only, so that no value reaches a log.
#![forbid(unsafe_code)]

mod field;
mod record;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a record of the catalogue: implements `porch_domain::catalogue::Record` and a
/// `Debug` that shows no values.
#[proc_macro_derive(Record, attributes(record, field))]
pub fn derive_record(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    record::expand(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
