//! The simulation: a county, its devices, and everything that can go wrong between them, in one
//! thread, out of one seed (`docs/simulation.md`).

pub mod campaign;
mod chance;
mod counters;
mod deeds;
mod desk;
mod device;
mod frail;
mod jobs;
mod judging;
mod known;
mod line;
mod merging;
mod mishaps;
mod pictures;
mod publishing;
mod reckoning;
mod records;
mod remains;
mod rest;
mod save;
mod server;
mod stick;
mod trace;
mod watch;
mod way;
mod whereabouts;
mod world;

pub use counters::{Counters, EXPECTED};
pub use porch_sync::planted::Planted;

use anyhow::Result;
use porch_county::County;
use porch_county::store::{MemoryStore, Reading as _, Store as _};
use porch_sync::DeviceNumber;
use porch_sync::planted::plant;

use deeds::{DEEDS, DEEDS_AND_PUBLISHING};
use mishaps::MISHAPS;
use world::World;

/// What a run is to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// A bug that is switched on.
    pub planted: Option<Planted>,
    /// Whether all of the trace is kept.
    pub verbose: bool,
    /// Whether servers die at what they are at far more often than otherwise.
    pub hard_on_servers: bool,
    /// Whether desks are so busy that somebody saves something between any few steps of a meeting.
    pub busy: bool,
    /// Whether content is published and taken down: pictures, and in every other world words.
    pub publishing: bool,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// Stands for everything that happened.
    pub hash: u64,
    /// How often what went wrong where.
    pub counters: Counters,
    /// What did not hold, if anything.
    pub failure: Option<String>,
    /// What happened before the end.
    pub trace: String,
}

/// Runs one seed.
///
/// # Errors
/// When the world cannot be made: not when something does not hold in it.
pub fn run(seed: u64, options: Options) -> Result<Outcome> {
    plant(None);
    let mut world = World::begin(seed, options)?;
    plant(options.planted);
    let ended = live(&mut world, options).and_then(|()| world.rest());
    plant(None);
    if let Err(failure) = &ended {
        world.trace.note(format_args!("{failure:#}"));
    }
    Ok(Outcome {
        seed,
        hash: world.trace.hash(),
        counters: std::mem::take(&mut world.counters),
        failure: ended.err().map(|failure| format!("{failure:#}")),
        trace: world.trace.shown(),
    })
}

/// After how many deeds and mishaps everything is held against what is known.
const RECKONING: usize = 50;

/// What people do and what goes wrong, between steps of what is going on.
fn live(world: &mut World, options: Options) -> Result<()> {
    let (times, most) = if options.busy { (3, 24) } else { (1, 160) };
    let deeds = if options.publishing {
        DEEDS_AND_PUBLISHING
    } else {
        DEEDS
    };
    let steps = times * (100 + world.chance.below(100));
    for step in 1..=steps {
        world.pass_time();
        for _ in 0..world.chance.below(most) {
            if world.chance.one_in(12) {
                world.carry()?;
            } else {
                world.go_on()?;
            }
        }
        if options.hard_on_servers {
            world.busy_server_dies()?;
        }
        let in_use = world.in_use();
        let place = world.chance.pick(&in_use).copied().unwrap_or_default();
        match world.chance.below(20) {
            0..=10 => {
                if let Some(deed) = world.chance.weighted(deeds) {
                    world.act(place, deed)?;
                }
            }
            11..=15 => {
                if world.device(place)?.meeting.is_none() {
                    world.begin_meeting(place)?;
                }
            }
            16 => {
                if world.chance.one_in(2) {
                    world.write_stick(place)?;
                } else {
                    world.move_stick()?;
                }
            }
            _ => {
                if let Some(mishap) = world.chance.weighted(MISHAPS) {
                    world.suffer(mishap)?;
                }
            }
        }
        if step % RECKONING == 0 {
            world.reckon(false)?;
        }
    }
    Ok(())
}

/// What was kept aside under a number says.
async fn quarantined(
    county: &County<MemoryStore>,
    device: DeviceNumber,
    sequence: u64,
) -> Option<String> {
    let mut reading = county.store().reading().await.ok()?;
    let kept = reading.quarantined(device).await.ok()?;
    let one = kept
        .into_iter()
        .find(|kept| kept.sealed.sequence == sequence)?;
    one.sealed.body
}
