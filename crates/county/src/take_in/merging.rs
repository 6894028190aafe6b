//! Merging people and families: aliases that come, and what is written to records that were merged.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::alias::{Alias, Registered};
use porch_domain::catalogue::Record as _;
use porch_domain::decision::Decision;
use porch_domain::family::Family;
use porch_domain::membership::Membership;
use porch_domain::person::Person;
use porch_sync::{Row, Together};
use uuid::Uuid;

use super::placing::followers;
use super::{Stop, Taking};
use crate::kinds;
use crate::quarantine::Reason;
use crate::same::{Group, alias, same_as};
use crate::store::{Reading, Stored, Work};

impl<W: Work> Taking<'_, W> {
    /// The aliases as this transaction leaves them.
    pub(super) fn staged_aliases(&self) -> BTreeMap<Uuid, Alias> {
        let staged = self.staged.iter();
        staged
            .filter_map(|(id, staged)| Some((*id, alias(&staged.row)?)))
            .collect()
    }

    /// These records with all that are the same, before this transaction or after it.
    pub(super) async fn same_as(&mut self, records: &BTreeSet<Uuid>) -> Stored<Group> {
        let arriving = self.staged_aliases();
        same_as(self.work, records, &arriving).await
    }

    /// These people with everybody who is the same now.
    pub(super) async fn widened(&mut self, people: BTreeSet<Uuid>) -> Stored<BTreeSet<Uuid>> {
        Ok(self.same_as(&people).await?.widened(&people))
    }

    /// Aliases that were made, undone or made again.
    pub(super) fn changed_aliases(&self) -> Vec<Alias> {
        let changed = self.staged.values().filter(|staged| staged.changed);
        changed.filter_map(|staged| alias(&staged.row)).collect()
    }

    /// Both records of an alias are there, are of its kind, and lie where the device may write: an alias
    /// brings each where the other is.
    pub(super) async fn check_aliases(&mut self) -> Result<(), Stop> {
        for alias in self.changed_aliases() {
            let kind = match alias.kind {
                Registered::Person => Person::KIND,
                Registered::Family => Family::KIND,
            };
            for end in alias.ends() {
                let row = self.latest(end).await?;
                if row.is_none_or(|row| row.kind != kind) {
                    return Err(Reason::NoSuchRecord.into());
                }
                let mut scopes = self.scopes(end).await?;
                scopes.extend(self.work.scopes_left(end).await?);
                let mut scopes = scopes.iter();
                if !self.is_county() && !scopes.any(|scope| self.author.writes_in(*scope)) {
                    return Err(Reason::OutOfScope.into());
                }
            }
        }
        Ok(())
    }

    /// What was written to a record that is merged away reaches the survivor. What does not show there
    /// is a conflict, which whoever wrote it is told.
    pub(super) async fn redirect(&mut self) -> Stored<()> {
        let edited: Vec<Uuid> = self
            .staged
            .iter()
            .filter(|(_, staged)| staged.changed && !staged.made)
            .filter(|(_, staged)| [Person::KIND, Family::KIND].contains(&staged.row.kind.as_str()))
            .map(|(id, _)| *id)
            .collect();
        for record in edited {
            let group = self.same_as(&[record].into()).await?;
            if group.same().survivor(record) == record {
                continue;
            }
            let mut rows = Vec::new();
            for id in &group.all {
                rows.extend(self.latest(*id).await?);
            }
            let aliases: Vec<Alias> = group.aliases.into_values().collect();
            let late = Together::of(record, &rows, &aliases).late();
            let own = self.transaction.version();
            let late = late.into_iter().filter(|conflict| conflict.loser == own);
            for conflict in late {
                if !self.merged.conflicts.contains(&conflict) {
                    self.merged.conflicts.push(conflict);
                }
            }
            self.merged.redirected.push(record);
        }
        Ok(())
    }

    /// Whose pictures an alias may take down: of everybody who is or was the same, and of those for
    /// whom they decided, since what one decider replaced of another's counts again when they are two.
    pub(super) async fn shown_by_aliases(&mut self) -> Stored<BTreeSet<Uuid>> {
        let changed = self.changed_aliases();
        let ends: BTreeSet<Uuid> = changed
            .iter()
            .filter(|alias| alias.kind == Registered::Person)
            .flat_map(Alias::ends)
            .collect();
        if ends.is_empty() {
            return Ok(ends);
        }
        let mut people = self.same_as(&ends).await?.all;
        if changed.iter().any(|alias| !alias.stands()) {
            people.extend(decided_for(self.work, &people).await?);
        }
        Ok(people)
    }

    /// Puts everybody where all of them are who are the same now, and takes them apart again when that
    /// was undone. Gives the members' places of families that moved.
    pub(super) async fn place_the_same(&mut self) -> Stored<BTreeSet<Uuid>> {
        let mut families = BTreeSet::new();
        let mut apart = BTreeSet::new();
        let mut people = BTreeSet::new();
        for alias in self.changed_aliases() {
            let ends = BTreeSet::from(alias.ends());
            let group = self.same_as(&ends).await?;
            match alias.kind {
                Registered::Person => people.extend(group.all),
                Registered::Family => {
                    if !alias.stands() {
                        apart.extend(group.all.iter().copied());
                    }
                    families.extend(group.all);
                }
            }
        }
        for family in apart {
            // Where it lay for itself is where it is registered.
            let row = self.latest(family).await?;
            let centre = row.and_then(|row| kinds::id_in(&row.values(), "centre"));
            if let Some(centre) = centre {
                self.place(family, [centre].into()).await?;
            }
        }
        let moved = self.staged.iter();
        let moved: Vec<Uuid> = moved
            .filter(|(_, staged)| staged.moved_from.is_some())
            .map(|(id, _)| *id)
            .collect();
        for family in moved {
            if self.same_as(&[family].into()).await?.all.len() > 1 {
                families.insert(family);
            }
        }
        let mut places = BTreeSet::new();
        for family in families {
            places.extend(self.place_family(family).await?);
        }
        for person in people {
            for place in self.work.tied(person, Membership::KIND).await? {
                places.insert(place.id);
            }
        }
        Ok(places)
    }

    /// What is about people who are the same, or no longer are, lies wherever content shows any of them.
    /// After the people themselves were placed.
    pub(super) async fn place_what_is_about_the_same(&mut self) -> Stored<()> {
        for alias in self.changed_aliases() {
            if alias.kind == Registered::Family {
                continue;
            }
            for person in self.same_as(&alias.ends().into()).await?.all {
                for row in followers(self.work, person).await? {
                    self.place_follower(row.id).await?;
                }
                self.place_aliases(person).await?;
            }
        }
        Ok(())
    }

    /// Families that are the same lie wherever one of them does. Gives the places of their members.
    pub(super) async fn place_family(&mut self, family: Uuid) -> Stored<BTreeSet<Uuid>> {
        let all = self.widened([family].into()).await?;
        let mut scopes = BTreeSet::new();
        for family in &all {
            scopes.extend(self.scopes(*family).await?);
        }
        let mut places = BTreeSet::new();
        for family in all {
            self.place(family, scopes.clone()).await?;
            for place in self.work.tied(family, Membership::KIND).await? {
                places.insert(place.id);
            }
            self.place_aliases(family).await?;
        }
        Ok(places)
    }

    /// An alias lies wherever one of its records does, and wherever content shows them.
    pub(super) async fn place_aliases(&mut self, record: Uuid) -> Stored<()> {
        let known = self.work.tied(record, Alias::KIND).await?;
        let staged = self.staged_aliases();
        let staged = staged
            .iter()
            .filter(|(_, alias)| alias.ends().contains(&record))
            .map(|(id, _)| *id);
        let all: BTreeSet<Uuid> = known.iter().map(|row| row.id).chain(staged).collect();
        for id in all {
            self.place_follower(id).await?;
        }
        Ok(())
    }
}

impl<W: Work> Taking<'_, W> {
    /// Where what both people of an alias decided lies.
    pub(super) async fn decided_in(&mut self, row: &Row) -> Stored<BTreeSet<Uuid>> {
        let mut scopes = BTreeSet::new();
        let ends = alias(row).filter(|alias| alias.kind == Registered::Person);
        if let Some(ends) = ends.map(|alias| BTreeSet::from(alias.ends())) {
            for decision in decided_by(self.work, &ends).await? {
                scopes.extend(self.scopes(decision.id).await?);
            }
        }
        Ok(scopes)
    }
}

/// What these people decided.
async fn decided_by<R: Reading>(reading: &mut R, people: &BTreeSet<Uuid>) -> Stored<Vec<Row>> {
    let mut named = reading.naming(people).await?;
    named.retain(|row| {
        row.kind == Decision::KIND
            && kinds::id_in(&row.values(), "decider").is_some_and(|by| people.contains(&by))
    });
    Ok(named)
}

/// For whom these people decided.
pub(super) async fn decided_for<R: Reading>(
    reading: &mut R,
    people: &BTreeSet<Uuid>,
) -> Stored<BTreeSet<Uuid>> {
    let decisions = decided_by(reading, people).await?;
    let subjects = decisions.iter();
    Ok(subjects
        .filter_map(|row| kinds::id_in(&row.values(), "subject"))
        .collect())
}
