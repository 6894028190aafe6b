//! Whether a photo stands: the rule is `porch_domain::consent`'s, this gathers what it asks for.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::activity::Activity;
use porch_domain::authority::{Authority, AuthorityEnd};
use porch_domain::catalogue::{MalformedRecord, Record};
use porch_domain::consent::{Fate, Ledger, LedgerEntry};
use porch_domain::decision::{Decision, Purpose};
use porch_domain::photo::{Photo, PhotoSubject};
use porch_domain::session::Session;
use porch_domain::withdrawal::Withdrawal;
use porch_sync::Row;
use uuid::Uuid;

use crate::kinds;
use crate::store::{Reading, StoreFailure, Stored};

/// Every consent record that bears on a photo.
pub(crate) struct Evidence {
    records: BTreeMap<Uuid, Row>,
    subjects: Vec<PhotoSubject>,
}

/// What was checked when it was taken in can be read, unless the store is broken.
fn corrupt(_: MalformedRecord) -> StoreFailure {
    StoreFailure::Corrupt("record")
}

impl Evidence {
    /// Gathers what bears on a photo of these subjects, from the store and from records that are
    /// not yet in it.
    pub(crate) async fn gather<R: Reading>(
        reading: &mut R,
        subjects: &[Row],
        arriving: &[Row],
    ) -> Stored<Self> {
        let records = arriving
            .iter()
            .filter(|row| kinds::CONSENT.contains(&row.kind.as_str()))
            .map(|row| (row.id, row.clone()))
            .collect();
        let subjects: Vec<PhotoSubject> = subjects
            .iter()
            .map(|row| kinds::read(row).map_err(corrupt))
            .collect::<Stored<_>>()?;
        let people = subjects.iter().map(|s| s.person.into()).collect();
        Ok(Self {
            records: bearing_on(reading, &people, records).await?,
            subjects,
        })
    }

    /// The records.
    pub(crate) fn ids(&self) -> Vec<Uuid> {
        self.records.keys().copied().collect()
    }

    fn ledger(&self) -> Stored<Ledger> {
        let mut ledger = Ledger::default();
        for row in self.records.values() {
            let entry: LedgerEntry = match row.kind.as_str() {
                Authority::KIND => kinds::read::<Authority>(row).map_err(corrupt)?.into(),
                AuthorityEnd::KIND => kinds::read::<AuthorityEnd>(row).map_err(corrupt)?.into(),
                Decision::KIND => kinds::read::<Decision>(row).map_err(corrupt)?.into(),
                Withdrawal::KIND => kinds::read::<Withdrawal>(row).map_err(corrupt)?.into(),
                _ => continue,
            };
            ledger.extend([entry]);
        }
        Ok(ledger)
    }

    /// What becomes of the photo.
    pub(crate) fn fate(&self, photo: &Photo) -> Stored<Fate> {
        if usize::try_from(photo.subject_count) != Ok(self.subjects.len()) {
            return Ok(Fate::Suspended);
        }
        Ok(self
            .ledger()?
            .photo_fate(self.subjects.iter().map(|s| (s.person, s.decision))))
    }

    /// Whether the photo may be stored: it stands, each decision that it rests on is for pictures,
    /// and it was stored before that decision's end.
    pub(crate) fn may_store(&self, photo: &Photo) -> Stored<bool> {
        for subject in &self.subjects {
            let Some(row) = self.records.get(&subject.decision.into()) else {
                return Ok(false);
            };
            let Ok(decision) = kinds::read::<Decision>(row) else {
                return Ok(false);
            };
            let for_pictures = matches!(
                decision.purpose,
                Purpose::PublicityPicture | Purpose::DevelopmentPicture
            );
            let over = decision
                .valid_until
                .is_some_and(|until| photo.stored_at >= until);
            if !for_pictures || over {
                return Ok(false);
            }
        }
        Ok(self.fate(photo)? == Fate::Stands)
    }
}

/// Every consent record that bears on whether pictures of these people stand, besides those given.
pub(crate) async fn bearing_on<R: Reading>(
    reading: &mut R,
    people: &BTreeSet<Uuid>,
    mut records: BTreeMap<Uuid, Row>,
) -> Stored<BTreeMap<Uuid, Row>> {
    for person in people {
        let decisions = reading.tied(*person, Decision::KIND).await?;
        records.extend(decisions.into_iter().map(|row| (row.id, row)));
    }
    let mut authorities = BTreeSet::new();
    let decisions: Vec<Row> = records
        .values()
        .filter(|row| row.kind == Decision::KIND)
        .cloned()
        .collect();
    for decision in decisions {
        let withdrawals = reading.tied(decision.id, Withdrawal::KIND).await?;
        records.extend(withdrawals.into_iter().map(|row| (row.id, row)));
        authorities.extend(kinds::id_in(&decision.values(), "authority"));
    }
    // A delegation rests on one authority that is none itself, so this ends.
    let mut seen = BTreeSet::new();
    while let Some(authority) = authorities.pop_first() {
        if !seen.insert(authority) {
            continue;
        }
        let ends = reading.tied(authority, AuthorityEnd::KIND).await?;
        records.extend(ends.into_iter().map(|row| (row.id, row)));
        let known = match records.get(&authority) {
            Some(row) => Some(row.clone()),
            None => reading.record(authority).await?,
        };
        if let Some(row) = known.filter(|row| row.kind == Authority::KIND) {
            authorities.extend(kinds::id_in(&row.values(), "delegated_from"));
            records.insert(row.id, row);
        }
    }
    Ok(records)
}

/// Whether no picture may be taken where this one was.
pub(crate) async fn never_photograph<R: Reading>(reading: &mut R, photo: &Photo) -> Stored<bool> {
    let Some(session) = photo.session else {
        return Ok(false);
    };
    let Some(row) = reading.record(session.into()).await? else {
        return Ok(false);
    };
    let Ok(session) = kinds::read::<Session>(&row) else {
        return Ok(false);
    };
    let Some(row) = reading.record(session.activity.into()).await? else {
        return Ok(false);
    };
    Ok(row.kind == Activity::KIND
        && kinds::read::<Activity>(&row).is_ok_and(|activity| activity.never_photograph))
}

/// Whether a photo that was taken in still stands, so that it may be served.
pub(crate) async fn stands<R: Reading>(reading: &mut R, photo: Uuid) -> Stored<bool> {
    if reading.is_removed(photo).await? {
        return Ok(false);
    }
    Ok(fate(reading, photo, &[]).await? == Some(Fate::Stands))
}

/// What becomes of a photo in the store, given also what is arriving.
pub(crate) async fn fate<R: Reading>(
    reading: &mut R,
    photo: Uuid,
    arriving: &[Row],
) -> Stored<Option<Fate>> {
    let Some(row) = reading.record(photo).await? else {
        return Ok(None);
    };
    let Ok(record) = kinds::read::<Photo>(&row) else {
        return Ok(None);
    };
    let subjects = reading.tied(photo, PhotoSubject::KIND).await?;
    let evidence = Evidence::gather(reading, &subjects, arriving).await?;
    evidence.fate(&record).map(Some)
}
