//! On what ground somebody decides for a child, or a young person for themself.

use chrono::NaiveDate;
use porch_domain::authority::{Authority, Evidence, Ground};
use porch_domain::consent::AGE_OF_OWN_DECISION;
use porch_domain::id::{AuthorityId, PersonId};
use porch_domain::membership::MemberRole;
use porch_domain::role::{Action, can};
use porch_domain::typed_date::Age;
use porch_store::Read;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::changes::created;
use crate::people::{Sight, visible_person};
use crate::refusal::{Code, Refusal, required_text};
use crate::work::Work;

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// Under this age nobody is asked whether a child understands. The law sets none (Gillick v West Norfolk and Wisbech AHA \[1986\] AC
/// 112 asks of each child); this only keeps a slip of the hand from letting a baby decide.
const YOUNGEST_WHO_UNDERSTANDS: u32 = 10;

/// What staff recorded before a hand-over.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordAuthorityRequest {
    /// The child.
    pub child: PersonId,
    /// The adult who decides; the child, where they decide for themself.
    pub holder: PersonId,
    /// The ground.
    pub ground: Ground,
    /// Whether a document was seen.
    pub evidence: Evidence,
    /// For somebody who decides for themself: why the member of staff judges that they understand. Else empty.
    #[serde(default)]
    pub reason: String,
    /// The last day, where it has one: of an order, or a delegation.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub valid_until: Option<NaiveDate>,
}

/// The authority recorded.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub(crate) struct RecordedAuthorityView {
    /// The authority.
    pub authority: AuthorityId,
}

pub(crate) fn record_authority(
    work: &Work,
    request: RecordAuthorityRequest,
) -> Result<RecordedAuthorityView, Refusal> {
    let reason = reason(work, &request)?;
    if request.valid_until.is_some_and(|until| until < work.today) {
        return Err(Refusal::of_field("valid_until", Code::DateTooEarly));
    }
    work.write(|write| {
        check_people(work, write, &request)?;
        let records = write.consent_records(request.child)?;
        // What somebody found to be over or in dispute is not put right by whoever asks next.
        let was_ended = records.ends.iter().any(|end| {
            records.authorities.iter().any(|authority| {
                authority.id == end.authority && records.are_same(authority.holder, request.holder)
            })
        });
        if was_ended && !can(work.login.role, Action::JudgeConsent) {
            return Err(Refusal::of_field("holder", Code::AuthorityEnded));
        }
        let ground = request.ground;
        let in_force: Vec<&Authority> = records
            .authorities_in_force(request.child, work.today)
            .collect();
        let same = |known: &&&Authority| {
            known.holder == request.holder
                && known.ground == ground
                && known.evidence == request.evidence
                && known.reason == reason
                && known.valid_until == request.valid_until
        };
        // Asking twice records it once.
        if let Some(known) = in_force.iter().find(same) {
            return Ok(RecordedAuthorityView {
                authority: known.id,
            });
        }
        let authority = Authority {
            id: work.make_id()?,
            child: request.child,
            holder: request.holder,
            ground,
            evidence: request.evidence,
            delegated_from: (ground == Ground::Delegated)
                .then(|| source(&in_force, request.holder))
                .transpose()?,
            reason: reason.clone(),
            valid_from: None,
            valid_until: request.valid_until,
            recorded_by: work.login.user,
            recorded_at: work.now,
        };
        work.save(
            write,
            "record_authority",
            vec![created(&authority, work.device.centre)],
        )?;
        Ok(RecordedAuthorityView {
            authority: authority.id,
        })
    })
}

/// Why somebody understands: said by who may judge it, and of nobody else.
fn reason(work: &Work, request: &RecordAuthorityRequest) -> Result<Option<String>, Refusal> {
    if request.ground != Ground::Understands {
        return if request.reason.trim().is_empty() {
            Ok(None)
        } else {
            Err(Refusal::of_field("reason", Code::Invalid))
        };
    }
    work.must(Action::JudgeUnderstanding)?;
    required_text("reason", &request.reason, LONGEST_REASON).map(Some)
}

/// A young person of a family, who is to decide for themself: of an age at which that can be asked, and at which it has to be.
fn check_young(work: &Work, read: &Read<'_>, person: PersonId) -> Result<(), Refusal> {
    let young = visible_person(read, Sight(work.login.role), person, work.today)?;
    let age = young.birth_date.and_then(|born| Age::on(born, work.today));
    let years = age
        .ok_or_else(|| Refusal::of_field("child", Code::Required))?
        .years;
    if years < YOUNGEST_WHO_UNDERSTANDS {
        Err(Refusal::of_field("child", Code::TooYoung))
    } else if years >= AGE_OF_OWN_DECISION {
        Err(Refusal::of_field("child", Code::Invalid))
    } else {
        Ok(())
    }
}

/// A child, and an adult of one of its families. Whoever is only there to be called is none.
fn check_people(
    work: &Work,
    read: &Read<'_>,
    request: &RecordAuthorityRequest,
) -> Result<(), Refusal> {
    if request.ground == Ground::Understands {
        return if request.child == request.holder {
            check_young(work, read, request.child)
        } else {
            Err(Refusal::of_field("holder", Code::Invalid))
        };
    }
    let sight = Sight(work.login.role);
    visible_person(read, sight, request.child, work.today)?;
    visible_person(read, sight, request.holder, work.today)?;
    let (mut is_child, mut is_adult) = (false, false);
    for (family, _) in read.families_of(request.child, work.today)? {
        let members = read.members_of(family, work.today)?;
        let role = |person| {
            members
                .iter()
                .find(|member| member.person == person)
                .and_then(|member| member.role)
        };
        is_child |= role(request.child) == Some(MemberRole::Child);
        is_adult |= role(request.holder)
            .is_some_and(|role| !matches!(role, MemberRole::Child | MemberRole::EmergencyContact));
    }
    if !is_child {
        return Err(Refusal::of_field("child", Code::Invalid));
    }
    if !is_adult || request.child == request.holder {
        return Err(Refusal::of_field("holder", Code::Invalid));
    }
    Ok(())
}

/// Who delegated it. It must be certain whose authority it rests on, since it ends with that one.
fn source(in_force: &[&Authority], holder: PersonId) -> Result<AuthorityId, Refusal> {
    let mut sources = in_force
        .iter()
        .filter(|known| known.ground != Ground::Delegated && known.holder != holder);
    match (sources.next(), sources.next()) {
        (Some(source), None) => Ok(source.id),
        _ => Err(Refusal::of_field("ground", Code::NoAuthority)),
    }
}
