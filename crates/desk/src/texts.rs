//! The texts that may be shown: what the county has approved, with its details filled in; and
//! that a notice was shown to somebody.

use porch_domain::bytes::Digest;
use porch_domain::decision::Purpose;
use porch_domain::id::{FamilyId, PersonId};
use porch_domain::membership::MemberRole;
use porch_domain::notice::{Notice, NoticeForm, NoticeShown};
use porch_domain::text::{Direction, TextKind, TextRef, Texts, direction};
use porch_store::family::NoticeRow;
use porch_store::{Read, StoreError};
use porch_sync::Change;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::changes::created;
use crate::people::{Sight, visible_family};
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
    /// Which way that is written.
    pub dir: Direction,
    /// Short, full or easy to read.
    pub form: NoticeForm,
    /// Its title.
    pub title: String,
    /// Its headings, each followed by what stands below it.
    pub paragraphs: Vec<String>,
    /// SHA-256 of the exact text: title and paragraphs with an empty line between each two, before
    /// the county's details were filled in.
    pub sha256: Digest,
}

/// A language in which something is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct LanguageView {
    /// A BCP 47 tag.
    pub language: String,
    /// Which way it is written.
    pub dir: Direction,
}

/// Which privacy notice was shown.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeSeen {
    /// Which.
    pub notice: String,
    /// Which version of it.
    pub version: u32,
    /// In which language.
    pub language: String,
    /// SHA-256 of the exact text.
    pub sha256: Digest,
}

impl NoticeSeen {
    pub(crate) fn text_ref(&self) -> TextRef {
        TextRef {
            kind: TextKind::Notice,
            name: self.notice.clone(),
            version: self.version,
            language: self.language.clone(),
            sha256: self.sha256,
        }
    }
}

/// What people can be asked for.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct AskableView {
    /// For what.
    pub purpose: Purpose,
    /// The languages in which the county has approved the wording and the short notice.
    pub languages: Vec<String>,
    /// The languages in which there is a wording that is not offered: a draft, or taken back.
    pub drafts: Vec<String>,
}

/// To whom a notice was shown.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordNoticeShownRequest {
    /// A family of theirs.
    pub family: FamilyId,
    /// To whom.
    pub people: Vec<PersonId>,
    /// What was shown.
    pub notice: NoticeSeen,
}

/// What the county offers at this moment.
pub(crate) struct Offered {
    pub(crate) texts: Texts,
    /// The notices in force that can be shown without a gap.
    pub(crate) notices: Vec<NoticeView>,
}

impl NoticeView {
    fn of(notice: &Notice, paragraphs: Vec<String>) -> Self {
        Self {
            notice: notice.notice.clone(),
            version: notice.version,
            language: notice.language.clone(),
            dir: direction(&notice.language),
            form: notice.form,
            title: notice.title.clone(),
            paragraphs,
            sha256: notice.text_ref().sha256,
        }
    }

    fn is(&self, text: &TextRef) -> bool {
        text.kind == TextKind::Notice
            && (self.notice.as_str(), self.version, self.language.as_str())
                == (text.name.as_str(), text.version, text.language.as_str())
            && self.sha256 == text.sha256
    }
}

impl Offered {
    pub(crate) fn read(read: &Read<'_>) -> Result<Self, StoreError> {
        let (texts, details) = (read.texts()?, read.county_details()?);
        let in_force = texts.notices_in_force().into_iter();
        let notices = in_force
            .filter_map(|notice| {
                let paragraphs = notice.filled(details.as_ref())?;
                Some(NoticeView::of(notice, paragraphs))
            })
            .collect();
        Ok(Self { texts, notices })
    }

    /// The languages in which a family may be asked for all of this, and told how its data is used.
    pub(crate) fn languages(&self, purposes: &[Purpose]) -> Vec<LanguageView> {
        let languages = self.texts.languages(purposes).into_iter();
        languages
            .filter(|language| {
                let mut notices = self.notices.iter();
                notices
                    .any(|notice| notice.form == NoticeForm::Short && notice.language == *language)
            })
            .map(|language| LanguageView {
                language: language.to_owned(),
                dir: direction(language),
            })
            .collect()
    }

    /// Whether this very notice is in force.
    pub(crate) fn is_in_force(&self, seen: &NoticeSeen) -> bool {
        let text = seen.text_ref();
        self.notices.iter().any(|notice| notice.is(&text))
    }

    /// Whether somebody has still to be shown a notice: there is one, and none of those in force was
    /// shown to them, in any form or language.
    pub(crate) fn is_due(&self, shown: &[NoticeRow]) -> bool {
        let mut shown = shown.iter().map(NoticeRow::text_ref);
        !self.notices.is_empty()
            && !shown.any(|text| self.notices.iter().any(|notice| notice.is(&text)))
    }
}

/// Everybody who answers for themself in a family is told; children and those who are only there to be
/// called are not.
pub(crate) const fn is_told(role: MemberRole) -> bool {
    !matches!(role, MemberRole::Child | MemberRole::EmergencyContact)
}

/// That a person was shown a notice, unless it is known.
pub(crate) fn shown(
    work: &Work,
    read: &Read<'_>,
    person: PersonId,
    seen: &NoticeSeen,
) -> Result<Option<Change>, Refusal> {
    let text = seen.text_ref();
    let known = read.notices_of(person)?;
    if known.iter().any(|row| row.text_ref() == text) {
        return Ok(None);
    }
    let shown = NoticeShown {
        id: work.make_id()?,
        person,
        notice: text.name,
        version: text.version,
        language: text.language,
        sha256: text.sha256,
        shown_at: work.now,
        shown_by: work.login.user,
    };
    Ok(Some(created(&shown, work.device.centre)))
}

/// Each purpose, and how its wordings stand with the county.
pub(crate) fn askable(work: &Work, _: Nothing) -> Result<Vec<AskableView>, Refusal> {
    let offered = work.read(Offered::read)?;
    let view = |purpose: &Purpose| {
        let languages = offered.languages(&[*purpose]).into_iter();
        let languages: Vec<String> = languages.map(|each| each.language).collect();
        let written = offered.texts.all_wordings();
        let mut drafts: Vec<String> = Vec::new();
        for wording in written.filter(|wording| wording.purpose == *purpose) {
            let language = &wording.language;
            if !languages.contains(language) && !drafts.contains(language) {
                drafts.push(language.clone());
            }
        }
        AskableView {
            purpose: *purpose,
            languages,
            drafts,
        }
    };
    Ok(Purpose::ALL.iter().map(view).collect())
}

/// The notices in force, in every form and language that the county has approved.
pub(crate) fn notices(work: &Work, _: Nothing) -> Result<Vec<NoticeView>, Refusal> {
    work.read(|read| Ok(Offered::read(read)?.notices))
}

/// A notice that was shown once, in force or not. Its places are filled with the county's details of
/// today; where there are none they stay open.
pub(crate) fn shown_notice(work: &Work, seen: NoticeSeen) -> Result<NoticeView, Refusal> {
    work.read(|read| {
        let (texts, details) = (read.texts()?, read.county_details()?);
        let notice = texts
            .notice_shown(&seen.text_ref())
            .ok_or(StoreError::NotFound)?;
        let filled = notice.filled(details.as_ref());
        let paragraphs = filled.unwrap_or_else(|| notice.parts.clone());
        Ok(NoticeView::of(notice, paragraphs))
    })
}

/// Records that a notice was shown to members of a family who come again.
pub(crate) fn record_notice_shown(
    work: &Work,
    request: RecordNoticeShownRequest,
) -> Result<Nothing, Refusal> {
    work.write(|write| {
        visible_family(write, Sight(work.login.role), request.family)?;
        if !Offered::read(write)?.is_in_force(&request.notice) {
            return Err(Refusal::of_field("notice", Code::NoticeNotShown));
        }
        let members = write.members_of(request.family, work.today)?;
        let mut changes = Vec::new();
        for person in &request.people {
            let told = members
                .iter()
                .any(|member| member.person == *person && member.role.is_some_and(is_told));
            if !told {
                return Err(Refusal::of_field("people", Code::NotFound));
            }
            changes.extend(shown(work, write, *person, &request.notice)?);
        }
        if request.people.is_empty() {
            return Err(Refusal::of_field("people", Code::Required));
        }
        if !changes.is_empty() {
            work.save(write, "notice_shown", changes)?;
        }
        Ok(Nothing {})
    })
}
