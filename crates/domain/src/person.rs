//! People: children, parents and carers, everybody who comes.

use chrono::NaiveDate;

use crate::catalogue::Record;
use crate::id::PersonId;
use crate::nhs_number::NhsNumber;
use crate::words::words;

words! {
    /// A person's gender, in their own words or their parent's.
    pub enum Gender {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
        /// Described otherwise.
        Other = "other",
        /// Asked, and preferred not to say: an answer, unlike not asked.
        Declined = "declined",
    }
}

/// A person. Nothing is mandatory: an alias is enough to come in (`product.md`, REF).
#[derive(Clone, PartialEq, Record)]
#[record(state, about = About::ThisPerson)]
pub struct Person {
    /// Their identifier.
    pub id: PersonId,
    /// Given names.
    #[field(name)]
    pub given_name: Option<String>,
    /// Family name.
    #[field(name)]
    pub family_name: Option<String>,
    /// What they are called, or an alias.
    #[field(name)]
    pub known_as: Option<String>,
    /// Date of birth.
    #[field(birth_date)]
    pub birth_date: Option<NaiveDate>,
    /// For an expectant parent, when the baby is due. The desk may see it: it decides what is offered.
    #[field(health, readers = role::readers(Category::BirthDate), writers = role::writers(Category::BirthDate), notice = &["SPC.health", "LAW.special", "USE.delivery.support"])]
    pub due_date: Option<NaiveDate>,
    /// Gender.
    #[field(gender)]
    pub gender: Option<Gender>,
    /// NHS number.
    #[field(nhs_number)]
    pub nhs_number: Option<NhsNumber>,
    /// Telephone number, normalised ([`crate::phone::PhoneNumber`]).
    #[field(contact)]
    pub phone: Option<String>,
    /// E-mail address.
    #[field(email)]
    pub email: Option<String>,
    /// The language they like to speak and read: a BCP 47 tag.
    #[field(contact)]
    pub language: Option<String>,
    /// Allergies, in words. Whoever may know the name may know this: at the desk and at a session it
    /// keeps a child safe.
    #[field(health, readers = role::readers(Category::Name), notice = &["SPC.health", "LAW.special", "USE.delivery.safety"])]
    pub allergies: Option<String>,
    /// Also works or volunteers for the service.
    #[field(workforce, readers = role::readers(Category::Name))]
    pub staff: bool,
}
