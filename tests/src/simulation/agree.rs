//! At rest every device says what the county says.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use porch_domain::alias::{Alias, Same};
use porch_domain::catalogue::Record as _;
use porch_sync::Row;
use uuid::Uuid;

use super::device::Device;
use super::watch::differing;
use super::world::World;

/// Whether a device keeps what the county says of a record beside its tables.
fn is_set_aside(device: &Device, record: Uuid, county: Option<&Row>) -> Result<bool> {
    let mut select = device
        .look
        .prepare_cached("SELECT state FROM set_aside WHERE record = ?")?;
    let mut states = select.query([record.as_bytes().as_slice()])?;
    let Some(state) = states.next()? else {
        return Ok(false);
    };
    let kept: Row = serde_json::from_str(&state.get::<_, String>(0)?)?;
    Ok(differing(Some(&kept), county).is_empty())
}

impl World {
    /// What devices hold says what it says at the county, and on each of them whoever is the same by the
    /// aliases is the same.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn devices_say_what_the_county_says(
        &self,
        records: &BTreeMap<Uuid, Row>,
    ) -> Result<()> {
        for place in self.in_use() {
            let device = self.devices.get(place).context("no such device")?;
            let mut select = device
                .look
                .prepare_cached("SELECT DISTINCT record, kind FROM holding ORDER BY record")?;
            let held = select.query_map((), |row| {
                Ok((row.get(0).map(Uuid::from_bytes)?, row.get::<_, String>(1)?))
            })?;
            let mut same = Same::default();
            for (record, kind) in held.collect::<Result<Vec<_>, _>>()? {
                let here = device.store.read(|read| read.row(&kind, record))?;
                let other = differing(here.as_ref(), records.get(&record));
                // What a guard of the tables refuses is kept beside them.
                if !other.is_empty() && is_set_aside(device, record, records.get(&record))? {
                    continue;
                }
                // It names what is erased there, and was dropped when it came.
                let dropped = here.is_none()
                    && device
                        .look
                        .prepare_cached("SELECT 1 FROM erased_drop WHERE record = ?")?
                        .exists([record.as_bytes().as_slice()])?;
                if dropped {
                    continue;
                }
                ensure!(
                    other.is_empty(),
                    "device {place} and the county do not say the same of {kind} {record}: {other:?}, {:?} here and {:?} there",
                    here.as_ref().map(Row::values),
                    records.get(&record).map(Row::values)
                );
                if let Some(row) = here.filter(|_| kind == Alias::KIND) {
                    let alias = Alias::from_fields(record.into(), &row.values())
                        .map_err(|_| anyhow::anyhow!("an alias is not of the catalogue's form"))?;
                    if alias.stands() {
                        let [older, newer] = alias.ends();
                        same.join(older, newer);
                    }
                }
            }
            let mut select = device
                .look
                .prepare_cached("SELECT record, survivor FROM same ORDER BY record")?;
            let told = select.query_map((), |row| {
                Ok((
                    row.get(0).map(Uuid::from_bytes)?,
                    row.get(1).map(Uuid::from_bytes)?,
                ))
            })?;
            let told: BTreeMap<Uuid, Uuid> = told.collect::<Result<_, _>>()?;
            for record in told.keys().copied().chain(same.known()) {
                let survivor = told.get(&record).copied().unwrap_or(record);
                ensure!(
                    survivor == same.survivor(record),
                    "device {place} takes {record} for {survivor}, by the aliases it is {}",
                    same.survivor(record)
                );
            }
        }
        Ok(())
    }
}
