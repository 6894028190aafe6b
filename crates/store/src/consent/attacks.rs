//! Attacks on the rule of consent that once went through, each with plain SQL or with records as
//! they could arrive.

mod content;
mod crowd;
mod events;
mod publication;
mod quote;
mod standing;
mod texts;

use porch_domain::authority::Ground;
use porch_domain::decision::Decision;
use porch_domain::id::{PersonId, RecordId as _};
use porch_domain::membership::MemberRole;
use porch_domain::withdrawal::WithdrawalHow;

use super::sample::{
    NOW, authority, decision, idris, in_photo, maja, own_decision, person, photo, photo_id, place,
    put, put_pictures, withdrawal, zofia,
};
use super::scene::{ALL, Desk, desk};
use crate::access::Write;
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
