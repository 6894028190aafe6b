//! Who may be registered already. It only ever proposes: a person decides (the notice's ADM line).

use chrono::{Datelike, NaiveDate};

use crate::id::PersonId;
use crate::name_key::fold;
use crate::nhs_number::NhsNumber;
use crate::person::Person;

/// What two registrations are compared by. All optional; what is missing says nothing.
#[derive(Clone, Default, PartialEq)]
pub struct Particulars {
    /// Given names.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// What they are called.
    pub known_as: Option<String>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Telephone number, normalised.
    pub phone: Option<String>,
    /// NHS number.
    pub nhs_number: Option<NhsNumber>,
}

impl From<&Person> for Particulars {
    fn from(person: &Person) -> Self {
        Self {
            given_name: person.given_name.clone(),
            family_name: person.family_name.clone(),
            known_as: person.known_as.clone(),
            birth_date: person.birth_date,
            phone: person.phone.clone(),
            nhs_number: person.nhs_number.clone(),
        }
    }
}

/// Somebody who may be the same person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LikelyDuplicate {
    /// Who.
    pub person: PersonId,
    /// How alike, from [`LIKELY`] to 100.
    pub score: u32,
    /// What is alike.
    pub because: Vec<Alike>,
}

/// What is alike in two registrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Alike {
    /// The same NHS number: surely the same person.
    NhsNumber,
    /// The same names.
    SameName,
    /// Names with a letter or two between them.
    SimilarName,
    /// The same date of birth.
    SameBirthDate,
    /// Day and month swapped, or one of day, month and year different.
    SimilarBirthDate,
    /// The same telephone number.
    SamePhone,
}

/// From this score on, somebody is worth showing.
pub const LIKELY: u32 = 60;

/// Those of `registered` who may be the newcomer, the likeliest first.
pub fn likely_duplicates<'a>(
    newcomer: &Particulars,
    registered: impl IntoIterator<Item = (PersonId, &'a Particulars)>,
) -> Vec<LikelyDuplicate> {
    let mut likely: Vec<LikelyDuplicate> = registered
        .into_iter()
        .filter_map(|(person, other)| {
            let (score, because) = likeness(newcomer, other);
            (score >= LIKELY).then_some(LikelyDuplicate {
                person,
                score,
                because,
            })
        })
        .collect();
    likely.sort_by(|a, b| b.score.cmp(&a.score).then(a.person.cmp(&b.person)));
    likely
}

/// Names give up to 50, the date of birth up to 40, the telephone 20. An unknown date of birth says
/// little for, a different one much against: parents name children after themselves.
fn likeness(a: &Particulars, b: &Particulars) -> (u32, Vec<Alike>) {
    if let (Some(one), Some(other)) = (&a.nhs_number, &b.nhs_number) {
        // The check digit catches slips, so two different valid numbers are two people.
        return if one == other {
            (100, vec![Alike::NhsNumber])
        } else {
            (0, Vec::new())
        };
    }
    let mut because = Vec::new();
    let names = name_likeness(a, b);
    if names < 0.75 {
        return (0, because);
    }
    because.push(if names > 0.99 {
        Alike::SameName
    } else {
        Alike::SimilarName
    });
    let mut score = 50.0 * names;
    if !enough_names(a) || !enough_names(b) {
        score -= 15.0;
    }
    match (a.birth_date, b.birth_date) {
        (Some(one), Some(other)) if one == other => {
            score += 40.0;
            because.push(Alike::SameBirthDate);
        }
        (Some(one), Some(other)) if near(one, other) => {
            score += 25.0;
            because.push(Alike::SimilarBirthDate);
        }
        (Some(_), Some(_)) => score -= 30.0,
        _ => score += 10.0,
    }
    if a.phone.is_some() && a.phone == b.phone {
        score += 20.0;
        because.push(Alike::SamePhone);
    }
    (score.round().clamp(0.0, 100.0) as u32, because)
}

/// A given and a family name, at least: "Sam" alone is many people.
fn enough_names(who: &Particulars) -> bool {
    who.family_name.is_some() && (who.given_name.is_some() || who.known_as.is_some())
}

/// 0 to 1. Names may be in any order and field; a nickname stands for the given name.
fn name_likeness(a: &Particulars, b: &Particulars) -> f64 {
    let mut best: f64 = 0.0;
    for one in spellings(a) {
        for other in spellings(b) {
            best = best.max(names_alike(&one, &other));
        }
    }
    best
}

fn spellings(who: &Particulars) -> Vec<Vec<String>> {
    let with = |first: &Option<String>| {
        let both = [first, &who.family_name].map(|name| name.as_deref().unwrap_or_default());
        fold(&both.join(" "))
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut spellings = vec![with(&who.given_name)];
    if who.known_as.is_some() {
        spellings.push(with(&who.known_as));
    }
    spellings.retain(|names| !names.is_empty());
    spellings
}

/// The mean, over the shorter list, of each name's best match in the longer.
fn names_alike(a: &[String], b: &[String]) -> f64 {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if few.is_empty() {
        return 0.0;
    }
    let sum: f64 = few
        .iter()
        .map(|name| {
            many.iter()
                .map(|other| words_alike(name, other))
                .fold(0.0, f64::max)
        })
        .sum();
    sum / few.len() as f64
}

/// 1 for the same word, 0.8 where one begins the other (Alex, Alexander), else by the share of
/// letters that differ; under three quarters is another word.
fn words_alike(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    let alike = 1.0 - slips(&a, &b) as f64 / long as f64;
    if alike >= 0.75 {
        alike
    } else if short >= 3 && (a.starts_with(&b) || b.starts_with(&a)) {
        0.8
    } else {
        0.0
    }
}

/// How many letters to add, drop, change or swap with a neighbour (optimal string alignment).
fn slips(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous_a = None;
    for (row, &from) in a.iter().enumerate() {
        let mut line = vec![row + 1];
        let mut left = row + 1;
        let mut previous_b = None;
        for (column, &to) in b.iter().enumerate() {
            let at =
                |list: &[usize], place: usize| list.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(&last, column) + usize::from(from != to))
                .min(at(&last, column + 1) + 1)
                .min(left + 1);
            if previous_a == Some(to) && previous_b == Some(from) && column > 0 {
                cost = cost.min(at(&before, column - 1) + 1);
            }
            line.push(cost);
            left = cost;
            previous_b = Some(to);
        }
        before = core::mem::replace(&mut last, line);
        previous_a = Some(from);
    }
    last.last().copied().unwrap_or(0)
}

fn near(a: NaiveDate, b: NaiveDate) -> bool {
    let swapped = a.year() == b.year() && a.day() == b.month() && a.month() == b.day();
    let same = [
        a.year() == b.year(),
        a.month() == b.month(),
        a.day() == b.day(),
    ];
    swapped || same.iter().filter(|same| **same).count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(
        given: &str,
        family: &str,
        born: Option<(i32, u32, u32)>,
        phone: Option<&str>,
    ) -> Particulars {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Particulars {
            given_name: text(given),
            family_name: text(family),
            birth_date: born
                .and_then(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day)),
            phone: phone.map(str::to_owned),
            ..Particulars::default()
        }
    }

    fn score(a: &Particulars, b: &Particulars) -> u32 {
        likeness(a, b).0
    }

    #[test]
    fn one_person_written_twice_is_proposed() {
        let pawel = who("Paweł", "Testowski", Some((2024, 4, 3)), None);
        for twin in [
            who("Pawel", "Testowski", Some((2024, 4, 3)), None),
            who("Pawle", "Testowski", Some((2024, 4, 3)), None),
            who("Testowski", "Paweł", Some((2024, 4, 3)), None),
            who("Paweł Jan", "Testowski", Some((2024, 3, 4)), None),
            who("Paweł", "Testowski-Sample", Some((2024, 4, 3)), None),
            who("Paweł", "Testowski", None, None),
        ] {
            assert!(
                score(&pawel, &twin) >= LIKELY,
                "{:?}",
                likeness(&pawel, &twin)
            );
        }
        let nickname = Particulars {
            known_as: Some("Pawełek".into()),
            ..who("", "Testowski", Some((2024, 4, 3)), None)
        };
        assert!(
            score(&pawel, &nickname) >= LIKELY,
            "a nickname that begins alike"
        );
    }

    #[test]
    fn other_people_are_not() {
        let phone = Some("07700900123");
        let zofia = who("Zofia", "Testowska", Some((2024, 4, 3)), phone);
        for (other, why) in [
            (
                who("Maja", "Testowska", Some((2024, 4, 3)), phone),
                "a twin",
            ),
            (
                who("Zofia", "Testowska", Some((1991, 7, 30)), phone),
                "a mother of the same name",
            ),
            (
                who("Zofia", "Invented", Some((2024, 4, 3)), None),
                "another family",
            ),
            (
                who("Zofia", "", None, None),
                "a first name alone is many people",
            ),
            (who("", "", Some((2024, 4, 3)), phone), "no name"),
        ] {
            assert!(
                score(&zofia, &other) < LIKELY,
                "{why}: {:?}",
                likeness(&zofia, &other)
            );
        }
    }

    #[test]
    fn the_nhs_number_settles_it() {
        let number = |text: &str| NhsNumber::parse(text).ok();
        let one = Particulars {
            nhs_number: number("9434765870"),
            ..who("Zofia", "Testowska", None, None)
        };
        let same = Particulars {
            nhs_number: number("943 476 5870"),
            ..who("Sophie", "Invented", None, None)
        };
        let other = Particulars {
            nhs_number: number("9434765919"),
            ..one.clone()
        };
        assert!(other.nhs_number.is_some());
        assert_eq!(likeness(&one, &same), (100, vec![Alike::NhsNumber]));
        assert_eq!(score(&one, &other), 0, "two valid numbers are two people");
    }

    #[test]
    fn the_likeliest_comes_first() {
        let newcomer = who("Zofia", "Testowska", Some((2024, 4, 3)), None);
        let (far, near) = (
            who("Zofia", "Testowska", None, None),
            who("Zofja", "Testowska", Some((2024, 4, 3)), None),
        );
        let ids = [1, 2].map(|n| PersonId::make(n, [0; 10]));
        let found = likely_duplicates(&newcomer, [(ids[0], &far), (ids[1], &near)]);
        assert_eq!(
            found.iter().map(|likely| likely.person).collect::<Vec<_>>(),
            [ids[1], ids[0]]
        );
    }
}
