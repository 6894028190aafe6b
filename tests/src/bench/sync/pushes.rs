//! How many pushes a second the server takes from a thousand devices.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant as Moment;

use anyhow::{Context as _, Result, ensure};
use ed25519_dalek::SigningKey;
use porch_county::store::Store;
use porch_county::{County, home};
use porch_desk::county as way;
use porch_domain::attendance::Attendance;
use porch_domain::catalogue::Record as _;
use porch_domain::id::{AttendanceId, RecordId as _};
use porch_sync::DeviceNumber;
use porch_sync::device::{PAGE_ROWS, Transport as _};
use porch_sync::protocol::{Fate, PullRequest, PushRequest};
use tokio::sync::Barrier;
use uuid::Uuid;

use super::documents::{Documents, arrival};
use super::server::{Served, enrol, import, made, sealed};
use crate::bench::figures::{Times, print_table, row, shown};

/// Pushes of each device, after one that warms up.
const PUSHES: u64 = 5;

/// Measures both stores, and prints.
pub(super) async fn run(folder: &Path, documents: &Documents, devices: u32) -> Result<()> {
    let mut rows = vec![row(["", "pushes", "a second", "median", "p95"])];
    let embedded = folder.join("sqlite");
    let county = import(home::open(&embedded).await?, documents).await?;
    rows.push(measure("SQLite", &embedded, None, county, documents, devices).await?);
    #[cfg(unix)]
    {
        let (shared, database) = (folder.join("postgres"), super::postgres::durable()?);
        let address = porch_county::store::Address::read(&database, None)?;
        let county = import(home::open_database(&shared, address).await?, documents).await?;
        let row = measure(
            "PostgreSQL",
            &shared,
            Some(&database),
            county,
            documents,
            devices,
        );
        rows.push(row.await?);
    }
    println!("\nPushes of {devices} devices at once, one arrival each");
    print_table(&rows);
    println!(
        "  Every device has a connection and a token of its own and sends its next push when the last was answered, so the\n  \
         latency is that of a queue of {devices}. Both stores commit durably. The devices take their part of this machine."
    );
    Ok(())
}

/// Serves a county, and pushes.
async fn measure<S: Store>(
    name: &str,
    folder: &Path,
    database: Option<&str>,
    county: County<S>,
    documents: &Documents,
    devices: u32,
) -> Result<Vec<String>> {
    let mut enrolled = Vec::new();
    for number in 0..devices {
        let mut secret = [0; 32];
        for (byte, from) in secret.iter_mut().zip(number.to_be_bytes()) {
            *byte = from;
        }
        let key = SigningKey::from_bytes(&secret);
        enrolled.push((enrol(&county, documents.centre, &key).await?, key));
    }
    let epoch = county.epoch();
    drop(county);
    let served = Served::start(folder, database).await?;
    let url = format!("https://127.0.0.1:{}", served.port);
    let together = Arc::new(Barrier::new(enrolled.len() + 1));
    let mut pushing = Vec::new();
    for ((number, key), person) in enrolled.into_iter().zip(documents.people.iter().cycle()) {
        let county = way::County::new(&url, &served.certificate, number, key)?;
        // Connected and authenticated one after the other.
        let request = PullRequest {
            epoch,
            urgent_after: 0,
            places: Vec::new(),
            limit: PAGE_ROWS,
            scrubbed: None,
            left: Vec::new(),
        };
        county.pull(&request).await?;
        let requests = requests(epoch, number, *person, documents)?;
        let together = together.clone();
        pushing.push(tokio::spawn(async move {
            let mut times = Vec::new();
            together.wait().await;
            for request in requests {
                let began = Moment::now();
                let answer = county.push(&request).await?;
                times.push(began.elapsed());
                let applied = answer.outcomes.iter().all(|o| o.fate == Fate::Applied);
                ensure!(
                    applied && answer.outcomes.len() == 1,
                    "a push was not taken in"
                );
            }
            Ok(times)
        }));
    }
    let began = Moment::now();
    together.wait().await;
    let mut times = Times::default();
    for device in pushing {
        device.await??.into_iter().for_each(|time| times.add(time));
    }
    let took = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
    let rate = times.len() as f64 / took;
    Ok(row([
        name,
        &times.len().to_string(),
        &format!("{rate:.0}"),
        &shown(times.median()),
        &shown(times.p95()),
    ]))
}

/// What one device sends.
fn requests(
    epoch: Uuid,
    device: DeviceNumber,
    person: Uuid,
    documents: &Documents,
) -> Result<Vec<PushRequest>> {
    (1..=PUSHES)
        .map(|sequence| {
            let id = AttendanceId::from(Uuid::now_v7());
            let family = documents.family_of(person).context("no home")?;
            let arrival = arrival(id, documents.session, person.into(), family);
            let change = made(
                Attendance::KIND,
                id.uuid(),
                documents.centre,
                arrival.to_fields(),
            );
            Ok(PushRequest {
                epoch,
                transactions: vec![sealed(device, sequence, vec![change])?],
                audit: None,
            })
        })
        .collect()
}
