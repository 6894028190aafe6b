//! The guards, attacked by plain SQL on an opened database.

use porch_domain::activity::Activity;
use porch_domain::authority::{EndKind, Ground};
use porch_domain::id::{ActivityId, CentreId, SessionId};
use porch_domain::session::Session;
use porch_domain::time::{Instant, TimeOfDay};
use porch_domain::withdrawal::WithdrawalHow;

use super::sample::{
    NOW, authority, decision, end, idris, in_photo, maja, pawel, photo, photo_id, put,
    put_pictures, replacing, withdrawal, zofia,
};
use super::scene::{ALL, WEB, desk, store_photo};
use crate::access::Write;
use crate::error::{ConsentRefusal, StoreError};

fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>) -> ConsentRefusal {
    match result {
        Err(StoreError::Consent(refusal)) => refusal,
        other => panic!("a guard refuses: {other:?}"),
    }
}

fn hex(n: u8) -> String {
    photo_id(n)
        .to_bytes()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}

#[test]
fn no_picture_without_everybody_in_it_and_the_consent_of_each() {
    let desk = desk();
    let attack = |work: &dyn Fn(&Write<'_>) -> Result<(), StoreError>| refused(desk.write(work));
    use ConsentRefusal::{DoesNotStand, NobodyNamed};
    assert_eq!(attack(&|write| put(write, &photo(2, 0))), NobodyNamed);
    let picture_of = |subjects: Vec<porch_domain::photo::PhotoSubject>, count| {
        attack(&|write| {
            put(write, &photo(2, count))?;
            subjects
                .iter()
                .try_for_each(|subject| put(write, subject))?;
            put_pictures(write, 2)
        })
    };
    assert_eq!(picture_of(vec![], 1), DoesNotStand, "nobody named");
    assert_eq!(
        picture_of(vec![in_photo(2, zofia(), 1)], 2),
        DoesNotStand,
        "somebody not named"
    );
    assert_eq!(
        picture_of(vec![in_photo(2, zofia(), 9)], 1),
        DoesNotStand,
        "no such decision"
    );
    assert_eq!(
        picture_of(vec![in_photo(2, idris(), 1)], 1),
        DoesNotStand,
        "another's decision"
    );
    assert_eq!(
        picture_of(vec![in_photo(2, zofia(), 1), in_photo(2, idris(), 1)], 2),
        DoesNotStand
    );
    assert_eq!(
        attack(&|write| put_pictures(write, 3)),
        DoesNotStand,
        "no record at all"
    );
}

#[test]
fn no_picture_under_a_refused_withdrawn_expired_or_groundless_decision() {
    let stored_under_2 = |made: &dyn Fn(&Write<'_>) -> Result<(), StoreError>| {
        desk().write(|write| {
            made(write)?;
            store_photo(write, 2, 2)
        })
    };
    let news = |write: &Write<'_>| {
        let mut news = decision(2, (zofia(), maja(), 1), &["email"], &[]);
        news.purpose = porch_domain::decision::Purpose::News;
        put(write, &news)
    };
    assert_eq!(
        refused(stored_under_2(&news)),
        ConsentRefusal::DoesNotStand,
        "for something else"
    );
    let refusing = |write: &Write<'_>| {
        put(
            write,
            &replacing(decision(2, (zofia(), maja(), 1), &[], ALL), &[1]),
        )
    };
    assert!(stored_under_2(&refusing).is_err());
    let withdrawn = |write: &Write<'_>| {
        put(
            write,
            &replacing(decision(2, (zofia(), maja(), 1), ALL, &[]), &[1]),
        )?;
        put(
            write,
            &withdrawal(1, zofia(), &[2], None, WithdrawalHow::Reported),
        )
    };
    assert_eq!(
        refused(stored_under_2(&withdrawn)),
        ConsentRefusal::DoesNotStand
    );
    let expired = |write: &Write<'_>| {
        let mut expired = replacing(decision(2, (zofia(), maja(), 1), ALL, &[]), &[1]);
        expired.valid_until = Some(NOW);
        put(write, &expired)
    };
    assert_eq!(refused(stored_under_2(&expired)), ConsentRefusal::Expired);
    let no_authority = desk().write(|write| {
        put(write, &decision(2, (idris(), pawel(), 7), ALL, &[]))?;
        put(write, &photo(2, 1))?;
        put(write, &in_photo(2, idris(), 2))?;
        put_pictures(write, 2)
    });
    assert_eq!(refused(no_authority), ConsentRefusal::DoesNotStand);
    for kind in [EndKind::Ended, EndKind::Disputed] {
        let lost = |write: &Write<'_>| {
            put(
                write,
                &replacing(decision(2, (zofia(), maja(), 1), ALL, &[]), &[1]),
            )?;
            put(write, &end(1, 1, kind))
        };
        assert_eq!(
            refused(stored_under_2(&lost)),
            ConsentRefusal::DoesNotStand,
            "{kind}"
        );
    }
    let parents_disagree = |write: &Write<'_>| {
        put(
            write,
            &authority(2, zofia(), pawel(), Ground::FatherMarriedOrRegistered),
        )?;
        put(
            write,
            &decision(2, (zofia(), pawel(), 2), WEB, &["press", "centre_display"]),
        )?;
        put(
            write,
            &replacing(decision(3, (zofia(), maja(), 1), &["press"], WEB), &[1]),
        )
    };
    assert!(stored_under_2(&parents_disagree).is_err());
}

#[test]
fn a_decision_is_signed_by_somebody_who_may_and_says_something() {
    let desk = desk();
    let attack = |change: &dyn Fn(&mut porch_domain::decision::Decision)| {
        let mut made = decision(2, (zofia(), maja(), 1), ALL, &[]);
        change(&mut made);
        refused(desk.write(|write| put(write, &made)))
    };
    assert_eq!(
        attack(&|made| made.signature.0.clear()),
        ConsentRefusal::Unsigned
    );
    assert_eq!(
        attack(&|made| made.granted.clear()),
        ConsentRefusal::Malformed
    );
    assert_eq!(
        attack(&|made| made.refused = made.granted.clone()),
        ConsentRefusal::Malformed
    );
    assert_eq!(
        attack(&|made| made.authority = None),
        ConsentRefusal::NoAuthority
    );
    assert_eq!(
        attack(&|made| made.capacity = porch_domain::decision::Capacity::Own),
        ConsentRefusal::NoAuthority
    );
}

#[test]
fn what_is_in_the_ledger_stays_whatever_the_statement_and_the_pragmas() {
    let desk = desk();
    let pragmas = "PRAGMA recursive_triggers = OFF; PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
                   PRAGMA writable_schema = ON; PRAGMA trusted_schema = ON; PRAGMA legacy_alter_table = ON;";
    let before = desk.count("SELECT COUNT(*) FROM decision WHERE json_array_length(granted) = 3");
    for setting in ["", pragmas] {
        desk.sql(setting).unwrap();
        for table in ["authority", "decision", "photo", "photo_subject"] {
            let key = "id";
            for attack in [
                format!("DELETE FROM {table}"),
                format!("UPDATE {table} SET extra = ''"),
                format!("UPDATE OR REPLACE {table} SET {key} = zeroblob(16)"),
                format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
                format!("REPLACE INTO {table} SELECT * FROM {table}"),
                format!(
                    "INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT ({key}) DO UPDATE SET extra = ''"
                ),
            ] {
                refused(desk.sql(&attack));
            }
            assert!(
                desk.sql(&format!(
                    "INSERT INTO {table} (rowid, id) VALUES (1, zeroblob(16))"
                ))
                .is_err(),
                "no rowid"
            );
        }
        refused(desk.sql("INSERT OR REPLACE INTO picture SELECT * FROM picture"));
        refused(desk.sql(
            "INSERT OR REPLACE INTO picture (rowid, photo, variant, bytes)
             SELECT rowid, photo, variant, bytes FROM picture",
        ));
        refused(desk.sql("UPDATE picture SET photo = zeroblob(16)"));
        assert!(
            desk.sql("DELETE FROM sqlite_schema WHERE type = 'trigger'")
                .is_err()
        );
    }
    assert_eq!(
        desk.count("SELECT COUNT(*) FROM decision WHERE json_array_length(granted) = 3"),
        before
    );
}

#[test]
fn who_is_in_a_stored_picture_is_settled_and_the_picture_is_that_photo_s() {
    let desk = desk();
    assert_eq!(
        refused(desk.write(|write| put(write, &in_photo(1, idris(), 1)))),
        ConsentRefusal::SubjectsFrozen
    );
    // Moved to a photo of other size, or put back under one that was removed.
    let other = format!(
        "INSERT INTO picture SELECT X'{}', variant, CAST(bytes || X'00' AS BLOB) FROM picture WHERE photo = X'{}'",
        hex(2),
        hex(1)
    );
    desk.write(|write| {
        put(write, &photo(2, 1))?;
        put(write, &in_photo(2, zofia(), 1))
    })
    .unwrap();
    assert_eq!(refused(desk.sql(&other)), ConsentRefusal::Malformed);
    desk.write(|write| {
        put(
            write,
            &withdrawal(1, zofia(), &[1], None, WithdrawalHow::InPerson),
        )
    })
    .unwrap();
    assert_eq!(
        refused(desk.write(|write| put_pictures(write, 1))),
        ConsentRefusal::DoesNotStand
    );
    for attack in [
        "DELETE FROM photo_removal",
        "UPDATE photo_removal SET photo = zeroblob(16)",
        "INSERT OR REPLACE INTO photo_removal SELECT * FROM photo_removal",
        "DELETE FROM withdrawal",
        "UPDATE withdrawal SET decisions = '[]'",
        "REPLACE INTO withdrawal SELECT * FROM withdrawal",
        "DELETE FROM withdrawal_named",
        "UPDATE withdrawal_named SET decision = zeroblob(16)",
    ] {
        refused(desk.sql(attack));
    }
}

#[test]
fn pictures_that_arrive_are_held_to_the_same() {
    let desk = desk();
    let smuggled = |n| {
        desk.sql(&format!(
            "INSERT INTO picture_inbox VALUES (X'{}', 'picture', 0, X'01')",
            hex(n)
        ))
    };
    assert_eq!(refused(smuggled(9)), ConsentRefusal::DoesNotStand);
    smuggled(1).unwrap();
    let moved = format!("UPDATE picture_inbox SET photo = X'{}'", hex(9));
    assert_eq!(refused(desk.sql(&moved)), ConsentRefusal::Immutable);
    desk.write(|write| {
        put(
            write,
            &withdrawal(1, zofia(), &[1], None, WithdrawalHow::InPerson),
        )
    })
    .unwrap();
    assert_eq!(desk.count("SELECT COUNT(*) FROM picture_inbox"), 0);
}

#[test]
fn names_that_shadow_the_guards_change_nothing() {
    let desk = desk();
    desk.sql(
        "CREATE TEMP TABLE photo_standing (photo BLOB); INSERT INTO photo_standing VALUES (zeroblob(16));
         CREATE TEMP TABLE permission (subject, purpose, channel);
         CREATE TEMP VIEW consent_head AS SELECT 1 AS id;",
    )
    .unwrap();
    assert_eq!(
        refused(desk.sql("INSERT INTO main.picture VALUES (zeroblob(16), 'picture', X'01')")),
        ConsentRefusal::DoesNotStand
    );
}

#[test]
fn where_pictures_are_never_taken_none_is_stored() {
    let desk = desk();
    let (session, activity) = (SessionId::make(70, [1; 10]), ActivityId::make(71, [1; 10]));
    let centre = CentreId::make(1, [8; 10]);
    let stored = |n: u8, known: bool, never: bool| {
        desk.write(|write| {
            if known {
                let recovery = Activity {
                    id: activity,
                    centre,
                    name: "Together".into(),
                    never_photograph: never,
                    drop_off: false,
                };
                put(write, &recovery)?;
                let at = TimeOfDay::new(10, 0).unwrap();
                let date = Instant::from_unix_ms(NOW.unix_ms()).utc().date_naive();
                let held = Session {
                    id: session,
                    activity,
                    centre,
                    venue: centre,
                    date,
                    starts_at: at,
                    ends_at: at,
                    places: None,
                };
                put(write, &held)?;
            }
            let mut taken = photo(n, 1);
            taken.session = Some(session);
            put(write, &taken)?;
            put(write, &in_photo(n, zofia(), 1))?;
            put_pictures(write, n)
        })
    };
    assert_eq!(
        refused(stored(2, false, false)),
        ConsentRefusal::NeverPhotograph,
        "an unknown session is in doubt"
    );
    assert_eq!(
        refused(stored(2, true, true)),
        ConsentRefusal::NeverPhotograph
    );
    stored(2, true, false).unwrap();
}
