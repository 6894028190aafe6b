//! What Testa lets us say that Tim said.

use std::fs;

use porch_domain::authority::{Evidence, Ground};
use porch_domain::bytes::Digest;
use porch_domain::decision::{Attribution, Help, Purpose};
use porch_domain::id::{AuthorityId, DecisionId, PublicationId, derive_photo_subject_id};
use porch_domain::photo::{Form, Photo, PhotoSubject};
use porch_domain::publication::TakedownOutcome;
use porch_domain::withdrawal::WithdrawalHow;

use super::*;
use crate::changes::created;
use crate::decide::{DecideRequest, SubjectAnswers, decide};
use crate::hand_over::{BeginHandOverRequest, asked, begin_hand_over};
use crate::photo_check::permit;
use crate::photos::{
    PhotoPictureRequest, PhotoState, PhotoView, PhotosRequest, PictureSize, photo_picture, photos,
};
use crate::publications::{
    PublicationView, PublicationsRequest, PublicationsShown, RecordTakedownRequest, publications,
    record_takedown,
};
use crate::publish::{PublishPhotosRequest, publish_photos};
use crate::quotes::{
    AddQuoteRequest, QuoteCheckRequest, QuotesRequest, add_quote, quote_check, quotes,
};
use crate::read_audit::{AuditRequest, audit};
use crate::record_authority::{RecordAuthorityRequest, record_authority};
use crate::save_published::{SavePublishedRequest, save_published};
use crate::withdraw_consent::{WithdrawRequest, withdraw_consent};
use crate::withdrawal_check::{WithdrawalCheckRequest, withdrawal_check};

const WORDS: &str = "I like the red slide.\nAnd the <sand>.";

/// Makes of a good request one that is none.
type Spoil = fn(&mut AddQuoteRequest);

/// A family whose mother was asked about her child's words.
struct Said {
    front: FrontDesk,
    family: FamilyId,
    testa: PersonId,
    tim: PersonId,
    decision: DecisionId,
}

/// Testa lets the council's website and print have Tim's words, under his first name.
fn said() -> Said {
    let front = FrontDesk::open();
    let family = front.beispiels();
    let (testa, tim, decision) = front.does(Role::Reception, |work| {
        let view = open(work, family);
        let person = |name| member(&view, name).person;
        let (testa, tim) = (person("Testa"), person("Tim"));
        let request = RecordAuthorityRequest {
            child: tim,
            holder: testa,
            ground: Ground::Mother,
            evidence: Evidence::Seen,
            reason: String::new(),
            valid_until: None,
        };
        let authority = record_authority(work, request).unwrap().authority;
        let purposes = vec![Purpose::PublicityQuote];
        begin_hand_over(work, BeginHandOverRequest { family, purposes }).unwrap();
        let decided = decide(work, answers(work, (testa, tim), authority)).unwrap();
        work.write(|write| Ok(write.end_hand_over()?)).unwrap();
        (testa, tim, decided.decisions[0])
    });
    Said {
        front,
        family,
        testa,
        tim,
        decision,
    }
}

fn answers(
    work: &Work,
    (testa, tim): (PersonId, PersonId),
    authority: AuthorityId,
) -> DecideRequest {
    let (granted, refused) = asked(Purpose::PublicityQuote)
        .into_iter()
        .partition(|channel| ["council_website", "print"].contains(&channel.to_string().as_str()));
    let wording = wording(Purpose::PublicityQuote, "en").text_ref();
    DecideRequest {
        decider: testa,
        answers: vec![SubjectAnswers {
            subject: tim,
            authority: Some(authority),
            wording: wording.name,
            version: wording.version,
            sha256: wording.sha256,
            attribution: Some(Attribution::FirstName),
            granted,
            refused,
            replaces: Vec::new(),
        }],
        signature: Vec::new(),
        typed_name: Some("Testa Beispiel".into()),
        witness: Some(work.login.user),
        language: "en".into(),
        notice: notice(),
        help: Help::None,
    }
}

impl Said {
    fn request(&self) -> AddQuoteRequest {
        AddQuoteRequest {
            person: self.tim,
            words: format!(" {WORDS} "),
            translated_from: " Polish ".into(),
            reveals_special_category: false,
        }
    }

    fn add(&self, request: AddQuoteRequest) -> Result<PhotoView, Refusal> {
        self.front
            .does(Role::Reception, |work| add_quote(work, request))
    }

    fn kept(&self, family: Option<FamilyId>) -> Vec<PhotoView> {
        let asked = QuotesRequest { family };
        self.front
            .does(Role::Reception, |work| quotes(work, asked).unwrap())
    }

    fn publish(
        &self,
        quote: &PhotoView,
        attribution: Option<Attribution>,
    ) -> Result<PublicationId, Refusal> {
        let request = PublishPhotosRequest {
            photos: vec![quote.photo],
            channel: "print".parse().unwrap(),
            place: "The spring leaflet".into(),
            attribution,
            live_from: TODAY.parse().unwrap(),
        };
        self.front.does(Role::Reception, |work| {
            publish_photos(work, request).map(|views| views[0].publication)
        })
    }

    fn shown(&self, shown: PublicationsShown) -> Vec<PublicationView> {
        let request = PublicationsRequest {
            shown: Some(shown),
            photo: None,
        };
        self.front
            .does(Role::Reception, |work| publications(work, request).unwrap())
    }
}

#[test]
fn words_are_kept_as_they_were_said_and_shown_under_the_name_that_is_permitted() {
    let said = said();
    let added = said.add(said.request()).unwrap();
    assert_eq!(
        (added.form, added.state, added.people.len()),
        (Form::Words, PhotoState::Here, 1)
    );
    let quote = added.quote.as_ref().unwrap();
    assert_eq!(quote.words, WORDS);
    assert_eq!(quote.translated_from.as_deref(), Some("Polish"));
    let names: Vec<_> = quote
        .names
        .iter()
        .map(|name| (name.attribution, name.name.as_deref()))
        .collect();
    assert_eq!(
        names,
        [
            (Attribution::FirstName, Some("Tim")),
            (Attribution::Anonymous, None)
        ]
    );
    let channels: Vec<String> = added.channels.iter().map(ToString::to_string).collect();
    assert_eq!(channels, ["council_website", "print"]);
    for family in [None, Some(said.family)] {
        let kept = said.kept(family);
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].quote.as_ref().unwrap().words, WORDS);
    }
    // It is no picture.
    let pictures = PhotosRequest {
        family: Some(said.family),
        session: None,
    };
    said.front.does(Role::Reception, |work| {
        assert!(photos(work, pictures).unwrap().is_empty());
        let picture = PhotoPictureRequest {
            photo: added.photo,
            size: PictureSize::Full,
        };
        let refused = photo_picture(work, picture).map(drop).unwrap_err();
        assert_eq!(refused.code, Code::NotFound);
    });
}

#[test]
fn nothing_is_kept_of_words_that_may_not_be() {
    let said = said();
    let spoiled: [(Spoil, &str, Code); 5] = [
        (|r| r.words = " \n".into(), "words", Code::Required),
        (|r| r.words = "a".repeat(2_001), "words", Code::TooLong),
        (
            |r| r.translated_from = "a".repeat(61),
            "translated_from",
            Code::TooLong,
        ),
        (
            |r| r.reveals_special_category = true,
            "reveals_special_category",
            Code::SpecialCategory,
        ),
        (
            |r| r.person = PersonId::make(1, [1; 10]),
            "",
            Code::NotFound,
        ),
    ];
    for (spoil, field, code) in spoiled {
        let mut request = said.request();
        spoil(&mut request);
        let refusal = said.add(request).map(drop).unwrap_err();
        assert_eq!(
            (refusal.code, refusal.field.as_deref().unwrap_or_default()),
            (code, field)
        );
        assert!(said.kept(None).is_empty());
    }
    let mut longest = said.request();
    longest.words = "ż".repeat(2_000);
    said.add(longest).unwrap();
    // Nobody asked Testa about her own.
    let mut own = said.request();
    own.person = said.testa;
    let refused = said.add(own).map(drop).unwrap_err();
    assert_eq!(
        (refused.code, refused.field.as_deref()),
        (Code::NoConsent, Some("person"))
    );
    let people = vec![said.testa, said.tim];
    let checked = said.front.does(Role::Reception, |work| {
        quote_check(work, QuoteCheckRequest { people }).unwrap()
    });
    let reasons: Vec<_> = checked.iter().map(|person| person.reason).collect();
    assert_eq!(reasons, [Some(Code::NoConsent), None]);
    // A picture of him is another question.
    said.front.does(Role::Reception, |work| {
        let permitted = |purpose| {
            work.store.read(|read| -> Result<bool, Refusal> {
                let latest = read.latest_seen(work.now)?;
                Ok(permit(read, said.tim, purpose, latest)?.is_ok())
            })
        };
        assert!(permitted(Purpose::PublicityQuote).unwrap());
        assert!(!permitted(Purpose::PublicityPicture).unwrap());
    });
}

#[test]
fn words_are_published_under_a_permitted_name_and_go_with_the_permission() {
    let said = said();
    let quote = said.add(said.request()).unwrap();
    for (attribution, code) in [
        (None, Code::Required),
        (Some(Attribution::FullName), Code::NoConsent),
    ] {
        let refused = said.publish(&quote, attribution).unwrap_err();
        assert_eq!(
            (refused.code, refused.field.as_deref()),
            (code, Some("attribution"))
        );
    }
    let publication = said.publish(&quote, Some(Attribution::FirstName)).unwrap();
    let live = said.shown(PublicationsShown::Live);
    assert_eq!(live[0].attribution, Some(Attribution::FirstName));
    let saved = said.front.does(Role::Reception, |work| {
        let publications = vec![publication];
        save_published(work, SavePublishedRequest { publications }).unwrap()
    });
    let (text, sheet) = said.front.does(Role::Reception, |work| {
        let folder = work.desk.papers().join(&saved.file);
        let read = |file| fs::read_to_string(folder.join(file)).unwrap();
        (read("quote-1.txt"), read("Read me first.html"))
    });
    let signed = format!("{WORDS}\n\u{2014} Tim\n(Translated)\n");
    assert_eq!(text, signed);
    assert!(sheet.contains("quote-1.txt") && !sheet.contains("Tim"));
    assert!(!sheet.contains("slide"), "the words are in their own file");

    let check = WithdrawalCheckRequest {
        subject: said.tim,
        purpose: Purpose::PublicityQuote,
        decisions: vec![said.decision],
        channels: None,
    };
    let withdrawal = WithdrawRequest {
        subject: said.tim,
        purpose: Purpose::PublicityQuote,
        decisions: vec![said.decision],
        channels: None,
        by: Some(said.testa),
        how: WithdrawalHow::InPerson,
    };
    said.front.does(Role::Reception, |work| {
        let going = withdrawal_check(work, check).unwrap();
        assert_eq!((going.count, going.coming_down.len()), (1, 1));
        assert_eq!(going.photos[0].form, Form::Words);
        withdraw_consent(work, withdrawal).unwrap();
    });
    let kept = said.kept(None);
    assert_eq!(kept[0].state, PhotoState::Removed);
    assert!(kept[0].quote.is_none() && kept[0].channels.is_empty());
    let due = said.shown(PublicationsShown::Due);
    assert_eq!(due[0].publication, publication);
    said.front.does(Role::Reception, |work| {
        let ended = RecordTakedownRequest {
            publication,
            outcome: TakedownOutcome::StockWithdrawn,
            proof: "The box beside the door was emptied.".into(),
            ended_on: TODAY.parse().unwrap(),
        };
        record_takedown(work, ended).unwrap();
    });
    assert!(said.shown(PublicationsShown::Due).is_empty());
    let entries = said.front.does(Role::Manager, |work| {
        let newest = AuditRequest {
            before: None,
            limit: 50,
        };
        format!("{:?}", audit(work, newest).unwrap())
    });
    assert!(entries.contains("add_quote") && !entries.contains("slide"));
}

#[test]
fn what_a_faulty_device_stored_as_words_is_nobodys() {
    let said = said();
    let good = said.add(said.request()).unwrap();
    let odd = said.front.does(Role::Reception, |work| {
        work.write(|write| {
            let latest = write.latest_seen(work.now)?;
            let permit = permit(write, said.tim, Purpose::PublicityQuote, latest)?.unwrap();
            let content = b"no quote";
            let mut photo = write.record::<Photo>(good.photo)?.0;
            photo.id = work.make_id()?;
            photo.sha256 = Digest::of(content);
            photo.bytes = 8;
            let subject = PhotoSubject {
                id: derive_photo_subject_id(photo.id, said.tim),
                photo: photo.id,
                person: said.tim,
                decision: permit.decision(),
            };
            let centre = work.device.centre;
            let changes = vec![created(&photo, centre), created(&subject, centre)];
            work.save(write, "add_quote", changes)?;
            write.put_picture(photo.id, vec![permit], content, None)?;
            Ok(photo.id)
        })
        .unwrap()
    });
    let kept = said.kept(None);
    assert_eq!(kept.len(), 2, "it hides no other");
    let odd = kept.iter().find(|quote| quote.photo == odd).unwrap();
    assert!(odd.quote.is_none() && odd.channels.is_empty());
    assert_eq!(odd.state, PhotoState::Suspended);
    let refused = said.publish(odd, Some(Attribution::Anonymous)).unwrap_err();
    assert_eq!(refused.code, Code::NoConsent);
}
