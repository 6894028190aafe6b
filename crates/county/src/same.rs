//! Which records are the same person or family, as the store and what is arriving say.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::alias::{Alias, Same, same};
use porch_domain::catalogue::Record as _;
use porch_sync::Row;
use uuid::Uuid;

use crate::kinds;
use crate::store::{Reading, Stored};

/// Records, and all that are the same as any of them.
#[derive(Default)]
pub(crate) struct Group {
    /// Those that are the same, or were before what is arriving.
    pub(crate) all: BTreeSet<Uuid>,
    /// The aliases that stand between them.
    pub(crate) aliases: BTreeMap<Uuid, Alias>,
}

impl Group {
    /// Who is the same now.
    pub(crate) fn same(&self) -> Same<Uuid> {
        same(self.aliases.values())
    }

    /// Everybody who is the same now as one of these.
    pub(crate) fn widened(&self, records: &BTreeSet<Uuid>) -> BTreeSet<Uuid> {
        let same = self.same();
        let widened = records.iter().flat_map(|record| same.all(*record));
        widened.collect()
    }
}

/// An alias, unless the row is of another kind or form.
pub(crate) fn alias(row: &Row) -> Option<Alias> {
    (row.kind == Alias::KIND)
        .then(|| kinds::read(row).ok())
        .flatten()
}

/// Walks from these records over every alias that stands, in the store or in what is arriving.
pub(crate) async fn same_as<R: Reading>(
    reading: &mut R,
    records: &BTreeSet<Uuid>,
    arriving: &BTreeMap<Uuid, Alias>,
) -> Stored<Group> {
    let mut group = Group::default();
    let mut next = records.clone();
    while let Some(record) = next.pop_first() {
        if !group.all.insert(record) {
            continue;
        }
        let known = reading.tied(record, Alias::KIND).await?;
        let known = known.iter().filter_map(alias);
        let arriving_here = arriving
            .values()
            .filter(|alias| alias.ends().contains(&record));
        for alias in known.chain(arriving_here.cloned()) {
            if alias.stands() {
                next.extend(alias.ends());
            }
            let id = alias.id.into();
            let now = arriving.get(&id).unwrap_or(&alias);
            if now.stands() {
                group.aliases.insert(id, now.clone());
            }
        }
    }
    Ok(group)
}
