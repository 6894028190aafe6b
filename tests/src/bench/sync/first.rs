//! The first sync of a device, beside the floor and the peer.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::device::{Device, Meeting, Task, Way, database_in};
use super::documents::{Documents, invent};
use super::floor::{self, Floor};
use super::peer::{self, Replicated};
use super::process::last_line;
use super::server::{Served, add_photos, code, prepare};
use super::wire::Wire;
use crate::bench::figures::{print_table, row, shown};

/// What one size gave.
struct Measured {
    people: usize,
    photos: bool,
    rows: usize,
    meeting: Meeting,
    bytes_of_rows: Option<u64>,
    floor: Floor,
    peer: Option<Replicated>,
}

/// Measures the sizes, and prints.
pub(super) async fn run(folder: &Path, sizes: &[usize]) -> Result<()> {
    let mut measured = Vec::new();
    for people in sizes {
        let documents = invent(*people)?;
        let folder = folder.join(format!("first-{people}"));
        let county = folder.join("county");
        prepare(&county, &documents).await?;
        for photos in [false, true] {
            if photos {
                add_photos(&county, &documents).await?;
            }
            let folder = folder.join(if photos { "photos" } else { "rows" });
            let one = measure(&folder, &county, &documents, photos).await?;
            print(std::slice::from_ref(&one));
            measured.push(one);
            // What was measured is not needed any more, and it is large.
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::remove_dir_all(&county)?;
    }
    print(&measured);
    Ok(())
}

async fn measure(
    folder: &Path,
    county: &Path,
    documents: &Documents,
    photos: bool,
) -> Result<Measured> {
    let home = folder.join("device");
    let (meeting, bytes) = {
        let code = code(county, documents.centre).await?;
        let served = Served::start(county, None).await?;
        let wire = Wire::to(served.port).await?;
        let meeting = in_its_own_process(&Task {
            folder: home.clone(),
            way: served.by(&wire),
            code,
        })
        .await?;
        (meeting, wire.carried())
    };
    let nowhere = Way {
        server: "https://127.0.0.1".to_owned(),
        certificate: Served::certificate_in(county)?,
    };
    let key = Device::open(&home, &nowhere)?.key;
    let floor = floor::insert(
        &database_in(&home),
        &key,
        &folder.join("floor"),
        documents,
        photos,
    )?;
    let peer = match peer::installed() {
        Some(peer) => Some(peer::replicate(&peer, &folder.join("peer"), documents, photos).await?),
        None => None,
    };
    Ok(Measured {
        people: documents.people.len(),
        photos,
        rows: meeting.taken,
        meeting,
        bytes_of_rows: (!photos).then_some(bytes),
        floor,
        peer,
    })
}

/// A meeting in a process of its own, whose memory can be told.
async fn in_its_own_process(task: &Task) -> Result<Meeting> {
    let said = last_line(super::device_process(task)?).await?;
    serde_json::from_str(&said).context("the device said nothing")
}

fn print(measured: &[Measured]) {
    println!(
        "\nFirst sync of a device: people with five events each, alone and with photos for a tenth"
    );
    let mut rows = vec![row([
        "people",
        "rows",
        "to usable",
        "floor",
        "ratio",
        "all",
        "floor",
        "ratio",
        "peer",
        "faster",
        "wire",
        "peer's",
        "memory",
        "peer's",
    ])];
    for it in measured {
        let all_floor = it.floor.rows + it.floor.pictures;
        let times = |a: std::time::Duration, b: std::time::Duration| {
            format!("{:.2}", a.as_secs_f64() / b.as_secs_f64())
        };
        let peer = it.peer.as_ref();
        rows.push(row([
            &format!("{}{}", it.people, if it.photos { ", photos" } else { "" }),
            &it.rows.to_string(),
            &shown(it.meeting.rows),
            &shown(it.floor.rows),
            &times(it.meeting.rows, it.floor.rows),
            &shown(it.meeting.all),
            &shown(all_floor),
            &times(it.meeting.all, all_floor),
            &peer.map_or_else(String::new, |peer| shown(peer.took)),
            &peer.map_or_else(String::new, |peer| {
                format!("{}x", times(peer.took, it.meeting.all))
            }),
            &it.bytes_of_rows.map_or_else(String::new, megabytes),
            &peer
                .filter(|_| !it.photos)
                .map_or_else(String::new, |peer| megabytes(peer.bytes)),
            &format!("{} MiB", it.meeting.peak_kib / 1024),
            &peer.map_or_else(String::new, |peer| format!("{} MiB", peer.peak_kib / 1024)),
        ]));
    }
    print_table(&rows);
    println!(
        "  Aims: rows at most 2 times the floor and at least 10 times faster than the peer; with photos at most 1.5 times\n  \
         and at least 6 times; no more bytes on the wire than the peer's (TLS counted for Porch; the peer speaks plain\n  \
         HTTP); time linear in rows; memory flat."
    );
}

pub(super) fn megabytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "three figures for people")]
    let bytes = bytes as f64;
    format!("{:.2} MB", bytes / 1e6)
}
