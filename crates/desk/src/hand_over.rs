//! Hand-over: the program is locked to one family's consent pages.

use std::sync::atomic::Ordering;

use chrono::NaiveDate;
use porch_domain::bytes::Digest;
use porch_domain::catalogue::Record as _;
use porch_domain::channel::{Channel, Slug};
use porch_domain::consent::AGE_OF_OWN_DECISION;
use porch_domain::county::{PARTNERS, SOCIAL_MEDIA, channel_name};
use porch_domain::decision::{Attribution, Purpose};
use porch_domain::family::Family;
use porch_domain::id::{AuthorityId, DecisionId, FamilyId, PersonId, RecordId as _};
use porch_domain::membership::MemberRole;
use porch_domain::person::Person;
use porch_domain::typed_date::Age;
use porch_domain::wording::Wording;
use porch_store::Read;
use porch_store::audit::Deed;
use porch_store::consent::AnswerRow;
use porch_store::family::MemberRow;
use porch_store::hand_over::HandOverRow;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::clock::london_date;
use crate::desk::Desk;
use crate::log_in::UnlockRequest;
use crate::people::{PersonKind, Sight, called, visible_family};
use crate::refusal::{Code, Nothing, Refusal};
use crate::status::StatusView;
use crate::texts::{LanguageView, NoticeView, Offered};
use crate::work::Work;

/// Which family the device is handed to, and for what.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeginHandOverRequest {
    /// The family.
    pub family: FamilyId,
    /// What it is to be asked.
    pub purposes: Vec<Purpose>,
}

/// What a family's consent pages need.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct HandOverView {
    /// The family.
    pub family: FamilyId,
    /// Its adults, and children who decide for themselves.
    pub deciders: Vec<DeciderView>,
    /// Who is decided for.
    pub subjects: Vec<SubjectView>,
    /// The languages in which all of it may be asked.
    pub languages: Vec<LanguageView>,
    /// The wordings in force, in these languages.
    pub wordings: Vec<WordingView>,
    /// The privacy notices in force, in these languages, the short one of each first.
    pub notices: Vec<NoticeView>,
}

/// Somebody of the family who decides.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct DeciderView {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// They have still to be shown the privacy notice, or a newer one.
    pub notice_due: bool,
    /// Themself, and the children for whom they have authority.
    pub may_decide_for: Vec<MayDecideForView>,
}

/// Somebody for whom a decider may decide.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub(crate) struct MayDecideForView {
    /// Who.
    pub person: PersonId,
    /// By which authority; none for themself.
    pub authority: Option<AuthorityId>,
}

/// Somebody who is decided for.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct SubjectView {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Adult, child or baby.
    pub kind: PersonKind,
}

/// Who has taken the tablet.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct EarlierAnswersRequest {
    /// One of the deciders of the family that the program is locked to.
    pub decider: PersonId,
}

/// An answer that stands.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct HeadView {
    /// The decision.
    pub decision: DecisionId,
    /// Who was decided for.
    pub subject: PersonId,
    /// What for.
    pub purpose: Purpose,
    /// The channels granted and not withdrawn.
    pub granted: Vec<Channel>,
    /// The channels refused or withdrawn.
    pub refused: Vec<Channel>,
    /// The day, in London.
    #[ts(type = "string")]
    pub decided_on: NaiveDate,
}

/// A wording in force.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct WordingView {
    /// Which wording.
    pub wording: String,
    /// Its version.
    pub version: u32,
    /// Its language: a BCP 47 tag.
    pub language: String,
    /// What consent is asked for.
    pub purpose: Purpose,
    /// People are asked it for themselves.
    pub for_oneself: bool,
    /// It is asked for children.
    pub for_children: bool,
    /// Its title.
    pub title: String,
    /// What it is for, in paragraphs.
    pub what: Vec<String>,
    /// The channels, each its own question.
    pub channels: Vec<ChannelView>,
    /// For a quote: whose name may stand under it.
    pub attribution: Option<AttributionView>,
    /// How to change one's mind.
    pub how_to_change: String,
    /// The sentence above the signature.
    pub declaration: String,
    /// For how many months an answer is good.
    pub valid_for_months: u32,
    /// SHA-256 of the exact text.
    pub sha256: Digest,
}

/// One question of a wording.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct ChannelView {
    /// The channel.
    pub channel: Channel,
    /// The question.
    pub label: String,
    /// A line beneath it.
    pub hint: Option<String>,
}

/// Whose name may stand under a quote.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct AttributionView {
    /// The question.
    pub question: String,
    /// The answers.
    pub options: Vec<AttributionOption>,
}

/// One answer to it.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct AttributionOption {
    /// The attribution.
    pub attribution: Attribution,
    /// How it reads.
    pub label: String,
}

pub(crate) fn begin_hand_over(
    work: &Work,
    request: BeginHandOverRequest,
) -> Result<HandOverView, Refusal> {
    let view = work.write(|write| {
        visible_family(write, Sight(work.login.role), request.family)?;
        if request.purposes.is_empty() {
            return Err(Refusal::of_field("purposes", Code::Required));
        }
        let row = HandOverRow {
            family: request.family,
            user: work.login.user,
            purposes: request.purposes.clone(),
        };
        let view = pages(work, write, &row)?;
        if view.languages.is_empty() {
            return Err(Code::NothingApproved.into());
        }
        write.begin_hand_over(&row, work.now)?;
        work.record(
            write,
            Deed::HandedOver,
            "hand_over",
            Some((Family::KIND, request.family.uuid())),
            &[],
        )?;
        Ok(view)
    })?;
    work.handed_over.store(true, Ordering::Relaxed);
    Ok(view)
}

pub(crate) fn hand_over(work: &Work, _: Nothing) -> Result<HandOverView, Refusal> {
    work.write(|write| {
        let row = write.hand_over()?.ok_or(Code::NotFound)?;
        work.saw(write, "hand_over", Family::KIND, row.family.uuid())?;
        pages(work, write, &row)
    })
}

/// What one decider answered before. The window is told nobody's answers before somebody says who
/// they are, and then no one else's; the audit says whose it was told.
pub(crate) fn earlier_answers(
    work: &Work,
    request: EarlierAnswersRequest,
) -> Result<Vec<HeadView>, Refusal> {
    work.write(|write| {
        let row = write.hand_over()?.ok_or(Code::NotFound)?;
        let members = members(work, write, row.family)?;
        check_decider(work, write, &members, request.decider)?;
        work.saw(write, "hand_over", Person::KIND, request.decider.uuid())?;
        let mut heads = Vec::new();
        for member in &members {
            let answers = write.answers_of(member.person)?.into_iter();
            let own = answers.filter(|answer| answer.decider == request.decider);
            heads.extend(own.map(|answer| HeadView::of(member.person, answer)));
        }
        Ok(heads)
    })
}

/// The consent pages of a family, without anybody's answers.
fn pages(work: &Work, read: &Read<'_>, row: &HandOverRow) -> Result<HandOverView, Refusal> {
    let members = members(work, read, row.family)?;
    let offered = Offered::read(read)?;
    let mut subjects = Vec::with_capacity(members.len());
    let mut deciders = Vec::new();
    for member in &members {
        if !is_decider(work, read, member)? {
            continue;
        }
        deciders.push(DeciderView {
            person: member.person,
            name: name(member),
            notice_due: offered.is_due(&read.notices_of(member.person)?),
            may_decide_for: Vec::new(),
        });
    }
    for member in &members {
        let records = read.consent_records(member.person)?;
        for decider in &mut deciders {
            let authority = records
                .authorities_in_force(member.person, work.today)
                .find(|known| known.holder == decider.person);
            if decider.person == member.person && decides_alone(member, work.today) {
                decider.may_decide_for.push(MayDecideForView {
                    person: member.person,
                    authority: None,
                });
            } else if let Some(authority) = authority {
                let authority = Some(authority.id);
                decider.may_decide_for.push(MayDecideForView {
                    person: member.person,
                    authority,
                });
            }
        }
        subjects.push(SubjectView {
            person: member.person,
            name: name(member),
            kind: PersonKind::of(member.role, member.birth_date, member.staff, work.today),
        });
    }
    let languages = offered.languages(&row.purposes);
    let wordings = languages
        .iter()
        .flat_map(|each| {
            let of = |purpose: &Purpose| offered.texts.wording(*purpose, &each.language);
            row.purposes.iter().filter_map(of)
        })
        .map(WordingView::of)
        .collect();
    let mut notices = offered.notices;
    notices.retain(|notice| {
        let mut languages = languages.iter();
        languages.any(|each| each.language == notice.language)
    });
    Ok(HandOverView {
        family: row.family,
        deciders,
        subjects,
        languages,
        wordings,
        notices,
    })
}

impl HeadView {
    fn of(subject: PersonId, answer: AnswerRow) -> Self {
        Self {
            decision: answer.decision,
            subject,
            purpose: answer.purpose,
            granted: answer.granted,
            refused: answer.refused,
            decided_on: london_date(answer.decided_at),
        }
    }
}

/// The family's members without those who are only there to be called.
pub(crate) fn members(
    work: &Work,
    read: &Read<'_>,
    family: FamilyId,
) -> Result<Vec<MemberRow>, Refusal> {
    let members = read.members_of(family, work.today)?;
    Ok(members
        .into_iter()
        .filter(|member| member.role != Some(MemberRole::EmergencyContact))
        .collect())
}

/// Somebody of the family who decides for somebody.
pub(crate) fn check_decider(
    work: &Work,
    read: &Read<'_>,
    members: &[MemberRow],
    decider: PersonId,
) -> Result<(), Refusal> {
    let member = members.iter().find(|member| member.person == decider);
    match member {
        Some(member) if is_decider(work, read, member)? => Ok(()),
        _ => Err(Refusal::of_field("decider", Code::NoAuthority)),
    }
}

/// A parent decides for their child at any age, and somebody in a child's place for themself who is old enough, or of whom somebody
/// judged that they understand.
fn is_decider(work: &Work, read: &Read<'_>, member: &MemberRow) -> Result<bool, Refusal> {
    match member.role {
        None => Ok(false),
        Some(MemberRole::Child)
            if member.birth_date.is_some() && decides_alone(member, work.today) =>
        {
            Ok(true)
        }
        Some(MemberRole::Child) => {
            let records = read.consent_records(member.person)?;
            let mut in_force = records.authorities_in_force(member.person, work.today);
            Ok(in_force.any(|known| known.holder == member.person))
        }
        Some(_) => Ok(true),
    }
}

/// Under sixteen somebody decides for themself only when it was judged that they understand.
fn decides_alone(member: &MemberRow, today: NaiveDate) -> bool {
    member
        .birth_date
        .is_none_or(|born| Age::on(born, today).is_some_and(|age| age.years >= AGE_OF_OWN_DECISION))
}

fn name(member: &MemberRow) -> String {
    called(
        member.given_name.as_deref(),
        member.family_name.as_deref(),
        member.known_as.as_deref(),
    )
}

/// The channels that the county asks about for a purpose.
pub(crate) fn asked(purpose: Purpose) -> Vec<Channel> {
    let slugs = |named: &[(&str, &str)]| -> Vec<Slug> {
        named
            .iter()
            .filter_map(|(slug, _)| slug.parse().ok())
            .collect()
    };
    purpose.channels(&slugs(SOCIAL_MEDIA), &slugs(PARTNERS))
}

impl WordingView {
    fn of(wording: &Wording) -> Self {
        let channels = asked(wording.purpose).into_iter();
        let options = Attribution::ALL.iter().filter_map(|attribution| {
            Some(AttributionOption {
                attribution: *attribution,
                label: wording.attribution_line(*attribution)?.to_owned(),
            })
        });
        let what = wording.paragraphs.iter().chain([&wording.question]);
        Self {
            wording: wording.wording.clone(),
            version: wording.version,
            language: wording.language.clone(),
            purpose: wording.purpose,
            for_oneself: wording.purpose.is_for_oneself(),
            for_children: wording.purpose.is_for_children(),
            title: wording.title.clone(),
            what: what.cloned().collect(),
            channels: channels
                .filter_map(|channel| {
                    let name = channel.name().and_then(channel_name);
                    let label = wording.channel_line(&channel, name)?;
                    Some(ChannelView {
                        channel,
                        label,
                        hint: None,
                    })
                })
                .collect(),
            attribution: wording
                .attribution_question
                .as_ref()
                .map(|question| AttributionView {
                    question: question.clone(),
                    options: options.collect(),
                }),
            how_to_change: wording.how_to_change().to_owned(),
            declaration: wording.declaration.clone(),
            valid_for_months: wording.valid_months,
            sha256: wording.text_ref().sha256,
        }
    }
}

/// Ends the hand-over with the password of the member of staff who began it.
pub(crate) async fn end_hand_over(
    desk: &Desk,
    request: UnlockRequest,
) -> Result<StatusView, Refusal> {
    desk.end_hand_over(request).await
}
