//! `porch-county scopes`, which centres' records a device holds; `porch-county asked`, who asked for
//! families of others.

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

/// One line for each time that a desk asked by name for a family of another centre.
pub(crate) fn asked(runtime: &Runtime, mut arguments: Arguments) -> Result<()> {
    let place = Place::take(&mut arguments)?;
    arguments.finish()?;
    let asked = runtime.block_on(async {
        with_county!(place, |county| Ok::<_, anyhow::Error>(
            county.asked().await?
        ))
    })?;
    println!("when\tdevice\twho\tfamily");
    for one in asked {
        let when = i64::try_from(one.at_ms).unwrap_or(i64::MAX);
        let when = chrono::DateTime::<chrono::Utc>::from_timestamp_millis(when);
        println!(
            "{}\t{}\t{}\t{}",
            when.map_or_else(String::new, |when| when.to_rfc3339()),
            one.device,
            one.author,
            one.family
                .map_or_else(|| "none".to_owned(), |family| family.to_string()),
        );
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
