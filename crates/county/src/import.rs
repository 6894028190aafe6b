//! Import: a county's records from a file, as the county's own transactions.
//!
//! `{"records": [{"kind": "centre", "id": "…", "scope": "…", "fields": {"name": "…"}}, …]}`. A
//! record without scope is the county's reference data. What rests on another record comes after
//! it. Importing the same file again changes nothing; a value that differs is an edit.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

use porch_domain::catalogue::{MalformedRecord, Record};
use porch_domain::centre::{Centre, PlaceKind};
use porch_domain::id::RecordId as _;
use porch_domain::text::TextProblem;
use porch_sync::protocol::{COUNTY_SCOPE, Fate, Outcome};
use porch_sync::{
    Change, FieldChange, Hlc, Op, Row, Salt, SealedTransaction, Stamped, Transaction,
};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use uuid::Uuid;

use crate::county::County;
use crate::kinds;
use crate::quarantine::Reason;
use crate::store::{COUNTY_DEVICE, Reading, Received, Store, StoreFailure, Work};
use crate::take_in::{TakenIn, take_in};

/// How many records are written in one transaction.
const BATCH: usize = 2_000;

/// One record of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedRecord {
    /// Its kind, as in the catalogue.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
    /// The centre that holds it; none for the county's reference data.
    #[serde(default)]
    pub scope: Option<Uuid>,
    /// Its fields; what is absent is not given.
    pub fields: BTreeMap<String, Value>,
}

impl ImportedRecord {
    /// A record, for the centre that holds it.
    pub(crate) fn of<R: Record>(record: &R, scope: Option<Uuid>) -> Self {
        Self {
            kind: R::KIND.to_owned(),
            id: record.id().uuid(),
            scope,
            fields: record.to_fields(),
        }
    }
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Records in the file.
    pub read: u64,
    /// Of these, new or different.
    pub written: u64,
}

/// Why an import stopped. What was written before stays; importing again goes on.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailure {
    /// The file is not of the form.
    #[error("the file cannot be read: {0}")]
    File(#[from] serde_json::Error),
    /// Records that are not what the catalogue says.
    #[error("records {first} to {last} were refused: {}", reason.word())]
    Refused {
        /// The first of the batch, counted from 1.
        first: u64,
        /// The last.
        last: u64,
        /// Why.
        reason: Reason,
    },
    /// A record is not what the catalogue says of its kind.
    #[error("record {number} ({id}): {problem}")]
    Malformed {
        /// Its place in the file, counted from 1.
        number: u64,
        /// Its id.
        id: Uuid,
        /// The field and what is wrong, without the value.
        problem: MalformedRecord,
    },
    /// A text is not whole.
    #[error("record {number} ({id}): {problem}")]
    Text {
        /// Its place in the file, counted from 1.
        number: u64,
        /// Its id.
        id: Uuid,
        /// What is wrong.
        problem: TextProblem,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFailure),
}

impl<S: Store> County<S> {
    /// Imports a file; `progress` hears of each batch. Blocks: call it where that may be.
    ///
    /// # Errors
    /// See [`ImportFailure`].
    pub fn import(
        &self,
        file: impl Read,
        runtime: &tokio::runtime::Handle,
        mut progress: impl FnMut(Imported),
    ) -> Result<Imported, ImportFailure> {
        let mut done = Imported::default();
        let mut stopped = None;
        let mut batch = Vec::with_capacity(BATCH);
        let mut take = |batch: &mut Vec<ImportedRecord>| -> bool {
            let records = std::mem::take(batch);
            match runtime.block_on(self.import_batch(&records, done)) {
                Ok(now) => {
                    done = now;
                    progress(done);
                    true
                }
                Err(failure) => {
                    stopped = Some(failure);
                    false
                }
            }
        };
        let mut each = |record| {
            batch.push(record);
            batch.len() < BATCH || take(&mut batch)
        };
        let mut reader = serde_json::Deserializer::from_reader(std::io::BufReader::new(file));
        let read = File(&mut each)
            .deserialize(&mut reader)
            .and_then(|()| reader.end());
        if read.is_ok() && !batch.is_empty() {
            take(&mut batch);
        }
        match (stopped, read) {
            (Some(failure), _) => Err(failure),
            (None, Err(error)) => Err(error.into()),
            (None, Ok(())) => Ok(done),
        }
    }

    pub(crate) async fn import_batch(
        &self,
        records: &[ImportedRecord],
        before: Imported,
    ) -> Result<Imported, ImportFailure> {
        loop {
            if let Some(imported) = self.try_to_import(records, before).await? {
                return Ok(imported);
            }
        }
    }

    /// None when somebody else was first, and it is to be begun anew.
    async fn try_to_import(
        &self,
        records: &[ImportedRecord],
        before: Imported,
    ) -> Result<Option<Imported>, ImportFailure> {
        let read = before.read + u64::try_from(records.len()).unwrap_or_default();
        let now_ms = self.surroundings.unix_ms();
        let mut work = self.store.begin().await?;
        let mut county = work
            .lock_device(COUNTY_DEVICE)
            .await?
            .ok_or(StoreFailure::Corrupt("county"))?;
        let mut changes = Vec::new();
        for record in records {
            let centre = Value::from(PlaceKind::Centre.word());
            if record.kind == Centre::KIND && record.fields.get("kind") == Some(&centre) {
                work.put_scope(record.id).await?;
            }
            let scope = record.scope.unwrap_or(COUNTY_SCOPE);
            if work.head(scope).await?.is_none() {
                return Err(refused(before.read, read, Reason::OutOfScope));
            }
            changes.extend(change(&mut work, record, scope).await?);
        }
        let written = u64::try_from(changes.len()).unwrap_or_default();
        if changes.is_empty() {
            // A new scope may have been made all the same.
            work.commit().await?;
            return Ok(Some(Imported { read, ..before }));
        }
        let transaction = Transaction {
            device: COUNTY_DEVICE,
            sequence: county.expected,
            clock: Hlc::at(now_ms),
            author: Uuid::nil(),
            schema: porch_sync::SCHEMA,
            changes,
        };
        let mut merged = match take_in(&mut work, &county, &transaction, now_ms).await? {
            TakenIn::Merged(merged) => merged,
            TakenIn::Quarantined(reason) => {
                return Err(first_problem(records, before.read, &transaction)
                    .unwrap_or_else(|| refused(before.read, read, reason)));
            }
            TakenIn::Overtaken => return Ok(None),
        };
        let mut salt = [0; 16];
        self.surroundings.fill(&mut salt)?;
        let sealed = SealedTransaction::seal(&transaction, porch_sync::Bytes(salt) as Salt)
            .map_err(|_| StoreFailure::Corrupt("import"))?;
        work.put_received(
            COUNTY_DEVICE,
            transaction.sequence,
            &Received {
                digest: sealed.digest,
                outcome: Outcome {
                    sequence: transaction.sequence,
                    fate: if merged.removed.is_empty() {
                        Fate::Applied
                    } else {
                        Fate::Removed
                    },
                    conflicts: std::mem::take(&mut merged.conflicts),
                    redirected: Vec::new(),
                    // What was erased is not kept here either.
                    removed: std::mem::take(&mut merged.removed)
                        .into_iter()
                        .filter(|id| !merged.too_late.contains(id))
                        .collect(),
                },
            },
        )
        .await?;
        county.expected += 1;
        work.put_device(&county).await?;
        self.finish(work, &mut merged).await?;
        Ok(Some(Imported {
            read,
            written: before.written + written,
        }))
    }
}

fn refused(before: u64, last: u64, reason: Reason) -> ImportFailure {
    ImportFailure::Refused {
        first: before + 1,
        last,
        reason,
    }
}

/// Which record the catalogue has something against, when it is one that is to be made.
fn first_problem(
    records: &[ImportedRecord],
    before: u64,
    transaction: &Transaction,
) -> Option<ImportFailure> {
    (before + 1..).zip(records).find_map(|(number, record)| {
        let stamp = |value: &Value| Stamped {
            value: value.clone(),
            version: transaction.version(),
        };
        let row = Row {
            kind: record.kind.clone(),
            id: record.id,
            fields: record
                .fields
                .iter()
                .map(|(name, value)| (name.clone(), stamp(value)))
                .collect(),
        };
        let id = record.id;
        if let Some(problem) = kinds::problem(&row).ok().flatten() {
            return Some(ImportFailure::Malformed {
                number,
                id,
                problem,
            });
        }
        let problem = kinds::text_problem(&row)?;
        Some(ImportFailure::Text {
            number,
            id,
            problem,
        })
    })
}

/// What the record changes; nothing when it is there already, as it is.
async fn change<R: Reading>(
    reading: &mut R,
    record: &ImportedRecord,
    scope: Uuid,
) -> Result<Option<Change>, StoreFailure> {
    let known = reading.record(record.id).await?;
    let fields: BTreeMap<String, FieldChange> = record
        .fields
        .iter()
        .filter_map(|(name, value)| {
            let standing = known.as_ref().and_then(|row| row.fields.get(name));
            if standing.is_some_and(|standing| standing.value == *value) {
                return None;
            }
            let change = FieldChange {
                value: value.clone(),
                base: standing.map(|standing| standing.version),
            };
            Some((name.clone(), change))
        })
        .collect();
    if known.is_some() && fields.is_empty() {
        return Ok(None);
    }
    Ok(Some(Change {
        kind: record.kind.clone(),
        id: record.id,
        op: if known.is_some() {
            Op::Edit
        } else {
            Op::Create { scope }
        },
        fields,
    }))
}

/// Reads the file record by record; the closure says whether to go on.
struct File<'a, F>(&'a mut F);

impl<'de, F: FnMut(ImportedRecord) -> bool> DeserializeSeed<'de> for File<'_, F> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(ImportedRecord) -> bool> Visitor<'de> for File<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with records")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut found = false;
        while let Some(key) = map.next_key::<String>()? {
            if key == "records" {
                found = true;
                map.next_value_seed(Records(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        if found {
            Ok(())
        } else {
            Err(A::Error::missing_field("records"))
        }
    }
}

struct Records<'a, F>(&'a mut F);

impl<'de, F: FnMut(ImportedRecord) -> bool> DeserializeSeed<'de> for Records<'_, F> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(ImportedRecord) -> bool> Visitor<'de> for Records<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut records: A) -> Result<(), A::Error> {
        while let Some(record) = records.next_element()? {
            if !(self.0)(record) {
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}
