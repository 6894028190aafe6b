//! Details put right, and members added.

use super::*;
use crate::edit::{
    self, AddExistingMemberRequest, AddMemberRequest, EditFamilyRequest, EditPersonRequest,
};

fn as_form(member: &MemberView) -> PersonForm {
    PersonForm {
        given_name: member.given_name.clone(),
        family_name: member.family_name.clone(),
        known_as: member.known_as.clone().unwrap_or_default(),
        birth_date: member
            .birth_date
            .map(|date| date.to_string())
            .unwrap_or_default(),
        due_date: String::new(),
        phone: member.phone.clone().unwrap_or_default(),
        email: member.email.clone().unwrap_or_default(),
        nhs_number: member.nhs_number.clone().unwrap_or_default(),
        language: member.language.clone().unwrap_or_default(),
        allergies: member.allergies.clone().unwrap_or_default(),
        role: member.role,
        parental_responsibility: member.parental_responsibility,
    }
}

#[test]
fn an_edit_writes_only_what_was_changed_on_the_screen() {
    let front = FrontDesk::open();
    let id = front.beispiels();
    front.does(Role::Reception, |work| {
        let view = open(work, id);
        let seen = member(&view, "Testa");
        let edit = |versions: &str, form: PersonForm| {
            edit::edit_person(
                work,
                EditPersonRequest {
                    person: seen.person,
                    versions: versions.into(),
                    form,
                },
            )
        };
        let phone = PersonForm {
            phone: "0115 496 0001".into(),
            ..as_form(seen)
        };
        let email = PersonForm {
            email: "testa@example.org".into(),
            ..as_form(seen)
        };
        edit(&seen.versions, phone).unwrap();
        edit(&seen.versions, email).unwrap();
        let view = open(work, id);
        let testa = member(&view, "Testa");
        assert_eq!(
            testa.phone.as_deref(),
            Some("01154960001"),
            "the second form had not touched it"
        );
        assert_eq!(testa.email.as_deref(), Some("testa@example.org"));
        assert!(
            !view
                .marks
                .iter()
                .any(|mark| mark.kind == MarkKind::DetailsToConfirm),
            "and nothing is in doubt"
        );
        assert_eq!(why(edit("what", as_form(seen))).0, Code::MalformedRequest);
        let nameless = PersonForm {
            given_name: String::new(),
            family_name: String::new(),
            ..as_form(testa)
        };
        assert_eq!(
            edit(&testa.versions, nameless).err().unwrap().problems[0].code,
            Code::Required
        );

        let moved = EditFamilyRequest {
            family: id,
            versions: view.versions.clone(),
            address: "2 Sample Way".into(),
            postcode: view.postcode.clone().unwrap(),
            no_fixed_address: false,
            note: "Ring the bell".into(),
        };
        edit::edit_family(work, moved.clone()).unwrap();
        edit::edit_family(
            work,
            EditFamilyRequest {
                address: "3 Sample Way".into(),
                ..moved
            },
        )
        .unwrap();
        let view = open(work, id);
        let kinds: Vec<MarkKind> = view.marks.iter().map(|mark| mark.kind).collect();
        assert!(
            kinds.contains(&MarkKind::DetailsToConfirm),
            "two addresses without sight of each other"
        );
        assert!(kinds.contains(&MarkKind::Message));
    });
}

#[test]
fn a_child_of_two_homes_is_one_person() {
    let front = FrontDesk::open();
    let first = front.beispiels();
    front.does(Role::Reception, |work| {
        let mut other = beispiels();
        other.adults = vec![form("Marta", "Próbna", MemberRole::ParentCarer)];
        other.children.clear();
        let second = register(work, other).unwrap().family;
        let tim = member(&open(work, first), "Tim").person;
        let request = AddExistingMemberRequest {
            family: second,
            person: tim,
            role: MemberRole::Child,
        };
        edit::add_existing_member(work, request).unwrap();
        assert_eq!(
            why(edit::add_existing_member(work, request)).0,
            Code::Invalid,
            "there already"
        );
        let ola = form("Ola", "Przykład", MemberRole::Child);
        edit::add_member(
            work,
            AddMemberRequest {
                family: second,
                form: ola,
            },
        )
        .unwrap();
        let view = open(work, second);
        assert_eq!(view.name, "Próbna · Beispiel · Przykład");
        assert_eq!(member(&view, "Tim").other_families, [first]);
        arrive(work, second, vec![tim]).unwrap();
        assert!(
            member(&open(work, first), "Tim").here.is_some(),
            "here, with whichever family"
        );
    });
}
