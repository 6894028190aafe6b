//! Whether a text can be loaded and shown, and which way it is written.

use crate::decision::Purpose;
use crate::notice::NoticeForm;
use crate::text::Direction;

/// Why a text cannot be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// The name is not 1 to 40 lower-case letters, digits and underscores.
    #[error("the name is malformed")]
    Name,
    /// A version counts from 1.
    #[error("the version is 0")]
    Version,
    /// The language is no BCP 47 tag of the plain kind.
    #[error("the language is malformed")]
    Language,
    /// A part is empty, or holds what is not plain text.
    #[error("a part is empty or not plain text")]
    Part,
    /// It is longer than anybody reads.
    #[error("it is too long")]
    TooLong,
    /// A place between braces that nothing fills, or none where one must be.
    #[error("a place between braces is unknown or missing")]
    Place,
    /// The channels are not those of the purpose, each once.
    #[error("the channels are not those of the purpose")]
    Channels,
    /// The attributions are not all three for a quote, or there are some for something else.
    #[error("the attributions do not fit the purpose")]
    Attributions,
    /// How to change one's mind is none of the paragraphs.
    #[error("it does not say how to change one's mind")]
    HowToChange,
    /// It is good for no month, or for more than ten years.
    #[error("the months are not between 1 and 120")]
    Months,
    /// The name is one of those that the program's own texts have.
    #[error("the name is kept for the program's own texts")]
    Reserved,
    /// The id is not the one that follows from name, version and language, or from the text.
    #[error("the id does not follow from the text")]
    Id,
    /// It is not said who approved it and what for, or who took it back and when.
    #[error("it is not said who approved it and what for, or who took it back and when")]
    Approval,
    /// A notice has headings with something below each.
    #[error("a heading has nothing below it")]
    Sections,
}

/// Checks what wordings and notices have in common: who they are and that their parts are plain text.
pub(crate) fn check_common(
    name: &str,
    version: u32,
    language: &str,
    parts: &[&str],
    most: usize,
) -> Result<(), TextProblem> {
    let named = (1..=40).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !named {
        return Err(TextProblem::Name);
    }
    if version == 0 {
        return Err(TextProblem::Version);
    }
    if !is_language(language) {
        return Err(TextProblem::Language);
    }
    if !parts
        .iter()
        .all(|part| is_plain(part) && part.trim() == *part && !part.contains("\n\n"))
    {
        return Err(TextProblem::Part);
    }
    if parts.iter().map(|part| part.len()).sum::<usize>() > most {
        return Err(TextProblem::TooLong);
    }
    Ok(())
}

/// Says something, without control characters and without marks that turn the direction of what
/// stands around them. Lines may end.
pub(crate) fn is_plain(text: &str) -> bool {
    !text.trim().is_empty()
        && !text.chars().any(|letter| {
            (letter.is_control() && letter != '\n')
                || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
}

/// A language, and what may follow it: letters and digits in groups of two to eight.
fn is_language(tag: &str) -> bool {
    let mut groups = tag.split('-');
    tag.len() <= 35
        && groups.next().is_some_and(|language| {
            (2..=3).contains(&language.len())
                && language.bytes().all(|letter| letter.is_ascii_lowercase())
        })
        && groups.all(|group| {
            (2..=8).contains(&group.len())
                && group.bytes().all(|letter| letter.is_ascii_alphanumeric())
        })
}

/// Which way a language is written, by its script where the tag names one.
pub fn direction(language: &str) -> Direction {
    let mut groups = language.split('-');
    let first = groups.next().unwrap_or_default();
    let script = groups.find(|group| group.len() == 4);
    let rtl = match script {
        Some(script) => ["Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"].contains(&script),
        None => [
            "ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb", "prs",
        ]
        .contains(&first),
    };
    if rtl { Direction::Rtl } else { Direction::Ltr }
}

/// The places between braces in a text, in order; a brace that opens or closes nothing is a place
/// with an empty name.
pub(crate) fn places(text: &str) -> Vec<&str> {
    let mut places = Vec::new();
    for (at, part) in text.split('{').enumerate() {
        match (at, part.split_once('}')) {
            (0, None) => {}
            (0, Some(_)) | (_, None) => places.push(""),
            (_, Some((place, rest))) => {
                places.push(if rest.contains('}') { "" } else { place });
            }
        }
    }
    places
}

/// Whether a name is kept for the texts that the program brings, now or later.
pub(crate) fn is_reserved(name: &str) -> bool {
    name.parse::<Purpose>().is_ok() || name.parse::<NoticeForm>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_a_direction() {
        for (tag, way) in [
            ("en", Direction::Ltr),
            ("ur", Direction::Rtl),
            ("ar-EG", Direction::Rtl),
            ("pa", Direction::Ltr),
            ("pa-Arab", Direction::Rtl),
            ("uk", Direction::Ltr),
        ] {
            assert_eq!(direction(tag), way, "{tag}");
            assert!(is_language(tag), "{tag}");
        }
        for odd in ["", "e", "EN", "english", "en_GB", "en-", "ar:1"] {
            assert!(!is_language(odd), "{odd:?}");
        }
    }

    #[test]
    fn places_are_found_and_loose_braces_too() {
        assert_eq!(places("no place"), Vec::<&str>::new());
        assert_eq!(places("{a} and {b}"), ["a", "b"]);
        for loose in ["{a", "a}", "{a}}", "{{a}"] {
            assert!(places(loose).contains(&""), "{loose}");
        }
    }
}
