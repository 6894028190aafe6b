//! Signs people out.

use std::collections::BTreeSet;

use porch_domain::attendance::{Attendance, Departure};
use porch_domain::id::{AttendanceId, PersonId};
use porch_domain::session::Session;
use porch_store::Read;
use porch_store::attendance::CameRow;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::changes::created;
use crate::people::{Sight, called, visible_person};
use crate::refusal::{Code, Refusal};
use crate::undo::{UndoKind, undo_text};
use crate::work::Work;

/// Who leaves.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignOutRequest {
    /// Their attendances.
    pub attendances: Vec<AttendanceId>,
    /// Who collects them, where that is asked.
    pub collected_by: Option<PersonId>,
}

/// Who was signed out.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct SignedOutView {
    /// What `undo` takes to take this back.
    pub undo: String,
    /// What they are called.
    pub people: Vec<String>,
}

pub(crate) fn sign_out(work: &Work, request: SignOutRequest) -> Result<SignedOutView, Refusal> {
    if request.attendances.is_empty() {
        return Err(Refusal::of_field("attendances", Code::Required));
    }
    let sight = Sight(work.login.role);
    work.write(|write| {
        if let Some(collector) = request.collected_by {
            visible_person(write, sight, collector, work.today)?;
        }
        let came = write.came_on(work.today)?;
        let (mut ended, mut names) = (BTreeSet::new(), Vec::new());
        for (index, attendance) in request.attendances.iter().enumerate() {
            let field = || format!("attendances.{index}");
            let leaving = came.iter().find(|came| came.attendance == *attendance);
            let Some(leaving) = leaving.filter(|came| !came.protected || sight.protected()) else {
                return Err(Refusal::of_field(
                    &field(),
                    why_not(work, write, *attendance)?,
                ));
            };
            if !leaving.here {
                return Err(Refusal::of_field(&field(), Code::AlreadySignedOut));
            }
            // Two devices may both have signed somebody in, or one did who must not see that they
            // came with a hidden family: leaving ends both, and only what is seen is told.
            let same = |other: &&CameRow| {
                other.here
                    && other.session == leaving.session
                    && other.who.person == leaving.who.person
            };
            let before = ended.len();
            ended.extend(
                came.iter()
                    .filter(same)
                    .map(|same| (same.attendance, !same.protected || sight.protected())),
            );
            if ended.len() > before {
                let who = &leaving.who;
                names.push(called(
                    who.given_name.as_deref(),
                    who.family_name.as_deref(),
                    who.known_as.as_deref(),
                ));
            }
        }
        let (mut departures, mut changes) = (Vec::new(), Vec::new());
        for (attendance, seen) in ended {
            let departure = Departure {
                id: work.make_id()?,
                attendance,
                left_at: work.now,
                collected_by: request.collected_by,
            };
            if seen {
                departures.push(departure.id);
            }
            changes.push(created(&departure, work.device.centre));
        }
        work.save(write, "sign_out", changes)?;
        Ok(SignedOutView {
            undo: undo_text(UndoKind::Departure, &departures),
            people: names,
        })
    })
}

/// Why an attendance is not among today's.
fn why_not(work: &Work, read: &Read<'_>, id: AttendanceId) -> Result<Code, Refusal> {
    let (attendance, _) = read.record::<Attendance>(id)?;
    let (session, _) = read.record::<Session>(attendance.session)?;
    Ok(if session.date == work.today {
        Code::NotFound
    } else {
        Code::SessionNotToday
    })
}
