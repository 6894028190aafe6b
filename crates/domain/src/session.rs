//! One occurrence of an activity. (A person's time at the keyboard is a login, never a session.)

use chrono::NaiveDate;

use crate::catalogue::Record;
use crate::id::{ActivityId, CentreId, SessionId};
use crate::time::TimeOfDay;

/// A session. Its id is derived from activity and date ([`crate::id::derive_session_id`]).
#[derive(Clone, PartialEq, Record)]
#[record(state, about = About::Nobody)]
pub struct Session {
    /// Its identifier.
    pub id: SessionId,
    /// The activity.
    #[field(place)]
    pub activity: ActivityId,
    /// The centre that runs it.
    #[field(place)]
    pub centre: CentreId,
    /// Where it is held; the centre itself or a venue.
    #[field(place)]
    pub venue: CentreId,
    /// On this day.
    #[field(place)]
    pub date: NaiveDate,
    /// From.
    #[field(place)]
    pub starts_at: TimeOfDay,
    /// To.
    #[field(place)]
    pub ends_at: TimeOfDay,
    /// How many people fit, where that is limited.
    #[field(place)]
    pub places: Option<u32>,
}
