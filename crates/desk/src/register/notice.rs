//! The short privacy notice in force: the very words that a screen shows.

use porch_domain::bytes::Digest;
use serde::Serialize;
use ts_rs::TS;

use crate::refusal::{Nothing, Refusal};
use crate::work::Work;

/// The title, an empty line, then paragraphs with empty lines between them.
const ENGLISH: &str = include_str!("notice.en.txt");

/// A privacy notice.
#[derive(Clone, Debug, Serialize, TS)]
pub struct NoticeView {
    /// Which.
    pub notice: String,
    /// Which version of it.
    pub version: u32,
    /// In which language: a BCP 47 tag.
    pub language: String,
    /// Its title.
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
    /// SHA-256 of the exact text: title and paragraphs with an empty line between each two.
    pub sha256: Digest,
}

/// The notice in force.
pub(crate) fn notice_in_force() -> NoticeView {
    let text = ENGLISH.trim_end();
    let mut parts = text.split("\n\n").map(str::to_owned);
    NoticeView {
        notice: "short".to_owned(),
        version: 1,
        language: "en".to_owned(),
        title: parts.next().unwrap_or_default(),
        paragraphs: parts.collect(),
        sha256: Digest::of(text.as_bytes()),
    }
}

pub(crate) fn notice(_: &Work, _: Nothing) -> Result<NoticeView, Refusal> {
    Ok(notice_in_force())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_of_what_is_shown() {
        let notice = notice_in_force();
        let mut shown = vec![notice.title.clone()];
        shown.extend(notice.paragraphs.iter().cloned());
        assert!(notice.paragraphs.len() > 4);
        assert!(shown.iter().all(|part| !part.is_empty() && !part.contains('\n')), "each part is one line");
        assert_eq!(Digest::of(shown.join("\n\n").as_bytes()), notice.sha256);
        assert_eq!(
            notice.sha256.to_string(),
            "",
            "another text is another version: raise it with the words"
        );
    }
}
