//! Photos and quotes are put somewhere.

use chrono::{Months, NaiveDate};
use porch_domain::channel::Channel;
use porch_domain::decision::{Attribution, Purpose};
use porch_domain::id::PhotoId;
use porch_domain::photo::Form;
use porch_domain::publication::Publication;
use porch_domain::time::Instant;
use porch_store::Read;
use serde::Deserialize;
use ts_rs::TS;

use crate::changes::created;
use crate::clock::london_date;
use crate::hand_over::asked;
use crate::photos::{Gallery, PhotoView};
use crate::publications::{LONGEST_PLACE, Ledger, PublicationView};
use crate::receipts::last_day;
use crate::refusal::{Code, Refusal, required_text};
use crate::work::Work;

/// Photos or quotes that are used somewhere.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublishPhotosRequest {
    /// The photos, or the quotes.
    pub photos: Vec<PhotoId>,
    /// For what.
    pub channel: Channel,
    /// Where exactly.
    pub place: String,
    /// For words: whose name stands under them there.
    pub attribution: Option<Attribution>,
    /// From which day on.
    #[ts(type = "string")]
    pub live_from: NaiveDate,
}

/// The most photos that are published together.
const MOST_PHOTOS: usize = 200;
/// How far ahead a publication is planned.
const AHEAD: Months = Months::new(12);

pub(crate) fn publish_photos(
    work: &Work,
    request: PublishPhotosRequest,
) -> Result<Vec<PublicationView>, Refusal> {
    let place = required_text("place", &request.place, LONGEST_PLACE)?;
    check_photos(&request.photos)?;
    // What is asked about pictures is asked about words.
    if !asked(Purpose::PublicityPicture).contains(&request.channel) {
        return Err(Refusal::of_field("channel", Code::Invalid));
    }
    let latest = work.today.checked_add_months(AHEAD);
    if latest.is_some_and(|latest| request.live_from > latest) {
        return Err(Refusal::of_field("live_from", Code::DateInFuture));
    }
    let staff = work.staff_names()?;
    work.write(|write| {
        let mut gallery = Gallery::open(work, write)?;
        let mut changes = Vec::with_capacity(request.photos.len());
        let mut made = Vec::with_capacity(request.photos.len());
        for photo in &request.photos {
            let view = gallery.view(*photo)?.ok_or(Code::NotFound)?;
            if request.live_from < london_date(view.taken_at) {
                return Err(Refusal::of_field("live_from", Code::DateTooEarly));
            }
            // The guards say so too; here it is said of the field.
            if !view.channels.contains(&request.channel) {
                return Err(Refusal::of_field("channel", Code::NoConsent));
            }
            check_name(&view, request.attribution)?;
            // What begins once the time is over would be a new use then.
            let last = permitted_until(work, write, *photo)?.map(last_day);
            if last.is_some_and(|last| request.live_from > last) {
                return Err(Refusal::of_field("live_from", Code::ConsentExpired));
            }
            let publication = Publication {
                id: work.make_id()?,
                photo: Some(*photo),
                channel: request.channel.clone(),
                place: place.clone(),
                attribution: request.attribution,
                live_from: request.live_from,
                published_by: work.login.user,
                published_at: write.latest_seen(work.now)?,
            };
            let centre = work.device.centre;
            let scope = write.held_in(*photo, centre)?.unwrap_or(centre);
            changes.push(created(&publication, scope));
            made.push(publication.id);
        }
        work.save(write, "publish_photos", changes)?;
        let mut ledger = Ledger::open(work, write, &staff)?;
        made.into_iter().map(|id| ledger.view(id)).collect()
    })
}

/// When the first of the decisions ends that permit a photo, if one does.
pub(crate) fn permitted_until(
    work: &Work,
    read: &Read<'_>,
    photo: PhotoId,
) -> Result<Option<Instant>, Refusal> {
    let latest_seen = read.latest_seen(work.now)?;
    let mut until = None;
    for subject in read.photo_subjects(photo)? {
        let purpose = subject.purpose.ok_or(Code::NoConsent)?;
        let ledger = read.consent_records(subject.person)?.ledger();
        let permit = ledger.permit(subject.person, purpose, latest_seen);
        let ends = permit.map_err(|_| Code::NoConsent)?.until();
        until = [until, ends].into_iter().flatten().min();
    }
    Ok(until)
}

/// Words stand under a name that every decision that counts permits, or under none; a picture is not signed.
fn check_name(view: &PhotoView, attribution: Option<Attribution>) -> Result<(), Refusal> {
    let code = match (view.form, attribution, &view.quote) {
        (Form::Picture, None, _) => return Ok(()),
        (Form::Picture, Some(_), _) => Code::Invalid,
        (Form::Words, None, _) => Code::Required,
        (Form::Words, Some(name), Some(quote)) => {
            let mut names = quote.names.iter();
            if names.any(|permitted| permitted.attribution == name) {
                return Ok(());
            }
            Code::NoConsent
        }
        // They are not here to be given to anybody.
        (Form::Words, Some(_), None) => Code::NotFound,
    };
    Err(Refusal::of_field("attribution", code))
}

/// At least one photo, not too many, none twice.
fn check_photos(photos: &[PhotoId]) -> Result<(), Refusal> {
    let mut distinct = photos.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if photos.is_empty() {
        Err(Refusal::of_field("photos", Code::Required))
    } else if distinct.len() != photos.len() || photos.len() > MOST_PHOTOS {
        Err(Refusal::of_field("photos", Code::Invalid))
    } else {
        Ok(())
    }
}
