//! Which pictures and quotes a withdrawal would take away, and from where they would have to come down, before it is made.

use std::convert::Infallible;

use chrono::NaiveDate;
use porch_domain::catalogue::Record as _;
use porch_domain::channel::Channel;
use porch_domain::decision::Purpose;
use porch_domain::id::{DecisionId, PersonId, PhotoId, PublicationId, RecordId as _};
use porch_domain::person::Person;
use porch_domain::publication::take_down_by;
use porch_domain::role::Action;
use porch_domain::withdrawal::{Withdrawal, WithdrawalHow};
use porch_store::StoreError;
use porch_store::publication::Which;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::changes::created;
use crate::people::{Sight, visible_person};
use crate::photos::PhotoView;
use crate::publications::{Ledger, PublicationView, days_to_take_down};
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
    /// How many pictures and quotes on this device.
    pub count: u32,
    /// Those of them that the login may see.
    pub photos: Vec<PhotoView>,
    /// Where pictures and quotes are published that would have to come down.
    pub coming_down: Vec<PublicationView>,
    /// By which day.
    #[ts(type = "string")]
    pub down_by: NaiveDate,
}

/// What was tried and undone: nothing of it is kept, whatever it found.
enum Undone {
    Found(Consequences),
    Refused(Refusal),
}

/// What a withdrawal would do.
struct Consequences {
    /// Photos that would go.
    photos: Vec<PhotoId>,
    /// Publications that would have to come down.
    publications: Vec<PublicationId>,
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
    let Consequences {
        photos: going,
        publications,
    } = consequences(work, &request)?;
    let staff = work.staff_names()?;
    work.write(|write| {
        work.saw(
            write,
            "withdrawal_check",
            Person::KIND,
            request.subject.uuid(),
        )?;
        let mut ledger = Ledger::open(work, write, &staff)?;
        let mut photos = Vec::new();
        for photo in &going {
            photos.extend(ledger.gallery.view(*photo)?);
        }
        let coming_down = publications.into_iter().map(|id| ledger.view(id));
        Ok(WithdrawalCheckView {
            count: u32::try_from(going.len()).unwrap_or(u32::MAX),
            photos,
            coming_down: coming_down.collect::<Result<_, _>>()?,
            down_by: take_down_by(work.now, days_to_take_down(write)?),
        })
    })
}

/// The guards themselves say it: the withdrawal is made, and undone.
fn consequences(work: &Work, request: &WithdrawalCheckRequest) -> Result<Consequences, Refusal> {
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
        let due_already = write.publications(Which::Due)?;
        write.save(work.login.user.uuid(), work.now, vec![change])?;
        let mut publications = write.publications(Which::Due)?;
        publications.retain(|publication| !due_already.contains(publication));
        Err(Undone::Found(Consequences {
            photos: write.removed_because(withdrawal.id.uuid())?,
            publications,
        }))
    });
    match tried {
        Ok(never) => match never {},
        Err(Undone::Found(consequences)) => Ok(consequences),
        Err(Undone::Refused(refusal)) => Err(refusal),
    }
}
