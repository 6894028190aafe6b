//! What a desk's file and the county's must hold after the kills, read with the key and plain SQL.

use std::collections::BTreeMap;
use std::path::Path;

use porch_desk::SecretKeeper as _;
use porch_domain::catalogue::RECORDS;
use porch_store::keys::{DatabaseKey, DeviceSecret, Password, Slots};
use porch_tests::busy::{BusyHome, Deed, Said};
use porch_tests::kit::{CHEAP, PASSWORD};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::desks::BusyDesk;
use super::servers::County;

/// A desk's database.
pub(super) struct Copy(Connection);

fn open(file: &Path, key: &[u8]) -> Connection {
    let connection = Connection::open(file).unwrap();
    let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    connection
        .execute_batch(&format!("PRAGMA key = \"x'{key}'\";"))
        .unwrap();
    connection
}

/// Each page's authentication code, and each table and index, is right.
fn is_sound(connection: &Connection) {
    let mut damaged = connection.prepare("PRAGMA cipher_integrity_check").unwrap();
    assert!(!damaged.exists(()).unwrap(), "a page is damaged");
    let said: String = connection
        .query_row("PRAGMA integrity_check", (), |row| row.get(0))
        .unwrap();
    assert_eq!(said, "ok");
}

/// The county's own file, where it has one.
pub(super) fn county_is_whole(county: &County) {
    let directory = county.directory(0);
    let file = directory.join("county.db");
    if file.exists() {
        let key = std::fs::read(directory.join("county.key")).unwrap();
        is_sound(&open(&file, &key));
    }
}

/// The key of a desk's database, as the login's slot gives it.
fn key(home: &BusyHome, user: Uuid) -> DatabaseKey {
    let device = std::fs::read(home.folder().join("device.json")).unwrap();
    let device: Value = serde_json::from_slice(&device).unwrap();
    let installation: Uuid = device["installation"].as_str().unwrap().parse().unwrap();
    let secret = home.keeper().get(&format!("{installation}/device-secret"));
    let secret = secret.unwrap().unwrap().as_slice().try_into().unwrap();
    let unlocked = Slots::new(&home.folder(), installation, CHEAP).unwrap(
        user,
        &Password::prepare(PASSWORD),
        &DeviceSecret::from_bytes(secret),
        chrono::Utc::now().timestamp_millis(),
    );
    unlocked.unwrap().keys.database
}

impl Copy {
    pub(super) fn of(desk: &BusyDesk) -> Self {
        let key = key(&desk.home, desk.user);
        Self(open(&desk.home.folder().join("porch.db"), key.as_bytes()))
    }

    fn count(&self, sql: &str, of: impl rusqlite::Params) -> u64 {
        self.0.query_row(sql, of, |row| row.get(0)).unwrap()
    }

    fn rows(&self, sql: &str) -> Vec<Vec<Sql>> {
        let mut select = self.0.prepare(sql).unwrap();
        let columns = select.column_count();
        let rows = select.query_map((), |row| (0..columns).map(|n| row.get(n)).collect());
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// Everything that a desk said to have saved is here, once and whole; what it only began is here
    /// whole or not at all.
    pub(super) fn has(&self, said: &[Said]) {
        let mut phones: BTreeMap<Uuid, Vec<Option<&str>>> = BTreeMap::new();
        for said in said {
            match said {
                Said::Begins(Deed::Register { name, .. }) => {
                    let people = self.registered(name);
                    assert!(people == 0 || people == 2, "a family in part");
                }
                Said::Done(Deed::Register { name, family }) => {
                    assert_eq!(self.registered(name), 2, "a saved family is lost");
                    let family = family.unwrap();
                    let of = "SELECT COUNT(*) FROM membership WHERE family = ?";
                    assert_eq!(self.count(of, [family.as_bytes()]), 2, "nothing twice");
                }
                Said::Begins(Deed::Phone { person, phone }) => {
                    // Nobody has a number when they are registered.
                    let may_be = phones.entry(*person).or_insert_with(|| vec![None]);
                    may_be.push(Some(phone));
                }
                Said::Done(Deed::Phone { person, phone }) => {
                    // What was written before it no longer counts.
                    phones.insert(*person, vec![Some(phone)]);
                }
                Said::Done(Deed::SignIn { attendances }) => {
                    for attendance in attendances {
                        let of = "SELECT COUNT(*) FROM attendance WHERE id = ?";
                        assert_eq!(self.count(of, [attendance.as_bytes()]), 1, "a sign-in");
                    }
                }
                Said::Done(Deed::Photo { caption, photo }) => {
                    let of = "SELECT COUNT(*) FROM photo WHERE id = ? AND caption = ?";
                    let photo = photo.unwrap();
                    assert_eq!(self.count(of, params![photo.as_bytes(), caption]), 1);
                    let of = "SELECT COUNT(*) FROM photo WHERE caption = ?";
                    assert_eq!(self.count(of, [caption]), 1, "nothing twice");
                }
                _ => {}
            }
        }
        for (person, may_be) in phones {
            let of = "SELECT phone FROM person WHERE id = ?";
            let phone: Option<String> = self
                .0
                .query_row(of, [person.as_bytes()], |row| row.get(0))
                .unwrap();
            // The number that was begun last may have been saved without a word.
            let kept = may_be.contains(&phone.as_deref());
            assert!(kept, "a saved number is lost");
        }
    }

    /// How many people of one family and of that name are here.
    fn registered(&self, name: &str) -> u64 {
        let families = self.count(
            "SELECT COUNT(DISTINCT m.family) FROM membership m JOIN person p ON p.id = m.person
             WHERE p.family_name = ?",
            [name],
        );
        assert!(families <= 1, "a family twice");
        self.count("SELECT COUNT(*) FROM person WHERE family_name = ?", [name])
    }

    /// The file is sound, nothing is unsent, under way or set aside, each picture is the one that its
    /// record declares, and nobody came twice to a session.
    pub(super) fn is_whole(&self) {
        is_sound(&self.0);
        for (sql, why) in [
            (
                "SELECT COUNT(*) FROM outbox WHERE outcome IS NULL",
                "unsent",
            ),
            (
                "SELECT COUNT(*) FROM outbox WHERE outcome LIKE '%quarantined%'",
                "kept aside by the county",
            ),
            (
                "SELECT (SELECT sequence FROM tally) - (SELECT COUNT(*) FROM outbox)",
                "numbers without a transaction",
            ),
            ("SELECT COUNT(*) FROM set_aside", "set aside"),
            ("SELECT COUNT(*) FROM confirmed", "under unsent changes"),
            ("SELECT COUNT(*) FROM outbox_record", "named as unsent"),
            ("SELECT COUNT(*) FROM picture_outbox", "pictures to send"),
            ("SELECT COUNT(*) FROM picture_inbox", "pictures in part"),
            ("SELECT SUM(misses) FROM scope_tally", "digests that differ"),
            (
                "SELECT COUNT(*) FROM (SELECT 1 FROM attendance GROUP BY session, person HAVING COUNT(*) > 1)",
                "people twice in a session",
            ),
            (
                "SELECT 2 * (SELECT COUNT(*) FROM photo) - (SELECT COUNT(*) FROM picture)",
                "pictures missing",
            ),
        ] {
            assert_eq!(self.count(sql, ()), 0, "{why}");
        }
        let mut select = self
            .0
            .prepare(
                "SELECT x.bytes, iif(x.variant = 'picture', p.sha256, p.thumbnail_sha256)
                 FROM picture x JOIN photo p ON p.id = x.photo",
            )
            .unwrap();
        let mut rows = select.query(()).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let (bytes, declared): (Vec<u8>, String) = (row.get(0).unwrap(), row.get(1).unwrap());
            let digest = Sha256::digest(&bytes);
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(digest, declared, "a picture");
        }
    }

    /// Two desks of one centre have the same: every record, every picture, every digest.
    pub(super) fn same_as(&self, other: &Self) {
        let mut tables: Vec<(&str, String)> = Vec::new();
        for entry in RECORDS {
            let columns: Vec<&str> = entry.fields.iter().map(|field| field.name).collect();
            let columns = columns.join("\", \"");
            let sql = format!(
                "SELECT id, \"{columns}\", extra FROM {} ORDER BY id",
                entry.table
            );
            tables.push((entry.table, sql));
        }
        let also = |sql: &str| sql.to_owned();
        tables.push((
            "picture",
            also("SELECT photo, variant, bytes FROM picture ORDER BY photo, variant"),
        ));
        tables.push((
            "scope_tally",
            also("SELECT scope, held, sum FROM scope_tally ORDER BY scope"),
        ));
        tables.push((
            "cursor",
            also("SELECT scope, after FROM cursor ORDER BY scope"),
        ));
        for (table, sql) in tables {
            let (here, there) = (self.rows(&sql), other.rows(&sql));
            assert_eq!(here.len(), there.len(), "rows of {table}");
            // Not shown: they may be megabytes.
            assert!(here == there, "{table} differs");
        }
    }
}
