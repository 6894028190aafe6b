//! Who belongs to which family, and what makes a family's page.

use std::collections::HashSet;

use chrono::NaiveDate;
use porch_domain::bytes::Digest;
use porch_domain::catalogue::Record as _;
use porch_domain::family::Family;
use porch_domain::id::{CentreId, FamilyId, MembershipId, PersonId, RecordId as _};
use porch_domain::membership::MemberRole;
use porch_domain::person::Person;
use porch_domain::text::{TextKind, TextRef};
use porch_domain::time::Instant;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::access::Read;
use crate::attendance::instant;
use crate::error::StoreError;

/// A person in a family, as lists show them.
#[derive(Clone, PartialEq)]
pub struct MemberRow {
    /// The family.
    pub family: FamilyId,
    /// The person.
    pub person: PersonId,
    /// Their place in the family; none for somebody who only came along.
    pub membership: Option<MembershipId>,
    /// As what.
    pub role: Option<MemberRole>,
    /// Given names.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// What they go by.
    pub known_as: Option<String>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Telephone number.
    pub phone: Option<String>,
    /// They have an allergy; which one is not said in lists.
    pub allergy: bool,
    /// Also works or volunteers for the service.
    pub staff: bool,
}

impl MemberRow {
    /// Reads the columns that [`MEMBERS_OF`] names, from `at` on.
    pub(crate) fn read(row: &Row<'_>, at: usize) -> Result<Self, StoreError> {
        let role: Option<String> = row.get(at + 3)?;
        Ok(Self {
            family: FamilyId::from_bytes(row.get(at)?),
            person: PersonId::from_bytes(row.get(at + 1)?),
            membership: row
                .get::<_, Option<[u8; 16]>>(at + 2)?
                .map(MembershipId::from_bytes),
            role: role
                .map(|role| role.parse().map_err(|_| StoreError::Malformed))
                .transpose()?,
            given_name: row.get(at + 4)?,
            family_name: row.get(at + 5)?,
            known_as: row.get(at + 6)?,
            birth_date: date(row.get(at + 7)?)?,
            phone: row.get(at + 8)?,
            allergy: row.get(at + 9)?,
            staff: row.get(at + 10)?,
        })
    }

    /// As the survivor shows, for a person or family that was registered more than once.
    pub(crate) fn settle(&mut self, read: &Read<'_>) -> Result<(), StoreError> {
        self.family = read.survivor(self.family)?;
        if let Some(shown) = read.person_shown(self.person)? {
            self.person = shown.id;
            self.given_name = shown.given_name;
            self.family_name = shown.family_name;
            self.known_as = shown.known_as;
            self.birth_date = shown.birth_date;
            self.phone = shown.phone;
            self.allergy = shown.allergies.is_some();
            self.staff = shown.staff;
        }
        Ok(())
    }

    /// The order of [`MEMBERS_OF`].
    fn place(&self) -> (bool, bool, bool, Option<NaiveDate>, Option<MembershipId>) {
        (
            self.role == Some(MemberRole::EmergencyContact),
            self.role == Some(MemberRole::Child),
            self.birth_date.is_none(),
            self.birth_date,
            self.membership,
        )
    }
}

/// Grown-ups first, then children from the eldest; who to call comes last. A person whose record
/// has not arrived yet is not listed.
const MEMBERS_OF: &str = "
    SELECT m.family, m.person, m.id, m.role,
           p.given_name, p.family_name, p.known_as, p.birth_date, p.phone,
           p.allergies IS NOT NULL, p.staff
    FROM membership m
    CROSS JOIN person p ON p.id = m.person
    WHERE m.family = ?1 AND (m.ended_on IS NULL OR m.ended_on > ?2)
    ORDER BY m.role = 'emergency_contact', m.role = 'child', p.birth_date IS NULL, p.birth_date, m.id";

const FAMILIES_OF: &str = "
    SELECT m.family, coalesce(h.protected, 1)
    FROM membership m
    LEFT JOIN family_hidden h ON h.family = m.family
    WHERE m.person IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
        AND (m.ended_on IS NULL OR m.ended_on > ?2)
    ORDER BY m.id";

/// A family that has not arrived may be a hidden one. Leaving a hidden family uncovers nobody.
const IS_HIDDEN: &str = "
    SELECT coalesce(max(coalesce(h.protected, 1) <> 0), 0)
        AND NOT coalesce(max(h.protected = 0 AND (m.ended_on IS NULL OR m.ended_on > ?2)), 0)
    FROM membership m
    LEFT JOIN family_hidden h ON h.family = m.family
    WHERE m.person IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)";

const FAMILY_LINE: &str = "
    SELECT name, postcode, centre, protected,
           no_fixed_address <> 0 OR address IS NOT NULL OR postcode IS NOT NULL,
           EXISTS (
               SELECT 1 FROM conflict c
               WHERE c.record IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
           ),
           note IS NOT NULL
    FROM family
    WHERE id = ?1";

/// "No photos" means that somebody was asked and no channel is permitted.
const PERSON_MARKS: &str = "
    SELECT allergies IS NOT NULL,
           CASE
               WHEN EXISTS (
                   SELECT 1 FROM decision d
                   WHERE d.subject IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
                       AND d.purpose = 'publicity_picture'
               )
               THEN NOT EXISTS (
                   SELECT 1 FROM permission p
                   WHERE p.subject IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
                       AND p.purpose = 'publicity_picture'
               )
               ELSE 0
           END,
           EXISTS (
               SELECT 1 FROM conflict c
               WHERE c.record IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
           )
    FROM person
    WHERE id = ?1";

const NOTICES_OF: &str = "
    SELECT notice, version, language, sha256, shown_at
    FROM notice_shown
    WHERE person IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
    ORDER BY shown_at DESC, id DESC";

const LIKE_A_NEWCOMER: &str = "
    SELECT id FROM person WHERE nhs_number = ?1
    UNION SELECT id FROM person WHERE phone = ?2
    UNION SELECT id FROM person WHERE birth_date = ?3
    LIMIT 500";

/// A family as lists show it.
#[derive(Clone, PartialEq)]
pub struct FamilyLine {
    /// Its own name, where it has one.
    pub name: Option<String>,
    /// Its postcode.
    pub postcode: Option<String>,
    /// The centre at whose desk it registered.
    pub centre: CentreId,
    /// Hidden from most logins.
    pub protected: bool,
    /// It is known where they live, or that they have no fixed address.
    pub address_known: bool,
    /// A value lost to a concurrent edit, and nobody has looked at it yet.
    pub in_conflict: bool,
    /// There is something that the desk should know.
    pub has_note: bool,
}

/// What needs attention about a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonMarks {
    /// They have an allergy.
    pub allergy: bool,
    /// They, or who decides for them, were asked for pictures, and none is permitted.
    pub no_photos: bool,
    /// A value lost to a concurrent edit, and nobody has looked at it yet.
    pub in_conflict: bool,
}

/// That the privacy notice was shown to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Which notice.
    pub notice: String,
    /// Which version of it.
    pub version: u32,
    /// In which language.
    pub language: String,
    /// SHA-256 of its words.
    pub sha256: Digest,
    /// When.
    pub shown_at: Instant,
}

impl NoticeRow {
    /// Which text was shown.
    pub fn text_ref(&self) -> TextRef {
        TextRef {
            kind: TextKind::Notice,
            name: self.notice.clone(),
            version: self.version,
            language: self.language.clone(),
            sha256: self.sha256,
        }
    }
}

impl Read<'_> {
    /// The members of a family on a day.
    ///
    /// # Errors
    /// When the store fails or a row is not of its form.
    pub fn members_of(
        &self,
        family: FamilyId,
        today: NaiveDate,
    ) -> Result<Vec<MemberRow>, StoreError> {
        let mut select = self.connection.prepare_cached(MEMBERS_OF)?;
        let mut members = Vec::new();
        let homes = self.all_the_same(family)?;
        for home in &homes {
            let mut rows = select.query(params![home.to_bytes(), today.to_string()])?;
            while let Some(row) = rows.next()? {
                let mut member = MemberRow::read(row, 0)?;
                member.settle(self)?;
                members.push(member);
            }
        }
        // Whoever is in it twice is there once.
        let mut seen = HashSet::new();
        members.sort_by_key(MemberRow::place);
        members.retain(|member| seen.insert(member.person));
        Ok(members)
    }

    /// The families of a person on a day, and whether each is hidden; one whose record has not
    /// arrived is taken for hidden.
    ///
    /// # Errors
    /// When the store fails.
    pub fn families_of(
        &self,
        person: PersonId,
        today: NaiveDate,
    ) -> Result<Vec<(FamilyId, bool)>, StoreError> {
        let mut select = self.connection.prepare_cached(FAMILIES_OF)?;
        let rows = select.query_map(params![person.to_bytes(), today.to_string()], |row| {
            Ok((FamilyId::from_bytes(row.get(0)?), row.get(1)?))
        })?;
        let mut families: Vec<(FamilyId, bool)> = Vec::new();
        for row in rows {
            let (family, hidden) = row?;
            let family = self.survivor(family)?;
            if !families.iter().any(|(known, _)| *known == family) {
                families.push((family, hidden));
            }
        }
        Ok(families)
    }

    /// Whether a person is hidden on a day: they belong, or belonged, to a hidden family, and to no
    /// other now.
    ///
    /// # Errors
    /// When the store fails.
    pub fn is_hidden(&self, person: PersonId, today: NaiveDate) -> Result<bool, StoreError> {
        Ok(self
            .connection
            .prepare_cached(IS_HIDDEN)?
            .query_row(params![person.to_bytes(), today.to_string()], |row| {
                row.get(0)
            })?)
    }

    /// A family's line in lists; `None` when there is no such family.
    ///
    /// # Errors
    /// When the store fails.
    pub fn family_line(&self, family: FamilyId) -> Result<Option<FamilyLine>, StoreError> {
        let mut select = self.connection.prepare_cached(FAMILY_LINE)?;
        let mut line = select
            .query_row([self.survivor(family)?.to_bytes()], |row| {
                Ok(FamilyLine {
                    name: row.get(0)?,
                    postcode: row.get(1)?,
                    centre: CentreId::from_bytes(row.get(2)?),
                    protected: row.get(3)?,
                    address_known: row.get(4)?,
                    in_conflict: row.get(5)?,
                    has_note: row.get(6)?,
                })
            })
            .optional()?;
        if let Some(line) = &mut line
            && let Some(shown) = self.family_shown(family)?
        {
            line.address_known =
                shown.no_fixed_address || shown.address.is_some() || shown.postcode.is_some();
            line.name = shown.name;
            line.postcode = shown.postcode.map(|postcode| postcode.to_string());
            line.centre = shown.centre;
            line.protected = shown.protected;
            line.in_conflict |= !self.late_writes(Family::KIND, family.uuid())?.is_empty();
            line.has_note = shown.note.is_some();
        }
        Ok(line)
    }

    /// What needs attention about a person; nothing when there is no such person.
    ///
    /// # Errors
    /// When the store fails.
    pub fn person_marks(&self, person: PersonId) -> Result<PersonMarks, StoreError> {
        let mut select = self.connection.prepare_cached(PERSON_MARKS)?;
        let marks = select
            .query_row([self.survivor(person)?.to_bytes()], |row| {
                Ok(PersonMarks {
                    allergy: row.get(0)?,
                    no_photos: row.get(1)?,
                    in_conflict: row.get(2)?,
                })
            })
            .optional()?;
        let mut marks = marks.unwrap_or_default();
        if let Some(shown) = self.person_shown(person)? {
            marks.allergy = shown.allergies.is_some();
            marks.in_conflict |= !self.late_writes(Person::KIND, person.uuid())?.is_empty();
        }
        Ok(marks)
    }

    /// The privacy notices that were shown to a person, newest first.
    ///
    /// # Errors
    /// When the store fails or a row is not of its form.
    pub fn notices_of(&self, person: PersonId) -> Result<Vec<NoticeRow>, StoreError> {
        let mut select = self.connection.prepare_cached(NOTICES_OF)?;
        let mut rows = select.query([person.to_bytes()])?;
        let mut notices = Vec::new();
        while let Some(row) = rows.next()? {
            notices.push(NoticeRow {
                notice: row.get(0)?,
                version: row.get(1)?,
                language: row.get(2)?,
                sha256: row
                    .get::<_, String>(3)?
                    .parse()
                    .map_err(|_| StoreError::Malformed)?,
                shown_at: instant(row.get(4)?)?,
            });
        }
        Ok(notices)
    }

    /// People who share an NHS number, a telephone number or a date of birth with a newcomer.
    ///
    /// # Errors
    /// When the store fails.
    pub fn people_like(
        &self,
        nhs_number: Option<&str>,
        phone: Option<&str>,
        birth_date: Option<NaiveDate>,
    ) -> Result<Vec<PersonId>, StoreError> {
        let mut select = self.connection.prepare_cached(LIKE_A_NEWCOMER)?;
        let birth_date = birth_date.map(|date| date.to_string());
        let rows = select.query_map(params![nhs_number, phone, birth_date], |row| {
            Ok(PersonId::from_bytes(row.get(0)?))
        })?;
        let mut like = Vec::new();
        for person in rows {
            let person = self.survivor(person?)?;
            if !like.contains(&person) {
                like.push(person);
            }
        }
        Ok(like)
    }
}

pub(crate) fn date(text: Option<String>) -> Result<Option<NaiveDate>, StoreError> {
    text.map(|text| text.parse().map_err(|_| StoreError::Malformed))
        .transpose()
}

#[cfg(test)]
mod tests;
