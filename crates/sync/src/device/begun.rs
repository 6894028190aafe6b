//! Work that is under way while something else is done, without a runtime's help: the simulator polls
//! it as deterministically as everything else.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// A future that was set going, and perhaps has come to its end.
pub(super) enum Begun<F: Future> {
    /// It has.
    Ended(F::Output),
    /// It has not.
    Going(Pin<Box<F>>),
}

/// Sets a future going by polling it once: a request is on its way then.
pub(super) async fn begin<F: Future>(future: F) -> Begun<F> {
    let mut future = Box::pin(future);
    match poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await {
        Poll::Ready(output) => Begun::Ended(output),
        Poll::Pending => Begun::Going(future),
    }
}

impl<F: Future> Begun<F> {
    /// What it comes to.
    pub(super) async fn end(self) -> F::Output {
        match self {
            Self::Ended(output) => output,
            Self::Going(future) => future.await,
        }
    }
}
