//! Keeping the index true: in the same transaction as the rows that it follows from.

use std::collections::BTreeSet;

use porch_domain::name_key::{name_key, phone_tail};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use super::query::{Keys, birth_key, postcode_key};
use crate::access::Write;
use crate::error::StoreError;

pub(super) const PERSON: &str = "
    SELECT given_name, family_name, known_as, phone, birth_date FROM person WHERE id = ?";
pub(super) const HOMES: &str = "
    SELECT f.name, f.postcode, f.centre, f.protected
    FROM membership m JOIN family f ON f.id = m.family
    WHERE m.person = ? AND m.ended_on IS NULL";
pub(super) const MEMBERS: &str = "SELECT person FROM membership WHERE family = ?";
pub(super) const MEMBER: &str = "SELECT person FROM membership WHERE id = ?";
pub(super) const ENTRY: &str = "
    SELECT e.number, s.names, s.phone, s.postcode, s.birth, s.centre
    FROM search_entry e JOIN person_search s ON s.rowid = e.number
    WHERE e.person = ?";

/// Brings the index up to a record that was written. A no-op for kinds that it does not follow from.
pub(crate) fn row_changed(write: &Write<'_>, kind: &str, id: Uuid) -> Result<(), StoreError> {
    refresh(write, &affected(write, kind, id)?)
}

/// Brings the index up to many records that were written: each person's entry once, however many of
/// them it follows from.
pub(crate) fn rows_changed<'a>(
    write: &Write<'_>,
    rows: impl IntoIterator<Item = (&'a str, Uuid)>,
) -> Result<(), StoreError> {
    let mut people = BTreeSet::new();
    for (kind, id) in rows {
        people.extend(affected(write, kind, id)?);
    }
    refresh(write, &Vec::from_iter(people))
}

/// The people whose entries follow from a record. To be asked before it is deleted, for
/// [`refresh`] afterwards: a membership that is gone does not say whose it was.
pub(crate) fn affected(write: &Write<'_>, kind: &str, id: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let people = |sql| -> Result<Vec<Uuid>, StoreError> {
        let mut select = write.connection.prepare_cached(sql)?;
        let people = select.query_map([id.as_bytes()], |row| row.get(0).map(Uuid::from_bytes))?;
        Ok(people.collect::<Result<_, _>>()?)
    };
    match kind {
        "person" => Ok(vec![id]),
        "membership" => people(MEMBER),
        "family" => people(MEMBERS),
        _ => Ok(Vec::new()),
    }
}

/// Brings the entries of these people up to their rows.
pub(crate) fn refresh(write: &Write<'_>, people: &[Uuid]) -> Result<(), StoreError> {
    for person in people {
        refresh_one(write, *person)?;
    }
    Ok(())
}

/// An entry of the index: what it is searched by, and the centres that know the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry {
    keys: Keys,
    centres: String,
}

fn refresh_one(write: &Write<'_>, person: Uuid) -> Result<(), StoreError> {
    let connection = write.connection;
    let standing: Option<(i64, Entry)> = connection
        .prepare_cached(ENTRY)?
        .query_row([person.as_bytes()], |row| {
            let entry = Entry {
                keys: Keys {
                    names: row.get(1)?,
                    phone: row.get(2)?,
                    postcode: row.get(3)?,
                    birth: row.get(4)?,
                },
                centres: row.get(5)?,
            };
            Ok((row.get(0)?, entry))
        })
        .optional()?;
    let due = entry_of(write, person)?;
    match (standing, due) {
        (None, None) => {}
        (Some((_, standing)), Some(due)) if standing == due => {}
        (Some((number, _)), due) => {
            connection
                .prepare_cached("DELETE FROM person_search WHERE rowid = ?")?
                .execute([number])?;
            match due {
                Some(due) => insert(write, number, &due)?,
                None => {
                    connection
                        .prepare_cached("DELETE FROM search_entry WHERE number = ?")?
                        .execute([number])?;
                }
            }
        }
        (None, Some(due)) => {
            connection
                .prepare_cached("INSERT INTO search_entry (person) VALUES (?)")?
                .execute([person.as_bytes()])?;
            insert(write, connection.last_insert_rowid(), &due)?;
        }
    }
    Ok(())
}

fn insert(write: &Write<'_>, number: i64, entry: &Entry) -> Result<(), StoreError> {
    let Entry { keys, centres } = entry;
    write
        .connection
        .prepare_cached(
            "INSERT INTO person_search (rowid, names, phone, postcode, birth, centre)
             VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            number,
            keys.names,
            keys.phone,
            keys.postcode,
            keys.birth,
            centres
        ])?;
    Ok(())
}

/// What homes add to an entry.
#[derive(Default)]
struct Places {
    names: BTreeSet<String>,
    postcodes: BTreeSet<String>,
    centres: BTreeSet<String>,
}

/// What the index should hold of a person: nothing unless they belong to a family, since what is
/// found is families.
fn entry_of(write: &Write<'_>, person: Uuid) -> Result<Option<Entry>, StoreError> {
    let mut homes = write.connection.prepare_cached(HOMES)?;
    let mut homes = homes.query([person.as_bytes()])?;
    let (mut open, mut hidden) = (Places::default(), Places::default());
    while let Some(home) = homes.next()? {
        let places = if home.get(3)? { &mut hidden } else { &mut open };
        if let Some(name) = home.get::<_, Option<String>>(0)? {
            add_words(&mut places.names, &name_key(&name));
        }
        if let Some(postcode) = home.get::<_, Option<String>>(1)? {
            places.postcodes.insert(postcode_key(&postcode));
        }
        places
            .centres
            .insert(centre_key(Uuid::from_bytes(home.get(2)?)));
    }
    // One entry serves everybody who searches. A child of two homes is found by what the open one
    // is called and where it is; the hidden one is found by those who live only there.
    let Places {
        mut names,
        postcodes,
        centres,
    } = if open.centres.is_empty() {
        hidden
    } else {
        open
    };
    if centres.is_empty() {
        return Ok(None);
    }
    let own = write
        .connection
        .prepare_cached(PERSON)?
        .query_row([person.as_bytes()], |row| {
            let own: [Option<String>; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
            Ok((own, row.get(3)?, row.get(4)?))
        })
        .optional()?;
    let Some((own, phone, birth)): Option<(_, Option<String>, Option<String>)> = own else {
        return Ok(None);
    };
    for name in own.into_iter().flatten() {
        add_words(&mut names, &name_key(&name));
    }
    let birth = birth
        .map(|date| date.parse().map(birth_key))
        .transpose()
        .map_err(|_| StoreError::Malformed)?;
    Ok(Some(Entry {
        keys: Keys {
            names: join(names),
            phone: phone.map(|phone| phone_tail(&phone)).unwrap_or_default(),
            postcode: join(postcodes),
            birth: birth.unwrap_or_default(),
        },
        centres: join(centres),
    }))
}

/// A centre as one word of the index.
pub(super) fn centre_key(centre: Uuid) -> String {
    centre.as_simple().to_string()
}

fn add_words(names: &mut BTreeSet<String>, key: &str) {
    names.extend(
        key.split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned),
    );
}

fn join(words: BTreeSet<String>) -> String {
    words.into_iter().collect::<Vec<_>>().join(" ")
}
