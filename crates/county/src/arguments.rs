//! The command line: `--name value` and `--flag`, nothing else.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context as _, Result, bail};

/// Flags take no value.
const FLAGS: &[&str] = &["restricted"];

/// What was given after the command.
pub(crate) struct Arguments {
    given: Vec<(String, Option<String>)>,
}

impl Arguments {
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut given = Vec::new();
        while let Some(word) = words.next() {
            let Some(name) = word.strip_prefix("--") else {
                bail!("unexpected {word:?}: options are --name value");
            };
            let (name, value) = match name.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None if FLAGS.contains(&name) => (name.to_owned(), None),
                None => {
                    let value = words.next();
                    (
                        name.to_owned(),
                        Some(value.with_context(|| format!("--{name} needs a value"))?),
                    )
                }
            };
            given.push((name, value));
        }
        Ok(Self { given })
    }

    pub(crate) fn take_all(&mut self, name: &str) -> Vec<String> {
        let (taken, left) = std::mem::take(&mut self.given)
            .into_iter()
            .partition(|(given, _)| given == name);
        self.given = left;
        let taken: Vec<(String, Option<String>)> = taken;
        taken.into_iter().filter_map(|(_, value)| value).collect()
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.take_all(name).pop()
    }

    pub(crate) fn take_flag(&mut self, name: &str) -> bool {
        let before = self.given.len();
        self.given.retain(|(given, _)| given != name);
        self.given.len() < before
    }

    pub(crate) fn parsed<T: FromStr>(&mut self, name: &str) -> Result<Option<T>> {
        self.take(name)
            .map(|text| {
                text.parse()
                    .ok()
                    .with_context(|| format!("--{name} cannot be {text:?}"))
            })
            .transpose()
    }

    pub(crate) fn directory(&mut self) -> Result<PathBuf> {
        self.take("dir")
            .map(PathBuf::from)
            .context("--dir is missing")
    }

    /// Nothing may be left: a misspelt option is said, not ignored.
    pub(crate) fn finish(self) -> Result<()> {
        match self.given.first() {
            Some((name, _)) => bail!("there is no option --{name} here"),
            None => Ok(()),
        }
    }
}
