//! When a family came, and what it may have come for today.

use chrono::NaiveDate;
use porch_domain::id::{PersonId, SessionId};
use porch_store::attendance::VisitRow;
use porch_store::{Read, StoreError};

use super::{MemberView, VisitView};
use crate::clock::london_date;
use crate::today::london_instant;
use crate::work::Work;

/// The most visits shown.
const MAX_VISITS: usize = 12;

fn day_of(visit: &VisitRow) -> NaiveDate {
    visit.date.unwrap_or_else(|| london_date(visit.arrived_at))
}

/// One line for each day and session, newest first.
pub(super) fn show_visits(visits: &[VisitRow]) -> Vec<VisitView> {
    let mut shown: Vec<(SessionId, VisitView)> = Vec::new();
    for visit in visits {
        let date = day_of(visit);
        match shown
            .iter_mut()
            .find(|(session, view)| *session == visit.session && view.date == date)
        {
            Some((_, view)) if view.people.contains(&visit.person) => {}
            Some((_, view)) => view.people.push(visit.person),
            None => {
                let activity = visit.activity_name.clone().unwrap_or_default();
                shown.push((
                    visit.session,
                    VisitView {
                        date,
                        activity,
                        people: vec![visit.person],
                    },
                ));
            }
        }
    }
    shown.truncate(MAX_VISITS);
    shown.into_iter().map(|(_, view)| view).collect()
}

/// Who came on the latest day that anybody came, and still belongs to the family.
pub(super) fn last_time(visits: &[VisitRow], members: &[MemberView]) -> Vec<PersonId> {
    let Some(latest) = visits.iter().map(day_of).max() else {
        return Vec::new();
    };
    let came = |member: &&MemberView| {
        visits
            .iter()
            .any(|visit| visit.person == member.person && day_of(visit) == latest)
    };
    members
        .iter()
        .filter(came)
        .map(|member| member.person)
        .collect()
}

/// Today's sessions: what runs before what is to come, and that before what is over; of these the
/// activity that the family came to last, then by their beginning.
pub(super) fn sessions_now(
    work: &Work,
    read: &Read<'_>,
    visits: &[VisitRow],
) -> Result<Vec<SessionId>, StoreError> {
    let usual = visits.iter().find_map(|visit| visit.activity);
    let mut sessions = read.sessions_on(work.today, work.device.centre)?;
    sessions.sort_by_key(|session| {
        let (from, to) = (
            london_instant(work.today, session.starts_at),
            london_instant(work.today, session.ends_at),
        );
        let over = to < work.now;
        let running = from <= work.now && !over;
        (over, !running, usual != Some(session.activity), from)
    });
    Ok(sessions
        .into_iter()
        .map(|session| session.session)
        .collect())
}
