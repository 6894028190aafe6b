//! The privacy notice's lines (`product.md`, "The notice, line by line"), and which of them the
//! program does not serve yet.

/// Every line of the privacy notice, by the id that fields refer to.
#[rustfmt::skip]
pub const NOTICE_LINES: &[&str] = &[
    // What the data show.
    "OUT.a", "OUT.b", "OUT.c", "OUT.d",
    // Whom the notice is for.
    "SUB.referred", "SUB.enquiry", "SUB.publicity", "SUB.registered", "SUB.web", "SUB.mailing", "SUB.workforce",
    // Personal data.
    "DAT.name_contact", "DAT.next_of_kin", "DAT.gp", "DAT.age", "DAT.birth_date", "DAT.gender",
    "DAT.employment_status", "DAT.images", "DAT.nhs_number", "DAT.other_ids", "DAT.postal_address", "DAT.email",
    "DAT.employment_education", "DAT.parent_carer", "DAT.emergency_contacts", "DAT.opinions", "DAT.family",
    "DAT.housing", "DAT.lifestyle",
    // Special categories and offences.
    "SPC.health", "SPC.belief", "SPC.sexual_orientation", "SPC.ethnic_origin", "CRM",
    // Purposes.
    "USE.delivery.support", "USE.delivery.learning", "USE.delivery.progress", "USE.delivery.safety",
    "USE.delivery.work", "USE.delivery.referral", "USE.delivery.monitoring",
    "USE.planning.performance", "USE.planning.targets", "USE.planning.gaps", "USE.planning.value",
    "USE.planning.engagement",
    "USE.research.feedback", "USE.research.performance", "USE.research.joint",
    "USE.marketing.review", "USE.marketing.visitors", "USE.marketing.images", "USE.marketing.lists",
    // Lawful bases and duties.
    "LAW.task", "LAW.consent", "LAW.special", "LAW.duty",
    // Partners.
    "SHR.1", "SHR.2", "SHR.3", "SHR.4", "SHR.5", "SHR.6", "SHR.7", "SHR.8", "SHR.9", "SHR.10", "SHR.11", "SHR.12",
    "SHR.13", "SHR.14", "SHR.15", "SHR.16", "SHR.17", "OVS",
    // Keeping, safety, refusing, deciding.
    "RET", "SEC.duty", "SEC.life", "REF", "ADM",
    // Web and online registration.
    "WEB.logs", "LNK", "REG.collected", "REG.residence", "REG.communicate", "REG.retained",
    // Photographs.
    "PHO.written", "PHO.crowd", "PHO.remove",
    // Rights and contacts.
    "RGT.informed", "RGT.access", "RGT.rectify", "RGT.restrict", "RGT.object", "RGT.erase", "RGT.portability",
    "RGT.automated", "RGT.withdraw", "DPO", "ICO",
];

/// Lines that no field serves because something else does, and what.
pub const SERVED_WITHOUT_A_FIELD: &[(&str, &str)] = &[
    (
        "SEC.life",
        "docs/security.md: keys, roles, audit, checked by the forensics tests",
    ),
    (
        "REF",
        "every field about a person is optional (`person::Person`)",
    ),
];

/// Lines not served yet. May only shrink: a test refuses a line that is served and still here.
#[rustfmt::skip]
pub const NOT_YET_SERVED: &[&str] = &[
    "OUT.a", "OUT.b", "OUT.c", "OUT.d",
    "SUB.referred", "SUB.enquiry", "SUB.web", "SUB.mailing",
    "DAT.next_of_kin", "DAT.gp", "DAT.employment_status", "DAT.other_ids", "DAT.employment_education", "DAT.lifestyle",
    "SPC.belief", "SPC.sexual_orientation", "SPC.ethnic_origin",
    "USE.delivery.learning", "USE.delivery.progress", "USE.delivery.work", "USE.delivery.referral",
    "USE.delivery.monitoring",
    "USE.planning.performance", "USE.planning.targets", "USE.planning.gaps", "USE.planning.value",
    "USE.planning.engagement",
    "USE.research.feedback", "USE.research.performance", "USE.research.joint",
    "USE.marketing.review", "USE.marketing.visitors", "USE.marketing.lists",
    "SHR.1", "SHR.2", "SHR.3", "SHR.4", "SHR.5", "SHR.6", "SHR.7", "SHR.8", "SHR.9", "SHR.10", "SHR.11", "SHR.12",
    "SHR.13", "SHR.14", "SHR.15", "SHR.16", "SHR.17", "OVS",
    "RET",
    "WEB.logs", "LNK", "REG.collected", "REG.residence", "REG.communicate",
    "RGT.access", "RGT.rectify", "RGT.restrict", "RGT.object", "RGT.portability", "RGT.automated",
];

/// Categories that no field uses yet. May only shrink.
pub const NOT_YET_USED: &[super::Category] = &[
    super::Category::NextOfKin,
    super::Category::Gp,
    super::Category::Employment,
    super::Category::OtherId,
    super::Category::EmergencyContact,
    super::Category::Lifestyle,
    super::Category::Belief,
    super::Category::SexualOrientation,
    super::Category::EthnicOrigin,
    super::Category::Criminal,
];
