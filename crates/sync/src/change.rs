//! What a device writes and what a record is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::clock::Hlc;
use crate::version::{DeviceNumber, Version, Versions};

/// Everything that one Save wrote, applied whole or not at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Transaction {
    /// The device that wrote it.
    pub device: DeviceNumber,
    /// The device's own number for it: from 1, without gaps.
    pub sequence: u64,
    /// The device's clock at Save.
    pub clock: Hlc,
    /// The user whose login wrote it.
    pub author: Uuid,
    /// The schema of records that the writing program knew ([`crate::SCHEMA`]).
    pub schema: u32,
    /// What changed, in the order in which it was written.
    pub changes: Vec<Change>,
}

impl Transaction {
    /// The version that every value written here bears.
    #[must_use]
    pub const fn version(&self) -> Version {
        Version {
            clock: self.clock,
            device: self.device,
            sequence: self.sequence,
        }
    }
}

/// One record made or edited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// The kind of record, as in the data catalogue.
    pub kind: String,
    /// The record.
    pub id: Uuid,
    /// Made or edited.
    pub op: Op,
    /// The fields written. What is absent was not touched.
    pub fields: BTreeMap<String, FieldChange>,
}

/// Whether a change makes a record or edits one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Makes the record; `scope` is the centre at whose desk it was made. The server derives
    /// every later scope from what the record is tied to.
    Create {
        /// The centre.
        scope: Uuid,
    },
    /// Edits it. Deleting is the edit of a field.
    Edit,
}

/// A new value, and the write that gave the value which the editor saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldChange {
    /// The new value.
    pub value: Value,
    /// The version of the value seen when editing; none when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Version>,
}

/// The state of a record: every field with the write it came from. Fields that this program does
/// not know are kept like any other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Row {
    /// The kind of record, as in the data catalogue.
    pub kind: String,
    /// The record.
    pub id: Uuid,
    /// Its fields.
    pub fields: BTreeMap<String, Stamped>,
}

impl Row {
    /// The versions of its fields in their packed form.
    #[must_use]
    pub fn versions(&self) -> Option<Versions> {
        Versions::pack(
            self.fields
                .iter()
                .map(|(name, stamped)| (name.as_str(), stamped.version)),
        )
    }

    /// The plain values by field name.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, Value> {
        self.fields
            .iter()
            .map(|(name, stamped)| (name.clone(), stamped.value.clone()))
            .collect()
    }
}

/// A value and the write it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stamped {
    /// The value: a JSON scalar, or in events a small array.
    pub value: Value,
    /// The write.
    pub version: Version,
}
