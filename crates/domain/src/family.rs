//! Families.

use crate::catalogue::Record;
use crate::id::{CentreId, FamilyId};

/// A family: people who come together, at one address or none. A child of two homes is a member
/// of two families.
#[derive(Clone, PartialEq, Record)]
#[record(state, about = About::ThisFamily)]
pub struct Family {
    /// Its identifier.
    pub id: FamilyId,
    /// The centre at whose desk it registered. Not open: it tells where a hidden family goes.
    #[field(family, portable = false)]
    pub centre: CentreId,
    /// How the desk calls them; else the name follows from the members.
    #[field(name)]
    pub name: Option<String>,
    /// The address without postcode, one line each.
    #[field(postal_address, notice = &["DAT.postal_address", "REG.retained"])]
    pub address: Option<String>,
    /// The postcode, normalised ([`crate::postcode::Postcode`]).
    #[field(postal_address)]
    pub postcode: Option<crate::postcode::Postcode>,
    /// The family has no fixed address.
    #[field(housing, readers = role::readers(Category::PostalAddress), writers = role::writers(Category::PostalAddress))]
    pub no_fixed_address: bool,
    /// Hidden from search and screens except for named people (`security.md`, roles).
    #[field(safeguarding, erasure = Erasure::Remove, sensitivity = Sensitivity::Secret, readers = role::readers(Category::Name), writers = RoleSet::of(&[Role::Manager, Role::Safeguarding]))]
    pub protected: bool,
    /// What the desk should know.
    #[field(family)]
    pub note: Option<String>,
}
