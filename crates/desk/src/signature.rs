//! Signatures: drawn on the screen, or a name typed before a witness.

use porch_domain::bytes::Bytes;
use porch_domain::decision::Method;
use porch_domain::id::UserId;
use serde::Deserialize;
use ts_rs::TS;

use crate::decide::DecideRequest;
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// A stroke of a signature.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stroke {
    /// Its points in order.
    pub points: Vec<Point>,
}

/// A point of a stroke.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct Point {
    /// From the left, in CSS pixels.
    pub x: f64,
    /// From the top, in CSS pixels.
    pub y: f64,
    /// Milliseconds.
    pub t: f64,
    /// 0 to 1.
    pub pressure: f64,
}

/// The most strokes of a signature, and points of a stroke.
const MOST: usize = 5_000;
/// About how many points are kept: enough to know a hand by. A signature is part of each decision
/// that it stands under, and what one Save writes must fit into one transaction.
const KEPT: usize = 400;
/// The fewest points: fewer are a slip of the finger.
const FEWEST: usize = 3;
/// The furthest coordinate, in CSS pixels, and the longest time, in milliseconds.
const FURTHEST: f64 = 10_000_000.0;
const LONGEST_NAME: usize = 200;

/// How it was signed.
pub(crate) struct Signed {
    pub(crate) method: Method,
    pub(crate) signature: Bytes,
    pub(crate) witness: Option<UserId>,
}

impl Signed {
    /// A drawn signature, or a name typed before the member of staff who is logged in.
    pub(crate) fn of(work: &Work, request: &DecideRequest) -> Result<Self, Refusal> {
        let typed = request
            .typed_name
            .as_deref()
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let missing = |field| Err(Refusal::of_field(field, Code::SignatureMissing));
        if let Some(name) = typed {
            if request.witness != Some(work.login.user) {
                return missing("witness");
            }
            if name.len() > LONGEST_NAME {
                return Err(Refusal::of_field("typed_name", Code::TooLong));
            }
            let signature = Bytes(name.as_bytes().to_vec());
            return Ok(Self {
                method: Method::TypedWithWitness,
                signature,
                witness: request.witness,
            });
        }
        let strokes: Vec<&Stroke> = request
            .signature
            .iter()
            .filter(|stroke| !stroke.points.is_empty())
            .collect();
        let points: usize = strokes.iter().map(|stroke| stroke.points.len()).sum();
        if strokes.iter().all(|stroke| stroke.points.len() < FEWEST) {
            return missing("signature");
        }
        if points > MOST
            || !strokes
                .iter()
                .flat_map(|stroke| &stroke.points)
                .all(Point::is_sane)
        {
            return Err(Refusal::of_field("signature", Code::Invalid));
        }
        let every = points.div_ceil(KEPT).max(1);
        let compact: Vec<Vec<[f64; 4]>> = strokes
            .iter()
            .map(|stroke| {
                let last = stroke.points.len().saturating_sub(1);
                let points = stroke.points.iter().enumerate();
                points
                    .filter(|(place, _)| place % every == 0 || *place == last)
                    .map(|(_, point)| point.compact())
                    .collect()
            })
            .collect();
        let signature = Bytes(serde_json::to_vec(&compact).map_err(|_| Code::Internal)?);
        Ok(Self {
            method: Method::SignedOnScreen,
            signature,
            witness: None,
        })
    }
}

impl Point {
    /// As it is kept: to a tenth of a pixel, a millisecond and a hundredth of the pressure.
    fn compact(&self) -> [f64; 4] {
        let tenth = |at: f64| (at * 10.0).round() / 10.0;
        let pressure = (self.pressure * 100.0).round() / 100.0;
        [tenth(self.x), tenth(self.y), self.t.round(), pressure]
    }

    fn is_sane(&self) -> bool {
        [self.x, self.y].iter().all(|at| at.abs() <= FURTHEST)
            && (0.0..=FURTHEST).contains(&self.t)
            && (0.0..=1.0).contains(&self.pressure)
    }
}
