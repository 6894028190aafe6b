//! What a role sees, what is hidden, and what the audit tells.

use porch_domain::person::Person;

use super::*;

#[test]
fn a_hidden_family_is_not_there_for_the_desk() {
    let front = FrontDesk::open();
    let id = front.beispiels();
    let tim = front.does(Role::Reception, |work| {
        member(&open(work, id), "Tim").person
    });
    front
        .does(Role::Reception, |work| arrive(work, id, vec![tim]))
        .unwrap();
    hide(&front, id);
    front.does(Role::Reception, |work| {
        assert!(find(work, "beispiel").tiers.is_empty());
        assert!(today(work, Nothing {}).unwrap().here.is_empty());
        assert_eq!(why(open_for(work, id, None)).0, Code::NotFound);
        assert_eq!(why(arrive(work, id, vec![tim])).0, Code::NotFound);
    });
    front.does(Role::Safeguarding, |work| {
        assert!(
            open_for(work, id, Some(OpenReason::Safeguarding))
                .unwrap()
                .marks
                .iter()
                .any(|mark| mark.kind == MarkKind::Protected)
        );
        assert_eq!(find(work, "beispiel").tiers.len(), 1);
    });
}

#[test]
fn a_role_sees_what_the_catalogue_says() {
    let front = FrontDesk::open();
    let id = front.beispiels();
    front.does(Role::Helper, |work| {
        let view = open(work, id);
        let tim = member(&view, "Tim");
        assert_eq!(
            (tim.birth_date, view.address.as_deref()),
            (None, None),
            "a helper ticks names"
        );
        assert_eq!(
            tim.allergies.as_deref(),
            Some("sesame"),
            "it keeps a child safe"
        );
        assert!(
            !tim.versions.contains("2024") && !view.versions.contains("Sample"),
            "nor what was seen"
        );
    });
    front.does(Role::CountyIt, |work| {
        assert_eq!(why(open_for(work, id, None)).0, Code::NotFound);
        let request = SearchRequest {
            text: "beispiel".into(),
            limit: 8,
            settled: None,
        };
        assert_eq!(why(search(work, request)).0, Code::NotAllowed);
    });
}

#[test]
fn opening_is_in_the_audit_and_so_is_a_settled_search() {
    let front = FrontDesk::open();
    let id = front.beispiels();
    front.does(Role::Reception, |work| {
        let entries = || work.read(|read| read.audit_page(None, 100)).unwrap();
        let before = entries().len();
        find(work, "beis");
        assert_eq!(entries().len(), before, "not each key press");
        search(
            work,
            SearchRequest {
                text: "beispiel".into(),
                limit: 8,
                settled: Some(true),
            },
        )
        .unwrap();
        open(work, id);
        let told: Vec<(String, Option<String>)> = entries()
            .into_iter()
            .take(4)
            .map(|entry| (entry.deed, entry.kind))
            .collect();
        let saw = |kind: &str| ("saw".to_owned(), Some(kind.to_owned()));
        assert_eq!(
            told,
            [
                saw(Person::KIND),
                saw(Person::KIND),
                saw(Family::KIND),
                ("searched".to_owned(), None)
            ]
        );
    });
}
