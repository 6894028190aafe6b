//! What a desk's store makes of a county that says anything: it takes it in or refuses it whole, keeps
//! what is unsent, and goes on with an honest county.

use std::cell::RefCell;
use std::path::Path;
use std::sync::OnceLock;

use porch_domain::id::CentreId;
use porch_domain::time::Instant;
use porch_store::device::DeviceRow;
use porch_store::keys::DatabaseKey;
use porch_store::{Store, StoreError};
use porch_sync::device::Replica as _;
use porch_sync::protocol::{Enrolled, PullPage, PushAnswer, PushRequest};
use porch_sync::{Change, SealedTransaction};
use rusqlite::Connection;
use tempfile::TempDir;

use super::messages::{order, taken_back};
use super::scene::Scene;
use crate::story::{ELM, NOW_MS, edit, id, make, person, rosa, tom};

const KEY: [u8; 32] = *b"a trial's desks hold no secrets.";

fn database_key() -> DatabaseKey {
    DatabaseKey::from_bytes(KEY)
}

/// Memory, where there is such a folder: nothing here asks what outlives a loss of power.
pub(super) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

/// A store of an enrolled device, and nothing else in it.
fn enrolled_store(file: &Path, enrolled: &Enrolled) -> Store {
    let store = Store::create(file, &database_key()).unwrap();
    let device = DeviceRow {
        number: enrolled.device,
        name: "Front desk".to_owned(),
        centre: CentreId::from(enrolled.centre),
        scopes: enrolled.scopes.clone(),
        server: String::new(),
        county_certificate: String::new(),
        restricted_epoch: 1,
        restricted_key: [9; 32],
        epoch: enrolled.epoch,
    };
    store.write(|write| write.put_device(&device)).unwrap();
    store
}

fn save(store: &Store, changes: Vec<Change>) {
    let now = Instant::from_unix_ms(NOW_MS as i64 + 1000);
    let saved = store.write(|write| write.save(id(0x05e4), now, changes));
    saved.expect("a desk can save");
}

/// The bytes of a closed database.
fn closed(store: Store, file: &Path) -> Vec<u8> {
    store.checkpoint().unwrap();
    drop(store);
    std::fs::read(file).unwrap()
}

/// A desk that has met the county and has unsent work, and what an honest county would say next.
struct Prepared {
    database: Vec<u8>,
    unsent: Vec<SealedTransaction>,
    thumbnail: Vec<u8>,
    picture: Vec<u8>,
    pages: Vec<PullPage>,
    answers: Vec<PushAnswer>,
}

impl Prepared {
    fn get() -> &'static Self {
        static PREPARED: OnceLock<Prepared> = OnceLock::new();
        PREPARED.get_or_init(Self::make)
    }

    fn make() -> Self {
        let folder = folder();
        let file = folder.path().join("porch.db");
        let mut scene = Scene::new();
        let store = enrolled_store(&file, &scene.stranger.enrolled);
        for page in scene.pages(&scene.stranger) {
            store.take_page(&page).unwrap();
        }
        let base = Some(scene.writer.pen.version());
        let rosa_id = rosa().id.into();
        save(
            &store,
            vec![edit("person", rosa_id, "phone", "01632 960111", base)],
        );
        save(&store, vec![make(&person(0xbea, "Bea"), ELM)]);
        let unsent = store.unsent().unwrap();

        let mut pages = scene.pages(&scene.stranger);
        let word = edit("person", rosa_id, "phone", "01632 960222", base);
        scene.write(vec![word, make(&person(0xcec, "Cec"), ELM)]);
        let request = PushRequest {
            epoch: scene.county.epoch(),
            transactions: unsent.clone(),
            audit: None,
        };
        let answer = scene.county.push(scene.stranger.enrolled.device, request);
        let answers = vec![scene.runtime.block_on(answer).unwrap()];
        pages.extend(scene.pages(&scene.stranger));
        scene.write(vec![make(&taken_back(), ELM)]);
        pages.extend(scene.pages(&scene.stranger));
        scene.write(vec![make(&order(tom().id), ELM)]);
        pages.extend(scene.pages(&scene.stranger));
        assert!(pages.iter().any(|page| !page.removals.is_empty()));
        Self {
            database: closed(store, &file),
            unsent,
            thumbnail: scene.photo.thumbnail,
            picture: scene.photo.picture,
            pages,
            answers,
        }
    }

    /// What the county said before anything else was written: nothing in it is new to the desk.
    fn honest_page(&self) -> &PullPage {
        &self.pages[0]
    }
}

/// A copy of the prepared desk.
struct Opened {
    store: Store,
    /// Sees whether anybody else has written.
    watch: Connection,
    version: i64,
    _folder: TempDir,
}

impl Opened {
    fn new() -> Self {
        let folder = folder();
        let file = folder.path().join("porch.db");
        std::fs::write(&file, &Prepared::get().database).unwrap();
        let store = Store::open(&file, &database_key()).unwrap();
        let watch = Connection::open(&file).unwrap();
        let key: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
        watch
            .execute_batch(&format!("PRAGMA key = \"x'{key}'\";"))
            .unwrap();
        let version = written(&watch);
        Self {
            store,
            watch,
            version,
            _folder: folder,
        }
    }

    /// Still a desk: it saves, and takes in what an honest county says.
    fn goes_on(self) {
        let store = &self.store;
        let honest = Prepared::get().honest_page();
        if store.standing().unwrap().epoch != honest.epoch {
            store.new_epoch(honest.epoch).unwrap();
        }
        store.take_page(honest).expect("an honest page");
        save(store, vec![make(&person(0xada, "Ada"), ELM)]);
        store.parcels_out().unwrap();
        store.parcels_in().unwrap();
        store.verify_pages().unwrap();
    }
}

/// Changes when another connection has committed something.
fn written(watch: &Connection) -> i64 {
    watch
        .query_row("PRAGMA data_version", (), |row| row.get(0))
        .unwrap()
}

thread_local! {
    /// Made anew only after something was taken in.
    static DESK: RefCell<Option<Opened>> = const { RefCell::new(None) };
}

/// Hands a desk something. What it refused left no trace. After what it took in `check` says whether the
/// desk is as before; if it is not, it goes on all the same.
fn with_desk(
    hand: impl FnOnce(&Store) -> Result<(), StoreError>,
    check: impl FnOnce(&Store) -> bool,
) {
    DESK.with_borrow_mut(|kept| {
        let desk = kept.get_or_insert_with(Opened::new);
        match hand(&desk.store) {
            Ok(()) if check(&desk.store) => desk.version = written(&desk.watch),
            Ok(()) => kept.take().expect("there is one").goes_on(),
            Err(error) => {
                let refused = matches!(error, StoreError::Malformed | StoreError::Consent(_));
                assert!(refused, "a refusal, not a fault of the program: {error:?}");
                assert_eq!(written(&desk.watch), desk.version, "it left no trace");
            }
        }
    });
}

/// Every transaction that was unsent is so still, as it was sealed.
fn nothing_unsent_is_lost(store: &Store) {
    assert!(store.unsent().unwrap() == Prepared::get().unsent);
}

/// A desk of that device takes all pages in, and they are what their digests say.
pub(super) fn takes_in(enrolled: &Enrolled, pages: &[PullPage]) {
    static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
    let empty = EMPTY.get_or_init(|| {
        let folder = folder();
        let file = folder.path().join("porch.db");
        closed(enrolled_store(&file, enrolled), &file)
    });
    let folder = folder();
    let file = folder.path().join("porch.db");
    std::fs::write(&file, empty).unwrap();
    let store = Store::open(&file, &database_key()).unwrap();
    for page in pages {
        store.take_page(page).expect("what the county merged");
    }
    for place in store.standing().unwrap().places {
        let digests = pages.iter().filter_map(|page| page.digests.as_ref());
        let mut heads = digests.flat_map(|digests| &digests.scopes);
        let head = heads
            .find(|digest| digest.scope == place.scope)
            .unwrap()
            .head;
        assert_eq!(place.after, head, "the digests agree");
    }
}

// ---------------------------------------------------------------- targets

/// The answer to a pull.
pub(super) fn page(bytes: &[u8]) {
    let Ok(page) = serde_json::from_slice::<PullPage>(bytes) else {
        return;
    };
    let hand = |store: &Store| {
        if page.epoch != store.standing()?.epoch {
            return store.new_epoch(page.epoch);
        }
        store.take_page(&page)
    };
    with_desk(hand, |store| {
        // An erasure blanks what names the person, and saves the rest again.
        if page.removals.is_empty() {
            nothing_unsent_is_lost(store);
        }
        false
    });
}

/// The answer to a push.
pub(super) fn push_answer(bytes: &[u8]) {
    let Ok(answer) = serde_json::from_slice::<PushAnswer>(bytes) else {
        return;
    };
    let hand = |store: &Store| {
        if answer.epoch != store.standing()?.epoch {
            return store.new_epoch(answer.epoch);
        }
        store.answered(&answer)
    };
    with_desk(hand, |store| {
        let left = store.unsent().unwrap();
        for sealed in &Prepared::get().unsent {
            let mut outcomes = answer.outcomes.iter();
            let answered = outcomes.any(|outcome| outcome.sequence == sealed.sequence);
            assert!(
                answered || left.contains(sealed),
                "unanswered and still unsent"
            );
        }
        false
    });
}

/// A chunk of a picture.
pub(super) fn chunk(bytes: &[u8]) {
    let parcel = |store: &Store| store.parcels_in().unwrap()[0];
    let hand = |store: &Store| store.chunk_arrived(&parcel(store), 0, bytes);
    with_desk(hand, |store| {
        let still_wanted = store.parcels_in().unwrap().len() == 2;
        let good = bytes == Prepared::get().thumbnail;
        assert_eq!(still_wanted, !good, "only the picture itself is kept");
        nothing_unsent_is_lost(store);
        still_wanted
    });
}

// ---------------------------------------------------------------- good messages

pub(super) fn pages() -> Vec<Vec<u8>> {
    let pages = Prepared::get().pages.iter();
    pages
        .map(|page| serde_json::to_vec(page).unwrap())
        .collect()
}

pub(super) fn answers() -> Vec<Vec<u8>> {
    let answers = Prepared::get().answers.iter();
    answers
        .map(|answer| serde_json::to_vec(answer).unwrap())
        .collect()
}

pub(super) fn chunks() -> Vec<Vec<u8>> {
    let prepared = Prepared::get();
    vec![prepared.thumbnail.clone(), prepared.picture.clone()]
}
