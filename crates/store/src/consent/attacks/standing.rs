//! Stops, rulings, mistakes and ends of time.

use porch_domain::decision::{AtExpiry, Purpose};
use porch_domain::withdrawal::{Ruling, WithdrawalHow};

use super::refused;
use crate::consent::sample::{
    NOW, PICTURE, alias, decision, expiry, idris, maja, misrecording, put, replacing, ruling, stop,
    stop_end, withdrawal, zofia,
};
use crate::consent::scene::{ALL, Desk, desk, store_photo};
use crate::error::ConsentRefusal;
use crate::photo::PhotoState;

/// A desk with one of each, of which none takes photo 1 down.
fn with_one_of_each() -> Desk {
    let desk = desk();
    desk.put_all(|write| {
        put(
            write,
            &withdrawal(1, zofia(), &[1], None, WithdrawalHow::Reported),
        )?;
        put(write, &ruling(1, 1, Ruling::Dismissed))?;
        put(write, &misrecording(1, 9))?;
        put(write, &expiry(9))?;
        put(write, &stop(1, zofia(), Purpose::PublicityQuote))?;
        put(write, &stop_end(2, 2))
    });
    assert_eq!(desk.state(1), PhotoState::Here);
    desk
}

#[test]
fn they_stay_as_they_were_written() {
    let desk = with_one_of_each();
    for (table, named) in [
        ("misrecording", "decision"),
        ("expiry", "decision"),
        ("withdrawal_ruling", "withdrawal"),
        ("stop", "subject"),
        ("stop_end", "stop"),
    ] {
        for attack in [
            format!("DELETE FROM {table}"),
            format!("UPDATE {table} SET extra = ''"),
            format!("UPDATE {table} SET {named} = randomblob(16)"),
            format!("UPDATE OR REPLACE {table} SET id = zeroblob(16)"),
            format!("REPLACE INTO {table} SELECT * FROM {table}"),
        ] {
            let setting = "PRAGMA recursive_triggers = OFF; PRAGMA foreign_keys = OFF;";
            refused(desk.sql(&format!("{setting} {attack}")));
        }
        for odd in [
            "id = x'00'".to_owned(),
            format!("id = randomblob(16), {named} = x'00'"),
        ] {
            let one = desk.copy(table, &format!("(SELECT id FROM main.{table})"), &odd);
            assert_eq!(refused(one), ConsentRefusal::Malformed, "{table}: {odd}");
        }
        assert!(
            desk.sql(&format!(
                "INSERT INTO {table} (rowid, id) VALUES (1, zeroblob(16))"
            ))
            .is_err()
        );
    }
    let odd = "id = randomblob(16), ruling = 'perhaps'";
    let one = desk.copy(
        "withdrawal_ruling",
        "(SELECT id FROM main.withdrawal_ruling)",
        odd,
    );
    assert_eq!(refused(one), ConsentRefusal::Malformed);
    assert_eq!(desk.state(1), PhotoState::Here);
}

#[test]
fn a_stop_takes_pictures_away_for_good_and_lets_none_in_until_it_is_ended() {
    let desk = desk();
    desk.put_all(|write| put(write, &stop(1, zofia(), PICTURE)));
    assert_eq!((desk.state(1), desk.pictures()), (PhotoState::Removed, 0));
    assert!(!desk.permitted(zofia()));
    let attack = |n| refused(desk.write(|write| store_photo(write, n, 1)));
    attack(2);
    desk.put_all(|write| put(write, &stop(2, zofia(), PICTURE)));
    desk.put_all(|write| put(write, &stop_end(1, 1)));
    attack(2);
    desk.put_all(|write| put(write, &stop_end(2, 2)));
    assert!(desk.permitted(zofia()), "what was decided counts again");
    desk.put_all(|write| store_photo(write, 2, 1));
    assert_eq!(
        (desk.state(1), desk.state(2)),
        (PhotoState::Removed, PhotoState::Here),
        "what was removed does not come back"
    );
}

#[test]
fn a_stop_of_one_registration_is_one_of_the_other() {
    for stopped_first in [true, false] {
        let desk = desk();
        let stop = || desk.put_all(|write| put(write, &stop(1, idris(), PICTURE)));
        let merge = || desk.put_all(|write| put(write, &alias(zofia(), idris())));
        if stopped_first {
            stop();
            assert_eq!(desk.state(1), PhotoState::Here);
            merge();
        } else {
            merge();
            stop();
        }
        assert_eq!((desk.state(1), desk.pictures()), (PhotoState::Removed, 0));
        assert!(!desk.permitted(zofia()));
    }
}

#[test]
fn what_was_reported_waits_for_a_ruling_and_the_no_counts() {
    let reported = || {
        let desk = desk();
        desk.put_all(|write| {
            put(
                write,
                &withdrawal(1, zofia(), &[1], None, WithdrawalHow::Reported),
            )
        });
        assert_eq!((desk.state(1), desk.pictures()), (PhotoState::Suspended, 2));
        desk
    };
    let upheld = reported();
    upheld.put_all(|write| put(write, &ruling(1, 1, Ruling::Upheld)));
    assert_eq!(
        (upheld.state(1), upheld.pictures()),
        (PhotoState::Removed, 0)
    );
    let dismissed = reported();
    dismissed.put_all(|write| put(write, &ruling(1, 1, Ruling::Dismissed)));
    assert_eq!(dismissed.state(1), PhotoState::Here);
    assert!(dismissed.permitted(zofia()));
    dismissed.put_all(|write| put(write, &ruling(2, 1, Ruling::Upheld)));
    assert_eq!(
        dismissed.state(1),
        PhotoState::Removed,
        "whichever came first"
    );
    let early = desk();
    early.put_all(|write| put(write, &ruling(1, 1, Ruling::Upheld)));
    assert_eq!(
        early.state(1),
        PhotoState::Here,
        "there is nothing yet that it is about"
    );
    early.put_all(|write| {
        put(
            write,
            &withdrawal(1, zofia(), &[1], None, WithdrawalHow::Reported),
        )
    });
    assert_eq!(early.state(1), PhotoState::Removed);
    let verified = desk();
    verified.put_all(|write| {
        put(write, &ruling(1, 1, Ruling::Dismissed))?;
        put(
            write,
            &withdrawal(1, zofia(), &[1], None, WithdrawalHow::InPerson),
        )
    });
    assert_eq!(
        verified.state(1),
        PhotoState::Removed,
        "none takes back what is verified"
    );
}

#[test]
fn a_mistake_in_recording_suspends_what_was_stored_under_it_and_brings_back_a_no() {
    let desk = desk();
    desk.put_all(|write| put(write, &misrecording(1, 1)));
    assert_eq!((desk.state(1), desk.pictures()), (PhotoState::Suspended, 2));
    assert!(!desk.permitted(zofia()));
    refused(desk.write(|write| store_photo(write, 2, 1)));
}

#[test]
fn a_no_that_a_mistake_had_replaced_counts_again() {
    let desk = desk();
    let of = |n| {
        decision(
            n,
            (zofia(), maja(), 1),
            if n == 2 { &[] } else { ALL },
            if n == 2 { ALL } else { &[] },
        )
    };
    desk.put_all(|write| {
        put(write, &replacing(of(3), &[1, 2]))?;
        put(write, &replacing(of(2), &[1]))
    });
    assert_eq!(desk.state(1), PhotoState::Here, "the latest answer is yes");
    desk.put_all(|write| put(write, &misrecording(1, 3)));
    assert_eq!((desk.state(1), desk.pictures()), (PhotoState::Removed, 0));
}

#[test]
fn the_end_of_validity_removes_only_where_the_words_said_so() {
    for (at_expiry, after) in [
        (AtExpiry::NoNewUse, PhotoState::Here),
        (AtExpiry::Remove, PhotoState::Removed),
    ] {
        let desk = desk();
        desk.put_all(|write| {
            let mut dated = replacing(decision(2, (zofia(), maja(), 1), ALL, &[]), &[1]);
            dated.at_expiry = at_expiry;
            put(write, &dated)?;
            store_photo(write, 2, 2)
        });
        desk.put_all(|write| put(write, &expiry(2)));
        assert_eq!(desk.state(2), after, "{at_expiry}");
        let permitted = desk.store.read(|read| {
            let latest = read.latest_seen(NOW)?;
            read.permitted_channels(zofia(), PICTURE, latest)
        });
        assert!(permitted.unwrap().is_empty(), "no new use");
    }
}
