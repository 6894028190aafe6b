//! The words that people are shown when they are asked for consent: versioned, never changed once
//! shown. A decision keeps id, version, language and digest of exactly what was on the screen.

use crate::bytes::Digest;
use crate::channel::Channel;
use crate::decision::{AtExpiry, Purpose};

/// One wording in one language. Our own sentences, for a reading age of about nine.
#[derive(Debug, PartialEq, Eq)]
pub struct Wording {
    /// Its name: the purpose's word.
    pub id: &'static str,
    /// For what.
    pub purpose: Purpose,
    /// From 1 up; a change of any word is a new version.
    pub version: u32,
    /// A BCP 47 tag.
    pub language: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What is asked, why, and what one can do about it; paragraph by paragraph.
    pub paragraphs: &'static [&'static str],
    /// The paragraph among them that says how to change one's mind: said again at the end.
    pub how_to_change: &'static str,
    /// The question above the channels.
    pub question: &'static str,
    /// Each channel's line: its word (without a name), and how it reads; `{name}` stands for the
    /// name of the social medium or partner.
    pub channels: &'static [(&'static str, &'static str)],
    /// The sentence above the signature.
    pub declaration: &'static str,
    /// For how many months a Yes is good.
    pub valid_months: u32,
    /// What the end of that means, as the paragraphs say.
    pub at_expiry: AtExpiry,
}

impl Wording {
    /// The exact text, part after part with an empty line between them. What is hashed.
    pub fn text(&self) -> String {
        let mut parts = vec![self.title];
        parts.extend(self.paragraphs);
        parts.push(self.question);
        parts.extend(self.channels.iter().map(|(_, line)| *line));
        parts.push(self.declaration);
        parts.join("\n\n")
    }

    /// SHA-256 of the exact text in UTF-8.
    pub fn sha256(&self) -> Digest {
        Digest::of(self.text().as_bytes())
    }

    /// How a channel reads in this wording; `None` when it is not asked. `name` is how the social
    /// medium or partner calls itself.
    pub fn channel_line(&self, channel: &Channel, name: Option<&str>) -> Option<String> {
        let word = channel.to_string();
        let word = word.split(':').next().unwrap_or_default();
        let (_, line) = self.channels.iter().find(|(asked, _)| *asked == word)?;
        Some(line.replace("{name}", name.or(channel.name()).unwrap_or_default()))
    }
}

/// Every wording there ever was: what was shown once must stay readable. Newest last.
pub const WORDINGS: &[Wording] = &[PUBLICITY_PICTURE_1];

/// The wording to show now for a purpose in a language; `None` where the county has approved none.
pub fn current(purpose: Purpose, language: &str) -> Option<&'static Wording> {
    WORDINGS
        .iter()
        .rev()
        .find(|wording| wording.purpose == purpose && wording.language == language)
}

/// The wording that a decision names.
pub fn find(id: &str, version: u32, language: &str) -> Option<&'static Wording> {
    WORDINGS.iter().find(|wording| {
        wording.id == id && wording.version == version && wording.language == language
    })
}

const PICTURE_HOW_TO_CHANGE: &str = "You can change your mind on any day and need not say why. Tell us at any centre, or write to the Data Protection Officer. We then remove the picture from our tablets and computers.";

const PUBLICITY_PICTURE_1: Wording = Wording {
    id: "publicity_picture",
    purpose: Purpose::PublicityPicture,
    version: 1,
    language: "en",
    title: "May we use a picture?",
    paragraphs: &[
        "We like to show people what happens at our children's centres. To do that we use photos of the families who come.",
        "It is up to you. If you say no, nothing changes: you can still come to everything we offer.",
        "We keep no picture before you have said yes. We never put a child's name with a picture.",
        "Pictures on the internet can be copied by other people. If you change your mind we take ours down, but we cannot reach every copy.",
        PICTURE_HOW_TO_CHANGE,
        "Your yes lasts for two years. After that we make no new use of the picture. What is already printed may stay.",
    ],
    how_to_change: PICTURE_HOW_TO_CHANGE,
    question: "Where may we show it? Please answer each one.",
    channels: &[
        ("centre_display", "On the walls and screens of our centres"),
        ("council_website", "On the council's website"),
        ("social_media", "On our {name} page"),
        ("print", "In leaflets and posters"),
        ("press", "In newspapers, on radio or television"),
        ("partner", "By {name}, who work with us"),
    ],
    declaration: "I have read this, or it was read to me. I understand it, and these are my own answers.",
    valid_months: 24,
    at_expiry: AtExpiry::NoNewUse,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_shown_never_changes() {
        let wording = current(Purpose::PublicityPicture, "en").unwrap();
        assert_eq!((wording.id, wording.version), ("publicity_picture", 1));
        assert_eq!(
            wording.sha256().to_string(),
            "6f73cb5b5a487dd305f866285cf447ffff4e6872aa89efa9210085ef25599d09",
            "a changed word is a new version: families have signed this text"
        );
        assert_eq!(find("publicity_picture", 1, "en"), Some(wording));
        assert_eq!(
            current(Purpose::PublicityPicture, "cy"),
            None,
            "no wording, no asking"
        );
    }

    #[test]
    fn every_channel_that_a_purpose_asks_has_its_line() {
        let named = |text: &str| vec![text.parse().unwrap()];
        for wording in WORDINGS {
            let channels = wording
                .purpose
                .channels(&named("facebook"), &named("toy-library"));
            for channel in &channels {
                let line = wording.channel_line(channel, None).unwrap();
                assert!(!line.contains('{'), "{channel}: {line}");
            }
            assert_eq!(
                channels.len(),
                wording.channels.len(),
                "no line without a channel"
            );
            assert_eq!(wording.id, wording.purpose.word());
        }
        let wording = current(Purpose::PublicityPicture, "en").unwrap();
        let facebook = "social_media:facebook".parse().unwrap();
        assert_eq!(
            wording.channel_line(&facebook, Some("Facebook")).as_deref(),
            Some("On our Facebook page")
        );
        assert_eq!(wording.channel_line(&Channel::Email, None), None);
    }

    #[test]
    fn sentences_are_short() {
        for wording in WORDINGS {
            crate::notice::assert_plain(&wording.text());
        }
    }
}
