//! Which write a value came from.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::clock::Hlc;

/// The number that the county gave a device when it was enrolled. Never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct DeviceNumber(pub u32);

impl fmt::Display for DeviceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The write that gave a field its value: a device, that device's gapless transaction number,
/// and the clock of the write.
///
/// Two versions are the same write when device and sequence are; the clock goes along only to
/// break ties. Text form `<clock>.<device>.<sequence>`, for example
/// `0190a3b4c5d60001.3.120`.
#[derive(Clone, Copy, Debug)]
pub struct Version {
    /// The reading of the writing device's clock.
    pub clock: Hlc,
    /// The device that wrote.
    pub device: DeviceNumber,
    /// The device's number for the transaction, counted from 1 without gaps.
    pub sequence: u64,
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        (self.device, self.sequence) == (other.device, other.sequence)
    }
}

impl Eq for Version {}

impl Version {
    /// Whether this write wins a tie against another of the same field: the later clock, then
    /// the higher device number, then the later transaction. Total and the same on every machine.
    #[must_use]
    pub fn outranks(&self, other: &Self) -> bool {
        (self.clock, self.device, self.sequence) > (other.clock, other.device, other.sequence)
    }
}

/// The text is not a version or clock reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed version")]
pub struct MalformedVersion;

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.clock, self.device, self.sequence)
    }
}

impl FromStr for Version {
    type Err = MalformedVersion;

    fn from_str(text: &str) -> Result<Self, MalformedVersion> {
        let mut parts = text.split('.');
        let (Some(clock), Some(device), Some(sequence), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(MalformedVersion);
        };
        Ok(Self {
            clock: clock.parse()?,
            device: DeviceNumber(device.parse().map_err(|_| MalformedVersion)?),
            sequence: sequence.parse().map_err(|_| MalformedVersion)?,
        })
    }
}

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The versions of all fields of one record, kept small: the most common one under `*`, and the
/// fields that differ by name. This is the form in which stores keep them and in which the window
/// hands back what it had seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Versions(BTreeMap<String, Version>);

const REST: &str = "*";

impl Versions {
    /// Packs the version of each field. `None` when there is no field.
    #[must_use]
    pub fn pack<'a>(fields: impl IntoIterator<Item = (&'a str, Version)>) -> Option<Self> {
        let fields: Vec<_> = fields.into_iter().collect();
        let mut counts: Vec<(Version, usize)> = Vec::new();
        for (_, version) in &fields {
            match counts.iter_mut().find(|(seen, _)| seen == version) {
                Some((_, count)) => *count += 1,
                None => counts.push((*version, 1)),
            }
        }
        // The first of the most common, so that packing is deterministic.
        let rest = counts
            .iter()
            .rev()
            .max_by_key(|(_, count)| *count)
            .map(|(version, _)| *version)?;
        let mut packed: BTreeMap<String, Version> = fields
            .into_iter()
            .filter(|(_, version)| *version != rest)
            .map(|(name, version)| (name.to_owned(), version))
            .collect();
        packed.insert(REST.to_owned(), rest);
        Some(Self(packed))
    }

    /// The version of a field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<Version> {
        self.0.get(field).or_else(|| self.0.get(REST)).copied()
    }

    /// The latest clock among them.
    #[must_use]
    pub fn latest_clock(&self) -> Hlc {
        self.0.values().map(|v| v.clock).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(ms: u64, device: u32, sequence: u64) -> Version {
        Version {
            clock: Hlc::at(ms),
            device: DeviceNumber(device),
            sequence,
        }
    }

    #[test]
    fn the_same_write_is_known_without_its_clock() {
        assert_eq!(version(1, 3, 7), version(2, 3, 7));
        assert_ne!(version(1, 3, 7), version(1, 3, 8));
    }

    #[test]
    fn text_form_round_trips_and_refuses_anything_else() {
        let v = version(1_790_000_000_000, 3, 120);
        let again: Version = v.to_string().parse().unwrap();
        assert_eq!((again, again.clock), (v, v.clock));
        for bad in [
            "",
            "1.2.3",
            "0190a3b4c5d60001.3",
            "0190a3b4c5d60001.3.1.1",
            "0190a3b4c5d60001.-3.1",
        ] {
            assert_eq!(bad.parse::<Version>(), Err(MalformedVersion), "{bad:?}");
        }
    }

    #[test]
    fn packing_keeps_every_field_s_version() {
        let (a, b) = (version(1, 1, 1), version(2, 2, 9));
        let packed = Versions::pack([("x", a), ("y", b), ("z", a)]).unwrap();
        assert_eq!(packed.of("x"), Some(a));
        assert_eq!(packed.of("y"), Some(b));
        assert_eq!(packed.of("z"), Some(a));
        assert_eq!(Versions::pack([]), None);
    }
}
