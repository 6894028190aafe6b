//! Each promise of the protocol has a test that bears its number.

use crate::repository::Text;

/// The promises of `docs/sync-protocol.md`.
const PROMISES: [u32; 6] = [1, 2, 3, 4, 5, 7];

/// Promises without a test that says which one it is.
pub(crate) fn complaints(files: &[Text]) -> Vec<String> {
    let is_told = |number: &u32| {
        let name = format!("fn promise_{number}_");
        let mut tests = files.iter().filter(|file| file.path.contains("tests/"));
        tests.any(|file| file.text.contains(&name))
    };
    PROMISES
        .iter()
        .filter(|number| !is_told(number))
        .map(|number| format!("promise {number} has no test that is named after it"))
        .collect()
}
