//! A photo or a quote goes because somebody asks for it, or because it should not have been kept.

use porch_domain::id::{PhotoId, RecordId as _};
use porch_domain::photo::{Objection, ObjectionGround};
use serde::Deserialize;
use ts_rs::TS;

use crate::changes::created;
use crate::photos::{Gallery, PhotoState, PhotoView};
use crate::refusal::{Code, Refusal};
use crate::withdraw_consent::{note_removals, scrub};
use crate::work::Work;

/// Which photo or quote goes, and why.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemovePhotoRequest {
    /// It.
    pub photo: PhotoId,
    /// Why.
    pub ground: ObjectionGround,
}

/// It is removed in the same transaction, whoever permits it; each use of it has to come down. What anybody decided stays as it
/// is.
pub(crate) fn remove_photo(work: &Work, request: RemovePhotoRequest) -> Result<PhotoView, Refusal> {
    let removed = work.write(|write| {
        let before = Gallery::open(work, write)?.view(request.photo)?;
        if before.ok_or(Code::NotFound)?.state == PhotoState::Removed {
            return Err(Code::PictureRemoved.into());
        }
        let objection = Objection {
            id: work.make_id()?,
            photo: request.photo,
            ground: request.ground,
            recorded_by: work.login.user,
            recorded_at: work.now,
        };
        let centre = work.device.centre;
        let scope = write.held_in(request.photo, centre)?.unwrap_or(centre);
        work.save(write, "remove_photo", vec![created(&objection, scope)])?;
        note_removals(work, write, objection.id.uuid())?;
        let after = Gallery::open(work, write)?.view(request.photo)?;
        after.ok_or_else(|| Refusal::from(Code::Internal))
    })?;
    scrub(work);
    Ok(removed)
}
