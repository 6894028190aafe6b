//! What a command at the desk works with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use porch_domain::id::UserId;
use porch_domain::role::{Action, Role};
use porch_domain::time::Instant;
use porch_store::audit::{AuditEntry, Deed};
use porch_store::device::DeviceRow;
use porch_store::sealed::OpeningKey;
use porch_store::{Read, Store, StoreError, Write};
use porch_sync::Change;
use uuid::Uuid;

use crate::desk::{Desk, locked};
use crate::refusal::{Code, Refusal};

/// In which state of the desk a command may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    /// Somebody is logged in; neither locked nor handed over.
    AtDesk,
    /// The same, or while it is handed over to a parent.
    InHandOver,
}

/// Who is logged in.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) user: UserId,
    pub(crate) name: String,
    pub(crate) role: Role,
    /// The private keys for restricted notes; empty for most roles, and forgotten on lock.
    pub(crate) restricted: Vec<OpeningKey>,
}

/// One command's work: the store, who asks, and when.
pub(crate) struct Work {
    pub(crate) store: Arc<Store>,
    pub(crate) login: Login,
    pub(crate) device: DeviceRow,
    pub(crate) now: Instant,
    /// Whether a PIN unlocked the desk, so that the password's keys are not here.
    pub(crate) by_pin: bool,
    /// Today in London.
    pub(crate) today: NaiveDate,
    /// The desk that the work is done at.
    pub(crate) desk: Desk,
    /// The kinds of records that this work saved.
    pub(crate) saved: Mutex<BTreeSet<String>>,
    /// Whether this work handed the program over to a parent.
    pub(crate) handed_over: AtomicBool,
}

impl Work {
    /// A new id of any kind.
    pub(crate) fn make_id<I: From<Uuid>>(&self) -> Result<I, Refusal> {
        make_id(self.now)
    }

    /// Refuses unless this login's role stands for the action.
    pub(crate) fn must(&self, action: Action) -> Result<(), Refusal> {
        if porch_domain::role::can(self.login.role, action) {
            Ok(())
        } else {
            Err(Code::NotAllowed.into())
        }
    }

    /// What the members of staff are called who have a login on this device.
    pub(crate) fn staff_names(&self) -> Result<StaffNames, Refusal> {
        let slots = crate::log_in::slots(&self.desk)?.list()?;
        let mut names: BTreeMap<UserId, String> = slots
            .into_iter()
            .map(|slot| (slot.user.id.into(), slot.user.name))
            .collect();
        names.insert(self.login.user, self.login.name.clone());
        Ok(StaffNames(names))
    }

    /// Reads from one snapshot without leaving a trace in the audit: for lists and checks that
    /// open no record.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Read<'_>) -> Result<T, StoreError>,
    ) -> Result<T, Refusal> {
        self.store.read(read).map_err(Refusal::from)
    }

    /// Writes in one transaction.
    pub(crate) fn write<T>(
        &self,
        write: impl FnOnce(&Write<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.store.write(write)
    }

    /// Saves changes as one transaction of this device, with an audit entry for each record.
    pub(crate) fn save(
        &self,
        write: &Write<'_>,
        purpose: &'static str,
        changes: Vec<Change>,
    ) -> Result<(), Refusal> {
        for change in &changes {
            let fields: Vec<&str> = change.fields.keys().map(String::as_str).collect();
            self.record(
                write,
                Deed::Changed,
                purpose,
                Some((&change.kind, change.id)),
                &fields,
            )?;
        }
        locked(&self.saved).extend(changes.iter().map(|change| change.kind.clone()));
        write.save(self.login.user.into(), self.now, changes)?;
        Ok(())
    }

    /// Puts into the audit that a record was seen.
    pub(crate) fn saw(
        &self,
        write: &Write<'_>,
        purpose: &'static str,
        kind: &str,
        id: Uuid,
    ) -> Result<(), Refusal> {
        self.record(write, Deed::Saw, purpose, Some((kind, id)), &[])
    }

    /// Puts a deed into the audit.
    pub(crate) fn record(
        &self,
        write: &Write<'_>,
        deed: Deed,
        purpose: &'static str,
        record: Option<(&str, Uuid)>,
        fields: &[&str],
    ) -> Result<(), Refusal> {
        write.audit(&AuditEntry {
            at: self.now,
            user: self.login.user,
            deed,
            purpose,
            record,
            fields,
        })?;
        Ok(())
    }
}

/// The names of members of staff.
pub(crate) struct StaffNames(BTreeMap<UserId, String>);

impl StaffNames {
    /// What somebody is called; for those of other devices the end of their id, by which two of
    /// them are told apart.
    pub(crate) fn of(&self, user: UserId) -> String {
        self.0
            .get(&user)
            .cloned()
            .unwrap_or_else(|| user.to_string().chars().skip(30).collect())
    }
}

/// A new id of any kind: UUIDv7.
pub(crate) fn make_id<I: From<Uuid>>(now: Instant) -> Result<I, Refusal> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(|_| Code::Internal)?;
    let ms = u64::try_from(now.unix_ms()).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(ms, &random)
        .into_uuid()
        .into())
}
