//! What records of consent say of whom, and of one another: where they lie, and in which order they are given.

use std::collections::BTreeSet;

use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;
use porch_domain::photo::PhotoSubject;
use porch_sync::Row;
use uuid::Uuid;

use super::Taking;
use crate::kinds;
use crate::standing::said_of;
use crate::store::{Stored, URGENT, Work};

impl<W: Work> Taking<'_, W> {
    /// Consent records travel to every scope that holds the subject or a photo of them. A
    /// withdrawal is about everybody whose decision it names, whichever of them comes first.
    pub(super) async fn derive_scopes(&mut self) -> Stored<()> {
        let made: Vec<(Uuid, Row)> = self
            .staged
            .iter()
            .filter(|(_, staged)| staged.made && kinds::CONSENT.contains(&staged.row.kind.as_str()))
            .map(|(id, staged)| (*id, staged.row.clone()))
            .collect();
        for (id, row) in made {
            let mut scopes = BTreeSet::new();
            let people = self.about(&row).await?;
            for person in self.widened(people).await? {
                match self.work.record(person).await? {
                    Some(row) if row.kind == Person::KIND => {
                        scopes.extend(self.work.scopes_of(person).await?);
                    }
                    _ => {}
                }
                for subject in self.work.tied(person, PhotoSubject::KIND).await? {
                    scopes.extend(self.work.scopes_of(subject.id).await?);
                }
            }
            let Some(staged) = self.staged.get_mut(&id) else {
                continue;
            };
            staged.scopes.extend(scopes);
            let scopes = staged.scopes.clone();
            for said in said_of(self.work, &row).await? {
                self.widen(said.id, &scopes).await?;
            }
        }
        Ok(())
    }

    /// Brings a record to further scopes.
    pub(super) async fn widen(&mut self, id: Uuid, scopes: &BTreeSet<Uuid>) -> Stored<()> {
        let staged = match self.staged.remove(&id) {
            Some(staged) => Some(staged),
            None => self.known(id).await?,
        };
        if let Some(mut staged) = staged {
            let before = staged.scopes.len();
            staged.scopes.extend(scopes);
            staged.changed |= staged.scopes.len() > before;
            self.staged.insert(id, staged);
        }
        Ok(())
    }

    /// Whom a consent record is about; both of an alias.
    pub(super) async fn about(&mut self, row: &Row) -> Stored<BTreeSet<Uuid>> {
        let mut people = BTreeSet::new();
        for row in self.with_what_it_names(row).await? {
            let values = row.values();
            let fields = ["subject", "child", "older", "newer"];
            people.extend(
                fields
                    .iter()
                    .filter_map(|field| kinds::id_in(&values, field)),
            );
        }
        Ok(people)
    }

    /// A record of consent, and those of which it says what they count for, as far as they are here.
    pub(super) async fn with_what_it_names(&mut self, row: &Row) -> Stored<Vec<Row>> {
        let mut rows = Vec::new();
        let mut found = vec![row.clone()];
        while let Some(row) = found.pop() {
            if let Some(field) = kinds::names_consent(&row.kind) {
                for named in kinds::ids_in(&row.values(), field) {
                    let known = self.latest(named).await?;
                    // Of another kind it says nothing, and so this ends.
                    found.extend(
                        known.filter(|known| {
                            kinds::said_of(&known.kind).contains(&row.kind.as_str())
                        }),
                    );
                }
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// What takes a No away is given before the No, from then on: whoever has heard of neither must not let go of a picture
    /// because of one that counts no longer.
    pub(super) async fn give_again_what_is_lifted(&mut self) -> Stored<()> {
        let staged = self.staged.values();
        let lifting = staged
            .filter(|s| s.made && kinds::lifts(&s.row.kind))
            .map(|s| s.row.clone());
        for row in lifting.collect::<Vec<_>>() {
            for named in self.with_what_it_names(&row).await?.iter().skip(1) {
                let mut feeds = self.scopes(named.id).await?;
                if kinds::is_urgent(named) {
                    feeds.insert(URGENT);
                }
                for feed in feeds {
                    let given = self.merged.feeds.entry(feed).or_default();
                    given.retain(|record| *record != named.id);
                    given.push(named.id);
                }
            }
        }
        Ok(())
    }
}
