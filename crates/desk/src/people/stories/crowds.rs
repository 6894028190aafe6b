//! A picture of the lantern walk, in which nobody is named, and pictures that somebody wants gone.

use porch_domain::id::PhotoId;
use porch_domain::photo::ObjectionGround;

use super::publications::{on_website, picture};
use super::receipts::signed;
use super::*;
use crate::crowds::{AddCrowdPhotoRequest, add_crowd_photo, crowd_photos};
use crate::photos::{PhotoState, PhotoView, PhotosRequest, photos};
use crate::publications::PublicationsShown;
use crate::read_audit::{AuditRequest, audit};
use crate::remove_photo::{RemovePhotoRequest, remove_photo};

/// Makes of a good request one that is none.
type Spoil = fn(&mut AddCrowdPhotoRequest);

const WALK: &str = "The lantern walk in Mill Park";

fn lanterns(work: &Work) -> AddCrowdPhotoRequest {
    AddCrowdPhotoRequest {
        public_place: format!(" {WALK} "),
        is_declared: true,
        taken_at: work.now,
        caption: "Many lanterns".into(),
        picture: picture(),
        keep: None,
        cover: Vec::new(),
    }
}

impl FrontDesk {
    fn crowd(&self) -> PhotoView {
        self.does(Role::Outreach, |work| {
            add_crowd_photo(work, lanterns(work)).unwrap()
        })
    }

    fn crowds(&self, role: Role) -> Vec<PhotoView> {
        self.does(role, |work| crowd_photos(work, Nothing {}).unwrap())
    }

    fn remove(&self, photo: PhotoId) -> Result<PhotoView, Refusal> {
        let ground = ObjectionGround::Asked;
        self.does(Role::DataProtection, |work| {
            remove_photo(work, RemovePhotoRequest { photo, ground })
        })
    }
}

#[test]
fn a_crowd_is_kept_without_names_and_listed_by_itself() {
    let signed = signed();
    let of_tim = signed.photo();
    let front = &signed.front;
    let crowd = front.crowd();
    assert_eq!(crowd.state, PhotoState::Here);
    assert_eq!(crowd.public_place.as_deref(), Some(WALK));
    assert!(crowd.people.is_empty() && crowd.session.is_none());
    assert!(
        crowd.channels.len() > of_tim.channels.len(),
        "everywhere but in a child's record"
    );
    let listed: Vec<PhotoId> = front
        .crowds(Role::Reception)
        .iter()
        .map(|view| view.photo)
        .collect();
    assert_eq!(listed, [crowd.photo]);
    // It is at no session, and of no family.
    let of_family = PhotosRequest {
        family: Some(signed.family),
        session: None,
    };
    let of_family = front.does(Role::Reception, |work| photos(work, of_family).unwrap());
    assert_eq!(
        of_family.iter().map(|view| view.photo).collect::<Vec<_>>(),
        [of_tim.photo]
    );
}

#[test]
fn what_is_no_crowd_is_refused_by_its_field() {
    let front = FrontDesk::open();
    let far = "a".repeat(201);
    // Of a centre with a name of one word there may be a namesake.
    let namesake = front.does(Role::Reception, |work| {
        let request = AddCrowdPhotoRequest {
            public_place: "The boats in the harbour".into(),
            ..lanterns(work)
        };
        add_crowd_photo(work, request).unwrap().photo
    });
    let spoiled: [(Spoil, Code, &str); 7] = [
        (
            |odd| odd.public_place = " \n".into(),
            Code::Required,
            "public_place",
        ),
        (
            |odd| odd.public_place = "HARBOUR!".into(),
            Code::NotPublic,
            "public_place",
        ),
        (|odd| odd.is_declared = false, Code::Required, "is_declared"),
        (
            |odd| odd.caption = "a".repeat(1_001),
            Code::TooLong,
            "caption",
        ),
        (
            |odd| odd.taken_at = "2026-11-23T12:00:00.000Z".parse().unwrap(),
            Code::DateInFuture,
            "taken_at",
        ),
        (
            |odd| odd.picture = "bm8gcGljdHVyZQ==".into(),
            Code::NotAPicture,
            "",
        ),
        (|odd| odd.picture = "?".into(), Code::NotAPicture, "picture"),
    ];
    for (spoil, code, field) in spoiled {
        let refused = front.does(Role::Reception, |work| {
            let mut request = lanterns(work);
            spoil(&mut request);
            add_crowd_photo(work, request).map(drop)
        });
        let field = Some(field.to_owned()).filter(|field| !field.is_empty());
        assert_eq!(why(refused), (code, field));
    }
    let refused = front.does(Role::Reception, |work| {
        let request = AddCrowdPhotoRequest {
            public_place: far,
            ..lanterns(work)
        };
        add_crowd_photo(work, request).map(drop)
    });
    assert_eq!(why(refused).0, Code::TooLong);
    let kept = front.crowds(Role::Reception);
    assert!(
        kept.iter().map(|view| view.photo).eq([namesake]),
        "nothing else is kept"
    );
}

#[test]
fn whoever_asks_has_a_crowd_taken_away_and_taken_down() {
    let signed = signed();
    let front = &signed.front;
    let crowd = front.crowd();
    signed.publish(on_website(vec![crowd.photo])).unwrap();
    assert!(
        signed
            .ledger(Role::Reception, sample::NOW, PublicationsShown::Due)
            .is_empty()
    );
    let gone = front.remove(crowd.photo).unwrap();
    assert_eq!(gone.state, PhotoState::Removed);
    assert_eq!((gone.caption, gone.channels.len()), (None, 0));
    assert_eq!(
        gone.public_place.as_deref(),
        Some(WALK),
        "that it was stays"
    );
    let due = signed.ledger(Role::Reception, sample::NOW, PublicationsShown::Due);
    assert_eq!(due.len(), 1);
    assert_eq!(
        why(front.remove(crowd.photo).map(drop)).0,
        Code::PictureRemoved
    );
    assert_eq!(
        why(signed.publish(on_website(vec![crowd.photo])).map(drop)),
        (Code::NoConsent, Some("channel".into()))
    );
    front.does(Role::Manager, |work| {
        let newest = AuditRequest {
            before: None,
            limit: 20,
        };
        let page = audit(work, newest).unwrap();
        for done in ["changed/remove_photo", "changed/add_crowd_photo"] {
            let mut entries = page.entries.iter();
            assert!(entries.any(|entry| entry.action == done), "{done}");
        }
    });
}

#[test]
fn what_somebody_permits_can_be_taken_away_all_the_same() {
    let signed = signed();
    let photo = signed.photo().photo;
    let gone = signed.front.remove(photo).unwrap();
    assert_eq!(gone.state, PhotoState::Removed);
    // The permission is as it was: the next picture may be kept.
    assert_eq!(signed.photo().state, PhotoState::Here);
    let unknown = PhotoId::make(1, [9; 10]);
    assert_eq!(
        why(signed.front.remove(unknown).map(drop)).0,
        Code::NotFound
    );
}
