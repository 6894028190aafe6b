//! Pictures of crowds: of an event in a public place, in which nobody stands out and nobody is named (`consent.md`).

use porch_domain::photo::Photo;
use porch_domain::time::Instant;
use porch_store::Read;
use porch_store::audit::Deed;
use serde::Deserialize;
use ts_rs::TS;

use crate::add_photo::{check_told, prepared, record};
use crate::alterations::{Alterations, Area};
use crate::changes::created;
use crate::photos::{Gallery, PhotoView};
use crate::picture::Prepared;
use crate::refusal::{Code, Nothing, Refusal, required_text};
use crate::work::Work;

/// A picture of a crowd, and what whoever took it declares.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddCrowdPhotoRequest {
    /// Which event, and in which public place.
    pub public_place: String,
    /// That the place is public and that nobody stands out: declared by whoever stores it.
    pub is_declared: bool,
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

/// The longest name of an event and a place, in characters.
const LONGEST_PLACE: usize = 200;

pub(crate) fn add_crowd_photo(
    work: &Work,
    request: AddCrowdPhotoRequest,
) -> Result<PhotoView, Refusal> {
    let public_place = required_text("public_place", &request.public_place, LONGEST_PLACE)?;
    if !request.is_declared {
        return Err(Refusal::of_field("is_declared", Code::Required));
    }
    check_told(work, &request.caption, request.taken_at)?;
    let alterations = Alterations {
        keep: request.keep,
        cover: request.cover,
    };
    alterations.check()?;
    work.store.read(|read| check_place(read, &public_place))?;
    let prepared = prepared(&request.picture, &alterations)?;
    let photo = Photo {
        public_place: Some(public_place),
        ..record(work, &prepared, request.taken_at, &request.caption)?
    };
    let Prepared { picture, thumbnail } = prepared;
    work.write(|write| {
        let photo = Photo {
            stored_at: write.latest_seen(work.now)?,
            ..photo
        };
        let changes = vec![created(&photo, work.device.centre)];
        work.save(write, "add_crowd_photo", changes)?;
        write.put_picture(photo.id, Vec::new(), &picture.bytes, Some(&thumbnail.bytes))?;
        let mut gallery = Gallery::open(work, write)?;
        gallery.view(photo.id)?.ok_or_else(|| Code::Internal.into())
    })
}

/// The pictures of crowds, the latest first.
pub(crate) fn crowd_photos(work: &Work, _: Nothing) -> Result<Vec<PhotoView>, Refusal> {
    work.write(|write| {
        work.record(write, Deed::Saw, "crowd_photos", None, &[])?;
        let mut gallery = Gallery::open(work, write)?;
        let photos = write.crowds()?.into_iter();
        photos
            .filter_map(|photo| gallery.view(photo).transpose())
            .collect()
    })
}

/// At a centre there is no crowd: whoever is there is a visitor, and is asked. This finds only a centre that is called by its
/// name; that a place is public is for whoever declares it to say. A short name may be that of a park, too: one of fewer than
/// three words is found only by itself.
fn check_place(read: &Read<'_>, public_place: &str) -> Result<(), Refusal> {
    let place = plain(public_place);
    let names = read.centre_names()?;
    let mut names = names.iter().filter(|name| !plain(name).is_empty());
    if names.any(|name| {
        let is_long = name.split_whitespace().count() >= 3;
        place == plain(name) || is_long && place.contains(&plain(name))
    }) {
        return Err(Refusal::of_field("public_place", Code::NotPublic));
    }
    Ok(())
}

/// Letters and digits only, as people vary the rest when they write a name.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
