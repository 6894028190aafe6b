//! A picture of Tim is put on the council's website, and has to come down.

use std::fs;
use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use image::{DynamicImage, ImageFormat};
use porch_domain::channel::Channel;
use porch_domain::decision::Purpose;
use porch_domain::id::{PhotoId, PublicationId};
use porch_domain::publication::{Publication, TakedownOutcome};
use porch_domain::withdrawal::WithdrawalHow;

use super::receipts::{Signed, signed};
use super::*;
use crate::add_photo::{AddPhotoRequest, add_photo};
use crate::photos::PhotoView;
use crate::publications::{
    PublicationView, PublicationsRequest, PublicationsShown, RecordTakedownRequest,
    RequestRemovalRequest, TakedownDueView, TakedownsView, publications, record_takedown,
    request_removal, takedowns,
};
use crate::publish::{PublishPhotosRequest, publish_photos};
use crate::read_audit::{AuditRequest, audit};
use crate::save_published::{SavePublishedRequest, save_published};
use crate::withdraw_consent::{WithdrawRequest, withdraw_consent};
use crate::withdrawal_check::{WithdrawalCheckRequest, withdrawal_check};

const PAGE: &str = "county.example/news <spring>";

/// Makes of a good request one that is none.
type Spoil<R> = fn(&mut R);

fn website() -> Channel {
    Channel::CouncilWebsite
}

impl Signed {
    pub(super) fn photo(&self) -> PhotoView {
        self.front.does(Role::Reception, |work| {
            let request = AddPhotoRequest {
                session: None,
                people: vec![self.tim],
                taken_at: work.now,
                caption: "Tim Beispiel at the sand table".into(),
                picture: picture(),
                keep: None,
                cover: Vec::new(),
            };
            add_photo(work, request).unwrap()
        })
    }

    pub(super) fn publish(
        &self,
        request: PublishPhotosRequest,
    ) -> Result<Vec<PublicationView>, Refusal> {
        self.front
            .does(Role::Reception, |work| publish_photos(work, request))
    }

    /// Tim's picture on the website.
    fn published(&self) -> PublicationId {
        let [view] = self
            .publish(on_website(vec![self.photo().photo]))
            .unwrap()
            .try_into()
            .unwrap();
        view.publication
    }

    pub(super) fn ledger(
        &self,
        role: Role,
        now: &str,
        shown: PublicationsShown,
    ) -> Vec<PublicationView> {
        let request = PublicationsRequest {
            shown: Some(shown),
            photo: None,
        };
        self.front
            .at(role, now, |work| publications(work, request).unwrap())
    }

    fn notice(&self, role: Role, now: &str) -> Option<TakedownsView> {
        self.front
            .at(role, now, |work| takedowns(work, Nothing {}).unwrap())
    }

    fn take_back(&self, how: WithdrawalHow) {
        self.front.does(Role::Reception, |work| {
            let request = WithdrawRequest {
                subject: self.tim,
                purpose: Purpose::PublicityPicture,
                decisions: vec![self.decision],
                channels: None,
                by: Some(self.testa),
                how,
            };
            withdraw_consent(work, request).unwrap();
        });
    }

    fn ended(&self, request: RecordTakedownRequest) -> Result<PublicationView, Refusal> {
        self.front
            .does(Role::DataProtection, |work| record_takedown(work, request))
    }

    fn save(&self, publication: PublicationId) -> Result<String, Refusal> {
        let request = SavePublishedRequest {
            publications: vec![publication],
        };
        self.front
            .does(Role::Reception, |work| save_published(work, request))
            .map(|saved| saved.file)
    }
}

/// A picture's file, base64.
pub(super) fn picture() -> String {
    let mut bytes = Cursor::new(Vec::new());
    let image = DynamicImage::new_rgb8(64, 48);
    image.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    BASE64.encode(bytes.into_inner())
}

pub(super) fn on_website(photos: Vec<PhotoId>) -> PublishPhotosRequest {
    PublishPhotosRequest {
        photos,
        channel: website(),
        place: format!("  {PAGE} "),
        attribution: None,
        live_from: TODAY.parse().unwrap(),
    }
}

fn gone(publication: PublicationId) -> RecordTakedownRequest {
    RecordTakedownRequest {
        publication,
        outcome: TakedownOutcome::Removed,
        proof: "Rita looked at the page: it is not there.".into(),
        ended_on: TODAY.parse().unwrap(),
    }
}

#[test]
fn a_picture_is_published_where_everybody_in_it_permits() {
    let signed = signed();
    let photo = signed.photo().photo;
    let [view] = signed
        .publish(on_website(vec![photo]))
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!((view.place.as_str(), view.due), (PAGE, None));
    assert_eq!(view.photo.unwrap().photo, photo);
    let live = signed.ledger(Role::Manager, sample::NOW, PublicationsShown::Live);
    assert_eq!(live.len(), 1);
    let of_photo = PublicationsRequest {
        shown: None,
        photo: Some(photo),
    };
    let of_photo = signed
        .front
        .does(Role::Manager, |work| publications(work, of_photo).unwrap());
    assert_eq!(of_photo[0].publication, live[0].publication);
    assert_eq!(signed.notice(Role::Reception, sample::NOW), None);
}

#[test]
fn what_is_no_publication_is_refused_by_its_field() {
    let signed = signed();
    let photo = signed.photo().photo;
    let good = || on_website(vec![photo]);
    let problem = |request| {
        let (code, field) = why(signed.publish(request).map(drop));
        (code, field.unwrap_or_default())
    };
    let cases: [(&str, Code, Spoil<PublishPhotosRequest>); 8] = [
        ("place", Code::Required, |r| r.place = " \n".into()),
        ("place", Code::TooLong, |r| r.place = "x".repeat(301)),
        ("photos", Code::Required, |r| r.photos.clear()),
        ("photos", Code::Invalid, |r| {
            r.photos.extend(r.photos.clone())
        }),
        ("channel", Code::NoConsent, |r| {
            r.channel = "press".parse().unwrap();
        }),
        ("channel", Code::Invalid, |r| {
            r.channel = "own_record".parse().unwrap();
        }),
        ("live_from", Code::DateInFuture, |r| {
            r.live_from = "2027-11-24".parse().unwrap();
        }),
        ("live_from", Code::DateTooEarly, |r| {
            r.live_from = "2026-11-22".parse().unwrap();
        }),
    ];
    for (field, code, spoil) in cases {
        let mut request = good();
        spoil(&mut request);
        assert_eq!(problem(request), (code, field.to_owned()));
    }
    let nobodys = on_website(vec![PhotoId::make(1, [9; 10])]);
    assert_eq!(why(signed.publish(nobodys).map(drop)).0, Code::NotFound);
    let neither = PublicationsRequest {
        shown: None,
        photo: None,
    };
    let asked = signed
        .front
        .does(Role::Manager, |work| publications(work, neither).map(drop));
    assert_eq!(why(asked).0, Code::MalformedRequest);
    assert!(
        signed
            .ledger(Role::Manager, sample::NOW, PublicationsShown::Live)
            .is_empty(),
        "nothing was kept of it"
    );
}

#[test]
fn a_withdrawal_brings_it_down_within_five_working_days() {
    let signed = signed();
    let publication = signed.published();
    signed.take_back(WithdrawalHow::InPerson);
    // A Monday; the fifth working day after it is the next one.
    let by = "2026-11-30".parse().unwrap();
    let due = |overdue| Some(TakedownDueView { by, overdue });
    let shown = |now: &str| {
        let [view] = signed
            .ledger(Role::Reception, now, PublicationsShown::Due)
            .try_into()
            .unwrap();
        (view.due, view.photo.map(|photo| photo.caption))
    };
    assert_eq!(
        shown(sample::NOW),
        (due(false), Some(None)),
        "without its caption"
    );
    assert_eq!(shown("2026-11-30T18:00:00.000Z").0, due(false));
    let late = "2026-12-01T09:00:00.000Z";
    assert_eq!(shown(late).0, due(true));
    let notice = TakedownsView {
        due: 1,
        overdue: 1,
        by,
    };
    assert_eq!(signed.notice(Role::DataProtection, late), Some(notice));
    assert_eq!(why(signed.save(publication).map(drop)).0, Code::NoConsent);

    let ended = signed.ended(gone(publication)).unwrap();
    assert_eq!(
        (ended.due, ended.takedown.unwrap().recorded_by.as_str()),
        (None, "Rita Example")
    );
    assert_eq!(signed.notice(Role::DataProtection, late), None);
    let again = signed.ended(gone(publication)).map(drop);
    assert_eq!(why(again).0, Code::ChangedMeanwhile);
    let over = signed.ledger(Role::Manager, late, PublicationsShown::Ended);
    assert_eq!(over.len(), 1);
}

#[test]
fn what_would_have_to_come_down_is_said_before_a_withdrawal() {
    let signed = signed();
    let publication = signed.published();
    let check = || {
        let request = WithdrawalCheckRequest {
            subject: signed.tim,
            purpose: Purpose::PublicityPicture,
            decisions: vec![signed.decision],
            channels: None,
        };
        signed.front.does(Role::Reception, |work| {
            withdrawal_check(work, request).unwrap()
        })
    };
    let view = check();
    assert_eq!(
        (view.count, view.down_by.to_string().as_str()),
        (1, "2026-11-30")
    );
    assert_eq!(view.coming_down[0].publication, publication);
    assert_eq!(
        signed.notice(Role::Reception, sample::NOW),
        None,
        "it was only asked"
    );
    signed.ended(gone(publication)).unwrap();
    assert!(check().coming_down.is_empty(), "it is there no longer");
}

#[test]
fn what_is_only_reported_brings_it_down_as_well() {
    let signed = signed();
    signed.published();
    signed.take_back(WithdrawalHow::Reported);
    let notice = signed.notice(Role::Reception, sample::NOW).unwrap();
    assert_eq!((notice.due, notice.overdue), (1, 0));
}

#[test]
fn anybody_may_ask_for_a_picture_to_come_down() {
    let signed = signed();
    let ask = |channel: &str, place: &str| {
        let request = RequestRemovalRequest {
            channel: channel.parse().unwrap(),
            place: place.into(),
        };
        signed
            .front
            .does(Role::Reception, |work| request_removal(work, request))
    };
    let problem = why(ask("social_media:facebook", " ").map(drop));
    assert_eq!(problem, (Code::Required, Some("place".into())));
    for nowhere in ["own_record", "email", "post"] {
        let problem = why(ask(nowhere, "There").map(drop));
        assert_eq!(problem, (Code::Invalid, Some("channel".into())));
    }
    let asked = ask(
        "social_media:elsewhere",
        "blog.example/playgroup, the second picture",
    )
    .unwrap();
    assert_eq!((asked.is_known, asked.photo.is_none()), (false, true));
    let by = "2026-11-30".parse().unwrap();
    assert_eq!(asked.due, Some(TakedownDueView { by, overdue: false }));
    let mut told = gone(asked.publication);
    told.outcome = TakedownOutcome::CannotBeRecalled;
    signed.ended(told).unwrap();
    assert_eq!(signed.notice(Role::Reception, sample::NOW), None);
}

#[test]
fn what_the_county_never_took_in_is_taken_down_as_well() {
    let signed = signed();
    // Another desk took a picture and published it, before it heard that she had changed her mind.
    let unknown = Publication {
        id: PublicationId::make(1, [8; 10]),
        photo: Some(PhotoId::make(1, [9; 10])),
        channel: website(),
        place: PAGE.into(),
        attribution: None,
        live_from: TODAY.parse().unwrap(),
        published_by: sample::user(),
        published_at: sample::NOW.parse().unwrap(),
    };
    signed.front.gives(&unknown);
    let known = signed.published();
    signed.take_back(WithdrawalHow::InPerson);
    let due = signed.ledger(Role::Reception, sample::NOW, PublicationsShown::Due);
    let mut shown: Vec<_> = due
        .iter()
        .map(|view| (view.publication, view.is_known))
        .collect();
    shown.sort_unstable();
    assert_eq!(shown, [(unknown.id, false), (known, true)]);
    signed.ended(gone(unknown.id)).unwrap();
    signed.ended(gone(known)).unwrap();
    assert_eq!(signed.notice(Role::Reception, sample::NOW), None);
}

#[test]
fn a_clock_that_ran_far_ahead_puts_nothing_off() {
    let signed = signed();
    let mut ahead = Publication {
        id: PublicationId::make(1, [8; 10]),
        photo: None,
        channel: website(),
        place: PAGE.into(),
        attribution: None,
        live_from: TODAY.parse().unwrap(),
        published_by: sample::user(),
        published_at: "2027-11-23T10:00:00.000Z".parse().unwrap(),
    };
    signed.front.gives(&ahead);
    let overdue = |now: &str| signed.notice(Role::Reception, now).unwrap().overdue;
    assert_eq!(overdue(sample::NOW), 1);
    signed.ended(gone(ahead.id)).unwrap();
    // Minutes are what clocks differ by.
    ahead.id = PublicationId::make(1, [9; 10]);
    ahead.published_at = "2026-11-23T23:00:00.000Z".parse().unwrap();
    signed.front.gives(&ahead);
    assert_eq!(overdue(sample::NOW), 0);
    assert_eq!(overdue("2026-12-01T09:00:00.000Z"), 1);
}

#[test]
fn a_takedown_says_when_and_what_shows_it() {
    let signed = signed();
    let publication = signed.published();
    let cases: [(&str, Code, Spoil<RecordTakedownRequest>); 4] = [
        ("proof", Code::Required, |r| r.proof = " ".into()),
        ("proof", Code::TooLong, |r| r.proof = "x".repeat(2001)),
        ("ended_on", Code::DateInFuture, |r| {
            r.ended_on = "2026-11-24".parse().unwrap();
        }),
        ("ended_on", Code::DateTooEarly, |r| {
            r.ended_on = "2026-11-22".parse().unwrap();
        }),
    ];
    for (field, code, spoil) in cases {
        let mut request = gone(publication);
        spoil(&mut request);
        let problem = why(signed.ended(request).map(drop));
        assert_eq!(problem, (code, Some(field.to_owned())));
    }
    let unknown = PublicationId::make(1, [9; 10]);
    assert_eq!(why(signed.ended(gone(unknown)).map(drop)).0, Code::NotFound);
    // Its time may simply be over.
    signed.ended(gone(publication)).unwrap();
}

#[test]
fn the_files_come_with_a_sheet_that_names_nobody() {
    let signed = signed();
    let publication = signed.published();
    let folder = signed.save(publication).unwrap();
    assert_eq!(folder, format!("Porch pictures and quotes {TODAY}"));
    signed.front.does(Role::Manager, |work| {
        let lies = work.desk.papers().join(&folder);
        let picture = fs::read(lies.join("picture-1.jpg")).unwrap();
        assert!(image::load_from_memory(&picture).is_ok());
        let sheet = fs::read_to_string(lies.join("Read me first.html")).unwrap();
        for told in [
            "picture-1.jpg",
            "county.example/news &lt;spring&gt;",
            "On the council's website",
            "23 November 2026",
            publication.to_string().rsplit('-').next().unwrap(),
        ] {
            assert!(sheet.contains(told), "{told}");
        }
        for name in ["Tim", "Beispiel", "Testa"] {
            assert!(!sheet.contains(name), "{name}");
        }
        let newest = AuditRequest {
            before: None,
            limit: 20,
        };
        let page = audit(work, newest).unwrap();
        let mut actions = page.entries.iter().map(|entry| entry.action.as_str());
        assert!(actions.any(|action| action == "disclosed/save_published"));
    });
    let none = SavePublishedRequest {
        publications: Vec::new(),
    };
    let refused = signed
        .front
        .does(Role::Reception, |work| save_published(work, none).map(drop));
    assert_eq!(why(refused), (Code::Required, Some("publications".into())));
}
