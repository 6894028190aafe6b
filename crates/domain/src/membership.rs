//! Who belongs to which family, and as what.

use chrono::NaiveDate;

use crate::catalogue::Record;
use crate::id::{FamilyId, MembershipId, PersonId};
use crate::words::words;

words! {
    /// What somebody is in a family. It says nothing about who may decide for a child: see
    /// [`crate::authority::Authority`].
    pub enum MemberRole {
        /// Parent or carer.
        ParentCarer = "parent_carer",
        /// Child.
        Child = "child",
        /// Expectant parent.
        ExpectantParent = "expectant_parent",
        /// Grandparent.
        Grandparent = "grandparent",
        /// Another adult of the home.
        OtherAdult = "other_adult",
        /// Somebody to call.
        EmergencyContact = "emergency_contact",
    }
}

impl MemberRole {
    /// Whoever has this place is grown up, as far as it is known.
    #[must_use]
    pub const fn is_grown_up(self) -> bool {
        !matches!(self, Self::Child)
    }
}

/// A person's place in a family.
#[derive(Clone, PartialEq, Record)]
#[record(state, about = About::People(&["person"]))]
pub struct Membership {
    /// Its identifier.
    pub id: MembershipId,
    /// The family.
    #[field(family)]
    pub family: FamilyId,
    /// The person.
    #[field(family)]
    pub person: PersonId,
    /// As what.
    #[field(family, notice = &["DAT.family", "DAT.parent_carer", "DAT.emergency_contacts"])]
    pub role: MemberRole,
    /// What they say of having parental responsibility for the family's children; proves nothing.
    #[field(parent_carer)]
    pub parental_responsibility: Option<bool>,
    /// The day they stopped belonging to it.
    #[field(family)]
    pub ended_on: Option<NaiveDate>,
}
