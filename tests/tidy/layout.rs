//! The rooms of the repository and what each says of itself.

use std::collections::BTreeSet;

/// What may stand at the top level: the given layout, and what tools need.
const TOP_LEVEL: &[&str] = &[
    ".cargo",
    ".ci",
    ".gitattributes",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "clippy.toml",
    "crates",
    "deny.toml",
    "docs",
    "icons",
    "migrations",
    "rustfmt.toml",
    "src-tauri",
    "tests",
    "ui",
];

/// What must stand there.
const GIVEN: &[&str] = &[
    ".ci/run",
    "Cargo.toml",
    "README.md",
    "icons/",
    "migrations/",
    "src-tauri/",
    "tests/",
    "ui/",
];

const CRATES: &[&str] = &[
    "catalogue",
    "county",
    "desk",
    "domain",
    "print",
    "store",
    "sync",
    "xtask",
];

/// What is at the top level and should not be, and what should be and is not.
pub(crate) fn complaints(paths: &[String]) -> Vec<String> {
    let mut strange = BTreeSet::new();
    for path in paths {
        let top = path.split('/').next().unwrap_or_default();
        if !TOP_LEVEL.contains(&top) {
            strange.insert(format!("{top} has no place at the top level"));
        }
        if let Some(("crates", rest)) = path.split_once('/')
            && !CRATES.contains(&rest.split('/').next().unwrap_or_default())
        {
            strange.insert(format!(
                "{path} belongs to no crate of docs/architecture.md"
            ));
        }
    }
    let missing = GIVEN
        .iter()
        .filter(|given| {
            !paths
                .iter()
                .any(|path| path == *given || (given.ends_with('/') && path.starts_with(*given)))
        })
        .map(|given| format!("{given} is missing"));
    strange.into_iter().chain(missing).collect()
}

/// Members of the workspace without a line of purpose beside them.
pub(crate) fn purposes(manifest: &str) -> Vec<String> {
    let members: Vec<&str> = manifest
        .lines()
        .skip_while(|line| !line.starts_with("members"))
        .skip(1)
        .take_while(|line| !line.starts_with(']'))
        .filter(|line| !line.trim().is_empty())
        .collect();
    if members.is_empty() {
        return vec!["Cargo.toml: no members, one a line, were found".to_owned()];
    }
    members
        .into_iter()
        .filter(|line| {
            line.split_once('#')
                .is_none_or(|(_, purpose)| purpose.split_whitespace().count() < 3)
        })
        .map(|line| format!("Cargo.toml: {} has no purpose beside it", line.trim()))
        .collect()
}

/// A member that keeps its own counsel on lints.
pub(crate) fn lints(path: &str, manifest: &str) -> Option<String> {
    (!manifest.contains("[lints]\nworkspace = true"))
        .then(|| format!("{path}: the workspace's lints are not asked for"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_given() -> Vec<String> {
        GIVEN
            .iter()
            .map(|given| {
                if given.ends_with('/') {
                    format!("{given}x")
                } else {
                    (*given).to_owned()
                }
            })
            .collect()
    }

    #[test]
    fn strange_and_missing_things_are_named() {
        assert!(complaints(&all_given()).is_empty());
        let mut paths = all_given();
        paths.push("scripts/x.sh".to_owned());
        paths.push("crates/util/src/lib.rs".to_owned());
        paths.retain(|path| path != "README.md");
        assert_eq!(
            complaints(&paths),
            [
                "crates/util/src/lib.rs belongs to no crate of docs/architecture.md",
                "scripts has no place at the top level",
                "README.md is missing",
            ]
        );
    }

    #[test]
    fn a_member_without_a_purpose_is_named() {
        let manifest =
            "members = [\n    \"crates/a\",   # the rules and nothing else\n    \"crates/b\",\n]\n";
        assert_eq!(
            purposes(manifest),
            ["Cargo.toml: \"crates/b\", has no purpose beside it"]
        );
        assert_eq!(
            purposes("[workspace]\n").len(),
            1,
            "finding no members is no success"
        );
    }

    #[test]
    fn a_member_with_lints_of_its_own_is_named() {
        assert!(lints("a/Cargo.toml", "[package]\n").is_some());
        assert!(lints("a/Cargo.toml", "[lints]\nworkspace = true\n").is_none());
    }
}
