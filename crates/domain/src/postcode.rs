//! Postcodes.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::catalogue::{ColumnType, FieldValue};

/// The text is no postcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a postcode")]
pub struct NotAPostcode;

/// A well-formed UK postcode or NHS pseudo-postcode. Text form: `NG2 7QP`, capitals, one space.
///
/// Form after BS 7666 (area, district, sector, unit, with the letters it excludes) and GIR 0AA;
/// `ZZ99 …` stands for no fixed abode and other countries (NHS Organisation Data Service). Well
/// formed is not the same as in use.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, ts_rs::TS)]
#[ts(type = "string")]
pub struct Postcode(String);

impl Postcode {
    /// Reads a postcode typed with any spacing and case.
    pub fn parse(typed: &str) -> Result<Self, NotAPostcode> {
        let letters: Vec<u8> = typed
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .map(|letter| u8::try_from(letter.to_ascii_uppercase()).map_err(|_| NotAPostcode))
            .collect::<Result<_, _>>()?;
        let Some((outward, inward)) = letters.split_last_chunk::<3>() else {
            return Err(NotAPostcode);
        };
        let real =
            is_outward(outward) && is_inward(inward) || (outward, inward) == (b"GIR", b"0AA");
        if !(real || outward == b"ZZ99" && is_pseudo_inward(inward)) {
            return Err(NotAPostcode);
        }
        let text = [outward, b" ", inward].concat();
        String::from_utf8(text).map(Self).map_err(|_| NotAPostcode)
    }

    /// `NG2 7QP`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An NHS pseudo-postcode: no fixed abode, or an address in another country.
    pub fn is_pseudo(&self) -> bool {
        self.0.starts_with("ZZ99")
    }
}

/// A digit and two letters, none of C I K M O V.
fn is_inward(inward: &[u8; 3]) -> bool {
    let [sector, unit @ ..] = inward;
    sector.is_ascii_digit()
        && unit
            .iter()
            .all(|letter| letter.is_ascii_uppercase() && !b"CIKMOV".contains(letter))
}

/// Pseudo-postcodes use all letters: ZZ99 3VZ is no fixed abode.
fn is_pseudo_inward(inward: &[u8; 3]) -> bool {
    let [sector, unit @ ..] = inward;
    sector.is_ascii_digit() && unit.iter().all(u8::is_ascii_uppercase)
}

/// A9 A99 A9A AA9 AA99 AA9A; Q V X never first, I J Z never second.
fn is_outward(outward: &[u8]) -> bool {
    let first = |letter: &u8| letter.is_ascii_uppercase() && !b"QVX".contains(letter);
    let second = |letter: &u8| letter.is_ascii_uppercase() && !b"IJZ".contains(letter);
    match outward {
        [a, d] => first(a) && d.is_ascii_digit(),
        [a, b, d] if b.is_ascii_alphabetic() => first(a) && second(b) && d.is_ascii_digit(),
        [a, d, e] => {
            first(a) && d.is_ascii_digit() && (e.is_ascii_digit() || b"ABCDEFGHJKPSTUW".contains(e))
        }
        [a, b, d, e] => {
            first(a)
                && second(b)
                && d.is_ascii_digit()
                && (e.is_ascii_digit() || b"ABEHMNPRVWXY".contains(e))
        }
        _ => false,
    }
}

impl fmt::Debug for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postcode")
    }
}

impl fmt::Display for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Postcode {
    type Err = NotAPostcode;
    fn from_str(text: &str) -> Result<Self, NotAPostcode> {
        Self::parse(text)
    }
}

impl Serialize for Postcode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Postcode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl FieldValue for Postcode {
    const COLUMN: ColumnType = ColumnType::Text;
    fn to_json(&self) -> serde_json::Value {
        serde_json::Value::from(self.0.as_str())
    }
    fn from_json(value: &serde_json::Value) -> Option<Self> {
        let text = value.as_str()?;
        Self::parse(text).ok().filter(|postcode| postcode.0 == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_spacing_and_case_is_fine() {
        for (typed, normal) in [
            ("ng2 7qp", "NG2 7QP"),
            (" NG27QP ", "NG2 7QP"),
            ("N G 2 7 q p", "NG2 7QP"),
            ("m11ae", "M1 1AE"),
            ("EC1A1BB", "EC1A 1BB"),
            ("W1A 0AX", "W1A 0AX"),
            ("DN551PT", "DN55 1PT"),
            ("gir0aa", "GIR 0AA"),
            ("zz993vz", "ZZ99 3VZ"),
            ("ZZ99 3CZ", "ZZ99 3CZ"),
        ] {
            assert_eq!(
                Postcode::parse(typed).map(|p| p.to_string()).as_deref(),
                Ok(normal),
                "{typed}"
            );
        }
        assert!(
            Postcode::parse("ZZ99 3VZ").unwrap().is_pseudo(),
            "no fixed abode"
        );
        assert!(!Postcode::parse("NG2 7QP").unwrap().is_pseudo());
    }

    #[test]
    fn what_is_no_postcode_is_refused() {
        for typed in [
            "",
            "NG2",
            "NG2 7Q",
            "QG2 7QP",
            "NI2 7QP",
            "NG2 7CP",
            "NG2 77P",
            "ＮＧ２ 7QP",
            "ZZ1 1AA",
            "NG2 7QPX",
            "12345",
        ] {
            assert_eq!(
                Postcode::parse(typed),
                Err(NotAPostcode),
                "{typed} is refused"
            );
        }
    }
}
