//! Finds families from the one search field.

use chrono::NaiveDate;
use porch_domain::id::{FamilyId, PersonId};
use porch_domain::typed_date::Age;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::people::{Mark, PersonKind};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// What was typed.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
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
pub struct SearchView {
    /// What was typed, so that late answers can be told from the latest.
    pub text: String,
    /// The families found, nearest first; tiers without any are left out.
    pub tiers: Vec<SearchTier>,
}

/// Families of one nearness.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SearchTier {
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
pub enum Tier {
    /// Here, or expected today.
    HereOrExpected,
    /// Registered at this centre.
    ThisCentre,
    /// Anywhere else.
    Rest,
}

/// A family found.
#[derive(Clone, Debug, Serialize, TS)]
pub struct FamilyHit {
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
pub struct MemberHit {
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

pub(crate) fn search(_work: &Work, _request: SearchRequest) -> Result<SearchView, Refusal> {
    Err(Code::Internal.into())
}
