//! Where the desk's time comes from.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{NaiveDate, NaiveDateTime};
use porch_domain::time::Instant;

/// A source of the time. Tests bring their own.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;
}

/// The computer's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Instant::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The date at a moment where the centres are: Europe/London.
#[must_use]
pub fn london_date(now: Instant) -> NaiveDate {
    london_time(now).date()
}

/// What the clocks on the centres' walls show at a moment.
pub(crate) fn london_time(now: Instant) -> NaiveDateTime {
    now.utc()
        .with_timezone(&chrono_tz::Europe::London)
        .naive_local()
}
