//! A save at a desk: from when it is acknowledged, nothing may lose it.

use std::collections::BTreeSet;

use anyhow::{Result, bail, ensure};
use porch_domain::alias::{NEWER_SEEN, OLDER_SEEN};
use porch_domain::catalogue::{Shape, record_entry};
use porch_domain::decision::Purpose;
use porch_domain::id::PersonId;
use porch_store::{StoreError, Write};
use porch_sync::{Change, Op, Version};
use rusqlite::params;
use serde_json::Value;

use super::deeds::Deed;
use super::frail::Power;
use super::known::Written;
use super::pictures::Shot;
use super::records::AUTHOR;
use super::world::World;

/// What is kept of a save once it was acknowledged.
pub(super) type Then = Box<dyn FnOnce(&mut World)>;

/// What one save writes.
pub(super) struct Save {
    /// What is written.
    pub(super) changes: Vec<Change>,
    /// A photo and who is in it.
    pub(super) picture: Option<(Shot, BTreeSet<PersonId>)>,
    /// What is known once it was acknowledged.
    pub(super) then: Then,
}

impl Save {
    /// Only changes.
    pub(super) fn of(changes: Vec<Change>) -> Self {
        Self {
            changes,
            picture: None,
            then: Box::new(|_| {}),
        }
    }
}

impl World {
    /// Saves at a device, if the power lasts.
    pub(super) fn save(&mut self, place: usize, deed: Deed, save: Save) -> Result<()> {
        let now_ms = self.now_ms();
        let torn = self.mishaps && self.chance.one_in(60);
        let power =
            self.chance
                .weighted(&[(1, Power::Before), (2, Power::Inside), (1, Power::After)]);
        let power = power.filter(|_| torn);
        let part = self.chance.bits().to_le_bytes()[0];
        let purpose = self.purpose;
        let device = self.device(place)?;
        if power == Some(Power::Before) {
            self.counters.count("power before", "save");
            return self.cut_power(place, None);
        }
        let tear = device.frail.about_to_tear(part);
        let now = device.now(now_ms);
        let frail = device.frail.clone();
        let Save {
            changes,
            picture,
            then,
        } = save;
        let written = changes.clone();
        let store = device.store.clone();
        let saved = store.write(|write| {
            let version = write.save(AUTHOR, now, changes)?;
            if let Some((shot, people)) = &picture {
                put_picture(write, shot, people, purpose)?;
            }
            Ok::<_, StoreError>(version)
        });
        let deed_word = format!("{deed:?}");
        self.trace.note(format_args!(
            "device {place} {deed_word} {}: {}",
            named(&written),
            match &saved {
                Ok(version) => version.to_string(),
                Err(error) => error.to_string(),
            }
        ));
        let version = match saved {
            Ok(version) => version,
            Err(StoreError::DiskFull) => {
                self.counters.count("disk full", "save");
                return self.after_device_step(place);
            }
            Err(StoreError::Consent(_) | StoreError::Erased | StoreError::NotWhole) => {
                return self.after_device_step(place);
            }
            Err(error) => bail!("device {place} could not save {deed_word}: {error:?}"),
        };
        self.counters.count("deed", &deed_word);
        if let Some(power) = power {
            let torn = match power {
                Power::Inside => tear.filter(|torn| frail.is_of_this_log(torn)),
                _ => None,
            };
            self.counters.count(
                if torn.is_some() {
                    "power inside"
                } else {
                    "power after"
                },
                "save",
            );
            self.cut_power(place, torn)?;
            let last = self.device(place)?.count("SELECT sequence FROM tally")?;
            ensure!(
                power != Power::After || last >= version.sequence,
                "device {place} lost what it had committed"
            );
            if last < version.sequence {
                return Ok(());
            }
        }
        self.acknowledge(place, version, &written)?;
        then(self);
        self.after_device_step(place)
    }

    /// What was saved just before the device let go of anything.
    pub(super) fn acknowledge_late(&mut self, place: usize) -> Result<()> {
        let Some(late) = self.device(place)?.frail.written_late() else {
            return Ok(());
        };
        let (change, version) = (late.change, late.version);
        self.trace.note(format_args!(
            "device {place} late {}: {version}",
            named(std::slice::from_ref(&change))
        ));
        self.counters.count("deed", "late");
        let family = change.id;
        self.acknowledge(place, version, &[change])?;
        if let Some(before) = late.before {
            self.known.replace(family, "note", &before);
        }
        Ok(())
    }

    /// From here on nothing can lose it.
    fn acknowledge(&mut self, place: usize, version: Version, changes: &[Change]) -> Result<()> {
        for change in changes {
            let Some(entry) = record_entry(&change.kind) else {
                bail!("no such kind of record");
            };
            // What is about somebody who is erased here is dropped, and that it was is kept.
            let gone = self
                .device(place)?
                .look
                .prepare_cached("SELECT 1 FROM erased_drop WHERE record = ? AND source = 'saved'")?
                .exists(params![change.id.as_bytes()])?;
            if gone {
                continue;
            }
            let one = |field: Option<String>, value: Value| Written {
                record: change.id,
                kind: entry.kind,
                field,
                value,
                version,
                seen_and_replaced: false,
                fragile: false,
                excused: None,
            };
            if entry.shape == Shape::Event {
                self.known
                    .writes
                    .push(one(None, Value::from(change.id.to_string())));
                continue;
            }
            for (name, field) in &change.fields {
                // Versions in a value are written anew with the transactions that they name.
                let is_seen = [OLDER_SEEN, NEWER_SEEN].contains(&name.as_str());
                if !field.value.is_null() && !is_seen {
                    self.known
                        .writes
                        .push(one(Some(name.clone()), field.value.clone()));
                }
            }
        }
        Ok(())
    }
}

/// Which records changes are of.
fn named(changes: &[Change]) -> String {
    let names = changes.iter().map(|change| {
        let id = change.id.simple().to_string();
        let fields: Vec<&str> = match change.op {
            Op::Edit => change.fields.keys().map(String::as_str).collect(),
            Op::Create { .. } => Vec::new(),
        };
        let short: String = id.chars().take(8).collect();
        format!("{} {short} {}", change.kind, fields.concat())
    });
    names.collect::<Vec<_>>().join(", ")
}

fn put_picture(
    write: &Write<'_>,
    shot: &Shot,
    people: &BTreeSet<PersonId>,
    purpose: Purpose,
) -> Result<(), StoreError> {
    let mut permits = Vec::with_capacity(people.len());
    for person in people {
        let ledger = write.consent_records(*person)?.ledger();
        let permit = ledger.permit(*person, purpose, shot.photo.stored_at);
        permits.push(permit.map_err(|_| StoreError::NotWhole)?);
    }
    let thumbnail = shot.thumbnail.as_deref();
    write.put_picture(shot.photo.id, permits, &shot.picture, thumbnail)
}
