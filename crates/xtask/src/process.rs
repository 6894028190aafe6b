//! Other programs: run to the end, run beside us, and stopped when we are.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A command line as a person would type it, for messages.
pub(crate) fn typed(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .map(|word| {
            if word.contains(' ') {
                format!("'{word}'")
            } else {
                word.into_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs a program to its end with our own output and no input.
pub(crate) fn run_to_end(command: &mut Command) -> Result<()> {
    let line = typed(command);
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("`{line}` could not be started."))?;
    if !status.success() {
        bail!("`{line}` failed ({status}).");
    }
    Ok(())
}

/// Runs a program to its end and returns what it printed; its errors stay on ours.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let line = typed(command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("`{line}` could not be started."))?;
    if !output.status.success() {
        bail!("`{line}` failed ({}).", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed what is not text."))
}

/// True when a program ran and said yes; what it prints is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A log to add to.
fn opened(log: &Path) -> Result<std::fs::File> {
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .with_context(|| format!("The log {} could not be opened.", log.display()))
}

/// How a program with a time limit ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It ended by itself and was content.
    Well,
    /// It ended by itself and was not.
    Badly,
    /// It was stopped when its time was up.
    OutOfTime,
}

/// Runs a program with everything it prints going to `log`, for at most `limit`.
pub(crate) fn run_logged(command: &mut Command, log: &Path, limit: Duration) -> Result<Ended> {
    let line = typed(command);
    let file = opened(log)?;
    let mut child = command
        .env("NO_COLOR", "1")
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .spawn()
        .with_context(|| format!("`{line}` could not be started."))?;
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(if status.success() {
                Ended::Well
            } else {
                Ended::Badly
            });
        }
        if started.elapsed() > limit {
            // What it started first: a driver's window would stay, and keep the log open.
            for descendant in descendants(child.id()) {
                succeeds(Command::new("kill").args(["-KILL", &descendant.to_string()]));
            }
            child.kill()?;
            child.wait()?;
            return Ok(Ended::OutOfTime);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The processes that a process has started, and those that these have.
fn descendants(process: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task"));
    tasks
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok())
        .flat_map(|children| {
            children
                .split_whitespace()
                .filter_map(|child| child.parse().ok())
                .collect::<Vec<u32>>()
        })
        .flat_map(|child| std::iter::once(child).chain(descendants(child)))
        .collect()
}

/// A program that runs beside us until this is dropped.
pub(crate) struct Background {
    name: String,
    child: Child,
}

impl Background {
    /// Starts a program that must not outlive us, even when we are killed: the kernel ends it
    /// when the thread that started it goes, so call this on the main thread.
    /// Its errors go to `log`.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Result<Background> {
        Background::guarded(command, Stdio::piped(), opened(log)?.into())
    }

    /// As [`Background::start`], with everything that it prints going to `log`.
    pub(crate) fn start_logged(command: &mut Command, log: &Path) -> Result<Background> {
        let file = opened(log)?;
        Background::guarded(command, file.try_clone()?.into(), file.into())
    }

    fn guarded(command: &Command, out: Stdio, errors: Stdio) -> Result<Background> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut guarded = Command::new("setpriv");
        guarded
            .args(["--pdeathsig", "TERM", "--"])
            .arg(command.get_program())
            .args(command.get_args());
        for (key, value) in command.get_envs() {
            match value {
                Some(value) => guarded.env(key, value),
                None => guarded.env_remove(key),
            };
        }
        if let Some(dir) = command.get_current_dir() {
            guarded.current_dir(dir);
        }
        let child = guarded
            .stdin(Stdio::piped())
            .stdout(out)
            .stderr(errors)
            .spawn()
            .with_context(|| format!("`{name}` could not be started."))?;
        Ok(Background { name, child })
    }

    /// Writes to the program's input and closes it.
    pub(crate) fn tell(&mut self, words: &str) -> Result<()> {
        use std::io::Write;
        let mut input = self
            .child
            .stdin
            .take()
            .with_context(|| format!("`{}` takes no more input.", self.name))?;
        input.write_all(words.as_bytes())?;
        Ok(())
    }

    /// The first line that the program prints; what follows is read and dropped, so that it never
    /// blocks on a full pipe.
    pub(crate) fn first_line(&mut self) -> Result<String> {
        let out = self
            .child
            .stdout
            .take()
            .with_context(|| format!("`{}` was already read.", self.name))?;
        let mut reader = BufReader::new(out);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.is_empty() {
            bail!("`{}` ended before it was ready.", self.name);
        }
        std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
        Ok(line.trim_end().to_owned())
    }

    /// Waits until `ready` says so, the program ends, or `limit` has passed.
    pub(crate) fn wait_until(
        &mut self,
        limit: Duration,
        mut ready: impl FnMut() -> bool,
    ) -> Result<()> {
        let started = Instant::now();
        while !ready() {
            if let Some(status) = self.child.try_wait()? {
                bail!("`{}` ended before it was ready ({status}).", self.name);
            }
            if started.elapsed() > limit {
                bail!(
                    "`{}` was not ready after {} seconds.",
                    self.name,
                    limit.as_secs()
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // Asked first, so that the county closes its store; ended if it does not listen.
        let asked = succeeds(Command::new("kill").args(["-TERM", &self.child.id().to_string()]));
        let started = Instant::now();
        while asked && started.elapsed() < Duration::from_secs(5) {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // It may have ended in between: then there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_is_ended_with_all_that_it_started() {
        let log = std::env::temp_dir().join(format!("porch-xtask-hang-{}", std::process::id()));
        let mark = format!("{}.25", 60_000 + std::process::id());
        let mut hanging = Command::new("sh");
        hanging.args(["-c", &format!("sleep {mark} & sleep {mark}; true")]);
        let ended = run_logged(&mut hanging, &log, Duration::from_millis(300)).unwrap();
        std::fs::remove_file(log).unwrap();
        assert_eq!(ended, Ended::OutOfTime);
        let alive = || {
            std::fs::read_dir("/proc")
                .unwrap()
                .flatten()
                .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
                .any(|line| line.starts_with(format!("sleep\0{mark}").as_bytes()))
        };
        // A signal is sent at once and arrives when the machine gets round to it.
        let sent = Instant::now();
        while alive() && sent.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(!alive(), "a child of the hanging program still runs");
    }
}
