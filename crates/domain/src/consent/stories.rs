//! The rule, told with Zofia (two), her mother Maja and her father Paweł.

use super::sample::*;
use super::{DecisionProblem, Fate, Ledger, LedgerEntry, No, WithdrawalProblem, check_withdrawal};
use crate::authority::{EndKind, Ground};
use crate::decision::{AtExpiry, Capacity, Decision, Method, Purpose};
use crate::time::Instant;
use crate::withdrawal::{Ruling, WithdrawalHow};

mod taking;

/// Maja holds authority 1, Paweł authority 2.
fn parents() -> Ledger {
    [
        authority(1, maja(), Ground::Mother),
        authority(2, pawel(), Ground::FatherMarriedOrRegistered),
    ]
    .into_iter()
    .collect()
}

fn says(ledger: &Ledger, channel_name: &str) -> Option<No> {
    ledger.why_not(zofia(), PICTURE, &channel(channel_name), NOW)
}

fn fate(ledger: &Ledger) -> Fate {
    ledger.photo_fate([(zofia(), decision_id(1))])
}

#[test]
fn one_yes_permits_its_channels_only() {
    let mut ledger = parents();
    assert_eq!(says(&ledger, "print"), Some(No::NotAsked));
    assert_eq!(
        ledger.permit(zofia(), PICTURE, NOW),
        Err(No::NotAsked),
        "before consent nothing is stored"
    );
    ledger.add(decision(
        1,
        maja(),
        1,
        &["print", "centre_display"],
        &["social_media:facebook"],
    ));
    assert_eq!(says(&ledger, "print"), None);
    assert_eq!(says(&ledger, "social_media:facebook"), Some(No::Refused));
    assert_eq!(
        says(&ledger, "press"),
        Some(No::Refused),
        "what was not asked is not granted"
    );
    let permit = ledger.permit(zofia(), PICTURE, NOW).unwrap();
    assert_eq!(
        (permit.subject(), permit.decision()),
        (zofia(), decision_id(1))
    );
    assert_eq!(permit.channels(), channels(&["centre_display", "print"]));
}

#[test]
fn parents_who_disagree_end_in_no() {
    let mut ledger = parents();
    ledger.extend([
        decision(1, maja(), 1, &["print", "press"], &[]),
        decision(2, pawel(), 2, &["print"], &["press"]),
    ]);
    assert_eq!(says(&ledger, "print"), None, "both say yes");
    assert_eq!(says(&ledger, "press"), Some(No::Refused), "one says no");
    assert_eq!(fate(&ledger), Fate::Stands, "one channel is left");
    ledger.add(replacing(
        decision(3, pawel(), 2, &[], &["print", "press"]),
        &[2],
    ));
    assert_eq!(says(&ledger, "print"), Some(No::Refused));
    assert_eq!(
        fate(&ledger),
        Fate::Removed,
        "a refusal removes what was stored"
    );
}

#[test]
fn a_change_of_mind_replaces_ones_own_decisions_only() {
    let mut ledger = parents();
    ledger.add(decision(1, maja(), 1, &[], &["print"]));
    let pawels = replacing(decision(2, pawel(), 2, &["print"], &[]), &[1]);
    assert_eq!(
        ledger.check_new(&pawels),
        Err(DecisionProblem::ReplacesAnothers)
    );
    ledger.add(pawels);
    assert_eq!(
        says(&ledger, "print"),
        Some(No::Refused),
        "Paweł's yes does not lift Maja's no"
    );
    let anew = decision(3, maja(), 1, &["print"], &[]);
    assert_eq!(ledger.check_new(&anew), Err(DecisionProblem::LeavesEarlier));
    let anew = replacing(anew, &[1]);
    assert_eq!(ledger.check_new(&anew), Ok(()));
    ledger.add(anew);
    assert_eq!(says(&ledger, "print"), None);
}

#[test]
fn two_devices_apart_end_in_no() {
    let mut ledger = parents();
    ledger.extend([
        decision(1, maja(), 1, &["print"], &[]),
        decision(2, maja(), 1, &[], &["print"]),
    ]);
    assert_eq!(
        says(&ledger, "print"),
        Some(No::Refused),
        "neither screen showed the other's answer"
    );
}

#[test]
fn a_verified_withdrawal_removes_and_a_reported_one_suspends() {
    for (how, expected) in [
        (WithdrawalHow::InPerson, Fate::Removed),
        (WithdrawalHow::IdentityChecked, Fate::Removed),
        (WithdrawalHow::Reported, Fate::Suspended),
    ] {
        let mut ledger = parents();
        ledger.add(decision(1, maja(), 1, &["print", "press"], &[]));
        ledger.add(withdrawal(1, &[1], None, how));
        assert_eq!(
            says(&ledger, "print"),
            Some(No::Withdrawn),
            "{how}: use stops at once"
        );
        assert_eq!(fate(&ledger), expected, "{how}");
        assert_eq!(ledger.permit(zofia(), PICTURE, NOW), Err(No::Withdrawn));
    }
}

#[test]
fn withdrawing_some_channels_leaves_the_others() {
    let mut ledger = parents();
    ledger.add(decision(1, maja(), 1, &["print", "press"], &[]));
    ledger.add(withdrawal(
        1,
        &[1],
        Some(&["press"]),
        WithdrawalHow::InPerson,
    ));
    assert_eq!(
        (says(&ledger, "print"), says(&ledger, "press")),
        (None, Some(No::Withdrawn))
    );
    assert_eq!(fate(&ledger), Fate::Stands);
    ledger.add(withdrawal(
        2,
        &[1],
        Some(&["print"]),
        WithdrawalHow::Reported,
    ));
    assert_eq!(
        fate(&ledger),
        Fate::Suspended,
        "all is withdrawn, but not all verified"
    );
}

#[test]
fn consent_anew_never_revives() {
    let mut ledger = parents();
    ledger.add(decision(1, maja(), 1, &["print"], &[]));
    ledger.add(withdrawal(1, &[1], None, WithdrawalHow::InPerson));
    ledger.add(replacing(decision(2, maja(), 1, &["print"], &[]), &[1]));
    assert_eq!(says(&ledger, "print"), None, "a new picture may be stored");
    assert_eq!(fate(&ledger), Fate::Removed, "the old one stays removed");
}

#[test]
fn authority_in_dispute_keeps_its_no_and_loses_its_yes() {
    let mut ledger = parents();
    ledger.add(decision(1, maja(), 1, &["print"], &["press"]));
    ledger.add(end(1, EndKind::Disputed));
    assert_eq!(says(&ledger, "print"), Some(No::InDoubt));
    assert_eq!(says(&ledger, "press"), Some(No::Refused));
    assert_eq!(fate(&ledger), Fate::Suspended);
    ledger.add(decision(2, pawel(), 2, &["print", "press"], &[]));
    assert_eq!(
        says(&ledger, "print"),
        None,
        "Paweł's yes counts, and nobody refuses"
    );
    assert_eq!(
        says(&ledger, "press"),
        Some(No::Refused),
        "Maja's no counts"
    );
}

#[test]
fn a_yes_in_dispute_lifts_no_refusal() {
    let mut ledger = parents();
    ledger.add(decision(1, maja(), 1, &[], &["print"]));
    ledger.add(authority(3, maja(), Ground::CourtOrder));
    ledger.add(replacing(decision(2, maja(), 3, &["print"], &[]), &[1]));
    ledger.add(decision(3, pawel(), 2, &["print"], &[]));
    assert_eq!(says(&ledger, "print"), None, "Maja changed her mind");
    ledger.add(end(3, EndKind::Disputed));
    assert_eq!(
        says(&ledger, "print"),
        Some(No::Refused),
        "whether she could is in doubt, so her no stands"
    );
    ledger.add(end(3, EndKind::Ended));
    assert_eq!(
        says(&ledger, "print"),
        Some(No::Refused),
        "nor does what was said without authority lift it"
    );
}

#[test]
fn what_was_said_without_authority_still_takes_ones_yes() {
    let mut ledger = parents();
    ledger.add(authority(3, maja(), Ground::CourtOrder));
    ledger.add(end(3, EndKind::Ended));
    ledger.add(decision(1, maja(), 1, &["print"], &[]));
    ledger.add(replacing(decision(2, maja(), 3, &[], &["print"]), &[1]));
    assert_eq!(
        says(&ledger, "print"),
        Some(No::InDoubt),
        "Maja said no after her yes, whatever she held then"
    );
}

#[test]
fn ended_authority_says_nothing() {
    let mut ledger = parents();
    ledger.add(decision(1, maja(), 1, &["print"], &[]));
    ledger.add(end(1, EndKind::Ended));
    assert_eq!(says(&ledger, "print"), Some(No::NotAsked));
    assert_eq!(
        fate(&ledger),
        Fate::Suspended,
        "lost authority suspends; a person decides"
    );
}

#[test]
fn an_authority_that_is_not_here_is_a_doubt() {
    let mut ledger = Ledger::default();
    ledger.add(decision(1, maja(), 1, &["print"], &["press"]));
    assert_eq!(
        (says(&ledger, "print"), says(&ledger, "press")),
        (Some(No::InDoubt), Some(No::Refused))
    );
    assert_eq!(fate(&ledger), Fate::Suspended);
    ledger.add(authority(1, pawel(), Ground::Mother));
    assert_eq!(
        says(&ledger, "print"),
        Some(No::InDoubt),
        "it is somebody else's"
    );
}

#[test]
fn a_delegation_is_as_good_as_what_it_comes_from() {
    let mut ledger = parents();
    let mut delegated = authority(3, pawel(), Ground::Delegated);
    ledger.add(decision(1, pawel(), 3, &["print"], &[]));
    let mut nothing = ledger.clone();
    nothing.add(delegated.clone());
    assert_eq!(
        says(&nothing, "print"),
        Some(No::InDoubt),
        "delegated by nobody"
    );
    delegated.delegated_from = Some(authority_id(1));
    ledger.add(delegated);
    assert_eq!(says(&ledger, "print"), None);
    let mut disputed = ledger.clone();
    disputed.add(end(1, EndKind::Disputed));
    assert_eq!(says(&disputed, "print"), Some(No::InDoubt));
    ledger.add(end(1, EndKind::Ended));
    assert_eq!(says(&ledger, "print"), Some(No::NotAsked));
}

#[test]
fn a_stop_is_a_no_like_any_other() {
    let mut ledger = parents();
    ledger.add(decision(1, maja(), 1, &["print"], &[]));
    ledger.add(stop(1));
    assert_eq!(
        says(&ledger, "print"),
        Some(No::Refused),
        "it does not show itself"
    );
    assert_eq!(ledger.permit(zofia(), PICTURE, NOW), Err(No::Refused));
    assert_eq!(fate(&ledger), Fate::Removed);
    ledger.add(stop(2));
    ledger.add(stop_end(1));
    assert_eq!(
        says(&ledger, "print"),
        Some(No::Refused),
        "each is ended by itself"
    );
    ledger.add(stop_end(2));
    assert_eq!(
        says(&ledger, "print"),
        None,
        "what was decided counts again"
    );
}

#[test]
fn a_reported_withdrawal_suspends_until_somebody_rules_on_it() {
    let reported = |channels| withdrawal(1, &[1], channels, WithdrawalHow::Reported);
    let mut ledger = parents();
    ledger.add(decision(1, maja(), 1, &["print"], &[]));
    ledger.add(reported(None));
    assert_eq!(
        (says(&ledger, "print"), fate(&ledger)),
        (Some(No::Withdrawn), Fate::Suspended)
    );
    let mut dismissed = ledger.clone();
    dismissed.add(ruling(1, 1, Ruling::Dismissed));
    assert_eq!(
        (says(&dismissed, "print"), fate(&dismissed)),
        (None, Fate::Stands)
    );
    for (n, mut ledger) in [(1, ledger), (2, dismissed)] {
        ledger.add(ruling(3, 1, Ruling::Upheld));
        assert_eq!(
            (says(&ledger, "print"), fate(&ledger)),
            (Some(No::Withdrawn), Fate::Removed),
            "{n}: of two rulings the No counts"
        );
    }
}

#[test]
fn no_ruling_takes_back_a_verified_withdrawal() {
    let mut ledger = parents();
    ledger.add(decision(1, maja(), 1, &["print"], &[]));
    ledger.add(withdrawal(1, &[1], None, WithdrawalHow::InPerson));
    ledger.add(ruling(1, 1, Ruling::Dismissed));
    assert_eq!(
        (says(&ledger, "print"), fate(&ledger)),
        (Some(No::Withdrawn), Fate::Removed)
    );
}

#[test]
fn a_mis_recorded_decision_counts_for_nothing() {
    let mut ledger = parents();
    ledger.extend([
        decision(1, maja(), 1, &["print"], &[]),
        replacing(decision(2, maja(), 1, &[], &["print"]), &[1]),
    ]);
    ledger.add(LedgerEntry::Misrecorded(decision_id(2)));
    assert_eq!(
        says(&ledger, "print"),
        None,
        "what replaced it was another family's"
    );
    ledger.add(LedgerEntry::Misrecorded(decision_id(1)));
    assert_eq!(
        (says(&ledger, "print"), fate(&ledger)),
        (Some(No::NotAsked), Fate::Suspended)
    );
}

#[test]
fn validity_only_ever_refuses() {
    let end = Instant::from_unix_ms(NOW.unix_ms() + 1000);
    for (at_expiry, after) in [
        (AtExpiry::NoNewUse, Fate::Stands),
        (AtExpiry::Remove, Fate::Removed),
    ] {
        let mut ledger = parents();
        let mut dated = decision(1, maja(), 1, &["print"], &[]);
        dated.valid_until = Some(end);
        dated.at_expiry = at_expiry;
        ledger.add(dated);
        assert_eq!(
            ledger.permit(zofia(), PICTURE, NOW).unwrap().until(),
            Some(end)
        );
        assert_eq!(
            ledger.permit(zofia(), PICTURE, end),
            Err(No::Expired),
            "the latest time seen refuses"
        );
        assert_eq!(fate(&ledger), Fate::Stands, "but no clock removes");
        ledger.add(LedgerEntry::Expired(decision_id(1)));
        assert_eq!(
            says(&ledger, "print"),
            Some(No::Expired),
            "the county's record refuses whatever the clock"
        );
        assert_eq!(fate(&ledger), after, "{at_expiry}");
    }
}

#[test]
fn a_photo_stands_for_everybody_in_it_or_not_at_all() {
    let mut ledger = parents();
    ledger.add(decision(1, maja(), 1, &["print"], &[]));
    let mut own = decision(2, maja(), 1, &["print"], &[]);
    (own.subject, own.capacity, own.authority) = (maja(), Capacity::Own, None);
    ledger.add(own);
    ledger.add(person(maja(), Some(born_years_ago(30))));
    let both = [(zofia(), decision_id(1)), (maja(), decision_id(2))];
    assert!(ledger.photo_stands(both));
    assert!(!ledger.photo_stands([]), "a photo of nobody does not stand");
    assert!(
        !ledger.photo_stands([(pawel(), decision_id(1))]),
        "Zofia's decision is not Paweł's"
    );
    ledger.add(withdrawal(1, &[2], None, WithdrawalHow::InPerson));
    assert_eq!(ledger.photo_fate(both), Fate::Removed);
}

#[test]
fn consent_to_news_holds_no_picture() {
    let mut ledger = parents();
    let mut news = decision(1, maja(), 1, &["email"], &[]);
    news.purpose = Purpose::News;
    ledger.add(news);
    assert!(
        !ledger.permitted(zofia(), Purpose::News, &channel("email"), NOW),
        "these words are approved for pictures only"
    );
    let mut for_news = approval(1);
    for_news.purpose = Some(Purpose::News);
    ledger.add(for_news);
    assert!(ledger.permitted(zofia(), Purpose::News, &channel("email"), NOW));
    assert_eq!(fate(&ledger), Fate::Suspended);
}
