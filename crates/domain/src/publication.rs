//! Where a photo or a quote was published, and how that ended (`consent.md`, records).
//!
//! A publication is a fact about the world outside: a picture that is on a website stays there, whatever
//! becomes of the picture here. So it outlives the photo, and the erasure of whoever is in it, until somebody has recorded
//! how it was taken down.

use chrono::NaiveDate;

use crate::catalogue::Record;
use crate::channel::Channel;
use crate::decision::Attribution;
use crate::id::{PhotoId, PublicationId, TakedownId, UserId};
use crate::time::Instant;
use crate::words::words;
use crate::working_days::working_days_after;

/// A photo or a quote is used somewhere: made only for a channel that everybody in it permits at that moment. Or a picture that is not
/// in Porch was found somewhere, and somebody, known or not, asks that it be taken down.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::Through { field: "photo", kinds: &["photo"] })]
pub struct Publication {
    /// Its identifier.
    pub id: PublicationId,
    /// Which photo or quote; none for one that is not in Porch, and once somebody in it was erased. Then it is nobody's any
    /// more. It is to be taken down either way.
    #[field(image)]
    pub photo: Option<PhotoId>,
    /// For what.
    #[field(image, erasure = Erasure::KeepWithoutIdentity)]
    pub channel: Channel,
    /// Where exactly, so that somebody else finds it: an address, a page, a wall. Names nobody.
    #[field(image, erasure = Erasure::KeepWithoutIdentity)]
    pub place: String,
    /// For a quote: whose name stands under it there.
    #[field(image, erasure = Erasure::KeepWithoutIdentity)]
    pub attribution: Option<Attribution>,
    /// From which day on.
    #[field(image, erasure = Erasure::KeepWithoutIdentity)]
    pub live_from: NaiveDate,
    /// Who recorded it.
    #[field(staff)]
    pub published_by: UserId,
    /// When it was recorded; lies before the end of everything it rests on.
    #[field(image, erasure = Erasure::KeepWithoutIdentity)]
    pub published_at: Instant,
}

words! {
    /// How a publication ended.
    pub enum TakedownOutcome {
        /// It is not there any more.
        Removed = "removed",
        /// What is printed is no longer handed out.
        StockWithdrawn = "stock_withdrawn",
        /// It is out of reach: it is not used again, and whoever asked was told so.
        CannotBeRecalled = "cannot_be_recalled",
    }
}

/// A publication has ended, because it had to or because its time was over. Of two, both count.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::Through { field: "publication", kinds: &["publication"] })]
pub struct Takedown {
    /// Its identifier.
    pub id: TakedownId,
    /// Which publication.
    #[field(image, erasure = Erasure::KeepWithoutIdentity)]
    pub publication: PublicationId,
    /// How it ended.
    #[field(image, erasure = Erasure::KeepWithoutIdentity)]
    pub outcome: TakedownOutcome,
    /// What shows that: who looked and what they saw. Names nobody.
    #[field(image, erasure = Erasure::KeepWithoutIdentity)]
    pub proof: String,
    /// On which day.
    #[field(image, erasure = Erasure::KeepWithoutIdentity)]
    pub ended_on: NaiveDate,
    /// Who recorded it.
    #[field(staff)]
    pub recorded_by: UserId,
    /// When it was recorded.
    #[field(image, erasure = Erasure::KeepWithoutIdentity)]
    pub recorded_at: Instant,
}

/// Within how many working days a publication is taken down once somebody in the picture no longer permits it
/// (`consent.md`), where the county gives itself no others
/// ([`crate::county::CountyDetails::days_to_take_down`]).
pub const DAYS_TO_TAKE_DOWN: u32 = 5;

/// By when a publication is to be taken down that has not been permitted since a moment. The day itself does not count.
#[must_use]
pub fn take_down_by(since: Instant, days: u32) -> NaiveDate {
    working_days_after(since.utc().date_naive(), days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_takedown_is_due_on_the_fifth_working_day() {
        // A Thursday before Easter: Good Friday, the weekend and Easter Monday do not count.
        let since: Instant = "2027-03-25T16:00:00.000Z".parse().unwrap();
        assert_eq!(
            take_down_by(since, DAYS_TO_TAKE_DOWN).to_string(),
            "2027-04-05"
        );
    }
}
