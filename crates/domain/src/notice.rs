//! The privacy notice, and that somebody was shown it.

use crate::bytes::Digest;
use crate::catalogue::Record;
use crate::county::{CountyDetails, PLACES};
use crate::id::{NoticeId, NoticeShownId, PersonId, UserId, derive_notice_id};
use crate::text::{TextKind, TextProblem, TextRef, check_common, is_reserved, places};
use crate::time::Instant;
use crate::words::words;

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

impl NoticeShown {
    /// Which text was shown.
    pub fn text_ref(&self) -> TextRef {
        TextRef {
            kind: TextKind::Notice,
            name: self.notice.clone(),
            version: self.version,
            language: self.language.clone(),
            sha256: self.sha256,
        }
    }
}

words! {
    /// How much a notice says, and how.
    pub enum NoticeForm {
        /// What everybody should know, on one screen.
        Short = "short",
        /// All of it.
        Full = "full",
        /// The least, in the easiest words, a sentence a line.
        EasyRead = "easy_read",
    }
}

/// A privacy notice in one language: versioned, never changed once made.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::Nobody)]
pub struct Notice {
    /// Its identifier ([`crate::id::derive_notice_id`]).
    pub id: NoticeId,
    /// Its name. Those that the program brings have their form's word; a county's own have others.
    #[field(told)]
    pub notice: String,
    /// From 1 up; a change of any word is a new version. What fills its places is no word of it.
    #[field(told)]
    pub version: u32,
    /// A BCP 47 tag.
    #[field(told)]
    pub language: String,
    /// Short, full or easy to read.
    #[field(told)]
    pub form: NoticeForm,
    /// The heading.
    #[field(told)]
    pub title: String,
    /// Headings, each followed by what stands below it. `{council}` and the like are filled from
    /// [`CountyDetails`].
    #[field(told)]
    pub parts: Vec<String>,
}

/// The most bytes of a notice.
const MOST_BYTES: usize = 64 * 1024;

impl Notice {
    /// As [`Notice::check`], and that it is a county's own: named apart from the program's, with the
    /// id that follows from its name.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check_own(&self) -> Result<(), TextProblem> {
        self.check()?;
        if is_reserved(&self.notice) {
            return Err(TextProblem::Reserved);
        }
        if self.id != derive_notice_id(&self.notice, self.version, &self.language) {
            return Err(TextProblem::Id);
        }
        Ok(())
    }

    /// The exact text, part after part with an empty line between them. What is hashed: its places
    /// are in it as they stand, since what fills them is the county's to change.
    pub fn text(&self) -> String {
        let parts = self.parts.iter().map(String::as_str);
        [self.title.as_str()]
            .into_iter()
            .chain(parts)
            .collect::<Vec<_>>()
            .join("\n\n")
    }

    /// Which text it is, with the SHA-256 of its exact words in UTF-8.
    pub fn text_ref(&self) -> TextRef {
        TextRef {
            kind: TextKind::Notice,
            name: self.notice.clone(),
            version: self.version,
            language: self.language.clone(),
            sha256: Digest::of(self.text().as_bytes()),
        }
    }

    /// What people read: its parts with their places filled. `None` where the county's details are
    /// not here and there is a place to fill.
    pub fn filled(&self, details: Option<&CountyDetails>) -> Option<Vec<String>> {
        self.parts
            .iter()
            .map(|part| match details {
                Some(details) => Some(details.fill(part)),
                None => places(part).is_empty().then(|| part.clone()),
            })
            .collect()
    }

    /// Whether it can be shown.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), TextProblem> {
        let mut parts = vec![self.title.as_str()];
        parts.extend(self.parts.iter().map(String::as_str));
        check_common(
            &self.notice,
            self.version,
            &self.language,
            &parts,
            MOST_BYTES,
        )?;
        if self.parts.is_empty() || !self.parts.len().is_multiple_of(2) {
            return Err(TextProblem::Sections);
        }
        let known = |part: &&str| places(part).iter().all(|place| PLACES.contains(place));
        if !places(&self.title).is_empty() || !parts.iter().all(known) {
            return Err(TextProblem::Place);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::derive_county_details_id;
    use crate::text::BUILT_IN;

    fn short(version: u32) -> Notice {
        let mut all = BUILT_IN.notices.iter();
        all.find(|notice| {
            notice.form == NoticeForm::Short && notice.language == "en" && notice.version == version
        })
        .cloned()
        .unwrap()
    }

    #[test]
    fn contacts_are_the_county_s() {
        let details = CountyDetails {
            id: derive_county_details_id(),
            council: "Testshire County Council".into(),
            service: "Early Help".into(),
            data_protection_officer: "dpo@example.org".into(),
            regulator: "regulator.example.org".into(),
            privacy_statement: "example.org/privacy".into(),
            days_to_take_down: None,
        };
        for notice in &BUILT_IN.notices {
            let filled = notice.filled(Some(&details)).unwrap();
            let all = filled.join("\n");
            assert!(!all.contains(['{', '}']), "{:?}", notice.text_ref());
            let first = notice.notice == "short" && notice.version == 1;
            for contact in ["dpo@example.org", "regulator.example.org"] {
                assert!(first || all.contains(contact), "{:?}", notice.text_ref());
            }
        }
        assert_eq!(short(2).filled(None), None, "nobody is shown a gap");
        assert_eq!(short(1).filled(None), Some(short(1).parts));
    }

    #[test]
    fn a_notice_that_is_not_whole_is_refused() {
        let refused = |change: &dyn Fn(&mut Notice)| {
            let mut notice = short(2);
            change(&mut notice);
            notice.check().err()
        };
        assert_eq!(refused(&|_| {}), None);
        for (problem, change) in [
            (
                TextProblem::Sections,
                &(|notice: &mut Notice| drop(notice.parts.pop())) as &dyn Fn(&mut Notice),
            ),
            (TextProblem::Sections, &|notice| notice.parts.clear()),
            (TextProblem::Place, &|notice| {
                notice.parts[1] = "Write to {somebody}.".into();
            }),
            (TextProblem::Place, &|notice| {
                notice.title = "{council}".into()
            }),
            (TextProblem::Part, &|notice| notice.parts[1] = " ".into()),
            (TextProblem::Part, &|notice| {
                notice.parts[1] = "one\n\ntwo".into()
            }),
            (TextProblem::TooLong, &|notice| {
                notice.parts[1] = "word ".repeat(20_000) + "end";
            }),
        ] {
            assert_eq!(refused(change), Some(problem));
        }
    }

    #[test]
    fn a_county_s_own_has_a_name_of_its_own() {
        let mut own = short(2);
        assert_eq!(own.check_own(), Err(TextProblem::Reserved));
        own.notice = "our_notice".into();
        assert_eq!(own.check_own(), Err(TextProblem::Id));
        own.id = derive_notice_id("our_notice", 2, "en");
        assert_eq!(own.check_own(), Ok(()));
    }

    #[test]
    fn a_notice_reads_back_from_its_fields() {
        for notice in &BUILT_IN.notices {
            let read = Notice::from_fields(notice.id, &notice.to_fields()).unwrap();
            assert!(read == *notice);
        }
    }
}
