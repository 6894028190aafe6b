//! Who saw and changed what on this device, and whether the chain is whole.

use porch_domain::time::Instant;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Which page of the audit.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AuditRequest {
    /// Entries before this one; the newest when not given.
    pub before: Option<u64>,
    /// How many.
    pub limit: u32,
}

/// A page of the audit, newest first.
#[derive(Clone, Debug, Serialize, TS)]
pub struct AuditView {
    /// The entries.
    pub entries: Vec<AuditEntryView>,
    /// The first entry that does not fit the chain, if one does not.
    pub broken_at: Option<u64>,
    /// How many entries were checked.
    pub checked: u64,
}

/// An entry. It holds no value.
#[derive(Clone, Debug, Serialize, TS)]
pub struct AuditEntryView {
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

pub(crate) fn audit(_work: &Work, _request: AuditRequest) -> Result<AuditView, Refusal> {
    Err(Code::Internal.into())
}
