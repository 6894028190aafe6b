//! Named steps: what is being done, how long it took, and a sign of life while it lasts.

use std::io::Write;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::Result;

/// Long enough not to chatter, short enough that nobody thinks it hangs.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// Runs one step and prints its name and its time.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    step_with(name, work, |_| String::new())
}

/// As [`step`], with a few words about the outcome after the time.
pub(crate) fn step_with<T>(
    name: &str,
    work: impl FnOnce() -> Result<T>,
    outcome: impl FnOnce(&T) -> String,
) -> Result<T> {
    let started = Instant::now();
    let (done, waiting) = mpsc::channel::<()>();
    say(&format!("▸ {name}"));
    let result = std::thread::scope(|scope| {
        scope.spawn(move || {
            while waiting.recv_timeout(SIGN_OF_LIFE) == Err(mpsc::RecvTimeoutError::Timeout) {
                say(&format!("  … {} so far", seconds(started.elapsed())));
            }
        });
        let result = work();
        drop(done);
        result
    });
    match &result {
        Ok(value) => {
            let words = outcome(value);
            let space = if words.is_empty() { "" } else { "  " };
            say(&format!("  ✓ {}{space}{words}", seconds(started.elapsed())));
        }
        Err(_) => say(&format!("  ✗ {}", seconds(started.elapsed()))),
    }
    result
}

/// One line on the standard output, at once.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody left to read it is no reason to stop the work.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// `0.4 s`, `75 s`: as precise as is useful.
pub(crate) fn seconds(time: Duration) -> String {
    if time < Duration::from_secs(20) {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} s", time.as_secs())
    }
}

/// `40 s` or `23 min`: for a closing line.
pub(crate) fn roughly(time: Duration) -> String {
    if time < Duration::from_secs(100) {
        format!("{} s", time.as_secs())
    } else {
        format!("{} min", (time.as_secs() + 30) / 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_precise_as_is_useful() {
        assert_eq!(seconds(Duration::from_millis(420)), "0.4 s");
        assert_eq!(seconds(Duration::from_millis(75_400)), "75 s");
        assert_eq!(roughly(Duration::from_secs(99)), "99 s");
        assert_eq!(roughly(Duration::from_secs(1_400)), "23 min");
    }

    #[test]
    fn a_step_hands_on_what_its_work_returned() {
        assert_eq!(step("count", || Ok(3)).unwrap(), 3);
        assert!(step("fail", || -> Result<()> { anyhow::bail!("no") }).is_err());
    }
}
