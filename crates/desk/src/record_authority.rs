//! On what ground somebody decides for a child.

use porch_domain::authority::{Authority, Evidence, Ground as Known};
use porch_domain::id::{AuthorityId, PersonId};
use porch_domain::membership::MemberRole;
use porch_domain::role::{Action, can};
use porch_store::Read;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::changes::created;
use crate::people::{Sight, visible_person};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// The grounds that the front desk records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ground {
    /// The child's mother.
    Mother,
    /// The father, married to the mother or on the birth certificate.
    Father,
    /// An order of a court.
    CourtOrder,
    /// A guardian.
    Guardian,
    /// The local authority under a care order.
    CareOrder,
    /// Delegated by somebody who holds it.
    Delegated,
}

/// What staff recorded before a hand-over.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordAuthorityRequest {
    /// The child.
    pub child: PersonId,
    /// The adult who decides.
    pub holder: PersonId,
    /// The ground.
    pub ground: Ground,
    /// Whether a document was seen.
    pub evidence: Evidence,
}

/// The authority recorded.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub(crate) struct RecordedAuthorityView {
    /// The authority.
    pub authority: AuthorityId,
}

impl From<Ground> for Known {
    fn from(ground: Ground) -> Self {
        match ground {
            Ground::Mother => Self::Mother,
            Ground::Father => Self::FatherMarriedOrRegistered,
            Ground::CourtOrder => Self::CourtOrder,
            Ground::Guardian => Self::Guardian,
            Ground::CareOrder => Self::LocalAuthority,
            Ground::Delegated => Self::Delegated,
        }
    }
}

pub(crate) fn record_authority(
    work: &Work,
    request: RecordAuthorityRequest,
) -> Result<RecordedAuthorityView, Refusal> {
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
        let ground = Known::from(request.ground);
        let in_force: Vec<&Authority> = records
            .authorities_in_force(request.child, work.today)
            .collect();
        let same = |known: &&&Authority| {
            known.holder == request.holder
                && known.ground == ground
                && known.evidence == request.evidence
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
            delegated_from: (ground == Known::Delegated)
                .then(|| source(&in_force, request.holder))
                .transpose()?,
            reason: None,
            valid_from: None,
            valid_until: None,
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

/// A child, and an adult of one of its families. Whoever is only there to be called is none.
fn check_people(
    work: &Work,
    read: &Read<'_>,
    request: &RecordAuthorityRequest,
) -> Result<(), Refusal> {
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
        .filter(|known| known.ground != Known::Delegated && known.holder != holder);
    match (sources.next(), sources.next()) {
        (Some(source), None) => Ok(source.id),
        _ => Err(Refusal::of_field("ground", Code::NoAuthority)),
    }
}
