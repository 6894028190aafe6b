//! Where photos and quotes are published, what has to come down, and how it ended.

use chrono::NaiveDate;
use porch_domain::catalogue::Record as _;
use porch_domain::channel::Channel;
use porch_domain::decision::{Attribution, Purpose};
use porch_domain::id::{PhotoId, PublicationId, RecordId as _};
use porch_domain::photo::Photo;
use porch_domain::publication::{
    DAYS_TO_TAKE_DOWN, Publication, Takedown, TakedownOutcome, take_down_by,
};
use porch_store::audit::Deed;
use porch_store::publication::{PublicationRow, Which};
use porch_store::{Read, StoreError};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::changes::created;
use crate::clock::london_date;
use crate::hand_over::asked;
use crate::photos::{Gallery, PhotoView};
use crate::refusal::{Code, Nothing, Refusal, required_text};
use crate::work::{StaffNames, Work};

/// Which publications are shown.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PublicationsShown {
    /// Those that have to come down.
    Due,
    /// Those that are there.
    Live,
    /// Those that ended.
    Ended,
}

/// Which publications.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublicationsRequest {
    /// Of all photos.
    pub shown: Option<PublicationsShown>,
    /// Or of one photo, whatever became of them.
    pub photo: Option<PhotoId>,
}

/// Where a photo was published.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct PublicationView {
    /// The publication.
    pub publication: PublicationId,
    /// Which photo; none when somebody in it is hidden from this login, and where it is not known.
    pub photo: Option<PhotoView>,
    /// Whether it is known which photo that is: else somebody asks for the removal of one that is not in Porch,
    /// somebody in it was erased, or the county never took it in.
    pub is_known: bool,
    /// For what.
    pub channel: Channel,
    /// Where exactly.
    pub place: String,
    /// For words: whose name stands under them there.
    pub attribution: Option<Attribution>,
    /// From which day on.
    #[ts(type = "string")]
    pub live_from: NaiveDate,
    /// The member of staff who recorded it.
    pub published_by: String,
    /// That it has to come down.
    pub due: Option<TakedownDueView>,
    /// How it ended.
    pub takedown: Option<TakedownView>,
}

/// That a publication has to come down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct TakedownDueView {
    /// By which day.
    #[ts(type = "string")]
    pub by: NaiveDate,
    /// Whether that day is over.
    pub overdue: bool,
}

/// How a publication ended.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct TakedownView {
    /// How.
    pub outcome: TakedownOutcome,
    /// What shows that.
    pub proof: String,
    /// On which day.
    #[ts(type = "string")]
    pub ended_on: NaiveDate,
    /// The member of staff who recorded it.
    pub recorded_by: String,
}

/// What has to come down, in figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct TakedownsView {
    /// How many publications.
    pub due: u32,
    /// Of how many the day is over.
    pub overdue: u32,
    /// The first of the days.
    #[ts(type = "string")]
    pub by: NaiveDate,
}

/// A picture that is not in Porch and that somebody wants to come down.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestRemovalRequest {
    /// What it is used for there.
    pub channel: Channel,
    /// Where exactly, and which picture.
    pub place: String,
}

/// How a publication ended.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordTakedownRequest {
    /// Which.
    pub publication: PublicationId,
    /// How.
    pub outcome: TakedownOutcome,
    /// What shows that.
    pub proof: String,
    /// On which day.
    #[ts(type = "string")]
    pub ended_on: NaiveDate,
}

/// The longest description of a place, in characters.
pub(crate) const LONGEST_PLACE: usize = 300;
/// The longest proof, in characters.
const LONGEST_PROOF: usize = 2_000;
/// How far ahead of this one another computer's clock may be and still be believed, in milliseconds.
const CLOCK_AHEAD_MS: i64 = 24 * 60 * 60 * 1000;

pub(crate) fn publications(
    work: &Work,
    request: PublicationsRequest,
) -> Result<Vec<PublicationView>, Refusal> {
    let staff = work.staff_names()?;
    work.write(|write| {
        let found = match (request.shown, request.photo) {
            (Some(shown), None) => write.publications(match shown {
                PublicationsShown::Due => Which::Due,
                PublicationsShown::Live => Which::Live,
                PublicationsShown::Ended => Which::Ended,
            })?,
            (None, Some(photo)) => {
                Gallery::open(work, write)?
                    .view(photo)?
                    .ok_or(Code::NotFound)?;
                work.saw(write, "publications", Photo::KIND, photo.uuid())?;
                write.publications_of(photo)?
            }
            _ => return Err(Code::MalformedRequest.into()),
        };
        let mut ledger = Ledger::open(work, write, &staff)?;
        let mut views = found
            .into_iter()
            .map(|id| ledger.view(id))
            .collect::<Result<Vec<_>, _>>()?;
        if matches!(request.shown, Some(PublicationsShown::Due)) {
            // What cannot wait is first.
            views.sort_by_key(|view| view.due.map(|due| due.by));
        }
        if request.photo.is_none() {
            work.record(write, Deed::Saw, "publications", None, &[])?;
        }
        Ok(views)
    })
}

/// Publications that are looked at together.
pub(crate) struct Ledger<'r> {
    work: &'r Work,
    read: &'r Read<'r>,
    staff: &'r StaffNames,
    /// Their photos.
    pub(crate) gallery: Gallery<'r>,
}

impl<'r> Ledger<'r> {
    pub(crate) fn open(
        work: &'r Work,
        read: &'r Read<'r>,
        staff: &'r StaffNames,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            work,
            read,
            staff,
            gallery: Gallery::open(work, read)?,
        })
    }

    /// A publication.
    pub(crate) fn view(&mut self, id: PublicationId) -> Result<PublicationView, Refusal> {
        let row = self.read.publication(id)?;
        let due = due(self.work, self.read, &row)?;
        let Publication {
            photo,
            channel,
            place,
            attribution,
            live_from,
            published_by,
            ..
        } = row.publication;
        // A desk may have published what the county never took in: of such a photo nothing is here.
        let known = match photo.map(|photo| self.gallery.view(photo)) {
            Some(Ok(view)) => Some(view),
            Some(Err(refusal)) if refusal.code == Code::NotFound => None,
            Some(Err(refusal)) => return Err(refusal),
            None => None,
        };
        Ok(PublicationView {
            publication: id,
            is_known: known.is_some(),
            photo: known.flatten(),
            channel,
            place,
            attribution,
            live_from,
            published_by: self.staff.of(published_by),
            due,
            takedown: row.takedown.map(|takedown| TakedownView {
                outcome: takedown.outcome,
                proof: takedown.proof,
                ended_on: takedown.ended_on,
                recorded_by: self.staff.of(takedown.recorded_by),
            }),
        })
    }
}

/// By when a publication has to come down, if it has to. What a clock says that ran far ahead elsewhere is not
/// believed, and puts nothing off: it is overdue at once.
fn due(
    work: &Work,
    read: &Read<'_>,
    row: &PublicationRow,
) -> Result<Option<TakedownDueView>, StoreError> {
    if !row.due {
        return Ok(None);
    }
    let since = read.not_permitted_since(&row.publication)?;
    let days = days_to_take_down(read)?;
    let is_believed = since.unix_ms() <= work.now.unix_ms() + CLOCK_AHEAD_MS;
    let by = if is_believed {
        take_down_by(since, days)
    } else {
        work.today
    };
    Ok(Some(TakedownDueView {
        by,
        overdue: by < work.today || !is_believed,
    }))
}

/// Within how many working days something is taken down here.
pub(crate) fn days_to_take_down(read: &Read<'_>) -> Result<u32, StoreError> {
    let details = read.county_details()?;
    Ok(details.map_or(DAYS_TO_TAKE_DOWN, |details| details.days_to_take_down()))
}

/// What has to come down, in figures; none where nothing has to. Asked for by itself: the rule is asked of everything
/// that is published, and the first screen does not wait for that.
pub(crate) fn takedowns(work: &Work, _: Nothing) -> Result<Option<TakedownsView>, Refusal> {
    work.read(|read| {
        let mut due_days = Vec::new();
        for id in read.publications(Which::Due)? {
            due_days.extend(due(work, read, &read.publication(id)?)?);
        }
        let count = |days: usize| u32::try_from(days).unwrap_or(u32::MAX);
        let overdue = due_days.iter().filter(|due| due.overdue).count();
        let first = due_days.iter().map(|due| due.by).min();
        Ok(first.map(|by| TakedownsView {
            due: count(due_days.len()),
            overdue: count(overdue),
            by,
        }))
    })
}

/// What a picture may be used for, by those who ask for it and by those who want it to end.
pub(crate) fn picture_channels(_: &Work, _: Nothing) -> Result<Vec<Channel>, Refusal> {
    Ok(asked(Purpose::PublicityPicture))
}

/// Somebody, known or not, asks that a picture be taken down, even one that Porch never held: same clock, same proof.
pub(crate) fn request_removal(
    work: &Work,
    request: RequestRemovalRequest,
) -> Result<PublicationView, Refusal> {
    let place = required_text("place", &request.place, LONGEST_PLACE)?;
    // Also a medium or a partner that the county does not know of.
    let named = matches!(
        request.channel,
        Channel::SocialMedia(_) | Channel::Partner(_)
    );
    if !named && !asked(Purpose::PublicityPicture).contains(&request.channel) {
        return Err(Refusal::of_field("channel", Code::Invalid));
    }
    let staff = work.staff_names()?;
    work.write(|write| {
        let found = Publication {
            id: work.make_id()?,
            photo: None,
            channel: request.channel,
            place,
            attribution: None,
            live_from: work.today,
            published_by: work.login.user,
            published_at: work.now,
        };
        let change = created(&found, work.device.centre);
        work.save(write, "request_removal", vec![change])?;
        Ledger::open(work, write, &staff)?.view(found.id)
    })
}

pub(crate) fn record_takedown(
    work: &Work,
    request: RecordTakedownRequest,
) -> Result<PublicationView, Refusal> {
    let proof = required_text("proof", &request.proof, LONGEST_PROOF)?;
    if request.ended_on > work.today {
        return Err(Refusal::of_field("ended_on", Code::DateInFuture));
    }
    let staff = work.staff_names()?;
    work.write(|write| {
        let row = write.publication(request.publication)?;
        if row.takedown.is_some() {
            return Err(Code::ChangedMeanwhile.into());
        }
        let recorded_on = london_date(row.publication.published_at);
        if request.ended_on < row.publication.live_from.min(recorded_on) {
            return Err(Refusal::of_field("ended_on", Code::DateTooEarly));
        }
        let takedown = Takedown {
            id: work.make_id()?,
            publication: request.publication,
            outcome: request.outcome,
            proof,
            ended_on: request.ended_on,
            recorded_by: work.login.user,
            recorded_at: work.now,
        };
        // Where it lies, or will: one that is not sent yet goes where its photo is.
        let centre = work.device.centre;
        let mut scope = write.held_in(request.publication, centre)?;
        if let (None, Some(photo)) = (scope, row.publication.photo) {
            scope = write.held_in(photo, centre)?;
        }
        let scope = scope.unwrap_or(centre);
        work.save(write, "record_takedown", vec![created(&takedown, scope)])?;
        Ledger::open(work, write, &staff)?.view(request.publication)
    })
}
