//! Erasing a person (UK GDPR article 17): the order, what goes with whom, and what is left.
//!
//! A record is *theirs* when they are whom it is about: it goes. Where they acted for somebody
//! else (decided for a child, collected one) the record is that other person's: it stays, and with
//! it a No that they said, since nothing that is erased may turn a No into a Yes.

use crate::catalogue::{
    About, Erasure, FieldValues, LegalGround, Record, RecordEntry, Shape, Whose, record_entry,
};
use crate::id::{ErasureOrderId, PersonId, UserId};
use crate::time::Instant;
use crate::withdrawal::Withdrawal;
use crate::words::words;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

words! {
    /// Why somebody is erased: the grounds of UK GDPR article 17(1).
    pub enum ErasureGround {
        /// (a) What was collected is no longer needed.
        NoLongerNeeded = "no_longer_needed",
        /// (b) Consent was withdrawn and nothing else allows it.
        ConsentWithdrawn = "consent_withdrawn",
        /// (c) They object and nothing overrides that.
        Objected = "objected",
        /// (d) It was processed unlawfully.
        Unlawful = "unlawful",
        /// (e) A law demands it.
        LegalObligation = "legal_obligation",
    }
}

/// An order to erase a person. The county server carries it out when it takes it in, and keeps
/// its certificate; the order itself, which names the person, goes with them.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::People(&["person"]))]
pub struct ErasureOrder {
    /// Its identifier, also the certificate's.
    pub id: ErasureOrderId,
    /// Who is erased.
    #[field(rights, subject = Whose::NamedHere)]
    pub person: PersonId,
    /// Why.
    #[field(rights)]
    pub ground: ErasureGround,
    /// Who ordered it.
    #[field(staff)]
    pub ordered_by: UserId,
    /// When.
    #[field(rights)]
    pub ordered_at: Instant,
}

/// What becomes of a record when what one of its fields names is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It goes.
    Goes,
    /// It stays, and the field is cleared.
    Cleared,
    /// It stays as it is, because of a legal ground: it is somebody else's.
    Stays(LegalGround),
}

/// A field that names a record which can be erased.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The kind of record.
    pub kind: &'static str,
    /// Its field.
    pub field: &'static str,
    /// What becomes of it.
    pub part: Part,
}

const fn going(kind: &'static str, field: &'static str) -> Link {
    Link {
        kind,
        field,
        part: Part::Goes,
    }
}

const fn stays(kind: &'static str, field: &'static str) -> Link {
    Link {
        kind,
        field,
        part: Part::Stays(LegalGround::ProofOfConsent),
    }
}

/// Every field that names a record which can be erased. A test holds it against the catalogue.
///
/// A withdrawal also names decisions: see [`goes`].
pub const LINKS: &[Link] = &[
    going("membership", "family"),
    going("membership", "person"),
    going("notice_shown", "person"),
    going("attendance", "person"),
    going("departure", "attendance"),
    Link {
        kind: "departure",
        field: "collected_by",
        part: Part::Cleared,
    },
    going("attendance_void", "event"),
    going("authority", "child"),
    stays("authority", "holder"),
    going("authority_end", "authority"),
    going("decision", "subject"),
    stays("decision", "decider"),
    going("misrecording", "decision"),
    going("expiry", "decision"),
    going("withdrawal_ruling", "withdrawal"),
    going("stop", "subject"),
    going("stop_end", "stop"),
    going("withdrawal", "subject"),
    stays("withdrawal", "by"),
    going("photo_subject", "photo"),
    going("photo_subject", "person"),
    going("photo_subject", "decision"),
    going("objection", "photo"),
    // What is published stays published: see [`crate::publication`].
    Link {
        kind: "publication",
        field: "photo",
        part: Part::Cleared,
    },
    going("stub", "person"),
    going("alias", "older"),
    going("alias", "newer"),
    going("concern", "about"),
    going("erasure_order", "person"),
];

/// The fields of a kind that make a record go with what they name.
pub fn goes_with(kind: &str) -> impl Iterator<Item = &'static str> {
    LINKS
        .iter()
        .filter(move |link| link.kind == kind && link.part == Part::Goes)
        .map(|link| link.field)
}

fn id(value: Option<&Value>) -> Option<Uuid> {
    value?.as_str()?.parse().ok()
}

fn decisions(values: &FieldValues) -> impl Iterator<Item = Option<Uuid>> {
    let named = values.get("decisions").and_then(Value::as_array);
    named.into_iter().flatten().map(|value| id(Some(value)))
}

/// What a record names that bears on whether it goes.
pub fn names(kind: &str, values: &FieldValues) -> BTreeSet<Uuid> {
    let mut named: BTreeSet<Uuid> = goes_with(kind)
        .filter_map(|field| id(values.get(field)))
        .collect();
    if kind == Withdrawal::KIND {
        named.extend(decisions(values).flatten());
    }
    named
}

/// Every record that a record of this kind is linked to, whatever becomes of it.
pub fn linked(kind: &str, values: &FieldValues) -> BTreeSet<Uuid> {
    let links = LINKS.iter().filter(|link| link.kind == kind);
    let mut linked: BTreeSet<Uuid> = links
        .filter_map(|link| id(values.get(link.field)))
        .collect();
    if kind == Withdrawal::KIND {
        linked.extend(decisions(values).flatten());
    }
    linked
}

/// The fields of a kind that are cleared when what they name goes.
pub fn cleared(kind: &str) -> impl Iterator<Item = &'static str> {
    LINKS
        .iter()
        .filter(move |link| link.kind == kind && link.part == Part::Cleared)
        .map(|link| link.field)
}

/// Whether a kind is about people only through a field that is cleared when what it names goes: from then on it is about
/// nobody, and stays.
pub fn is_cut_off(entry: &RecordEntry) -> bool {
    let About::Through { field, kinds } = entry.about else {
        return false;
    };
    cleared(entry.kind).any(|cleared| cleared == field)
        || kinds
            .iter()
            .all(|kind| record_entry(kind).is_some_and(is_cut_off))
}

/// Whether a record goes with what is gone. A withdrawal only when all decisions that it names go,
/// since it counts for the decisions that it names, whoever it says it is about.
pub fn goes(kind: &str, values: &FieldValues, gone: impl Fn(Uuid) -> bool) -> bool {
    goes_with(kind).any(|field| id(values.get(field)).is_some_and(&gone))
        && (kind != Withdrawal::KIND
            || decisions(values).all(|decision| decision.is_some_and(&gone)))
}

/// The field of a kind whose record goes, too, when such a record goes: a photo goes with each
/// person in it, since a picture cannot be erased in part.
pub fn takes_along(kind: &str) -> Option<&'static str> {
    (kind == "photo_subject").then_some("photo")
}

/// Why something is left of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remains {
    /// Figures: cut off from the person.
    Figures,
    /// A legal ground.
    Ground(LegalGround),
}

impl Remains {
    /// The text form, in certificates.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Figures => "figures",
            Self::Ground(ground) => ground.word(),
        }
    }
}

/// Why something of such a record is left at the county once it is erased, if anything is.
pub fn remains(entry: &RecordEntry) -> Option<Remains> {
    // What never goes leaves nothing behind.
    if entry.shape != Shape::Event || is_cut_off(entry) {
        return None;
    }
    entry
        .fields
        .iter()
        .filter(|field| field.subject == Whose::Subject)
        .find_map(|field| match field.erasure {
            Erasure::Keep(ground) => Some(Remains::Ground(ground)),
            Erasure::KeepWithoutIdentity => Some(Remains::Figures),
            Erasure::Remove | Erasure::NotPersonal => None,
        })
}

/// What is left of an erased record at the county: nothing that names the person, nor the id of
/// anything else that is gone.
pub fn remainder(
    entry: &RecordEntry,
    values: &FieldValues,
    gone: impl Fn(&str) -> bool,
) -> FieldValues {
    let names_gone = |value: &Value| value.as_str().is_some_and(&gone);
    entry
        .fields
        .iter()
        .filter(|field| field.erasure != Erasure::Remove && field.subject != Whose::NamedHere)
        .filter_map(|field| {
            let value = match values.get(field.name)? {
                Value::Null => return None,
                Value::Array(items) => Value::Array(
                    items
                        .iter()
                        .filter(|item| !names_gone(item))
                        .cloned()
                        .collect(),
                ),
                value if names_gone(value) => return None,
                value => value.clone(),
            };
            Some((field.name.to_owned(), value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalogue::{ColumnType, RECORDS};

    /// Fields that name what is never erased with a person, or is named by [`goes`].
    const OTHER_NAMES: &[(&str, &str)] = &[
        ("family", "centre"),
        ("attendance", "session"),
        ("attendance", "family"),
        ("authority", "delegated_from"),
        ("decision", "granted"),
        ("decision", "refused"),
        ("decision", "authority"),
        ("decision", "centre"),
        ("decision", "replaces"),
        ("withdrawal", "decisions"),
        ("withdrawal", "channels"),
        ("photo", "session"),
        ("takedown", "publication"),
    ];

    #[test]
    fn every_field_that_names_a_record_is_a_link_or_listed() {
        for entry in RECORDS {
            for field in entry.fields {
                let names = matches!(field.column, ColumnType::Id | ColumnType::Json);
                let personal = !matches!(field.subject, Whose::Nobody | Whose::Staff);
                let linked = LINKS
                    .iter()
                    .filter(|link| (link.kind, link.field) == (entry.kind, field.name))
                    .count();
                let listed = OTHER_NAMES.contains(&(entry.kind, field.name));
                assert_eq!(
                    linked + usize::from(listed),
                    usize::from(names && personal),
                    "{}.{}: is it a link, and only one?",
                    entry.kind,
                    field.name
                );
            }
        }
        for link in LINKS {
            let entry = record_entry(link.kind).unwrap();
            let field = entry.field(link.field).unwrap();
            assert!(
                link.part != Part::Cleared || field.nullable,
                "{}.{} can be cleared",
                link.kind,
                link.field
            );
        }
    }

    #[test]
    fn every_record_about_a_person_goes_with_them() {
        for entry in RECORDS {
            let found = match entry.about {
                // A family goes when it is left empty, a photo with each person in it.
                About::Nobody | About::ThisPerson | About::ThisFamily => continue,
                About::TiedBy { kind, field } => takes_along(kind) == Some(field),
                About::Through { .. } if is_cut_off(entry) => continue,
                About::People(_) | About::Through { .. } => goes_with(entry.kind).next().is_some(),
            };
            assert!(found, "{} is left behind", entry.kind);
        }
    }

    #[test]
    fn what_is_left_has_a_ground_and_names_nobody() {
        let left: BTreeSet<(&str, &str)> = RECORDS
            .iter()
            .filter_map(|entry| Some((entry.kind, remains(entry)?.word())))
            .collect();
        assert_eq!(
            left,
            BTreeSet::from([
                ("attendance", "figures"),
                ("concern", "protection_of_children"),
                ("decision", "proof_of_consent"),
                ("notice_shown", "proof_of_information"),
                ("withdrawal", "proof_of_consent"),
            ]),
            "a new field that is kept is thought about here"
        );
        for entry in RECORDS.iter().filter(|entry| remains(entry).is_some()) {
            let person = "01900000-0000-7000-8000-000000000001";
            let values: FieldValues = entry
                .fields
                .iter()
                .map(|field| (field.name.to_owned(), Value::from(person)))
                .collect();
            let left = remainder(entry, &values, |_| false);
            for field in entry.fields {
                let may_stay =
                    field.erasure != Erasure::Remove && field.subject != Whose::NamedHere;
                assert_eq!(
                    left.contains_key(field.name),
                    may_stay,
                    "{}.{}",
                    entry.kind,
                    field.name
                );
            }
            assert!(
                remainder(entry, &values, |id| id == person).is_empty(),
                "{} keeps no id of what is gone",
                entry.kind
            );
        }
    }

    #[test]
    fn a_withdrawal_that_names_another_s_decision_stays() {
        let ids = [1, 2, 3].map(Uuid::from_u128);
        let [person, decision, other] = ids;
        let of = |decisions: &[Uuid]| {
            FieldValues::from([
                ("subject".to_owned(), serde_json::json!(person)),
                ("decisions".to_owned(), serde_json::json!(decisions)),
            ])
        };
        let gone = |id| id == person || id == decision;
        assert!(goes("withdrawal", &of(&[decision]), gone));
        assert!(!goes("withdrawal", &of(&[decision, other]), gone));
        assert!(!goes("withdrawal", &of(&[decision]), |id| id == decision));
        assert_eq!(names("withdrawal", &of(&ids)).len(), 3);
        assert!(goes(
            "attendance",
            &FieldValues::from([("person".to_owned(), serde_json::json!(person))]),
            gone
        ));
    }
}
