//! Today: the sessions of this desk and who is here.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone as _};
use chrono_tz::Europe::London;
use porch_domain::id::{AttendanceId, FamilyId, PersonId, SessionId};
use porch_domain::role::{Action, can};
use porch_domain::time::{Instant, TimeOfDay};
use porch_domain::typed_date::Age;
use porch_domain::withdrawal::rule_by;
use porch_store::attendance::CameRow;
use porch_store::session::SessionRow;
use porch_store::{Read, StoreError};
use serde::Serialize;
use ts_rs::TS;

use crate::people::{Mark, MarkKind, PersonKind, Sight, called, person_marks};
use crate::refusal::{Nothing, Refusal};
use crate::work::Work;

/// The desk's first screen.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct TodayView {
    /// Today in London.
    #[ts(type = "string")]
    pub date: NaiveDate,
    /// The sessions of this centre and its venues, by their beginning.
    pub sessions: Vec<SessionView>,
    /// Who is here.
    pub here: Vec<HereView>,
    /// What was reported and waits for this login or another that may rule on it.
    pub reports: Option<ReportsView>,
}

/// Withdrawals that were reported and wait for a ruling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct ReportsView {
    /// How many.
    pub waiting: u32,
    /// Of how many the day is over by which somebody had to rule.
    pub overdue: u32,
    /// The first of these days.
    #[ts(type = "string")]
    pub rule_by: NaiveDate,
}

/// A session.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct SessionView {
    /// Its identifier.
    pub id: SessionId,
    /// What is on.
    pub activity: String,
    /// Where.
    pub venue: String,
    /// From.
    pub starts_at: Instant,
    /// To.
    pub ends_at: Instant,
    /// How many children fit, where that is limited.
    pub places: Option<u32>,
    /// How many adults came.
    pub adults: u32,
    /// How many children came, babies apart.
    pub children: u32,
    /// How many children under one year came.
    pub babies: u32,
    /// Pictures are never taken here.
    pub never_photograph: bool,
    /// Children stay without their parents.
    pub drop_off: bool,
}

/// Somebody who is here.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct HereView {
    /// Their attendance.
    pub attendance: AttendanceId,
    /// Who.
    pub person: PersonId,
    /// With which family.
    pub family: FamilyId,
    /// What they are called.
    pub name: String,
    /// How old they are.
    pub age: Option<Age>,
    /// Adult, child or baby.
    pub kind: PersonKind,
    /// At which session.
    pub session: SessionId,
    /// Since when.
    pub arrived_at: Instant,
    /// What needs attention.
    pub marks: Vec<Mark>,
}

/// The first screen. It names people and opens no record, so the audit does not list them.
pub(crate) fn today(work: &Work, _: Nothing) -> Result<TodayView, Refusal> {
    let sight = Sight(work.login.role);
    work.read(|read| {
        let sessions = read.sessions_on(work.today, work.device.centre)?;
        let ours: HashSet<SessionId> = sessions.iter().map(|session| session.session).collect();
        let mut came = read.came_on(work.today)?;
        came.retain(|came| ours.contains(&came.session));
        let heads = Heads::of(&came, work.today);
        let sessions = sessions
            .into_iter()
            .map(|session| show_session(session, work.today, &heads))
            .collect();
        let mut here = Vec::new();
        let mut seen = HashSet::new();
        for came in came {
            // Two devices may both have signed somebody in: that is one person here. What is hidden
            // does not take the place of what is seen.
            let seen_here = came.here && sight.names() && (!came.protected || sight.protected());
            if seen_here && seen.insert((came.session, came.who.person)) {
                let marks = person_marks(read, sight, came.who.person)?;
                here.push(show_here(&came, marks, sight, work.today));
            }
        }
        let reports = if can(work.login.role, Action::JudgeConsent) {
            reports(work, read, sight)?
        } else {
            None
        };
        Ok(TodayView {
            date: work.today,
            sessions,
            here,
            reports,
        })
    })
}

fn reports(work: &Work, read: &Read<'_>, sight: Sight) -> Result<Option<ReportsView>, StoreError> {
    let mut days = Vec::new();
    for report in read.unruled()? {
        if sight.protected() || !read.is_hidden(report.subject, work.today)? {
            days.push(rule_by(report.withdrawn_at));
        }
    }
    let count = |days: usize| u32::try_from(days).unwrap_or(u32::MAX);
    Ok(days.iter().min().map(|first| ReportsView {
        waiting: count(days.len()),
        overdue: count(days.iter().filter(|day| **day < work.today).count()),
        rule_by: *first,
    }))
}

/// Who came to each session, each person once: those who have left again came, too.
struct Heads(HashMap<SessionId, HashMap<PersonId, PersonKind>>);

impl Heads {
    fn of(came: &[CameRow], today: NaiveDate) -> Self {
        let mut heads: HashMap<SessionId, HashMap<PersonId, PersonKind>> = HashMap::new();
        for came in came {
            let who = &came.who;
            let kind = PersonKind::of(who.role, who.birth_date, who.staff, today);
            heads
                .entry(came.session)
                .or_default()
                .insert(who.person, kind);
        }
        Self(heads)
    }

    fn count(&self, session: SessionId, kind: PersonKind) -> u32 {
        let count = self.0.get(&session).map_or(0, |heads| {
            heads.values().filter(|head| **head == kind).count()
        });
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

fn show_session(session: SessionRow, date: NaiveDate, heads: &Heads) -> SessionView {
    let id = session.session;
    SessionView {
        id,
        activity: session.activity_name,
        venue: session.venue_name,
        starts_at: london_instant(date, session.starts_at),
        ends_at: london_instant(date, session.ends_at),
        places: session.places,
        adults: heads.count(id, PersonKind::Adult),
        children: heads.count(id, PersonKind::Child),
        babies: heads.count(id, PersonKind::Baby),
        never_photograph: session.never_photograph,
        drop_off: session.drop_off,
    }
}

fn show_here(came: &CameRow, mut marks: Vec<Mark>, sight: Sight, today: NaiveDate) -> HereView {
    let who = &came.who;
    if came.protected {
        marks.push(Mark::of(MarkKind::Protected));
    }
    HereView {
        attendance: came.attendance,
        person: who.person,
        family: who.family,
        name: called(
            who.given_name.as_deref(),
            who.family_name.as_deref(),
            who.known_as.as_deref(),
        ),
        age: sight.age(who.birth_date, today),
        kind: PersonKind::of(who.role, who.birth_date, who.staff, today),
        session: came.session,
        arrived_at: came.arrived_at,
        marks,
    }
}

/// The moment of a time of day in London. In the hour that the clocks skip in March, the hour after
/// it; in the one that they repeat in October, the first.
pub(crate) fn london_instant(date: NaiveDate, time: TimeOfDay) -> Instant {
    let local = date.and_time(NaiveTime::MIN) + TimeDelta::minutes(time.minutes().into());
    let moment = London
        .from_local_datetime(&local)
        .earliest()
        .map_or_else(|| local.and_utc(), |moment| moment.to_utc());
    Instant::from_unix_ms(moment.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_london_s() {
        let at = |date: &str, time: &str| {
            london_instant(date.parse().unwrap(), time.parse().unwrap()).to_string()
        };
        assert_eq!(at("2026-11-23", "09:30"), "2026-11-23T09:30:00.000Z");
        assert_eq!(
            at("2026-07-01", "09:30"),
            "2026-07-01T08:30:00.000Z",
            "summer time"
        );
        assert_eq!(
            at("2026-03-29", "01:30"),
            "2026-03-29T01:30:00.000Z",
            "the hour that is skipped"
        );
        assert_eq!(
            at("2026-10-25", "01:30"),
            "2026-10-25T00:30:00.000Z",
            "the hour that comes twice"
        );
    }
}
