//! Permission to store, as a type.

use crate::channel::Channel;
use crate::decision::{Decision, Purpose};
use crate::id::{DecisionId, PersonId};
use crate::time::Instant;

/// Permission to store one thing of one subject. Only [`super::Ledger::permit`] makes one; storing
/// takes it.
#[must_use = "a permit is for storing"]
#[derive(Debug, PartialEq)]
pub struct Permit {
    subject: PersonId,
    purpose: Purpose,
    decision: DecisionId,
    channels: Vec<Channel>,
    until: Option<Instant>,
}

impl Permit {
    /// For a decision that permits these channels of somebody, as long as every head is valid. It may have
    /// been made for another record of the same person.
    pub(super) fn new(
        subject: PersonId,
        decision: &Decision,
        channels: Vec<Channel>,
        until: Option<Instant>,
    ) -> Self {
        Self {
            subject,
            purpose: decision.purpose,
            decision: decision.id,
            channels,
            until,
        }
    }

    /// Of whom.
    pub fn subject(&self) -> PersonId {
        self.subject
    }

    /// For what.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The decision that what is stored rests on.
    pub fn decision(&self) -> DecisionId {
        self.decision
    }

    /// The channels permitted; at least one.
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// What is stored must be stored before this.
    pub fn until(&self) -> Option<Instant> {
        self.until
    }
}
