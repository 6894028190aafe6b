//! Taking a decision or a withdrawal: what may be recorded at all.

use chrono::NaiveDate;

use crate::authority::Ground;
use crate::decision::{Capacity, Decision, Purpose};
use crate::typed_date::Age;
use crate::withdrawal::{Withdrawal, WithdrawalHow};

use super::ledger::Ledger;
use super::rule::Weight;

/// From this age on people decide for themselves. Under it a child decides only when somebody
/// judged that they understand, which is an authority of the ground [`Ground::Understands`].
/// (Family Law Reform Act 1969 section 8 by analogy; `consent.md`.)
pub const AGE_OF_OWN_DECISION: u32 = 16;

/// What a decision's records do not say themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// The subject is a child of a family.
    pub subject_is_child: bool,
    /// The subject's age, where the date of birth is known.
    pub subject_age: Option<Age>,
    /// Today, in Europe/London.
    pub today: NaiveDate,
}

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
    /// A child cannot decide alone.
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
    /// A quote needs an attribution; nothing else has one.
    #[error("attribution is for quotes")]
    WrongAttribution,
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
    /// ledger. A refusal asks for less than a Yes: a No is never turned away for a doubt.
    pub fn check_new(
        &self,
        decision: &Decision,
        circumstances: &Circumstances,
    ) -> Result<(), DecisionProblem> {
        check_answers(decision)?;
        self.check_decider(decision, circumstances)?;
        check_signature(decision)?;
        self.check_replaces(decision)
    }

    fn check_decider(
        &self,
        decision: &Decision,
        circumstances: &Circumstances,
    ) -> Result<(), DecisionProblem> {
        if decision.capacity == Capacity::Own {
            if decision.decider != decision.subject || decision.authority.is_some() {
                return Err(DecisionProblem::OwnForAnother);
            }
            let old_enough = match circumstances.subject_age {
                Some(age) => age.years >= AGE_OF_OWN_DECISION,
                None => !circumstances.subject_is_child,
            };
            return if old_enough {
                Ok(())
            } else {
                Err(DecisionProblem::ChildAlone)
            };
        }
        let id = decision.authority.ok_or(DecisionProblem::NoAuthority)?;
        if self.has_ended(id) {
            return Err(DecisionProblem::AuthorityNotInForce);
        }
        let authority = self
            .authority(id)
            .filter(|authority| {
                authority.child == decision.subject && authority.holder == decision.decider
            })
            .ok_or(DecisionProblem::WrongAuthority)?;
        // Deciding for oneself as a child takes a judgement, and no other ground.
        if (authority.ground == Ground::Understands) != (decision.decider == decision.subject) {
            return Err(DecisionProblem::WrongAuthority);
        }
        if authority.ground == Ground::Understands
            && authority
                .reason
                .as_deref()
                .is_none_or(|why| why.trim().is_empty())
        {
            return Err(DecisionProblem::NoJudgement);
        }
        let today = circumstances.today;
        if authority.valid_from.is_some_and(|from| today < from)
            || authority.valid_until.is_some_and(|until| today > until)
        {
            return Err(DecisionProblem::AuthorityNotInForce);
        }
        match self.weight(decision) {
            Weight::Full => Ok(()),
            Weight::None => Err(DecisionProblem::AuthorityNotInForce),
            Weight::Doubt | Weight::Unknown if decision.granted.is_empty() => Ok(()),
            Weight::Doubt | Weight::Unknown => Err(DecisionProblem::AuthorityInDoubt),
        }
    }

    /// `replaces` holds exactly the same decider's heads, so that one decider never disagrees with
    /// themself.
    fn check_replaces(&self, decision: &Decision) -> Result<(), DecisionProblem> {
        let same = |id| {
            self.decision(id).is_some_and(|earlier| {
                earlier.id != decision.id
                    && earlier.subject == decision.subject
                    && earlier.purpose == decision.purpose
                    && earlier.decider == decision.decider
            })
        };
        if !decision.replaces.iter().all(|id| same(*id)) {
            return Err(DecisionProblem::ReplacesAnothers);
        }
        let left = self
            .heads(decision.subject, decision.purpose)
            .into_iter()
            .any(|head| head.decider == decision.decider && !decision.replaces.contains(&head.id));
        if left {
            Err(DecisionProblem::LeavesEarlier)
        } else {
            Ok(())
        }
    }
}

fn check_answers(decision: &Decision) -> Result<(), DecisionProblem> {
    let mut channels = decision.granted.iter().chain(&decision.refused);
    if decision.granted.is_empty() && decision.refused.is_empty() {
        Err(DecisionProblem::NothingAnswered)
    } else if decision
        .granted
        .iter()
        .any(|channel| decision.refused.contains(channel))
    {
        Err(DecisionProblem::BothAnswers)
    } else if channels.any(|channel| !decision.purpose.has(channel)) {
        Err(DecisionProblem::WrongChannel)
    } else if (decision.purpose == Purpose::PublicityQuote) != decision.attribution.is_some() {
        Err(DecisionProblem::WrongAttribution)
    } else if decision
        .valid_until
        .is_some_and(|until| until <= decision.decided_at)
    {
        Err(DecisionProblem::EndsBeforeItBegins)
    } else {
        Ok(())
    }
}

fn check_signature(decision: &Decision) -> Result<(), DecisionProblem> {
    use crate::decision::Method;
    if decision.signature.as_slice().is_empty() {
        return Err(DecisionProblem::NoSignature);
    }
    if decision.method == Method::TypedWithWitness && decision.witness.is_none() {
        return Err(DecisionProblem::NoWitness);
    }
    Ok(())
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
