//! The records that the rule looks at.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use crate::alias::Same;
use crate::authority::{Authority, AuthorityEnd, EndKind};
use crate::bytes::Digest;
use crate::decision::{Decision, Purpose};
use crate::id::{AuthorityId, DecisionId, PersonId, StopId, WithdrawalId};
use crate::membership::Membership;
use crate::person::Person;
use crate::standing::{Expiry, Misrecording};
use crate::stop::{Stop, StopEnd};
use crate::text::{TextApproval, TextKind, is_of_before_approvals};
use crate::time::Instant;
use crate::typed_date::Age;
use crate::withdrawal::{Ruling, Withdrawal, WithdrawalRuling};

use super::AGE_OF_OWN_DECISION;

/// A set of consent records. For an answer about a subject it must hold every decision and
/// withdrawal about that subject, every authority those rest on, and the subject's person and
/// memberships as they are now, and the county's approvals of the wordings; more does no harm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    authorities: BTreeMap<AuthorityId, Authority>,
    ended: BTreeSet<AuthorityId>,
    disputed: BTreeSet<AuthorityId>,
    decisions: BTreeMap<DecisionId, Decision>,
    withdrawals: BTreeMap<WithdrawalId, Withdrawal>,
    upheld: BTreeSet<WithdrawalId>,
    dismissed: BTreeSet<WithdrawalId>,
    stops: BTreeMap<StopId, (PersonId, Purpose)>,
    lifted: BTreeSet<StopId>,
    misrecorded: BTreeSet<DecisionId>,
    expired: BTreeSet<DecisionId>,
    people: BTreeMap<PersonId, Known>,
    grown_up: BTreeSet<PersonId>,
    children: BTreeSet<PersonId>,
    same: Same<PersonId>,
    seen: Option<Instant>,
    /// By the digest of the words.
    approvals: BTreeMap<Digest, Vec<TextApproval>>,
}

/// What is known of how old somebody is, besides their place in families.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Known {
    born: Option<NaiveDate>,
    staff: bool,
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
    /// Somebody looked into a withdrawal that was reported.
    WithdrawalRuling(WithdrawalRuling),
    /// A stop: a No over any Yes, by a safeguarding role.
    Stop(Stop),
    /// A stop is over.
    StopEnd(StopEnd),
    /// The decision was recorded by mistake: for the wrong person, say.
    Misrecorded(DecisionId),
    /// Somebody's date of birth, and whether they are staff. Of two, the younger counts.
    Person(Box<Person>),
    /// Somebody's place in a family.
    Membership(Membership),
    /// The county approved a text. That it was taken back later makes no difference: it was approved when
    /// somebody was asked in it.
    TextApproval(Box<TextApproval>),
    /// Two records are the same person: what was decided for either was decided for both.
    Same(PersonId, PersonId),
    /// The latest time ever seen. What was decided after the day that follows is yet to come.
    Seen(Instant),
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
entry_from!(
    Authority,
    AuthorityEnd,
    Decision,
    Withdrawal,
    WithdrawalRuling,
    Stop,
    StopEnd,
    Person,
    Membership,
    TextApproval
);

impl From<Misrecording> for LedgerEntry {
    fn from(record: Misrecording) -> Self {
        Self::Misrecorded(record.decision)
    }
}

impl From<Expiry> for LedgerEntry {
    fn from(record: Expiry) -> Self {
        Self::Expired(record.decision)
    }
}

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
            LedgerEntry::WithdrawalRuling(of) => {
                match of.ruling {
                    Ruling::Upheld => self.upheld.insert(of.withdrawal),
                    Ruling::Dismissed => self.dismissed.insert(of.withdrawal),
                };
            }
            LedgerEntry::Stop(stop) => {
                let of = (stop.subject, stop.purpose);
                self.stops.entry(stop.id).or_insert(of);
            }
            LedgerEntry::StopEnd(end) => {
                self.lifted.insert(end.stop);
            }
            LedgerEntry::Misrecorded(decision) => {
                self.misrecorded.insert(decision);
            }
            LedgerEntry::Expired(decision) => {
                self.expired.insert(decision);
            }
            LedgerEntry::Person(person) => {
                let known = Known {
                    born: person.birth_date,
                    staff: person.staff,
                };
                let kept = self.people.entry(person.id).or_insert(known);
                kept.born = kept.born.max(known.born);
                kept.staff &= known.staff;
            }
            LedgerEntry::Membership(membership) => {
                let places = if membership.role.is_grown_up() {
                    &mut self.grown_up
                } else {
                    &mut self.children
                };
                places.insert(membership.person);
            }
            LedgerEntry::TextApproval(approval) => {
                let same = self.approvals.entry(approval.sha256).or_default();
                if !same.iter().any(|known| known.id == approval.id) {
                    same.push(*approval);
                    same.sort_by_key(|known| known.id);
                }
            }
            LedgerEntry::Same(one, other) => self.same.join(one, other),
            LedgerEntry::Seen(at) => self.seen = self.seen.max(Some(at)),
        }
    }

    /// Was somebody old enough on a day to decide for themself? By their date of birth; while that
    /// is not known, if they are staff or a family's member in another place than a child's, and
    /// no family's child. By each record of theirs that is here.
    pub(super) fn is_old_enough(&self, person: PersonId, day: NaiveDate) -> bool {
        let mut records = self.same.all(person);
        self.people.contains_key(&person)
            && records.all(|record| match self.people.get(&record) {
                Some(known) => self.looks_old_enough(record, *known, day),
                None => true,
            })
    }

    fn looks_old_enough(&self, person: PersonId, known: Known, day: NaiveDate) -> bool {
        match known.born {
            Some(born) => Age::on(born, day).is_some_and(|age| age.years >= AGE_OF_OWN_DECISION),
            None => {
                (known.staff || self.grown_up.contains(&person)) && !self.children.contains(&person)
            }
        }
    }

    /// Has the day come, by the latest time ever seen? A day's difference between clocks is allowed.
    pub(super) fn has_come(&self, day: NaiveDate) -> bool {
        self.seen.is_none_or(|seen| {
            seen.utc()
                .date_naive()
                .checked_add_days(Days::new(1))
                .is_none_or(|latest| day <= latest)
        })
    }

    /// Was the decision asked in words that the county approved for that purpose, to the letter?
    pub(super) fn is_in_approved_words(&self, decision: &Decision) -> bool {
        let same = self.approvals.get(&decision.wording_sha256);
        is_of_before_approvals(decision)
            || same.is_some_and(|same| {
                same.iter().any(|approval| {
                    approval.kind == TextKind::Wording
                        && approval.purpose == Some(decision.purpose)
                        && approval.name == decision.wording
                        && approval.version == decision.wording_version
                        && approval.language == decision.language
                })
            })
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

    /// Whether two records are one person.
    pub(super) fn are_same(&self, one: PersonId, other: PersonId) -> bool {
        self.same.are_same(one, other)
    }

    /// Every decision for a subject and purpose, whether it counts or not, under whichever of their
    /// records.
    pub(super) fn decisions_for(
        &self,
        subject: PersonId,
        purpose: Purpose,
    ) -> impl Iterator<Item = &Decision> {
        self.decisions
            .values()
            .filter(move |decision| decision.purpose == purpose)
            .filter(move |decision| self.are_same(decision.subject, subject))
    }

    /// Every withdrawal that names the decision and counts. Whose withdrawal it is makes no difference
    /// here: a No needs no authority to be heard.
    pub(super) fn withdrawals_of(&self, decision: DecisionId) -> impl Iterator<Item = &Withdrawal> {
        self.withdrawals.values().filter(move |withdrawal| {
            withdrawal.decisions.contains(&decision)
                && (self.is_sure(withdrawal) || !self.dismissed.contains(&withdrawal.id))
        })
    }

    /// Is it certain that somebody who may withdraw asked? Or was it upheld.
    pub(super) fn is_sure(&self, withdrawal: &Withdrawal) -> bool {
        withdrawal.is_verified() || self.upheld.contains(&withdrawal.id)
    }

    pub(super) fn is_stopped(&self, subject: PersonId, purpose: Purpose) -> bool {
        self.stops.iter().any(|(id, (stopped, of))| {
            *of == purpose && !self.lifted.contains(id) && self.are_same(*stopped, subject)
        })
    }

    /// Not recorded by mistake.
    pub(super) fn stands(&self, decision: DecisionId) -> bool {
        !self.misrecorded.contains(&decision)
    }

    pub(super) fn has_expired(&self, decision: DecisionId) -> bool {
        self.expired.contains(&decision)
    }
}
