//! Invented people and their consent records, for the tests of the ledger.

use porch_domain::alias::{Alias, Registered};
use porch_domain::authority::{Authority, AuthorityEnd, EndKind, Evidence, Ground};
use porch_domain::bytes::{Bytes, Digest};
use porch_domain::catalogue::Record;
use porch_domain::channel::Channel;
use porch_domain::decision::{AtExpiry, Capacity, Decision, Help, Method, Purpose};
use porch_domain::id::{
    AuthorityEndId, AuthorityId, CentreId, DecisionId, FamilyId, MembershipId, MisrecordingId,
    ObjectionId, PersonId, PhotoId, PublicationId, RecordId as _, RegisteredId, StopEndId, StopId,
    TakedownId, UserId, WithdrawalId, WithdrawalRulingId, derive_alias_id, derive_expiry_id,
    derive_photo_subject_id,
};
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::person::Person;
use porch_domain::photo::{Objection, ObjectionGround, Photo, PhotoSubject};
use porch_domain::publication::{Publication, Takedown, TakedownOutcome};
use porch_domain::quote;
use porch_domain::standing::{Expiry, Misrecording};
use porch_domain::stop::{Stop, StopEnd};
use porch_domain::text::{BUILT_IN, FIRST_WORDING, TextApproval};
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Ruling, Withdrawal, WithdrawalHow, WithdrawalRuling};
use porch_sync::{DeviceNumber, Hlc, Row, Stamped, Version};

use crate::access::Write;
use crate::error::StoreError;

pub(crate) const PICTURE: Purpose = Purpose::PublicityPicture;
pub(crate) const NOW: Instant = Instant::from_unix_ms(1_795_426_200_000);
pub(crate) const CHANNELS: [&str; 3] = ["centre_display", "council_website", "press"];
pub(crate) const CANARY: &[u8] = b"Zofia on the red slide";
pub(crate) const SMALL_CANARY: &[u8] = b"Zofia, small";

/// A child.
pub(crate) fn zofia() -> PersonId {
    PersonId::make(1, [1; 10])
}

/// Her mother.
pub(crate) fn maja() -> PersonId {
    PersonId::make(2, [2; 10])
}

/// Her father.
pub(crate) fn pawel() -> PersonId {
    PersonId::make(3, [3; 10])
}

/// Her grandmother.
pub(crate) fn halina() -> PersonId {
    PersonId::make(4, [4; 10])
}

/// Her friend.
pub(crate) fn idris() -> PersonId {
    PersonId::make(5, [5; 10])
}

pub(crate) fn authority_id(n: u8) -> AuthorityId {
    AuthorityId::make(10, [n; 10])
}

pub(crate) fn decision_id(n: u8) -> DecisionId {
    DecisionId::make(20, [n; 10])
}

pub(crate) fn photo_id(n: u8) -> PhotoId {
    PhotoId::make(50, [n; 10])
}

pub(crate) fn staff() -> UserId {
    UserId::make(1, [9; 10])
}

pub(crate) fn channels(texts: &[&str]) -> Vec<Channel> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

pub(crate) fn authority(n: u8, child: PersonId, holder: PersonId, ground: Ground) -> Authority {
    Authority {
        id: authority_id(n),
        child,
        holder,
        ground,
        evidence: Evidence::Declared,
        delegated_from: None,
        reason: None,
        valid_from: None,
        valid_until: None,
        recorded_by: staff(),
        recorded_at: NOW,
    }
}

pub(crate) fn end(n: u8, authority: u8, kind: EndKind) -> AuthorityEnd {
    AuthorityEnd {
        id: AuthorityEndId::make(30, [n; 10]),
        authority: authority_id(authority),
        kind,
        evidence: Evidence::Seen,
        recorded_by: staff(),
        recorded_at: NOW,
    }
}

/// The county approved a version of the words about pictures, for a purpose.
pub(crate) fn approval(version: u32, purpose: Purpose) -> TextApproval {
    let mut wordings = BUILT_IN.wordings.iter();
    let first = wordings.find(|wording| wording.purpose == PICTURE && wording.language == "en");
    let mut wording = first.cloned().unwrap();
    wording.version = version;
    wording.purpose = purpose;
    TextApproval::of_wording(&wording, "the county".into(), NOW)
}

/// Two records of one person; nothing of the newer one was chosen.
pub(crate) fn alias(one: PersonId, other: PersonId) -> Alias {
    let [one, other] = [one, other].map(|person| RegisteredId::from(person.uuid()));
    Alias {
        id: derive_alias_id(one, other),
        kind: Registered::Person,
        older: one.min(other),
        newer: one.max(other),
        taken: None,
        older_seen: "{}".to_owned(),
        newer_seen: "{}".to_owned(),
        merged_by: staff(),
        merged_at: NOW,
        ended_by: None,
        ended_at: None,
    }
}

/// For a child, by a decider under an authority.
pub(crate) fn decision(
    n: u8,
    (subject, decider, authority): (PersonId, PersonId, u8),
    granted: &[&str],
    refused: &[&str],
) -> Decision {
    Decision {
        id: decision_id(n),
        subject,
        purpose: PICTURE,
        granted: channels(granted),
        refused: channels(refused),
        decider,
        capacity: Capacity::Authority,
        authority: Some(authority_id(authority)),
        wording: "publicity_picture".into(),
        wording_version: 1,
        wording_sha256: FIRST_WORDING,
        notice: "short".into(),
        notice_version: 1,
        notice_sha256: Digest::of(b"notice"),
        language: "en".into(),
        help: Help::None,
        method: Method::SignedOnScreen,
        signature: Bytes(b"[[0,0],[9,9]]".to_vec()),
        witness: None,
        taken_by: staff(),
        device: 1,
        centre: CentreId::make(1, [8; 10]),
        decided_at: NOW,
        valid_until: None,
        at_expiry: AtExpiry::NoNewUse,
        attribution: None,
        replaces: Vec::new(),
    }
}

pub(crate) fn replacing(mut decision: Decision, earlier: &[u8]) -> Decision {
    decision.replaces = earlier.iter().map(|n| decision_id(*n)).collect();
    decision
}

pub(crate) fn withdrawal(
    n: u8,
    subject: PersonId,
    decisions: &[u8],
    of: Option<&[&str]>,
    how: WithdrawalHow,
) -> Withdrawal {
    Withdrawal {
        id: withdrawal_id(n),
        subject,
        purpose: PICTURE,
        decisions: decisions.iter().map(|n| decision_id(*n)).collect(),
        channels: of.map(channels),
        by: Some(maja()),
        how,
        verified: how.verified(),
        withdrawn_at: NOW,
        taken_by: staff(),
    }
}

pub(crate) fn withdrawal_id(n: u8) -> WithdrawalId {
    WithdrawalId::make(40, [n; 10])
}

pub(crate) fn ruling(n: u8, withdrawal: u8, ruling: Ruling) -> WithdrawalRuling {
    WithdrawalRuling {
        id: WithdrawalRulingId::make(41, [n; 10]),
        withdrawal: withdrawal_id(withdrawal),
        ruling,
        why: Some("Maja was asked.".to_owned()),
        ruled_by: Some(staff()),
        ruled_at: NOW,
    }
}

pub(crate) fn misrecording(n: u8, decision: u8) -> Misrecording {
    Misrecording {
        id: MisrecordingId::make(42, [n; 10]),
        decision: decision_id(decision),
        why: "It was the other child.".to_owned(),
        recorded_by: staff(),
        recorded_at: NOW,
    }
}

pub(crate) fn expiry(decision: u8) -> Expiry {
    Expiry {
        id: derive_expiry_id(decision_id(decision)),
        decision: decision_id(decision),
        expired_at: NOW,
    }
}

pub(crate) fn stop(n: u8, subject: PersonId, purpose: Purpose) -> Stop {
    Stop {
        id: StopId::make(43, [n; 10]),
        subject,
        purpose,
        made_by: staff(),
        made_at: NOW,
    }
}

pub(crate) fn stop_end(n: u8, stop: u8) -> StopEnd {
    StopEnd {
        id: StopEndId::make(44, [n; 10]),
        stop: StopId::make(43, [stop; 10]),
        ended_by: staff(),
        ended_at: NOW,
    }
}

/// Somebody born so many years before `NOW`, if it is known.
pub(crate) fn person(id: PersonId, years: Option<u32>) -> Person {
    Person {
        id,
        given_name: None,
        family_name: None,
        known_as: Some("Zosia".into()),
        birth_date: years.and_then(|years| {
            NOW.utc()
                .date_naive()
                .checked_sub_months(chrono::Months::new(12 * years))
        }),
        due_date: None,
        gender: None,
        nhs_number: None,
        phone: None,
        email: None,
        language: None,
        allergies: None,
        staff: false,
    }
}

pub(crate) fn place(n: u8, person: PersonId, role: MemberRole) -> Membership {
    Membership {
        id: MembershipId::make(60, [n; 10]),
        family: FamilyId::make(61, [1; 10]),
        person,
        role,
        parental_responsibility: None,
        ended_on: None,
    }
}

/// Somebody's own answer about themself.
pub(crate) fn own_decision(
    n: u8,
    subject: PersonId,
    granted: &[&str],
    refused: &[&str],
) -> Decision {
    Decision {
        capacity: Capacity::Own,
        authority: None,
        ..decision(n, (subject, subject, 0), granted, refused)
    }
}

pub(crate) fn photo(n: u8, subject_count: u32) -> Photo {
    Photo {
        id: photo_id(n),
        session: None,
        taken_at: NOW,
        stored_at: NOW,
        taken_by: staff(),
        caption: None,
        public_place: None,
        subject_count,
        sha256: Digest::of(CANARY),
        media_type: "image/jpeg".into(),
        width: 2,
        height: 1,
        bytes: u32::try_from(CANARY.len()).unwrap(),
        thumbnail_bytes: u32::try_from(SMALL_CANARY.len()).unwrap(),
        thumbnail_sha256: Digest::of(SMALL_CANARY),
    }
}

/// A photo's record that holds words, of one person.
pub(crate) fn words(n: u8) -> Photo {
    Photo {
        media_type: quote::MEDIA_TYPE.into(),
        width: 0,
        height: 0,
        thumbnail_bytes: 0,
        ..photo(n, 1)
    }
}

/// A picture of a crowd's record.
pub(crate) fn crowd(n: u8) -> Photo {
    Photo {
        public_place: Some("The lantern walk in Mill Park".into()),
        ..photo(n, 0)
    }
}

/// Somebody objects to a photo.
pub(crate) fn objection(n: u8, photo: u8) -> Objection {
    Objection {
        id: ObjectionId::make(54, [n; 10]),
        photo: photo_id(photo),
        ground: ObjectionGround::Asked,
        recorded_by: staff(),
        recorded_at: NOW,
    }
}

pub(crate) fn in_photo(n: u8, person: PersonId, decision: u8) -> PhotoSubject {
    PhotoSubject {
        id: derive_photo_subject_id(photo_id(n), person),
        photo: photo_id(n),
        person,
        decision: decision_id(decision),
    }
}

/// A photo on a channel.
pub(crate) fn publication(n: u8, photo: u8, channel: &str) -> Publication {
    Publication {
        id: PublicationId::make(51, [n; 10]),
        photo: Some(photo_id(photo)),
        channel: channel.parse().unwrap(),
        place: "The board beside the door".into(),
        attribution: None,
        live_from: NOW.utc().date_naive(),
        published_by: staff(),
        published_at: NOW,
    }
}

pub(crate) fn takedown(n: u8, publication: u8) -> Takedown {
    Takedown {
        id: TakedownId::make(52, [n; 10]),
        publication: PublicationId::make(51, [publication; 10]),
        outcome: TakedownOutcome::Removed,
        proof: "The board was looked at.".into(),
        ended_on: NOW.utc().date_naive(),
        recorded_by: staff(),
        recorded_at: NOW,
    }
}

/// Writes a record as a page of the county's brings it, among what else it brings.
pub(crate) fn given<R: Record>(write: &Write<'_>, record: &R) -> Result<(), StoreError> {
    let mark = |sql: &str| write.connection.execute(sql, ());
    mark("INSERT INTO taking_in (only_row) VALUES (1)")?;
    let put = put(write, record);
    mark("DELETE FROM taking_in")?;
    put
}

/// Writes a record as it arrives from the county.
pub(crate) fn put<R: Record>(write: &Write<'_>, record: &R) -> Result<(), StoreError> {
    let version = Version {
        clock: Hlc::at(1),
        device: DeviceNumber(1),
        sequence: 1,
    };
    write.put_row(&Row {
        kind: R::KIND.to_owned(),
        id: record.id().uuid(),
        fields: record
            .to_fields()
            .into_iter()
            .map(|(name, value)| (name, Stamped { value, version }))
            .collect(),
    })
}

/// Writes the content of a photo or a quote, as a tool with plain SQL would: a picture has a thumbnail.
pub(crate) fn put_pictures(write: &Write<'_>, n: u8) -> Result<(), StoreError> {
    for (variant, bytes) in [("picture", CANARY), ("thumbnail", SMALL_CANARY)] {
        // Its guards are long: they are compiled once, as in the program.
        write
            .connection
            .prepare_cached(
                "INSERT INTO picture (photo, variant, bytes)
                 SELECT ?1, ?2, ?3
                 WHERE ?2 = 'picture' OR NOT EXISTS (SELECT 1 FROM photo WHERE id = ?1 AND thumbnail_bytes = 0)",
            )?
            .execute(rusqlite::params![photo_id(n).to_bytes(), variant, bytes])?;
    }
    Ok(())
}
