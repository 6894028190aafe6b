//! What the server knows of each kind of record, beyond storing it.

use chrono::NaiveTime;
use porch_domain::activity::Activity;
use porch_domain::alias::Alias;
use porch_domain::attendance::{Attendance, AttendanceVoid, Departure};
use porch_domain::authority::{Authority, AuthorityEnd};
use porch_domain::catalogue::{FieldValues, MalformedRecord, RECORDS, Record};
use porch_domain::centre::Centre;
use porch_domain::concern::Concern;
use porch_domain::consent::check_decision;
use porch_domain::county::CountyDetails;
use porch_domain::decision::Decision;
use porch_domain::erasure::ErasureOrder;
use porch_domain::family::Family;
use porch_domain::id::{
    derive_alias_id, derive_county_details_id, derive_photo_subject_id, derive_session_id,
};
use porch_domain::membership::Membership;
use porch_domain::notice::{Notice, NoticeShown};
use porch_domain::person::Person;
use porch_domain::photo::{Form, Objection, Photo, PhotoSubject};
use porch_domain::publication::{Publication, Takedown};
use porch_domain::session::Session;
use porch_domain::standing::{Expiry, Misrecording};
use porch_domain::stop::{Stop, StopEnd};
use porch_domain::stub::Stub;
use porch_domain::text::{TextApproval, TextProblem};
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Ruling, Withdrawal, WithdrawalRuling, rule_by};
use porch_domain::wording::Wording;
use porch_sync::Row;
use porch_sync::protocol::MAX_BLOB_BYTES;
use serde_json::Value;
use uuid::Uuid;

use crate::quarantine::Reason;

/// Kinds that devices do not write: the county's own reference data, and what it makes itself.
pub(crate) const COUNTY_ONLY: &[&str] = &[
    Centre::KIND,
    CountyDetails::KIND,
    Wording::KIND,
    Notice::KIND,
    TextApproval::KIND,
    Stub::KIND,
    Expiry::KIND,
];

/// Kinds of texts, and what the county says of them.
pub(crate) const TEXTS: &[&str] = &[Wording::KIND, Notice::KIND, TextApproval::KIND];

/// Kinds whose arrival may take content down.
pub(crate) const CONSENT: &[&str] = &[
    Authority::KIND,
    AuthorityEnd::KIND,
    Decision::KIND,
    Misrecording::KIND,
    Expiry::KIND,
    Withdrawal::KIND,
    WithdrawalRuling::KIND,
    Stop::KIND,
    StopEnd::KIND,
];

/// The place of a kind in [`RECORDS`]: what rests on something comes after it.
pub(crate) fn rank(kind: &str) -> usize {
    RECORDS
        .iter()
        .position(|entry| entry.kind == kind)
        .unwrap_or(RECORDS.len())
}

/// Reads a record as its type.
pub(crate) fn read<R: Record>(row: &Row) -> Result<R, MalformedRecord>
where
    R::Id: From<Uuid>,
{
    R::from_fields(R::Id::from(row.id), &row.values())
}

/// What the catalogue has against a record; names a field, never a value. The outer error: no such
/// kind.
pub(crate) fn problem(row: &Row) -> Result<Option<MalformedRecord>, Reason> {
    let values = row.values();
    macro_rules! readable {
        ($($Record:ident),+) => {
            match row.kind.as_str() {
                $(<$Record as Record>::KIND => {
                    Ok($Record::from_fields(row.id.into(), &values).err())
                })+
                _ => Err(Reason::UnknownKind),
            }
        };
    }
    readable!(
        Centre,
        CountyDetails,
        Wording,
        Notice,
        TextApproval,
        Activity,
        Session,
        Family,
        Person,
        Membership,
        Alias,
        Stub,
        NoticeShown,
        Attendance,
        Departure,
        AttendanceVoid,
        Authority,
        AuthorityEnd,
        Decision,
        Misrecording,
        Expiry,
        Withdrawal,
        WithdrawalRuling,
        Stop,
        StopEnd,
        Photo,
        PhotoSubject,
        Objection,
        Publication,
        Takedown,
        Concern,
        ErasureOrder
    )
}

/// What is wrong with a text, an approval or the county's details.
pub(crate) fn text_problem(row: &Row) -> Option<TextProblem> {
    let checked = match row.kind.as_str() {
        Wording::KIND => read::<Wording>(row).map(|wording| wording.check_own()),
        Notice::KIND => read::<Notice>(row).map(|notice| notice.check_own()),
        TextApproval::KIND => read::<TextApproval>(row).map(|approval| approval.check()),
        CountyDetails::KIND => read::<CountyDetails>(row).map(|details| {
            if details.id != derive_county_details_id() {
                Err(TextProblem::Id)
            } else if details.is_plain() && details.days_fit() {
                Ok(())
            } else {
                Err(TextProblem::Part)
            }
        }),
        _ => return None,
    };
    checked.ok()?.err()
}

/// Whether the record is what the catalogue says of its kind.
pub(crate) fn check(row: &Row) -> Result<(), Reason> {
    if problem(row)?.is_some() {
        return Err(Reason::MalformedRecord);
    }
    let fits = match row.kind.as_str() {
        // A derived id that is not derived would let two records stand for one thing.
        Session::KIND => read::<Session>(row)
            .is_ok_and(|session| derive_session_id(session.activity, session.date) == session.id),
        // As the guard of a device's store: what only refuses is heard, whatever is missing from it.
        Decision::KIND => {
            read::<Decision>(row).is_ok_and(|decision| check_decision(&decision).is_ok())
        }
        Withdrawal::KIND => {
            read::<Withdrawal>(row).is_ok_and(|withdrawal| !withdrawal.decisions.is_empty())
        }
        Alias::KIND => read::<Alias>(row).is_ok_and(|alias| {
            alias.older < alias.newer && derive_alias_id(alias.older, alias.newer) == alias.id
        }),
        PhotoSubject::KIND => read::<PhotoSubject>(row).is_ok_and(|subject| {
            derive_photo_subject_id(subject.photo, subject.person) == subject.id
        }),
        Photo::KIND => read::<Photo>(row).is_ok_and(|photo| {
            let fits = |bytes: u32| (1..=MAX_BLOB_BYTES).contains(&u64::from(bytes));
            photo.fits_its_form()
                && fits(photo.bytes)
                && (photo.form() == Form::Words || fits(photo.thumbnail_bytes))
        }),
        Publication::KIND => {
            read::<Publication>(row).is_ok_and(|publication| !publication.place.trim().is_empty())
        }
        Takedown::KIND => {
            read::<Takedown>(row).is_ok_and(|takedown| !takedown.proof.trim().is_empty())
        }
        _ => text_problem(row).is_none(),
    };
    if fits {
        Ok(())
    } else {
        Err(Reason::MalformedRecord)
    }
}

/// Whether a field's name and value can be stored at all, known or not.
pub(crate) fn is_plain(name: &str, value: &Value, event: bool) -> bool {
    let named = (1..=64).contains(&name.len())
        && name != "id"
        && name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let scalar = |value: &Value| !value.is_array() && !value.is_object();
    named
        && match value {
            Value::Array(items) => event && items.iter().all(scalar),
            value => scalar(value),
        }
}

/// The id in a field.
pub(crate) fn id_in(values: &FieldValues, field: &str) -> Option<Uuid> {
    values.get(field)?.as_str()?.parse().ok()
}

/// The ids in a field that holds one or a list.
pub(crate) fn ids_in(values: &FieldValues, field: &str) -> Vec<Uuid> {
    match values.get(field) {
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(|item| item.as_str()?.parse().ok())
            .collect(),
        _ => id_in(values, field).into_iter().collect(),
    }
}

/// What a record is found by besides its own id.
pub(crate) fn ties(row: &Row) -> Vec<Uuid> {
    let fields: &[&str] = match row.kind.as_str() {
        Authority::KIND => &["child"],
        Membership::KIND => &["person", "family"],
        Alias::KIND => &["older", "newer"],
        NoticeShown::KIND => &["person"],
        Concern::KIND => &["about"],
        Decision::KIND | Stop::KIND => &["subject"],
        // It counts for the decisions that it names, too, whoever it says it is about.
        Withdrawal::KIND => &["subject"],
        PhotoSubject::KIND => &["photo", "person", "decision"],
        Objection::KIND | Publication::KIND => &["photo"],
        Takedown::KIND => &["publication"],
        _ => &[],
    };
    if TEXTS.contains(&row.kind.as_str()) {
        // All of them are found together.
        return vec![derive_county_details_id().into()];
    }
    let values = row.values();
    fields
        .iter()
        .copied()
        .chain(names_consent(&row.kind))
        .flat_map(|field| ids_in(&values, field))
        .collect()
}

/// The field in which a record of consent names the one of which it says what it counts for.
pub(crate) fn names_consent(kind: &str) -> Option<&'static str> {
    match kind {
        AuthorityEnd::KIND => Some("authority"),
        Misrecording::KIND | Expiry::KIND => Some("decision"),
        Withdrawal::KIND => Some("decisions"),
        WithdrawalRuling::KIND => Some("withdrawal"),
        StopEnd::KIND => Some("stop"),
        _ => None,
    }
}

/// What says of a record of consent what it counts for: it may come before what it rests on.
pub(crate) fn said_of(kind: &str) -> &'static [&'static str] {
    match kind {
        Authority::KIND => &[AuthorityEnd::KIND],
        Decision::KIND => &[Misrecording::KIND, Expiry::KIND, Withdrawal::KIND],
        Withdrawal::KIND => &[WithdrawalRuling::KIND],
        Stop::KIND => &[StopEnd::KIND],
        _ => &[],
    }
}

/// Whether a record takes a No away that another one says.
pub(crate) fn lifts(kind: &str) -> bool {
    [StopEnd::KIND, Misrecording::KIND].contains(&kind)
}

/// Whether a record takes permission or content away, and so travels before everything else.
pub(crate) fn is_urgent(row: &Row) -> bool {
    match row.kind.as_str() {
        Withdrawal::KIND | AuthorityEnd::KIND | Misrecording::KIND | Expiry::KIND => true,
        // What gives it back comes by the same feed, and before what it lifts once both are here (`lifts`).
        WithdrawalRuling::KIND | Stop::KIND | StopEnd::KIND => true,
        Objection::KIND => true,
        Decision::KIND => refuses(row),
        // Two who are one have each other's No. That they are not comes before whatever one of them says later:
        // or a device takes that for the other's, and lets go of a picture that stands everywhere else.
        Alias::KIND => true,
        _ => false,
    }
}

/// When something comes due of a record that is made, in milliseconds since 1970: consent ends, or a withdrawal that was
/// reported has been waiting for a ruling for long enough. A clock that runs ahead puts nothing off.
pub(crate) fn due(row: &Row, now_ms: u64) -> Option<u64> {
    match row.kind.as_str() {
        Decision::KIND => {
            let decision = read::<Decision>(row).ok()?;
            let until = decision
                .valid_until
                .filter(|_| !decision.granted.is_empty())?;
            Some(u64::try_from(until.unix_ms()).unwrap_or(0))
        }
        Withdrawal::KIND => {
            let withdrawal = read::<Withdrawal>(row)
                .ok()
                .filter(|said| !said.is_verified())?;
            let now = Instant::from_unix_ms(i64::try_from(now_ms).unwrap_or(i64::MAX));
            let over = rule_by(withdrawal.withdrawn_at.min(now)).succ_opt()?;
            let over = over.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
            Some(u64::try_from(over).unwrap_or(0))
        }
        _ => None,
    }
}

/// Whether a record says No and nothing else: it counts whatever else is wrong with what it came in.
pub(crate) fn is_no(row: &Row) -> bool {
    match row.kind.as_str() {
        Withdrawal::KIND | AuthorityEnd::KIND | Stop::KIND | Objection::KIND => true,
        WithdrawalRuling::KIND => {
            let ruling = row
                .fields
                .get("ruling")
                .and_then(|said| said.value.as_str());
            ruling == Some(Ruling::Upheld.word())
        }
        Decision::KIND => refuses(row),
        _ => false,
    }
}

/// Whether a decision refuses some channel.
pub(crate) fn refuses(row: &Row) -> bool {
    row.fields
        .get("refused")
        .and_then(|refused| refused.value.as_array())
        .is_some_and(|channels| !channels.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_kind_of_the_catalogue_can_be_checked() {
        for entry in RECORDS {
            let row = Row {
                kind: entry.kind.to_owned(),
                id: Uuid::from_u128(1),
                fields: BTreeMap::new(),
            };
            assert_ne!(
                check(&row),
                Err(Reason::UnknownKind),
                "{} is known",
                entry.kind
            );
        }
    }

    #[test]
    fn names_and_values_that_could_break_a_row_are_refused() {
        assert!(is_plain("phone", &Value::from("x"), false));
        assert!(is_plain("granted", &serde_json::json!(["print"]), true));
        for (name, value) in [
            ("*", Value::Null),
            ("id", Value::Null),
            ("", Value::Null),
            ("Phone", Value::Null),
            ("a\"b", Value::Null),
            ("phone", serde_json::json!({"a": 1})),
            ("phone", serde_json::json!(["a"])),
        ] {
            assert!(!is_plain(name, &value, false), "{name} {value}");
        }
        assert!(!is_plain("x", &serde_json::json!([["a"]]), true));
    }
}
