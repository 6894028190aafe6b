//! The device's side of a meeting with the county, over a store and a transport.
//!
//! Plain async functions over two traits, so that the same code runs over HTTPS in the program
//! and over a simulated network in tests.

mod begun;
mod content;

use std::fmt::Debug;
use std::future::Future;

use uuid::Uuid;

#[cfg(feature = "simulation")]
use crate::planted::{Planted, is_planted};
use crate::protocol::{
    AuditHead, BlobState, CHUNK_BYTES, CountyRefusal, FeedPlace, PullPage, PullRequest, PushAnswer,
    PushRequest, Variant, blob_id,
};
use crate::sealed::{Digest, SealedTransaction};
use begun::{Begun, begin};
use content::{fetch_parcels, send_parcels};

/// The most rows that a device asks for in a page.
pub const PAGE_ROWS: u32 = 1000;

/// Where a device stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The server epoch that it knows.
    pub epoch: Uuid,
    /// Its place in the urgent feed.
    pub urgent_after: u64,
    /// Its place in the feed of each scope that it holds and that has not stopped.
    pub places: Vec<FeedPlace>,
    /// The place in the urgent feed up to which removals were carried out and scrubbed from its
    /// files; none while that is not certain.
    pub scrubbed: Option<u64>,
    /// Scopes that were taken from it and of which nothing is left in its files.
    pub left: Vec<Uuid>,
}

/// A transaction of this device whose number the server knows for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The number.
    pub sequence: u64,
    /// The digest of this device's transaction.
    pub digest: Digest,
}

/// Content of a photo that is to travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The photo.
    pub photo: Uuid,
    /// Which form of it.
    pub variant: Variant,
    /// Its size in bytes.
    pub bytes: u64,
    /// How many whole chunks have arrived here; none of what is to be sent.
    pub chunks: u32,
}

impl Parcel {
    /// The blob's id.
    #[must_use]
    pub fn blob(&self) -> Uuid {
        blob_id(self.photo, self.variant)
    }

    /// How many chunks it has.
    #[must_use]
    pub fn chunk_count(&self) -> u32 {
        u32::try_from(self.bytes.div_ceil(CHUNK_BYTES as u64)).unwrap_or(u32::MAX)
    }
}

/// A chunk of content that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Of what.
    pub parcel: Parcel,
    /// Its number, from 0.
    pub number: u32,
    /// Itself.
    pub bytes: Vec<u8>,
}

/// What became of an offered chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkFate {
    /// The server has it.
    Taken,
    /// The server does not want this blob now: its photo does not stand, it has no record of it, or the
    /// content is not what the record says.
    Unwanted,
}

impl ChunkFate {
    /// What a refusal means for the blob; none when it is no answer about the blob.
    #[must_use]
    pub const fn refused(refusal: CountyRefusal) -> Option<Self> {
        match refusal {
            CountyRefusal::BlobNotExpected
            | CountyRefusal::Scope
            | CountyRefusal::Malformed
            | CountyRefusal::TooLarge => Some(Self::Unwanted),
            _ => None,
        }
    }
}

/// The store of a device, as a meeting needs it. Each method is one durable step: a crash between
/// any two loses nothing and repeats at most one of them.
pub trait Replica {
    /// What can go wrong.
    type Error: Debug;

    /// Where the device stands.
    fn standing(&self) -> Result<Standing, Self::Error>;

    /// The next transactions to send, in sequence order, within the size of a batch; empty when
    /// everything was answered.
    fn unsent(&self) -> Result<Vec<SealedTransaction>, Self::Error>;

    /// The end of the audit chain.
    fn audit_head(&self) -> Result<Option<AuditHead>, Self::Error>;

    /// Keeps the outcomes of a push.
    fn answered(&self, answer: &PushAnswer) -> Result<(), Self::Error>;

    /// Takes a page in: removals first, then urgent rows, then the scope's rows, unsent changes laid
    /// on top again, and the places, all in one step. Where the device then stands at a scope's head,
    /// it compares what it holds with the digest; if they differ, its place goes back to the start,
    /// and the second time in a row the scope stops and is no longer in [`Replica::standing`].
    fn take_page(&self, page: &PullPage) -> Result<(), Self::Error>;

    /// The server was restored from a backup: forgets places and outcomes, so that everything is
    /// sent and pulled again, content included.
    fn new_epoch(&self, epoch: Uuid) -> Result<(), Self::Error>;

    /// Removes what no scope of this device holds any more. Called when everything was taken in and
    /// sent; does nothing while anything is unsent all the same.
    fn let_go(&self) -> Result<(), Self::Error>;

    /// Content to send.
    fn parcels_out(&self) -> Result<Vec<Parcel>, Self::Error>;

    /// One chunk of content to send; `None` when it no longer stands.
    fn chunk_out(&self, parcel: &Parcel, chunk: u32) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Takes note that the server says that it knows nothing of it. Unless the record is held, is still to be sent, or waits
    /// at the server for a person, it will not be known at the next meeting either.
    fn not_expected(&self, parcel: &Parcel) -> Result<(), Self::Error>;

    /// Keeps that the server has all of it.
    fn parcel_sent(&self, parcel: &Parcel) -> Result<(), Self::Error>;

    /// Content to fetch: of photos that stand.
    fn parcels_in(&self) -> Result<Vec<Parcel>, Self::Error>;

    /// Keeps chunks, all in one step; the last one of a parcel makes the picture, if its digest is the
    /// declared one.
    fn chunks_arrived(&self, chunks: &[Chunk]) -> Result<(), Self::Error>;
}

/// The way to the county.
pub trait Transport {
    /// What can go wrong.
    type Error: Debug;

    /// Sends transactions.
    fn push(
        &self,
        request: &PushRequest,
    ) -> impl Future<Output = Result<PushAnswer, Self::Error>> + Send;

    /// Asks for what is new.
    fn pull(
        &self,
        request: &PullRequest,
    ) -> impl Future<Output = Result<PullPage, Self::Error>> + Send;

    /// How much of a blob the server has; `None` when it does not know it.
    fn blob_state(
        &self,
        blob: Uuid,
    ) -> impl Future<Output = Result<Option<BlobState>, Self::Error>> + Send;

    /// Sends a chunk.
    fn put_chunk(
        &self,
        blob: Uuid,
        chunk: u32,
        bytes: Vec<u8>,
    ) -> impl Future<Output = Result<ChunkFate, Self::Error>> + Send;

    /// Fetches a chunk; `None` when the server does not have it (yet).
    fn get_chunk(
        &self,
        blob: Uuid,
        chunk: u32,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> + Send;
}

/// Why a meeting ended early. What was done until then stays done.
#[derive(Debug)]
pub enum MeetError<S, T> {
    /// The store failed.
    Store(S),
    /// The county was not reached, or refused.
    Transport(T),
    /// The server's answers lead nowhere: it asks for what the device has sent.
    Stuck,
    /// This device was copied: another one has used its numbers for other transactions. It must
    /// rejoin ([`crate::protocol::RejoinRequest`]) and number its unsent transactions anew.
    Cloned(Clash),
}

/// How a meeting went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// Transactions that the server answered.
    pub sent: usize,
    /// Rows taken in.
    pub taken: usize,
    /// Parcels sent or fetched whole.
    pub parcels: usize,
    /// The server's time, milliseconds since 1970 (UTC), as of its last answer.
    pub server_unix_ms: u64,
    /// Whether the server saw that the device's audit chain went back or changed.
    pub audit_misfit: bool,
}

type MeetResult<V, R, T> = Result<V, MeetError<<R as Replica>::Error, <T as Transport>::Error>>;

/// Meets the county: takes in what removes, sends what is unsent, takes in the rest, then content.
///
/// `progress` is told after each step. Whoever drops the future cancels it between two steps.
///
/// # Errors
/// See [`MeetError`].
pub async fn meet<R: Replica, T: Transport>(
    replica: &R,
    transport: &T,
    mut progress: impl FnMut(&Met),
) -> MeetResult<Met, R, T> {
    let mut met = Met::default();
    // Removals are known before anything is sent.
    let mut taken = Taken::MoreUrgent;
    while taken == Taken::MoreUrgent {
        taken = take(replica, transport, &mut met).await?;
        progress(&met);
    }
    // A stuck push never blocks a pull: what went wrong is told once everything was taken in.
    let pushed = push(replica, transport, &mut met, &mut progress).await;
    if met.sent > 0 {
        taken = Taken::More;
    }
    if taken != Taken::All {
        take_rest(replica, transport, &mut met, &mut progress).await?;
    }
    pushed?;
    send_parcels(replica, transport, &mut met).await?;
    part(replica, transport, &mut met).await?;
    fetch_parcels(replica, transport, &mut met, &mut progress).await?;
    progress(&met);
    Ok(met)
}

/// How much is left to take in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// Perhaps what removes.
    MoreUrgent,
    /// Only the rest.
    More,
    /// Nothing.
    All,
}

/// The request for what is new since where the device stands.
fn request<R: Replica>(replica: &R) -> Result<PullRequest, R::Error> {
    let Standing {
        epoch,
        urgent_after,
        places,
        scrubbed,
        left,
    } = replica.standing()?;
    Ok(PullRequest {
        epoch,
        urgent_after,
        places,
        limit: PAGE_ROWS,
        scrubbed,
        left,
    })
}

async fn take<R: Replica, T: Transport>(
    replica: &R,
    transport: &T,
    met: &mut Met,
) -> MeetResult<Taken, R, T> {
    let request = request(replica).map_err(MeetError::Store)?;
    let page = transport.pull(&request).await;
    let page = page.map_err(MeetError::Transport)?;
    take_in(replica, &request, &page, met).map_err(MeetError::Store)
}

/// Takes in whatever is left. While a page is being stored, the next one is on its way.
async fn take_rest<R: Replica, T: Transport>(
    replica: &R,
    transport: &T,
    met: &mut Met,
    progress: &mut impl FnMut(&Met),
) -> MeetResult<(), R, T> {
    let ask = |request: PullRequest| async move { transport.pull(&request).await };
    let mut ahead = None;
    loop {
        let request = request(replica).map_err(MeetError::Store)?;
        let page = match ahead.take() {
            // What was asked ahead is what would be asked now.
            Some((asked, answer)) if asked == request => Begun::end(answer).await,
            // Storing the page changed more than its place, or there was none.
            _ => ask(request.clone()).await,
        };
        let page = page.map_err(MeetError::Transport)?;
        if let Some(next) = request_after(&request, &page) {
            let answer = begin(ask(next.clone())).await;
            ahead = Some((next, answer));
        }
        let taken = take_in(replica, &request, &page, met).map_err(MeetError::Store)?;
        progress(met);
        if taken == Taken::All {
            return Ok(());
        }
    }
}

/// What will be asked once a page was stored, when storing it does no more than move one place on.
/// Nothing is confirmed by it that is not true yet.
fn request_after(asked: &PullRequest, page: &PullPage) -> Option<PullRequest> {
    let place = page.place?;
    let plain = page.epoch == asked.epoch
        && page.urgent_head == asked.urgent_after
        && page.removals.is_empty()
        && page.urgent.is_empty()
        && page.left.is_empty();
    if !(plain && page.more) {
        return None;
    }
    let mut next = asked.clone();
    for known in &mut next.places {
        if known.scope == place.scope {
            *known = place;
        }
    }
    Some(next)
}

fn take_in<R: Replica>(
    replica: &R,
    request: &PullRequest,
    page: &PullPage,
    met: &mut Met,
) -> Result<Taken, R::Error> {
    met.server_unix_ms = page.server_unix_ms;
    #[cfg(feature = "simulation")]
    if page.epoch != request.epoch && is_planted(Planted::EpochIgnored) {
        return Ok(Taken::All);
    }
    if page.epoch != request.epoch {
        replica.new_epoch(page.epoch)?;
        return Ok(Taken::MoreUrgent);
    }
    met.taken += page.removals.len() + page.urgent.len() + page.rows.len() + page.left.len();
    replica.take_page(page)?;
    if page.more {
        // Rows come only once what is urgent is complete.
        let complete = page.place.is_some();
        return Ok(if complete {
            Taken::More
        } else {
            Taken::MoreUrgent
        });
    }
    let standing = replica.standing()?;
    // A scope that is new here: what is urgent in it comes first.
    if has_more_scopes(&standing, request) {
        return Ok(Taken::MoreUrgent);
    }
    // Removals are confirmed at once: by asking again.
    Ok(if is_behind(&standing, page) || !page.removals.is_empty() {
        Taken::More
    } else {
        Taken::All
    })
}

fn has_more_scopes(standing: &Standing, asked: &PullRequest) -> bool {
    let mut places = standing.places.iter();
    places.any(|place| asked.places.iter().all(|known| known.scope != place.scope))
}

/// Removes what is to be let go of, and confirms scopes that were left, by asking once more.
async fn part<R: Replica, T: Transport>(
    replica: &R,
    transport: &T,
    met: &mut Met,
) -> MeetResult<(), R, T> {
    replica.let_go().map_err(MeetError::Store)?;
    let standing = replica.standing().map_err(MeetError::Store)?;
    if standing.left.is_empty() {
        return Ok(());
    }
    let mut taken = Taken::MoreUrgent;
    while taken != Taken::All {
        taken = take(replica, transport, met).await?;
    }
    Ok(())
}

/// Whether a scope is being fetched afresh: its place went back.
fn is_behind(standing: &Standing, page: &PullPage) -> bool {
    let digests = page.digests.iter().flat_map(|digests| &digests.scopes);
    digests.into_iter().any(|digest| {
        standing
            .places
            .iter()
            .any(|place| place.scope == digest.scope && place.after < digest.head)
    })
}

async fn push<R: Replica, T: Transport>(
    replica: &R,
    transport: &T,
    met: &mut Met,
    progress: &mut impl FnMut(&Met),
) -> MeetResult<(), R, T> {
    let mut asked_again = false;
    loop {
        let transactions = replica.unsent().map_err(MeetError::Store)?;
        if transactions.is_empty() {
            return Ok(());
        }
        let request = PushRequest {
            epoch: replica.standing().map_err(MeetError::Store)?.epoch,
            transactions,
            audit: replica.audit_head().map_err(MeetError::Store)?,
        };
        let answer = transport
            .push(&request)
            .await
            .map_err(MeetError::Transport)?;
        met.server_unix_ms = answer.server_unix_ms;
        met.audit_misfit |= !answer.audit_fits;
        #[cfg(feature = "simulation")]
        if answer.epoch != request.epoch && is_planted(Planted::EpochIgnored) {
            return Ok(());
        }
        if answer.epoch != request.epoch {
            replica.new_epoch(answer.epoch).map_err(MeetError::Store)?;
            continue;
        }
        // What was answered before the clash was this device's own.
        replica.answered(&answer).map_err(MeetError::Store)?;
        if answer.cloned {
            met.sent += answer.outcomes.len();
            let clash = request.transactions.get(answer.outcomes.len());
            return Err(clash.map_or(MeetError::Stuck, |sealed| {
                MeetError::Cloned(Clash {
                    sequence: sealed.sequence,
                    digest: sealed.digest,
                })
            }));
        }
        if answer.outcomes.is_empty() {
            // A gap: once we go back to where the server stands, twice would be for ever.
            if asked_again {
                return Err(MeetError::Stuck);
            }
            asked_again = true;
        } else {
            asked_again = false;
            met.sent += answer.outcomes.len();
        }
        progress(met);
    }
}

#[cfg(test)]
mod tests;
