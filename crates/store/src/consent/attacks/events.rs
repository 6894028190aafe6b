//! What is written once, and the audit.

use porch_domain::attendance::{Attendance, AttendanceVoid, Departure};
use porch_domain::catalogue::Record as _;
use porch_domain::concern::Concern;
use porch_domain::id::{RecordId as _, UserId};

use super::refused;
use crate::audit::{AuditEntry, Deed};
use crate::consent::sample::{NOW, maja, put, zofia};
use crate::consent::scene::{Desk, desk};
use crate::error::ConsentRefusal;

#[test]
fn events_stay_as_they_were_written() {
    let desk = desk();
    let concern = Concern {
        id: porch_domain::id::ConcernId::make(80, [1; 10]),
        about: Some(zofia()),
        kind: porch_domain::concern::ConcernKind::ALL[0],
        key_epoch: 1,
        sealed: porch_domain::bytes::Bytes(vec![1]),
        written_by: UserId::make(1, [9; 10]),
        written_at: NOW,
        call_made: None,
    };
    let attendance = Attendance {
        id: porch_domain::id::AttendanceId::make(81, [1; 10]),
        session: porch_domain::id::SessionId::make(82, [1; 10]),
        person: zofia(),
        family: porch_domain::id::FamilyId::make(61, [1; 10]),
        arrived_at: NOW,
    };
    let departure = Departure {
        id: porch_domain::id::DepartureId::make(83, [1; 10]),
        attendance: attendance.id,
        left_at: NOW,
        collected_by: Some(maja()),
    };
    let void = AttendanceVoid {
        id: porch_domain::id::AttendanceVoidId::make(84, [1; 10]),
        event: attendance.id.uuid().into(),
        voided_at: NOW,
    };
    desk.put_all(|write| {
        put(write, &concern)?;
        put(write, &attendance)?;
        put(write, &departure)?;
        put(write, &void)
    });
    for table in [
        Concern::KIND,
        Attendance::KIND,
        Departure::KIND,
        AttendanceVoid::KIND,
    ] {
        for attack in [
            format!("DELETE FROM {table}"),
            format!("UPDATE {table} SET extra = ''"),
            format!("UPDATE OR REPLACE {table} SET id = zeroblob(16)"),
            format!("REPLACE INTO {table} SELECT * FROM {table}"),
        ] {
            refused(desk.sql(&attack));
        }
        assert_eq!(desk.count(&format!("SELECT COUNT(*) FROM {table}")), 1);
    }
    refused(desk.sql("UPDATE departure SET collected_by = zeroblob(16)"));
    desk.sql("UPDATE departure SET collected_by = NULL")
        .unwrap();
}

#[test]
fn the_audit_cannot_be_rewritten_under_cover_of_an_erasure() {
    let desk = desk();
    desk.put_all(|write| {
        write.audit(&AuditEntry {
            at: NOW,
            user: UserId::make(1, [9; 10]),
            deed: Deed::Saw,
            purpose: "open_family",
            record: Some(("family", zofia().uuid())),
            fields: &[],
        })
    });
    for column in ["user", "action", "at", "purpose", "kind", "fields"] {
        let value = if column == "user" {
            "zeroblob(16)"
        } else {
            "'else'"
        };
        let attack = format!("UPDATE audit SET salt = NULL, record = NULL, {column} = {value}");
        assert_eq!(refused(desk.sql(&attack)), ConsentRefusal::Immutable);
    }
    let chain = |desk: &Desk| desk.store.read(|read| read.verify_audit()).unwrap();
    assert_eq!((chain(&desk).cleared, chain(&desk).broken_at), (0, None));
    desk.sql("UPDATE audit SET salt = NULL, record = NULL")
        .unwrap();
    let after = chain(&desk);
    assert_eq!(
        (after.entries, after.cleared, after.broken_at),
        (1, 1, None),
        "cleared, and counted"
    );
}
