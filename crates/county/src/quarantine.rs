//! Why a transaction is kept aside, and what is left of it when somebody in it is erased.

use std::collections::BTreeSet;

use porch_sync::Transaction;
use uuid::Uuid;

use crate::erasure::values;
use crate::store::Quarantined;

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

/// The ids in a text, in whatever form a UUID is understood.
pub(crate) fn ids_in(text: &str) -> BTreeSet<Uuid> {
    text.split(|letter: char| !letter.is_ascii_hexdigit() && letter != '-')
        .filter_map(|word| Uuid::try_parse(word).ok())
        .collect()
}

/// The same without what is about these records; none when it does not name them. What is left
/// is for a person to look at and no longer has the digest's salt.
pub(crate) fn without(quarantined: &Quarantined, ids: &BTreeSet<Uuid>) -> Option<Quarantined> {
    let body = quarantined.sealed.body.as_ref()?;
    if ids_in(body).is_disjoint(ids) {
        return None;
    }
    let rest = serde_json::from_str::<Transaction>(body)
        .ok()
        .and_then(|mut transaction| {
            transaction.changes.retain(|change| {
                let named = serde_json::to_string(&values(change)).unwrap_or_default();
                !ids.contains(&change.id) && ids_in(&named).is_disjoint(ids)
            });
            serde_json::to_string(&transaction).ok()
        });
    let mut blanked = quarantined.clone();
    blanked.sealed = blanked.sealed.blanked();
    blanked.sealed.body = rest;
    Some(blanked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_every_form() {
        let id = Uuid::from_u128(0x0190_a3b4_c5d6_7001_8000_0000_0000_0abc);
        for form in [
            id.to_string(),
            id.to_string().to_uppercase(),
            id.simple().to_string(),
            id.braced().to_string(),
            id.urn().to_string(),
        ] {
            let text = format!("{{\"person\":\"{form}\"}}");
            assert_eq!(ids_in(&text), BTreeSet::from([id]), "{text}");
        }
        assert!(ids_in("no id, 12-34").is_empty());
    }
}
