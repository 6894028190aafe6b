//! The categories of data, and what follows from each.

use super::classification::{
    Basis, Condition, Erasure, LegalGround, Retention, Sensitivity, SubjectAccess, Use, Whose,
    WithholdReason,
};
use crate::words::words;

words! {
    /// What kind of data a field holds. The first group is the notice's list of personal data, the
    /// second its special categories and offences, the third what the service itself makes.
    pub enum Category {
        /// A person's or family's names.
        Name = "name",
        /// Telephone, language: how to reach and talk with somebody.
        Contact = "contact",
        /// Next of kin.
        NextOfKin = "next_of_kin",
        /// The person's doctor.
        Gp = "gp",
        /// Date of birth, and the age that follows from it.
        BirthDate = "birth_date",
        /// Gender.
        Gender = "gender",
        /// Employment status, employment and education.
        Employment = "employment",
        /// Pictures and what describes them.
        Image = "image",
        /// The NHS number.
        NhsNumber = "nhs_number",
        /// Other identity numbers.
        OtherId = "other_id",
        /// Postal address.
        PostalAddress = "postal_address",
        /// E-mail address.
        Email = "email",
        /// Who is parent or carer of whom, and may decide for them.
        ParentCarer = "parent_carer",
        /// Emergency contacts.
        EmergencyContact = "emergency_contact",
        /// Personal or professional opinions.
        Opinion = "opinion",
        /// Family details.
        Family = "family",
        /// Housing needs.
        Housing = "housing",
        /// Lifestyle and social circumstances.
        Lifestyle = "lifestyle",

        /// Physical and mental health.
        Health = "health",
        /// Religion or belief.
        Belief = "belief",
        /// Sexual orientation; never asked about a child.
        SexualOrientation = "sexual_orientation",
        /// Racial or ethnic origin.
        EthnicOrigin = "ethnic_origin",
        /// Convictions, offences, security measures.
        Criminal = "criminal",

        /// Who came to what, when.
        Attendance = "attendance",
        /// Consent: decisions, withdrawals, what they rest on.
        Consent = "consent",
        /// Concerns about somebody's safety.
        Safeguarding = "safeguarding",
        /// That somebody was told how their data is used.
        Informed = "informed",
        /// What somebody asked for by right, and what was done.
        Rights = "rights",
        /// People who work or volunteer for the service.
        Workforce = "workforce",
        /// Which member of staff did something.
        Staff = "staff",
        /// Centres, venues, activities, sessions: no person.
        Place = "place",
        /// What everybody is told and asked: wordings, notices, whom to write to. No person.
        Told = "told",
        /// Sizes, digests, versions: no person.
        Technical = "technical",
    }
}

/// What a category says of its fields unless they say otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Defaults {
    /// See [`super::FieldEntry::sensitivity`].
    pub sensitivity: Sensitivity,
    /// See [`super::FieldEntry::subject`].
    pub subject: Whose,
    /// See [`super::FieldEntry::purpose`].
    pub purpose: Use,
    /// See [`super::FieldEntry::basis`].
    pub basis: Basis,
    /// See [`super::FieldEntry::condition`].
    pub condition: Option<Condition>,
    /// See [`super::FieldEntry::retention`].
    pub retention: Retention,
    /// See [`super::FieldEntry::subject_access`].
    pub subject_access: SubjectAccess,
    /// See [`super::FieldEntry::erasure`].
    pub erasure: Erasure,
    /// See [`super::FieldEntry::portable`].
    pub portable: bool,
    /// See [`super::FieldEntry::notice`].
    pub notice: &'static [&'static str],
}

impl Defaults {
    /// What a person or family gives to use the service.
    const fn given(notice: &'static [&'static str]) -> Self {
        Self {
            sensitivity: Sensitivity::Ordinary,
            subject: Whose::Subject,
            purpose: Use::Delivery,
            basis: Basis::PublicTask,
            condition: None,
            retention: Retention::FamilyRecord,
            subject_access: SubjectAccess::Give,
            erasure: Erasure::Remove,
            portable: true,
            notice,
        }
    }

    /// The same, where it may tell of somebody else in the family.
    const fn shared(notice: &'static [&'static str]) -> Self {
        Self {
            subject_access: SubjectAccess::Review,
            ..Self::given(notice)
        }
    }

    /// Special category data.
    const fn special(notice: &'static [&'static str]) -> Self {
        Self {
            sensitivity: Sensitivity::Special,
            condition: Some(Condition::HealthOrSocialCare),
            ..Self::given(notice)
        }
    }

    /// What the service itself records about somebody.
    const fn made(
        purpose: Use,
        basis: Basis,
        retention: Retention,
        erasure: Erasure,
        notice: &'static [&'static str],
    ) -> Self {
        Self {
            purpose,
            basis,
            retention,
            erasure,
            portable: false,
            ..Self::given(notice)
        }
    }

    /// What is about nobody.
    const fn impersonal(sensitivity: Sensitivity, notice: &'static [&'static str]) -> Self {
        Self {
            sensitivity,
            subject: Whose::Nobody,
            purpose: Use::Delivery,
            basis: Basis::NotPersonal,
            condition: None,
            retention: Retention::Reference,
            subject_access: SubjectAccess::Withhold(WithholdReason::NotPersonal),
            erasure: Erasure::NotPersonal,
            portable: false,
            notice,
        }
    }
}

impl Category {
    /// What follows from the category. The purposes and bases are the privacy notice's.
    pub const fn defaults(self) -> Defaults {
        use Erasure::{Keep, KeepWithoutIdentity, Remove};
        match self {
            Self::Name => Defaults::given(&["DAT.name_contact", "SUB.registered"]),
            Self::Contact => Defaults::given(&["DAT.name_contact"]),
            Self::NextOfKin => Defaults::shared(&["DAT.next_of_kin"]),
            Self::Gp => Defaults::given(&["DAT.gp"]),
            Self::BirthDate => Defaults::given(&["DAT.birth_date", "DAT.age"]),
            Self::Gender => Defaults::given(&["DAT.gender"]),
            Self::Employment => {
                Defaults::given(&["DAT.employment_status", "DAT.employment_education"])
            }
            Self::Image => Defaults {
                purpose: Use::Marketing,
                basis: Basis::Consent,
                retention: Retention::Image,
                ..Defaults::shared(&["DAT.images", "SUB.publicity", "USE.marketing.images"])
            },
            Self::NhsNumber => Defaults::given(&["DAT.nhs_number"]),
            Self::OtherId => Defaults::given(&["DAT.other_ids"]),
            Self::PostalAddress => Defaults::given(&["DAT.postal_address"]),
            Self::Email => Defaults::given(&["DAT.email"]),
            Self::ParentCarer => Defaults::shared(&["DAT.parent_carer"]),
            Self::EmergencyContact => Defaults::shared(&["DAT.emergency_contacts"]),
            Self::Opinion => Defaults {
                portable: false,
                ..Defaults::shared(&["DAT.opinions"])
            },
            Self::Family => Defaults::shared(&["DAT.family"]),
            Self::Housing => Defaults::given(&["DAT.housing"]),
            Self::Lifestyle => Defaults::given(&["DAT.lifestyle"]),

            Self::Health => Defaults::special(&["SPC.health", "LAW.special"]),
            Self::Belief => Defaults::special(&["SPC.belief", "LAW.special"]),
            Self::SexualOrientation => {
                Defaults::special(&["SPC.sexual_orientation", "LAW.special"])
            }
            Self::EthnicOrigin => Defaults {
                condition: Some(Condition::SubstantialPublicInterest),
                ..Defaults::special(&["SPC.ethnic_origin", "LAW.special"])
            },
            Self::Criminal => Defaults {
                sensitivity: Sensitivity::Criminal,
                condition: Some(Condition::SubstantialPublicInterest),
                subject_access: SubjectAccess::Withhold(WithholdReason::SeriousHarm),
                ..Defaults::made(
                    Use::Safety,
                    Basis::PublicTask,
                    Retention::Safeguarding,
                    Keep(LegalGround::ProtectionOfChildren),
                    &["CRM"],
                )
            },

            Self::Attendance => Defaults::made(
                Use::Delivery,
                Basis::PublicTask,
                Retention::ServiceUse,
                KeepWithoutIdentity,
                &["SUB.registered", "USE.delivery.support", "LAW.task"],
            ),
            Self::Consent => Defaults::made(
                Use::Accountability,
                Basis::LegalObligation,
                Retention::ConsentEvidence,
                Keep(LegalGround::ProofOfConsent),
                &["LAW.consent", "PHO.written", "RGT.withdraw"],
            ),
            Self::Safeguarding => Defaults {
                sensitivity: Sensitivity::Criminal,
                condition: Some(Condition::SubstantialPublicInterest),
                subject_access: SubjectAccess::Withhold(WithholdReason::SeriousHarm),
                ..Defaults::made(
                    Use::Safety,
                    Basis::PublicTask,
                    Retention::Safeguarding,
                    Keep(LegalGround::ProtectionOfChildren),
                    &["LAW.duty", "USE.delivery.safety"],
                )
            },
            Self::Informed => Defaults::made(
                Use::Accountability,
                Basis::LegalObligation,
                Retention::FamilyRecord,
                Keep(LegalGround::ProofOfInformation),
                &["RGT.informed"],
            ),
            Self::Rights => Defaults::made(
                Use::Accountability,
                Basis::LegalObligation,
                Retention::ConsentEvidence,
                Remove,
                &["RGT.erase"],
            ),
            Self::Workforce => Defaults::made(
                Use::Workforce,
                Basis::PublicTask,
                Retention::Workforce,
                Remove,
                &["SUB.workforce"],
            ),
            Self::Staff => Defaults {
                subject: Whose::Staff,
                ..Defaults::made(
                    Use::Accountability,
                    Basis::PublicTask,
                    Retention::Workforce,
                    KeepWithoutIdentity,
                    &["SEC.duty", "ADM"],
                )
            },
            Self::Place => Defaults::impersonal(Sensitivity::Ordinary, &["USE.delivery.support"]),
            Self::Told => Defaults::impersonal(Sensitivity::Ordinary, &["RGT.informed"]),
            Self::Technical => Defaults::impersonal(Sensitivity::System, &[]),
        }
    }
}
