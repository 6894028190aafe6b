//! Pictures that nobody permits, and what is left of those that were removed.

use porch_domain::authority::{EndKind, Ground};
use porch_domain::id::RecordId as _;
use porch_domain::withdrawal::WithdrawalHow;
use porch_sync::device::{Chunk, Parcel, Replica as _};
use porch_sync::protocol::{CHUNK_BYTES, Variant};

use super::{blob, refused};
use crate::consent::sample::{
    CANARY, NOW, authority, decision, end, in_photo, maja, pawel, photo, photo_id, put,
    put_pictures, replacing, withdrawal, zofia,
};
use crate::consent::scene::{self, ALL, Desk, desk, store_photo};
use crate::error::ConsentRefusal;
use crate::photo::PhotoState;

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
    let lost = scene::desk();
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
    let chunk = Chunk {
        parcel,
        number: 0,
        bytes: CANARY.to_vec(),
    };
    desk.store.chunks_arrived(&[chunk]).unwrap();
    assert_eq!(desk.pictures(), 2, "photo 1's");
    assert_eq!(desk.count("SELECT COUNT(*) FROM picture_inbox"), 0);
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
        "DELETE FROM outbox_photo".to_owned(),
        "UPDATE outbox_photo SET sequence = 9".to_owned(),
        "UPDATE outbox_photo SET photo = 'else'".to_owned(),
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
    assert_eq!(desk.count("SELECT COUNT(*) FROM outbox_photo"), 0);
    for late in ["caption = 'Else'", "caption = NULL, subject_count = 5"] {
        assert_eq!(
            refused(desk.sql(&format!("UPDATE photo SET {late}"))),
            ConsentRefusal::Immutable
        );
    }
}
