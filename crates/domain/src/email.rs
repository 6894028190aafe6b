//! E-mail addresses.

use core::fmt;
use core::str::FromStr;

/// The text is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct NotAnEmailAddress;

/// Something that looks like an e-mail address; only a message can tell whether it is one.
///
/// One `@` with something before it and a dotted name behind it, no spaces, at most 254 bytes
/// (RFC 5321). The part behind the `@` is kept in lower case.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address as typed.
    pub fn parse(typed: &str) -> Result<Self, NotAnEmailAddress> {
        let typed = typed.trim();
        let (local, host) = typed.rsplit_once('@').ok_or(NotAnEmailAddress)?;
        let strange = |letter: char| {
            letter.is_whitespace() || letter.is_control() || "@,;<>()\"".contains(letter)
        };
        let dotted =
            |text: &str| !text.starts_with('.') && !text.ends_with('.') && !text.contains("..");
        let fits = typed.len() <= 254
            && (1..=64).contains(&local.len())
            && !typed.replacen('@', "", 1).contains(strange)
            && dotted(local)
            && dotted(host)
            && host.contains('.');
        if fits {
            Ok(Self(format!("{local}@{}", host.to_lowercase())))
        } else {
            Err(NotAnEmailAddress)
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress")
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for EmailAddress {
    type Err = NotAnEmailAddress;
    fn from_str(text: &str) -> Result<Self, NotAnEmailAddress> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_pass_and_others_do_not() {
        assert_eq!(
            EmailAddress::parse(" Zofia.Testowa@Example.ORG ")
                .unwrap()
                .as_str(),
            "Zofia.Testowa@example.org",
            "trimmed; the host is the same in any case, the name before it need not be"
        );
        for typed in [
            "",
            "@",
            "a@",
            "@example.org",
            "a@example",
            "a b@example.org",
            "a@b@example.org",
            "a@.org",
            "a@example..org",
            "<a@example.org>",
        ] {
            assert_eq!(
                EmailAddress::parse(typed),
                Err(NotAnEmailAddress),
                "{typed}"
            );
        }
    }
}
