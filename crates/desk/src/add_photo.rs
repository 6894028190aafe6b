//! A picture of people who permit it is stored; nothing is written before that is certain.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use porch_domain::bytes::Digest;
use porch_domain::consent::Permit;
use porch_domain::decision::Purpose;
use porch_domain::id::{PersonId, SessionId, derive_photo_subject_id};
use porch_domain::photo::{Photo, PhotoSubject};
use porch_domain::session::Session;
use porch_domain::time::Instant;
use porch_store::Read;
use serde::Deserialize;
use ts_rs::TS;

use crate::alterations::{Alterations, Area};
use crate::changes::created;
use crate::people::{Sight, visible_person};
use crate::photo_check::{permit, session_allows};
use crate::photos::{Gallery, PhotoView};
use crate::picture::{MAX_FILE_BYTES, MEDIA_TYPE, Prepared, prepare};
use crate::refusal::{Code, Problem, Refusal};
use crate::work::Work;

/// A picture and who is in it.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddPhotoRequest {
    /// At which session it was taken, if at one.
    pub session: Option<SessionId>,
    /// Everybody in it who can be recognised.
    pub people: Vec<PersonId>,
    /// When it was taken.
    pub taken_at: Instant,
    /// What it shows.
    pub caption: String,
    /// The file's bytes, base64.
    pub picture: String,
    /// The part of it that is kept; all of it unless given.
    #[serde(default)]
    pub keep: Option<Area>,
    /// The parts in which nobody is to be recognised.
    #[serde(default)]
    pub cover: Vec<Area>,
}

/// The longest caption, in bytes.
const LONGEST_CAPTION: usize = 1_000;
/// The most people in one picture.
const MOST_PEOPLE: usize = 100;
/// How far ahead of this computer's clock a camera's may be, in milliseconds.
const CAMERA_AHEAD_MS: i64 = 60 * 60 * 1000;

pub(crate) fn add_photo(work: &Work, request: AddPhotoRequest) -> Result<PhotoView, Refusal> {
    check(work, &request)?;
    let alterations = Alterations {
        keep: request.keep,
        cover: request.cover.clone(),
    };
    alterations.check()?;
    // Asked before the work of decoding, and once more in the transaction that stores.
    work.store
        .read(|read| permits(work, read, &request).map(drop))?;
    let prepared = prepared(&request.picture, &alterations)?;
    let photo = Photo {
        session: request.session,
        subject_count: size(request.people.len())?,
        ..record(work, &prepared, request.taken_at, &request.caption)?
    };
    let Prepared { picture, thumbnail } = prepared;
    work.write(|write| {
        let permits = permits(work, write, &request)?;
        // What says when it was stored is the latest time ever seen, as the permits were.
        let photo = Photo {
            stored_at: write.latest_seen(work.now)?,
            ..photo
        };
        let mut changes = vec![created(&photo, work.device.centre)];
        changes.extend(permits.iter().map(|permit| {
            let subject = PhotoSubject {
                id: derive_photo_subject_id(photo.id, permit.subject()),
                photo: photo.id,
                person: permit.subject(),
                decision: permit.decision(),
            };
            created(&subject, work.device.centre)
        }));
        work.save(write, "add_photo", changes)?;
        write.put_picture(photo.id, permits, &picture.bytes, Some(&thumbnail.bytes))?;
        let mut gallery = Gallery::open(work, write)?;
        gallery.view(photo.id)?.ok_or_else(|| Code::Internal.into())
    })
}

fn check(work: &Work, request: &AddPhotoRequest) -> Result<(), Refusal> {
    let distinct: BTreeSet<&PersonId> = request.people.iter().collect();
    if request.people.is_empty() {
        Err(Refusal::of_field("people", Code::NobodyInPicture))
    } else if distinct.len() != request.people.len() || distinct.len() > MOST_PEOPLE {
        Err(Refusal::of_field("people", Code::Invalid))
    } else {
        check_told(work, &request.caption, request.taken_at)
    }
}

/// What is said of a picture: how long its caption is, and when it was taken.
pub(crate) fn check_told(work: &Work, caption: &str, taken_at: Instant) -> Result<(), Refusal> {
    if caption.len() > LONGEST_CAPTION {
        Err(Refusal::of_field("caption", Code::TooLong))
    } else if taken_at.unix_ms() > work.now.unix_ms() + CAMERA_AHEAD_MS {
        Err(Refusal::of_field("taken_at", Code::DateInFuture))
    } else {
        Ok(())
    }
}

/// A picture file in base64, decoded, altered, turned upright, scaled and encoded again: in memory only.
pub(crate) fn prepared(picture: &str, alterations: &Alterations) -> Result<Prepared, Refusal> {
    if picture.len() / 4 * 3 > MAX_FILE_BYTES + 2 {
        return Err(Refusal::of_field("picture", Code::PictureTooLarge));
    }
    let file = BASE64
        .decode(picture)
        .map_err(|_| Refusal::of_field("picture", Code::NotAPicture))?;
    prepare(&file, alterations)
}

/// The record of a picture at no session and of nobody, which is stored now.
pub(crate) fn record(
    work: &Work,
    Prepared { picture, thumbnail }: &Prepared,
    taken_at: Instant,
    caption: &str,
) -> Result<Photo, Refusal> {
    Ok(Photo {
        id: work.make_id()?,
        session: None,
        taken_at,
        stored_at: work.now,
        taken_by: work.login.user,
        caption: Some(caption.trim())
            .filter(|caption| !caption.is_empty())
            .map(str::to_owned),
        public_place: None,
        subject_count: 0,
        sha256: Digest::of(&picture.bytes),
        media_type: MEDIA_TYPE.to_owned(),
        width: picture.width,
        height: picture.height,
        bytes: size(picture.bytes.len())?,
        thumbnail_bytes: size(thumbnail.bytes.len())?,
        thumbnail_sha256: Digest::of(&thumbnail.bytes),
    })
}

/// A permit for everybody in the picture, or every reason why there is none.
fn permits(
    work: &Work,
    read: &Read<'_>,
    request: &AddPhotoRequest,
) -> Result<Vec<Permit>, Refusal> {
    if let Some(session) = request.session {
        read.record::<Session>(session)?;
    }
    if !session_allows(read, request.session)? {
        return Err(Refusal::of_field("session", Code::NeverPhotograph));
    }
    let latest_seen = read.latest_seen(work.now)?;
    let (mut permits, mut problems) = (Vec::new(), Vec::new());
    for (number, person) in request.people.iter().enumerate() {
        visible_person(read, Sight(work.login.role), *person, work.today)?;
        match permit(read, *person, Purpose::PublicityPicture, latest_seen)? {
            Ok(permit) => permits.push(permit),
            Err(code) => problems.push(Problem {
                field: format!("people.{number}"),
                code,
            }),
        }
    }
    match problems.first() {
        None => Ok(permits),
        Some(first) => {
            let (code, field) = (first.code, Some(first.field.clone()));
            Err(Refusal {
                field,
                problems,
                ..Refusal::because(code)
            })
        }
    }
}

fn size(length: usize) -> Result<u32, Refusal> {
    u32::try_from(length).map_err(|_| Code::PictureTooLarge.into())
}
