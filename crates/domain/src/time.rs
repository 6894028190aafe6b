//! Instants and times of day. Dates are `chrono::NaiveDate` (Europe/London's calendar).

use core::fmt;
use core::str::FromStr;

use chrono::{DateTime, NaiveTime, SecondsFormat, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::catalogue::{ColumnType, FieldValue, TextForm};

/// The text is not in the one form that Porch stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time in the stored form")]
pub struct MalformedTime;

/// A moment in UTC, to the millisecond, from 1970 to 9999.
///
/// Text form `2026-11-23T09:30:00.000Z`: fixed width, so texts sort as the moments do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ts_rs::TS)]
#[ts(type = "string")]
pub struct Instant(i64);

impl Instant {
    /// 9999-12-31T23:59:59.999Z in Unix milliseconds.
    const LAST_MS: i64 = 253_402_300_799_999;

    /// From Unix milliseconds; what lies outside 1970 to 9999 is taken to the nearer end.
    pub const fn from_unix_ms(ms: i64) -> Self {
        if ms < 0 {
            Self(0)
        } else if ms > Self::LAST_MS {
            Self(Self::LAST_MS)
        } else {
            Self(ms)
        }
    }

    /// Milliseconds since 1970.
    pub const fn unix_ms(self) -> i64 {
        self.0
    }

    /// The same moment for calendars and formats.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Instant {
    type Err = MalformedTime;
    fn from_str(text: &str) -> Result<Self, MalformedTime> {
        let parsed = DateTime::parse_from_rfc3339(text).map_err(|_| MalformedTime)?;
        let instant = Self::from_unix_ms(parsed.timestamp_millis());
        // Only the one form: two texts for one moment would compare unequal in SQL.
        if instant.to_string() == text {
            Ok(instant)
        } else {
            Err(MalformedTime)
        }
    }
}

/// A time of day, to the minute, in Europe/London. Text form `09:30`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ts_rs::TS)]
#[ts(type = "string")]
pub struct TimeOfDay(NaiveTime);

impl TimeOfDay {
    /// From hours (0 to 23) and minutes (0 to 59).
    pub fn new(hour: u32, minute: u32) -> Option<Self> {
        NaiveTime::from_hms_opt(hour, minute, 0).map(Self)
    }

    /// Minutes since midnight.
    pub fn minutes(self) -> u32 {
        self.0.hour() * 60 + self.0.minute()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TimeOfDay {
    type Err = MalformedTime;
    fn from_str(text: &str) -> Result<Self, MalformedTime> {
        let time = NaiveTime::parse_from_str(text, "%H:%M")
            .map(Self)
            .map_err(|_| MalformedTime)?;
        if time.to_string() == text {
            Ok(time)
        } else {
            Err(MalformedTime)
        }
    }
}

macro_rules! as_text {
    ($($Name:ident),+) => {$(
        impl Serialize for $Name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $Name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }

        impl FieldValue for $Name {
            const COLUMN: ColumnType = ColumnType::Text;
            const TEXT: TextForm = TextForm::$Name;
            fn to_json(&self) -> serde_json::Value {
                serde_json::Value::from(self.to_string())
            }
            fn from_json(value: &serde_json::Value) -> Option<Self> {
                value.as_str()?.parse().ok()
            }
        }
    )+};
}
as_text!(Instant, TimeOfDay);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_one_text() {
        let text = "2026-11-23T09:30:00.000Z";
        let instant: Instant = text.parse().unwrap();
        assert_eq!(instant.to_string(), text);
        for other in [
            "2026-11-23T09:30:00Z",
            "2026-11-23T10:30:00.000+01:00",
            "2026-11-23",
            "",
            "soon",
        ] {
            assert_eq!(
                other.parse::<Instant>(),
                Err(MalformedTime),
                "{other} is another spelling"
            );
        }
        assert_eq!(
            Instant::from_unix_ms(-5),
            Instant::from_unix_ms(0),
            "before 1970 is 1970"
        );
        assert_eq!(
            Instant::from_unix_ms(i64::MAX).to_string(),
            "9999-12-31T23:59:59.999Z"
        );
    }

    #[test]
    fn a_time_of_day_has_one_text() {
        assert_eq!(
            "09:30".parse::<TimeOfDay>().map(TimeOfDay::minutes),
            Ok(570)
        );
        for other in ["9:30", "24:00", "09:60", "09:30:00", ""] {
            assert!(other.parse::<TimeOfDay>().is_err(), "{other} is refused");
        }
        assert_eq!(TimeOfDay::new(24, 0), None);
    }
}
