//! What arrives.

use porch_domain::catalogue::{Shape, record_entry};
use porch_domain::time::Instant;
#[cfg(feature = "simulation")]
use porch_sync::planted::{Planted, is_planted};
use porch_sync::protocol::PullPage;
use porch_sync::{HybridClock, Row};
use rusqlite::params;
use uuid::Uuid;

use super::URGENT;
use crate::access::Write;
use crate::erasure::Drop;
use crate::error::{ConsentRefusal, StoreError};
use crate::search;

/// How far ahead of the server a clock reading may be and still be taken in, in milliseconds.
const CLOCK_TOLERANCE_MS: u64 = 5 * 60 * 1000;

/// How the rows of a page are taken in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// All at once: what a guard refuses fails the page. A savepoint for each row would cost several
    /// times what the row does.
    Together,
    /// Each under a savepoint of its own: what a guard refuses is set aside, and is in nobody's way.
    OneByOne,
}

impl Write<'_> {
    /// Takes a page in: what takes permission or content away first, and the new places with it.
    pub(super) fn arrive(&self, page: &PullPage, rows: Rows) -> Result<(), StoreError> {
        // Erasures before everything, so that nothing of the page can bring them back.
        let now = i64::try_from(page.server_unix_ms).unwrap_or(i64::MAX);
        self.carry_out(&page.removals, Instant::from_unix_ms(now))?;
        if let Some(digests) = &page.digests {
            self.use_digest_key(&digests.key)?;
        }
        let mut clock = HybridClock::resumed(self.clock()?);
        self.connection
            .execute("INSERT INTO taking_in (only_row) VALUES (1)", ())?;
        let arrived = || page.urgent.iter().chain(&page.rows);
        if rows == Rows::Together {
            self.arrive_together(arrived().map(|arrived| &arrived.row))?;
        }
        for arrived in arrived() {
            if rows == Rows::OneByOne {
                self.arrive_row(&arrived.row)?;
            }
            if let Some(versions) = arrived.row.versions() {
                clock.observe(
                    versions.latest_clock(),
                    page.server_unix_ms,
                    CLOCK_TOLERANCE_MS,
                );
            }
        }
        self.connection.execute("DELETE FROM taking_in", ())?;
        self.connection
            .prepare_cached("UPDATE tally SET clock = ?")?
            .execute([clock.latest().to_string()])?;
        self.put_place(URGENT, page.urgent_head)?;
        if let Some(place) = page.place {
            self.hold(place.scope, &page.rows)?;
            self.note_left(place.scope, &page.left)?;
            self.put_place(place.scope, place.after)?;
        }
        // The digests are of the page's moment: what is still to come of removals is in them already.
        let urgent_is_complete = page.place.is_some() || !page.more;
        if let Some(digests) = page.digests.as_ref().filter(|_| urgent_is_complete) {
            self.compare(digests)?;
        }
        if !page.more {
            self.uncover_answered()?;
            if let Some(kept_aside) = &page.kept_aside {
                self.forget_looked_at(kept_aside)?;
                self.look_through_if_older(kept_aside.before)?;
            }
        }
        if let Some(holds) = &page.holds {
            self.note_scopes(holds)?;
        }
        self.let_go_of_backed_up(page.backed_up)
    }

    /// The county has transactions of this device that it does not know: a copy of its disk wrote them, or an older disk was
    /// put back.
    fn look_through_if_older(&self, expected: u64) -> Result<(), StoreError> {
        let latest: u64 = self
            .connection
            .prepare_cached("SELECT sequence FROM tally")?
            .query_row((), |row| row.get(0))?;
        if expected > latest.saturating_add(1) {
            self.look_through()?;
        }
        Ok(())
    }

    fn clock(&self) -> Result<porch_sync::Hlc, StoreError> {
        let text: String = self
            .connection
            .prepare_cached("SELECT clock FROM tally")?
            .query_row((), |row| row.get(0))?;
        Ok(text.parse()?)
    }

    #[cfg(feature = "simulation")]
    pub(super) fn put_places_first(&self, page: &PullPage) -> Result<(), StoreError> {
        self.put_place(URGENT, page.urgent_head)?;
        page.place
            .map_or(Ok(()), |place| self.put_place(place.scope, place.after))
    }

    fn put_place(&self, scope: Uuid, after: u64) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO cursor (scope, after) VALUES (?, ?)
                 ON CONFLICT (scope) DO UPDATE SET after = max(after, excluded.after)",
            )?
            .execute(params![scope.as_bytes(), after])?;
        Ok(())
    }

    /// Takes records in, and then brings the search index up to them.
    fn arrive_together<'a>(
        &self,
        rows: impl Iterator<Item = &'a Row> + Clone,
    ) -> Result<(), StoreError> {
        // Under whatever is unsent, or was answered and has not come back, lies what was pulled last.
        let is_covering = self.has_any("confirmed")?;
        let is_aside = self.has_any("set_aside")?;
        let mut changed = Vec::new();
        for row in rows {
            let entry = record_entry(&row.kind).ok_or(StoreError::Malformed)?;
            if is_covering && entry.shape != Shape::Event {
                self.take_row(row)?;
            } else {
                self.put_columns(row)?;
                changed.push((row.kind.as_str(), row.id));
            }
            if is_aside {
                self.forget_aside(row)?;
            }
        }
        search::rows_changed(self, changed)
    }

    /// Whether a table of the store's has any row.
    pub(super) fn has_any(&self, table: &'static str) -> Result<bool, StoreError> {
        let mut select = self
            .connection
            .prepare_cached(&format!("SELECT 1 FROM {table} LIMIT 1"))?;
        Ok(select.exists(())?)
    }

    fn arrive_row(&self, row: &Row) -> Result<(), StoreError> {
        self.connection.execute_batch("SAVEPOINT arrival")?;
        match self.take_row(row) {
            Ok(()) => {
                self.connection.execute_batch("RELEASE arrival")?;
                self.forget_aside(row)
            }
            Err(StoreError::Erased) => {
                self.connection
                    .execute_batch("ROLLBACK TO arrival; RELEASE arrival")?;
                self.note_drop(&row.kind, row.id, Drop::Arrived)
            }
            Err(refused @ (StoreError::Consent(_) | StoreError::Malformed)) => {
                self.connection
                    .execute_batch("ROLLBACK TO arrival; RELEASE arrival")?;
                self.set_aside(row, reason(refused))
            }
            Err(error) => Err(error),
        }
    }

    fn take_row(&self, row: &Row) -> Result<(), StoreError> {
        let entry = record_entry(&row.kind).ok_or(StoreError::Malformed)?;
        #[cfg(feature = "simulation")]
        if is_planted(Planted::UnsentCovered) {
            return self.put_row(row);
        }
        if entry.shape == Shape::Event || self.unsent_of(row.id)?.is_empty() {
            self.put_row(row)?;
            return self.forget_confirmed(row.id);
        }
        self.put_confirmed(row)?;
        self.lay_on_top(&row.kind, row.id)
    }
}

const fn reason(refused: StoreError) -> &'static str {
    match refused {
        StoreError::Consent(ConsentRefusal::DoesNotStand) => "does_not_stand",
        StoreError::Consent(ConsentRefusal::SubjectsFrozen) => "subjects_frozen",
        StoreError::Consent(_) => "consent",
        _ => "malformed",
    }
}
