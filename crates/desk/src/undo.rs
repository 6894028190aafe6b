//! Takes back an arrival or a departure that was entered by mistake.

use std::collections::HashSet;

use porch_domain::attendance::{Attendance, AttendanceVoid, Departure};
use porch_domain::id::{AttendanceEventId, RecordId};
use porch_domain::role::{Action, can};
use porch_domain::session::Session;
use porch_domain::time::Instant;
use porch_store::Read;
use serde::Deserialize;
use ts_rs::TS;

use crate::changes::created;
use crate::people::{Sight, visible_family};
use crate::refusal::{Code, Nothing, Refusal};
use crate::work::Work;

/// What to take back.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct UndoRequest {
    /// The text that came with what was done.
    pub undo: String,
}

/// The most events that one thing done can have made.
const MAX_EVENTS: usize = 100;

/// What is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UndoKind {
    Attendance,
    Departure,
}

impl UndoKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Attendance => "attendance",
            Self::Departure => "departure",
        }
    }
}

/// What the window hands back to take these events back: `attendance:<id>,<id>`.
pub(crate) fn undo_text<I: RecordId>(kind: UndoKind, events: &[I]) -> String {
    let ids: Vec<String> = events.iter().map(I::to_string).collect();
    format!("{}:{}", kind.word(), ids.join(","))
}

fn parse(text: &str) -> Option<(UndoKind, Vec<AttendanceEventId>)> {
    let (word, ids) = text.split_once(':')?;
    let kind = [UndoKind::Attendance, UndoKind::Departure]
        .into_iter()
        .find(|kind| kind.word() == word)?;
    let ids: Vec<AttendanceEventId> = ids
        .split(',')
        .map(|id| id.parse().ok())
        .collect::<Option<_>>()?;
    (ids.len() <= MAX_EVENTS).then_some((kind, ids))
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Voids what was done. What is void already stays so: taking back twice is taking back once. What
/// somebody else did is taken back only by roles that may void it.
pub(crate) fn undo(work: &Work, request: UndoRequest) -> Result<Nothing, Refusal> {
    let may_void = can(work.login.role, Action::VoidAttendance);
    let since = Instant::from_unix_ms(work.now.unix_ms().saturating_sub(DAY_MS));
    let (kind, events) =
        parse(&request.undo).ok_or(Refusal::of_field("undo", Code::MalformedRequest))?;
    work.write(|write| {
        let mut changes = Vec::new();
        let mut seen = HashSet::new();
        for event in events {
            if !is_todays(work, write, kind, event)? {
                return Err(Refusal::of_field("undo", Code::SessionNotToday));
            }
            if !may_void && !write.changed_since(work.login.user, event.uuid(), since)? {
                return Err(Code::NotAllowed.into());
            }
            if seen.insert(event) && !write.is_attendance_void(event)? {
                let void = AttendanceVoid {
                    id: work.make_id()?,
                    event,
                    voided_at: work.now,
                };
                changes.push(created(&void, work.device.centre));
            }
        }
        if !changes.is_empty() {
            work.save(write, "undo", changes)?;
        }
        Ok(Nothing {})
    })
}

fn is_todays(
    work: &Work,
    read: &Read<'_>,
    kind: UndoKind,
    event: AttendanceEventId,
) -> Result<bool, Refusal> {
    let attendance = match kind {
        UndoKind::Attendance => event.uuid().into(),
        UndoKind::Departure => read.record::<Departure>(event.uuid().into())?.0.attendance,
    };
    let (attendance, _) = read.record::<Attendance>(attendance)?;
    visible_family(read, Sight(work.login.role), attendance.family)?;
    let (session, _) = read.record::<Session>(attendance.session)?;
    Ok(session.date == work.today)
}

#[cfg(test)]
mod tests {
    use porch_domain::id::AttendanceId;

    use super::*;

    #[test]
    fn what_is_handed_out_reads_back() {
        let ids = [1, 2].map(|n| AttendanceId::make(n, [3; 10]));
        let text = undo_text(UndoKind::Attendance, &ids);
        let (kind, events) = parse(&text).unwrap();
        assert_eq!(kind, UndoKind::Attendance);
        assert_eq!(
            events.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ids.map(|id| id.to_string())
        );
        for text in [
            "",
            "attendance",
            "attendance:",
            "attendance:x",
            "person:00000000-0000-0000-0000-000000000000",
        ] {
            assert!(parse(text).is_none(), "{text:?} undoes nothing");
        }
    }
}
