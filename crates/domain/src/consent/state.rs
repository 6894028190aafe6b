//! What has become of one decision, for whoever holds its receipt: as the record of consent after
//! ISO/IEC TS 27560 tells it.
//!
//! It is about what this decider said. Whether something is permitted is another question: others
//! decide for the same child, and a safeguarding lead may have stopped it, which no receipt shows.

use crate::channel::Channel;
use crate::decision::Decision;
use crate::id::DecisionId;
use crate::time::Instant;
use crate::words::words;

use super::ledger::Ledger;
use super::rule::withdraws;

words! {
    /// What has become of a decision.
    pub enum DecisionState {
        /// It grants something.
        Given = "given",
        /// It grants something, after an earlier Yes of the same decider.
        Renewed = "renewed",
        /// It never granted anything.
        Refused = "refused",
        /// All that it granted was taken back, by a withdrawal or by a later answer.
        Withdrawn = "withdrawn",
        /// Its time is over.
        Expired = "expired",
        /// It was recorded by mistake.
        Misrecorded = "misrecorded",
    }
}

impl Ledger {
    /// What has become of a decision, at the latest time ever seen; `None` when it is not here.
    pub fn state_of(&self, id: DecisionId, latest_seen: Instant) -> Option<DecisionState> {
        let decision = self.decision(id)?;
        let is_over = decision
            .valid_until
            .is_some_and(|until| until <= latest_seen);
        Some(if !self.stands(id) {
            DecisionState::Misrecorded
        } else if decision.granted.is_empty() {
            DecisionState::Refused
        } else if self.still_granted(id).is_empty() {
            DecisionState::Withdrawn
        } else if is_over || self.has_expired(id) {
            DecisionState::Expired
        } else if self.renews(decision) {
            DecisionState::Renewed
        } else {
            DecisionState::Given
        })
    }

    /// The channels that a decision granted and its decider has not taken back since: no withdrawal
    /// names them, and every later answer of the same decider that replaces it grants them too. A
    /// decider who was registered more than once is one.
    pub fn still_granted(&self, id: DecisionId) -> Vec<Channel> {
        let Some(decision) = self.decision(id) else {
            return Vec::new();
        };
        let is_left = |channel: &&Channel| {
            !self
                .withdrawals_of(id)
                .any(|withdrawal| withdraws(withdrawal.channels.as_deref(), channel))
                && self
                    .replacements(decision)
                    .all(|later| later.granted.contains(channel))
        };
        decision.granted.iter().filter(is_left).cloned().collect()
    }

    fn renews(&self, decision: &Decision) -> bool {
        decision.replaces.iter().any(|id| {
            self.decision(*id).is_some_and(|earlier| {
                self.are_same(earlier.decider, decision.decider)
                    && self.are_same(earlier.subject, decision.subject)
                    && earlier.purpose == decision.purpose
                    && !earlier.granted.is_empty()
                    && self.stands(*id)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::LedgerEntry;
    use super::super::sample::*;
    use super::*;
    use crate::withdrawal::WithdrawalHow;

    fn state(ledger: &Ledger, n: u8) -> Option<DecisionState> {
        ledger.state_of(decision_id(n), NOW)
    }

    #[test]
    fn a_decision_is_given_or_refused() {
        let ledger: Ledger = [
            decision(1, maja(), 1, &["print"], &["press"]),
            decision(2, pawel(), 2, &[], &["print", "press"]),
        ]
        .into_iter()
        .collect();
        assert_eq!(state(&ledger, 1), Some(DecisionState::Given));
        assert_eq!(state(&ledger, 2), Some(DecisionState::Refused));
        assert_eq!(state(&ledger, 3), None, "it is not here");
    }

    #[test]
    fn a_yes_after_a_yes_is_renewed_and_after_a_no_is_given() {
        let mut ledger = Ledger::default();
        ledger.add(decision(1, maja(), 1, &["print"], &[]));
        ledger.add(replacing(decision(2, maja(), 1, &["print"], &[]), &[1]));
        assert_eq!(state(&ledger, 2), Some(DecisionState::Renewed));
        assert_eq!(state(&ledger, 1), Some(DecisionState::Given));
        ledger.add(decision(3, pawel(), 2, &[], &["print"]));
        ledger.add(replacing(decision(4, pawel(), 2, &["print"], &[]), &[3]));
        assert_eq!(state(&ledger, 4), Some(DecisionState::Given));
        ledger.add(replacing(decision(5, maja(), 1, &["print"], &[]), &[4]));
        assert_eq!(
            state(&ledger, 5),
            Some(DecisionState::Given),
            "another's yes is not renewed"
        );
    }

    #[test]
    fn what_was_taken_back_is_withdrawn_once_nothing_is_left() {
        let mut ledger = Ledger::default();
        ledger.add(decision(1, maja(), 1, &["print", "press"], &[]));
        ledger.add(withdrawal(
            1,
            &[1],
            Some(&["press"]),
            WithdrawalHow::Reported,
        ));
        assert_eq!(ledger.still_granted(decision_id(1)), channels(&["print"]));
        assert_eq!(state(&ledger, 1), Some(DecisionState::Given));
        let mut withdrawn = ledger.clone();
        withdrawn.add(withdrawal(2, &[1], None, WithdrawalHow::InPerson));
        assert_eq!(state(&withdrawn, 1), Some(DecisionState::Withdrawn));
        ledger.add(replacing(
            decision(2, maja(), 1, &[], &["print", "press"]),
            &[1],
        ));
        assert_eq!(
            state(&ledger, 1),
            Some(DecisionState::Withdrawn),
            "a later no takes back as a withdrawal does"
        );
    }

    #[test]
    fn time_ends_a_yes_and_a_withdrawal_outlasts_it() {
        let mut ledger = Ledger::default();
        let mut dated = decision(1, maja(), 1, &["print"], &[]);
        dated.valid_until = Some(NOW);
        ledger.add(dated);
        let before = Instant::from_unix_ms(NOW.unix_ms() - 1);
        assert_eq!(
            ledger.state_of(decision_id(1), before),
            Some(DecisionState::Given)
        );
        assert_eq!(state(&ledger, 1), Some(DecisionState::Expired));
        ledger.add(LedgerEntry::Expired(decision_id(1)));
        assert_eq!(
            ledger.state_of(decision_id(1), before),
            Some(DecisionState::Expired),
            "the county's word needs no clock"
        );
        ledger.add(withdrawal(1, &[1], None, WithdrawalHow::InPerson));
        assert_eq!(state(&ledger, 1), Some(DecisionState::Withdrawn));
    }

    #[test]
    fn records_of_one_person_are_one_decider_and_one_subject() {
        let mut ledger = Ledger::default();
        ledger.add(decision(1, maja(), 1, &["print"], &[]));
        ledger.add(replacing(decision(2, pawel(), 2, &["print"], &[]), &[1]));
        assert_eq!(state(&ledger, 2), Some(DecisionState::Given));
        ledger.add(LedgerEntry::Same(maja(), pawel()));
        assert_eq!(state(&ledger, 2), Some(DecisionState::Renewed));
        ledger.add(replacing(decision(3, pawel(), 2, &[], &["print"]), &[1, 2]));
        assert_eq!(state(&ledger, 1), Some(DecisionState::Withdrawn));
        assert_eq!(state(&ledger, 2), Some(DecisionState::Withdrawn));
    }

    #[test]
    fn a_stop_shows_on_no_receipt_and_a_mistake_on_its_own() {
        let mut ledger = Ledger::default();
        ledger.add(decision(1, maja(), 1, &["print"], &[]));
        ledger.add(stop(1));
        assert_eq!(state(&ledger, 1), Some(DecisionState::Given));
        ledger.add(LedgerEntry::Misrecorded(decision_id(1)));
        assert_eq!(state(&ledger, 1), Some(DecisionState::Misrecorded));
    }
}
