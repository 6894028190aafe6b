//! The county's texts and its word on them.

use porch_domain::bytes::Digest;
use porch_domain::decision::Decision;
use porch_domain::id::{derive_notice_id, derive_wording_id};
use porch_domain::text::BUILT_IN;

use super::refused;
use crate::consent::sample::{
    PICTURE, approval, decision, in_photo, maja, photo, put, put_pictures, replacing, zofia,
};
use crate::consent::scene::{ALL, Desk, desk};
use crate::error::ConsentRefusal;

/// A desk that holds a wording and a notice of the county's own, and one approval.
fn told() -> Desk {
    let desk = desk();
    let mut wording = BUILT_IN.wordings.first().unwrap().clone();
    wording.wording = "our_pictures".into();
    wording.id = derive_wording_id(&wording.wording, wording.version, &wording.language);
    let mut notice = BUILT_IN.notices.first().unwrap().clone();
    notice.notice = "our_notice".into();
    notice.id = derive_notice_id(&notice.notice, notice.version, &notice.language);
    desk.put_all(|write| {
        put(write, &wording)?;
        put(write, &notice)?;
        put(write, &approval(2, PICTURE))
    });
    desk
}

#[test]
fn texts_and_approvals_stay_as_they_arrived() {
    let desk = told();
    for attack in [
        "UPDATE wording SET title = 'Other words'",
        "UPDATE wording SET valid_months = 120",
        "UPDATE wording SET channels = '[]'",
        "UPDATE notice SET parts = '[]'",
        "UPDATE text_approval SET sha256 = 'ab'",
        "UPDATE text_approval SET purpose = 'publicity_quote'",
        "UPDATE text_approval SET version = 3",
        "UPDATE text_approval SET language = 'pl'",
        "UPDATE OR REPLACE text_approval SET id = zeroblob(16)",
        "REPLACE INTO wording SELECT * FROM wording",
        "REPLACE INTO notice SELECT * FROM notice",
        "REPLACE INTO text_approval SELECT * FROM text_approval",
    ] {
        assert_eq!(
            refused(desk.sql(attack)),
            ConsentRefusal::Immutable,
            "{attack}"
        );
    }
    desk.sql("UPDATE text_approval SET taken_back_by = 'the county', taken_back_at = '2026-11-23T10:00:00.000Z'")
        .unwrap();
}

#[test]
fn a_yes_in_words_that_nobody_approved_stores_nothing() {
    let desk = told();
    let in_words = |n: u8, change: fn(&mut Decision)| {
        let mut yes = replacing(decision(n, (zofia(), maja(), 1), ALL, &[]), &[1]);
        yes.wording_version = 2;
        change(&mut yes);
        yes
    };
    let altered: [fn(&mut Decision); 4] = [
        |yes| yes.wording_version = 3,
        |yes| yes.wording = "our_pictures".into(),
        |yes| yes.wording_sha256 = Digest::of(b"altered"),
        |yes| yes.language = "pl".into(),
    ];
    for (n, change) in (2..).zip(altered) {
        let desk = told();
        desk.put_all(|write| {
            put(write, &in_words(n, change))?;
            put(write, &photo(2, 1))?;
            put(write, &in_photo(2, zofia(), n))
        });
        assert!(!desk.permitted(zofia()), "{n}");
        refused(desk.write(|write| put_pictures(write, 2)));
    }
    desk.put_all(|write| {
        put(write, &in_words(2, |_| {}))?;
        put(write, &photo(2, 1))?;
        put(write, &in_photo(2, zofia(), 2))?;
        put_pictures(write, 2)
    });
    assert!(desk.permitted(zofia()), "in the words that were approved");
}
