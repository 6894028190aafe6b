//! Today: the sessions of this desk and who is here.

use chrono::NaiveDate;
use porch_domain::id::{AttendanceId, FamilyId, PersonId, SessionId};
use porch_domain::time::Instant;
use porch_domain::typed_date::Age;
use serde::Serialize;
use ts_rs::TS;

use crate::people::{Mark, PersonKind};
use crate::refusal::{Code, Nothing, Refusal};
use crate::work::Work;

/// The desk's first screen.
#[derive(Clone, Debug, Serialize, TS)]
pub struct TodayView {
    /// Today in London.
    #[ts(type = "string")]
    pub date: NaiveDate,
    /// The sessions of this centre and its venues, by their beginning.
    pub sessions: Vec<SessionView>,
    /// Who is here.
    pub here: Vec<HereView>,
}

/// A session.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SessionView {
    /// Its identifier.
    pub id: SessionId,
    /// What is on.
    pub activity: String,
    /// Where.
    pub venue: String,
    /// From.
    pub starts_at: Instant,
    /// To.
    pub ends_at: Instant,
    /// How many children fit, where that is limited.
    pub places: Option<u32>,
    /// How many adults came.
    pub adults: u32,
    /// How many children came, babies apart.
    pub children: u32,
    /// How many children under one year came.
    pub babies: u32,
    /// Pictures are never taken here.
    pub never_photograph: bool,
    /// Children stay without their parents.
    pub drop_off: bool,
}

/// Somebody who is here.
#[derive(Clone, Debug, Serialize, TS)]
pub struct HereView {
    /// Their attendance.
    pub attendance: AttendanceId,
    /// Who.
    pub person: PersonId,
    /// With which family.
    pub family: FamilyId,
    /// What they are called.
    pub name: String,
    /// How old they are.
    pub age: Option<Age>,
    /// Adult, child or baby.
    pub kind: PersonKind,
    /// At which session.
    pub session: SessionId,
    /// Since when.
    pub arrived_at: Instant,
    /// What needs attention.
    pub marks: Vec<Mark>,
}

pub(crate) fn today(_work: &Work, _: Nothing) -> Result<TodayView, Refusal> {
    Err(Code::Internal.into())
}
