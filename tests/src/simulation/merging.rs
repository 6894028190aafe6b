//! People who were registered twice: somebody says that they are one, and that they are not.
//!
//! Whoever edits somebody at a desk edits the record at hand, merged or not: so each of the two goes on
//! being written late.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use porch_domain::alias::Alias;
use porch_domain::catalogue::{FieldValues, Record as _};
use porch_domain::id::{PersonId, RecordId as _};
use porch_domain::person::Person;
use porch_sync::{Change, FieldChange, Op, Row, alias_between};
use serde_json::Value;
use uuid::Uuid;

use super::records::{AUTHOR, make};
use super::save::Save;
use super::world::World;

/// Values that differ between two registrations, and of which somebody chooses.
const CHOSEN: [&str; 4] = ["given_name", "known_as", "phone", "allergies"];

impl World {
    /// Two people of whom a device knows are one; none when they already are.
    ///
    /// # Errors
    /// When the device's store fails.
    pub(super) fn merge(&mut self, place: usize) -> Result<Option<Save>> {
        let sql =
            "SELECT id FROM person WHERE id NOT IN (SELECT person FROM erasure_order) ORDER BY id";
        let people = self.ids(place, sql)?;
        let (Some(one), Some(other)) = (
            self.chance.pick(&people).copied(),
            self.chance.pick(&people).copied(),
        ) else {
            return Ok(None);
        };
        let of_other: BTreeSet<String> = CHOSEN
            .into_iter()
            .filter(|_| self.chance.one_in(2))
            .map(str::to_owned)
            .collect();
        let now_ms = self.now_ms();
        let device = self.device(place)?;
        let (now, centre) = (device.now(now_ms), device.centre);
        let store = device.store.clone();
        let rows = store.read(|read| {
            let row = |of: Uuid| read.row(Person::KIND, read.survivor(PersonId::from(of))?.uuid());
            Ok::<_, porch_store::StoreError>(row(one)?.zip(row(other)?))
        })?;
        let Some(alias) = rows
            .and_then(|(one, other)| alias_between([&one, &other], &of_other, AUTHOR.into(), now))
        else {
            return Ok(None);
        };
        let id = alias.id.uuid();
        let [older, newer] = alias.ends();
        self.known.goes_with(id, older);
        self.known.goes_with(id, newer);
        let before = store.read(|read| read.row(Alias::KIND, id))?;
        let mut save = match before {
            None => Save::of(vec![make(&alias, centre)]),
            Some(row) => match overwritten(row, alias.to_fields()) {
                Some(save) => save,
                None => return Ok(None),
            },
        };
        let then = save.then;
        save.then = Box::new(move |world| {
            then(world);
            world.known.merged.insert((older, newer));
        });
        Ok(Some(save))
    }

    /// Two people who were merged are not one.
    ///
    /// # Errors
    /// When the device's store fails.
    pub(super) fn unmerge(&mut self, place: usize) -> Result<Option<Save>> {
        let sql = "SELECT id FROM alias WHERE ended_at IS NULL ORDER BY id";
        let Some(id) = self.one_of(place, sql)? else {
            return Ok(None);
        };
        let now_ms = self.now_ms();
        let device = self.device(place)?;
        let now = device.now(now_ms);
        let row = device.store.read(|read| read.row(Alias::KIND, id))?;
        let row = row.context("an alias that is there has no row")?;
        let alias = Alias::from_fields(id.into(), &row.values())
            .map_err(|_| anyhow::anyhow!("an alias is not of the catalogue's form"))?;
        let ended = Alias {
            ended_by: Some(AUTHOR.into()),
            ended_at: Some(now),
            ..alias
        };
        Ok(overwritten(row, ended.to_fields()))
    }
}

/// Other values in the place of those that somebody saw; none when they are the same.
fn overwritten(row: Row, fields: FieldValues) -> Option<Save> {
    let mut change = Change {
        kind: row.kind,
        id: row.id,
        op: Op::Edit,
        fields: std::collections::BTreeMap::new(),
    };
    let mut before: Vec<(String, Value)> = Vec::new();
    for (name, value) in fields {
        let standing = row.fields.get(&name);
        let stood = standing.map_or(Value::Null, |standing| standing.value.clone());
        if stood == value {
            continue;
        }
        let base = standing.map(|standing| standing.version);
        before.push((name.clone(), stood));
        change.fields.insert(name, FieldChange { value, base });
    }
    if change.fields.is_empty() {
        return None;
    }
    let record = change.id;
    let mut save = Save::of(vec![change]);
    save.then = Box::new(move |world| {
        for (field, value) in &before {
            world.known.replace(record, field, value);
        }
    });
    Some(save)
}
