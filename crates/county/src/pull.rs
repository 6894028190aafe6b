//! Pull: what is urgent first, then one scope's feed.

use porch_sync::protocol::{
    CountyRefusal, Digests, FeedPlace, FeedRow, Holds, KeptAside, LARGEST_NUMBER, PullPage,
    PullRequest, Removal,
};
use porch_sync::{DeviceNumber, ScopeDigest};
use uuid::Uuid;

use crate::county::{Answer, County};
use crate::store::{Device, Logged, Reading, Store, Stored, URGENT};

/// The most rows in a page, whatever the device asks for.
const MAX_ROWS: u32 = 1000;

/// About how many bytes of rows a page carries at most; a page has at least one row.
const PAGE_BYTES: usize = 1024 * 1024;

impl<S: Store> County<S> {
    /// One page for a device, from one snapshot: what is urgent, then the first of its scopes that
    /// has something new.
    ///
    /// # Errors
    /// [`CountyRefusal::Scope`] when a scope is not the device's, [`CountyRefusal::Revoked`],
    /// [`CountyRefusal::Malformed`] for a place that no feed can have.
    pub async fn pull(&self, device: DeviceNumber, request: &PullRequest) -> Answer<PullPage> {
        let mut places = request.places.iter().map(|place| place.after);
        if request.urgent_after > LARGEST_NUMBER || places.any(|after| after > LARGEST_NUMBER) {
            return Err(CountyRefusal::Malformed.into());
        }
        if !request.left.is_empty() {
            self.note_left(device, &request.left).await?;
        }
        let mut reading = self.store.reading().await?;
        let device = reading.device(device).await?.ok_or(CountyRefusal::Token)?;
        if device.revoked_ms.is_some() {
            return Err(CountyRefusal::Revoked.into());
        }
        // Read here, since a restore may change it while this server runs.
        let epoch = reading.epoch().await?;
        let mut page = PullPage {
            epoch,
            removals: Vec::new(),
            urgent: Vec::new(),
            urgent_head: 0,
            place: None,
            rows: Vec::new(),
            left: Vec::new(),
            holds: Some(Holds {
                scopes: device.scopes.iter().copied().collect(),
                leaving: device.leaving.iter().copied().collect(),
            }),
            more: false,
            digests: None,
            backed_up: device.backed_up,
            kept_aside: None,
            server_unix_ms: self.surroundings.unix_ms(),
        };
        // Places in another epoch's feeds mean nothing here: the device begins again from 0.
        if request.epoch != epoch {
            page.more = true;
            page.backed_up = 0;
            return Ok(page);
        }
        // Only now: a device may name a scope that it was given after the backup that was restored.
        let known = |scope| device.writes_in(scope) || device.left.contains(&scope);
        if !request.places.iter().all(|place| known(place.scope)) {
            return Err(CountyRefusal::Scope.into());
        }
        // It may not have heard yet that a scope was taken from it.
        let mut request = request.clone();
        request
            .places
            .retain(|place| device.scopes.contains(&place.scope));
        let request = &request;
        page.kept_aside = Some(kept_aside(&mut reading, &device).await?);
        page.digests = Some(Digests {
            key: self.digest_key,
            scopes: digests(&mut reading, &request.places).await?,
        });
        let limit = request.limit.clamp(1, MAX_ROWS);
        let mut room = PAGE_BYTES;
        let confirmed = confirmed(&mut reading, &device, request.scrubbed).await?;
        put_urgent(
            &mut page,
            &mut reading,
            &device,
            (request, limit),
            &mut room,
        )
        .await?;
        if !page.more {
            put_rows(&mut page, &mut reading, (request, limit), &mut room).await?;
        }
        // One connection at a time: else pulls could wait for each other's.
        drop(reading);
        self.settle(&confirmed, Some(device.number)).await?;
        Ok(page)
    }
}

/// What a person has still to look at of what a device sent.
async fn kept_aside<R: Reading>(reading: &mut R, device: &Device) -> Stored<KeptAside> {
    let kept = reading.quarantined(device.number).await?;
    let waiting = kept.iter().filter(|kept| kept.is_waiting());
    Ok(KeptAside {
        before: device.expected,
        waiting: waiting.map(|kept| kept.sealed.sequence).collect(),
    })
}

/// The erasures that a device confirms: it has carried out and scrubbed all removals up to a place.
async fn confirmed<R: Reading>(
    reading: &mut R,
    device: &Device,
    scrubbed: Option<u64>,
) -> Stored<Vec<Uuid>> {
    let Some(scrubbed) = scrubbed else {
        return Ok(Vec::new());
    };
    let waiting = reading.unconfirmed(device.number).await?;
    Ok(waiting
        .into_iter()
        .filter(|(_, sequence)| *sequence <= scrubbed)
        .map(|(erasure, _)| erasure)
        .collect())
}

/// Removals and what else is urgent, up to one place for both.
async fn put_urgent<R: Reading>(
    page: &mut PullPage,
    reading: &mut R,
    device: &Device,
    (request, limit): (&PullRequest, u32),
    room: &mut usize,
) -> Stored<()> {
    let after = request.urgent_after;
    let removals = reading.removals(device.number, after, limit).await?;
    let removals_full = u32::try_from(removals.len()).is_ok_and(|given| given >= limit);
    let removals_end = removals.last().map(|last| last.sequence);
    let urgent = reading.urgent(&device.scopes, after, limit).await?;
    let full = is_full(&urgent, limit);
    let (mut urgent, cut) = fitting(urgent, room, true);
    let ends = [
        removals_end.filter(|_| removals_full),
        (full || cut).then(|| last(&urgent, after)),
    ];
    let end = ends.into_iter().flatten().min();
    page.more = end.is_some();
    page.urgent_head = match end {
        Some(end) => end,
        None => reading.head(URGENT).await?.unwrap_or_default(),
    };
    // Beyond the end of the one, the other would only come twice.
    urgent.retain(|row| row.sequence <= page.urgent_head);
    page.urgent = urgent;
    page.removals = removals
        .into_iter()
        .filter(|logged| logged.sequence <= page.urgent_head)
        .filter_map(removal)
        .collect();
    Ok(())
}

/// Rows of the first scope that has something new.
async fn put_rows<R: Reading>(
    page: &mut PullPage,
    reading: &mut R,
    (request, limit): (&PullRequest, u32),
    room: &mut usize,
) -> Stored<()> {
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
        let left = reading.left(place.scope, place.after, limit).await?;
        let full = is_full(&rows, limit);
        let left_full = u32::try_from(left.len()).is_ok_and(|given| given >= limit);
        let (mut rows, cut) = fitting(rows, room, page.urgent.is_empty());
        let ends = [
            (full || cut).then(|| last(&rows, place.after)),
            left.last().filter(|_| left_full).map(|left| left.sequence),
        ];
        let end = ends.into_iter().flatten().min();
        page.more = end.is_some();
        let after = end.unwrap_or(head);
        // Beyond the end of the one, the other would come twice.
        rows.retain(|row| row.sequence <= after);
        page.left = left.into_iter().filter(|l| l.sequence <= after).collect();
        page.place = Some(FeedPlace {
            scope: place.scope,
            after,
        });
        page.rows = rows;
        if page.more {
            break;
        }
    }
    Ok(())
}

/// What the scopes hold at their heads.
async fn digests<R: Reading>(reading: &mut R, places: &[FeedPlace]) -> Stored<Vec<ScopeDigest>> {
    let mut digests = Vec::with_capacity(places.len());
    for FeedPlace { scope, .. } in places {
        let head = reading.head(*scope).await?;
        if let Some((head, tally)) = head.zip(reading.tally(*scope).await?) {
            digests.push(ScopeDigest::of(*scope, head, tally));
        }
    }
    Ok(digests)
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
