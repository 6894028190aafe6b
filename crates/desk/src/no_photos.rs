//! The list of who may not be photographed at a session, to hang beside the camera.
//!
//! It gives no reasons, and does not tell who was asked and said no from who was never asked
//! (`docs/consent.md`): whoever reads it over a shoulder learns only that no picture is taken.

use std::collections::HashSet;

use chrono::NaiveDate;
use porch_domain::activity::Activity;
use porch_domain::centre::Centre;
use porch_domain::decision::Purpose;
use porch_domain::id::{PersonId, SessionId};
use porch_domain::session::Session;
use porch_domain::time::Instant;
use porch_domain::typed_date::Age;
use porch_store::family::MemberRow;
use porch_store::{Read, StoreError};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::people::{PersonKind, Sight, called};
use crate::photo_check::{permit, session_allows};
use crate::refusal::{Code, Refusal};
use crate::today::london_instant;
use crate::work::Work;

/// At which session.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoPhotosRequest {
    /// The session.
    pub session: SessionId,
}

/// Who may not be photographed at a session.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct NoPhotosView {
    /// What is on; empty while that has not arrived on this device.
    pub activity: String,
    /// Where, likewise.
    pub venue: String,
    /// From.
    pub starts_at: Instant,
    /// Nobody at all is photographed there, whatever they permit.
    pub never_photograph: bool,
    /// Of those who are here, by name.
    pub here: Vec<NoPhotosPersonView>,
    /// Of those who are expected: members of families that were at the activity lately, by name.
    pub expected: Vec<NoPhotosPersonView>,
    /// How many more whom this login may not know of by name.
    pub hidden: u32,
}

/// Somebody who may not be photographed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct NoPhotosPersonView {
    /// Who.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// How old a child is; grown-ups are known by their names.
    pub age: Option<Age>,
}

pub(crate) fn no_photos(work: &Work, request: NoPhotosRequest) -> Result<NoPhotosView, Refusal> {
    let sight = Sight(work.login.role);
    if !sight.names() {
        return Err(Code::NotAllowed.into());
    }
    work.store.read(|read| {
        let (session, _) = read.record::<Session>(request.session)?;
        let mut list = List {
            read,
            sight,
            today: work.today,
            latest_seen: read.latest_seen(work.now)?,
            seen: HashSet::new(),
            hidden: 0,
        };
        let mut came = read.came_on(session.date)?;
        came.retain(|came| came.session == request.session);
        let here = came.iter().filter(|came| came.here);
        let here = list.of(here.map(|came| (&came.who, came.protected)).collect())?;
        // Whoever has left again is not expected.
        list.seen.extend(came.iter().map(|came| came.who.person));
        let mut homes = Vec::new();
        for home in read.expected_at(&session)? {
            homes.push((read.members_of(home.family, session.date)?, home.protected));
        }
        let expected = homes
            .iter()
            .flat_map(|(members, protected)| members.iter().map(|who| (who, *protected)));
        let expected = list.of(expected.collect())?;
        Ok(NoPhotosView {
            activity: named(read.record::<Activity>(session.activity), |it| it.name)?,
            venue: named(read.record::<Centre>(session.venue), |it| it.name)?,
            starts_at: london_instant(session.date, session.starts_at),
            never_photograph: !session_allows(read, Some(request.session))?,
            here,
            expected,
            hidden: list.hidden,
        })
    })
}

/// A record's name; empty while it has not arrived.
fn named<R, V>(
    found: Result<(R, V), StoreError>,
    name: impl FnOnce(R) -> String,
) -> Result<String, StoreError> {
    match found {
        Ok((record, _)) => Ok(name(record)),
        Err(StoreError::NotFound) => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// The list as it grows.
struct List<'a, 'r> {
    read: &'a Read<'r>,
    sight: Sight,
    today: NaiveDate,
    latest_seen: Instant,
    seen: HashSet<PersonId>,
    hidden: u32,
}

impl List<'_, '_> {
    /// Those who may not be photographed, each once, by name. With each comes whether the family that
    /// they come with is hidden; whoever comes with another one, too, is named.
    fn of(
        &mut self,
        mut members: Vec<(&MemberRow, bool)>,
    ) -> Result<Vec<NoPhotosPersonView>, Refusal> {
        members.sort_by_key(|(_, protected)| *protected);
        let mut people = Vec::new();
        for (who, protected) in members {
            if !self.seen.insert(who.person)
                || permit(
                    self.read,
                    who.person,
                    Purpose::PublicityPicture,
                    self.latest_seen,
                )?
                .is_ok()
            {
                continue;
            }
            if protected && !self.sight.protected() {
                self.hidden += 1;
            } else {
                people.push(self.show(who));
            }
        }
        people.sort_by_cached_key(|person| person.name.to_lowercase());
        Ok(people)
    }

    fn show(&self, who: &MemberRow) -> NoPhotosPersonView {
        let kind = PersonKind::of(who.role, who.birth_date, who.staff, self.today);
        let is_child = matches!(kind, PersonKind::Child | PersonKind::Baby);
        let age = self.sight.age(who.birth_date, self.today);
        NoPhotosPersonView {
            person: who.person,
            name: called(
                who.given_name.as_deref(),
                who.family_name.as_deref(),
                who.known_as.as_deref(),
            ),
            age: age.filter(|_| is_child),
        }
    }
}
