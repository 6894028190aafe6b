//! Records that are the same: who survives, what the survivor shows, what was written too late.

use porch_domain::alias::{Alias, Registered};
use porch_domain::catalogue::Record as _;
use porch_domain::family::Family;
use porch_domain::id::{AliasId, FamilyId, PersonId, RecordId};
use porch_domain::person::Person;
use porch_sync::{Conflict, Row, Together, written_since};
use rusqlite::OptionalExtension as _;
use uuid::Uuid;

use crate::access::Read;
use crate::error::StoreError;

const SURVIVOR: &str = "SELECT survivor FROM same WHERE record = ?";

const ALL_OF: &str = "SELECT record FROM same WHERE survivor = ? ORDER BY record";

const STANDING: &str = "
    SELECT id FROM alias WHERE older = ?1 AND ended_at IS NULL
    UNION SELECT id FROM alias WHERE newer = ?1 AND ended_at IS NULL";

const BETWEEN: &str = "
    SELECT id FROM alias
    WHERE ended_at IS NULL
        AND older IN (SELECT record FROM same WHERE survivor = ?1)
    ORDER BY id";

/// A field that somebody wrote after two records were merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaterEdit {
    /// In which of them it is.
    pub record: Uuid,
    /// The field.
    pub field: String,
}

/// The kind of record that an alias is about.
pub(crate) const fn kind_of(registered: Registered) -> &'static str {
    match registered {
        Registered::Person => Person::KIND,
        Registered::Family => Family::KIND,
    }
}

/// The rows of all that are the same, and the aliases that say so.
type Joined = (Vec<Row>, Vec<Alias>);

impl Read<'_> {
    /// Which record stands for all that are the same as this one: itself, unless somebody merged it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn survivor<I: RecordId>(&self, of: I) -> Result<I, StoreError> {
        let survivor = self
            .connection
            .prepare_cached(SURVIVOR)?
            .query_row([of.uuid().as_bytes()], |row| row.get(0))
            .optional()?;
        Ok(survivor.map_or(of, |id| I::from(Uuid::from_bytes(id))))
    }

    /// All records that are the same as this one, itself among them, the survivor first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn all_the_same<I: RecordId>(&self, as_this: I) -> Result<Vec<I>, StoreError> {
        let survivor = self.survivor(as_this)?.uuid();
        let mut select = self.connection.prepare_cached(ALL_OF)?;
        let rows = select.query_map([survivor.as_bytes()], |row| {
            row.get(0).map(Uuid::from_bytes)
        })?;
        let all = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(if all.is_empty() {
            vec![as_this]
        } else {
            all.into_iter().map(I::from).collect()
        })
    }

    /// The aliases that stand between records that are the same as this one.
    ///
    /// # Errors
    /// When the store fails or an alias is not of its form.
    pub fn aliases_of(&self, record: Uuid) -> Result<Vec<Alias>, StoreError> {
        let survivor = self.survivor(PersonId::from(record))?;
        self.aliases(BETWEEN, survivor.uuid())
    }

    /// The aliases that stand and name this very record.
    ///
    /// # Errors
    /// When the store fails or an alias is not of its form.
    pub fn aliases_naming(&self, record: Uuid) -> Result<Vec<Alias>, StoreError> {
        self.aliases(STANDING, record)
    }

    fn aliases(&self, sql: &str, of: Uuid) -> Result<Vec<Alias>, StoreError> {
        let mut select = self.connection.prepare_cached(sql)?;
        let ids = select.query_map([of.as_bytes()], |row| row.get(0).map(AliasId::from_bytes))?;
        let ids = ids.collect::<Result<Vec<_>, _>>()?;
        ids.into_iter()
            .map(|id| Ok(self.written::<Alias>(id)?.0))
            .collect()
    }

    /// The survivor of a record as it shows; none when nothing is the same as it, or the survivor has
    /// not arrived.
    pub(crate) fn shown(&self, kind: &str, record: Uuid) -> Result<Option<Row>, StoreError> {
        if ![Person::KIND, Family::KIND].contains(&kind) {
            return Ok(None);
        }
        let Some((rows, aliases)) = self.together(kind, record)? else {
            return Ok(None);
        };
        Ok(Together::of(record, &rows, &aliases).row())
    }

    /// The rows of all that are the same, and the aliases; none when there is only one.
    fn together(&self, kind: &str, record: Uuid) -> Result<Option<Joined>, StoreError> {
        let all = self.all_the_same(PersonId::from(record))?;
        if all.len() < 2 {
            return Ok(None);
        }
        let rows = all.into_iter().map(|id| self.row(kind, id.uuid()));
        let rows = rows
            .filter_map(Result::transpose)
            .collect::<Result<_, _>>()?;
        Ok(Some((rows, self.aliases_of(record)?)))
    }

    /// What was written too late to a record that is merged, and is not what the survivor shows: for
    /// a person to look at, for as long as they are merged.
    ///
    /// # Errors
    /// When the store fails.
    pub fn late_writes(&self, kind: &str, record: Uuid) -> Result<Vec<Conflict>, StoreError> {
        let together = self.together(kind, record)?;
        Ok(together.map_or_else(Vec::new, |(rows, aliases)| {
            Together::of(record, &rows, &aliases).late()
        }))
    }

    /// A person as lists show them, when others are the same.
    pub(crate) fn person_shown(&self, person: PersonId) -> Result<Option<Person>, StoreError> {
        let row = self.shown(Person::KIND, person.uuid())?;
        row.map(|row| Ok(Person::from_fields(row.id.into(), &row.values())?))
            .transpose()
    }

    /// A family as lists show it, when others are the same. Hidden if any of them is.
    pub(crate) fn family_shown(&self, family: FamilyId) -> Result<Option<Family>, StoreError> {
        let Some((rows, aliases)) = self.together(Family::KIND, family.uuid())? else {
            return Ok(None);
        };
        let hidden = rows.iter().any(|row| {
            let hidden = row.fields.get("protected");
            hidden.is_some_and(|hidden| hidden.value == serde_json::Value::Bool(true))
        });
        let row = Together::of(family.uuid(), &rows, &aliases).row();
        row.map(|row| {
            let mut family = Family::from_fields(row.id.into(), &row.values())?;
            family.protected |= hidden;
            Ok(family)
        })
        .transpose()
    }

    /// What was written to two records since they were merged. When that is undone, it stays where it is:
    /// edits of the merged record with the survivor, late writes with the other.
    ///
    /// # Errors
    /// When the store fails.
    pub fn edits_since_merging(&self, alias: &Alias) -> Result<Vec<LaterEdit>, StoreError> {
        let mut edits = Vec::new();
        let seen = [&alias.older_seen, &alias.newer_seen];
        for (record, seen) in alias.ends().into_iter().zip(seen) {
            let Some(row) = self.row(kind_of(alias.kind), record)? else {
                continue;
            };
            let fields = written_since(&row, seen).into_iter();
            edits.extend(fields.map(|field| LaterEdit { record, field }));
        }
        Ok(edits)
    }
}
