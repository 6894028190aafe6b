//! An invented county: three centres, two village halls, and families with the variety of real
//! ones. The same seed and first day give the same county, to the byte.
//!
//! Nobody in it exists, and a machine can tell: family names are words for "example" in many
//! languages, phone numbers are Ofcom's for drama, NHS numbers are from the range 999 that is
//! never given out, e-mail addresses are of example.org (RFC 2606).

mod families;
mod names;

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, NaiveDate, NaiveTime};
use porch_domain::activity::Activity;
use porch_domain::catalogue::Record;
use porch_domain::centre::{Centre, PlaceKind};
use porch_domain::county::CountyDetails;
use porch_domain::id::{RecordId as _, derive_county_details_id, derive_session_id};
use porch_domain::session::Session;
use porch_domain::text::{BUILT_IN, TextApproval};
use porch_domain::time::{Instant, TimeOfDay};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::random::Random;

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
    maker.texts();
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

    /// What the county calls its own, and that it approved the newest of each text in English.
    fn texts(&mut self) {
        self.put(
            None,
            &CountyDetails {
                id: derive_county_details_id(),
                council: "Fenshire County Council".into(),
                service: "Children's Centre Service".into(),
                data_protection_officer: "Data Protection Officer\nFenshire County Council\n1 Sample Way\ndpo@example.org".into(),
                regulator: "https://ico.org.uk".into(),
                privacy_statement: "https://fenshire.example.org/privacy".into(),
                days_to_take_down: None,
            },
        );
        // Long ago: what a test approves today comes after it, whatever the time of day.
        let approved_at = at(self.first_day - Days::new(30), (8, 0));
        let by = || "Information governance, Fenshire".to_owned();
        let wordings = BUILT_IN
            .wordings
            .iter()
            .filter(|text| text.language == "en")
            .map(|text| TextApproval::of_wording(text, by(), approved_at));
        let notices = BUILT_IN
            .notices
            .iter()
            .filter(|text| text.language == "en")
            .map(|text| TextApproval::of_notice(text, by(), approved_at));
        let newest: BTreeMap<_, _> = wordings
            .chain(notices)
            .map(|approval| ((approval.kind, approval.name.clone()), approval))
            .collect();
        for approval in newest.values() {
            self.put(None, approval);
        }
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
