//! `cargo xtask demo`: an invented county on this machine, from nothing to the open window.
//!
//! The programs are built as for tests, not as for release: what computes (keys, SQLCipher,
//! pictures) is optimised there too, a first build takes half as long, and tests and demo share it.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::build;
use crate::display::{Screen, Surroundings, display_is_given};
use crate::packages;
use crate::paths::{Paths, shown};
use crate::process::{Background, output, run_to_end};
use crate::steps::{say, step, step_with};
use crate::ui;

/// The same county each time.
const SEED: &str = "2026";

/// Runs the demo. `fresh` starts over; `headless` drives it under a virtual display even where
/// there is a real one.
pub(crate) fn run(fresh: bool, headless: bool) -> Result<()> {
    let paths = Paths::find()?;
    let screen = if headless || !display_is_given() {
        Screen::Virtual
    } else {
        Screen::Given
    };

    step_with(
        "Look for the Debian packages",
        || {
            let headless: &[&str] = if screen == Screen::Virtual {
                packages::HEADLESS
            } else {
                &[]
            };
            packages::ensure(&[packages::BUILD, packages::WINDOW, headless])
        },
        |installed| {
            if *installed == 0 {
                String::new()
            } else {
                format!("{installed} installed")
            }
        },
    )?;
    ui::build(&paths)?;
    step("Build the program and the county's server", || {
        build::programs(&paths, &[])
    })?;
    if screen == Screen::Virtual {
        build::tauri_driver(&paths)?;
    }

    let demo = Demo::at(paths)?;
    if fresh || !demo.is_complete() {
        demo.clear()?;
    }
    let surroundings = step("Start a secret service of our own", || {
        Surroundings::start(&demo.folder.join("home"), screen)
    })?;
    let _server = demo.county_with_its_device(&surroundings)?;
    demo.print_logins()?;

    match screen {
        Screen::Given => {
            say("The window opens. Close it to end; the next time it is here in seconds.");
            run_in(&surroundings, demo.app())
        }
        Screen::Virtual => {
            say("No display here: the main job is done by a driver.");
            run_in(&surroundings, demo.driver()?)?;
            say(&format!(
                "\nPictures of each step are in {}.",
                shown(&demo.screenshots(), &demo.paths)
            ));
            Ok(())
        }
    }
}

fn run_in(surroundings: &Surroundings, mut command: Command) -> Result<()> {
    run_to_end(surroundings.around(&mut command))
}

struct Demo {
    paths: Paths,
    /// Everything that the demo writes lies in here.
    folder: PathBuf,
}

impl Demo {
    fn at(paths: Paths) -> Result<Demo> {
        let folder = paths.target.join("demo");
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("{} could not be made.", folder.display()))?;
        Ok(Demo { paths, folder })
    }

    /// Written last: without it, an earlier demo was interrupted.
    fn complete_mark(&self) -> PathBuf {
        self.folder.join("complete")
    }

    fn is_complete(&self) -> bool {
        self.complete_mark().is_file()
    }

    fn clear(&self) -> Result<()> {
        std::fs::remove_dir_all(&self.folder).context("The earlier demo could not be removed.")?;
        std::fs::create_dir_all(&self.folder).context("The demo's folder could not be made.")
    }

    fn county(&self) -> PathBuf {
        self.folder.join("county")
    }

    fn logins(&self) -> PathBuf {
        self.folder.join("logins.txt")
    }

    fn screenshots(&self) -> PathBuf {
        self.folder.join("screenshots")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.paths.program("debug", program));
        command
            .current_dir(&self.folder)
            .env("PORCH_HOME", self.folder.join("device"));
        command
    }

    fn app(&self) -> Command {
        self.command("porch")
    }

    fn driver(&self) -> Result<Command> {
        let screenshots = self.screenshots();
        if screenshots.is_dir() {
            std::fs::remove_dir_all(&screenshots)
                .context("The earlier pictures could not be removed.")?;
        }
        std::fs::create_dir_all(&screenshots).context("The pictures' folder could not be made.")?;
        let mut command = self.command("porch-drive");
        command
            .arg("--app")
            .arg(self.paths.program("debug", "porch"));
        command.arg("--tauri-driver").arg(self.paths.tauri_driver());
        command
            .arg("--logins")
            .arg(self.logins())
            .arg("--screenshots")
            .arg(screenshots);
        Ok(command)
    }

    /// The running server, with the invented county in it and this device enrolled.
    fn county_with_its_device(&self, surroundings: &Surroundings) -> Result<Background> {
        if self.is_complete() {
            return Ok(self.serve()?.0);
        }
        let invented = self.folder.join("county.json");
        let (centre, _) = step_with(
            "Invent a county: 3 centres, 2 village halls, 2,000 families",
            || {
                let mut invent = self.command("porch-demo-device");
                invent
                    .args(["invent", "--seed", SEED, "--out"])
                    .arg(&invented);
                let said = output(&mut invent)?;
                let (id, name) = said
                    .trim()
                    .split_once('\t')
                    .context("No centre was invented.")?;
                Ok((id.to_owned(), name.to_owned()))
            },
            |(_, name)| format!("this device will stand in {name}"),
        )?;
        step("Load it into the county's store", || {
            let mut import = self.command("porch-county");
            import
                .arg("import")
                .arg("--dir")
                .arg(self.county())
                .arg("--file")
                .arg(&invented);
            run_to_end(&mut import)
        })?;
        let (server, address, certificate) = self.serve()?;
        step(
            "Enrol this device, fetch its families, make a login for each role",
            || {
                let mut code = self.command("porch-county");
                code.arg("enrolment-code")
                    .arg("--dir")
                    .arg(self.county())
                    .args(["--centre", &centre, "--restricted"]);
                let code = output(&mut code)?.trim().to_owned();
                let mut device = self.command("porch-demo-device");
                device
                    .arg("set-up")
                    .arg("--home")
                    .arg(self.folder.join("device"));
                device
                    .args([
                        "--server",
                        &address,
                        "--code",
                        &code,
                        "--county-certificate",
                    ])
                    .arg(&certificate);
                device.arg("--logins").arg(self.logins());
                run_to_end(surroundings.around(&mut device))
            },
        )?;
        std::fs::write(self.complete_mark(), "")
            .context("The end of the set-up could not be noted.")?;
        Ok(server)
    }

    /// Starts the server and returns it with its address and the county's certificate.
    fn serve(&self) -> Result<(Background, String, PathBuf)> {
        step_with(
            "Start the county's server on this machine",
            || {
                let ready = self.folder.join("county.ready");
                if ready.exists() {
                    std::fs::remove_file(&ready)
                        .context("The server's earlier mark could not be removed.")?;
                }
                let mut command = self.command("porch-county");
                command
                    .arg("serve")
                    .arg("--dir")
                    .arg(self.county())
                    .arg("--ready-file")
                    .arg(&ready);
                command.args(["--listen", &format!("127.0.0.1:{}", self.port()?)]);
                let log = self.folder.join("county.log");
                let mut server = Background::start_logged(&mut command, &log)?;
                server
                    .wait_until(Duration::from_secs(60), || ready.is_file())
                    .with_context(|| format!("Its log is {}.", shown(&log, &self.paths)))?;
                let said = std::fs::read_to_string(&ready)
                    .context("The server did not say where it is.")?;
                let (address, certificate) = where_it_is(&said)?;
                Ok((server, address, certificate))
            },
            |(_, address, _)| address.clone(),
        )
    }

    /// The server's port: chosen once, because devices remember the county's address.
    fn port(&self) -> Result<u16> {
        let kept = self.folder.join("county.port");
        if let Ok(text) = std::fs::read_to_string(&kept) {
            let port = text
                .trim()
                .parse()
                .context("The county's port was not kept as a number. Try --fresh.")?;
            if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err() {
                bail!(
                    "Something else uses port {port}, which this demo's county has. \
                     If another demo is open, close it; if not, start over with --fresh."
                );
            }
            return Ok(port);
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .context("There is no free port on this machine.")?
            .port();
        std::fs::write(&kept, port.to_string()).context("The county's port could not be kept.")?;
        Ok(port)
    }

    fn print_logins(&self) -> Result<()> {
        let kept = std::fs::read_to_string(self.logins())
            .context("The logins were not kept. Try --fresh.")?;
        say(&format!(
            "\nLogins of this demo (all invented):\n\n{}",
            table(&kept)
        ));
        Ok(())
    }
}

/// Reads what the server says when it is ready: its address and its certificate's path.
fn where_it_is(said: &str) -> Result<(String, PathBuf)> {
    let said: Value = serde_json::from_str(said).context("What the server said is not JSON.")?;
    let word = |name: &str| said.get(name).and_then(Value::as_str);
    let (Some(address), Some(certificate)) = (word("url"), word("ca")) else {
        bail!("The server did not say where it is.");
    };
    Ok((address.to_owned(), PathBuf::from(certificate)))
}

/// Sets lines of words between tabs as columns.
fn table(lines: &str) -> String {
    let rows: Vec<Vec<&str>> = lines
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    rows.iter()
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            format!("  {}\n", cells.join("   ").trim_end())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_stand_in_columns() {
        assert_eq!(
            table("reception\tAnn Lee\tone two\nmanager\tBo\tthree\n"),
            "  reception   Ann Lee   one two\n  manager     Bo        three\n"
        );
    }

    #[test]
    fn a_server_says_two_things_or_nothing() {
        let (address, certificate) =
            where_it_is(r#"{"url":"https://127.0.0.1:4","ca":"/d/county-ca.pem"}"#).unwrap();
        assert_eq!(
            (address.as_str(), certificate.as_path()),
            (
                "https://127.0.0.1:4",
                std::path::Path::new("/d/county-ca.pem")
            )
        );
        assert!(where_it_is(r#"{"url":"https://127.0.0.1:4"}"#).is_err());
    }
}
