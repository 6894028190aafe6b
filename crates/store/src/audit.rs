//! Who saw and changed what on this device: append-only and hash-chained.
//!
//! Each entry has a salted digest, and the chain links the digests: erasure can clear salt and id
//! of an entry, and the chain still verifies. Entries hold ids and field names, never values.

use porch_domain::id::UserId;
use porch_domain::time::Instant;
use porch_sync::Bytes;
use porch_sync::protocol::AuditHead;
use rusqlite::{OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::access::{Read, Write};
use crate::error::StoreError;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A record was opened.
    Saw,
    /// A record was made or edited.
    Changed,
    /// A search was made; its words are not kept.
    Searched,
    /// Somebody logged in.
    LoggedIn,
    /// Somebody logged out.
    LoggedOut,
    /// Somebody was invited to log in on this device.
    Invited,
    /// Somebody made a login by the printed recovery code.
    Recovered,
    /// The device was handed to a parent.
    HandedOver,
    /// The device was taken back from a parent.
    TookBack,
    /// The device was enrolled.
    Enrolled,
    /// A file was made of a record, to be given to somebody.
    Disclosed,
}

impl Deed {
    const fn word(self) -> &'static str {
        match self {
            Self::Saw => "saw",
            Self::Changed => "changed",
            Self::Searched => "searched",
            Self::LoggedIn => "logged_in",
            Self::LoggedOut => "logged_out",
            Self::Invited => "invited",
            Self::Recovered => "recovered",
            Self::HandedOver => "handed_over",
            Self::TookBack => "took_back",
            Self::Enrolled => "enrolled",
            Self::Disclosed => "disclosed",
        }
    }
}

/// An entry to be made.
#[derive(Clone, Copy, Debug)]
pub struct AuditEntry<'a> {
    /// When.
    pub at: Instant,
    /// Who.
    pub user: UserId,
    /// What.
    pub deed: Deed,
    /// What for, for example `sign_in`.
    pub purpose: &'a str,
    /// The kind and id of the record, where there is one.
    pub record: Option<(&'a str, Uuid)>,
    /// The names of the fields changed.
    pub fields: &'a [&'a str],
}

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place, from 1 without gaps.
    pub number: u64,
    /// When; UTC.
    pub at: String,
    /// Who.
    pub user: UserId,
    /// What was done.
    pub deed: String,
    /// What for.
    pub purpose: String,
    /// The kind of record.
    pub kind: Option<String>,
    /// The record; none once erased.
    pub record: Option<Uuid>,
    /// The names of the fields changed.
    pub fields: Vec<String>,
}

/// What a walk along the chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainState {
    /// How many entries were read.
    pub entries: u64,
    /// How many entries were cleared by an erasure: what they said cannot be checked.
    pub cleared: u64,
    /// The place of the first entry that does not fit, if one does not.
    pub broken_at: Option<u64>,
}

/// The digest of an entry. Every part is preceded by its length, so that no two entries give the
/// same bytes.
fn digest(salt: &[u8], number: u64, parts: [&[u8]; 7]) -> [u8; 32] {
    let mut hash = Sha256::new()
        .chain_update(salt)
        .chain_update(number.to_be_bytes());
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn link(before: &[u8], digest: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(before)
        .chain_update(digest)
        .finalize()
        .into()
}

const START: [u8; 32] = [0; 32];

impl Write<'_> {
    /// Appends an entry.
    ///
    /// # Errors
    /// When the store fails; then nothing that rests on it may go on.
    pub fn audit(&self, entry: &AuditEntry<'_>) -> Result<(), StoreError> {
        let head = self.audit_head()?;
        let (before, number) = head.map_or((START, 1), |head| (head.head.0, head.entries + 1));
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| StoreError::NoRandomness)?;
        let at = entry.at.to_string();
        let user = entry.user.to_bytes();
        let (kind, record) = entry.record.unzip();
        // Whoever saves what is too late leaves an entry without the id that was erased.
        let record = match record {
            Some(record) if self.is_erased(record)? => None,
            other => other.map(Uuid::into_bytes),
        };
        let fields = entry.fields.join(",");
        let digest = digest(
            &salt,
            number,
            [
                at.as_bytes(),
                &user,
                entry.deed.word().as_bytes(),
                entry.purpose.as_bytes(),
                kind.unwrap_or_default().as_bytes(),
                record.as_ref().map_or(&[], <[u8; 16]>::as_slice),
                fields.as_bytes(),
            ],
        );
        self.connection
            .prepare_cached(
                "INSERT INTO audit (number, at, user, action, purpose, kind, record, fields, salt, digest, chain)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                number,
                at,
                user,
                entry.deed.word(),
                entry.purpose,
                kind,
                record,
                fields,
                salt,
                digest,
                link(&before, &digest),
            ])?;
        Ok(())
    }
}

impl Read<'_> {
    /// How far the chain has come; `None` while it is empty.
    ///
    /// # Errors
    /// When the store fails.
    pub fn audit_head(&self) -> Result<Option<AuditHead>, StoreError> {
        let head = self
            .connection
            .prepare_cached("SELECT number, chain FROM audit ORDER BY number DESC LIMIT 1")?
            .query_row((), |row| {
                Ok(AuditHead {
                    entries: row.get(0)?,
                    head: Bytes(row.get(1)?),
                })
            })
            .optional()?;
        Ok(head)
    }

    /// Entries from the newest back, before `before` if given.
    ///
    /// # Errors
    /// When the store fails.
    pub fn audit_page(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT number, at, user, action, purpose, kind, record, fields
             FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?",
        )?;
        let before = before.map_or(i64::MAX, |number| i64::try_from(number).unwrap_or(i64::MAX));
        let rows = select.query_map(params![before, limit], |row| {
            let fields: String = row.get(7)?;
            let record: Option<[u8; 16]> = row.get(6)?;
            Ok(AuditRow {
                number: row.get(0)?,
                at: row.get(1)?,
                user: UserId::from_bytes(row.get(2)?),
                deed: row.get(3)?,
                purpose: row.get(4)?,
                kind: row.get(5)?,
                record: record.map(Uuid::from_bytes),
                fields: fields
                    .split(',')
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a user made or edited a record since a moment. Reads the entries back to that moment,
    /// and no further: an entry with an earlier time ends it, so a clock set back gives no.
    ///
    /// # Errors
    /// When the store fails.
    pub fn changed_since(
        &self,
        user: UserId,
        record: Uuid,
        since: Instant,
    ) -> Result<bool, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT at < ?1, user = ?2 AND action = ?3 AND record IS ?4
             FROM audit ORDER BY number DESC",
        )?;
        let mut rows = select.query(params![
            since.to_string(),
            user.to_bytes(),
            Deed::Changed.word(),
            record.into_bytes()
        ])?;
        while let Some(row) = rows.next()? {
            let (earlier, theirs): (bool, bool) = (row.get(0)?, row.get(1)?);
            if earlier {
                return Ok(false);
            }
            if theirs {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Walks the whole chain and says where it first does not fit.
    ///
    /// # Errors
    /// When the store fails.
    pub fn verify_audit(&self) -> Result<ChainState, StoreError> {
        let mut select = self.connection.prepare(
            "SELECT number, at, user, action, purpose, coalesce(kind, ''), coalesce(record, x''), fields, salt, digest, chain
             FROM audit ORDER BY number",
        )?;
        let mut rows = select.query(())?;
        let (mut before, mut entries, mut cleared) = (START, 0, 0);
        while let Some(row) = rows.next()? {
            entries += 1;
            let salt: Option<Vec<u8>> = row.get(8)?;
            let kept: [u8; 32] = row.get(9)?;
            let chain: [u8; 32] = row.get(10)?;
            let told = |index: usize| row.get_ref(index).map(bytes);
            let fits = match salt {
                // Cleared by an erasure: what it said cannot be checked, its place can.
                None => {
                    cleared += 1;
                    row.get_ref(6)?.as_bytes().is_ok_and(<[u8]>::is_empty)
                }
                Some(salt) => {
                    let parts = [
                        told(1)?,
                        told(2)?,
                        told(3)?,
                        told(4)?,
                        told(5)?,
                        told(6)?,
                        told(7)?,
                    ];
                    digest(&salt, entries, parts) == kept
                }
            };
            if !fits || row.get::<_, u64>(0)? != entries || link(&before, &kept) != chain {
                return Ok(ChainState {
                    entries,
                    cleared,
                    broken_at: Some(entries),
                });
            }
            before = chain;
        }
        Ok(ChainState {
            entries,
            cleared,
            broken_at: None,
        })
    }
}

fn bytes(value: rusqlite::types::ValueRef<'_>) -> &[u8] {
    value.as_bytes().unwrap_or_default()
}
