//! `cargo xtask test`: everything that must hold.
//!
//! What must be there first (packages, pages, a build) ends the run when it fails. A check that
//! fails is noted, the others still run, and the end names each with the command that runs it
//! alone.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::build::{self, TestProgram};
use crate::display::{Screen, Surroundings};
use crate::packages;
use crate::paths::{Paths, shown};
use crate::process::{Ended, run_logged};
use crate::steps::{roughly, say, step, step_with};
use crate::tally::Tally;
use crate::ui;

/// Steps that need no compiled tests. `documentation` is the examples in the documentation, among
/// them the one that must not compile.
const BEFORE: [&str; 3] = ["format", "lints", "pages"];
const DOCUMENTATION: &str = "documentation";

/// The step whose tests are compiled apart: with bugs in the crates below that it can switch on.
const SIMULATION: &str = "simulation";

/// The order in which compiled tests run: rules first, the whole last.
const ORDER: [&str; 17] = [
    "catalogue",
    "domain",
    "print",
    "sync",
    "store",
    "desk",
    "county",
    "xtask",
    "shell",
    "tidy",
    "testkit",
    SIMULATION,
    "trials",
    "devices",
    "forensics",
    "browser",
    "window",
];

/// What takes longer hangs: a test program, and a check that compiles every crate first.
const LIMIT: Duration = Duration::from_secs(15 * 60);
const COMPILING_LIMIT: Duration = Duration::from_secs(60 * 60);

/// Lines of a log that are shown when its step fails.
const LINES_SHOWN: usize = 300;

/// Runs every step, or only those named; `filter` goes to the test programs.
pub(crate) fn run(names: &[&str], filter: &[&str]) -> Result<ExitCode> {
    let mut round = Round::new(Paths::find()?, names, filter)?;
    let needs_tests = names.is_empty() || names.iter().any(|name| !BEFORE.contains(name));

    round.prepare()?;
    round.before()?;
    if needs_tests {
        round.compiled()?;
    }
    Ok(round.close())
}

struct Round<'a> {
    paths: Paths,
    names: &'a [&'a str],
    filter: &'a [&'a str],
    started: Instant,
    logs: PathBuf,
    tally: Tally,
    failures: Vec<Failure>,
}

/// A step that did not hold.
struct Failure {
    step: String,
    why: String,
    again: String,
}

impl<'a> Round<'a> {
    fn new(paths: Paths, names: &'a [&'a str], filter: &'a [&'a str]) -> Result<Round<'a>> {
        let logs = paths.target.join("test/logs");
        std::fs::create_dir_all(&logs)
            .with_context(|| format!("{} could not be made.", logs.display()))?;
        Ok(Round {
            paths,
            names,
            filter,
            started: Instant::now(),
            logs,
            tally: Tally::default(),
            failures: Vec::new(),
        })
    }

    fn wanted(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.contains(&name)
    }

    fn prepare(&self) -> Result<()> {
        if self.names == ["format"] {
            return Ok(());
        }
        step_with(
            "Look for the Debian packages",
            || {
                packages::ensure(&[
                    packages::BUILD,
                    packages::WINDOW,
                    packages::HEADLESS,
                    packages::BROWSER,
                    packages::DATABASE,
                    packages::PAPER,
                ])
            },
            |installed| {
                if *installed == 0 {
                    String::new()
                } else {
                    format!("{installed} installed")
                }
            },
        )?;
        ui::build(&self.paths)
    }

    fn before(&mut self) -> Result<()> {
        if self.wanted("format") {
            let mut command = build::cargo(&self.paths);
            command.args(["fmt", "--all", "--", "--check", "--files-with-diff"]);
            self.check("format", "Formatting", &mut [command], |_| {
                Ok(Tally::default())
            })?;
        }
        if self.wanted("lints") {
            let mut command = build::cargo(&self.paths);
            command.args([
                "clippy",
                "--workspace",
                "--all-targets",
                // Or the simulation would not be looked at.
                "--features",
                "porch-tests/simulation",
                "--quiet",
                "--",
                "-D",
                "warnings",
            ]);
            self.check("lints", "Lints", &mut [command], |_| Ok(Tally::default()))?;
        }
        if self.wanted("pages") {
            let folder = self.paths.root.join("ui");
            let report = self.logs.join("vitest.json");
            let mut types = Command::new("npm");
            types
                .args(["run", "--silent", "check"])
                .current_dir(&folder);
            let mut tests = Command::new("npm");
            tests
                .args([
                    "test",
                    "--silent",
                    "--",
                    "--reporter=default",
                    "--reporter=json",
                ])
                .current_dir(&folder);
            tests.arg(format!("--outputFile.json={}", report.display()));
            // What an earlier round left must not be counted.
            let _ = std::fs::remove_file(&report);
            self.check(
                "pages",
                "The window's pages: types and tests",
                &mut [types, tests],
                |_| {
                    std::fs::read_to_string(&report)
                        .map_or_else(|_| Ok(Tally::default()), |text| Tally::from_vitest(&text))
                },
            )?;
        }
        Ok(())
    }

    fn compiled(&mut self) -> Result<()> {
        let simulation = self.wanted(SIMULATION);
        let programs = match step("Compile the program and its tests", || {
            let mut programs = build::all_with_tests(&self.paths)?;
            if simulation {
                programs.extend(build::simulation_with_tests(&self.paths)?);
            }
            Ok(programs)
        }) {
            Ok(programs) => programs,
            Err(error) => {
                self.tally.failed += 1;
                self.failures.push(Failure {
                    step: "compile".to_owned(),
                    why: format!("{error:#}").trim_end_matches('.').to_owned(),
                    again: "cargo build --workspace --all-targets".to_owned(),
                });
                return Ok(());
            }
        };
        let mut steps = build::by_step(programs);
        for name in self.names {
            if !BEFORE.contains(name) && *name != DOCUMENTATION && !steps.contains_key(*name) {
                let known: Vec<&str> = steps.keys().map(String::as_str).collect();
                bail!(
                    "There is no step `{name}`. There are: {} {DOCUMENTATION} {}",
                    BEFORE.join(" "),
                    known.join(" ")
                );
            }
        }
        if self.wanted(DOCUMENTATION) {
            let mut command = build::cargo(&self.paths);
            command.args(["test", "--workspace", "--doc", "--quiet"]);
            self.check(
                DOCUMENTATION,
                "Examples in the documentation",
                &mut [command],
                |log| Ok(Tally::from_rust(log)),
            )?;
        }

        steps.retain(|name, _| self.wanted(name));
        if steps.is_empty() {
            return Ok(());
        }
        if steps.contains_key("window") {
            build::tauri_driver(&self.paths)?;
        }
        let surroundings = step("Start a display and a secret service of our own", || {
            Surroundings::start(&self.paths.target.join("test/home"), Screen::Virtual)
        })?;
        let mut in_order: Vec<(String, Vec<TestProgram>)> = steps.into_iter().collect();
        in_order.sort_by_key(|(name, _)| {
            ORDER
                .iter()
                .position(|known| known == name)
                .unwrap_or(ORDER.len())
        });
        for (name, programs) in in_order {
            let mut commands: Vec<Command> = programs
                .iter()
                .map(|program| self.command(program, &surroundings))
                .collect();
            self.check(&name, &format!("Tests: {name}"), &mut commands, |log| {
                Ok(Tally::from_rust(log))
            })?;
        }
        Ok(())
    }

    /// A test program as cargo would run it, in surroundings of our own.
    fn command(&self, program: &TestProgram, surroundings: &Surroundings) -> Command {
        let mut command = Command::new(&program.program);
        let folder = self.paths.root.join(&program.package);
        command
            .args(self.filter)
            .current_dir(&folder)
            .env("CARGO_MANIFEST_DIR", &folder);
        surroundings.around(&mut command);
        programs_for_tests(&mut command, &self.paths, "debug");
        command
    }

    /// Runs the commands of one check, counts, and notes what did not hold.
    fn check(
        &mut self,
        name: &str,
        title: &str,
        commands: &mut [Command],
        count: impl Fn(&str) -> Result<Tally>,
    ) -> Result<()> {
        let path = self.logs.join(format!("{name}.log"));
        std::fs::write(&path, "")
            .with_context(|| format!("{} could not be written.", path.display()))?;
        let limit = if ["lints", DOCUMENTATION].contains(&name) {
            COMPILING_LIMIT
        } else {
            LIMIT
        };
        let outcome = step_with(
            title,
            || {
                let mut bad = Vec::new();
                for command in commands {
                    match run_logged(command, &path, limit)? {
                        Ended::Well => {}
                        Ended::Badly => bad.push("failed"),
                        Ended::OutOfTime => bad.push("was stopped: its time was up"),
                    }
                }
                let log = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
                Ok((bad, count(&log)?, log))
            },
            |(bad, tally, _)| match (bad.is_empty(), tally.passed) {
                (true, 0) => String::new(),
                (true, 1) => "1 test".to_owned(),
                (true, tests) => format!("{tests} tests"),
                (false, _) => "DID NOT HOLD".to_owned(),
            },
        );
        // A check that could not even be started is one that failed.
        let (bad, mut tally, log) = match outcome {
            Ok(outcome) => outcome,
            Err(error) => (
                vec!["could not be run"],
                Tally::default(),
                format!("{error:#}\n"),
            ),
        };
        if let Some(why) = bad.first() {
            let why = match tally.failed {
                0 => (*why).to_owned(),
                1 => "1 test failed".to_owned(),
                tests => format!("{tests} tests failed"),
            };
            tally.failed = tally.failed.max(1);
            let lines: Vec<&str> = log.lines().collect();
            say(&lines
                .get(lines.len().saturating_sub(LINES_SHOWN)..)
                .unwrap_or_default()
                .join("\n"));
            say(&format!("  (all of it: {})", shown(&path, &self.paths)));
            self.failures.push(Failure {
                step: name.to_owned(),
                why,
                again: format!("cargo xtask test {name}"),
            });
        }
        self.tally += tally;
        Ok(())
    }

    /// The closing lines.
    fn close(self) -> ExitCode {
        let Tally { passed, failed } = self.tally;
        let time = roughly(self.started.elapsed());
        for failure in &self.failures {
            say(&format!(
                "\n{}: {}. To run it alone: {}",
                failure.step, failure.why, failure.again
            ));
        }
        say(&format!("\n{passed} passed, {failed} failed"));
        if !self.failures.is_empty() {
            say(&format!(
                "Not everything passed: {failed} of {} failed in {time}.",
                passed + failed
            ));
            return ExitCode::FAILURE;
        }
        let what = if self.names.is_empty() {
            "Everything"
        } else {
            "What was asked for"
        };
        say(&format!("{what} passed: {passed} tests in {time}."));
        ExitCode::SUCCESS
    }
}

/// Tells a test where the programs lie that it drives.
pub(crate) fn programs_for_tests(command: &mut Command, paths: &Paths, profile: &str) {
    command
        .env("PORCH_APP", paths.program(profile, "porch"))
        .env("PORCH_COUNTY", paths.program(profile, "porch-county"))
        .env("PORCH_TAURI_DRIVER", paths.tauri_driver())
        .env("PORCH_CHROMIUM", "/usr/bin/chromium")
        .env("PORCH_UI", paths.root.join("ui/dist"))
        .env("PORCH_SHOTS", paths.target.join("test/screenshots"))
        .env_remove("PORCH_HOME");
}
