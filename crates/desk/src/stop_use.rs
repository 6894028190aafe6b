//! A safeguarding lead stops the use of somebody's pictures or words, whatever was decided. To everybody else it
//! looks like any other No.

use porch_domain::bytes::Bytes;
use porch_domain::catalogue::Record as _;
use porch_domain::concern::{Concern, ConcernKind};
use porch_domain::decision::Purpose;
use porch_domain::id::{ConcernId, PersonId, RecordId as _, StopEndId, StopId};
use porch_domain::person::Person;
use porch_domain::stop::{Stop, StopEnd};
use porch_domain::time::Instant;
use porch_store::Read;
use porch_store::sealed::{SealingKey, open, seal};
use porch_sync::Change;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zeroize::Zeroizing;

use crate::changes::created;
use crate::judge_consent::{JudgedView, reason};
use crate::people::{Sight, visible_person};
use crate::refusal::{Code, Refusal};
use crate::withdraw_consent::{note_removals, scrub};
use crate::work::Work;

/// Whose.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct StopsRequest {
    /// The person.
    pub person: PersonId,
}

/// What is stopped for somebody, and why.
#[derive(Clone, Serialize, TS)]
pub(crate) struct StopsView {
    /// The stops that stand, the earliest first.
    pub stops: Vec<StopView>,
    /// What was written when something was stopped or a stop ended, the newest first.
    pub reasons: Vec<StopReasonView>,
    /// Whether there are reasons that this login cannot read now: after a PIN the password is asked for.
    pub sealed: bool,
}

/// A stop.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct StopView {
    /// The stop.
    pub stop: StopId,
    /// For what.
    pub purpose: Purpose,
    /// Who stopped it.
    pub made_by: String,
    /// When.
    pub made_at: Instant,
}

/// Why something was stopped, or is no longer.
#[derive(Clone, Serialize, TS)]
pub(crate) struct StopReasonView {
    /// The words.
    pub text: String,
    /// Who wrote them.
    pub written_by: String,
    /// When.
    pub written_at: Instant,
}

/// What is to be stopped.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct StopUseRequest {
    /// Whose pictures or words.
    pub subject: PersonId,
    /// For what.
    pub purposes: Vec<Purpose>,
    /// Why; sealed.
    pub why: String,
}

/// Which stop is over.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndStopRequest {
    /// The stop.
    pub stop: StopId,
    /// Why; sealed.
    pub why: String,
}

/// The most reasons that are shown: the newest.
const SHOWN: u32 = 100;

pub(crate) fn stops(work: &Work, request: StopsRequest) -> Result<StopsView, Refusal> {
    let staff = work.staff_names()?;
    work.write(|write| {
        let sight = Sight(work.login.role);
        visible_person(write, sight, request.person, work.today)?;
        work.saw(write, "stops", Person::KIND, request.person.uuid())?;
        let stops = standing(write, request.person)?;
        let mut reasons = Vec::new();
        let mut sealed = false;
        for note in write.concerns_about(request.person, ConcernKind::StopReason, SHOWN)? {
            let text = open(
                &work.login.restricted,
                Concern::KIND,
                note.id.uuid(),
                note.sealed.as_slice(),
            );
            match text
                .ok()
                .and_then(|text| String::from_utf8(text.to_vec()).ok())
            {
                Some(text) => {
                    work.saw(write, "stops", Concern::KIND, note.id.uuid())?;
                    reasons.push(StopReasonView {
                        text,
                        written_by: staff.of(note.written_by),
                        written_at: note.written_at,
                    });
                }
                None => sealed = true,
            }
        }
        Ok(StopsView {
            stops: stops
                .into_iter()
                .map(|stop| StopView {
                    stop: stop.id,
                    purpose: stop.purpose,
                    made_by: staff.of(stop.made_by),
                    made_at: stop.made_at,
                })
                .collect(),
            reasons,
            sealed,
        })
    })
}

pub(crate) fn stop_use(work: &Work, request: StopUseRequest) -> Result<JudgedView, Refusal> {
    let why = Zeroizing::new(reason(&request.why)?);
    if request.purposes.is_empty() {
        return Err(Refusal::of_field("purposes", Code::Required));
    }
    let mut photos_removed = 0;
    work.write(|write| {
        let sight = Sight(work.login.role);
        visible_person(write, sight, request.subject, work.today)?;
        let standing = standing(write, request.subject)?;
        let mut changes = vec![note(work, request.subject, &why)?];
        let mut made = Vec::new();
        for purpose in &request.purposes {
            if standing.iter().any(|stop| stop.purpose == *purpose) {
                continue;
            }
            let stop = Stop {
                id: work.make_id()?,
                subject: request.subject,
                purpose: *purpose,
                made_by: work.login.user,
                made_at: work.now,
            };
            changes.push(created(&stop, work.device.centre));
            made.push(stop.id.uuid());
        }
        if made.is_empty() {
            return Err(Code::RuledAlready.into());
        }
        work.save(write, "stop_use", changes)?;
        for stop in made {
            photos_removed += note_removals(work, write, stop)?;
        }
        Ok(())
    })?;
    if photos_removed > 0 {
        scrub(work);
    }
    Ok(JudgedView { photos_removed })
}

pub(crate) fn end_stop(work: &Work, request: EndStopRequest) -> Result<JudgedView, Refusal> {
    let why = Zeroizing::new(reason(&request.why)?);
    work.write(|write| {
        let (stop, _) = write.record::<Stop>(request.stop)?;
        let sight = Sight(work.login.role);
        visible_person(write, sight, stop.subject, work.today)?;
        if standing(write, stop.subject)?
            .iter()
            .all(|stands| stands.id != stop.id)
        {
            return Err(Code::RuledAlready.into());
        }
        let end = StopEnd {
            id: work.make_id::<StopEndId>()?,
            stop: stop.id,
            ended_by: work.login.user,
            ended_at: work.now,
        };
        let changes = vec![
            note(work, stop.subject, &why)?,
            created(&end, work.device.centre),
        ];
        work.save(write, "end_stop", changes)
    })?;
    // What was removed does not come back.
    Ok(JudgedView { photos_removed: 0 })
}

/// The stops that stand, under whichever of somebody's records, the earliest first.
fn standing(read: &Read<'_>, person: PersonId) -> Result<Vec<Stop>, Refusal> {
    let records = read.consent_records(person)?;
    let mut stops = records.stops;
    stops.retain(|stop| records.stop_ends.iter().all(|end| end.stop != stop.id));
    stops.sort_by_key(|stop| (stop.made_at, stop.id));
    Ok(stops)
}

/// Why, sealed: few can read it.
fn note(work: &Work, about: PersonId, why: &str) -> Result<Change, Refusal> {
    let key = SealingKey::from_bytes(work.device.restricted_epoch, &work.device.restricted_key)
        .ok_or(Code::Internal)?;
    let id: ConcernId = work.make_id()?;
    let sealed =
        seal(&key, Concern::KIND, id.uuid(), why.as_bytes()).map_err(|_| Code::Internal)?;
    let concern = Concern {
        id,
        about: Some(about),
        kind: ConcernKind::StopReason,
        key_epoch: key.epoch(),
        sealed: Bytes(sealed),
        written_by: work.login.user,
        written_at: work.now,
        call_made: None,
    };
    Ok(created(&concern, work.device.centre))
}
