//! Signs family members in to a session.

use std::collections::HashSet;

use porch_domain::attendance::Attendance;
use porch_domain::id::{AttendanceId, FamilyId, PersonId, SessionId};
use porch_domain::session::Session;
use porch_store::Read;
use porch_sync::Change;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::changes::created;
use crate::people::{Sight, called, visible_family};
use crate::refusal::{Code, Refusal};
use crate::undo::{UndoKind, undo_text};
use crate::work::Work;

/// Who came to what.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInRequest {
    /// One of today's sessions.
    pub session: SessionId,
    /// The family they came with.
    pub family: FamilyId,
    /// Who of its members came.
    pub people: Vec<PersonId>,
}

/// Who was signed in.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct SignedInView {
    /// Their attendances.
    pub attendances: Vec<AttendanceId>,
    /// What `undo` takes to take this back.
    pub undo: String,
    /// What they are called.
    pub people: Vec<String>,
}

pub(crate) fn sign_in(work: &Work, request: SignInRequest) -> Result<SignedInView, Refusal> {
    work.write(|write| {
        let arrival = Arrival {
            session: request.session,
            family: request.family,
        };
        visible_family(write, Sight(work.login.role), request.family)?;
        let members = write.members_of(request.family, work.today)?;
        let mut names = Vec::new();
        for (index, person) in request.people.iter().enumerate() {
            let member = members.iter().find(|member| member.person == *person);
            let member = member
                .ok_or_else(|| Refusal::of_field(&format!("people.{index}"), Code::NotFound))?;
            names.push(called(
                member.given_name.as_deref(),
                member.family_name.as_deref(),
                member.known_as.as_deref(),
            ));
        }
        let (attendances, changes) = arrival.changes(work, write, &request.people)?;
        work.save(write, "sign_in", changes)?;
        Ok(SignedInView {
            undo: undo_text(UndoKind::Attendance, &attendances),
            attendances,
            people: names,
        })
    })
}

/// A family's arrival at a session.
pub(crate) struct Arrival {
    pub(crate) session: SessionId,
    pub(crate) family: FamilyId,
}

impl Arrival {
    /// The attendances of these people, for one Save. Refuses the whole when the session is not
    /// today's, when nobody comes, or when one of them is seen to be here already.
    pub(crate) fn changes(
        &self,
        work: &Work,
        read: &Read<'_>,
        people: &[PersonId],
    ) -> Result<(Vec<AttendanceId>, Vec<Change>), Refusal> {
        let (session, _) = read.record::<Session>(self.session)?;
        if session.date != work.today {
            return Err(Refusal::of_field("session", Code::SessionNotToday));
        }
        if people.is_empty() {
            return Err(Refusal::of_field("people", Code::Required));
        }
        // A child of two homes may be here with one that is hidden from this login, who must not
        // learn it from a refusal: so they are signed in a second time. Heads count each person
        // once a session, and leaving ends both attendances.
        let hidden = Sight(work.login.role).protected();
        let mut seen = HashSet::new();
        let (mut attendances, mut changes) = (Vec::new(), Vec::new());
        for (index, person) in people.iter().enumerate() {
            if read.is_here(*person, work.today, hidden)? {
                return Err(Refusal::of_field(
                    &format!("people.{index}"),
                    Code::AlreadySignedIn,
                ));
            }
            if !seen.insert(*person) {
                continue;
            }
            let attendance = Attendance {
                id: work.make_id()?,
                session: self.session,
                person: *person,
                family: self.family,
                arrived_at: work.now,
            };
            attendances.push(attendance.id);
            changes.push(created(&attendance, work.device.centre));
        }
        Ok((attendances, changes))
    }
}
