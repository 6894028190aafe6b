//! Which scopes hold a family, and what goes with it.
//!
//! A family lies in the scope of its centre, and in those that it was placed in besides. When its
//! centre is changed it comes into the new one's scope and leaves the old one's. With it go its
//! members' places, the members (who lie wherever one of their families does), that the notice was shown
//! to them, sealed notes about them, and their consent, which lies besides wherever content shows
//! them. Who came to a session, and photos, stay in the scope in which they were made.
//!
//! What a device writes late, in a scope that the family has left, is taken in where the family is now.

use std::collections::{BTreeMap, BTreeSet};

use porch_domain::alias::Alias;
use porch_domain::authority::Authority;
use porch_domain::catalogue::Record as _;
use porch_domain::concern::Concern;
use porch_domain::decision::Decision;
use porch_domain::family::Family;
use porch_domain::membership::Membership;
use porch_domain::notice::NoticeShown;
use porch_domain::person::Person;
use porch_domain::photo::PhotoSubject;
use porch_domain::stop;
use porch_domain::withdrawal::Withdrawal;
use porch_sync::{Change, Hlc, Op, Row, Transaction};
use uuid::Uuid;

use super::stubs::stub_of;
use super::{Merged, Staged, Stop, Taking};
use crate::kinds;
use crate::quarantine::Reason;
use crate::same::same_as;
use crate::scopes::is_centre;
use crate::standing::said_of;
use crate::store::{COUNTY_DEVICE, Reading, StoreFailure, Stored, Work};

/// What lies wherever the person is that it is about.
const FOLLOWERS: &[&str] = &[
    NoticeShown::KIND,
    Concern::KIND,
    Authority::KIND,
    Decision::KIND,
    Withdrawal::KIND,
    stop::Stop::KIND,
    Alias::KIND,
];

/// The records about a person that go wherever they go.
pub(super) async fn followers<R: Reading>(reading: &mut R, person: Uuid) -> Stored<Vec<Row>> {
    let mut found = Vec::new();
    for kind in FOLLOWERS {
        found.extend(reading.tied(person, kind).await?);
    }
    let mut said = Vec::new();
    for row in &found {
        said.extend(said_of(reading, row).await?);
    }
    found.extend(said);
    Ok(found)
}

/// Everything that goes with a family, itself and all that are the same included.
pub(crate) async fn household<R: Reading>(reading: &mut R, family: Uuid) -> Stored<BTreeSet<Uuid>> {
    let mut held = same_as(reading, &[family].into(), &BTreeMap::new())
        .await?
        .all;
    let mut people = BTreeSet::new();
    for family in held.clone() {
        let aliases = reading.tied(family, Alias::KIND).await?;
        held.extend(aliases.iter().map(|row| row.id));
        for place in reading.tied(family, Membership::KIND).await? {
            held.insert(place.id);
            people.extend(kinds::id_in(&place.values(), "person"));
        }
    }
    held.extend(with_followers(reading, &people).await?);
    Ok(held)
}

/// These people, all that are the same, their places, stubs, and what goes wherever they go.
async fn with_followers<R: Reading>(
    reading: &mut R,
    people: &BTreeSet<Uuid>,
) -> Stored<BTreeSet<Uuid>> {
    let all = same_as(reading, people, &BTreeMap::new()).await?.all;
    let mut held = BTreeSet::new();
    for person in all {
        held.extend([person, stub_of(person)]);
        held.extend(followers(reading, person).await?.iter().map(|row| row.id));
    }
    Ok(held)
}

/// What else a change may bring to other scopes: what a transaction holds others off, besides.
pub(super) async fn reached_by<R: Reading>(
    reading: &mut R,
    change: &Change,
) -> Stored<BTreeSet<Uuid>> {
    let id = |field: &str| {
        let value = &change.fields.get(field)?.value;
        value.as_str()?.parse::<Uuid>().ok()
    };
    if change.kind == Person::KIND {
        return Ok([stub_of(change.id)].into());
    }
    if change.kind == Family::KIND {
        let known = reading.record(change.id).await?.map(|row| row.values());
        let moves = match (known, &change.op) {
            (Some(known), _) => {
                let differs = |field: &str| {
                    let said = change.fields.get(field);
                    said.is_some_and(|said| known.get(field) != Some(&said.value))
                };
                differs("centre") || differs("protected")
            }
            // Somebody's place in it may have come before it.
            (None, Op::Create { scope }) => id("centre") != Some(*scope),
            (None, Op::Edit) => false,
        };
        if moves {
            return household(reading, change.id).await;
        }
    }
    if change.kind != Membership::KIND {
        return Ok(BTreeSet::new());
    }
    let known = reading.record(change.id).await?;
    let mut people: BTreeSet<Uuid> = id("person").into_iter().collect();
    let mut changes = false;
    if let Some(known) = known {
        let before = kinds::id_in(&known.values(), "person");
        changes = change.fields.contains_key("family") || change.fields.contains_key("person");
        people.extend(before);
    } else if let (Some(family), Some(person)) = (id("family"), id("person")) {
        let holds = reading.scopes_of(person).await?;
        let mut comes_into = reading.scopes_of(family).await?;
        if let Op::Create { scope } = change.op
            && comes_into.is_empty()
        {
            // It is made in the same transaction.
            comes_into.insert(scope);
        }
        changes = !holds.is_empty() && !comes_into.is_subset(&holds);
    }
    let mut reached = people.clone();
    reached.extend(people.iter().map(|person| stub_of(*person)));
    if changes {
        reached.extend(with_followers(reading, &people).await?);
    }
    Ok(reached)
}

/// Brings families, with all that goes with them, into a scope besides those that hold them. The caller
/// holds others off their households. Writes everything but the feeds.
pub(crate) async fn bring<W: Work>(
    work: &mut W,
    families: &BTreeSet<Uuid>,
    scope: Uuid,
    now_ms: u64,
) -> Stored<Merged> {
    let secret = work.origin().await?.secret;
    let county = work.device(COUNTY_DEVICE).await?;
    let county = county.ok_or(StoreFailure::Corrupt("county"))?;
    let nothing = Transaction {
        device: COUNTY_DEVICE,
        sequence: 0,
        clock: Hlc::at(now_ms),
        author: Uuid::nil(),
        schema: porch_sync::SCHEMA,
        changes: Vec::new(),
    };
    let mut taking = Taking {
        work,
        secret,
        author: &county,
        transaction: &nothing,
        now_ms,
        staged: BTreeMap::new(),
        fell: Vec::new(),
        merged: Merged::default(),
    };
    for family in families {
        let mut scopes = taking.scopes(*family).await?;
        scopes.insert(scope);
        taking.place(*family, scopes).await?;
        let places = taking.place_family(*family).await?;
        taking.follow(places).await?;
    }
    taking.write().await?;
    Ok(taking.merged)
}

impl<W: Work> Taking<'_, W> {
    /// Brings whatever follows from this transaction to the scopes in which it now belongs.
    pub(super) async fn settle_places(&mut self) -> Result<(), Stop> {
        let mut places = self.move_families().await?;
        places.extend(self.place_the_same().await?);
        let staged = self.staged.values();
        places.extend(
            staged
                .filter(|s| s.changed && s.row.kind == Membership::KIND)
                .map(|s| s.row.id),
        );
        self.follow(places).await?;
        self.place_what_is_about_the_same().await?;
        Ok(self.place_late_comers().await?)
    }

    /// Brings members' places where their families are, and the people with all that is about them.
    async fn follow(&mut self, places: BTreeSet<Uuid>) -> Stored<()> {
        let mut people = BTreeSet::new();
        for place in places {
            let Some(row) = self.latest(place).await? else {
                continue;
            };
            let values = row.values();
            people.extend(kinds::id_in(&values, "person"));
            if let Some(family) = kinds::id_in(&values, "family") {
                let scopes = self.scopes(family).await?;
                if !scopes.is_empty() {
                    self.place(place, scopes).await?;
                }
            }
        }
        let mut shown = self.shown_otherwise().await?;
        // Looked through once: an import stages thousands.
        let mut staged: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
        for place in self
            .staged
            .values()
            .filter(|s| s.row.kind == Membership::KIND)
        {
            if let Some(person) = kinds::id_in(&place.row.values(), "person") {
                staged.entry(person).or_default().insert(place.row.id);
            }
        }
        let people = self.same_as(&people).await?.all;
        for person in people {
            let mut own = BTreeSet::new();
            for record in self.widened([person].into()).await? {
                own.extend(staged.get(&record).into_iter().flatten());
            }
            if self.place_person(person, own).await? {
                shown.insert(person);
            }
        }
        shown.extend(self.no_longer_shown().await?);
        for person in shown {
            self.place_stub(person).await?;
        }
        Ok(())
    }

    /// Families whose centre was changed come into the new one's scope and leave the old one's. Gives
    /// their members' places.
    async fn move_families(&mut self) -> Result<BTreeSet<Uuid>, Stop> {
        let moved: Vec<(Uuid, Uuid, Option<Uuid>)> = self
            .staged
            .iter()
            .filter_map(|(id, staged)| {
                let before = staged.moved_from?;
                Some((*id, before, kinds::id_in(&staged.row.values(), "centre")))
            })
            .collect();
        let mut places = BTreeSet::new();
        for (family, before, now) in moved {
            let now = now.filter(|now| *now != before);
            let Some(now) = now else { continue };
            if !is_centre(self.work, now).await? {
                return Err(Reason::MalformedRecord.into());
            }
            let mut scopes = self.scopes(family).await?;
            scopes.remove(&before);
            scopes.insert(now);
            self.place(family, scopes).await?;
            places.extend(self.places_in(family).await?);
            places.extend(self.take_the_same_along(family, before).await?);
        }
        Ok(places)
    }

    /// Families that are the same as one that left a scope were there because of it, unless it is the centre of one of
    /// them. Gives their members' places.
    async fn take_the_same_along(&mut self, family: Uuid, before: Uuid) -> Stored<BTreeSet<Uuid>> {
        let mut others = self.same_as(&[family].into()).await?.all;
        others.remove(&family);
        for other in &others {
            let row = self.latest(*other).await?;
            if row.and_then(|row| kinds::id_in(&row.values(), "centre")) == Some(before) {
                return Ok(BTreeSet::new());
            }
        }
        let mut places = BTreeSet::new();
        for other in others {
            let mut scopes = self.scopes(other).await?;
            if scopes.remove(&before) {
                self.place(other, scopes).await?;
                places.extend(self.places_in(other).await?);
            }
        }
        Ok(places)
    }

    /// The members' places in a family.
    async fn places_in(&mut self, family: Uuid) -> Stored<BTreeSet<Uuid>> {
        let mut places = BTreeSet::new();
        for row in self.work.tied(family, Membership::KIND).await? {
            // It may have been moved to another family by now.
            let latest = self.latest(row.id).await?;
            let of = latest.and_then(|row| kinds::id_in(&row.values(), "family"));
            if of == Some(family) {
                places.insert(row.id);
            }
        }
        Ok(places)
    }

    /// A person lies wherever one of their families does, under whichever of their records: those of the
    /// places given, which are staged, and of those in the store. False when they were there already.
    async fn place_person(&mut self, person: Uuid, mut places: BTreeSet<Uuid>) -> Stored<bool> {
        let known = self.latest(person).await?;
        if known.is_none_or(|row| row.kind != Person::KIND) {
            return Ok(false);
        }
        let records = self.widened([person].into()).await?;
        for record in &records {
            let tied = self.work.tied(*record, Membership::KIND).await?;
            places.extend(tied.iter().map(|row| row.id));
        }
        let mut scopes = BTreeSet::new();
        for place in places {
            let Some(row) = self.latest(place).await? else {
                continue;
            };
            let values = row.values();
            if kinds::id_in(&values, "person").is_some_and(|of| records.contains(&of))
                && let Some(family) = kinds::id_in(&values, "family")
            {
                scopes.extend(self.scopes(family).await?);
            }
        }
        if scopes.is_empty() {
            return Ok(false);
        }
        // What is about a newcomer may have come before them, after a restore say.
        let is_new = self.staged.get(&person).is_some_and(|staged| staged.made);
        if !self.place(person, scopes).await? && !is_new {
            return Ok(false);
        }
        for row in followers(self.work, person).await? {
            self.place_follower(row.id).await?;
        }
        Ok(true)
    }

    /// What is about people lies wherever they do; consent also wherever content shows them.
    pub(super) async fn place_follower(&mut self, id: Uuid) -> Stored<()> {
        let Some(row) = self.latest(id).await? else {
            return Ok(());
        };
        let consent = [kinds::CONSENT, &[Alias::KIND]]
            .concat()
            .contains(&row.kind.as_str());
        let people = if consent {
            self.about(&row).await?
        } else {
            let values = row.values();
            kinds::id_in(&values, "person")
                .or_else(|| kinds::id_in(&values, "about"))
                .into_iter()
                .collect()
        };
        let people = self.widened(people).await?;
        let mut scopes = BTreeSet::new();
        for person in people {
            scopes.extend(self.scopes(person).await?);
            if consent {
                scopes.extend(self.shown_in(person, true).await?);
            }
        }
        if row.kind == Alias::KIND {
            // Whose decisions replace whose must be known wherever they count.
            scopes.extend(self.decided_in(&row).await?);
        }
        if !scopes.is_empty() {
            self.place(id, scopes).await?;
        }
        Ok(())
    }

    /// The scopes of content that shows a person, or also of content that did. Consent stays where
    /// content was removed because of it: a device that was away learns there that it was.
    pub(super) async fn shown_in(&mut self, person: Uuid, removed: bool) -> Stored<BTreeSet<Uuid>> {
        let mut scopes = BTreeSet::new();
        for subject in self.work.tied(person, PhotoSubject::KIND).await? {
            let photo = kinds::id_in(&subject.values(), "photo");
            if let Some(photo) = photo
                && (removed || !self.work.is_removed(photo).await?)
            {
                scopes.extend(self.scopes(subject.id).await?);
            }
        }
        for staged in self.staged.values() {
            let values = staged.row.values();
            if staged.row.kind == PhotoSubject::KIND
                && kinds::id_in(&values, "person") == Some(person)
            {
                scopes.extend(staged.scopes.iter().copied());
            }
        }
        Ok(scopes)
    }

    /// What was made about somebody in a scope that they have left.
    async fn place_late_comers(&mut self) -> Stored<()> {
        let made: Vec<(Uuid, Row)> = self
            .staged
            .iter()
            .filter(|(_, staged)| {
                let kind = staged.row.kind.as_str();
                staged.made && (kinds::CONSENT.contains(&kind) || FOLLOWERS.contains(&kind))
            })
            .map(|(id, staged)| (*id, staged.row.clone()))
            .collect();
        for (id, row) in made {
            let people = if kinds::CONSENT.contains(&row.kind.as_str()) || row.kind == Alias::KIND {
                self.about(&row).await?
            } else {
                let values = row.values();
                let person = kinds::id_in(&values, "person");
                person
                    .or_else(|| kinds::id_in(&values, "about"))
                    .into_iter()
                    .collect()
            };
            let made_in = self.scopes(id).await?;
            let (mut elsewhere, mut late) = (false, false);
            for person in people {
                elsewhere |= !self.scopes(person).await?.is_subset(&made_in);
                late |= !self.work.scopes_left(person).await?.is_disjoint(&made_in);
            }
            if elsewhere || late {
                self.place_follower(id).await?;
            }
        }
        Ok(())
    }

    /// The scopes of a record as this transaction leaves it.
    pub(super) async fn scopes(&mut self, id: Uuid) -> Stored<BTreeSet<Uuid>> {
        match self.staged.get(&id) {
            Some(staged) => Ok(staged.scopes.clone()),
            None => self.work.scopes_of(id).await,
        }
    }

    /// Puts a record into exactly these scopes. False when it was there already.
    pub(super) async fn place(&mut self, id: Uuid, scopes: BTreeSet<Uuid>) -> Stored<bool> {
        let staged = match self.staged.remove(&id) {
            Some(staged) => Some(staged),
            None => self.known(id).await?,
        };
        let Some(mut staged) = staged else {
            return Ok(false);
        };
        let changes = staged.scopes != scopes;
        if changes {
            let left = staged.scopes.difference(&scopes);
            staged.leaves.extend(left.copied());
            staged.leaves.retain(|scope| !scopes.contains(scope));
            staged.scopes = scopes;
            staged.changed = true;
        }
        self.staged.insert(id, staged);
        Ok(changes)
    }
}

impl Staged {
    /// The centre that a family had before, when it is another one now.
    pub(super) fn moved_from(before: &Row, now: &Row) -> Option<Uuid> {
        if now.kind != Family::KIND {
            return None;
        }
        let centre = |row: &Row| kinds::id_in(&row.values(), "centre");
        centre(before).filter(|before| centre(now) != Some(*before))
    }

    /// The scope in which a family is made that is another centre's: it was moved before it came, and is said again as
    /// it stands, after an erasure say.
    pub(super) fn made_outside(change: &Change, made: &Row) -> Option<Uuid> {
        let Op::Create { scope } = change.op else {
            return None;
        };
        let centre = kinds::id_in(&made.values(), "centre");
        (made.kind == Family::KIND && centre != Some(scope)).then_some(scope)
    }
}
