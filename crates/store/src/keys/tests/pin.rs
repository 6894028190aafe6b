//! The PIN within a shift.

use super::*;

fn kept(pin: &str) -> Option<PinCheck> {
    Some(PinCheck::make(&Pin::prepare(pin), WEAK).unwrap())
}

/// One try: whether it was right; `None` when there is no PIN to try.
fn attempt(kept: &mut Option<PinCheck>, pin: &str) -> Option<bool> {
    let check = PinCheck::begin(kept)?;
    let right = check.is(&Pin::prepare(pin)).unwrap();
    if right {
        *kept = Some(check.with_all_tries());
    }
    Some(right)
}

#[test]
fn a_pin_is_four_to_eight_digits_and_no_run() {
    let check = |pin: &str| Pin::prepare(pin).check();
    for good in [
        "2580", "1235", "90210", "4471", "11112222", " 3141 ", "1357",
    ] {
        assert_eq!(check(good), Ok(()), "{good}");
    }
    for bad in ["", "123", "123456789", "12a4", "١٢٣٤", "12 34", "-123"] {
        assert_eq!(check(bad), Err(PinFault::NotDigits), "{bad}");
    }
    for common in [
        "0000", "77777777", "1234", "4321", "0123", "7890", "0987", "3456789", "98765432",
    ] {
        assert_eq!(check(common), Err(PinFault::Common), "{common}");
    }
    assert!(matches!(
        PinCheck::make(&Pin::prepare("1111"), WEAK),
        Err(KeyError::Pin(PinFault::Common))
    ));
}

#[test]
fn the_fifth_wrong_try_takes_the_pin_with_it() {
    let mut pin = kept("2580");
    for _ in 0..5 {
        assert_eq!(attempt(&mut pin, "2581"), Some(false));
    }
    assert!(pin.is_none(), "verifier and pepper are gone");
    assert_eq!(attempt(&mut pin, "2580"), None, "the right one is too late");
}

#[test]
fn only_a_right_pin_gives_the_tries_back() {
    let mut pin = kept("2580");
    for _ in 0..4 {
        assert_eq!(attempt(&mut pin, "2581"), Some(false));
    }
    assert_eq!(attempt(&mut pin, "2580"), Some(true), "the fifth was right");
    for _ in 0..4 {
        assert_eq!(attempt(&mut pin, "0852"), Some(false));
    }
    assert_eq!(attempt(&mut pin, "2580"), Some(true));
}

#[test]
fn tries_at_the_same_time_are_each_counted() {
    let mut pin = kept("2580");
    let begun: Vec<_> = (0..8).map(|_| PinCheck::begin(&mut pin)).collect();
    assert_eq!(begun.iter().flatten().count(), 5);
    assert!(pin.is_none());
}

#[test]
fn the_same_pin_is_never_kept_the_same_way_and_is_never_shown() {
    let (one, other) = (kept("2580").unwrap(), kept("2580").unwrap());
    assert!(one.is(&Pin::prepare("2580")).unwrap() && other.is(&Pin::prepare("2580")).unwrap());
    let shown = format!("{one:?} {:?}", Pin::prepare("2580"));
    assert!(!shown.contains("2580"), "{shown}");
}
