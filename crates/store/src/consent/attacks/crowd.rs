//! Crowds that are none, and objections that somebody would rather not have heard.

use porch_domain::id::SessionId;
use porch_domain::photo::Photo;
use porch_domain::publication::Publication;

use super::publication::days_later;
use super::{blob, refused};
use crate::consent::sample::{
    CANARY, crowd, idris, in_photo, objection, photo, photo_id, publication, put, put_pictures,
    words, zofia,
};
use crate::consent::scene::{Desk, desk};
use crate::error::ConsentRefusal;
use crate::photo::PhotoState;

/// Photo 1 rests on decision 1; photo 2 is of a crowd.
fn gathered() -> Desk {
    let desk = desk();
    desk.put_all(|write| {
        put(write, &crowd(2))?;
        put_pictures(write, 2)
    });
    assert_eq!(desk.state(2), PhotoState::Here);
    desk
}

impl Desk {
    fn bytes_of(&self, n: u8) -> u32 {
        let photo = blob(photo_id(n));
        self.count(&format!(
            "SELECT COUNT(*) FROM picture WHERE photo = {photo}"
        ))
    }
}

#[test]
fn nobody_is_named_in_a_crowd_and_nobody_unnamed_elsewhere() {
    let desk = gathered();
    let spoiled: [fn(&mut Photo); 4] = [
        |odd| odd.public_place = Some(" \n".into()),
        |odd| odd.session = Some(SessionId::make(1, [1; 10])),
        |odd| odd.subject_count = 1,
        |odd| {
            *odd = Photo {
                public_place: odd.public_place.take(),
                ..words(3)
            }
        },
    ];
    for spoil in spoiled {
        let mut odd = crowd(3);
        spoil(&mut odd);
        assert!(!odd.fits_its_form(), "the county says so too");
        let put = desk.write(|write| put(write, &odd));
        assert_eq!(refused(put), ConsentRefusal::Malformed);
    }
    let nobody = photo(3, 0);
    assert_eq!(
        refused(desk.write(|write| put(write, &nobody))),
        ConsentRefusal::NobodyNamed
    );
    // Whoever is named in it afterwards, or was before, is no crowd.
    let named = in_photo(2, zofia(), 1);
    assert_eq!(
        refused(desk.write(|write| put(write, &named))),
        ConsentRefusal::SubjectsFrozen
    );
    desk.put_all(|write| {
        put(write, &in_photo(3, zofia(), 1))?;
        put(write, &crowd(3))
    });
    assert_eq!(
        refused(desk.write(|write| put_pictures(write, 3))),
        ConsentRefusal::DoesNotStand
    );
    // A picture of somebody does not become one of a crowd.
    for attack in [
        "UPDATE photo SET public_place = 'Mill Park'",
        "UPDATE photo SET public_place = NULL",
        "UPDATE photo SET subject_count = 0",
        "REPLACE INTO photo SELECT * FROM photo",
    ] {
        refused(desk.sql(attack));
    }
    for (copied, set) in [
        (1, "id = randomblob(16), public_place = 'Mill Park'"),
        (1, "id = randomblob(16), subject_count = 0"),
        (2, "id = randomblob(16), public_place = NULL"),
        (2, "id = randomblob(16), public_place = ''"),
    ] {
        refused(desk.copy("photo", &blob(photo_id(copied)), set));
    }
    assert_eq!((desk.bytes_of(1), desk.bytes_of(2)), (2, 2));
}

#[test]
fn an_objection_removes_whatever_it_names_and_cannot_be_taken_back() {
    let desk = gathered();
    desk.put_all(|write| put(write, &objection(1, 2)));
    assert_eq!(desk.state(2), PhotoState::Removed);
    // Also what everybody in it permits, and what has not come yet.
    desk.put_all(|write| {
        put(write, &objection(2, 1))?;
        put(write, &objection(3, 3))
    });
    assert_eq!((desk.state(1), desk.pictures()), (PhotoState::Removed, 0));
    for attack in [
        "UPDATE objection SET photo = zeroblob(16)",
        "UPDATE objection SET ground = 'mistaken'",
        "REPLACE INTO objection SELECT * FROM objection",
        "UPDATE photo_removal SET because_kind = 'county'",
        "DELETE FROM photo_removal",
    ] {
        refused(desk.sql(attack));
    }
    // Without it, what it did is still done.
    desk.sql("DELETE FROM objection").unwrap();
    let late = Photo {
        caption: Some("The lanterns".into()),
        ..crowd(3)
    };
    desk.put_all(|write| put(write, &late));
    assert_eq!(
        desk.count("SELECT COUNT(*) FROM photo WHERE caption IS NOT NULL"),
        0
    );
    for n in 1..=3 {
        assert_eq!(
            refused(desk.write(|write| put_pictures(write, n))),
            ConsentRefusal::DoesNotStand,
            "{n}"
        );
        let chunk = format!(
            "INSERT INTO picture_inbox VALUES ({}, 'picture', 0, zeroblob(1))",
            blob(photo_id(n))
        );
        refused(desk.sql(&chunk));
    }
    let left = format!(
        "SELECT COUNT(*) FROM picture WHERE bytes = CAST('{}' AS BLOB)",
        String::from_utf8_lossy(CANARY)
    );
    assert_eq!(desk.count(&left), 0);
}

#[test]
fn who_was_in_a_picture_is_known_though_the_objection_came_first() {
    let desk = gathered();
    desk.put_all(|write| {
        put(write, &objection(1, 3))?;
        put(write, &photo(3, 1))?;
        put(write, &in_photo(3, zofia(), 1))
    });
    assert_eq!(desk.state(3), PhotoState::Removed);
    let known = desk.store.read(|read| read.photo_subjects(photo_id(3)));
    assert_eq!(known.unwrap().len(), 1);
    assert_eq!(
        refused(desk.write(|write| put(write, &in_photo(3, idris(), 1)))),
        ConsentRefusal::SubjectsFrozen
    );
    refused(desk.write(|write| put_pictures(write, 3)));
}

#[test]
fn an_objection_says_which_photo_and_why() {
    let desk = gathered();
    desk.put_all(|write| put(write, &objection(1, 3)));
    let one = blob(objection(1, 3).id);
    for set in [
        "id = x'01'",
        "id = randomblob(16), photo = x'01'",
        "id = randomblob(16), ground = 'bored'",
    ] {
        assert_eq!(
            refused(desk.copy("objection", &one, set)),
            ConsentRefusal::Malformed
        );
    }
    assert_eq!((desk.bytes_of(1), desk.bytes_of(2)), (2, 2));
}

#[test]
fn a_crowd_is_used_where_pictures_are_and_comes_down_by_an_objection() {
    let desk = gathered();
    for (n, channel) in [(1, "own_record"), (2, "email"), (3, "text"), (4, "post")] {
        let put = desk.write(|write| put(write, &publication(n, 2, channel)));
        assert_eq!(refused(put), ConsentRefusal::DoesNotStand, "{channel}");
    }
    let signed = Publication {
        attribution: Some(porch_domain::decision::Attribution::Anonymous),
        ..publication(5, 2, "press")
    };
    refused(desk.write(|write| put(write, &signed)));
    desk.put_all(|write| {
        put(write, &publication(6, 2, "press"))?;
        put(write, &publication(7, 2, "partner:library"))?;
        put(write, &publication(8, 1, "press"))
    });
    assert_eq!(desk.due(), Vec::<u8>::new());
    let mut said = objection(1, 2);
    said.recorded_at = days_later(3);
    desk.put_all(|write| put(write, &said));
    assert_eq!(desk.due(), [6, 7]);
    // The county says that it is gone before it says why: the clock starts where it was said.
    assert_eq!(desk.since(6), days_later(3));
    let mut earlier = objection(2, 2);
    earlier.recorded_at = days_later(1);
    desk.put_all(|write| put(write, &earlier));
    assert_eq!(desk.since(6), days_later(1));
}
