//! Many seeds, on as many threads as there are processors; each seed on one.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::{Counters, Options, Outcome, Planted, run};

/// What came of many seeds.
#[derive(Debug, Default)]
pub struct Campaign {
    /// How many were run.
    pub seeds: u64,
    /// How often what went wrong where, in all of them.
    pub counters: Counters,
    /// The first that did not hold.
    pub failed: Option<Outcome>,
    /// How long it took.
    pub took: Duration,
}

/// Runs seeds until one does not hold; `progress` hears how many were run.
///
/// # Errors
/// When a world cannot be made.
pub fn campaign(
    first: u64,
    seeds: u64,
    options: Options,
    progress: impl Fn(u64) + Sync,
) -> Result<Campaign> {
    let began = Instant::now();
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let next = AtomicU64::new(first);
    let stop = AtomicBool::new(false);
    let campaign = Mutex::new(Campaign::default());
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    while !stop.load(Ordering::Acquire) {
                        let seed = next.fetch_add(1, Ordering::AcqRel);
                        if seed - first >= seeds {
                            break;
                        }
                        let outcome = run(seed, options)?;
                        let mut all = campaign.lock().unwrap_or_else(PoisonError::into_inner);
                        all.seeds += 1;
                        all.counters.add(&outcome.counters);
                        if outcome.failure.is_some() {
                            stop.store(true, Ordering::Release);
                            let earlier = |failed: &Outcome| failed.seed < outcome.seed;
                            if !all.failed.as_ref().is_some_and(earlier) {
                                all.failed = Some(outcome);
                            }
                        }
                        progress(all.seeds);
                    }
                    Ok(())
                })
            })
            .collect();
        runs.into_iter().try_for_each(|run| {
            run.join()
                .unwrap_or_else(|panicked| std::panic::resume_unwind(panicked))
        })
    })?;
    let mut all = campaign
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    all.took = began.elapsed();
    Ok(all)
}

/// How many seeds it took to find a planted bug, and what was found: a seed that does not hold because
/// of it, and holds without it.
///
/// # Errors
/// When a world cannot be made.
pub fn find(planted: Planted, first: u64, seeds: u64) -> Result<Option<(u64, String)>> {
    let options = Options {
        planted: Some(planted),
        ..Options::default()
    };
    let mut next = first;
    while let Some(outcome) = campaign(next, first + seeds - next, options, |_| {})?.failed {
        if run(outcome.seed, Options::default())?.failure.is_none() {
            let failure = outcome.failure.unwrap_or_default();
            return Ok(Some((outcome.seed - first + 1, failure)));
        }
        next = outcome.seed + 1;
    }
    Ok(None)
}
