//! What becomes of what was stored, when consent changes.

use crate::channel::Channel;
use crate::decision::Decision;
use crate::id::{DecisionId, PersonId};

use super::ledger::Ledger;
use super::rule::{Weight, Wish, Word, withdraws};

/// What becomes of a stored photo. Use stops at once unless it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It stays and may be shown.
    Stands,
    /// Nothing shows it; a person decides. (A reported withdrawal, an authority lost or in doubt, a
    /// decision that is not here or was mis-recorded.)
    Suspended,
    /// It is removed. (A verified withdrawal, a refusal, a stop, an expiry that says so.)
    Removed,
}

impl Ledger {
    /// Does a photo of these people, each under this decision, stand? Of nobody, it does not.
    pub fn photo_stands(&self, subjects: impl IntoIterator<Item = (PersonId, DecisionId)>) -> bool {
        self.photo_fate(subjects) == Fate::Stands
    }

    /// What becomes of a photo of these people, each under this decision: the worst of what each
    /// person's records say.
    pub fn photo_fate(&self, subjects: impl IntoIterator<Item = (PersonId, DecisionId)>) -> Fate {
        subjects
            .into_iter()
            .map(|(subject, decision)| self.fate_for(subject, decision))
            .max()
            .unwrap_or(Fate::Suspended)
    }

    fn fate_for(&self, subject: PersonId, decision: DecisionId) -> Fate {
        let Some(decision) = self
            .decision(decision)
            .filter(|decision| decision.subject == subject && decision.purpose.is_about_pictures())
        else {
            return Fate::Suspended;
        };
        if self.is_stopped(subject, decision.purpose) {
            return Fate::Removed;
        }
        // The very decision it was stored under: consent given anew never revives what was removed.
        let withdrawn = |channel: &Channel, verified_only: bool| {
            self.withdrawals_of(decision.id)
                .filter(|withdrawal| withdrawal.verified || !verified_only)
                .any(|withdrawal| withdraws(withdrawal.channels.as_deref(), channel))
        };
        if decision
            .granted
            .iter()
            .all(|channel| withdrawn(channel, true))
        {
            return Fate::Removed;
        }
        if !self.stands(decision.id)
            || decision
                .granted
                .iter()
                .all(|channel| withdrawn(channel, false))
        {
            return Fate::Suspended;
        }
        self.fate_by_heads(decision)
    }

    /// The heads must still permit a channel. When they do not: removed if every channel has a No
    /// that is sure, else suspended.
    fn fate_by_heads(&self, decision: &Decision) -> Fate {
        let (subject, purpose) = (decision.subject, decision.purpose);
        let heads = self.heads(subject, purpose);
        let channels = || {
            heads
                .iter()
                .copied()
                .chain([decision])
                .flat_map(|decision| &decision.granted)
        };
        if channels().any(|channel| self.answer(subject, purpose, channel, Wish::Keep).is_ok()) {
            Fate::Stands
        } else if channels().all(|channel| heads.iter().any(|head| self.surely_no(head, channel))) {
            Fate::Removed
        } else {
            Fate::Suspended
        }
    }

    /// A No that nothing yet to arrive can explain away.
    fn surely_no(&self, head: &Decision, channel: &Channel) -> bool {
        let Word::No(_) = self.word(head, channel, Wish::Keep) else {
            return false;
        };
        let mut withdrawals = self
            .withdrawals_of(head.id)
            .filter(|withdrawal| withdraws(withdrawal.channels.as_deref(), channel))
            .peekable();
        if head.granted.contains(channel)
            && !head.refused.contains(channel)
            && withdrawals.peek().is_some()
        {
            return withdrawals.any(|withdrawal| withdrawal.verified);
        }
        self.weight(head) != Weight::Unknown
    }
}
