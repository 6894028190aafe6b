//! The rule itself; in words in [`super`].

use chrono::NaiveDate;

use crate::authority::{Authority, Ground};
use crate::channel::Channel;
use crate::decision::{AtExpiry, Capacity, Decision, Purpose};
use crate::id::PersonId;
use crate::time::Instant;

use super::ledger::Ledger;
use super::permit::Permit;

/// Why something is not permitted, as far as everybody may know: a stop looks like a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum No {
    /// Nobody who may decide has decided.
    NotAsked,
    /// It is in doubt whether the one who decided may, or they were asked in words that the county
    /// has not approved.
    InDoubt,
    /// The decision is no longer valid.
    Expired,
    /// It was withdrawn.
    Withdrawn,
    /// It was refused.
    Refused,
}

/// What a decision counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// Its Yes and its No.
    Full,
    /// Its No only: the authority is disputed, not what it should be, or not of that day.
    Doubt,
    /// Its No only: somebody who is not known to be old enough decided for themself. What is
    /// known of their age may be put right.
    Age,
    /// Its No only: it was asked in words that the county has not approved, as far as is known here.
    Words,
    /// Its No only: the authority is not here.
    Unknown,
    /// Nothing: the authority has ended.
    None,
}

/// What the permission is for.
#[derive(Clone, Copy)]
pub(super) enum Wish {
    /// Something new, at the latest time ever seen.
    Use(Instant),
    /// Keeping what was stored.
    Keep,
}

/// What one head says about one channel.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Yes,
    Nothing,
    No(No),
}

impl Ledger {
    /// The decisions that count for a subject and purpose: they stand, their authority has not
    /// ended, and no decision of full weight by the same decider replaces them.
    pub fn heads(&self, subject: PersonId, purpose: Purpose) -> Vec<&Decision> {
        self.decisions_for(subject, purpose)
            .filter(|decision| self.stands(decision.id) && self.weight(decision) != Weight::None)
            .filter(|decision| {
                !self
                    .replacements(decision)
                    .any(|later| self.weight(later) == Weight::Full)
            })
            .collect()
    }

    /// May this channel be used for this subject and purpose?
    ///
    /// `latest_seen` is the latest time the device has ever seen, from any clock; it can only refuse.
    pub fn permitted(
        &self,
        subject: PersonId,
        purpose: Purpose,
        channel: &Channel,
        latest_seen: Instant,
    ) -> bool {
        self.answer(subject, purpose, channel, Wish::Use(latest_seen))
            .is_ok()
    }

    /// Why a channel may not be used; `None` when it may.
    pub fn why_not(
        &self,
        subject: PersonId,
        purpose: Purpose,
        channel: &Channel,
        latest_seen: Instant,
    ) -> Option<No> {
        self.answer(subject, purpose, channel, Wish::Use(latest_seen))
            .err()
    }

    /// Permission to store something new of this subject: at least one channel is permitted. Make it
    /// inside the transaction that stores.
    ///
    /// The permit names the latest of the decisions that permit; what is stored rests on that one.
    pub fn permit(
        &self,
        subject: PersonId,
        purpose: Purpose,
        latest_seen: Instant,
    ) -> Result<Permit, No> {
        let wish = Wish::Use(latest_seen);
        let heads = self.heads(subject, purpose);
        let mut channels: Vec<Channel> = heads
            .iter()
            .flat_map(|head| head.granted.iter().cloned())
            .collect();
        channels.sort();
        channels.dedup();
        let mut no = if self.is_stopped(subject, purpose) || !heads.is_empty() {
            No::Refused
        } else {
            No::NotAsked
        };
        // The mildest of the channels' reasons is the one to show: it is what could change.
        channels.retain(
            |channel| match self.answer(subject, purpose, channel, wish) {
                Ok(()) => true,
                Err(reason) => {
                    no = no.min(reason);
                    false
                }
            },
        );
        heads
            .iter()
            .rev()
            .find(|head| {
                channels
                    .iter()
                    .any(|channel| self.word(head, channel, wish) == Word::Yes)
            })
            .map(|head| {
                Permit::new(
                    subject,
                    head,
                    channels,
                    heads.iter().filter_map(|head| head.valid_until).min(),
                )
            })
            .ok_or(no)
    }

    pub(super) fn answer(
        &self,
        subject: PersonId,
        purpose: Purpose,
        channel: &Channel,
        wish: Wish,
    ) -> Result<(), No> {
        if self.is_stopped(subject, purpose) {
            return Err(No::Refused);
        }
        let mut words = self
            .heads(subject, purpose)
            .into_iter()
            .map(|head| self.word(head, channel, wish))
            .peekable();
        if words.peek().is_none() {
            return Err(No::NotAsked);
        }
        let mut permitted = Err(No::InDoubt);
        let mut no = None;
        for word in words {
            match word {
                Word::Yes => permitted = Ok(()),
                Word::Nothing => {}
                Word::No(reason) => no = no.max(Some(reason)),
            }
        }
        no.map_or(permitted, Err)
    }

    /// What a head says about a channel.
    pub(super) fn word(&self, head: &Decision, channel: &Channel, wish: Wish) -> Word {
        if !head.granted.contains(channel) || head.refused.contains(channel) {
            return Word::No(No::Refused);
        }
        if self
            .withdrawals_of(head.id)
            .any(|withdrawal| withdraws(withdrawal.channels.as_deref(), channel))
        {
            return Word::No(No::Withdrawn);
        }
        if self.is_over(head, wish) {
            return Word::No(No::Expired);
        }
        if self.weight(head) == Weight::Full && self.replacements(head).next().is_none() {
            Word::Yes
        } else {
            Word::Nothing
        }
    }

    fn is_over(&self, head: &Decision, wish: Wish) -> bool {
        match wish {
            Wish::Use(latest_seen) => {
                self.has_expired(head.id)
                    || head.valid_until.is_some_and(|until| latest_seen >= until)
            }
            // What "no new use" leaves, stays; and removing waits for the county's record.
            Wish::Keep => self.has_expired(head.id) && head.at_expiry == AtExpiry::Remove,
        }
    }

    /// The decisions that stand and replace this one, whatever their weight.
    pub(super) fn replacements<'a>(
        &'a self,
        decision: &'a Decision,
    ) -> impl Iterator<Item = &'a Decision> {
        self.decisions_for(decision.subject, decision.purpose)
            .filter(|later| {
                self.are_same(later.decider, decision.decider)
                    && later.id != decision.id
                    && later.replaces.contains(&decision.id)
                    && self.stands(later.id)
            })
    }

    pub(super) fn weight(&self, decision: &Decision) -> Weight {
        match self.weight_of_decider(decision) {
            Weight::Full if !self.is_in_approved_words(decision) => Weight::Words,
            weight => weight,
        }
    }

    /// The weight by who decided, whatever they were asked in.
    fn weight_of_decider(&self, decision: &Decision) -> Weight {
        match (decision.capacity, decision.authority) {
            (Capacity::Own, None) if decision.decider == decision.subject => {
                let day = decision.decided_at.utc().date_naive();
                if self.has_come(day) && self.is_old_enough(decision.subject, day) {
                    Weight::Full
                } else {
                    Weight::Age
                }
            }
            (Capacity::Own, _) | (Capacity::Authority, None) => Weight::Doubt,
            (Capacity::Authority, Some(id)) => {
                if self.has_ended(id) {
                    return Weight::None;
                }
                let Some(authority) = self.authority(id) else {
                    return Weight::Unknown;
                };
                let day = decision.decided_at.utc().date_naive();
                if authority.child != decision.subject
                    || authority.holder != decision.decider
                    || !authority.ground_fits()
                    || !authority.is_good_on(day)
                {
                    return Weight::Doubt;
                }
                let own = if self.is_disputed(id) {
                    Weight::Doubt
                } else {
                    Weight::Full
                };
                match (self.source_weight(authority, day), own) {
                    (Weight::Full, own) => own,
                    (source, _) => source,
                }
            }
        }
    }

    /// The weight of what an authority is delegated from; full when it is no delegation.
    fn source_weight(&self, authority: &Authority, day: NaiveDate) -> Weight {
        if authority.ground != Ground::Delegated {
            return Weight::Full;
        }
        let Some(id) = authority.delegated_from else {
            return Weight::Doubt;
        };
        if self.has_ended(id) {
            return Weight::None;
        }
        match self.authority(id) {
            None => Weight::Unknown,
            Some(source)
                if source.child != authority.child
                    || !source.can_delegate()
                    || !source.ground_fits()
                    || !source.is_good_on(day)
                    || self.is_disputed(id) =>
            {
                Weight::Doubt
            }
            Some(_) => Weight::Full,
        }
    }
}

/// Do these channels (not given means all) cover this one?
pub(super) fn withdraws(channels: Option<&[Channel]>, channel: &Channel) -> bool {
    channels.is_none_or(|channels| channels.contains(channel))
}
