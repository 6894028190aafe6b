//! What the program is made of: crates from one registry, under licences that may be given on
//! together with the EUPL.

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;

use crate::repository::Repository;

/// Licences that ask for no more than to be named, and the two weak copyleft ones (MPL for its
/// own files, the EUPL for ours).
const FINE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "EUPL-1.2",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "WTFPL",
    "Zlib",
    "blessing",
];

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// A crate of the program: its name, its licence and where it comes from.
pub(crate) type Used = (String, Option<String>, Option<String>);

/// Every crate that is compiled for this system.
pub(crate) fn used(repository: &Repository) -> Result<Vec<Used>> {
    let metadata = MetadataCommand::new()
        .manifest_path(repository.root().join("Cargo.toml"))
        .other_options([
            "--locked".to_owned(),
            "--filter-platform".to_owned(),
            "x86_64-unknown-linux-gnu".to_owned(),
        ])
        .exec()
        .context("cargo could not describe what the program is made of.")?;
    Ok(metadata
        .packages
        .into_iter()
        .map(|package| {
            (
                package.name.to_string(),
                package.license,
                package.source.map(|source| source.repr),
            )
        })
        .collect())
}

/// Crates of unknown or unfit licence, or from elsewhere than the registry.
pub(crate) fn complaints(used: &[Used]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, licence, source) in used {
        match licence {
            None => complaints.push(format!("{name} names no licence")),
            Some(licence) if !is_fine(licence) => {
                complaints.push(format!("{name} is under {licence}"))
            }
            Some(_) => {}
        }
        if let Some(source) = source.as_deref().filter(|source| *source != REGISTRY) {
            complaints.push(format!("{name} comes from {source}"));
        }
    }
    complaints
}

/// Whether a licence expression can be met: OR leaves the choice, AND asks for both.
fn is_fine(expression: &str) -> bool {
    // Before expressions were written with OR, a stroke meant the same.
    let expression = expression.replace('/', " OR ");
    any_fine(&expression)
}

fn any_fine(expression: &str) -> bool {
    parts(expression, " OR ")
        .iter()
        .any(|part| parts(part, " AND ").iter().all(|part| one_fine(part)))
}

fn one_fine(part: &str) -> bool {
    let part = part.trim();
    match part
        .strip_prefix('(')
        .and_then(|part| part.strip_suffix(')'))
    {
        Some(inner) => any_fine(inner),
        None => FINE.contains(
            &part
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .as_str(),
        ),
    }
}

/// Splits at a word that is not inside brackets.
fn parts<'a>(expression: &'a str, word: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut depth = 0_i32;
    let mut start = 0;
    for (at, letter) in expression.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0
            && at >= start
            && expression
                .get(at..)
                .is_some_and(|rest| rest.starts_with(word))
        {
            parts.extend(expression.get(start..at));
            start = at + word.len();
        }
    }
    parts.extend(expression.get(start..));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_needs_one_fine_licence_and_a_sum_needs_all() {
        for fine in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 / MIT",
        ] {
            assert!(is_fine(fine), "{fine}");
        }
        for unfit in [
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "ISC AND (AGPL-3.0 OR SSPL-1.0)",
            "",
        ] {
            assert!(!is_fine(unfit), "{unfit}");
        }
    }

    #[test]
    fn a_crate_without_licence_or_from_elsewhere_is_named() {
        let used = |licence: Option<&str>, source: &str| {
            vec![(
                "x".to_owned(),
                licence.map(str::to_owned),
                Some(source.to_owned()),
            )]
        };
        assert!(complaints(&used(Some("MIT"), REGISTRY)).is_empty());
        assert_eq!(complaints(&used(None, REGISTRY)), ["x names no licence"]);
        assert_eq!(
            complaints(&used(Some("MIT"), "git+https://x.example")),
            ["x comes from git+https://x.example"]
        );
    }
}
