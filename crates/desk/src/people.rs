//! People and families as screens show them: names, ages, marks, and what a role may see of them.

use chrono::NaiveDate;
use porch_domain::catalogue::Record;
use porch_domain::decision::Decision;
use porch_domain::family::Family;
use porch_domain::id::{FamilyId, PersonId};
use porch_domain::membership::MemberRole;
use porch_domain::person::Person;
use porch_domain::role::{Action, Role, can, can_read};
use porch_domain::typed_date::Age;
use porch_store::family::FamilyLine;
use porch_store::{Read, StoreError};
use serde::Serialize;
use ts_rs::TS;

use crate::refusal::{Code, Refusal};

/// What kind of person it is for heads to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PersonKind {
    /// A grown-up who comes with a family.
    Adult,
    /// A child.
    Child,
    /// A child under one year.
    Baby,
    /// Somebody of the service who comes with no family.
    Staff,
}

impl PersonKind {
    /// From what they are in the family and when they were born. A parent of fifteen counts as a
    /// parent; a child whose birth date is not known counts as a child.
    pub(crate) fn of(
        role: Option<MemberRole>,
        birth_date: Option<NaiveDate>,
        staff: bool,
        today: NaiveDate,
    ) -> Self {
        let age = birth_date.and_then(|born| Age::on(born, today));
        let young = |years| age.is_some_and(|age| age.years < years);
        match role {
            Some(MemberRole::Child) if young(1) => Self::Baby,
            Some(MemberRole::Child) => Self::Child,
            Some(_) => Self::Adult,
            None if young(1) => Self::Baby,
            None if young(16) => Self::Child,
            None if staff => Self::Staff,
            None => Self::Adult,
        }
    }
}

/// What needs attention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct Mark {
    /// What it is about.
    pub kind: MarkKind,
    /// The reason, only where a record was opened: a queue reads lists.
    pub detail: Option<String>,
}

/// What a mark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MarkKind {
    /// Somebody has an allergy.
    Allergy,
    /// Somebody was asked, and pictures are not permitted.
    NoPhotos,
    /// Something is missing or in doubt.
    DetailsToConfirm,
    /// Hidden from most logins.
    Protected,
    /// There is a note that the desk should read.
    Message,
}

impl Mark {
    pub(crate) const fn of(kind: MarkKind) -> Self {
        Self { kind, detail: None }
    }
}

/// What people call somebody: the name they go by, else the given name, and the family name.
pub(crate) fn called(
    given_name: Option<&str>,
    family_name: Option<&str>,
    known_as: Option<&str>,
) -> String {
    let first = known_as.or(given_name);
    let parts: Vec<&str> = [first, family_name]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

/// What people call this person.
pub(crate) fn name_of(person: &Person) -> String {
    called(
        person.given_name.as_deref(),
        person.family_name.as_deref(),
        person.known_as.as_deref(),
    )
}

/// A family's name: its own, else the family names of its members, grown-ups first, else what the
/// first of them is called.
pub(crate) fn family_name<'a>(
    own: Option<&str>,
    members: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    if let Some(own) = own.filter(|own| !own.is_empty()) {
        return own.to_owned();
    }
    let mut names: Vec<&str> = Vec::new();
    let mut first = "";
    for (family_name, called) in members {
        if first.is_empty() {
            first = called;
        }
        if !family_name.is_empty() && !names.contains(&family_name) {
            names.push(family_name);
        }
    }
    if names.is_empty() {
        first.to_owned()
    } else {
        names.join(" · ")
    }
}

/// What a person's line is marked with, without the reasons.
pub(crate) fn person_marks(
    read: &Read<'_>,
    sight: Sight,
    person: PersonId,
) -> Result<Vec<Mark>, StoreError> {
    let marks = read.person_marks(person)?;
    let shown = [
        (
            marks.allergy && sight.of::<Person>("allergies"),
            MarkKind::Allergy,
        ),
        (
            marks.no_photos && sight.of::<Decision>("refused"),
            MarkKind::NoPhotos,
        ),
        (marks.in_conflict, MarkKind::DetailsToConfirm),
    ];
    Ok(shown
        .into_iter()
        .filter(|(marked, _)| *marked)
        .map(|(_, kind)| Mark::of(kind))
        .collect())
}

/// What a role may see of a record's fields: the catalogue's word, asked by name.
#[derive(Clone, Copy)]
pub(crate) struct Sight(pub(crate) Role);

impl Sight {
    /// May this role see that field?
    pub(crate) fn of<R: Record>(self, field: &str) -> bool {
        R::entry()
            .field(field)
            .is_some_and(|field| can_read(self.0, field))
    }

    /// The value, if this role may see that field of a person.
    pub(crate) fn person<T>(self, field: &str, value: Option<T>) -> Option<T> {
        value.filter(|_| self.of::<Person>(field))
    }

    /// The value, if this role may see that field of a family.
    pub(crate) fn family<T>(self, field: &str, value: Option<T>) -> Option<T> {
        value.filter(|_| self.of::<Family>(field))
    }

    /// May this role know who families are at all?
    pub(crate) fn names(self) -> bool {
        self.of::<Person>("family_name")
    }

    /// May this role see families that are hidden? Named people come later; until then it is a
    /// matter of the role.
    pub(crate) const fn protected(self) -> bool {
        can(self.0, Action::OpenProtected)
    }

    /// The age, if this role may see birth dates.
    pub(crate) fn age(self, birth_date: Option<NaiveDate>, today: NaiveDate) -> Option<Age> {
        self.person("birth_date", birth_date)
            .and_then(|born| Age::on(born, today))
    }
}

/// The family, unless there is none or it is hidden from this role: to whom it is hidden, it is not
/// there.
pub(crate) fn visible_family(
    read: &Read<'_>,
    sight: Sight,
    family: FamilyId,
) -> Result<FamilyLine, Refusal> {
    match read.family_line(family)? {
        Some(line) if sight.names() && (!line.protected || sight.protected()) => Ok(line),
        _ => Err(Code::NotFound.into()),
    }
}

/// Refuses a person who is not known, or who belongs, or belonged, only to families that are hidden
/// from this role.
pub(crate) fn visible_person(
    read: &Read<'_>,
    sight: Sight,
    person: PersonId,
    today: NaiveDate,
) -> Result<Person, Refusal> {
    let (found, _) = read.record::<Person>(person)?;
    if !sight.names() || !sight.protected() && read.is_hidden(person, today)? {
        Err(Code::NotFound.into())
    } else {
        Ok(found)
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod stories;

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_baby_is_a_child_under_one() {
        let today = day("2026-11-23");
        let kind = |role, born: &str| PersonKind::of(role, Some(day(born)), false, today);
        assert_eq!(
            kind(Some(MemberRole::Child), "2025-11-24"),
            PersonKind::Baby
        );
        assert_eq!(
            kind(Some(MemberRole::Child), "2025-11-23"),
            PersonKind::Child,
            "one today"
        );
        assert_eq!(
            kind(Some(MemberRole::ParentCarer), "2011-05-01"),
            PersonKind::Adult,
            "a parent of fifteen"
        );
        assert_eq!(
            PersonKind::of(Some(MemberRole::Child), None, false, today),
            PersonKind::Child
        );
        assert_eq!(PersonKind::of(None, None, true, today), PersonKind::Staff);
    }

    #[test]
    fn names_are_what_people_are_called() {
        assert_eq!(
            called(Some("Testa"), Some("Beispiel"), None),
            "Testa Beispiel"
        );
        assert_eq!(
            called(Some("Aleksandra"), Some("Przykład"), Some("Ola")),
            "Ola Przykład"
        );
        assert_eq!(
            called(None, None, Some("Mouse")),
            "Mouse",
            "an alias is enough"
        );
    }

    #[test]
    fn a_family_is_called_after_its_members() {
        let members = [
            ("Beispiel", "Testa Beispiel"),
            ("Próbna", "Marta Próbna"),
            ("Beispiel", "Tim Beispiel"),
        ];
        assert_eq!(family_name(None, members.into_iter()), "Beispiel · Próbna");
        assert_eq!(
            family_name(Some("The Beispiels"), members.into_iter()),
            "The Beispiels"
        );
        assert_eq!(family_name(None, [("", "Mouse")].into_iter()), "Mouse");
    }
}
