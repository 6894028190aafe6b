//! A fuzz target for each decoder: `fn(&[u8])`, run over good messages and their mutations. A target
//! panics when something is not as it must be. Seeded, so that a finding comes again.

mod county;
mod desk;
mod enrolment;
mod messages;
mod mutate;
mod scene;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use porch_county::make_origin;
use porch_county::store::{Address, PostgresStore, SqliteStore};
use porch_domain::quote::Quote;
use porch_tests::random::Random;

use crate::{given, throwaway};
use scene::Scene;

/// A decoder, good messages to begin with, and how many others run in the time of one of its inputs.
type Target = (&'static str, fn(&[u8]), fn() -> Vec<Vec<u8>>, u64);

/// What the county is sent.
const OF_THE_COUNTY: [Target; 10] = [
    ("push", county::push_request, messages::pushes, 2),
    ("pull", county::pull_request, messages::pulls, 1),
    ("enrol", county::enrol_request, messages::enrolments, 1),
    (
        "challenge",
        county::challenge_request,
        messages::challenges,
        1,
    ),
    ("token", county::token_request, messages::proofs, 1),
    ("rejoin", county::rejoin_request, messages::rejoinings, 1),
    ("fetch", county::fetch_request, messages::fetches, 1),
    (
        "chunk to the county",
        county::sent_chunk,
        messages::chunks,
        1,
    ),
    ("bearer token", county::bearer_token, messages::tokens, 1),
    ("blob path", county::blob_path, messages::paths, 1),
];

/// What a desk is answered.
const OF_A_DESK: [Target; 5] = [
    ("enrolled", enrolment::enrolled, enrolment::answers, 25),
    ("page", desk::page, desk::pages, 2),
    ("push answer", desk::push_answer, desk::answers, 2),
    ("chunk to a desk", desk::chunk, desk::chunks, 1),
    ("quote", quote, quotes, 1),
];

/// What is taken for somebody's words is written as it was read.
fn quote(bytes: &[u8]) {
    let Ok(said) = Quote::from_bytes(bytes) else {
        return;
    };
    let written = said.to_bytes().unwrap();
    assert!(Quote::from_bytes(&written) == Ok(said));
}

fn quotes() -> Vec<Vec<u8>> {
    let said = |words: &str, language: Option<&str>| {
        let language = language.map(str::to_owned);
        Quote::new(words.to_owned(), language, [7; 16]).to_bytes()
    };
    let quotes = [
        said("I like the \"red\" slide.\nSo do I.", None),
        said("Lovely. \u{1f600}", Some("Polish")),
    ];
    quotes.into_iter().map(Result::unwrap).collect()
}

/// Runs targets over their good messages and mutations of them.
fn run(targets: &[Target]) {
    let (seed, most) = (
        given("PORCH_DECODERS_SEED", 1),
        given("PORCH_DECODERS_INPUTS", 250),
    );
    for (name, target, corpus, cost) in targets {
        let begun = Instant::now();
        let (corpus, inputs) = (corpus(), most / cost);
        for message in &corpus {
            target(message);
        }
        for number in 0..inputs {
            // Each input has a seed of its own: a finding is repeated without what came before.
            let mut random = Random::new(seed.wrapping_mul(1_000_003).wrapping_add(number));
            let input = mutate::mutated(&mut random, &corpus);
            let held = catch_unwind(AssertUnwindSafe(|| target(&input)));
            if held.is_err() {
                let shown = String::from_utf8_lossy(&input[..input.len().min(4000)]);
                panic!("{name}, seed {seed}, input {number}: {shown}");
            }
            if number % 10_000 == 9_999 {
                eprintln!("  {name}: {} of {inputs} inputs", number + 1);
            }
        }
        let seconds = begun.elapsed().as_secs_f64();
        eprintln!(
            "  {name}: {} good messages, {inputs} mutations, {seconds:.1} s",
            corpus.len()
        );
    }
}

#[test]
fn the_county_answers_or_refuses_whatever_it_is_sent() {
    run(&OF_THE_COUNTY);
}

#[test]
fn a_desk_takes_in_or_refuses_whatever_it_is_answered() {
    run(&OF_A_DESK);
}

#[test]
fn numbers_at_the_edge_of_their_range_mean_the_same_to_every_store() {
    let folder = tempfile::tempdir().unwrap();
    let edges = messages::edges();
    for (place, (path, message)) in edges.iter().enumerate() {
        let shown = String::from_utf8_lossy(message);
        let in_memory = Scene::new().post(path, message).is_some();
        let file = folder.path().join(place.to_string());
        let in_sqlite = in_sqlite(&file).post(path, message).is_some();
        assert_eq!(in_memory, in_sqlite, "{path} {shown}");
        let in_postgres = in_postgres().post(path, message).is_some();
        assert_eq!(in_memory, in_postgres, "{path} {shown}");
    }
}

fn in_sqlite(file: &Path) -> Scene<SqliteStore> {
    Scene::over(|surroundings| async move {
        let key = zeroize::Zeroizing::new([7; 32]);
        SqliteStore::open(file, key, || make_origin(&*surroundings)).unwrap()
    })
}

fn in_postgres() -> Scene<PostgresStore> {
    let address = Address::read(&throwaway::database(), None).unwrap();
    Scene::over(|surroundings| async move {
        let key = |_| Ok(zeroize::Zeroizing::new([7; 32]));
        let opened = PostgresStore::open(address, key, || make_origin(&*surroundings)).await;
        opened.unwrap()
    })
}
