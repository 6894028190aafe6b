//! What somebody, or who decides for them, said when.

use std::collections::BTreeSet;

use porch_domain::catalogue::Record as _;
use porch_domain::channel::Channel;
use porch_domain::decision::{Decision, Purpose};
use porch_domain::id::{DecisionId, PersonId, RecordId as _};
use porch_domain::person::Person;
use porch_domain::time::Instant;
use porch_domain::withdrawal::Withdrawal;
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
    /// The member of staff who took it.
    pub taken_by: String,
    /// For a decision: which, for its receipt.
    pub decision: Option<DecisionId>,
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
            events.push(ConsentEventView {
                at: decision.decided_at,
                kind: ConsentEventKind::Decision,
                by: name(work, write, Some(decision.decider))?,
                purpose: Some(decision.purpose),
                granted: decision.granted.clone(),
                refused: decision.refused.clone(),
                taken_by: staff.of(decision.taken_by),
                decision: Some(decision.id),
            });
        }
        for withdrawal in &records.withdrawals {
            events.push(ConsentEventView {
                at: withdrawal.withdrawn_at,
                kind: ConsentEventKind::Withdrawal,
                by: name(work, write, withdrawal.by)?,
                purpose: Some(withdrawal.purpose),
                granted: Vec::new(),
                refused: withdrawn(withdrawal, &records),
                taken_by: staff.of(withdrawal.taken_by),
                decision: None,
            });
        }
        for authority in records
            .authorities
            .iter()
            .filter(|authority| authority.child == request.person)
        {
            let event = |at, kind, by: &str, taken_by| ConsentEventView {
                at,
                kind,
                by: by.to_owned(),
                purpose: None,
                granted: Vec::new(),
                refused: Vec::new(),
                taken_by: staff.of(taken_by),
                decision: None,
            };
            let holder = name(work, write, Some(authority.holder))?;
            events.push(event(
                authority.recorded_at,
                ConsentEventKind::Authority,
                &holder,
                authority.recorded_by,
            ));
            for end in records
                .ends
                .iter()
                .filter(|end| end.authority == authority.id)
            {
                events.push(event(
                    end.recorded_at,
                    ConsentEventKind::AuthorityEnd,
                    &holder,
                    end.recorded_by,
                ));
            }
        }
        events.sort_by_key(|event| std::cmp::Reverse(event.at));
        Ok(events)
    })
}

/// The channels taken back: those named, or all that the decisions granted.
fn withdrawn(withdrawal: &Withdrawal, records: &ConsentRecords) -> Vec<Channel> {
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
