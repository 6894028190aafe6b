//! What is left of somebody who was erased: nothing, in any file of any device, nor at the county.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use anyhow::{Context as _, Result, ensure};

use super::world::World;
use crate::pages::{Page, read_pages};

impl World {
    /// A word that was in each field of an erased person is nowhere, free pages and log included. What
    /// lies between the cells of a page is counted: see `docs/simulation.md`.
    pub(super) fn nothing_is_left_of_the_erased(&mut self, at_rest: bool) -> Result<()> {
        let mut pages: BTreeMap<usize, Vec<Page>> = BTreeMap::new();
        for (person, confirmed) in self.erased()? {
            let Some(known) = self.known.people.get(&person) else {
                continue;
            };
            let word = known.word.clone();
            ensure!(
                !self.store.says(&word),
                "the county still says something of an erased person"
            );
            for place in self.in_use() {
                let device = self.devices.get(place).context("no such device")?;
                // A copy, and one from a backup, confirms for itself only when it has met the county.
                let for_itself = !device.second_hand && confirmed.contains(&device.number);
                if !at_rest && !for_itself {
                    continue;
                }
                let pages = match pages.entry(place) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(vacant) => {
                        vacant.insert(read_pages(&device.path(), &super::device::KEY)?)
                    }
                };
                let (unused, left): (Vec<_>, Vec<_>) = pages
                    .iter()
                    .filter_map(|page| Some((page, position(page, word.as_bytes())?)))
                    .partition(|(page, at)| is_unused(page, *at));
                if !unused.is_empty() {
                    self.counters
                        .count("erased, in unused space of a page", "device");
                }
                let told = device.store.read(|read| read.is_erased(person))?;
                // Known limits (`docs/security.md`): the other one of two with one number may have confirmed
                // for both, and a county that was restored may not know whom to tell of.
                let may_not_know = device.second_hand || self.known.not_told.contains(&person);
                if may_not_know && !told && !left.is_empty() {
                    let whose = if device.second_hand {
                        "a copy"
                    } else {
                        "after a restore"
                    };
                    self.counters.count("erased, and was not told", whose);
                    continue;
                }
                ensure!(
                    left.is_empty(),
                    "device {place} still has something of erased person {person} (told: {told}): {:?}",
                    left.iter()
                        .map(|(page, at)| around(page, *at))
                        .collect::<Vec<_>>()
                );
            }
        }
        Ok(())
    }
}

fn position(page: &Page, word: &[u8]) -> Option<usize> {
    page.plain.windows(word.len()).position(|part| part == word)
}

/// Whether a place lies between the cell pointers and the cells of a b-tree page
/// (<https://www.sqlite.org/fileformat2.html#b_tree_pages>): nothing points there.
fn is_unused(page: &Page, at: usize) -> bool {
    let header = if page.number == 1 { 100 } else { 0 };
    let pair = |at: usize| {
        let pair = page.plain.get(at..at + 2).unwrap_or_default();
        pair.iter()
            .fold(0, |all, byte| all * 256 + usize::from(*byte))
    };
    let length = match page.plain.get(header) {
        Some(2 | 5) => 12,
        Some(10 | 13) => 8,
        _ => return false,
    };
    let pointers = header + length + 2 * pair(header + 3);
    (pointers..pair(header + 5)).contains(&at)
}

/// What stands around a place.
fn around(page: &Page, at: usize) -> String {
    let end = (at + 80).min(page.plain.len());
    let part = page.plain.get(at.saturating_sub(160)..end);
    let text = String::from_utf8_lossy(part.unwrap_or_default());
    let text = text
        .chars()
        .map(|letter| if letter.is_control() { '.' } else { letter });
    format!(
        "{:?} {}: {}",
        page.place,
        page.number,
        text.collect::<String>()
    )
}
