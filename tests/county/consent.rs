//! Attacks on consent over the wire: a device that does not keep the rule gets nowhere.

use porch_domain::authority::EndKind;
use porch_domain::withdrawal::WithdrawalHow;
use porch_sync::Change;
use porch_sync::protocol::{CHUNK_BYTES, Fate, Variant, blob_id};
use uuid::Uuid;

use crate::client::{Device, Server, refused};
use crate::story::{
    ELM, OAK, Shot, decision, edit, end_of, id, make, motherhood, rosa, shot, tom, withdrawal,
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
