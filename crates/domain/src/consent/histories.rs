//! Random histories: what must hold whatever happened, in whatever order it arrived.

mod registrations;

use chrono::Duration;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use self::registrations::{other_maja, twin, two_registrations};
use super::sample::*;
use super::{Fate, Ledger, LedgerEntry};
use crate::authority::{EndKind, Ground};
use crate::decision::{AtExpiry, Capacity};
use crate::id::{DecisionId, PersonId};
use crate::membership::MemberRole;
use crate::photo::Form;
use crate::time::Instant;
use crate::withdrawal::{Ruling, WithdrawalHow};

const CHANNELS: [&str; 3] = ["centre_display", "print", "press"];
const DECISIONS: u8 = 6;
/// The id of a decision that no history names yet.
const NEW: u8 = 200;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn decider(n: u8) -> PersonId {
    if n.is_multiple_of(2) { maja() } else { pawel() }
}

/// Often all, or none, so that a Yes is not rare.
fn granted() -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![6 => Just(CHANNELS.to_vec()), 1 => some_channels()]
}

fn some_channels() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(CHANNELS.to_vec(), 0..=CHANNELS.len())
}

fn some_decisions() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![1 => Just(Vec::new()), 2 => vec(0..DECISIONS, 1..4)]
}

/// A decision about Zofia. Mostly under the decider's own authority, but its parts follow no rule:
/// authorities may be missing, somebody else's, ended.
fn some_decision() -> impl Strategy<Value = crate::decision::Decision> {
    let answers = (
        granted(),
        prop_oneof![6 => Just(Vec::new()), 1 => some_channels()],
    );
    let under = prop_oneof![9 => Just(None), 1 => (0u8..6).prop_map(Some)];
    let ends = prop_oneof![8 => Just(None), 1 => (-500i64..1000).prop_map(Some)];
    let days_later = prop_oneof![8 => Just(0i64), 1 => -40i64..40, 1 => Just(20_000)];
    (
        0..DECISIONS,
        0u8..2,
        under,
        answers,
        some_decisions(),
        (ends, days_later),
        (any::<bool>(), any::<bool>(), proptest::bool::weighted(0.15)),
    )
        .prop_map(
            |(
                n,
                who,
                under,
                (granted, refused),
                mut replaces,
                (ends, later),
                (remove, loops, words),
            )| {
                // Mostly what came before; now and then what no honest device would send: loops.
                replaces.retain(|earlier| *earlier < n || (loops && n == 0));
                let mut decision = replacing(
                    decision(n, decider(who), under.unwrap_or(who), &granted, &refused),
                    &replaces,
                );
                decision.valid_until = ends.map(|ms| Instant::from_unix_ms(NOW.unix_ms() + ms));
                decision.decided_at = Instant::from_unix_ms(NOW.unix_ms() + later * DAY_MS);
                decision.at_expiry = if remove {
                    AtExpiry::Remove
                } else {
                    AtExpiry::NoNewUse
                };
                if words {
                    decision.wording_version = 2;
                }
                if under == Some(5) {
                    (decision.decider, decision.capacity, decision.authority) =
                        (zofia(), Capacity::Own, None);
                }
                decision
            },
        )
}

fn some_withdrawal() -> impl Strategy<Value = crate::withdrawal::Withdrawal> {
    (
        0u8..8,
        some_decisions(),
        proptest::option::of(some_channels()),
        0usize..3,
    )
        .prop_map(|(n, of, channels, how)| {
            withdrawal(n, &of, channels.as_deref(), WithdrawalHow::ALL[how])
        })
}

/// Authorities 0 and 1 are Maja's and Paweł's own; 2 to 4 are whatever they are: of days that are
/// over or to come, Zofia's own, on a ground that does not fit who holds them.
fn some_authority() -> impl Strategy<Value = LedgerEntry> {
    let grounds = [
        Ground::Mother,
        Ground::CourtOrder,
        Ground::Delegated,
        Ground::Understands,
    ];
    let day = || {
        proptest::option::weighted(0.2, -30i64..30)
            .prop_map(|days| days.and_then(|days| today().checked_add_signed(Duration::days(days))))
    };
    (2u8..5, 0u8..3, 0usize..4, 0u8..5, (day(), day())).prop_map(
        move |(n, who, ground, from, days)| {
            let holder = if who == 2 { zofia() } else { decider(who) };
            let mut authority = authority(n, holder, grounds[ground]);
            authority.delegated_from = Some(authority_id(from));
            (authority.valid_from, authority.valid_until) = days;
            authority.into()
        },
    )
}

/// What is known of Zofia's age: nothing yet, no date, one date or another.
fn something_known() -> impl Strategy<Value = LedgerEntry> {
    let place = (0u8..3, any::<bool>()).prop_map(|(n, child)| {
        let role = if child {
            MemberRole::Child
        } else {
            MemberRole::OtherAdult
        };
        place(n, zofia(), role).into()
    });
    prop_oneof![
        2 => proptest::option::of(0u32..40).prop_map(|years| {
            person(zofia(), years.map(born_years_ago)).into()
        }),
        1 => place,
        1 => (-30i64..30).prop_map(|days| {
            LedgerEntry::Seen(Instant::from_unix_ms(NOW.unix_ms() + days * DAY_MS))
        }),
    ]
}

fn some_entry() -> impl Strategy<Value = LedgerEntry> {
    prop_oneof![
        4 => some_authority(),
        1 => (0u8..5, any::<bool>()).prop_map(|(n, ended)| {
            end(n, if ended { EndKind::Ended } else { EndKind::Disputed }).into()
        }),
        2 => something_known(),
        10 => some_decision().prop_map(LedgerEntry::from),
        1 => some_withdrawal().prop_map(LedgerEntry::from),
        1 => (0..DECISIONS).prop_map(|n| LedgerEntry::Misrecorded(decision_id(n))),
        1 => (0..DECISIONS).prop_map(|n| LedgerEntry::Expired(decision_id(n))),
        1 => (0u8..4, 0u8..8, any::<bool>()).prop_map(|(n, of, upheld)| {
            ruling(n, of, if upheld { Ruling::Upheld } else { Ruling::Dismissed }).into()
        }),
        1 => prop_oneof![Just(stop(0).into()), Just(stop_end(0).into())],
        1 => Just(approval(2).into()),
    ]
}

/// A history: records are immutable, so an id comes once.
fn history() -> impl Strategy<Value = Vec<LedgerEntry>> {
    vec(some_entry(), 0..12).prop_map(|entries| {
        let mut seen = std::collections::BTreeSet::new();
        let parents = [0, 1].map(|n| LedgerEntry::from(authority(n, decider(n), Ground::Mother)));
        parents
            .into_iter()
            .chain(entries)
            .filter(|entry| seen.insert(identity(entry)))
            .collect()
    })
}

fn identity(entry: &LedgerEntry) -> String {
    match entry {
        LedgerEntry::Authority(authority) => format!("{authority:?}"),
        LedgerEntry::AuthorityEnd(end) => format!("{end:?} {}", end.kind),
        LedgerEntry::Decision(decision) => format!("{decision:?}"),
        LedgerEntry::Withdrawal(withdrawal) => format!("{withdrawal:?}"),
        LedgerEntry::WithdrawalRuling(ruling) => format!("{ruling:?} {}", ruling.ruling),
        // A state may come again, changed.
        LedgerEntry::Person(person) => format!("{:?}", person.birth_date),
        LedgerEntry::Membership(place) => format!("{place:?} {}", place.role),
        other => format!("{other:?}"),
    }
}

/// The histories are worth their time only if many of them permit something.
#[test]
fn histories_permit_something_often() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let told: Vec<Ledger> = (0..1000)
        .map(|_| ledger(&history().new_tree(&mut runner).unwrap().current()))
        .collect();
    let permitting = told.iter().filter(|ledger| !yes(ledger).is_empty()).count();
    let standing = told
        .iter()
        .filter(|ledger| fates(ledger).contains(&Fate::Stands))
        .count();
    assert!(
        (200..900).contains(&permitting),
        "{permitting} of 1000 permit something"
    );
    assert!(
        (200..900).contains(&standing),
        "in {standing} of 1000 a photo stands"
    );
}

fn ledger(entries: &[LedgerEntry]) -> Ledger {
    entries.iter().cloned().collect()
}

fn yes(ledger: &Ledger) -> Vec<&'static str> {
    yes_for(ledger, zofia())
}

fn yes_for(ledger: &Ledger, subject: PersonId) -> Vec<&'static str> {
    CHANNELS
        .into_iter()
        .filter(|text| ledger.permitted(subject, PICTURE, &channel(text), NOW))
        .collect()
}

fn fates(ledger: &Ledger) -> Vec<Fate> {
    (0..DECISIONS)
        .map(|n| ledger.photo_fate([(zofia(), decision_id(n))]))
        .collect()
}

/// Nothing that was not permitted is permitted now, and no photo came back.
fn only_fewer(before: &Ledger, after: &Ledger) -> Result<(), TestCaseError> {
    let allowed = yes(before);
    prop_assert!(
        yes(after).iter().all(|channel| allowed.contains(channel)),
        "{allowed:?} became {:?}",
        yes(after)
    );
    for (was, is) in fates(before).into_iter().zip(fates(after)) {
        prop_assert!(
            was == Fate::Stands || is != Fate::Stands,
            "a photo that was {was:?} stands"
        );
    }
    Ok(())
}

fn is_head(ledger: &Ledger, id: DecisionId) -> bool {
    ledger
        .heads(zofia(), PICTURE)
        .iter()
        .any(|head| head.id == id)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_arrival_changes_the_answer(
        (told, shuffled) in history().prop_flat_map(|told| (Just(told.clone()), Just(told).prop_shuffle()))
    ) {
        let (one, other) = (ledger(&told), ledger(&shuffled));
        prop_assert_eq!(yes(&one), yes(&other));
        prop_assert_eq!(fates(&one), fates(&other));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_refusal_by_anyone_with_authority_makes_it_no(told in history(), who in 0u8..2) {
        let mut ledger = ledger(&told);
        // Maja or Paweł, whatever else happened, under an authority of their own that is good.
        ledger.add(authority(NEW, decider(who), Ground::Mother));
        ledger.add(decision(NEW, decider(who), NEW, &[], &CHANNELS));
        prop_assert_eq!(yes(&ledger), Vec::<&str>::new());
        prop_assert!(ledger.permit(zofia(), PICTURE, NOW).is_err());
        prop_assert!(!fates(&ledger).contains(&Fate::Stands));
    }

    #[test]
    fn a_withdrawn_decision_never_permits(told in history(), n in 0..DECISIONS) {
        let before = ledger(&told);
        let mut after = before.clone();
        after.add(withdrawal(NEW, &[n], None, WithdrawalHow::Reported));
        only_fewer(&before, &after)?;
        if is_head(&after, decision_id(n)) {
            prop_assert_eq!(yes(&after), Vec::<&str>::new());
        }
        if let Ok(permit) = after.permit(zofia(), PICTURE, NOW) {
            prop_assert_ne!(permit.decision(), decision_id(n));
        }
        prop_assert_ne!(after.photo_fate([(zofia(), decision_id(n))]), Fate::Stands);
    }

    #[test]
    fn adding_a_no_never_turns_anything_into_yes(
        told in history(),
        who in 0u8..2,
        under in 0u8..6,
        replaces in some_decisions(),
        refused in some_channels(),
        said_before in any::<bool>(),
    ) {
        let mut before = ledger(&told);
        let granted: Vec<&str> = CHANNELS.into_iter().filter(|channel| !refused.contains(channel)).collect();
        let mut no = replacing(decision(NEW, decider(who), under, &granted, &refused), &replaces);
        if said_before {
            // The same No once more, perhaps under an authority that is no good.
            before.add(decision(NEW - 1, decider(who), who, &granted, &refused));
            no.replaces.push(decision_id(NEW - 1));
        }
        let mut after = before.clone();
        after.add(no);
        for channel_name in refused {
            let permitted = |ledger: &Ledger| ledger.permitted(zofia(), PICTURE, &channel(channel_name), NOW);
            prop_assert!(permitted(&before) || !permitted(&after), "a refusal of {channel_name} permitted it");
        }
    }

    #[test]
    fn nobody_answers_for_another(told in history(), who in 0u8..2, replaces in some_decisions()) {
        let mut ledger = ledger(&told);
        let others = |ledger: &Ledger| -> Vec<DecisionId> {
            let heads = ledger.heads(zofia(), PICTURE);
            heads.iter().filter(|head| head.decider != decider(who)).map(|head| head.id).collect()
        };
        let before = others(&ledger);
        ledger.add(replacing(decision(NEW, decider(who), who, &CHANNELS, &[]), &replaces));
        prop_assert_eq!(before, others(&ledger), "a decision replaces only the same decider's");
    }

    #[test]
    fn merging_alone_permits_nothing_that_neither_permitted(told in two_registrations(), deciders in any::<bool>()) {
        let before = ledger(&told);
        let mut after = before.clone();
        if deciders {
            after.add(LedgerEntry::Same(other_maja(), maja()));
        }
        after.add(LedgerEntry::Same(twin(), zofia()));
        let allowed = [yes(&before), yes_for(&before, twin())].concat();
        prop_assert!(yes(&after).iter().all(|channel| allowed.contains(channel)));
        prop_assert_eq!(yes(&after), yes_for(&after, twin()), "one person has one answer");
        let heads = |ledger: &Ledger, of| -> Vec<DecisionId> {
            ledger.heads(of, PICTURE).iter().map(|head| head.id).collect()
        };
        let mut united = [heads(&before, zofia()), heads(&before, twin())].concat();
        united.sort();
        prop_assert_eq!(heads(&after, zofia()), united, "the heads are those of both");
        for n in 0..DECISIONS {
            for subject in [zofia(), twin()] {
                let photo = [(subject, decision_id(n))];
                let named = before.decision(decision_id(n)).is_some_and(|d| d.subject == subject);
                if named && before.photo_fate(photo) == Fate::Removed {
                    prop_assert_eq!(after.photo_fate(photo), Fate::Removed, "what fell stays down");
                }
            }
        }
    }

    #[test]
    fn doubt_stops_and_ends_of_validity_only_take_away(told in history(), n in 0u8..DECISIONS) {
        let mut before = ledger(&told);
        // As on every device: without a time, an adult's own decision of fifty years on would count.
        before.add(LedgerEntry::Seen(NOW));
        let no: [LedgerEntry; 6] = [
            person(zofia(), Some(born_years_ago(2))).into(),
            end(n, EndKind::Disputed).into(),
            stop(NEW).into(),
            LedgerEntry::Expired(decision_id(n)),
            withdrawal(NEW, &[n], Some(&["print"]), WithdrawalHow::InPerson).into(),
            ruling(NEW, n, Ruling::Upheld).into(),
        ];
        for entry in no {
            let mut after = before.clone();
            after.add(entry);
            only_fewer(&before, &after)?;
        }
    }

    #[test]
    fn words_that_nobody_approved_permit_nothing(told in history(), who in 0u8..2) {
        let mut ledger = ledger(&told);
        let mut yes = decision(NEW, decider(who), who, &CHANNELS, &[]);
        yes.wording_version = 3;
        ledger.add(yes);
        if let Ok(permit) = ledger.permit(zofia(), PICTURE, NOW) {
            prop_assert_ne!(permit.decision(), decision_id(NEW));
        }
        prop_assert!(!ledger.photo_may_be_stored(Form::Picture, [(zofia(), decision_id(NEW))], NOW));
    }

    /// An approval that comes late lifts a doubt, and nothing that was removed comes back by it.
    #[test]
    fn a_late_approval_brings_nothing_back(told in history()) {
        let before = ledger(&told);
        let mut after = before.clone();
        after.add(approval(2));
        for (was, is) in fates(&before).into_iter().zip(fates(&after)) {
            prop_assert!(was != Fate::Removed || is == Fate::Removed);
        }
    }

    /// A date of birth may be mistyped, and what was removed does not come back.
    #[test]
    fn what_is_known_of_an_age_never_removes(told in history(), known in something_known()) {
        let before = ledger(&told);
        let mut after = before.clone();
        after.add(known);
        for (was, is) in fates(&before).into_iter().zip(fates(&after)) {
            prop_assert_eq!(was == Fate::Removed, is == Fate::Removed);
        }
    }

    #[test]
    fn what_may_be_stored_stands(told in history(), n in 0..DECISIONS) {
        let ledger = ledger(&told);
        let photo = [(zofia(), decision_id(n))];
        if ledger.photo_may_be_stored(Form::Picture, photo, NOW) {
            prop_assert!(ledger.photo_stands(photo));
            let heads = ledger.heads(zofia(), PICTURE);
            prop_assert!(heads.iter().all(|head| head.valid_until.is_none_or(|until| NOW < until)));
        }
    }

    #[test]
    fn a_later_clock_only_refuses(told in history(), later in 0i64..3000) {
        let ledger = ledger(&told);
        let later = Instant::from_unix_ms(NOW.unix_ms() + later);
        for text in CHANNELS {
            let at = |time| ledger.permitted(zofia(), PICTURE, &channel(text), time);
            prop_assert!(at(NOW) || !at(later));
        }
    }

    #[test]
    fn a_permit_is_what_is_permitted(told in history()) {
        let ledger = ledger(&told);
        match ledger.permit(zofia(), PICTURE, NOW) {
            Ok(permit) => {
                let texts: Vec<String> = permit.channels().iter().map(ToString::to_string).collect();
                prop_assert_eq!(texts, yes(&ledger));
                prop_assert!(ledger.photo_stands([(zofia(), permit.decision())]), "what is stored under it stands");
            }
            Err(_) => prop_assert_eq!(yes(&ledger), Vec::<&str>::new()),
        }
    }
}
