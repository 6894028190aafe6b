//! `migrations/LANDED`: what `sha256sum` says of each migration that has reached anyone's device.
//! Lines are added with a migration and never changed.

use sha2::{Digest, Sha256};

/// Landed migrations that are gone or changed. `bytes` reads a file by its path from the root.
pub(crate) fn complaints(recorded: &str, bytes: impl Fn(&str) -> Option<Vec<u8>>) -> Vec<String> {
    recorded
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| {
            let Some((digest, path)) = line.split_once("  ") else {
                return Some(format!(
                    "migrations/LANDED: `{line}` is not a digest and a path"
                ));
            };
            match bytes(path) {
                None => Some(format!("{path} is gone")),
                Some(bytes) if hex(&bytes) != digest => Some(format!("{path} was changed")),
                Some(_) => None,
            }
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_changed_and_a_missing_migration_are_named() {
        let line = format!("{EMPTY}  migrations/desk/0001.sql\n");
        assert!(complaints(&line, |_| Some(Vec::new())).is_empty());
        assert_eq!(
            complaints(&line, |_| Some(b"x".to_vec())),
            ["migrations/desk/0001.sql was changed"]
        );
        assert_eq!(
            complaints(&line, |_| None),
            ["migrations/desk/0001.sql is gone"]
        );
        assert_eq!(complaints("nonsense", |_| None).len(), 1);
    }

    #[test]
    fn a_migration_that_has_not_landed_may_change() {
        assert!(complaints("# nothing yet\n", |_| None).is_empty());
    }
}
