//! From a field's Rust type to its column and its JSON form.

use chrono::NaiveDate;
use serde_json::Value;

/// How a field is stored on the device (SQLite STRICT types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// An identifier: 16 bytes in a BLOB; hyphenated text in JSON.
    Id,
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Real,
    /// Yes or no: INTEGER 0 or 1; `true` or `false` in JSON.
    Bool,
    /// Bytes in a BLOB; base64 text in JSON.
    Bytes,
    /// A small JSON array as TEXT; only in events.
    Json,
}

/// What the texts of a column of text, or of a list, are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextForm {
    /// Of a form that a type checks: one of a set of words, a digest, a number written as text.
    Checked,
    /// A date of the calendar, `2026-11-23`.
    Date,
    /// A moment (UTC), `2026-11-23T09:30:00.000Z`.
    Instant,
    /// A time of the day, `09:30`.
    TimeOfDay,
    /// Whatever somebody typed.
    Free,
}

/// A type that a record's field may have.
pub trait FieldValue: Sized {
    /// Its column.
    const COLUMN: ColumnType;
    /// May it be not given?
    const NULLABLE: bool = false;
    /// What its texts are, if it is of text.
    const TEXT: TextForm = TextForm::Checked;
    /// The stored form.
    fn to_json(&self) -> Value;
    /// Reads the stored form; `None` when it is not one.
    fn from_json(value: &Value) -> Option<Self>;
}

impl<T: FieldValue> FieldValue for Option<T> {
    const COLUMN: ColumnType = T::COLUMN;
    const NULLABLE: bool = true;
    const TEXT: TextForm = T::TEXT;
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_json)
    }
    fn from_json(value: &Value) -> Option<Self> {
        if value.is_null() {
            Some(None)
        } else {
            T::from_json(value).map(Some)
        }
    }
}

impl<T: FieldValue> FieldValue for Vec<T> {
    const COLUMN: ColumnType = ColumnType::Json;
    const TEXT: TextForm = T::TEXT;
    fn to_json(&self) -> Value {
        self.iter().map(T::to_json).collect()
    }
    fn from_json(value: &Value) -> Option<Self> {
        value.as_array()?.iter().map(T::from_json).collect()
    }
}

impl FieldValue for String {
    const COLUMN: ColumnType = ColumnType::Text;
    const TEXT: TextForm = TextForm::Free;
    fn to_json(&self) -> Value {
        Value::from(self.as_str())
    }
    fn from_json(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl FieldValue for bool {
    const COLUMN: ColumnType = ColumnType::Bool;
    fn to_json(&self) -> Value {
        Value::from(*self)
    }
    fn from_json(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl FieldValue for u32 {
    const COLUMN: ColumnType = ColumnType::Integer;
    fn to_json(&self) -> Value {
        Value::from(*self)
    }
    fn from_json(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}

impl FieldValue for f64 {
    const COLUMN: ColumnType = ColumnType::Real;
    fn to_json(&self) -> Value {
        Value::from(*self)
    }
    fn from_json(value: &Value) -> Option<Self> {
        value.as_f64()
    }
}

/// A date of the calendar. Text form `2026-11-23`.
impl FieldValue for NaiveDate {
    const COLUMN: ColumnType = ColumnType::Text;
    const TEXT: TextForm = TextForm::Date;
    fn to_json(&self) -> Value {
        Value::from(self.format("%Y-%m-%d").to_string())
    }
    fn from_json(value: &Value) -> Option<Self> {
        let text = value.as_str()?;
        let date = Self::parse_from_str(text, "%Y-%m-%d").ok()?;
        // Only the one form: texts must sort as the dates do.
        (date.format("%Y-%m-%d").to_string() == text).then_some(date)
    }
}
