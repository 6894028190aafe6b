//! Quotes: what somebody said, in words that they let us use.
//!
//! Words are kept as a picture is: as the content of a [`Photo`](crate::photo::Photo), which rests on the decision of whoever
//! said them. So whatever removes a picture removes words too, everywhere and by the same rule.

use serde::{Deserialize, Serialize};

/// The media type of words as they are stored.
pub const MEDIA_TYPE: &str = "application/vnd.porch.quote+json";
/// The most characters that are kept of what somebody said.
pub const LONGEST: usize = 2_000;
/// The longest name of a language, in characters.
pub const LONGEST_LANGUAGE: usize = 60;
/// The largest content that is a quote, in bytes.
pub const MOST_BYTES: u32 = 16 * 1024;

/// The bytes are no quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a quote")]
pub struct MalformedQuote;

/// What somebody said.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The words, as they may be used.
    pub words: String,
    /// The language in which they were said, as whoever wrote them down calls it, where these are a translation.
    pub translated_from: Option<String>,
    /// Random. The record of a quote keeps the digest of its content when the words are gone; few words could be guessed from a
    /// digest of theirs alone.
    pub salt: String,
}

impl Quote {
    /// Words with 16 random bytes.
    #[must_use]
    pub fn new(words: String, translated_from: Option<String>, salt: [u8; 16]) -> Self {
        Self {
            words,
            translated_from,
            salt: salt.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// As it is stored.
    ///
    /// # Errors
    /// [`MalformedQuote`] when there are no words, or too many.
    pub fn to_bytes(&self) -> Result<Vec<u8>, MalformedQuote> {
        self.check()?;
        serde_json::to_vec(self).map_err(|_| MalformedQuote)
    }

    /// From what was stored.
    ///
    /// # Errors
    /// [`MalformedQuote`] when it is anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MalformedQuote> {
        let quote: Self = serde_json::from_slice(bytes).map_err(|_| MalformedQuote)?;
        quote.check()?;
        Ok(quote)
    }

    fn check(&self) -> Result<(), MalformedQuote> {
        let language = self.translated_from.as_deref().unwrap_or_default();
        let fits = !self.words.trim().is_empty()
            && language.chars().count() <= LONGEST_LANGUAGE
            && self.words.chars().count() <= LONGEST
            && self.salt.len() == 32;
        fits.then_some(()).ok_or(MalformedQuote)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quote(words: &str) -> Quote {
        Quote::new(words.to_owned(), Some("Polish".to_owned()), [7; 16])
    }

    #[test]
    fn what_is_stored_is_read_again() {
        let said = quote("Zofia loves the \"red\" slide.\nSo do I.");
        let bytes = said.to_bytes().unwrap();
        assert!(Quote::from_bytes(&bytes) == Ok(said));
        let longest = quote(&"ż".repeat(LONGEST)).to_bytes().unwrap();
        assert!(longest.len() <= MOST_BYTES as usize);
        let escaped = quote(&"\u{1}".repeat(LONGEST)).to_bytes().unwrap();
        assert!(escaped.len() <= MOST_BYTES as usize);
    }

    #[test]
    fn the_same_words_have_another_digest_each_time() {
        let other = Quote::new("Lovely.".to_owned(), None, [8; 16]);
        let one = Quote {
            salt: quote("").salt,
            ..other.clone()
        };
        assert_ne!(one.to_bytes(), other.to_bytes());
    }

    #[test]
    fn what_is_no_quote_is_refused() {
        for words in ["", "  \n", &"a".repeat(LONGEST + 1)] {
            assert_eq!(quote(words).to_bytes(), Err(MalformedQuote));
        }
        for bytes in [
            &b""[..],
            b"Lovely.",
            b"{}",
            br#"{"words":"Lovely."}"#,
            br#"{"words":"Lovely.","translated_from":null,"salt":"00"}"#,
            &[0xff, 0xd8, 0xff, 0xe0],
        ] {
            assert!(Quote::from_bytes(bytes) == Err(MalformedQuote));
        }
    }
}
