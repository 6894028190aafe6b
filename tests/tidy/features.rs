//! What only the simulation asks for is in no program that is shipped.

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand};

use crate::repository::Repository;

/// The feature by which crates are built for the simulation, with bugs that can be switched on.
const SIMULATION: &str = "simulation";

/// The workspace as it declares itself.
pub(crate) fn metadata(repository: &Repository) -> Result<Metadata> {
    MetadataCommand::new()
        .manifest_path(repository.root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cargo could not describe the workspace.")
}

/// Whoever turns it on without being asked to: by default, or for a crate that it uses.
pub(crate) fn complaints(metadata: &Metadata) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in &metadata.packages {
        let by_default = package.features.get("default");
        if by_default.is_some_and(|default| default.iter().any(|name| turns_on(name))) {
            complaints.push(format!("{} has it by default", package.name));
        }
        for used in &package.dependencies {
            if used.features.iter().any(|name| turns_on(name)) {
                complaints.push(format!("{} turns it on in {}", package.name, used.name));
            }
        }
    }
    complaints
}

fn turns_on(feature: &str) -> bool {
    feature.rsplit('/').next() == Some(SIMULATION)
}

/// The crates that have it.
pub(crate) fn with_it(metadata: &Metadata) -> Vec<&str> {
    let packages = metadata.packages.iter();
    let mut names: Vec<&str> = packages
        .filter(|package| package.features.contains_key(SIMULATION))
        .map(|package| package.name.as_str())
        .collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_turns_it_on_is_named() {
        let mut metadata = metadata(&Repository::open().unwrap()).unwrap();
        assert_eq!(
            with_it(&metadata),
            ["porch-county", "porch-store", "porch-sync", "porch-tests"],
            "or nothing would be looked for"
        );
        let county = metadata
            .packages
            .iter_mut()
            .find(|package| package.name == "porch-county")
            .unwrap();
        let features = vec!["porch-sync/simulation".to_owned()];
        county.features.insert("default".to_owned(), features);
        assert_eq!(complaints(&metadata), ["porch-county has it by default"]);
    }
}
