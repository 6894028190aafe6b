//! Who may be registered already. It only proposes: a person decides.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::catalogue::{FieldValues, Record as _};
use porch_domain::id::{FamilyId, PersonId};
use porch_domain::likeness::{Alike, Particulars, likely_duplicates};
use porch_domain::person::Person;
use porch_store::search::SearchAt;
use porch_store::{Read, StoreError};

use super::{LikelyDuplicate, Likeness};
use crate::people::{Sight, name_of};
use crate::work::Work;

/// The most that are proposed.
const MOST: usize = 8;
/// The most families looked at for one name.
const FAMILIES_A_NAME: usize = 20;

/// Somebody who is registered, with a family that everybody may see.
struct Known {
    family: FamilyId,
    postcode: Option<String>,
    person: Person,
}

/// Those who may be one of the newcomers, the likeliest first. Whoever belongs to a hidden family
/// is never proposed, to no role: the proposal itself would tell.
pub(super) fn likely(
    work: &Work,
    read: &Read<'_>,
    newcomers: &[FieldValues],
    postcode: Option<&str>,
) -> Result<Vec<LikelyDuplicate>, StoreError> {
    let sight = Sight(work.login.role);
    let mut found: BTreeMap<PersonId, (u32, LikelyDuplicate)> = BTreeMap::new();
    for newcomer in newcomers {
        let newcomer = particulars(newcomer)?;
        let mut known = BTreeMap::new();
        for person in candidates(work, read, &newcomer)? {
            if let Some(candidate) = look_up(work, read, person)? {
                known.insert(person, candidate);
            }
        }
        let registered: BTreeMap<PersonId, Particulars> = known
            .iter()
            .map(|(id, known)| (*id, Particulars::from(&known.person)))
            .collect();
        for likely in
            likely_duplicates(&newcomer, registered.iter().map(|(id, other)| (*id, other)))
        {
            let Some(known) = known.get(&likely.person) else {
                continue;
            };
            let mut because: BTreeSet<Likeness> = likely
                .because
                .iter()
                .map(|alike| Likeness::from(*alike))
                .collect();
            if postcode.is_some() && known.postcode.as_deref() == postcode {
                because.insert(Likeness::Postcode);
            }
            let proposal = LikelyDuplicate {
                family: known.family,
                person: likely.person,
                name: name_of(&known.person),
                birth_date: sight
                    .person("birth_date", known.person.birth_date)
                    .map(|date| date.to_string()),
                because: because.into_iter().collect(),
            };
            let better = found
                .get(&likely.person)
                .is_none_or(|(score, _)| *score < likely.score);
            if better {
                found.insert(likely.person, (likely.score, proposal));
            }
        }
    }
    let mut found: Vec<(u32, LikelyDuplicate)> = found.into_values().collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    Ok(found
        .into_iter()
        .map(|(_, proposal)| proposal)
        .take(MOST)
        .collect())
}

fn particulars(newcomer: &FieldValues) -> Result<Particulars, StoreError> {
    let mut fields = newcomer.clone();
    fields.insert("staff".to_owned(), false.into());
    Ok(Particulars::from(&Person::from_fields(
        PersonId::from_bytes([0; 16]),
        &fields,
    )?))
}

fn candidates(
    work: &Work,
    read: &Read<'_>,
    newcomer: &Particulars,
) -> Result<BTreeSet<PersonId>, StoreError> {
    let nhs_number = newcomer
        .nhs_number
        .as_ref()
        .map(porch_domain::nhs_number::NhsNumber::as_str);
    let mut people: BTreeSet<PersonId> = read
        .people_like(nhs_number, newcomer.phone.as_deref(), newcomer.birth_date)?
        .into_iter()
        .collect();
    let at = SearchAt {
        centre: work.device.centre,
        today: work.today,
        limit: FAMILIES_A_NAME,
        protected: false,
    };
    for first in [&newcomer.given_name, &newcomer.known_as]
        .into_iter()
        .flatten()
    {
        let family_name = newcomer.family_name.as_deref().unwrap_or_default();
        let found = read.search(&format!("{first} {family_name}"), &at)?;
        let members = found
            .tiers
            .into_iter()
            .flat_map(|tier| tier.families)
            .flat_map(|family| family.members);
        people.extend(
            members
                .filter(|member| member.matched)
                .map(|member| member.person),
        );
    }
    Ok(people)
}

fn look_up(work: &Work, read: &Read<'_>, person: PersonId) -> Result<Option<Known>, StoreError> {
    let families = read.families_of(person, work.today)?;
    let Some((family, _)) = families
        .first()
        .filter(|_| families.iter().all(|(_, protected)| !protected))
    else {
        return Ok(None);
    };
    let postcode = read.family_line(*family)?.and_then(|line| line.postcode);
    let (person, _) = read.record::<Person>(person)?;
    Ok(Some(Known {
        family: *family,
        postcode,
        person,
    }))
}

impl From<Alike> for Likeness {
    fn from(alike: Alike) -> Self {
        match alike {
            Alike::NhsNumber => Self::NhsNumber,
            Alike::SameName | Alike::SimilarName => Self::Name,
            Alike::SameBirthDate | Alike::SimilarBirthDate => Self::BirthDate,
            Alike::SamePhone => Self::Phone,
        }
    }
}
