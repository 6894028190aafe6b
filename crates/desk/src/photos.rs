//! The photos of a family or a session.

use porch_domain::channel::Channel;
use porch_domain::id::{FamilyId, PersonId, PhotoId, SessionId};
use porch_domain::time::Instant;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Whose photos, or which session's.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PhotosRequest {
    /// A family's.
    pub family: Option<FamilyId>,
    /// A session's.
    pub session: Option<SessionId>,
}

/// How a photo stands on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PhotoState {
    /// It can be shown.
    Here,
    /// Its picture has not arrived yet.
    OnItsWay,
    /// Its picture was removed for good.
    Removed,
    /// It may not be shown; a person must decide.
    Suspended,
}

/// A photo, without its picture.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PhotoView {
    /// The photo.
    pub photo: PhotoId,
    /// When it was taken.
    pub taken_at: Instant,
    /// What it shows.
    pub caption: Option<String>,
    /// Who is in it.
    pub people: Vec<PhotoSubjectView>,
    /// Where it may be used: what everybody in it grants.
    pub channels: Vec<Channel>,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// How it stands.
    pub state: PhotoState,
}

/// Somebody in a photo.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PhotoSubjectView {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
}

/// A picture's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PictureSize {
    /// At most 320 pixels on its long side.
    Thumbnail,
    /// As stored.
    Full,
}

/// Which picture.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PhotoPictureRequest {
    /// The photo.
    pub photo: PhotoId,
    /// The size.
    pub size: PictureSize,
}

/// A picture's bytes.
#[derive(Clone, Serialize, TS)]
pub struct PictureView {
    /// Its media type.
    pub media_type: String,
    /// Its bytes, base64.
    pub picture: String,
}

pub(crate) fn photos(_work: &Work, _request: PhotosRequest) -> Result<Vec<PhotoView>, Refusal> {
    Err(Code::Internal.into())
}

pub(crate) fn photo_picture(_work: &Work, _request: PhotoPictureRequest) -> Result<PictureView, Refusal> {
    Err(Code::Internal.into())
}
