//! Who belongs, who came and who is here, told with the Beispiel family.

use porch_domain::activity::Activity;
use porch_domain::attendance::{Attendance, AttendanceVoid, Departure};
use porch_domain::catalogue::Record;
use porch_domain::centre::{Centre, PlaceKind};
use porch_domain::family::Family;
use porch_domain::id::{
    ActivityId, AttendanceEventId, AttendanceId, AttendanceVoidId, DepartureId, RecordId as _,
    SessionId, UserId, derive_session_id,
};
use porch_domain::membership::Membership;
use porch_domain::person::Person;
use porch_domain::session::Session;
use porch_sync::{DeviceNumber, Hlc, Stamped, Version};
use tempfile::TempDir;

use super::*;
use crate::attendance::{CAME_ON, EXPECTED_AT, HERE_ON, IS_HERE, LAST_ARRIVAL, VISITS_OF};
use crate::draft::DraftRow;
use crate::open::Store;
use crate::scratch;
use crate::session::SESSIONS_ON;

const TODAY: &str = "2026-11-23";

fn today() -> NaiveDate {
    TODAY.parse().unwrap()
}

struct Desk {
    _home: TempDir,
    store: Store,
}

fn centre() -> CentreId {
    CentreId::make(1, [1; 10])
}

fn beispiel() -> FamilyId {
    FamilyId::make(1, [2; 10])
}

fn testa() -> PersonId {
    PersonId::make(1, [3; 10])
}

fn tim() -> PersonId {
    PersonId::make(1, [4; 10])
}

fn play() -> ActivityId {
    ActivityId::make(1, [5; 10])
}

fn session_on(date: &str) -> SessionId {
    derive_session_id(play(), date.parse().unwrap())
}

impl Desk {
    /// Testa and Tim Beispiel, and a group for stay and play today.
    fn open() -> Self {
        let (home, store) = scratch::store();
        let desk = Self { _home: home, store };
        desk.put(&Centre {
            id: centre(),
            name: "Harbour".into(),
            kind: PlaceKind::Centre,
            parent: None,
        });
        desk.put(&Activity {
            id: play(),
            centre: centre(),
            name: "Stay and play".into(),
            never_photograph: false,
            drop_off: false,
        });
        desk.session(TODAY);
        desk.put(&Family {
            id: beispiel(),
            centre: centre(),
            name: None,
            address: None,
            postcode: None,
            no_fixed_address: false,
            protected: false,
            note: None,
        });
        desk.person(testa(), "Testa", None, MemberRole::ParentCarer);
        desk.person(tim(), "Tim", Some("2024-04-03"), MemberRole::Child);
        desk
    }

    fn put<R: Record>(&self, record: &R) {
        let version = Version {
            clock: Hlc::at(1),
            device: DeviceNumber(1),
            sequence: 1,
        };
        let fields = record.to_fields().into_iter();
        let fields = fields
            .map(|(name, value)| (name, Stamped { value, version }))
            .collect();
        let row = porch_sync::Row {
            kind: R::KIND.to_owned(),
            id: record.id().uuid(),
            fields,
        };
        self.store.write(|write| write.put_row(&row)).unwrap();
    }

    fn session(&self, date: &str) {
        self.put(&Session {
            id: session_on(date),
            activity: play(),
            centre: centre(),
            venue: centre(),
            date: date.parse().unwrap(),
            starts_at: "09:30".parse().unwrap(),
            ends_at: "11:00".parse().unwrap(),
            places: Some(12),
        });
    }

    fn person(&self, id: PersonId, given_name: &str, born: Option<&str>, role: MemberRole) {
        self.put(&Person {
            id,
            given_name: Some(given_name.into()),
            family_name: Some("Beispiel".into()),
            known_as: None,
            birth_date: born.map(|born| born.parse().unwrap()),
            due_date: None,
            gender: None,
            nhs_number: None,
            phone: (role == MemberRole::ParentCarer).then(|| "07700900123".into()),
            email: None,
            language: None,
            allergies: (role == MemberRole::Child).then(|| "sesame".into()),
            staff: false,
        });
        self.put(&Membership {
            id: MembershipId::from(id.uuid()),
            family: beispiel(),
            person: id,
            role,
            parental_responsibility: None,
            ended_on: None,
        });
    }

    fn arrive(&self, n: u8, person: PersonId, date: &str) -> AttendanceId {
        let id = AttendanceId::make(1, [n; 10]);
        let arrived_at = format!("{date}T09:{n:02}:00.000Z").parse().unwrap();
        self.put(&Attendance {
            id,
            session: session_on(date),
            person,
            family: beispiel(),
            arrived_at,
        });
        id
    }

    fn leave(&self, n: u8, attendance: AttendanceId) -> DepartureId {
        let id = DepartureId::make(2, [n; 10]);
        let left_at = format!("{TODAY}T10:{n:02}:00.000Z").parse().unwrap();
        self.put(&Departure {
            id,
            attendance,
            left_at,
            collected_by: None,
        });
        id
    }

    fn void(&self, n: u8, event: impl Into<uuid::Uuid>) {
        let event = AttendanceEventId::from(event.into());
        let voided_at = format!("{TODAY}T10:30:00.000Z").parse().unwrap();
        self.put(&AttendanceVoid {
            id: AttendanceVoidId::make(1, [n; 10]),
            event,
            voided_at,
        });
    }

    fn read<T>(&self, work: impl FnOnce(&Read<'_>) -> Result<T, StoreError>) -> T {
        self.store.read(work).unwrap()
    }

    fn here(&self) -> Vec<PersonId> {
        let mut here: Vec<PersonId> = self
            .read(|read| read.here_on(today(), true))
            .into_keys()
            .collect();
        here.sort();
        for person in [testa(), tim()] {
            let is_here = self.read(|read| read.is_here(person, today(), true));
            assert_eq!(
                is_here,
                here.contains(&person),
                "asked about one or about all"
            );
        }
        here
    }
}

#[test]
fn somebody_is_here_until_they_leave_and_again_when_that_is_undone() {
    let desk = Desk::open();
    let testa_came = desk.arrive(1, testa(), TODAY);
    let tim_came = desk.arrive(2, tim(), TODAY);
    assert_eq!(desk.here(), [testa(), tim()]);
    let left = desk.leave(1, testa_came);
    assert_eq!(desk.here(), [tim()], "gone");
    desk.void(1, left);
    assert_eq!(desk.here(), [testa(), tim()], "the departure was a mistake");
    desk.void(2, tim_came);
    assert_eq!(desk.here(), [testa()], "the arrival was a mistake");
    let came = desk.read(|read| read.came_on(today()));
    assert_eq!(
        came.iter().map(|came| came.who.person).collect::<Vec<_>>(),
        [testa()],
        "and counts no more"
    );
    assert!(desk.read(|read| read.is_attendance_void(AttendanceEventId::from(tim_came.uuid()))));
}

#[test]
fn who_has_left_still_came() {
    let desk = Desk::open();
    let came = desk.arrive(1, tim(), TODAY);
    desk.leave(1, came);
    let came = desk.read(|read| read.came_on(today()));
    let [tim] = came.as_slice() else {
        panic!("one came")
    };
    assert!(!tim.here && tim.who.allergy);
    assert_eq!(tim.who.role, Some(MemberRole::Child));
}

#[test]
fn another_day_s_visit_is_no_presence() {
    let desk = Desk::open();
    desk.session("2026-11-16");
    desk.arrive(1, tim(), "2026-11-16");
    assert!(desk.here().is_empty());
    let visits = desk.read(|read| read.visits_of(beispiel(), 10));
    let [visit] = visits.as_slice() else {
        panic!("one visit")
    };
    assert_eq!(visit.date, Some("2026-11-16".parse().unwrap()));
    assert_eq!(visit.activity_name.as_deref(), Some("Stay and play"));
    let last = desk.read(|read| read.last_arrival(beispiel()));
    assert_eq!(last, Some(visit.arrived_at));
}

#[test]
fn members_come_grown_ups_first_and_those_who_left_the_family_not_at_all() {
    let desk = Desk::open();
    let (marta, ola) = (PersonId::make(1, [7; 10]), PersonId::make(1, [8; 10]));
    desk.person(marta, "Marta", None, MemberRole::EmergencyContact);
    desk.person(ola, "Ola", Some("2022-01-01"), MemberRole::Child);
    let people = |desk: &Desk| -> Vec<PersonId> {
        desk.read(|read| read.members_of(beispiel(), today()))
            .into_iter()
            .map(|member| member.person)
            .collect()
    };
    assert_eq!(people(&desk), [testa(), ola, tim(), marta]);
    desk.put(&Membership {
        id: MembershipId::from(ola.uuid()),
        family: beispiel(),
        person: ola,
        role: MemberRole::Child,
        parental_responsibility: None,
        ended_on: Some("2026-11-01".parse().unwrap()),
    });
    assert_eq!(people(&desk), [testa(), tim(), marta]);
    assert!(desk.read(|read| read.families_of(ola, today())).is_empty());
    assert_eq!(
        desk.read(|read| read.families_of(tim(), today())),
        [(beispiel(), false)]
    );
}

#[test]
fn a_family_that_has_not_arrived_is_taken_for_a_hidden_one() {
    let desk = Desk::open();
    let unknown = FamilyId::make(1, [9; 10]);
    let belongs = |n: u8, person: PersonId| {
        desk.put(&Membership {
            id: MembershipId::make(2, [n; 10]),
            family: unknown,
            person,
            role: MemberRole::ParentCarer,
            parental_responsibility: None,
            ended_on: None,
        });
    };
    let hidden = |person| desk.read(|read| read.is_hidden(person, today()));
    let marta = PersonId::make(1, [7; 10]);
    assert!(!hidden(marta), "whoever is in no family is staff");
    belongs(1, marta);
    belongs(2, tim());
    assert!(hidden(marta));
    assert!(!hidden(tim()), "he has another home");
    assert_eq!(
        desk.read(|read| read.families_of(marta, today())),
        [(unknown, true)]
    );
    desk.put(&Attendance {
        id: AttendanceId::make(1, [1; 10]),
        session: session_on(TODAY),
        person: tim(),
        family: unknown,
        arrived_at: format!("{TODAY}T09:30:00.000Z").parse().unwrap(),
    });
    let here = |hidden| desk.read(|read| read.is_here(tim(), today(), hidden));
    assert!(here(true) && !here(false));
    let all = |hidden| desk.read(|read| read.here_on(today(), hidden)).len();
    assert_eq!((all(true), all(false)), (1, 0));
    assert!(desk.read(|read| read.came_on(today()))[0].protected);
}

#[test]
fn lines_are_marked_with_what_needs_attention() {
    let desk = Desk::open();
    let marks = desk.read(|read| read.person_marks(tim()));
    assert_eq!(
        marks,
        PersonMarks {
            allergy: true,
            no_photos: false,
            in_conflict: false
        },
        "nobody was asked"
    );
    let line = desk.read(|read| read.family_line(beispiel())).unwrap();
    assert!(!line.address_known && !line.in_conflict && !line.has_note);
    assert!(
        desk.read(|read| read.family_line(FamilyId::make(9, [9; 10])))
            .is_none()
    );
}

#[test]
fn a_newcomer_is_looked_for_by_number_phone_and_birth() {
    let desk = Desk::open();
    let born = Some("2024-04-03".parse().unwrap());
    assert_eq!(
        desk.read(|read| read.people_like(None, None, born)),
        [tim()]
    );
    assert_eq!(
        desk.read(|read| read.people_like(None, Some("07700900123"), None)),
        [testa()]
    );
    assert!(
        desk.read(|read| read.people_like(None, None, None))
            .is_empty(),
        "what is not known is like nobody's"
    );
}

#[test]
fn the_day_s_sessions_are_those_of_the_centre() {
    let desk = Desk::open();
    let sessions = desk.read(|read| read.sessions_on(today(), centre()));
    let [session] = sessions.as_slice() else {
        panic!("one session")
    };
    assert_eq!(
        (session.activity_name.as_str(), session.venue_name.as_str()),
        ("Stay and play", "Harbour")
    );
    assert!(
        desk.read(|read| read.sessions_on(today(), CentreId::make(2, [2; 10])))
            .is_empty()
    );
}

#[test]
fn a_draft_is_kept_for_its_user_and_replaced() {
    let desk = Desk::open();
    let (one, other) = (UserId::make(1, [1; 10]), UserId::make(1, [2; 10]));
    let draft = |body: &str| DraftRow {
        body: body.into(),
        saved_at: Instant::from_unix_ms(5),
    };
    desk.store
        .write(|write| write.put_draft(one, "registration", &draft("Test")))
        .unwrap();
    desk.store
        .write(|write| write.put_draft(one, "registration", &draft("Testa")))
        .unwrap();
    assert!(desk.read(|read| read.draft(one, "registration")) == Some(draft("Testa")));
    assert!(
        desk.read(|read| read.draft(other, "registration"))
            .is_none()
    );
    desk.store
        .write(|write| write.delete_draft(one, "registration"))
        .unwrap();
    assert!(desk.read(|read| read.draft(one, "registration")).is_none());
}

impl Desk {
    fn plan(&self, sql: &str) -> Vec<String> {
        self.read(|read| {
            let mut explain = read
                .connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let given = vec!["x"; explain.parameter_count()];
            let steps = explain.query_map(rusqlite::params_from_iter(given), |row| row.get(3))?;
            Ok(steps.collect::<Result<_, _>>()?)
        })
    }
}

#[test]
fn hot_queries_use_their_indexes() {
    let desk = Desk::open();
    let hot = [
        CAME_ON,
        HERE_ON,
        EXPECTED_AT,
        IS_HERE,
        VISITS_OF,
        LAST_ARRIVAL,
        SESSIONS_ON,
        MEMBERS_OF,
        FAMILIES_OF,
        IS_HIDDEN,
        FAMILY_LINE,
        PERSON_MARKS,
        NOTICES_OF,
        LIKE_A_NEWCOMER,
    ];
    for sql in hot {
        let plan = desk.plan(sql);
        assert!(
            plan.iter().any(|step| step.starts_with("SEARCH")),
            "{plan:?} of {sql}"
        );
        // What is inside a JSON value is always walked through.
        let walks = |step: &&String| {
            step.starts_with("SCAN")
                && !step.contains("VIRTUAL TABLE")
                && step.as_str() != "SCAN CONSTANT ROW"
        };
        assert_eq!(plan.iter().find(walks), None, "{sql}");
    }
    for sql in [VISITS_OF, LAST_ARRIVAL] {
        let sorts = desk.plan(sql).iter().any(|step| step.contains("ORDER BY"));
        assert!(!sorts, "the latest come in the index's own order: {sql}");
    }
}
