//! The county's side: its beginning, its processes, and what people at the county do.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::NaiveDate;
use ed25519_dalek::{Signer as _, SigningKey};
use porch_county::quarantine::Reason;
use porch_county::store::{COUNTY_DEVICE, MemoryStore, Store as _, Stored, Work as _};
use porch_county::{Answer as Answered, County, Reach, Surroundings, make_origin};
use porch_domain::activity::Activity;
use porch_domain::catalogue::Record as _;
use porch_domain::centre::{Centre, PlaceKind};
use porch_domain::decision::Purpose;
use porch_domain::id::derive_session_id;
use porch_domain::photo::Photo;
use porch_domain::session::Session;
use porch_domain::time::Instant;
use porch_sync::device::Clash;
use porch_sync::protocol::{
    COUNTY_SCOPE, ChallengeRequest, EnrolRequest, Enrolled, Fate, PushRequest, RejoinRequest,
    rejoin_message,
};
use porch_sync::{Bytes, Change, DeviceNumber, Hlc, SealedTransaction, Transaction};
use uuid::Uuid;

use super::chance::Chance;
use super::jobs::{Owner, at_once};
use super::records::{CENTRES, approval, make};
use super::world::{Happened, World};

/// 23 November 2026, 09:30 UTC.
const BEGINS_MS: u64 = 1_795_426_200_000;

/// The world's time and chance, as a server process sees them.
#[derive(Clone)]
pub(super) struct Surround {
    clock: Arc<AtomicU64>,
    chance: Arc<Mutex<Chance>>,
}

impl Surroundings for Surround {
    fn unix_ms(&self) -> u64 {
        self.clock.load(Ordering::SeqCst)
    }

    fn fill(&self, bytes: &mut [u8]) -> Stored<()> {
        self.chance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill(bytes);
        Ok(())
    }
}

/// What there is before anything happens.
pub(super) struct Around {
    /// An empty store.
    pub(super) store: MemoryStore,
    /// The time.
    pub(super) clock: Arc<AtomicU64>,
}

/// Before the beginning.
pub(super) struct BeginsAt {
    surround: Surround,
}

impl BeginsAt {
    /// With a seed out of the world's chance.
    pub(super) fn new(chance: &mut Chance) -> Self {
        Self {
            surround: Surround {
                clock: Arc::new(AtomicU64::new(BEGINS_MS)),
                chance: Arc::new(Mutex::new(Chance::of(chance.bits()))),
            },
        }
    }

    /// A store of a county that begins.
    ///
    /// # Errors
    /// When there is no randomness.
    pub(super) fn around(&self) -> Result<Around> {
        Ok(Around {
            store: MemoryStore::stepwise(make_origin(&self.surround)?),
            clock: Arc::clone(&self.surround.clock),
        })
    }
}

/// The session of an activity at a centre, by their places.
#[must_use]
pub(super) fn session(centre: usize, activity: usize) -> Uuid {
    let date = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
    derive_session_id(activity_at(centre, activity).into(), date).into()
}

fn activity_at(centre: usize, activity: usize) -> Uuid {
    Uuid::from_u128(0xac_0000 + (centre * 2 + activity) as u128)
}

fn begins_at() -> Instant {
    Instant::from_unix_ms(i64::try_from(BEGINS_MS).unwrap_or(i64::MAX))
}

fn reference_data(purpose: Purpose, at: Instant) -> Result<Vec<Change>> {
    let mut changes = vec![make(&approval(purpose, at), COUNTY_SCOPE)];
    for (at, centre) in CENTRES.into_iter().enumerate() {
        changes.push(make(
            &Centre {
                id: centre.into(),
                name: format!("Centre {at}"),
                kind: PlaceKind::Centre,
                parent: None,
            },
            COUNTY_SCOPE,
        ));
        for activity in 0..2 {
            let id = activity_at(at, activity);
            changes.push(make(
                &Activity {
                    id: id.into(),
                    centre: centre.into(),
                    name: format!("Stay and play {activity}"),
                    never_photograph: activity == 1,
                    drop_off: false,
                },
                COUNTY_SCOPE,
            ));
            let fields = serde_json::json!({
                "activity": id, "centre": centre, "venue": centre, "date": "2026-11-23",
                "starts_at": "09:30", "ends_at": "11:00", "places": null,
            });
            let fields = fields.as_object().cloned().context("an object")?;
            let session =
                Session::from_fields(session(at, activity).into(), &fields.into_iter().collect())
                    .map_err(|_| anyhow::anyhow!("a session is not of the catalogue's form"))?;
            changes.push(make(&session, COUNTY_SCOPE));
        }
    }
    Ok(changes)
}

/// A device that was copied asks for a number of its own, under a new key.
///
/// # Errors
/// What the county says.
pub(super) async fn rejoin(
    county: &County<MemoryStore>,
    device: DeviceNumber,
    old: &SigningKey,
    new: &SigningKey,
    clash: Clash,
) -> Answered<Enrolled> {
    let challenge = county.challenge(&ChallengeRequest { device })?.challenge;
    let public_key = World::public(new);
    let message = rejoin_message(&challenge, &public_key);
    let request = RejoinRequest {
        device,
        challenge,
        sequence: clash.sequence,
        digest: clash.digest,
        public_key,
        signature: BASE64.encode(old.sign(message.as_bytes()).to_bytes()),
    };
    county.rejoin(&request).await
}

impl World {
    /// Makes the county with its centres, and enrols the first devices.
    pub(super) fn found(&mut self, begins: &BeginsAt) -> Result<()> {
        self.looked.surround = Some(begins.surround.clone());
        for server in 0..self.servers.len() {
            self.start(server)?;
        }
        self.settle()?;
        let (_, county) = self.some_server().context("no server is up")?;
        at_once(async {
            let mut work = county.store().begin().await?;
            for centre in CENTRES {
                work.put_scope(centre).await?;
            }
            work.commit().await
        })?;
        let transaction = Transaction {
            device: COUNTY_DEVICE,
            sequence: 1,
            clock: Hlc::at(self.now_ms()),
            author: Uuid::nil(),
            schema: porch_sync::SCHEMA,
            changes: reference_data(self.purpose, begins_at())?,
        };
        let push = PushRequest {
            epoch: county.epoch(),
            transactions: vec![SealedTransaction::seal(&transaction, Bytes([7; 16]))?],
            audit: None,
        };
        let answer = at_once(county.push(COUNTY_DEVICE, push))?;
        let fate = answer.outcomes.first().map(|outcome| outcome.fate);
        let aside = at_once(county.waiting())?;
        let why = aside.first().map(|waiting| waiting.reason.as_str());
        ensure!(fate == Some(Fate::Applied), "reference data: {why:?}");
        for at in 0..2 + self.chance.below(3) {
            let centre = CENTRES.get(at % 2).copied().unwrap_or_default();
            self.enrol(centre);
            self.settle()?;
        }
        Ok(())
    }

    /// Starts a server process.
    ///
    /// # Errors
    /// Before the beginning.
    pub(super) fn start(&mut self, server: usize) -> Result<()> {
        let surround = self
            .looked
            .surround
            .clone()
            .context("before the beginning")?;
        let (store, log) = (self.store.clone(), self.removal_log(server));
        let devices = self.device_log(server);
        let news = self.news.clone();
        self.jobs.begin(Owner::Server(server), "start", async move {
            let opened = County::open(store, Arc::new(surround)).await;
            let county = async {
                let county = opened?.with_device_log(&devices).await?;
                county.with_removal_log(&log).await
            };
            if let Ok(county) = county.await {
                news.tell(Happened::Started(server, Arc::new(county)));
            }
        });
        Ok(())
    }

    /// Enrols a device of a centre.
    pub(super) fn enrol(&mut self, centre: Uuid) {
        let Some((server, county)) = self.some_server() else {
            return;
        };
        let key = self.fresh_key();
        let public_key = Self::public(&key);
        let news = self.news.clone();
        self.jobs.begin(Owner::Server(server), "enrol", async move {
            let Ok(code) = county.make_code(centre, false, 3_600_000).await else {
                return;
            };
            let request = EnrolRequest {
                code: code.to_string(),
                device_name: "Front desk".to_owned(),
                public_key,
            };
            if let Ok(enrolled) = county.enrol(&request).await {
                news.tell(Happened::Enrolled(key, Box::new(enrolled)));
            }
        });
    }

    /// Gives a device a scope, or takes one away.
    pub(super) fn change_scopes(
        &mut self,
        number: DeviceNumber,
        add: Option<Uuid>,
        take: Option<Uuid>,
    ) {
        let Some((server, county)) = self.some_server() else {
            return;
        };
        let news = self.news.clone();
        let (add, take): (BTreeSet<Uuid>, BTreeSet<Uuid>) =
            (add.into_iter().collect(), take.into_iter().collect());
        self.jobs
            .begin(Owner::Server(server), "scopes", async move {
                let done = county.change_scopes(number, &add, &take).await;
                news.tell(Happened::Done("scope change", done.is_ok()));
            });
    }

    /// A person at the county looks at something that was kept aside.
    pub(super) fn look_at_quarantine(&mut self, let_in: bool) {
        let Some((server, county)) = self.some_server() else {
            return;
        };
        let news = self.news.clone();
        let at = self.chance.bits();
        self.jobs
            .begin(Owner::Server(server), "quarantine", async move {
                let Ok(waiting) = county.waiting().await else {
                    return;
                };
                let place = usize::try_from(at % (waiting.len().max(1) as u64)).unwrap_or_default();
                let Some(one) = waiting.get(place) else {
                    return;
                };
                if let_in {
                    let done = county.let_in(one.device, one.sequence).await;
                    return news.tell(Happened::Done("let in", done.is_ok()));
                }
                // Told first: the process may die when it is done and before it says so.
                let said = super::quarantined(&county, one.device, one.sequence).await;
                news.tell(Happened::Discarded(said));
                let done = county.discard(one.device, one.sequence).await;
                news.tell(Happened::Done("discard", done.is_ok_and(|done| done)));
            });
    }

    /// Photos that were kept aside for want of what they rest on are tried again, as county IT does. Once it was `in_vain` often
    /// enough, what they rest on is lost, and they are discarded.
    pub(super) fn let_in_photos(&mut self, in_vain: bool) {
        let Some((server, county)) = self.some_server() else {
            return;
        };
        let news = self.news.clone();
        self.jobs
            .begin(Owner::Server(server), "quarantine", async move {
                let Ok(waiting) = county.waiting().await else {
                    return;
                };
                let early = waiting.iter().filter(|one| {
                    let mut kinds = one.records.iter().map(|(kind, _)| kind);
                    one.reason == Reason::NoSuchRecord.word()
                        && kinds.any(|kind| kind == Photo::KIND)
                });
                for one in early {
                    let done = county.let_in(one.device, one.sequence).await.is_ok();
                    news.tell(Happened::Done("let in once it had come", done));
                    if !done && in_vain {
                        let said = super::quarantined(&county, one.device, one.sequence).await;
                        news.tell(Happened::Discarded(said));
                        let done = county.discard(one.device, one.sequence).await;
                        news.tell(Happened::Done("discard", done.is_ok_and(|done| done)));
                    }
                }
            });
    }

    /// Revokes a device.
    pub(super) fn revoke(&mut self, number: DeviceNumber) {
        let Some((server, county)) = self.some_server() else {
            return;
        };
        let news = self.news.clone();
        self.jobs
            .begin(Owner::Server(server), "revoke", async move {
                if county.revoke(number).await.is_ok_and(|done| done) {
                    news.tell(Happened::Revoked(number));
                }
            });
    }

    /// Backs the county up: a copy now, and devices are told of it later.
    pub(super) fn back_up(&mut self) {
        let Some((server, county)) = self.some_server() else {
            return;
        };
        let (copy, within) = self.store.copied();
        self.copy = Some(copy);
        self.looked.backed_up = within.iter().copied().collect();
        let news = self.news.clone();
        self.jobs
            .begin(Owner::Server(server), "backup", async move {
                let reach = Reach {
                    epoch: county.epoch(),
                    within,
                };
                let done = county.note_backup(&reach).await;
                news.tell(Happened::Done("backup", done.is_ok()));
            });
    }

    /// Ends a server process without warning: what it was at is dropped, and nobody hears of it.
    pub(super) fn kill_server(&mut self, server: usize) {
        if let Some(place) = self.servers.get_mut(server) {
            *place = None;
        }
        self.jobs.end_of(Owner::Server(server));
        let owed = std::mem::take(&mut self.owed);
        for (job, slot) in owed {
            if self.jobs.is_going_on(job) {
                self.owed.insert(job, slot);
            } else {
                slot.answer(Err(super::line::Trouble::Cut));
            }
        }
    }
}
