//! `porch-county`: the county server and its commands.
#![allow(clippy::print_stdout, clippy::print_stderr)] // what a command answers

mod arguments;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use arguments::Arguments;
use chrono::{DateTime, Utc};
use porch_county::tls::Authority;
use porch_county::{home, serve_on};
use porch_sync::DeviceNumber;
use uuid::Uuid;

const USAGE: &str = "porch-county: the county server of Porch

  porch-county serve --dir DIR [--listen 127.0.0.1:8443] [--name HOST]... [--ready-file FILE]
  porch-county enrolment-code --dir DIR --centre ID [--restricted] [--valid-hours 72]
  porch-county import --dir DIR --file FILE
  porch-county devices --dir DIR
  porch-county revoke --dir DIR --device NUMBER
  porch-county erasure --dir DIR [--id ID]

DIR holds the encrypted store and its keys; it is made when it is not there.
How to run it: docs/county-server.md";

fn main() -> ExitCode {
    let mut given = std::env::args().skip(1);
    let command = given.next().unwrap_or_default();
    let result = Arguments::read(given).and_then(|arguments| run(&command, arguments));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("porch-county: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str, mut arguments: Arguments) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    match command {
        "serve" => {
            let options = Serve {
                directory: arguments.directory()?,
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
            let directory = arguments.directory()?;
            let centre: Uuid = arguments.parsed("centre")?.context("--centre is missing")?;
            let hours: u64 = arguments.parsed("valid-hours")?.unwrap_or(72);
            let restricted = arguments.take_flag("restricted");
            arguments.finish()?;
            let valid_ms = hours.saturating_mul(60 * 60 * 1000);
            let code = runtime.block_on(async {
                let county = home::open(&directory).await?;
                Ok::<_, anyhow::Error>(county.make_code(centre, restricted, valid_ms).await?)
            })?;
            println!("{code}");
            Ok(())
        }
        "import" => {
            let directory = arguments.directory()?;
            let file = arguments.take("file").context("--file is missing")?;
            arguments.finish()?;
            import(&runtime, &directory, Path::new(&file))
        }
        "devices" => {
            let directory = arguments.directory()?;
            arguments.finish()?;
            let devices =
                runtime.block_on(async { home::open(&directory).await?.devices().await })?;
            println!("number\tstate\tcentre\tenrolled\ttransactions\tname");
            for device in devices.iter().filter(|device| device.number.0 > 0) {
                println!(
                    "{}\t{}\t{}\t{}\t{}\t{}",
                    device.number,
                    device.revoked_ms.map_or("in use", |_| "revoked"),
                    device.centre,
                    day(device.enrolled_ms),
                    device.expected.saturating_sub(1),
                    device.name,
                );
            }
            Ok(())
        }
        "revoke" => {
            let directory = arguments.directory()?;
            let number: u32 = arguments.parsed("device")?.context("--device is missing")?;
            arguments.finish()?;
            let known = runtime.block_on(async {
                let county = home::open(&directory).await?;
                county.revoke(DeviceNumber(number)).await
            })?;
            if !known {
                bail!("there is no device {number}");
            }
            println!("device {number} is revoked");
            Ok(())
        }
        "erasure" => {
            let directory = arguments.directory()?;
            let order: Option<Uuid> = arguments.parsed("id")?;
            arguments.finish()?;
            runtime.block_on(erasure(&directory, order))
        }
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("no such command\n\n{USAGE}"),
    }
}

/// Prints the certificate of an erasure as JSON, or those of all.
async fn erasure(directory: &Path, order: Option<Uuid>) -> Result<()> {
    let county = home::open(directory).await?;
    let text = match order {
        Some(order) => {
            let certificate = county.erasure(order).await?;
            let certificate =
                certificate.with_context(|| format!("there is no erasure {order}"))?;
            serde_json::to_string_pretty(&certificate)?
        }
        None => serde_json::to_string_pretty(&county.erasures().await?)?,
    };
    println!("{text}");
    Ok(())
}

struct Serve {
    directory: PathBuf,
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
    let county = Arc::new(home::open(&options.directory).await?);
    let authority = Authority::open(&options.directory, Utc::now())?;
    let listener = TcpListener::bind(&options.listen)
        .with_context(|| format!("cannot listen on {}", options.listen))?;
    let mut running = serve_on(listener, county, authority, options.names)?;
    let ca = fs::canonicalize(options.directory.join("county-ca.pem"))?;
    if let Some(file) = &options.ready_file {
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
    if let Some(file) = &options.ready_file {
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

fn import(runtime: &tokio::runtime::Runtime, directory: &Path, file: &Path) -> Result<()> {
    let county = runtime.block_on(home::open(directory))?;
    let file = fs::File::open(file).context("the file cannot be opened")?;
    let done = county.import(file, runtime.handle(), |so_far| {
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
