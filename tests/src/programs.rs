//! Programs of the workspace that tests start.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

/// Where the county server's program is: where `PORCH_COUNTY` says, or beside the tests' own directory,
/// built first.
///
/// # Errors
/// When it cannot be built.
pub fn county() -> anyhow::Result<PathBuf> {
    if let Some(program) = std::env::var_os("PORCH_COUNTY") {
        return Ok(program.into());
    }
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut building = Command::new(cargo);
    building
        .args(["build", "--quiet", "--workspace", "--bin", "porch-county"])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    // What cargo tells a test of its package would make build scripts that ask for it run again.
    for (name, _) in std::env::vars_os() {
        let told = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if told {
            building.env_remove(name);
        }
    }
    let built = building.status()?;
    anyhow::ensure!(built.success(), "porch-county could not be built");
    let here = std::env::current_exe()?;
    let directory = here.parent().and_then(Path::parent);
    let name = format!("porch-county{}", std::env::consts::EXE_SUFFIX);
    Ok(directory.context("the tests' own directory")?.join(name))
}
