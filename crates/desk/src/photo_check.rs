//! Who of some people may be photographed at a session.

use porch_domain::consent::{No, Permit};
use porch_domain::decision::Purpose;
use porch_domain::id::{PersonId, SessionId};
use porch_domain::time::Instant;
use porch_store::Read;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::people::{Sight, name_of, visible_person};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Whom a picture would show.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhotoCheckRequest {
    /// At which session, if at one.
    pub session: Option<SessionId>,
    /// Everybody who can be recognised.
    pub people: Vec<PersonId>,
}

/// Who permits it.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct PhotoCheckView {
    /// Each person asked about.
    pub people: Vec<PhotoPersonView>,
    /// Whether pictures are taken at this activity at all.
    pub session_allows: bool,
}

/// Whether one person permits it.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct PhotoPersonView {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Whether a picture of them may be stored, or their words: what was asked.
    pub permitted: bool,
    /// Why not.
    pub reason: Option<Code>,
}

pub(crate) fn photo_check(
    work: &Work,
    request: PhotoCheckRequest,
) -> Result<PhotoCheckView, Refusal> {
    work.store.read(|read| {
        Ok(PhotoCheckView {
            people: checked(work, read, Purpose::PublicityPicture, request.people)?,
            session_allows: session_allows(read, request.session)?,
        })
    })
}

/// Whether each of these people permits something to be stored for a purpose.
pub(crate) fn checked(
    work: &Work,
    read: &Read<'_>,
    purpose: Purpose,
    asked: Vec<PersonId>,
) -> Result<Vec<PhotoPersonView>, Refusal> {
    let latest_seen = read.latest_seen(work.now)?;
    let mut people = Vec::with_capacity(asked.len());
    for person in asked {
        let name = name_of(&visible_person(
            read,
            Sight(work.login.role),
            person,
            work.today,
        )?);
        let reason = permit(read, person, purpose, latest_seen)?.err();
        people.push(PhotoPersonView {
            person,
            name,
            permitted: reason.is_none(),
            reason,
        });
    }
    Ok(people)
}

/// Whether pictures are taken at this session at all.
pub(crate) fn session_allows(read: &Read<'_>, session: Option<SessionId>) -> Result<bool, Refusal> {
    Ok(match session {
        Some(session) => !read.never_photograph(session)?,
        None => true,
    })
}

/// The permit to store a picture of somebody, or their words, or why there is none.
pub(crate) fn permit(
    read: &Read<'_>,
    person: PersonId,
    purpose: Purpose,
    latest_seen: Instant,
) -> Result<Result<Permit, Code>, Refusal> {
    let ledger = read.consent_records(person)?.ledger();
    Ok(ledger
        .permit(person, purpose, latest_seen)
        .map_err(|no| match no {
            No::NotAsked => Code::NoConsent,
            No::InDoubt => Code::NoAuthority,
            No::Expired => Code::ConsentExpired,
            No::Withdrawn | No::Refused => Code::ConsentWithdrawn,
        }))
}
