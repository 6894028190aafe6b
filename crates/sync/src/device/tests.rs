//! What is asked ahead, and when its answer is of no use.

use std::cell::RefCell;
use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::protocol::COUNTY_SCOPE;

/// A county of pages that each end one further, up to a head.
struct Pages {
    head: u64,
    asked: std::sync::Mutex<Vec<u64>>,
}

fn page(after: u64, head: u64) -> PullPage {
    PullPage {
        epoch: Uuid::nil(),
        removals: Vec::new(),
        urgent: Vec::new(),
        urgent_head: 0,
        place: Some(FeedPlace {
            scope: COUNTY_SCOPE,
            after: after + 1,
        }),
        rows: Vec::new(),
        left: Vec::new(),
        holds: None,
        more: after + 1 < head,
        digests: None,
        backed_up: 0,
        kept_aside: None,
        server_unix_ms: 0,
    }
}

impl Transport for Pages {
    type Error = Infallible;

    async fn push(&self, _: &PushRequest) -> Result<PushAnswer, Infallible> {
        unreachable!("nothing is unsent")
    }

    async fn pull(&self, request: &PullRequest) -> Result<PullPage, Infallible> {
        let after = request.places.first().map_or(0, |place| place.after);
        self.asked.lock().unwrap().push(after);
        Ok(page(after, self.head))
    }

    async fn blob_state(&self, _: Uuid) -> Result<Option<BlobState>, Infallible> {
        Ok(None)
    }

    async fn put_chunk(&self, _: Uuid, _: u32, _: Vec<u8>) -> Result<ChunkFate, Infallible> {
        Ok(ChunkFate::Unwanted)
    }

    async fn get_chunk(&self, _: Uuid, number: u32) -> Result<Option<Vec<u8>>, Infallible> {
        Ok((number != 1).then(|| vec![0]))
    }
}

/// A device that notes what it stored, and may be sent back to the start once.
#[derive(Default)]
struct Noting {
    after: RefCell<u64>,
    stored: RefCell<Vec<u64>>,
    goes_back_at: Option<u64>,
    wanted: Vec<Parcel>,
    kept: RefCell<Vec<u32>>,
}

impl Replica for Noting {
    type Error = Infallible;

    fn standing(&self) -> Result<Standing, Infallible> {
        Ok(Standing {
            epoch: Uuid::nil(),
            urgent_after: 0,
            places: vec![FeedPlace {
                scope: COUNTY_SCOPE,
                after: *self.after.borrow(),
            }],
            scrubbed: None,
            left: Vec::new(),
        })
    }

    fn unsent(&self) -> Result<Vec<SealedTransaction>, Infallible> {
        Ok(Vec::new())
    }

    fn audit_head(&self) -> Result<Option<AuditHead>, Infallible> {
        Ok(None)
    }

    fn answered(&self, _: &PushAnswer) -> Result<(), Infallible> {
        Ok(())
    }

    fn take_page(&self, page: &PullPage) -> Result<(), Infallible> {
        let after = page.place.map_or(0, |place| place.after);
        let goes_back = self.goes_back_at == Some(after)
            && self.stored.borrow().iter().all(|stored| *stored != after);
        self.stored.borrow_mut().push(after);
        *self.after.borrow_mut() = if goes_back { 0 } else { after };
        Ok(())
    }

    fn new_epoch(&self, _: Uuid) -> Result<(), Infallible> {
        Ok(())
    }

    fn let_go(&self) -> Result<(), Infallible> {
        Ok(())
    }

    fn parcels_out(&self) -> Result<Vec<Parcel>, Infallible> {
        Ok(Vec::new())
    }

    fn chunk_out(&self, _: &Parcel, _: u32) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(None)
    }

    fn not_expected(&self, _: &Parcel) -> Result<(), Infallible> {
        Ok(())
    }

    fn parcel_sent(&self, _: &Parcel) -> Result<(), Infallible> {
        Ok(())
    }

    fn parcels_in(&self) -> Result<Vec<Parcel>, Infallible> {
        Ok(self.wanted.clone())
    }

    fn chunks_arrived(&self, chunks: &[Chunk]) -> Result<(), Infallible> {
        self.kept
            .borrow_mut()
            .extend(chunks.iter().map(|chunk| chunk.number));
        Ok(())
    }
}

fn met(device: &Noting, head: u64) -> Vec<u64> {
    let county = Pages {
        head,
        asked: std::sync::Mutex::default(),
    };
    let mut meeting = pin!(meet(device, &county, |_| {}));
    let polled = meeting
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(polled, Poll::Ready(Ok(_))), "nothing here waits");
    county.asked.lock().unwrap().clone()
}

#[test]
fn each_page_is_asked_for_and_stored_once() {
    let device = Noting::default();
    assert_eq!(met(&device, 4), [0, 1, 2, 3]);
    assert_eq!(*device.stored.borrow(), [1, 2, 3, 4]);
}

#[test]
fn what_was_asked_ahead_is_dropped_when_the_device_stands_elsewhere() {
    let device = Noting {
        goes_back_at: Some(2),
        ..Noting::default()
    };
    assert_eq!(
        met(&device, 4),
        [0, 1, 2, 0, 1, 2, 3],
        "2 was asked ahead in vain"
    );
    assert_eq!(*device.stored.borrow(), [1, 2, 1, 2, 3, 4]);
}

#[test]
fn nothing_is_asked_ahead_of_what_is_to_be_confirmed() {
    let asked = PullRequest {
        epoch: Uuid::nil(),
        urgent_after: 0,
        places: Vec::new(),
        limit: PAGE_ROWS,
        scrubbed: Some(0),
        left: Vec::new(),
    };
    assert!(request_after(&asked, &page(0, 4)).is_some());
    let urgent_moves = PullPage {
        urgent_head: 1,
        ..page(0, 4)
    };
    assert_eq!(
        request_after(&asked, &urgent_moves),
        None,
        "it may hold a removal"
    );
    assert_eq!(request_after(&asked, &page(3, 4)), None, "there is no more");
}

#[test]
fn a_parcel_is_kept_up_to_its_first_missing_chunk() {
    let device = Noting {
        wanted: vec![Parcel {
            photo: Uuid::nil(),
            variant: Variant::Picture,
            bytes: 4 * CHUNK_BYTES as u64,
            chunks: 0,
        }],
        ..Noting::default()
    };
    met(&device, 1);
    assert_eq!(*device.kept.borrow(), [0], "chunk 1 is not to be had");
}
