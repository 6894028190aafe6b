//! The words of a receipt that are not the wording's or the notice's own, in each language that
//! consent may be asked in. Short words and sentences, as for a reading age of about nine.

use super::{arabic, english, polish, romanian, ukrainian, urdu};
use porch_domain::authority::{Evidence, Ground};
use porch_domain::consent::DecisionState;
use porch_domain::decision::{AtExpiry, Attribution, Help, Method, Purpose};

/// The words in one language. `{…}` stands for what is put in.
pub(crate) struct Words {
    /// A BCP 47 tag.
    pub(crate) language: &'static str,
    pub(crate) months: [&'static str; 12],
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) for_child: &'static str,
    pub(crate) for_self: &'static str,
    pub(crate) about: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) because: &'static str,
    pub(crate) good_until: &'static str,
    pub(crate) until_is: &'static str,
    pub(crate) no_end: &'static str,
    pub(crate) attribution: &'static str,
    pub(crate) in_place_of: &'static str,
    pub(crate) today: &'static str,
    pub(crate) today_is: &'static str,
    pub(crate) how_heading: &'static str,
    pub(crate) who: &'static str,
    pub(crate) erased: &'static str,
    pub(crate) when: &'static str,
    pub(crate) when_is: &'static str,
    pub(crate) how: &'static str,
    pub(crate) help: &'static str,
    pub(crate) taken_by: &'static str,
    pub(crate) witness: &'static str,
    pub(crate) centre: &'static str,
    pub(crate) device: &'static str,
    pub(crate) change_heading: &'static str,
    pub(crate) change: &'static str,
    pub(crate) shown_heading: &'static str,
    pub(crate) shown: &'static str,
    pub(crate) not_here: &'static str,
    pub(crate) wording: &'static str,
    pub(crate) notice: &'static str,
    pub(crate) version: &'static str,
    pub(crate) text_code: &'static str,
    pub(crate) check_heading: &'static str,
    pub(crate) check: &'static str,
    pub(crate) number: &'static str,
    pub(crate) code: &'static str,
    pub(crate) purpose: fn(Purpose) -> &'static str,
    pub(crate) ground: fn(Ground) -> &'static str,
    pub(crate) evidence: fn(Evidence) -> &'static str,
    pub(crate) method: fn(Method) -> &'static str,
    pub(crate) help_had: fn(Help) -> &'static str,
    pub(crate) at_expiry: fn(AtExpiry) -> &'static str,
    pub(crate) attribution_of: fn(Attribution) -> &'static str,
    pub(crate) state: fn(DecisionState) -> &'static str,
}

const ALL: [&Words; 6] = [
    &english::WORDS,
    &polish::WORDS,
    &romanian::WORDS,
    &urdu::WORDS,
    &arabic::WORDS,
    &ukrainian::WORDS,
];

/// The words to use for somebody who read in this language; English where there are none.
pub(crate) fn words(language: &str) -> &'static Words {
    ALL.into_iter()
        .find(|words| words.language == language)
        .unwrap_or(&english::WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_without_words_is_answered_in_english() {
        assert_eq!(words("ur").language, "ur");
        assert_eq!(words("cy").language, "en");
    }

    #[test]
    fn what_is_filled_in_has_its_place_in_every_language() {
        for words in ALL {
            for (text, names) in [
                (words.for_child, &["{name}"][..]),
                (words.today, &["{date}"]),
                (words.today_is, &["{places}"]),
                (words.when_is, &["{date}", "{time}"]),
                (words.until_is, &["{date}", "{then}"]),
                (words.version, &["{name}", "{version}", "{language}"]),
            ] {
                for name in names {
                    assert!(text.contains(name), "{}: {text}", words.language);
                }
                assert_eq!(text.matches('{').count(), names.len(), "{text}");
            }
        }
    }

    #[test]
    fn every_language_has_words_of_its_own() {
        let said = |words: &Words| {
            [
                words.title,
                words.check,
                (words.state)(DecisionState::Given),
            ]
        };
        for (at, one) in ALL.iter().enumerate() {
            for other in ALL.iter().skip(at + 1) {
                for (one, other) in said(one).iter().zip(said(other)) {
                    assert_ne!(*one, other);
                }
            }
        }
    }
}
