//! What records that are the same show together.
//!
//! Nothing moves when records are merged. Each keeps its own row, which is merged as ever, wherever a
//! late write comes from. What the survivor shows follows from the rows and the aliases that stand,
//! and from nothing else: so county and devices agree, whatever they heard first.
//!
//! Per field one side was chosen. When it was the older record's, the survivor shows that. When it was
//! the newer one's, it shows what the newer record has now: a late write that was made on the
//! chosen value is there, and so reaches the survivor. As soon as somebody writes the older record's own
//! field after the choice, that stands: edits of a merged record are written to the survivor. What is
//! written to a record whose value was not chosen is not shown and is a conflict ([`Together::late`]).

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::alias::{Alias, Registered, same};
use porch_domain::id::{UserId, derive_alias_id};
use porch_domain::time::Instant;
use uuid::Uuid;

use crate::change::{Row, Stamped};
use crate::merge::Conflict;
use crate::version::Versions;

/// Records that are the same, and the aliases that say so.
pub struct Together<'a> {
    rows: BTreeMap<Uuid, &'a Row>,
    choices: Vec<Choice<'a>>,
    survivor: Uuid,
}

/// An alias that stands, and what was seen of both records.
struct Choice<'a> {
    alias: &'a Alias,
    seen: BTreeMap<Uuid, Option<Versions>>,
}

impl Choice<'_> {
    /// Whether a record's own field is as it was when somebody chose.
    fn is_as_seen(&self, row: &Row, field: &str) -> bool {
        let seen = self.seen.get(&row.id).and_then(Option::as_ref);
        let now = row.fields.get(field).map(|stamped| stamped.version);
        now.is_none_or(|now| seen.and_then(|seen| seen.of(field)) == Some(now))
    }

    /// The record whose value was chosen instead of this one's.
    fn instead_of(&self, record: Uuid, field: &str) -> Option<Uuid> {
        let [older, newer] = self.alias.ends();
        if record == older {
            self.alias.takes(field).then_some(newer)
        } else {
            (record == newer && !self.alias.takes(field)).then_some(older)
        }
    }
}

/// What was seen, from the text in an alias; nothing from what is none.
fn seen(text: &str) -> Option<Versions> {
    serde_json::from_str(text).ok()
}

impl<'a> Together<'a> {
    /// A record with all that are the same as it, as far as they are here.
    #[must_use]
    pub fn of(record: Uuid, rows: &'a [Row], aliases: &'a [Alias]) -> Self {
        let same = same(aliases);
        let choices = aliases.iter().filter(|alias| alias.stands());
        Self {
            survivor: same.survivor(record),
            rows: rows
                .iter()
                .filter(|row| same.are_same(row.id, record))
                .map(|row| (row.id, row))
                .collect(),
            choices: choices
                .map(|alias| Choice {
                    alias,
                    seen: alias
                        .ends()
                        .into_iter()
                        .zip([seen(&alias.older_seen), seen(&alias.newer_seen)])
                        .collect(),
                })
                .collect(),
        }
    }

    /// The survivor as it shows. Its versions are those of its own row, on which an edit of it rests; a
    /// field of another record that it lacks itself has that record's. None while its row is not here.
    #[must_use]
    pub fn row(&self) -> Option<Row> {
        let mut row = (*self.rows.get(&self.survivor)?).clone();
        for field in self.fields() {
            let Some((_, shown)) = self.shown(field) else {
                continue;
            };
            let own = row.fields.entry(field.to_owned());
            own.and_modify(|own| own.value = shown.value.clone())
                .or_insert_with(|| shown.clone());
        }
        Some(row)
    }

    /// What was written to records whose value was not chosen, since somebody chose, and is not
    /// what the survivor shows. And what somebody chose instead of a value that was written before they
    /// chose, and stands because it came too late for them to see: only its clock tells it from an edit
    /// of the merged record, so it is shown to a person and changes nothing.
    #[must_use]
    pub fn late(&self) -> Vec<Conflict> {
        let mut late = Vec::new();
        for field in self.fields() {
            let Some((source, shown)) = self.shown(field) else {
                continue;
            };
            let covered = self.covered(source, field).into_iter();
            let covered = covered.filter(|chosen| chosen.value != shown.value);
            late.extend(covered.map(|chosen| {
                Conflict {
                    kind: self
                        .rows
                        .get(&source)
                        .map(|row| row.kind.clone())
                        .unwrap_or_default(),
                    record: self.survivor,
                    field: field.to_owned(),
                    winner: shown.version,
                    lost: chosen.value.clone(),
                    loser: chosen.version,
                }
            }));
            for row in self.rows.values() {
                let Some(own) = row.fields.get(field) else {
                    continue;
                };
                let mut choices = self.choices.iter();
                let was_seen =
                    choices.any(|c| c.seen.contains_key(&row.id) && c.is_as_seen(row, field));
                if !was_seen && row.id != source && own.value != shown.value {
                    late.push(Conflict {
                        kind: row.kind.clone(),
                        record: self.survivor,
                        field: field.to_owned(),
                        winner: shown.version,
                        lost: own.value.clone(),
                        loser: own.version,
                    });
                }
            }
        }
        late
    }

    /// What was chosen instead of the value that a record has now, if that was written before.
    fn covered(&self, source: Uuid, field: &str) -> Option<&'a Stamped> {
        let row = *self.rows.get(&source)?;
        let written_ms = i64::try_from(row.fields.get(field)?.version.clock.unix_ms()).ok()?;
        let mut choices = self.choices.iter().filter(|choice| {
            !choice.is_as_seen(row, field) && written_ms < choice.alias.merged_at.unix_ms()
        });
        let chosen = choices.find_map(|choice| choice.instead_of(source, field))?;
        self.rows.get(&chosen)?.fields.get(field)
    }

    fn fields(&self) -> BTreeSet<&'a str> {
        let fields = self.rows.values().flat_map(|row| row.fields.keys());
        fields.map(String::as_str).collect()
    }

    /// Whose value the survivor shows of a field: from its own on to whichever was chosen instead, as
    /// long as nobody wrote there since.
    fn shown(&self, field: &str) -> Option<(Uuid, &'a Stamped)> {
        let mut row: &'a Row = self.rows.get(&self.survivor)?;
        let mut passed = BTreeSet::from([row.id]);
        loop {
            let chosen = self.choices.iter().filter_map(|choice| {
                let next = choice.instead_of(row.id, field)?;
                let goes_on = choice.is_as_seen(row, field) && !passed.contains(&next);
                self.rows.get(&next).copied().filter(|_| goes_on)
            });
            match chosen.min_by_key(|next| next.id) {
                Some(next) => row = next,
                None => return Some((row.id, row.fields.get(field)?)),
            }
            passed.insert(row.id);
        }
    }
}

/// The alias by which two people, or two families, are one: of each field the first one's value is
/// chosen, or for the fields named the other's. None when they are no two of a kind that can be merged.
#[must_use]
pub fn alias_between(
    [one, other]: [&Row; 2],
    of_other: &BTreeSet<String>,
    merged_by: UserId,
    merged_at: Instant,
) -> Option<Alias> {
    if one.kind != other.kind || one.id == other.id {
        return None;
    }
    let kind: Registered = one.kind.parse().ok()?;
    let (older, newer) = if one.id < other.id {
        (one, other)
    } else {
        (other, one)
    };
    let taken: Vec<&str> = newer
        .fields
        .keys()
        .map(String::as_str)
        .filter(|field| of_other.contains(*field) == (newer.id == other.id))
        .collect();
    let packed = |row: &Row| serde_json::to_string(&row.versions()?).ok();
    Some(Alias {
        id: derive_alias_id(older.id.into(), newer.id.into()),
        kind,
        older: older.id.into(),
        newer: newer.id.into(),
        taken: (!taken.is_empty()).then(|| taken.join(" ")),
        older_seen: packed(older)?,
        newer_seen: packed(newer)?,
        merged_by,
        merged_at,
        ended_by: None,
        ended_at: None,
    })
}

/// The fields of a record that were written since somebody looked at it to merge it.
#[must_use]
pub fn written_since(row: &Row, looked_at: &str) -> Vec<String> {
    let seen = seen(looked_at);
    let fields = row.fields.iter().filter(|(name, stamped)| {
        seen.as_ref().and_then(|seen| seen.of(name)) != Some(stamped.version)
    });
    fields.map(|(name, _)| name.clone()).collect()
}

/// What was seen of a record by whoever merged it, after the fields that are as they saw them were written
/// anew under other numbers. None when nothing of it was.
#[must_use]
pub fn seen_anew(row: &Row, looked_at: &str, as_seen: &BTreeSet<String>) -> Option<String> {
    let before = seen(looked_at)?;
    let renumbered = |name: &str, stamped: &Stamped| {
        as_seen.contains(name) && before.of(name) != Some(stamped.version)
    };
    let mut fields = row.fields.iter();
    if !fields.any(|(name, stamped)| renumbered(name, stamped)) {
        return None;
    }
    let versions = row.fields.iter().filter_map(|(name, stamped)| {
        let version = if as_seen.contains(name) {
            stamped.version
        } else {
            before.of(name)?
        };
        Some((name.as_str(), version))
    });
    serde_json::to_string(&Versions::pack(versions)?).ok()
}

#[cfg(test)]
mod tests;
