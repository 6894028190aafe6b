//! Enrolment codes: 20 characters of Crockford's base32, 100 bits.

use std::fmt;

use zeroize::Zeroize;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many characters a code has.
const CHARACTERS: usize = 20;

/// A code in its one spelling. The first four characters (20 bits) only tell codes apart, so that
/// wrong tries can be counted by code; the other sixteen (80 bits) are what has to be known.
#[derive(PartialEq, Eq)]
pub struct Code([u8; CHARACTERS]);

impl Code {
    /// A new code from random bytes.
    #[must_use]
    pub fn make(random: [u8; CHARACTERS]) -> Self {
        // 256 is a multiple of 32, so each character is equally likely.
        Self(random.map(|byte| {
            ALPHABET
                .get(usize::from(byte & 31))
                .copied()
                .unwrap_or(b'0')
        }))
    }

    /// As typed: any case, spaces and hyphens anywhere, O for 0, I and L for 1.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let mut characters = [0; CHARACTERS];
        let mut places = characters.iter_mut();
        for letter in text.bytes().filter(|b| !b" -".contains(b)) {
            let letter = match letter.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            };
            if !ALPHABET.contains(&letter) {
                return None;
            }
            *places.next()? = letter;
        }
        places.next().is_none().then_some(Self(characters))
    }

    pub(crate) const fn bytes(&self) -> &[u8; CHARACTERS] {
        &self.0
    }

    pub(crate) fn selector(&self) -> [u8; 4] {
        self.0.first_chunk().copied().unwrap_or_default()
    }
}

/// In groups of four, as it is handed over.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, letter) in self.0.iter().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*letter))?;
        }
        Ok(())
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        let code = Code::make([
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 31,
        ]);
        let text = code.to_string();
        assert_eq!(text, "0123-4567-89AB-CDEF-GHJZ");
        for typed in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', " "),
            text.replace('-', "").replace('0', "o").replace('1', "l"),
        ] {
            assert!(
                Code::typed(&typed)
                    == Some(Code::make([
                        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 31,
                    ]))
            );
        }
        for bad in [
            "",
            "0123",
            &format!("{text}0"),
            "U123-4567-89AB-CDEF-GHJZ",
            "é123-4567-89AB-CDEF-GHJZ",
        ] {
            assert!(Code::typed(bad).is_none(), "{bad}");
        }
    }
}
