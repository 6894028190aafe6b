//! The sessions of a day.

use chrono::NaiveDate;
use porch_domain::id::{ActivityId, CentreId, SessionId};
use porch_domain::time::TimeOfDay;
use rusqlite::params;

use crate::access::Read;
use crate::error::StoreError;

/// A session with what screens say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Its identifier.
    pub session: SessionId,
    /// The activity.
    pub activity: ActivityId,
    /// What the activity is called; empty while its record has not arrived.
    pub activity_name: String,
    /// What the venue is called; empty while its record has not arrived.
    pub venue_name: String,
    /// From, London time.
    pub starts_at: TimeOfDay,
    /// To, London time.
    pub ends_at: TimeOfDay,
    /// How many children fit, where that is limited.
    pub places: Option<u32>,
    /// Pictures are never taken here.
    pub never_photograph: bool,
    /// Children stay without their parents.
    pub drop_off: bool,
}

/// The activity may be missing: records arrive in any order, and then pictures are not taken.
pub(crate) const SESSIONS_ON: &str = "
    SELECT s.id, s.activity, coalesce(a.name, ''), coalesce(v.name, ''), s.starts_at, s.ends_at, s.places,
           coalesce(a.never_photograph, 1), coalesce(a.drop_off, 0)
    FROM session s
    LEFT JOIN activity a ON a.id = s.activity
    LEFT JOIN centre v ON v.id = s.venue
    WHERE s.date = ?1 AND (s.centre = ?2 OR s.venue = ?2 OR v.parent = ?2)
    ORDER BY s.starts_at, s.ends_at, s.id";

impl Read<'_> {
    /// The sessions of a centre and its venues on a day, by their beginning.
    ///
    /// # Errors
    /// When the store fails or a row is not of its form.
    pub fn sessions_on(
        &self,
        date: NaiveDate,
        centre: CentreId,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let mut select = self.connection.prepare_cached(SESSIONS_ON)?;
        let mut rows = select.query(params![date.to_string(), centre.to_bytes()])?;
        let mut sessions = Vec::new();
        while let Some(row) = rows.next()? {
            let time = |index| -> Result<TimeOfDay, StoreError> {
                row.get::<_, String>(index)?
                    .parse()
                    .map_err(|_| StoreError::Malformed)
            };
            sessions.push(SessionRow {
                session: SessionId::from_bytes(row.get(0)?),
                activity: ActivityId::from_bytes(row.get(1)?),
                activity_name: row.get(2)?,
                venue_name: row.get(3)?,
                starts_at: time(4)?,
                ends_at: time(5)?,
                places: row.get(6)?,
                never_photograph: row.get(7)?,
                drop_off: row.get(8)?,
            });
        }
        Ok(sessions)
    }
}
