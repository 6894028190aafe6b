//! Where something may be used: the channels of consent.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::catalogue::{ColumnType, FieldValue};

/// The text names no channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a channel")]
pub struct MalformedChannel;

/// The name of a social medium or a partner: 1 to 40 lower-case letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(String);

impl Slug {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = MalformedChannel;
    fn from_str(text: &str) -> Result<Self, MalformedChannel> {
        let fits =
            |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
        if (1..=40).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedChannel)
        }
    }
}

/// One place of use that a decision grants or refuses by itself (`consent.md`).
///
/// Text forms: `centre_display`, `council_website`, `social_media:facebook`, `print`, `press`,
/// `partner:<slug>`; for a picture in the child's own record `own_record`; for news and contact
/// `email`, `text`, `post`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ts_rs::TS)]
#[ts(type = "string")]
pub enum Channel {
    /// On the walls and screens of a centre.
    CentreDisplay,
    /// The council's website.
    CouncilWebsite,
    /// One social medium, by name.
    SocialMedia(Slug),
    /// Leaflets and posters.
    Print,
    /// Newspapers, radio, television.
    Press,
    /// One partner, by name.
    Partner(Slug),
    /// The child's own development record.
    OwnRecord,
    /// By e-mail.
    Email,
    /// By text message.
    Text,
    /// By post.
    Post,
}

impl Channel {
    /// The key of its plain name in the window's language files; a name goes in as `$name`.
    pub const fn label_key(&self) -> &'static str {
        match self {
            Self::CentreDisplay => "channel-centre-display",
            Self::CouncilWebsite => "channel-council-website",
            Self::SocialMedia(_) => "channel-social-media",
            Self::Print => "channel-print",
            Self::Press => "channel-press",
            Self::Partner(_) => "channel-partner",
            Self::OwnRecord => "channel-own-record",
            Self::Email => "channel-email",
            Self::Text => "channel-text",
            Self::Post => "channel-post",
        }
    }

    /// The name of the social medium or partner.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::SocialMedia(slug) | Self::Partner(slug) => Some(slug.as_str()),
            _ => None,
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CentreDisplay => f.write_str("centre_display"),
            Self::CouncilWebsite => f.write_str("council_website"),
            Self::SocialMedia(slug) => write!(f, "social_media:{}", slug.as_str()),
            Self::Print => f.write_str("print"),
            Self::Press => f.write_str("press"),
            Self::Partner(slug) => write!(f, "partner:{}", slug.as_str()),
            Self::OwnRecord => f.write_str("own_record"),
            Self::Email => f.write_str("email"),
            Self::Text => f.write_str("text"),
            Self::Post => f.write_str("post"),
        }
    }
}

impl FromStr for Channel {
    type Err = MalformedChannel;
    fn from_str(text: &str) -> Result<Self, MalformedChannel> {
        match text {
            "centre_display" => Ok(Self::CentreDisplay),
            "council_website" => Ok(Self::CouncilWebsite),
            "print" => Ok(Self::Print),
            "press" => Ok(Self::Press),
            "own_record" => Ok(Self::OwnRecord),
            "email" => Ok(Self::Email),
            "text" => Ok(Self::Text),
            "post" => Ok(Self::Post),
            named => match named.split_once(':') {
                Some(("social_media", slug)) => slug.parse().map(Self::SocialMedia),
                Some(("partner", slug)) => slug.parse().map(Self::Partner),
                _ => Err(MalformedChannel),
            },
        }
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

impl FieldValue for Channel {
    const COLUMN: ColumnType = ColumnType::Text;
    fn to_json(&self) -> serde_json::Value {
        serde_json::Value::from(self.to_string())
    }
    fn from_json(value: &serde_json::Value) -> Option<Self> {
        value.as_str()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_read_back() {
        for text in [
            "centre_display",
            "council_website",
            "social_media:facebook",
            "print",
            "press",
            "partner:toy-library",
            "own_record",
            "email",
            "text",
            "post",
        ] {
            assert_eq!(text.parse::<Channel>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "print:x",
            "social_media",
            "social_media:",
            "partner:Toy Library",
            "PRESS",
            "partner:a:b",
        ] {
            assert_eq!(
                text.parse::<Channel>(),
                Err(MalformedChannel),
                "{text} is no channel"
            );
        }
    }
}
