//! A parent's decisions, signed.

use chrono::Months;
use porch_domain::authority::Authority;
use porch_domain::bytes::Digest;
use porch_domain::channel::Channel;
use porch_domain::consent::DecisionProblem;
use porch_domain::decision::{Attribution, Capacity, Decision, Help, Purpose};
use porch_domain::id::{AuthorityId, DecisionId, PersonId, RecordId as _, UserId};
use porch_domain::text::{TextKind, TextRef};
use porch_domain::time::Instant;
use porch_domain::wording::Wording;
use porch_store::{Read, StoreError};
use porch_sync::Change;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::changes::created;
use crate::hand_over::{asked, check_decider, members};
use crate::refusal::{Code, Refusal};
use crate::signature::{Signed, Stroke};
use crate::texts::{NoticeSeen, Offered, shown};
use crate::withdraw_consent::{note_removals, scrub};
use crate::work::{Work, make_id};

/// A decider's answers, checked and signed once.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideRequest {
    /// Who decides.
    pub decider: PersonId,
    /// One for each person and wording.
    pub answers: Vec<SubjectAnswers>,
    /// The signature drawn on the screen.
    pub signature: Vec<Stroke>,
    /// Or the name typed before a witness.
    pub typed_name: Option<String>,
    /// The witness: a member of staff.
    pub witness: Option<UserId>,
    /// The language of wordings and notice: a BCP 47 tag.
    pub language: String,
    /// The privacy notice shown.
    pub notice: NoticeSeen,
    /// Who helped.
    pub help: Help,
}

/// The answers for one person and one wording.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubjectAnswers {
    /// Who is decided for.
    pub subject: PersonId,
    /// For a child: by which authority.
    pub authority: Option<AuthorityId>,
    /// The wording shown.
    pub wording: String,
    /// Its version.
    pub version: u32,
    /// SHA-256 of its exact text.
    pub sha256: Digest,
    /// For a quote that some channel is granted for: whose name stands under it.
    pub attribution: Option<Attribution>,
    /// The channels granted.
    pub granted: Vec<Channel>,
    /// The channels refused.
    pub refused: Vec<Channel>,
    /// The decider's own earlier decisions that the screen showed.
    pub replaces: Vec<DecisionId>,
}

/// What was kept.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct DecidedView {
    /// The decisions, in the order of the answers.
    pub decisions: Vec<DecisionId>,
    /// A short code for people: on the receipt, on the telephone.
    pub reference: String,
}

pub(crate) fn decide(work: &Work, request: DecideRequest) -> Result<DecidedView, Refusal> {
    let signed = Signed::of(work, &request)?;
    let decided = work.write(|write| {
        let handed_over = write.hand_over()?.ok_or(Code::NotFound)?;
        let members = members(work, write, handed_over.family)?;
        let offered = Offered::read(write)?;
        let languages = offered.languages(&handed_over.purposes);
        if !languages
            .iter()
            .any(|each| each.language == request.language)
        {
            return Err(Refusal::of_field("language", Code::WordingOutdated));
        }
        if request.notice.language != request.language || !offered.is_in_force(&request.notice) {
            return Err(Refusal::of_field("notice", Code::WordingOutdated));
        }
        check_decider(work, write, &members, request.decider)?;
        let mut decisions: Vec<Decision> = Vec::with_capacity(request.answers.len());
        for (number, answers) in request.answers.iter().enumerate() {
            if !members
                .iter()
                .any(|member| member.person == answers.subject)
            {
                return Err(of_answer(number, "subject", Code::NotFound));
            }
            let decision = wording(&offered, &handed_over.purposes, &request, answers)
                .and_then(|wording| decision(work, write, &request, answers, wording, &signed))
                .and_then(|decision| check(write, &decision).map(|()| decision))
                .map_err(|code| of_answer(number, field_of(code), code))?;
            if decisions
                .iter()
                .any(|same| same.subject == decision.subject && same.purpose == decision.purpose)
            {
                return Err(of_answer(number, "wording", Code::Invalid));
            }
            decisions.push(decision);
        }
        if decisions.is_empty() {
            return Err(Refusal::of_field("answers", Code::Required));
        }
        let mut changes: Vec<Change> = decisions
            .iter()
            .map(|decision| created(decision, work.device.centre))
            .collect();
        changes.extend(shown(work, write, request.decider, &request.notice)?);
        work.save(write, "decide", changes)?;
        let reference = decisions.first().map(Decision::reference);
        let decisions: Vec<DecisionId> = decisions.iter().map(|decision| decision.id).collect();
        for decision in &decisions {
            note_removals(work, write, decision.uuid())?;
        }
        Ok(DecidedView {
            reference: reference.unwrap_or_default(),
            decisions,
        })
    })?;
    scrub(work);
    Ok(decided)
}

fn of_answer(number: usize, field: &str, code: Code) -> Refusal {
    Refusal::of_field(&format!("answers.{number}.{field}"), code)
}

const fn field_of(code: Code) -> &'static str {
    match code {
        Code::WordingOutdated => "wording",
        Code::DecisionSeenOutdated => "replaces",
        Code::NoAuthority => "authority",
        Code::SignatureMissing => "signature",
        Code::Invalid => "attribution",
        _ => "granted",
    }
}

/// The wording that was shown: it is what the family was to be asked, to the letter, and the county
/// still offers it.
fn wording<'a>(
    offered: &'a Offered,
    purposes: &[Purpose],
    request: &DecideRequest,
    answers: &SubjectAnswers,
) -> Result<&'a Wording, Code> {
    let shown = TextRef {
        kind: TextKind::Wording,
        name: answers.wording.clone(),
        version: answers.version,
        language: request.language.clone(),
        sha256: answers.sha256,
    };
    purposes
        .iter()
        .filter(|purpose| match answers.authority {
            Some(_) => purpose.is_for_children(),
            None => purpose.is_for_oneself(),
        })
        .filter_map(|purpose| offered.texts.wording(*purpose, &request.language))
        .find(|wording| wording.text_ref() == shown)
        .ok_or(Code::WordingOutdated)
}

/// The decision that the answers for one person and wording make.
fn decision(
    work: &Work,
    read: &Read<'_>,
    request: &DecideRequest,
    answers: &SubjectAnswers,
    wording: &Wording,
    signed: &Signed,
) -> Result<Decision, Code> {
    let mut answered: Vec<&Channel> = answers.granted.iter().chain(&answers.refused).collect();
    answered.sort();
    let mut asked = asked(wording.purpose);
    asked.sort();
    if !answered.into_iter().eq(asked.iter()) {
        return Err(Code::Unanswered);
    }
    let notice = &request.notice;
    Ok(Decision {
        id: make_id(work.now).map_err(|refusal| refusal.code)?,
        subject: answers.subject,
        purpose: wording.purpose,
        granted: answers.granted.clone(),
        refused: answers.refused.clone(),
        decider: request.decider,
        capacity: if answers.authority.is_some() {
            Capacity::Authority
        } else {
            Capacity::Own
        },
        authority: answers.authority,
        wording: wording.wording.clone(),
        wording_version: wording.version,
        wording_sha256: answers.sha256,
        notice: notice.notice.clone(),
        notice_version: notice.version,
        notice_sha256: notice.sha256,
        language: request.language.clone(),
        help: request.help,
        method: signed.method,
        signature: signed.signature.clone(),
        witness: signed.witness,
        taken_by: work.login.user,
        device: work.device.number.0,
        centre: work.device.centre,
        decided_at: work.now,
        valid_until: valid_until(work, read, answers, wording.valid_months)?,
        at_expiry: wording.at_expiry,
        attribution: answers.attribution,
        replaces: answers.replaces.clone(),
    })
}

/// As long as the wording says, and no longer than the authority that it rests on.
fn valid_until(
    work: &Work,
    read: &Read<'_>,
    answers: &SubjectAnswers,
    months: u32,
) -> Result<Option<Instant>, Code> {
    let by_wording = work.now.utc().checked_add_months(Months::new(months));
    let by_wording = by_wording.map(|at| Instant::from_unix_ms(at.timestamp_millis()));
    let authority = answers
        .authority
        .map(|id| read.record::<Authority>(id))
        .transpose();
    let last_day = authority
        .map_err(|_| Code::NoAuthority)?
        .and_then(|(authority, _)| authority.valid_until);
    let by_authority = last_day
        .and_then(|day| day.succ_opt())
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .map(|at| Instant::from_unix_ms(at.and_utc().timestamp_millis()));
    Ok([by_wording, by_authority].into_iter().flatten().min())
}

/// The rule's word on whether this may be recorded, against everything known about the person.
fn check(read: &Read<'_>, decision: &Decision) -> Result<(), Code> {
    let code = |error: StoreError| Refusal::from(error).code;
    let records = read.consent_records(decision.subject).map_err(code)?;
    let mut ledger = records.ledger();
    ledger.extend(read.approvals_of(decision.wording_sha256).map_err(code)?);
    let mut shown: Vec<DecisionId> = decision.replaces.clone();
    let mut heads: Vec<DecisionId> = ledger
        .heads(decision.subject, decision.purpose)
        .into_iter()
        .filter(|head| records.are_same(head.decider, decision.decider))
        .map(|head| head.id)
        .collect();
    shown.sort();
    heads.sort();
    if shown != heads {
        return Err(Code::DecisionSeenOutdated);
    }
    ledger.check_new(decision).map_err(Code::from)
}

impl From<DecisionProblem> for Code {
    fn from(problem: DecisionProblem) -> Self {
        match problem {
            DecisionProblem::NothingAnswered
            | DecisionProblem::BothAnswers
            | DecisionProblem::WrongChannel => Self::Unanswered,
            DecisionProblem::OwnForAnother
            | DecisionProblem::ChildAlone
            | DecisionProblem::NoAuthority
            | DecisionProblem::WrongAuthority
            | DecisionProblem::AuthorityNotInForce
            | DecisionProblem::AuthorityInDoubt
            | DecisionProblem::NoJudgement => Self::NoAuthority,
            DecisionProblem::NoSignature | DecisionProblem::NoWitness => Self::SignatureMissing,
            DecisionProblem::WrongAttribution | DecisionProblem::EndsBeforeItBegins => {
                Self::Invalid
            }
            DecisionProblem::WordsNotApproved => Self::WordingOutdated,
            DecisionProblem::ReplacesAnothers | DecisionProblem::LeavesEarlier => {
                Self::DecisionSeenOutdated
            }
        }
    }
}
