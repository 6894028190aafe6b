//! The short privacy notice in force: the very words that a screen shows.

use porch_domain::bytes::Digest;
use porch_domain::notice::current;
use serde::Serialize;
use ts_rs::TS;

use crate::refusal::{Code, Nothing, Refusal};
use crate::work::Work;

/// A privacy notice.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct NoticeView {
    /// Which.
    pub notice: String,
    /// Which version of it.
    pub version: u32,
    /// In which language: a BCP 47 tag.
    pub language: String,
    /// Its title.
    pub title: String,
    /// Its headings, each followed by what stands below it.
    pub paragraphs: Vec<String>,
    /// SHA-256 of the exact text: title and paragraphs with an empty line between each two.
    pub sha256: Digest,
}

/// The language of the notice at the desk.
const LANGUAGE: &str = "en";

/// The notice in force.
pub(crate) fn notice_in_force() -> Result<NoticeView, Refusal> {
    let notice = current(LANGUAGE).ok_or(Code::Internal)?;
    let sections = notice
        .sections
        .iter()
        .flat_map(|(heading, body)| [*heading, *body]);
    Ok(NoticeView {
        notice: notice.id.to_owned(),
        version: notice.version,
        language: notice.language.to_owned(),
        title: notice.title.to_owned(),
        paragraphs: sections.map(str::to_owned).collect(),
        sha256: notice.sha256(),
    })
}

pub(crate) fn notice(_: &Work, _: Nothing) -> Result<NoticeView, Refusal> {
    notice_in_force()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_of_what_is_shown() {
        let notice = notice_in_force().unwrap();
        let mut shown = vec![notice.title.clone()];
        shown.extend(notice.paragraphs.iter().cloned());
        assert_eq!(Digest::of(shown.join("\n\n").as_bytes()), notice.sha256);
    }
}
