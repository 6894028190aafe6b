//! What the views for the county's analysts show: a view for each kind of which they see something, made
//! from the data catalogue. A kind of which they see no field has none: its ids alone would still tell
//! when each was written.

use porch_domain::catalogue::{ColumnType, Detail, FieldEntry, RECORDS, TextForm};

/// A view on the records of a kind. It has the record's `id`, and these.
pub(super) struct View {
    /// The kind; also its name.
    pub(super) kind: &'static str,
    pub(super) columns: Vec<Column>,
}

/// A column, for a field.
pub(super) struct Column {
    /// The field's name, or what tells that it is not the whole of it.
    pub(super) name: String,
    /// The field.
    pub(super) field: &'static str,
    pub(super) form: Form,
}

/// What a column holds. What the stored value is not of it, is null: nothing that was ever stored may
/// keep a view from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Id,
    YesNo,
    Whole,
    Fraction,
    /// A date.
    Day,
    /// The first of a date's month.
    Month,
    Moment,
    TimeOfDay,
    /// A text without anything that JSON escapes.
    Word,
    /// Any text.
    Text,
    /// A JSON array.
    List,
}

/// All views, as the catalogue of this program says.
pub(super) fn all() -> Vec<View> {
    let views = RECORDS.iter().map(|record| View {
        kind: record.kind,
        columns: record.fields.iter().filter_map(column).collect(),
    });
    views.filter(|view| !view.columns.is_empty()).collect()
}

fn column(field: &'static FieldEntry) -> Option<Column> {
    let (name, form) = match field.for_analysts()? {
        Detail::Month => (
            format!("{}_month", field.name.trim_end_matches("_date")),
            Form::Month,
        ),
        Detail::Whole => (field.name.to_owned(), form(field)?),
    };
    Some(Column {
        name,
        field: field.name,
        form,
    })
}

fn form(field: &FieldEntry) -> Option<Form> {
    Some(match field.column {
        ColumnType::Id => Form::Id,
        ColumnType::Integer => Form::Whole,
        ColumnType::Real => Form::Fraction,
        ColumnType::Bool => Form::YesNo,
        ColumnType::Json => Form::List,
        ColumnType::Bytes => return None,
        ColumnType::Text => match field.text {
            TextForm::Checked => Form::Word,
            TextForm::Date => Form::Day,
            TextForm::Instant => Form::Moment,
            TextForm::TimeOfDay => Form::TimeOfDay,
            TextForm::Free => Form::Text,
        },
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The views' columns as a store has them must be those of the catalogue, both ways.
    pub(in crate::store) fn expected() -> Vec<(String, Vec<String>)> {
        let seen = |field: &&FieldEntry| field.for_analysts().is_some();
        let mut views: Vec<_> = RECORDS
            .iter()
            .filter(|record| record.fields.iter().any(|field| seen(&field)))
            .map(|record| {
                let mut names = vec!["id".to_owned()];
                names.extend(record.fields.iter().filter(seen).map(|field| {
                    match field.for_analysts() {
                        Some(Detail::Month) => "birth_month".to_owned(),
                        _ => field.name.to_owned(),
                    }
                }));
                (record.kind.to_owned(), names)
            })
            .collect();
        views.sort();
        views
    }

    #[test]
    fn every_form_of_field_has_its_column() {
        let forms: Vec<Form> = all()
            .iter()
            .flat_map(|view| view.columns.iter().map(|column| column.form))
            .collect();
        for form in [
            Form::Id,
            Form::YesNo,
            Form::Whole,
            Form::Day,
            Form::Month,
            Form::Moment,
            Form::TimeOfDay,
            Form::Word,
            Form::Text,
        ] {
            assert!(
                forms.contains(&form),
                "{form:?} is in use, and so tried by the stores' tests"
            );
        }
    }
}
