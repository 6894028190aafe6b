//! The repository's own files, as git sees them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// One text of the repository.
#[derive(Debug)]
pub(crate) struct Text {
    /// From the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Text {
    /// A sample for showing that a rule can fail.
    #[cfg(test)]
    pub(crate) fn sample(path: &str, text: &str) -> Text {
        Text {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// Lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// A complaint that points at a line.
    pub(crate) fn at(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }

    pub(crate) fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }
}

/// The files that are, or would be, committed.
pub(crate) struct Repository {
    root: PathBuf,
    paths: Vec<String>,
}

impl Repository {
    pub(crate) fn open() -> Result<Repository> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("The tests lie in a folder of the repository.")?
            .to_path_buf();
        let listed = Command::new("git")
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(&root)
            .output()
            .context("git is needed to list the repository's files.")?;
        if !listed.status.success() {
            bail!(
                "git could not list the files: {}",
                String::from_utf8_lossy(&listed.stderr)
            );
        }
        let paths = String::from_utf8(listed.stdout)?
            .split_terminator('\0')
            .filter(|path| root.join(path).is_file())
            .map(str::to_owned)
            .collect();
        Ok(Repository { root, paths })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn paths(&self) -> &[String] {
        &self.paths
    }

    pub(crate) fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.root.join(path)).ok()
    }

    pub(crate) fn read(&self, path: &str) -> Result<String> {
        std::fs::read_to_string(self.root.join(path))
            .with_context(|| format!("{path} could not be read."))
    }

    /// Texts with one of these endings, or every text; lock files are other people's words.
    pub(crate) fn texts(&self, endings: &[&str]) -> Result<Vec<Text>> {
        let mut texts = Vec::new();
        for path in &self.paths {
            let ending = Path::new(path)
                .extension()
                .and_then(|ending| ending.to_str())
                .unwrap_or_default();
            let is_lock = ending == "lock" || path.ends_with("package-lock.json");
            if is_lock || !(endings.is_empty() || endings.contains(&ending)) {
                continue;
            }
            let bytes = self
                .bytes(path)
                .with_context(|| format!("{path} could not be read."))?;
            if let Ok(text) = String::from_utf8(bytes) {
                texts.push(Text {
                    path: path.clone(),
                    text,
                });
            }
        }
        Ok(texts)
    }
}

/// Fails with the rule in words and each place that breaks it.
pub(crate) fn nothing_found(rule: &str, complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "{rule}:\n  {}",
        complaints.join("\n  ")
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "A rule:\n  a.rs:1: broken")]
    fn a_complaint_makes_a_test_fail_with_its_place() {
        nothing_found("A rule", &["a.rs:1: broken".to_owned()]);
    }

    #[test]
    fn this_file_is_among_the_repository_s() {
        let texts = Repository::open().unwrap().texts(&["rs"]).unwrap();
        assert!(
            texts
                .iter()
                .any(|text| text.path == "tests/tidy/repository.rs")
        );
    }
}
