//! `porch-county`: the county server and its commands.
#![allow(clippy::print_stdout, clippy::print_stderr)] // what a command answers

mod arguments;
mod backups;
mod device_scopes;
mod place;
mod waiting;
mod words;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use arguments::Arguments;
use chrono::{DateTime, Utc};
use place::{Place, with_county};
use porch_county::store::Store;
use porch_county::tls::Authority;
use porch_county::{County, Running, home, serve_on};
use porch_sync::DeviceNumber;
use uuid::Uuid;

const USAGE: &str = "porch-county: the county server of Porch

  porch-county serve --dir DIR [--listen 127.0.0.1:8443] [--name HOST]... [--ready-file FILE]
  porch-county enrolment-code --dir DIR --centre ID [--restricted] [--valid-hours 72]
  porch-county import --dir DIR --file FILE
  porch-county texts list --dir DIR
  porch-county texts load --dir DIR --file FILE
  porch-county texts approve|take-back --dir DIR --by WHO --language TAG [--kind wording|notice] [--name NAME] [--version NUMBER] [--sha256 DIGEST]
  porch-county devices --dir DIR
  porch-county revoke --dir DIR --device NUMBER
  porch-county scopes NUMBER --dir DIR [--add CENTRE]... [--remove CENTRE]...
  porch-county asked --dir DIR
  porch-county backup --dir DIR --file FILE
  porch-county backup-begins --dir DIR --note FILE
  porch-county backup-kept --dir DIR --note FILE
  porch-county epoch --dir DIR
  porch-county quarantine list --dir DIR
  porch-county quarantine accept|discard --dir DIR --device NUMBER --sequence NUMBER
  porch-county erasure --dir DIR [--id ID]
  porch-county openapi

DIR holds the encrypted store and its keys; it is made when it is not there.

With PostgreSQL, all of them also take
  --database-file FILE   a file with its connection string, or the string in the variable PORCH_DATABASE
  --database-ca FILE     the certificate of the authority that the database's own is by (PEM)
and DIR holds the servers' keys only. There, backup also takes
  --pg-dump PROGRAM      PostgreSQL's own, when it is not on the path

How to run it: docs/county-server.md";

fn main() -> ExitCode {
    let mut given = std::env::args().skip(1).peekable();
    let mut command = given.next().unwrap_or_default();
    // This one begins with a device's number.
    let device = given.next_if(|word| command == "scopes" && !word.starts_with("--"));
    if ["quarantine", "texts"].contains(&command.as_str()) {
        // These have commands of their own.
        command = format!("{command} {}", given.next().unwrap_or_default());
    }
    let result = Arguments::read(given).and_then(|arguments| run(&command, device, arguments));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("porch-county: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str, device: Option<String>, mut arguments: Arguments) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    match command {
        "serve" => {
            let options = Serve {
                place: Place::take(&mut arguments)?,
                listen: arguments
                    .take("listen")
                    .unwrap_or_else(|| "127.0.0.1:8443".to_owned()),
                names: arguments.take_all("name"),
                ready_file: arguments.take("ready-file").map(PathBuf::from),
            };
            arguments.finish()?;
            runtime.block_on(serve(options))
        }
        "enrolment-code" => {
            let place = Place::take(&mut arguments)?;
            let centre: Uuid = arguments.parsed("centre")?.context("--centre is missing")?;
            let hours: u64 = arguments.parsed("valid-hours")?.unwrap_or(72);
            let restricted = arguments.take_flag("restricted");
            arguments.finish()?;
            let valid_ms = hours.saturating_mul(60 * 60 * 1000);
            let code = runtime.block_on(async {
                with_county!(place, |county| {
                    Ok::<_, anyhow::Error>(county.make_code(centre, restricted, valid_ms).await?)
                })
            })?;
            println!("{code}");
            Ok(())
        }
        "import" => {
            let place = Place::take(&mut arguments)?;
            let file = arguments.take("file").context("--file is missing")?;
            arguments.finish()?;
            let file = fs::File::open(Path::new(&file)).context("the file cannot be opened")?;
            let handle = runtime.handle().clone();
            // Importing blocks; the connections to a database are looked after meanwhile.
            runtime.block_on(async move {
                with_county!(place, |county| {
                    tokio::task::spawn_blocking(move || import(&county, file, &handle)).await?
                })
            })
        }
        "devices" => {
            let place = Place::take(&mut arguments)?;
            arguments.finish()?;
            let devices = runtime.block_on(async {
                with_county!(place, |county| Ok::<_, anyhow::Error>(
                    county.devices().await?
                ))
            })?;
            println!("number\tstate\tcentre\tenrolled\ttransactions\tin a backup\tname");
            for device in devices.iter().filter(|device| device.number.0 > 0) {
                println!(
                    "{}\t{}\t{}\t{}\t{}\t{}\t{}",
                    device.number,
                    device.revoked_ms.map_or("in use", |_| "revoked"),
                    device.centre,
                    day(device.enrolled_ms),
                    device.expected.saturating_sub(1),
                    device.backed_up,
                    device.name,
                );
            }
            Ok(())
        }
        "revoke" => {
            let place = Place::take(&mut arguments)?;
            let number: u32 = arguments.parsed("device")?.context("--device is missing")?;
            arguments.finish()?;
            let (known, devices) = runtime.block_on(async {
                with_county!(place, |county| {
                    let known = county.revoke(DeviceNumber(number)).await?;
                    Ok::<_, anyhow::Error>((known, county.devices().await?))
                })
            })?;
            if !known {
                bail!("there is no device {number}");
            }
            println!("device {number} is revoked");
            let copies = devices.iter().filter(|device| {
                device.copy_of == Some(DeviceNumber(number)) && device.revoked_ms.is_none()
            });
            for copy in copies {
                println!("device {} was a copy of it and is in use", copy.number);
            }
            Ok(())
        }
        "backup" => backups::back_up(&runtime, arguments),
        "backup-begins" => backups::begins(&runtime, arguments),
        "backup-kept" => backups::kept(&runtime, arguments),
        "epoch" => {
            let place = Place::take(&mut arguments)?;
            arguments.finish()?;
            let epoch = runtime.block_on(async {
                with_county!(place, |county| {
                    Ok::<_, anyhow::Error>(county.start_epoch().await?)
                })
            })?;
            println!("epoch {epoch}: every device sends again what is not in the store");
            Ok(())
        }
        "scopes" => device_scopes::change(&runtime, device, arguments),
        "asked" => device_scopes::asked(&runtime, arguments),
        "quarantine list" => waiting::list(&runtime, arguments),
        "quarantine accept" => waiting::accept(&runtime, arguments),
        "quarantine discard" => waiting::discard(&runtime, arguments),
        "texts list" => words::list(&runtime, arguments),
        "texts load" => words::load(&runtime, arguments),
        "texts approve" => words::approve(&runtime, arguments),
        "texts take-back" => words::take_back(&runtime, arguments),
        "erasure" => {
            let place = Place::take(&mut arguments)?;
            let order: Option<Uuid> = arguments.parsed("id")?;
            arguments.finish()?;
            let text = runtime.block_on(async {
                with_county!(place, |county| certificates(&county, order).await)
            })?;
            println!("{text}");
            Ok(())
        }
        "openapi" => {
            arguments.finish()?;
            println!("{}", porch_county::openapi::document().to_pretty_json()?);
            Ok(())
        }
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("no such command\n\n{USAGE}"),
    }
}

/// The certificate of an erasure as JSON, or those of all.
async fn certificates<S: Store>(county: &County<S>, order: Option<Uuid>) -> Result<String> {
    Ok(match order {
        Some(order) => {
            let certificate = county.erasure(order).await?;
            let certificate =
                certificate.with_context(|| format!("there is no erasure {order}"))?;
            serde_json::to_string_pretty(&certificate)?
        }
        None => serde_json::to_string_pretty(&county.erasures().await?)?,
    })
}

struct Serve {
    place: Place,
    listen: String,
    names: Vec<String>,
    ready_file: Option<PathBuf>,
}

async fn serve(options: Serve) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("PORCH_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("porch_county=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let Serve {
        place,
        listen,
        names,
        ready_file,
    } = options;
    let directory = place.directory.clone();
    // Servers on one database are meant; on one directory's own store they are a mistake.
    let _alone = match place.database {
        None => Some(home::serve_alone(&directory)?),
        Some(_) => None,
    };
    with_county!(place, |county| {
        let authority = Authority::open(&directory, Utc::now())?;
        let listener =
            TcpListener::bind(&listen).with_context(|| format!("cannot listen on {listen}"))?;
        let running = serve_on(listener, Arc::new(county), authority, names)?;
        until_stopped(running, &directory, ready_file).await
    })
}

async fn until_stopped(
    mut running: Running,
    directory: &Path,
    ready_file: Option<PathBuf>,
) -> Result<()> {
    let ca = fs::canonicalize(directory.join("county-ca.pem"))?;
    if let Some(file) = &ready_file {
        // Written aside and renamed: whoever waits for it reads all of it.
        let aside = file.with_extension("new");
        let ready = serde_json::json!({ "url": running.url(), "ca": ca });
        fs::write(&aside, ready.to_string())?;
        fs::rename(&aside, file)?;
    }
    tracing::info!(address = %running.address(), "serving");
    tokio::select! {
        ended = running.ended() => ended.context("the server ended")?,
        () = asked_to_stop() => {
            tracing::info!("stopping");
            running.stop().await?;
        }
    }
    if let Some(file) = &ready_file {
        // Gone already is as good.
        let _ = fs::remove_file(file);
    }
    Ok(())
}

async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}

fn import<S: Store>(
    county: &County<S>,
    file: fs::File,
    runtime: &tokio::runtime::Handle,
) -> Result<()> {
    let done = county.import(file, runtime, |so_far| {
        println!("{} records read, {} written", so_far.read, so_far.written);
    })?;
    println!(
        "done: {} records, {} new or different",
        done.read, done.written
    );
    Ok(())
}

fn day(unix_ms: u64) -> String {
    i64::try_from(unix_ms)
        .ok()
        .and_then(DateTime::<Utc>::from_timestamp_millis)
        .map_or_else(String::new, |time| time.format("%Y-%m-%d").to_string())
}
