//! Corrects the details of people and families, and adds members.

use porch_domain::id::{FamilyId, PersonId};
use porch_domain::membership::MemberRole;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Nothing, Refusal};
use crate::register::PersonForm;
use crate::work::Work;

/// A person's details, corrected.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EditPersonRequest {
    /// Who.
    pub person: PersonId,
    /// What was seen when the form opened.
    pub versions: String,
    /// The details.
    pub form: PersonForm,
}

/// A family's details, corrected.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EditFamilyRequest {
    /// Which.
    pub family: FamilyId,
    /// What was seen when the form opened.
    pub versions: String,
    /// The address without postcode.
    pub address: String,
    /// The postcode.
    pub postcode: String,
    /// They have no fixed address.
    pub no_fixed_address: bool,
    /// What the desk should know.
    pub note: String,
}

/// A new member.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddMemberRequest {
    /// Of which family.
    pub family: FamilyId,
    /// Their details.
    pub form: PersonForm,
}

/// The member that was added.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct AddedMemberView {
    /// Who.
    pub person: PersonId,
}

/// A member who is known already.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddExistingMemberRequest {
    /// Of which family.
    pub family: FamilyId,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: MemberRole,
}

pub(crate) fn edit_person(_work: &Work, _request: EditPersonRequest) -> Result<Nothing, Refusal> {
    Err(Code::Internal.into())
}

pub(crate) fn edit_family(_work: &Work, _request: EditFamilyRequest) -> Result<Nothing, Refusal> {
    Err(Code::Internal.into())
}

pub(crate) fn add_member(_work: &Work, _request: AddMemberRequest) -> Result<AddedMemberView, Refusal> {
    Err(Code::Internal.into())
}

pub(crate) fn add_existing_member(_work: &Work, _request: AddExistingMemberRequest) -> Result<Nothing, Refusal> {
    Err(Code::Internal.into())
}
