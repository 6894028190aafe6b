//! What is said about one field.

use super::category::Category;
use super::value::{ColumnType, TextForm};
use crate::role::RoleSet;

/// One field of a record.
#[derive(Clone, Copy, Debug)]
pub struct FieldEntry {
    /// Its name, in columns, changes and permissions.
    pub name: &'static str,
    /// Its column's type.
    pub column: ColumnType,
    /// May it be not given?
    pub nullable: bool,
    /// What its texts are, if it is of text.
    pub text: TextForm,
    /// What kind of data it is (the privacy notice's lists).
    pub category: Category,
    /// How carefully it is handled.
    pub sensitivity: Sensitivity,
    /// Whose data it is.
    pub subject: Whose,
    /// What it is used for.
    pub purpose: Use,
    /// The lawful basis for that.
    pub basis: Basis,
    /// For special category data, the condition that allows it.
    pub condition: Option<Condition>,
    /// The roles that may see it.
    pub readers: RoleSet,
    /// The roles that may give or change it.
    pub writers: RoleSet,
    /// How long it is kept: a class of the county's retention schedule.
    pub retention: Retention,
    /// What a subject access request does with it.
    pub subject_access: SubjectAccess,
    /// What erasing the person does with it.
    pub erasure: Erasure,
    /// Was it given by the person, so that it goes into a portable copy?
    pub portable: bool,
    /// The lines of the privacy notice that it serves (`product.md`'s ids).
    pub notice: &'static [&'static str],
}

impl FieldEntry {
    /// A field with everything its category says.
    pub const fn of(
        name: &'static str,
        column: ColumnType,
        nullable: bool,
        text: TextForm,
        category: Category,
    ) -> Self {
        let usual = category.defaults();
        Self {
            name,
            column,
            nullable,
            text,
            category,
            sensitivity: usual.sensitivity,
            subject: usual.subject,
            purpose: usual.purpose,
            basis: usual.basis,
            condition: usual.condition,
            readers: crate::role::readers(category),
            writers: crate::role::writers(category),
            retention: usual.retention,
            subject_access: usual.subject_access,
            erasure: usual.erasure,
            portable: usual.portable,
            notice: usual.notice,
        }
    }
}

/// How carefully a field is handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sensitivity {
    /// Personal data, or none at all.
    Ordinary,
    /// Special category data (UK GDPR article 9).
    Special,
    /// Criminal offence data (UK GDPR article 10).
    Criminal,
    /// Not shown except where it must be: a signature, say.
    Secret,
    /// What the program needs to work; says nothing about a person.
    System,
}

/// Whose data a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Nobody's.
    Nobody,
    /// Theirs whom the record is about ([`super::About`]).
    Subject,
    /// The person's whose id this field is.
    NamedHere,
    /// A member of staff's: who did something.
    Staff,
}

/// What data is used for (the notice's four purposes, and what the law asks besides).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Use {
    /// Support for families.
    Delivery,
    /// Planning and improving the service.
    Planning,
    /// Research.
    Research,
    /// Marketing: publicity, mailing lists.
    Marketing,
    /// Keeping children safe.
    Safety,
    /// Showing that the law is kept: consent, information, rights.
    Accountability,
    /// People who work or volunteer for the service.
    Workforce,
}

/// The lawful basis (UK GDPR article 6), as the notice gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Not personal data.
    NotPersonal,
    /// Public task: article 6(1)(e).
    PublicTask,
    /// Consent: article 6(1)(a); marketing only.
    Consent,
    /// Legal obligation: article 6(1)(c).
    LegalObligation,
}

/// What allows special category or criminal offence data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// Provision of health or social care: UK GDPR article 9(2)(h).
    HealthOrSocialCare,
    /// Substantial public interest: article 9(2)(g), Data Protection Act 2018 schedule 1 part 2.
    SubstantialPublicInterest,
}

/// A class of the retention schedule. How long each lasts is the county's data, not the program's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retention {
    /// Kept while the county runs the service.
    Reference,
    /// From the family's last contact.
    FamilyRecord,
    /// From the attendance.
    ServiceUse,
    /// From the end of what was permitted: proof of consent outlives its use.
    ConsentEvidence,
    /// Until consent ends.
    Image,
    /// From the closing of the concern.
    Safeguarding,
    /// From leaving.
    Workforce,
}

/// What a subject access request (UK GDPR article 15) does with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectAccess {
    /// Gives it.
    Give,
    /// A person reads it first: it may tell of somebody else.
    Review,
    /// Withholds it.
    Withhold(WithholdReason),
}

/// Why subject access withholds a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WithholdReason {
    /// It says nothing about the person.
    NotPersonal,
    /// Telling could harm a child: Data Protection Act 2018 schedule 3 part 5. A safeguarding role decides.
    SeriousHarm,
}

/// What erasing a person (UK GDPR article 17) does with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Erasure {
    /// Removes it with its row.
    Remove,
    /// Keeps it, cut off from the person, for figures.
    KeepWithoutIdentity,
    /// Keeps it because the law says so.
    Keep(LegalGround),
    /// Not personal data.
    NotPersonal,
}

/// A legal ground for keeping what erasure was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LegalGround {
    /// Proof that consent was given or refused: UK GDPR article 7(1).
    ProofOfConsent,
    /// Proof that information was given: articles 5(2) and 13.
    ProofOfInformation,
    /// Public task in protecting children: article 17(3)(b).
    ProtectionOfChildren,
}

impl LegalGround {
    /// The text form, in certificates.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ProofOfConsent => "proof_of_consent",
            Self::ProofOfInformation => "proof_of_information",
            Self::ProtectionOfChildren => "protection_of_children",
        }
    }
}
