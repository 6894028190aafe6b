//! What a role may do, and what it must say for it.

use porch_domain::id::UserId;

use super::*;
use crate::people::sample::NOW;

#[test]
fn a_hidden_family_is_opened_for_a_reason_that_the_audit_keeps() {
    let front = FrontDesk::open();
    let id = front.beispiels();
    hide(&front, id);
    for role in [Role::Manager, Role::Safeguarding, Role::DataProtection] {
        front.does(role, |work| {
            assert_eq!(find(work, "beispiel").tiers.len(), 1, "{role}");
            let before = work.read(|read| read.audit_page(None, 1)).unwrap();
            assert_eq!(
                why(open_for(work, id, None)),
                (Code::ReasonNeeded, Some("reason".into()))
            );
            assert_eq!(
                work.read(|read| read.audit_page(None, 1)).unwrap(),
                before,
                "and nothing was opened"
            );
            open_for(work, id, Some(OpenReason::RightsRequest)).unwrap();
            for entry in work.read(|read| read.audit_page(None, 3)).unwrap() {
                assert_eq!(entry.purpose, "protected_rights_request");
            }
        });
    }
    front.does(Role::Reception, |work| {
        assert_eq!(
            why(open_for(work, id, Some(OpenReason::Visit))).0,
            Code::NotFound,
            "a reason opens nothing for a role that may not"
        );
    });
}

#[test]
fn a_helper_takes_back_only_what_they_did_themselves_today() {
    let front = FrontDesk::open();
    let id = front.beispiels();
    let people: Vec<PersonId> = front.does(Role::Reception, |work| {
        let view = open(work, id);
        view.members.iter().map(|member| member.person).collect()
    });
    let (rita, hal, colleague) = (
        sample::user(),
        UserId::make(2, [8; 10]),
        UserId::make(3, [7; 10]),
    );
    let take_back = |user, role, undo_text: &str| {
        front.by(user, role, NOW, |work| {
            undo(
                work,
                UndoRequest {
                    undo: undo_text.into(),
                },
            )
        })
    };
    let ritas = front
        .by(rita, Role::Reception, NOW, |work| {
            arrive(work, id, vec![people[0]])
        })
        .unwrap();
    let hals = front
        .by(hal, Role::Helper, NOW, |work| {
            arrive(work, id, vec![people[1]])
        })
        .unwrap();
    assert_eq!(
        why(take_back(hal, Role::Helper, &ritas.undo)).0,
        Code::NotAllowed
    );
    let both = format!("{},{}", hals.undo, ritas.attendances[0]);
    assert_eq!(
        why(take_back(hal, Role::Helper, &both)).0,
        Code::NotAllowed,
        "the whole is refused"
    );
    front.does(Role::Reception, |work| {
        assert_eq!(today(work, Nothing {}).unwrap().here.len(), 2);
    });
    take_back(hal, Role::Helper, &hals.undo).unwrap();
    take_back(colleague, Role::Reception, &ritas.undo).unwrap();
    front.does(Role::Reception, |work| {
        assert!(today(work, Nothing {}).unwrap().here.is_empty());
    });
}

#[test]
fn a_draft_needs_what_its_form_needs() {
    let front = FrontDesk::open();
    let id = front.beispiels();
    let keep = |role, form: &str| {
        front.does(role, |work| {
            draft::save_draft(
                work,
                SaveDraftRequest {
                    form: form.into(),
                    body: "{}".into(),
                },
            )
        })
    };
    let edit = format!("edit_family/{id}");
    keep(Role::DataProtection, &edit).unwrap();
    keep(Role::Reception, draft::REGISTRATION).unwrap();
    for (role, form) in [
        (Role::DataProtection, draft::REGISTRATION),
        (Role::Helper, &edit),
        (Role::CountyIt, &edit),
    ] {
        assert_eq!(why(keep(role, form)).0, Code::NotAllowed, "{role}: {form}");
    }
}
