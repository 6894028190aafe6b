//! Identifiers: newtypes over UUIDs. Text form: hyphenated lower case. On the device: 16 bytes.
//!
//! `make` gives a UUIDv7 (RFC 9562) from a time and randomness that the caller brings. `derive_…`
//! gives a UUIDv5 under Porch's own namespace, where two devices would otherwise both make an id
//! for one and the same thing.

use core::fmt;
use core::str::FromStr;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::text::TextRef;

/// The namespace of derived ids. Fixed for ever: changing it would make the same session two.
const NAMESPACE: Uuid = Uuid::from_u128(0x7ee1_1a0c_52f6_4c6e_9d6b_c0a3_5e1d_70b4);

/// The text is not a hyphenated UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct MalformedId;

/// What every record's identifier can do.
pub trait RecordId:
    Copy + Ord + fmt::Display + FromStr<Err = MalformedId> + From<Uuid> + 'static
{
    /// The identifier without its type.
    fn uuid(self) -> Uuid;
}

macro_rules! id {
    ($($(#[$meta:meta])* $Name:ident,)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $Name(Uuid);

        impl $Name {
            /// A new UUIDv7 from Unix milliseconds and ten random bytes.
            pub fn make(now_ms: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid())
            }

            /// From the 16 bytes of a column.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes for a column.
            pub const fn to_bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }
        }

        impl RecordId for $Name {
            fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $Name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$Name> for Uuid {
            fn from(id: $Name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $Name {
            type Err = MalformedId;
            fn from_str(text: &str) -> Result<Self, MalformedId> {
                Uuid::try_parse(text).map(Self).map_err(|_| MalformedId)
            }
        }

        impl crate::catalogue::FieldValue for $Name {
            const COLUMN: crate::catalogue::ColumnType = crate::catalogue::ColumnType::Id;
            fn to_json(&self) -> serde_json::Value {
                serde_json::Value::from(self.to_string())
            }
            fn from_json(value: &serde_json::Value) -> Option<Self> {
                value.as_str()?.parse().ok()
            }
        }
    )+};
}

id! {
    /// A children's centre or a venue.
    CentreId,
    /// What is offered.
    ActivityId,
    /// One occurrence of an activity; derived, see [`derive_session_id`].
    SessionId,
    /// A family.
    FamilyId,
    /// A person.
    PersonId,
    /// A person's place in a family.
    MembershipId,
    /// One person at one session.
    AttendanceId,
    /// The end of an attendance.
    DepartureId,
    /// An arrival or a departure: the id of an attendance or of its end.
    AttendanceEventId,
    /// An arrival or departure recorded by mistake.
    AttendanceVoidId,
    /// What the county calls its own; derived, see [`derive_county_details_id`].
    CountyDetailsId,
    /// A wording; derived, see [`derive_wording_id`].
    WordingId,
    /// A privacy notice; derived, see [`derive_notice_id`].
    NoticeId,
    /// The county's word on a text; derived, see [`derive_text_approval_id`].
    TextApprovalId,
    /// That the privacy notice was shown.
    NoticeShownId,
    /// Who may decide for a child.
    AuthorityId,
    /// The end or dispute of an authority.
    AuthorityEndId,
    /// A consent decision.
    DecisionId,
    /// That a decision was recorded by mistake.
    MisrecordingId,
    /// The end of a decision's validity; derived, see [`derive_expiry_id`].
    ExpiryId,
    /// The withdrawal of decisions.
    WithdrawalId,
    /// What became of a withdrawal that was reported.
    WithdrawalRulingId,
    /// A No over any Yes.
    StopId,
    /// The end of a stop.
    StopEndId,
    /// A photo.
    PhotoId,
    /// A person in a photo; derived, see [`derive_photo_subject_id`].
    PhotoSubjectId,
    /// That a photo is to go.
    ObjectionId,
    /// Where a photo was published.
    PublicationId,
    /// How a publication ended.
    TakedownId,
    /// Who somebody is that content shows elsewhere; derived, see [`derive_stub_id`].
    StubId,
    /// A person or a family, when either can be meant.
    RegisteredId,
    /// That two records are the same person or family; derived, see [`derive_alias_id`].
    AliasId,
    /// A sealed note.
    ConcernId,
    /// An order to erase a person.
    ErasureOrderId,
    /// A member of staff's account.
    UserId,
}

/// The session of an activity on a date: the same on every device, so that two registers of one
/// group are one. Figures count distinct (session, person).
pub fn derive_session_id(activity: ActivityId, date: NaiveDate) -> SessionId {
    let mut name = b"session:".to_vec();
    name.extend_from_slice(&activity.to_bytes());
    name.extend_from_slice(date.format("%Y-%m-%d").to_string().as_bytes());
    SessionId(Uuid::new_v5(&NAMESPACE, &name))
}

/// A person in a photo: once per photo and person.
pub fn derive_photo_subject_id(photo: PhotoId, person: PersonId) -> PhotoSubjectId {
    let mut name = b"photo_subject:".to_vec();
    name.extend_from_slice(&photo.to_bytes());
    name.extend_from_slice(&person.to_bytes());
    PhotoSubjectId(Uuid::new_v5(&NAMESPACE, &name))
}

/// The stub of a person: one each.
pub fn derive_stub_id(person: PersonId) -> StubId {
    let mut name = b"stub:".to_vec();
    name.extend_from_slice(&person.to_bytes());
    StubId(Uuid::new_v5(&NAMESPACE, &name))
}

/// The end of a decision's validity: one for each decision.
pub fn derive_expiry_id(decision: DecisionId) -> ExpiryId {
    let mut name = b"expiry:".to_vec();
    name.extend_from_slice(&decision.to_bytes());
    ExpiryId(Uuid::new_v5(&NAMESPACE, &name))
}

/// The ruling that the county makes when nobody ruled on a withdrawal in time: one for each.
pub fn derive_lapse_id(withdrawal: WithdrawalId) -> WithdrawalRulingId {
    let mut name = b"lapse:".to_vec();
    name.extend_from_slice(&withdrawal.to_bytes());
    WithdrawalRulingId(Uuid::new_v5(&NAMESPACE, &name))
}

/// What the county calls its own: one record.
pub fn derive_county_details_id() -> CountyDetailsId {
    CountyDetailsId(Uuid::new_v5(&NAMESPACE, b"county_details"))
}

/// A wording: one of each name, version and language, so that none is ever another text.
pub fn derive_wording_id(name: &str, version: u32, language: &str) -> WordingId {
    WordingId(derive_text_id("wording", name, version, language))
}

/// A privacy notice: one of each name, version and language.
pub fn derive_notice_id(name: &str, version: u32, language: &str) -> NoticeId {
    NoticeId(derive_text_id("notice", name, version, language))
}

/// Neither a name nor a language holds a colon.
fn derive_text_id(kind: &str, name: &str, version: u32, language: &str) -> Uuid {
    let name = format!("{kind}:{name}:{version}:{language}");
    Uuid::new_v5(&NAMESPACE, name.as_bytes())
}

/// The county's word on a text: one for each text, to the letter.
pub fn derive_text_approval_id(text: &TextRef) -> TextApprovalId {
    let TextRef {
        kind,
        name,
        version,
        language,
        sha256,
    } = text;
    let name = format!("text_approval:{kind}:{name}:{version}:{language}:{sha256}");
    TextApprovalId(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
}

/// That two records are the same, whichever is named first: one for each two.
pub fn derive_alias_id(one: RegisteredId, other: RegisteredId) -> AliasId {
    let mut name = b"alias:".to_vec();
    name.extend_from_slice(&one.min(other).to_bytes());
    name.extend_from_slice(&one.max(other).to_bytes());
    AliasId(Uuid::new_v5(&NAMESPACE, &name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_ids_are_uuid_v7_and_sort_by_time() {
        let early = PersonId::make(1_795_000_000_000, [255; 10]);
        let late = PersonId::make(1_795_000_000_001, [0; 10]);
        assert_eq!(
            Uuid::from(early).get_version_num(),
            7,
            "made ids are UUIDv7"
        );
        assert!(early < late, "ids sort by the time they were made");
        assert_eq!(early.to_string().parse(), Ok(early), "text form reads back");
        assert_eq!(
            serde_json::to_string(&early).unwrap(),
            format!("\"{early}\""),
            "JSON form is the hyphenated text"
        );
    }

    #[test]
    fn derived_ids_never_change() {
        let activity = ActivityId::make(1_795_000_000_000, [1; 10]);
        let date = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let session = derive_session_id(activity, date);
        assert_eq!(session, derive_session_id(activity, date));
        assert_ne!(
            session,
            derive_session_id(activity, date.succ_opt().unwrap())
        );
        assert_eq!(
            Uuid::from(session).get_version_num(),
            5,
            "derived ids are UUIDv5"
        );
        assert_eq!(
            session.to_string(),
            "3977717d-aee1-528b-9e46-8345e956a73b",
            "a changed namespace would make two sessions of one that stands on devices already"
        );
        assert_eq!(
            derive_county_details_id().to_string(),
            "81f74353-2fb6-52e7-adcc-13ada37a1173",
            "docs/county-server.md says so"
        );
    }

    #[test]
    fn the_typescript_form_is_a_string() {
        use ts_rs::TS;
        assert_eq!(
            <PersonId as TS>::decl(&ts_rs::Config::default()),
            "type PersonId = string;"
        );
    }
}
