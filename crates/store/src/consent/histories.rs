//! Random histories through both forms of the rule: the views and triggers of the store, and
//! `porch_domain::consent`. After every record that arrives, in whatever order, both must say the
//! same.

mod arrivals;

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::alias::{Alias, same};
use porch_domain::catalogue::Record;
use porch_domain::consent::{Fate, Ledger, LedgerEntry, check_decision};
use porch_domain::decision::Attribution;
use porch_domain::id::{AliasId, DecisionId, MembershipId, PersonId, PhotoId, PublicationId};
use porch_domain::membership::Membership;
use porch_domain::person::Person;
use porch_domain::photo::{Photo, PhotoSubject};
use porch_domain::publication::Publication;
use proptest::prelude::*;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, params};
use uuid::Uuid;

use self::arrivals::{Arrival, PHOTOS, PURPOSES, history};
use super::sample::{CHANNELS, NOW, given, idris, photo_id, publication, put, put_pictures, zofia};
use crate::access::Write;
use crate::error::StoreError;
use crate::migrate;
use crate::photo::PhotoState;
use crate::photo_rule::PhotoRule;

/// What both forms are compared by.
#[derive(Default)]
struct Model {
    /// What stays as it was written.
    written: Ledger,
    people: BTreeMap<PersonId, Person>,
    places: BTreeMap<MembershipId, Membership>,
    aliases: BTreeMap<AliasId, Alias>,
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
        for alias in self.aliases.values().filter(|alias| alias.stands()) {
            let [older, newer] = alias.ends().map(PersonId::from);
            self.ledger.add(LedgerEntry::Same(older, newer));
        }
    }

    fn may_be_stored(&self, photo: &Photo) -> bool {
        !self.removed.contains(&photo.id)
            && self.ledger.may_store(photo, &self.subjects_of(photo.id))
    }

    fn stands(&self, photo: &Photo) -> bool {
        !self.removed.contains(&photo.id)
            && self.ledger.fate(photo, &self.subjects_of(photo.id)) == Fate::Stands
    }

    /// Whether a photo may be where a publication says, and whether it might be put there now.
    fn may_be(&self, photo: PhotoId, publication: &Publication) -> (bool, bool) {
        let mut photos = self.photos.iter();
        let known = photos.find(|known| known.id == photo && self.stands(known));
        let Some(known) = known else {
            return (false, false);
        };
        let subjects = self.subjects_of(photo);
        let (channel, name) = (&publication.channel, publication.attribution);
        let stays = self
            .ledger
            .may_stay_published(known, &subjects, channel, name);
        let anew = self
            .ledger
            .may_publish(known, &subjects, channel, name, NOW);
        (stays, stays && anew)
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
        Arrival::Ruling(record) if taken(write, record)? => {
            model.written.add(LedgerEntry::from(record.clone()))
        }
        Arrival::Misrecording(record) if taken(write, record)? => {
            model.written.add(LedgerEntry::from(record.clone()))
        }
        Arrival::Expiry(record) if taken(write, record)? => {
            model.written.add(LedgerEntry::from(record.clone()))
        }
        Arrival::Stop(record) if taken(write, record)? => {
            model.written.add(LedgerEntry::from(record.clone()))
        }
        Arrival::StopEnd(record) if taken(write, record)? => {
            model.written.add(LedgerEntry::from(record.clone()))
        }
        Arrival::Person(record) if taken(write, &**record)? => {
            model.people.insert(record.id, (**record).clone());
        }
        Arrival::Place(record) if taken(write, record)? => {
            model.places.insert(record.id, record.clone());
        }
        Arrival::Approval(record) if taken(write, &**record)? => {
            model.written.add(LedgerEntry::TextApproval(record.clone()));
        }
        Arrival::Alias(record) if taken(write, &**record)? => {
            model.aliases.insert(record.id, (**record).clone());
        }
        Arrival::Photo(record) if taken(write, record)? => model.photos.push(record.clone()),
        Arrival::Subject(record) if taken(write, record)? => model.subjects.push(record.clone()),
        Arrival::Objection(record) if taken(write, record)? => {
            model.removed.insert(record.photo);
            model.pictures.remove(&record.photo);
        }
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

/// Which photos are where, before anything is known of them: so many channels for each, and some with somebody's name.
fn published() -> impl Iterator<Item = Publication> {
    let places = (0..PHOTOS).flat_map(|photo| {
        let unnamed = CHANNELS.iter().map(move |on| (photo, *on, None));
        let named = [Attribution::FullName, Attribution::FirstName];
        let named = CHANNELS.iter().zip(named);
        unnamed.chain(named.map(move |(on, name)| (photo, *on, Some(name))))
    });
    (0..)
        .zip(places)
        .map(|(n, (photo, channel, attribution))| Publication {
            attribution,
            ..publication(n, photo, channel)
        })
}

/// What has to come down, and what might be published now.
fn compare_publications(write: &Write<'_>, model: &Model) -> Result<(), TestCaseError> {
    let due = ids(write.connection, "SELECT publication FROM takedown_due");
    let due: BTreeSet<[u8; 16]> = due.into_iter().collect();
    for published in published() {
        let photo = published.photo.unwrap();
        let (may_stay, may_be) = model.may_be(photo, &published);
        let is_due = due.contains(&published.id.to_bytes());
        prop_assert_eq!(is_due, !may_stay, "{} on {}", photo, published.channel);
        if is_due {
            write.not_permitted_since(&published).unwrap();
        }
        let anew = Publication {
            id: PublicationId::make(53, [0; 10]),
            ..published
        };
        write.connection.execute_batch("SAVEPOINT anew").unwrap();
        let put = put(write, &anew);
        write
            .connection
            .execute_batch("ROLLBACK TO anew; RELEASE anew")
            .unwrap();
        prop_assert_eq!(put.is_ok(), may_be, "anew: {:?}", put);
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
                    "SELECT id FROM consent_head
                     WHERE subject IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
                         AND purpose = ?2
                     GROUP BY id
                     ORDER BY id",
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
    let same = same(model.aliases.values());
    let survivors = |table: &str| -> BTreeMap<[u8; 16], [u8; 16]> {
        let sql = format!("SELECT record, survivor FROM {table}");
        let mut select = connection.prepare_cached(&sql).unwrap();
        let rows = select.query_map((), |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    };
    let kept = survivors("same");
    for (record, survivor) in &kept {
        let expected = same.survivor(Uuid::from_bytes(*record)).into_bytes();
        prop_assert_eq!(*survivor, expected, "who survives");
    }
    for record in same.known() {
        prop_assert!(kept.contains_key(record.as_bytes()), "everybody is kept");
    }
    prop_assert_eq!(survivors("same_by_alias").len(), same.known().count());
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
    prop_assert_eq!(&standing, &expected, "photos that stand");
    let mut rule = PhotoRule::new(write, NOW);
    for photo in &model.photos {
        let subjects = write.photo_subjects(photo.id).unwrap();
        let state = rule.state(photo.id, &subjects).unwrap();
        let complete = subjects.len() == photo.subject_count as usize;
        prop_assert!(complete || state != PhotoState::Here, "somebody is missing");
        prop_assert!(
            !complete
                || matches!(state, PhotoState::Here | PhotoState::OnItsWay)
                    == standing.contains(&photo.id.to_bytes()),
            "photos asked for together"
        );
    }
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
            for published in published() {
                given(&write, &published).unwrap();
            }
            // Dropping the transaction rolls it back.
            history.iter().try_for_each(|arrival| {
                take(&write, &mut model, arrival)?;
                compare(&write, &model)?;
                compare_publications(&write, &model)
            })
        })?;
    }
}
