//! What the county's analysts see, for the notice's planning and research (USE.planning,
//! USE.research): rows without names, by a rule over each field's classification, so that a new field
//! is decided by what it is.
//!
//! The rows stay personal data. Ids stay, so that rows of one person can be counted as one, and
//! whoever may also open the desk's screens could find them there.

use super::{Category, ColumnType, FieldEntry, Sensitivity, TextForm, Use, Whose};

/// How closely an analyst sees a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Detail {
    /// As it is.
    Whole,
    /// Of a date, its month.
    Month,
}

impl FieldEntry {
    /// How closely the county's analysts see this field; none when they do not.
    #[must_use]
    pub fn for_analysts(&self) -> Option<Detail> {
        // Special category and criminal offence data, and what is secret, are for those who need them
        // for the family at hand; figures from them are made by who may read them (UK GDPR articles 9,
        // 10 and 89: as little as the purpose needs).
        if self.sensitivity != Sensitivity::Ordinary {
            return None;
        }
        // What was recorded to show that the law is kept, to keep children safe, for publicity, or
        // about staff, was not recorded for planning.
        if !matches!(self.purpose, Use::Delivery | Use::Planning | Use::Research) {
            return None;
        }
        // Somebody may have typed a name, or worse, into any free text about a person.
        if self.text == TextForm::Free && self.subject != Whose::Nobody {
            return None;
        }
        // Files are no figures.
        if self.column == ColumnType::Bytes {
            return None;
        }
        match self.category {
            // They say who somebody is or where to find them.
            Category::Name
            | Category::Contact
            | Category::NextOfKin
            | Category::Gp
            | Category::Image
            | Category::NhsNumber
            | Category::OtherId
            | Category::PostalAddress
            | Category::Email
            | Category::EmergencyContact => None,
            // The age is needed, the day is not.
            Category::BirthDate => (self.text == TextForm::Date).then_some(Detail::Month),
            Category::Gender
            | Category::Employment
            | Category::Family
            | Category::Housing
            | Category::Lifestyle
            | Category::Attendance
            | Category::Place => Some(Detail::Whole),
            // Who may decide for whom, and what somebody thinks of somebody, is for the desk.
            Category::ParentCarer | Category::Opinion => None,
            // As above, also where a single field says that it is ordinary or for another purpose.
            Category::Health
            | Category::Belief
            | Category::SexualOrientation
            | Category::EthnicOrigin
            | Category::Criminal
            | Category::Consent
            | Category::Safeguarding
            | Category::Informed
            | Category::Rights
            | Category::Workforce
            | Category::Staff
            | Category::Told
            | Category::Technical => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RECORDS, record_entry};
    use super::*;

    /// Everything that analysts see, so that a change of it is seen in review.
    const SEEN: &[(&str, &[&str])] = &[
        ("centre", &["name", "kind", "parent"]),
        (
            "activity",
            &["centre", "name", "never_photograph", "drop_off"],
        ),
        (
            "session",
            &[
                "activity",
                "centre",
                "venue",
                "date",
                "starts_at",
                "ends_at",
                "places",
            ],
        ),
        ("family", &["centre", "no_fixed_address"]),
        ("person", &["birth_date", "gender"]),
        ("membership", &["family", "person", "role", "ended_on"]),
        (
            "alias",
            &["kind", "older", "newer", "merged_at", "ended_at"],
        ),
        ("attendance", &["session", "person", "family", "arrived_at"]),
        ("departure", &["attendance", "left_at"]),
        ("attendance_void", &["event", "voided_at"]),
    ];

    #[test]
    fn what_analysts_see_is_this_and_nothing_else() {
        let seen: Vec<_> = RECORDS
            .iter()
            .map(|record| {
                let fields = record.fields.iter();
                let names: Vec<_> = fields
                    .filter(|field| field.for_analysts().is_some())
                    .map(|field| field.name)
                    .collect();
                (record.kind, names)
            })
            .filter(|(_, names)| !names.is_empty())
            .collect();
        let wanted: Vec<_> = SEEN
            .iter()
            .map(|(kind, names)| (*kind, names.to_vec()))
            .collect();
        assert_eq!(seen, wanted);
    }

    #[test]
    fn a_birthday_is_seen_by_its_month() {
        let born = record_entry("person").and_then(|person| person.field("birth_date"));
        assert_eq!(born.unwrap().for_analysts(), Some(Detail::Month));
    }

    #[test]
    fn a_field_is_decided_by_what_it_is() {
        let of = |column, text, category| FieldEntry::of("new", column, true, text, category);
        let checked = |category| of(ColumnType::Text, TextForm::Checked, category);
        for category in Category::ALL {
            let usual = checked(*category);
            if usual.sensitivity != Sensitivity::Ordinary {
                assert_eq!(usual.for_analysts(), None, "{category:?} is sensitive");
            }
            let typed = of(ColumnType::Text, TextForm::Free, *category);
            assert!(
                typed.for_analysts().is_none() || typed.subject == Whose::Nobody,
                "{category:?}: free text about somebody"
            );
            let file = of(ColumnType::Bytes, TextForm::Checked, *category);
            assert_eq!(file.for_analysts(), None, "{category:?}: a file");
        }
        let lifestyle = checked(Category::Lifestyle);
        assert_eq!(lifestyle.for_analysts(), Some(Detail::Whole));
        let secret = FieldEntry {
            sensitivity: Sensitivity::Secret,
            ..lifestyle
        };
        assert_eq!(secret.for_analysts(), None, "whatever its category");
        let safety = FieldEntry {
            purpose: Use::Safety,
            ..lifestyle
        };
        assert_eq!(safety.for_analysts(), None, "whatever its category");
    }
}
