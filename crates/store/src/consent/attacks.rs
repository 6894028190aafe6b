//! Attacks on the rule of consent that once went through, each with plain SQL or with records as
//! they could arrive.

use porch_domain::attendance::{Attendance, AttendanceVoid, Departure};
use porch_domain::authority::{EndKind, Ground};
use porch_domain::catalogue::Record as _;
use porch_domain::concern::Concern;
use porch_domain::decision::Decision;
use porch_domain::id::{PersonId, RecordId as _, UserId};
use porch_domain::membership::MemberRole;
use porch_domain::withdrawal::WithdrawalHow;
use porch_sync::device::{Parcel, Replica as _};
use porch_sync::protocol::{CHUNK_BYTES, Variant};

use super::sample::{
    CANARY, NOW, authority, decision, end, idris, in_photo, maja, own_decision, pawel, person,
    photo, photo_id, place, put, put_pictures, replacing, withdrawal, zofia,
};
use super::scene::{ALL, Desk, desk, store_photo};
use crate::access::Write;
use crate::audit::{AuditEntry, Deed};
use crate::error::{ConsentRefusal, StoreError};
use crate::photo::PhotoState;

fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>) -> ConsentRefusal {
    match result {
        Err(StoreError::Consent(refusal)) => refusal,
        other => panic!("a guard refuses: {other:?}"),
    }
}

fn blob(id: impl porch_domain::id::RecordId) -> String {
    let bytes = id.uuid().into_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("X'{hex}'")
}

impl Desk {
    /// Writes a row of a table anew with other values, as no record could say it.
    fn copy(&self, table: &str, from: &str, set: &str) -> Result<(), StoreError> {
        self.sql(&format!(
            "DROP TABLE IF EXISTS temp.forged;
             CREATE TEMP TABLE forged AS SELECT * FROM main.{table} WHERE id = {from};
             UPDATE temp.forged SET {set};
             INSERT INTO main.{table} SELECT * FROM temp.forged;"
        ))
    }

    fn permitted(&self, subject: PersonId) -> bool {
        let subject = blob(subject);
        self.count(&format!(
            "SELECT COUNT(*) FROM permission WHERE subject = {subject}"
        )) > 0
    }

    fn put_all(&self, put: impl Fn(&Write<'_>) -> Result<(), StoreError>) {
        self.write(|write| put(write)).unwrap();
    }
}

#[test]
fn a_no_is_heard_whatever_is_missing_from_it() {
    let everything = "granted = '[]', refused = '[\"press\"]', id = randomblob(16)";
    for odd in [
        "signature = x''",
        "method = 'spoken'",
        "method = 'typed_with_witness'",
        "authority = NULL",
        "capacity = 'own'",
        "capacity = 'own', authority = NULL, decider = subject",
        "authority = randomblob(16)",
        "decided_at = 'today'",
        "decided_at = ''",
        "valid_until = 'never'",
    ] {
        let desk = desk();
        let first = blob(super::sample::decision_id(1));
        assert!(desk.permitted(zofia()));
        desk.copy("decision", &first, &format!("{everything}, {odd}"))
            .unwrap();
        assert!(!desk.permitted(zofia()), "{odd}");
        assert_ne!(desk.state(1), PhotoState::Here, "{odd}");
    }
    // Also a young child's, whenever it comes: before and after what is known of them.
    let young = |known_first: bool| {
        let desk = desk();
        let known = || {
            desk.put_all(|write| {
                put(write, &person(zofia(), Some(2)))?;
                put(write, &place(1, zofia(), MemberRole::Child))
            });
        };
        if known_first {
            known();
        }
        desk.put_all(|write| put(write, &own_decision(2, zofia(), &[], ALL)));
        assert_eq!(
            (desk.state(1), desk.pictures()),
            (PhotoState::Removed, 0),
            "its own no removes"
        );
        if !known_first {
            known();
        }
        assert!(!desk.permitted(zofia()));
    };
    young(true);
    young(false);
}

#[test]
fn a_withdrawal_is_heard_when_it_contradicts_itself() {
    for odd in [
        "how = 'in_person', verified = 0",
        "how = 'reported', verified = 1",
        "how = 'identity', verified = 1",
    ] {
        let desk = desk();
        desk.put_all(|write| {
            put(
                write,
                &withdrawal(1, idris(), &[9], None, WithdrawalHow::InPerson),
            )
        });
        let named = super::sample::decision_id(1).uuid();
        desk.copy(
            "withdrawal",
            "(SELECT id FROM main.withdrawal)",
            &format!("id = randomblob(16), decisions = '[\"{named}\"]', {odd}"),
        )
        .unwrap();
        assert!(!desk.permitted(zofia()), "{odd}");
        assert_eq!(desk.state(1), PhotoState::Suspended, "{odd}: as reported");
    }
}

#[test]
fn a_young_child_s_own_yes_does_not_count_however_it_comes() {
    fn yes() -> Decision {
        own_decision(2, idris(), ALL, &[])
    }
    type Step = fn(&Desk);
    let young: Step = |desk| desk.put_all(|write| put(write, &person(idris(), Some(2))));
    let ageless: Step = |desk| desk.put_all(|write| put(write, &person(idris(), None)));
    let says_yes: Step = |desk| desk.put_all(|write| put(write, &yes()));
    let in_2099: Step = |desk| {
        // Something was saved today, so that 2099 is known to be far.
        desk.sql(&format!("UPDATE tally SET latest_seen = '{NOW}'"))
            .unwrap();
        let mut yes = yes();
        yes.decided_at = "2099-01-01T00:00:00.000Z".parse().unwrap();
        desk.put_all(|write| put(write, &yes));
    };
    let a_child: Step =
        |desk| desk.put_all(|write| put(write, &place(1, idris(), MemberRole::Child)));
    let also_an_adult: Step =
        |desk| desk.put_all(|write| put(write, &place(2, idris(), MemberRole::OtherAdult)));
    let attacks: [(&str, &[Step]); 8] = [
        ("in order", &[young, says_yes]),
        ("the person later", &[says_yes, young]),
        (
            "birth date lifted and put back",
            &[young, ageless, says_yes, young],
        ),
        ("birth date lifted for good", &[young, ageless, says_yes]),
        ("a child without a person", &[a_child, says_yes]),
        ("an adult without a person", &[also_an_adult, says_yes]),
        (
            "a child and an adult",
            &[ageless, also_an_adult, a_child, says_yes],
        ),
        ("of a day to come", &[young, in_2099]),
    ];
    for (name, steps) in attacks {
        let desk = desk();
        for step in steps {
            step(&desk);
        }
        assert!(!desk.permitted(idris()), "{name}");
        let stored = desk.write(|write| {
            put(write, &photo(2, 1))?;
            put(write, &in_photo(2, idris(), 2))?;
            put_pictures(write, 2)
        });
        assert_eq!(refused(stored), ConsentRefusal::DoesNotStand, "{name}");
    }
    // Who is old enough, or known as an adult only, is believed.
    for steps in [
        [says_yes, ageless, also_an_adult],
        [
            |desk: &Desk| desk.put_all(|write| put(write, &person(idris(), Some(16)))),
            says_yes,
            a_child,
        ],
    ] {
        let desk = desk();
        steps.into_iter().for_each(|step| step(&desk));
        assert!(desk.permitted(idris()));
    }
}

#[test]
fn a_yes_has_a_time_that_can_be_read() {
    let desk = desk();
    let first = blob(super::sample::decision_id(1));
    for odd in [
        "decided_at = 'today'",
        "decided_at = 'now'",
        "decided_at = ''",
        "decided_at = '2026-11-23'",
        "decided_at = '2026-02-30T09:30:00.000Z'",
        "valid_until = 'never'",
    ] {
        let forged = desk.copy("decision", &first, &format!("id = randomblob(16), {odd}"));
        assert_eq!(refused(forged), ConsentRefusal::Malformed, "{odd}");
    }
    let photo = blob(photo_id(1));
    let forged = desk.copy("photo", &photo, "id = randomblob(16), stored_at = '0'");
    assert_eq!(refused(forged), ConsentRefusal::Malformed);
}

#[test]
fn an_authority_that_does_not_fit_permits_nothing() {
    let with = |holder: PersonId, set: &str| {
        let desk = desk();
        desk.put_all(|write| put(write, &authority(2, idris(), holder, Ground::Mother)));
        let second = blob(super::sample::authority_id(2));
        let third = blob(super::sample::authority_id(3));
        desk.copy("authority", &second, &format!("id = {third}, {set}"))
            .unwrap();
        desk.put_all(|write| put(write, &decision(2, (idris(), holder, 3), ALL, &[])));
        desk.permitted(idris())
    };
    assert!(with(maja(), "ground = 'mother'"));
    for odd in [
        "ground = 'neighbour'",
        "ground = ''",
        "ground = 'understands'",
        "valid_until = '2020-01-01'",
        "valid_until = '2026-11-22'",
        "valid_until = 'now'",
        "valid_until = ''",
        "valid_from = '2030-01-01'",
        "valid_from = '0'",
        "ground = 'delegated'",
    ] {
        assert!(!with(maja(), odd), "{odd}");
    }
    assert!(with(idris(), "ground = 'understands'"));
    assert!(!with(idris(), "ground = 'mother'"));
    assert!(with(
        maja(),
        "valid_from = '2026-11-23', valid_until = '2026-11-23'"
    ));
}

#[test]
fn no_picture_under_a_decision_that_no_longer_counts() {
    // The only head is over; named is the decision that it replaced.
    let desk = desk();
    let mut over = replacing(decision(2, (zofia(), maja(), 1), ALL, &[]), &[1]);
    over.valid_until = Some(NOW);
    desk.put_all(|write| put(write, &over));
    assert_eq!(
        refused(desk.write(|write| store_photo(write, 2, 1))),
        ConsentRefusal::Expired
    );
    // Named is a decision whose authority has ended, or never came.
    let lost = super::scene::desk();
    lost.put_all(|write| {
        put(write, &authority(2, zofia(), pawel(), Ground::Guardian))?;
        put(write, &decision(2, (zofia(), pawel(), 2), ALL, &[]))?;
        put(write, &end(1, 2, EndKind::Ended))
    });
    assert!(lost.permitted(zofia()), "her mother's yes is left");
    assert_eq!(
        refused(lost.write(|write| store_photo(write, 2, 2))),
        ConsentRefusal::DoesNotStand
    );
    lost.write(|write| store_photo(write, 2, 1)).unwrap();
}

#[test]
fn what_arrives_in_chunks_is_held_to_the_same() {
    let chunk = |desk: &Desk, n: u8, variant: &str, chunk: i64, bytes: usize| {
        desk.sql(&format!(
            "INSERT INTO picture_inbox VALUES ({}, '{variant}', {chunk}, zeroblob({bytes}))",
            blob(photo_id(n))
        ))
    };
    let here = desk();
    let whole = CANARY.len();
    for (variant, number, bytes) in [
        ("anything", 0, 1),
        ("picture", 0, whole + 1),
        ("picture", 0, 0),
        ("picture", 1, 1),
        ("picture", -1, 1),
        ("picture", -1, CHUNK_BYTES + 1),
    ] {
        assert_eq!(
            refused(chunk(&here, 1, variant, number, bytes)),
            ConsentRefusal::Malformed,
            "{variant} {number} {bytes}"
        );
    }
    chunk(&here, 1, "picture", 0, whole).unwrap();

    let over = desk();
    let mut ended = replacing(decision(2, (zofia(), maja(), 1), ALL, &[]), &[1]);
    ended.valid_until = Some(NOW);
    over.put_all(|write| put(write, &ended));
    assert_eq!(
        refused(chunk(&over, 1, "picture", 0, whole)),
        ConsentRefusal::Expired
    );
}

#[test]
fn a_photo_that_the_guards_keep_out_ends_no_meeting() {
    let desk = desk();
    desk.put_all(|write| {
        let mut taken = photo(2, 1);
        taken.session = Some(porch_domain::id::SessionId::make(70, [1; 10]));
        put(write, &taken)?;
        put(write, &in_photo(2, zofia(), 1))
    });
    let unknown_session = photo_id(2).uuid();
    assert!(desk.store.parcels_in().unwrap().is_empty(), "nor asked for");
    let parcel = Parcel {
        photo: unknown_session,
        variant: Variant::Picture,
        bytes: CANARY.len() as u64,
        chunks: 0,
    };
    desk.store.chunk_arrived(&parcel, 0, CANARY).unwrap();
    assert_eq!(desk.pictures(), 2, "photo 1's");
    assert_eq!(desk.count("SELECT COUNT(*) FROM picture_inbox"), 0);
}

#[test]
fn a_withdrawal_s_names_come_with_it_and_no_other_way() {
    let name = |desk: &Desk, decision: u8, withdrawal: &str| {
        desk.sql(&format!(
            "INSERT INTO withdrawal_named VALUES ({}, {withdrawal})",
            blob(super::sample::decision_id(decision))
        ))
    };
    let elsewhere = withdrawal(1, zofia(), &[7], None, WithdrawalHow::InPerson);
    let id = blob(elsewhere.id);
    // Before: the withdrawal is not here.
    let before = desk();
    assert_eq!(refused(name(&before, 1, &id)), ConsentRefusal::Malformed);
    // After: it names another.
    let after = desk();
    after.put_all(|write| put(write, &elsewhere));
    assert_eq!(refused(name(&after, 1, &id)), ConsentRefusal::Malformed);
    assert_eq!(refused(name(&after, 7, &id)), ConsentRefusal::Exists);
    assert_eq!((after.state(1), after.pictures()), (PhotoState::Here, 2));
    // Named twice, whatever the conflict clause.
    for verb in [
        "INSERT",
        "INSERT OR ABORT",
        "INSERT OR REPLACE",
        "INSERT OR FAIL",
    ] {
        let twice = desk();
        twice.put_all(|write| put(write, &elsewhere));
        let named = super::sample::decision_id(1).uuid();
        twice
            .sql(&format!(
                "CREATE TEMP TABLE forged AS SELECT * FROM main.withdrawal;
                 UPDATE temp.forged SET id = randomblob(16),
                     decisions = json_array('{named}', '{named}', upper('{named}'));
                 {verb} INTO main.withdrawal SELECT * FROM temp.forged;"
            ))
            .unwrap();
        assert_eq!(
            (twice.state(1), twice.pictures()),
            (PhotoState::Removed, 0),
            "{verb}"
        );
    }
}

#[test]
fn a_caption_goes_with_its_picture() {
    const SAID: &str = "Idris and Zofia at the sand pit";
    let desk = desk();
    let of_two = |n: u8| {
        let mut taken = photo(n, 1);
        taken.caption = Some(SAID.into());
        taken
    };
    let id = blob(photo_id(2));
    desk.put_all(|write| {
        put(write, &of_two(2))?;
        put(write, &in_photo(2, zofia(), 1))?;
        put_pictures(write, 2)
    });
    let made = serde_json::json!({"changes": [
        {"kind": "photo", "id": photo_id(2).uuid(), "fields": {"caption": SAID}},
        {"kind": "photo_subject", "id": photo_id(3).uuid(), "fields": {"photo": photo_id(2).uuid()}},
    ]});
    let other = serde_json::json!({"changes": [{"kind": "person", "id": photo_id(2).uuid()}]});
    desk.sql(&format!(
        "INSERT INTO outbox (sequence, salt, digest, body) VALUES
             (1, zeroblob(16), zeroblob(32), '{made}'), (2, zeroblob(16), zeroblob(32), '{other}')"
    ))
    .unwrap();
    for early in [
        format!("UPDATE photo SET caption = NULL WHERE id = {id}"),
        format!("UPDATE photo SET caption = 'Else' WHERE id = {id}"),
    ] {
        assert_eq!(refused(desk.sql(&early)), ConsentRefusal::Immutable);
    }
    desk.put_all(|write| {
        put(
            write,
            &withdrawal(1, zofia(), &[1], None, WithdrawalHow::InPerson),
        )
    });
    assert_eq!(desk.state(2), PhotoState::Removed);
    assert_eq!(
        desk.count("SELECT COUNT(*) FROM photo WHERE caption IS NOT NULL"),
        0
    );
    assert_eq!(
        desk.count("SELECT SUM(sequence) FROM outbox WHERE body IS NOT NULL AND salt IS NOT NULL"),
        2,
        "only the photo's own transaction is blanked"
    );
    for late in ["caption = 'Else'", "caption = NULL, subject_count = 5"] {
        assert_eq!(
            refused(desk.sql(&format!("UPDATE photo SET {late}"))),
            ConsentRefusal::Immutable
        );
    }
}

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
            format!("UPDATE {table} SET versions = ''"),
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
