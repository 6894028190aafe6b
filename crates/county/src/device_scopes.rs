//! `porch-county scopes`: which centres' records a device holds.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};
use porch_sync::DeviceNumber;
use porch_sync::protocol::COUNTY_SCOPE;
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::arguments::Arguments;
use crate::place::{Place, with_county};

/// Gives and takes scopes, and says which the device has then.
pub(crate) fn change(
    runtime: &Runtime,
    device: Option<String>,
    mut arguments: Arguments,
) -> Result<()> {
    let device = device.context("say which device: porch-county scopes NUMBER --dir DIR")?;
    let number: u32 = device
        .parse()
        .ok()
        .with_context(|| format!("{device:?} is no device's number"))?;
    let place = Place::take(&mut arguments)?;
    let add = centres(&mut arguments, "add")?;
    let remove = centres(&mut arguments, "remove")?;
    arguments.finish()?;
    let device = runtime.block_on(async {
        with_county!(place, |county| {
            let number = DeviceNumber(number);
            Ok::<_, anyhow::Error>(county.change_scopes(number, &add, &remove).await?)
        })
    })?;
    println!("scope\tstate");
    for scope in device.scopes.iter().filter(|scope| **scope != COUNTY_SCOPE) {
        println!("{scope}\theld");
    }
    for scope in &device.leaving {
        println!("{scope}\ttaken away, the device has not confirmed yet");
    }
    Ok(())
}

fn centres(arguments: &mut Arguments, name: &str) -> Result<BTreeSet<Uuid>> {
    let mut centres = BTreeSet::new();
    for text in arguments.take_all(name) {
        let Ok(centre) = text.parse() else {
            bail!("--{name} cannot be {text:?}: it is a centre's id");
        };
        centres.insert(centre);
    }
    Ok(centres)
}
