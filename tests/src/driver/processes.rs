//! The driver's processes: they end with the test, whatever becomes of it.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// A process and all that it starts.
pub(super) struct Group(Child);

impl Group {
    /// Starts a process as the head of a group of its own.
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        Ok(Self(command.spawn()?))
    }

    /// Kills the one process of the group that runs this program.
    pub(super) fn kill_program(&self, program: &Path) -> Result<()> {
        let program = program.canonicalize()?;
        for entry in std::fs::read_dir("/proc")?.flatten() {
            let folder = entry.path();
            let runs = std::fs::read_link(folder.join("exe")).is_ok_and(|exe| exe == program);
            if runs && group_of(&folder) == Some(self.0.id()) {
                return signal(&entry.file_name().to_string_lossy());
            }
        }
        bail!("the program is not running")
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Whatever is gone already cannot be killed, which is fine.
        drop(signal(&format!("-{}", self.0.id())));
        drop(self.0.wait());
    }
}

fn signal(target: &str) -> Result<()> {
    let killed = Command::new("kill")
        .args(["-KILL", "--", target])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if killed.success() {
        Ok(())
    } else {
        bail!("{target} could not be killed")
    }
}

/// A process's group: the third field after its name, which stands in brackets.
fn group_of(folder: &Path) -> Option<u32> {
    let line = std::fs::read_to_string(folder.join("stat")).ok()?;
    let (_, after) = line.rsplit_once(')')?;
    after.split_whitespace().nth(2)?.parse().ok()
}

/// A port that nobody listens on.
pub(super) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Waits until somebody listens on a port.
pub(super) async fn wait_for_port(port: u16) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        match tokio::net::TcpStream::connect(("127.0.0.1", port)).await {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() > end => {
                return Err(error).context("the driver does not answer");
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
