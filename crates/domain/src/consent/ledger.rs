//! The records that the rule looks at.

use std::collections::{BTreeMap, BTreeSet};

use crate::authority::{Authority, AuthorityEnd, EndKind};
use crate::decision::{Decision, Purpose};
use crate::id::{AuthorityId, DecisionId, PersonId, WithdrawalId};
use crate::withdrawal::Withdrawal;

/// A set of consent records. For an answer about a subject it must hold every decision and
/// withdrawal about that subject and every authority those rest on; more does no harm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    authorities: BTreeMap<AuthorityId, Authority>,
    ended: BTreeSet<AuthorityId>,
    disputed: BTreeSet<AuthorityId>,
    decisions: BTreeMap<DecisionId, Decision>,
    withdrawals: BTreeMap<WithdrawalId, Withdrawal>,
    stops: BTreeSet<(PersonId, Purpose)>,
    misrecorded: BTreeSet<DecisionId>,
    expired: BTreeSet<DecisionId>,
}

/// One record for the ledger.
#[derive(Clone, Debug, PartialEq)]
pub enum LedgerEntry {
    /// Somebody may decide for a child.
    Authority(Authority),
    /// That ended or is disputed.
    AuthorityEnd(AuthorityEnd),
    /// A decision.
    Decision(Box<Decision>),
    /// A withdrawal.
    Withdrawal(Withdrawal),
    /// A stop: a No over any Yes, by a safeguarding role.
    Stop {
        /// For whom.
        subject: PersonId,
        /// For what.
        purpose: Purpose,
    },
    /// The decision was recorded by mistake: for the wrong person, say.
    Misrecorded(DecisionId),
    /// The county sequenced the end of the decision's validity.
    Expired(DecisionId),
}

macro_rules! entry_from {
    ($($Record:ident),+) => {$(
        impl From<$Record> for LedgerEntry {
            fn from(record: $Record) -> Self {
                Self::$Record(record.into())
            }
        }
    )+};
}
entry_from!(Authority, AuthorityEnd, Decision, Withdrawal);

impl<E: Into<LedgerEntry>> Extend<E> for Ledger {
    fn extend<I: IntoIterator<Item = E>>(&mut self, entries: I) {
        entries.into_iter().for_each(|entry| self.add(entry));
    }
}

impl<E: Into<LedgerEntry>> FromIterator<E> for Ledger {
    fn from_iter<I: IntoIterator<Item = E>>(entries: I) -> Self {
        let mut ledger = Self::default();
        ledger.extend(entries);
        ledger
    }
}

impl Ledger {
    /// Adds a record. In any order; twice is once.
    pub fn add(&mut self, entry: impl Into<LedgerEntry>) {
        match entry.into() {
            LedgerEntry::Authority(authority) => {
                self.authorities.entry(authority.id).or_insert(authority);
            }
            LedgerEntry::AuthorityEnd(end) => {
                match end.kind {
                    EndKind::Ended => self.ended.insert(end.authority),
                    EndKind::Disputed => self.disputed.insert(end.authority),
                };
            }
            LedgerEntry::Decision(decision) => {
                self.decisions.entry(decision.id).or_insert(*decision);
            }
            LedgerEntry::Withdrawal(withdrawal) => {
                self.withdrawals.entry(withdrawal.id).or_insert(withdrawal);
            }
            LedgerEntry::Stop { subject, purpose } => {
                self.stops.insert((subject, purpose));
            }
            LedgerEntry::Misrecorded(decision) => {
                self.misrecorded.insert(decision);
            }
            LedgerEntry::Expired(decision) => {
                self.expired.insert(decision);
            }
        }
    }

    pub(super) fn authority(&self, id: AuthorityId) -> Option<&Authority> {
        self.authorities.get(&id)
    }

    pub(super) fn has_ended(&self, authority: AuthorityId) -> bool {
        self.ended.contains(&authority)
    }

    pub(super) fn is_disputed(&self, authority: AuthorityId) -> bool {
        self.disputed.contains(&authority)
    }

    pub(super) fn decision(&self, id: DecisionId) -> Option<&Decision> {
        self.decisions.get(&id)
    }

    /// Every decision for a subject and purpose, whether it counts or not.
    pub(super) fn decisions_for(
        &self,
        subject: PersonId,
        purpose: Purpose,
    ) -> impl Iterator<Item = &Decision> {
        self.decisions
            .values()
            .filter(move |decision| decision.subject == subject && decision.purpose == purpose)
    }

    /// Every withdrawal that names the decision. Whose withdrawal it is makes no difference here: a
    /// No needs no authority to be heard.
    pub(super) fn withdrawals_of(&self, decision: DecisionId) -> impl Iterator<Item = &Withdrawal> {
        self.withdrawals
            .values()
            .filter(move |withdrawal| withdrawal.decisions.contains(&decision))
    }

    pub(super) fn is_stopped(&self, subject: PersonId, purpose: Purpose) -> bool {
        self.stops.contains(&(subject, purpose))
    }

    /// Not recorded by mistake.
    pub(super) fn stands(&self, decision: DecisionId) -> bool {
        !self.misrecorded.contains(&decision)
    }

    pub(super) fn has_expired(&self, decision: DecisionId) -> bool {
        self.expired.contains(&decision)
    }
}
