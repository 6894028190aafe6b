//! What somebody, or who decides for them, said when.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use porch_domain::authority::{Authority, EndKind, Ground};
use porch_domain::catalogue::Record as _;
use porch_domain::channel::Channel;
use porch_domain::decision::{Decision, Purpose};
use porch_domain::id::{AuthorityId, DecisionId, PersonId, RecordId as _};
use porch_domain::person::Person;
use porch_domain::standing::Misrecording;
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Ruling, Withdrawal};
use porch_store::Read;
use porch_store::consent::ConsentRecords;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::people::{Sight, name_of, visible_person};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Whose history.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentHistoryRequest {
    /// The person decided for.
    pub person: PersonId,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConsentEventKind {
    /// Somebody decided.
    Decision,
    /// Consent was withdrawn.
    Withdrawal,
    /// Somebody was recorded as deciding for the child.
    Authority,
    /// That ended, or is in dispute.
    AuthorityEnd,
    /// Somebody ruled on a withdrawal that was reported.
    Ruling,
    /// A decision was found to be recorded by mistake.
    Misrecording,
    /// A decision's time was over.
    Expiry,
}

/// One entry of the history.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct ConsentEventView {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: ConsentEventKind,
    /// The name of who decided, withdrew or holds the authority.
    pub by: String,
    /// What for.
    pub purpose: Option<Purpose>,
    /// The channels granted.
    pub granted: Vec<Channel>,
    /// The channels refused or withdrawn.
    pub refused: Vec<Channel>,
    /// The member of staff who took it; empty for the county.
    pub taken_by: String,
    /// For a decision: which, for its receipt.
    pub decision: Option<DecisionId>,
    /// For an authority: which, while it has not ended.
    pub authority: Option<AuthorityId>,
    /// For a decision: whether it was recorded by mistake. For an authority or its end: whether it is in dispute.
    pub doubtful: bool,
    /// For a withdrawal that was only reported: what became of it so far.
    pub report: Option<ReportState>,
    /// For an authority: its ground.
    pub ground: Option<Ground>,
    /// For an authority: its last day, where it has one.
    #[ts(type = "string | null")]
    pub until: Option<NaiveDate>,
    /// What a ruling or a mistake rests on, or why somebody was judged to understand, where the login may read it.
    pub why: Option<String>,
}

/// What became of a withdrawal that was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReportState {
    /// Nobody has ruled yet.
    Waits,
    /// It counts.
    Upheld,
    /// It does not count.
    Dismissed,
}

pub(crate) fn consent_history(
    work: &Work,
    request: ConsentHistoryRequest,
) -> Result<Vec<ConsentEventView>, Refusal> {
    let staff = work.staff_names()?;
    work.write(|write| {
        let sight = Sight(work.login.role);
        visible_person(write, sight, request.person, work.today)?;
        if !sight.of::<Decision>("granted") {
            return Err(Code::NotAllowed.into());
        }
        work.saw(
            write,
            "consent_history",
            Person::KIND,
            request.person.uuid(),
        )?;
        let records = write.consent_records(request.person)?;
        let mut events = Vec::new();
        for decision in &records.decisions {
            let mistakes = records.misrecordings.iter();
            events.push(ConsentEventView {
                purpose: Some(decision.purpose),
                granted: decision.granted.clone(),
                refused: decision.refused.clone(),
                taken_by: staff.of(decision.taken_by),
                decision: Some(decision.id),
                doubtful: mistakes
                    .clone()
                    .any(|mistake| mistake.decision == decision.id),
                ..ConsentEventView::at(
                    decision.decided_at,
                    ConsentEventKind::Decision,
                    name(work, write, Some(decision.decider))?,
                )
            });
        }
        for withdrawal in &records.withdrawals {
            events.push(ConsentEventView {
                purpose: Some(withdrawal.purpose),
                refused: withdrawn(withdrawal, &records),
                taken_by: staff.of(withdrawal.taken_by),
                report: (!withdrawal.is_verified()).then(|| ReportState::of(withdrawal, &records)),
                ..ConsentEventView::at(
                    withdrawal.withdrawn_at,
                    ConsentEventKind::Withdrawal,
                    name(work, write, withdrawal.by)?,
                )
            });
        }
        let reasons = sight.of::<Misrecording>("why");
        for ruling in &records.rulings {
            events.push(ConsentEventView {
                taken_by: ruling.ruled_by.map(|by| staff.of(by)).unwrap_or_default(),
                report: Some(match ruling.ruling {
                    Ruling::Upheld => ReportState::Upheld,
                    Ruling::Dismissed => ReportState::Dismissed,
                }),
                why: ruling.why.clone().filter(|_| reasons),
                ..ConsentEventView::at(ruling.ruled_at, ConsentEventKind::Ruling, String::new())
            });
        }
        for mistake in &records.misrecordings {
            let of = records
                .decisions
                .iter()
                .find(|of| of.id == mistake.decision);
            events.push(ConsentEventView {
                purpose: of.map(|of| of.purpose),
                taken_by: staff.of(mistake.recorded_by),
                why: Some(mistake.why.clone()).filter(|_| reasons),
                ..ConsentEventView::at(
                    mistake.recorded_at,
                    ConsentEventKind::Misrecording,
                    name(work, write, of.map(|of| of.decider))?,
                )
            });
        }
        for expiry in &records.expiries {
            let of = records.decisions.iter().find(|of| of.id == expiry.decision);
            events.push(ConsentEventView {
                purpose: of.map(|of| of.purpose),
                ..ConsentEventView::at(
                    expiry.expired_at,
                    ConsentEventKind::Expiry,
                    name(work, write, of.map(|of| of.decider))?,
                )
            });
        }
        for authority in records
            .authorities
            .iter()
            .filter(|authority| authority.child == request.person)
        {
            let holder = name(work, write, Some(authority.holder))?;
            let ends = records
                .ends
                .iter()
                .filter(|end| end.authority == authority.id);
            let has = |kind| ends.clone().any(|end| end.kind == kind);
            events.push(ConsentEventView {
                taken_by: staff.of(authority.recorded_by),
                authority: Some(authority.id).filter(|_| !has(EndKind::Ended)),
                doubtful: has(EndKind::Disputed),
                ground: Some(authority.ground),
                until: authority.valid_until,
                why: authority
                    .reason
                    .clone()
                    .filter(|_| sight.of::<Authority>("reason")),
                ..ConsentEventView::at(
                    authority.recorded_at,
                    ConsentEventKind::Authority,
                    holder.clone(),
                )
            });
            for end in ends {
                events.push(ConsentEventView {
                    taken_by: staff.of(end.recorded_by),
                    doubtful: end.kind == EndKind::Disputed,
                    ..ConsentEventView::at(
                        end.recorded_at,
                        ConsentEventKind::AuthorityEnd,
                        holder.clone(),
                    )
                });
            }
        }
        events.sort_by_key(|event| std::cmp::Reverse(event.at));
        Ok(events)
    })
}

impl ConsentEventView {
    /// An event of which nothing else is known.
    const fn at(at: Instant, kind: ConsentEventKind, by: String) -> Self {
        Self {
            at,
            kind,
            by,
            purpose: None,
            granted: Vec::new(),
            refused: Vec::new(),
            taken_by: String::new(),
            decision: None,
            authority: None,
            doubtful: false,
            report: None,
            ground: None,
            until: None,
            why: None,
        }
    }
}

impl ReportState {
    fn of(withdrawal: &Withdrawal, records: &ConsentRecords) -> Self {
        let rulings = records.rulings.iter();
        let mut of_it = rulings
            .filter(|ruling| ruling.withdrawal == withdrawal.id)
            .peekable();
        if of_it.peek().is_none() {
            Self::Waits
        } else if of_it.any(|ruling| ruling.ruling == Ruling::Upheld) {
            Self::Upheld
        } else {
            Self::Dismissed
        }
    }
}

/// The channels taken back: those named, or all that the decisions granted.
pub(crate) fn withdrawn(withdrawal: &Withdrawal, records: &ConsentRecords) -> Vec<Channel> {
    if let Some(channels) = &withdrawal.channels {
        return channels.clone();
    }
    let named = records
        .decisions
        .iter()
        .filter(|decision| withdrawal.decisions.contains(&decision.id));
    let channels: BTreeSet<Channel> = named
        .flat_map(|decision| decision.granted.iter().cloned())
        .collect();
    channels.into_iter().collect()
}

/// What somebody is called; nothing for whoever is not held here or is hidden from this login.
pub(crate) fn name(
    work: &Work,
    read: &Read<'_>,
    person: Option<PersonId>,
) -> Result<String, Refusal> {
    let Some(person) = person else {
        return Ok(String::new());
    };
    match visible_person(read, Sight(work.login.role), person, work.today) {
        Ok(person) => Ok(name_of(&person)),
        Err(refusal) if refusal.code == Code::NotFound => Ok(String::new()),
        Err(refusal) => Err(refusal),
    }
}
