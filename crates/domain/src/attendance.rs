//! Who came to a session, and left it again.

use crate::catalogue::Record;
use crate::id::{
    AttendanceEventId, AttendanceId, AttendanceVoidId, DepartureId, FamilyId, PersonId, SessionId,
};
use crate::time::Instant;

/// One person at one session. Two of one person at one session count as one.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::People(&["person"]))]
pub struct Attendance {
    /// Its identifier.
    pub id: AttendanceId,
    /// The session.
    #[field(attendance)]
    pub session: SessionId,
    /// The person.
    #[field(attendance, subject = Whose::NamedHere)]
    pub person: PersonId,
    /// The family they came with.
    #[field(attendance, erasure = Erasure::Remove)]
    pub family: FamilyId,
    /// When they were signed in.
    #[field(attendance)]
    pub arrived_at: Instant,
}

/// The end of an attendance.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::Through { field: "attendance", kinds: &["attendance"] })]
pub struct Departure {
    /// Its identifier.
    pub id: DepartureId,
    /// The attendance that ended.
    #[field(attendance, erasure = Erasure::Remove)]
    pub attendance: AttendanceId,
    /// When.
    #[field(attendance, erasure = Erasure::Remove)]
    pub left_at: Instant,
    /// Who collected the child, at a drop-off session.
    #[field(parent_carer, subject = Whose::NamedHere, readers = role::readers(Category::Attendance), writers = role::writers(Category::Attendance), retention = Retention::ServiceUse, portable = false, notice = &["DAT.parent_carer", "USE.delivery.safety"])]
    pub collected_by: Option<PersonId>,
}

/// An arrival or a departure that was recorded by mistake. It stays, and counts no more.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::Through { field: "event", kinds: &["attendance", "departure"] })]
pub struct AttendanceVoid {
    /// Its identifier.
    pub id: AttendanceVoidId,
    /// The attendance, or the departure, that was none.
    #[field(attendance, erasure = Erasure::Remove)]
    pub event: AttendanceEventId,
    /// When that was recorded.
    #[field(attendance, erasure = Erasure::Remove)]
    pub voided_at: Instant,
}
