//! Who may decide for a child (`consent.md`, records).

use chrono::NaiveDate;

use crate::catalogue::Record;
use crate::id::{AuthorityEndId, AuthorityId, PersonId, UserId};
use crate::time::Instant;
use crate::words::words;

words! {
    /// On what ground somebody may decide for a child (Children Act 1989 sections 2 to 5, 8, 12
    /// and 33). Being a step-parent, a grandparent or a foster carer is no ground by itself, so
    /// there is no word for it: it takes an order, an agreement or a delegation.
    pub enum Ground {
        /// The child's mother.
        Mother = "mother",
        /// The father, married to the mother or on the birth certificate.
        FatherMarriedOrRegistered = "father_married_or_registered",
        /// An order of a court.
        CourtOrder = "court_order",
        /// A parental responsibility agreement.
        Agreement = "agreement",
        /// A guardian.
        Guardian = "guardian",
        /// The local authority under a care order.
        LocalAuthority = "local_authority",
        /// Delegated by somebody who holds it.
        Delegated = "delegated",
        /// The child understands and decides for themself; `reason` says who judged so, and why.
        Understands = "understands",
    }
}

words! {
    /// How the ground is known.
    pub enum Evidence {
        /// A document was seen.
        Seen = "seen",
        /// The person said so.
        Declared = "declared",
    }
}

words! {
    /// How an authority stopped being good.
    pub enum EndKind {
        /// It is over.
        Ended = "ended",
        /// It is in doubt: its No counts, its Yes does not.
        Disputed = "disputed",
    }
}

/// Somebody may decide for a child. Immutable; its end is another record.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::People(&["child", "holder"]))]
pub struct Authority {
    /// Its identifier.
    pub id: AuthorityId,
    /// For whom.
    #[field(parent_carer, subject = Whose::NamedHere, retention = Retention::ConsentEvidence, portable = false)]
    pub child: PersonId,
    /// Who may decide; the child themself when they understand.
    #[field(parent_carer, subject = Whose::NamedHere, retention = Retention::ConsentEvidence, portable = false)]
    pub holder: PersonId,
    /// On what ground.
    #[field(parent_carer, retention = Retention::ConsentEvidence, portable = false)]
    pub ground: Ground,
    /// How that is known.
    #[field(parent_carer, retention = Retention::ConsentEvidence, portable = false)]
    pub evidence: Evidence,
    /// For a delegation: the authority it comes from, which must not be a delegation itself.
    #[field(parent_carer, retention = Retention::ConsentEvidence, portable = false)]
    pub delegated_from: Option<AuthorityId>,
    /// For a child who understands: who judged so, and why.
    #[field(opinion, readers = RoleSet::of(&[Role::Practitioner, Role::Manager, Role::Safeguarding, Role::DataProtection]), writers = RoleSet::of(&[Role::Outreach, Role::Practitioner, Role::Manager, Role::Safeguarding]), retention = Retention::ConsentEvidence)]
    pub reason: Option<String>,
    /// First day, where it has one.
    #[field(parent_carer, retention = Retention::ConsentEvidence, portable = false)]
    pub valid_from: Option<NaiveDate>,
    /// Last day, where it has one.
    #[field(parent_carer, retention = Retention::ConsentEvidence, portable = false)]
    pub valid_until: Option<NaiveDate>,
    /// Who recorded it.
    #[field(staff)]
    pub recorded_by: UserId,
    /// When.
    #[field(consent, erasure = Erasure::Remove)]
    pub recorded_at: Instant,
}

impl Authority {
    /// Do ground and holder fit each other? A child who understands holds it themself; whoever
    /// decides on another ground is somebody else.
    #[must_use]
    pub fn ground_fits(&self) -> bool {
        (self.ground == Ground::Understands) == (self.holder == self.child)
    }

    /// Is this one of its days?
    #[must_use]
    pub fn is_good_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day)
            && self.valid_until.is_none_or(|until| day <= until)
    }

    /// Can another be delegated from this one? Not from a delegation, and not by the child.
    #[must_use]
    pub fn can_delegate(&self) -> bool {
        !matches!(self.ground, Ground::Delegated | Ground::Understands)
    }
}

/// An authority ended or is disputed. Made by a manager, with evidence.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::Through { field: "authority", kinds: &["authority"] })]
pub struct AuthorityEnd {
    /// Its identifier.
    pub id: AuthorityEndId,
    /// Which authority.
    #[field(parent_carer, writers = RoleSet::of(&[Role::Manager, Role::Safeguarding, Role::DataProtection]), retention = Retention::ConsentEvidence, portable = false)]
    pub authority: AuthorityId,
    /// Ended or disputed.
    #[field(parent_carer, writers = RoleSet::of(&[Role::Manager, Role::Safeguarding, Role::DataProtection]), retention = Retention::ConsentEvidence, portable = false)]
    pub kind: EndKind,
    /// How that is known.
    #[field(parent_carer, writers = RoleSet::of(&[Role::Manager, Role::Safeguarding, Role::DataProtection]), retention = Retention::ConsentEvidence, portable = false)]
    pub evidence: Evidence,
    /// Who recorded it.
    #[field(staff)]
    pub recorded_by: UserId,
    /// When.
    #[field(consent, erasure = Erasure::Remove)]
    pub recorded_at: Instant,
}
