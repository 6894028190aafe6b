//! Photos, quotes and crowds, and what is said of them.

use porch_domain::bytes::Digest;
use porch_domain::channel::Channel;
use porch_domain::decision::{Attribution, Purpose};
use porch_domain::id::{PhotoId, derive_photo_subject_id};
use porch_domain::photo::{Objection, ObjectionGround, Photo, PhotoSubject};
use porch_domain::publication::{Publication, Takedown, TakedownOutcome};
use porch_domain::quote::{self, MalformedQuote, Quote};
use porch_domain::time::Instant;
use uuid::Uuid;

use super::records::user;

/// A photo and its two files.
pub(super) struct Shot {
    /// Its record.
    pub(super) photo: Photo,
    /// The picture.
    pub(super) picture: Vec<u8>,
    /// The small one; none of words.
    pub(super) thumbnail: Option<Vec<u8>>,
}

/// A photo of so many people.
pub(super) fn shot(
    id: Uuid,
    session: Option<Uuid>,
    people: usize,
    size: usize,
    at: Instant,
) -> Shot {
    let (seed, _) = id.as_u64_pair();
    let byte = |at: usize| (seed.rotate_left((at % 61) as u32) ^ (at as u64)).to_le_bytes()[0];
    let picture: Vec<u8> = (0..size).map(byte).collect();
    let thumbnail: Vec<u8> = (0..600).map(|at| byte(at + 7)).collect();
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    Shot {
        photo: Photo {
            id: id.into(),
            session: session.map(Into::into),
            taken_at: at,
            stored_at: at,
            taken_by: user(),
            caption: None,
            public_place: None,
            subject_count: u32::try_from(people).unwrap_or(u32::MAX),
            sha256: Digest::of(&picture),
            media_type: "image/jpeg".to_owned(),
            width: 1600,
            height: 1200,
            bytes: length(&picture),
            thumbnail_bytes: length(&thumbnail),
            thumbnail_sha256: Digest::of(&thumbnail),
        },
        picture,
        thumbnail: Some(thumbnail),
    }
}

/// A picture of a crowd.
pub(super) fn crowd(id: Uuid, at: Instant) -> Shot {
    let shot = shot(id, None, 0, 1500, at);
    Shot {
        photo: Photo {
            public_place: Some("The lantern walk in Mill Park".to_owned()),
            ..shot.photo
        },
        ..shot
    }
}

/// What somebody said.
pub(super) fn words(id: Uuid, at: Instant) -> Result<Shot, MalformedQuote> {
    let said = Quote::new(format!("Said {}", id.simple()), None, *id.as_bytes()).to_bytes()?;
    let picture = shot(id, None, 1, 0, at).photo;
    Ok(Shot {
        photo: Photo {
            sha256: Digest::of(&said),
            media_type: quote::MEDIA_TYPE.to_owned(),
            width: 0,
            height: 0,
            bytes: u32::try_from(said.len()).unwrap_or(u32::MAX),
            thumbnail_bytes: 0,
            thumbnail_sha256: Digest::of(&[]),
            ..picture
        },
        picture: said,
        thumbnail: None,
    })
}

/// Somebody in a photo.
pub(super) fn in_photo(photo: PhotoId, person: Uuid, decision: Uuid) -> PhotoSubject {
    PhotoSubject {
        id: derive_photo_subject_id(photo, person.into()),
        photo,
        person: person.into(),
        decision: decision.into(),
    }
}

/// Somebody objects to a photo.
pub(super) fn objection(id: Uuid, photo: Uuid, at: Instant) -> Objection {
    Objection {
        id: id.into(),
        photo: photo.into(),
        ground: ObjectionGround::Asked,
        recorded_by: user(),
        recorded_at: at,
    }
}

/// A photo or a quote in a newspaper.
pub(super) fn publication(id: Uuid, photo: Uuid, purpose: Purpose, at: Instant) -> Publication {
    Publication {
        id: id.into(),
        photo: Some(photo.into()),
        channel: Channel::Press,
        place: "The Sample Gazette".to_owned(),
        attribution: (purpose == Purpose::PublicityQuote).then_some(Attribution::FirstName),
        live_from: at.utc().date_naive(),
        published_by: user(),
        published_at: at,
    }
}

/// It is there no longer.
pub(super) fn takedown(id: Uuid, publication: Uuid, at: Instant) -> Takedown {
    Takedown {
        id: id.into(),
        publication: publication.into(),
        outcome: TakedownOutcome::CannotBeRecalled,
        proof: "It was yesterday's.".to_owned(),
        ended_on: at.utc().date_naive(),
        recorded_by: user(),
        recorded_at: at,
    }
}
