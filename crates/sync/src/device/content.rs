//! Content of photos, on its way out and in.

use super::begun::{Begun, begin};
use super::{Chunk, ChunkFate, MeetError, MeetResult, Met, Parcel, Replica, Transport};
use crate::protocol::CHUNK_BYTES;

/// The most chunks of content that are on their way at once, and about how many bytes.
const CHUNKS_AT_ONCE: usize = 32;
const BYTES_AT_ONCE: u64 = CHUNK_BYTES as u64;

/// Content that does not stand at the moment, here or there, stays for a later meeting: if it was
/// removed, its parcel goes with it; if it was only suspended, it may stand again.
pub(super) async fn send_parcels<R: Replica, T: Transport>(
    replica: &R,
    transport: &T,
    met: &mut Met,
) -> MeetResult<(), R, T> {
    'parcels: for parcel in replica.parcels_out().map_err(MeetError::Store)? {
        let known = transport
            .blob_state(parcel.blob())
            .await
            .map_err(MeetError::Transport)?;
        let Some(known) = known else {
            replica.not_expected(&parcel).map_err(MeetError::Store)?;
            continue;
        };
        let count = parcel.chunk_count();
        let there = if known.complete { count } else { known.chunks };
        for chunk in there..count {
            let standing = replica
                .chunk_out(&parcel, chunk)
                .map_err(MeetError::Store)?;
            let Some(bytes) = standing else {
                continue 'parcels;
            };
            let sent = transport.put_chunk(parcel.blob(), chunk, bytes).await;
            if sent.map_err(MeetError::Transport)? == ChunkFate::Unwanted {
                continue 'parcels;
            }
        }
        replica.parcel_sent(&parcel).map_err(MeetError::Store)?;
        met.parcels += 1;
    }
    Ok(())
}

/// Fetches what is missing, many chunks at once. While some are being stored, the next are on their
/// way.
pub(super) async fn fetch_parcels<R: Replica, T: Transport>(
    replica: &R,
    transport: &T,
    met: &mut Met,
    progress: &mut impl FnMut(&Met),
) -> MeetResult<(), R, T> {
    let parcels = replica.parcels_in().map_err(MeetError::Store)?;
    let mut missing = parcels
        .into_iter()
        .flat_map(|parcel| (parcel.chunks..parcel.chunk_count()).map(move |chunk| (parcel, chunk)))
        .peekable();
    let fetch = |(parcel, number): (Parcel, u32)| async move {
        let fetched = transport.get_chunk(parcel.blob(), number).await;
        (parcel, number, fetched)
    };
    let mut going = Vec::new();
    for wanted in at_once(&mut missing) {
        going.push(begin(fetch(wanted)).await);
    }
    let mut given_up = None;
    while !going.is_empty() {
        let mut arrived = Vec::with_capacity(going.len());
        let mut broken = None;
        for chunk in going {
            let (parcel, number, fetched) = Begun::end(chunk).await;
            match fetched {
                // Chunks are kept in order: what comes after a missing one waits for a later meeting.
                Ok(Some(bytes)) if given_up != Some(parcel.blob()) => arrived.push(Chunk {
                    parcel,
                    number,
                    bytes,
                }),
                Ok(_) => given_up = Some(parcel.blob()),
                // What came before the line broke is kept.
                Err(error) => {
                    broken = Some(error);
                    break;
                }
            }
        }
        if let Some(error) = broken {
            replica.chunks_arrived(&arrived).map_err(MeetError::Store)?;
            return Err(MeetError::Transport(error));
        }
        // A part of a picture is kept before the next one travels: who is killed then goes on from there.
        let keep = || replica.chunks_arrived(&arrived).map_err(MeetError::Store);
        let in_parts = arrived.iter().any(|chunk| chunk.parcel.chunk_count() > 1);
        if in_parts {
            keep()?;
        }
        going = Vec::new();
        while missing
            .next_if(|(parcel, _)| given_up == Some(parcel.blob()))
            .is_some()
        {}
        for wanted in at_once(&mut missing) {
            going.push(begin(fetch(wanted)).await);
        }
        if !in_parts {
            keep()?;
        }
        let whole = arrived
            .iter()
            .filter(|chunk| chunk.number + 1 == chunk.parcel.chunk_count());
        met.parcels += whole.count();
        progress(met);
    }
    Ok(())
}

/// As many of the next chunks as may be on their way at once; at least one, if there is any.
fn at_once(
    missing: &mut std::iter::Peekable<impl Iterator<Item = (Parcel, u32)>>,
) -> Vec<(Parcel, u32)> {
    let (mut wanted, mut bytes) = (Vec::new(), 0);
    while let Some((parcel, _)) = missing.peek()
        && wanted.len() < CHUNKS_AT_ONCE
        && (wanted.is_empty() || bytes + parcel.bytes.min(CHUNK_BYTES as u64) <= BYTES_AT_ONCE)
    {
        bytes += parcel.bytes.min(CHUNK_BYTES as u64);
        wanted.extend(missing.next());
    }
    wanted
}
