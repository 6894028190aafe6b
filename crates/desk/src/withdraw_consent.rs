//! Consent is taken back, and with it every picture that rested on it.

use chrono::NaiveDate;
use porch_domain::catalogue::Record as _;
use porch_domain::channel::Channel;
use porch_domain::consent::{AGE_OF_OWN_DECISION, check_withdrawal};
use porch_domain::decision::{Decision, Purpose};
use porch_domain::id::{DecisionId, PersonId, RecordId as _, WithdrawalId};
use porch_domain::membership::MemberRole;
use porch_domain::person::Person;
use porch_domain::photo::Photo;
use porch_domain::typed_date::Age;
use porch_domain::withdrawal::{Withdrawal, WithdrawalHow, rule_by};
use porch_store::audit::Deed;
use porch_store::consent::ConsentRecords;
use porch_store::{Read, Write};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::changes::created;
use crate::desk::locked;
use crate::people::{Sight, visible_person};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// What is withdrawn.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawRequest {
    /// Whose pictures or data.
    pub subject: PersonId,
    /// For which purpose.
    pub purpose: Purpose,
    /// The decisions withdrawn.
    pub decisions: Vec<DecisionId>,
    /// For which channels; all when not given.
    pub channels: Option<Vec<Channel>>,
    /// Who asks; may be left out of what is only reported.
    pub by: Option<PersonId>,
    /// How it is known that it is them.
    pub how: WithdrawalHow,
}

/// What the withdrawal did.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub(crate) struct WithdrawnView {
    /// The withdrawal.
    pub withdrawal: WithdrawalId,
    /// How many photos went with it.
    pub photos_removed: u32,
    /// For what was only reported: by when somebody has to rule on it.
    #[ts(type = "string | null")]
    pub rule_by: Option<NaiveDate>,
}

pub(crate) fn withdraw_consent(
    work: &Work,
    request: WithdrawRequest,
) -> Result<WithdrawnView, Refusal> {
    let view = work.write(|write| {
        let sight = Sight(work.login.role);
        visible_person(write, sight, request.subject, work.today)?;
        if let Some(by) = request.by {
            visible_person(write, sight, by, work.today)?;
        }
        check(work, write, &request)?;
        let how = request.how;
        let withdrawal = Withdrawal {
            id: work.make_id()?,
            subject: request.subject,
            purpose: request.purpose,
            decisions: request.decisions.clone(),
            channels: request.channels.clone(),
            by: request.by,
            how,
            verified: how.verified(),
            withdrawn_at: work.now,
            taken_by: work.login.user,
        };
        check_withdrawal(&withdrawal).map_err(|_| Code::Invalid)?;
        work.save(
            write,
            "withdraw_consent",
            vec![created(&withdrawal, work.device.centre)],
        )?;
        let photos_removed = note_removals(work, write, withdrawal.id.uuid())?;
        Ok::<_, Refusal>(WithdrawnView {
            withdrawal: withdrawal.id,
            photos_removed,
            rule_by: (!how.verified()).then(|| rule_by(withdrawal.withdrawn_at)),
        })
    })?;
    scrub(work);
    Ok(view)
}

/// The decisions are this person's for this purpose, and whoever asks is one of those who may:
/// the person themself, a decider, or a holder of authority. In dispute it is enough for a No. What is
/// reported is heard from anybody: somebody rules on it.
fn check(work: &Work, read: &Read<'_>, request: &WithdrawRequest) -> Result<(), Refusal> {
    let records = read.consent_records(request.subject)?;
    let channels = request.channels.as_deref();
    let decisions = named(&records, request.purpose, &request.decisions, channels)?;
    if !request.how.verified() {
        return Ok(());
    }
    let by = request
        .by
        .ok_or_else(|| Refusal::of_field("by", Code::Required))?;
    let themself = by == request.subject && speaks_alone(work, read, &records, request.subject)?;
    let decided = decisions
        .iter()
        .any(|decision| records.are_same(decision.decider, by));
    if themself || decided || records.may_say_no(by) {
        Ok(())
    } else {
        Err(Refusal::of_field("by", Code::NoAuthority))
    }
}

/// The decisions that a withdrawal for a purpose names, of those about somebody.
pub(crate) fn named<'a>(
    records: &'a ConsentRecords,
    purpose: Purpose,
    decisions: &[DecisionId],
    channels: Option<&[Channel]>,
) -> Result<Vec<&'a Decision>, Refusal> {
    if decisions.is_empty() {
        return Err(Refusal::of_field("decisions", Code::Required));
    }
    if channels.is_some_and(<[Channel]>::is_empty) {
        return Err(Refusal::of_field("channels", Code::Required));
    }
    let known = |id: &DecisionId| {
        let mut all = records.decisions.iter();
        all.find(|decision| decision.id == *id && decision.purpose == purpose)
    };
    let named: Option<Vec<_>> = decisions.iter().map(known).collect();
    named.ok_or_else(|| Refusal::of_field("decisions", Code::NotFound))
}

/// Old enough, or a child of whom it was judged that they understand.
fn speaks_alone(
    work: &Work,
    read: &Read<'_>,
    records: &ConsentRecords,
    subject: PersonId,
) -> Result<bool, Refusal> {
    let (person, _) = read.record::<Person>(subject)?;
    let age = person.birth_date.and_then(|born| Age::on(born, work.today));
    let old_enough =
        person.birth_date.is_none() || age.is_some_and(|age| age.years >= AGE_OF_OWN_DECISION);
    let is_child = read
        .families_of(subject, work.today)?
        .into_iter()
        .try_fold(false, |is_child, (family, _)| {
            let members = read.members_of(family, work.today)?;
            let here = members
                .iter()
                .any(|member| member.person == subject && member.role == Some(MemberRole::Child));
            Ok::<_, Refusal>(is_child || here)
        })?;
    let unknown_child = is_child && person.birth_date.is_none();
    Ok(old_enough && !unknown_child || records.may_say_no(subject))
}

/// Puts into the audit which photos a record removed, and tells the window. Gives how many.
pub(crate) fn note_removals(work: &Work, write: &Write<'_>, because: Uuid) -> Result<u32, Refusal> {
    let removed = write.removed_because(because)?;
    for photo in &removed {
        work.record(
            write,
            Deed::Changed,
            "remove_photo",
            Some((Photo::KIND, photo.uuid())),
            &["picture"],
        )?;
    }
    if !removed.is_empty() {
        locked(&work.saved).insert(Photo::KIND.to_owned());
    }
    Ok(u32::try_from(removed.len()).unwrap_or(u32::MAX))
}

/// Leaves no byte of what was removed in a file. The removal itself is done: when somebody reads
/// from before it for longer than the store waits, the next meeting with the county or login tries
/// again.
pub(crate) fn scrub(work: &Work) {
    if let Err(error) = work.store.scrub() {
        tracing::warn!(%error, "removed content waits to be scrubbed");
    }
}
