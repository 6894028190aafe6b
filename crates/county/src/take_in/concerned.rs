//! Which records a unit of work holds others off.
//!
//! A transaction that bears on consent reads and writes more than its own records: a withdrawal
//! takes down photos, a photo takes its consent along. What it must hold is whatever bears on the
//! people it is about: the people, their decisions with withdrawals, authorities and ends, and
//! the photos that show them. Two transactions about one person always have that person in common (or a
//! decision or authority that is not there yet and that both name), so one waits for the other;
//! transactions about different people do not. What becomes of a photo is the worst of what becomes
//! of it for each person in it, so each person's records can be judged by themselves.
//!
//! An order to erase somebody takes more: everything that goes with them or is changed by it ([`reach`]).
//! Whatever comes to name a record holds that record, too, whatever its kind, so that nothing new is
//! tied to what is going at the same moment.
//!
//! No circle of waiting can arise. All of these are taken by one [`Work::lock_records`], which sorts
//! them; before it a unit waits for its device only, after it for scopes only, and those are
//! sorted, too. Rows are written only where their record is held, so writing never waits.
//!
//! To know what to hold, one must read before holding it, and somebody may come in between with one
//! more record about the same people. So it is read again afterwards; when more has come, nothing was
//! written yet, and the unit of work is dropped and begun anew. That ends: each time somebody else
//! got through.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::alias::Alias;
use porch_domain::catalogue::Record as _;
use porch_domain::erasure::{ErasureOrder, linked};
use porch_domain::photo::{Objection, Photo, PhotoSubject};
use porch_sync::{Op, Row, Stamped, Transaction};
use uuid::Uuid;

use super::erasure::reach;
use super::merging::decided_for;
use super::placing::{household, reached_by};
use super::stubs::stub_of;
use crate::erasure::{keyed, values};
use crate::kinds;
use crate::same::{alias, same_as};
use crate::standing::bearing_on;
use crate::store::{Reading, Stored, Work};

/// Fields that name a person.
const PEOPLE: &[&str] = &["subject", "child", "person", "older", "newer"];

/// Fields that name a record of consent or a photo.
const NAMED: &[&str] = &[
    "decision",
    "decisions",
    "withdrawal",
    "stop",
    "replaces",
    "authority",
    "delegated_from",
    "photo",
];

/// Holds others off all that the transaction concerns. False when more has come while waiting: the
/// unit of work is to be dropped.
pub(super) async fn lock<W: Work>(work: &mut W, transaction: &Transaction) -> Stored<bool> {
    let held = concerned(work, transaction).await?;
    work.lock_records(&held).await?;
    Ok(concerned(work, transaction).await?.is_subset(&held))
}

async fn concerned<R: Reading>(
    reading: &mut R,
    transaction: &Transaction,
) -> Stored<BTreeSet<Uuid>> {
    let mut held: BTreeSet<Uuid> = transaction.changes.iter().map(|c| c.id).collect();
    let arriving: BTreeMap<Uuid, Alias> = that_bear_on_consent(transaction)
        .iter()
        .filter_map(|row| Some((row.id, alias(row)?)))
        .collect();
    for change in &transaction.changes {
        let mut linked = linked(&change.kind, &values(change));
        if change.kind == ErasureOrder::KIND {
            let mut roots = Vec::new();
            linked = same_as(reading, &linked, &arriving).await?.all;
            for person in &linked {
                roots.extend(reading.record(*person).await?);
            }
            held.extend(reach(reading, roots).await?);
        }
        if change.kind == Alias::KIND {
            held.extend(certificates_of(reading, &linked).await?);
        }
        held.extend(linked);
        held.extend(reached_by(reading, change).await?);
    }
    let mut rows = that_bear_on_consent(transaction);
    if rows.is_empty() {
        return Ok(held);
    }
    // What is sent again, perhaps with fewer fields, counts as it stands.
    for row in &mut rows {
        if let Some(known) = reading.record(row.id).await? {
            *row = known;
        }
    }
    let mut people = BTreeSet::new();
    let mut named = BTreeSet::new();
    for row in &rows {
        people.extend(in_fields(row, PEOPLE));
        named.extend(in_fields(row, NAMED));
    }
    let mut ended = BTreeSet::new();
    for row in &rows {
        if row.kind == Alias::KIND {
            // Families that are joined bring their households along.
            for end in in_fields(row, &["older", "newer"]) {
                held.extend(household(reading, end).await?);
            }
        }
    }
    for change in &transaction.changes {
        if change.kind == Alias::KIND && change.op == Op::Edit {
            ended.extend(in_fields_of(&rows, change.id));
        }
    }
    if !ended.is_empty() {
        let apart = same_as(reading, &ended, &arriving).await?.all;
        people.extend(decided_for(reading, &apart).await?);
    }
    let mut found: Vec<Uuid> = named.iter().copied().collect();
    while let Some(id) = found.pop() {
        let known = reading.record(id).await?;
        let known = known.filter(|row| kinds::CONSENT.contains(&row.kind.as_str()));
        let Some(row) = known else { continue };
        people.extend(in_fields(&row, PEOPLE));
        if let Some(field) = kinds::names_consent(&row.kind) {
            let more = in_fields(&row, &[field]);
            found.extend(more.into_iter().filter(|id| named.insert(*id)));
        }
    }
    people = same_as(reading, &people, &arriving).await?.all;
    let consent: BTreeMap<Uuid, Row> = rows
        .into_iter()
        .filter(|row| kinds::CONSENT.contains(&row.kind.as_str()))
        .map(|row| (row.id, row))
        .collect();
    let bearing = bearing_on(reading, &people, consent).await?;
    for row in bearing.values() {
        named.extend(in_fields(row, NAMED));
        named.insert(row.id);
    }
    let mut photos = BTreeSet::new();
    for shown in people.iter().chain(&named) {
        for subject in reading.tied(*shown, PhotoSubject::KIND).await? {
            held.insert(subject.id);
            photos.extend(kinds::id_in(&subject.values(), "photo"));
        }
    }
    // When a photo falls, the stubs at its centre go, of each person in it.
    let mut others = people.clone();
    for photo in photos {
        held.insert(photo);
        for subject in reading.tied(photo, PhotoSubject::KIND).await? {
            held.insert(subject.id);
            others.extend(kinds::id_in(&subject.values(), "person"));
        }
    }
    for other in others {
        held.extend([other, stub_of(other)]);
    }
    held.extend(people);
    held.extend(named);
    Ok(held)
}

/// The erasures by which any of these went: what is said of them too late is noted there.
async fn certificates_of<R: Reading>(
    reading: &mut R,
    people: &BTreeSet<Uuid>,
) -> Stored<BTreeSet<Uuid>> {
    let secret = reading.origin().await?.secret;
    let mut erasures = BTreeSet::new();
    for person in people {
        let logged = reading.logged(keyed(&secret, *person)).await?;
        erasures.extend(logged.map(|logged| logged.erasure));
    }
    Ok(erasures)
}

fn in_fields(row: &Row, fields: &[&str]) -> BTreeSet<Uuid> {
    let values = row.values();
    fields
        .iter()
        .flat_map(|field| kinds::ids_in(&values, field))
        .collect()
}

fn in_fields_of(rows: &[Row], alias: Uuid) -> BTreeSet<Uuid> {
    let mut rows = rows.iter();
    let row = rows.find(|row| row.id == alias);
    row.map(|row| in_fields(row, &["older", "newer"]))
        .unwrap_or_default()
}

/// The transaction's changes to consent and photos, as records.
fn that_bear_on_consent(transaction: &Transaction) -> Vec<Row> {
    transaction
        .changes
        .iter()
        .filter(|change| {
            let kind = change.kind.as_str();
            kinds::CONSENT.contains(&kind)
                || [
                    Photo::KIND,
                    PhotoSubject::KIND,
                    Objection::KIND,
                    Alias::KIND,
                ]
                .contains(&kind)
        })
        .map(|change| Row {
            kind: change.kind.clone(),
            id: change.id,
            fields: change
                .fields
                .iter()
                .map(|(name, field)| {
                    let stamped = Stamped {
                        value: field.value.clone(),
                        version: transaction.version(),
                    };
                    (name.clone(), stamped)
                })
                .collect(),
        })
        .collect()
}
