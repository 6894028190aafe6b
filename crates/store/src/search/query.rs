//! What somebody typed, understood.

use chrono::{Datelike as _, NaiveDate};
use porch_domain::name_key::{SearchWord, phone_tail, search_words};
use porch_domain::phone::PhoneNumber;
use porch_domain::postcode::Postcode;
use porch_domain::typed_date::parse_birth_date;

/// Words beyond this are not looked at.
const MOST_WORDS: usize = 8;
/// Letters beyond this are not looked at.
const MOST_LETTERS: usize = 120;
/// Fewer digits are part of a name or of something not typed to its end.
const FEWEST_DIGITS: usize = 3;
/// The longest way to type a date: `3rd of April 2024`.
const DATE_WORDS: usize = 4;

/// A column of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Names,
    Phone,
    Postcode,
    Birth,
}

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Phone => "phone",
            Self::Postcode => "postcode",
            Self::Birth => "birth",
        }
    }
}

/// A word that a column must hold, or one beginning with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sought {
    column: Column,
    text: String,
    whole: bool,
}

/// What one piece of the typed text may mean: any of these, each of them everything in it.
type Meanings = Vec<Vec<Sought>>;

/// A person matches when each piece of what was typed does in one of its meanings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Query {
    pieces: Vec<Meanings>,
}

/// What the index holds of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) names: String,
    pub(super) phone: String,
    pub(super) postcode: String,
    pub(super) birth: String,
}

impl Query {
    /// Understands what was typed; `None` when there is nothing to look for.
    pub(super) fn parse(typed: &str, today: NaiveDate) -> Option<Self> {
        let typed: String = typed.chars().take(MOST_LETTERS).collect();
        let words: Vec<&str> = typed.split_whitespace().take(MOST_WORDS).collect();
        let mut pieces = Vec::new();
        let mut rest = words.as_slice();
        while !rest.is_empty() {
            let (meanings, taken) = date(rest, today)
                .or_else(|| postcode(rest))
                .or_else(|| digits(rest))
                .unwrap_or_else(|| (Vec::new(), 0));
            if taken > 0 {
                pieces.push(meanings);
                rest = rest.get(taken..).unwrap_or_default();
                continue;
            }
            let Some((word, later)) = rest.split_first() else {
                break;
            };
            pieces.extend(search_words(word).iter().map(name));
            rest = later;
        }
        (!pieces.is_empty()).then_some(Self { pieces })
    }

    /// The query in the language of FTS5.
    pub(super) fn to_match(&self) -> String {
        let joined = |parts: Vec<String>, with: &str| format!("({})", parts.join(with));
        let sought = |sought: &Sought| {
            let star = if sought.whole { "" } else { " *" };
            format!("{} : \"{}\"{star}", sought.column.name(), sought.text)
        };
        let pieces = self.pieces.iter().map(|meanings| {
            let meanings = meanings
                .iter()
                .map(|all| joined(all.iter().map(sought).collect(), " AND "));
            joined(meanings.collect(), " OR ")
        });
        joined(pieces.collect(), " AND ")
    }

    /// Whether a person with these keys matches: the same rule as [`Query::to_match`], for the few
    /// people whom the desk expects anyway.
    pub(super) fn matches(&self, keys: &Keys) -> bool {
        let holds = |sought: &Sought| {
            let column = match sought.column {
                Column::Names => &keys.names,
                Column::Phone => &keys.phone,
                Column::Postcode => &keys.postcode,
                Column::Birth => &keys.birth,
            };
            column.split(' ').any(|word| {
                if sought.whole {
                    word == sought.text
                } else {
                    word.starts_with(&sought.text)
                }
            })
        };
        self.pieces
            .iter()
            .all(|meanings| meanings.iter().any(|all| all.iter().all(holds)))
    }
}

/// How a date of birth is indexed: `20240403`.
pub(super) fn birth_key(date: NaiveDate) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// How a postcode is indexed: `ng27qp`.
pub(super) fn postcode_key(postcode: &str) -> String {
    postcode
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

fn begins(column: Column, text: String) -> Vec<Sought> {
    vec![Sought {
        column,
        text,
        whole: false,
    }]
}

fn is(column: Column, text: String) -> Vec<Sought> {
    vec![Sought {
        column,
        text,
        whole: true,
    }]
}

/// A word of a name: as one, or each of its parts.
fn name(word: &SearchWord) -> Meanings {
    let mut meanings = vec![begins(Column::Names, word.joined())];
    if word.parts.len() > 1 {
        let parts = word.parts.iter().cloned();
        meanings.push(parts.flat_map(|part| begins(Column::Names, part)).collect());
    }
    meanings
}

/// A date over as many words as it takes. Typed in digits only, it may be a telephone number too.
fn date(words: &[&str], today: NaiveDate) -> Option<(Meanings, usize)> {
    (1..=words.len().min(DATE_WORDS)).rev().find_map(|taken| {
        let typed = words.get(..taken)?.join(" ");
        let date = parse_birth_date(&typed, today).ok()?;
        let mut meanings = vec![is(Column::Birth, birth_key(date))];
        if is_number(&typed) {
            meanings.push(begins(Column::Phone, phone_tail(&typed)));
        }
        Some((meanings, taken))
    })
}

/// A postcode or the beginning of one, with or without its space.
fn postcode(words: &[&str]) -> Option<(Meanings, usize)> {
    let (first, later) = words.split_first()?;
    if let Some(second) = later.first() {
        let both = format!("{first}{second}");
        if let Ok(whole) = Postcode::parse(&both) {
            return Some((vec![is(Column::Postcode, postcode_key(whole.as_str()))], 2));
        }
        if begins_postcode(first) && begins_inward(second) {
            return Some((vec![begins(Column::Postcode, postcode_key(&both))], 2));
        }
    }
    if let Ok(whole) = Postcode::parse(first) {
        return Some((vec![is(Column::Postcode, postcode_key(whole.as_str()))], 1));
    }
    let key = postcode_key(first);
    begins_postcode(first).then(|| {
        let meanings = vec![
            begins(Column::Postcode, key.clone()),
            begins(Column::Names, key),
        ];
        (meanings, 1)
    })
}

/// One or two letters, then digits and letters: `NG2`, `st16`, `SW1A`, `ng27`.
fn begins_postcode(word: &str) -> bool {
    let letters = word.chars().take_while(char::is_ascii_alphabetic).count();
    (1..=2).contains(&letters)
        && (letters + 1..=7).contains(&word.len())
        && word.chars().all(|letter| letter.is_ascii_alphanumeric())
}

/// A digit, and at most one letter of the two that follow it.
fn begins_inward(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|first| first.is_ascii_digit())
        && match letters.next() {
            None => true,
            Some(second) => second.is_ascii_alphabetic() && letters.next().is_none(),
        }
}

/// Three digits or more, over as many words as they are typed in: the end of a telephone number,
/// or a year of birth.
fn digits(words: &[&str]) -> Option<(Meanings, usize)> {
    let taken = words.iter().take_while(|word| is_number(word)).count();
    let typed = words.get(..taken)?.concat();
    let number = PhoneNumber::parse(&typed).map_or(typed, |number| number.as_str().to_owned());
    let tail = phone_tail(&number);
    if tail.len() < FEWEST_DIGITS {
        return None;
    }
    let mut meanings = vec![begins(Column::Phone, tail)];
    if number.len() == 4 && (number.starts_with("19") || number.starts_with("20")) {
        meanings.push(begins(Column::Birth, number));
    }
    Some((meanings, taken))
}

/// Digits and what people put between those of a telephone number.
fn is_number(word: &str) -> bool {
    let signs = |letter: char| matches!(letter, '+' | '(' | ')' | '-' | '.' | '/' | ' ');
    word.chars().any(|letter| letter.is_ascii_digit())
        && word
            .chars()
            .all(|letter| letter.is_ascii_digit() || signs(letter))
}
