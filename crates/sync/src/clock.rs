//! The hybrid logical clock.
//!
//! After Kulkarni, Demirbas et al., "Logical Physical Clocks and Consistent Snapshots in Globally
//! Distributed Databases" (2014). It breaks ties between concurrent edits of one field and orders
//! screens. It decides nothing else: whether an edit was made after seeing another is known from
//! its base, never from a clock.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::version::MalformedVersion;

/// A reading of the hybrid clock: 48 bits of milliseconds since 1970 (UTC), 16 bits of counter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hlc(u64);

const COUNTER_BITS: u32 = 16;

impl Hlc {
    /// The first reading at a time, in milliseconds since 1970 (UTC).
    #[must_use]
    pub const fn at(unix_ms: u64) -> Self {
        Self(unix_ms << COUNTER_BITS)
    }

    /// The time part, in milliseconds since 1970 (UTC).
    #[must_use]
    pub const fn unix_ms(self) -> u64 {
        self.0 >> COUNTER_BITS
    }

    const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Hlc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Hlc {
    type Err = MalformedVersion;

    fn from_str(text: &str) -> Result<Self, MalformedVersion> {
        let digits = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if !digits {
            return Err(MalformedVersion);
        }
        u64::from_str_radix(text, 16)
            .map(Self)
            .map_err(|_| MalformedVersion)
    }
}

impl Serialize for Hlc {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hlc {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The clock of one device: its latest reading, which the store keeps across restarts.
#[derive(Clone, Copy, Debug, Default)]
pub struct HybridClock {
    latest: Hlc,
}

impl HybridClock {
    /// Goes on from the latest reading that was kept.
    #[must_use]
    pub const fn resumed(latest: Hlc) -> Self {
        Self { latest }
    }

    /// The next reading: never before one already given, whatever the wall clock says.
    pub fn tick(&mut self, now_unix_ms: u64) -> Hlc {
        self.latest = Hlc::at(now_unix_ms).max(self.latest.next());
        self.latest
    }

    /// Takes in a reading from elsewhere, so that what is written next sorts after it.
    ///
    /// A reading more than `tolerance_ms` ahead of this wall clock is not taken in: one device
    /// with a wrong clock must not drag the others along.
    pub fn observe(&mut self, seen: Hlc, now_unix_ms: u64, tolerance_ms: u64) {
        if seen.unix_ms() <= now_unix_ms.saturating_add(tolerance_ms) {
            self.latest = self.latest.max(seen);
        }
    }

    /// The latest reading given or taken in.
    #[must_use]
    pub const fn latest(self) -> Hlc {
        self.latest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_grow_though_the_wall_clock_goes_back() {
        let mut clock = HybridClock::default();
        let first = clock.tick(1_000);
        let second = clock.tick(400);
        let third = clock.tick(400);
        assert!(first < second && second < third, "time never runs back");
        assert_eq!(third.unix_ms(), 1_000, "only the counter moved");
    }

    #[test]
    fn a_far_future_reading_is_not_taken_in() {
        let mut clock = HybridClock::default();
        clock.observe(Hlc::at(90_000), 1_000, 60_000);
        assert_eq!(clock.latest(), Hlc::default());
        clock.observe(Hlc::at(50_000), 1_000, 60_000);
        assert!(clock.tick(1_000) > Hlc::at(50_000));
    }

    #[test]
    fn text_form_is_sixteen_hex_digits() {
        let reading = Hlc::at(1_790_000_000_000);
        assert_eq!(reading.to_string().parse(), Ok(reading));
        for bad in ["", "12", "zz90a3b4c5d60001", "+190a3b4c5d60001"] {
            assert_eq!(bad.parse::<Hlc>(), Err(MalformedVersion), "{bad:?}");
        }
    }
}
