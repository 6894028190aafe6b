//! Whether a photo stands: the rule is `porch_domain::consent`'s, this gathers what it asks for.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::activity::Activity;
use porch_domain::alias::Alias;
use porch_domain::authority::{Authority, AuthorityEnd};
use porch_domain::catalogue::{MalformedRecord, Record};
use porch_domain::consent::{Fate, Ledger, LedgerEntry};
use porch_domain::decision::Decision;
use porch_domain::id::{DecisionId, PersonId, derive_county_details_id};
use porch_domain::membership::Membership;
use porch_domain::person::Person;
use porch_domain::photo::{Photo, PhotoSubject};
use porch_domain::session::Session;
use porch_domain::standing::{Expiry, Misrecording};
use porch_domain::stop::{Stop, StopEnd};
use porch_domain::text::TextApproval;
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Withdrawal, WithdrawalRuling};
use porch_sync::Row;
use uuid::Uuid;

use crate::kinds;
use crate::same::{alias, same_as};
use crate::store::{Reading, StoreFailure, Stored};

/// Everything that bears on a photo.
pub(crate) struct Evidence {
    /// The consent records.
    records: BTreeMap<Uuid, Row>,
    /// What is known of the ages of the people in it, and which texts the county approved.
    known: Vec<Row>,
    /// Who is the same: of the people in it, and of those who decided for them.
    aliases: Vec<Alias>,
    now_ms: u64,
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
        now_ms: u64,
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
        let people: BTreeSet<Uuid> = subjects.iter().map(|s| s.person.into()).collect();
        let changed: BTreeMap<Uuid, Alias> = arriving
            .iter()
            .filter_map(|row| Some((row.id, alias(row)?)))
            .collect();
        let group = same_as(reading, &people, &changed).await?;
        let people = group.all;
        let mut known: BTreeMap<Uuid, Row> = BTreeMap::new();
        for person in &people {
            let row = reading.record(*person).await?;
            known.extend(row.map(|row| (row.id, row)));
            let places = reading.tied(*person, Membership::KIND).await?;
            known.extend(places.into_iter().map(|row| (row.id, row)));
        }
        let county = derive_county_details_id().into();
        let approvals = reading.tied(county, TextApproval::KIND).await?;
        known.extend(approvals.into_iter().map(|row| (row.id, row)));
        // As the transaction leaves them; those of others do no harm.
        for row in arriving {
            if [Person::KIND, Membership::KIND].contains(&row.kind.as_str()) {
                known.insert(row.id, row.clone());
            }
        }
        let records = bearing_on(reading, &people, records).await?;
        let deciders: BTreeSet<Uuid> = records
            .values()
            .filter_map(|row| kinds::id_in(&row.values(), "decider"))
            .collect();
        let mut aliases = group.aliases;
        aliases.extend(same_as(reading, &deciders, &changed).await?.aliases);
        Ok(Self {
            records,
            known: known.into_values().collect(),
            aliases: aliases.into_values().collect(),
            now_ms,
            subjects,
        })
    }

    /// The records, and the aliases by which they bear on it.
    pub(crate) fn ids(&self) -> Vec<Uuid> {
        let aliases = self.aliases.iter().map(|alias| alias.id.into());
        self.records.keys().copied().chain(aliases).collect()
    }

    fn ledger(&self) -> Stored<Ledger> {
        let mut ledger = Ledger::default();
        ledger.extend([LedgerEntry::Seen(Instant::from_unix_ms(
            i64::try_from(self.now_ms).unwrap_or(i64::MAX),
        ))]);
        for row in self.records.values().chain(&self.known) {
            let entry: LedgerEntry = match row.kind.as_str() {
                Authority::KIND => kinds::read::<Authority>(row).map_err(corrupt)?.into(),
                AuthorityEnd::KIND => kinds::read::<AuthorityEnd>(row).map_err(corrupt)?.into(),
                Decision::KIND => kinds::read::<Decision>(row).map_err(corrupt)?.into(),
                Withdrawal::KIND => kinds::read::<Withdrawal>(row).map_err(corrupt)?.into(),
                Misrecording::KIND => kinds::read::<Misrecording>(row).map_err(corrupt)?.into(),
                Expiry::KIND => kinds::read::<Expiry>(row).map_err(corrupt)?.into(),
                WithdrawalRuling::KIND => kinds::read::<WithdrawalRuling>(row)
                    .map_err(corrupt)?
                    .into(),
                Stop::KIND => kinds::read::<Stop>(row).map_err(corrupt)?.into(),
                StopEnd::KIND => kinds::read::<StopEnd>(row).map_err(corrupt)?.into(),
                Person::KIND => kinds::read::<Person>(row).map_err(corrupt)?.into(),
                Membership::KIND => kinds::read::<Membership>(row).map_err(corrupt)?.into(),
                TextApproval::KIND => kinds::read::<TextApproval>(row).map_err(corrupt)?.into(),
                _ => continue,
            };
            ledger.extend([entry]);
        }
        for alias in &self.aliases {
            let [older, newer] = alias.ends().map(PersonId::from);
            ledger.extend([LedgerEntry::Same(older, newer)]);
        }
        Ok(ledger)
    }

    fn named(&self) -> Vec<(PersonId, DecisionId)> {
        let named = self.subjects.iter();
        named.map(|s| (s.person, s.decision)).collect()
    }

    /// What becomes of the photo.
    pub(crate) fn fate(&self, photo: &Photo) -> Stored<Fate> {
        Ok(self.ledger()?.fate(photo, &self.named()))
    }

    /// Whether the photo may be stored.
    pub(crate) fn may_store(&self, photo: &Photo) -> Stored<bool> {
        Ok(self.ledger()?.may_store(photo, &self.named()))
    }
}

/// Every consent record that bears on whether pictures of these people stand, besides those given.
pub(crate) async fn bearing_on<R: Reading>(
    reading: &mut R,
    people: &BTreeSet<Uuid>,
    mut records: BTreeMap<Uuid, Row>,
) -> Stored<BTreeMap<Uuid, Row>> {
    for person in people {
        for kind in [Decision::KIND, Stop::KIND] {
            let rows = reading.tied(*person, kind).await?;
            records.extend(rows.into_iter().map(|row| (row.id, row)));
        }
    }
    for row in records.values().cloned().collect::<Vec<_>>() {
        let said = said_of(reading, &row).await?;
        records.extend(said.into_iter().map(|row| (row.id, row)));
    }
    let mut authorities = BTreeSet::new();
    let decisions: Vec<Row> = records
        .values()
        .filter(|row| row.kind == Decision::KIND)
        .cloned()
        .collect();
    for decision in decisions {
        authorities.extend(kinds::id_in(&decision.values(), "authority"));
    }
    // A delegation rests on one authority that is none itself, so this ends.
    let mut seen = BTreeSet::new();
    while let Some(authority) = authorities.pop_first() {
        if !seen.insert(authority) {
            continue;
        }
        // It may not be here, and what says that it ended may.
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

/// What says of a record of consent what it counts for, and what is said of that.
pub(crate) async fn said_of<R: Reading>(reading: &mut R, row: &Row) -> Stored<Vec<Row>> {
    let mut said = Vec::new();
    let mut found = vec![row.clone()];
    while let Some(row) = found.pop() {
        for kind in kinds::said_of(&row.kind) {
            let more = reading.tied(row.id, kind).await?;
            said.extend(more.iter().cloned());
            found.extend(more);
        }
    }
    Ok(said)
}

/// Whether no picture may be taken where this one was, or it is not known where that is: neither in
/// the store nor among what is arriving.
pub(crate) async fn never_photograph<R: Reading>(
    reading: &mut R,
    photo: &Photo,
    arriving: &[Row],
) -> Stored<bool> {
    let Some(session) = photo.session else {
        return Ok(false);
    };
    let session = latest(reading, session.into(), arriving).await?;
    let Some(session) = session.and_then(|row| typed::<Session>(&row)) else {
        return Ok(true);
    };
    let activity = latest(reading, session.activity.into(), arriving).await?;
    Ok(activity
        .and_then(|row| typed::<Activity>(&row))
        .is_none_or(|activity| activity.never_photograph))
}

/// A record as it is arriving, or else as it is in the store.
async fn latest<R: Reading>(reading: &mut R, id: Uuid, arriving: &[Row]) -> Stored<Option<Row>> {
    match arriving.iter().find(|row| row.id == id) {
        Some(row) => Ok(Some(row.clone())),
        None => reading.record(id).await,
    }
}

fn typed<R: Record>(row: &Row) -> Option<R>
where
    R::Id: From<Uuid>,
{
    (row.kind == R::KIND)
        .then(|| kinds::read(row).ok())
        .flatten()
}

/// Whether a photo that was taken in still stands, so that it may be served.
pub(crate) async fn stands<R: Reading>(reading: &mut R, photo: Uuid, now_ms: u64) -> Stored<bool> {
    if reading.is_removed(photo).await? {
        return Ok(false);
    }
    Ok(fate(reading, photo, &[], now_ms).await? == Some(Fate::Stands))
}

/// What becomes of a photo in the store, given also what is arriving.
pub(crate) async fn fate<R: Reading>(
    reading: &mut R,
    photo: Uuid,
    arriving: &[Row],
    now_ms: u64,
) -> Stored<Option<Fate>> {
    let Some(row) = reading.record(photo).await? else {
        return Ok(None);
    };
    let Ok(record) = kinds::read::<Photo>(&row) else {
        return Ok(None);
    };
    let subjects = reading.tied(photo, PhotoSubject::KIND).await?;
    let evidence = Evidence::gather(reading, &subjects, arriving, now_ms).await?;
    evidence.fate(&record).map(Some)
}
