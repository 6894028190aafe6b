//! What is going on at once, and who goes next: futures that are polled by hand.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// Whose a job is: it ends with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// A device, by its place among all.
    Device(usize),
    /// A server process, by its place.
    Server(usize),
}

/// Whether a job has anything to do.
struct Awake(AtomicBool);

impl Wake for Awake {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

struct Job {
    number: u64,
    owner: Owner,
    what: &'static str,
    awake: Arc<Awake>,
    work: Pin<Box<dyn Future<Output = ()>>>,
}

/// All that is going on.
#[derive(Default)]
pub(super) struct Jobs {
    jobs: Vec<Job>,
    begun: u64,
}

impl Jobs {
    /// Begins something. Gives its number.
    pub(super) fn begin(
        &mut self,
        owner: Owner,
        what: &'static str,
        work: impl Future<Output = ()> + 'static,
    ) -> u64 {
        self.begun += 1;
        self.jobs.push(Job {
            number: self.begun,
            owner,
            what,
            awake: Arc::new(Awake(AtomicBool::new(true))),
            work: Box::pin(work),
        });
        self.begun
    }

    /// Whether nothing is going on.
    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// The places of those that have something to do.
    #[must_use]
    pub(super) fn awake(&self) -> Vec<usize> {
        let awake = |job: &Job| job.awake.0.load(Ordering::Acquire);
        let places = self.jobs.iter().enumerate();
        places
            .filter(|(_, job)| awake(job))
            .map(|(place, _)| place)
            .collect()
    }

    /// The place of one of an owner's that has something to do.
    #[must_use]
    pub(super) fn awake_of(&self, owner: Owner) -> Option<usize> {
        let awake = |job: &Job| job.owner == owner && job.awake.0.load(Ordering::Acquire);
        self.jobs.iter().position(awake)
    }

    /// What an owner is at.
    #[must_use]
    pub(super) fn of(&self, owner: Owner) -> Vec<&'static str> {
        let jobs = self.jobs.iter().filter(|job| job.owner == owner);
        jobs.map(|job| job.what).collect()
    }

    /// Goes on with one. Gives whose and what it is, its number, and whether it has ended.
    pub(super) fn go_on(&mut self, place: usize) -> Option<(Owner, &'static str, u64, bool)> {
        let job = self.jobs.get_mut(place)?;
        job.awake.0.store(false, Ordering::Release);
        let waker = Waker::from(Arc::clone(&job.awake));
        let polled = job.work.as_mut().poll(&mut Context::from_waker(&waker));
        let told = (job.owner, job.what, job.number, polled.is_ready());
        if polled == Poll::Ready(()) {
            drop(self.jobs.remove(place));
        }
        Some(told)
    }

    /// Whether a job is still going on.
    #[must_use]
    pub(super) fn is_going_on(&self, number: u64) -> bool {
        self.jobs.iter().any(|job| job.number == number)
    }

    /// Ends everything of an owner where it stands.
    pub(super) fn end_of(&mut self, owner: Owner) {
        self.jobs.retain(|job| job.owner != owner);
    }

    /// What is going on, for somebody who wonders why nothing goes on.
    #[must_use]
    pub(super) fn names(&self) -> Vec<String> {
        let name = |job: &Job| format!("{} of {:?}", job.what, job.owner);
        self.jobs.iter().map(name).collect()
    }
}

/// Runs something that waits for nobody but itself.
pub(super) fn at_once<T>(work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    let waker = Waker::noop();
    loop {
        if let Poll::Ready(value) = work.as_mut().poll(&mut Context::from_waker(waker)) {
            return value;
        }
    }
}
