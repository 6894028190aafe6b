//! `porch-county texts`: which texts there are and how they stand; loading, approving, taking back.

use std::fs;

use anyhow::{Context as _, Result};
use porch_county::texts::{Selection, Standing};
use porch_domain::text::{TextKind, TextRef};
use tokio::runtime::Runtime;

use crate::arguments::Arguments;
use crate::place::{Place, with_county};

/// One line for each text.
pub(crate) fn list(runtime: &Runtime, mut arguments: Arguments) -> Result<()> {
    let place = Place::take(&mut arguments)?;
    arguments.finish()?;
    let texts = runtime.block_on(async {
        with_county!(place, |county| Ok::<_, anyhow::Error>(
            county.texts().await?
        ))
    })?;
    println!("kind\tname\tversion\tlanguage\tstate\tsha256");
    for standing in &texts {
        let TextRef {
            kind,
            name,
            version,
            language,
            sha256,
        } = &standing.text;
        let state = state(standing);
        println!("{kind}\t{name}\t{version}\t{language}\t{state}\t{sha256}");
    }
    Ok(())
}

fn state(standing: &Standing) -> String {
    let Some(approval) = &standing.approval else {
        return if standing.draft {
            "draft: a translator has to check it".to_owned()
        } else {
            "not approved".to_owned()
        };
    };
    match (&approval.taken_back_by, approval.taken_back_at) {
        (Some(by), Some(at)) => format!("taken back on {} by {by}", at.utc().date_naive()),
        _ => format!(
            "approved on {} by {}",
            approval.approved_at.utc().date_naive(),
            approval.approved_by
        ),
    }
}

/// Loads a file of the county's own texts.
pub(crate) fn load(runtime: &Runtime, mut arguments: Arguments) -> Result<()> {
    let place = Place::take(&mut arguments)?;
    let file = arguments.take("file").context("--file is missing")?;
    arguments.finish()?;
    let file = fs::read_to_string(&file).context("the file cannot be read")?;
    let done = runtime.block_on(async {
        with_county!(place, |county| Ok::<_, anyhow::Error>(
            county.load_texts(&file).await?
        ))
    })?;
    println!("done: {} texts, {} new", done.read, done.written);
    Ok(())
}

/// Approves texts of a language.
pub(crate) fn approve(runtime: &Runtime, mut arguments: Arguments) -> Result<()> {
    let place = Place::take(&mut arguments)?;
    let (selection, by) = selected(&mut arguments)?;
    arguments.finish()?;
    let texts = runtime.block_on(async {
        with_county!(place, |county| Ok::<_, anyhow::Error>(
            county.approve_texts(&selection, &by).await?
        ))
    })?;
    say("approved", &texts);
    Ok(())
}

/// Takes approvals back.
pub(crate) fn take_back(runtime: &Runtime, mut arguments: Arguments) -> Result<()> {
    let place = Place::take(&mut arguments)?;
    let (selection, by) = selected(&mut arguments)?;
    arguments.finish()?;
    let texts = runtime.block_on(async {
        with_county!(place, |county| Ok::<_, anyhow::Error>(
            county.take_back_texts(&selection, &by).await?
        ))
    })?;
    say("taken back", &texts);
    Ok(())
}

fn selected(arguments: &mut Arguments) -> Result<(Selection, String)> {
    let selection = Selection {
        language: arguments
            .take("language")
            .context("--language is missing")?,
        kind: arguments.parsed::<TextKind>("kind")?,
        name: arguments.take("name"),
        version: arguments.parsed("version")?,
        sha256: arguments.parsed("sha256")?,
    };
    let by = arguments.take("by").context("--by is missing")?;
    Ok((selection, by))
}

fn say(done: &str, texts: &[TextRef]) {
    for text in texts {
        println!(
            "{done}: {} {} {} {}",
            text.kind, text.name, text.version, text.language
        );
    }
}
