//! Everything about a family on one page.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::NaiveDate;
use porch_domain::attendance::Attendance;
use porch_domain::bytes::Digest;
use porch_domain::catalogue::Record as _;
use porch_domain::family::Family;
use porch_domain::id::{AttendanceId, FamilyId, MembershipId, PersonId, SessionId};
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::notice::NoticeShown;
use porch_domain::person::Person;
use porch_domain::time::Instant;
use porch_domain::typed_date::Age;
use porch_store::Read;
use porch_store::family::MemberRow;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::edit::{Seen, SeenMember, seen_text};
use crate::people::{
    Mark, MarkKind, PersonKind, Sight, family_name, name_of, person_marks, visible_family,
};
use crate::refusal::{Code, Refusal};
use crate::texts::{Offered, is_told};
use crate::work::Work;

mod permissions;
mod visits;

pub(crate) use permissions::PermissionView;
use permissions::permissions;
use visits::{last_time, sessions_now, show_visits};

/// Which family.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct FamilyRequest {
    /// Its identifier.
    pub family: FamilyId,
    /// What for: needed where the family is hidden, and then in the audit.
    #[serde(default)]
    #[ts(optional)]
    pub reason: Option<OpenReason>,
}

/// What a hidden family is opened for. The audit holds no free text, so these are all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OpenReason {
    /// They are here, or are expected.
    Visit,
    /// They are on the telephone.
    PhoneCall,
    /// Somebody's safety.
    Safeguarding,
    /// Something in their record is put right.
    Correction,
    /// They ask for one of their rights over their data.
    RightsRequest,
}

impl OpenReason {
    const fn purpose(self) -> &'static str {
        match self {
            Self::Visit => "protected_visit",
            Self::PhoneCall => "protected_phone_call",
            Self::Safeguarding => "protected_safeguarding",
            Self::Correction => "protected_correction",
            Self::RightsRequest => "protected_rights_request",
        }
    }
}

/// A family's page. What the login's role may not see is empty.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct FamilyView {
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
    /// Who has still to be shown the privacy notice, or a newer one.
    pub notice_due: Vec<PersonId>,
    /// What needs attention.
    pub marks: Vec<Mark>,
    /// Who came last time: to be ticked.
    pub last_time: Vec<PersonId>,
    /// Today's sessions to offer, likeliest first.
    pub sessions_now: Vec<SessionId>,
}

/// A member of a family.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct MemberView {
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

/// A day on which members came to something.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct VisitView {
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
pub(crate) struct NoticeShownView {
    /// To whom.
    pub person: PersonId,
    /// Which notice.
    pub notice: String,
    /// Which version of it.
    pub version: u32,
    /// In which language.
    pub language: String,
    /// SHA-256 of its exact text.
    pub sha256: Digest,
    /// When.
    pub shown_at: Instant,
}

/// The most arrivals looked at for a family's visits.
const MAX_ARRIVALS: u32 = 100;

/// Opens a family; a hidden one for a reason. That the family and each member were seen is in the
/// audit before anything is shown.
pub(crate) fn family(work: &Work, request: FamilyRequest) -> Result<FamilyView, Refusal> {
    let sight = Sight(work.login.role);
    work.write(|write| {
        let line = visible_family(write, sight, request.family)?;
        let purpose = match request.reason {
            _ if !line.protected => "family",
            Some(reason) => reason.purpose(),
            None => return Err(Refusal::of_field("reason", Code::ReasonNeeded)),
        };
        work.saw(write, purpose, Family::KIND, request.family.into())?;
        let (family, versions) = write.record::<Family>(request.family)?;
        let here = write.here_on(work.today, sight.protected())?;
        let mut page = Page {
            work,
            read: write,
            sight,
            here,
            members: Vec::new(),
            notices: Vec::new(),
            notice_due: Vec::new(),
            offered: Offered::read(write)?,
            marks: Vec::new(),
        };
        if line.in_conflict {
            page.mark(MarkKind::DetailsToConfirm, None);
        }
        if line.protected {
            page.mark(MarkKind::Protected, None);
        }
        if let Some(note) = sight.family("note", family.note.clone()) {
            page.mark(MarkKind::Message, Some(note));
        }
        for member in write.members_of(request.family, work.today)? {
            work.saw(write, purpose, Person::KIND, member.person.into())?;
            page.add(&member)?;
        }
        page.notices.sort_by_key(|shown| Reverse(shown.shown_at));
        page.confirm_details(line.address_known);
        let visits = write.visits_of(request.family, MAX_ARRIVALS)?;
        let last_time = last_time(&visits, &page.members);
        let sessions_now = sessions_now(work, write, &visits)?;
        let seen = Seen::of(&family, &versions, sight);
        let names = page
            .members
            .iter()
            .map(|member| (member.family_name.as_str(), member.name.as_str()));
        let attendance = sight.of::<Attendance>("arrived_at");
        Ok(FamilyView {
            family: family.id,
            name: family_name(family.name.as_deref(), names),
            centre: write.centre_name(family.centre)?.unwrap_or_default(),
            address: sight.family("address", family.address),
            postcode: sight
                .family("postcode", family.postcode)
                .map(|postcode| postcode.to_string()),
            no_fixed_address: family.no_fixed_address && sight.of::<Family>("no_fixed_address"),
            protected: family.protected,
            note: sight.family("note", family.note),
            versions: seen_text(&seen)?,
            members: page.members,
            attendances: if attendance {
                show_visits(&visits)
            } else {
                Vec::new()
            },
            notices: page.notices,
            notice_due: page.notice_due,
            marks: page.marks,
            last_time,
            sessions_now,
        })
    })
}

/// A page in the making.
struct Page<'a> {
    work: &'a Work,
    read: &'a Read<'a>,
    sight: Sight,
    here: HashMap<PersonId, (AttendanceId, SessionId)>,
    members: Vec<MemberView>,
    notices: Vec<NoticeShownView>,
    notice_due: Vec<PersonId>,
    offered: Offered,
    marks: Vec<Mark>,
}

impl Page<'_> {
    fn mark(&mut self, kind: MarkKind, detail: Option<String>) {
        let mark = Mark { kind, detail };
        if !self.marks.contains(&mark) {
            self.marks.push(mark);
        }
    }

    fn add(&mut self, member: &MemberRow) -> Result<(), Refusal> {
        let (Some(membership), Some(role)) = (member.membership, member.role) else {
            return Ok(());
        };
        let (sight, today) = (self.sight, self.work.today);
        let (person, versions) = self.read.record::<Person>(member.person)?;
        let (place, place_versions) = self.read.record::<Membership>(membership)?;
        let seen = SeenMember {
            person: Seen::of(&person, &versions, sight),
            membership,
            place: Seen::of(&place, &place_versions, sight),
        };
        let name = name_of(&person);
        for mark in person_marks(self.read, sight, person.id)? {
            let detail = match mark.kind {
                MarkKind::Allergy => person
                    .allergies
                    .as_ref()
                    .map(|allergies| format!("{name}: {allergies}")),
                MarkKind::NoPhotos => Some(name.clone()),
                _ => None,
            };
            self.mark(mark.kind, detail);
        }
        if sight.of::<NoticeShown>("notice") {
            let shown = self.read.notices_of(person.id)?;
            if is_told(role) && self.offered.is_due(&shown) {
                self.notice_due.push(person.id);
            }
            self.notices
                .extend(shown.into_iter().map(|shown| NoticeShownView {
                    person: person.id,
                    notice: shown.notice,
                    version: shown.version,
                    language: shown.language,
                    sha256: shown.sha256,
                    shown_at: shown.shown_at,
                }));
        }
        let other_families = self.read.families_of(person.id, today)?.into_iter();
        let other_families = other_families
            .filter(|(family, protected)| {
                *family != member.family && (!protected || sight.protected())
            })
            .map(|(family, _)| family)
            .collect();
        let permissions = permissions(self.work, self.read, sight, person.id)?;
        self.members.push(MemberView {
            person: person.id,
            membership,
            role,
            kind: PersonKind::of(Some(role), person.birth_date, person.staff, today),
            age: sight.age(person.birth_date, today),
            versions: seen_text(&seen)?,
            here: self.here.get(&person.id).map(|(attendance, _)| *attendance),
            name,
            given_name: person.given_name.unwrap_or_default(),
            family_name: person.family_name.unwrap_or_default(),
            known_as: person.known_as,
            birth_date: sight.person("birth_date", person.birth_date),
            due_date: sight.person("due_date", person.due_date),
            phone: sight.person("phone", person.phone),
            email: sight.person("email", person.email),
            nhs_number: sight
                .person("nhs_number", person.nhs_number)
                .map(|number| number.spaced()),
            language: sight.person("language", person.language),
            allergies: sight.person("allergies", person.allergies),
            parental_responsibility: place
                .parental_responsibility
                .filter(|_| sight.of::<Membership>("parental_responsibility")),
            other_families,
            permissions,
        });
        Ok(())
    }

    /// A child without a birth date, nobody to call, an address never asked for: worth asking when
    /// there is time. Only for those who may see whether it is there.
    fn confirm_details(&mut self, address_known: bool) {
        let sees = |field| self.sight.of::<Person>(field);
        let unknown_age = self
            .members
            .iter()
            .any(|member| member.role == MemberRole::Child && member.birth_date.is_none());
        let no_phone = self.members.iter().all(|member| member.phone.is_none());
        let missing = sees("birth_date") && unknown_age || sees("phone") && no_phone;
        if missing || self.sight.of::<Family>("address") && !address_known {
            self.mark(MarkKind::DetailsToConfirm, None);
        }
    }
}
