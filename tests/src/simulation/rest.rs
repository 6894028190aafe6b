//! The end of a run: nothing goes wrong any more, and within so many rounds everything agrees.

use std::sync::atomic::Ordering;

use anyhow::{Context as _, Result, bail, ensure};

use porch_sync::protocol::{Variant, blob_id};
use uuid::Uuid;

use super::world::World;

/// Within how many rounds of meetings everything agrees.
const ROUNDS: usize = 8;

impl World {
    /// Some time passes: mostly seconds, sometimes hours.
    pub(super) fn pass_time(&mut self) {
        let seconds = if self.chance.one_in(15) {
            self.chance.below(4 * 60 * 60)
        } else {
            self.chance.below(40)
        };
        let ms = u64::try_from(seconds * 1000).unwrap_or_default();
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// Nothing goes wrong any more: everything comes to agree, and everything is accounted for.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn rest(&mut self) -> Result<()> {
        self.mishaps = false;
        self.sticks.clear();
        for place in self.in_use() {
            let device = self.device(place)?;
            device.store.leave_room(None)?;
            device.frail.spare();
        }
        for _ in 0..4 {
            for server in 0..self.servers.len() {
                if self.servers.get(server).is_some_and(Option::is_none) {
                    self.start_once(server)?;
                }
            }
            self.settle()?;
        }
        ensure!(
            self.servers.iter().all(Option::is_some),
            "a server process does not start"
        );
        for place in self.in_use() {
            self.upgrade(place)?;
            // A program whose disk was full does not try again before it is started anew.
            self.cut_power(place, None)?;
            let device = self.device(place)?;
            device.store.write(|write| write.try_stopped_scopes())?;
        }
        self.trace
            .note(format_args!("from here on nothing goes wrong"));
        let mut open = Vec::new();
        for round in 0..ROUNDS {
            self.back_up();
            self.settle()?;
            self.let_in_photos(round >= ROUNDS / 2);
            self.settle()?;
            for place in self.in_use() {
                self.pass_time();
                if self.device(place)?.meeting.is_none() {
                    self.begin_meeting(place)?;
                }
                self.settle()?;
            }
            open = self.still_open()?;
            if open.is_empty() {
                self.trace
                    .note(format_args!("agreed after {} rounds", round + 1));
                self.counters
                    .count("agreed after rounds", &format!("{}", round + 1));
                return self.reckon(true);
            }
        }
        bail!(
            "not everything agrees after {ROUNDS} rounds: {}",
            open.join("; ")
        )
    }

    /// What does not agree yet.
    fn still_open(&self) -> Result<Vec<String>> {
        let mut open = Vec::new();
        for place in self.in_use() {
            let device = self.devices.get(place).context("no such device")?;
            let row = device.store.read(|read| read.device())?;
            for scope in row.scopes {
                let (head, tally) = self.store.head(scope);
                let mut select = device.look.prepare_cached(
                    "SELECT c.after, t.held, t.misses FROM cursor c JOIN scope_tally t ON t.scope = c.scope WHERE c.scope = ?",
                )?;
                let mut rows = select.query([scope.as_bytes().as_slice()])?;
                let here = match rows.next()? {
                    Some(row) => (
                        row.get::<_, u64>(0)?,
                        row.get::<_, u64>(1)?,
                        row.get::<_, u32>(2)?,
                    ),
                    None => (0, 0, 0),
                };
                if here != (head, tally.count, 0) {
                    open.push(format!(
                        "device {place} stands at {here:?} of {scope}, whose head is {head} with {}",
                        tally.count
                    ));
                }
            }
            for (what, sql) in [
                (
                    "unsent",
                    "SELECT COUNT(*) FROM outbox WHERE outcome IS NULL",
                ),
                (
                    "kept for a restore, though in a backup",
                    "SELECT COUNT(*) FROM outbox WHERE body IS NOT NULL",
                ),
                ("leaving", "SELECT COUNT(*) FROM parting"),
                (
                    "states of the county's kept of records without unsent changes",
                    "SELECT COUNT(*) FROM confirmed WHERE record NOT IN (SELECT record FROM outbox_record)",
                ),
                (
                    "pictures to send",
                    "SELECT COUNT(*) FROM picture_outbox WHERE photo IN (SELECT photo FROM photo_standing)",
                ),
            ] {
                let count = device.count(sql)?;
                if count > 0 {
                    open.push(format!("device {place}: {count} {what}"));
                }
            }
            let mut select = device.look.prepare_cached(
                "SELECT kind FROM unheld WHERE record NOT IN (SELECT record FROM holding)",
            )?;
            let kinds = select.query_map((), |row| row.get::<_, String>(0))?;
            let kinds = kinds.collect::<Result<Vec<_>, _>>()?;
            // Consent stays as long as anything of the same person's is held.
            let consent = [
                "authority",
                "authority_end",
                "decision",
                "misrecording",
                "expiry",
                "withdrawal",
                "withdrawal_ruling",
                "stop",
                "stop_end",
            ];
            let kinds: Vec<_> = kinds
                .iter()
                .filter(|kind| !consent.contains(&kind.as_str()))
                .collect();
            if !kinds.is_empty() {
                open.push(format!("device {place} does not let go of {kinds:?}"));
            }
            let on_the_way = self.pictures_on_the_way(place)?;
            if on_the_way > 0 {
                open.push(format!("device {place}: {on_the_way} pictures on the way"));
            }
        }
        Ok(open)
    }

    /// Pictures that a device may fetch, are at the county, and have not arrived. One may stand that is not to be fetched any
    /// more: under a decision that is in doubt by now, while another permits it.
    fn pictures_on_the_way(&self, place: usize) -> Result<usize> {
        let device = self.devices.get(place).context("no such device")?;
        let chunks = self.store.chunks();
        let mut select = device.look.prepare_cached(
            "SELECT p.id, p.bytes, EXISTS (SELECT 1 FROM picture x WHERE x.photo = p.id AND x.variant = 'picture')
             FROM photo p WHERE p.id IN (SELECT photo FROM photo_receivable)",
        )?;
        let rows = select.query_map((), |row| {
            Ok((
                row.get(0).map(Uuid::from_bytes)?,
                row.get::<_, usize>(1)?,
                row.get::<_, bool>(2)?,
            ))
        })?;
        let mut on_the_way = 0;
        for row in rows {
            let (photo, bytes, here) = row?;
            let there = chunks.get(&blob_id(photo, Variant::Picture)) == Some(&bytes);
            on_the_way += usize::from(there && !here);
        }
        Ok(on_the_way)
    }
}
