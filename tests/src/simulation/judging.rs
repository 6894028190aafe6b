//! Rulings on what was reported, mistakes in recording, and stops.

use anyhow::Result;
use porch_domain::catalogue::Record;
use porch_domain::id::RecordId as _;
use porch_domain::time::Instant;
use porch_domain::withdrawal::Ruling;
use uuid::Uuid;

use super::records::{self, make};
use super::save::Save;
use super::world::World;

impl World {
    /// Somebody judges what a decision or a withdrawal counts for; none when there is nothing to judge.
    pub(super) fn judge(&mut self, place: usize, id: Uuid) -> Result<Option<Save>> {
        match self.chance.below(4) {
            0 => self.rule(place, id),
            1 => self.find_mistake(place, id),
            2 => self.stop(place, id),
            _ => self.end_stop(place, id),
        }
    }

    fn rule(&mut self, place: usize, id: Uuid) -> Result<Option<Save>> {
        let reported = "SELECT id FROM withdrawal WHERE how = 'reported' ORDER BY id";
        let Some(withdrawal) = self.one_of(place, reported)? else {
            return Ok(None);
        };
        let ruling = if self.chance.one_in(2) {
            Ruling::Upheld
        } else {
            Ruling::Dismissed
        };
        let subject = "SELECT subject, subject FROM withdrawal WHERE id = ?";
        let (subject, _) = self.two(place, subject, withdrawal)?;
        let record = records::ruling(id, withdrawal, ruling, self.now_at(place)?);
        self.judged(place, &record, subject).map(Some)
    }

    fn find_mistake(&mut self, place: usize, id: Uuid) -> Result<Option<Save>> {
        let Some(decision) = self.one_of(place, "SELECT id FROM decision ORDER BY id")? else {
            return Ok(None);
        };
        let subject = "SELECT subject, subject FROM decision WHERE id = ?";
        let (subject, _) = self.two(place, subject, decision)?;
        let record = records::misrecording(id, decision, self.now_at(place)?);
        self.judged(place, &record, subject).map(Some)
    }

    fn stop(&mut self, place: usize, id: Uuid) -> Result<Option<Save>> {
        let Some(subject) = self.one_of(place, "SELECT id FROM person ORDER BY id")? else {
            return Ok(None);
        };
        let record = records::stop(id, subject, self.purpose, self.now_at(place)?);
        let mut save = self.judged(place, &record, subject)?;
        save.then = Box::new(move |world| {
            world.known.stopped.insert(id, subject);
        });
        Ok(Some(save))
    }

    fn end_stop(&mut self, place: usize, id: Uuid) -> Result<Option<Save>> {
        let standing =
            "SELECT id FROM stop WHERE id NOT IN (SELECT stop FROM stop_end) ORDER BY id";
        let Some(stop) = self.one_of(place, standing)? else {
            return Ok(None);
        };
        let subject = "SELECT subject, subject FROM stop WHERE id = ?";
        let (subject, _) = self.two(place, subject, stop)?;
        let record = records::stop_end(id, stop, self.now_at(place)?);
        let mut save = self.judged(place, &record, subject)?;
        save.then = Box::new(move |world| {
            world.known.stopped.remove(&stop);
        });
        Ok(Some(save))
    }

    fn now_at(&mut self, place: usize) -> Result<Instant> {
        let now_ms = self.now_ms();
        Ok(self.device(place)?.now(now_ms))
    }

    fn judged<R: Record>(&mut self, place: usize, record: &R, subject: Uuid) -> Result<Save> {
        let (centre, _) = self.at_centre(place)?;
        self.known.goes_with(record.id().uuid(), subject);
        Ok(Save::of(vec![make(record, centre)]))
    }
}
