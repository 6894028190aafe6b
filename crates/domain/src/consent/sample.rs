//! Invented people and their records, for the tests of the rule.

use chrono::{Months, NaiveDate};

use crate::authority::{Authority, AuthorityEnd, EndKind, Evidence, Ground};
use crate::bytes::{Bytes, Digest};
use crate::channel::Channel;
use crate::decision::{AtExpiry, Capacity, Decision, Help, Method, Purpose};
use crate::id::{
    AuthorityEndId, AuthorityId, CentreId, DecisionId, FamilyId, MembershipId, PersonId, StopEndId,
    StopId, UserId, WithdrawalId, WithdrawalRulingId,
};
use crate::membership::{MemberRole, Membership};
use crate::person::Person;
use crate::stop::{Stop, StopEnd};
use crate::text::{BUILT_IN, FIRST_WORDING, TextApproval};
use crate::time::Instant;
use crate::withdrawal::{Ruling, Withdrawal, WithdrawalHow, WithdrawalRuling};

pub(super) const PICTURE: Purpose = Purpose::PublicityPicture;
pub(super) const NOW: Instant = Instant::from_unix_ms(1_795_426_200_000);

/// The child.
pub(super) fn zofia() -> PersonId {
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

pub(super) fn authority_id(n: u8) -> AuthorityId {
    AuthorityId::make(10, [n; 10])
}

pub(super) fn decision_id(n: u8) -> DecisionId {
    DecisionId::make(20, [n; 10])
}

pub(super) fn channel(text: &str) -> Channel {
    text.parse().unwrap()
}

pub(super) fn channels(texts: &[&str]) -> Vec<Channel> {
    texts.iter().map(|text| channel(text)).collect()
}

pub(super) fn authority(n: u8, holder: PersonId, ground: Ground) -> Authority {
    Authority {
        id: authority_id(n),
        child: zofia(),
        holder,
        ground,
        evidence: Evidence::Declared,
        delegated_from: None,
        reason: None,
        valid_from: None,
        valid_until: None,
        recorded_by: UserId::make(1, [9; 10]),
        recorded_at: NOW,
    }
}

pub(super) fn end(n: u8, kind: EndKind) -> AuthorityEnd {
    AuthorityEnd {
        id: AuthorityEndId::make(30, [n; 10]),
        authority: authority_id(n),
        kind,
        evidence: Evidence::Seen,
        recorded_by: UserId::make(1, [9; 10]),
        recorded_at: NOW,
    }
}

/// The county approved another version of the same words.
pub(super) fn approval(version: u32) -> TextApproval {
    let mut wordings = BUILT_IN.wordings.iter();
    let first = wordings.find(|wording| wording.purpose == PICTURE && wording.language == "en");
    let mut wording = first.cloned().unwrap();
    wording.version = version;
    TextApproval::of_wording(&wording, "the county".into(), NOW)
}

/// For Zofia, by this decider under this authority: grants `granted`, refuses `refused`.
pub(crate) fn decision(
    n: u8,
    decider: PersonId,
    authority: u8,
    granted: &[&str],
    refused: &[&str],
) -> Decision {
    Decision {
        id: decision_id(n),
        subject: zofia(),
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
        taken_by: UserId::make(1, [9; 10]),
        device: 1,
        centre: CentreId::make(1, [8; 10]),
        decided_at: NOW,
        valid_until: None,
        at_expiry: AtExpiry::NoNewUse,
        attribution: None,
        replaces: Vec::new(),
    }
}

pub(super) fn replacing(mut decision: Decision, earlier: &[u8]) -> Decision {
    decision.replaces = earlier.iter().map(|n| decision_id(*n)).collect();
    decision
}

pub(super) fn withdrawal(
    n: u8,
    decisions: &[u8],
    of: Option<&[&str]>,
    how: WithdrawalHow,
) -> Withdrawal {
    Withdrawal {
        id: WithdrawalId::make(40, [n; 10]),
        subject: zofia(),
        purpose: PICTURE,
        decisions: decisions.iter().map(|n| decision_id(*n)).collect(),
        channels: of.map(channels),
        by: Some(maja()),
        how,
        verified: how.verified(),
        withdrawn_at: NOW,
        taken_by: UserId::make(1, [9; 10]),
    }
}

/// A ruling on a withdrawal.
pub(super) fn ruling(n: u8, withdrawal: u8, ruling: Ruling) -> WithdrawalRuling {
    WithdrawalRuling {
        id: WithdrawalRulingId::make(41, [n; 10]),
        withdrawal: WithdrawalId::make(40, [withdrawal; 10]),
        ruling,
        why: Some("Her mother was asked.".into()),
        ruled_by: Some(UserId::make(1, [9; 10])),
        ruled_at: NOW,
    }
}

/// A stop of pictures of Zofia.
pub(super) fn stop(n: u8) -> Stop {
    Stop {
        id: StopId::make(50, [n; 10]),
        subject: zofia(),
        purpose: PICTURE,
        made_by: UserId::make(1, [9; 10]),
        made_at: NOW,
    }
}

pub(super) fn stop_end(n: u8) -> StopEnd {
    StopEnd {
        id: StopEndId::make(51, [n; 10]),
        stop: StopId::make(50, [n; 10]),
        ended_by: UserId::make(1, [9; 10]),
        ended_at: NOW,
    }
}

/// Somebody of this date of birth.
pub(super) fn person(id: PersonId, born: Option<NaiveDate>) -> Person {
    Person {
        id,
        given_name: Some("Zofia".into()),
        family_name: None,
        known_as: None,
        birth_date: born,
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

/// Somebody's place in a family.
pub(super) fn place(n: u8, person: PersonId, role: MemberRole) -> Membership {
    Membership {
        id: MembershipId::make(60, [n; 10]),
        family: FamilyId::make(61, [1; 10]),
        person,
        role,
        parental_responsibility: None,
        ended_on: None,
    }
}

/// The day of `NOW`.
pub(super) fn today() -> NaiveDate {
    NOW.utc().date_naive()
}

/// The day on which somebody was born who is this old today, to the day.
pub(super) fn born_years_ago(years: u32) -> NaiveDate {
    today().checked_sub_months(Months::new(12 * years)).unwrap()
}
