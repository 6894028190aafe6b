//! A device that is up to date but for 200 changes, and one that has nothing to do.

use std::path::Path;
use std::time::{Duration, Instant as Moment};

use anyhow::{Context as _, Result, ensure};
use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;

use super::device::{Device, database_in};
use super::documents::Documents;
use super::edits::edit_phone;
use super::server::{Served, code};
use super::wire::Wire;
use crate::bench::bare::{Bare, Log};
use crate::bench::figures::{Times, print_table, ratio, row, shown};

const CHANGES: usize = 200;
const ROUNDS: usize = 7;
const QUIET_ROUNDS: usize = 100;

/// Measures, and prints.
pub(super) async fn run(folder: &Path, county: &Path, documents: &Documents) -> Result<()> {
    let served = Served::start(county, None).await?;
    let (reading, writing) = (Wire::to(served.port).await?, Wire::to(served.port).await?);
    let mut devices = Vec::new();
    for (name, wire) in [("reads", &reading), ("writes", &writing)] {
        let code = code(county, documents.centre).await?;
        let device = Device::enrol(&folder.join(name), &served.by(wire), &code).await?;
        device.meet().await?;
        devices.push(device);
    }
    let changes = CHANGES.min(documents.people.len());
    let [reads, writes] = devices.as_slice() else {
        anyhow::bail!("two devices")
    };
    let mut bare = Bare::create(&folder.join("bare.db"), &reads.key)?;
    let log = Log::of(&database_in(&folder.join("reads")));

    let (mut times, mut floor, mut bytes, mut asked) = (Times::default(), Times::default(), 0, 0);
    for round in 0..ROUNDS {
        for person in documents.people.iter().take(changes) {
            edit_phone(
                writes,
                *person,
                round,
                chrono::Utc::now().timestamp_millis(),
            )?;
        }
        writes.meet().await?;
        let (before, frames) = (reading.carried(), log.frames()?);
        let met = reads.meet().await?;
        ensure!(
            met.taken == changes,
            "{} of {changes} changes arrived",
            met.taken
        );
        let frames = log.frames_since(frames)?;
        let began = Moment::now();
        bare.write(frames)?;
        let bare_took = began.elapsed();
        if round > 0 {
            times.add(met.all);
            floor.add(bare_took);
            (bytes, asked) = (reading.carried() - before, met.asked);
        }
    }
    let (mut quiet, mut quiet_bytes, mut quiet_asked) = (Times::default(), 0, 0);
    for _ in 0..QUIET_ROUNDS {
        let before = reading.carried();
        let met = reads.meet().await?;
        // The end of what TLS has to say may be on its way still.
        tokio::time::sleep(Duration::from_millis(1)).await;
        quiet.add(met.all);
        (quiet_bytes, quiet_asked) = (reading.carried() - before, met.asked);
    }
    let person = documents.people.first().context("nobody")?;
    let row_is_there = reads
        .store
        .read(|read| read.row(Person::KIND, *person))?
        .is_some();
    ensure!(row_is_there, "the device lacks a person");

    println!(
        "\nA device that was here before, with {} people",
        documents.people.len()
    );
    print_table(&[
        row([
            "",
            "median",
            "p95",
            "floor",
            "ratio",
            "requests",
            "on the wire",
            "aim",
        ]),
        row([
            &format!("{changes} changes"),
            &shown(times.median()),
            &shown(times.p95()),
            &shown(floor.median()),
            &ratio(&times, &floor),
            &asked.to_string(),
            &format!("{bytes} bytes"),
            "",
        ]),
        row([
            "nothing to do",
            &shown(quiet.median()),
            &shown(quiet.p95()),
            "",
            "",
            &quiet_asked.to_string(),
            &format!("{quiet_bytes} bytes"),
            "1 request, under 1 kB",
        ]),
    ]);
    println!(
        "  The floor is one bare transaction that writes as many pages. The connection is open already; all bytes of TLS\n  \
         count, both ways."
    );
    Ok(())
}
