//! Merges of records that are written anew. What somebody saw when they merged two records is known by
//! the writes, and these get other numbers: the merge follows, or it would seem that everything had been
//! written since.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::alias::{Alias, NEWER_SEEN, OLDER_SEEN};
use porch_domain::catalogue::Record as _;
use porch_domain::id::AliasId;
use porch_domain::time::Instant;
use porch_sync::{Change, FieldChange, Op, seen_anew, written_since};
use serde_json::Value;
use uuid::Uuid;

use crate::access::{Read, Write};
use crate::alias::kind_of;
use crate::error::StoreError;

/// A merge, and of each of its records the fields that are as somebody saw them.
pub(super) struct Choice {
    alias: AliasId,
    as_seen: [BTreeSet<String>; 2],
}

impl Read<'_> {
    /// The merges of these records, as they stand.
    pub(super) fn choices_about(
        &self,
        records: &BTreeSet<Uuid>,
    ) -> Result<Vec<Choice>, StoreError> {
        let mut aliases = BTreeMap::new();
        for record in records {
            let naming = self.aliases_naming(*record)?.into_iter();
            aliases.extend(naming.map(|alias| (alias.id, alias)));
        }
        let choices = aliases.into_values();
        choices
            .map(|alias| {
                let as_seen = [
                    self.as_seen(&alias, alias.older.into(), &alias.older_seen)?,
                    self.as_seen(&alias, alias.newer.into(), &alias.newer_seen)?,
                ];
                Ok(Choice {
                    alias: alias.id,
                    as_seen,
                })
            })
            .collect()
    }

    fn as_seen(
        &self,
        alias: &Alias,
        record: Uuid,
        seen: &str,
    ) -> Result<BTreeSet<String>, StoreError> {
        let Some(row) = self.row(kind_of(alias.kind), record)? else {
            return Ok(BTreeSet::new());
        };
        let since = written_since(&row, seen);
        let mut fields: BTreeSet<String> = row.fields.into_keys().collect();
        fields.retain(|field| !since.contains(field));
        Ok(fields)
    }
}

impl Write<'_> {
    /// Lets the merges follow that stand still: what was as seen is as seen.
    pub(super) fn follow(&self, choices: &[Choice], now: Instant) -> Result<(), StoreError> {
        for Choice { alias, as_seen } in choices {
            let (alias, versions) = match self.written::<Alias>(*alias) {
                // It went with one of the two.
                Err(StoreError::NotFound) => continue,
                other => other?,
            };
            let mut seen_now = BTreeMap::new();
            let sides = [
                (alias.older.into(), OLDER_SEEN, &alias.older_seen),
                (alias.newer.into(), NEWER_SEEN, &alias.newer_seen),
            ];
            for ((record, name, before), as_seen) in sides.into_iter().zip(as_seen) {
                let row = self.row(kind_of(alias.kind), record)?;
                let Some(seen) = row.and_then(|row| seen_anew(&row, before, as_seen)) else {
                    continue;
                };
                seen_now.insert(name.to_owned(), Value::from(seen));
            }
            if seen_now.is_empty() {
                continue;
            }
            // The county takes in no merge of records that it does not have yet: what is unsent of it comes
            // once more, whole, after them. An end that others may have set is not written over.
            let id: Uuid = alias.id.into();
            let made = self.unsent_of(id)?.into_iter().flat_map(|t| t.changes);
            let mut made = made.filter(|change| change.id == id && change.op != Op::Edit);
            let op = made.next().map_or(Op::Edit, |change| change.op);
            let mut values = alias.to_fields();
            values.retain(|_, value| op != Op::Edit && !value.is_null());
            values.extend(seen_now);
            let fields = values.into_iter().map(|(name, value)| {
                let base = versions.of(&name);
                (name, FieldChange { value, base })
            });
            let change = Change {
                kind: Alias::KIND.to_owned(),
                id,
                op,
                fields: fields.collect(),
            };
            self.save(alias.merged_by.into(), now, vec![change])?;
        }
        Ok(())
    }
}
