//! What a centre offers.

use crate::catalogue::Record;
use crate::id::{ActivityId, CentreId};

/// An activity: its occurrences are sessions.
#[derive(Clone, PartialEq, Record)]
#[record(state, about = About::Nobody)]
pub struct Activity {
    /// Its identifier.
    pub id: ActivityId,
    /// The centre that runs it.
    #[field(place)]
    pub centre: CentreId,
    /// What it is called.
    #[field(place)]
    pub name: String,
    /// No camera here, and no picture of a crowd: a recovery group, say (`consent.md`).
    #[field(place, notice = &["PHO.written"])]
    pub never_photograph: bool,
    /// Children stay without their parents, so somebody collects them.
    #[field(place, notice = &["USE.delivery.safety"])]
    pub drop_off: bool,
}
