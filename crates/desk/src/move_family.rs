//! Moves a family to another centre: from the next meeting with the county on it is that centre's, and
//! leaves this one's devices.

use porch_domain::catalogue::Record as _;
use porch_domain::centre::{Centre, PlaceKind};
use porch_domain::family::Family;
use porch_domain::id::{CentreId, FamilyId, RecordId as _};
use porch_store::StoreError;
use serde::Deserialize;
use ts_rs::TS;

use crate::changes::edited;
use crate::people::{Sight, visible_family};
use crate::refusal::{Code, Nothing, Refusal};
use crate::work::Work;

/// Which family, and where to.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveFamilyRequest {
    /// The family.
    pub family: FamilyId,
    /// The centre that it goes to from now on.
    pub centre: CentreId,
}

pub(crate) fn move_family(work: &Work, request: MoveFamilyRequest) -> Result<Nothing, Refusal> {
    work.write(|write| {
        visible_family(write, Sight(work.login.role), request.family)?;
        let (centre, _) = write.record::<Centre>(request.centre)?;
        if centre.kind != PlaceKind::Centre {
            return Err(Refusal::of_field("centre", Code::Invalid));
        }
        // A family that was registered more than once goes as a whole.
        let mut changes = Vec::new();
        for record in write.all_the_same(request.family)? {
            let row = write.row(Family::KIND, record.uuid())?;
            let row = row.ok_or(StoreError::NotFound)?;
            let seen = row.versions().ok_or(StoreError::Malformed)?;
            let family = Family::from_fields(record, &row.values()).map_err(StoreError::from)?;
            let before = family.to_fields();
            let moved = Family {
                centre: request.centre,
                ..family
            };
            changes.extend(edited(&before, &moved, &seen));
        }
        if !changes.is_empty() {
            work.save(write, "move_family", changes)?;
        }
        Ok(Nothing {})
    })
}
