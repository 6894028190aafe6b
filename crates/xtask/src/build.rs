//! The program and its tests, compiled once.
//!
//! Cargo works out the features of shared dependencies for the packages that are asked for
//! together. Asking for one crate, then another, compiles many dependencies again with other
//! features; so every command here asks for the whole workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::paths::Paths;
use crate::process::run_to_end;
use crate::steps::step;

/// The WebDriver for Tauri's windows. 3.0 exists as an alpha: the second line is what works.
const TAURI_DRIVER: &str = "2.1.0";

/// Cargo as the one that runs us.
pub(crate) fn cargo(paths: &Paths) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&paths.root).stdin(Stdio::null());
    command
}

/// A test program that cargo has built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TestProgram {
    /// The folder of its package, from the repository's root: `crates/store`, `tests`.
    pub(crate) package: PathBuf,
    /// The target's kind: `lib`, `bin`, `test`.
    pub(crate) kind: String,
    /// The target's name.
    pub(crate) target: String,
    /// The program itself.
    pub(crate) program: PathBuf,
}

/// Compiles everything, tests included, and returns the test programs.
pub(crate) fn all_with_tests(paths: &Paths) -> Result<Vec<TestProgram>> {
    test_programs(paths, &["--workspace", "--all-targets"])
}

fn test_programs(paths: &Paths, what: &[&str]) -> Result<Vec<TestProgram>> {
    let mut command = cargo(paths);
    command
        .arg("build")
        .args(what)
        .arg("--message-format=json-render-diagnostics");
    quiet_without_a_person(&mut command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .context("cargo could not be started.")?;
    if !output.status.success() {
        bail!("The program or its tests do not compile.");
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| test_program(line, &paths.root).transpose())
        .collect()
}

/// Its program and its tests ask other crates for more than any shipped program has: see
/// `docs/simulation.md`.
const SIMULATION: [&str; 3] = ["--workspace", "--features", "porch-tests/simulation"];

/// Compiles the simulation's program.
pub(crate) fn simulation(paths: &Paths) -> Result<()> {
    let mut command = cargo(paths);
    command
        .arg("build")
        .args(SIMULATION)
        .args(["--bin", "porch-simulate"]);
    quiet_without_a_person(&mut command);
    run_to_end(&mut command).context("The simulation does not compile.")
}

/// Compiles the simulation's tests, and returns their program.
pub(crate) fn simulation_with_tests(paths: &Paths) -> Result<Vec<TestProgram>> {
    test_programs(
        paths,
        &[&SIMULATION[..], &["--test", "simulation"]].concat(),
    )
}

/// Compiles the programs without their tests.
pub(crate) fn programs(paths: &Paths, profile: &[&str]) -> Result<()> {
    let mut command = cargo(paths);
    command
        .args(["build", "--workspace", "--bins"])
        .args(profile);
    quiet_without_a_person(&mut command);
    run_to_end(&mut command).context("The program does not compile.")
}

/// Cargo lists every crate it compiles when nobody watches its progress bar; that fills a log.
pub(crate) fn quiet_without_a_person(command: &mut Command) {
    use std::io::IsTerminal;
    if !std::io::stderr().is_terminal() {
        command.arg("--quiet");
    }
}

/// Installs the pinned tauri-driver below the target directory unless it is there.
pub(crate) fn tauri_driver(paths: &Paths) -> Result<()> {
    let kept = std::fs::read_to_string(paths.target.join("tools/.crates.toml")).unwrap_or_default();
    if paths.tauri_driver().is_file() && kept.contains(&format!("\"tauri-driver {TAURI_DRIVER} ")) {
        return Ok(());
    }
    step("Install the driver of the window (tauri-driver)", || {
        let mut command = cargo(paths);
        command.args([
            "install",
            "tauri-driver",
            "--version",
            TAURI_DRIVER,
            "--locked",
            "--root",
        ]);
        command.arg(paths.target.join("tools"));
        quiet_without_a_person(&mut command);
        run_to_end(&mut command)
    })
}

/// Groups test programs by the step that runs them: a crate's folder name, or for the package of
/// boundary tests the name of each boundary.
pub(crate) fn by_step(programs: Vec<TestProgram>) -> BTreeMap<String, Vec<TestProgram>> {
    let mut steps: BTreeMap<String, Vec<TestProgram>> = BTreeMap::new();
    for program in programs {
        let folder = program
            .package
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let name = match (folder.as_str(), program.kind.as_str()) {
            ("tests", "test") => program.target.clone(),
            ("tests", _) => "testkit".to_owned(),
            ("src-tauri", _) => "shell".to_owned(),
            _ => folder,
        };
        steps.entry(name).or_default().push(program);
    }
    steps
}

/// Reads one of cargo's messages; only those that announce a test program of ours say anything.
fn test_program(line: &str, root: &Path) -> Result<Option<TestProgram>> {
    let message: Value =
        serde_json::from_str(line).context("Cargo said something that is not JSON.")?;
    let at = |pointer: &str| message.pointer(pointer).and_then(Value::as_str);
    if at("/reason") != Some("compiler-artifact")
        || message.pointer("/profile/test") != Some(&Value::Bool(true))
    {
        return Ok(None);
    }
    let (Some(program), Some(manifest), Some(kind), Some(target)) = (
        at("/executable"),
        at("/manifest_path"),
        at("/target/kind/0"),
        at("/target/name"),
    ) else {
        return Ok(None);
    };
    let package = Path::new(manifest)
        .parent()
        .and_then(|folder| folder.strip_prefix(root).ok())
        .context("Cargo built a test outside the repository.")?;
    let kind = if kind.ends_with("lib") || kind == "proc-macro" {
        "lib"
    } else {
        kind
    };
    Ok(Some(TestProgram {
        package: package.to_path_buf(),
        kind: kind.to_owned(),
        target: target.to_owned(),
        program: PathBuf::from(program),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: &str = r#"{"reason":"compiler-artifact","manifest_path":"/p/crates/store/Cargo.toml",
        "target":{"kind":["lib"],"name":"porch_store"},"profile":{"test":true},"executable":"/p/target/debug/deps/porch_store-1"}"#;

    #[test]
    fn a_test_program_is_told_from_a_library() {
        let read = test_program(STORE, Path::new("/p")).unwrap().unwrap();
        assert_eq!(
            (read.package.as_path(), read.kind.as_str()),
            (Path::new("crates/store"), "lib")
        );
        let library = STORE.replace("\"test\":true", "\"test\":false");
        assert_eq!(test_program(&library, Path::new("/p")).unwrap(), None);
    }

    #[test]
    fn boundaries_are_steps_of_their_own_and_a_crate_is_one() {
        let program = |package: &str, kind: &str, target: &str| TestProgram {
            package: package.into(),
            kind: kind.into(),
            target: target.into(),
            program: "x".into(),
        };
        let steps = by_step(vec![
            program("tests", "test", "window"),
            program("tests", "lib", "porch_tests"),
            program("crates/county", "lib", "porch_county"),
            program("crates/county", "bin", "porch-county"),
            program("src-tauri", "bin", "porch"),
        ]);
        assert_eq!(
            steps.keys().collect::<Vec<_>>(),
            ["county", "shell", "testkit", "window"]
        );
        assert_eq!(steps.get("county").map(Vec::len), Some(2));
    }
}
