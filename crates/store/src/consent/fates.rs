//! What becomes of a stored photo when consent changes.

use porch_domain::authority::{EndKind, Ground};
use porch_domain::withdrawal::WithdrawalHow;
use porch_sync::protocol::Variant;

use super::sample::{
    authority, decision, end, maja, pawel, photo_id, put, put_pictures, replacing, withdrawal,
    zofia,
};
use super::scene::{ALL, WEB, desk};
use crate::access::Write;
use crate::error::StoreError;
use crate::photo::PhotoState;

#[test]
fn a_verified_withdrawal_and_a_refusal_remove_in_the_same_transaction() {
    let withdrawn = desk();
    withdrawn
        .write(|write| {
            put(
                write,
                &withdrawal(1, zofia(), &[1], None, WithdrawalHow::IdentityChecked),
            )?;
            let left: u32 =
                write
                    .connection
                    .query_row("SELECT COUNT(*) FROM picture", (), |row| row.get(0))?;
            assert_eq!(left, 0, "before the transaction ends");
            Ok(())
        })
        .unwrap();
    assert_eq!(withdrawn.state(1), PhotoState::Removed);
    // Consent given anew never revives what was removed.
    withdrawn
        .write(|write| {
            put(
                write,
                &replacing(decision(2, (zofia(), maja(), 1), ALL, &[]), &[1]),
            )
        })
        .unwrap();
    assert_eq!(
        (withdrawn.state(1), withdrawn.pictures()),
        (PhotoState::Removed, 0)
    );
    assert!(withdrawn.write(|write| put_pictures(write, 1)).is_err());

    let refused = desk();
    refused
        .write(|write| {
            put(
                write,
                &replacing(decision(2, (zofia(), maja(), 1), &[], ALL), &[1]),
            )
        })
        .unwrap();
    assert_eq!(
        (refused.state(1), refused.pictures()),
        (PhotoState::Removed, 0)
    );

    let partly = desk();
    partly
        .write(|write| {
            put(
                write,
                &withdrawal(1, zofia(), &[1], Some(WEB), WithdrawalHow::InPerson),
            )
        })
        .unwrap();
    assert_eq!(partly.state(1), PhotoState::Here, "two channels are left");
}

#[test]
fn a_reported_withdrawal_and_a_lost_authority_suspend_and_keep_the_bytes() {
    let suspended = |made: &dyn Fn(&Write<'_>) -> Result<(), StoreError>| {
        let desk = desk();
        desk.write(made).unwrap();
        assert_eq!((desk.state(1), desk.pictures()), (PhotoState::Suspended, 2));
        let shown = desk
            .store
            .read(|read| read.picture(photo_id(1), Variant::Picture))
            .unwrap();
        assert_eq!(shown, None, "no screen shows it");
    };
    suspended(&|write| {
        put(
            write,
            &withdrawal(1, zofia(), &[1], None, WithdrawalHow::Reported),
        )
    });
    suspended(&|write| put(write, &end(1, 1, EndKind::Ended)));
    suspended(&|write| put(write, &end(1, 1, EndKind::Disputed)));
}

#[test]
fn a_withdrawal_that_arrives_before_its_decision_removes_when_that_arrives() {
    let desk = desk();
    desk.write(|write| {
        put(
            write,
            &withdrawal(1, zofia(), &[2], None, WithdrawalHow::InPerson),
        )
    })
    .unwrap();
    assert_eq!(desk.state(1), PhotoState::Here);
    desk.write(|write| {
        put(
            write,
            &replacing(decision(2, (zofia(), maja(), 1), ALL, &[]), &[1]),
        )
    })
    .unwrap();
    assert_eq!((desk.state(1), desk.pictures()), (PhotoState::Removed, 0));
}

#[test]
fn a_refusal_removes_once_the_authority_behind_it_is_known() {
    let desk = desk();
    desk.write(|write| put(write, &decision(2, (zofia(), pawel(), 2), &[], ALL)))
        .unwrap();
    assert_eq!(desk.state(1), PhotoState::Suspended);
    desk.write(|write| {
        put(
            write,
            &authority(2, zofia(), pawel(), Ground::FatherMarriedOrRegistered),
        )
    })
    .unwrap();
    assert_eq!((desk.state(1), desk.pictures()), (PhotoState::Removed, 0));
}
