//! Pictures that are published where nobody permits it, and publications that somebody would rather forget.

use porch_domain::authority::EndKind;
use porch_domain::decision::AtExpiry;
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Ruling, WithdrawalHow};

use super::{blob, refused};
use crate::consent::sample::{
    NOW, PICTURE, decision, end, expiry, given, in_photo, maja, misrecording, photo, photo_id,
    publication, put, replacing, ruling, stop, takedown, withdrawal, zofia,
};
use crate::consent::scene::{ALL, Desk, WEB, desk};
use crate::error::ConsentRefusal;
use crate::publication::Which;

/// Photo 1 is on the council's website, and in a newspaper.
fn published() -> Desk {
    let desk = desk();
    desk.put_all(|write| {
        put(write, &publication(1, 1, "council_website"))?;
        put(write, &publication(2, 1, "press"))
    });
    assert_eq!(desk.due(), Vec::<u8>::new());
    desk
}

pub(super) fn days_later(days: i64) -> Instant {
    Instant::from_unix_ms(NOW.unix_ms() + days * 24 * 60 * 60 * 1000)
}

impl Desk {
    /// The numbers of the publications that have to come down.
    pub(super) fn due(&self) -> Vec<u8> {
        let due = self.store.read(|read| read.publications(Which::Due));
        (1..9)
            .filter(|n| {
                due.as_ref()
                    .unwrap()
                    .contains(&publication(*n, 1, "press").id)
            })
            .collect()
    }

    pub(super) fn since(&self, n: u8) -> Instant {
        self.store
            .read(|read| {
                let row = read.publication(publication(n, 1, "press").id)?;
                read.not_permitted_since(&row.publication)
            })
            .unwrap()
    }
}

#[test]
fn nothing_is_published_where_somebody_in_it_does_not_permit_it() {
    let desk = desk();
    let refused_now = |n: u8, photo: u8, channel: &str| {
        refused(desk.write(|write| put(write, &publication(n, photo, channel))))
    };
    assert_eq!(
        refused_now(1, 1, "social_media:facebook"),
        ConsentRefusal::DoesNotStand,
        "nobody was asked"
    );
    assert_eq!(
        refused_now(1, 2, "press"),
        ConsentRefusal::DoesNotStand,
        "there is no such photo"
    );
    // A record of a photo with one person less than it says.
    desk.put_all(|write| {
        put(write, &photo(3, 2))?;
        put(write, &in_photo(3, zofia(), 1))
    });
    assert_eq!(refused_now(1, 3, "press"), ConsentRefusal::DoesNotStand);
    // Withdrawn for one channel only.
    desk.put_all(|write| {
        let of_press = withdrawal(1, zofia(), &[1], Some(&["press"]), WithdrawalHow::InPerson);
        put(write, &of_press)
    });
    assert_eq!(refused_now(1, 1, "press"), ConsentRefusal::DoesNotStand);
    desk.write(|write| put(write, &publication(1, 1, "centre_display")))
        .unwrap();
    // The photo is there, and is not to be seen.
    desk.put_all(|write| put(write, &end(1, 1, EndKind::Disputed)));
    assert_eq!(
        refused_now(2, 1, "centre_display"),
        ConsentRefusal::DoesNotStand
    );
}

#[test]
fn nothing_is_published_once_the_time_is_over() {
    let over = |at_expiry| {
        let desk = desk();
        desk.put_all(|write| {
            let mut ends = replacing(decision(2, (zofia(), maja(), 1), ALL, &[]), &[1]);
            ends.valid_until = Some(days_later(2));
            ends.at_expiry = at_expiry;
            put(write, &ends)?;
            put(write, &publication(1, 1, "press"))
        });
        let mut late = publication(2, 1, "press");
        late.published_at = days_later(2);
        assert_eq!(
            refused(desk.write(|write| put(write, &late))),
            ConsentRefusal::Expired
        );
        desk.put_all(|write| put(write, &expiry(2)));
        desk
    };
    let stays = over(AtExpiry::NoNewUse);
    assert_eq!(stays.due(), Vec::<u8>::new(), "what is there stays");
    assert_eq!(
        refused(stays.write(|write| put(write, &publication(3, 1, "press")))),
        ConsentRefusal::Expired,
        "a clock that was set back lets nothing in"
    );
    assert_eq!(over(AtExpiry::Remove).due(), [1]);
}

#[test]
fn whatever_ends_permission_opens_the_takedown() {
    let none: &[u8] = &[];
    let desk = published();
    let mut asked = withdrawal(1, zofia(), &[1], Some(&["press"]), WithdrawalHow::Reported);
    asked.withdrawn_at = days_later(3);
    desk.put_all(|write| put(write, &asked));
    assert_eq!(desk.due(), [2], "where it was asked for, and nowhere else");
    assert_eq!(desk.since(2), days_later(3), "since it was asked for");
    desk.put_all(|write| put(write, &ruling(1, 1, Ruling::Dismissed)));
    assert_eq!(desk.due(), none, "nobody who may had asked");

    let desk = published();
    desk.put_all(|write| put(write, &misrecording(1, 1)));
    assert_eq!(desk.due(), [1, 2]);
    let desk = published();
    desk.put_all(|write| put(write, &end(1, 1, EndKind::Ended)));
    assert_eq!(desk.due(), [1, 2]);
    let desk = published();
    desk.put_all(|write| put(write, &stop(1, zofia(), PICTURE)));
    assert_eq!(desk.due(), [1, 2]);
    assert_eq!(desk.pictures(), 0, "and the picture is gone");
    assert_eq!(desk.since(1), NOW);
    // She changes her mind, and again.
    let desk = published();
    let mut less = replacing(
        decision(2, (zofia(), maja(), 1), WEB, &["centre_display", "press"]),
        &[1],
    );
    less.decided_at = days_later(1);
    desk.put_all(|write| put(write, &less));
    assert_eq!(desk.due(), [2]);
    assert_eq!(desk.since(2), days_later(1));
    desk.put_all(|write| put(write, &takedown(1, 2)));
    assert_eq!(desk.due(), none, "somebody looked");
}

#[test]
fn they_stay_as_they_were_written() {
    let desk = published();
    desk.put_all(|write| put(write, &takedown(1, 2)));
    for (table, named) in [("publication", "photo"), ("takedown", "publication")] {
        for attack in [
            format!("DELETE FROM {table}"),
            format!("UPDATE {table} SET extra = ''"),
            format!("UPDATE {table} SET {named} = randomblob(16)"),
            format!("UPDATE OR REPLACE {table} SET id = zeroblob(16)"),
            format!("REPLACE INTO {table} SELECT * FROM {table}"),
            format!("INSERT OR IGNORE INTO {table} SELECT * FROM {table}"),
        ] {
            let setting = "PRAGMA recursive_triggers = OFF; PRAGMA foreign_keys = OFF;";
            refused(desk.sql(&format!("{setting} {attack}")));
        }
        for odd in [
            "id = x'00'".to_owned(),
            format!("id = randomblob(16), {named} = x'00'"),
        ] {
            let one = format!("(SELECT min(id) FROM main.{table})");
            let one = desk.copy(table, &one, &odd);
            assert_eq!(refused(one), ConsentRefusal::Malformed, "{table}: {odd}");
        }
    }
    for odd in ["outcome = 'never mind'", "proof = ' '"] {
        let id = blob(takedown(1, 2).id);
        let one = desk.copy("takedown", &id, &format!("id = randomblob(16), {odd}"));
        assert_eq!(refused(one), ConsentRefusal::Malformed, "{odd}");
    }
    let id = blob(publication(1, 1, "press").id);
    let set = "id = randomblob(16), channel = 'print'";
    let elsewhere = desk.copy("publication", &id, set);
    assert_eq!(refused(elsewhere), ConsentRefusal::DoesNotStand);
    let nowhere = desk.copy("publication", &id, "id = randomblob(16), place = ' '");
    assert_eq!(refused(nowhere), ConsentRefusal::Malformed);
}

#[test]
fn what_happened_elsewhere_is_known_and_comes_down() {
    let desk = desk();
    desk.put_all(|write| given(write, &publication(1, 1, "social_media:facebook")));
    assert_eq!(desk.due(), [1], "it was never permitted");
    assert_eq!(desk.since(1), NOW);
    // Somebody with a SQLite tool could say the same, and would only be told to take it down.
    let forged = "INSERT INTO taking_in VALUES (1);
         INSERT INTO publication
             SELECT zeroblob(16), photo, 'print', place, live_from, published_by, published_at, versions, extra,
                 attribution
             FROM publication;
         DELETE FROM taking_in";
    desk.sql(forged).unwrap();
    assert_eq!(desk.count("SELECT COUNT(*) FROM takedown_due"), 2);
}

#[test]
fn a_publication_outlives_the_photo() {
    let desk = published();
    let photo = blob(photo_id(1));
    desk.put_all(|write| {
        let all = withdrawal(1, zofia(), &[1], None, WithdrawalHow::InPerson);
        put(write, &all)
    });
    assert_eq!((desk.due(), desk.pictures()), (vec![1, 2], 0));
    let erase = format!(
        "INSERT INTO erased (record, kind, root, because, erased_at)
         VALUES ({0}, 'person', {0}, zeroblob(16), '{NOW}')",
        blob(zofia())
    );
    desk.sql(&erase).unwrap();
    assert_eq!(desk.due(), [1, 2], "it may still be there");
    assert_eq!(
        desk.since(1),
        NOW,
        "of whom it was is forgotten, and when that was"
    );
    let named = format!("SELECT COUNT(*) FROM publication WHERE photo = {photo}");
    assert_eq!(desk.count(&named), 0);
    // As the county gave it before it had heard of that.
    desk.put_all(|write| given(write, &publication(3, 1, "press")));
    assert_eq!(desk.count(&named), 0);
    assert_eq!(desk.due(), [1, 2, 3]);
    desk.put_all(|write| {
        put(write, &takedown(1, 1))?;
        put(write, &takedown(2, 2))?;
        put(write, &takedown(3, 3))
    });
    assert_eq!(desk.due(), Vec::<u8>::new());
}

#[test]
fn anybody_may_ask_for_a_picture_to_come_down() {
    let desk = desk();
    let mut found = publication(1, 1, "social_media:facebook");
    found.photo = None;
    desk.put_all(|write| put(write, &found));
    assert_eq!((desk.due(), desk.since(1)), (vec![1], NOW));
    let id = blob(found.id);
    let claimed = format!(
        "UPDATE publication SET photo = {} WHERE id = {id}",
        blob(photo_id(1))
    );
    assert_eq!(refused(desk.sql(&claimed)), ConsentRefusal::Immutable);
    desk.put_all(|write| put(write, &takedown(1, 1)));
    assert_eq!(desk.due(), Vec::<u8>::new());
}
