//! A PostgreSQL of the measurement's own, as the tests have one, but durable.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

#[path = "../../../../crates/county/src/throwaway.rs"]
#[allow(
    dead_code,
    clippy::panic,
    clippy::unwrap_used,
    reason = "written for tests, which fail by panicking"
)]
mod throwaway;

/// The connection string of a new database, whose server waits for the disk at each commit.
pub(super) fn durable() -> Result<String> {
    let database = throwaway::database();
    let changed = Command::new("psql")
        .args(["-q", "-v", "ON_ERROR_STOP=1", "-d", &database])
        .args(["-c", "ALTER SYSTEM SET fsync = on"])
        .args(["-c", "SELECT pg_reload_conf()"])
        .output()
        .context("psql")?;
    ensure!(
        changed.status.success(),
        "PostgreSQL does not write durably"
    );
    Ok(database)
}
