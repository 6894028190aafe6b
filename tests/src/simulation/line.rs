//! The way between devices and server processes: requests lie on it until the world carries them on.

use std::fmt;
use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use porch_county::store::{MemoryStore, Reading as _, Store as _};
use porch_county::{County, Failure};
use porch_sync::DeviceNumber;
use porch_sync::device::{ChunkFate, Transport};
use porch_sync::protocol::{
    BlobState, CountyRefusal, FetchAnswer, FetchRequest, PullPage, PullRequest, PushAnswer,
    PushRequest,
};
use uuid::Uuid;

/// What a device asks of the county.
#[derive(Clone)]
pub(super) enum Ask {
    /// Takes transactions in.
    Push(PushRequest),
    /// What is new.
    Pull(PullRequest),
    /// How much of a blob is there.
    BlobState(Uuid),
    /// Takes a chunk.
    PutChunk(Uuid, u32, Vec<u8>),
    /// Gives a chunk.
    GetChunk(Uuid, u32),
    /// Looks for a family.
    Fetch(FetchRequest),
}

impl Ask {
    /// A word for the trace.
    #[must_use]
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Push(_) => "push",
            Self::Pull(_) => "pull",
            Self::BlobState(_) => "blob_state",
            Self::PutChunk(..) => "put_chunk",
            Self::GetChunk(..) => "get_chunk",
            Self::Fetch(_) => "fetch",
        }
    }

    /// Whether it is about a picture's bytes.
    #[must_use]
    pub(super) const fn is_about_a_picture(&self) -> bool {
        matches!(
            self,
            Self::BlobState(_) | Self::PutChunk(..) | Self::GetChunk(..)
        )
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub(super) enum Told {
    /// To a push.
    Push(PushAnswer),
    /// To a pull.
    Pull(Box<PullPage>),
    /// How much is there, if it is known.
    BlobState(Option<BlobState>),
    /// What became of a chunk.
    PutChunk(ChunkFate),
    /// The chunk, if it is there.
    GetChunk(Option<Vec<u8>>),
    /// To a fetch.
    Fetch(FetchAnswer),
}

/// What went wrong on the way or there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No answer came.
    Cut,
    /// The county refused.
    Refused(CountyRefusal),
}

/// The answer to one request.
pub(super) type Answer = Result<Told, Trouble>;

#[derive(Default)]
struct Reply {
    answer: Option<Answer>,
    waiting: Option<Waker>,
}

/// Where the answer to a request comes.
#[derive(Clone, Default)]
pub(super) struct Slot(Arc<Mutex<Reply>>);

impl Slot {
    fn reply(&self) -> MutexGuard<'_, Reply> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the answer; the first one counts.
    pub(super) fn answer(&self, answer: Answer) {
        let mut reply = self.reply();
        if reply.answer.is_none() {
            reply.answer = Some(answer);
        }
        if let Some(waker) = reply.waiting.take() {
            waker.wake();
        }
    }

    async fn answered(&self) -> Answer {
        poll_fn(|context| {
            let mut reply = self.reply();
            match reply.answer.clone() {
                Some(answer) => Poll::Ready(answer),
                None => {
                    reply.waiting = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

/// A request on its way.
#[derive(Clone)]
pub(super) struct Request {
    /// Whose, by its place among all devices.
    pub(super) from: usize,
    /// Under which number.
    pub(super) number: DeviceNumber,
    /// What is asked.
    pub(super) ask: Ask,
    /// Where the answer comes.
    pub(super) slot: Slot,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of device {}", self.ask.word(), self.from)
    }
}

/// The requests that lie on the way.
#[derive(Clone, Default)]
pub(super) struct Wire(Arc<Mutex<Vec<Request>>>);

impl Wire {
    fn requests(&self) -> MutexGuard<'_, Vec<Request>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many lie there.
    #[must_use]
    pub(super) fn len(&self) -> usize {
        self.requests().len()
    }

    /// Whether none lies there.
    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        self.requests().is_empty()
    }

    /// Takes one away, in whatever order.
    #[must_use]
    pub(super) fn take(&self, place: usize) -> Option<Request> {
        let mut requests = self.requests();
        (place < requests.len()).then(|| requests.remove(place))
    }

    /// Puts one there.
    pub(super) fn put(&self, request: Request) {
        self.requests().push(request);
    }
}

/// A device's end of the way.
#[derive(Clone)]
pub(super) struct Line {
    /// The way.
    pub(super) wire: Wire,
    /// Whose end.
    pub(super) from: usize,
    /// The number under which it speaks.
    pub(super) number: DeviceNumber,
    /// Whether it speaks the version before this one.
    pub(super) old: bool,
    /// The most rows that it takes in a page.
    pub(super) rows: u32,
}

impl Line {
    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub(super) async fn ask(&self, ask: Ask) -> Answer {
        let slot = Slot::default();
        self.wire.put(Request {
            from: self.from,
            number: self.number,
            ask,
            slot: slot.clone(),
        });
        slot.answered().await
    }
}

/// What the version before this one does not know.
fn as_before(mut page: PullPage) -> PullPage {
    page.removals.clear();
    page.left.clear();
    page.holds = None;
    page.digests = None;
    page.backed_up = 0;
    page.kept_aside = None;
    page
}

impl Transport for Line {
    type Error = Trouble;

    async fn push(&self, request: &PushRequest) -> Result<PushAnswer, Trouble> {
        match self.ask(Ask::Push(request.clone())).await? {
            Told::Push(answer) if self.old => Ok(PushAnswer {
                backed_up: 0,
                ..answer
            }),
            Told::Push(answer) => Ok(answer),
            _ => Err(Trouble::Cut),
        }
    }

    async fn pull(&self, request: &PullRequest) -> Result<PullPage, Trouble> {
        let mut request = request.clone();
        request.limit = self.rows;
        if self.old {
            request.scrubbed = None;
            request.left.clear();
        }
        match self.ask(Ask::Pull(request)).await? {
            Told::Pull(page) if self.old => Ok(as_before(*page)),
            Told::Pull(page) => Ok(*page),
            _ => Err(Trouble::Cut),
        }
    }

    async fn blob_state(&self, blob: Uuid) -> Result<Option<BlobState>, Trouble> {
        match self.ask(Ask::BlobState(blob)).await? {
            Told::BlobState(state) => Ok(state),
            _ => Err(Trouble::Cut),
        }
    }

    async fn put_chunk(
        &self,
        blob: Uuid,
        chunk: u32,
        bytes: Vec<u8>,
    ) -> Result<ChunkFate, Trouble> {
        match self.ask(Ask::PutChunk(blob, chunk, bytes)).await? {
            Told::PutChunk(fate) => Ok(fate),
            _ => Err(Trouble::Cut),
        }
    }

    async fn get_chunk(&self, blob: Uuid, chunk: u32) -> Result<Option<Vec<u8>>, Trouble> {
        match self.ask(Ask::GetChunk(blob, chunk)).await? {
            Told::GetChunk(bytes) => Ok(bytes),
            _ => Err(Trouble::Cut),
        }
    }
}

/// What a server process does with a request, as the county's edge does over HTTP.
///
/// # Errors
/// See [`Trouble`].
pub(super) async fn serve(county: &County<MemoryStore>, number: DeviceNumber, ask: Ask) -> Answer {
    let trouble = |failure: Failure| match failure {
        Failure::Refused(refusal) => Trouble::Refused(refusal),
        Failure::Store(_) => Trouble::Refused(CountyRefusal::Failed),
    };
    if let Ask::Push(push) = ask {
        return county
            .push(number, push)
            .await
            .map(Told::Push)
            .map_err(trouble);
    }
    if let Ask::Pull(pull) = &ask {
        let page = county.pull(number, pull).await;
        return page.map(|page| Told::Pull(Box::new(page))).map_err(trouble);
    }
    if let Ask::Fetch(fetch) = &ask {
        return county
            .fetch(number, fetch)
            .await
            .map(Told::Fetch)
            .map_err(trouble);
    }
    let known = async {
        let mut reading = county.store().reading().await?;
        reading.device(number).await
    };
    let known = known.await.map_err(|failure| trouble(failure.into()))?;
    let device = known
        .filter(|device| device.revoked_ms.is_none())
        .ok_or(Trouble::Refused(CountyRefusal::Revoked))?;
    let refused = |failure: &Failure, of: &[CountyRefusal]| match failure {
        Failure::Refused(refusal) => of.contains(refusal),
        Failure::Store(_) => false,
    };
    match ask {
        Ask::BlobState(blob) => match county.blob_state(&device, blob).await {
            Err(failure) if refused(&failure, &[CountyRefusal::NotFound]) => {
                Ok(Told::BlobState(None))
            }
            other => other
                .map(|state| Told::BlobState(Some(state)))
                .map_err(trouble),
        },
        Ask::PutChunk(blob, chunk, bytes) => {
            let unwanted = [CountyRefusal::BlobNotExpected, CountyRefusal::Scope];
            match county.put_chunk(&device, blob, chunk, &bytes).await {
                Err(failure) if refused(&failure, &unwanted) => {
                    Ok(Told::PutChunk(ChunkFate::Unwanted))
                }
                other => other
                    .map(|_| Told::PutChunk(ChunkFate::Taken))
                    .map_err(trouble),
            }
        }
        Ask::GetChunk(blob, chunk) => {
            let absent = [CountyRefusal::NotFound, CountyRefusal::BlobNotExpected];
            match county.chunk(&device, blob, chunk).await {
                Err(failure) if refused(&failure, &absent) => Ok(Told::GetChunk(None)),
                other => other
                    .map(|bytes| Told::GetChunk(Some(bytes)))
                    .map_err(trouble),
            }
        }
        Ask::Push(_) | Ask::Pull(_) | Ask::Fetch(_) => Err(Trouble::Cut),
    }
}

/// Waits for a future and puts its answer into a slot.
pub(super) async fn answering(slot: Slot, work: impl Future<Output = Answer>) {
    let answer = work.await;
    slot.answer(answer);
}
