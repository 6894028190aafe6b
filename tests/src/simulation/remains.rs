//! What is left of somebody who was erased: nothing, in any file of any device, nor at the county.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use anyhow::{Context as _, Result, ensure};

use super::world::World;
use crate::pages::{Page, read_pages};

impl World {
    /// A word that was in each field of an erased person is nowhere, free pages, the unused space of
    /// pages and the log included.
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
                let left: Vec<_> = pages
                    .iter()
                    .filter_map(|page| Some((page, position(page, word.as_bytes())?)))
                    .collect();
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
