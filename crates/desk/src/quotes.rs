//! What somebody said, who let us use their words: written down, and shown.

use porch_domain::bytes::Digest;
use porch_domain::catalogue::Record as _;
use porch_domain::decision::Purpose;
use porch_domain::family::Family;
use porch_domain::id::{FamilyId, PersonId, RecordId as _, derive_photo_subject_id};
use porch_domain::photo::{Form, Photo, PhotoSubject};
use porch_domain::quote::{LONGEST, LONGEST_LANGUAGE, MEDIA_TYPE, Quote};
use porch_store::audit::Deed;
use serde::Deserialize;
use ts_rs::TS;

use crate::changes::created;
use crate::people::{Sight, visible_family, visible_person};
use crate::photo_check::{PhotoPersonView, checked, permit};
use crate::photos::{Gallery, PhotoView};
use crate::refusal::{Code, Refusal, required_text};
use crate::work::Work;

/// Whose words.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuotesRequest {
    /// A family's; everybody's when not given.
    pub family: Option<FamilyId>,
}

/// Whose words might be written down.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuoteCheckRequest {
    /// Each of them.
    pub people: Vec<PersonId>,
}

/// What somebody said.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddQuoteRequest {
    /// Who.
    pub person: PersonId,
    /// Their words.
    pub words: String,
    /// The language in which they were said, where these are a translation; else empty.
    pub translated_from: String,
    /// Whether the words tell something of a special category (UK GDPR article 9) of anybody: their health or sex life, religion or
    /// belief, race or where their family comes from, politics or trade union.
    pub reveals_special_category: bool,
}

pub(crate) fn quotes(work: &Work, request: QuotesRequest) -> Result<Vec<PhotoView>, Refusal> {
    work.write(|write| {
        let quotes = match request.family {
            Some(family) => {
                visible_family(write, Sight(work.login.role), family)?;
                work.saw(write, "quotes", Family::KIND, family.uuid())?;
                write.photos_of_family(family, Form::Words, work.today)?
            }
            None => {
                work.record(write, Deed::Saw, "quotes", None, &[])?;
                write.quotes()?
            }
        };
        let mut gallery = Gallery::open(work, write)?;
        quotes
            .into_iter()
            .filter_map(|quote| gallery.view(quote).transpose())
            .collect()
    })
}

pub(crate) fn quote_check(
    work: &Work,
    request: QuoteCheckRequest,
) -> Result<Vec<PhotoPersonView>, Refusal> {
    work.store
        .read(|read| checked(work, read, Purpose::PublicityQuote, request.people))
}

/// Nothing is written before it is certain that whoever said it permits that. Words that tell something of a special category need
/// consent that names it (UK GDPR article 9(2)(a)); no wording that people are asked in does, so they are not kept.
pub(crate) fn add_quote(work: &Work, request: AddQuoteRequest) -> Result<PhotoView, Refusal> {
    let words = required_text("words", &request.words, LONGEST)?;
    let translated_from = request.translated_from.trim();
    if translated_from.chars().count() > LONGEST_LANGUAGE {
        return Err(Refusal::of_field("translated_from", Code::TooLong));
    }
    if request.reveals_special_category {
        return Err(Refusal::of_field(
            "reveals_special_category",
            Code::SpecialCategory,
        ));
    }
    let translated_from = Some(translated_from)
        .filter(|language| !language.is_empty())
        .map(str::to_owned);
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|_| Code::Internal)?;
    let content = Quote::new(words, translated_from, salt)
        .to_bytes()
        .map_err(|_| Refusal::of_field("words", Code::TooLong))?;
    work.write(|write| {
        visible_person(write, Sight(work.login.role), request.person, work.today)?;
        let latest_seen = write.latest_seen(work.now)?;
        let permit = permit(write, request.person, Purpose::PublicityQuote, latest_seen)?
            .map_err(|code| Refusal::of_field("person", code))?;
        let photo = Photo {
            id: work.make_id()?,
            session: None,
            taken_at: work.now,
            stored_at: latest_seen,
            taken_by: work.login.user,
            caption: None,
            public_place: None,
            subject_count: 1,
            sha256: Digest::of(&content),
            media_type: MEDIA_TYPE.to_owned(),
            width: 0,
            height: 0,
            bytes: u32::try_from(content.len()).map_err(|_| Code::TooLong)?,
            thumbnail_bytes: 0,
            thumbnail_sha256: Digest::of(&[]),
        };
        let said_by = PhotoSubject {
            id: derive_photo_subject_id(photo.id, permit.subject()),
            photo: photo.id,
            person: permit.subject(),
            decision: permit.decision(),
        };
        let centre = work.device.centre;
        let changes = vec![created(&photo, centre), created(&said_by, centre)];
        work.save(write, "add_quote", changes)?;
        write.put_picture(photo.id, vec![permit], &content, None)?;
        let mut gallery = Gallery::open(work, write)?;
        gallery.view(photo.id)?.ok_or_else(|| Code::Internal.into())
    })
}
