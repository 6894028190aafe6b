//! Edits as a desk saves them.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use porch_domain::catalogue::Record as _;
use porch_domain::person::Person;
use porch_domain::time::Instant;
use porch_sync::{Change, FieldChange, Op, Version};
use uuid::Uuid;

use super::device::Device;

/// A phone number of Ofcom's for drama.
pub(super) fn phone(number: usize) -> String {
    format!("01632960{:03}", number % 1000)
}

/// Saves a new phone number of somebody's, in a transaction of its own. Gives its version.
pub(super) fn edit_phone(
    device: &Device,
    person: Uuid,
    number: usize,
    unix_ms: i64,
) -> Result<Version> {
    edit(device, person, "phone", phone(number), unix_ms)
}

/// Saves a new value of a person's field, with what stood there as its base. Gives its version.
pub(super) fn edit(
    device: &Device,
    person: Uuid,
    field: &str,
    value: String,
    unix_ms: i64,
) -> Result<Version> {
    device.store.write(|write| {
        let row = write
            .row(Person::KIND, person)?
            .context("a person is missing")?;
        let change = Change {
            kind: Person::KIND.to_owned(),
            id: person,
            op: Op::Edit,
            fields: BTreeMap::from([(
                field.to_owned(),
                FieldChange {
                    value: value.into(),
                    base: row.fields.get(field).map(|stamped| stamped.version),
                },
            )]),
        };
        let author = Uuid::from_u128(0xbe);
        Ok::<_, anyhow::Error>(write.save(author, Instant::from_unix_ms(unix_ms), vec![change])?)
    })
}
