//! From what was typed to families with their members, nearest first.

use std::collections::HashSet;

use chrono::NaiveDate;
use porch_domain::id::{CentreId, FamilyId, PersonId, RecordId as _};
use porch_domain::membership::MemberRole;
use rusqlite::ffi::SQLITE_ERROR;
use rusqlite::params;
use uuid::Uuid;

use super::index::centre_key;
use super::query::{Keys, Query};
use crate::access::Read;
use crate::attendance::expected_since;
use crate::error::StoreError;

/// Matches looked at for each family wanted: a family rarely has more members than this of one name.
const MATCHES_A_FAMILY: usize = 6;

/// What the index holds of everybody in a family that is here today or was at the same activity
/// lately, family by family.
pub(super) const EXPECTED: &str = "
    SELECT m.family, s.names, s.phone, s.postcode, s.birth
    FROM (
        SELECT DISTINCT a.family
        FROM session t
        JOIN session s ON s.date BETWEEN ?2 AND ?1 AND s.activity = t.activity
        JOIN attendance a ON a.session = s.id
        WHERE t.date = ?1 AND (t.centre = ?3 OR t.venue = ?3)
    ) expected
    CROSS JOIN membership m ON m.family = expected.family AND m.ended_on IS NULL
    CROSS JOIN search_entry e ON e.person = m.person
    CROSS JOIN person_search s ON s.rowid = e.number";
// CROSS JOIN keeps the index's own order, in which the first matches come without the others.
pub(super) const MATCHES: &str = "
    SELECT e.person
    FROM person_search s CROSS JOIN search_entry e ON e.number = s.rowid
    WHERE person_search MATCH ? ORDER BY s.rowid LIMIT ?";
pub(super) const FAMILIES: &str = "
    SELECT family FROM membership WHERE person = ? AND ended_on IS NULL";
pub(super) const MEMBERS: &str = "
    SELECT p.id, m.role, p.given_name, p.family_name, p.known_as, p.birth_date, p.phone,
           s.names, s.phone, s.postcode, s.birth
    FROM membership m
    JOIN person p ON p.id = m.person
    LEFT JOIN search_entry e ON e.person = p.id
    LEFT JOIN person_search s ON s.rowid = e.number
    WHERE m.family = ? AND m.ended_on IS NULL";

/// Where and for whom a search is made.
#[derive(Clone, Copy, Debug)]
pub struct SearchAt {
    /// The centre of the desk.
    pub centre: CentreId,
    /// The day.
    pub today: NaiveDate,
    /// The most families of each tier.
    pub limit: usize,
    /// Whether families that are hidden for their protection are found too.
    pub protected: bool,
}

/// How near a family is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Here today, or at the same activity within the last two weeks.
    HereOrExpected,
    /// Known to this centre.
    ThisCentre,
    /// Anybody else whom this device holds.
    Rest,
}

/// What was found, nearest first. Each family is in the first tier that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The three tiers.
    pub tiers: [FoundTier; 3],
}

/// The families of a tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundTier {
    /// Which.
    pub tier: Tier,
    /// The first families, in the order in which they were registered here.
    pub families: Vec<FoundFamily>,
    /// There are, or may be, more.
    pub more: bool,
}

/// A family that was found.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundFamily {
    /// The family.
    pub family: FamilyId,
    /// How the desk calls it, if it does.
    pub name: Option<String>,
    /// Its postcode.
    pub postcode: Option<String>,
    /// Hidden from others for its protection.
    pub protected: bool,
    /// Everybody who belongs to it.
    pub members: Vec<FoundMember>,
}

/// A member of a family that was found.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundMember {
    /// The person.
    pub person: PersonId,
    /// What they are in the family.
    pub role: MemberRole,
    /// Given names.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// What they are called.
    pub known_as: Option<String>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Telephone number.
    pub phone: Option<String>,
    /// It is this person who matches what was typed.
    pub matched: bool,
}

// Names and numbers stay out of logs and panics.
impl std::fmt::Debug for FoundFamily {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FoundFamily of {} members", self.members.len())
    }
}

impl std::fmt::Debug for FoundMember {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FoundMember")
    }
}

impl Read<'_> {
    /// Finds families by what somebody typed. Nothing typed finds nothing.
    ///
    /// Cost follows from `limit` and not from how many people match: each tier stops at its limit,
    /// and the rest is not looked at while this centre alone has more than that.
    ///
    /// # Errors
    /// When the store fails.
    pub fn search(&self, typed: &str, at: &SearchAt) -> Result<Found, StoreError> {
        let mut seen = HashSet::new();
        let mut tiers =
            [Tier::HereOrExpected, Tier::ThisCentre, Tier::Rest].map(|tier| FoundTier {
                tier,
                families: Vec::new(),
                more: false,
            });
        let Some(query) = Query::parse(typed, at.today) else {
            return Ok(Found { tiers });
        };
        let [expected, centre, rest] = &mut tiers;
        let sought = query.to_match();
        let here = centre_key(at.centre.uuid());

        for family in self.expected(&query, at)? {
            self.add(expected, &mut seen, family, &query, at)?;
        }
        let nearby = format!("centre : \"{here}\" AND {sought}");
        self.fill(centre, &mut seen, &nearby, &query, at)?;
        if centre.more {
            rest.more = true;
        } else {
            let elsewhere = format!("{sought} NOT centre : \"{here}\"");
            self.fill(rest, &mut seen, &elsewhere, &query, at)?;
        }
        Ok(Found { tiers })
    }

    /// Families that are here today, or were at the same activity lately, and have a member who
    /// matches.
    fn expected(&self, query: &Query, at: &SearchAt) -> Result<Vec<Uuid>, StoreError> {
        let since = expected_since(at.today);
        let mut select = self.connection.prepare_cached(EXPECTED)?;
        let mut people = select.query(params![
            at.today.to_string(),
            since.to_string(),
            at.centre.to_bytes()
        ])?;
        let mut families = Vec::new();
        while let Some(person) = people.next()? {
            let family = Uuid::from_bytes(person.get(0)?);
            if families.last() != Some(&family) && query.matches(&read_keys(person, 1)?) {
                families.push(family);
            }
        }
        Ok(families)
    }

    /// Adds the families of whoever the index gives, until the tier is full.
    fn fill(
        &self,
        tier: &mut FoundTier,
        seen: &mut HashSet<Uuid>,
        sought: &str,
        query: &Query,
        at: &SearchAt,
    ) -> Result<(), StoreError> {
        let most = at.limit.saturating_add(1).saturating_mul(MATCHES_A_FAMILY);
        let mut select = self.connection.prepare_cached(MATCHES)?;
        let mut people = select.query(params![sought, most])?;
        let mut looked_at = 0;
        loop {
            let person = match people.next() {
                // A letter that the index does not know as one splits its word, and what is split
                // cannot be looked up: nobody is found by it.
                Err(rusqlite::Error::SqliteFailure(failure, _))
                    if failure.extended_code == SQLITE_ERROR && !sought.is_ascii() =>
                {
                    break;
                }
                person => person?,
            };
            let Some(person) = person else {
                break;
            };
            looked_at += 1;
            let person: [u8; 16] = person.get(0)?;
            let mut families = self.connection.prepare_cached(FAMILIES)?;
            let mut families = families.query([person])?;
            while let Some(family) = families.next()? {
                let family = Uuid::from_bytes(family.get(0)?);
                self.add(tier, seen, family, query, at)?;
            }
            if tier.more {
                return Ok(());
            }
        }
        tier.more = looked_at == most;
        Ok(())
    }

    /// Adds a family to a tier unless it was found before or is hidden.
    fn add(
        &self,
        tier: &mut FoundTier,
        seen: &mut HashSet<Uuid>,
        family: Uuid,
        query: &Query,
        at: &SearchAt,
    ) -> Result<(), StoreError> {
        let family = self.survivor(FamilyId::from(family))?;
        if seen.contains(&family.uuid()) {
            return Ok(());
        }
        let Some(line) = self.family_line(family)? else {
            return Ok(());
        };
        let protected = line.protected;
        if protected && !at.protected {
            return Ok(());
        }
        if tier.families.len() >= at.limit {
            tier.more = true;
            return Ok(());
        }
        seen.insert(family.uuid());
        tier.families.push(FoundFamily {
            family,
            name: line.name,
            postcode: line.postcode,
            protected,
            members: self.members(family, query)?,
        });
        Ok(())
    }

    fn members(&self, family: FamilyId, query: &Query) -> Result<Vec<FoundMember>, StoreError> {
        let mut members: Vec<FoundMember> = Vec::new();
        for home in self.all_the_same(family)? {
            for mut member in self.members_of_one(home, query)? {
                if let Some(shown) = self.person_shown(member.person)? {
                    member.person = shown.id;
                    member.given_name = shown.given_name;
                    member.family_name = shown.family_name;
                    member.known_as = shown.known_as;
                    member.birth_date = shown.birth_date;
                    member.phone = shown.phone;
                }
                let mut known = members.iter_mut();
                match known.find(|known| known.person == member.person) {
                    // Found by what either registration says.
                    Some(known) => known.matched |= member.matched,
                    None => members.push(member),
                }
            }
        }
        Ok(members)
    }

    fn members_of_one(
        &self,
        family: FamilyId,
        query: &Query,
    ) -> Result<Vec<FoundMember>, StoreError> {
        let mut select = self.connection.prepare_cached(MEMBERS)?;
        let mut rows = select.query([family.to_bytes()])?;
        let mut members = Vec::new();
        while let Some(row) = rows.next()? {
            let role: String = row.get(1)?;
            let birth_date: Option<String> = row.get(5)?;
            members.push(FoundMember {
                person: Uuid::from_bytes(row.get(0)?).into(),
                role: role.parse().map_err(|_| StoreError::Malformed)?,
                given_name: row.get(2)?,
                family_name: row.get(3)?,
                known_as: row.get(4)?,
                birth_date: birth_date
                    .map(|date| date.parse().map_err(|_| StoreError::Malformed))
                    .transpose()?,
                phone: row.get(6)?,
                matched: query.matches(&read_keys(row, 7)?),
            });
        }
        Ok(members)
    }
}

fn read_keys(row: &rusqlite::Row<'_>, from: usize) -> Result<Keys, StoreError> {
    let text = |column| {
        row.get::<_, Option<String>>(from + column)
            .map(Option::unwrap_or_default)
    };
    Ok(Keys {
        names: text(0)?,
        phone: text(1)?,
        postcode: text(2)?,
        birth: text(3)?,
    })
}
