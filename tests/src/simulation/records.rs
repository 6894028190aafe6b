//! The records that people at the desks write. All people are invented.

use std::collections::BTreeMap;

use porch_domain::attendance::{Attendance, AttendanceVoid, Departure};
use porch_domain::authority::{Authority, AuthorityEnd, EndKind, Evidence, Ground};
use porch_domain::bytes::{Bytes, Digest};
use porch_domain::catalogue::Record;
use porch_domain::channel::Channel;
use porch_domain::concern::{Concern, ConcernKind};
use porch_domain::decision::{AtExpiry, Attribution, Capacity, Decision, Help, Method, Purpose};
use porch_domain::erasure::{ErasureGround, ErasureOrder};
use porch_domain::family::Family;
use porch_domain::id::{CentreId, RecordId as _, UserId, derive_text_approval_id};
use porch_domain::membership::{MemberRole, Membership};
use porch_domain::notice::NoticeShown;
use porch_domain::person::Person;
use porch_domain::standing::Misrecording;
use porch_domain::stop::{Stop, StopEnd};
use porch_domain::text::{TextApproval, TextKind, TextRef};
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Ruling, Withdrawal, WithdrawalHow, WithdrawalRuling};
use porch_sync::{Change, FieldChange, Op, Version};
use serde_json::Value;
use uuid::Uuid;

/// The centres.
pub(super) const CENTRES: [Uuid; 3] = [
    Uuid::from_u128(0xe1),
    Uuid::from_u128(0x0a),
    Uuid::from_u128(0xa5),
];

/// Who is logged in everywhere.
pub(super) const AUTHOR: Uuid = Uuid::from_u128(0x05e4);

pub(super) fn user() -> UserId {
    AUTHOR.into()
}

/// A record made.
pub(super) fn make<R: Record>(record: &R, scope: Uuid) -> Change {
    let field = |(name, value)| (name, FieldChange { value, base: None });
    Change {
        kind: R::KIND.to_owned(),
        id: record.id().uuid(),
        op: Op::Create { scope },
        fields: record.to_fields().into_iter().map(field).collect(),
    }
}

/// One field edited.
pub(super) fn edit(
    kind: &str,
    id: Uuid,
    field: &str,
    value: Value,
    base: Option<Version>,
) -> Change {
    Change {
        kind: kind.to_owned(),
        id,
        op: Op::Edit,
        fields: BTreeMap::from([(field.to_owned(), FieldChange { value, base })]),
    }
}

/// A family at a centre.
pub(super) fn family(id: Uuid, centre: Uuid, word: &str) -> Family {
    Family {
        id: id.into(),
        centre: CentreId::from(centre),
        name: Some(format!("The {word} home")),
        address: None,
        postcode: None,
        no_fixed_address: false,
        protected: false,
        note: None,
    }
}

/// A person of whom each name has a word in it.
pub(super) fn person(id: Uuid, word: &str, adult: bool) -> Person {
    Person {
        id: id.into(),
        given_name: Some(format!("Given {word}")),
        family_name: Some(format!("Family {word}")),
        known_as: None,
        birth_date: if adult { "1996-04-03" } else { "2024-02-14" }.parse().ok(),
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

/// A person's place in a family.
pub(super) fn place(id: Uuid, family: Uuid, person: Uuid, adult: bool) -> Membership {
    Membership {
        id: id.into(),
        family: family.into(),
        person: person.into(),
        role: if adult {
            MemberRole::ParentCarer
        } else {
            MemberRole::Child
        },
        parental_responsibility: None,
        ended_on: None,
    }
}

/// That the notice was shown.
pub(super) fn notice(id: Uuid, person: Uuid, at: Instant) -> NoticeShown {
    NoticeShown {
        id: id.into(),
        person: person.into(),
        notice: "short".to_owned(),
        version: 1,
        language: "en".to_owned(),
        sha256: Digest::of(b"notice"),
        shown_at: at,
        shown_by: user(),
    }
}

/// An arrival.
pub(super) fn attendance(
    id: Uuid,
    session: Uuid,
    person: Uuid,
    family: Uuid,
    at: Instant,
) -> Attendance {
    Attendance {
        id: id.into(),
        session: session.into(),
        person: person.into(),
        family: family.into(),
        arrived_at: at,
    }
}

/// A departure.
pub(super) fn departure(id: Uuid, attendance: Uuid, by: Option<Uuid>, at: Instant) -> Departure {
    Departure {
        id: id.into(),
        attendance: attendance.into(),
        left_at: at,
        collected_by: by.map(Into::into),
    }
}

/// An arrival that was none.
pub(super) fn void(id: Uuid, attendance: Uuid, at: Instant) -> AttendanceVoid {
    AttendanceVoid {
        id: id.into(),
        event: attendance.into(),
        voided_at: at,
    }
}

/// A sealed note: what is in it nobody here can read either.
pub(super) fn concern(id: Uuid, about: Uuid, at: Instant) -> Concern {
    Concern {
        id: id.into(),
        about: Some(about.into()),
        kind: ConcernKind::Safeguarding,
        key_epoch: 1,
        sealed: Bytes(b"sealed".to_vec()),
        written_by: user(),
        written_at: at,
        call_made: None,
    }
}

/// An adult's authority over a child.
pub(super) fn authority(id: Uuid, child: Uuid, holder: Uuid, at: Instant) -> Authority {
    Authority {
        id: id.into(),
        child: child.into(),
        holder: holder.into(),
        ground: Ground::Mother,
        evidence: Evidence::Declared,
        delegated_from: None,
        reason: None,
        valid_from: None,
        valid_until: None,
        recorded_by: user(),
        recorded_at: at,
    }
}

/// Its end, or that it is disputed.
pub(super) fn end(id: Uuid, authority: Uuid, kind: EndKind, at: Instant) -> AuthorityEnd {
    AuthorityEnd {
        id: id.into(),
        authority: authority.into(),
        kind,
        evidence: Evidence::Seen,
        recorded_by: user(),
        recorded_at: at,
    }
}

fn channels(words: &[&str]) -> Vec<Channel> {
    words.iter().filter_map(|word| word.parse().ok()).collect()
}

/// In what words people are asked for pictures: the county's own.
fn wording() -> TextRef {
    TextRef {
        kind: TextKind::Wording,
        name: "publicity-picture".to_owned(),
        version: 1,
        language: "en".to_owned(),
        sha256: Digest::of(b"wording"),
    }
}

/// That the county approved those words: without it no Yes counts.
pub(super) fn approval(purpose: Purpose, at: Instant) -> TextApproval {
    let text = wording();
    TextApproval {
        id: derive_text_approval_id(&text),
        kind: text.kind,
        purpose: Some(purpose),
        name: text.name,
        version: text.version,
        language: text.language,
        sha256: text.sha256,
        approved_by: "the county".to_owned(),
        approved_at: at,
        taken_back_by: None,
        taken_back_at: None,
    }
}

/// Who decides about whom.
pub(super) struct Deciding {
    /// About whom.
    pub(super) subject: Uuid,
    /// For what.
    pub(super) purpose: Purpose,
    /// Who.
    pub(super) decider: Uuid,
    /// By which authority; none for oneself.
    pub(super) authority: Option<Uuid>,
    /// Yes or no.
    pub(super) yes: bool,
    /// The earlier answers that it replaces.
    pub(super) replaces: Vec<Uuid>,
}

/// A decision about publicity.
pub(super) fn decision(id: Uuid, about: &Deciding, centre: Uuid, at: Instant) -> Decision {
    let all = channels(&["press", "council_website"]);
    let wording = wording();
    Decision {
        id: id.into(),
        subject: about.subject.into(),
        purpose: about.purpose,
        granted: if about.yes { all.clone() } else { Vec::new() },
        refused: if about.yes { Vec::new() } else { all },
        decider: about.decider.into(),
        capacity: if about.authority.is_some() {
            Capacity::Authority
        } else {
            Capacity::Own
        },
        authority: about.authority.map(Into::into),
        wording: wording.name,
        wording_version: wording.version,
        wording_sha256: wording.sha256,
        notice: "norfolk-privacy".to_owned(),
        notice_version: 1,
        notice_sha256: Digest::of(b"notice"),
        language: wording.language,
        help: Help::None,
        method: Method::SignedOnScreen,
        signature: Bytes(b"[[1,2]]".to_vec()),
        witness: None,
        taken_by: user(),
        device: 1,
        centre: CentreId::from(centre),
        decided_at: at,
        valid_until: None,
        at_expiry: AtExpiry::NoNewUse,
        attribution: (about.purpose == Purpose::PublicityQuote).then_some(Attribution::FirstName),
        replaces: about.replaces.iter().copied().map(Into::into).collect(),
    }
}

/// A decision taken back.
pub(super) fn withdrawal(
    id: Uuid,
    (subject, purpose): (Uuid, Purpose),
    decision: Uuid,
    how: WithdrawalHow,
    at: Instant,
) -> Withdrawal {
    Withdrawal {
        id: id.into(),
        subject: subject.into(),
        purpose,
        decisions: vec![decision.into()],
        channels: None,
        by: None,
        how,
        verified: how.verified(),
        withdrawn_at: at,
        taken_by: user(),
    }
}

/// What became of a withdrawal that was reported.
pub(super) fn ruling(id: Uuid, withdrawal: Uuid, ruling: Ruling, at: Instant) -> WithdrawalRuling {
    WithdrawalRuling {
        id: id.into(),
        withdrawal: withdrawal.into(),
        ruling,
        why: Some("They were asked.".to_owned()),
        ruled_by: Some(user()),
        ruled_at: at,
    }
}

/// A decision that was recorded by mistake.
pub(super) fn misrecording(id: Uuid, decision: Uuid, at: Instant) -> Misrecording {
    Misrecording {
        id: id.into(),
        decision: decision.into(),
        why: "It was another's.".to_owned(),
        recorded_by: user(),
        recorded_at: at,
    }
}

/// Nothing of somebody for a purpose, whatever was decided.
pub(super) fn stop(id: Uuid, subject: Uuid, purpose: Purpose, at: Instant) -> Stop {
    Stop {
        id: id.into(),
        subject: subject.into(),
        purpose,
        made_by: user(),
        made_at: at,
    }
}

/// Its end.
pub(super) fn stop_end(id: Uuid, stop: Uuid, at: Instant) -> StopEnd {
    StopEnd {
        id: id.into(),
        stop: stop.into(),
        ended_by: user(),
        ended_at: at,
    }
}

/// An order to erase somebody.
pub(super) fn order(id: Uuid, person: Uuid, at: Instant) -> ErasureOrder {
    ErasureOrder {
        id: id.into(),
        person: person.into(),
        ground: ErasureGround::NoLongerNeeded,
        ordered_by: user(),
        ordered_at: at,
    }
}
