//! Who came, who left, and what was entered by mistake.
//!
//! An attendance or departure counts unless it is voided. Somebody is here while an attendance of
//! theirs counts and no departure of it does.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use porch_domain::id::{
    ActivityId, AttendanceEventId, AttendanceId, FamilyId, PersonId, SessionId,
};
use porch_domain::session::Session;
use porch_domain::time::Instant;
use rusqlite::params;

use crate::access::Read;
use crate::error::StoreError;
use crate::family::MemberRow;

/// Somebody at a session.
#[derive(Clone, PartialEq)]
pub struct CameRow {
    /// The attendance.
    pub attendance: AttendanceId,
    /// The session.
    pub session: SessionId,
    /// When they were signed in.
    pub arrived_at: Instant,
    /// They are still here.
    pub here: bool,
    /// The family they came with is hidden, or its record has not arrived.
    pub protected: bool,
    /// Who they are, in the family they came with.
    pub who: MemberRow,
}

/// A family that is expected at a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedRow {
    /// The family.
    pub family: FamilyId,
    /// It is hidden, or its record has not arrived.
    pub protected: bool,
}

/// A visit of a family's member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitRow {
    /// Who.
    pub person: PersonId,
    /// To which session.
    pub session: SessionId,
    /// When they were signed in.
    pub arrived_at: Instant,
    /// The session's day, where its record is on this device.
    pub date: Option<NaiveDate>,
    /// The activity, likewise.
    pub activity: Option<ActivityId>,
    /// What the activity is called, likewise.
    pub activity_name: Option<String>,
}

/// Sessions first, by their day; then who is at each, by index.
pub(crate) const CAME_ON: &str = "
    SELECT a.id, a.session, a.arrived_at,
           NOT EXISTS (
               SELECT 1 FROM departure d
               WHERE d.attendance = a.id
                   AND NOT EXISTS (SELECT 1 FROM attendance_void dv WHERE dv.event = d.id)
           ),
           coalesce(h.protected, 1),
           a.family, a.person, m.id, m.role,
           p.given_name, p.family_name, p.known_as, p.birth_date, p.phone,
           p.allergies IS NOT NULL, coalesce(p.staff, 0)
    FROM session s
    CROSS JOIN attendance a ON a.session = s.id
    LEFT JOIN family_hidden h ON h.family = a.family
    LEFT JOIN person p ON p.id = a.person
    LEFT JOIN membership m ON m.id = (
        SELECT own.id FROM membership own
        WHERE own.person = a.person AND own.family = a.family
        ORDER BY own.ended_on IS NOT NULL, own.id
        LIMIT 1
    )
    WHERE s.date = ?1
        AND NOT EXISTS (SELECT 1 FROM attendance_void v WHERE v.event = a.id)
    ORDER BY a.arrived_at, a.id";

/// Who came to the same activity in this many days is expected at its session today.
const EXPECTED_DAYS: u64 = 15;

/// A family whose record has not arrived is taken for hidden.
pub(crate) const EXPECTED_AT: &str = "
    SELECT a.family, coalesce(h.protected, 1)
    FROM session s
    CROSS JOIN attendance a ON a.session = s.id
    LEFT JOIN family_hidden h ON h.family = a.family
    WHERE s.date BETWEEN ?2 AND ?1 AND s.activity = ?3
        AND NOT EXISTS (SELECT 1 FROM attendance_void v WHERE v.event = a.id)";

/// One row for each arrival that has not ended, those with hidden families only where asked for.
pub(crate) const HERE_ON: &str = "
    SELECT a.person, a.id, a.session
    FROM session s
    CROSS JOIN attendance a ON a.session = s.id
    WHERE s.date = ?1
        AND (?2 OR EXISTS (SELECT 1 FROM family_hidden h WHERE h.family = a.family AND h.protected = 0))
        AND NOT EXISTS (SELECT 1 FROM attendance_void v WHERE v.event = a.id)
        AND NOT EXISTS (
            SELECT 1 FROM departure d
            WHERE d.attendance = a.id
                AND NOT EXISTS (SELECT 1 FROM attendance_void dv WHERE dv.event = d.id)
        )
    ORDER BY a.arrived_at, a.id";

/// By the index on session and person: today's sessions are few, whoever is at them.
pub(crate) const IS_HERE: &str = "
    SELECT 1
    FROM session s
    CROSS JOIN attendance a
        ON a.session = s.id
        AND a.person IN (SELECT ?2 UNION ALL SELECT other FROM same_record WHERE one = ?2)
    WHERE s.date = ?1
        AND (?3 OR EXISTS (SELECT 1 FROM family_hidden h WHERE h.family = a.family AND h.protected = 0))
        AND NOT EXISTS (SELECT 1 FROM attendance_void v WHERE v.event = a.id)
        AND NOT EXISTS (
            SELECT 1 FROM departure d
            WHERE d.attendance = a.id
                AND NOT EXISTS (SELECT 1 FROM attendance_void dv WHERE dv.event = d.id)
        )";

pub(crate) const VISITS_OF: &str = "
    SELECT a.person, a.session, a.arrived_at, s.date, s.activity, act.name
    FROM attendance a
    LEFT JOIN session s ON s.id = a.session
    LEFT JOIN activity act ON act.id = s.activity
    WHERE a.family = ?1
        AND NOT EXISTS (SELECT 1 FROM attendance_void v WHERE v.event = a.id)
    ORDER BY a.arrived_at DESC
    LIMIT ?2";

pub(crate) const LAST_ARRIVAL: &str = "
    SELECT a.arrived_at
    FROM attendance a
    WHERE a.family = ?1
        AND NOT EXISTS (SELECT 1 FROM attendance_void v WHERE v.event = a.id)
    ORDER BY a.arrived_at DESC
    LIMIT 1";

const IS_VOID: &str = "SELECT 1 FROM attendance_void WHERE event = ?";

/// Whoever came since then is expected on that day.
pub(crate) fn expected_since(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(Days::new(EXPECTED_DAYS))
        .unwrap_or(date)
}

impl Read<'_> {
    /// Everybody who came to a session of that day, in the order of arrival.
    ///
    /// # Errors
    /// When the store fails or a row is not of its form.
    pub fn came_on(&self, date: NaiveDate) -> Result<Vec<CameRow>, StoreError> {
        let mut select = self.connection.prepare_cached(CAME_ON)?;
        let mut rows = select.query([date.to_string()])?;
        let mut came = Vec::new();
        while let Some(row) = rows.next()? {
            let mut who = MemberRow::read(row, 5)?;
            who.settle(self)?;
            came.push(CameRow {
                attendance: AttendanceId::from_bytes(row.get(0)?),
                session: SessionId::from_bytes(row.get(1)?),
                arrived_at: instant(row.get(2)?)?,
                here: row.get(3)?,
                protected: row.get(4)?,
                who,
            });
        }
        Ok(came)
    }

    /// The families that were at a session's activity on its day or in the 15 days before it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn expected_at(&self, session: &Session) -> Result<Vec<ExpectedRow>, StoreError> {
        let since = expected_since(session.date);
        let mut select = self.connection.prepare_cached(EXPECTED_AT)?;
        let rows = select.query_map(
            params![
                session.date.to_string(),
                since.to_string(),
                session.activity.to_bytes()
            ],
            |row| {
                Ok(ExpectedRow {
                    family: FamilyId::from_bytes(row.get(0)?),
                    protected: row.get(1)?,
                })
            },
        )?;
        let mut seen = HashSet::new();
        let mut families: Vec<ExpectedRow> = rows.collect::<Result<_, _>>()?;
        families.retain(|row| seen.insert(row.family));
        Ok(families)
    }

    /// Who is here on that day, with the attendance and session of each; of several, the first.
    /// Whoever came with a hidden family is among them only if `hidden` is asked for.
    ///
    /// # Errors
    /// When the store fails.
    pub fn here_on(
        &self,
        date: NaiveDate,
        hidden: bool,
    ) -> Result<HashMap<PersonId, (AttendanceId, SessionId)>, StoreError> {
        let mut select = self.connection.prepare_cached(HERE_ON)?;
        let mut rows = select.query(params![date.to_string(), hidden])?;
        let mut here = HashMap::new();
        while let Some(row) = rows.next()? {
            let at = (
                AttendanceId::from_bytes(row.get(1)?),
                SessionId::from_bytes(row.get(2)?),
            );
            let person = self.survivor(PersonId::from_bytes(row.get(0)?))?;
            here.entry(person).or_insert(at);
        }
        Ok(here)
    }

    /// Whether a person is here on that day; `hidden` as for [`Read::here_on`].
    ///
    /// # Errors
    /// When the store fails.
    pub fn is_here(
        &self,
        person: PersonId,
        date: NaiveDate,
        hidden: bool,
    ) -> Result<bool, StoreError> {
        Ok(self.connection.prepare_cached(IS_HERE)?.exists(params![
            date.to_string(),
            person.to_bytes(),
            hidden
        ])?)
    }

    /// A family's latest visits, newest first, at most `limit` of them: one for each person.
    ///
    /// # Errors
    /// When the store fails or a row is not of its form.
    pub fn visits_of(&self, family: FamilyId, limit: u32) -> Result<Vec<VisitRow>, StoreError> {
        let mut visits = Vec::new();
        for home in self.all_the_same(family)? {
            visits.extend(self.visits_of_one(home, limit)?);
        }
        visits.sort_by_key(|visit| std::cmp::Reverse(visit.arrived_at));
        let mut seen = HashSet::new();
        visits.retain(|visit| seen.insert((visit.session, visit.person)));
        visits.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(visits)
    }

    fn visits_of_one(&self, family: FamilyId, limit: u32) -> Result<Vec<VisitRow>, StoreError> {
        let mut select = self.connection.prepare_cached(VISITS_OF)?;
        let mut rows = select.query(params![family.to_bytes(), limit])?;
        let mut visits = Vec::new();
        while let Some(row) = rows.next()? {
            visits.push(VisitRow {
                person: self.survivor(PersonId::from_bytes(row.get(0)?))?,
                session: SessionId::from_bytes(row.get(1)?),
                arrived_at: instant(row.get(2)?)?,
                date: crate::family::date(row.get(3)?)?,
                activity: row
                    .get::<_, Option<[u8; 16]>>(4)?
                    .map(ActivityId::from_bytes),
                activity_name: row.get(5)?,
            });
        }
        Ok(visits)
    }

    /// When somebody of the family was last signed in.
    ///
    /// # Errors
    /// When the store fails or the row is not of its form.
    pub fn last_arrival(&self, family: FamilyId) -> Result<Option<Instant>, StoreError> {
        let mut select = self.connection.prepare_cached(LAST_ARRIVAL)?;
        let mut last = None;
        for home in self.all_the_same(family)? {
            let mut rows = select.query([home.to_bytes()])?;
            last = last.max(rows.next()?.map(|row| instant(row.get(0)?)).transpose()?);
        }
        Ok(last)
    }

    /// Whether an arrival or a departure was recorded by mistake.
    ///
    /// # Errors
    /// When the store fails.
    pub fn is_attendance_void(&self, event: AttendanceEventId) -> Result<bool, StoreError> {
        Ok(self
            .connection
            .prepare_cached(IS_VOID)?
            .exists([event.to_bytes()])?)
    }
}

pub(crate) fn instant(text: String) -> Result<Instant, StoreError> {
    text.parse().map_err(|_| StoreError::Malformed)
}
