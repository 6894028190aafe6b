//! A device that was away for 14 days and has 500 edits, a tenth of which others made, too. It is
//! counted whether any of them is lost, and whether every conflict is shown.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;
use rusqlite::OpenFlags;
use uuid::Uuid;

use super::device::{Device, database_in};
use super::documents::Documents;
use super::edits::edit;
use super::server::{Served, code};
use super::wire::Wire;
use crate::bench::bare;
use crate::bench::figures::{print_table, row, shown};

const EDITS: usize = 500;
/// Of so many edits one overlaps.
const OVERLAPS: usize = 10;
const AWAY_MS: i64 = 14 * 24 * 60 * 60 * 1000;

/// One field of one person, edited while away, and by whom.
struct Edited {
    person: Uuid,
    away: String,
    here: Option<String>,
}

/// Measures, counts, and prints.
///
/// # Errors
/// When an edit was lost or a conflict is not shown.
pub(super) async fn run(folder: &Path, county: &Path, documents: &Documents) -> Result<()> {
    let served = Served::start(county, None).await?;
    let wire = Wire::to(served.port).await?;
    let (away_folder, here_folder) = (folder.join("away"), folder.join("here"));
    let mut devices = Vec::new();
    for home in [&away_folder, &here_folder] {
        let code = code(county, documents.centre).await?;
        let device = Device::enrol(home, &served.by(&wire), &code).await?;
        device.meet().await?;
        devices.push(device);
    }
    let [away, here] = devices.as_slice() else {
        anyhow::bail!("two devices")
    };
    let edits = EDITS.min(documents.people.len());
    let overlapping = edits.div_ceil(OVERLAPS);
    let edited = edit_apart(away, here, documents)?;
    here.meet().await?;

    let before = wire.carried();
    let met = away.meet().await?;
    let bytes = wire.carried() - before;
    here.meet().await?;

    let shown_away = conflicts(&away_folder, away)?;
    let (mut lost, mut shown_all) = (0, 0);
    for it in &edited {
        let current = value(away, it.person)?;
        ensure!(
            current == value(here, it.person)?,
            "the devices do not agree"
        );
        let kept = |text: &str| {
            current == text
                || shown_away
                    .iter()
                    .any(|(person, lost)| *person == it.person && lost == text)
        };
        let both = [Some(it.away.as_str()), it.here.as_deref()];
        lost += both
            .into_iter()
            .flatten()
            .filter(|text| !kept(text))
            .count();
        shown_all += usize::from(
            it.here.is_some() && shown_away.iter().any(|(person, _)| *person == it.person),
        );
    }
    let state = away.store.read(|read| read.sync_state())?;
    println!(
        "\n14 days offline: {edits} edits, {overlapping} of them of what another desk edited meanwhile"
    );
    print_table(&[
        row(["", "", "aim"]),
        row(["the meeting took", &shown(met.all), ""]),
        row(["requests", &met.asked.to_string(), ""]),
        row(["on the wire", &format!("{bytes} bytes"), ""]),
        row(["edits lost", &lost.to_string(), "none"]),
        row([
            "conflicts shown",
            &format!("{shown_all} of {overlapping}"),
            "all",
        ]),
    ]);
    ensure!(lost == 0, "{lost} edits were lost");
    ensure!(state.unsent == 0, "{} edits were not sent", state.unsent);
    ensure!(
        shown_all == overlapping && usize::try_from(state.conflicts)? == overlapping,
        "not every conflict is shown"
    );
    Ok(())
}

/// Both desks edit without hearing of each other.
fn edit_apart(away: &Device, here: &Device, documents: &Documents) -> Result<Vec<Edited>> {
    let now = chrono::Utc::now().timestamp_millis();
    let mut edited = Vec::with_capacity(EDITS);
    for (number, person) in documents.people.iter().take(EDITS).enumerate() {
        let at = now - AWAY_MS + AWAY_MS / i64::try_from(EDITS)? * i64::try_from(number)?;
        let text = format!("away {number}");
        edit(away, *person, "known_as", text.clone(), at)?;
        let also = number
            .is_multiple_of(OVERLAPS)
            .then(|| format!("here {number}"));
        if let Some(text) = &also {
            edit(here, *person, "known_as", text.clone(), at)?;
        }
        edited.push(Edited {
            person: *person,
            away: text,
            here: also,
        });
    }
    Ok(edited)
}

fn value(device: &Device, person: Uuid) -> Result<String> {
    let row = device.store.read(|read| read.row(Person::KIND, person))?;
    let row = row.context("a person is missing")?;
    let value = row.fields.get("known_as").context("a field is missing")?;
    Ok(value.value.as_str().unwrap_or_default().to_owned())
}

/// The values that lost and that a desk shows, with whose they are.
fn conflicts(folder: &Path, device: &Device) -> Result<Vec<(Uuid, String)>> {
    let database = bare::open(
        &database_in(folder),
        &device.key,
        OpenFlags::SQLITE_OPEN_READ_ONLY,
    )?;
    let mut select =
        database.prepare("SELECT record, lost FROM conflict WHERE field = 'known_as'")?;
    let found = select.query_map((), |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    found
        .map(|found| {
            let (record, lost) = found?;
            Ok((Uuid::from_bytes(record), serde_json::from_str(&lost)?))
        })
        .collect()
}
