//! What one county calls its own.

use crate::catalogue::Record;
use crate::id::CountyDetailsId;
use crate::publication::DAYS_TO_TAKE_DOWN;
use crate::text::is_plain;

/// Who the council is and whom to write to: one record, the county's own, which fills the places in a
/// privacy notice. The county changes it without a new version of any text.
#[derive(Clone, PartialEq, Record)]
#[record(state, about = About::Nobody)]
pub struct CountyDetails {
    /// Its identifier ([`crate::id::derive_county_details_id`]).
    pub id: CountyDetailsId,
    /// The council's name.
    #[field(told)]
    pub council: String,
    /// The service's name.
    #[field(told)]
    pub service: String,
    /// Where the Data Protection Officer is reached: lines.
    #[field(told, notice = &["DPO"])]
    pub data_protection_officer: String,
    /// Where the Information Commissioner's Office is reached: lines.
    #[field(told, notice = &["ICO"])]
    pub regulator: String,
    /// Where the council's privacy statement is found.
    #[field(told)]
    pub privacy_statement: String,
    /// Within how many working days a publication is taken down once somebody in the picture no longer permits it;
    /// [`DAYS_TO_TAKE_DOWN`] where the county does not say.
    #[field(told)]
    pub days_to_take_down: Option<u32>,
}

/// The places in a text that [`CountyDetails`] fills, as they stand between braces.
pub const PLACES: &[&str] = &[
    "council",
    "service",
    "data_protection_officer",
    "regulator",
    "privacy_statement",
];

impl CountyDetails {
    /// A text with its places filled.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for (place, value) in [
            ("{council}", &self.council),
            ("{service}", &self.service),
            ("{data_protection_officer}", &self.data_protection_officer),
            ("{regulator}", &self.regulator),
            ("{privacy_statement}", &self.privacy_statement),
        ] {
            filled = filled.replace(place, value);
        }
        filled
    }

    /// Within how many working days a publication is taken down.
    pub fn days_to_take_down(&self) -> u32 {
        self.days_to_take_down.unwrap_or(DAYS_TO_TAKE_DOWN)
    }

    /// Whether the days to take a publication down are so few that the promise means something, and at least one.
    pub fn days_fit(&self) -> bool {
        self.days_to_take_down
            .is_none_or(|days| (1..=MOST_DAYS_TO_TAKE_DOWN).contains(&days))
    }

    /// Whether each detail says something, in lines of plain text, and leaves no place open.
    pub fn is_plain(&self) -> bool {
        [
            &self.council,
            &self.service,
            &self.data_protection_officer,
            &self.regulator,
            &self.privacy_statement,
        ]
        .into_iter()
        .all(|detail| {
            is_plain(detail) && detail.chars().count() <= MAX_DETAIL && !detail.contains(['{', '}'])
        })
    }
}

/// As many working days as a county may give itself: about a month, which the right to erasure gives at the longest
/// (UK GDPR article 12(3)).
const MOST_DAYS_TO_TAKE_DOWN: u32 = 20;

/// The most letters of one detail.
const MAX_DETAIL: usize = 500;

/// The telephone number of the duty desk for safeguarding: one of Ofcom's numbers for drama
/// (<https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama>), answered by
/// nobody. To become a detail that the county server sends, as the names below.
pub const SAFEGUARDING_PHONE: &str = "0115 496 0123";

/// The social media of the service: the channel's slug, and how it calls itself.
pub const SOCIAL_MEDIA: &[(&str, &str)] = &[("facebook", "Facebook"), ("instagram", "Instagram")];

/// The partners that may show pictures: the channel's slug, and how they call themselves.
pub const PARTNERS: &[(&str, &str)] = &[("toy-library", "the Toy Library")];

/// How the owner of a named channel calls itself.
pub fn channel_name(slug: &str) -> Option<&'static str> {
    SOCIAL_MEDIA
        .iter()
        .chain(PARTNERS)
        .find(|(known, _)| *known == slug)
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Slug;
    use crate::id::derive_county_details_id;

    #[test]
    fn every_name_is_a_channel_s() {
        for (slug, name) in SOCIAL_MEDIA.iter().chain(PARTNERS) {
            assert!(slug.parse::<Slug>().is_ok(), "{slug}");
            assert_eq!(channel_name(slug), Some(*name));
        }
    }

    #[test]
    fn a_county_gives_itself_days_and_not_for_ever() {
        let details = |days_to_take_down| CountyDetails {
            id: derive_county_details_id(),
            council: "Testshire".into(),
            service: "Early Help".into(),
            data_protection_officer: "dpo@example.org".into(),
            regulator: "regulator.example.org".into(),
            privacy_statement: "example.org/privacy".into(),
            days_to_take_down,
        };
        for fits in [None, Some(1), Some(20)] {
            assert!(details(fits).days_fit());
        }
        for odd in [Some(0), Some(21)] {
            assert!(!details(odd).days_fit());
        }
        assert_eq!(details(None).days_to_take_down(), 5);
        assert_eq!(details(Some(2)).days_to_take_down(), 2);
    }

    #[test]
    fn every_place_is_filled_and_nothing_else() {
        let details = CountyDetails {
            id: derive_county_details_id(),
            council: "Testshire".into(),
            service: "Early Help".into(),
            data_protection_officer: "dpo@example.org".into(),
            regulator: "regulator.example.org".into(),
            privacy_statement: "example.org/privacy".into(),
            days_to_take_down: None,
        };
        assert!(details.is_plain());
        let all: String = PLACES.iter().map(|place| format!("{{{place}}}")).collect();
        assert_eq!(
            details.fill(&all),
            "TestshireEarly Helpdpo@example.orgregulator.example.orgexample.org/privacy"
        );
        assert_eq!(details.fill("{other}"), "{other}");
        for odd in ["", " ", "{council}", "a\u{202e}b"] {
            let council = odd.to_owned();
            let details = CountyDetails {
                council,
                ..details.clone()
            };
            assert!(!details.is_plain(), "{odd:?}");
        }
    }
}
