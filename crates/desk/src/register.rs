//! Registers a newcomer: adults, children, a phone number, an address or none, and the privacy
//! notice shown. Nothing else is mandatory.

use std::collections::BTreeMap;

use porch_domain::catalogue::{FieldValues, Record as _};
use porch_domain::family::Family;
use porch_domain::id::{FamilyId, PersonId, SessionId};
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::person::Person;
use porch_domain::session::Session;
use porch_store::{Read, StoreError};
use porch_sync::Change;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::changes::created;
use crate::draft::REGISTRATION;
use crate::refusal::{Code, Problem, Refusal};
use crate::sign_in::Arrival;
use crate::texts::{NoticeSeen, Offered, is_told, shown};
use crate::work::Work;

pub(crate) mod form;
mod likely;

pub(crate) use form::Findings;

/// A registration as typed.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegistrationRequest {
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
    /// The privacy notice that was shown; none only while the county has approved none.
    pub notice: Option<NoticeSeen>,
    /// One of today's sessions, to sign them in at once.
    pub sign_in_to: Option<SessionId>,
}

/// A person as typed; what was not given is empty.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonForm {
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
pub(crate) struct RegistrationCheck {
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
pub(crate) struct LikelyDuplicate {
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
pub(crate) enum Likeness {
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
pub(crate) struct RegisteredView {
    /// Its identifier.
    pub family: FamilyId,
}

/// The most people of one registration.
const MAX_PEOPLE: usize = 30;

/// Checks without saving.
pub(crate) fn check_registration(
    work: &Work,
    request: RegistrationRequest,
) -> Result<RegistrationCheck, Refusal> {
    let mut findings = Findings::default();
    let read = Registration::read(work, &request, &mut findings);
    let likely = work.read(|store| {
        check_notice(store, request.notice.as_ref(), &mut findings)?;
        if !may_sign_in_to(work, store, request.sign_in_to)? {
            findings.problem("sign_in_to", Code::SessionNotToday);
        }
        let people: Vec<FieldValues> = read
            .people
            .iter()
            .map(|newcomer| newcomer.fields.clone())
            .collect();
        let postcode = read.home.get("postcode").and_then(Value::as_str);
        likely::likely(work, store, &people, postcode)
    })?;
    Ok(RegistrationCheck {
        problems: findings.problems,
        warnings: findings.warnings,
        dates: findings.dates,
        likely,
    })
}

/// Saves everything in one transaction, and lets the draft go with it.
pub(crate) fn register(
    work: &Work,
    request: RegistrationRequest,
) -> Result<RegisteredView, Refusal> {
    let mut findings = Findings::default();
    let read = Registration::read(work, &request, &mut findings);
    work.write(|write| {
        check_notice(write, request.notice.as_ref(), &mut findings)?;
        if !may_sign_in_to(work, write, request.sign_in_to)? {
            findings.problem("sign_in_to", Code::SessionNotToday);
        }
        findings.settle()?;
        let family: FamilyId = work.make_id()?;
        let (people, mut changes) = read.changes(work, write, family, request.notice.as_ref())?;
        if let Some(session) = request.sign_in_to {
            let (_, arrivals) = Arrival { session, family }.changes(work, write, &people)?;
            changes.extend(arrivals);
        }
        work.save(write, "register", changes)?;
        write.delete_draft(work.login.user, REGISTRATION)?;
        Ok(RegisteredView { family })
    })
}

/// Nobody is registered who was not told how their data is used, while there is a notice to show.
fn check_notice(
    read: &Read<'_>,
    seen: Option<&NoticeSeen>,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let offered = Offered::read(read)?;
    let settled = match seen {
        Some(seen) => offered.is_in_force(seen),
        None => offered.notices.is_empty(),
    };
    if !settled {
        findings.problem("notice", Code::NoticeNotShown);
    }
    Ok(())
}

fn may_sign_in_to(
    work: &Work,
    read: &Read<'_>,
    session: Option<SessionId>,
) -> Result<bool, StoreError> {
    let Some(session) = session else {
        return Ok(true);
    };
    match read.record::<Session>(session) {
        Ok((session, _)) => Ok(session.date == work.today),
        Err(StoreError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// A registration, read.
struct Registration {
    /// The family's fields.
    home: FieldValues,
    people: Vec<Newcomer>,
}

/// Somebody of a registration.
struct Newcomer {
    fields: FieldValues,
    role: MemberRole,
    parental_responsibility: Option<bool>,
}

impl Registration {
    fn read(work: &Work, request: &RegistrationRequest, findings: &mut Findings) -> Self {
        let mut people = Vec::new();
        let forms = |group, forms: &[PersonForm]| -> Vec<(String, PersonForm)> {
            let numbered = forms
                .iter()
                .enumerate()
                .filter(|(_, form)| !form.is_blank());
            numbered
                .map(|(index, form)| (format!("{group}.{index}."), form.clone()))
                .collect()
        };
        let (adults, children) = (
            forms("adults", &request.adults),
            forms("children", &request.children),
        );
        if adults.is_empty() {
            findings.problem("adults", Code::NoAdult);
        }
        if adults.len() + children.len() > MAX_PEOPLE {
            findings.problem("children", Code::TooLong);
            return Self {
                home: FieldValues::new(),
                people,
            };
        }
        for (is_child, (prefix, form)) in adults
            .iter()
            .map(|adult| (false, adult))
            .chain(children.iter().map(|child| (true, child)))
        {
            if (form.role == MemberRole::Child) != is_child {
                findings.problem(format!("{prefix}role"), Code::Invalid);
            }
            people.push(Newcomer::read(work, prefix, form, findings));
        }
        let home = if request.no_fixed_address {
            vec![("note", request.note.as_str())]
        } else {
            vec![
                ("address", request.address.as_str()),
                ("postcode", &request.postcode),
                ("note", &request.note),
            ]
        };
        let mut home = findings.read::<Family>(work, "", &home, &FieldValues::new());
        home.insert(
            "no_fixed_address".to_owned(),
            request.no_fixed_address.into(),
        );
        Self { home, people }
    }

    /// Everything that one Save writes, and who is there to be signed in.
    fn changes(
        self,
        work: &Work,
        read: &Read<'_>,
        family: FamilyId,
        notice: Option<&NoticeSeen>,
    ) -> Result<(Vec<PersonId>, Vec<Change>), Refusal> {
        let centre = work.device.centre;
        let mut home = self.home;
        home.insert("centre".to_owned(), centre.to_string().into());
        home.insert("protected".to_owned(), false.into());
        let home = Family::from_fields(family, &home).map_err(|_| Code::Internal)?;
        let mut changes = vec![created(&home, centre)];
        let mut present = Vec::new();
        for newcomer in self.people {
            let there = newcomer.role != MemberRole::EmergencyContact;
            let (person, more) = newcomer.changes(work, read, family, notice)?;
            changes.extend(more);
            if there {
                present.push(person);
            }
        }
        Ok((present, changes))
    }
}

impl Newcomer {
    fn read(work: &Work, prefix: &str, form: &PersonForm, findings: &mut Findings) -> Self {
        let fields = findings.read::<Person>(work, prefix, &form.texts(), &FieldValues::new());
        findings.need_a_name(prefix, &fields);
        Self {
            fields,
            role: form.role,
            parental_responsibility: form.parental_responsibility,
        }
    }

    /// The person, their place in the family, and for grown-ups who are there the notice.
    fn changes(
        self,
        work: &Work,
        read: &Read<'_>,
        family: FamilyId,
        notice: Option<&NoticeSeen>,
    ) -> Result<(PersonId, Vec<Change>), Refusal> {
        let told = is_told(self.role);
        let (person, mut changes) = self.join(work, family)?;
        if let Some(notice) = notice.filter(|_| told) {
            changes.extend(shown(work, read, person, notice)?);
        }
        Ok((person, changes))
    }

    fn join(self, work: &Work, family: FamilyId) -> Result<(PersonId, Vec<Change>), Refusal> {
        let mut fields = self.fields;
        fields.insert("staff".to_owned(), false.into());
        let person = Person::from_fields(work.make_id()?, &fields).map_err(|_| Code::Internal)?;
        let membership = Membership {
            id: work.make_id()?,
            family,
            person: person.id,
            role: self.role,
            parental_responsibility: self.parental_responsibility,
            ended_on: None,
        };
        let changes = vec![
            created(&person, work.device.centre),
            created(&membership, work.device.centre),
        ];
        Ok((person.id, changes))
    }
}

/// A new member of a family that is registered: the person and their place.
pub(crate) fn new_member(
    work: &Work,
    family: FamilyId,
    form: &PersonForm,
) -> Result<(PersonId, Vec<Change>), Refusal> {
    let mut findings = Findings::default();
    let newcomer = Newcomer::read(work, "", form, &mut findings);
    findings.settle()?;
    newcomer.join(work, family)
}
