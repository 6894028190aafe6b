//! What people at the desks do: each choice is of what the device at hand shows.

use anyhow::{Result, bail};
use porch_domain::authority::EndKind;
use porch_domain::decision::Purpose;
use porch_domain::withdrawal::WithdrawalHow;
use porch_sync::protocol::FetchRequest;
use serde_json::Value;
use uuid::Uuid;

use super::deeds::Deed;
use super::jobs::Owner;
use super::known::{KnownPerson, KnownPhoto};
use super::line::Ask;
use super::pictures::{self, Shot};
use super::records::{self, AUTHOR, CENTRES, Deciding, edit, make};
use super::save::Save;
use super::server::session;
use super::world::{Happened, World};

impl World {
    /// Somebody at a device does something, if what the device shows allows it.
    ///
    /// # Errors
    /// When what came of it must not be.
    pub(super) fn act(&mut self, place: usize, deed: Deed) -> Result<()> {
        if deed == Deed::Fetch {
            return self.ask_for_family(place);
        }
        let Some(save) = self.think_of(place, deed)? else {
            return Ok(());
        };
        self.save(place, deed, save)
    }

    fn ids(&mut self, place: usize, sql: &str) -> Result<Vec<Uuid>> {
        let device = self.device(place)?;
        let mut select = device.look.prepare_cached(sql)?;
        let ids = select.query_map((), |row| row.get(0).map(Uuid::from_bytes))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    pub(super) fn one_of(&mut self, place: usize, sql: &str) -> Result<Option<Uuid>> {
        let ids = self.ids(place, sql)?;
        Ok(self.chance.pick(&ids).copied())
    }

    pub(super) fn at_centre(&mut self, place: usize) -> Result<(Uuid, usize)> {
        let centre = self.device(place)?.centre;
        let at = CENTRES.iter().position(|known| *known == centre);
        Ok((centre, at.unwrap_or_default()))
    }

    fn think_of(&mut self, place: usize, deed: Deed) -> Result<Option<Save>> {
        let (centre, number) = self.at_centre(place)?;
        let now_ms = self.now_ms();
        let now = self.device(place)?.now(now_ms);
        let id = self.chance.id();
        Ok(match deed {
            Deed::Register => Some(self.register(centre, now)),
            Deed::Edit => self.edit_something(place, false)?,
            Deed::EditNewer => self.edit_something(place, true)?,
            Deed::Arrive => {
                let sql = "SELECT m.id FROM membership m JOIN person p ON p.id = m.person
                           JOIN family f ON f.id = m.family ORDER BY m.id";
                let Some(at) = self.one_of(place, sql)? else {
                    return Ok(None);
                };
                let (family, person) = self.two(
                    place,
                    "SELECT family, person FROM membership WHERE id = ?",
                    at,
                )?;
                let session = session(number, self.chance.below(2));
                let came = records::attendance(id, session, person, family, now);
                self.known.goes_with(id, person);
                Some(Save::of(vec![make(&came, centre)]))
            }
            Deed::Leave | Deed::Void => {
                let sql = "SELECT id FROM attendance ORDER BY id";
                let Some(event) = self.one_of(place, sql)? else {
                    return Ok(None);
                };
                let (person, _) = self.two(
                    place,
                    "SELECT person, person FROM attendance WHERE id = ?",
                    event,
                )?;
                self.known.goes_with(id, person);
                Some(Save::of(vec![if deed == Deed::Void {
                    make(&records::void(id, event, now), centre)
                } else {
                    let by = self.one_of(place, "SELECT id FROM person ORDER BY id")?;
                    make(&records::departure(id, event, by, now), centre)
                }]))
            }
            Deed::Note => self
                .one_of(place, "SELECT id FROM person ORDER BY id")?
                .map(|person| {
                    self.known.goes_with(id, person);
                    Save::of(vec![make(&records::concern(id, person, now), centre)])
                }),
            Deed::Authorise => {
                let child = self.one_of(
                    place,
                    "SELECT person FROM membership WHERE role = 'child' ORDER BY id",
                )?;
                let adult = self.one_of(
                    place,
                    "SELECT person FROM membership WHERE role <> 'child' ORDER BY id",
                )?;
                child.zip(adult).map(|(child, adult)| {
                    self.known.goes_with(id, child);
                    Save::of(vec![make(
                        &records::authority(id, child, adult, now),
                        centre,
                    )])
                })
            }
            Deed::EndAuthority => {
                let Some(authority) = self.one_of(place, "SELECT id FROM authority ORDER BY id")?
                else {
                    return Ok(None);
                };
                let (child, _) = self.two(
                    place,
                    "SELECT child, child FROM authority WHERE id = ?",
                    authority,
                )?;
                let kind = if self.chance.one_in(2) {
                    EndKind::Ended
                } else {
                    EndKind::Disputed
                };
                self.known.goes_with(id, child);
                Some(Save::of(vec![make(
                    &records::end(id, authority, kind, now),
                    centre,
                )]))
            }
            Deed::Decide => self.decide(place, id)?,
            Deed::Withdraw => self.withdraw(place, id)?,
            Deed::Judge => self.judge(place, id)?,
            Deed::Photograph => self.photograph(place, id)?,
            Deed::Publish => self.publish(place, id)?,
            Deed::Gather => Some(self.gather(place, id)?),
            Deed::Object => self.object(place, id)?,
            Deed::Move => {
                let Some(family) = self.one_of(place, "SELECT id FROM family ORDER BY id")? else {
                    return Ok(None);
                };
                let to = *self.chance.pick(&CENTRES).unwrap_or(&centre);
                self.edit_field(
                    place,
                    "family",
                    family,
                    "centre",
                    Value::from(to.to_string()),
                )?
            }
            Deed::Part => {
                let Some(at) = self.one_of(
                    place,
                    "SELECT id FROM membership WHERE ended_on IS NULL ORDER BY id",
                )?
                else {
                    return Ok(None);
                };
                self.edit_field(
                    place,
                    "membership",
                    at,
                    "ended_on",
                    Value::from("2026-11-24"),
                )?
            }
            Deed::Erase => {
                let sql = "SELECT id FROM person WHERE id NOT IN (SELECT person FROM erasure_order) ORDER BY id";
                let Some(person) = self.one_of(place, sql)? else {
                    return Ok(None);
                };
                let mut save = Save::of(vec![make(&records::order(id, person, now), centre)]);
                save.then = Box::new(move |world| {
                    world.known.orders.insert(id, person);
                });
                Some(save)
            }
            Deed::Stray => {
                let elsewhere = CENTRES.iter().find(|known| **known != centre);
                let elsewhere = *elsewhere.unwrap_or(&centre);
                let mut save = self.register(elsewhere, now);
                save.changes.truncate(1);
                for change in &save.changes {
                    self.known.forget_members(change.id);
                }
                Some(save)
            }
            Deed::Merge => self.merge(place)?,
            Deed::Unmerge => self.unmerge(place)?,
            Deed::Fetch => None,
        })
    }

    pub(super) fn two(&mut self, place: usize, sql: &str, id: Uuid) -> Result<(Uuid, Uuid)> {
        let device = self.device(place)?;
        let mut select = device.look.prepare_cached(sql)?;
        Ok(select.query_row([id.as_bytes().as_slice()], |row| {
            Ok((
                row.get(0).map(Uuid::from_bytes)?,
                row.get(1).map(Uuid::from_bytes)?,
            ))
        })?)
    }

    fn register(&mut self, centre: Uuid, now: porch_domain::time::Instant) -> Save {
        let family = self.chance.id();
        let word = self.chance.word();
        let mut changes = vec![make(&records::family(family, centre, &word), centre)];
        let mut people = Vec::new();
        for at in 0..1 + self.chance.below(3) {
            let (id, place, shown) = (self.chance.id(), self.chance.id(), self.chance.id());
            let word = self.chance.word();
            changes.push(make(&records::person(id, &word, at == 0), centre));
            changes.push(make(&records::place(place, family, id, at == 0), centre));
            if at == 0 {
                changes.push(make(&records::notice(shown, id, now), centre));
            }
            self.known.goes_with(place, id);
            self.known.goes_with(shown, id);
            people.push(KnownPerson { id, word });
        }
        let mother = people.first().map(|person| person.id);
        for child in people.iter().skip(1) {
            let id = self.chance.id();
            if let Some(mother) = mother {
                changes.push(make(&records::authority(id, child.id, mother, now), centre));
            }
            self.known.goes_with(id, child.id);
        }
        let members = people.iter().map(|person| person.id).collect();
        self.known.families.insert(family, members);
        self.known
            .people
            .extend(people.into_iter().map(|person| (person.id, person)));
        Save::of(changes)
    }

    fn edit_something(&mut self, place: usize, newer: bool) -> Result<Option<Save>> {
        if newer && self.device(place)?.old {
            return Ok(None);
        }
        if !newer && self.chance.one_in(4) {
            let Some(family) = self.one_of(place, "SELECT id FROM family ORDER BY id")? else {
                return Ok(None);
            };
            let field = *self
                .chance
                .pick(&["note", "address", "name"])
                .unwrap_or(&"note");
            let text = format!("{} Street", self.chance.word());
            return self.edit_field(place, "family", family, field, Value::from(text));
        }
        let Some(person) = self.one_of(place, "SELECT id FROM person ORDER BY id")? else {
            return Ok(None);
        };
        let word = self
            .known
            .people
            .get(&person)
            .map(|known| known.word.clone());
        let other = self.chance.word();
        let text = format!("{} {other}", word.unwrap_or_default());
        let fields: &[&str] = if newer {
            &["shoe_size", "pronouns"]
        } else {
            &["phone", "allergies", "known_as", "given_name", "email"]
        };
        let field = *self.chance.pick(fields).unwrap_or(&"phone");
        self.edit_field(place, "person", person, field, Value::from(text))
    }

    fn edit_field(
        &mut self,
        place: usize,
        kind: &'static str,
        id: Uuid,
        field: &'static str,
        value: Value,
    ) -> Result<Option<Save>> {
        let store = self.device(place)?.store.clone();
        let Some(row) = store.read(|read| read.row(kind, id))? else {
            return Ok(None);
        };
        let standing = row.fields.get(field);
        let before = standing.map(|standing| standing.value.clone());
        let base = standing.map(|standing| standing.version);
        if before.as_ref() == Some(&value) {
            return Ok(None);
        }
        let mut save = Save::of(vec![edit(kind, id, field, value, base)]);
        if let Some(before) = before {
            save.then = Box::new(move |world| world.known.replace(id, field, &before));
        }
        Ok(Some(save))
    }

    fn decide(&mut self, place: usize, id: Uuid) -> Result<Option<Save>> {
        let (centre, _) = self.at_centre(place)?;
        let now_ms = self.now_ms();
        let now = self.device(place)?.now(now_ms);
        let Some(subject) = self.one_of(place, "SELECT id FROM person ORDER BY id")? else {
            return Ok(None);
        };
        let device = self.device(place)?;
        let (decider, authority) = {
            let mut select = device.look.prepare_cached(
                "SELECT holder, id FROM authority WHERE child = ? ORDER BY id LIMIT 1",
            )?;
            let found = select.query_row([subject.as_bytes().as_slice()], |row| {
                Ok((
                    row.get(0).map(Uuid::from_bytes)?,
                    row.get(1).map(Uuid::from_bytes)?,
                ))
            });
            match found {
                Ok((holder, authority)) => (holder, Some(authority)),
                Err(rusqlite::Error::QueryReturnedNoRows) => (subject, None),
                Err(error) => bail!(error),
            }
        };
        let store = device.store.clone();
        let purpose = self.purpose;
        let heads = store.read(|read| read.consent_records(subject.into()))?;
        let heads: Vec<Uuid> = heads
            .ledger()
            .heads(subject.into(), purpose)
            .into_iter()
            .filter(|head| Uuid::from(head.decider) == decider)
            .map(|head| head.id.into())
            .collect();
        let deciding = Deciding {
            subject,
            purpose,
            decider,
            authority,
            yes: !self.chance.one_in(5),
            replaces: heads,
        };
        self.known.goes_with(id, subject);
        Ok(Some(Save::of(vec![make(
            &records::decision(id, &deciding, centre, now),
            centre,
        )])))
    }

    fn withdraw(&mut self, place: usize, id: Uuid) -> Result<Option<Save>> {
        let (centre, _) = self.at_centre(place)?;
        let now_ms = self.now_ms();
        let now = self.device(place)?.now(now_ms);
        let Some(decision) = self.one_of(place, "SELECT id FROM decision ORDER BY id")? else {
            return Ok(None);
        };
        let (subject, _) = self.two(
            place,
            "SELECT subject, subject FROM decision WHERE id = ?",
            decision,
        )?;
        let how = if self.chance.one_in(4) {
            WithdrawalHow::Reported
        } else {
            WithdrawalHow::InPerson
        };
        self.known.goes_with(id, subject);
        let record = records::withdrawal(id, (subject, self.purpose), decision, how, now);
        let mut save = Save::of(vec![make(&record, centre)]);
        if how.verified() {
            save.then = Box::new(move |world| {
                world.known.withdrawn.insert(decision, id);
            });
        }
        Ok(Some(save))
    }

    fn photograph(&mut self, place: usize, id: Uuid) -> Result<Option<Save>> {
        let (centre, number) = self.at_centre(place)?;
        let now_ms = self.now_ms();
        let device = self.device(place)?;
        let now = device.now(now_ms);
        let store = device.store.clone();
        let people = self.ids(
            place,
            "SELECT DISTINCT d.subject FROM decision d JOIN person p ON p.id = d.subject ORDER BY d.subject",
        )?;
        let mut shown = Vec::new();
        let latest = store.read(|read| read.latest_seen(now))?;
        for person in people {
            let records = store.read(|read| read.consent_records(person.into()))?;
            let permit = records.ledger().permit(person.into(), self.purpose, latest);
            // Words are one person's.
            let alone = self.purpose == Purpose::PublicityQuote;
            if let Ok(permit) = permit
                && (shown.is_empty() || (!alone && self.chance.one_in(3)))
            {
                shown.push((person, Uuid::from(permit.decision())));
            }
        }
        if shown.is_empty() {
            return Ok(None);
        }
        if self.purpose == Purpose::PublicityQuote {
            let said = pictures::words(id, latest)?;
            return Ok(Some(self.stored(said, shown, centre)));
        }
        let session = self.chance.one_in(3).then(|| session(number, 0));
        // One in many takes two chunks.
        let size = if self.chance.one_in(60) {
            (1 << 20) + 700
        } else {
            1500
        };
        let shot = pictures::shot(id, session, shown.len(), size, latest);
        Ok(Some(self.stored(shot, shown, centre)))
    }

    /// Everybody shown is named, each under the decision that permits it.
    pub(super) fn stored(&mut self, shot: Shot, shown: Vec<(Uuid, Uuid)>, centre: Uuid) -> Save {
        let id = shot.photo.id.into();
        let mut changes = vec![make(&shot.photo, centre)];
        for (person, decision) in &shown {
            let subject = pictures::in_photo(shot.photo.id, *person, *decision);
            for (other, _) in &shown {
                self.known.goes_with(subject.id.into(), *other);
            }
            self.known.goes_with(id, *person);
            let of_it = self.known.in_photo.entry(id).or_default();
            of_it.push(subject.id.into());
            changes.push(make(&subject, centre));
        }
        let decisions = shown.iter().map(|(_, decision)| *decision).collect();
        let people = shown.iter().map(|(person, _)| *person).collect();
        Save {
            changes,
            picture: Some((
                shot,
                shown.iter().map(|(person, _)| (*person).into()).collect(),
            )),
            then: Box::new(move |world| {
                let photo = KnownPhoto {
                    id,
                    decisions,
                    people,
                };
                world.known.photos.push(photo);
            }),
        }
    }

    fn ask_for_family(&mut self, place: usize) -> Result<()> {
        let everybody: Vec<KnownPerson> = self.known.people.values().cloned().collect();
        let Some(person) = self.chance.pick(&everybody) else {
            return Ok(());
        };
        // As they were called when they were registered, and as only they would say it.
        let adult = self.chance.one_in(2);
        let ask = Ask::Fetch(FetchRequest {
            given_name: format!("Given {}", person.word),
            family_name: format!("Family {}", person.word),
            birth_date: if adult { "1996-04-03" } else { "2024-02-14" }.to_owned(),
            author: AUTHOR,
        });
        // The answer may be lost when the family is placed already.
        let centre = self.device(place)?.centre;
        self.trace.note(format_args!(
            "device {place} asks for {}",
            person.id.simple()
        ));
        self.known.fetched.insert((person.id, centre));
        let line = self.line(place)?;
        let news = self.news.clone();
        self.jobs.begin(Owner::Device(place), "fetch", async move {
            let answer = line.ask(ask).await;
            news.tell(Happened::Fetched(place, answer));
        });
        Ok(())
    }
}
