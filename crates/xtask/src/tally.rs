//! Counting tests from what test runners print.

use anyhow::{Context, Result};
use serde_json::Value;

/// How many tests held and how many did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Tally {
    /// Sums the summaries of Rust's test runner: `test result: ok. 12 passed; 0 failed; …`.
    pub(crate) fn from_rust(printed: &str) -> Tally {
        let mut sum = Tally::default();
        for line in printed
            .lines()
            .filter(|line| line.starts_with("test result: "))
        {
            let count = |word: &str| -> u64 {
                line.split([';', '.'])
                    .filter_map(|part| part.trim().strip_suffix(word))
                    .find_map(|number| number.trim().parse().ok())
                    .unwrap_or(0)
            };
            sum += Tally {
                passed: count("passed"),
                failed: count("failed"),
            };
        }
        sum
    }

    /// Reads vitest's report in JSON.
    pub(crate) fn from_vitest(report: &str) -> Result<Tally> {
        let report: Value = serde_json::from_str(report).context("vitest's report is not JSON.")?;
        let count = |name: &str| {
            report
                .get(name)
                .and_then(Value::as_u64)
                .with_context(|| format!("vitest's report has no {name}."))
        };
        Ok(Tally {
            passed: count("numPassedTests")?,
            failed: count("numFailedTests")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_added_up() {
        let printed = "running 2 tests\ntest a ... ok\n\
            test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.00s\n\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s\n";
        assert_eq!(
            Tally::from_rust(printed),
            Tally {
                passed: 15,
                failed: 2
            }
        );
    }

    #[test]
    fn what_a_test_prints_is_not_a_summary() {
        assert_eq!(
            Tally::from_rust("  test result: ok. 9 passed; 0 failed\n"),
            Tally::default()
        );
    }

    #[test]
    fn vitest_s_report_is_read_or_refused() {
        let report = r#"{"numTotalTests":3,"numPassedTests":2,"numFailedTests":1}"#;
        assert_eq!(
            Tally::from_vitest(report).unwrap(),
            Tally {
                passed: 2,
                failed: 1
            }
        );
        assert!(Tally::from_vitest("{}").is_err());
    }
}
