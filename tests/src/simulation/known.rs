//! What the world knows that was written, and what must have become of it: told by the people at the
//! desks, not by any store.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::alias::Same;
use porch_sync::Version;
use serde_json::Value;
use uuid::Uuid;

/// One value that somebody saved and was told is saved.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// Of which record.
    pub(super) record: Uuid,
    /// Its kind.
    pub(super) kind: &'static str,
    /// Which field; none for an event, which is there whole or not at all.
    pub(super) field: Option<String>,
    /// The value.
    pub(super) value: Value,
    /// The write.
    pub(super) version: Version,
    /// Somebody saw it and wrote another one in its place.
    pub(super) seen_and_replaced: bool,
    /// No device keeps it for a county that loses it: the one that did lost its disk.
    pub(super) fragile: bool,
    /// Nobody can be asked for it any more, and why.
    pub(super) excused: Option<&'static str>,
}

/// A person.
#[derive(Clone, Debug)]
pub(super) struct KnownPerson {
    /// Their id.
    pub(super) id: Uuid,
    /// A word that is in each of their fields and nowhere else.
    pub(super) word: String,
}

/// A photo.
#[derive(Clone, Debug)]
pub(super) struct KnownPhoto {
    /// Its id.
    pub(super) id: Uuid,
    /// Under which decisions it was stored.
    pub(super) decisions: Vec<Uuid>,
    /// Who is in it.
    pub(super) people: Vec<Uuid>,
}

/// All that is known.
#[derive(Default)]
pub(super) struct Known {
    /// Everything that was acknowledged.
    pub(super) writes: Vec<Written>,
    /// Everybody.
    pub(super) people: BTreeMap<Uuid, KnownPerson>,
    /// Everybody in a family.
    pub(super) families: BTreeMap<Uuid, BTreeSet<Uuid>>,
    /// Whom a record goes with, if they are erased.
    about: BTreeMap<Uuid, BTreeSet<Uuid>>,
    /// The photos.
    pub(super) photos: Vec<KnownPhoto>,
    /// Orders to erase, and whom.
    pub(super) orders: BTreeMap<Uuid, Uuid>,
    /// Who is in which photo: records of one.
    pub(super) in_photo: BTreeMap<Uuid, Vec<Uuid>>,
    /// Decisions that were taken back for certain, and by which withdrawal.
    pub(super) withdrawn: BTreeMap<Uuid, Uuid>,
    /// Photos that somebody objected to, and by which objection.
    pub(super) objected: BTreeMap<Uuid, Uuid>,
    /// Stops that nobody has ended, and of whom they are.
    pub(super) stopped: BTreeMap<Uuid, Uuid>,
    /// Whoever was registered and erased after the backup from which the county was restored: it does not
    /// know whom to tell devices of.
    pub(super) not_told: BTreeSet<Uuid>,
    /// People that a centre asked for.
    pub(super) fetched: BTreeSet<(Uuid, Uuid)>,
    /// Records of which somebody ever said that they are the same.
    same: Same<Uuid>,
}

impl Known {
    /// A record goes with a person, or with a family.
    pub(super) fn goes_with(&mut self, record: Uuid, person: Uuid) {
        self.about.entry(record).or_default().insert(person);
    }

    /// A record goes with whomever another one goes with.
    pub(super) fn goes_along(&mut self, record: Uuid, other: Uuid) {
        let with = self.about.get(&other).cloned().unwrap_or_default();
        self.about.entry(record).or_default().extend(with);
    }

    /// Somebody says that two records are the same.
    pub(super) fn are_one(&mut self, [one, other]: [Uuid; 2]) {
        self.same.join(one, other);
    }

    /// Whether a record goes when these people do.
    #[must_use]
    pub(super) fn goes(&self, record: Uuid, erased: &BTreeSet<Uuid>) -> bool {
        let is_gone = |record: &Uuid| match self.families.get(record) {
            Some(members) => members.is_subset(erased),
            None => erased.contains(record),
        };
        let mut about = self.about.get(&record).into_iter().flatten();
        is_gone(&record) || about.any(is_gone) || self.goes_with_another(record, erased)
    }

    /// A family that never had anybody in it goes with one that is the same.
    fn goes_with_another(&self, record: Uuid, erased: &BTreeSet<Uuid>) -> bool {
        let mut members = self
            .same
            .all(record)
            .filter_map(|one| self.families.get(&one));
        !self.families.contains_key(&record) && members.any(|members| members.is_subset(erased))
    }

    /// Whether a centre asked for somebody of a family, under whichever of their records. With them come all their
    /// families, and those that are the same.
    #[must_use]
    pub(super) fn was_asked_for(&self, family: Uuid, centre: Uuid) -> bool {
        let asked: BTreeSet<Uuid> = self
            .fetched
            .iter()
            .filter(|(_, by)| *by == centre)
            .flat_map(|(person, _)| self.same.all(*person))
            .collect();
        let mut homes = self
            .same
            .all(family)
            .filter_map(|one| self.families.get(&one));
        homes.any(|members| !members.is_disjoint(&asked))
    }

    /// Nobody was registered with a family after all: it may go with another.
    pub(super) fn forget_members(&mut self, family: Uuid) {
        self.families.remove(&family);
    }

    /// A photo and the records of who is in it: they are removed together.
    pub(super) fn with_photo(&self, photo: Uuid) -> impl Iterator<Item = Uuid> {
        let subjects = self.in_photo.get(&photo).into_iter().flatten();
        subjects.copied().chain([photo])
    }

    /// Somebody saw a value and wrote another one.
    pub(super) fn replace(&mut self, record: Uuid, field: &str, value: &Value) {
        for write in &mut self.writes {
            if write.record == record
                && write.field.as_deref() == Some(field)
                && write.value == *value
            {
                write.seen_and_replaced = true;
            }
        }
    }

    /// Whether a withdrawal, or whatever else, was lost with a disk.
    #[must_use]
    pub(super) fn is_excused(&self, record: Uuid) -> bool {
        self.writes
            .iter()
            .any(|write| write.record == record && write.excused.is_some())
    }
}
