//! What each member's answers permit.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use porch_domain::decision::{Decision, Purpose};
use porch_domain::id::{DecisionId, PersonId};
use porch_store::Read;
use serde::Serialize;
use ts_rs::TS;

use crate::clock::london_date;
use crate::consent_history::name;
use crate::people::Sight;
use crate::refusal::Refusal;
use crate::work::Work;

/// What is permitted for one purpose, with the answers that stand.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct PermissionView {
    /// For what.
    pub purpose: Purpose,
    /// How it stands.
    pub state: PermissionState,
    /// The channels that are permitted.
    pub granted: Vec<String>,
    /// The channels that were asked for and are not permitted.
    pub refused: Vec<String>,
    /// The day of the latest answer.
    #[ts(type = "string | null")]
    pub decided_on: Option<NaiveDate>,
    /// Who gave it; none for whoever is not held here or is hidden from this login.
    pub decided_by: Option<String>,
    /// The decisions that stand: what a withdrawal names.
    pub decisions: Vec<DecisionId>,
}

/// How a purpose stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PermissionState {
    /// Nobody was asked.
    None,
    /// Every channel is permitted.
    Yes,
    /// Some are.
    Some,
    /// None is.
    No,
}

/// How every purpose stands for a person. After the latest time that this device has seen, an answer
/// that has run out permits nothing, whatever the computer's clock says now.
pub(super) fn permissions(
    work: &Work,
    read: &Read<'_>,
    sight: Sight,
    subject: PersonId,
) -> Result<Vec<PermissionView>, Refusal> {
    if !sight.of::<Decision>("granted") {
        return Ok(Vec::new());
    }
    let answers = read.answers_of(subject)?;
    let seen = read.latest_seen(work.now)?;
    let mut views = Vec::new();
    for purpose in Purpose::ALL {
        let answers: Vec<_> = answers
            .iter()
            .filter(|answer| answer.purpose == *purpose)
            .collect();
        // The earliest comes first.
        let Some(latest) = answers.last() else {
            views.push(PermissionView::not_asked(*purpose));
            continue;
        };
        let granted: BTreeSet<String> = read
            .permitted_channels(subject, *purpose, seen)?
            .iter()
            .map(ToString::to_string)
            .collect();
        let asked = answers
            .iter()
            .flat_map(|answer| answer.granted.iter().chain(&answer.refused));
        let refused: BTreeSet<String> = asked
            .map(ToString::to_string)
            .filter(|channel| !granted.contains(channel))
            .collect();
        let state = match (granted.is_empty(), refused.is_empty()) {
            (true, _) => PermissionState::No,
            (false, true) => PermissionState::Yes,
            (false, false) => PermissionState::Some,
        };
        views.push(PermissionView {
            state,
            granted: granted.into_iter().collect(),
            refused: refused.into_iter().collect(),
            decided_on: Some(london_date(latest.decided_at)),
            decided_by: Some(name(work, read, Some(latest.decider))?)
                .filter(|name| !name.is_empty()),
            decisions: answers.iter().map(|answer| answer.decision).collect(),
            ..PermissionView::not_asked(*purpose)
        });
    }
    Ok(views)
}

impl PermissionView {
    const fn not_asked(purpose: Purpose) -> Self {
        Self {
            purpose,
            state: PermissionState::None,
            granted: Vec::new(),
            refused: Vec::new(),
            decided_on: None,
            decided_by: None,
            decisions: Vec::new(),
        }
    }
}
