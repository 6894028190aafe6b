//! The rule of consent: who permits what, from the records alone. The design is `docs/security.md`;
//! one principle decides every doubt: where records disagree, the answer is No.
//!
//! No clock is compared and no order of arrival matters: which decision replaces which is known
//! from what the screen showed. The latest time ever seen can only refuse.
//!
//! # The rule
//!
//! **Weight** of a decision, by its authority. *Full*: one's own, if old enough, or under an
//! authority for this child and this decider. *In doubt*: the authority is disputed, is not here
//! (yet), is for another child or decider, is held by somebody whom its ground does not fit, was
//! not good on the day of the decision, or is a delegation of one in doubt. *None*: the authority,
//! or the one that it is delegated from, has ended. A delegation rests on one authority that is
//! none itself.
//!
//! What would be full is *in doubt* while no approval by the county is known of the words that it was
//! asked in, to the letter and for that purpose. That an approval was taken back later makes no
//! difference: the words were approved when somebody read them.
//!
//! **Old enough** to decide for oneself: sixteen on the day of the decision by the date of birth;
//! while that is not known, staff or a family's member in another place than a child's, and no
//! family's child. Else a Yes is in doubt. So it is while that day is yet to come.
//!
//! **Heads** for a subject and purpose: the decisions that stand (are not mis-recorded), have
//! weight, and are not *lifted*. A decision is lifted by one that replaces it, stands and has full
//! weight. It can replace only decisions of the same subject, purpose and decider; other ids in
//! its list say nothing.
//!
//! For a channel a head says
//! - **No** when it does not grant it, or grants and refuses it, or is withdrawn for it, or is expired;
//! - else **Yes** when it has full weight and nothing that stands replaces it;
//! - else **nothing**: its Yes does not count.
//!
//! So a decision in doubt takes away the Yes that it replaces, and leaves the No.
//!
//! **Permitted**: no stop, at least one Yes, no No.
//!
//! # Permits
//!
//! Storing takes a [`Permit`], and only this module makes them:
//!
//! ```compile_fail
//! use porch_domain::consent::Permit;
//! use porch_domain::decision::Purpose;
//! use porch_domain::id::{DecisionId, PersonId};
//!
//! fn forge(subject: PersonId, decision: DecisionId) -> Permit {
//!     Permit { subject, decision, purpose: Purpose::PublicityPicture, channels: vec![], until: None }
//! }
//! ```
//!
//! Nor can one be kept by copying:
//!
//! ```compile_fail
//! fn keep(permit: &porch_domain::consent::Permit) -> porch_domain::consent::Permit {
//!     permit.clone()
//! }
//! ```

mod asking;
mod fate;
mod ledger;
mod permit;
mod rule;
mod state;

#[cfg(test)]
mod histories;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod stories;

pub use asking::{
    AGE_OF_OWN_DECISION, DecisionProblem, WithdrawalProblem, check_decision, check_withdrawal,
};
pub use fate::Fate;
pub use ledger::{Ledger, LedgerEntry};
pub use permit::Permit;
pub use rule::No;
pub use state::DecisionState;
