//! What may be a password.
//!
//! Twelve characters or more, not among the common ones, no rule on what it is made of
//! (NIST SP 800-63B, section 5.1.1; NCSC's password guidance).

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// The fewest characters of a password.
pub const FEWEST: usize = 12;
/// The most; enough for any sentence, and a bound on the work.
pub const MOST: usize = 256;
/// What must be left beside names, common words and runs: four letters, or eight digits.
const LEAST_WEIGHT: usize = 8;
/// Shorter runs occur in ordinary words.
const SHORTEST_RUN: usize = 4;

/// Common passwords of twelve characters or more, one a line, in lower case.
const COMMON: &str = include_str!("common_passwords.txt");
/// Words that passwords are built around, one a line; a longer word stands before one that it contains.
const WORDS: &str = include_str!("common_words.txt");
/// Rows of keys and of signs, along which and against which fingers run.
const RUNS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop[]",
    "asdfghjkl;'#",
    "zxcvbnm,./",
    "qazwsxedcrfvtgbyhnujmik,ol.p;/",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "!\"£$%^&*()_+",
    "!@#$%^&*()_+",
    "aqwzsxedcrfvtgbyhnuj",
];

/// A password as prepared for deriving a key. Wiped when dropped, never shown.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// Why a password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than [`FEWEST`] characters.
    #[error("too short")]
    TooShort,
    /// More than [`MOST`] characters.
    #[error("too long")]
    TooLong,
    /// Among the common ones, a run of keys, a repetition, or hardly more than those.
    #[error("too common")]
    Common,
    /// Hardly more than the user's own name.
    #[error("contains the user's name")]
    OwnName,
}

impl Password {
    /// Prepares what was typed: composed (NFC), every kind of space an ordinary one (RFC 8265,
    /// OpaqueString, the successor of SASLprep), so that the same password typed on another
    /// keyboard gives the same bytes. Nothing is trimmed.
    #[must_use]
    pub fn prepare(typed: &str) -> Self {
        let spaced = typed
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c });
        // Long enough not to grow, which would leave copies behind: composing never adds more
        // than two thirds to the length in UTF-8.
        let mut text = Zeroizing::new(String::with_capacity(typed.len() * 3));
        text.extend(spaced.nfc());
        Self(text)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Checks a password that someone has chosen. `names` are their own.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(&self, names: &[&str]) -> Result<(), PasswordFault> {
        match self.0.chars().count() {
            0..FEWEST => return Err(PasswordFault::TooShort),
            FEWEST..=MOST => {}
            _ => return Err(PasswordFault::TooLong),
        }
        let lower = Zeroizing::new(self.0.to_lowercase());
        let plain = Zeroizing::new(lower.chars().map(unmask).collect::<String>());
        if COMMON
            .lines()
            .any(|common| common == lower.as_str() || common == plain.as_str())
            || is_repetition(&lower)
        {
            return Err(PasswordFault::Common);
        }
        let own: Vec<String> = names
            .iter()
            .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
            .filter(|part| part.chars().count() >= 3)
            .map(|part| part.nfc().collect::<String>().to_lowercase())
            .collect();
        let without_names = own
            .iter()
            .fold(Zeroizing::new(lower.to_string()), |text, name| {
                Zeroizing::new(text.replace(name.as_str(), " "))
            });
        if *without_names != *lower && is_little(&without_names) {
            return Err(PasswordFault::OwnName);
        }
        if is_little(&lower) || is_little(&plain) {
            return Err(PasswordFault::Common);
        }
        Ok(())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Signs that commonly stand for letters.
fn unmask(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Whether the text is one short unit again and again, the last time perhaps cut short.
fn is_repetition(text: &str) -> bool {
    let letters = Zeroizing::new(text.chars().collect::<Vec<_>>());
    (1..=letters.len() / 2).any(|unit| {
        let later = letters.iter().skip(unit);
        letters.iter().zip(later).all(|(a, b)| a == b)
    })
}

/// Whether hardly anything is left once common words, years, runs of keys and repeated
/// characters are taken away. A letter counts two, a digit or sign one.
fn is_little(text: &str) -> bool {
    let mut rest = Zeroizing::new(text.to_owned());
    for word in WORDS.lines() {
        // A space in its place, so that what stands around a word does not become a run.
        rest = Zeroizing::new(rest.replace(word, " "));
    }
    let letters = Zeroizing::new(rest.chars().collect::<Vec<_>>());
    let mut weight = 0;
    let mut at = 0;
    while let Some(here) = letters.get(at..).filter(|here| !here.is_empty()) {
        let run = run_length(here);
        if run >= SHORTEST_RUN {
            at += run;
            continue;
        }
        weight += match here.first() {
            Some(' ') | None => 0,
            Some(c) if c.is_alphabetic() => 2,
            Some(_) => 1,
        };
        at += 1;
    }
    weight < LEAST_WEIGHT
}

/// How many characters from the start lie along a row of keys, in either direction, or are equal.
fn run_length(letters: &[char]) -> usize {
    let Some(&first) = letters.first() else {
        return 0;
    };
    let equal = letters.iter().take_while(|c| **c == first).count();
    let along = |row: &[char]| {
        (0..row.len())
            .filter_map(|start| row.get(start..))
            .map(|from| from.iter().zip(letters).take_while(|(a, b)| a == b).count())
            .max()
            .unwrap_or(0)
    };
    RUNS.iter()
        .map(|row| {
            let forth: Vec<char> = row.chars().collect();
            let back: Vec<char> = row.chars().rev().collect();
            along(&forth).max(along(&back))
        })
        .max()
        .unwrap_or(0)
        .max(equal)
}
