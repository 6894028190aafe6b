//! Programs that run beside this one, and end with it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant as Moment};

use anyhow::{Context as _, Result, bail};

/// How long a program may take to get ready: the peer first takes its documents in.
const PATIENCE: Duration = Duration::from_secs(900);

/// A program that runs. It is killed when dropped.
pub(super) struct Process(Child);

impl Process {
    /// Starts one that writes into a file when it is ready.
    pub(super) fn start_until_ready(command: &mut Command, ready: &Path) -> Result<Self> {
        // One that ran before and was killed leaves its own.
        if ready.exists() {
            std::fs::remove_file(ready)?;
        }
        Self::start(command)
    }

    /// Starts one.
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::null()).spawn();
        Ok(Self(
            child.with_context(|| format!("{name} could not be started"))?,
        ))
    }

    /// What it writes into a file when it is ready.
    pub(super) async fn ready(&self, file: &Path) -> Result<String> {
        let began = Moment::now();
        while began.elapsed() < PATIENCE {
            match std::fs::read_to_string(file) {
                Ok(text) => return Ok(text),
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
        bail!("a program did not get ready")
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&mut self) -> Result<bool> {
        Ok(self.0.try_wait()?.is_some())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs a program to its end, and gives the last line that it printed.
pub(super) async fn last_line(mut command: Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = tokio::task::spawn_blocking(move || {
        command
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
    });
    let done = done
        .await?
        .with_context(|| format!("{name} could not be started"))?;
    if !done.status.success() {
        bail!("{name} failed");
    }
    let said = String::from_utf8(done.stdout)?;
    Ok(said.lines().last().unwrap_or_default().to_owned())
}
