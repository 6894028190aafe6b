//! What a manager judges: withdrawals that were reported, decisions that were recorded by mistake, authorities
//! that ended or are in dispute.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use porch_domain::authority::{Authority, AuthorityEnd, EndKind, Evidence};
use porch_domain::catalogue::Record as _;
use porch_domain::channel::Channel;
use porch_domain::decision::{Decision, Purpose};
use porch_domain::id::{AuthorityId, DecisionId, FamilyId, PersonId, RecordId as _, WithdrawalId};
use porch_domain::standing::Misrecording;
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Ruling, Withdrawal, WithdrawalRuling, rule_by};
use porch_store::{Read, Write};
use porch_sync::Change;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::changes::created;
use crate::consent_history::{name, withdrawn};
use crate::people::{Sight, name_of, visible_family, visible_person};
use crate::refusal::{Code, Nothing, Refusal};
use crate::withdraw_consent::{note_removals, scrub};
use crate::work::Work;

/// A withdrawal that was reported and waits for a ruling.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct ReportView {
    /// The withdrawal.
    pub withdrawal: WithdrawalId,
    /// Whose pictures or data.
    pub subject: PersonId,
    /// What they are called.
    pub name: String,
    /// A family of theirs that the login may see.
    pub family: Option<FamilyId>,
    /// For what.
    pub purpose: Purpose,
    /// What is taken back; empty where it is all, or where the decisions have not arrived.
    pub channels: Vec<Channel>,
    /// The name of who is said to have asked; empty when that is not known.
    pub by: String,
    /// When it was reported.
    pub at: Instant,
    /// The member of staff who took it.
    pub taken_by: String,
    /// By when somebody has to rule; then the county upholds it.
    #[ts(type = "string")]
    pub rule_by: NaiveDate,
    /// Whether that day is over.
    pub overdue: bool,
    /// How many pictures on this device rest on what is taken back.
    pub photos: u32,
}

/// What somebody found out about a withdrawal that was reported.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleOnWithdrawalRequest {
    /// The withdrawal.
    pub withdrawal: WithdrawalId,
    /// What becomes of it.
    pub ruling: Ruling,
    /// What that rests on.
    pub why: String,
}

/// What was judged.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub(crate) struct JudgedView {
    /// How many photos went because of it.
    pub photos_removed: u32,
}

/// A decision that was recorded by mistake.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkMisrecordedRequest {
    /// The decision.
    pub decision: DecisionId,
    /// What shows that it was a mistake.
    pub why: String,
}

/// An authority that ended, or that is in dispute.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndAuthorityRequest {
    /// The authority.
    pub authority: AuthorityId,
    /// Ended or disputed.
    pub kind: EndKind,
    /// How that is known.
    pub evidence: Evidence,
}

/// The longest reason, in characters.
const LONGEST: usize = 2_000;

/// The withdrawals that were reported and wait for a ruling, the earliest first. Those about people whom the login
/// may not know of are left to others.
pub(crate) fn reported_withdrawals(work: &Work, _: Nothing) -> Result<Vec<ReportView>, Refusal> {
    let staff = work.staff_names()?;
    work.write(|write| {
        let mut views = Vec::new();
        for report in write.unruled()? {
            let sight = Sight(work.login.role);
            let subject = match visible_person(write, sight, report.subject, work.today) {
                Ok(person) => person,
                Err(refusal) if refusal.code == Code::NotFound => continue,
                Err(refusal) => return Err(refusal),
            };
            work.saw(
                write,
                "reported_withdrawals",
                Withdrawal::KIND,
                report.id.uuid(),
            )?;
            let rule_by = rule_by(report.withdrawn_at);
            let records = write.consent_records(report.subject)?;
            let photos = write.photos_resting_on(report.id)?.len();
            views.push(ReportView {
                withdrawal: report.id,
                subject: report.subject,
                name: name_of(&subject),
                family: seen_family(work, write, report.subject)?,
                purpose: report.purpose,
                channels: withdrawn(&report, &records),
                by: name(work, write, report.by)?,
                at: report.withdrawn_at,
                taken_by: staff.of(report.taken_by),
                rule_by,
                overdue: work.today > rule_by,
                photos: u32::try_from(photos).unwrap_or(u32::MAX),
            });
        }
        Ok(views)
    })
}

fn seen_family(
    work: &Work,
    read: &Read<'_>,
    person: PersonId,
) -> Result<Option<FamilyId>, Refusal> {
    for (family, _) in read.families_of(person, work.today)? {
        if visible_family(read, Sight(work.login.role), family).is_ok() {
            return Ok(Some(family));
        }
    }
    Ok(None)
}

pub(crate) fn rule_on_withdrawal(
    work: &Work,
    request: RuleOnWithdrawalRequest,
) -> Result<JudgedView, Refusal> {
    let why = reason(&request.why)?;
    judge(work, |write| {
        let (withdrawal, _) = write.record::<Withdrawal>(request.withdrawal)?;
        let sight = Sight(work.login.role);
        visible_person(write, sight, withdrawal.subject, work.today)?;
        // Somebody else may have ruled a moment ago. Another word is heard only where it is a No.
        let waits = write
            .unruled()?
            .iter()
            .any(|unruled| unruled.id == withdrawal.id);
        if withdrawal.is_verified() || !waits && request.ruling == Ruling::Dismissed {
            return Err(Code::RuledAlready.into());
        }
        let ruling = WithdrawalRuling {
            id: work.make_id()?,
            withdrawal: withdrawal.id,
            ruling: request.ruling,
            why: Some(why),
            ruled_by: Some(work.login.user),
            ruled_at: work.now,
        };
        Ok((
            "rule_on_withdrawal",
            ruling.id.uuid(),
            created(&ruling, work.device.centre),
        ))
    })
}

pub(crate) fn mark_misrecorded(
    work: &Work,
    request: MarkMisrecordedRequest,
) -> Result<JudgedView, Refusal> {
    let why = reason(&request.why)?;
    judge(work, |write| {
        let (decision, _) = write.record::<Decision>(request.decision)?;
        let sight = Sight(work.login.role);
        visible_person(write, sight, decision.subject, work.today)?;
        let records = write.consent_records(decision.subject)?;
        let known: BTreeSet<DecisionId> = records
            .misrecordings
            .iter()
            .map(|known| known.decision)
            .collect();
        if known.contains(&decision.id) {
            return Err(Code::RuledAlready.into());
        }
        let misrecording = Misrecording {
            id: work.make_id()?,
            decision: decision.id,
            why,
            recorded_by: work.login.user,
            recorded_at: work.now,
        };
        Ok((
            "mark_misrecorded",
            misrecording.id.uuid(),
            created(&misrecording, work.device.centre),
        ))
    })
}

pub(crate) fn end_authority(
    work: &Work,
    request: EndAuthorityRequest,
) -> Result<JudgedView, Refusal> {
    judge(work, |write| {
        let (authority, _) = write.record::<Authority>(request.authority)?;
        let sight = Sight(work.login.role);
        visible_person(write, sight, authority.child, work.today)?;
        let records = write.consent_records(authority.child)?;
        let mut ends = records
            .ends
            .iter()
            .filter(|end| end.authority == authority.id);
        // What has ended is over; what is in dispute may still end.
        if ends.any(|end| end.kind == EndKind::Ended || end.kind == request.kind) {
            return Err(Code::RuledAlready.into());
        }
        let end = AuthorityEnd {
            id: work.make_id()?,
            authority: authority.id,
            kind: request.kind,
            evidence: request.evidence,
            recorded_by: work.login.user,
            recorded_at: work.now,
        };
        Ok((
            "end_authority",
            end.id.uuid(),
            created(&end, work.device.centre),
        ))
    })
}

/// Saves what was judged, and tells which photos went with it.
fn judge(
    work: &Work,
    judged: impl FnOnce(&Write<'_>) -> Result<(&'static str, Uuid, Change), Refusal>,
) -> Result<JudgedView, Refusal> {
    let view = work.write(|write| {
        let (purpose, because, change) = judged(write)?;
        work.save(write, purpose, vec![change])?;
        let photos_removed = note_removals(work, write, because)?;
        Ok::<_, Refusal>(JudgedView { photos_removed })
    })?;
    if view.photos_removed > 0 {
        scrub(work);
    }
    Ok(view)
}

/// What something rests on, in words.
pub(crate) fn reason(why: &str) -> Result<String, Refusal> {
    let why = why.trim();
    if why.is_empty() {
        Err(Refusal::of_field("why", Code::Required))
    } else if why.chars().count() > LONGEST {
        Err(Refusal::of_field("why", Code::TooLong))
    } else {
        Ok(why.to_owned())
    }
}
