//! Corrects the details of people and families, and adds members.

use porch_domain::catalogue::{FieldValue as _, FieldValues, Record};
use porch_domain::family::Family;
use porch_domain::id::{FamilyId, MembershipId, PersonId};
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::person::Person;
use porch_store::Write;
use porch_sync::{Change, Versions};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::changes::{created, edited};
use crate::people::{Sight, visible_family, visible_person};
use crate::refusal::{Code, Nothing, Refusal};
use crate::register::form::may_write;
use crate::register::{Findings, PersonForm, new_member};
use crate::work::Work;

/// A person's details, corrected.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct EditPersonRequest {
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
pub(crate) struct EditFamilyRequest {
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
pub(crate) struct AddMemberRequest {
    /// Of which family.
    pub family: FamilyId,
    /// Their details.
    pub form: PersonForm,
}

/// The member that was added.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub(crate) struct AddedMemberView {
    /// Who.
    pub person: PersonId,
}

/// A member who is known already.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddExistingMemberRequest {
    /// Of which family.
    pub family: FamilyId,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: MemberRole,
}

/// What a screen showed of a record: the values, and the write that each came from. An edit is what
/// differs from it, so that a value which somebody else changed meanwhile is not written back.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    versions: Versions,
    values: FieldValues,
}

impl Seen {
    /// What this role sees of a record.
    pub(crate) fn of<R: Record>(record: &R, versions: &Versions, sight: Sight) -> Self {
        let mut values = record.to_fields();
        values.retain(|name, _| sight.of::<R>(name));
        Self {
            versions: versions.clone(),
            values,
        }
    }

    /// The edit that makes these changes to what was seen; none when nothing differs. A field that
    /// was not seen is written without a base: whoever looks finds both values.
    fn edit<R: Record>(
        &self,
        current: &R,
        changed: FieldValues,
    ) -> Result<Option<Change>, Refusal> {
        let mut before = current.to_fields();
        let known = |(name, _): &(&String, &Value)| R::entry().field(name).is_some();
        before.extend(
            self.values
                .iter()
                .filter(known)
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        let mut after = before.clone();
        after.extend(changed);
        let after = R::from_fields(current.id(), &after).map_err(|_| malformed())?;
        let mut edit = edited(&before, &after, &self.versions);
        for (name, field) in edit.iter_mut().flat_map(|edit| &mut edit.fields) {
            if !self.values.contains_key(name) {
                field.base = None;
            }
        }
        Ok(edit)
    }
}

/// What a screen showed of a member.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeenMember {
    pub(crate) person: Seen,
    pub(crate) membership: MembershipId,
    pub(crate) place: Seen,
}

fn malformed() -> Refusal {
    Refusal::of_field("versions", Code::MalformedRequest)
}

fn read_seen<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|_| malformed())
}

/// The text that a screen hands back when editing.
pub(crate) fn seen_text<T: Serialize>(seen: &T) -> Result<String, Refusal> {
    serde_json::to_string(seen).map_err(|_| Code::Internal.into())
}

pub(crate) fn edit_person(work: &Work, request: EditPersonRequest) -> Result<Nothing, Refusal> {
    let seen: SeenMember = read_seen(&request.versions)?;
    let mut findings = Findings::default();
    work.write(|write| {
        let sight = Sight(work.login.role);
        let person = visible_person(write, sight, request.person, work.today)?;
        let (place, _) = write.record::<Membership>(seen.membership)?;
        visible_family(write, sight, place.family)?;
        if write.survivor(place.person)? != person.id {
            return Err(malformed());
        }
        let changed = findings.read::<Person>(work, "", &request.form.texts(), &seen.person.values);
        let mut after = seen.person.values.clone();
        after.extend(changed.clone());
        findings.need_a_name("", &after);
        let moved = read_place(work, &request.form, &seen.place.values, &mut findings);
        findings.settle()?;
        let edits = [
            seen.person.edit(&person, changed)?,
            seen.place.edit(&place, moved)?,
        ];
        save(work, write, edits)
    })
}

/// What somebody is in the family, where it differs from what was seen.
fn read_place(
    work: &Work,
    form: &PersonForm,
    seen: &FieldValues,
    findings: &mut Findings,
) -> FieldValues {
    let told = [
        ("role", form.role.to_json()),
        (
            "parental_responsibility",
            form.parental_responsibility.to_json(),
        ),
    ];
    let mut changed = FieldValues::new();
    for (name, value) in told {
        let shown = seen.get(name);
        let untouched = shown == Some(&value) || shown.is_none() && value.is_null();
        if untouched {
            continue;
        }
        if may_write::<Membership>(work, name) {
            changed.insert(name.to_owned(), value);
        } else {
            findings.problem(name, Code::NotAllowed);
        }
    }
    changed
}

pub(crate) fn edit_family(work: &Work, request: EditFamilyRequest) -> Result<Nothing, Refusal> {
    let seen: Seen = read_seen(&request.versions)?;
    let mut findings = Findings::default();
    // Whoever has no fixed address has none to be kept.
    let (address, postcode) = if request.no_fixed_address {
        ("", "")
    } else {
        (request.address.as_str(), request.postcode.as_str())
    };
    work.write(|write| {
        visible_family(write, Sight(work.login.role), request.family)?;
        let (family, _) = write.record::<Family>(request.family)?;
        let texts = [
            ("address", address),
            ("postcode", postcode),
            ("note", &request.note),
        ];
        let mut changed = findings.read::<Family>(work, "", &texts, &seen.values);
        let nowhere = Value::from(request.no_fixed_address);
        let shown = seen.values.get("no_fixed_address");
        if shown != Some(&nowhere) && (shown.is_some() || request.no_fixed_address) {
            if may_write::<Family>(work, "no_fixed_address") {
                changed.insert("no_fixed_address".to_owned(), nowhere);
            } else {
                findings.problem("no_fixed_address", Code::NotAllowed);
            }
        }
        findings.settle()?;
        save(work, write, [seen.edit(&family, changed)?])
    })
}

fn save<const N: usize>(
    work: &Work,
    write: &Write<'_>,
    edits: [Option<Change>; N],
) -> Result<Nothing, Refusal> {
    let changes: Vec<Change> = edits.into_iter().flatten().collect();
    if !changes.is_empty() {
        work.save(write, "edit", changes)?;
    }
    Ok(Nothing {})
}

pub(crate) fn add_member(
    work: &Work,
    request: AddMemberRequest,
) -> Result<AddedMemberView, Refusal> {
    let (person, changes) = new_member(work, request.family, &request.form)?;
    work.write(|write| {
        visible_family(write, Sight(work.login.role), request.family)?;
        work.save(write, "add_member", changes)?;
        Ok(AddedMemberView { person })
    })
}

pub(crate) fn add_existing_member(
    work: &Work,
    request: AddExistingMemberRequest,
) -> Result<Nothing, Refusal> {
    work.write(|write| {
        let sight = Sight(work.login.role);
        visible_family(write, sight, request.family)?;
        visible_person(write, sight, request.person, work.today)?;
        let families = write.families_of(request.person, work.today)?;
        if families.iter().any(|(family, _)| *family == request.family) {
            return Err(Refusal::of_field("person", Code::Invalid));
        }
        let membership = Membership {
            id: work.make_id()?,
            family: request.family,
            person: request.person,
            role: request.role,
            parental_responsibility: None,
            ended_on: None,
        };
        work.save(
            write,
            "add_member",
            vec![created(&membership, work.device.centre)],
        )?;
        Ok(Nothing {})
    })
}
