//! Times, and the table that shows them.

use std::time::Duration;

/// Times of one thing, measured over and over.
#[derive(Clone, Debug, Default)]
pub(super) struct Times(Vec<Duration>);

impl Times {
    /// Adds one.
    pub(super) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The one in the middle.
    pub(super) fn median(&self) -> Duration {
        self.at(50)
    }

    /// The one that 95 of 100 do not exceed.
    pub(super) fn p95(&self) -> Duration {
        self.at(95)
    }

    fn at(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(place).copied().unwrap_or_default()
    }
}

/// How many times longer one takes than the other, by their medians.
pub(super) fn ratio(of: &Times, floor: &Times) -> String {
    let floor = floor.median().as_secs_f64();
    if floor > 0.0 {
        format!("{:.2}", of.median().as_secs_f64() / floor)
    } else {
        "-".to_owned()
    }
}

/// A time as people read it: three figures of it.
pub(super) fn shown(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        ..1e3 => format!("{micros:.0} µs"),
        ..1e4 => format!("{:.2} ms", micros / 1e3),
        ..1e6 => format!("{:.1} ms", micros / 1e3),
        _ => format!("{:.2} s", micros / 1e6),
    }
}

/// A table, first column to the left and the others to the right.
pub(super) fn print_table(rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or_default()
        })
        .collect();
    for row in rows {
        let mut line = String::from(" ");
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(width - cell.chars().count());
            line.push_str(&if column == 0 {
                format!(" {cell}{gap}")
            } else {
                format!("  {gap}{cell}")
            });
        }
        println!("{}", line.trim_end());
    }
}

/// A row of a table.
pub(super) fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_slow_end() {
        let mut times = Times::default();
        assert_eq!(times.median(), Duration::ZERO);
        for ms in [5, 1, 4, 2, 3] {
            times.add(Duration::from_millis(ms));
        }
        assert_eq!(
            (times.median(), times.p95()),
            (Duration::from_millis(3), Duration::from_millis(5))
        );
    }

    #[test]
    fn times_are_short_to_read() {
        let shown = |micros| shown(Duration::from_micros(micros));
        assert_eq!(
            [shown(412), shown(1_234), shown(45_678), shown(1_234_567)],
            ["412 µs", "1.23 ms", "45.7 ms", "1.23 s"]
        );
    }
}
