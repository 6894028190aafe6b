//! People find that a person, or a family, was registered twice, and that they were wrong about it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use porch_domain::alias::Alias;
use porch_domain::catalogue::Record as _;
use porch_domain::family::Family;
use porch_domain::id::{RecordId as _, RegisteredId};
use porch_domain::person::Person;
use porch_sync::{Change, FieldChange, Op, Row, alias_between};
use serde_json::Value;
use uuid::Uuid;

use super::records::{AUTHOR, make};
use super::save::Save;
use super::world::World;

/// Fields of which either one's value may be chosen.
const CHOICES: &[&str] = &[
    "phone",
    "allergies",
    "known_as",
    "given_name",
    "note",
    "address",
];

impl World {
    /// Two records that the device shows are one, of each field one's value; none when there are no two.
    pub(super) fn merge(&mut self, place: usize) -> Result<Option<Save>> {
        let (kind, sql) = if self.chance.one_in(3) {
            (Family::KIND, "SELECT id FROM family ORDER BY id")
        } else {
            // Whoever is to be erased is not made one with somebody who is not.
            let people = "SELECT id FROM person WHERE id NOT IN (SELECT person FROM erasure_order) ORDER BY id";
            (Person::KIND, people)
        };
        let ends = (self.one_of(place, sql)?, self.one_of(place, sql)?);
        let (Some(one), Some(other)) = ends else {
            return Ok(None);
        };
        let mut of_other = BTreeSet::new();
        for field in CHOICES {
            if self.chance.one_in(2) {
                of_other.insert((*field).to_owned());
            }
        }
        let now_ms = self.now_ms();
        let (centre, _) = self.at_centre(place)?;
        let device = self.device(place)?;
        let now = device.now(now_ms);
        let store = device.store.clone();
        // As the desk's command does it: what is shown of either is what its survivor shows.
        let survivor = |of: Uuid| {
            store.read(|read| {
                let survivor = read.survivor(RegisteredId::from(of))?;
                read.row(kind, survivor.uuid())
            })
        };
        let (Some(one), Some(other)) = (survivor(one)?, survivor(other)?) else {
            return Ok(None);
        };
        let Some(alias) = alias_between([&one, &other], &of_other, AUTHOR.into(), now) else {
            return Ok(None);
        };
        self.known.are_one(alias.ends());
        for end in alias.ends() {
            self.trace
                .note(format_args!("one of two: {}", end.simple()));
            self.known.goes_with(alias.id.uuid(), end);
        }
        let written = store.read(|read| read.row(Alias::KIND, alias.id.uuid()))?;
        Ok(Some(match written {
            None => Save::of(vec![make(&alias, centre)]),
            // They were one before.
            Some(row) => rewritten(&row, &alias),
        }))
    }

    /// Two records are not one after all.
    pub(super) fn unmerge(&mut self, place: usize) -> Result<Option<Save>> {
        let sql = "SELECT id FROM alias WHERE ended_at IS NULL ORDER BY id";
        let Some(alias) = self.one_of(place, sql)? else {
            return Ok(None);
        };
        let now_ms = self.now_ms();
        let device = self.device(place)?;
        let now = device.now(now_ms);
        let store = device.store.clone();
        let Some(row) = store.read(|read| read.row(Alias::KIND, alias))? else {
            return Ok(None);
        };
        let stands = Alias::from_fields(alias.into(), &row.values())?;
        let ended = Alias {
            ended_by: Some(AUTHOR.into()),
            ended_at: Some(now),
            ..stands
        };
        Ok(Some(rewritten(&row, &ended)))
    }
}

/// The fields of an alias that are not as they stand, written on what was seen of them.
fn rewritten(row: &Row, alias: &Alias) -> Save {
    let id = row.id;
    let (mut change, mut before) = (
        Change {
            kind: Alias::KIND.to_owned(),
            id,
            op: Op::Edit,
            fields: BTreeMap::new(),
        },
        Vec::new(),
    );
    for (name, value) in alias.to_fields() {
        let standing = row.fields.get(&name);
        if standing.map_or(&Value::Null, |standing| &standing.value) == &value {
            continue;
        }
        if let Some(standing) = standing {
            before.push((name.clone(), standing.value.clone()));
        }
        let base = standing.map(|standing| standing.version);
        change.fields.insert(name, FieldChange { value, base });
    }
    let mut save = Save::of(vec![change]);
    save.then = Box::new(move |world| {
        for (name, value) in &before {
            world.known.replace(id, name, value);
        }
    });
    save
}
