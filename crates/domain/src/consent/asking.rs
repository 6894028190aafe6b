//! Taking a decision or a withdrawal: what may be recorded at all.

use crate::authority::Ground;
use crate::decision::{Capacity, Decision, Method, Purpose};
use crate::withdrawal::{Withdrawal, WithdrawalHow};

use super::ledger::Ledger;
use super::rule::Weight;

/// From this age on people decide for themselves. Under it a child decides only when somebody
/// judged that they understand, which is an authority of the ground [`Ground::Understands`].
/// (Family Law Reform Act 1969 section 8 by analogy; `consent.md`.)
pub const AGE_OF_OWN_DECISION: u32 = 16;

/// Why a decision cannot be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum DecisionProblem {
    /// No channel is answered.
    #[error("no channel is answered")]
    NothingAnswered,
    /// A channel is granted and refused.
    #[error("a channel is both granted and refused")]
    BothAnswers,
    /// A channel that this purpose does not have.
    #[error("the purpose has no such channel")]
    WrongChannel,
    /// In their own name for somebody else, or by an authority in one's own name.
    #[error("one's own decision is about oneself")]
    OwnForAnother,
    /// A child cannot decide alone, nor somebody who is not known to be old enough.
    #[error("a child cannot decide alone")]
    ChildAlone,
    /// No authority is named.
    #[error("no authority is named")]
    NoAuthority,
    /// The authority is not here, or for another child or by another holder.
    #[error("the authority is not for this child and decider")]
    WrongAuthority,
    /// The authority ended, or its days are over or still to come.
    #[error("the authority is not in force")]
    AuthorityNotInForce,
    /// The authority is in doubt: only a refusal can be taken.
    #[error("the authority is in doubt")]
    AuthorityInDoubt,
    /// It is not said who judged that the child understands, and why.
    #[error("it is not said why the child can decide")]
    NoJudgement,
    /// Nothing is signed.
    #[error("the signature is missing")]
    NoSignature,
    /// A typed name needs a witness.
    #[error("the witness is missing")]
    NoWitness,
    /// A quote that may be used needs an attribution; nothing else has one.
    #[error("attribution is for quotes")]
    WrongAttribution,
    /// It grants something and was asked in words that the county has not approved.
    #[error("the county has not approved these words")]
    WordsNotApproved,
    /// It would end before it begins.
    #[error("it ends before it begins")]
    EndsBeforeItBegins,
    /// It would replace a decision that is not here, or that is another decider's, subject's or purpose's.
    #[error("it can replace only the same decider's decisions")]
    ReplacesAnothers,
    /// It would leave an earlier decision of the same decider standing beside it.
    #[error("it leaves an earlier decision of the same decider")]
    LeavesEarlier,
}

/// Why a withdrawal cannot be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawalProblem {
    /// It names no decision, or no channel.
    #[error("nothing is withdrawn")]
    NothingWithdrawn,
    /// `verified` does not follow from `how`.
    #[error("how it came does not fit whether it is verified")]
    HowDoesNotFit,
    /// Somebody whom Porch does not hold was neither present nor checked.
    #[error("nobody is named whose identity could be checked")]
    NobodyNamed,
}

impl Ledger {
    /// May this decision be recorded? Each authority and decision that it names must be in the
    /// ledger. A No is never turned away: what only refuses needs neither authority nor signature.
    pub fn check_new(&self, decision: &Decision) -> Result<(), DecisionProblem> {
        check_decision(decision)?;
        check_answers(decision)?;
        self.check_decider(decision)?;
        self.check_replaces(decision)
    }

    fn check_decider(&self, decision: &Decision) -> Result<(), DecisionProblem> {
        if decision.granted.is_empty() {
            return Ok(());
        }
        if !self.is_in_approved_words(decision) {
            return Err(DecisionProblem::WordsNotApproved);
        }
        let day = decision.decided_at.utc().date_naive();
        let Some(id) = decision.authority else {
            return if self.is_old_enough(decision.subject, day) {
                Ok(())
            } else {
                Err(DecisionProblem::ChildAlone)
            };
        };
        if self.has_ended(id) {
            return Err(DecisionProblem::AuthorityNotInForce);
        }
        let authority = self
            .authority(id)
            .filter(|authority| {
                authority.child == decision.subject
                    && authority.holder == decision.decider
                    && authority.ground_fits()
            })
            .ok_or(DecisionProblem::WrongAuthority)?;
        if authority.ground == Ground::Understands
            && authority
                .reason
                .as_deref()
                .is_none_or(|why| why.trim().is_empty())
        {
            return Err(DecisionProblem::NoJudgement);
        }
        if !authority.is_good_on(day) {
            return Err(DecisionProblem::AuthorityNotInForce);
        }
        match self.weight(decision) {
            // What it was asked in is looked at whoever decided.
            Weight::Full | Weight::Words => Ok(()),
            Weight::None => Err(DecisionProblem::AuthorityNotInForce),
            Weight::Doubt | Weight::Age | Weight::Unknown => Err(DecisionProblem::AuthorityInDoubt),
        }
    }

    /// `replaces` holds exactly the same decider's heads, so that one decider never disagrees with
    /// themself.
    fn check_replaces(&self, decision: &Decision) -> Result<(), DecisionProblem> {
        let same = |id| {
            self.decision(id).is_some_and(|earlier| {
                earlier.id != decision.id
                    && self.are_same(earlier.subject, decision.subject)
                    && earlier.purpose == decision.purpose
                    && self.are_same(earlier.decider, decision.decider)
            })
        };
        if !decision.replaces.iter().all(|id| same(*id)) {
            return Err(DecisionProblem::ReplacesAnothers);
        }
        let left = self
            .heads(decision.subject, decision.purpose)
            .into_iter()
            .any(|head| {
                self.are_same(head.decider, decision.decider)
                    && !decision.replaces.contains(&head.id)
            });
        if left {
            Err(DecisionProblem::LeavesEarlier)
        } else {
            Ok(())
        }
    }
}

/// Can this decision be kept at all? The county asks it of what devices send, and the guard of the
/// table `decision` asks the same. Whatever else is doubtful is judged by its weight.
///
/// Who only refuses is heard, whatever is missing.
///
/// # Errors
/// [`DecisionProblem`], of those that need no other record.
pub fn check_decision(decision: &Decision) -> Result<(), DecisionProblem> {
    if decision.granted.is_empty() {
        return if decision.refused.is_empty() {
            Err(DecisionProblem::NothingAnswered)
        } else {
            Ok(())
        };
    }
    if decision
        .granted
        .iter()
        .any(|channel| decision.refused.contains(channel))
    {
        return Err(DecisionProblem::BothAnswers);
    }
    match (decision.capacity, decision.authority) {
        (Capacity::Authority, None) => return Err(DecisionProblem::NoAuthority),
        (Capacity::Own, Some(_)) => return Err(DecisionProblem::OwnForAnother),
        (Capacity::Own, None) if decision.decider != decision.subject => {
            return Err(DecisionProblem::OwnForAnother);
        }
        _ => {}
    }
    if decision.signature.as_slice().is_empty() {
        return Err(DecisionProblem::NoSignature);
    }
    if decision.method == Method::TypedWithWitness && decision.witness.is_none() {
        return Err(DecisionProblem::NoWitness);
    }
    Ok(())
}

/// Whose name stands under a quote that may be used; nothing else has one.
fn attribution_fits(decision: &Decision) -> bool {
    match (decision.purpose, decision.attribution) {
        (Purpose::PublicityQuote, None) => decision.granted.is_empty(),
        (Purpose::PublicityQuote, Some(_)) | (_, None) => true,
        (_, Some(_)) => false,
    }
}

fn check_answers(decision: &Decision) -> Result<(), DecisionProblem> {
    let mut channels = decision.granted.iter().chain(&decision.refused);
    if channels.any(|channel| !decision.purpose.has(channel)) {
        Err(DecisionProblem::WrongChannel)
    } else if !attribution_fits(decision) {
        Err(DecisionProblem::WrongAttribution)
    } else if !decision.granted.is_empty()
        && decision
            .valid_until
            .is_some_and(|until| until <= decision.decided_at)
    {
        Err(DecisionProblem::EndsBeforeItBegins)
    } else {
        Ok(())
    }
}

/// May this withdrawal be recorded? Little is asked: withdrawing is as easy as giving, and the
/// decisions it names may arrive later.
pub fn check_withdrawal(withdrawal: &Withdrawal) -> Result<(), WithdrawalProblem> {
    if withdrawal.decisions.is_empty() || withdrawal.channels.as_ref().is_some_and(Vec::is_empty) {
        return Err(WithdrawalProblem::NothingWithdrawn);
    }
    if withdrawal.verified != withdrawal.how.verified() {
        return Err(WithdrawalProblem::HowDoesNotFit);
    }
    if withdrawal.by.is_none() && withdrawal.how != WithdrawalHow::Reported {
        return Err(WithdrawalProblem::NobodyNamed);
    }
    Ok(())
}
