//! Pull: what is urgent first, then one scope's feed.

use porch_sync::DeviceNumber;
use porch_sync::protocol::{CountyRefusal, FeedPlace, FeedRow, PullPage, PullRequest, Removal};

use crate::county::{Answer, County};
use crate::store::{Logged, Reading, RemovalReading, Store, URGENT};

/// The most rows in a page, whatever the device asks for.
const MAX_ROWS: u32 = 1000;

/// About how many bytes of rows a page carries at most; a page has at least one row.
const PAGE_BYTES: usize = 1024 * 1024;

impl<S: Store> County<S> {
    /// One page for a device, from one snapshot: what is urgent, then the first of its scopes that
    /// has something new.
    ///
    /// # Errors
    /// [`CountyRefusal::Scope`] when a scope is not the device's, [`CountyRefusal::Revoked`].
    pub async fn pull(&self, device: DeviceNumber, request: &PullRequest) -> Answer<PullPage> {
        let mut reading = self.store.reading().await?;
        let device = reading.device(device).await?.ok_or(CountyRefusal::Token)?;
        if device.revoked_ms.is_some() {
            return Err(CountyRefusal::Revoked.into());
        }
        let mut scopes = request.places.iter().map(|place| place.scope);
        if !scopes.all(|scope| device.scopes.contains(&scope)) {
            return Err(CountyRefusal::Scope.into());
        }
        let mut page = PullPage {
            epoch: self.origin.epoch,
            removals: Vec::new(),
            urgent: Vec::new(),
            urgent_head: 0,
            place: None,
            rows: Vec::new(),
            more: false,
            server_unix_ms: self.surroundings.unix_ms(),
        };
        // Places in another epoch's feeds mean nothing here: the device begins again from 0.
        if request.epoch != self.origin.epoch {
            page.more = true;
            return Ok(page);
        }
        let limit = request.limit.clamp(1, MAX_ROWS);
        let mut room = PAGE_BYTES;

        if let Some(scrubbed) = request.scrubbed {
            self.confirm(device.number, scrubbed).await?;
        }
        let removals = reading
            .removals(device.number, request.urgent_after, limit)
            .await?;
        // With a full page of removals, what is urgent beyond them waits.
        let removals_end = removals
            .last()
            .filter(|_| u32::try_from(removals.len()).is_ok_and(|given| given >= limit))
            .map(|last| last.sequence);
        page.removals = removals.into_iter().filter_map(removal).collect();

        let mut urgent = reading
            .urgent(&device.scopes, request.urgent_after, limit)
            .await?;
        let full = is_full(&urgent, limit) && removals_end.is_none();
        if let Some(end) = removals_end {
            urgent.retain(|row| row.sequence < end);
        }
        let (urgent, cut) = fitting(urgent, &mut room, true);
        page.more = full || cut || removals_end.is_some();
        page.urgent_head = if let Some(end) = removals_end.filter(|_| !cut) {
            end
        } else if page.more {
            last(&urgent, request.urgent_after)
        } else {
            reading.head(URGENT).await?.unwrap_or_default()
        };
        page.urgent = urgent;
        if page.more {
            return Ok(page);
        }

        for place in &request.places {
            let head = reading.head(place.scope).await?.unwrap_or_default();
            if head <= place.after {
                continue;
            }
            if page.place.is_some() {
                page.more = true;
                break;
            }
            let rows = reading.feed(place.scope, place.after, limit).await?;
            let full = is_full(&rows, limit);
            let (rows, cut) = fitting(rows, &mut room, page.urgent.is_empty());
            page.more = full || cut;
            page.place = Some(FeedPlace {
                scope: place.scope,
                after: if page.more {
                    last(&rows, place.after)
                } else {
                    head
                },
            });
            page.rows = rows;
            if page.more {
                break;
            }
        }
        Ok(page)
    }
}

fn removal(logged: Logged) -> Option<Removal> {
    Some(Removal {
        sequence: logged.sequence,
        kind: logged.kind,
        record: logged.record?,
        because: logged.erasure,
        unix_ms: logged.at_ms,
    })
}

/// Whether there may be more than were asked for.
fn is_full(rows: &[FeedRow], limit: u32) -> bool {
    u32::try_from(rows.len()).is_ok_and(|given| given >= limit)
}

fn last(rows: &[FeedRow], otherwise: u64) -> u64 {
    rows.last().map_or(otherwise, |row| row.sequence)
}

/// As many rows as there is room for, and whether some were left.
fn fitting(rows: Vec<FeedRow>, room: &mut usize, at_least_one: bool) -> (Vec<FeedRow>, bool) {
    let mut rows = rows.into_iter().peekable();
    let mut taken = Vec::new();
    while let Some(row) =
        rows.next_if(|row| size(row) <= *room || (at_least_one && taken.is_empty()))
    {
        *room = room.saturating_sub(size(&row));
        taken.push(row);
    }
    (taken, rows.peek().is_some())
}

/// About the row's size in JSON.
fn size(row: &FeedRow) -> usize {
    let fields = row.row.fields.iter().map(|(name, stamped)| {
        let value = match &stamped.value {
            serde_json::Value::String(text) => text.len(),
            serde_json::Value::Array(items) => 48 * items.len(),
            _ => 8,
        };
        name.len() + value + 64
    });
    96 + fields.sum::<usize>()
}
