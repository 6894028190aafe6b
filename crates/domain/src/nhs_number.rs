//! NHS numbers.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::catalogue::{ColumnType, FieldValue};

/// Why a text is no NHS number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NhsNumberProblem {
    /// Something other than digits, spaces and hyphens.
    #[error("an NHS number has digits only")]
    NotDigits,
    /// Not ten digits.
    #[error("an NHS number has ten digits")]
    WrongLength,
    /// The check digit does not fit: a digit is wrong or two are swapped.
    #[error("the check digit does not fit")]
    CheckDigit,
}

/// A valid NHS number. Text form: ten digits.
///
/// The last digit checks the others (NHS Data Dictionary, NHS NUMBER): weights 10 to 2, the sum's
/// remainder by 11 taken from 11; 11 counts as 0, and 10 makes no valid number.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, ts_rs::TS)]
#[ts(type = "string")]
pub struct NhsNumber(String);

impl NhsNumber {
    /// Reads a number typed with any spacing or hyphens.
    pub fn parse(typed: &str) -> Result<Self, NhsNumberProblem> {
        let digits: String = typed
            .chars()
            .filter(|letter| !is_spacing(*letter))
            .collect();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NhsNumberProblem::NotDigits);
        }
        if digits.len() != 10 {
            return Err(NhsNumberProblem::WrongLength);
        }
        let (body, check) = digits.split_at(9);
        let sum: u32 = body
            .bytes()
            .zip((2..=10).rev())
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        let expected = (11 - sum % 11) % 11;
        match check.parse::<u32>() {
            Ok(given) if given == expected => Ok(Self(digits)),
            _ => Err(NhsNumberProblem::CheckDigit),
        }
    }

    /// The ten digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people write it: `943 476 5870`.
    pub fn spaced(&self) -> String {
        let mut out = String::new();
        for (place, digit) in self.0.chars().enumerate() {
            if place == 3 || place == 6 {
                out.push(' ');
            }
            out.push(digit);
        }
        out
    }
}

fn is_spacing(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '-' | '\u{2010}'..='\u{2013}')
}

impl fmt::Debug for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NhsNumber")
    }
}

impl fmt::Display for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for NhsNumber {
    type Err = NhsNumberProblem;
    fn from_str(text: &str) -> Result<Self, NhsNumberProblem> {
        Self::parse(text)
    }
}

impl Serialize for NhsNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for NhsNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl FieldValue for NhsNumber {
    const COLUMN: ColumnType = ColumnType::Text;
    fn to_json(&self) -> serde_json::Value {
        serde_json::Value::from(self.0.as_str())
    }
    fn from_json(value: &serde_json::Value) -> Option<Self> {
        let text = value.as_str()?;
        Self::parse(text).ok().filter(|number| number.0 == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_spacing_is_fine() {
        for typed in [
            "9434765870",
            "943 476 5870",
            " 943-476-5870 ",
            "94 34 76 58 70",
        ] {
            assert_eq!(
                NhsNumber::parse(typed).unwrap().as_str(),
                "9434765870",
                "{typed}"
            );
        }
        assert_eq!(
            NhsNumber::parse("9434765870").unwrap().spaced(),
            "943 476 5870"
        );
    }

    #[test]
    fn wrong_numbers_say_why() {
        assert_eq!(
            NhsNumber::parse("9434765871"),
            Err(NhsNumberProblem::CheckDigit),
            "last digit wrong"
        );
        assert_eq!(
            NhsNumber::parse("9434756870"),
            Err(NhsNumberProblem::CheckDigit),
            "two digits swapped"
        );
        assert_eq!(
            NhsNumber::parse("943476587"),
            Err(NhsNumberProblem::WrongLength)
        );
        assert_eq!(
            NhsNumber::parse("943476587O"),
            Err(NhsNumberProblem::NotDigits),
            "a letter O"
        );
        assert_eq!(NhsNumber::parse(""), Err(NhsNumberProblem::WrongLength));
        // The sum of 000000006 leaves 1, so the check digit would be 10, which no number has.
        for check in 0..10 {
            assert!(
                NhsNumber::parse(&format!("000000006{check}")).is_err(),
                "10 is no check digit"
            );
        }
    }
}
