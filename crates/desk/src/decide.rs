//! A parent's decisions, signed.

use porch_domain::channel::Channel;
use porch_domain::decision::Help;
use porch_domain::id::{AuthorityId, DecisionId, PersonId, UserId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// A decider's answers, checked and signed once.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DecideRequest {
    /// Who decides.
    pub decider: PersonId,
    /// One for each person and wording.
    pub answers: Vec<SubjectAnswers>,
    /// The signature drawn on the screen.
    pub signature: Vec<Stroke>,
    /// Or the name typed before a witness.
    pub typed_name: Option<String>,
    /// The witness: a member of staff.
    pub witness: Option<UserId>,
    /// The language of wording and notice: a BCP 47 tag.
    pub language: String,
    /// Who helped.
    pub help: Help,
}

/// The answers for one person and one wording.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SubjectAnswers {
    /// Who is decided for.
    pub subject: PersonId,
    /// For a child: by which authority.
    pub authority: Option<AuthorityId>,
    /// The wording shown.
    pub wording: String,
    /// Its version.
    pub version: u32,
    /// The channels granted.
    pub granted: Vec<Channel>,
    /// The channels refused.
    pub refused: Vec<Channel>,
    /// The decider's own earlier decisions that the screen showed.
    pub replaces: Vec<DecisionId>,
}

/// A stroke of a signature.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Stroke {
    /// Its points in order.
    pub points: Vec<Point>,
}

/// A point of a stroke.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// From the left, in CSS pixels.
    pub x: f64,
    /// From the top, in CSS pixels.
    pub y: f64,
    /// Milliseconds.
    pub t: f64,
    /// 0 to 1.
    pub pressure: f64,
}

/// What was kept.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DecidedView {
    /// The decisions, in the order of the answers.
    pub decisions: Vec<DecisionId>,
    /// A short code for people: on the receipt, on the telephone.
    pub reference: String,
}

pub(crate) fn decide(_work: &Work, _request: DecideRequest) -> Result<DecidedView, Refusal> {
    Err(Code::Internal.into())
}
