//! Who saw and changed what on this device, and whether the chain is whole.

use porch_domain::catalogue::Record as _;
use porch_domain::role::{Action, can};
use porch_domain::stop::{Stop, StopEnd};
use porch_domain::time::Instant;
use porch_store::audit::{AuditRow, Deed};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Which page of the audit.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditRequest {
    /// Entries before this one; the newest when not given.
    pub before: Option<u64>,
    /// How many.
    pub limit: u32,
}

/// A page of the audit, newest first.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct AuditView {
    /// The entries.
    pub entries: Vec<AuditEntryView>,
    /// The first entry that does not fit the chain, if one does not.
    pub broken_at: Option<u64>,
    /// How many entries were checked.
    pub checked: u64,
}

/// An entry. It holds no value.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct AuditEntryView {
    /// Its place, from 1.
    pub number: u64,
    /// When.
    pub at: Instant,
    /// The name of who did it.
    pub by: String,
    /// What was done, and what for: `saw/open_family`.
    pub action: String,
    /// The kind of record.
    pub kind: Option<String>,
    /// The record; none once erased.
    #[ts(type = "string | null")]
    pub record: Option<Uuid>,
    /// The names of the fields changed.
    pub fields: Vec<String>,
}

/// The most entries of a page.
const LONGEST_PAGE: u32 = 500;

pub(crate) fn audit(work: &Work, request: AuditRequest) -> Result<AuditView, Refusal> {
    let staff = work.staff_names()?;
    work.write(|write| {
        let page = write.audit_page(request.before, request.limit.clamp(1, LONGEST_PAGE))?;
        let chain = write.verify_audit()?;
        work.record(write, Deed::Saw, "read_audit", None, &[])?;
        let entry = |row: AuditRow| {
            if tells_of_a_stop(&row) && !can(work.login.role, Action::StopUse) {
                // To everybody else a stop looks like any other No: that somebody did something stays.
                return Ok(AuditEntryView {
                    number: row.number,
                    at: row.at.parse().map_err(|_| Code::DatabaseCorrupt)?,
                    by: staff.of(row.user),
                    action: row.deed,
                    kind: None,
                    record: None,
                    fields: Vec::new(),
                });
            }
            Ok(AuditEntryView {
                number: row.number,
                at: row.at.parse().map_err(|_| Code::DatabaseCorrupt)?,
                by: staff.of(row.user),
                action: format!("{}/{}", row.deed, row.purpose),
                kind: row.kind,
                record: row.record,
                fields: row.fields,
            })
        };
        Ok(AuditView {
            entries: page
                .into_iter()
                .map(entry)
                .collect::<Result<_, Refusal>>()?,
            broken_at: chain.broken_at,
            checked: chain.entries,
        })
    })
}

fn tells_of_a_stop(row: &AuditRow) -> bool {
    let of_its_kind = row
        .kind
        .as_deref()
        .is_some_and(|kind| [Stop::KIND, StopEnd::KIND].contains(&kind));
    of_its_kind || ["stops", "stop_use", "end_stop"].contains(&row.purpose.as_str())
}
