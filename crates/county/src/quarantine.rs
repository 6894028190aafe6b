//! Why a transaction is kept aside.

/// Why a transaction was not merged. It is kept as it came, and a person looks at it; the device's
/// sequence goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Envelope, digest and body do not belong together, or the body is not a transaction.
    Unreadable,
    /// The body is larger than the protocol allows.
    TooLarge,
    /// A kind of record that this server does not know.
    UnknownKind,
    /// A kind that only the county writes.
    CountyOnly,
    /// A value or a field's name is not of the form that the catalogue gives it.
    MalformedRecord,
    /// The record is not in the device's scopes, or was to be made in another's.
    OutOfScope,
    /// An edit of something that is written once.
    WrittenOnce,
    /// An edit of a record that does not exist, or under another kind.
    NoSuchRecord,
    /// A person was to be added to a photo after it was stored.
    SubjectsFrozen,
}

impl Reason {
    /// The word under which it is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too_large",
            Self::UnknownKind => "unknown_kind",
            Self::CountyOnly => "county_only",
            Self::MalformedRecord => "malformed_record",
            Self::OutOfScope => "out_of_scope",
            Self::WrittenOnce => "written_once",
            Self::NoSuchRecord => "no_such_record",
            Self::SubjectsFrozen => "subjects_frozen",
        }
    }
}
