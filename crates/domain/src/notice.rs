//! The privacy notice, and that somebody was shown it.

use crate::bytes::Digest;
use crate::catalogue::Record;
use crate::id::{NoticeShownId, PersonId, UserId};
use crate::time::Instant;

/// The privacy notice was shown to a person: exactly which text, and when.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::People(&["person"]))]
pub struct NoticeShown {
    /// Its identifier.
    pub id: NoticeShownId,
    /// To whom.
    #[field(informed, subject = Whose::NamedHere)]
    pub person: PersonId,
    /// Which notice.
    #[field(informed)]
    pub notice: String,
    /// Which version of it.
    #[field(informed)]
    pub version: u32,
    /// In which language: a BCP 47 tag.
    #[field(informed)]
    pub language: String,
    /// SHA-256 of the exact text.
    #[field(informed)]
    pub sha256: Digest,
    /// When.
    #[field(informed)]
    pub shown_at: Instant,
    /// By whom.
    #[field(staff)]
    pub shown_by: UserId,
}

/// A privacy notice in one language: versioned, never changed once shown.
#[derive(Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its name.
    pub id: &'static str,
    /// From 1 up; a change of any word is a new version.
    pub version: u32,
    /// A BCP 47 tag.
    pub language: &'static str,
    /// The heading.
    pub title: &'static str,
    /// Headings with what stands below each.
    pub sections: &'static [(&'static str, &'static str)],
    /// What stands below one of the headings, which says whom to write to: said again on receipts.
    pub who_to_ask: &'static str,
}

impl Notice {
    /// The exact text, part after part with an empty line between them. What is hashed.
    pub fn text(&self) -> String {
        let sections = self
            .sections
            .iter()
            .flat_map(|(heading, body)| [*heading, *body]);
        [self.title]
            .into_iter()
            .chain(sections)
            .collect::<Vec<_>>()
            .join("\n\n")
    }

    /// SHA-256 of the exact text in UTF-8.
    pub fn sha256(&self) -> Digest {
        Digest::of(self.text().as_bytes())
    }
}

/// Every notice there ever was: what was shown once must stay readable. Newest last.
pub const NOTICES: &[Notice] = &[SHORT_1];

/// The notice to show now in a language; `None` where there is none.
pub fn current(language: &str) -> Option<&'static Notice> {
    NOTICES
        .iter()
        .rev()
        .find(|notice| notice.language == language)
}

/// The notice that a record names.
pub fn find(id: &str, version: u32, language: &str) -> Option<&'static Notice> {
    NOTICES
        .iter()
        .find(|notice| notice.id == id && notice.version == version && notice.language == language)
}

const SHORT_WHO_TO_ASK: &str = "Data Protection Officer, Nottinghamshire County Council, County Hall, West Bridgford, Nottingham NG2 7QP, DPO@nottscc.gov.uk.\nIf you are not happy with our answer, you can tell the Information Commissioner's Office: www.ico.org.uk.";

/// The service's notice in short, in our own words; facts from the council's notice.
const SHORT_1: Notice = Notice {
    id: "short",
    version: 1,
    language: "en",
    title: "What we do with what you tell us",
    sections: &[
        (
            "Who we are",
            "We are Nottinghamshire County Council's Children's Centre Service. We work with children under five, with people who are expecting a baby, and with their families.",
        ),
        (
            "What we write down",
            "We write down your name and how to reach you. We may note birth dates, who is in your family, and what you come to. Sometimes we note health, needs or other things that help us to help you. You need not answer. If something then cannot be offered, we tell you.",
        ),
        (
            "Why",
            "It is our job by law to support families, to keep children safe and to see how well the service works. We use pictures, quotes and mailing lists only if you say yes, and you can take that back.",
        ),
        (
            "Who else may see it",
            "We work with others, such as the NHS, schools and nurseries. We share what they need and no more, and we write down that we did. If a child may be in danger, or the law says so, we must tell those who can help. If something must go abroad, we see to it that it stays safe.",
        ),
        (
            "How long, and how safe",
            "We keep it as long as the council's retention schedule says, then we destroy it. It is locked with a key on each computer. We note each time someone opens a record. No computer decides about you: a person does.",
        ),
        (
            "Your rights",
            "You can ask what we hold and get a copy. You can ask us to put it right, to use it less, to stop, to erase it or to pass it on. You can take back a yes. Ask at any centre or ask the Data Protection Officer.",
        ),
        ("Who to ask", SHORT_WHO_TO_ASK),
    ],
    who_to_ask: SHORT_WHO_TO_ASK,
};

/// Short sentences of mostly short words, as a reading age of about nine asks: at most 25 words a
/// sentence, and under five letters a word on average. Addresses apart.
#[cfg(test)]
pub(crate) fn assert_plain(text: &str) {
    let sentences = text
        .split(['.', '?', '\n', ':'])
        .filter(|sentence| !sentence.contains("Officer, Nott"));
    for sentence in sentences {
        let words = sentence.split_whitespace().count();
        assert!(words <= 25, "{words} words in: {sentence}");
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let letters: usize = words
        .iter()
        .map(|word| word.chars().filter(|letter| letter.is_alphabetic()).count())
        .sum();
    assert!(
        letters < words.len() * 5,
        "{letters} letters in {} words",
        words.len()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_shown_never_changes() {
        let notice = current("en").unwrap();
        assert_eq!((notice.id, notice.version), ("short", 1));
        assert_eq!(
            notice.sha256().to_string(),
            "2d9bd05e87d9d250c15889ee703d02b283e7a146776d4b92105a802f55271e7a",
            "a changed word is a new version: families have been shown this text"
        );
        assert_eq!(find("short", 1, "en"), Some(notice));
        assert_eq!(find("short", 2, "en"), None);
    }

    #[test]
    fn every_notice_says_whom_to_write_to() {
        for notice in NOTICES {
            assert!(
                notice
                    .sections
                    .iter()
                    .any(|(_, body)| *body == notice.who_to_ask)
            );
        }
    }

    #[test]
    fn the_notice_is_plain() {
        NOTICES
            .iter()
            .for_each(|notice| assert_plain(&notice.text()));
    }
}
