//! Attacks on consent over the wire: a device that does not keep the rule gets nowhere.

use porch_domain::authority::EndKind;
use porch_domain::catalogue::Record as _;
use porch_domain::decision::{AtExpiry, Decision, Purpose};
use porch_domain::id::derive_photo_subject_id;
use porch_domain::photo::{Objection, ObjectionGround, Photo, PhotoSubject};
use porch_domain::standing::Misrecording;
use porch_domain::stop::Stop;
use porch_domain::withdrawal::WithdrawalHow;
use porch_sync::Change;
use porch_sync::protocol::{CHUNK_BYTES, Fate, Variant, blob_id};
use uuid::Uuid;

use crate::client::{Device, Server, refused};
use crate::story::{
    ELM, NOW_MS, OAK, Shot, decision, edit, end_of, id, make, motherhood, now, rosa, shot, tom,
    user, withdrawal,
};

const YES: &[&str] = &["print", "centre_display"];

fn family() -> Vec<Change> {
    let yes = decision(0xd1, tom().id, YES, &[]);
    vec![
        make(&rosa(), ELM),
        make(&tom(), ELM),
        make(&motherhood(), ELM),
        make(&yes, ELM),
    ]
}

fn of_tom(number: u128) -> Shot {
    shot(number, CHUNK_BYTES + 100, &[(tom().id, id(0xd1).into())])
}

fn picture(shot: &Shot) -> Uuid {
    blob_id(shot.photo.id.into(), Variant::Picture)
}

async fn upload(device: &Device, shot: &Shot) {
    for (number, chunk) in shot.picture.chunks(CHUNK_BYTES).enumerate() {
        device
            .put_chunk(picture(shot), number, chunk)
            .await
            .unwrap();
    }
}

async fn not_taken_in(device: &mut Device, shot: &Shot, why: &str) {
    assert_eq!(
        device.push(shot.changes(ELM)).await.fate,
        Fate::Removed,
        "{why}"
    );
    let sent = device
        .put_chunk(picture(shot), 0, &shot.picture[..CHUNK_BYTES])
        .await;
    assert_eq!(refused(sent).0, 409, "{why}");
    assert_eq!(
        refused(device.get_chunk(picture(shot), 0).await).0,
        404,
        "{why}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_travels_whole_and_leaves_everywhere_with_its_consent() {
    let server = Server::start().await;
    let (mut one, other, oak) = (
        server.at_elm().await,
        server.at_elm().await,
        server.device(OAK).await,
    );
    one.push(family()).await;
    let shot = of_tom(0xf0);
    assert_eq!(one.push(shot.changes(ELM)).await.fate, Fate::Applied);
    let early = one
        .put_chunk(picture(&shot), 1, &shot.picture[CHUNK_BYTES..])
        .await;
    assert_eq!(refused(early).0, 409, "in order");
    upload(&one, &shot).await;
    upload(&one, &shot).await;
    let mut whole = other.get_chunk(picture(&shot), 0).await.unwrap();
    whole.extend(other.get_chunk(picture(&shot), 1).await.unwrap());
    assert_eq!(whole, shot.picture);
    assert_eq!(
        refused(oak.get_chunk(picture(&shot), 0).await),
        (403, "scope".to_owned())
    );

    let gone = withdrawal(0xee, tom().id, &[id(0xd1).into()], WithdrawalHow::InPerson);
    one.push(vec![make(&gone, ELM)]).await;
    assert_eq!(refused(other.get_chunk(picture(&shot), 0).await).0, 404);
    let pages = other.pull().await;
    assert_eq!(
        pages[0].urgent[0].row.id,
        id(0xee),
        "before everything else"
    );
    assert_eq!(
        refused(
            one.put_chunk(picture(&shot), 0, &shot.picture[..CHUNK_BYTES])
                .await
        )
        .0,
        409
    );
    // Not a byte of it in the store's files either; they are encrypted, so this only shows that
    // nothing lies beside them.
    let canary = &shot.picture[100..164];
    for file in std::fs::read_dir(server.home.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(canary.len()).any(|window| window == canary));
    }
    not_taken_in(&mut one, &shot, "it does not come back").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_nobody_permitted_is_not_taken_in() {
    let server = Server::start().await;
    let mut one = server.at_elm().await;
    let early = one.push(of_tom(0xf1).changes(ELM)).await;
    assert_eq!(early.fate, Fate::Quarantined, "no decision yet");
    one.push(family()).await;
    let no = decision(0xd2, rosa().id, &[], YES);
    one.push(vec![make(&no, ELM)]).await;
    let rosa_s = |number| shot(number, CHUNK_BYTES + 1, &[(rosa().id, no.id)]);
    not_taken_in(&mut one, &rosa_s(0xf2), "refused").await;
    let granted = serde_json::json!(YES);
    let altered = edit(
        "decision",
        no.id.into(),
        "granted",
        granted,
        Some(one.pen.version()),
    );
    assert_eq!(one.push(vec![altered]).await.fate, Fate::Quarantined);
    not_taken_in(&mut one, &rosa_s(0xf3), "altered by an edit").await;
    let remade = decision(0xd2, rosa().id, YES, &[]);
    assert_eq!(
        one.push(vec![make(&remade, ELM)]).await.fate,
        Fate::Quarantined
    );
    not_taken_in(&mut one, &rosa_s(0xf4), "made a second time").await;
    let early = withdrawal(0xee, tom().id, &[id(0xd5).into()], WithdrawalHow::InPerson);
    one.push(vec![make(&early, ELM)]).await;
    let mut late = decision(0xd5, tom().id, YES, &[]);
    late.replaces = vec![id(0xd1).into()];
    one.push(vec![make(&late, ELM)]).await;
    let under_late = shot(0xf5, CHUNK_BYTES + 1, &[(tom().id, late.id)]);
    not_taken_in(&mut one, &under_late, "withdrawn before it was decided").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_authority_the_picture_goes() {
    let server = Server::start().await;
    let mut one = server.at_elm().await;
    one.push(family()).await;
    let shot = of_tom(0xf0);
    one.push(shot.changes(ELM)).await;
    upload(&one, &shot).await;
    one.push(vec![make(
        &end_of(motherhood().id, 0xe0, EndKind::Ended),
        ELM,
    )])
    .await;
    assert_eq!(
        refused(one.get_chunk(picture(&shot), 0).await),
        (409, "blob_not_expected".to_owned())
    );
    not_taken_in(&mut one, &of_tom(0xf1), "who decided may no longer").await;
}

/// A picture of Tom is at the county, and served.
async fn stored(device: &mut Device) -> Shot {
    device.push(family()).await;
    let shot = of_tom(0xf0);
    assert_eq!(device.push(shot.changes(ELM)).await.fate, Fate::Applied);
    upload(device, &shot).await;
    assert!(device.get_chunk(picture(&shot), 0).await.is_ok());
    shot
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_a_yes_away_takes_the_picture_away() {
    let stop = Stop {
        id: id(0x51).into(),
        subject: tom().id,
        purpose: Purpose::PublicityPicture,
        made_by: user(),
        made_at: now(),
    };
    let mistake = Misrecording {
        id: id(0x52).into(),
        decision: id(0xd1).into(),
        why: "It was the other child.".to_owned(),
        recorded_by: user(),
        recorded_at: now(),
    };
    let mut no = decision(0xd2, tom().id, &[], YES);
    no.replaces = vec![id(0xd1).into()];
    let objection = Objection {
        id: id(0x53).into(),
        photo: id(0xf0).into(),
        ground: ObjectionGround::Asked,
        recorded_by: user(),
        recorded_at: now(),
    };
    for (said, holds_for_others) in [
        (make(&stop, ELM), true),
        (make(&mistake, ELM), true),
        (make(&no, ELM), true),
        (make(&objection, ELM), false),
    ] {
        let server = Server::start().await;
        let mut one = server.at_elm().await;
        let shot = stored(&mut one).await;
        let kind = said.kind.clone();
        assert_eq!(one.push(vec![said]).await.fate, Fate::Applied, "{kind}");
        let served = refused(one.get_chunk(picture(&shot), 0).await);
        assert!([404, 409].contains(&served.0), "{kind}: {served:?}");
        if holds_for_others {
            not_taken_in(&mut one, &of_tom(0xf1), &kind).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_stored_in_time_or_not_at_all() {
    let server = Server::start().await;
    let mut one = server.at_elm().await;
    let later = |days: i64| {
        let ms = i64::try_from(NOW_MS).unwrap() + days * 24 * 60 * 60 * 1000;
        porch_domain::time::Instant::from_unix_ms(ms)
    };
    let ending = Decision {
        valid_until: Some(later(1)),
        at_expiry: AtExpiry::Remove,
        ..decision(0xd1, tom().id, YES, &[])
    };
    one.push(vec![
        make(&rosa(), ELM),
        make(&tom(), ELM),
        make(&motherhood(), ELM),
        make(&ending, ELM),
    ])
    .await;
    let mut late = of_tom(0xf1);
    late.photo.stored_at = later(2);
    not_taken_in(&mut one, &late, "stored after the end").await;
    // By the county's own clock, whatever the device says when it was.
    server.pass(3 * 24 * 60 * 60 * 1000);
    server.county.do_what_is_due().await.unwrap();
    one.token = one.prove().await.unwrap().token;
    not_taken_in(&mut one, &of_tom(0xf2), "its time is over").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_a_picture_and_which_bytes_it_is_are_settled() {
    let server = Server::start().await;
    let mut one = server.at_elm().await;
    let shot = stored(&mut one).await;
    let photo = shot.photo.id;
    let yes = decision(0xd3, rosa().id, YES, &[]);
    one.push(vec![make(&yes, ELM)]).await;
    let added = PhotoSubject {
        id: derive_photo_subject_id(photo, rosa().id),
        photo,
        person: rosa().id,
        decision: yes.id,
    };
    let version = one.pen.version();
    let edits = [
        ("subject_count", serde_json::json!(2)),
        ("public_place", serde_json::json!("Mill Park")),
        ("sha256", serde_json::json!("0".repeat(64))),
    ];
    let edits =
        edits.map(|(field, value)| edit("photo", photo.into(), field, value, Some(version)));
    let again = Photo {
        width: 1,
        ..shot.photo.clone()
    };
    let mut attacks: Vec<Change> = edits.into_iter().collect();
    attacks.extend([make(&added, ELM), make(&again, ELM)]);
    // Nothing has another's id.
    attacks.push(Change {
        kind: Decision::KIND.to_owned(),
        ..make(&shot.photo, ELM)
    });
    for attack in attacks {
        let what = format!("{} {:?}", attack.kind, attack.fields.keys());
        assert_eq!(
            one.push(vec![attack]).await.fate,
            Fate::Quarantined,
            "{what}"
        );
    }
    // Another picture's bytes, of the right length.
    let mut other = of_tom(0xf3);
    assert_eq!(one.push(other.changes(ELM)).await.fate, Fate::Applied);
    other.picture = shot.picture.clone();
    let (first, last) = other.picture.split_at(CHUNK_BYTES);
    one.put_chunk(picture(&other), 0, first).await.unwrap();
    let moved = one.put_chunk(picture(&other), 1, last).await;
    assert_eq!(refused(moved), (400, "malformed".to_owned()));
    assert_eq!(refused(one.get_chunk(picture(&other), 0).await).0, 404);
    let whole = one.get_chunk(picture(&shot), 0).await.unwrap();
    assert_eq!(whole, shot.picture[..CHUNK_BYTES], "it is as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_in_a_picture_but_in_a_crowd() {
    let server = Server::start().await;
    let mut one = server.at_elm().await;
    one.push(family()).await;
    not_taken_in(&mut one, &shot(0xf1, CHUNK_BYTES + 1, &[]), "of nobody").await;
    let mut more = of_tom(0xf2);
    more.photo.subject_count = 2;
    not_taken_in(&mut one, &more, "somebody is not named").await;
    let mut crowd = shot(0xf3, CHUNK_BYTES + 1, &[]);
    crowd.photo.public_place = Some("The lantern walk in Mill Park".to_owned());
    assert_eq!(one.push(crowd.changes(ELM)).await.fate, Fate::Applied);
    upload(&one, &crowd).await;
    assert!(one.get_chunk(picture(&crowd), 0).await.is_ok());
    let mut somebody = of_tom(0xf4);
    somebody.photo.public_place = Some("Mill Park".to_owned());
    assert_eq!(
        one.push(somebody.changes(ELM)).await.fate,
        Fate::Quarantined,
        "with somebody named"
    );
}
