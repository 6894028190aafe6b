//! Where those lie who are the same.

use super::*;
use crate::erasure::order;

/// Tom was registered at Elm and at Oak. Elm's desk holds both, and finds that he is one.
#[tokio::test]
async fn one_person_lies_wherever_any_of_their_families_does_and_no_longer_once_undone() {
    let server = Server::start().await;
    let (desk, oak) = (server.device().await, server.device_of(OAK).await);
    desk.save(first_registration(ELM));
    desk.save(vec![make(&motherhood(), ELM)]);
    desk.save(vec![make(&decision(0xd1, tom().id, &[], &["print"]), ELM)]);
    oak.save(second_registration(OAK));
    all_meet(&server, &[&desk, &oak]).await;
    let add = BTreeSet::from([OAK]);
    let both = server.device().await;
    server
        .county
        .change_scopes(both.number(), &add, &BTreeSet::new())
        .await
        .unwrap();
    all_meet(&server, &[&both, &both, &oak]).await;
    assert!(oak.row(Person::KIND, tom().id.uuid()).is_none());
    both.save(vec![merging(
        &both,
        Person::KIND,
        [tom().id.uuid(), tommy().id.uuid()],
        &["known_as"],
    )]);
    // Oak does not know yet.
    writes(&oak, tommy().id, "known_as", "Tam");
    all_meet(&server, &[&both, &oak, &desk]).await;
    for device in [&desk, &oak, &both] {
        assert_eq!(shown(device, tommy().id).id, tom().id);
        assert_eq!(shown(device, tom().id).known_as.as_deref(), Some("Tam"));
        assert!(
            device.row(Decision::KIND, id(0xd1)).is_some(),
            "his No is everywhere"
        );
    }
    assert!(
        oak.row(Family::KIND, id(HOME)).is_none()
            && oak.row(Person::KIND, rosa().id.uuid()).is_none(),
        "his other home and who else is in it are still Elm's"
    );
    assert_eq!(members(&oak, SECOND_HOME), [rose().id, tom().id]);
    both.save(vec![undone(&both, tom().id.uuid(), tommy().id.uuid())]);
    all_meet(&server, &[&both, &oak, &desk]).await;
    assert!(
        oak.row(Person::KIND, tom().id.uuid()).is_none(),
        "it leaves the device"
    );
    assert!(oak.row(Decision::KIND, id(0xd1)).is_none());
    assert!(oak.row(Authority::KIND, id(0xa0)).is_none());
    assert!(desk.row(Person::KIND, tommy().id.uuid()).is_none());
    assert_eq!(members(&oak, SECOND_HOME), [rose().id, tommy().id]);
}

#[tokio::test]
async fn families_that_are_one_lie_at_both_centres_and_an_order_of_arrival_is_none() {
    let server = Server::start().await;
    let (desk, oak) = (server.device().await, server.device_of(OAK).await);
    desk.save(first_registration(ELM));
    oak.save(second_registration(OAK));
    all_meet(&server, &[&desk, &oak]).await;
    let both = server.device().await;
    server
        .county
        .change_scopes(both.number(), &[OAK].into(), &BTreeSet::new())
        .await
        .unwrap();
    all_meet(&server, &[&both, &both]).await;
    both.save(whole_family(&both, false));
    all_meet(&server, &[&both, &desk, &oak]).await;
    for device in [&desk, &oak, &both] {
        assert_eq!(members(device, SECOND_HOME), [rosa().id, tom().id]);
        for home in [HOME, SECOND_HOME] {
            assert!(device.row(Family::KIND, id(home)).is_some());
        }
    }
    both.save(vec![undone(&both, id(HOME), id(SECOND_HOME))]);
    all_meet(&server, &[&both, &desk, &oak]).await;
    assert!(desk.row(Family::KIND, id(SECOND_HOME)).is_none());
    assert!(oak.row(Family::KIND, id(HOME)).is_none());
    assert!(
        oak.row(Person::KIND, rosa().id.uuid()).is_some(),
        "she is still one of Oak's, under another record"
    );
}

#[tokio::test]
async fn families_that_are_one_leave_a_centre_together_when_none_of_them_is_of_it() {
    let server = Server::start().await;
    let (desk, oak) = (server.device().await, server.device_of(OAK).await);
    let moves = |device: &Device, home: u128, to: Uuid| {
        let row = device.row(Family::KIND, id(home)).unwrap();
        let base = row.fields.get("centre").map(|field| field.version);
        let centre = edit(Family::KIND, id(home), "centre", to.to_string(), base);
        device.save(vec![centre]);
    };
    let homes = |device: &Device| {
        [HOME, SECOND_HOME].map(|home| device.row(Family::KIND, id(home)).is_some())
    };
    desk.save(first_registration(ELM));
    desk.save(second_registration(ELM));
    desk.save(whole_family(&desk, false));
    all_meet(&server, &[&desk, &oak]).await;
    assert_eq!((homes(&desk), homes(&oak)), ([true, true], [false, false]));

    moves(&desk, SECOND_HOME, OAK);
    all_meet(&server, &[&desk, &oak]).await;
    assert_eq!(homes(&desk), [true, true], "the other one is still Elm's");
    assert_eq!(homes(&oak), [true, true]);

    moves(&oak, HOME, OAK);
    all_meet(&server, &[&oak, &desk]).await;
    assert_eq!(homes(&desk), [false, false]);
    assert_eq!(homes(&oak), [true, true]);
    assert!(desk.row(Person::KIND, rosa().id.uuid()).is_none());
    assert_eq!(members(&oak, HOME), [rosa().id, tom().id]);
}

#[tokio::test]
async fn a_family_stays_under_both_registrations_while_anybody_of_it_is_left() {
    let server = Server::start().await;
    let (desk, oak) = (server.device().await, server.device_of(OAK).await);
    let both = server.device().await;
    server
        .county
        .change_scopes(both.number(), &[OAK].into(), &BTreeSet::new())
        .await
        .unwrap();
    desk.save(first_registration(ELM));
    oak.save(second_registration(OAK));
    all_meet(&server, &[&desk, &oak, &both, &both]).await;
    let rows = [HOME, SECOND_HOME].map(|home| both.row(Family::KIND, id(home)).unwrap());
    let by = id(0x05e4).into();
    let alias = alias_between([&rows[0], &rows[1]], &BTreeSet::new(), by, now()).unwrap();
    both.save(vec![make(&alias, ELM)]);
    all_meet(&server, &[&both, &desk, &oak]).await;
    let erase = |device: &Device, numbers: u128, people: [PersonId; 2]| {
        for (n, person) in (numbers..).zip(people) {
            let order = ErasureOrder {
                id: id(n).into(),
                ..order(person)
            };
            device.save(vec![make(&order, ELM)]);
        }
    };
    let homes = |device: &Device| {
        [HOME, SECOND_HOME].map(|home| device.row(Family::KIND, id(home)).is_some())
    };

    // Nobody of the first registration is left. It says where they live, and whether that is hidden.
    erase(&desk, 0x0d00, [rosa().id, tom().id]);
    all_meet(&server, &[&desk, &oak, &both, &desk]).await;
    for device in [&desk, &oak, &both] {
        assert_eq!(homes(device), [true, true]);
        assert!(device.row(Person::KIND, rosa().id.uuid()).is_none());
    }
    assert_eq!(members(&desk, SECOND_HOME), [rose().id, tommy().id]);

    erase(&both, 0x0e00, [rose().id, tommy().id]);
    all_meet(&server, &[&both, &desk, &oak, &both]).await;
    for device in [&desk, &oak, &both] {
        assert_eq!(homes(device), [false, false]);
        assert!(device.row(Alias::KIND, alias.id.uuid()).is_none());
    }
}

/// A device of another centre cannot bring somebody to itself by saying that they are one of its own.
#[tokio::test]
async fn nobody_is_merged_with_somebody_whom_the_device_may_not_hold() {
    let server = Server::start().await;
    let (desk, oak) = (server.device().await, server.device_of(OAK).await);
    desk.save(first_registration(ELM));
    oak.save(second_registration(OAK));
    all_meet(&server, &[&desk, &oak]).await;
    let rows = [
        desk.row(Person::KIND, tom().id.uuid()),
        oak.row(Person::KIND, tommy().id.uuid()),
    ];
    let [Some(tom_row), Some(tommy_row)] = rows else {
        panic!("each has its own")
    };
    let by = id(0x05e4).into();
    let alias = alias_between([&tom_row, &tommy_row], &BTreeSet::new(), by, now()).unwrap();
    oak.save(vec![make(&alias, OAK)]);
    oak.meets(&server).await;
    assert_eq!(last_outcome(&oak).fate, Fate::Quarantined);
    oak.meets(&server).await;
    assert!(oak.row(Person::KIND, tom().id.uuid()).is_none());
    assert_eq!(server.row(alias.id.uuid()).await, None);
}
