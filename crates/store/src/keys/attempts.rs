//! How wrong passwords are slowed and limited.

use serde::{Deserialize, Serialize};

use super::KeyError;

/// Wrong attempts after which a slot is blocked.
pub(crate) const MOST: u32 = 10;
/// Wrong attempts that cost no waiting.
const FREE: u32 = 3;

/// Attempts on a slot since the last one that succeeded. Written to disk before an attempt is
/// evaluated, so that killing the program gains nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attempts {
    /// How many.
    count: u32,
    /// When the last one began, in milliseconds of Unix time by the device's clock.
    last_ms: i64,
}

impl Attempts {
    /// Counts an attempt at `now_ms`. Whatever the answer, the counters must reach the disk before
    /// anything else happens.
    ///
    /// # Errors
    /// [`KeyError::Blocked`] after ten, [`KeyError::Wait`] when it comes too soon.
    pub(crate) fn begin(&mut self, now_ms: i64) -> Result<(), KeyError> {
        if self.count >= MOST {
            return Err(KeyError::Blocked);
        }
        self.begin_slowed(now_ms)
    }

    /// As [`Attempts::begin`], for a code that nobody can guess: tries grow slow, but however
    /// many somebody makes, they take the code away from nobody.
    ///
    /// # Errors
    /// [`KeyError::Wait`] when it comes too soon.
    pub(crate) fn begin_slowed(&mut self, now_ms: i64) -> Result<(), KeyError> {
        let delay_ms = self.delay_ms();
        if delay_ms > 0 && now_ms < self.last_ms {
            // The clock was set back. Starting the wait again from here neither shortens it nor
            // lets it grow beyond one full delay.
            self.last_ms = now_ms;
        }
        let left_ms = delay_ms.saturating_sub(now_ms.saturating_sub(self.last_ms));
        if left_ms > 0 {
            let seconds = u32::try_from(left_ms.div_euclid(1000)).unwrap_or(u32::MAX);
            let begun = u32::from(left_ms.rem_euclid(1000) > 0);
            return Err(KeyError::Wait {
                seconds: seconds.saturating_add(begun),
            });
        }
        self.count = MOST.min(self.count + 1);
        self.last_ms = now_ms;
        Ok(())
    }

    /// The answer to an attempt that was wrong.
    pub(crate) const fn wrong(&self) -> KeyError {
        match MOST.saturating_sub(self.count) {
            0 => KeyError::Blocked,
            left => KeyError::Wrong { left },
        }
    }

    /// Whether no attempt is left.
    pub(crate) const fn exhausted(&self) -> bool {
        self.count >= MOST
    }

    /// Milliseconds between the last attempt and the next: nothing after the first two wrong
    /// ones, then from the fourth attempt on 2, 4, 8, … seconds.
    const fn delay_ms(&self) -> i64 {
        if self.count < FREE {
            return 0;
        }
        let doublings = self.count - FREE;
        2_000_i64 << if doublings > MOST { MOST } else { doublings }
    }
}
