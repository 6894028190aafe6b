//! Changes from records.

use std::collections::BTreeMap;

use porch_domain::catalogue::{FieldValues, Record};
use porch_domain::id::{CentreId, RecordId as _};
use porch_sync::{Change, FieldChange, Op, Versions};
use uuid::Uuid;

/// The making of a record at a centre's desk. Every field is written, so that each has a version.
pub(crate) fn created<R: Record>(record: &R, centre: CentreId) -> Change {
    Change {
        kind: R::KIND.to_owned(),
        id: record.id().uuid(),
        op: Op::Create {
            scope: centre.uuid(),
        },
        fields: record
            .to_fields()
            .into_iter()
            .map(|(name, value)| (name, FieldChange { value, base: None }))
            .collect(),
    }
}

/// The edit of what differs between two states of a record, on the versions that the editor saw.
/// `None` when nothing differs.
pub(crate) fn edited<R: Record>(
    before: &FieldValues,
    after: &R,
    seen: &Versions,
) -> Option<Change> {
    let fields: BTreeMap<String, FieldChange> = after
        .to_fields()
        .into_iter()
        .filter(|(name, value)| before.get(name) != Some(value))
        .map(|(name, value)| {
            let base = seen.of(&name);
            (name, FieldChange { value, base })
        })
        .collect();
    let id: Uuid = after.id().uuid();
    (!fields.is_empty()).then(|| Change {
        kind: R::KIND.to_owned(),
        id,
        op: Op::Edit,
        fields,
    })
}
