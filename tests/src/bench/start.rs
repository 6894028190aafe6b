//! From the start of the release build to a desk that can be worked at, beyond Argon2id, which
//! takes its time on purpose.
//!
//! A release build takes no driver. So the display is watched, and typed on, from outside.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use anyhow::{Context as _, Result, ensure};
use argon2::{Algorithm, Argon2, Params, Version};
use porch_desk::{Desk, KdfParameters, OsKeyring, SecretKeeper as _, Settings, SystemClock};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

use super::bare;
use super::figures::{Times, print_table, ratio, row, shown};
use super::prepared::{Prepared, folder, prepare};
use super::x11::Display;
use crate::kit::PASSWORD;

const PEOPLE: usize = 10_000;
const ROUNDS: usize = 12;
const WARM_UP: usize = 2;
/// As long as this without a change, and the screen is what it was to become. Shorter than the
/// two seconds after which the desk first tries to reach the county and says so.
const QUIET: Duration = Duration::from_millis(1_800);
/// Nothing changes the unlock screen by itself, so it is watched for longer: a busy machine is
/// still starting the page when the window has long been empty.
const UNTOUCHED: Duration = Duration::from_secs(4);

/// The times of every part.
#[derive(Default)]
struct Parts {
    mapped: Times,
    unlock: Times,
    desk: Times,
    argon: Times,
    beyond: Times,
    log_in: Times,
    today: Times,
    floor: Times,
}

/// Measures and prints.
///
/// # Errors
/// When something does not work; never because it is slow.
pub async fn run() -> Result<()> {
    let prepared = prepare(PEOPLE).await?.copy_to(&folder().join("start"))?;
    for (name, secret) in &prepared.secrets {
        OsKeyring.set(name, secret)?;
    }
    // The first login wraps the keys as costly as they are to be.
    core(&prepared).await?;

    let mut parts = Parts::default();
    for round in 0..WARM_UP + ROUNDS {
        let before = logins(&prepared)?;
        let [mapped, unlock, desk] = window(&prepared.home)?;
        ensure!(
            logins(&prepared)? == before + 1,
            "the window let nobody in: see {}",
            pictures().display()
        );
        let [log_in, today] = core(&prepared).await?;
        let argon = argon()?;
        let floor = floor(&prepared)?;
        if round >= WARM_UP {
            parts.mapped.add(mapped);
            parts.unlock.add(unlock);
            parts.desk.add(desk);
            parts.argon.add(argon);
            parts.beyond.add((unlock + desk).saturating_sub(argon));
            parts.log_in.add(log_in.saturating_sub(argon));
            parts.today.add(today);
            parts.floor.add(floor);
        }
    }
    print(&prepared, &parts);
    Ok(())
}

fn print(prepared: &Prepared, parts: &Parts) {
    println!(
        "\nStart to a usable desk, on a device with {} people",
        prepared.people()
    );
    let line = |name: &str, times: &Times, ratio: &str, aim: &str| {
        row([
            name,
            &shown(times.median()),
            &shown(times.p95()),
            ratio,
            aim,
        ])
    };
    print_table(&[
        row(["", "median", "p95", "ratio", "aim"]),
        line(
            "usable, beyond Argon2id",
            &parts.beyond,
            &ratio(&parts.beyond, &parts.floor),
            "under 1.5 s",
        ),
        line("  exec to a window on the screen", &parts.mapped, "", ""),
        line("  exec to the unlock screen painted", &parts.unlock, "", ""),
        line("  Enter to the desk painted", &parts.desk, "", ""),
        line(
            "  one Argon2id of the same parameters",
            &parts.argon,
            "",
            "",
        ),
        line(
            "core: log_in beyond Argon2id",
            &parts.log_in,
            &ratio(&parts.log_in, &parts.floor),
            "",
        ),
        line(
            "core: today",
            &parts.today,
            &ratio(&parts.today, &parts.floor),
            "",
        ),
        line(
            "open the same database, one query",
            &parts.floor,
            "1.00",
            "",
        ),
    ]);
    println!(
        "  {} rounds of all of it, in turns. Measured: the release build as it ships, without a driver, on a virtual\n  \
         display and with a real secret service. A screen counts as painted at its last change before {} ms of rest,\n  \
         looked at every 15 ms or so. The first line is exec to unlock screen and Enter to desk together, less Argon2id.\n  \
         The core's lines are the same commands without a window. Not measured: typing the password, a disk that is\n  \
         not warm yet, a graphics card, a window manager. Pictures of both screens: {}",
        parts.beyond.len(),
        QUIET.as_millis(),
        pictures().display()
    );
}

fn pictures() -> PathBuf {
    folder().join("start-pictures")
}

/// A program that ends with the measurement.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Whatever is gone already cannot be killed, which is fine.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the program, waits for the unlock screen, types the password and waits for the desk.
/// Gives the times to the window, to the unlock screen, and from Enter to the desk.
fn window(home: &Path) -> Result<[Duration; 3]> {
    std::fs::create_dir_all(pictures())?;
    let app = std::env::var_os("PORCH_APP")
        .map_or_else(|| PathBuf::from("target/release/porch"), PathBuf::from);
    let log = File::create(folder().join("start.log"))?;
    let mut display = Display::open()?;
    display.watch_windows()?;
    let keys = display.keys(PASSWORD)?;
    let enter = display.keys("\r")?;
    let mut command = Command::new(&app);
    command
        .env("PORCH_HOME", home)
        .stdin(Stdio::null())
        .stdout(Stdio::from(log.try_clone()?))
        .stderr(Stdio::from(log));

    let began = Moment::now();
    let running = Running(
        command
            .spawn()
            .with_context(|| format!("{} could not be started", app.display()))?,
    );
    let window = display.window()?;
    let mapped = began.elapsed();
    let unlock = display.settled(&[], UNTOUCHED)?.duration_since(began);
    display.keep(&pictures().join("unlock.png"))?;

    display.focus(window)?;
    display.press(&keys)?;
    std::thread::sleep(Duration::from_millis(500));
    let unlock_screen = display.look()?;
    let began = Moment::now();
    display.press(&enter)?;
    let desk = display
        .settled(&unlock_screen, QUIET)?
        .duration_since(began);
    display.keep(&pictures().join("desk.png"))?;
    drop(running);
    Ok([mapped, unlock, desk])
}

/// The same commands without a window, in a desk of their own: logging in, and today.
async fn core(prepared: &Prepared) -> Result<[Duration; 2]> {
    let desk = Desk::new(Settings {
        home: prepared.home.clone(),
        papers: prepared.home.join("papers"),
        keeper: Arc::new(OsKeyring),
        clock: Arc::new(SystemClock),
        kdf: KdfParameters::CURRENT,
    });
    let began = Moment::now();
    desk.call(
        "log_in",
        json!({ "user": prepared.user, "password": PASSWORD }),
    )
    .await?;
    let log_in = began.elapsed();
    let began = Moment::now();
    let view = desk.call("today", json!({})).await?;
    let today = began.elapsed();
    let sessions = view
        .get("sessions")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    ensure!(sessions > 0, "nothing is on today");
    desk.call("close", json!({})).await?;
    Ok([log_in, today])
}

/// One Argon2id as a login takes it.
fn argon() -> Result<Duration> {
    let KdfParameters {
        memory_kib,
        passes,
        lanes,
    } = KdfParameters::CURRENT;
    let params = Params::new(memory_kib, passes, lanes, Some(32))
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut stretched = [0; 32];
    let began = Moment::now();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(PASSWORD.as_bytes(), &[7; 16], &mut stretched)
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(began.elapsed())
}

fn database(prepared: &Prepared) -> Result<Connection> {
    bare::open(
        &prepared.home.join("porch.db"),
        &prepared.key,
        OpenFlags::SQLITE_OPEN_READ_WRITE,
    )
}

/// Opens the database and asks it one thing.
fn floor(prepared: &Prepared) -> Result<Duration> {
    let began = Moment::now();
    let connection = database(prepared)?;
    let today = chrono::Utc::now().date_naive().to_string();
    let sessions: i64 = connection.query_row(
        "SELECT COUNT(*) FROM session WHERE date = ?",
        [today],
        |row| row.get(0),
    )?;
    let took = began.elapsed();
    ensure!(sessions > 0, "nothing is on today");
    Ok(took)
}

/// How often somebody has logged in.
fn logins(prepared: &Prepared) -> Result<i64> {
    Ok(database(prepared)?.query_row(
        "SELECT COUNT(*) FROM audit WHERE action = 'logged_in'",
        (),
        |row| row.get(0),
    )?)
}
