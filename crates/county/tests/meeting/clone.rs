//! Clones: two computers with one device's files and key.

use porch_county::Failure;
use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;
use porch_sync::device::{Clash, Replica as _};
use porch_sync::protocol::CountyRefusal;
use porch_sync::{Bytes, DeviceNumber};
use serde_json::Value;

use crate::erasure::order;
use crate::restore::store_photo;
use crate::scene::{Device, Server, clash, new_key};
use crate::story::{ELM, OAK, decision, edit, id, make, motherhood, rosa, shot, tom};

/// A device that wrote Rosa and a telephone number that is not sent yet, and a copy of it.
async fn two_copies(server: &Server) -> (Device, Device) {
    let first = server.device().await;
    first.save(vec![make(&rosa(), ELM)]);
    first.meets(server).await;
    phone(&first, "01632 960001");
    let copy = first.copied();
    (first, copy)
}

fn set(device: &Device, field: &str, value: &str) {
    let id = rosa().id.into();
    let base = device.row(Person::KIND, id).unwrap().fields[field].version;
    device.save(vec![edit(Person::KIND, id, field, value, Some(base))]);
}

fn phone(device: &Device, number: &str) {
    set(device, "phone", number);
}

fn refused<T>(answer: Result<T, Failure>) -> CountyRefusal {
    match answer {
        Err(Failure::Refused(refusal)) => refusal,
        _ => panic!("was not refused"),
    }
}

#[tokio::test]
async fn a_copy_rejoins_with_an_order_to_erase_that_is_unsent() {
    let server = Server::start().await;
    let (first, mut copy) = two_copies(&server).await;
    set(&first, "email", "rosa@example.org");
    first.meets(&server).await;
    copy.save(vec![make(&order(rosa().id), ELM)]);
    let clash = clash(copy.try_meeting(&server.line(&copy)).await);
    copy.rejoins(&server, clash).await;
    copy.meets(&server).await;
    assert_eq!(copy.unsent(), 0);
    let gone = server.row(rosa().id.into()).await.is_none();
    assert!(gone, "the order was carried out");
}

#[tokio::test]
async fn a_copy_is_told_of_who_is_being_erased_when_it_gets_its_own_number() {
    let server = Server::start().await;
    let (first, other) = (server.device().await, server.device().await);
    let yes = decision(0xd1, rosa().id, &["press"], &[]);
    first.save(vec![make(&rosa(), ELM), make(&yes, ELM)]);
    first.meets(&server).await;
    phone(&first, "01632 960001");
    let mut copy = first.copied();
    set(&first, "email", "rosa@example.org");
    first.meets(&server).await;
    set(&copy, "email", "rosa@example.com");
    let clash = clash(copy.try_meeting(&server.line(&copy)).await);
    other.meets(&server).await;
    other.save(vec![make(&order(rosa().id), ELM)]);
    other.meets(&server).await;
    copy.rejoins(&server, clash).await;
    first.meets(&server).await;
    first.meets(&server).await;
    other.meets(&server).await;
    let certificate = &server.county.erasures().await.unwrap()[0];
    assert!(!certificate.complete, "the copy has not confirmed");
    copy.meets(&server).await;
    copy.meets(&server).await;
    assert_eq!(copy.count("SELECT COUNT(*) FROM decision"), 0);
    assert!(server.county.erasures().await.unwrap()[0].complete);
}

#[tokio::test]
async fn a_copy_gets_a_number_of_its_own_and_nothing_is_lost_or_arrives_twice() {
    let server = Server::start().await;
    let (first, mut copy) = two_copies(&server).await;
    set(&first, "email", "rosa@example.org");
    first.meets(&server).await;

    // Made, edited upon its own edit, and an event that rests on it: all only on the copy.
    copy.save(vec![make(&tom(), ELM)]);
    let tom_id = tom().id.into();
    let made = copy.row(Person::KIND, tom_id).unwrap().fields["phone"].version;
    copy.save(vec![edit(Person::KIND, tom_id, "phone", "1", Some(made))]);
    let edited = copy.row(Person::KIND, tom_id).unwrap().fields["phone"].version;
    copy.save(vec![edit(Person::KIND, tom_id, "phone", "2", Some(edited))]);
    copy.save(vec![make(&motherhood(), ELM)]);
    let ended = copy.try_meeting(&server.line(&copy)).await;
    let clash = clash(ended);
    assert_eq!(
        clash.sequence, 3,
        "what both had written before the copy is one and the same"
    );
    assert_eq!(copy.unsent(), 4);

    copy.rejoins(&server, clash).await;
    assert_ne!(
        copy.number(),
        first.number(),
        "the one that was heard keeps the number"
    );
    copy.meets(&server).await;
    assert_eq!(copy.unsent(), 0);
    let device = server.county.devices().await.unwrap();
    let device = device
        .into_iter()
        .find(|row| row.number == copy.number())
        .unwrap();
    assert_eq!((device.expected, device.copy_of), (5, Some(first.number())));
    assert_eq!(server.county.waiting().await.unwrap(), []);
    assert_eq!(
        copy.state().conflicts,
        0,
        "each edit was made upon the one before"
    );
    let there = server.row(tom_id).await.unwrap();
    assert_eq!(there.values()["phone"], "2");
    assert_eq!(
        (
            there.fields["phone"].version.device,
            there.fields["phone"].version.sequence
        ),
        (copy.number(), 3)
    );
    assert_eq!(copy.row(Person::KIND, tom_id).unwrap(), there);

    first.meets(&server).await;
    for device in [&first, &copy] {
        let rosa = device.row(Person::KIND, rosa().id.into()).unwrap().values();
        assert_eq!(
            (&rosa["phone"], &rosa["email"]),
            (
                &Value::from("01632 960001"),
                &Value::from("rosa@example.org")
            )
        );
        let authority = device.row("authority", motherhood().id.into()).unwrap();
        assert_eq!(authority.fields["child"].version.device, copy.number());
        assert_eq!(
            device.row(Person::KIND, tom_id).unwrap().values()["phone"],
            "2"
        );
    }
    for device in [first, copy] {
        let device = device.reopened();
        assert_eq!(
            (device.meets(&server).await.taken, device.state().stopped),
            (0, 0),
            "whole"
        );
    }
}

#[tokio::test]
async fn what_both_copies_wrote_under_one_number_is_told_apart() {
    let server = Server::start().await;
    let (first, mut copy) = two_copies(&server).await;
    phone(&first, "first");
    phone(&copy, "copy");
    first.meets(&server).await;
    let clash = clash(copy.try_meeting(&server.line(&copy)).await);
    copy.rejoins(&server, clash).await;
    assert_eq!(
        copy.row(Person::KIND, rosa().id.into()).unwrap().values()["phone"],
        "copy",
        "the later one stands, and it is not mistaken for the other under the same number"
    );
    copy.meets(&server).await;
    let there = server.row(rosa().id.into()).await.unwrap();
    assert_eq!(there.values()["phone"], "copy");
    assert_eq!(
        copy.count("SELECT COUNT(*) FROM conflict WHERE lost = '\"first\"'"),
        1,
        "the other is kept"
    );
    first.meets(&server).await;
    assert_eq!(first.row(Person::KIND, rosa().id.into()), Some(there));
}

#[tokio::test]
async fn a_copy_whose_renumbering_is_interrupted_goes_on_from_either_side_of_it() {
    let server = Server::start().await;
    let (first, mut copy) = two_copies(&server).await;
    phone(&first, "first");
    phone(&copy, "copy");
    first.meets(&server).await;
    let clash = clash(copy.try_meeting(&server.line(&copy)).await);
    let before = copy.store.unsent().unwrap();
    let failed: Result<(), porch_store::StoreError> = copy.store.write(|write| {
        write.become_device(DeviceNumber(99))?;
        // The keyring refused the new key.
        Err(porch_store::StoreError::Busy)
    });
    failed.unwrap_err();
    assert_eq!(copy.store.unsent().unwrap(), before, "all or nothing");
    copy.rejoins(&server, clash).await;
    let after = copy.store.unsent().unwrap();
    copy.store
        .write(|write| write.become_device(copy.number()))
        .unwrap();
    assert_eq!(copy.store.unsent().unwrap(), after, "once is enough");
    assert!(
        after.iter().all(|sealed| sealed.open().unwrap().is_some()),
        "sealed anew"
    );
    assert_ne!(before[0].digest, after[0].digest);
}

#[tokio::test]
async fn only_a_copy_that_was_not_heard_may_rejoin() {
    let server = Server::start().await;
    let (first, copy) = two_copies(&server).await;
    phone(&first, "first");
    first.meets(&server).await;
    phone(&copy, "copy");
    let told = clash(copy.try_meeting(&server.line(&copy)).await);
    let key = new_key();
    let rejoin = |request| server.county.rejoin(request);

    let mut unheard = copy.rejoining(&server, told, &key);
    unheard.sequence = 77;
    assert_eq!(
        refused(rejoin(&unheard).await),
        CountyRefusal::Malformed,
        "nothing clashes there"
    );
    let digest =
        first
            .connection()
            .query_row("SELECT digest FROM outbox WHERE sequence = 3", (), |row| {
                row.get(0)
            });
    let heard = Clash {
        sequence: 3,
        digest: Bytes(digest.unwrap()),
    };
    let heard = first.rejoining(&server, heard, &key);
    assert_eq!(
        refused(rejoin(&heard).await),
        CountyRefusal::Malformed,
        "this is what was heard"
    );
    let same = copy.rejoining(&server, told, &copy.key);
    assert_eq!(
        refused(rejoin(&same).await),
        CountyRefusal::Malformed,
        "two devices with one key"
    );
    let mut forged = copy.rejoining(&server, told, &key);
    forged.public_key = copy.rejoining(&server, told, &new_key()).public_key;
    assert_eq!(
        refused(rejoin(&forged).await),
        CountyRefusal::Token,
        "another key than was signed for"
    );
    let stranger = server.device().await;
    let mut borrowed = stranger.rejoining(&server, told, &key);
    borrowed.device = copy.number();
    assert_eq!(
        refused(rejoin(&borrowed).await),
        CountyRefusal::Token,
        "a device that is no copy of it"
    );
    server.county.revoke(copy.number()).await.unwrap();
    let revoked = copy.rejoining(&server, told, &key);
    assert_eq!(
        refused(rejoin(&revoked).await),
        CountyRefusal::Revoked,
        "nobody rejoins out of a revocation"
    );
    assert_eq!(
        server.county.devices().await.unwrap().len(),
        3,
        "the county's own, the copies', the stranger's"
    );
}

#[tokio::test]
async fn a_copy_that_was_given_a_scope_after_its_answer_was_lost_holds_it_under_its_own_number() {
    let server = Server::start().await;
    let (first, mut copy) = two_copies(&server).await;
    set(&first, "email", "rosa@example.org");
    first.meets(&server).await;
    copy.save(vec![make(&tom(), ELM)]);
    let key = new_key();
    let clashed = clash(copy.try_meeting(&server.line(&copy)).await);
    let request = copy.rejoining(&server, clashed, &key);
    let lost = server.county.rejoin(&request).await.unwrap();
    // The answer never comes. Both still have one number, and that is given another centre.
    server
        .county
        .change_scopes(first.number(), &[OAK].into(), &[].into())
        .await
        .unwrap();
    let clashed = clash(copy.try_meeting(&server.line(&copy)).await);
    let request = copy.rejoining(&server, clashed, &key);
    let enrolled = server.county.rejoin(&request).await.unwrap();
    assert_eq!(enrolled.device, lost.device);
    assert!(enrolled.scopes.contains(&OAK));
    copy.store
        .write(|write| write.become_device(enrolled.device))
        .unwrap();
    copy.key = key;
    copy.meets(&server).await;
    assert_eq!(copy.unsent(), 0);
}

#[tokio::test]
async fn a_copy_that_comes_back_after_everybody_confirmed_lets_go_of_who_was_erased() {
    let server = Server::start().await;
    let first = server.device().await;
    let yes = decision(0xd1, tom().id, &["press"], &[]);
    first.save(vec![make(&rosa(), ELM), make(&tom(), ELM)]);
    first.save(vec![make(&motherhood(), ELM)]);
    first.save(vec![make(&yes, ELM)]);
    store_photo(&first, &shot(0xf0, 2000, &[(tom().id, yes.id)]));
    first.meets(&server).await;
    // One that had not sent its photo yet, and one from whose disk a backup is put back later.
    store_photo(&first, &shot(0xf1, 2000, &[(tom().id, yes.id)]));
    let late = first.copied();
    first.meets(&server).await;
    let copy = first.copied();
    first.save(vec![make(&order(tom().id), ELM)]);
    for _ in 0..2 {
        first.meets(&server).await;
    }
    let told = server.county.erasure(id(0x0d)).await.unwrap().unwrap();
    assert!(told.complete, "nobody can be told any more");

    for device in [late, copy] {
        for _ in 0..4 {
            device.meets(&server).await;
        }
        for table in [
            "photo",
            "photo_subject",
            "picture",
            "picture_outbox",
            "decision",
            "authority",
        ] {
            let left = device.count(&format!("SELECT COUNT(*) FROM {table}"));
            assert_eq!(left, 0, "{table}");
        }
        assert_eq!(device.row(Person::KIND, tom().id.into()), None);
        assert!(device.row(Person::KIND, rosa().id.into()).is_some());
    }
}
