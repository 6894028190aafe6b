//! How often what went wrong, where: a combination that never occurs is a blind spot.

use std::collections::BTreeMap;
use std::fmt;

/// Counts, by what went wrong and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters(BTreeMap<(String, String), u64>);

impl Counters {
    /// Counts one.
    pub fn count(&mut self, what: &str, whereat: &str) {
        let key = (what.to_owned(), whereat.to_owned());
        *self.0.entry(key).or_default() += 1;
    }

    /// How often.
    #[must_use]
    pub fn of(&self, what: &str, whereat: &str) -> u64 {
        let key = (what.to_owned(), whereat.to_owned());
        self.0.get(&key).copied().unwrap_or_default()
    }

    /// Adds another run's.
    pub fn add(&mut self, other: &Self) {
        for (key, count) in &other.0 {
            *self.0.entry(key.clone()).or_default() += count;
        }
    }
}

impl fmt::Display for Counters {
    /// A table in Markdown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | where | times |\n| --- | --- | ---: |")?;
        for ((what, whereat), count) in &self.0 {
            writeln!(f, "| {what} | {whereat} | {count} |")?;
        }
        Ok(())
    }
}

/// What must occur over many seeds, or the simulation has a blind spot: what goes wrong, and where.
pub const EXPECTED: &[(&str, &[&str])] = &[
    ("dropped", REQUESTS),
    ("answerdropped", REQUESTS),
    ("twice", REQUESTS),
    ("truncated", REQUESTS),
    ("wrong", REQUESTS),
    ("power before", &["save", "take_page", "answered"]),
    ("power inside", &["save", "take_page", "answered"]),
    ("power after", &["save", "take_page", "answered"]),
    ("disk full", &["save", "take_page"]),
    ("commit breaks", &["Before", "After"]),
    ("server dies", &["push", "pull"]),
    ("device dies", &["in a meeting", "with unsent work"]),
    ("clock", &["ahead", "behind"]),
    ("cloned", &["in a meeting", "with unsent work"]),
    ("copied", &["rejoins", "answer lost"]),
    ("device restored", &["with unsent work"]),
    ("county restored", &["at work", "a device was put back"]),
    ("revoked", &["with unsent work"]),
    ("scope change", &["done"]),
    ("upgraded", &["with unsent work"]),
    ("let in", &["done"]),
    ("discard", &["done"]),
    ("backup", &["done"]),
    (
        "stick",
        &["lost", "copied", "returned a page", "returned outcomes"],
    ),
    (
        "deed",
        &[
            "Register",
            "Edit",
            "EditNewer",
            "Arrive",
            "Leave",
            "Void",
            "Note",
            "Authorise",
            "EndAuthority",
            "Decide",
            "Withdraw",
            "Photograph",
            "Move",
            "Part",
            "Erase",
            "Merge",
            "Unmerge",
            "Stray",
        ],
    ),
];

const REQUESTS: &[&str] = &[
    "push",
    "pull",
    "blob_state",
    "put_chunk",
    "get_chunk",
    "fetch",
];
