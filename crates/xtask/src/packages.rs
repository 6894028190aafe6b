//! The Debian packages that building and testing need.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{run_to_end, succeeds};
use crate::steps::say;

/// To build the program: the web view, and OpenSSL's headers for SQLCipher.
pub(crate) const BUILD: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libssl-dev",
];

/// To run the window with a secret service of its own.
pub(crate) const WINDOW: &[&str] = &["dbus", "gnome-keyring", "fonts-dejavu-core"];

/// To drive the window without a display.
pub(crate) const HEADLESS: &[&str] = &["xvfb", "webkit2gtk-driver"];

/// To drive the same screens in a second browser.
pub(crate) const BROWSER: &[&str] = &["chromium"];

/// For the county server's tests, which start a server of their own from it. The one that the
/// package may set up is left alone.
pub(crate) const DATABASE: &[&str] = &["postgresql-15"];

/// To read what stands in the PDFs, as screen readers do.
pub(crate) const PAPER: &[&str] = &["poppler-utils"];

/// To cross-check for Windows: a compiler with its library's sources, and the linker's tools.
pub(crate) const WINDOWS: &[&str] = &[
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "gcc-mingw-w64-x86-64-posix",
    "g++-mingw-w64-x86-64-posix",
];

/// Sees that every package of every list is there, and installs what is missing where it may.
/// Returns how many were installed.
pub(crate) fn ensure(lists: &[&[&str]]) -> Result<usize> {
    let wanted: Vec<&str> = lists.iter().copied().flatten().copied().collect();
    let Ok(asked) = Command::new("dpkg-query")
        .args(["-W", "-f=${Package} ${db:Status-Status}\n"])
        .args(&wanted)
        .output()
    else {
        say(&format!(
            "  This is not Debian, so nothing was checked. Needed are: {}",
            wanted.join(" ")
        ));
        return Ok(0);
    };
    let missing = missing(&wanted, &String::from_utf8_lossy(&asked.stdout));
    if missing.is_empty() {
        return Ok(0);
    }
    let Some(rights) = Rights::found() else {
        bail!(
            "Some Debian packages are missing, and there is no right to install them here. \
             Please run this line, then try again:\n\n  sudo apt-get install -y --no-install-recommends {}",
            missing.join(" ")
        );
    };
    say(&format!("  installing {}", missing.join(" ")));
    // A fresh system has no package lists, and old lists name packages that are gone: both show as
    // a failed first try.
    let install = |quiet: bool| {
        let mut command = rights.apt_get();
        command
            .args(["install", "-y", "-q", "--no-install-recommends"])
            .args(&missing);
        if quiet {
            succeeds(&mut command).then_some(()).context("")
        } else {
            run_to_end(&mut command)
        }
    };
    if install(true).is_err() {
        run_to_end(rights.apt_get().args(["update", "-q"]))
            .context("The list of Debian packages could not be fetched.")?;
        install(false).context("The Debian packages could not be installed.")?;
    }
    Ok(missing.len())
}

/// Those of `wanted` that dpkg's answer does not call installed.
fn missing<'a>(wanted: &[&'a str], answer: &str) -> Vec<&'a str> {
    wanted
        .iter()
        .copied()
        .filter(|name| {
            !answer
                .lines()
                .any(|line| line.split_once(' ') == Some((name, "installed")))
        })
        .collect()
}

/// How packages may be installed.
enum Rights {
    Root,
    Sudo,
}

impl Rights {
    fn found() -> Option<Rights> {
        let user = Command::new("id").arg("-u").output().ok()?;
        if user.stdout.trim_ascii() == b"0" {
            Some(Rights::Root)
        } else {
            succeeds(Command::new("sudo").args(["-n", "true"])).then_some(Rights::Sudo)
        }
    }

    fn apt_get(&self) -> Command {
        let mut command = match self {
            Rights::Root => Command::new("env"),
            Rights::Sudo => {
                let mut sudo = Command::new("sudo");
                sudo.args(["-n", "env"]);
                sudo
            }
        };
        command.args([
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-o",
            "DPkg::Lock::Timeout=300",
        ]);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_dpkg_calls_installed_counts() {
        let answer = "xvfb installed\ndbus config-files\nlibssl-dev not-installed\n";
        assert_eq!(
            missing(&["xvfb", "dbus", "libssl-dev", "chromium"], answer),
            ["dbus", "libssl-dev", "chromium"]
        );
    }

    #[test]
    fn a_longer_name_does_not_stand_for_a_shorter_one() {
        assert_eq!(missing(&["dbus"], "dbus-bin installed\n"), ["dbus"]);
    }
}
