//! Random histories through both forms of the rule: the views and triggers of the store, and
//! `porch_domain::consent`. After every record that arrives, in whatever order, both must say the
//! same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Duration;
use porch_domain::authority::{Authority, AuthorityEnd, EndKind, Ground};
use porch_domain::catalogue::Record;
use porch_domain::consent::{Fate, Ledger, LedgerEntry, check_decision};
use porch_domain::decision::{Capacity, Decision, Method, Purpose};
use porch_domain::id::{DecisionId, MembershipId, PersonId, PhotoId};
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::person::Person;
use porch_domain::photo::{Photo, PhotoSubject};
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Withdrawal, WithdrawalHow};
use proptest::prelude::*;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, params};

use super::sample::{
    CHANNELS, NOW, PICTURE, authority, authority_id, decision, decision_id, end, halina, idris,
    in_photo, maja, pawel, person, photo, photo_id, place, put, put_pictures, withdrawal, zofia,
};
use crate::access::Write;
use crate::error::StoreError;
use crate::migrate;

const AUTHORITIES: u8 = 5;
const DECISIONS: u8 = 6;
const PHOTOS: u8 = 3;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const PURPOSES: [Purpose; 2] = [PICTURE, Purpose::PublicityQuote];

#[derive(Clone)]
enum Arrival {
    Authority(Authority),
    End(AuthorityEnd),
    Decision(Box<Decision>),
    Withdrawal(Withdrawal),
    Photo(Photo),
    Subject(PhotoSubject),
    Person(Box<Person>),
    Place(Membership),
}

/// Records hide their values; what is invented may be shown.
impl std::fmt::Debug for Arrival {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, fields) = match self {
            Self::Authority(record) => (Authority::KIND, record.to_fields()),
            Self::End(record) => (AuthorityEnd::KIND, record.to_fields()),
            Self::Decision(record) => (Decision::KIND, record.to_fields()),
            Self::Withdrawal(record) => (Withdrawal::KIND, record.to_fields()),
            Self::Photo(record) => (Photo::KIND, record.to_fields()),
            Self::Subject(record) => (PhotoSubject::KIND, record.to_fields()),
            Self::Person(record) => (Person::KIND, record.to_fields()),
            Self::Place(record) => (Membership::KIND, record.to_fields()),
        };
        write!(f, "{kind} {}", serde_json::to_string(&fields).unwrap())
    }
}

fn subject() -> impl Strategy<Value = PersonId> {
    prop_oneof![5 => Just(zofia()), 1 => Just(idris())]
}

fn adult() -> impl Strategy<Value = PersonId> {
    prop_oneof![4 => Just(maja()), 3 => Just(pawel()), 1 => Just(halina())]
}

/// Mostly none; else one near the days of the decisions, their own day included.
fn some_day() -> impl Strategy<Value = Option<chrono::NaiveDate>> {
    let near = prop_oneof![Just(0_i64), -3_i64..4];
    prop::option::weighted(0.2, near).prop_map(|days| {
        days.and_then(|days| {
            NOW.utc()
                .date_naive()
                .checked_add_signed(Duration::days(days))
        })
    })
}

fn near_now() -> impl Strategy<Value = Instant> {
    let days = prop_oneof![6 => Just(0_i64), 1 => -3_i64..4, 1 => Just(20_000)];
    days.prop_map(|days| Instant::from_unix_ms(NOW.unix_ms() + days * DAY_MS))
}

/// What is known of the ages of the two children, as it is learned and corrected.
fn known() -> impl Strategy<Value = Vec<Arrival>> {
    let years = prop_oneof![
        2 => Just(None),
        2 => Just(Some(2)),
        1 => Just(Some(16)),
        2 => Just(Some(30)),
    ];
    let people = prop::collection::vec((subject(), years, prop::bool::weighted(0.1)), 0..4)
        .prop_map(|people| {
            people
                .into_iter()
                .map(|(id, years, staff)| {
                    let mut person = person(id, years);
                    person.staff = staff;
                    Arrival::Person(Box::new(person))
                })
                .collect::<Vec<_>>()
        });
    let places = prop::collection::vec((0_u8..3, subject(), 0..MemberRole::ALL.len()), 0..3)
        .prop_map(|places| {
            places
                .into_iter()
                .map(|(n, id, role)| Arrival::Place(place(n, id, MemberRole::ALL[role])))
                .collect::<Vec<_>>()
        });
    (people, places).prop_map(|(people, places)| [people, places].concat())
}

fn authorities() -> impl Strategy<Value = Vec<Arrival>> {
    let one = |n: u8| {
        let ground = prop_oneof![
            3 => Just(Ground::Mother),
            2 => Just(Ground::Delegated),
            1 => Just(Ground::Understands),
        ];
        let own_holder = if n == 0 { maja() } else { pawel() };
        let holder = prop_oneof![3 => Just(own_holder), 1 => adult(), 1 => Just(zofia())];
        let source = prop::option::of(0..AUTHORITIES);
        (subject(), holder, ground, source, (some_day(), some_day())).prop_map(
            move |(child, holder, ground, source, (valid_from, valid_until))| {
                Arrival::Authority(Authority {
                    delegated_from: source.map(authority_id),
                    valid_from,
                    valid_until,
                    ..authority(n, child, holder, ground)
                })
            },
        )
    };
    (0..AUTHORITIES).map(one).collect::<Vec<_>>()
}

fn ends() -> impl Strategy<Value = Vec<Arrival>> {
    let kind = prop_oneof![Just(EndKind::Ended), Just(EndKind::Disputed)];
    prop::collection::vec((0..AUTHORITIES, kind), 0..3).prop_map(|ends| {
        (0..)
            .zip(ends)
            .map(|(n, (authority, kind))| Arrival::End(end(n, authority, kind)))
            .collect()
    })
}

/// What no honest device sends. With a Yes in it, it is refused; what only refuses is heard.
const ODDITIES: &[fn(&mut Decision)] = &[
    |odd| odd.signature.0.clear(),
    |odd| odd.method = Method::TypedWithWitness,
    |odd| odd.authority = None,
    |odd| odd.capacity = Capacity::Own,
    |odd| odd.refused.extend(odd.granted.first().cloned()),
    |odd| {
        odd.signature.0.clear();
        odd.refused.append(&mut odd.granted);
    },
    |odd| {
        (odd.capacity, odd.authority) = (Capacity::Own, None);
        odd.refused.append(&mut odd.granted);
    },
    |odd| {
        odd.authority = None;
        odd.refused.append(&mut odd.granted);
    },
];

fn one_decision(n: u8) -> impl Strategy<Value = Arrival> {
    let answers = prop::collection::vec(
        prop_oneof![4 => Just(Some(true)), 1 => Just(Some(false)), 1 => Just(None)],
        3,
    );
    let replaces = prop::collection::vec(0..DECISIONS, 0..3);
    let purpose = prop_oneof![6 => Just(PICTURE), 1 => Just(Purpose::PublicityQuote)];
    (
        subject(),
        0_u8..2,
        0..AUTHORITIES,
        prop::bool::weighted(0.25),
        answers,
        replaces,
        purpose,
        (near_now(), prop::option::weighted(0.15, near_now())),
        prop::option::weighted(0.1, 0..ODDITIES.len()),
    )
        .prop_map(
            move |(subject, who, other, own, answers, replaces, purpose, (at, until), odd)| {
                // Mostly the two parents under their own authorities; now and then another's.
                let (decider, under) = if other == 4 {
                    (halina(), other)
                } else {
                    ([maja(), pawel()][usize::from(who)], who)
                };
                let said = |wanted| -> Vec<&str> {
                    CHANNELS
                        .iter()
                        .zip(&answers)
                        .filter(|(_, said)| **said == Some(wanted))
                        .map(|(channel, _)| *channel)
                        .collect()
                };
                let mut refused = said(false);
                if said(true).is_empty() && refused.is_empty() {
                    refused.push("press");
                }
                let mut decision = decision(n, (subject, decider, under), &said(true), &refused);
                decision.purpose = purpose;
                decision.replaces = replaces.into_iter().map(decision_id).collect();
                if own {
                    decision.capacity = Capacity::Own;
                    decision.decider = subject;
                    decision.authority = None;
                }
                (decision.decided_at, decision.valid_until) = (at, until);
                if let Some(odd) = odd {
                    ODDITIES[odd](&mut decision);
                }
                Arrival::Decision(Box::new(decision))
            },
        )
}

fn withdrawals() -> impl Strategy<Value = Vec<Arrival>> {
    let how = prop_oneof![
        Just(WithdrawalHow::InPerson),
        Just(WithdrawalHow::IdentityChecked),
        Just(WithdrawalHow::Reported),
    ];
    let of = prop::option::of(prop::sample::subsequence(CHANNELS.to_vec(), 1..=3));
    let named = prop::collection::vec(0..DECISIONS, 1..3);
    let sure = prop::option::weighted(0.2, any::<bool>());
    prop::collection::vec((subject(), named, of, how, sure), 0..3).prop_map(|withdrawals| {
        (0..)
            .zip(withdrawals)
            .map(|(n, (subject, named, of, how, sure))| {
                let mut made = withdrawal(n, subject, &named, of.as_deref(), how);
                // Now and then it contradicts itself.
                made.verified = sure.unwrap_or(made.verified);
                Arrival::Withdrawal(made)
            })
            .collect()
    })
}

fn photos() -> impl Strategy<Value = Vec<Arrival>> {
    let one = |n: u8| {
        (
            0..DECISIONS,
            prop::option::weighted(0.3, 0..DECISIONS),
            prop::bool::weighted(0.1),
        )
            .prop_map(move |(decision, friend, miscounted)| {
                let count = 1 + u32::from(friend.is_some()) + u32::from(miscounted);
                let mut arrivals = vec![
                    Arrival::Photo(photo(n, count)),
                    Arrival::Subject(in_photo(n, zofia(), decision)),
                ];
                arrivals.extend(
                    friend.map(|decision| Arrival::Subject(in_photo(n, idris(), decision))),
                );
                arrivals
            })
    };
    (0..PHOTOS)
        .map(one)
        .collect::<Vec<_>>()
        .prop_map(|photos| photos.into_iter().flatten().collect())
}

/// Half of them arrive in the order in which they were made, as on the device that made them.
fn history() -> impl Strategy<Value = Vec<Arrival>> {
    let decisions = (0..DECISIONS).map(one_decision).collect::<Vec<_>>();
    (
        authorities(),
        ends(),
        decisions,
        withdrawals(),
        photos(),
        known(),
        any::<bool>(),
    )
        .prop_flat_map(
            |(authorities, ends, decisions, withdrawals, photos, known, shuffled)| {
                let (before, after) = known.split_at(known.len() / 2);
                let (early, late) = decisions.split_at(2);
                let ordered: Vec<Arrival> = [
                    before.to_vec(),
                    authorities,
                    early.to_vec(),
                    photos,
                    after.to_vec(),
                    late.to_vec(),
                    withdrawals,
                    ends,
                ]
                .concat();
                if shuffled {
                    Just(ordered).prop_shuffle().boxed()
                } else {
                    Just(ordered).boxed()
                }
            },
        )
}

/// What both forms are compared by.
#[derive(Default)]
struct Model {
    /// What stays as it was written.
    written: Ledger,
    people: BTreeMap<PersonId, Person>,
    places: BTreeMap<MembershipId, Membership>,
    /// All of that, as it is now.
    ledger: Ledger,
    photos: Vec<Photo>,
    subjects: Vec<PhotoSubject>,
    removed: BTreeSet<PhotoId>,
    pictures: BTreeSet<PhotoId>,
}

impl Model {
    fn subjects_of(&self, photo: PhotoId) -> Vec<(PersonId, DecisionId)> {
        self.subjects
            .iter()
            .filter(|each| each.photo == photo)
            .map(|each| (each.person, each.decision))
            .collect()
    }

    /// Looks again at everything that is known.
    fn look(&mut self) {
        self.ledger = self.written.clone();
        self.ledger.add(LedgerEntry::Seen(NOW));
        self.ledger.extend(self.people.values().cloned());
        self.ledger.extend(self.places.values().cloned());
    }

    fn may_be_stored(&self, photo: &Photo) -> bool {
        self.stands(photo)
            && self
                .ledger
                .photo_may_be_stored(self.subjects_of(photo.id), photo.stored_at)
    }

    fn stands(&self, photo: &Photo) -> bool {
        let subjects = self.subjects_of(photo.id);
        subjects.len() == photo.subject_count as usize
            && self.ledger.photo_stands(subjects)
            && !self.removed.contains(&photo.id)
    }

    /// Removal is for good, whatever comes after.
    fn remove(&mut self) {
        for subject in &self.subjects {
            if self.ledger.photo_fate([(subject.person, subject.decision)]) == Fate::Removed {
                self.removed.insert(subject.photo);
                self.pictures.remove(&subject.photo);
            }
        }
    }
}

/// Takes a record in on both sides. What a guard refuses is set aside on both.
fn take(write: &Write<'_>, model: &mut Model, arrival: &Arrival) -> Result<(), TestCaseError> {
    fn taken<R: Record>(write: &Write<'_>, record: &R) -> Result<bool, TestCaseError> {
        write.connection.execute_batch("SAVEPOINT arrival").unwrap();
        match put(write, record) {
            Ok(()) => {
                write.connection.execute_batch("RELEASE arrival").unwrap();
                Ok(true)
            }
            Err(StoreError::Consent(_)) => {
                write
                    .connection
                    .execute_batch("ROLLBACK TO arrival; RELEASE arrival")
                    .unwrap();
                Ok(false)
            }
            Err(error) => Err(TestCaseError::fail(format!("{error}"))),
        }
    }
    match arrival {
        Arrival::Authority(record) if taken(write, record)? => {
            model.written.add(LedgerEntry::from(record.clone()))
        }
        Arrival::End(record) if taken(write, record)? => {
            model.written.add(LedgerEntry::from(record.clone()))
        }
        Arrival::Decision(record) => {
            let taken = taken(write, &**record)?;
            prop_assert_eq!(
                taken,
                check_decision(record).is_ok(),
                "the county takes what the guard takes"
            );
            if taken {
                model.written.add(LedgerEntry::Decision(record.clone()));
            }
        }
        Arrival::Withdrawal(record) if taken(write, record)? => {
            model.written.add(LedgerEntry::from(record.clone()))
        }
        Arrival::Person(record) if taken(write, &**record)? => {
            model.people.insert(record.id, (**record).clone());
        }
        Arrival::Place(record) if taken(write, record)? => {
            model.places.insert(record.id, record.clone());
        }
        Arrival::Photo(record) if taken(write, record)? => model.photos.push(record.clone()),
        Arrival::Subject(record) if taken(write, record)? => model.subjects.push(record.clone()),
        _ => {}
    }
    model.look();
    model.remove();
    // Pictures come as soon as they may, and only then.
    for n in 0..PHOTOS {
        let id = photo_id(n);
        if model.pictures.contains(&id) {
            continue;
        }
        let may = model
            .photos
            .iter()
            .any(|photo| photo.id == id && model.may_be_stored(photo));
        write
            .connection
            .execute_batch("SAVEPOINT pictures")
            .unwrap();
        let put = put_pictures(write, n);
        prop_assert_eq!(put.is_ok(), may, "photo {}: {:?}", n, put);
        if put.is_ok() {
            model.pictures.insert(id);
            write.connection.execute_batch("RELEASE pictures").unwrap();
        } else {
            write
                .connection
                .execute_batch("ROLLBACK TO pictures; RELEASE pictures")
                .unwrap();
        }
    }
    Ok(())
}

fn ids(connection: &Connection, sql: &str) -> Vec<[u8; 16]> {
    let mut select = connection.prepare_cached(sql).unwrap();
    let rows = select.query_map((), |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn compare(write: &Write<'_>, model: &Model) -> Result<(), TestCaseError> {
    let connection = write.connection;
    for subject in [zofia(), idris()] {
        for purpose in PURPOSES {
            let mut heads = connection
                .prepare_cached(
                    "SELECT id FROM consent_head WHERE subject = ? AND purpose = ? ORDER BY id",
                )
                .unwrap();
            let heads = heads
                .query_map(params![subject.to_bytes(), purpose.word()], |row| {
                    row.get(0)
                })
                .unwrap();
            let heads: Vec<DecisionId> = heads
                .map(|id| DecisionId::from_bytes(id.unwrap()))
                .collect();
            let expected: Vec<DecisionId> = model
                .ledger
                .heads(subject, purpose)
                .iter()
                .map(|head| head.id)
                .collect();
            prop_assert_eq!(heads, expected, "heads of {}", subject);
            let permitted = write.permitted_channels(subject, purpose, NOW).unwrap();
            for text in CHANNELS {
                let channel = text.parse().unwrap();
                prop_assert_eq!(
                    permitted.contains(&channel),
                    model.ledger.permitted(subject, purpose, &channel, NOW),
                    "{} of {} for {}",
                    text,
                    subject,
                    purpose
                );
            }
        }
        let loaded = write.consent_records(subject).unwrap().ledger();
        for purpose in PURPOSES {
            prop_assert_eq!(
                loaded.permit(subject, purpose, NOW),
                model.ledger.permit(subject, purpose, NOW)
            );
        }
    }
    let bytes = |ids: &mut dyn Iterator<Item = PhotoId>| {
        ids.map(PhotoId::to_bytes).collect::<BTreeSet<_>>()
    };
    let standing = ids(connection, "SELECT photo FROM photo_standing")
        .into_iter()
        .collect::<BTreeSet<_>>();
    let expected = bytes(
        &mut model
            .photos
            .iter()
            .filter(|photo| model.stands(photo))
            .map(|photo| photo.id),
    );
    prop_assert_eq!(standing, expected, "photos that stand");
    let removed = ids(connection, "SELECT photo FROM photo_removal")
        .into_iter()
        .collect::<BTreeSet<_>>();
    prop_assert_eq!(
        removed,
        bytes(&mut model.removed.iter().copied()),
        "photos removed"
    );
    let kept = ids(connection, "SELECT photo FROM picture")
        .into_iter()
        .collect::<BTreeSet<_>>();
    prop_assert_eq!(
        kept,
        bytes(&mut model.pictures.iter().copied()),
        "pictures here"
    );
    Ok(())
}

thread_local! {
    static DATABASE: Connection = {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate::run(&mut connection, migrate::MIGRATIONS, migrate::Start::Empty).unwrap();
        // As on every connection of a store: else each use compiles the guards anew.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .unwrap();
        connection.set_prepared_statement_cache_capacity(256);
        connection
    };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_and_the_rule_never_disagree(history in history()) {
        DATABASE.with(|connection| {
            let transaction = connection.unchecked_transaction().unwrap();
            let write = Write::on(&transaction);
            transaction
                .execute("UPDATE tally SET latest_seen = ?", [NOW.to_string()])
                .unwrap();
            let mut model = Model::default();
            // Dropping the transaction rolls it back.
            history.iter().try_for_each(|arrival| {
                take(&write, &mut model, arrival)?;
                compare(&write, &model)
            })
        })?;
    }
}
