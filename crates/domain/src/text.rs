//! The texts that people are shown when they are told something or asked for consent: wordings and
//! privacy notices. Each is one version in one language, never changed once made; the county approves
//! it before anybody is shown it. Records of what was shown keep name, version, language and digest.
//!
//! The program brings texts of its own; a county may load its own beside them
//! (`docs/consent.md`).

mod built_in;
mod check;
#[cfg(test)]
mod plain;

use crate::bytes::Digest;
use crate::catalogue::Record;
use crate::decision::{Decision, Purpose};
use crate::id::{TextApprovalId, derive_text_approval_id};
use crate::notice::{Notice, NoticeForm};
use crate::time::Instant;
use crate::wording::Wording;
use crate::words::words;

pub use built_in::{BUILT_IN, BuiltIn, UnreadableTexts};
pub use check::{TextProblem, direction};
pub(crate) use check::{check_common, is_plain, is_reserved, places};

words! {
    /// What kind of text it is.
    pub enum TextKind {
        /// What consent is asked in.
        Wording = "wording",
        /// A privacy notice.
        Notice = "notice",
    }
}

words! {
    /// Which way a language is written.
    pub enum Direction {
        /// From left to right.
        Ltr = "ltr",
        /// From right to left.
        Rtl = "rtl",
    }
}

/// One text, to the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextRef {
    /// Wording or notice.
    pub kind: TextKind,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its language: a BCP 47 tag.
    pub language: String,
    /// SHA-256 of its words.
    pub sha256: Digest,
}

/// The county's word on one text: approved, by whom, and perhaps taken back. Approving it again ends
/// the taking back. Its id is derived from the text ([`crate::id::derive_text_approval_id`]), so
/// that an approval is never of other words.
#[derive(Clone, PartialEq, Record)]
#[record(state, about = About::Nobody)]
pub struct TextApproval {
    /// Its identifier.
    pub id: TextApprovalId,
    /// Wording or notice.
    #[field(told)]
    pub kind: TextKind,
    /// What a wording asks for. A decision for something else was not asked in it.
    #[field(told)]
    pub purpose: Option<Purpose>,
    /// The text's name.
    #[field(told)]
    pub name: String,
    /// Its version.
    #[field(told)]
    pub version: u32,
    /// Its language.
    #[field(told)]
    pub language: String,
    /// SHA-256 of its words.
    #[field(told)]
    pub sha256: Digest,
    /// Who approved it for the county: a name or an office.
    #[field(staff)]
    pub approved_by: String,
    /// When.
    #[field(told)]
    pub approved_at: Instant,
    /// Who took the approval back.
    #[field(staff)]
    pub taken_back_by: Option<String>,
    /// When it was taken back; from then on the text is not offered.
    #[field(told)]
    pub taken_back_at: Option<Instant>,
}

impl TextApproval {
    /// The approval of a wording.
    pub fn of_wording(wording: &Wording, approved_by: String, approved_at: Instant) -> Self {
        Self {
            purpose: Some(wording.purpose),
            ..Self::of(wording.text_ref(), approved_by, approved_at)
        }
    }

    /// The approval of a notice.
    pub fn of_notice(notice: &Notice, approved_by: String, approved_at: Instant) -> Self {
        Self::of(notice.text_ref(), approved_by, approved_at)
    }

    fn of(text: TextRef, approved_by: String, approved_at: Instant) -> Self {
        Self {
            id: derive_text_approval_id(&text),
            kind: text.kind,
            purpose: None,
            name: text.name,
            version: text.version,
            language: text.language,
            sha256: text.sha256,
            approved_by,
            approved_at,
            taken_back_by: None,
            taken_back_at: None,
        }
    }

    /// Whether it says who approved which text, and who took it back, if anybody did.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), TextProblem> {
        if self.id != derive_text_approval_id(&self.text()) {
            return Err(TextProblem::Id);
        }
        let said = is_plain(&self.approved_by)
            && self.taken_back_by.as_deref().is_none_or(is_plain)
            && self.taken_back_by.is_some() == self.taken_back_at.is_some()
            && self.purpose.is_some() == (self.kind == TextKind::Wording);
        if said {
            Ok(())
        } else {
            Err(TextProblem::Approval)
        }
    }

    /// The text that it is about.
    pub fn text(&self) -> TextRef {
        TextRef {
            kind: self.kind,
            name: self.name.clone(),
            version: self.version,
            language: self.language.clone(),
            sha256: self.sha256,
        }
    }
}

/// The texts that are known: the program's own, and the county's with its approvals.
#[derive(Default)]
pub struct Texts {
    /// Wordings that the county loaded.
    pub wordings: Vec<Wording>,
    /// Notices that the county loaded.
    pub notices: Vec<Notice>,
    /// The county's approvals.
    pub approvals: Vec<TextApproval>,
}

impl Texts {
    /// Every wording: what was shown once stays readable.
    pub fn all_wordings(&self) -> impl Iterator<Item = &Wording> {
        BUILT_IN.wordings.iter().chain(&self.wordings)
    }

    /// Every notice.
    pub fn all_notices(&self) -> impl Iterator<Item = &Notice> {
        BUILT_IN.notices.iter().chain(&self.notices)
    }

    /// The notice with these very words, approved or not; `None` where it is not known here.
    pub fn notice_shown(&self, text: &TextRef) -> Option<&Notice> {
        self.all_notices().find(|notice| notice.text_ref() == *text)
    }

    /// When this very text was approved; `None` where it was not, or no longer is.
    pub fn approved_at(&self, text: &TextRef) -> Option<Instant> {
        self.approvals
            .iter()
            .filter(|approval| approval.taken_back_at.is_none() && approval.text() == *text)
            .map(|approval| approval.approved_at)
            .max()
    }

    /// The wording to ask in: the one approved last, of those approved together the county's own; `None`
    /// where the county has approved none.
    pub fn wording(&self, purpose: Purpose, language: &str) -> Option<&Wording> {
        let candidates = self
            .all_wordings()
            .filter(|wording| wording.purpose == purpose && wording.language == language);
        self.latest(candidates, Wording::text_ref)
    }

    /// The notice to show, chosen as [`Texts::wording`] is; `None` where the county has approved none.
    pub fn notice(&self, form: NoticeForm, language: &str) -> Option<&Notice> {
        let candidates = self
            .all_notices()
            .filter(|notice| notice.form == form && notice.language == language);
        self.latest(candidates, Notice::text_ref)
    }

    /// The notices to show, of every form and in every language.
    pub fn notices_in_force(&self) -> Vec<&Notice> {
        self.all_notices()
            .filter(|notice| {
                let in_force = self.notice(notice.form, &notice.language);
                in_force.is_some_and(|in_force| in_force.id == notice.id)
            })
            .collect()
    }

    /// The languages in which somebody may be asked: those in which a wording for every one of the
    /// purposes is approved, and the short notice.
    pub fn languages(&self, purposes: &[Purpose]) -> Vec<&str> {
        let mut languages: Vec<&str> = Vec::new();
        for notice in self.all_notices() {
            let language = notice.language.as_str();
            let may = !languages.contains(&language)
                && self.notice(NoticeForm::Short, language).is_some()
                && purposes
                    .iter()
                    .all(|purpose| self.wording(*purpose, language).is_some());
            if may {
                languages.push(language);
            }
        }
        languages
    }

    fn latest<'a, T>(
        &self,
        candidates: impl Iterator<Item = &'a T>,
        text: impl Fn(&T) -> TextRef,
    ) -> Option<&'a T> {
        candidates
            .filter_map(|candidate| {
                let text = text(candidate);
                let approved_at = self.approved_at(&text)?;
                let is_own = !is_reserved(&text.name);
                Some(((approved_at, is_own, text.version, text.name), candidate))
            })
            .max_by(|(one, _), (other, _)| one.cmp(other))
            .map(|(_, candidate)| candidate)
    }
}

/// The digest of the one wording in which people were asked before approvals were records:
/// `publicity_picture`, version 1, in English.
pub const FIRST_WORDING: Digest = Digest::from_bytes([
    0x6f, 0x73, 0xcb, 0x5b, 0x5a, 0x48, 0x7d, 0xd3, 0x05, 0xf8, 0x66, 0x28, 0x5c, 0xf4, 0x47, 0xff,
    0xff, 0x4e, 0x68, 0x72, 0xaa, 0x89, 0xef, 0xa9, 0x21, 0x00, 0x85, 0xef, 0x25, 0x59, 0x9d, 0x09,
]);

/// Whether a decision was asked in the wording of before approvals, which is as good as approved.
pub(crate) fn is_of_before_approvals(decision: &Decision) -> bool {
    decision.purpose == Purpose::PublicityPicture
        && decision.wording == Purpose::PublicityPicture.word()
        && decision.wording_version == 1
        && decision.language == "en"
        && decision.wording_sha256 == FIRST_WORDING
}

#[cfg(test)]
mod tests {
    use super::*;

    const BY: &str = "the information governance board";

    fn approve(wording: &Wording, at_ms: i64) -> TextApproval {
        TextApproval::of_wording(wording, BY.to_owned(), Instant::from_unix_ms(at_ms))
    }

    fn approve_notice(notice: &Notice, at_ms: i64) -> TextApproval {
        TextApproval::of_notice(notice, BY.to_owned(), Instant::from_unix_ms(at_ms))
    }

    fn wording(language: &str) -> Wording {
        let purpose = Purpose::PublicityPicture;
        let mut all = BUILT_IN.wordings.iter();
        all.find(|wording| wording.purpose == purpose && wording.language == language)
            .cloned()
            .unwrap()
    }

    fn short(language: &str) -> Notice {
        let mut all = BUILT_IN.notices.iter().rev();
        all.find(|notice| notice.form == NoticeForm::Short && notice.language == language)
            .cloned()
            .unwrap()
    }

    #[test]
    fn nothing_is_offered_that_the_county_has_not_approved() {
        let texts = Texts::default();
        for purpose in Purpose::ALL {
            for language in ["en", "pl", "ur"] {
                assert_eq!(texts.wording(*purpose, language), None);
            }
        }
        assert!(texts.notices_in_force().is_empty());
        assert!(texts.languages(&[]).is_empty());
    }

    #[test]
    fn a_language_is_offered_when_all_that_is_asked_in_it_is_approved() {
        let asked = [Purpose::PublicityPicture];
        let mut texts = Texts {
            approvals: vec![
                approve(&wording("en"), 1),
                approve_notice(&short("en"), 1),
                approve(&wording("pl"), 1),
            ],
            ..Texts::default()
        };
        assert_eq!(texts.languages(&asked), ["en"], "no notice in Polish");
        texts.approvals.push(approve_notice(&short("pl"), 2));
        assert_eq!(texts.languages(&asked), ["en", "pl"]);
        let more = [Purpose::PublicityPicture, Purpose::News];
        assert!(texts.languages(&more).is_empty(), "news is not approved");
    }

    #[test]
    fn an_approval_is_of_these_very_words() {
        let mut other = wording("en");
        other.title = "Other words".into();
        let texts = Texts {
            approvals: vec![approve(&other, 1)],
            ..Texts::default()
        };
        assert_eq!(texts.wording(Purpose::PublicityPicture, "en"), None);
    }

    #[test]
    fn the_last_approval_counts_and_one_taken_back_does_not() {
        let mut own = wording("en");
        own.wording = "our_pictures".into();
        own.title = "Are pictures fine?".into();
        let mut texts = Texts {
            approvals: vec![approve(&wording("en"), 1), approve(&own, 2)],
            wordings: vec![own.clone()],
            ..Texts::default()
        };
        let asked = |texts: &Texts| texts.wording(Purpose::PublicityPicture, "en").cloned();
        assert!(asked(&texts) == Some(own.clone()));
        texts.approvals[0].approved_at = Instant::from_unix_ms(2);
        assert!(asked(&texts) == Some(own), "approved together");
        texts.approvals[1].taken_back_at = Some(Instant::from_unix_ms(3));
        assert!(asked(&texts) == Some(wording("en")));
        texts.approvals[0].taken_back_at = Some(Instant::from_unix_ms(4));
        assert!(asked(&texts).is_none());
        assert!(
            texts
                .all_wordings()
                .any(|known| known.title == "Are pictures fine?"),
            "what was shown stays readable"
        );
    }

    #[test]
    fn an_approval_says_who_and_what_for() {
        let whole = approve(&wording("en"), 1);
        assert_eq!(whole.check(), Ok(()));
        let refused = |change: &dyn Fn(&mut TextApproval)| {
            let mut approval = approve(&wording("en"), 1);
            change(&mut approval);
            approval.check().err()
        };
        let at = Instant::from_unix_ms(2);
        assert_eq!(refused(&|a| a.version = 2), Some(TextProblem::Id));
        assert_eq!(
            refused(&|a| a.approved_by = " ".into()),
            Some(TextProblem::Approval)
        );
        assert_eq!(
            refused(&|a| a.taken_back_at = Some(at)),
            Some(TextProblem::Approval)
        );
        assert_eq!(refused(&|a| a.purpose = None), Some(TextProblem::Approval));
    }

    #[test]
    fn before_approvals_one_text_was_shown() {
        assert_eq!(wording("en").text_ref().sha256, FIRST_WORDING);
    }
}
