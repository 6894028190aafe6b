//! A county and its devices, in which everything goes wrong that can (`docs/simulation.md`).

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::{Mutex, MutexGuard, PoisonError};

use porch_tests::simulation::campaign::{campaign, find};
use porch_tests::simulation::{Counters, EXPECTED, Options, Planted, run};

/// How many seeds: what fits into five minutes on two processors.
const SEEDS: u64 = 80;

/// How many more with servers that die at what they are at.
const HARD_SEEDS: u64 = 6;

/// From which seed on, and how many, with busy desks. Not all others hold (`open.txt`).
const BUSY_SEEDS: (u64, u64) = (6, 8);

/// How many where pictures are published.
const PUBLISHING_SEEDS: u64 = 8;

/// Within so many seeds each planted bug is found.
const FOUND_WITHIN: u64 = 100;

/// Has a table of how many seeds each planted bug took.
const FOUND: &str = include_str!("../../docs/simulation.md");

/// Each of these uses all processors, so they take turns.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Seeds that once did not hold, with what was wrong.
const FAILED: &str = include_str!("seeds.txt");

/// Seeds that do not hold yet, with what is known of it.
const OPEN: &str = include_str!("open.txt");

fn seeds(list: &str) -> impl Iterator<Item = u64> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_whitespace().next())
        .map(|seed| seed.parse().expect("a seed is a number"))
}

#[test]
fn a_first_what_once_did_not_hold_holds() {
    let _turn = turn();
    for seed in seeds(FAILED) {
        let outcome = run(seed, Options::default()).unwrap();
        let failure = outcome.failure;
        assert_eq!(failure, None, "seed {seed}\n{}", outcome.trace);
    }
}

#[test]
fn b_the_same_seed_is_the_same_trace() {
    let _turn = turn();
    for seed in 1..=6 {
        let [one, other] = [(); 2].map(|()| run(seed, Options::default()).unwrap());
        assert_eq!(one.hash, other.hash, "seed {seed}");
        assert_eq!(one.counters, other.counters, "seed {seed}");
    }
    let (one, two) = (run(1, Options::default()), run(2, Options::default()));
    assert_ne!(one.unwrap().hash, two.unwrap().hash);
}

#[test]
fn c_many_seeds_hold_and_everything_went_wrong_that_can() {
    let _turn = turn();
    let mut counters = Counters::default();
    let mut first = 1;
    for open in seeds(OPEN).chain([SEEDS + 1]) {
        let all = campaign(first, open - first, Options::default(), |_| {}).unwrap();
        if let Some(failed) = all.failed {
            panic!(
                "seed {} does not hold: {}\n{}\nto see all of it: cargo xtask simulate --seed {}",
                failed.seed,
                failed.failure.unwrap_or_default(),
                failed.trace,
                failed.seed
            );
        }
        counters.add(&all.counters);
        first = open + 1;
    }
    let options = Options {
        hard_on_servers: true,
        ..Options::default()
    };
    let hard = campaign(1, HARD_SEEDS, options, |_| {}).unwrap();
    let failed = hard.failed.map(|failed| (failed.seed, failed.failure));
    assert_eq!(failed, None, "hard on servers");
    counters.add(&hard.counters);
    let options = Options {
        busy: true,
        ..Options::default()
    };
    let (first, seeds) = BUSY_SEEDS;
    let busy = campaign(first, seeds, options, |_| {}).unwrap();
    let failed = busy.failed.map(|failed| (failed.seed, failed.failure));
    assert_eq!(failed, None, "busy desks");
    counters.add(&busy.counters);
    let options = Options {
        publishing: true,
        ..Options::default()
    };
    let publishing = campaign(1, PUBLISHING_SEEDS, options, |_| {}).unwrap();
    let failed = publishing
        .failed
        .map(|failed| (failed.seed, failed.failure));
    assert_eq!(failed, None, "pictures are published");
    counters.add(&publishing.counters);
    let blind: Vec<_> = EXPECTED
        .iter()
        .flat_map(|(what, places)| places.iter().map(move |place| (*what, *place)))
        .filter(|(what, place)| counters.of(what, place) == 0)
        .collect();
    assert!(blind.is_empty(), "never occurred: {blind:?}");
}

#[test]
fn c_what_is_said_to_be_open_is() {
    let _turn = turn();
    for seed in seeds(OPEN) {
        let outcome = run(seed, Options::default()).unwrap();
        assert!(
            outcome.failure.is_some(),
            "seed {seed} holds: strike it off"
        );
    }
}

/// How many seeds a bug took, by the table.
fn seeds_it_took(planted: Planted) -> u64 {
    let line = format!("| {planted:?} | ");
    let seeds = FOUND
        .lines()
        .find_map(|row| row.strip_prefix(&line)?.split_once(' '));
    seeds
        .and_then(|(seeds, _)| seeds.parse().ok())
        .unwrap_or_else(|| panic!("{planted:?} is not in the table"))
}

/// The seed that the table names is tried first: all before it would be run for nothing.
#[test]
fn d_every_planted_bug_is_found() {
    let _turn = turn();
    let missed: Vec<_> = Planted::ALL
        .into_iter()
        .filter(|planted| {
            let known = seeds_it_took(*planted);
            let found = |first, seeds| find(*planted, first, seeds).unwrap().is_some();
            let known_finds = known <= FOUND_WITHIN && found(known, 1);
            !known_finds && !found(1, FOUND_WITHIN)
        })
        .collect();
    assert!(missed.is_empty(), "not found: {missed:?}");
}
