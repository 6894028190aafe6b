//! What was typed, read field by field: every problem is found at once and nothing typed is lost.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use porch_domain::catalogue::{FieldValue, FieldValues, Record};
use porch_domain::email::EmailAddress;
use porch_domain::nhs_number::NhsNumber;
use porch_domain::person_name::{NameProblem, PersonName};
use porch_domain::phone::PhoneNumber;
use porch_domain::postcode::Postcode;
use porch_domain::role::can_write;
use porch_domain::typed_date::{DateProblem, parse_birth_date, parse_due_date};
use serde_json::Value;

use super::PersonForm;
use crate::refusal::{Code, Problem, Refusal};
use crate::work::Work;

/// The most letters of free texts.
const MAX_LANGUAGE: usize = 40;
const MAX_ALLERGIES: usize = 500;
const MAX_ADDRESS: usize = 500;
const MAX_NOTE: usize = 2_000;

impl PersonForm {
    /// What was typed, by the person's field.
    pub(crate) fn texts(&self) -> [(&'static str, &str); 10] {
        [
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
            ("known_as", &self.known_as),
            ("birth_date", &self.birth_date),
            ("due_date", &self.due_date),
            ("phone", &self.phone),
            ("email", &self.email),
            ("nhs_number", &self.nhs_number),
            ("language", &self.language),
            ("allergies", &self.allergies),
        ]
    }

    /// A form with nothing in it is no person: a line left empty does no harm.
    pub(crate) fn is_blank(&self) -> bool {
        self.texts().iter().all(|(_, text)| text.trim().is_empty())
    }
}

/// What was found in a form.
#[derive(Default)]
pub(crate) struct Findings {
    /// What keeps it from being saved.
    pub(crate) problems: Vec<Problem>,
    /// What looks odd and is saved all the same.
    pub(crate) warnings: Vec<Problem>,
    /// Dates as they were understood, by field.
    pub(crate) dates: BTreeMap<String, String>,
}

impl Findings {
    pub(crate) fn problem(&mut self, field: impl Into<String>, code: Code) {
        self.problems.push(Problem {
            field: field.into(),
            code,
        });
    }

    /// Refuses when there are problems.
    pub(crate) fn settle(self) -> Result<(), Refusal> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(Refusal::of_form(self.problems))
        }
    }

    /// Reads what was typed where it differs from what the screen showed, and gives the values that
    /// it means. Where nothing was shown and nothing typed, nothing changes: so what a role may not
    /// see stays as it is.
    pub(crate) fn read<R: Record>(
        &mut self,
        work: &Work,
        prefix: &str,
        texts: &[(&'static str, &str)],
        shown: &FieldValues,
    ) -> FieldValues {
        let mut changed = FieldValues::new();
        for (name, text) in texts {
            let text = text.trim();
            if text == shown.get(*name).and_then(Value::as_str).unwrap_or_default() {
                continue;
            }
            let field = format!("{prefix}{name}");
            if !may_write::<R>(work, name) {
                self.problem(field, Code::NotAllowed);
                continue;
            }
            match read_text(name, text, work.today) {
                Ok(read) => {
                    if let Some(date) = read.date {
                        self.dates.insert(field.clone(), date.to_string());
                    }
                    if let Some(code) = read.warning {
                        self.warnings.push(Problem { field, code });
                    }
                    changed.insert((*name).to_owned(), read.value);
                }
                Err(code) => self.problem(field, code),
            }
        }
        changed
    }

    /// A person needs something to be called by.
    pub(crate) fn need_a_name(&mut self, prefix: &str, person: &FieldValues) {
        let named = ["given_name", "family_name", "known_as"]
            .iter()
            .any(|name| person.get(*name).is_some_and(|name| !name.is_null()));
        let troubled = self.problems.iter().any(|problem| {
            problem
                .field
                .strip_prefix(prefix)
                .is_some_and(|field| matches!(field, "given_name" | "family_name" | "known_as"))
        });
        if !named && !troubled {
            self.problem(format!("{prefix}given_name"), Code::Required);
        }
    }
}

/// May this login's role give or change that field?
pub(crate) fn may_write<R: Record>(work: &Work, field: &str) -> bool {
    R::entry()
        .field(field)
        .is_some_and(|field| can_write(work.login.role, field))
}

/// A text, read.
#[derive(Default)]
struct ReadText {
    value: Value,
    date: Option<NaiveDate>,
    warning: Option<Code>,
}

impl ReadText {
    fn of(value: impl FieldValue) -> Self {
        Self {
            value: value.to_json(),
            ..Self::default()
        }
    }

    fn date(date: NaiveDate) -> Self {
        Self {
            date: Some(date),
            ..Self::of(date)
        }
    }
}

fn read_text(field: &str, text: &str, today: NaiveDate) -> Result<ReadText, Code> {
    if text.is_empty() {
        return Ok(ReadText::default());
    }
    match field {
        "given_name" | "family_name" | "known_as" => match PersonName::parse(text) {
            Ok(name) => Ok(ReadText::of(name.as_str().to_owned())),
            Err(NameProblem::TooLong) => Err(Code::TooLong),
            Err(NameProblem::Empty | NameProblem::ControlCharacter) => Err(Code::InvalidName),
        },
        "birth_date" => parse_birth_date(text, today)
            .map(ReadText::date)
            .map_err(date_code),
        "due_date" => parse_due_date(text, today)
            .map(ReadText::date)
            .map_err(date_code),
        "phone" => {
            let number = PhoneNumber::parse(text).map_err(|_| Code::InvalidPhone)?;
            let warning = number.is_drama().then_some(Code::InvalidPhone);
            Ok(ReadText {
                warning,
                ..ReadText::of(number.as_str().to_owned())
            })
        }
        "email" => match EmailAddress::parse(text) {
            Ok(address) => Ok(ReadText::of(address.to_string())),
            Err(_) => Err(Code::InvalidEmail),
        },
        "nhs_number" => NhsNumber::parse(text)
            .map(ReadText::of)
            .map_err(|_| Code::InvalidNhsNumber),
        "postcode" => Postcode::parse(text)
            .map(ReadText::of)
            .map_err(|_| Code::InvalidPostcode),
        "language" => plain(text, MAX_LANGUAGE),
        "allergies" => plain(text, MAX_ALLERGIES),
        "address" => plain(text, MAX_ADDRESS),
        "note" => plain(text, MAX_NOTE),
        _ => Err(Code::Internal),
    }
}

fn plain(text: &str, most: usize) -> Result<ReadText, Code> {
    let line_ends = text.replace("\r\n", "\n");
    if line_ends
        .chars()
        .any(|letter| letter.is_control() && !matches!(letter, '\n' | '\t'))
    {
        return Err(Code::Invalid);
    }
    if line_ends.chars().count() > most {
        Err(Code::TooLong)
    } else {
        Ok(ReadText::of(line_ends))
    }
}

const fn date_code(problem: DateProblem) -> Code {
    match problem {
        DateProblem::NotADate | DateProblem::NoSuchDay => Code::InvalidDate,
        DateProblem::InTheFuture => Code::DateInFuture,
        DateProblem::TooLongAgo => Code::DateTooEarly,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    #[test]
    fn texts_read_as_their_fields_mean_them() {
        for (field, typed, value) in [
            ("given_name", "Ola  Maria", "Ola Maria"),
            ("birth_date", "3 apr 24", "2024-04-03"),
            ("due_date", "1/2/27", "2027-02-01"),
            ("phone", "+44 7700 900123", "07700900123"),
            ("email", "testa@Example.org", "testa@example.org"),
            ("nhs_number", "943 476 5870", "9434765870"),
            ("postcode", "ng27qp", "NG2 7QP"),
            (
                "address",
                "1 Sample Way\r\nTestham",
                "1 Sample Way\nTestham",
            ),
        ] {
            let read = read_text(field, typed, today()).map(|read| read.value);
            assert_eq!(read, Ok(Value::from(value)), "{field}: {typed}");
        }
        assert_eq!(
            read_text("phone", "07700 900123", today())
                .unwrap_or_default()
                .warning,
            Some(Code::InvalidPhone)
        );
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (field, typed, code) in [
            ("given_name", "\u{202e}", Code::InvalidName),
            ("birth_date", "31/2/24", Code::InvalidDate),
            ("birth_date", "24/11/26", Code::DateInFuture),
            ("due_date", "1/1/26", Code::DateTooEarly),
            ("phone", "12", Code::InvalidPhone),
            ("email", "testa", Code::InvalidEmail),
            ("nhs_number", "9434765871", Code::InvalidNhsNumber),
            ("postcode", "nowhere", Code::InvalidPostcode),
            ("note", "\u{0}", Code::Invalid),
        ] {
            assert_eq!(
                read_text(field, typed, today()).err(),
                Some(code),
                "{field}: {typed:?}"
            );
        }
        assert_eq!(
            read_text("allergies", &"x".repeat(501), today()).err(),
            Some(Code::TooLong)
        );
    }
}
