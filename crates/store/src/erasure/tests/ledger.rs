//! Erasures and the consent ledger: nothing that is erased turns a No into a Yes, and nothing of the
//! ledger goes by itself.

use porch_domain::authority::{EndKind, Ground};
use porch_domain::decision::Purpose;
use porch_domain::id::PersonId;
use porch_domain::withdrawal::{Ruling, WithdrawalHow};

use super::{hex, person_removal, removal};
use crate::consent::sample::{
    NOW, authority, decision, end, expiry, idris, in_photo, maja, misrecording, pawel, photo, put,
    put_pictures, ruling, stop, stop_end, withdrawal, zofia,
};
use crate::consent::scene::{ALL, Desk, WEB, desk};
use crate::error::StoreError;

/// Both parents of Zofia decided; photo 1 is stored under her mother's decision.
fn with_two_parents() -> Desk {
    let desk = desk();
    desk.write(|write| {
        put(
            write,
            &authority(2, zofia(), pawel(), Ground::FatherMarriedOrRegistered),
        )?;
        put(write, &decision(2, (zofia(), pawel(), 2), &[], ALL))
    })
    .unwrap();
    desk
}

fn permitted(desk: &Desk) -> u32 {
    desk.count("SELECT COUNT(*) FROM permission")
}

#[test]
fn erasing_somebody_who_said_no_for_a_child_lets_nothing_be_permitted() {
    let desk = with_two_parents();
    assert_eq!(permitted(&desk), 0, "one parent refuses");
    desk.write(|write| write.carry_out(&[person_removal(pawel())], NOW))
        .unwrap();
    assert_eq!(permitted(&desk), 0, "the No stays: it is about Zofia");
    assert_eq!(desk.count("SELECT COUNT(*) FROM decision"), 2);
    desk.write(|write| write.carry_out(&[person_removal(zofia())], NOW))
        .unwrap();
    for table in ["decision", "authority", "photo", "photo_subject", "picture"] {
        assert_eq!(
            desk.count(&format!("SELECT COUNT(*) FROM {table}")),
            0,
            "{table}"
        );
    }
    assert_eq!(
        desk.count("SELECT COUNT(*) FROM photo_removal"),
        1,
        "that it existed and was removed stays"
    );
}

#[test]
fn a_photo_goes_with_anybody_in_it() {
    let desk = desk();
    desk.write(|write| {
        put(write, &authority(5, idris(), maja(), Ground::Mother))?;
        put(write, &decision(5, (idris(), maja(), 5), WEB, &[]))?;
        put(write, &photo(2, 2))?;
        put(write, &in_photo(2, zofia(), 1))?;
        put(write, &in_photo(2, idris(), 5))?;
        put_pictures(write, 2)
    })
    .unwrap();
    desk.write(|write| write.carry_out(&[person_removal(idris())], NOW))
        .unwrap();
    assert_eq!(
        desk.count("SELECT COUNT(*) FROM photo"),
        1,
        "Zofia's own stays"
    );
    assert_eq!(desk.count("SELECT COUNT(*) FROM picture"), 2);
    assert_eq!(desk.count("SELECT COUNT(*) FROM photo_subject"), 1);
}

#[test]
fn a_withdrawal_that_says_it_is_another_s_keeps_counting() {
    let desk = desk();
    desk.write(|write| {
        put(
            write,
            &withdrawal(1, idris(), &[1], None, WithdrawalHow::Reported),
        )
    })
    .unwrap();
    desk.write(|write| write.carry_out(&[person_removal(idris())], NOW))
        .unwrap();
    assert_eq!(permitted(&desk), 0);
    let alone = withdrawal(1, idris(), &[1], None, WithdrawalHow::Reported).id;
    let lone = removal("withdrawal", alone.into());
    desk.write(|write| write.carry_out(&[lone], NOW)).unwrap();
    assert_eq!(
        desk.count("SELECT COUNT(*) FROM withdrawal"),
        1,
        "nor goes by itself"
    );
    assert_eq!(
        desk.count("SELECT COUNT(*) FROM erased_drop WHERE source = 'refused'"),
        1
    );
}

#[test]
fn the_guards_let_go_only_what_is_erased_whole() {
    let desk = with_two_parents();
    desk.write(|write| {
        put(write, &end(1, 2, EndKind::Disputed))?;
        put(
            write,
            &withdrawal(1, zofia(), &[1], Some(WEB), WithdrawalHow::InPerson),
        )?;
        put(write, &misrecording(1, 2))?;
        put(write, &expiry(2))?;
        put(write, &ruling(1, 1, Ruling::Dismissed))?;
        put(write, &stop(1, zofia(), Purpose::PublicityQuote))?;
        put(write, &stop_end(1, 1))
    })
    .unwrap();
    let pragmas = "PRAGMA recursive_triggers = OFF; PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
                   PRAGMA trusted_schema = ON;";
    let tables = [
        "decision",
        "authority",
        "authority_end",
        "withdrawal",
        "misrecording",
        "expiry",
        "withdrawal_ruling",
        "stop",
        "stop_end",
        "photo",
        "photo_subject",
    ];
    for setting in ["", pragmas] {
        desk.sql(setting).unwrap();
        for table in tables {
            assert!(
                desk.sql(&format!("DELETE FROM {table}")).is_err(),
                "{table}"
            );
            for root in ["id", "zeroblob(16)"] {
                let alone = format!(
                    "INSERT INTO erased SELECT id, '{table}', {root}, zeroblob(16), '' FROM {table}"
                );
                assert_eq!(
                    desk.sql(&alone).unwrap_err(),
                    StoreError::NotWhole,
                    "{table}"
                );
            }
        }
        for attack in [
            "INSERT INTO erased (rowid, record) VALUES (1, zeroblob(16))",
            "INSERT INTO erased SELECT zeroblob(3), 'person', zeroblob(3), zeroblob(16), ''",
        ] {
            assert!(desk.sql(attack).is_err(), "{attack}");
        }
    }
    // With the pragmas off, as a tool would: an erasure is whole all the same.
    let zofia_id: PersonId = zofia();
    let zofia = hex(&zofia_id.to_bytes());
    desk.sql(&format!(
        "INSERT INTO erased VALUES (X'{zofia}', 'person', X'{zofia}', zeroblob(16), '2026-11-23T09:30:00.000Z')"
    ))
    .unwrap();
    for table in tables.iter().chain(&["picture", "withdrawal_named"]) {
        assert_eq!(
            desk.count(&format!("SELECT COUNT(*) FROM {table}")),
            0,
            "{table}"
        );
    }
    for attack in [
        "DELETE FROM erased",
        "UPDATE erased SET record = zeroblob(16)",
        "INSERT OR REPLACE INTO erased SELECT * FROM erased",
    ] {
        assert!(desk.sql(attack).is_err(), "{attack}");
    }
    assert!(
        desk.write(|write| put(write, &authority(1, zofia_id, maja(), Ground::Mother)))
            .is_err(),
        "nothing of it comes back"
    );
}
