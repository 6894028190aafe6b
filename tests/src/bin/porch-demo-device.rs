//! Makes this computer a device of the demo's county, as its people would: enrols it by a
//! one-time code and lets one member of staff in for each role.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of the demo: it talks to whoever runs it, about invented people"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chrono::Utc;
use porch_desk::{Desk, KdfParameters, OsKeyring, Settings, SystemClock};
use serde_json::{Value, json};

/// The invented staff: role, name, password. The first enrols the device; as a safeguarding lead
/// she holds every key that the others are to be given.
const STAFF: [(&str, &str, &str); 8] = [
    ("safeguarding", "Ruth Sample", "quiet river, open gate"),
    ("manager", "Priya Namuna", "timetable on the fridge"),
    ("reception", "Sam Example", "kettle on by nine"),
    ("outreach", "Dele Apeere", "boot full of puzzles"),
    ("practitioner", "Marta Przykład", "paint on both sleeves"),
    ("data_protection", "Ffion Enghraifft", "labelled drawers"),
    ("county_it", "Jonah Muster", "spare cable in the van"),
    ("helper", "Aisha Mithal", "biscuits after singing"),
];

const USAGE: &str = "\
porch-demo-device invent --seed N --out FILE
porch-demo-device set-up --home DIR --server URL --county-certificate FILE --code CODE --logins FILE";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(words: &[String]) -> Result<()> {
    let option = |name: &str| -> Result<&str> {
        words
            .iter()
            .skip_while(|word| *word != name)
            .nth(1)
            .map(String::as_str)
            .with_context(|| format!("{name} is missing.\n\n{USAGE}"))
    };
    match words.first().map(String::as_str) {
        Some("invent") => invent(option("--seed")?.parse()?, Path::new(option("--out")?)),
        Some("set-up") => {
            let certificate = option("--county-certificate")?;
            let certificate = std::fs::read_to_string(certificate).with_context(|| {
                format!("The county's certificate {certificate} could not be read.")
            })?;
            let (server, code) = (option("--server")?, option("--code")?);
            set_up(
                PathBuf::from(option("--home")?),
                server,
                &certificate,
                code,
                Path::new(option("--logins")?),
            )
            .await
        }
        _ => bail!("{USAGE}"),
    }
}

/// Writes the invented county, with its sessions from today on, and prints the id and name of the centre at which the device will
/// stand.
fn invent(seed: u64, out: &Path) -> Result<()> {
    let county = porch_tests::county::invent(seed, Utc::now().date_naive());
    let centre = county
        .centres
        .first()
        .context("The invented county has no centre.")?;
    println!("{}\t{}", centre.id, centre.name);
    std::fs::write(out, serde_json::to_vec(&county)?)
        .with_context(|| format!("{} could not be written.", out.display()))
}

async fn set_up(
    home: PathBuf,
    server: &str,
    certificate: &str,
    code: &str,
    logins: &Path,
) -> Result<()> {
    let desk = Desk::new(Settings {
        papers: home.join("papers"),
        home,
        keeper: Arc::new(OsKeyring),
        clock: Arc::new(SystemClock),
        kdf: KdfParameters::CURRENT,
    });
    let [(_, first, password), others @ ..] = STAFF;
    call(
        &desk,
        "set_up",
        json!({ "server": server, "county_certificate": certificate, "code": code,
                "device_name": "Front desk", "name": first, "password": password }),
    )
    .await?;
    call(&desk, "sync_now", json!({})).await?;

    let mut invited = Vec::new();
    for (role, name, password) in others {
        let invitation = call(
            &desk,
            "invite_login",
            json!({ "user": null, "name": name, "role": role }),
        )
        .await?;
        invited.push((invitation, password));
    }
    call(&desk, "close", json!({})).await?;
    for (invitation, password) in invited {
        let (user, code) = (invitation.get("user"), invitation.get("code"));
        call(
            &desk,
            "accept_invitation",
            json!({ "user": user, "code": code, "password": password }),
        )
        .await?;
        call(&desk, "close", json!({})).await?;
    }
    let lines: String = STAFF
        .iter()
        .map(|(role, name, password)| format!("{role}\t{name}\t{password}\n"))
        .collect();
    std::fs::write(logins, lines)
        .with_context(|| format!("{} could not be written.", logins.display()))
}

/// A command of the desk; a refusal ends the program, named by its code.
async fn call(desk: &Desk, name: &str, request: Value) -> Result<Value> {
    desk.call(name, request).await.map_err(|refusal| {
        let words = serde_json::to_string(&refusal).unwrap_or_default();
        anyhow::anyhow!("The desk refused `{name}`: {words}")
    })
}
