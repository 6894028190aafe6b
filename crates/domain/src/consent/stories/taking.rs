//! What may be recorded in the first place.

use super::*;

/// What `check_new` says of Maja's yes for Zofia, changed.
fn refused(change: impl FnOnce(&mut Decision)) -> Option<DecisionProblem> {
    let mut ledger = parents();
    ledger.add(authority(4, zofia(), Ground::Understands));
    let mut decision = decision(1, maja(), 1, &["print"], &["press"]);
    change(&mut decision);
    ledger.check_new(&decision, &a_child()).err()
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
        refused(|d| d.valid_until = Some(d.decided_at)),
        Some(P::EndsBeforeItBegins)
    );
    assert_eq!(
        refused(|d| d.replaces = vec![decision_id(7)]),
        Some(P::ReplacesAnothers)
    );
}

#[test]
fn a_no_is_taken_even_in_doubt() {
    let mut ledger = parents();
    ledger.add(end(1, EndKind::Disputed));
    let yes = decision(1, maja(), 1, &["print"], &[]);
    assert_eq!(
        ledger.check_new(&yes, &a_child()),
        Err(DecisionProblem::AuthorityInDoubt)
    );
    assert_eq!(
        ledger.check_new(&decision(1, maja(), 1, &[], &["print"]), &a_child()),
        Ok(())
    );
    ledger.add(end(1, EndKind::Ended));
    assert_eq!(
        ledger.check_new(&yes, &a_child()),
        Err(DecisionProblem::AuthorityNotInForce)
    );
}

#[test]
fn people_decide_for_themselves_from_sixteen() {
    let own = || {
        let mut own = decision(1, zofia(), 1, &["print"], &[]);
        (own.capacity, own.authority) = (Capacity::Own, None);
        own
    };
    let with = |subject_is_child, years: Option<u32>| {
        let subject_age = years.map(|years| Age { years, months: 11 });
        parents().check_new(
            &own(),
            &Circumstances {
                subject_is_child,
                subject_age,
                ..a_child()
            },
        )
    };
    assert_eq!(with(true, Some(15)), Err(DecisionProblem::ChildAlone));
    assert_eq!(
        with(false, Some(15)),
        Err(DecisionProblem::ChildAlone),
        "a young parent, about themself"
    );
    assert_eq!(with(true, Some(16)), Ok(()));
    assert_eq!(
        with(true, None),
        Err(DecisionProblem::ChildAlone),
        "a child of unknown age"
    );
    assert_eq!(with(false, None), Ok(()), "an adult need not say their age");
}

#[test]
fn authority_has_its_days() {
    let mut ledger = Ledger::default();
    let mut order = authority(1, maja(), Ground::CourtOrder);
    order.valid_from = a_child().today.succ_opt();
    ledger.add(order);
    let yes = decision(1, maja(), 1, &["print"], &[]);
    assert_eq!(
        ledger.check_new(&yes, &a_child()),
        Err(DecisionProblem::AuthorityNotInForce)
    );
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
