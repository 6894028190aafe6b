//! A durable sign-in, with its audit entries, its place in the outbox and the status told to the
//! window, beside one bare SQLCipher transaction of the same durability that writes as much.

use std::time::Instant as Moment;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::bare::{Bare, FRAME, Log};
use super::figures::{Times, print_table, ratio, row, shown};
use super::prepared::{Prepared, folder, prepare};
use crate::kit::TestDesk;

const PEOPLE: usize = 10_000;
/// Families that come on one day, and days; the first warms up.
const FAMILIES: usize = 25;
const DAYS: usize = 13;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Measures and prints.
///
/// # Errors
/// When something does not work; never because it is slow.
pub async fn run() -> Result<()> {
    let prepared = prepare(PEOPLE).await?.copy_to(&folder().join("sign-in"))?;
    let clock = Prepared::clock()?;
    let desk = prepared.log_in(&clock).await?;
    let log = Log::of(&prepared.home.join("porch.db"));
    let mut bare = Bare::create(&prepared.home.join("bare.db"), &prepared.key)?;

    let (mut desk_times, mut bare_times) = (Times::default(), Times::default());
    let (mut desk_frames, mut bare_frames) = (0, 0);
    let mut families = prepared.families_of_three().into_iter().cycle();
    for day in 0..DAYS {
        let session = open_door(&desk).await?;
        for _ in 0..FAMILIES {
            let (family, people) = families.next().context("no family of three")?;
            let request = json!({ "session": session, "family": family, "people": people });
            let before = log.frames()?;
            let began = Moment::now();
            desk.call("sign_in", request).await?;
            let took = began.elapsed();
            let frames = log.frames_since(before)?;

            let before = bare.log().frames()?;
            let began = Moment::now();
            bare.write(frames)?;
            let bare_took = began.elapsed();
            if day > 0 {
                desk_times.add(took);
                desk_frames += frames;
                bare_times.add(bare_took);
                bare_frames += bare.log().frames_since(before)?;
            }
        }
        clock.advance(DAY_MS);
    }

    println!(
        "\nA durable sign-in of a family of three, on a device with {} people",
        prepared.people()
    );
    let rounds = desk_times.len();
    let written = |frames: u64| {
        #[expect(clippy::cast_precision_loss, reason = "a mean for people to read")]
        let mean = frames as f64 / rounds as f64;
        #[expect(clippy::cast_precision_loss, reason = "likewise")]
        let bytes = mean * FRAME as f64 / 1000.0;
        format!("{mean:.1} pages, {bytes:.1} kB")
    };
    print_table(&[
        row(["", "median", "p95", "into the log", "aim"]),
        row([
            "sign_in at the desk",
            &shown(desk_times.median()),
            &shown(desk_times.p95()),
            &written(desk_frames),
            "",
        ]),
        row([
            "one bare transaction",
            &shown(bare_times.median()),
            &shown(bare_times.p95()),
            &written(bare_frames),
            "",
        ]),
        row([
            "ratio",
            &ratio(&desk_times, &bare_times),
            "",
            "",
            "at most 2",
        ]),
    ]);
    println!(
        "  {rounds} of each, in turns, on one file system, both with WAL, synchronous = FULL and the same raw key.\n  \
         The desk's time is from the command's JSON to its answer's, with the county out of reach; the way between\n  \
         window and core is not in it. The bare transaction inserts one row as long as it takes to write as many pages."
    );
    desk.call("close", json!({})).await?;
    Ok(())
}

/// Today's session that takes everybody.
async fn open_door(desk: &TestDesk) -> Result<Value> {
    let today = desk.call("today", json!({})).await?;
    let sessions = today
        .get("sessions")
        .and_then(Value::as_array)
        .context("no sessions")?;
    let open = sessions.iter().find(|session| {
        session
            .get("activity")
            .is_some_and(|name| name == "Open door")
    });
    open.and_then(|session| session.get("id"))
        .cloned()
        .context("nothing is on today")
}
