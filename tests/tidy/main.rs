//! What holds for the whole house, whoever builds in which room.
//!
//! Each rule is a function from text to complaints, shown here to find nothing in the repository
//! and, beside the function, to find what it is for in a bad sample.

use anyhow::Result;

mod css;
mod directions;
mod features;
mod landed;
mod layout;
mod licences;
mod promises;
mod repository;
mod text;

use repository::{Repository, nothing_found};

#[test]
fn dependencies_point_down() -> Result<()> {
    let edges = directions::edges(&Repository::open()?)?;
    nothing_found(
        "A room uses one that is not below it",
        &directions::complaints(&edges),
    );
    Ok(())
}

#[test]
fn planted_bugs_are_in_no_shipped_program() -> Result<()> {
    let metadata = features::metadata(&Repository::open()?)?;
    nothing_found(
        "The simulation's feature is on where nobody asks for it",
        &features::complaints(&metadata),
    );
    Ok(())
}

#[test]
fn what_we_give_on_we_may_give_on() -> Result<()> {
    let used = licences::used(&Repository::open()?)?;
    nothing_found(
        "A crate may not be given on with the EUPL",
        &licences::complaints(&used),
    );
    Ok(())
}

#[test]
fn only_the_stores_know_the_database() -> Result<()> {
    let repository = Repository::open()?;
    let edges = directions::edges(&repository)?;
    let mut complaints = directions::database_complaints(&edges);
    for file in repository.texts(&["rs", "ts", "svelte"])? {
        complaints.extend(text::sql(&file));
    }
    nothing_found(
        "SQL stands outside crates/store and crates/county",
        &complaints,
    );
    Ok(())
}

#[test]
fn the_top_level_is_as_given() -> Result<()> {
    let repository = Repository::open()?;
    nothing_found(
        "The top level is not as given",
        &layout::complaints(repository.paths()),
    );
    Ok(())
}

#[test]
fn each_member_says_what_it_is_for() -> Result<()> {
    let repository = Repository::open()?;
    let mut complaints = layout::purposes(&repository.read("Cargo.toml")?);
    for path in repository
        .paths()
        .iter()
        .filter(|path| path.ends_with("/Cargo.toml"))
    {
        complaints.extend(layout::lints(path, &repository.read(path)?));
    }
    nothing_found(
        "A member of the workspace lacks its purpose or its lints",
        &complaints,
    );
    Ok(())
}

#[test]
fn nothing_is_left_for_later() -> Result<()> {
    let mut complaints = Vec::new();
    for file in Repository::open()?.texts(&["rs", "ts", "svelte", "mjs", "sql", "css"])? {
        complaints.extend(text::left_for_later(&file));
    }
    nothing_found("Something was left for later", &complaints);
    Ok(())
}

#[test]
fn a_file_fits_a_head() -> Result<()> {
    let mut complaints = Vec::new();
    for file in Repository::open()?.texts(&["rs", "ts", "svelte", "mjs", "css"])? {
        complaints.extend(text::too_long(&file));
    }
    nothing_found(
        "A file is too long: of which two things is it?",
        &complaints,
    );
    Ok(())
}

#[test]
fn the_rules_ask_for_no_time_and_no_chance() -> Result<()> {
    let mut complaints = Vec::new();
    for file in Repository::open()?.texts(&["rs"])? {
        complaints.extend(text::impure(&file));
    }
    nothing_found(
        "A pure room reaches outside: time, chance and files are parameters",
        &complaints,
    );
    Ok(())
}

#[test]
fn the_window_speaks_to_the_shell_in_one_place() -> Result<()> {
    let mut complaints = Vec::new();
    for file in Repository::open()?.texts(&["ts", "svelte", "mjs"])? {
        complaints.extend(text::shell_import(&file));
    }
    nothing_found(
        "Only ui/src/api may import the shell's packages",
        &complaints,
    );
    Ok(())
}

#[test]
fn the_window_loads_nothing_from_elsewhere() -> Result<()> {
    let mut complaints = Vec::new();
    for file in Repository::open()?.texts(&["ts", "svelte", "css", "html", "ftl", "svg"])? {
        complaints.extend(text::elsewhere(&file));
    }
    nothing_found("The window names an address elsewhere", &complaints);
    Ok(())
}

#[test]
fn pages_read_from_either_side() -> Result<()> {
    let mut complaints = Vec::new();
    for file in Repository::open()?.texts(&["css", "svelte"])? {
        complaints.extend(css::physical(&file));
    }
    nothing_found("A style names a side instead of start or end", &complaints);
    Ok(())
}

#[test]
fn each_promise_has_a_test_that_bears_its_number() -> Result<()> {
    let tests = Repository::open()?.texts(&["rs"])?;
    nothing_found(
        "A promise of docs/sync-protocol.md is not told by a test",
        &promises::complaints(&tests),
    );
    assert_eq!(
        promises::complaints(&[]).len(),
        7,
        "without tests none is told"
    );
    Ok(())
}

#[test]
fn no_machine_s_own_paths() -> Result<()> {
    let mut complaints = Vec::new();
    for file in Repository::open()?.texts(&[])? {
        complaints.extend(text::machine_path(&file));
    }
    nothing_found("A path of one machine", &complaints);
    Ok(())
}

#[test]
fn landed_migrations_stay_as_they_are() -> Result<()> {
    let repository = Repository::open()?;
    let recorded = repository.read("migrations/LANDED")?;
    nothing_found(
        "A landed migration is not what landed: write a new one instead",
        &landed::complaints(&recorded, |path| repository.bytes(path)),
    );
    Ok(())
}
