//! One-time codes: sixteen characters that a supervisor reads out.

use std::fmt;

use zeroize::Zeroizing;

use super::{KeyError, random};

/// Crockford's base 32: no I, L, O or U, so that it survives being read out and written down.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 16;
const GROUP: usize = 4;

/// The low five bits of each byte as a character: 256 is a multiple of 32, so random bytes give
/// uniform ones.
pub(super) fn written(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len()));
    for byte in bytes {
        if let Some(character) = ALPHABET.get(usize::from(byte & 31)) {
            text.push(char::from(*character));
        }
    }
    text
}

/// The `length` characters that were meant: any case, any grouping, with O for 0 and I or L for 1.
pub(super) fn read(typed: &str, length: usize) -> Option<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(length));
    for character in typed.chars() {
        let character = match character.to_ascii_uppercase() {
            '-' | '–' | ' ' | '\u{a0}' => continue,
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let known = u8::try_from(character).is_ok_and(|byte| ALPHABET.contains(&byte));
        if !known || text.len() == length {
            return None;
        }
        text.push(character);
    }
    (text.len() == length).then_some(text)
}

/// In groups of four, as a code is shown.
pub(super) fn grouped(code: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(code.len() + code.len() / GROUP));
    for (at, character) in code.chars().enumerate() {
        if at > 0 && at % GROUP == 0 {
            text.push('-');
        }
        text.push(character);
    }
    text
}

/// Four groups of four characters of Crockford's base 32: 80 random bits. Wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct OneTimeCode(Zeroizing<String>);

impl OneTimeCode {
    /// Makes a new one.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn make() -> Result<Self, KeyError> {
        Ok(Self(written(&*Zeroizing::new(random::<LENGTH>()?))))
    }

    /// Reads a code as typed: any case, any grouping, with O for 0 and I or L for 1.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        read(typed, LENGTH).map(Self)
    }

    /// The code in groups of four, as it is shown once.
    #[must_use]
    pub fn grouped(&self) -> Zeroizing<String> {
        grouped(&self.0)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}
