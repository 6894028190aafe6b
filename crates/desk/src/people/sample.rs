//! A desk for tests: a temporary store, a fixed time, and invented people.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use porch_domain::activity::Activity;
use porch_domain::catalogue::Record;
use porch_domain::centre::{Centre, PlaceKind};
use porch_domain::county::CountyDetails;
use porch_domain::decision::Purpose;
use porch_domain::id::{
    ActivityId, CentreId, FamilyId, RecordId as _, SessionId, UserId, derive_county_details_id,
    derive_session_id,
};
use porch_domain::membership::MemberRole;
use porch_domain::notice::{Notice, NoticeForm};
use porch_domain::role::Role;
use porch_domain::session::Session;
use porch_domain::text::{BUILT_IN, TextApproval};
use porch_domain::time::Instant;
use porch_domain::wording::Wording;
use porch_store::Store;
use porch_store::device::DeviceRow;
use porch_store::keys::KdfParameters;
use porch_sync::device::Replica as _;
use porch_sync::protocol::{FeedRow, PullPage};
use porch_sync::{Change, DeviceNumber, Hlc, Row, Stamped, Version};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::changes::created;
use crate::clock::{Clock, london_date};
use crate::desk::{Desk, Settings};
use crate::home::Identity;
use crate::keeper::{KeeperTrouble, SecretKeeper};
use crate::refusal::{Code, Refusal};
use crate::register::{PersonForm, RegistrationRequest, register};
use crate::texts::NoticeSeen;
use crate::work::{Login, Work};

// The same empty stores as in the store's own tests.
#[path = "../../../store/src/scratch.rs"]
#[allow(dead_code, reason = "no test here opens one again")]
mod scratch;

/// 23 November 2026, ten in the morning.
pub(crate) const NOW: &str = "2026-11-23T10:00:00.000Z";

struct NoKeyring;

impl SecretKeeper for NoKeyring {
    fn get(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeeperTrouble> {
        Err(KeeperTrouble::Absent)
    }

    fn set(&self, _: &str, _: &[u8]) -> Result<(), KeeperTrouble> {
        Err(KeeperTrouble::Absent)
    }
}

struct Fixed(Instant);

impl Clock for Fixed {
    fn now(&self) -> Instant {
        self.0
    }
}

pub(crate) fn centre() -> CentreId {
    CentreId::make(1, [1; 10])
}

pub(crate) fn play() -> ActivityId {
    ActivityId::make(1, [2; 10])
}

pub(crate) fn session_on(date: &str) -> SessionId {
    derive_session_id(play(), date.parse().unwrap())
}

/// A front desk with stay and play running today, 9:30 to 11:00, and the same a week ago.
pub(crate) struct FrontDesk {
    _home: TempDir,
    runtime: Runtime,
    store: Arc<Store>,
    device: DeviceRow,
    desk: Desk,
}

impl FrontDesk {
    pub(crate) fn open() -> Self {
        let (home, store) = scratch::store();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let device = DeviceRow {
            number: DeviceNumber(1),
            name: "Front desk".into(),
            centre: centre(),
            scopes: vec![centre().into()],
            server: "https://county.example".into(),
            county_certificate: String::new(),
            restricted_epoch: 1,
            restricted_key: [7; 32],
            epoch: Uuid::from_u128(1),
        };
        store.write(|write| write.put_device(&device)).unwrap();
        let desk = {
            let _inside = runtime.enter();
            Desk::new(Settings {
                home: home.path().join("desk"),
                papers: home.path().join("papers"),
                keeper: Arc::new(NoKeyring),
                clock: Arc::new(Fixed(NOW.parse().unwrap())),
                kdf: KdfParameters::CURRENT,
            })
        };
        let identity = Identity {
            installation: Uuid::from_u128(2),
            device_name: "Front desk".into(),
            centre: Some("Harbour".into()),
            idle_minutes: None,
        };
        desk.inner().home.put_identity(&identity).unwrap();
        let front = Self {
            _home: home,
            runtime,
            store: Arc::new(store),
            device,
            desk,
        };
        let mut changes = vec![
            created(
                &Centre {
                    id: centre(),
                    name: "Harbour".into(),
                    kind: PlaceKind::Centre,
                    parent: None,
                },
                centre(),
            ),
            created(
                &Activity {
                    id: play(),
                    centre: centre(),
                    name: "Stay and play".into(),
                    never_photograph: false,
                    drop_off: false,
                },
                centre(),
            ),
        ];
        changes.extend(["2026-11-16", "2026-11-23"].map(a_session));
        changes.push(created(&details(), centre()));
        let english = |wording: &&Wording| wording.language == "en";
        changes.extend(BUILT_IN.wordings.iter().filter(english).map(approval));
        let newest = |notice: &&Notice| {
            notice.language == "en" && (notice.notice != "short" || notice.version == 2)
        };
        changes.extend(
            BUILT_IN
                .notices
                .iter()
                .filter(newest)
                .map(approval_of_notice),
        );
        front.save(changes);
        front
    }

    /// Saves changes as they arrive.
    pub(crate) fn save(&self, changes: Vec<Change>) {
        self.at(Role::Manager, NOW, |work| {
            work.write(|write| work.save(write, "test", changes))
        })
        .unwrap();
    }

    /// The county gives a record that another device made.
    pub(crate) fn gives<R: Record>(&self, record: &R) {
        let version = Version {
            clock: Hlc::at(1),
            device: DeviceNumber(2),
            sequence: 1,
        };
        let fields = record.to_fields().into_iter();
        let row = Row {
            kind: R::KIND.to_owned(),
            id: record.id().uuid(),
            fields: fields
                .map(|(name, value)| (name, Stamped { value, version }))
                .collect(),
        };
        let page = PullPage {
            epoch: self.device.epoch,
            removals: Vec::new(),
            urgent: Vec::new(),
            urgent_head: 0,
            place: None,
            rows: vec![FeedRow { sequence: 1, row }],
            left: Vec::new(),
            holds: None,
            more: false,
            digests: None,
            backed_up: 0,
            kept_aside: None,
            server_unix_ms: 0,
        };
        self.store.take_page(&page).unwrap();
    }

    /// Does some work as a member of staff of that role.
    pub(crate) fn does<T>(&self, role: Role, what: impl FnOnce(&Work) -> T) -> T {
        self.at(role, NOW, what)
    }

    /// Does some work at a moment.
    pub(crate) fn at<T>(&self, role: Role, now: &str, what: impl FnOnce(&Work) -> T) -> T {
        self.by(user(), role, now, what)
    }

    /// Does some work as a certain member of staff.
    pub(crate) fn by<T>(
        &self,
        user: UserId,
        role: Role,
        now: &str,
        what: impl FnOnce(&Work) -> T,
    ) -> T {
        let _inside = self.runtime.enter();
        let now: Instant = now.parse().unwrap();
        what(&Work {
            store: self.store.clone(),
            login: Login {
                user,
                name: "Rita Example".into(),
                role,
                restricted: Vec::new(),
            },
            device: self.device.clone(),
            by_pin: false,
            now,
            today: london_date(now),
            desk: self.desk.clone(),
            saved: Mutex::default(),
            handed_over: AtomicBool::new(false),
        })
    }

    /// Registers the Beispiels: Testa, and Tim who has an allergy.
    pub(crate) fn beispiels(&self) -> FamilyId {
        self.does(Role::Reception, |work| register(work, beispiels()))
            .unwrap()
            .family
    }
}

pub(crate) fn user() -> UserId {
    UserId::make(1, [9; 10])
}

pub(crate) fn details() -> CountyDetails {
    CountyDetails {
        id: derive_county_details_id(),
        council: "Testshire County Council".into(),
        service: "Children's Centre Service".into(),
        data_protection_officer: "dpo@example.org".into(),
        regulator: "regulator.example.org".into(),
        privacy_statement: "example.org/privacy".into(),
        days_to_take_down: None,
    }
}

/// That the county approved a wording, as its record arrives.
pub(crate) fn approval(wording: &Wording) -> Change {
    let at = NOW.parse().unwrap();
    let approval = TextApproval::of_wording(wording, "the county".to_owned(), at);
    created(&approval, centre())
}

/// That the county approved a notice, as its record arrives.
pub(crate) fn approval_of_notice(notice: &Notice) -> Change {
    let at = NOW.parse().unwrap();
    let approval = TextApproval::of_notice(notice, "the county".to_owned(), at);
    created(&approval, centre())
}

/// A wording that the program brings.
pub(crate) fn wording(purpose: Purpose, language: &str) -> &'static Wording {
    let mut wordings = BUILT_IN.wordings.iter();
    wordings
        .find(|wording| wording.purpose == purpose && wording.language == language)
        .unwrap()
}

/// The newest short notice that the program brings.
pub(crate) fn short(language: &str) -> &'static Notice {
    let mut notices = BUILT_IN.notices.iter().rev();
    notices
        .find(|notice| notice.form == NoticeForm::Short && notice.language == language)
        .unwrap()
}

/// The short notice in English that is in force.
pub(crate) fn notice() -> NoticeSeen {
    let text = short("en").text_ref();
    NoticeSeen {
        notice: text.name,
        version: text.version,
        language: text.language,
        sha256: text.sha256,
    }
}

fn a_session(date: &str) -> Change {
    let session = Session {
        id: session_on(date),
        activity: play(),
        centre: centre(),
        venue: centre(),
        date: date.parse().unwrap(),
        starts_at: "09:30".parse().unwrap(),
        ends_at: "11:00".parse().unwrap(),
        places: Some(12),
    };
    created(&session, centre())
}

pub(crate) fn form(given_name: &str, family_name: &str, role: MemberRole) -> PersonForm {
    PersonForm {
        given_name: given_name.into(),
        family_name: family_name.into(),
        known_as: String::new(),
        birth_date: String::new(),
        due_date: String::new(),
        phone: String::new(),
        email: String::new(),
        nhs_number: String::new(),
        language: String::new(),
        allergies: String::new(),
        role,
        parental_responsibility: None,
    }
}

pub(crate) fn beispiels() -> RegistrationRequest {
    let testa = PersonForm {
        phone: "07700 900123".into(),
        ..form("Testa", "Beispiel", MemberRole::ParentCarer)
    };
    let tim = PersonForm {
        birth_date: "3/4/24".into(),
        allergies: "sesame".into(),
        ..form("Tim", "Beispiel", MemberRole::Child)
    };
    RegistrationRequest {
        adults: vec![testa],
        children: vec![tim],
        address: "1 Sample Way\nTestham".into(),
        postcode: "ng27qp".into(),
        no_fixed_address: false,
        note: String::new(),
        notice: Some(notice()),
        sign_in_to: None,
    }
}

/// The code of a refusal, and of the field that it is about.
pub(crate) fn why<T>(done: Result<T, Refusal>) -> (Code, Option<String>) {
    let refusal = done.err().unwrap();
    (refusal.code, refusal.field)
}
