//! Hand-over: the program is locked to one family's consent pages.

use chrono::NaiveDate;
use porch_domain::bytes::Digest;
use porch_domain::channel::Channel;
use porch_domain::decision::Purpose;
use porch_domain::id::{AuthorityId, DecisionId, FamilyId, PersonId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::log_in::UnlockRequest;
use crate::people::PersonKind;
use crate::refusal::{Code, Nothing, Refusal};
use crate::register::NoticeView;
use crate::status::StatusView;
use crate::work::Work;

/// Which family the device is handed to.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BeginHandOverRequest {
    /// The family.
    pub family: FamilyId,
}

/// What a family's consent pages need.
#[derive(Clone, Debug, Serialize, TS)]
pub struct HandOverView {
    /// The family.
    pub family: FamilyId,
    /// Its adults.
    pub deciders: Vec<DeciderView>,
    /// Who is decided for.
    pub subjects: Vec<SubjectView>,
    /// The wordings in force.
    pub wordings: Vec<WordingView>,
    /// The privacy notice in force.
    pub notice: NoticeView,
}

/// An adult of the family.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DeciderView {
    /// The adult.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Themself, and the children for whom they have authority.
    pub may_decide_for: Vec<MayDecideForView>,
}

/// Somebody for whom a decider may decide.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct MayDecideForView {
    /// Who.
    pub person: PersonId,
    /// By which authority; none for themself.
    pub authority: Option<AuthorityId>,
}

/// Somebody who is decided for.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SubjectView {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Adult, child or baby.
    pub kind: PersonKind,
    /// The answers that stand, each told apart by its decider: a parent is shown their own only.
    pub heads: Vec<HeadView>,
}

/// An answer that stands.
#[derive(Clone, Debug, Serialize, TS)]
pub struct HeadView {
    /// The decision.
    pub decision: DecisionId,
    /// Who decided.
    pub decider: PersonId,
    /// What for.
    pub purpose: Purpose,
    /// The channels granted and not withdrawn.
    pub granted: Vec<Channel>,
    /// The channels refused or withdrawn.
    pub refused: Vec<Channel>,
    /// The day, in London.
    pub decided_on: NaiveDate,
}

/// A wording in force.
#[derive(Clone, Debug, Serialize, TS)]
pub struct WordingView {
    /// Which wording.
    pub wording: String,
    /// Its version.
    pub version: u32,
    /// Its language: a BCP 47 tag.
    pub language: String,
    /// What consent is asked for.
    pub purpose: Purpose,
    /// Its title.
    pub title: String,
    /// What it is for, in paragraphs.
    pub what: Vec<String>,
    /// The channels, each its own question.
    pub channels: Vec<ChannelView>,
    /// How to change one's mind.
    pub how_to_change: String,
    /// For how many months an answer is good.
    pub valid_for_months: u32,
    /// SHA-256 of the exact text.
    pub sha256: Digest,
}

/// One question of a wording.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ChannelView {
    /// The channel.
    pub channel: Channel,
    /// The question.
    pub label: String,
    /// A line beneath it.
    pub hint: Option<String>,
}

pub(crate) fn begin_hand_over(_work: &Work, _request: BeginHandOverRequest) -> Result<HandOverView, Refusal> {
    Err(Code::Internal.into())
}

pub(crate) fn hand_over(_work: &Work, _request: Nothing) -> Result<HandOverView, Refusal> {
    Err(Code::Internal.into())
}

/// Ends the hand-over with the password of the member of staff who began it.
pub(crate) async fn end_hand_over(desk: &Desk, request: UnlockRequest) -> Result<StatusView, Refusal> {
    desk.end_hand_over(request).await
}
