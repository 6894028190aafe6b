//! A child of two homes, one of them hidden: the other learns nothing of it.

use porch_domain::bytes::Bytes;
use porch_domain::decision::{Decision, Help, Purpose};
use porch_domain::id::{AuthorityId, DecisionId};

use super::*;
use crate::decide::{DecideRequest, DecidedView, SubjectAnswers, decide};
use crate::edit::{AddExistingMemberRequest, add_existing_member};
use crate::hand_over::{
    BeginHandOverRequest, EarlierAnswersRequest, asked, begin_hand_over, earlier_answers,
};
use crate::no_photos::{NoPhotosPersonView, NoPhotosRequest, no_photos};
use crate::signature::{Point, Stroke};

const LAST_WEEK: &str = "2026-11-16T10:00:00.000Z";

/// Tim's two homes: Testa's, and Marta's at another postcode.
struct Homes {
    front: FrontDesk,
    open: FamilyId,
    hidden: FamilyId,
    testa: PersonId,
    marta: PersonId,
    tim: PersonId,
}

impl Homes {
    fn of_tim() -> Self {
        let front = FrontDesk::open();
        let open_home = front.beispiels();
        let (testa, tim, second, marta) = front.does(Role::Reception, |work| {
            let view = open(work, open_home);
            let mut other = beispiels();
            other.adults = vec![form("Marta", "Próbna", MemberRole::ParentCarer)];
            other.children.clear();
            other.postcode = "ng1 5dt".into();
            let second = register(work, other).unwrap().family;
            let (testa, tim) = (member(&view, "Testa").person, member(&view, "Tim").person);
            add_existing_member(
                work,
                AddExistingMemberRequest {
                    family: second,
                    person: tim,
                    role: MemberRole::Child,
                },
            )
            .unwrap();
            let marta = member(&open(work, second), "Marta").person;
            (testa, tim, second, marta)
        });
        Self {
            front,
            open: open_home,
            hidden: second,
            testa,
            marta,
            tim,
        }
    }
}

/// Points of a signature as long as a pen gives them.
fn signature(points: usize) -> Vec<Stroke> {
    let point = |at: usize| Point {
        x: at as f64 * 0.123_456_789,
        y: (at % 97) as f64 * 1.987_654_321,
        t: at as f64 * 4.166_666_666,
        pressure: 0.123_456_789,
    };
    let points: Vec<Point> = (0..points).map(point).collect();
    let strokes = points.chunks(points.len().div_ceil(3).max(1));
    strokes
        .map(|stroke| Stroke {
            points: stroke.to_vec(),
        })
        .collect()
}

fn says_yes(
    work: &Work,
    decider: PersonId,
    subjects: &[(PersonId, Option<AuthorityId>)],
    points: usize,
) -> Result<DecidedView, Refusal> {
    let wording = wording(Purpose::PublicityPicture, "en").text_ref();
    let answers = subjects.iter().map(|(subject, authority)| SubjectAnswers {
        subject: *subject,
        authority: *authority,
        wording: wording.name.clone(),
        version: wording.version,
        sha256: wording.sha256,
        attribution: None,
        granted: asked(Purpose::PublicityPicture),
        refused: Vec::new(),
        replaces: Vec::new(),
    });
    decide(
        work,
        DecideRequest {
            decider,
            answers: answers.collect(),
            signature: signature(points),
            typed_name: None,
            witness: None,
            language: "en".into(),
            notice: notice(),
            help: Help::None,
        },
    )
}

fn hand_over(work: &Work, family: FamilyId) {
    let purposes = vec![Purpose::PublicityPicture];
    begin_hand_over(work, BeginHandOverRequest { family, purposes }).unwrap();
}

fn take_back(work: &Work) {
    work.write(|write| write.end_hand_over().map_err(Refusal::from))
        .unwrap();
}

fn mothers(work: &Work, child: PersonId, holder: PersonId) -> AuthorityId {
    let request = serde_json::json!({
        "child": child, "holder": holder, "ground": "mother", "evidence": "seen",
    });
    let request = serde_json::from_value(request).unwrap();
    crate::record_authority::record_authority(work, request)
        .unwrap()
        .authority
}

#[test]
fn the_hidden_home_is_not_found_by_its_postcode_nor_named_as_who_decided() {
    let homes = Homes::of_tim();
    homes.front.does(Role::Reception, |work| {
        let authority = mothers(work, homes.tim, homes.marta);
        hand_over(work, homes.hidden);
        says_yes(work, homes.marta, &[(homes.tim, Some(authority))], 50).unwrap();
        take_back(work);
        let by = |work| {
            let view = open(work, homes.open);
            member(&view, "Tim").permissions[0].decided_by.clone()
        };
        assert_eq!(by(work).as_deref(), Some("Marta Próbna"), "not hidden yet");
        assert_eq!(find(work, "ng1 5dt").tiers[0].families.len(), 2);
    });
    hide(&homes.front, homes.hidden);
    homes.front.does(Role::Reception, |work| {
        let view = open(work, homes.open);
        let tim = member(&view, "Tim");
        assert_eq!(tim.permissions[0].decided_by, None);
        assert!(tim.other_families.is_empty());
        for text in ["ng1 5dt", "próbna"] {
            assert!(find(work, text).tiers.is_empty(), "{text} finds nobody");
        }
        assert_eq!(find(work, "tim").tiers[0].families.len(), 1);
    });
    homes.front.does(Role::Safeguarding, |work| {
        let tier = &find(work, "ng1 5dt").tiers[0];
        assert_eq!(
            tier.families[0].family, homes.hidden,
            "by who lives only there"
        );
    });
}

#[test]
fn a_child_who_came_with_the_hidden_home_is_signed_in_again_without_a_word() {
    let homes = Homes::of_tim();
    hide(&homes.front, homes.hidden);
    homes
        .front
        .does(Role::Manager, |work| {
            arrive(work, homes.hidden, vec![homes.tim, homes.marta])
        })
        .unwrap();
    homes.front.does(Role::Reception, |work| {
        assert_eq!(member(&open(work, homes.open), "Tim").here, None);
        let hit = &find(work, "beispiel").tiers[0].families[0];
        assert!(!hit.here && hit.members.iter().all(|member| !member.here));
        let done = arrive(work, homes.open, vec![homes.tim]).unwrap();
        let view = today(work, Nothing {}).unwrap();
        let here: Vec<_> = view.here.iter().map(|here| here.attendance).collect();
        assert_eq!(here, done.attendances, "as anybody who was signed in");
        assert_eq!(view.sessions[0].children, 1, "one child is one head");
        assert_eq!(
            why(arrive(work, homes.open, vec![homes.tim])).0,
            Code::AlreadySignedIn,
            "what is seen is told"
        );
        let out = sign_out(
            work,
            SignOutRequest {
                attendances: done.attendances,
                collected_by: None,
            },
        )
        .unwrap();
        assert_eq!(out.undo.split(',').count(), 1, "of one attendance");
        assert_eq!(out.people, ["Tim Beispiel"]);
    });
    homes.front.does(Role::Manager, |work| {
        let here = today(work, Nothing {}).unwrap().here;
        let here: Vec<_> = here.iter().map(|here| here.person).collect();
        assert_eq!(here, [homes.marta], "the child has left, with whomever");
        assert_eq!(
            why(arrive(work, homes.hidden, vec![homes.marta])).0,
            Code::AlreadySignedIn
        );
    });
}

#[test]
fn leaving_a_hidden_family_uncovers_nobody() {
    let homes = Homes::of_tim();
    hide(&homes.front, homes.hidden);
    homes.front.does(Role::Manager, |work| {
        let view = open_for(work, homes.hidden, Some(OpenReason::Correction)).unwrap();
        let place = member(&view, "Marta").membership;
        let (before, versions) = work
            .read(|read| read.record::<porch_domain::membership::Membership>(place))
            .unwrap();
        let ended = porch_domain::membership::Membership {
            ended_on: Some(work.today),
            ..before.clone()
        };
        let change = crate::changes::edited(&before.to_fields(), &ended, &versions).unwrap();
        work.write(|write| work.save(write, "test", vec![change]))
            .unwrap();
    });
    homes.front.does(Role::Reception, |work| {
        let sight = Sight(work.login.role);
        let seen = |person| {
            work.store
                .read(|read| visible_person(read, sight, person, work.today))
        };
        assert_eq!(why(seen(homes.marta)).0, Code::NotFound);
        assert!(seen(homes.tim).is_ok(), "he has another home");
    });
}

#[test]
fn nobody_is_signed_in_with_a_family_that_is_not_theirs() {
    let homes = Homes::of_tim();
    homes.front.does(Role::Reception, |work| {
        assert_eq!(
            why(arrive(work, homes.hidden, vec![homes.marta, homes.testa])),
            (Code::NotFound, Some("people.1".into()))
        );
        arrive(work, homes.hidden, vec![homes.marta, homes.tim]).unwrap();
    });
}

#[test]
fn a_parent_is_told_their_own_answers_and_nobody_else_s() {
    let homes = Homes::of_tim();
    homes.front.does(Role::Reception, |work| {
        add_existing_member(
            work,
            AddExistingMemberRequest {
                family: homes.open,
                person: homes.marta,
                role: MemberRole::ParentCarer,
            },
        )
        .unwrap();
        let authority = mothers(work, homes.tim, homes.testa);
        hand_over(work, homes.open);
        let testas = says_yes(work, homes.testa, &[(homes.tim, Some(authority))], 50).unwrap();
        says_yes(work, homes.marta, &[(homes.marta, None)], 50).unwrap();
        let heads = |decider| earlier_answers(work, EarlierAnswersRequest { decider });
        let told: Vec<(DecisionId, PersonId)> = heads(homes.testa)
            .unwrap()
            .iter()
            .map(|head| (head.decision, head.subject))
            .collect();
        assert_eq!(told, [(testas.decisions[0], homes.tim)]);
        assert_eq!(heads(homes.marta).unwrap().len(), 1);
        assert_eq!(
            why(heads(homes.tim)).0,
            Code::NoAuthority,
            "a child decides nothing here"
        );
        let pages = crate::hand_over::hand_over(work, Nothing {}).unwrap();
        let pages = serde_json::to_string(&pages).unwrap();
        assert!(
            !pages.contains(&testas.decisions[0].to_string()),
            "the pages themselves say nothing of it"
        );
    });
}

#[test]
fn a_long_signature_is_thinned_and_still_one_hand() {
    let homes = Homes::of_tim();
    homes.front.does(Role::Reception, |work| {
        hand_over(work, homes.open);
        let decided = says_yes(work, homes.testa, &[(homes.testa, None)], 4_999).unwrap();
        let (decision, _) = work
            .read(|read| read.record::<Decision>(decided.decisions[0]))
            .unwrap();
        let Bytes(kept) = decision.signature;
        assert!(kept.len() < 12_000, "{} bytes", kept.len());
        let kept: Vec<Vec<[f64; 4]>> = serde_json::from_slice(&kept).unwrap();
        let drawn = signature(4_999);
        assert_eq!(kept.len(), drawn.len(), "no stroke is lost");
        for (kept, drawn) in kept.iter().zip(&drawn) {
            assert!((100..=150).contains(&kept.len()), "thinned evenly");
            for (kept, drawn) in [
                (kept.first(), drawn.points.first()),
                (kept.last(), drawn.points.last()),
            ] {
                let (kept, drawn) = (kept.unwrap(), drawn.unwrap());
                assert!((kept[0] - drawn.x).abs() < 0.1 && (kept[1] - drawn.y).abs() < 0.1);
            }
        }
    });
}

#[test]
fn the_list_beside_the_camera_names_who_may_not_be_photographed_and_says_no_reason() {
    let homes = Homes::of_tim();
    let request = NoPhotosRequest {
        session: session_on(TODAY),
    };
    let names = |people: &[NoPhotosPersonView]| -> Vec<String> {
        people.iter().map(|person| person.name.clone()).collect()
    };
    homes.front.at(Role::Reception, LAST_WEEK, |work| {
        let last_week = SignInRequest {
            session: session_on("2026-11-16"),
            family: homes.hidden,
            people: vec![homes.marta],
        };
        sign_in(work, last_week).unwrap();
    });
    homes.front.does(Role::Reception, |work| {
        let done = arrive(work, homes.open, vec![homes.testa, homes.tim]).unwrap();
        let list = no_photos(work, request).unwrap();
        assert_eq!(
            (list.activity.as_str(), list.venue.as_str()),
            ("Stay and play", "Harbour")
        );
        assert_eq!(
            names(&list.here),
            ["Testa Beispiel", "Tim Beispiel"],
            "nobody was asked"
        );
        assert_eq!(
            list.here[0].age, None,
            "a grown-up's age is nobody's business"
        );
        assert_eq!(
            list.here[1].age.map(|age| (age.years, age.months)),
            Some((2, 7))
        );
        assert_eq!(
            names(&list.expected),
            ["Marta Próbna"],
            "who is here is not expected, too"
        );

        let authority = mothers(work, homes.tim, homes.testa);
        hand_over(work, homes.open);
        says_yes(
            work,
            homes.testa,
            &[(homes.testa, None), (homes.tim, Some(authority))],
            50,
        )
        .unwrap();
        take_back(work);
        let list = no_photos(work, request).unwrap();
        assert!(list.here.is_empty(), "both said yes");

        let attendances = done.attendances;
        let out = SignOutRequest {
            attendances,
            collected_by: Some(homes.testa),
        };
        sign_out(work, out).unwrap();
        let list = no_photos(work, request).unwrap();
        assert_eq!(
            names(&list.expected),
            ["Marta Próbna"],
            "who has left is not expected"
        );
    });
}

#[test]
fn the_list_beside_the_camera_counts_who_is_hidden_and_names_them_to_those_who_may_know() {
    let homes = Homes::of_tim();
    hide(&homes.front, homes.hidden);
    let request = NoPhotosRequest {
        session: session_on(TODAY),
    };
    homes
        .front
        .does(Role::Manager, |work| {
            arrive(work, homes.hidden, vec![homes.tim, homes.marta])
        })
        .unwrap();
    let list = |role| homes.front.does(role, |work| no_photos(work, request));
    let to_reception = list(Role::Reception).unwrap();
    assert!(to_reception.here.is_empty() && to_reception.expected.is_empty());
    assert_eq!(to_reception.hidden, 2);
    let to_manager = list(Role::Manager).unwrap();
    assert_eq!((to_manager.here.len(), to_manager.hidden), (2, 0));
    homes
        .front
        .does(Role::Reception, |work| {
            arrive(work, homes.open, vec![homes.tim])
        })
        .unwrap();
    let to_reception = list(Role::Reception).unwrap();
    assert_eq!(
        (to_reception.here.len(), to_reception.hidden),
        (1, 1),
        "the child came with the other home, too"
    );
    let unknown = NoPhotosRequest {
        session: session_on("2026-12-24"),
    };
    homes.front.does(Role::Reception, |work| {
        assert_eq!(why(no_photos(work, unknown)).0, Code::NotFound);
    });
}
