//! A family of another centre comes to a desk where somebody of it stands: found by full name and
//! date of birth, and placed in the scope of that desk's centre.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::catalogue::Record as _;
use porch_domain::family::Family;
use porch_domain::membership::Membership;
use porch_domain::name_key::name_key;
use porch_sync::DeviceNumber;
use porch_sync::protocol::{CountyRefusal, FetchAnswer, FetchRequest};
use serde_json::Value;
use uuid::Uuid;

use crate::county::{Answer, County};
use crate::kinds;
use crate::push::lock_in_force;
use crate::same::same_as;
use crate::store::{Asked, Reading, ScopeReading as _, ScopeWork as _, Store, Stored, Work};
use crate::take_in::{bring, household};

/// How often a device may ask…
const TRIES: usize = 20;
/// …in this time.
const TRIES_MS: u64 = 60 * 60 * 1000;
/// The longest name, in characters.
const NAME_CHARACTERS: usize = 200;

/// What is asked for, folded.
struct Wanted {
    given_name: String,
    family_name: String,
    birth_date: String,
}

impl Wanted {
    fn read(request: &FetchRequest) -> Option<Self> {
        let date = request.birth_date.as_str();
        let is_date = chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d")
            .is_ok_and(|read| read.format("%Y-%m-%d").to_string() == date);
        let fits = [&request.given_name, &request.family_name]
            .into_iter()
            .all(|name| name.chars().count() <= NAME_CHARACTERS && !name_key(name).is_empty());
        (is_date && fits).then(|| Self {
            given_name: name_key(&request.given_name),
            family_name: name_key(&request.family_name),
            birth_date: date.to_owned(),
        })
    }

    /// The families of whoever has that name and was born on that day; none of those whom one hidden
    /// family has.
    async fn families<R: Reading>(&self, reading: &mut R) -> Stored<BTreeSet<Uuid>> {
        let mut found = BTreeSet::new();
        for person in reading.born_on(&self.birth_date).await? {
            let values = person.values();
            let is = |field: &str, key: &str| {
                values
                    .get(field)
                    .and_then(Value::as_str)
                    .map(name_key)
                    .as_deref()
                    == Some(key)
            };
            if !is("given_name", &self.given_name) || !is("family_name", &self.family_name) {
                continue;
            }
            let (mut families, mut hidden) = (BTreeSet::new(), false);
            let none = BTreeMap::new();
            let records = same_as(reading, &[person.id].into(), &none).await?.all;
            for record in records {
                for place in reading.tied(record, Membership::KIND).await? {
                    let place = place.values();
                    let family = kinds::id_in(&place, "family");
                    let Some(family) = family else { continue };
                    for home in same_as(reading, &[family].into(), &none).await?.all {
                        let row = reading.record(home).await?;
                        let row = row.filter(|row| row.kind == Family::KIND);
                        let Some(row) = row else { continue };
                        hidden |= row.values().get("protected") == Some(&Value::Bool(true));
                        if place.get("ended_on").is_none_or(Value::is_null) {
                            families.insert(home);
                        }
                    }
                }
            }
            if !hidden {
                found.extend(families);
            }
        }
        Ok(found)
    }
}

impl<S: Store> County<S> {
    /// Looks for families by the full name and date of birth of somebody in them, both exact after folding,
    /// and places them in the scope of the device's centre, so that its next pull brings them. That it was
    /// asked is kept, found or not. A hidden family is not found, and nothing tells it from none.
    ///
    /// # Errors
    /// [`CountyRefusal::Malformed`] without both names and a date, [`CountyRefusal::SlowDown`] when the
    /// device has asked too often, [`CountyRefusal::Revoked`].
    pub async fn fetch(&self, device: DeviceNumber, request: &FetchRequest) -> Answer<FetchAnswer> {
        let wanted = Wanted::read(request).ok_or(CountyRefusal::Malformed)?;
        loop {
            if let Some(answer) = self.try_to_fetch(device, request.author, &wanted).await? {
                return Ok(answer);
            }
        }
    }

    /// None when somebody else was first, and it is to be begun anew.
    async fn try_to_fetch(
        &self,
        device: DeviceNumber,
        author: Uuid,
        wanted: &Wanted,
    ) -> Answer<Option<FetchAnswer>> {
        let at_ms = self.surroundings.unix_ms();
        let mut work = self.store.begin().await?;
        let device = lock_in_force(&mut work, device).await?;
        let since = at_ms.saturating_sub(TRIES_MS);
        if work.asked_since(Some(device.number), since).await?.len() >= TRIES {
            tracing::warn!("a device asks for families too often");
            return Err(CountyRefusal::SlowDown.into());
        }
        let families = wanted.families(&mut work).await?;
        let mut held = BTreeSet::new();
        for family in &families {
            held.extend(household(&mut work, *family).await?);
        }
        work.lock_records(&held).await?;
        let mut now_held = BTreeSet::new();
        for family in &families {
            now_held.extend(household(&mut work, *family).await?);
        }
        if wanted.families(&mut work).await? != families || !now_held.is_subset(&held) {
            return Ok(None);
        }
        let asked = |family| Asked {
            at_ms,
            device: device.number,
            author,
            family,
        };
        if families.is_empty() {
            work.put_asked(&asked(None)).await?;
        }
        for family in &families {
            work.put_asked(&asked(Some(*family))).await?;
        }
        let mut merged = bring(&mut work, &families, device.centre, at_ms).await?;
        self.finish(work, &mut merged).await?;
        tracing::info!(found = !families.is_empty(), "a family was asked for");
        Ok(Some(FetchAnswer {
            families: families.into_iter().collect(),
        }))
    }

    /// Who asked for families of other centres, the oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn asked(&self) -> Stored<Vec<Asked>> {
        self.store.reading().await?.asked_since(None, 0).await
    }
}
