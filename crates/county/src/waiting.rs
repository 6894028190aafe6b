//! `porch-county quarantine`: what a person does with transactions that were kept aside.

use anyhow::{Context as _, Result, bail};
use porch_sync::DeviceNumber;
use tokio::runtime::Runtime;

use crate::arguments::Arguments;
use crate::place::{Place, with_county};

/// Which transaction is meant.
fn named(arguments: &mut Arguments) -> Result<(DeviceNumber, u64)> {
    let device: u32 = arguments.parsed("device")?.context("--device is missing")?;
    let sequence = arguments.parsed("sequence")?;
    Ok((
        DeviceNumber(device),
        sequence.context("--sequence is missing")?,
    ))
}

/// One line for each that waits: who, why, and which records, never their content.
pub(crate) fn list(runtime: &Runtime, mut arguments: Arguments) -> Result<()> {
    let place = Place::take(&mut arguments)?;
    arguments.finish()?;
    let waiting = runtime.block_on(async {
        with_county!(place, |county| Ok::<_, anyhow::Error>(
            county.waiting().await?
        ))
    })?;
    println!("device\tsequence\treason\trecords");
    for kept in waiting {
        let records: Vec<String> = kept
            .records
            .iter()
            .map(|(kind, id)| format!("{kind} {id}"))
            .collect();
        println!(
            "{}\t{}\t{}\t{}",
            kept.device,
            kept.sequence,
            kept.reason,
            records.join(", ")
        );
    }
    Ok(())
}

/// Lets one in. Says of which field two values were written without sight of each other, for a person to ask whose is
/// right: not the values.
pub(crate) fn accept(runtime: &Runtime, mut arguments: Arguments) -> Result<()> {
    let place = Place::take(&mut arguments)?;
    let (device, sequence) = named(&mut arguments)?;
    arguments.finish()?;
    let let_in = runtime.block_on(async {
        with_county!(place, |county| {
            Ok::<_, anyhow::Error>(county.let_in(device, sequence).await?)
        })
    })?;
    println!(
        "let in; {} values lost to others, {} records no longer stand",
        let_in.lost.len(),
        let_in.removed
    );
    for lost in &let_in.lost {
        println!("lost\t{} {}\t{}", lost.kind, lost.record, lost.field);
    }
    Ok(())
}

/// Discards one for good.
pub(crate) fn discard(runtime: &Runtime, mut arguments: Arguments) -> Result<()> {
    let place = Place::take(&mut arguments)?;
    let (device, sequence) = named(&mut arguments)?;
    arguments.finish()?;
    let known = runtime.block_on(async {
        with_county!(place, |county| {
            Ok::<_, anyhow::Error>(county.discard(device, sequence).await?)
        })
    })?;
    if !known {
        bail!("no transaction {sequence} of device {device} waits");
    }
    println!("discarded");
    Ok(())
}
