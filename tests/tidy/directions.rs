//! Which room may use which: `src-tauri → desk → {store, sync, print} → domain`,
//! `county → {sync, domain}`. The store speaks the words of sync (rows, versions), never the
//! other way round.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::repository::Repository;

/// From, to.
pub(crate) type Edge = (String, String);

/// Each room and those that it may use.
const BELOW: &[(&str, &[&str])] = &[
    ("porch-catalogue", &[]),
    ("porch-domain", &["porch-catalogue"]),
    ("porch-sync", &["porch-domain"]),
    ("porch-print", &["porch-domain"]),
    ("porch-store", &["porch-domain", "porch-sync"]),
    (
        "porch-desk",
        &["porch-domain", "porch-sync", "porch-store", "porch-print"],
    ),
    ("porch-county", &["porch-domain", "porch-sync"]),
    ("porch", &["porch-desk"]),
    ("porch-xtask", &[]),
    (
        "porch-tests",
        &[
            "porch-domain",
            "porch-sync",
            "porch-store",
            "porch-desk",
            "porch-county",
            "porch-print",
        ],
    ),
];

/// What may be used for testing only: the two ends of a meeting are tested against each other.
const BELOW_IN_TESTS: &[(&str, &str)] = &[("porch-county", "porch-store")];

/// Those that may use the database's crate: the two stores, and the tests that look into them.
const DATABASE: &[&str] = &["porch-store", "porch-county", "porch-tests"];

/// Every dependency that a member declares, for building, testing or running.
pub(crate) fn edges(repository: &Repository) -> Result<BTreeSet<Edge>> {
    let metadata = MetadataCommand::new()
        .manifest_path(repository.root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cargo could not describe the workspace.")?;
    Ok(metadata
        .packages
        .iter()
        .flat_map(|package| {
            package
                .dependencies
                .iter()
                .filter(|used| {
                    let edge = (package.name.as_str(), used.name.as_str());
                    used.kind != DependencyKind::Development || !BELOW_IN_TESTS.contains(&edge)
                })
                .map(|used| (package.name.to_string(), used.name.clone()))
        })
        .collect())
}

/// Edges between rooms that do not point down.
pub(crate) fn complaints(edges: &BTreeSet<Edge>) -> Vec<String> {
    let is_room = |name: &str| name == "porch" || name.starts_with("porch-");
    edges
        .iter()
        .filter(|(from, to)| is_room(from) && is_room(to))
        .filter_map(
            |(from, to)| match BELOW.iter().find(|(room, _)| room == from) {
                Some((_, below)) if below.contains(&to.as_str()) => None,
                Some(_) => Some(format!("{from} uses {to}")),
                None => Some(format!(
                    "{from} is a room that docs/architecture.md does not know"
                )),
            },
        )
        .collect()
}

/// Rooms that reach for the database past the stores.
pub(crate) fn database_complaints(edges: &BTreeSet<Edge>) -> Vec<String> {
    edges
        .iter()
        .filter(|(from, to)| to == "rusqlite" && !DATABASE.contains(&from.as_str()))
        .map(|(from, to)| format!("{from} uses {to}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(from: &str, to: &str) -> BTreeSet<Edge> {
        BTreeSet::from([(from.to_owned(), to.to_owned())])
    }

    #[test]
    fn up_sideways_and_unknown_are_refused() {
        assert_eq!(
            complaints(&one("porch-domain", "porch-store")),
            ["porch-domain uses porch-store"]
        );
        assert_eq!(
            complaints(&one("porch-county", "porch-desk")),
            ["porch-county uses porch-desk"]
        );
        assert_eq!(
            complaints(&one("porch", "porch-store")),
            ["porch uses porch-store"]
        );
        assert_eq!(complaints(&one("porch-misc", "porch-domain")).len(), 1);
        assert!(complaints(&one("porch-desk", "porch-store")).is_empty());
        assert!(complaints(&one("porch-domain", "serde")).is_empty());
    }

    #[test]
    fn the_database_is_the_stores_own() {
        assert_eq!(
            database_complaints(&one("porch-desk", "rusqlite")),
            ["porch-desk uses rusqlite"]
        );
        assert!(database_complaints(&one("porch-store", "rusqlite")).is_empty());
    }

    #[test]
    fn the_workspace_is_seen() {
        let edges = edges(&Repository::open().unwrap()).unwrap();
        assert!(edges.contains(&("porch-domain".to_owned(), "porch-catalogue".to_owned())));
    }
}
