//! Mornings at the desk: a newcomer, a returning family, mistakes taken back.

use porch_domain::catalogue::Record as _;
use porch_domain::family::Family;
use porch_domain::id::{FamilyId, PersonId};
use porch_domain::membership::MemberRole;
use porch_domain::role::Role;

use super::sample::{FrontDesk, beispiels, form, notice, session_on, why, wording};
use super::*;
use crate::draft::{self, DraftRequest, SaveDraftRequest};
use crate::find_family::{SearchRequest, SearchView, Tier, search};
use crate::open_family::{FamilyRequest, FamilyView, MemberView, OpenReason, family};
use crate::refusal::{Nothing, Problem};
use crate::register::{Likeness, PersonForm, check_registration, register};
use crate::sign_in::{SignInRequest, SignedInView, sign_in};
use crate::sign_out::{SignOutRequest, sign_out};
use crate::today::today;
use crate::undo::{UndoRequest, undo};
use crate::work::Work;

mod crowds;
mod edits;
mod homes;
mod judging;
mod publications;
mod quotes;
mod receipts;
mod roles;
mod secrets;
mod texts;
mod young;

const TODAY: &str = "2026-11-23";

fn open(work: &Work, id: FamilyId) -> FamilyView {
    open_for(work, id, None).unwrap()
}

fn open_for(
    work: &Work,
    family_id: FamilyId,
    reason: Option<OpenReason>,
) -> Result<FamilyView, Refusal> {
    let request = FamilyRequest {
        family: family_id,
        reason,
    };
    family(work, request)
}

fn find(work: &Work, text: &str) -> SearchView {
    search(
        work,
        SearchRequest {
            text: text.into(),
            limit: 8,
            settled: None,
        },
    )
    .unwrap()
}

fn member<'a>(view: &'a FamilyView, given_name: &str) -> &'a MemberView {
    view.members
        .iter()
        .find(|member| member.given_name == given_name)
        .unwrap()
}

fn arrive(work: &Work, family: FamilyId, people: Vec<PersonId>) -> Result<SignedInView, Refusal> {
    sign_in(
        work,
        SignInRequest {
            session: session_on(TODAY),
            family,
            people,
        },
    )
}

fn hide(front: &FrontDesk, id: FamilyId) {
    front.does(Role::Manager, |work| {
        let (before, versions) = work.read(|read| read.record::<Family>(id)).unwrap();
        let hidden = Family {
            protected: true,
            ..before.clone()
        };
        let change = crate::changes::edited(&before.to_fields(), &hidden, &versions).unwrap();
        work.write(|write| work.save(write, "test", vec![change]))
            .unwrap();
    });
}

#[test]
fn a_newcomer_is_registered_found_and_opened() {
    let front = FrontDesk::open();
    let id = front.beispiels();
    front.does(Role::Reception, |work| {
        let found = find(work, "beis test");
        let [tier] = found.tiers.as_slice() else {
            panic!("one tier")
        };
        assert_eq!(tier.tier, Tier::ThisCentre);
        let [hit] = tier.families.as_slice() else {
            panic!("one family")
        };
        assert_eq!(
            (hit.family, hit.name.as_str(), hit.phone_tail.as_deref()),
            (id, "Beispiel", Some("0123"))
        );
        assert_eq!(
            hit.marks,
            [Mark::of(MarkKind::Allergy)],
            "a queue reads lists: no reason"
        );
        let view = open(work, id);
        assert_eq!(view.centre, "Harbour");
        assert_eq!(view.postcode.as_deref(), Some("NG2 7QP"));
        let tim = member(&view, "Tim");
        assert_eq!(tim.age.map(|age| (age.years, age.months)), Some((2, 7)));
        assert_eq!(tim.kind, PersonKind::Child);
        assert_eq!(
            view.notices.len(),
            1,
            "the notice was shown to the grown-up"
        );
        assert_eq!(view.sessions_now, [session_on(TODAY)]);
        assert_eq!(
            view.marks,
            [Mark {
                kind: MarkKind::Allergy,
                detail: Some("Tim Beispiel: sesame".into())
            }]
        );
    });
}

#[test]
fn every_problem_of_a_form_is_told_at_once_and_nothing_is_saved() {
    let front = FrontDesk::open();
    front.does(Role::Reception, |work| {
        let mut request = beispiels();
        request.children[0].birth_date = "31/2/24".into();
        request.postcode = "nowhere".into();
        request.notice = None;
        request.adults[0].phone = "12".into();
        request.sign_in_to = Some(session_on("2026-11-16"));
        let refusal = register(work, request).err().unwrap();
        let fields: Vec<&str> = refusal
            .problems
            .iter()
            .map(|problem| problem.field.as_str())
            .collect();
        assert_eq!(
            fields,
            [
                "adults.0.phone",
                "children.0.birth_date",
                "postcode",
                "notice",
                "sign_in_to"
            ]
        );
        assert!(find(work, "beispiel").tiers.is_empty());
        let mut nobody = beispiels();
        nobody.adults = vec![form(" ", "", MemberRole::ParentCarer)];
        let problems = register(work, nobody).err().unwrap().problems;
        assert_eq!(
            problems,
            [Problem {
                field: "adults".into(),
                code: Code::NoAdult
            }]
        );
    });
}

#[test]
fn an_alias_is_enough_and_a_mother_to_be_needs_no_child() {
    let front = FrontDesk::open();
    front.does(Role::Outreach, |work| {
        let mut request = beispiels();
        request.adults = vec![PersonForm {
            known_as: "Mouse".into(),
            due_date: "1/2/27".into(),
            ..form("", "", MemberRole::ExpectantParent)
        }];
        request.children.clear();
        request.no_fixed_address = true;
        request.sign_in_to = Some(session_on(TODAY));
        let id = register(work, request).unwrap().family;
        let view = open(work, id);
        assert_eq!(
            (
                view.name.as_str(),
                view.address.as_deref(),
                view.no_fixed_address
            ),
            ("Mouse", None, true)
        );
        assert_eq!(view.members[0].due_date, "2027-02-01".parse().ok());
        assert!(
            view.members[0].here.is_some(),
            "registered and signed in at once"
        );
    });
}

#[test]
fn a_check_echoes_dates_warns_and_proposes() {
    let front = FrontDesk::open();
    let id = front.beispiels();
    let check = |front: &FrontDesk| {
        front.does(Role::Reception, |work| {
            check_registration(work, beispiels()).unwrap()
        })
    };
    let found = check(&front);
    assert!(found.problems.is_empty());
    assert_eq!(
        found.dates.get("children.0.birth_date").map(String::as_str),
        Some("2024-04-03")
    );
    assert_eq!(
        found.warnings,
        [Problem {
            field: "adults.0.phone".into(),
            code: Code::InvalidPhone
        }]
    );
    let tim = found
        .likely
        .iter()
        .find(|likely| likely.name == "Tim Beispiel")
        .unwrap();
    assert_eq!(tim.family, id);
    assert_eq!(
        tim.because,
        [Likeness::Name, Likeness::BirthDate, Likeness::Postcode]
    );
    hide(&front, id);
    assert!(
        check(&front).likely.is_empty(),
        "a hidden family is never proposed"
    );
}

#[test]
fn a_returning_family_is_signed_in_out_and_it_is_undone() {
    let front = FrontDesk::open();
    let id = front.beispiels();
    front.does(Role::Reception, |work| {
        let people: Vec<PersonId> = open(work, id)
            .members
            .iter()
            .map(|member| member.person)
            .collect();
        let done = arrive(work, id, people.clone()).unwrap();
        assert_eq!(done.people, ["Testa Beispiel", "Tim Beispiel"]);
        let view = today(work, Nothing {}).unwrap();
        let [session] = view.sessions.as_slice() else {
            panic!("one session")
        };
        assert_eq!(
            (session.adults, session.children, session.babies),
            (1, 1, 0)
        );
        assert_eq!(session.starts_at.to_string(), "2026-11-23T09:30:00.000Z");
        assert_eq!(view.here.len(), 2);
        let again = why(arrive(work, id, people.clone()));
        assert_eq!(again, (Code::AlreadySignedIn, Some("people.0".into())));
        let hit = &find(work, "beispiel").tiers[0];
        assert!(hit.tier == Tier::HereOrExpected && hit.families[0].here);

        let request = SignOutRequest {
            attendances: done.attendances.clone(),
            collected_by: Some(people[0]),
        };
        let out = sign_out(work, request.clone()).unwrap();
        assert!(today(work, Nothing {}).unwrap().here.is_empty());
        assert_eq!(why(sign_out(work, request)).0, Code::AlreadySignedOut);
        assert_eq!(
            open(work, id).last_time,
            people,
            "who came last is ticked next time"
        );
        undo(
            work,
            UndoRequest {
                undo: out.undo.clone(),
            },
        )
        .unwrap();
        undo(work, UndoRequest { undo: out.undo }).unwrap();
        assert_eq!(
            today(work, Nothing {}).unwrap().here.len(),
            2,
            "taken back once"
        );
        undo(work, UndoRequest { undo: done.undo }).unwrap();
        let view = today(work, Nothing {}).unwrap();
        assert!(
            view.here.is_empty() && view.sessions[0].adults == 0,
            "they never came"
        );
        assert!(open(work, id).attendances.is_empty());
    });
    let tomorrow = "2026-11-24T10:00:00.000Z";
    front.at(Role::Reception, tomorrow, |work| {
        assert_eq!(why(arrive(work, id, Vec::new())).0, Code::SessionNotToday);
        assert_eq!(
            why(undo(
                work,
                UndoRequest {
                    undo: "what".into()
                }
            ))
            .0,
            Code::MalformedRequest
        );
    });
}

#[test]
fn a_draft_goes_with_the_registration() {
    let front = FrontDesk::open();
    front.does(Role::Reception, |work| {
        let form = || draft::REGISTRATION.to_owned();
        let keep = |body: String| draft::save_draft(work, SaveDraftRequest { form: form(), body });
        let kept = || {
            draft::draft(work, DraftRequest { form: form() })
                .unwrap()
                .body
        };
        keep("{\"adults\":[]}".into()).unwrap();
        assert!(kept().is_some());
        assert_eq!(why(keep("x".repeat(65_537))).0, Code::TooLong);
        register(work, beispiels()).unwrap();
        assert_eq!(kept(), None);
    });
}
