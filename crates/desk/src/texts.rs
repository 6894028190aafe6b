//! The texts that may be shown: what the county has approved, with its details filled in; and
//! that a notice was shown to somebody.

use porch_domain::bytes::Digest;
use porch_domain::county::CountyDetails;
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
    details: Option<CountyDetails>,
}

impl Offered {
    pub(crate) fn read(read: &Read<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            texts: read.texts()?,
            details: read.county_details()?,
        })
    }

    /// The notices in force that can be shown without a gap.
    pub(crate) fn notices(&self) -> Vec<NoticeView> {
        let in_force = self.texts.notices_in_force().into_iter();
        in_force.filter_map(|notice| self.view(notice)).collect()
    }

    fn view(&self, notice: &Notice) -> Option<NoticeView> {
        Some(NoticeView {
            notice: notice.notice.clone(),
            version: notice.version,
            language: notice.language.clone(),
            dir: direction(&notice.language),
            form: notice.form,
            title: notice.title.clone(),
            paragraphs: notice.filled(self.details.as_ref())?,
            sha256: notice.text_ref().sha256,
        })
    }

    /// The languages in which a family may be asked for all of this, and told how its data is used.
    pub(crate) fn languages(&self, purposes: &[Purpose]) -> Vec<LanguageView> {
        let languages = self.texts.languages(purposes).into_iter();
        languages
            .filter(|language| {
                let short = self.texts.notice(NoticeForm::Short, language);
                short.is_some_and(|short| short.filled(self.details.as_ref()).is_some())
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
        self.in_force().contains(&text)
    }

    fn in_force(&self) -> Vec<TextRef> {
        let in_force = self.texts.notices_in_force().into_iter();
        in_force
            .filter(|notice| notice.filled(self.details.as_ref()).is_some())
            .map(Notice::text_ref)
            .collect()
    }

    /// Whether somebody has still to be shown a notice: there is one, and none of those in force was
    /// shown to them, in any form or language.
    pub(crate) fn is_due(&self, shown: &[NoticeRow]) -> bool {
        let in_force = self.in_force();
        !in_force.is_empty() && !shown.iter().any(|row| in_force.contains(&row.text_ref()))
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

/// The notices in force, in every form and language that the county has approved.
pub(crate) fn notices(work: &Work, _: Nothing) -> Result<Vec<NoticeView>, Refusal> {
    work.read(|read| Ok(Offered::read(read)?.notices()))
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
