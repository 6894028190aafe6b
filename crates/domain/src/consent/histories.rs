//! Random histories: what must hold whatever happened, in whatever order it arrived.

use proptest::collection::vec;
use proptest::prelude::*;

use super::sample::*;
use super::{Fate, Ledger, LedgerEntry};
use crate::authority::{EndKind, Ground};
use crate::decision::{AtExpiry, Capacity};
use crate::id::{DecisionId, PersonId};
use crate::time::Instant;
use crate::withdrawal::WithdrawalHow;

const CHANNELS: [&str; 3] = ["centre_display", "print", "press"];
const DECISIONS: u8 = 6;
/// The id of a decision that no history names yet.
const NEW: u8 = 200;

fn decider(n: u8) -> PersonId {
    if n.is_multiple_of(2) { maja() } else { pawel() }
}

fn some_channels() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(CHANNELS.to_vec(), 0..=CHANNELS.len())
}

fn some_decisions() -> impl Strategy<Value = Vec<u8>> {
    vec(0..DECISIONS, 0..4)
}

/// A decision about Zofia. Its parts follow no rule: authorities may be missing, another's, ended.
fn some_decision(n: impl Strategy<Value = u8>) -> impl Strategy<Value = crate::decision::Decision> {
    let answers = (some_channels(), some_channels());
    let ends = proptest::option::of(-1000i64..1000);
    (
        n,
        0u8..2,
        0u8..5,
        answers,
        some_decisions(),
        ends,
        any::<(bool, bool)>(),
    )
        .prop_map(
            |(n, who, under, (granted, refused), replaces, ends, (remove, own))| {
                let mut decision = replacing(
                    decision(n, decider(who), under, &granted, &refused),
                    &replaces,
                );
                decision.valid_until = ends.map(|ms| Instant::from_unix_ms(NOW.unix_ms() + ms));
                decision.at_expiry = if remove {
                    AtExpiry::Remove
                } else {
                    AtExpiry::NoNewUse
                };
                if own && under == 4 {
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

fn some_entry() -> impl Strategy<Value = LedgerEntry> {
    prop_oneof![
        4 => (0u8..4, 0u8..2, 0u8..3, 0u8..4).prop_map(|(n, who, ground, from)| {
            let grounds = [Ground::Mother, Ground::CourtOrder, Ground::Delegated];
            let mut authority = authority(n, decider(who), grounds[usize::from(ground)]);
            authority.delegated_from = Some(authority_id(from));
            authority.into()
        }),
        1 => (0u8..4, any::<bool>()).prop_map(|(n, ended)| {
            end(n, if ended { EndKind::Ended } else { EndKind::Disputed }).into()
        }),
        6 => some_decision(0..DECISIONS).prop_map(LedgerEntry::from),
        2 => some_withdrawal().prop_map(LedgerEntry::from),
        1 => (0..DECISIONS).prop_map(|n| LedgerEntry::Misrecorded(decision_id(n))),
        1 => (0..DECISIONS).prop_map(|n| LedgerEntry::Expired(decision_id(n))),
    ]
}

/// A history: records are immutable, so an id comes once.
fn history() -> impl Strategy<Value = Vec<LedgerEntry>> {
    vec(some_entry(), 0..24).prop_map(|entries| {
        let mut seen = std::collections::BTreeSet::new();
        entries
            .into_iter()
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
        other => format!("{other:?}"),
    }
}

fn ledger(entries: &[LedgerEntry]) -> Ledger {
    entries.iter().cloned().collect()
}

fn yes(ledger: &Ledger) -> Vec<&'static str> {
    CHANNELS
        .into_iter()
        .filter(|text| ledger.permitted(zofia(), PICTURE, &channel(text), NOW))
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
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

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
        under in 0u8..5,
        replaces in some_decisions(),
        refused in some_channels(),
    ) {
        let before = ledger(&told);
        let granted: Vec<&str> = CHANNELS.into_iter().filter(|channel| !refused.contains(channel)).collect();
        let mut after = before.clone();
        after.add(replacing(decision(NEW, decider(who), under, &granted, &refused), &replaces));
        for channel_name in refused {
            let permitted = |ledger: &Ledger| ledger.permitted(zofia(), PICTURE, &channel(channel_name), NOW);
            prop_assert!(permitted(&before) || !permitted(&after), "a refusal of {channel_name} permitted it");
        }
    }

    #[test]
    fn doubt_stops_and_ends_of_validity_only_take_away(told in history(), n in 0u8..DECISIONS) {
        let before = ledger(&told);
        let no: [LedgerEntry; 4] = [
            end(n, EndKind::Disputed).into(),
            LedgerEntry::Stop { subject: zofia(), purpose: PICTURE },
            LedgerEntry::Expired(decision_id(n)),
            withdrawal(NEW, &[n], Some(&["print"]), WithdrawalHow::InPerson).into(),
        ];
        for entry in no {
            let mut after = before.clone();
            after.add(entry);
            only_fewer(&before, &after)?;
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
