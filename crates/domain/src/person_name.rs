//! Names of people, as typed.

use core::fmt;
use core::str::FromStr;

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    /// Nothing there.
    #[error("a name has at least one letter")]
    Empty,
    /// More than 100 letters.
    #[error("a name has at most 100 letters")]
    TooLong,
    /// Control characters, or invisible ones that turn text around.
    #[error("a name has no control characters")]
    ControlCharacter,
}

/// A name: trimmed, inner spaces single, one to 100 characters. Any script, one letter, digits and
/// signs are all fine: people's names are what they say.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonName(String);

impl PersonName {
    /// The most letters a name may have.
    pub const MAX_LETTERS: usize = 100;

    /// Reads a name as typed.
    pub fn parse(typed: &str) -> Result<Self, NameProblem> {
        // Tabs and line ends count as spaces: pasted names have them.
        let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        if name
            .chars()
            .any(|letter| letter.is_control() || turns_text(letter))
        {
            return Err(NameProblem::ControlCharacter);
        }
        match name.chars().count() {
            0 => Err(NameProblem::Empty),
            1..=Self::MAX_LETTERS => Ok(Self(name)),
            _ => Err(NameProblem::TooLong),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Marks that embed, override or isolate a direction (Unicode UAX #9) or show nothing at all. They
/// make two names look the same, or one name look like another. The joiners of Arabic and Indic
/// scripts (U+200C, U+200D) are part of names.
fn turns_text(letter: char) -> bool {
    matches!(letter, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName")
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PersonName {
    type Err = NameProblem;
    fn from_str(text: &str) -> Result<Self, NameProblem> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_people_say() {
        for (typed, name) in [
            ("  Zofia ", "Zofia"),
            ("Mary \t Ann", "Mary Ann"),
            ("O'Brien", "O'Brien"),
            ("U", "U"),
            ("李", "李"),
            ("نور", "نور"),
            ("Anne-Marie 3rd", "Anne-Marie 3rd"),
        ] {
            assert_eq!(PersonName::parse(typed).unwrap().as_str(), name);
        }
    }

    #[test]
    fn what_is_no_name_says_why() {
        assert_eq!(PersonName::parse("  \n "), Err(NameProblem::Empty));
        assert_eq!(
            PersonName::parse("Zo\u{0}fia"),
            Err(NameProblem::ControlCharacter)
        );
        assert_eq!(
            PersonName::parse("\u{202E}aifoZ"),
            Err(NameProblem::ControlCharacter),
            "text turned around"
        );
        assert_eq!(
            PersonName::parse(&"é".repeat(100)).map(|_| ()),
            Ok(()),
            "letters count, not bytes"
        );
        assert_eq!(
            PersonName::parse(&"é".repeat(101)),
            Err(NameProblem::TooLong)
        );
    }
}
