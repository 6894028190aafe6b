//! Somebody's words, kept or used where they did not permit that.

use porch_domain::decision::{Attribution, Decision, Purpose};
use porch_domain::id::SessionId;
use porch_domain::photo::Photo;
use porch_domain::publication::Publication;
use porch_domain::withdrawal::{Withdrawal, WithdrawalHow};

use super::publication::days_later;
use super::{blob, refused};
use crate::consent::sample::{
    CANARY, SMALL_CANARY, approval, decision, idris, in_photo, maja, photo, photo_id, publication,
    put, put_pictures, replacing, stop, withdrawal, words, zofia,
};
use crate::consent::scene::{ALL, Desk, desk};
use crate::error::ConsentRefusal;
use crate::photo::PhotoState;

const QUOTE: Purpose = Purpose::PublicityQuote;

/// What Zofia's mother says about her words.
fn about_words(n: u8, attribution: Attribution) -> Decision {
    Decision {
        purpose: QUOTE,
        attribution: Some(attribution),
        ..decision(n, (zofia(), maja(), 1), ALL, &[])
    }
}

/// Picture 1 rests on decision 1, and quote 2 on decision 2, by which Zofia's first name may stand under it.
fn said() -> Desk {
    let desk = desk();
    desk.put_all(|write| {
        put(write, &approval(1, QUOTE))?;
        put(write, &about_words(2, Attribution::FirstName))?;
        put(write, &words(2))?;
        put(write, &in_photo(2, zofia(), 2))?;
        put_pictures(write, 2)
    });
    assert_eq!(desk.state(2), PhotoState::Here, "words have no thumbnail");
    desk
}

fn under(n: u8, name: Option<Attribution>) -> Publication {
    Publication {
        attribution: name,
        ..publication(n, 2, "press")
    }
}

fn of_words(channels: Option<&[&str]>, how: WithdrawalHow) -> Withdrawal {
    Withdrawal {
        purpose: QUOTE,
        ..withdrawal(1, zofia(), &[2], channels, how)
    }
}

#[test]
fn words_rest_on_consent_to_quote_and_pictures_on_consent_to_pictures() {
    let desk = said();
    for (n, record, under) in [(3, words(3), 1), (4, photo(4, 1), 2)] {
        desk.put_all(|write| {
            put(write, &record)?;
            put(write, &in_photo(n, zofia(), under))
        });
        assert_eq!(
            refused(desk.write(|write| put_pictures(write, n))),
            ConsentRefusal::DoesNotStand,
            "{n}"
        );
        let chunk = format!(
            "INSERT INTO picture_inbox VALUES ({}, 'picture', 0, zeroblob(1))",
            blob(photo_id(n))
        );
        assert_eq!(refused(desk.sql(&chunk)), ConsentRefusal::DoesNotStand);
    }
    // Nobody was asked about these words.
    desk.put_all(|write| {
        put(write, &words(5))?;
        put(write, &in_photo(5, idris(), 2))
    });
    refused(desk.write(|write| put_pictures(write, 5)));
    assert_eq!(desk.pictures(), 3, "a picture, its thumbnail, and words");
    // What is a picture is never words afterwards.
    for attack in [
        "UPDATE photo SET media_type = 'image/jpeg'",
        "UPDATE photo SET media_type = 'application/vnd.porch.quote+json'",
    ] {
        assert_eq!(refused(desk.sql(attack)), ConsentRefusal::Immutable);
    }
}

#[test]
fn words_are_one_persons_and_nothing_but_words() {
    let spoiled: [fn(&mut Photo); 9] = [
        |odd| odd.subject_count = 2,
        |odd| odd.subject_count = 0,
        |odd| odd.caption = Some("Zofia".into()),
        |odd| odd.session = Some(SessionId::make(1, [1; 10])),
        |odd| odd.width = 1,
        |odd| odd.height = 1,
        |odd| odd.thumbnail_bytes = 1,
        |odd| odd.bytes = 0,
        |odd| odd.bytes = 16 * 1024 + 1,
    ];
    let desk = said();
    for spoil in spoiled {
        let mut odd = words(3);
        spoil(&mut odd);
        assert!(!odd.fits_its_form(), "the county says so too");
        let put = desk.write(|write| put(write, &odd));
        assert_eq!(refused(put), ConsentRefusal::Malformed);
    }
    let thumbnail = format!(
        "INSERT INTO picture VALUES ({}, 'thumbnail', CAST('{}' AS BLOB))",
        blob(photo_id(2)),
        String::from_utf8_lossy(SMALL_CANARY)
    );
    assert_eq!(refused(desk.sql(&thumbnail)), ConsentRefusal::Malformed);
    assert_eq!(desk.state(2), PhotoState::Here);
}

#[test]
fn words_go_as_a_picture_goes() {
    let left = |desk: &Desk| {
        let words = format!(
            "SELECT COUNT(*) FROM picture WHERE bytes = CAST('{}' AS BLOB) AND photo = {}",
            String::from_utf8_lossy(CANARY),
            blob(photo_id(2))
        );
        (desk.count(&words), desk.state(2), desk.state(1))
    };
    let here = PhotoState::Here;
    let desk = said();
    assert_eq!(left(&desk), (1, here, here));
    desk.put_all(|write| put(write, &of_words(None, WithdrawalHow::Reported)));
    assert_eq!(left(&desk), (1, PhotoState::Suspended, here));
    let desk = said();
    desk.put_all(|write| put(write, &of_words(None, WithdrawalHow::InPerson)));
    assert_eq!(left(&desk), (0, PhotoState::Removed, here));
    let desk = said();
    desk.put_all(|write| put(write, &stop(1, zofia(), QUOTE)));
    assert_eq!(left(&desk), (0, PhotoState::Removed, here));
    // A yes given anew brings nothing back.
    desk.put_all(|write| put(write, &about_words(3, Attribution::FullName)));
    assert_eq!(left(&desk), (0, PhotoState::Removed, here));
}

#[test]
fn words_stand_under_no_name_that_somebody_does_not_permit() {
    let desk = said();
    let full = Some(Attribution::FullName);
    let (first, none) = (Some(Attribution::FirstName), Some(Attribution::Anonymous));
    assert_eq!(
        refused(desk.write(|write| put(write, &under(1, full)))),
        ConsentRefusal::DoesNotStand
    );
    desk.put_all(|write| {
        put(write, &under(1, first))?;
        put(write, &under(2, none))?;
        put(write, &under(3, None))
    });
    assert_eq!(desk.due(), Vec::<u8>::new());
    for odd in ["'full_name'", "'anonymous'", "NULL"] {
        let attack = format!("UPDATE publication SET attribution = {odd}");
        assert_eq!(refused(desk.sql(&attack)), ConsentRefusal::Immutable);
    }
    let odd = desk.copy(
        "publication",
        &blob(under(1, first).id),
        "id = randomblob(16), attribution = 'nickname'",
    );
    assert_eq!(refused(odd), ConsentRefusal::Malformed);
    // She would rather not have her name there.
    let mut less = replacing(about_words(3, Attribution::Anonymous), &[2]);
    less.decided_at = days_later(2);
    desk.put_all(|write| put(write, &less));
    assert_eq!(desk.due(), [1], "the words may stay, under no name");
    assert_eq!(desk.since(1), days_later(2));
    assert_eq!(desk.state(2), PhotoState::Here);
    assert_eq!(
        refused(desk.write(|write| put(write, &under(4, first)))),
        ConsentRefusal::DoesNotStand
    );
    // A picture stands under no name at all.
    let named = Publication {
        attribution: first,
        ..publication(5, 1, "press")
    };
    assert_eq!(
        refused(desk.write(|write| put(write, &named))),
        ConsentRefusal::DoesNotStand
    );
}
