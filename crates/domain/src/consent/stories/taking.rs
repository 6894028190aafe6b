//! What may be recorded in the first place.

use super::*;
use crate::authority::Authority;
use crate::consent::check_decision;
use crate::membership::MemberRole;
use crate::photo::Form;

/// What `check_new` says of Maja's yes for Zofia, changed.
fn refused(change: impl FnOnce(&mut Decision)) -> Option<DecisionProblem> {
    let mut ledger = parents();
    ledger.add(authority(4, zofia(), Ground::Understands));
    let mut decision = decision(1, maja(), 1, &["print"], &["press"]);
    change(&mut decision);
    ledger.check_new(&decision).err()
}

#[test]
fn what_cannot_be_recorded_says_why() {
    use DecisionProblem as P;
    assert_eq!(refused(|_| {}), None);
    assert_eq!(
        refused(|d| (d.granted, d.refused) = (vec![], vec![])),
        Some(P::NothingAnswered)
    );
    assert_eq!(
        refused(|d| d.refused = d.granted.clone()),
        Some(P::BothAnswers)
    );
    assert_eq!(
        refused(|d| d.granted = channels(&["email"])),
        Some(P::WrongChannel)
    );
    assert_eq!(refused(|d| d.authority = None), Some(P::NoAuthority));
    assert_eq!(
        refused(|d| d.authority = Some(authority_id(9))),
        Some(P::WrongAuthority),
        "a step-parent holds none"
    );
    assert_eq!(
        refused(|d| d.authority = Some(authority_id(2))),
        Some(P::WrongAuthority),
        "Paweł's"
    );
    assert_eq!(
        refused(|d| d.capacity = Capacity::Own),
        Some(P::OwnForAnother)
    );
    let alone =
        |d: &mut Decision| (d.decider, d.capacity, d.authority) = (zofia(), Capacity::Own, None);
    assert_eq!(refused(alone), Some(P::ChildAlone));
    assert_eq!(
        refused(|d| (d.decider, d.authority) = (zofia(), Some(authority_id(4)))),
        Some(P::NoJudgement),
        "a child who understands: somebody said why"
    );
    assert_eq!(
        refused(|d| d.signature = vec![].into()),
        Some(P::NoSignature)
    );
    assert_eq!(
        refused(|d| d.method = Method::TypedWithWitness),
        Some(P::NoWitness)
    );
    assert_eq!(
        refused(|d| d.attribution = Some(crate::decision::Attribution::FirstName)),
        Some(P::WrongAttribution)
    );
    assert_eq!(
        refused(|d| d.wording_version = 2),
        Some(P::WordsNotApproved)
    );
    assert_eq!(
        refused(|d| d.valid_until = Some(d.decided_at)),
        Some(P::EndsBeforeItBegins)
    );
    assert_eq!(
        refused(|d| d.replaces = vec![decision_id(7)]),
        Some(P::ReplacesAnothers)
    );
}

#[test]
fn a_no_is_never_turned_away() {
    let mut ledger = parents();
    ledger.add(end(1, EndKind::Disputed));
    let yes = decision(1, maja(), 1, &["print"], &[]);
    let no = decision(1, maja(), 1, &[], &["print"]);
    assert_eq!(
        ledger.check_new(&yes),
        Err(DecisionProblem::AuthorityInDoubt)
    );
    assert_eq!(ledger.check_new(&no), Ok(()));
    ledger.add(end(1, EndKind::Ended));
    assert_eq!(
        ledger.check_new(&yes),
        Err(DecisionProblem::AuthorityNotInForce)
    );
    assert_eq!(ledger.check_new(&no), Ok(()));
    let odd: [fn(&mut Decision); 6] = [
        |no| no.signature = vec![].into(),
        |no| no.method = Method::TypedWithWitness,
        |no| no.authority = None,
        |no| no.authority = Some(authority_id(9)),
        |no| no.capacity = Capacity::Own,
        |no| (no.decider, no.capacity, no.authority) = (zofia(), Capacity::Own, None),
    ];
    for change in odd {
        let mut no = no.clone();
        change(&mut no);
        assert_eq!(ledger.check_new(&no), Ok(()));
        assert_eq!(check_decision(&no), Ok(()));
        no.granted = channels(&["press"]);
        assert!(ledger.check_new(&no).is_err(), "with a yes in it, it is");
    }
}

/// Zofia's own decision, and what makes her who she is.
fn own(granted: &[&str], refused: &[&str]) -> Decision {
    let mut own = decision(1, zofia(), 1, granted, refused);
    (own.capacity, own.authority) = (Capacity::Own, None);
    own
}

#[test]
fn people_decide_for_themselves_from_sixteen() {
    let with = |who: Vec<LedgerEntry>| {
        let mut ledger = parents();
        for entry in who {
            ledger.add(entry);
        }
        let taken = ledger.check_new(&own(&["print"], &[]));
        ledger.add(own(&["print"], &[]));
        let permitted = ledger.permitted(zofia(), PICTURE, &channel("print"), NOW);
        assert_eq!(taken.is_ok(), permitted, "what is taken counts: {taken:?}");
        assert!(matches!(taken, Ok(()) | Err(DecisionProblem::ChildAlone)));
        permitted
    };
    let of = |born| LedgerEntry::from(person(zofia(), born));
    let as_a = |n, role| LedgerEntry::from(place(n, zofia(), role));
    let sixteen = born_years_ago(16);
    assert!(with(vec![of(Some(sixteen)), as_a(1, MemberRole::Child)]));
    let a_day_short = sixteen.succ_opt();
    assert!(!with(vec![of(a_day_short)]));
    assert!(
        !with(vec![of(a_day_short), as_a(1, MemberRole::ParentCarer)]),
        "a young parent, about themself"
    );
    assert!(
        !with(vec![of(today().succ_opt())]),
        "born after the decision"
    );
    assert!(!with(vec![]), "nothing is known of them");
    assert!(
        !with(vec![as_a(1, MemberRole::ParentCarer)]),
        "their person is not here"
    );
    assert!(!with(vec![of(None)]), "of unknown age and nobody's parent");
    assert!(
        with(vec![of(None), as_a(1, MemberRole::ParentCarer)]),
        "an adult need not say their age"
    );
    assert!(!with(vec![
        of(None),
        as_a(1, MemberRole::ParentCarer),
        as_a(2, MemberRole::Child)
    ]));
    assert!(
        !with(vec![
            of(None),
            of(a_day_short),
            as_a(1, MemberRole::ParentCarer)
        ]),
        "two dates: the younger counts"
    );
    let mut staff = person(zofia(), None);
    staff.staff = true;
    assert!(with(vec![staff.into()]));
}

#[test]
fn a_young_child_s_own_no_counts_and_removes() {
    let mut ledger = parents();
    ledger.add(person(zofia(), Some(born_years_ago(2))));
    ledger.add(decision(2, maja(), 1, &["print"], &[]));
    assert!(ledger.permitted(zofia(), PICTURE, &channel("print"), NOW));
    ledger.add(own(&[], &["print"]));
    assert!(!ledger.permitted(zofia(), PICTURE, &channel("print"), NOW));
    assert_eq!(
        ledger.photo_fate([(zofia(), decision_id(2))]),
        Fate::Removed
    );
}

#[test]
fn a_date_of_birth_that_is_put_right_suspends_and_removes_nothing() {
    // Zofia, of age, said no and then yes.
    let told = [own(&[], &["print"]), {
        let mut yes = replacing(own(&["print"], &[]), &[1]);
        yes.id = decision_id(2);
        yes
    }];
    let fate_born = |years| {
        let mut ledger: Ledger = told.iter().cloned().collect();
        ledger.add(person(zofia(), Some(born_years_ago(years))));
        ledger.photo_fate([(zofia(), decision_id(2))])
    };
    assert_eq!(fate_born(20), Fate::Stands);
    assert_eq!(fate_born(2), Fate::Suspended);
}

#[test]
fn a_decision_of_a_day_to_come_makes_nobody_older() {
    let mut ledger = parents();
    ledger.add(person(zofia(), Some(born_years_ago(2))));
    let mut own = own(&["print"], &[]);
    own.decided_at = "2099-01-01T00:00:00.000Z".parse().unwrap();
    ledger.add(own);
    ledger.add(LedgerEntry::Seen(NOW));
    assert!(!ledger.permitted(zofia(), PICTURE, &channel("print"), NOW));
}

#[test]
fn ground_and_holder_fit_each_other() {
    let with = |holder, ground| {
        let mut ledger = Ledger::default();
        let mut authority = authority(1, holder, ground);
        authority.reason = Some("Judged so by her key worker".into());
        ledger.add(authority);
        let yes = decision(1, holder, 1, &["print"], &[]);
        let taken = ledger.check_new(&yes).is_ok();
        ledger.add(yes);
        let permitted = ledger.permitted(zofia(), PICTURE, &channel("print"), NOW);
        assert_eq!(taken, permitted);
        permitted
    };
    assert!(with(maja(), Ground::Mother));
    assert!(with(zofia(), Ground::Understands));
    assert!(!with(maja(), Ground::Understands));
    assert!(!with(zofia(), Ground::Mother));
}

#[test]
fn authority_has_its_days() {
    let on = |from, until| {
        let mut ledger = Ledger::default();
        let mut order = authority(1, maja(), Ground::CourtOrder);
        (order.valid_from, order.valid_until) = (from, until);
        ledger.add(order);
        let yes = decision(1, maja(), 1, &["print"], &[]);
        let taken = ledger.check_new(&yes);
        ledger.add(yes);
        let permitted = ledger.permitted(zofia(), PICTURE, &channel("print"), NOW);
        assert_eq!(taken.is_ok(), permitted);
        taken.err()
    };
    assert_eq!(on(Some(today()), Some(today())), None);
    let out_of_force = Some(DecisionProblem::AuthorityNotInForce);
    assert_eq!(on(today().succ_opt(), None), out_of_force);
    assert_eq!(on(None, today().pred_opt()), out_of_force);
}

#[test]
fn a_delegation_is_no_better_than_what_it_comes_from() {
    let with = |change: fn(&mut Authority)| {
        let mut ledger = Ledger::default();
        let mut source = authority(1, maja(), Ground::Mother);
        change(&mut source);
        let mut delegated = authority(2, pawel(), Ground::Delegated);
        delegated.delegated_from = Some(source.id);
        ledger.add(source);
        ledger.add(delegated);
        ledger.add(decision(1, pawel(), 2, &["print"], &[]));
        ledger.permitted(zofia(), PICTURE, &channel("print"), NOW)
    };
    assert!(with(|_| {}));
    assert!(!with(|source| source.valid_until = today().pred_opt()));
    assert!(!with(|source| source.holder = zofia()));
    assert!(
        !with(|source| (source.holder, source.ground) = (zofia(), Ground::Understands)),
        "a child delegates to nobody"
    );
}

#[test]
fn content_is_stored_under_a_decision_that_counts_and_in_time() {
    let under = |n, ledger: &Ledger| {
        ledger.photo_may_be_stored(Form::Picture, [(zofia(), decision_id(n))], NOW)
    };
    let mut ledger = parents();
    ledger.add(decision(1, maja(), 1, &["print"], &[]));
    assert!(under(1, &ledger));
    assert!(!ledger.photo_may_be_stored(Form::Picture, [], NOW));
    // The only head is over; the decision that it replaced is not.
    let mut over = replacing(decision(2, maja(), 1, &["print"], &[]), &[1]);
    over.valid_until = Some(NOW);
    let mut replaced = ledger.clone();
    replaced.add(over);
    assert!(!under(1, &replaced) && !under(2, &replaced));
    // Paweł's authority has ended, and Maja's yes is still there.
    ledger.add(decision(3, pawel(), 2, &["print"], &[]));
    assert!(under(3, &ledger));
    ledger.add(end(2, EndKind::Ended));
    assert!(under(1, &ledger) && !under(3, &ledger));
}

#[test]
fn a_withdrawal_that_contradicts_itself_counts_as_reported() {
    for (how, verified) in [
        (WithdrawalHow::InPerson, false),
        (WithdrawalHow::Reported, true),
    ] {
        let mut ledger = parents();
        ledger.add(decision(1, maja(), 1, &["print"], &[]));
        let mut odd = withdrawal(1, &[1], None, how);
        odd.verified = verified;
        ledger.add(odd);
        assert_eq!(says(&ledger, "print"), Some(No::Withdrawn));
        assert_eq!(fate(&ledger), Fate::Suspended);
    }
}

#[test]
fn withdrawing_asks_for_little() {
    let good = withdrawal(1, &[1], None, WithdrawalHow::InPerson);
    assert_eq!(
        check_withdrawal(&good),
        Ok(()),
        "the decision may arrive later"
    );
    let mut wrong = good.clone();
    wrong.decisions.clear();
    assert_eq!(
        check_withdrawal(&wrong),
        Err(WithdrawalProblem::NothingWithdrawn)
    );
    let mut wrong = good.clone();
    wrong.verified = false;
    assert_eq!(
        check_withdrawal(&wrong),
        Err(WithdrawalProblem::HowDoesNotFit)
    );
    let mut wrong = good.clone();
    wrong.by = None;
    assert_eq!(
        check_withdrawal(&wrong),
        Err(WithdrawalProblem::NobodyNamed)
    );
    let mut reported = withdrawal(1, &[1], None, WithdrawalHow::Reported);
    reported.by = None;
    assert_eq!(check_withdrawal(&reported), Ok(()), "anybody may call");
}
