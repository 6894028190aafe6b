//! Merges that were undone, and what came after.

use porch_domain::catalogue::Record as _;
use porch_domain::decision::Decision;
use porch_domain::id::RecordId as _;
use porch_domain::person::Person;

use super::{all_meet, first_registration, merging, rose, second_registration, tommy, undone};
use crate::scene::Server;
use crate::story::{ELM, decision, make, motherhood, shot, tom};

#[tokio::test]
async fn who_said_no_after_the_merge_was_undone_said_it_for_themselves_alone() {
    let server = Server::start().await;
    let (desk, other, away) = (
        server.device().await,
        server.device().await,
        server.device().await,
    );
    desk.save(first_registration(ELM));
    desk.save(vec![make(&motherhood(), ELM)]);
    let yes = decision(0xd1, tom().id, &["print"], &[]);
    desk.save(vec![make(&yes, ELM)]);
    desk.save(shot(0xf0, 5_000, &[(tom().id, yes.id)]).changes(ELM));
    other.save(second_registration(ELM));
    all_meet(&server, &[&desk, &other, &away]).await;
    let both = [tom().id.uuid(), tommy().id.uuid()];
    other.save(vec![merging(&other, Person::KIND, both, &[])]);
    all_meet(&server, &[&other, &desk, &away]).await;

    // One device hears both at once, and what is urgent first.
    other.save(vec![undone(&other, both[0], both[1])]);
    let no = Decision {
        decider: rose().id,
        ..decision(0xd2, tommy().id, &[], &["print"])
    };
    other.save(vec![make(&no, ELM)]);
    other.meets(&server).await;
    away.meets(&server).await;
    desk.meets(&server).await;
    for device in [&desk, &other, &away] {
        assert_eq!(
            device.count("SELECT COUNT(*) FROM photo_standing"),
            1,
            "it was another child by then"
        );
    }
}
