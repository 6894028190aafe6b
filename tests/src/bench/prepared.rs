//! Devices with many people on them, made once a run and kept below the folder of temporary files.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Instant as Moment;

use anyhow::{Context as _, Result};
use chrono::{NaiveDate, Utc};
use porch_desk::SecretKeeper as _;
use porch_domain::attendance::{Attendance, Departure};
use porch_domain::catalogue::Record as _;
use porch_domain::family::Family;
use porch_domain::membership::Membership;
use porch_domain::person::Person;
use porch_store::keys::{DatabaseKey, DeviceSecret, Password, Slots};
use porch_store::{Store, StoreError};
use porch_sync::{DeviceNumber, Hlc, Row, Stamped, Version};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::county::{ImportRecord, Size, invent_sized};
use crate::kit::{CHEAP, Keeper, PASSWORD, TestClock, TestCounty, TestDesk};

const SEED: u64 = 1;
/// Days with sessions from today on: signing in moves on day by day.
const DAYS: u64 = 30;
/// People at a session at most. A centre is not fuller because its county is larger.
const AT_A_SESSION: usize = 40;
/// Rows in one transaction.
const BATCH: usize = 20_000;

/// A device with people on it, whose county does not answer.
pub(super) struct Prepared {
    /// Its folder.
    pub(super) home: PathBuf,
    /// Its keyring.
    pub(super) keeper: Keeper,
    /// The secrets in the keyring, by name.
    pub(super) secrets: Vec<(String, Vec<u8>)>,
    /// The key of its database.
    pub(super) key: DatabaseKey,
    /// Its only login, a manager's.
    pub(super) user: Uuid,
    /// The centre that it stands in.
    pub(super) centre: Uuid,
    /// What is on it.
    pub(super) records: Vec<ImportRecord>,
}

impl Prepared {
    /// How many people are on it.
    pub(super) fn people(&self) -> usize {
        self.records
            .iter()
            .filter(|record| record.kind == Person::KIND)
            .count()
    }

    /// A clock at a quarter to ten today.
    pub(super) fn clock() -> Result<TestClock> {
        TestClock::at(&format!("{}T09:45:00.000Z", today()))
    }

    /// Opens the desk and logs in.
    pub(super) async fn log_in(&self, clock: &TestClock) -> Result<TestDesk> {
        let desk = TestDesk::open(&self.home, &self.keeper, clock);
        desk.call("log_in", json!({ "user": self.user, "password": PASSWORD }))
            .await?;
        Ok(desk)
    }

    /// The same device in another folder, for a measurement that writes.
    pub(super) fn copy_to(mut self, home: &Path) -> Result<Self> {
        if home.exists() {
            std::fs::remove_dir_all(home)?;
        }
        std::fs::create_dir_all(home)?;
        for entry in std::fs::read_dir(&self.home)? {
            let from = entry?.path();
            if let (true, Some(name)) = (from.is_file(), from.file_name()) {
                std::fs::copy(&from, home.join(name))?;
            }
        }
        self.home = home.to_owned();
        Ok(self)
    }

    /// The families of three that this centre registered, and who belongs to each.
    pub(super) fn families_of_three(&self) -> Vec<(Uuid, Vec<Uuid>)> {
        let mut families: Vec<(Uuid, Vec<Uuid>)> = Vec::new();
        let mut places = HashMap::new();
        for record in self
            .records
            .iter()
            .filter(|record| record.scope == Some(self.centre))
        {
            if record.kind == Family::KIND {
                places.insert(record.id, families.len());
                families.push((record.id, Vec::new()));
            }
            let (family, person) = (id_in(record, "family"), id_in(record, "person"));
            if let (Membership::KIND, Some(family), Some(person)) = (record.kind, family, person)
                && let Some((_, members)) = places
                    .get(&family)
                    .and_then(|place| families.get_mut(*place))
            {
                members.push(person);
            }
        }
        families.retain(|(_, members)| members.len() == 3);
        families
    }
}

/// Where measurements work: below `TMPDIR`.
pub(super) fn folder() -> PathBuf {
    std::env::temp_dir().join("porch-bench")
}

fn today() -> NaiveDate {
    Utc::now().date_naive()
}

/// A device with about so many people, made now unless an earlier measurement of this day left it.
pub(super) async fn prepare(people: usize) -> Result<Prepared> {
    let records = invent(people);
    let place = folder().join(format!("{people}-people-{}", today()));
    let (home, began) = (place.join("home"), Moment::now());
    if let Ok(prepared) = load(&place, records.clone()).await {
        return Ok(prepared);
    }
    if place.exists() {
        std::fs::remove_dir_all(&place)?;
    }
    std::fs::create_dir_all(&place)?;
    let keeper = Keeper::default();
    let user = enrol(&place, &home, &keeper).await?;
    let secrets: Vec<(String, Vec<u8>)> = ["device-secret", "identity-key"]
        .into_iter()
        .map(|what| {
            let name = format!("{}/{what}", installation(&home)?);
            let secret = keeper.get(&name)?.context("the keyring lacks a secret")?;
            Ok((name, secret.to_vec()))
        })
        .collect::<Result<_>>()?;
    std::fs::write(
        place.join("secrets.json"),
        serde_json::to_vec(&(user, &secrets))?,
    )?;
    let key = database_key(&home, &keeper, user)?;
    let filling = records.clone();
    let database = home.join("porch.db");
    tokio::task::spawn_blocking(move || fill(&database, &key, filling)).await??;
    // Last, so that a run that was stopped half way leaves nothing that looks whole.
    std::fs::write(place.join("whole"), "")?;
    println!(
        "  (a device with {people} people was prepared in {:.0} s)",
        began.elapsed().as_secs_f64()
    );
    load(&place, records).await
}

async fn load(place: &Path, records: Vec<ImportRecord>) -> Result<Prepared> {
    std::fs::metadata(place.join("whole"))?;
    let (user, secrets): (Uuid, Vec<(String, Vec<u8>)>) =
        serde_json::from_slice(&std::fs::read(place.join("secrets.json"))?)?;
    let (home, keeper) = (place.join("home"), Keeper::default());
    for (name, secret) in &secrets {
        keeper.set(name, secret)?;
    }
    let key = database_key(&home, &keeper, user)?;
    // An older schema is no basis for a measurement.
    drop(Store::open(&home.join("porch.db"), &key)?);
    let centre = records.first().context("the invented county is empty")?.id;
    Ok(Prepared {
        home,
        keeper,
        secrets,
        key,
        user,
        centre,
        records,
    })
}

/// Enrols a device with a county that has no families, and takes that county away again.
async fn enrol(place: &Path, home: &Path, keeper: &Keeper) -> Result<Uuid> {
    let mut county = TestCounty::start(
        &place.join("county"),
        today(),
        Size {
            families: 0,
            days: 1,
        },
    )
    .await?;
    let device = TestDesk::open(home, keeper, &Prepared::clock()?);
    let code = county
        .county
        .make_code(county.centre(0)?, false, 60_000)
        .await?;
    let request = json!({
        "server": county.url(), "county_certificate": county.certificate, "code": code.to_string(),
        "device_name": "Front desk", "name": "Sami Example", "password": PASSWORD,
    });
    device.call("set_up", request).await?;
    device.call("sync_now", json!({})).await?;
    device.call("close", json!({})).await?;
    let logins = device.call("logins", json!({})).await?;
    county.disconnect().await?;
    let user = logins
        .pointer("/0/user")
        .and_then(Value::as_str)
        .context("no login")?;
    Ok(user.parse()?)
}

fn installation(home: &Path) -> Result<Uuid> {
    let identity: Value = serde_json::from_slice(&std::fs::read(home.join("device.json"))?)?;
    Ok(identity
        .get("installation")
        .and_then(Value::as_str)
        .context("installation")?
        .parse()?)
}

/// The key of the database, had as the desk has it.
fn database_key(home: &Path, keeper: &Keeper, user: Uuid) -> Result<DatabaseKey> {
    let installation = installation(home)?;
    let secret = keeper
        .get(&format!("{installation}/device-secret"))?
        .context("no device secret")?;
    let secret = DeviceSecret::from_bytes(secret.as_slice().try_into()?);
    let now = Utc::now().timestamp_millis();
    let unlocked = Slots::new(home, installation, CHEAP).unwrap(
        user,
        &Password::prepare(PASSWORD),
        &secret,
        now,
    )?;
    Ok(unlocked.keys.database)
}

/// About so many people in whole families, and what goes with them. The first record is the
/// centre that the device stands in.
fn invent(people: usize) -> Vec<ImportRecord> {
    let families = u32::try_from(people / 3).unwrap_or(u32::MAX);
    let invented = invent_sized(
        SEED,
        today(),
        Size {
            families,
            days: DAYS,
        },
    );
    let (mut count, mut full) = (0, false);
    let mut sessions: HashMap<Uuid, usize> = HashMap::new();
    let mut left_out = HashSet::new();
    invented
        .records
        .into_iter()
        .filter(|record| {
            count += usize::from(record.kind == Person::KIND);
            full |= record.kind == Family::KIND && count >= people;
            if record.kind == Attendance::KIND
                && let Some(session) = id_in(record, "session")
            {
                let at = sessions.entry(session).or_default();
                *at += 1;
                if *at > AT_A_SESSION {
                    left_out.insert(record.id);
                }
            }
            let rests_on = if record.kind == Departure::KIND {
                id_in(record, "attendance")
            } else {
                Some(record.id)
            };
            !full && rests_on.is_none_or(|id| !left_out.contains(&id))
        })
        .collect()
}

fn id_in(record: &ImportRecord, field: &str) -> Option<Uuid> {
    record.fields.get(field)?.as_str()?.parse().ok()
}

/// Puts rows into the store as they would arrive from the county, many in a transaction.
fn fill(database: &Path, key: &DatabaseKey, mut records: Vec<ImportRecord>) -> Result<()> {
    // Families and people in the order of their ids lie side by side in their tables, which is
    // faster. Memberships come after both and keep their order: by them people are indexed.
    let place = |record: &ImportRecord| match record.kind {
        Family::KIND | Person::KIND => (1, record.kind, record.id),
        Membership::KIND => (2, "", Uuid::nil()),
        Attendance::KIND => (3, "", Uuid::nil()),
        Departure::KIND => (4, "", Uuid::nil()),
        _ => (0, "", Uuid::nil()),
    };
    records.sort_by_key(place);
    let version = Version {
        clock: Hlc::at(u64::try_from(Utc::now().timestamp_millis())?),
        device: DeviceNumber(0),
        sequence: 1,
    };
    let store = Store::open(database, key)?;
    for batch in records.chunks(BATCH) {
        store.write(|write| {
            for record in batch {
                let fields = record.fields.iter();
                let fields = fields
                    .map(|(name, value)| {
                        (
                            name.clone(),
                            Stamped {
                                value: value.clone(),
                                version,
                            },
                        )
                    })
                    .collect();
                write.put_row(&Row {
                    kind: record.kind.to_owned(),
                    id: record.id,
                    fields,
                })?;
            }
            Ok::<_, StoreError>(())
        })?;
    }
    Ok(store.checkpoint()?)
}
