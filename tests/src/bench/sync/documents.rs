//! The people of a centre, what happened to them, and photos: the same for Porch, floor and peer.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result};
use chrono::{NaiveDate, Utc};
use porch_domain::activity::Activity;
use porch_domain::attendance::{Attendance, Departure};
use porch_domain::bytes::{Bytes, Digest};
use porch_domain::catalogue::Record;
use porch_domain::centre::Centre;
use porch_domain::decision::{AtExpiry, Capacity, Decision, Help, Method, Purpose};
use porch_domain::family::Family;
use porch_domain::id::{
    AttendanceId, DecisionId, DepartureId, FamilyId, NoticeShownId, PersonId, PhotoId,
    RecordId as _, SessionId, UserId, derive_photo_subject_id,
};
use porch_domain::membership::Membership;
use porch_domain::notice::NoticeShown;
use porch_domain::person::Person;
use porch_domain::photo::{Photo, PhotoSubject};
use porch_domain::session::Session;
use porch_domain::text::FIRST_WORDING;
use porch_domain::time::Instant;
use serde_json::Value;
use uuid::Uuid;

use crate::county::{ImportRecord, Size, invent_sized};

const SEED: u64 = 2;
/// Bytes of a photo, and of its thumbnail.
pub(super) const PICTURE: usize = 120_000;
pub(super) const THUMBNAIL: usize = 4_000;

/// One centre's people, five events each.
pub(super) struct Documents {
    /// The centre.
    pub(super) centre: Uuid,
    /// Everybody, in the order in which they were registered.
    pub(super) people: Vec<Uuid>,
    /// A session that everybody might come to.
    pub(super) session: SessionId,
    /// All records; what rests on another one comes after it.
    pub(super) records: Vec<ImportRecord>,
    adults: Vec<PersonId>,
    homes: HashMap<Uuid, FamilyId>,
}

/// A photo of somebody who agreed to it, and their decision.
pub(super) struct Shot {
    pub(super) decision: Decision,
    pub(super) photo: Photo,
    pub(super) subject: PhotoSubject,
    pub(super) picture: Vec<u8>,
    pub(super) thumbnail: Vec<u8>,
}

fn morning(day: NaiveDate) -> Instant {
    Instant::from_unix_ms(
        day.and_time(chrono::NaiveTime::MIN)
            .and_utc()
            .timestamp_millis()
            + 34_200_000,
    )
}

fn today() -> NaiveDate {
    Utc::now().date_naive()
}

/// An id that is the same in every run.
fn id(what: &str, of: Uuid, number: usize) -> Uuid {
    Uuid::new_v5(&of, format!("bench:{what}:{number}").as_bytes())
}

fn user() -> UserId {
    Uuid::from_u128(0xbe).into()
}

/// Invents so many people.
pub(super) fn invent(people: usize) -> Result<Documents> {
    let size = Size {
        families: u32::try_from(people)?,
        days: 7,
    };
    let invented = invent_sized(SEED, today(), size);
    let centre = invented.centres.first().context("no centre")?.id;
    let mut documents = Documents {
        centre,
        people: Vec::new(),
        session: Uuid::nil().into(),
        records: Vec::new(),
        adults: Vec::new(),
        homes: HashMap::new(),
    };
    let mut sessions: Vec<SessionId> = Vec::new();
    for mut record in invented.records {
        match record.kind {
            Centre::KIND => {}
            Activity::KIND | Session::KIND if record.scope != Some(centre) => continue,
            Session::KIND => sessions.push(record.id.into()),
            Activity::KIND => {}
            // A family is whole: the last one may go beyond the number asked for.
            Family::KIND if documents.people.len() >= people => break,
            Family::KIND => {
                record
                    .fields
                    .insert("centre".to_owned(), centre.to_string().into());
                record.scope = Some(centre);
            }
            Person::KIND => {
                documents.people.push(record.id);
                record.scope = Some(centre);
            }
            Membership::KIND => {
                let (family, person) = (id_in(&record, "family")?, id_in(&record, "person")?);
                let is_first = documents.homes.insert(person, family.into()).is_none();
                // A child of two homes has two places, and so may have a parent.
                let is_adult = record.fields.get("role").and_then(Value::as_str) != Some("child");
                if is_first && is_adult {
                    documents.adults.push(person.into());
                }
                record.scope = Some(centre);
            }
            _ => continue,
        }
        documents.records.push(record);
    }
    documents.session = *sessions.last().context("no session")?;
    for (number, person) in documents.people.clone().into_iter().enumerate() {
        let home = documents.family_of(person).context("no home")?;
        let session = |visit: usize| {
            let at = (number * 7 + visit) % sessions.len();
            sessions.get(at).copied().context("no session")
        };
        documents.events(person, home, [session(0)?, session(1)?]);
    }
    Ok(documents)
}

fn id_in(record: &ImportRecord, field: &str) -> Result<Uuid> {
    let id = record.fields.get(field).and_then(Value::as_str);
    Ok(id.context("an id is missing")?.parse()?)
}

/// An arrival; also what a device writes when its pushes are counted.
pub(super) fn arrival(
    id: AttendanceId,
    session: SessionId,
    person: PersonId,
    family: FamilyId,
) -> Attendance {
    Attendance {
        id,
        session,
        person,
        family,
        arrived_at: morning(today()),
    }
}

impl Documents {
    /// A home of somebody.
    pub(super) fn family_of(&self, person: Uuid) -> Option<FamilyId> {
        self.homes.get(&person).copied()
    }

    fn put<R: Record>(&mut self, record: &R) {
        self.records.push(ImportRecord {
            kind: R::KIND,
            id: record.id().uuid(),
            scope: Some(self.centre),
            fields: record.to_fields(),
        });
    }

    /// They were shown the notice, came twice, and left twice.
    fn events(&mut self, person: Uuid, family: FamilyId, sessions: [SessionId; 2]) {
        let at = morning(today());
        self.put(&NoticeShown {
            id: NoticeShownId::from(id("notice", person, 0)),
            person: person.into(),
            notice: "norfolk-privacy".to_owned(),
            version: 1,
            language: "en".to_owned(),
            sha256: Digest::of(b"notice"),
            shown_at: at,
            shown_by: user(),
        });
        for (number, session) in sessions.into_iter().enumerate() {
            let attendance = AttendanceId::from(id("attendance", person, number));
            self.put(&arrival(attendance, session, person.into(), family));
            self.put(&Departure {
                id: DepartureId::from(id("departure", person, number)),
                attendance,
                left_at: Instant::from_unix_ms(at.unix_ms() + 7_200_000),
                collected_by: None,
            });
        }
    }

    /// A photo for a tenth of the people, each of an adult who decided for themselves.
    pub(super) fn shots(&self) -> impl Iterator<Item = Shot> + '_ {
        let photos = self.people.len() / 10;
        let adults = self.adults.iter().take(photos);
        adults.map(|adult| shot(*adult, self.centre))
    }
}

fn shot(adult: PersonId, centre: Uuid) -> Shot {
    let (person, at) = (adult.uuid(), morning(today()));
    let decision = Decision {
        id: DecisionId::from(id("decision", person, 0)),
        subject: adult,
        purpose: Purpose::PublicityPicture,
        granted: Purpose::PublicityPicture.channels(&[], &[]),
        refused: Vec::new(),
        decider: adult,
        capacity: Capacity::Own,
        authority: None,
        wording: "publicity_picture".to_owned(),
        wording_version: 1,
        wording_sha256: FIRST_WORDING,
        notice: "norfolk-privacy".to_owned(),
        notice_version: 1,
        notice_sha256: Digest::of(b"notice"),
        language: "en".to_owned(),
        help: Help::None,
        method: Method::SignedOnScreen,
        signature: Bytes(noise(person, 600)),
        witness: None,
        taken_by: user(),
        device: 1,
        centre: centre.into(),
        decided_at: at,
        valid_until: None,
        at_expiry: AtExpiry::NoNewUse,
        attribution: None,
        replaces: Vec::new(),
    };
    let photo = PhotoId::from(id("photo", person, 0));
    let (picture, thumbnail) = (noise(photo.uuid(), PICTURE), noise(person, THUMBNAIL));
    Shot {
        subject: PhotoSubject {
            id: derive_photo_subject_id(photo, adult),
            photo,
            person: adult,
            decision: decision.id,
        },
        photo: Photo {
            id: photo,
            session: None,
            taken_at: at,
            stored_at: at,
            taken_by: user(),
            caption: None,
            public_place: None,
            subject_count: 1,
            sha256: Digest::of(&picture),
            media_type: "image/jpeg".to_owned(),
            width: 1600,
            height: 1200,
            bytes: u32::try_from(picture.len()).unwrap_or(u32::MAX),
            thumbnail_bytes: u32::try_from(thumbnail.len()).unwrap_or(u32::MAX),
            thumbnail_sha256: Digest::of(&thumbnail),
        },
        decision,
        picture,
        thumbnail,
    }
}

/// Bytes that do not compress, as a JPEG's do not; the same in every run (splitmix64).
fn noise(seed: Uuid, length: usize) -> Vec<u8> {
    let (mut state, _) = seed.as_u64_pair();
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bytes.extend_from_slice(&(word ^ (word >> 31)).to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

impl Shot {
    /// Its records with their kinds and ids.
    pub(super) fn records(&self) -> [(&'static str, Uuid, BTreeMap<String, Value>); 3] {
        [
            (
                Decision::KIND,
                self.decision.id.uuid(),
                self.decision.to_fields(),
            ),
            (
                PhotoSubject::KIND,
                self.subject.id.uuid(),
                self.subject.to_fields(),
            ),
            (Photo::KIND, self.photo.id.uuid(), self.photo.to_fields()),
        ]
    }
}
