//! Withdrawals of consent (`consent.md`, records).

use chrono::NaiveDate;

use crate::catalogue::Record;
use crate::channel::Channel;
use crate::decision::Purpose;
use crate::id::{DecisionId, PersonId, UserId, WithdrawalId, WithdrawalRulingId};
use crate::time::Instant;
use crate::words::words;
use crate::working_days::working_days_after;

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

/// By when somebody has to rule on a withdrawal that was reported at a moment.
#[must_use]
pub fn rule_by(reported_at: Instant) -> NaiveDate {
    working_days_after(reported_at.utc().date_naive(), DAYS_TO_RULE)
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

/// Within how many working days a person rules on a withdrawal that was reported. Then what it is about is
/// removed (`consent.md`).
pub const DAYS_TO_RULE: u32 = 5;

words! {
    /// What became of a withdrawal that was reported.
    pub enum Ruling {
        /// It counts like a verified one: what rested on it is removed.
        Upheld = "upheld",
        /// It does not count: nobody who may withdraw had asked.
        Dismissed = "dismissed",
    }
}

/// Somebody looked into a withdrawal that was reported. Where two rulings disagree it is upheld. A verified
/// withdrawal needs none, and none takes it back.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::Through { field: "withdrawal", kinds: &["withdrawal"] })]
pub struct WithdrawalRuling {
    /// Its identifier.
    pub id: WithdrawalRulingId,
    /// Which withdrawal.
    #[field(consent, erasure = Erasure::Remove)]
    pub withdrawal: WithdrawalId,
    /// What became of it.
    #[field(consent, writers = RoleSet::of(&[Role::Manager, Role::Safeguarding, Role::DataProtection]), erasure = Erasure::Remove)]
    pub ruling: Ruling,
    /// What that rests on; not given where the county upheld it because nobody had ruled in time.
    #[field(opinion, readers = RoleSet::of(&[Role::Practitioner, Role::Manager, Role::Safeguarding, Role::DataProtection]), writers = RoleSet::of(&[Role::Manager, Role::Safeguarding, Role::DataProtection]), retention = Retention::ConsentEvidence)]
    pub why: Option<String>,
    /// Who ruled; not given for the county.
    #[field(staff)]
    pub ruled_by: Option<UserId>,
    /// When.
    #[field(consent, erasure = Erasure::Remove)]
    pub ruled_at: Instant,
}
