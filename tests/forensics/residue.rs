//! What SQLite itself leaves behind of somebody who was erased: nothing, however its trees were balanced
//! before. A copy that a page kept in its unused middle is found by no query, and by no deletion.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::catalogue::Record as _;
use porch_domain::id::CentreId;
use porch_domain::person::Person;
use porch_domain::time::Instant;
use porch_store::device::DeviceRow;
use porch_store::keys::DatabaseKey;
use porch_store::{Store, StoreError};
use porch_sync::device::Replica as _;
use porch_sync::protocol::{PullPage, Removal};
use porch_sync::{Change, DeviceNumber, FieldChange, Op};
use porch_tests::pages::{Place, find, read_pages};
use porch_tests::random::Random;
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

/// Of the first twenty, those in which something stays between the rows unless the database is written anew.
const SEEDS: [u64; 3] = [0, 9, 15];
const DAYS: u32 = 20;
const ERASED: u32 = 60;
const CENTRE: Uuid = Uuid::from_u128(0xc1);
const USER: Uuid = Uuid::from_u128(0xe1);
const NOW_MS: u64 = 1_795_435_200_000;

struct History {
    folder: TempDir,
    key: DatabaseKey,
    store: Store,
    random: Random,
    /// What was ever written of each who is registered.
    living: BTreeMap<Uuid, Vec<String>>,
    /// And of each who was erased.
    gone: Vec<String>,
    told: u64,
}

impl History {
    fn begin(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = DatabaseKey::make().unwrap();
        let store = Store::create(&folder.path().join("porch.db"), &key).unwrap();
        store
            .write(|write| {
                write.put_device(&DeviceRow {
                    number: DeviceNumber(3),
                    name: "Front desk".into(),
                    centre: CentreId::from(CENTRE),
                    scopes: vec![CENTRE],
                    server: String::new(),
                    county_certificate: String::new(),
                    restricted_epoch: 1,
                    restricted_key: [9; 32],
                    epoch: Uuid::from_u128(1),
                })
            })
            .unwrap();
        Self {
            folder,
            key,
            store,
            random: Random::new(seed),
            living: BTreeMap::new(),
            gone: Vec::new(),
            told: 0,
        }
    }

    /// Some text that was never written before, of any length.
    fn words(&mut self) -> String {
        let canary = format!("Vogelfrei{:016x}. ", self.random.any());
        canary.repeat(1 + self.random.below(40) as usize)
    }

    fn anybody(&mut self) -> Uuid {
        let all: Vec<Uuid> = self.living.keys().copied().collect();
        *self.random.pick(&all)
    }

    fn change(&mut self, person: Uuid, op: Op) -> Change {
        let words = self.words();
        let known = self.living.entry(person).or_default();
        known.push(words.split('.').next().unwrap().to_owned());
        let text = |value: Value| FieldChange { value, base: None };
        let mut fields = BTreeMap::from([("allergies".to_owned(), text(words.into()))]);
        if op != Op::Edit {
            fields.insert("staff".to_owned(), text(false.into()));
        }
        Change {
            kind: Person::KIND.to_owned(),
            id: person,
            op,
            fields,
        }
    }

    fn save(&self, mut changes: Vec<Change>) {
        self.store
            .write(|write| {
                for change in changes.iter_mut().filter(|change| change.op == Op::Edit) {
                    let (_, seen) = write.record::<Person>(change.id.into())?;
                    for (name, field) in &mut change.fields {
                        field.base = seen.of(name);
                    }
                }
                write.save(USER, Instant::from_unix_ms(NOW_MS as i64), changes)?;
                Ok::<_, StoreError>(())
            })
            .unwrap();
    }

    /// Some are registered, and some are edited.
    fn a_day(&mut self) {
        let new: Vec<Change> = (0..8)
            .map(|_| {
                let person = Uuid::from_u64_pair(self.random.any(), self.random.any());
                self.change(person, Op::Create { scope: CENTRE })
            })
            .collect();
        self.save(new);
        let edited: BTreeSet<Uuid> = (0..8).map(|_| self.anybody()).collect();
        let edits = edited
            .into_iter()
            .map(|person| self.change(person, Op::Edit));
        let edits = edits.collect();
        self.save(edits);
    }

    fn erase(&mut self, people: BTreeSet<Uuid>) {
        let mut removals = Vec::new();
        for person in people {
            self.told += 1;
            removals.push(Removal {
                sequence: self.told,
                kind: Person::KIND.to_owned(),
                record: person,
                because: Uuid::from_u128(0x0de4),
                unix_ms: NOW_MS,
            });
            self.gone.extend(self.living.remove(&person).unwrap());
        }
        let page = PullPage {
            epoch: Uuid::from_u128(1),
            removals,
            urgent: Vec::new(),
            urgent_head: self.told,
            place: None,
            rows: Vec::new(),
            left: Vec::new(),
            holds: None,
            more: false,
            digests: None,
            backed_up: 0,
            kept_aside: None,
            server_unix_ms: NOW_MS,
        };
        self.store.take_page(&page).unwrap();
    }
}

#[test]
fn nothing_of_the_erased_lies_between_the_rows_of_others() {
    for seed in SEEDS {
        let mut history = History::begin(seed);
        for _ in 0..DAYS {
            history.a_day();
        }
        let people = (0..ERASED).map(|_| history.anybody()).collect();
        history.erase(people);
        let scrubbed = history.store.standing().unwrap().scrubbed;
        assert_eq!(scrubbed, Some(history.told), "seed {seed}: it is confirmed");
        let file = history.folder.path().join("porch.db");
        let pages = read_pages(&file, history.key.as_bytes()).unwrap();
        assert!(
            history.living.values().all(|texts| {
                let standing = texts.last().unwrap();
                let found = find(&pages, standing.as_bytes());
                found.iter().any(|(place, _)| *place == Place::Database)
            }),
            "seed {seed}: the others are there, and are found"
        );
        for text in &history.gone {
            assert_eq!(find(&pages, text.as_bytes()), [], "seed {seed}");
        }
    }
}
