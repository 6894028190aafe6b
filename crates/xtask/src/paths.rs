//! Where things lie. Everything that these commands write lies under the target directory.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The repository and its target directory.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    /// The directory of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target directory.
    pub(crate) target: PathBuf,
}

impl Paths {
    /// Finds both from what cargo tells a program that it runs.
    pub(crate) fn find() -> Result<Paths> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .ancestors()
            .nth(2)
            .context("The xtask crate is not where it should be, two folders below the workspace.")?
            .to_path_buf();
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |dir| root.join(dir));
        Ok(Paths { root, target })
    }

    /// A program that cargo built in the given profile's directory (`debug` or `release`).
    pub(crate) fn program(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(name)
    }

    /// The pinned tauri-driver.
    pub(crate) fn tauri_driver(&self) -> PathBuf {
        self.target.join("tools/bin/tauri-driver")
    }
}

/// A path as a person wants to read it: from the repository's root where it lies inside.
pub(crate) fn shown(path: &Path, paths: &Paths) -> String {
    path.strip_prefix(&paths.root)
        .unwrap_or(path)
        .display()
        .to_string()
}
