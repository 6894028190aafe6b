//! Stubs: who somebody is that content shows where their record is not. The county makes them, and takes
//! them away with the content.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::alias::Registered;
use porch_domain::catalogue::Record as _;
use porch_domain::family::Family;
use porch_domain::id::{PersonId, derive_stub_id};
use porch_domain::membership::Membership;
use porch_domain::person::Person;
use porch_domain::photo::PhotoSubject;
use porch_domain::stub::Stub;
use porch_sync::{DeviceNumber, Hlc, Row, Stamped, Version};
use serde_json::Value;
use uuid::Uuid;

use super::{Staged, Taking};
use crate::kinds;
use crate::store::{Stored, Work};

/// The id of a person's stub.
pub(super) fn stub_of(person: Uuid) -> Uuid {
    derive_stub_id(PersonId::from(person)).into()
}

impl<W: Work> Taking<'_, W> {
    /// Who is in a photo that comes, has another name, or is of a family that is hidden or open now.
    pub(super) async fn shown_otherwise(&mut self) -> Stored<BTreeSet<Uuid>> {
        let mut people = BTreeSet::new();
        let mut families: Vec<Uuid> = Vec::new();
        for (id, staged) in &self.staged {
            match staged.row.kind.as_str() {
                PhotoSubject::KIND if staged.made => {
                    people.extend(kinds::id_in(&staged.row.values(), "person"));
                }
                Person::KIND if staged.renamed => {
                    people.insert(*id);
                }
                Family::KIND if staged.renamed => families.push(*id),
                _ => {}
            }
        }
        for alias in self.changed_aliases() {
            let group = self.same_as(&alias.ends().into()).await?;
            match alias.kind {
                Registered::Person => people.extend(group.all),
                Registered::Family => families.extend(group.all),
            }
        }
        for family in families {
            for place in self.work.tied(family, Membership::KIND).await? {
                people.extend(kinds::id_in(&place.values(), "person"));
            }
        }
        Ok(people)
    }

    /// The people in photos that fell.
    pub(super) async fn no_longer_shown(&mut self) -> Stored<BTreeSet<Uuid>> {
        let mut people = BTreeSet::new();
        for photo in self.fell.clone() {
            for subject in self.work.tied(photo, PhotoSubject::KIND).await? {
                people.extend(kinds::id_in(&subject.values(), "person"));
            }
        }
        Ok(people)
    }

    /// A stub lies wherever content shows a person who is not there; nowhere if one of their families is
    /// hidden, since a name tells where they are known.
    pub(super) async fn place_stub(&mut self, person: Uuid) -> Stored<()> {
        let Some(row) = self.latest(person).await? else {
            return Ok(());
        };
        if row.kind != Person::KIND {
            return Ok(());
        }
        let mut scopes = self.shown_in(person, false).await?;
        let here = self.scopes(person).await?;
        scopes.retain(|scope| !here.contains(scope));
        let id = stub_of(person);
        let known = match self.staged.remove(&id) {
            Some(staged) => Some(staged),
            None => self.known(id).await?,
        };
        if scopes.is_empty() && known.is_none() {
            return Ok(());
        }
        if self.is_hidden(person).await? {
            scopes.clear();
        }
        let stub = stub(&row, person);
        let mut staged = known.unwrap_or_else(|| Staged {
            row: stub.clone(),
            scopes: BTreeSet::new(),
            leaves: BTreeSet::new(),
            moved_from: None,
            renamed: false,
            made: false,
            changed: !scopes.is_empty(),
        });
        staged.changed |= staged.row != stub;
        staged.row = stub;
        self.staged.insert(id, staged);
        self.place(id, scopes).await?;
        Ok(())
    }

    async fn is_hidden(&mut self, person: Uuid) -> Stored<bool> {
        let mut families = BTreeSet::new();
        for record in self.widened([person].into()).await? {
            for place in self.work.tied(record, Membership::KIND).await? {
                families.extend(kinds::id_in(&place.values(), "family"));
            }
        }
        for family in self.widened(families).await? {
            let family = self.latest(family).await?;
            if family.is_some_and(|row| row.values().get("protected") == Some(&Value::Bool(true))) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn newest(version: &Version) -> (Hlc, DeviceNumber, u64) {
    (version.clock, version.device, version.sequence)
}

/// What a stub says: the name, and which writes it came from.
fn stub(person: &Row, id: Uuid) -> Row {
    let mut fields: BTreeMap<String, Stamped> = ["given_name", "family_name"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), person.fields.get(name)?.clone())))
        .collect();
    let named = fields
        .values()
        .map(|stamped| stamped.version)
        .max_by_key(newest);
    let version = named.or_else(|| {
        person
            .fields
            .values()
            .map(|stamped| stamped.version)
            .max_by_key(newest)
    });
    if let Some(version) = version {
        let value = Value::from(id.to_string());
        fields.insert("person".to_owned(), Stamped { value, version });
    }
    Row {
        kind: Stub::KIND.to_owned(),
        id: stub_of(id),
        fields,
    }
}

impl Staged {
    /// Whether a person's name, or that a family is hidden, is another now.
    pub(super) fn is_renamed(before: &Row, now: &Row) -> bool {
        let differs = |field: &str| {
            let value = |row: &Row| row.fields.get(field).map(|stamped| stamped.value.clone());
            value(before) != value(now)
        };
        match now.kind.as_str() {
            Person::KIND => differs("given_name") || differs("family_name"),
            Family::KIND => differs("protected"),
            _ => false,
        }
    }
}
