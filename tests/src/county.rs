//! An invented county: three centres, two village halls, and families with the variety of real
//! ones. The same seed and first day give the same county, to the byte.
//!
//! Nobody in it exists, and a machine can tell: family names are words for "example" in many
//! languages, phone numbers are Ofcom's for drama, NHS numbers are from the range 999 that is
//! never given out, e-mail addresses are of example.org (RFC 2606).

mod names;
mod random;

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveTime};
use porch_domain::activity::Activity;
use porch_domain::attendance::{Attendance, Departure};
use porch_domain::catalogue::Record;
use porch_domain::centre::{Centre, PlaceKind};
use porch_domain::family::Family;
use porch_domain::id::{RecordId as _, derive_session_id};
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::nhs_number::NhsNumber;
use porch_domain::person::Person;
use porch_domain::session::Session;
use porch_domain::time::{Instant, TimeOfDay};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use names::ORIGINS;
use random::Random;

/// A county, in the form that `porch-county import` reads.
#[derive(Debug, Serialize)]
pub struct InventedCounty {
    /// Its records; what rests on another record comes after it.
    pub records: Vec<ImportRecord>,
    /// Its centres (not the halls), the first being the demo's.
    #[serde(skip)]
    pub centres: Vec<InventedCentre>,
}

/// A centre.
#[derive(Clone, Debug)]
pub struct InventedCentre {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// A record to import.
#[derive(Clone, Debug, Serialize)]
pub struct ImportRecord {
    /// Its kind.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
    /// The centre that holds it; none for the county's reference data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Uuid>,
    /// Its fields.
    pub fields: BTreeMap<String, Value>,
}

/// How large a county to invent.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Families in all centres together.
    pub families: u32,
    /// Days of sessions from the first day on.
    pub days: u64,
}

/// The demo's size.
pub const DEMO: Size = Size {
    families: 2_000,
    days: 400,
};

const WEEKS_BACK: u64 = 3;
const CENTRES: [&str; 3] = ["Larkfield", "Millbrook", "Stonebridge"];
const HALLS: [(&str, usize); 2] = [
    ("Little Fenton village hall", 0),
    ("Upper Wick village hall", 2),
];
/// What each centre offers: name, from, to (hours and minutes), days of the week from Monday, places,
/// never photographed, children stay without their parents.
const OFFERS: [Offer; 6] = [
    Offer {
        name: "Stay and Play",
        from: (9, 30),
        to: (11, 30),
        days: [true; 7],
        places: Some(40),
        private: false,
        drop_off: false,
    },
    Offer {
        name: "Baby Massage",
        from: (10, 0),
        to: (11, 0),
        days: [true, false, false, true, false, false, false],
        places: Some(10),
        private: false,
        drop_off: false,
    },
    Offer {
        name: "Messy Play",
        from: (13, 0),
        to: (14, 30),
        days: [false, true, false, true, false, true, false],
        places: Some(20),
        private: false,
        drop_off: false,
    },
    Offer {
        name: "Crèche",
        from: (12, 30),
        to: (15, 0),
        days: [true, false, true, false, true, false, false],
        places: Some(12),
        private: false,
        drop_off: true,
    },
    Offer {
        name: "New Start recovery group",
        from: (18, 0),
        to: (19, 30),
        days: [false, true, false, false, false, false, false],
        places: None,
        private: true,
        drop_off: false,
    },
    Offer {
        name: "Open door",
        from: (8, 0),
        to: (20, 0),
        days: [true; 7],
        places: None,
        private: false,
        drop_off: false,
    },
];

struct Offer {
    name: &'static str,
    from: (u32, u32),
    to: (u32, u32),
    days: [bool; 7],
    places: Option<u32>,
    private: bool,
    drop_off: bool,
}

/// Invents the demo's county.
#[must_use]
pub fn invent(seed: u64, first_day: NaiveDate) -> InventedCounty {
    invent_sized(seed, first_day, DEMO)
}

/// Invents a county of any size.
#[must_use]
pub fn invent_sized(seed: u64, first_day: NaiveDate, size: Size) -> InventedCounty {
    let mut maker = Maker {
        random: Random::new(seed),
        seed,
        count: 0,
        first_day,
        records: Vec::new(),
    };
    let centres = maker.places();
    let sessions: Vec<_> = centres
        .iter()
        .map(|centre| maker.sessions(centre, size.days))
        .collect();
    for number in 0..size.families as usize {
        let at = number % centres.len();
        if let (Some(centre), Some(past)) = (centres.get(at), sessions.get(at)) {
            maker.family(centre.id, past);
        }
    }
    InventedCounty {
        records: maker.records,
        centres: centres
            .into_iter()
            .map(|centre| InventedCentre {
                id: centre.id,
                name: centre.name,
            })
            .collect(),
    }
}

struct CentreAndHall {
    id: Uuid,
    name: String,
    hall: Option<Uuid>,
}

/// A session that lies before the first day.
struct PastSession {
    id: porch_domain::id::SessionId,
    from: Instant,
    to: Instant,
}

struct Maker {
    random: Random,
    seed: u64,
    count: u64,
    first_day: NaiveDate,
    records: Vec<ImportRecord>,
}

/// A member of a family to be made.
struct Member {
    person: Person,
    role: MemberRole,
    responsible: Option<bool>,
}

impl Maker {
    fn id<I: From<Uuid>>(&mut self) -> I {
        self.count += 1;
        Uuid::new_v5(
            &Uuid::NAMESPACE_URL,
            format!("porch:invented:{}:{}", self.seed, self.count).as_bytes(),
        )
        .into()
    }

    fn put<R: Record>(&mut self, scope: Option<Uuid>, record: &R) {
        self.records.push(ImportRecord {
            kind: R::KIND,
            id: record.id().uuid(),
            scope,
            fields: record.to_fields(),
        });
    }

    fn places(&mut self) -> Vec<CentreAndHall> {
        let mut centres = Vec::new();
        for (number, name) in CENTRES.into_iter().enumerate() {
            let name = format!("{name} Children's Centre");
            let centre = Centre {
                id: self.id(),
                name: name.clone(),
                kind: PlaceKind::Centre,
                parent: None,
            };
            self.put(None, &centre);
            let hall = HALLS
                .iter()
                .find(|(_, parent)| *parent == number)
                .map(|(hall, _)| {
                    let hall = Centre {
                        id: self.id(),
                        name: (*hall).to_owned(),
                        kind: PlaceKind::Venue,
                        parent: Some(centre.id),
                    };
                    self.put(None, &hall);
                    hall.id.into()
                });
            centres.push(CentreAndHall {
                id: centre.id.into(),
                name,
                hall,
            });
        }
        centres
    }

    fn sessions(&mut self, centre: &CentreAndHall, days: u64) -> Vec<PastSession> {
        let mut past = Vec::new();
        for offer in &OFFERS {
            let activity = Activity {
                id: self.id(),
                centre: centre.id.into(),
                name: offer.name.to_owned(),
                never_photograph: offer.private,
                drop_off: offer.drop_off,
            };
            self.put(Some(centre.id), &activity);
            let start = self.first_day - Days::new(7 * WEEKS_BACK);
            for date in start
                .iter_days()
                .take(usize::try_from(days + 7 * WEEKS_BACK).unwrap_or(usize::MAX))
            {
                if offer
                    .days
                    .get(date.weekday().num_days_from_monday() as usize)
                    != Some(&true)
                {
                    continue;
                }
                // The hall has its Stay and Play on Wednesdays.
                let in_hall =
                    offer.name == "Stay and Play" && date.weekday() == chrono::Weekday::Wed;
                let session = Session {
                    id: derive_session_id(activity.id, date),
                    activity: activity.id,
                    centre: centre.id.into(),
                    venue: centre.hall.filter(|_| in_hall).unwrap_or(centre.id).into(),
                    date,
                    starts_at: time(offer.from),
                    ends_at: time(offer.to),
                    places: offer.places,
                };
                self.put(Some(centre.id), &session);
                if date < self.first_day && !offer.private {
                    past.push(PastSession {
                        id: session.id,
                        from: at(date, offer.from),
                        to: at(date, offer.to),
                    });
                }
            }
        }
        past
    }

    fn family(&mut self, scope: Uuid, past: &[PastSession]) {
        let origin = self.random.pick(ORIGINS);
        let family_name = *self.random.pick(origin.family_names);
        let second = self.random.pick(ORIGINS);
        let no_fixed_address = self.random.chance(1, 60);
        let family = Family {
            id: self.id(),
            centre: scope.into(),
            name: None,
            address: (!no_fixed_address && !self.random.chance(1, 25)).then(|| {
                let number = self.random.below(180) + 1;
                format!("{number} {}", self.random.pick(names::STREETS))
            }),
            // NG99 is no postcode district; ZZ99 3VZ is the NHS's for no fixed abode.
            postcode: if no_fixed_address {
                "ZZ99 3VZ".parse().ok()
            } else {
                format!(
                    "NG99 {}{}",
                    self.random.below(9) + 1,
                    self.random.pick(&["AA", "BD", "EX", "JN", "TP", "XW"])
                )
                .parse()
                .ok()
            },
            no_fixed_address,
            protected: self.random.chance(1, 200),
            note: None,
        };
        let mut members = Vec::new();
        // Who looks after the children: two parents, one, a grandparent, or one who expects.
        let (carers, expecting) = match self.random.below(20) {
            0..=10 => (2, false),
            11..=16 => (1, false),
            17 | 18 => (1, true),
            _ => (0, false),
        };
        for number in 0..carers {
            let own_name = if number == 1 && self.random.chance(1, 3) {
                self.random.pick(second.family_names)
            } else {
                family_name
            };
            let given = self.random.pick(origin.given_names);
            let age = 19 + self.random.below(24);
            let mut person = self.person(given, own_name, Some(age), true);
            let role = if expecting {
                person.due_date = self
                    .first_day
                    .checked_add_days(Days::new(u64::from(self.random.below(200)) + 5));
                MemberRole::ExpectantParent
            } else {
                MemberRole::ParentCarer
            };
            members.push(Member {
                person,
                role,
                responsible: Some(true),
            });
        }
        if carers == 0 || self.random.chance(1, 12) {
            let given = self.random.pick(origin.given_names);
            let age = 50 + self.random.below(25);
            let person = self.person(given, family_name, Some(age), true);
            members.push(Member {
                person,
                role: MemberRole::Grandparent,
                responsible: Some(false),
            });
        }
        let children = if expecting {
            self.random.below(2)
        } else {
            1 + self.random.below(3)
        };
        let twins = children > 1 && self.random.chance(1, 10);
        let mut born = None;
        for number in 0..children {
            let given = self.random.pick(origin.given_names);
            let mut person = self.person(given, family_name, None, false);
            if twins && number == 1 {
                person.birth_date = born;
            } else if !self.random.chance(1, 30) {
                person.birth_date = self
                    .first_day
                    .checked_sub_days(Days::new(u64::from(self.random.below(5 * 365)) + 10));
            }
            born = person.birth_date;
            if self.random.chance(1, 15) {
                person.allergies = Some((*self.random.pick(names::ALLERGIES)).to_owned());
            }
            members.push(Member {
                person,
                role: MemberRole::Child,
                responsible: None,
            });
        }
        self.put_family(scope, &family, &members, past);
        // A child of two homes: a second family with the other parent.
        if carers == 2 && children > 0 && self.random.chance(1, 25) {
            self.second_home(scope, &members);
        }
    }

    fn put_family(
        &mut self,
        scope: Uuid,
        family: &Family,
        members: &[Member],
        past: &[PastSession],
    ) {
        self.put(Some(scope), family);
        for member in members {
            self.put(Some(scope), &member.person);
            let membership = Membership {
                id: self.id(),
                family: family.id,
                person: member.person.id,
                role: member.role,
                parental_responsibility: member.responsible,
                ended_on: None,
            };
            self.put(Some(scope), &membership);
        }
        if past.is_empty() || !self.random.chance(2, 5) {
            return;
        }
        let session = self.random.pick(past);
        let (session, from, to) = (session.id, session.from, session.to);
        for member in members {
            let attendance = Attendance {
                id: self.id(),
                session,
                person: member.person.id,
                family: family.id,
                arrived_at: from,
            };
            self.put(Some(scope), &attendance);
            let departure = Departure {
                id: self.id(),
                attendance: attendance.id,
                left_at: to,
                collected_by: None,
            };
            self.put(Some(scope), &departure);
        }
    }

    fn second_home(&mut self, scope: Uuid, members: &[Member]) {
        let home = Family {
            id: self.id(),
            centre: scope.into(),
            name: None,
            address: Some(format!(
                "{} {}",
                self.random.below(90) + 1,
                self.random.pick(names::STREETS)
            )),
            postcode: "NG99 7TP".parse().ok(),
            no_fixed_address: false,
            protected: false,
            note: None,
        };
        self.put(Some(scope), &home);
        let moved: Vec<_> = members
            .iter()
            .enumerate()
            .filter(|(number, member)| *number == 1 || member.role == MemberRole::Child)
            .map(|(_, member)| (member.person.id, member.role, member.responsible))
            .collect();
        for (person, role, parental_responsibility) in moved {
            let membership = Membership {
                id: self.id(),
                family: home.id,
                person,
                role,
                parental_responsibility,
                ended_on: None,
            };
            self.put(Some(scope), &membership);
        }
    }

    fn person(&mut self, given: &str, family_name: &str, age: Option<u32>, adult: bool) -> Person {
        let number = self.random.below(1_000);
        let phone = match self.random.below(10) {
            0 => None,
            1 | 2 => Some(format!("01632960{number:03}")),
            _ => Some(format!("07700900{number:03}")),
        };
        let months = age.map(|years| years * 12 + self.random.below(12));
        Person {
            id: self.id(),
            given_name: Some(given.to_owned()),
            family_name: Some(family_name.to_owned()),
            known_as: None,
            birth_date: months
                .filter(|_| self.random.chance(2, 3))
                .and_then(|months| self.first_day.checked_sub_months(Months::new(months))),
            due_date: None,
            gender: None,
            nhs_number: if self.random.chance(1, 4) {
                nhs_number(&mut self.random)
            } else {
                None
            },
            phone: phone.filter(|_| adult),
            email: (adult && self.random.chance(1, 3))
                .then(|| format!("parent{number}@example.org")),
            language: None,
            allergies: None,
            staff: false,
        }
    }
}

/// A number of the range 999, which is never given to anybody, with its check digit.
fn nhs_number(random: &mut Random) -> Option<NhsNumber> {
    let stem = format!("999{:06}", random.below(1_000_000));
    (0..=9).find_map(|check| NhsNumber::parse(&format!("{stem}{check}")).ok())
}

fn time((hour, minute): (u32, u32)) -> TimeOfDay {
    TimeOfDay::new(hour, minute).unwrap_or_else(|| unreachable!("the offers' times are times"))
}

/// In winter London's time is UTC; a summer's hour does not matter here.
fn at(date: NaiveDate, (hour, minute): (u32, u32)) -> Instant {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    Instant::from_unix_ms(date.and_time(time).and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_county() {
        let small = Size {
            families: 40,
            days: 10,
        };
        let json = |seed| serde_json::to_string(&invent_sized(seed, day(), small)).unwrap();
        assert_eq!(json(7), json(7));
        assert_ne!(json(7), json(8));
    }

    #[test]
    fn a_county_has_the_variety_of_a_real_one() {
        let county = invent(1, day());
        let of = |kind: &'static str| {
            county
                .records
                .iter()
                .filter(move |record| record.kind == kind)
        };
        assert_eq!(county.centres.len(), 3);
        assert_eq!(of("centre").count(), 5, "three centres and two halls");
        assert!(of("family").count() >= 2_000);
        assert!(of("family").any(|family| family.fields["no_fixed_address"] == true));
        assert!(of("membership").any(|membership| membership.fields["role"] == "grandparent"));
        assert!(of("membership").any(|membership| membership.fields["role"] == "expectant_parent"));
        assert!(of("person").any(|person| person.fields["birth_date"].is_null()));
        let phones = || of("person").filter_map(|person| person.fields["phone"].as_str());
        assert!(
            phones().all(|phone| phone.starts_with("07700900") || phone.starts_with("01632960"))
        );
        assert!(of("session").any(|session| session.fields["date"] == "2026-11-23"));
    }
}
