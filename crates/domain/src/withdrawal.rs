//! Withdrawals of consent (`consent.md`, records).

use crate::catalogue::Record;
use crate::channel::Channel;
use crate::decision::Purpose;
use crate::id::{DecisionId, PersonId, UserId, WithdrawalId};
use crate::time::Instant;
use crate::words::words;

words! {
    /// How a withdrawal came.
    pub enum WithdrawalHow {
        /// They were here.
        InPerson = "in_person",
        /// Not here, but their identity was checked.
        IdentityChecked = "identity_checked",
        /// A call, a message, or somebody this device does not hold.
        Reported = "reported",
    }
}

impl WithdrawalHow {
    /// Is it certain who asked? Verified: content is removed at once. Else it is suspended, and a
    /// person decides.
    pub const fn verified(self) -> bool {
        !matches!(self, Self::Reported)
    }
}

impl Withdrawal {
    /// Is it certain who asked? One whose two fields contradict each other counts as reported.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verified && self.how.verified()
    }
}

/// Consent is withdrawn, wholly or for some channels. As easy as giving it, and immutable.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::People(&["subject", "by"]))]
pub struct Withdrawal {
    /// Its identifier.
    pub id: WithdrawalId,
    /// Whose picture or data it is about.
    #[field(consent, subject = Whose::NamedHere)]
    pub subject: PersonId,
    /// For which purpose.
    #[field(consent)]
    pub purpose: Purpose,
    /// The decisions withdrawn. One may arrive later than this record.
    #[field(consent)]
    pub decisions: Vec<DecisionId>,
    /// For which channels; not given means all.
    #[field(consent)]
    pub channels: Option<Vec<Channel>>,
    /// Who asked; not given for somebody whom Porch does not hold.
    #[field(consent, subject = Whose::NamedHere)]
    pub by: Option<PersonId>,
    /// How it came.
    #[field(consent)]
    pub how: WithdrawalHow,
    /// Whether it is certain who asked; [`WithdrawalHow::verified`] of `how`.
    #[field(consent)]
    pub verified: bool,
    /// When.
    #[field(consent)]
    pub withdrawn_at: Instant,
    /// Who took it.
    #[field(staff)]
    pub taken_by: UserId,
}
