//! The data catalogue: every record, every field, and what may be done with it.
//!
//! A record is declared once, by `#[derive(Record)]` with a `#[field(category)]` on each field.
//! Columns, sync fields, role-filtered views, subject access, portability, erasure, retention and
//! the record of processing follow from here and from nowhere else.
//!
//! A field without a classification does not compile:
//!
//! ```compile_fail
//! use porch_domain::catalogue::Record;
//! use porch_domain::id::FamilyId;
//!
//! #[derive(Record)]
//! #[record(state, about = About::ThisFamily)]
//! struct Household {
//!     id: FamilyId,
//!     shoe_size: Option<String>,
//! }
//! ```
//!
//! Nor does one with a word that is no category:
//!
//! ```compile_fail
//! use porch_domain::catalogue::Record;
//! use porch_domain::id::FamilyId;
//!
//! #[derive(Record)]
//! #[record(state, about = About::ThisFamily)]
//! struct Household {
//!     id: FamilyId,
//!     #[field(shoes)]
//!     shoe_size: Option<String>,
//! }
//! ```
//!
//! With a category it does:
//!
//! ```
//! use porch_domain::catalogue::Record;
//! use porch_domain::id::FamilyId;
//!
//! #[derive(Record)]
//! #[record(state, about = About::ThisFamily)]
//! struct Household {
//!     id: FamilyId,
//!     #[field(lifestyle)]
//!     shoe_size: Option<String>,
//! }
//! assert_eq!(Household::KIND, "household");
//! ```

mod analysis;
mod category;
mod classification;
mod lines;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeMap;

use serde_json::Value;

pub use analysis::Detail;
pub use category::{Category, Defaults};
pub use classification::{
    Basis, Condition, Erasure, FieldEntry, LegalGround, Retention, Sensitivity, SubjectAccess, Use,
    Whose, WithholdReason,
};
pub use lines::{NOT_YET_SERVED, NOT_YET_USED, NOTICE_LINES, SERVED_WITHOUT_A_FIELD};
pub use porch_catalogue::Record;
pub use value::{ColumnType, FieldValue, TextForm};

use crate::id::RecordId;

/// A record's fields by name, as they are stored, synced and merged. JSON scalars, or for events
/// also small arrays; `null` for what is not given.
pub type FieldValues = BTreeMap<String, Value>;

/// A kind of record. Derive it; never implement it by hand.
pub trait Record: Sized {
    /// The type of its identifier.
    type Id: RecordId;
    /// Its kind: the struct's name in snake case; also its table.
    const KIND: &'static str;
    /// What the catalogue says about it.
    const ENTRY: &'static RecordEntry;

    /// What the catalogue says about it.
    fn entry() -> &'static RecordEntry {
        Self::ENTRY
    }

    /// Its identifier.
    fn id(&self) -> Self::Id;

    /// Every field but the id, in stored form; `null` for what is not given.
    fn to_fields(&self) -> FieldValues;

    /// Reads the stored form. A field that is absent reads as not given; unknown fields are left
    /// alone, since a newer program may have written them.
    fn from_fields(id: Self::Id, fields: &FieldValues) -> Result<Self, MalformedRecord>;
}

/// A record's stored form cannot be read. Names the field, never the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedRecord {
    /// A field that must be there is not.
    #[error("{kind}.{field} is missing")]
    Missing {
        /// The kind of record.
        kind: &'static str,
        /// The field.
        field: &'static str,
    },
    /// A field holds what its type cannot be.
    #[error("{kind}.{field} is malformed")]
    Malformed {
        /// The kind of record.
        kind: &'static str,
        /// The field.
        field: &'static str,
    },
}

/// Reads one field; what the derive macro calls.
#[doc(hidden)]
pub fn read_field<T: FieldValue>(
    kind: &'static str,
    field: &'static str,
    fields: &FieldValues,
) -> Result<T, MalformedRecord> {
    let value = fields.get(field).unwrap_or(&Value::Null);
    T::from_json(value).ok_or(if value.is_null() {
        MalformedRecord::Missing { kind, field }
    } else {
        MalformedRecord::Malformed { kind, field }
    })
}

/// One kind of record.
#[derive(Debug)]
pub struct RecordEntry {
    /// Its name in changes and permissions.
    pub kind: &'static str,
    /// Its table on the device.
    pub table: &'static str,
    /// Edited in place or append-only.
    pub shape: Shape,
    /// Whose record it is.
    pub about: About,
    /// Its fields without `id`, in column order.
    pub fields: &'static [FieldEntry],
}

impl RecordEntry {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static FieldEntry> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// How a record changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Each field can be edited and carries its own version.
    State,
    /// Written once: a change of mind is a new record.
    Event,
}

/// How to find the people a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Nobody: what the county offers and where.
    Nobody,
    /// The record is a person.
    ThisPerson,
    /// The record is a family: everybody in it.
    ThisFamily,
    /// The people whose ids are in these fields.
    People(&'static [&'static str]),
    /// Whoever the record is about whose id is in `field`.
    Through {
        /// The field that holds the other record's id.
        field: &'static str,
        /// The kinds that the other record may be of.
        kinds: &'static [&'static str],
    },
    /// Everybody whom records of another kind tie to this one.
    TiedBy {
        /// The kind that ties.
        kind: &'static str,
        /// Its field that holds this record's id.
        field: &'static str,
    },
}

/// Every kind of record. What rests on another record comes after it, so records that are
/// applied in this order find what they rest on.
pub const RECORDS: &[&RecordEntry] = &[
    crate::centre::Centre::ENTRY,
    crate::county::CountyDetails::ENTRY,
    crate::wording::Wording::ENTRY,
    crate::notice::Notice::ENTRY,
    crate::text::TextApproval::ENTRY,
    crate::activity::Activity::ENTRY,
    crate::session::Session::ENTRY,
    crate::family::Family::ENTRY,
    crate::person::Person::ENTRY,
    crate::membership::Membership::ENTRY,
    crate::alias::Alias::ENTRY,
    crate::stub::Stub::ENTRY,
    crate::notice::NoticeShown::ENTRY,
    crate::attendance::Attendance::ENTRY,
    crate::attendance::Departure::ENTRY,
    crate::attendance::AttendanceVoid::ENTRY,
    crate::authority::Authority::ENTRY,
    crate::authority::AuthorityEnd::ENTRY,
    crate::decision::Decision::ENTRY,
    crate::standing::Misrecording::ENTRY,
    crate::standing::Expiry::ENTRY,
    crate::withdrawal::Withdrawal::ENTRY,
    crate::withdrawal::WithdrawalRuling::ENTRY,
    crate::stop::Stop::ENTRY,
    crate::stop::StopEnd::ENTRY,
    crate::photo::Photo::ENTRY,
    crate::photo::PhotoSubject::ENTRY,
    crate::photo::Objection::ENTRY,
    crate::publication::Publication::ENTRY,
    crate::publication::Takedown::ENTRY,
    crate::concern::Concern::ENTRY,
    crate::erasure::ErasureOrder::ENTRY,
];

/// The entry of a kind.
pub fn record_entry(kind: &str) -> Option<&'static RecordEntry> {
    RECORDS.iter().find(|entry| entry.kind == kind).copied()
}
