//! Everything about a family on one page.

use chrono::NaiveDate;
use porch_domain::decision::Purpose;
use porch_domain::id::{AttendanceId, DecisionId, FamilyId, MembershipId, PersonId, SessionId};
use porch_domain::membership::MemberRole;
use porch_domain::time::Instant;
use porch_domain::typed_date::Age;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::people::{Mark, PersonKind};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Which family.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FamilyRequest {
    /// Its identifier.
    pub family: FamilyId,
}

/// A family's page. What the login's role may not see is empty.
#[derive(Clone, Debug, Serialize, TS)]
pub struct FamilyView {
    /// Its identifier.
    pub family: FamilyId,
    /// What it is called.
    pub name: String,
    /// The centre at whose desk it registered.
    pub centre: String,
    /// The address without postcode.
    pub address: Option<String>,
    /// The postcode.
    pub postcode: Option<String>,
    /// It has no fixed address.
    pub no_fixed_address: bool,
    /// Hidden from most logins.
    pub protected: bool,
    /// What the desk should know.
    pub note: Option<String>,
    /// What was seen of it; opaque, to be handed back when editing.
    pub versions: String,
    /// Its members, grown-ups first, then by age.
    pub members: Vec<MemberView>,
    /// Its latest visits, newest first.
    pub attendances: Vec<VisitView>,
    /// To whom the privacy notice was shown, newest first.
    pub notices: Vec<NoticeShownView>,
    /// What needs attention.
    pub marks: Vec<Mark>,
    /// Who came last time: to be ticked.
    pub last_time: Vec<PersonId>,
    /// Today's sessions to offer, likeliest first.
    pub sessions_now: Vec<SessionId>,
}

/// A member of a family.
#[derive(Clone, Debug, Serialize, TS)]
pub struct MemberView {
    /// Who.
    pub person: PersonId,
    /// Their place in this family.
    pub membership: MembershipId,
    /// As what.
    pub role: MemberRole,
    /// Given names.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// What they go by, or an alias.
    pub known_as: Option<String>,
    /// What they are called.
    pub name: String,
    /// Adult, child or baby.
    pub kind: PersonKind,
    /// Date of birth.
    #[ts(type = "string | null")]
    pub birth_date: Option<NaiveDate>,
    /// When a baby is due.
    #[ts(type = "string | null")]
    pub due_date: Option<NaiveDate>,
    /// How old they are.
    pub age: Option<Age>,
    /// Telephone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// NHS number.
    pub nhs_number: Option<String>,
    /// The language they like to speak and read.
    pub language: Option<String>,
    /// Allergies, in words.
    pub allergies: Option<String>,
    /// What they say of having parental responsibility.
    pub parental_responsibility: Option<bool>,
    /// The other families they belong to.
    pub other_families: Vec<FamilyId>,
    /// What was seen of them; opaque, to be handed back when editing.
    pub versions: String,
    /// Their attendance, while they are here.
    pub here: Option<AttendanceId>,
    /// What they or others decided, by purpose.
    pub permissions: Vec<PermissionView>,
}

/// What is permitted for one purpose, with the answers that stand.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PermissionView {
    /// For what.
    pub purpose: Purpose,
    /// How it stands.
    pub state: PermissionState,
    /// The channels that are permitted.
    pub granted: Vec<String>,
    /// The channels that were asked for and are not permitted.
    pub refused: Vec<String>,
    /// The day of the latest answer.
    #[ts(type = "string | null")]
    pub decided_on: Option<NaiveDate>,
    /// Who gave it.
    pub decided_by: Option<String>,
    /// The decisions that stand: what a withdrawal names.
    pub decisions: Vec<DecisionId>,
}

/// How a purpose stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PermissionState {
    /// Nobody was asked.
    None,
    /// Every channel is permitted.
    Yes,
    /// Some are.
    Some,
    /// None is.
    No,
}

/// A day on which members came to something.
#[derive(Clone, Debug, Serialize, TS)]
pub struct VisitView {
    /// The day.
    #[ts(type = "string")]
    pub date: NaiveDate,
    /// To what.
    pub activity: String,
    /// Who.
    pub people: Vec<PersonId>,
}

/// That the privacy notice was shown.
#[derive(Clone, Debug, Serialize, TS)]
pub struct NoticeShownView {
    /// To whom.
    pub person: PersonId,
    /// Which notice.
    pub notice: String,
    /// Which version of it.
    pub version: u32,
    /// In which language.
    pub language: String,
    /// When.
    pub shown_at: Instant,
}

pub(crate) fn family(_work: &Work, _request: FamilyRequest) -> Result<FamilyView, Refusal> {
    Err(Code::Internal.into())
}
