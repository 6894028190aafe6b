//! Finds families from the one search field.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use porch_domain::attendance::Attendance;
use porch_domain::family::Family;
use porch_domain::id::{AttendanceId, FamilyId, PersonId, SessionId};
use porch_domain::membership::MemberRole;
use porch_domain::person::Person;
use porch_domain::typed_date::Age;
use porch_store::audit::Deed;
use porch_store::search::{FoundFamily, FoundMember, SearchAt, Tier as FoundTierKind};
use porch_store::{Read, StoreError};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::clock::london_date;
use crate::people::{Mark, MarkKind, PersonKind, Sight, called, family_name, person_marks};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// What was typed.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchRequest {
    /// Parts of names, a phone tail, a postcode, a birth date.
    pub text: String,
    /// At most so many families in each tier.
    pub limit: u32,
    /// The window has shown this result for a while or acts on it: only then is it put into the
    /// audit, once and without ids, not at each key press.
    #[serde(default)]
    #[ts(optional)]
    pub settled: Option<bool>,
}

/// What was found.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct SearchView {
    /// What was typed, so that late answers can be told from the latest.
    pub text: String,
    /// The families found, nearest first; tiers without any are left out.
    pub tiers: Vec<SearchTier>,
}

/// Families of one nearness.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct SearchTier {
    /// How near.
    pub tier: Tier,
    /// The families.
    pub families: Vec<FamilyHit>,
    /// There are more than were asked for.
    pub more: bool,
}

/// How near a family is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tier {
    /// Here, or expected today.
    HereOrExpected,
    /// Registered at this centre.
    ThisCentre,
    /// Anywhere else.
    Rest,
}

/// A family found.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct FamilyHit {
    /// Its identifier.
    pub family: FamilyId,
    /// What it is called.
    pub name: String,
    /// Its members, grown-ups first.
    pub members: Vec<MemberHit>,
    /// What needs attention.
    pub marks: Vec<Mark>,
    /// Its postcode.
    pub postcode: Option<String>,
    /// The last four digits of a phone number.
    pub phone_tail: Option<String>,
    /// Somebody of it is here.
    pub here: bool,
    /// The last day it came.
    #[ts(type = "string | null")]
    pub last_came_on: Option<NaiveDate>,
}

/// A member of a family found.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct MemberHit {
    /// Who.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// How old they are.
    pub age: Option<Age>,
    /// Adult, child or baby.
    pub kind: PersonKind,
    /// What was typed found this person.
    pub matched: bool,
    /// They are here.
    pub here: bool,
}

/// Longer texts are no search.
const MAX_LETTERS: usize = 200;
/// The most families of a tier, whatever is asked for.
const MAX_FAMILIES: u32 = 50;

pub(crate) fn search(work: &Work, request: SearchRequest) -> Result<SearchView, Refusal> {
    let sight = Sight(work.login.role);
    if !sight.names() {
        return Err(Code::NotAllowed.into());
    }
    if request.text.chars().count() > MAX_LETTERS {
        return Err(Refusal::of_field("text", Code::TooLong));
    }
    if request.settled == Some(true) {
        work.write(|write| work.record(write, Deed::Searched, "search", None, &[]))?;
    }
    let at = SearchAt {
        centre: work.device.centre,
        today: work.today,
        limit: usize::try_from(request.limit.clamp(1, MAX_FAMILIES)).unwrap_or(1),
        protected: sight.protected(),
    };
    let tiers = work.read(|read| {
        let found = read.search(&request.text, &at)?;
        let lines = Lines {
            read,
            sight,
            here: read.here_on(work.today, sight.protected())?,
            today: work.today,
        };
        found
            .tiers
            .into_iter()
            .filter(|tier| !tier.families.is_empty() || tier.more)
            .map(|tier| {
                let families = tier
                    .families
                    .into_iter()
                    .map(|family| lines.show(family))
                    .collect::<Result<_, _>>()?;
                Ok(SearchTier {
                    tier: tier.tier.into(),
                    families,
                    more: tier.more,
                })
            })
            .collect()
    })?;
    Ok(SearchView {
        text: request.text,
        tiers,
    })
}

impl From<FoundTierKind> for Tier {
    fn from(tier: FoundTierKind) -> Self {
        match tier {
            FoundTierKind::HereOrExpected => Self::HereOrExpected,
            FoundTierKind::ThisCentre => Self::ThisCentre,
            FoundTierKind::Rest => Self::Rest,
        }
    }
}

/// What a family's line is made with.
struct Lines<'a> {
    read: &'a Read<'a>,
    sight: Sight,
    here: HashMap<PersonId, (AttendanceId, SessionId)>,
    today: NaiveDate,
}

impl Lines<'_> {
    fn show(&self, mut found: FoundFamily) -> Result<FamilyHit, StoreError> {
        found.members.sort_by_key(|member| {
            let born = member.birth_date;
            (
                member.role == MemberRole::EmergencyContact,
                member.role == MemberRole::Child,
                born.is_none(),
                born,
                member.person,
            )
        });
        let mut marks = BTreeSet::new();
        for member in &found.members {
            marks.extend(
                person_marks(self.read, self.sight, member.person)?
                    .into_iter()
                    .map(|mark| mark.kind),
            );
        }
        if let Some(line) = self.read.family_line(found.family)? {
            if line.in_conflict {
                marks.insert(MarkKind::DetailsToConfirm);
            }
            if line.has_note && self.sight.of::<Family>("note") {
                marks.insert(MarkKind::Message);
            }
        }
        if incomplete(&found.members)
            && self.sight.of::<Person>("phone")
            && self.sight.of::<Person>("birth_date")
        {
            marks.insert(MarkKind::DetailsToConfirm);
        }
        if found.protected {
            marks.insert(MarkKind::Protected);
        }
        let last_came_on = self.read.last_arrival(found.family)?.map(london_date);
        let members: Vec<MemberHit> = found
            .members
            .iter()
            .map(|member| self.member(member))
            .collect();
        let names = found.members.iter().zip(&members);
        let names = names.map(|(found, shown)| {
            (
                found.family_name.as_deref().unwrap_or_default(),
                shown.name.as_str(),
            )
        });
        Ok(FamilyHit {
            family: found.family,
            name: family_name(found.name.as_deref(), names),
            marks: marks.into_iter().map(Mark::of).collect(),
            postcode: self.sight.family("postcode", found.postcode),
            phone_tail: self.sight.person(
                "phone",
                found
                    .members
                    .iter()
                    .find_map(|member| phone_end(member.phone.as_deref()?)),
            ),
            here: members.iter().any(|member| member.here),
            last_came_on: last_came_on.filter(|_| self.sight.of::<Attendance>("arrived_at")),
            members,
        })
    }

    fn member(&self, member: &FoundMember) -> MemberHit {
        MemberHit {
            person: member.person,
            name: called(
                member.given_name.as_deref(),
                member.family_name.as_deref(),
                member.known_as.as_deref(),
            ),
            age: self.sight.age(member.birth_date, self.today),
            kind: PersonKind::of(Some(member.role), member.birth_date, false, self.today),
            matched: member.matched,
            here: self.here.contains_key(&member.person),
        }
    }
}

/// A child without a birth date, or nobody to call: worth asking when there is time.
fn incomplete(members: &[FoundMember]) -> bool {
    let unknown_age = members
        .iter()
        .any(|member| member.role == MemberRole::Child && member.birth_date.is_none());
    unknown_age || members.iter().all(|member| member.phone.is_none())
}

/// The last four digits: enough to tell two families apart, too few to call.
fn phone_end(phone: &str) -> Option<String> {
    let at = phone.len().checked_sub(4)?;
    phone.get(at..).map(str::to_owned)
}
