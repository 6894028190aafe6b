//! Which pictures a withdrawal would take away, before it is made.

use std::convert::Infallible;

use porch_domain::catalogue::Record as _;
use porch_domain::channel::Channel;
use porch_domain::decision::Purpose;
use porch_domain::id::{DecisionId, PersonId, PhotoId, RecordId as _};
use porch_domain::person::Person;
use porch_domain::role::Action;
use porch_domain::withdrawal::{Withdrawal, WithdrawalHow};
use porch_store::StoreError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::changes::created;
use crate::people::{Sight, visible_person};
use crate::photos::{Gallery, PhotoView};
use crate::refusal::Refusal;
use crate::withdraw_consent::named;
use crate::work::Work;

/// What would be withdrawn.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawalCheckRequest {
    /// Whose pictures.
    pub subject: PersonId,
    /// For which purpose.
    pub purpose: Purpose,
    /// The decisions.
    pub decisions: Vec<DecisionId>,
    /// For which channels; all when not given.
    pub channels: Option<Vec<Channel>>,
}

/// What would go.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct WithdrawalCheckView {
    /// How many pictures on this device.
    pub count: u32,
    /// Those of them that the login may see.
    pub photos: Vec<PhotoView>,
}

/// What was tried and undone: nothing of it is kept, whatever it found.
enum Undone {
    Found(Vec<PhotoId>),
    Refused(Refusal),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Refusal> for Undone {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

pub(crate) fn withdrawal_check(
    work: &Work,
    request: WithdrawalCheckRequest,
) -> Result<WithdrawalCheckView, Refusal> {
    work.must(Action::SeePhotos)?;
    let would_go = would_go(work, &request)?;
    let count = u32::try_from(would_go.len()).unwrap_or(u32::MAX);
    let mut photos = Vec::new();
    work.write(|write| {
        work.saw(
            write,
            "withdrawal_check",
            Person::KIND,
            request.subject.uuid(),
        )?;
        let mut gallery = Gallery::open(work, write)?;
        for photo in would_go {
            photos.extend(gallery.view(photo)?);
        }
        Ok(())
    })?;
    Ok(WithdrawalCheckView { count, photos })
}

/// The guards themselves say it: the withdrawal is made, and undone.
fn would_go(work: &Work, request: &WithdrawalCheckRequest) -> Result<Vec<PhotoId>, Refusal> {
    let tried: Result<Infallible, Undone> = work.store.write(|write| {
        visible_person(write, Sight(work.login.role), request.subject, work.today)?;
        let records = write.consent_records(request.subject)?;
        let channels = request.channels.as_deref();
        named(&records, request.purpose, &request.decisions, channels)?;
        let withdrawal = Withdrawal {
            id: work.make_id()?,
            subject: request.subject,
            purpose: request.purpose,
            decisions: request.decisions.clone(),
            channels: request.channels.clone(),
            by: None,
            how: WithdrawalHow::InPerson,
            verified: true,
            withdrawn_at: work.now,
            taken_by: work.login.user,
        };
        let change = created(&withdrawal, work.device.centre);
        write.save(work.login.user.uuid(), work.now, vec![change])?;
        Err(Undone::Found(write.removed_because(withdrawal.id.uuid())?))
    });
    match tried {
        Ok(never) => match never {},
        Err(Undone::Found(photos)) => Ok(photos),
        Err(Undone::Refused(refusal)) => Err(refusal),
    }
}
