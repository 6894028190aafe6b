//! Telephone numbers.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a text is no telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneProblem {
    /// Something other than digits, spaces and the usual signs.
    #[error("a telephone number has digits only")]
    NotDigits,
    /// Too few digits.
    #[error("too short for a telephone number")]
    TooShort,
    /// Too many digits.
    #[error("too long for a telephone number")]
    TooLong,
    /// Begins with neither 0 nor a country's code.
    #[error("a telephone number begins with 0 or a country code")]
    NoPrefix,
    /// No numbers begin like this in the United Kingdom (Ofcom's National Telephone Numbering Plan).
    #[error("no numbers begin like this")]
    UnknownRange,
}

/// A telephone number. Text form: digits only, `07700900123` for a UK number, `+33612345678` for
/// another country's.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, ts_rs::TS)]
#[ts(type = "string")]
pub struct PhoneNumber(String);

/// Ranges that Ofcom keeps for drama; nobody answers them. A warning, never a refusal: demonstrations
/// and training use them. (Ofcom, "Telephone numbers for drama use".)
const DRAMA: &[&str] = &[
    "01134960", "01144960", "01154960", "01164960", "01174960", "01184960", "01214960", "01314960",
    "01414960", "01514960", "01614960", "02079460", "01914980", "02896496", "02920180", "01632960",
    "07700900", "08081570", "09098790", "03069990",
];

impl PhoneNumber {
    /// Reads a number typed with any spacing: `07700 900 123`, `(01632) 960-001`, `+44 7700 900123`,
    /// `0044…`, `+44 (0)…`, `+33 …`, `0033…`.
    pub fn parse(typed: &str) -> Result<Self, PhoneProblem> {
        let mut digits = String::new();
        let mut plus = false;
        for letter in typed.trim().chars() {
            match letter {
                '0'..='9' => digits.push(letter),
                '+' if digits.is_empty() && !plus => plus = true,
                '-' | '.' | '/' | '(' | ')' | '\u{2010}'..='\u{2013}' => {}
                space if space.is_whitespace() => {}
                _ => return Err(PhoneProblem::NotDigits),
            }
        }
        let international = if plus {
            Some(digits.as_str())
        } else {
            digits.strip_prefix("00")
        };
        match international {
            Some(full) => match full.strip_prefix("44") {
                // People write +44 (0)7700 …: the 0 belongs to calls within the country.
                Some(rest) => Self::national(&format!("0{}", rest.trim_start_matches('0'))),
                None => Self::foreign(full),
            },
            None => Self::national(&digits),
        }
    }

    /// UK: 0 and nine or ten more (all of 01 to 09 but 04 and 06 are in use).
    fn national(digits: &str) -> Result<Self, PhoneProblem> {
        if !digits.is_empty() && !digits.starts_with('0') {
            return Err(PhoneProblem::NoPrefix);
        }
        match digits.len() {
            0..10 => Err(PhoneProblem::TooShort),
            12.. => Err(PhoneProblem::TooLong),
            // Ten digits in all: some 01 numbers and old 0800 ones only.
            10 if !(digits.starts_with("01")
                || digits.starts_with("0800")
                || digits.starts_with("0845")) =>
            {
                Err(PhoneProblem::TooShort)
            }
            _ if matches!(digits.as_bytes(), [_, b'0' | b'4' | b'6', ..]) => {
                Err(PhoneProblem::UnknownRange)
            }
            _ => Ok(Self(digits.to_owned())),
        }
    }

    /// Another country's: 7 to 15 digits with its code (ITU-T E.164).
    fn foreign(digits: &str) -> Result<Self, PhoneProblem> {
        match digits.len() {
            0..7 => Err(PhoneProblem::TooShort),
            16.. => Err(PhoneProblem::TooLong),
            _ if digits.starts_with('0') => Err(PhoneProblem::NoPrefix),
            _ => Ok(Self(format!("+{digits}"))),
        }
    }

    /// The normalised number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One of the numbers kept for drama: nobody answers it. Worth a warning.
    pub fn is_drama(&self) -> bool {
        DRAMA.iter().any(|range| self.0.starts_with(range))
    }

    /// Can it take a text message? UK mobiles begin with 07, pagers and personal numbers (070, 076) apart.
    pub fn is_uk_mobile(&self) -> bool {
        self.0.len() == 11
            && self.0.starts_with("07")
            && !self.0.starts_with("070")
            && !self.0.starts_with("076")
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber")
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneProblem;
    fn from_str(text: &str) -> Result<Self, PhoneProblem> {
        Self::parse(text)
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_spelling_of_one_number_is_one_number() {
        for typed in [
            "07700900123",
            "07700 900 123",
            "07700-900-123",
            "+447700900123",
            "+44 (0)7700 900123",
            "0044 7700 900123",
            "(07700) 900123",
            " 07700.900123 ",
        ] {
            let number = PhoneNumber::parse(typed).unwrap();
            assert_eq!(number.as_str(), "07700900123", "{typed}");
            assert!(number.is_drama(), "a number for drama warns, and passes");
            assert!(number.is_uk_mobile());
        }
    }

    #[test]
    fn other_countries_pass() {
        assert_eq!(
            PhoneNumber::parse("+48 601 234 567").unwrap().as_str(),
            "+48601234567"
        );
        assert_eq!(
            PhoneNumber::parse("0048601234567").unwrap().as_str(),
            "+48601234567"
        );
        assert!(!PhoneNumber::parse("+48601234567").unwrap().is_drama());
    }

    #[test]
    fn landlines_pass_also_short_ones() {
        assert_eq!(
            PhoneNumber::parse("0115 496 0123").unwrap().as_str(),
            "01154960123"
        );
        assert_eq!(
            PhoneNumber::parse("016977 2001").unwrap().as_str(),
            "0169772001",
            "ten digits in Brampton"
        );
    }

    #[test]
    fn wrong_numbers_say_why() {
        for (typed, problem) in [
            ("", PhoneProblem::TooShort),
            ("0770090012", PhoneProblem::TooShort),
            ("077009001234", PhoneProblem::TooLong),
            ("7700900123", PhoneProblem::NoPrefix),
            ("07700 90O123", PhoneProblem::NotDigits),
            ("04700900123", PhoneProblem::UnknownRange),
            ("+0123456789", PhoneProblem::NoPrefix),
            ("+33 12", PhoneProblem::TooShort),
            ("+1234567890123456", PhoneProblem::TooLong),
            ("07700+900123", PhoneProblem::NotDigits),
        ] {
            assert_eq!(PhoneNumber::parse(typed), Err(problem), "{typed}");
        }
    }
}
