//! What the tests tell of: Rosa, who decides for herself, her son Tom, for whom she decides by
//! her authority as his mother, and a photo of them.

use std::collections::BTreeMap;

use porch_domain::authority::{Authority, AuthorityEnd, EndKind, Evidence, Ground};
use porch_domain::bytes::{Bytes, Digest};
use porch_domain::catalogue::Record;
use porch_domain::channel::Channel;
use porch_domain::decision::{AtExpiry, Capacity, Decision, Help, Method, Purpose};
use porch_domain::family::Family;
use porch_domain::id::{
    AuthorityId, CentreId, DecisionId, PersonId, PhotoId, RecordId as _, UserId, WithdrawalId,
    derive_photo_subject_id,
};
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::person::Person;
use porch_domain::photo::{Photo, PhotoSubject};
use porch_domain::text::FIRST_WORDING;
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Withdrawal, WithdrawalHow};
use porch_sync::{
    Change, DeviceNumber, FieldChange, Hlc, Op, SealedTransaction, Transaction, Version,
};
use serde_json::Value;
use uuid::Uuid;

/// 23 November 2026, 09:30 UTC.
pub(crate) const NOW_MS: u64 = 1_795_426_200_000;

/// The two centres of the stories.
pub(crate) const ELM: Uuid = Uuid::from_u128(0xe1);
pub(crate) const OAK: Uuid = Uuid::from_u128(0x0a);

/// A UUID that is the same in every run.
pub(crate) const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn now() -> Instant {
    Instant::from_unix_ms(NOW_MS as i64)
}

pub(crate) fn user() -> UserId {
    id(0x05e4).into()
}

/// The import of two centres.
pub(crate) fn centres() -> String {
    let centre = |id: Uuid, name: &str| serde_json::json!({"kind": "centre", "id": id, "fields": {"name": name, "kind": "centre"}});
    serde_json::json!({"records": [centre(ELM, "Elm"), centre(OAK, "Oak")]}).to_string()
}

/// A record made.
pub(crate) fn make<R: Record>(record: &R, scope: Uuid) -> Change {
    Change {
        kind: R::KIND.to_owned(),
        id: record.id().uuid(),
        op: Op::Create { scope },
        fields: record
            .to_fields()
            .into_iter()
            .map(|(name, value)| (name, FieldChange { value, base: None }))
            .collect(),
    }
}

/// One field edited.
pub(crate) fn edit(
    kind: &str,
    record: Uuid,
    field: &str,
    value: impl Into<Value>,
    base: Option<Version>,
) -> Change {
    Change {
        kind: kind.to_owned(),
        id: record,
        op: Op::Edit,
        fields: BTreeMap::from([(
            field.to_owned(),
            FieldChange {
                value: value.into(),
                base,
            },
        )]),
    }
}

pub(crate) fn person(number: u128, given_name: &str) -> Person {
    Person {
        id: id(number).into(),
        given_name: Some(given_name.to_owned()),
        family_name: Some("Nowak".to_owned()),
        known_as: None,
        birth_date: None,
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

/// Born in 1996.
pub(crate) fn rosa() -> Person {
    let mut rosa = person(0x105a, "Rosa");
    rosa.birth_date = "1996-04-03".parse().ok();
    rosa
}

pub(crate) fn tom() -> Person {
    person(0x7031, "Tom")
}

/// Rosa is Tom's mother.
pub(crate) fn motherhood() -> Authority {
    Authority {
        id: id(0xa0).into(),
        child: tom().id,
        holder: rosa().id,
        ground: Ground::Mother,
        evidence: Evidence::Declared,
        delegated_from: None,
        reason: None,
        valid_from: None,
        valid_until: None,
        recorded_by: user(),
        recorded_at: now(),
    }
}

pub(crate) fn end_of(authority: AuthorityId, number: u128, kind: EndKind) -> AuthorityEnd {
    AuthorityEnd {
        id: id(number).into(),
        authority,
        kind,
        evidence: Evidence::Seen,
        recorded_by: user(),
        recorded_at: now(),
    }
}

fn channels(words: &[&str]) -> Vec<Channel> {
    words.iter().map(|word| word.parse().unwrap()).collect()
}

/// A decision about a publicity picture: of Rosa by herself, of Tom by Rosa.
pub(crate) fn decision(
    number: u128,
    subject: PersonId,
    granted: &[&str],
    refused: &[&str],
) -> Decision {
    let own = subject == rosa().id;
    Decision {
        id: id(number).into(),
        subject,
        purpose: Purpose::PublicityPicture,
        granted: channels(granted),
        refused: channels(refused),
        decider: rosa().id,
        capacity: if own {
            Capacity::Own
        } else {
            Capacity::Authority
        },
        authority: (!own).then(|| motherhood().id),
        wording: "publicity_picture".to_owned(),
        wording_version: 1,
        wording_sha256: FIRST_WORDING,
        notice: "norfolk-privacy".to_owned(),
        notice_version: 1,
        notice_sha256: Digest::of(b"notice"),
        language: "en".to_owned(),
        help: Help::None,
        method: Method::SignedOnScreen,
        signature: Bytes(b"[[1,2]]".to_vec()),
        witness: None,
        taken_by: user(),
        device: 1,
        centre: CentreId::from(ELM),
        decided_at: now(),
        valid_until: None,
        at_expiry: AtExpiry::NoNewUse,
        attribution: None,
        replaces: Vec::new(),
    }
}

pub(crate) fn withdrawal(
    number: u128,
    subject: PersonId,
    decisions: &[DecisionId],
    how: WithdrawalHow,
) -> Withdrawal {
    Withdrawal {
        id: WithdrawalId::from(id(number)),
        subject,
        purpose: Purpose::PublicityPicture,
        decisions: decisions.to_vec(),
        channels: None,
        by: Some(rosa().id),
        how,
        verified: how.verified(),
        withdrawn_at: now(),
        taken_by: user(),
    }
}

/// A photo with its files.
pub(crate) struct Shot {
    pub(crate) photo: Photo,
    pub(crate) picture: Vec<u8>,
    pub(crate) thumbnail: Vec<u8>,
    subjects: Vec<PhotoSubject>,
}

/// A photo of these people, each under this decision.
pub(crate) fn shot(number: u128, size: usize, of: &[(PersonId, DecisionId)]) -> Shot {
    let picture: Vec<u8> = (0..size).map(|n| (n % 251) as u8 ^ number as u8).collect();
    let thumbnail = vec![number as u8; 1000];
    let photo = PhotoId::from(id(number));
    Shot {
        photo: Photo {
            id: photo,
            session: None,
            taken_at: now(),
            stored_at: now(),
            taken_by: user(),
            caption: None,
            public_place: None,
            subject_count: of.len() as u32,
            sha256: Digest::of(&picture),
            media_type: "image/jpeg".to_owned(),
            width: 1600,
            height: 1200,
            bytes: picture.len() as u32,
            thumbnail_bytes: thumbnail.len() as u32,
            thumbnail_sha256: Digest::of(&thumbnail),
        },
        picture,
        thumbnail,
        subjects: of
            .iter()
            .map(|(person, decision)| PhotoSubject {
                id: derive_photo_subject_id(photo, *person),
                photo,
                person: *person,
                decision: *decision,
            })
            .collect(),
    }
}

impl Shot {
    /// Its records, made in one transaction.
    pub(crate) fn changes(&self, scope: Uuid) -> Vec<Change> {
        let subjects = self.subjects.iter().map(|subject| make(subject, scope));
        subjects.chain([make(&self.photo, scope)]).collect()
    }
}

/// A device's numbering.
pub(crate) struct Pen {
    pub(crate) device: DeviceNumber,
    pub(crate) sequence: u64,
    pub(crate) clock: Hlc,
}

impl Pen {
    pub(crate) const fn of(device: DeviceNumber) -> Self {
        Self {
            device,
            sequence: 0,
            clock: Hlc::at(NOW_MS),
        }
    }

    /// The next transaction.
    pub(crate) fn write(&mut self, changes: Vec<Change>) -> SealedTransaction {
        self.sequence += 1;
        let transaction = Transaction {
            device: self.device,
            sequence: self.sequence,
            clock: self.clock,
            author: user().uuid(),
            schema: porch_sync::SCHEMA,
            changes,
        };
        SealedTransaction::seal(&transaction, porch_sync::Bytes([7; 16])).unwrap()
    }

    /// The version that the last transaction's values bear.
    pub(crate) const fn version(&self) -> Version {
        Version {
            clock: self.clock,
            device: self.device,
            sequence: self.sequence,
        }
    }
}

/// A home at a centre.
pub(crate) fn home_of(number: u128, centre: Uuid) -> Family {
    Family {
        id: id(number).into(),
        centre: CentreId::from(centre),
        name: Some("The Sampleton home".to_owned()),
        address: None,
        postcode: None,
        no_fixed_address: false,
        protected: false,
        note: None,
    }
}

/// A person's place in a home.
pub(crate) fn place_in(
    home: &Family,
    number: u128,
    person: PersonId,
    role: MemberRole,
) -> Membership {
    Membership {
        id: id(number).into(),
        family: home.id,
        person,
        role,
        parental_responsibility: None,
        ended_on: None,
    }
}
