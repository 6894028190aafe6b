//! Push and pull, enrolment and tokens.

use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;
use porch_sync::protocol::{
    AuditHead, COUNTY_SCOPE, ChallengeRequest, CountyRefusal, EnrolRequest, Fate, FeedPlace,
    PullRequest, PushRequest,
};
use porch_sync::{Bytes, Change, DeviceNumber, Hlc, Op, Row, SealedTransaction};
use uuid::Uuid;

use super::{World, on_every_store};
use crate::county::Failure;
use crate::store::{Reading as _, Store};
use crate::story::{ELM, NOW_MS, OAK, Pen, edit, id, make, motherhood, person, rosa, tom};

fn refusal<T>(answer: Result<T, Failure>) -> CountyRefusal {
    match answer {
        Err(Failure::Refused(refusal)) => refusal,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("was not refused"),
    }
}

async fn stored<S: Store>(world: &World<S>, id: Uuid) -> Option<Row> {
    let mut reading = world.county.store.reading().await.unwrap();
    reading.record(id).await.unwrap()
}

fn made(scope: Uuid) -> Vec<Change> {
    vec![make(&rosa(), scope)]
}

on_every_store! {
    async fn what_one_device_pushes_another_of_the_centre_pulls<S: Store>(world: World<S>) {
        let (mut one, other) = (world.at_elm().await, world.at_elm().await);
        assert_eq!(one.push(made(ELM)).await.fate, Fate::Applied);
        let pages = other.pull_all(100).await;
        let rows: Vec<_> = pages.iter().flat_map(|page| &page.rows).collect();
        assert!(rows.iter().any(|fed| fed.row.id == Uuid::from(rosa().id)));
        assert_eq!(
            rows.iter().filter(|fed| fed.row.kind == "centre").count(), 2,
            "the county's centres are everybody's"
        );
        let elsewhere = world.at_oak().await.pull_all(100).await;
        assert!(
            elsewhere.iter().flat_map(|page| &page.rows).all(|fed| fed.row.kind == "centre"),
            "Oak holds nobody of Elm"
        );
    }

    async fn nothing_new_is_one_empty_page<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        one.push(made(ELM)).await;
        let mut request = PullRequest {
            epoch: world.county.epoch(),
            urgent_after: 0,
            places: vec![FeedPlace { scope: ELM, after: 1 }, FeedPlace { scope: COUNTY_SCOPE, after: 2 }],
            limit: 100,
            scrubbed: None,
            left: Vec::new(),
        };
        let page = world.county.pull(one.number, &request).await.unwrap();
        assert!(page.rows.is_empty() && page.place.is_none() && !page.more);
        request.epoch = id(1);
        let page = world.county.pull(one.number, &request).await.unwrap();
        assert_eq!((page.epoch, page.rows.len()), (world.county.epoch(), 0), "places of another epoch mean nothing");
        request.epoch = world.county.epoch();
        request.places.push(FeedPlace { scope: OAK, after: 0 });
        assert_eq!(refusal(world.county.pull(one.number, &request).await), CountyRefusal::Scope);
    }

    async fn small_pages_give_the_same_rows_in_sequence_order<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        for number in 0..7 {
            let outcome = one.push(vec![make(&person(900 + number, "Ada"), ELM)]).await;
            assert_eq!(outcome.fate, Fate::Applied);
        }
        let pages = one.pull_all(2).await;
        let elm: Vec<u64> = pages
            .iter()
            .filter(|page| page.place.is_some_and(|place| place.scope == ELM))
            .flat_map(|page| page.rows.iter().map(|fed| fed.sequence))
            .collect();
        assert_eq!(elm, [1, 2, 3, 4, 5, 6, 7], "no gap, each once");
    }

    async fn the_same_transaction_gets_the_same_outcome_and_another_one_is_a_clone<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        let first = one.pen.write(made(ELM));
        let once = one.send(vec![first.clone()]).await.unwrap();
        let again = one.send(vec![first]).await.unwrap();
        assert_eq!(once.outcomes, again.outcomes);
        assert!(!again.cloned && again.expected == 2);
        let mut copy = Pen::of(one.number);
        let other = copy.write(vec![make(&tom(), ELM)]);
        let next = copy.write(made(ELM));
        let answer = one.send(vec![other, next]).await.unwrap();
        assert!(answer.cloned, "the number was used for something else");
        assert!(answer.outcomes.is_empty(), "nothing of the copy is taken in");
        assert_eq!(stored(&world, tom().id.into()).await, None);
    }

    async fn a_gap_is_asked_for<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        let first = one.pen.write(made(ELM));
        let second = one.pen.write(vec![make(&tom(), ELM)]);
        let third = one.pen.write(vec![]);
        let answer = one.send(vec![first, third.clone()]).await.unwrap();
        assert_eq!((answer.outcomes.len(), answer.expected), (1, 2));
        let answer = one.send(vec![second, third]).await.unwrap();
        assert_eq!((answer.outcomes.len(), answer.expected), (2, 4));
    }

    async fn another_epoch_takes_nothing_in_and_says_where_to_go_on<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        let sealed = one.pen.write(made(ELM));
        let request = PushRequest { epoch: id(9), transactions: vec![sealed], audit: None };
        let answer = world.county.push(one.number, request).await.unwrap();
        assert_eq!((answer.epoch, answer.expected, answer.outcomes.len()), (world.county.epoch(), 1, 0));
    }

    async fn nobody_pushes_in_another_s_name<S: Store>(world: World<S>) {
        let (one, mut other) = (world.at_elm().await, world.at_elm().await);
        let sealed = other.pen.write(made(ELM));
        assert_eq!(refusal(one.send(vec![sealed.clone()]).await), CountyRefusal::Scope);
        let renamed = SealedTransaction { device: one.number, ..sealed };
        let answer = one.send(vec![renamed]).await.unwrap();
        assert_eq!(answer.outcomes[0].fate, Fate::Quarantined, "the body says who wrote it");
        let county = Pen::of(DeviceNumber(0)).write(made(ELM));
        assert_eq!(refusal(one.send(vec![county]).await), CountyRefusal::Scope);
    }

    async fn what_breaks_a_rule_is_kept_aside_and_blocks_nothing<S: Store>(world: World<S>) {
        let mut elm = world.at_elm().await;
        let mut oak = world.at_oak().await;
        oak.push(vec![make(&tom(), OAK)]).await;
        elm.push(vec![make(&rosa(), ELM), make(&motherhood(), ELM)]).await;
        let rosa_id: Uuid = rosa().id.into();
        let mut unknown = make(&rosa(), ELM);
        unknown.kind = "spell".to_owned();
        let mut star = edit(Person::KIND, rosa_id, "*", "x", None);
        star.id = rosa_id;
        let centre = serde_json::json!("Mine");
        let cases: Vec<(&str, Vec<Change>)> = vec![
            ("unknown_kind", vec![unknown]),
            ("county_only", vec![edit("centre", ELM, "name", centre, None)]),
            ("out_of_scope", vec![make(&person(0x99, "Eve"), OAK)]),
            ("out_of_scope", vec![make(&person(0x99, "Eve"), COUNTY_SCOPE)]),
            ("out_of_scope", vec![edit(Person::KIND, tom().id.into(), "phone", "1", None)]),
            ("out_of_scope", vec![make(&tom(), ELM)]),
            ("malformed_record", vec![edit(Person::KIND, rosa_id, "birth_date", "soon", None)]),
            ("malformed_record", vec![edit(Person::KIND, rosa_id, "phone", serde_json::json!({"a": 1}), None)]),
            ("malformed_record", vec![star]),
            ("written_once", vec![edit("authority", motherhood().id.into(), "ground", "guardian", None)]),
            ("no_such_record", vec![edit(Person::KIND, id(0x4444), "phone", "1", None)]),
            ("no_such_record", vec![edit("family", rosa_id, "note", "1", None)]),
            // Whole or not at all: the first change is good.
            ("malformed_record", vec![
                edit(Person::KIND, rosa_id, "phone", "half", None),
                edit(Person::KIND, rosa_id, "gender", "dragon", None),
            ]),
        ];
        let count = cases.len();
        let mut expected = Vec::new();
        for (reason, changes) in cases {
            let outcome = elm.push(changes).await;
            assert_eq!(outcome.fate, Fate::Quarantined, "{reason}");
            expected.push(reason.to_owned());
        }
        let kept = world.county.store.reading().await.unwrap().quarantined(elm.number).await.unwrap();
        assert_eq!(kept.iter().map(|q| q.reason.clone()).collect::<Vec<_>>(), expected);
        assert!(kept.iter().all(|q| q.sealed.body.is_some()), "as it came");
        assert_eq!(kept.len(), count);
        let row = stored(&world, rosa_id).await.unwrap();
        assert_eq!(row.values()["phone"], serde_json::Value::Null, "nothing of it was written");
        let outcome = elm.push(vec![edit(Person::KIND, rosa_id, "phone", "01632 960001", None)]).await;
        assert_eq!(outcome.fate, Fate::Conflict, "it goes on; without a base it did not see the empty one");
    }

    async fn unknown_fields_are_kept_and_passed_on<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        one.push(made(ELM)).await;
        let outcome = one.push(vec![edit(Person::KIND, rosa().id.into(), "shoe_size", 38, None)]).await;
        assert_eq!(outcome.fate, Fate::Applied);
        let row = stored(&world, rosa().id.into()).await.unwrap();
        assert_eq!(row.values()["shoe_size"], 38, "a newer program wrote it");
    }

    async fn two_devices_converge_and_what_lost_is_told<S: Store>(world: World<S>) {
        let (mut one, mut other) = (world.at_elm().await, world.at_elm().await);
        one.push(made(ELM)).await;
        let base = Some(one.pen.version());
        let rosa_id = rosa().id.into();
        let kept = one.push(vec![edit(Person::KIND, rosa_id, "phone", "1", base)]).await;
        assert_eq!(kept.fate, Fate::Applied);
        other.pen.clock = Hlc::at(NOW_MS + 5);
        let both = vec![
            edit(Person::KIND, rosa_id, "phone", "2", base),
            edit(Person::KIND, rosa_id, "email", "r@example.org", base),
        ];
        let outcome = other.push(both).await;
        assert_eq!(outcome.fate, Fate::Conflict);
        assert_eq!(outcome.conflicts[0].lost, "1");
        let row = stored(&world, rosa_id).await.unwrap();
        assert_eq!(row.values()["phone"], "2");
        assert_eq!(row.values()["email"], "r@example.org", "another field: no conflict");
        assert_eq!(one.pull_all(10).await.last().unwrap().rows, other.pull_all(10).await.last().unwrap().rows);
    }

    async fn a_clock_far_ahead_wins_no_tie_for_ever<S: Store>(world: World<S>) {
        let (mut ahead, mut right) = (world.at_elm().await, world.at_elm().await);
        right.push(made(ELM)).await;
        let base = Some(right.pen.version());
        ahead.pen.clock = Hlc::at(NOW_MS + 86_400_000);
        ahead.push(vec![edit(Person::KIND, rosa().id.into(), "phone", "1", base)]).await;
        let row = stored(&world, rosa().id.into()).await.unwrap();
        let version = row.fields["phone"].version;
        assert_eq!(version, ahead.pen.version(), "the device knows its own write");
        assert_eq!(version.clock, Hlc::at(NOW_MS + 5 * 60 * 1000), "clamped");
    }

    async fn a_blanked_transaction_keeps_its_number<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        let blank = one.pen.write(made(ELM)).blanked();
        let answer = one.send(vec![blank]).await.unwrap();
        assert_eq!((answer.outcomes[0].fate, answer.expected), (Fate::Removed, 2));
    }

    async fn oversized_and_changed_transactions_are_kept_aside<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        let mut changed = one.pen.write(made(ELM));
        changed.body = changed.body.map(|body| body.replace("Rosa", "Rita"));
        let big = "x".repeat(300_000);
        let big = one.pen.write(vec![edit(Person::KIND, rosa().id.into(), "phone", big, None)]);
        let answer = one.send(vec![changed, big]).await.unwrap();
        assert!(answer.outcomes.iter().all(|outcome| outcome.fate == Fate::Quarantined));
        let kept = world.county.store.reading().await.unwrap().quarantined(one.number).await.unwrap();
        assert_eq!(kept.iter().map(|q| q.reason.as_str()).collect::<Vec<_>>(), ["unreadable", "too_large"]);
    }

    async fn the_audit_chain_cannot_go_back_or_be_changed<S: Store>(world: World<S>) {
        let one = world.at_elm().await;
        let mut told = Vec::new();
        for (entries, head) in [(5, 1), (5, 1), (5, 2), (4, 1), (6, 3)] {
            let request = PushRequest {
                epoch: world.county.epoch(),
                transactions: Vec::new(),
                audit: Some(AuditHead { entries, head: Bytes([head; 32]) }),
            };
            told.push(world.county.push(one.number, request).await.unwrap().audit_fits);
        }
        assert_eq!(told, [true, true, false, false, true]);
    }

    async fn codes_are_good_once_for_a_time_and_all_refusals_are_alike<S: Store>(world: World<S>) {
        let county = &world.county;
        let request = |code: &str| EnrolRequest {
            code: code.to_owned(),
            device_name: "Tablet".to_owned(),
            public_key: "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=".to_owned(),
        };
        let code = county.make_code(ELM, true, 1000).await.unwrap().to_string();
        let enrolled = county.enrol(&request(&code.to_lowercase())).await.unwrap();
        assert!(enrolled.restricted_private_key.is_some() && enrolled.centre == ELM);
        assert_eq!(refusal(county.enrol(&request(&code)).await), CountyRefusal::Code, "used");
        let late = county.make_code(ELM, false, 1000).await.unwrap().to_string();
        world.pass(1000);
        assert_eq!(refusal(county.enrol(&request(&late)).await), CountyRefusal::Code, "run out");
        assert_eq!(refusal(county.enrol(&request("0000-0000-0000-0000-0000")).await), CountyRefusal::Code);
        assert_eq!(refusal(county.enrol(&request("hello")).await), CountyRefusal::Code);
        assert!(county.make_code(id(77), false, 1000).await.is_err(), "no such centre");
        let mut weak = request(&code);
        weak.public_key = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned();
        assert_eq!(refusal(county.enrol(&weak).await), CountyRefusal::Malformed, "anybody could sign for it");
        let code = county.make_code(ELM, false, 1000).await.unwrap().to_string();
        let enrolled = county.enrol(&request(&code)).await.unwrap();
        assert!(enrolled.restricted_private_key.is_none());
    }

    async fn guessing_a_code_is_stopped_for_a_while<S: Store>(world: World<S>) {
        let county = &world.county;
        let code = county.make_code(ELM, false, 3_600_000).await.unwrap().to_string();
        let request = |code: String| EnrolRequest {
            code,
            device_name: "Tablet".to_owned(),
            public_key: "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=".to_owned(),
        };
        let guess = format!("{}-0000-0000-0000-0000", code.split('-').next().unwrap());
        for _ in 0..5 {
            assert_eq!(refusal(county.enrol(&request(guess.clone())).await), CountyRefusal::Code);
        }
        assert_eq!(refusal(county.enrol(&request(code.clone())).await), CountyRefusal::SlowDown);
        world.pass(16 * 60 * 1000);
        assert!(county.enrol(&request(code)).await.is_ok(), "and no longer");
    }

    async fn tokens_are_for_who_holds_the_key<S: Store>(world: World<S>) {
        let county = &world.county;
        let (one, other) = (world.at_elm().await, world.at_elm().await);
        let token = one.token().await.unwrap().token;
        assert_eq!(county.bearer(&token).await.unwrap().number, one.number);
        let challenge = |device| county.challenge(&ChallengeRequest { device }).unwrap().challenge;
        let mut forged = other.signed(challenge(one.number));
        forged.device = one.number;
        assert_eq!(refusal(county.token(&forged).await), CountyRefusal::Token, "another key");
        let borrowed = one.signed(challenge(other.number));
        assert_eq!(refusal(county.token(&borrowed).await), CountyRefusal::Token, "another's challenge");
        let late = one.signed(challenge(one.number));
        world.pass(2 * 60 * 1000);
        assert_eq!(refusal(county.token(&late).await), CountyRefusal::Token, "run out");
        let mut county_s = one.signed(challenge(DeviceNumber(0)));
        county_s.device = DeviceNumber(0);
        assert_eq!(refusal(county.token(&county_s).await), CountyRefusal::Token);
        world.pass(24 * 60 * 60 * 1000);
        assert_eq!(refusal(county.bearer(&token).await), CountyRefusal::Token, "run out");
        assert_eq!(refusal(county.bearer("nonsense").await), CountyRefusal::Token);
    }

    async fn a_revoked_device_gets_nothing_more<S: Store>(world: World<S>) {
        let mut one = world.at_elm().await;
        let token = one.token().await.unwrap().token;
        assert!(world.county.revoke(one.number).await.unwrap());
        assert_eq!(refusal(world.county.bearer(&token).await), CountyRefusal::Revoked);
        assert_eq!(refusal(one.token().await), CountyRefusal::Revoked);
        let sealed = one.pen.write(made(ELM));
        assert_eq!(refusal(one.send(vec![sealed]).await), CountyRefusal::Revoked);
        assert_eq!(stored(&world, rosa().id.into()).await, None);
        assert!(!world.county.revoke(DeviceNumber(0)).await.unwrap(), "the county's own");
        assert!(!world.county.revoke(DeviceNumber(99)).await.unwrap());
    }

    async fn what_two_devices_both_make_is_one<S: Store>(world: World<S>) {
        let (mut one, mut other) = (world.at_elm().await, world.at_elm().await);
        one.push(made(ELM)).await;
        let mut change = make(&rosa(), ELM);
        change.op = Op::Create { scope: ELM };
        assert_eq!(other.push(vec![change]).await.fate, Fate::Applied, "both made the same");
    }
}
