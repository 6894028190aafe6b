//! One encrypted database for each migration, made by the program of its day with unsent work in
//! it, and brought up to today's schema here.
//!
//! A new one, for the newest migration: `PORCH_MAKE_GOLDEN=1 cargo test -p porch-store golden`.

use std::fs;
use std::path::{Path, PathBuf};

use porch_domain::catalogue::Record;
use porch_domain::family::Family;
use porch_domain::id::{CentreId, FamilyId, MembershipId, PersonId, RecordId as _, UserId};
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::person::Person;
use porch_domain::postcode::Postcode;
use porch_domain::time::Instant;
use porch_sync::device::Replica as _;
use porch_sync::protocol::{PullPage, Removal};
use porch_sync::{Change, DeviceNumber, FieldChange, Op};
use rusqlite::Connection;
use uuid::Uuid;

use super::{MIGRATIONS, newest};
use crate::audit::{AuditEntry, Deed};
use crate::device::DeviceRow;
use crate::draft::DraftRow;
use crate::error::StoreError;
use crate::keys::DatabaseKey;
use crate::open::Store;
use crate::search::SearchAt;

/// The key of every golden database.
const KEY: DatabaseKey = DatabaseKey::from_bytes(*b"golden databases hold no secrets");
const CENTRE: Uuid = Uuid::from_u128(0xc1);
const FAMILY: Uuid = Uuid::from_u128(0xf1);
const CHILD: Uuid = Uuid::from_u128(0xa1);
const USER: Uuid = Uuid::from_u128(0xe1);
const FORM: &str = "registration";
const TYPED: &str = "{\"given_name\":\"Half a na\"}";

fn migrations() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations")
}

fn golden(number: u32) -> PathBuf {
    migrations().join(format!("desk/golden/{number:04}.db"))
}

fn noon() -> Instant {
    Instant::from_unix_ms(1_795_435_200_000)
}

fn created<R: Record>(record: &R) -> Change {
    let fields = record.to_fields().into_iter();
    Change {
        kind: R::KIND.to_owned(),
        id: record.id().uuid(),
        op: Op::Create { scope: CENTRE },
        fields: fields
            .map(|(name, value)| (name, FieldChange { value, base: None }))
            .collect(),
    }
}

/// A family registered offline and a telephone number corrected, neither sent yet; a draft.
fn make(path: &Path) -> Result<(), StoreError> {
    let store = Store::create(path, &KEY)?;
    let family = Family {
        id: FamilyId::from(FAMILY),
        centre: CentreId::from(CENTRE),
        name: None,
        address: Some("1 Quay Street".into()),
        postcode: Postcode::parse("NG2 7QP").ok(),
        no_fixed_address: false,
        protected: false,
        note: None,
    };
    let child = Person {
        id: PersonId::from(CHILD),
        given_name: Some("Zofia".into()),
        family_name: Some("Wróblewska".into()),
        known_as: None,
        birth_date: "2024-04-03".parse().ok(),
        due_date: None,
        gender: None,
        nhs_number: None,
        phone: None,
        email: None,
        language: Some("pl".into()),
        allergies: None,
        staff: false,
    };
    let membership = Membership {
        id: MembershipId::from(Uuid::from_u128(0xb1)),
        family: family.id,
        person: child.id,
        role: MemberRole::Child,
        parental_responsibility: None,
        ended_on: None,
    };
    store.write(|write| {
        write.put_device(&DeviceRow {
            number: DeviceNumber(3),
            name: "Front desk".into(),
            centre: CentreId::from(CENTRE),
            scopes: vec![CENTRE],
            server: "https://127.0.0.1:1".into(),
            county_certificate: String::new(),
            restricted_epoch: 1,
            restricted_key: [9; 32],
            epoch: Uuid::from_u128(1),
        })?;
        let changes = vec![created(&family), created(&child), created(&membership)];
        write.save(USER, noon(), changes)
    })?;
    store.write(|write| {
        let (_, seen) = write.record::<Person>(child.id)?;
        let phone = FieldChange {
            value: "07700900123".into(),
            base: seen.of("phone"),
        };
        let edit = Change {
            kind: Person::KIND.to_owned(),
            id: CHILD,
            op: Op::Edit,
            fields: [("phone".to_owned(), phone)].into(),
        };
        write.save(USER, noon(), vec![edit])?;
        write.audit(&AuditEntry {
            at: noon(),
            user: UserId::from(USER),
            deed: Deed::Changed,
            purpose: "edit",
            record: Some((Person::KIND, CHILD)),
            fields: &["phone"],
        })?;
        let draft = DraftRow {
            body: TYPED.into(),
            saved_at: noon(),
        };
        write.put_draft(UserId::from(USER), FORM, &draft)
    })?;
    store.checkpoint()
}

/// Everything that [`make`] put in is there, and unsent work is still to be sent.
fn check(path: &Path) -> Result<(), StoreError> {
    let store = Store::open(path, &KEY)?;
    store.verify_pages()?;
    let unsent = store.unsent()?;
    assert_eq!(unsent.len(), 2, "no unsent work is lost");
    for sealed in &unsent {
        assert!(sealed.open().unwrap().is_some(), "its digest still fits");
    }
    let at = SearchAt {
        centre: CentreId::from(CENTRE),
        today: "2026-11-23".parse().unwrap(),
        limit: 5,
        protected: false,
    };
    store.read(|read| {
        let (child, _) = read.record::<Person>(PersonId::from(CHILD))?;
        assert_eq!(child.phone.as_deref(), Some("07700900123"));
        for typed in ["wroblewska zof", "0123", "ng2 7qp", "3 apr 2024"] {
            let [_, here, _] = read.search(typed, &at)?.tiers;
            assert_eq!(here.families.len(), 1, "{typed}");
        }
        let draft = read.draft(UserId::from(USER), FORM)?;
        assert_eq!(draft.map(|draft| draft.body).as_deref(), Some(TYPED));
        let chain = read.verify_audit()?;
        assert_eq!((chain.entries, chain.broken_at), (1, None));
        Ok(())
    })
}

#[test]
fn golden_databases_are_upgraded_with_their_unsent_work() {
    if std::env::var_os("PORCH_MAKE_GOLDEN").is_some() {
        let path = golden(newest());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        make(&path).unwrap();
    }
    let home = tempfile::tempdir().unwrap();
    for migration in MIGRATIONS {
        let golden = golden(migration.number);
        if golden.exists() {
            // A copy: opening writes beside it.
            let copy = home.path().join(format!("{:04}.db", migration.number));
            fs::copy(&golden, &copy).unwrap();
            check(&copy).unwrap();
        }
    }
}

#[test]
fn a_database_made_today_is_golden() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("porch.db");
    make(&path).unwrap();
    check(&path).unwrap();
}

#[test]
fn every_landed_migration_has_its_golden_database() {
    let landed = fs::read_to_string(migrations().join("LANDED")).unwrap();
    for migration in MIGRATIONS {
        let name = format!("migrations/desk/{:04}_", migration.number);
        assert!(
            !landed.contains(&name) || golden(migration.number).exists(),
            "{name} has landed without a golden database"
        );
    }
}

#[test]
fn what_version_1_passed_over_is_told_again() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("porch.db");
    fs::copy(golden(2), &path).unwrap();
    // It stands at the head of the urgent feed, whose removals it knew nothing of.
    let before = Connection::open(&path).unwrap();
    before.key(None::<&str>, &*KEY.raw(), false).unwrap();
    before
        .execute("INSERT INTO cursor VALUES (zeroblob(16), 7)", ())
        .unwrap();
    before.close().unwrap();
    let store = Store::open(&path, &KEY).unwrap();
    let standing = store.standing().unwrap();
    assert_eq!(standing.urgent_after, 0);
    assert!(
        standing.scrubbed.is_none_or(|scrubbed| scrubbed == 0),
        "nothing is confirmed that was not carried out"
    );
    let told = Removal {
        sequence: 7,
        kind: Person::KIND.to_owned(),
        record: CHILD,
        because: Uuid::from_u128(0x0de4),
        unix_ms: 1_795_435_200_000,
    };
    let page = PullPage {
        epoch: standing.epoch,
        removals: vec![told],
        urgent: Vec::new(),
        urgent_head: 7,
        place: None,
        rows: Vec::new(),
        left: Vec::new(),
        holds: None,
        more: false,
        digests: None,
        backed_up: 0,
        kept_aside: None,
        server_unix_ms: 1_795_435_200_000,
    };
    store.take_page(&page).unwrap();
    assert_eq!(store.standing().unwrap().scrubbed, Some(7));
    store
        .read(|read| {
            let gone = read.record::<Person>(PersonId::from(CHILD));
            assert_eq!(gone.err(), Some(StoreError::NotFound));
            Ok::<_, StoreError>(())
        })
        .unwrap();
}
