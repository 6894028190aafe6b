//! Consent × erasure × merge × scope, exhaustively: a small model of a county and its devices in which
//! everything may happen in every order. The rules are the ones that ship (`porch_sync::merge`, the
//! ledger of consent, the links of erasure); what is modelled is who holds what, what is on its
//! way, and when each side acts.
//!
//! Bounds: one person (Rosa) whose phone number is edited, whose consent is given, given anew, refused
//! and withdrawn, and who may be erased; one child (Tom), for whom she decided and whose record is
//! his own; one photo of both under each of her two decisions; two or three devices with a few
//! writes each, one of which may lose its scope and get it again; a second registration of Rosa, under which she
//! said No, that is found to be hers, and taken apart again; a withdrawal that is reported and ruled on; a stop and its
//! end. Pages arrive late, in part,
//! twice or never; transactions arrive late, again, or blanked; answers get lost.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and says how many states it saw"
)]

mod county;
mod device;
mod replica;
mod rules;
mod world;

use std::collections::BTreeSet;

use stateright::{Checker as _, Model as _};
use world::{Bounds, Flaw, Saved, World};

// The same people and records as in the server's own tests.
#[path = "../../../county/src/story.rs"]
#[allow(dead_code)]
mod story;

/// Sees every state within the bounds. Gives what was found: counterexamples, and examples of what should be
/// possible.
fn explore(name: &str, bounds: Bounds) -> BTreeSet<&'static str> {
    let begun = std::time::Instant::now();
    let seen = World::new(bounds).checker().spawn_bfs().join();
    println!(
        "{name}: {} states, {} of them different, {} steps deep, {:.1} s",
        seen.state_count(),
        seen.unique_state_count(),
        seen.max_depth(),
        begun.elapsed().as_secs_f64()
    );
    for (property, path) in seen.discoveries() {
        if world::ALWAYS.contains(&property) {
            println!("{property}: {:?}", path.into_actions());
        }
    }
    seen.discoveries().into_keys().collect()
}

/// Everything that should be possible was seen, and nothing that must not be.
fn holds(name: &str, bounds: Bounds, possible: &[&str]) {
    let possible: BTreeSet<&str> = possible.iter().copied().collect();
    assert_eq!(explore(name, bounds), possible, "{name}");
}

/// What must be found when a rule is broken on purpose.
fn finds(flaw: Flaw, saves: &'static [Saved], scope_changes: u8, property: &str) {
    let writes: &[u8] = if saves.len() > 2 { &[2, 1] } else { &[1, 1] };
    let bounds = Bounds {
        writes,
        saves,
        in_parts: true,
        scope_changes,
        flaw: Some(flaw),
    };
    let found = explore(&format!("{flaw:?}"), bounds);
    assert!(
        found.contains(property),
        "{flaw:?} was not found: {found:?}"
    );
}

#[test]
fn merge_in_every_order() {
    let bounds = Bounds {
        writes: &[2, 2],
        saves: &[Saved::Phone],
        in_parts: false,
        scope_changes: 0,
        flaw: None,
    };
    holds("merge", bounds, &[world::CONFLICT]);
}

#[test]
fn consent_in_every_order() {
    let bounds = Bounds {
        writes: &[2, 1],
        saves: &[Saved::Photo, Saved::Withdrawal, Saved::Refusal, Saved::Anew],
        in_parts: true,
        scope_changes: 0,
        flaw: None,
    };
    holds("consent", bounds, &[world::REMOVED, world::STANDS]);
}

#[test]
fn reports_and_rulings_in_every_order() {
    let bounds = Bounds {
        writes: &[2, 2],
        saves: &[Saved::Photo, Saved::Report, Saved::Uphold, Saved::Dismiss],
        in_parts: false,
        scope_changes: 0,
        flaw: None,
    };
    let possible = [world::HEARD, world::REMOVED, world::STANDS];
    holds("reports and rulings", bounds, &possible);
}

#[test]
fn stops_in_every_order() {
    let bounds = Bounds {
        writes: &[2, 1],
        saves: &[Saved::Photo, Saved::Stop, Saved::EndStop],
        in_parts: true,
        scope_changes: 0,
        flaw: None,
    };
    holds("stops", bounds, &[world::REMOVED, world::STANDS]);
}

#[test]
fn erasure_with_three_devices_in_every_order() {
    let bounds = Bounds {
        writes: &[1, 1, 1],
        saves: &[Saved::Phone, Saved::Photo, Saved::Erasure],
        in_parts: false,
        scope_changes: 0,
        flaw: None,
    };
    let possible = [world::CONFIRMED, world::CONFLICT, world::STANDS];
    holds("erasure", bounds, &possible);
}

#[test]
fn scopes_with_everything_in_every_order() {
    let bounds = Bounds {
        writes: &[1, 1],
        saves: &[
            Saved::Phone,
            Saved::Photo,
            Saved::Withdrawal,
            Saved::Erasure,
        ],
        in_parts: true,
        scope_changes: 2,
        flaw: None,
    };
    let possible = [
        world::CONFIRMED,
        world::CONFLICT,
        world::LEFT,
        world::REMOVED,
        world::STANDS,
    ];
    holds("scopes with everything", bounds, &possible);
}

#[test]
fn merging_people_in_every_order() {
    let bounds = Bounds {
        writes: &[2, 2],
        saves: &[Saved::Photo, Saved::Alias, Saved::Apart, Saved::Others],
        in_parts: false,
        scope_changes: 0,
        flaw: None,
    };
    let possible = [world::MERGED, world::STANDS, world::UNDONE];
    holds("merging people", bounds, &possible);
}

#[test]
fn merging_people_while_scopes_change_in_every_order() {
    let bounds = Bounds {
        writes: &[2, 1],
        saves: &[Saved::Photo, Saved::Alias, Saved::Apart, Saved::Others],
        in_parts: false,
        scope_changes: 2,
        flaw: None,
    };
    let possible = [world::LEFT, world::MERGED, world::STANDS];
    holds("merging people while scopes change", bounds, &possible);
}

#[test]
fn erasing_somebody_who_was_registered_twice_in_every_order() {
    let bounds = Bounds {
        writes: &[2, 1],
        saves: &[Saved::Alias, Saved::Apart, Saved::Others, Saved::Erasure],
        in_parts: true,
        scope_changes: 0,
        flaw: None,
    };
    let possible = [world::BOTH_GONE, world::ONE_GONE];
    holds("registered twice and erased", bounds, &possible);
}

#[test]
fn a_broken_rule_is_found() {
    use Saved::{Alias, Erasure, Others, Phone, Photo, Withdrawal};
    finds(
        Flaw::MergingRemovesNothing,
        &[Photo, Alias, Others],
        0,
        world::PERMITTED,
    );
    finds(Flaw::LastWriteWins, &[Phone], 0, world::NOTHING_LOST);
    finds(Flaw::NothingIsBarred, &[Phone, Erasure], 0, world::ERASED);
    finds(
        Flaw::ContentStays,
        &[Photo, Withdrawal],
        0,
        world::PERMITTED,
    );
    finds(Flaw::PlacesAlone, &[Phone], 0, world::AT_REST);
    finds(Flaw::AnswersAreMerged, &[Phone], 0, world::AT_REST);
    finds(Flaw::LeavesBeforeSending, &[Phone], 1, world::NOTHING_LOST);
    finds(Flaw::LeavesNothingBehind, &[Phone], 1, world::LEAVES);
}
