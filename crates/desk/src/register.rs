//! Registers a newcomer: adults, children, a phone number, an address or none, and the privacy
//! notice shown. Nothing else is mandatory.

use std::collections::BTreeMap;

use porch_domain::bytes::Digest;
use porch_domain::id::{FamilyId, PersonId, SessionId};
use porch_domain::membership::MemberRole;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Nothing, Problem, Refusal};
use crate::work::Work;

mod notice;

pub(crate) use notice::{NoticeView, notice, notice_in_force};

/// A registration as typed.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RegistrationRequest {
    /// The grown-ups.
    pub adults: Vec<PersonForm>,
    /// The children.
    pub children: Vec<PersonForm>,
    /// The address without postcode.
    pub address: String,
    /// The postcode.
    pub postcode: String,
    /// They have no fixed address.
    pub no_fixed_address: bool,
    /// What the desk should know.
    pub note: String,
    /// The privacy notice that was shown.
    pub notice: Option<NoticeSeen>,
    /// One of today's sessions, to sign them in at once.
    pub sign_in_to: Option<SessionId>,
}

/// Which privacy notice was shown.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NoticeSeen {
    /// Which.
    pub notice: String,
    /// Which version of it.
    pub version: u32,
    /// In which language.
    pub language: String,
    /// SHA-256 of the exact text.
    pub sha256: Digest,
}

/// A person as typed; what was not given is empty.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PersonForm {
    /// Given names.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// What they go by, or an alias.
    pub known_as: String,
    /// Date of birth, typed any sane way.
    pub birth_date: String,
    /// When a baby is due, typed any sane way.
    pub due_date: String,
    /// Telephone number, in any spacing.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// NHS number, in any spacing.
    pub nhs_number: String,
    /// The language they like to speak and read.
    pub language: String,
    /// Allergies, in words.
    pub allergies: String,
    /// What they are in the family.
    pub role: MemberRole,
    /// What they say of having parental responsibility.
    pub parental_responsibility: Option<bool>,
}

/// What the desk makes of a registration as typed.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RegistrationCheck {
    /// What keeps it from being saved.
    pub problems: Vec<Problem>,
    /// What looks odd and is saved all the same.
    pub warnings: Vec<Problem>,
    /// Dates as they were understood, by field: `YYYY-MM-DD`.
    pub dates: BTreeMap<String, String>,
    /// People who may be the same. A person decides.
    pub likely: Vec<LikelyDuplicate>,
}

/// Somebody who may be the same person.
#[derive(Clone, Debug, Serialize, TS)]
pub struct LikelyDuplicate {
    /// A family of theirs.
    pub family: FamilyId,
    /// Who.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// Date of birth.
    pub birth_date: Option<String>,
    /// What is alike.
    pub because: Vec<Likeness>,
}

/// What is alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// The names sound or look alike.
    Name,
    /// The same date of birth.
    BirthDate,
    /// The same telephone number.
    Phone,
    /// The same NHS number.
    NhsNumber,
    /// The same postcode.
    Postcode,
}

/// A family that was registered.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct RegisteredView {
    /// Its identifier.
    pub family: FamilyId,
}

pub(crate) fn check_registration(_work: &Work, _request: RegistrationRequest) -> Result<RegistrationCheck, Refusal> {
    Err(Code::Internal.into())
}

pub(crate) fn register(_work: &Work, _request: RegistrationRequest) -> Result<RegisteredView, Refusal> {
    Err(Code::Internal.into())
}
