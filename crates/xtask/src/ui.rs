//! The window's pages: installed and built only when what they are made of has changed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths::Paths;
use crate::process::{output, run_to_end};
use crate::steps::step;

/// Folders of `ui/` that are made, not written.
const MADE: &[&str] = &["node_modules", "dist", "dist-gallery", ".vite"];

/// Installs the packages that `package-lock.json` names.
pub(crate) fn install(paths: &Paths) -> Result<()> {
    let ui = paths.root.join("ui");
    let stamp = paths.target.join("ui/packages.stamp");
    let now = stamp_of(&[ui.join("package.json"), ui.join("package-lock.json")])?;
    if ui.join("node_modules").is_dir() && stands(&stamp, &now) {
        return Ok(());
    }
    step("Install the window's packages (npm ci)", || {
        let version = output(Command::new("node").arg("--version"))
            .context("Node is needed to build the window: version 20 or later.")?;
        if major(&version).is_none_or(|major| major < 20) {
            bail!(
                "Node 20 or later is needed to build the window; this is {}.",
                version.trim()
            );
        }
        run_to_end(
            Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                .current_dir(&ui),
        )?;
        keep(&stamp, &now)
    })
}

/// Builds `ui/dist`, which the shell carries inside itself.
pub(crate) fn build(paths: &Paths) -> Result<()> {
    install(paths)?;
    let ui = paths.root.join("ui");
    let stamp = paths.target.join("ui/build.stamp");
    if ui.join("dist/index.html").is_file() && stands(&stamp, &stamp_of(&sources(&ui)?)?) {
        return Ok(());
    }
    step("Build the window's pages", || {
        run_to_end(
            Command::new("npm")
                .args(["run", "--silent", "build"])
                .current_dir(&ui),
        )?;
        // Stamped afterwards: building writes the words' module among the sources.
        keep(&stamp, &stamp_of(&sources(&ui)?)?)
    })
}

fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// Every written file below `ui/`, in a fixed order.
fn sources(ui: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![ui.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)
            .with_context(|| format!("{} could not be read.", folder.display()))?
        {
            let entry = entry?;
            let made = entry
                .file_name()
                .to_str()
                .is_some_and(|name| MADE.contains(&name));
            if entry.file_type()?.is_dir() {
                if !made {
                    folders.push(entry.path());
                }
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A mark that changes when a file's name or content does. Not a digest against forgery: it only
/// decides whether to build again.
fn stamp_of(files: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        std::fs::read(file)
            .with_context(|| format!("{} could not be read.", file.display()))?
            .hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn stands(stamp: &Path, now: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|kept| kept == now)
}

fn keep(stamp: &Path, now: &str) -> Result<()> {
    if let Some(folder) = stamp.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(stamp, now).with_context(|| format!("{} could not be written.", stamp.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_changes_with_a_file_s_content_and_its_name() {
        let folder = std::env::temp_dir().join(format!("porch-xtask-stamp-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("node_modules")).unwrap();
        std::fs::write(folder.join("a"), "one").unwrap();
        std::fs::write(folder.join("node_modules/x"), "made").unwrap();
        let first = stamp_of(&sources(&folder).unwrap()).unwrap();
        std::fs::write(folder.join("node_modules/x"), "made anew").unwrap();
        assert_eq!(
            first,
            stamp_of(&sources(&folder).unwrap()).unwrap(),
            "made files do not count"
        );
        std::fs::write(folder.join("a"), "two").unwrap();
        let second = stamp_of(&sources(&folder).unwrap()).unwrap();
        assert_ne!(first, second);
        std::fs::rename(folder.join("a"), folder.join("b")).unwrap();
        assert_ne!(second, stamp_of(&sources(&folder).unwrap()).unwrap());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn node_s_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("none"), None);
    }
}
