//! Dates as people type them, and ages.

use chrono::{Datelike, Months, NaiveDate};

/// Why a text is no date, or not this kind of date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateProblem {
    /// It cannot be read as a date.
    #[error("not a date")]
    NotADate,
    /// The calendar has no such day.
    #[error("there is no such day")]
    NoSuchDay,
    /// After today, where that cannot be.
    #[error("the date is in the future")]
    InTheFuture,
    /// Longer ago than anyone alive was born.
    #[error("the date is too long ago")]
    TooLongAgo,
}

/// Nobody alive was born longer ago than this.
const OLDEST_YEARS: i32 = 120;

/// Reads a date typed day first, as in Britain: `3/4/24`, `3.4.2024`, `3-4-24`, `3 apr 24`,
/// `3rd April 2024`, `3apr24`, `030424`, `03042024`, and `2024-04-03` year first.
///
/// A year of two digits is the latest such year not after `today`'s; see [`parse_due_date`] for
/// dates to come. Today is a date of Europe/London's calendar.
pub fn parse_date(typed: &str, today: NaiveDate) -> Result<NaiveDate, DateProblem> {
    read(typed, today.year())
}

/// Reads a date of birth: a date as in [`parse_date`], not after today, not over 120 years ago. A
/// day of this year that is still to come is refused, also with two digits: a slip is likelier
/// than somebody of a hundred.
pub fn parse_birth_date(typed: &str, today: NaiveDate) -> Result<NaiveDate, DateProblem> {
    let date = parse_date(typed, today)?;
    if date > today {
        return Err(DateProblem::InTheFuture);
    }
    if date.year() < today.year() - OLDEST_YEARS {
        return Err(DateProblem::TooLongAgo);
    }
    Ok(date)
}

/// Reads the day a baby is due: at most ten months ahead, and at most two behind (babies are
/// late, and so are forms).
pub fn parse_due_date(typed: &str, today: NaiveDate) -> Result<NaiveDate, DateProblem> {
    let date = read(typed, today.year() + 1)?;
    if today
        .checked_add_months(Months::new(10))
        .is_some_and(|latest| date > latest)
    {
        return Err(DateProblem::InTheFuture);
    }
    if today
        .checked_sub_months(Months::new(2))
        .is_some_and(|earliest| date < earliest)
    {
        return Err(DateProblem::TooLongAgo);
    }
    Ok(date)
}

fn read(typed: &str, latest_year: i32) -> Result<NaiveDate, DateProblem> {
    Parts::of(typed)
        .ok_or(DateProblem::NotADate)?
        .date(latest_year)
}

/// Day, month and year as typed.
struct Parts {
    day: u32,
    month: u32,
    year: i32,
    short_year: bool,
}

impl Parts {
    fn of(typed: &str) -> Option<Self> {
        let pieces = split(typed);
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        match pieces.as_slice() {
            [run] if run.is_ascii() && run.bytes().all(|byte| byte.is_ascii_digit()) => {
                let (day, rest) = run.split_at_checked(2)?;
                let (month, year) = rest.split_at_checked(2)?;
                Self::new(day, month, year)
            }
            [year, month, day] if year.len() == 4 && number(year).is_some() => {
                Self::new(day, month, year)
            }
            [day, month, year] => Self::new(day, month, year),
            _ => None,
        }
    }

    fn new(day: &str, month: &str, year: &str) -> Option<Self> {
        if !matches!(year.len(), 2 | 4) || day.len() > 2 {
            return None;
        }
        Some(Self {
            day: number(day)?,
            month: month_number(month)?,
            year: number(year)?.try_into().ok()?,
            short_year: year.len() == 2,
        })
    }

    /// The date; a two-digit year is the latest that is not after `latest_year`.
    fn date(&self, latest_year: i32) -> Result<NaiveDate, DateProblem> {
        let year = if self.short_year {
            latest_year - (latest_year - self.year).rem_euclid(100)
        } else {
            self.year
        };
        NaiveDate::from_ymd_opt(year, self.month, self.day).ok_or(DateProblem::NoSuchDay)
    }
}

/// Runs of digits and runs of letters; what lies between them separates. Ordinals (`3rd`) and
/// "of" say nothing.
fn split(typed: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut joined = false;
    for letter in typed.trim().chars() {
        if !letter.is_alphanumeric() {
            joined = false;
            continue;
        }
        let same_sort = |piece: &String| {
            piece
                .chars()
                .next_back()
                .is_some_and(|last| last.is_numeric() == letter.is_numeric())
        };
        match pieces.last_mut() {
            Some(piece) if joined && same_sort(piece) => piece.extend(letter.to_lowercase()),
            _ => pieces.push(letter.to_lowercase().collect()),
        }
        joined = true;
    }
    pieces.retain(|piece| !matches!(piece.as_str(), "st" | "nd" | "rd" | "th" | "of"));
    pieces
}

fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn month_number(text: &str) -> Option<u32> {
    if let Some(month) = number(text).filter(|_| text.len() <= 2) {
        return Some(month);
    }
    // Three letters or more, also `sept`.
    let place = MONTHS
        .iter()
        .position(|month| text.len() >= 3 && month.starts_with(text))?;
    u32::try_from(place + 1).ok()
}

/// How old somebody is: whole years, and months beyond them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, ts_rs::TS)]
pub struct Age {
    /// Whole years.
    pub years: u32,
    /// Whole months beyond the years: 0 to 11.
    pub months: u32,
}

impl Age {
    /// The age of somebody born on `birth_date`, on `today`; `None` before birth. Whoever is born on
    /// 29 February has their birthday on 1 March in other years, as English law has it.
    pub fn on(birth_date: NaiveDate, today: NaiveDate) -> Option<Self> {
        if birth_date > today {
            return None;
        }
        let months = (today.year() - birth_date.year()) * 12 + today.month() as i32
            - birth_date.month() as i32;
        let months = u32::try_from(months - i32::from(today.day() < birth_date.day())).ok()?;
        Some(Self {
            years: months / 12,
            months: months % 12,
        })
    }

    /// The age in whole months.
    pub const fn in_months(self) -> u32 {
        self.years * 12 + self.months
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    const TODAY: (i32, u32, u32) = (2026, 11, 23);

    fn today() -> NaiveDate {
        day(TODAY.0, TODAY.1, TODAY.2)
    }

    #[test]
    fn any_sane_way_is_fine() {
        for typed in [
            "3/4/24",
            "03/04/2024",
            "3.4.2024",
            "3-4-24",
            "3 4 24",
            "3 apr 24",
            "3 April 2024",
            "3rd of April, 2024",
            "3apr24",
            "030424",
            "03042024",
            "2024-04-03",
            "2024/4/3",
            " 3 / 4 / 24 ",
        ] {
            assert_eq!(parse_date(typed, today()), Ok(day(2024, 4, 3)), "{typed}");
        }
        assert_eq!(parse_date("1 sept 2025", today()), Ok(day(2025, 9, 1)));
    }

    #[test]
    fn what_is_no_date_says_why() {
        for typed in [
            "",
            "soon",
            "3/4",
            "3/4/4",
            "34",
            "3//4",
            "3/4/024",
            "2024",
            "3 x 24",
            "1/2/3/4",
            "٣/٤/٢٤",
            "3 ma 24",
        ] {
            assert_eq!(
                parse_date(typed, today()),
                Err(DateProblem::NotADate),
                "{typed}"
            );
        }
        for typed in ["31/4/24", "29/2/25", "0/4/24", "3/13/24", "30022024"] {
            assert_eq!(
                parse_date(typed, today()),
                Err(DateProblem::NoSuchDay),
                "{typed}"
            );
        }
    }

    #[test]
    fn births_lie_behind_us() {
        assert_eq!(
            parse_birth_date("23/11/26", today()),
            Ok(today()),
            "born today"
        );
        assert_eq!(
            parse_birth_date("24/11/26", today()),
            Err(DateProblem::InTheFuture),
            "tomorrow, not a hundred years ago"
        );
        assert_eq!(
            parse_birth_date("24/11/2026", today()),
            Err(DateProblem::InTheFuture)
        );
        assert_eq!(parse_birth_date("1/1/27", today()), Ok(day(1927, 1, 1)));
        assert_eq!(
            parse_birth_date("1/1/1899", today()),
            Err(DateProblem::TooLongAgo)
        );
    }

    #[test]
    fn babies_are_due_soon() {
        assert_eq!(parse_due_date("3/4/27", today()), Ok(day(2027, 4, 3)));
        assert_eq!(
            parse_due_date("1/11/26", today()),
            Ok(day(2026, 11, 1)),
            "late"
        );
        assert_eq!(
            parse_due_date("1/11/27", today()),
            Err(DateProblem::InTheFuture)
        );
        assert_eq!(
            parse_due_date("1/1/26", today()),
            Err(DateProblem::TooLongAgo)
        );
    }

    #[test]
    fn ages_count_whole_months() {
        let age = |born, on| Age::on(born, on).map(|age| (age.years, age.months));
        assert_eq!(age(day(2024, 4, 3), today()), Some((2, 7)));
        assert_eq!(
            age(day(2024, 11, 24), today()),
            Some((1, 11)),
            "the day before the birthday"
        );
        assert_eq!(
            age(day(2024, 11, 23), today()),
            Some((2, 0)),
            "the birthday"
        );
        assert_eq!(age(today(), today()), Some((0, 0)));
        assert_eq!(
            age(day(2024, 2, 29), day(2025, 2, 28)),
            Some((0, 11)),
            "29 February: not yet"
        );
        assert_eq!(age(day(2024, 2, 29), day(2025, 3, 1)), Some((1, 0)));
        assert_eq!(Age::on(day(2026, 11, 24), today()), None, "not born yet");
    }
}
