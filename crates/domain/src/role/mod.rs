//! Who may see and do what: roles, the table of roles and data, the table of roles and actions.

mod action;

pub use action::{Action, can};

use crate::catalogue::{Category, FieldEntry};
use crate::words::words;

words! {
    /// The role of a login.
    pub enum Role {
        /// The front desk.
        Reception = "reception",
        /// Groups in village halls.
        Outreach = "outreach",
        /// Family support: case work.
        Practitioner = "practitioner",
        /// Runs a centre.
        Manager = "manager",
        /// Safeguarding lead.
        Safeguarding = "safeguarding",
        /// Data protection officer.
        DataProtection = "data_protection",
        /// Server, devices, accounts; sees no family.
        CountyIt = "county_it",
        /// Ticks names at one session.
        Helper = "helper",
    }
}

/// A set of roles.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RoleSet(u8);

impl RoleSet {
    /// Nobody.
    pub const NOBODY: Self = Self(0);

    /// These roles.
    pub const fn of(mut roles: &[Role]) -> Self {
        let mut set = Self::NOBODY;
        while let [role, rest @ ..] = roles {
            set = set.with(*role);
            roles = rest;
        }
        set
    }

    /// And this role.
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | 1 << role as u8)
    }

    /// Is this role among them?
    pub const fn contains(self, role: Role) -> bool {
        self.0 & 1 << role as u8 != 0
    }
}

impl core::fmt::Debug for RoleSet {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_set()
            .entries(
                Role::ALL
                    .iter()
                    .filter(|role| self.contains(**role))
                    .map(|role| role.word()),
            )
            .finish()
    }
}

/// What a role may do with a category.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Nothing.
    No,
    /// See it.
    See,
    /// Give it once; not see it again.
    Give,
    /// See and change it.
    Both,
}

/// The one table of roles and data (`security.md`, roles). A field may differ where the catalogue
/// says so.
#[rustfmt::skip]
const fn access(category: Category) -> [Access; 8] {
    use Access::{Both as B, Give as G, No as n, See as s};
    match category {
        //                           reception outreach practitioner manager safeguarding dpo county_it helper
        Category::Name              => [B,      B,       B,           B,      B,           B,  n,        s],
        Category::Contact           => [B,      B,       B,           B,      B,           B,  n,        n],
        Category::NextOfKin         => [B,      B,       B,           B,      s,           B,  n,        n],
        Category::Gp                => [G,      G,       B,           B,      s,           B,  n,        n],
        Category::BirthDate         => [B,      B,       B,           B,      s,           B,  n,        n],
        Category::Gender            => [B,      B,       B,           B,      s,           B,  n,        n],
        Category::Employment        => [G,      G,       B,           B,      n,           B,  n,        n],
        Category::Image             => [B,      B,       B,           B,      B,           B,  n,        n],
        Category::NhsNumber         => [B,      B,       B,           B,      s,           B,  n,        n],
        Category::OtherId           => [G,      G,       B,           B,      s,           B,  n,        n],
        Category::PostalAddress     => [B,      B,       B,           B,      B,           B,  n,        n],
        Category::Email             => [B,      B,       B,           B,      s,           B,  n,        n],
        Category::ParentCarer       => [B,      B,       B,           B,      B,           B,  n,        n],
        Category::EmergencyContact  => [B,      B,       B,           B,      s,           B,  n,        n],
        Category::Opinion           => [n,      n,       B,           B,      s,           B,  n,        n],
        Category::Family            => [B,      B,       B,           B,      B,           B,  n,        n],
        Category::Housing           => [G,      G,       B,           B,      s,           B,  n,        n],
        Category::Lifestyle         => [G,      G,       B,           B,      s,           B,  n,        n],
        Category::Health            => [G,      B,       B,           B,      s,           B,  n,        n],
        Category::Belief            => [G,      G,       B,           B,      n,           B,  n,        n],
        Category::SexualOrientation => [n,      n,       B,           n,      n,           B,  n,        n],
        Category::EthnicOrigin      => [G,      G,       B,           B,      n,           B,  n,        n],
        Category::Criminal          => [n,      n,       n,           n,      B,           n,  n,        n],
        Category::Attendance        => [B,      B,       B,           B,      s,           B,  n,        B],
        Category::Consent           => [B,      B,       B,           B,      B,           B,  n,        n],
        Category::Safeguarding      => [G,      G,       G,           G,      B,           G,  n,        G],
        Category::Informed          => [B,      B,       B,           B,      s,           B,  n,        n],
        Category::Rights            => [n,      n,       n,           n,      n,           B,  n,        n],
        Category::Workforce         => [n,      n,       n,           B,      s,           B,  n,        n],
        Category::Staff             => [B,      B,       B,           B,      B,           B,  s,        n],
        Category::Place             => [s,      B,       B,           B,      s,           s,  B,        s],
        Category::Told              => [s,      s,       s,           s,      s,           B,  B,        s],
        Category::Technical         => [B,      B,       B,           B,      B,           B,  s,        s],
    }
}

/// The roles that may see a category.
pub const fn readers(category: Category) -> RoleSet {
    roles_with(category, Access::See)
}

/// The roles that may give or change a category.
pub const fn writers(category: Category) -> RoleSet {
    roles_with(category, Access::Give)
}

const fn roles_with(category: Category, wanted: Access) -> RoleSet {
    let row = access(category);
    let mut cells: &[Access] = &row;
    let mut roles = Role::ALL;
    let mut set = RoleSet::NOBODY;
    while let ([cell, more_cells @ ..], [role, more_roles @ ..]) = (cells, roles) {
        if *cell as u8 == wanted as u8 || matches!(cell, Access::Both) {
            set = set.with(*role);
        }
        cells = more_cells;
        roles = more_roles;
    }
    set
}

/// May this role see this field?
pub const fn can_read(role: Role, field: &FieldEntry) -> bool {
    field.readers.contains(role)
}

/// May this role give or change this field?
pub const fn can_write(role: Role, field: &FieldEntry) -> bool {
    field.writers.contains(role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{RECORDS, Sensitivity, record_entry};

    fn field(kind: &str, name: &str) -> &'static FieldEntry {
        record_entry(kind)
            .and_then(|entry| entry.field(name))
            .unwrap()
    }

    #[test]
    fn reception_and_outreach_write_a_concern_and_do_not_read_it() {
        let sealed = field("concern", "sealed");
        for role in [Role::Reception, Role::Outreach] {
            assert!(
                can_write(role, sealed),
                "{role}: anybody may write a concern"
            );
            assert!(!can_read(role, sealed), "{role}: few may read one");
            assert!(can(role, Action::WriteConcern) && !can(role, Action::ReadConcern));
        }
        assert!(can_read(Role::Safeguarding, sealed));
    }

    #[test]
    fn county_it_and_helpers_see_no_more_than_they_need() {
        for field in RECORDS.iter().flat_map(|entry| entry.fields) {
            let impersonal = matches!(
                field.category,
                Category::Place | Category::Told | Category::Technical | Category::Staff
            );
            assert!(
                impersonal || !can_read(Role::CountyIt, field),
                "county IT sees no family, but {} is open to it",
                field.name
            );
            // What somebody is allergic to, a helper must know.
            assert!(
                field.sensitivity != Sensitivity::Special
                    || !can_read(Role::Helper, field)
                    || field.name == "allergies",
                "a helper sees no special category data, but {} is open to them",
                field.name
            );
        }
    }

    #[test]
    fn allergies_are_read_wherever_children_are() {
        let allergies = field("person", "allergies");
        for role in [
            Role::Reception,
            Role::Outreach,
            Role::Practitioner,
            Role::Helper,
        ] {
            assert!(can_read(role, allergies), "{role}: it keeps a child safe");
        }
        assert!(can_write(Role::Reception, allergies) && !can_write(Role::Helper, allergies));
        assert!(!can_read(Role::CountyIt, allergies));
    }

    #[test]
    fn a_role_set_holds_what_was_put_in() {
        let set = RoleSet::of(&[Role::Reception, Role::Helper]);
        assert!(
            set.contains(Role::Reception)
                && set.contains(Role::Helper)
                && !set.contains(Role::Manager)
        );
        assert_eq!(format!("{set:?}"), r#"{"reception", "helper"}"#);
    }
}
