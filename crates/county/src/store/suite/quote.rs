//! Somebody's words on the server: kept by the same rule as a picture, under consent to quote and no other.

use porch_domain::bytes::Digest;
use porch_domain::decision::{Attribution, Decision, Purpose};
use porch_domain::photo::Photo;
use porch_domain::quote::{MEDIA_TYPE, Quote};
use porch_domain::text::{BUILT_IN, TextKind};
use porch_domain::withdrawal::{Withdrawal, WithdrawalHow};
use porch_sync::protocol::{CountyRefusal, Fate, Variant, blob_id};

use super::consent::{DECIDED, YES, family, refused, send_blob, served};
use super::{At, World, on_every_store};
use crate::county::Failure;
use crate::quarantine::Reason;
use crate::store::Store;
use crate::story::{ELM, Shot, decision, id, make, shot, tom, withdrawal};
use crate::texts::Selection;

/// Rosa's Yes to Tom's words.
const QUOTED: u128 = 0xd2;

/// Rosa says yes to Tom's words, in words that the county approved.
async fn quoted<S: Store>(world: &World<S>, at: &mut At<'_, S>) {
    let selection = Selection {
        language: "en".to_owned(),
        kind: Some(TextKind::Wording),
        name: Some("publicity_quote".to_owned()),
        ..Selection::default()
    };
    let approved = world.county.approve_texts(&selection, "The county").await;
    assert_eq!(approved.unwrap().len(), 1);
    let asked = |purpose| {
        let mut wordings = BUILT_IN.wordings.iter();
        wordings.find(|wording| wording.purpose == purpose && wording.language == "en")
    };
    let asked = asked(Purpose::PublicityQuote).unwrap().text_ref();
    let yes = Decision {
        purpose: Purpose::PublicityQuote,
        wording: asked.name,
        wording_version: asked.version,
        wording_sha256: asked.sha256,
        attribution: Some(Attribution::FirstName),
        ..decision(QUOTED, tom().id, YES, &["press"])
    };
    at.push(family()).await;
    assert_eq!(at.push(vec![make(&yes, ELM)]).await.fate, Fate::Applied);
}

/// What Tom said, under a decision.
fn words(number: u128, under: u128) -> Shot {
    let said = Quote::new("I like the red slide.".to_owned(), None, [1; 16]);
    let mut shot = shot(number, 1, &[(tom().id, id(under).into())]);
    shot.picture = said.to_bytes().unwrap();
    shot.thumbnail.clear();
    shot.photo = Photo {
        sha256: Digest::of(&shot.picture),
        media_type: MEDIA_TYPE.to_owned(),
        width: 0,
        height: 0,
        bytes: u32::try_from(shot.picture.len()).unwrap(),
        thumbnail_bytes: 0,
        thumbnail_sha256: Digest::of(&[]),
        ..shot.photo
    };
    shot
}

on_every_store! {
    async fn words_are_taken_in_under_consent_to_quote_and_go_with_it<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        quoted(&world, &mut elm).await;
        refused(&mut elm, &words(0xf1, DECIDED), "a Yes to pictures is none to words").await;
        let picture = shot(0xf2, 5000, &[(tom().id, id(QUOTED).into())]);
        refused(&mut elm, &picture, "a Yes to words is none to pictures").await;
        let said = words(0xf3, QUOTED);
        assert_eq!(elm.push(said.changes(ELM)).await.fate, Fate::Applied);
        let photo = said.photo.id.into();
        let thumbnail = send_blob(&elm, blob_id(photo, Variant::Thumbnail), b"Tom").await;
        assert!(matches!(thumbnail, Err(Failure::Refused(CountyRefusal::BlobNotExpected))));
        send_blob(&elm, blob_id(photo, Variant::Picture), &said.picture).await.unwrap();
        assert_eq!(served(&world.at_elm().await, &said).await.unwrap(), said.picture);
        assert_eq!(served(&world.at_oak().await, &said).await, Err(CountyRefusal::Scope));
        let all = Withdrawal {
            purpose: Purpose::PublicityQuote,
            ..withdrawal(0x3d, tom().id, &[id(QUOTED).into()], WithdrawalHow::InPerson)
        };
        elm.push(vec![make(&all, ELM)]).await;
        assert!(served(&world.at_elm().await, &said).await.is_err());
        refused(&mut elm, &words(0xf4, QUOTED), "it was taken back").await;
    }

    async fn words_with_anything_but_words_are_put_aside<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        quoted(&world, &mut elm).await;
        let spoiled: [fn(&mut Photo); 6] = [
            |odd| odd.subject_count = 2,
            |odd| odd.caption = Some("Tom".to_owned()),
            |odd| odd.session = Some(id(0x5e).into()),
            |odd| odd.thumbnail_bytes = 10,
            |odd| odd.width = 1,
            |odd| odd.bytes = 16 * 1024 + 1,
        ];
        for (number, spoil) in (0xf1..).zip(spoiled) {
            let mut said = words(number, QUOTED);
            spoil(&mut said.photo);
            assert_eq!(elm.push(said.changes(ELM)).await.fate, Fate::Quarantined);
        }
        let kept = world.county.waiting().await.unwrap();
        assert_eq!(kept.len(), 6);
        assert!(kept.iter().all(|kept| kept.reason == Reason::MalformedRecord.word()));
    }
}
