//! What happened, in order: the same for the same seed.

use std::collections::VecDeque;
use std::fmt::Arguments;

use sha2::{Digest as _, Sha256};

/// How much of it is kept to be shown.
const KEPT: usize = 60;

/// What happened. Salts and digests are no part of it: they are the operating system's randomness.
pub(super) struct Trace {
    digest: Sha256,
    last: VecDeque<String>,
    lines: u64,
    verbose: bool,
}

impl Trace {
    /// Of a seed; a verbose one keeps all of it.
    #[must_use]
    pub(super) fn of(seed: u64, verbose: bool) -> Self {
        let mut digest = Sha256::new();
        digest.update(seed.to_le_bytes());
        Self {
            digest,
            last: VecDeque::new(),
            lines: 0,
            verbose,
        }
    }

    /// Notes what happened.
    pub(super) fn note(&mut self, what: Arguments<'_>) {
        self.lines += 1;
        let line = format!("{:5} {what}", self.lines);
        self.digest.update(line.as_bytes());
        if !self.verbose && self.last.len() == KEPT {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    /// SHA-256 over all of it, shortened.
    #[must_use]
    pub(super) fn hash(&self) -> u64 {
        let digest = self.digest.clone().finalize();
        digest
            .first_chunk()
            .map_or(0, |first| u64::from_le_bytes(*first))
    }

    /// The end of it, or all of a verbose one.
    #[must_use]
    pub(super) fn shown(&self) -> String {
        let lines: Vec<&str> = self.last.iter().map(String::as_str).collect();
        lines.join("\n")
    }
}
