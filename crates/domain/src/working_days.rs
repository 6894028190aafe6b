//! Working days in England: what is due *in five working days* is due on one of them.
//!
//! Bank holidays are those of the Banking and Financial Dealings Act 1971, schedule 1, with Good Friday and
//! Christmas Day, and the days that stand in for those on a weekend, as `gov.uk/bank-holidays` lists them for England
//! and Wales. A holiday by royal proclamation (a coronation, say) is not known: what is due falls a day early then.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};

/// The day that lies so many working days after another. Past the end of the calendar: the day itself.
///
/// ```
/// use chrono::NaiveDate;
/// use porch_domain::working_days::working_days_after;
/// let christmas_eve = NaiveDate::from_ymd_opt(2026, 12, 24).unwrap();
/// assert_eq!(working_days_after(christmas_eve, 1).to_string(), "2026-12-29");
/// ```
#[must_use]
pub fn working_days_after(day: NaiveDate, count: u32) -> NaiveDate {
    let next = day.iter_days().skip(1).filter(|day| is_working_day(*day));
    let due = count.checked_sub(1).and_then(|before| {
        let mut next = next.skip(usize::try_from(before).unwrap_or(usize::MAX));
        next.next()
    });
    due.unwrap_or(day)
}

/// Neither a weekend nor a bank holiday of England.
#[must_use]
pub fn is_working_day(day: NaiveDate) -> bool {
    !is_weekend(day) && !is_bank_holiday(day)
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn is_bank_holiday(day: NaiveDate) -> bool {
    let year = day.year();
    let date = |month, of| NaiveDate::from_ymd_opt(year, month, of);
    let from_easter = |days: i64| {
        easter(year).and_then(|easter| easter.checked_add_signed(chrono::Duration::days(days)))
    };
    let first_monday = |month| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, 1);
    let last_monday = |month| {
        (4..=5)
            .rev()
            .find_map(|nth| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, nth))
    };
    let christmas = date(12, 25).map(not_at_a_weekend);
    let boxing_day = date(12, 26).map(not_at_a_weekend).map(|boxing_day| {
        // Both stand in for a weekend, one after the other.
        if Some(boxing_day) == christmas {
            boxing_day
                .checked_add_days(Days::new(1))
                .unwrap_or(boxing_day)
        } else {
            boxing_day
        }
    });
    [
        date(1, 1).map(not_at_a_weekend),
        from_easter(-2),
        from_easter(1),
        first_monday(5),
        last_monday(5),
        last_monday(8),
        christmas,
        boxing_day,
    ]
    .contains(&Some(day))
}

/// The day itself, or the Monday after its weekend.
fn not_at_a_weekend(day: NaiveDate) -> NaiveDate {
    day.iter_days().find(|day| !is_weekend(*day)).unwrap_or(day)
}

/// Easter Sunday of the Gregorian calendar (J.-M. Oudin, 1940, in the Explanatory Supplement to the Astronomical
/// Almanac).
fn easter(year: i32) -> Option<NaiveDate> {
    let century = year / 100;
    let golden = year % 19;
    let k = (century - 17) / 25;
    let mut moon = (century - century / 4 - (century - k) / 3 + 19 * golden + 15) % 30;
    moon -= (moon / 28) * (1 - (moon / 28) * (29 / (moon + 1)) * ((21 - golden) / 11));
    let weekday = (year + year / 4 + moon + 2 - century + century / 4) % 7;
    let sunday = moon - weekday;
    let month = 3 + (sunday + 40) / 44;
    let day = sunday + 28 - 31 * (month / 4);
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// As gov.uk lists them for England and Wales.
    const LISTED: &[(i32, &[&str])] = &[
        (
            2021,
            &[
                "01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28",
            ],
        ),
        (
            2024,
            &[
                "01-01", "03-29", "04-01", "05-06", "05-27", "08-26", "12-25", "12-26",
            ],
        ),
        (
            2025,
            &[
                "01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26",
            ],
        ),
        (
            2026,
            &[
                "01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28",
            ],
        ),
        (
            2027,
            &[
                "01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28",
            ],
        ),
    ];

    #[test]
    fn bank_holidays_are_those_that_are_listed() {
        for (year, listed) in LISTED {
            let all = day(&format!("{year}-01-01")).iter_days();
            let found: Vec<String> = all
                .take_while(|day| day.year() == *year)
                .filter(|day| is_bank_holiday(*day))
                .map(|day| day.format("%m-%d").to_string())
                .collect();
            assert_eq!(found, *listed, "{year}");
        }
    }

    #[test]
    fn five_working_days_pass_over_weekends_and_holidays() {
        for (from, due) in [
            ("2026-11-30", "2026-12-07"),
            ("2026-12-05", "2026-12-11"),
            ("2026-12-23", "2027-01-04"),
            ("2026-04-01", "2026-04-10"),
        ] {
            assert_eq!(working_days_after(day(from), 5), day(due), "{from}");
        }
        assert_eq!(working_days_after(day("2026-11-28"), 0), day("2026-11-28"));
        assert_eq!(working_days_after(NaiveDate::MAX, 5), NaiveDate::MAX);
    }
}
