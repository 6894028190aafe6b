//! Children's centres and the venues they use.

use crate::catalogue::Record;
use crate::id::CentreId;
use crate::words::words;

words! {
    /// What kind of place it is.
    pub enum PlaceKind {
        /// A children's centre: a scope of sync.
        Centre = "centre",
        /// A place that a centre uses: a village hall, a library.
        Venue = "venue",
    }
}

/// A children's centre or a venue.
#[derive(Clone, PartialEq, Record)]
#[record(state, about = About::Nobody)]
pub struct Centre {
    /// Its identifier.
    pub id: CentreId,
    /// What people call it.
    #[field(place)]
    pub name: String,
    /// Centre or venue.
    #[field(place)]
    pub kind: PlaceKind,
    /// The centre that uses this venue.
    #[field(place)]
    pub parent: Option<CentreId>,
}
