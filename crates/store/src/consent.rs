//! The consent ledger: what the rule of consent looks at, and what a parent is shown.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use porch_domain::alias::Same;
use porch_domain::authority::{Authority, AuthorityEnd, EndKind, Ground};
use porch_domain::bytes::Digest;
use porch_domain::catalogue::Record;
use porch_domain::channel::Channel;
use porch_domain::consent::{Ledger, LedgerEntry};
use porch_domain::decision::{Decision, Purpose};
use porch_domain::id::{
    AuthorityEndId, AuthorityId, DecisionId, ExpiryId, MembershipId, MisrecordingId, PersonId,
    RecordId, StopEndId, StopId, WithdrawalId, WithdrawalRulingId,
};
use porch_domain::membership::Membership;
use porch_domain::person::Person;
use porch_domain::standing::{Expiry, Misrecording};
use porch_domain::stop::{Stop, StopEnd};
use porch_domain::text::TextApproval;
use porch_domain::time::Instant;
use porch_domain::withdrawal::{Withdrawal, WithdrawalRuling};
use rusqlite::params;

use crate::access::Read;
use crate::error::StoreError;

/// The person's records: this one and all that are the same.
const RECORDS_OF: &str = "
    SELECT ?1
    UNION SELECT other FROM same_record WHERE one = ?1";

const DECISIONS_ABOUT: &str = "
    SELECT id FROM decision WHERE subject = ? ORDER BY id";

/// Who decided, or may decide, for the person, and which of their records are the same.
const DECIDERS_FOR: &str = "
    SELECT DISTINCT d.decider, s.survivor
    FROM decision d
    JOIN same s ON s.record = d.decider
    WHERE d.subject = ?1
    UNION
    SELECT a.holder, s.survivor
    FROM authority a
    JOIN same s ON s.record = a.holder
    WHERE a.child = ?1";

const WITHDRAWALS_ABOUT: &str = "
    SELECT id FROM withdrawal WHERE subject = ?1
    UNION
    SELECT n.withdrawal FROM decision d JOIN withdrawal_named n ON n.decision = d.id WHERE d.subject = ?1";

/// The authorities for a child, those that decisions about it name, and what they are delegated
/// from; also those that have not arrived.
const AUTHORITIES_FOR: &str = "
    SELECT id FROM authority WHERE child = ?1
    UNION SELECT authority FROM decision WHERE subject = ?1 AND authority IS NOT NULL
    UNION SELECT delegated_from FROM authority WHERE child = ?1 AND delegated_from IS NOT NULL";

const ENDS_OF: &str = "
    SELECT id FROM authority_end WHERE authority = ? ORDER BY id";

const MISTAKES_IN: &str = "
    SELECT m.id FROM misrecording m JOIN decision d ON d.id = m.decision WHERE d.subject = ? ORDER BY m.id";

const ENDS_OF_VALIDITY: &str = "
    SELECT e.id FROM expiry e JOIN decision d ON d.id = e.decision WHERE d.subject = ? ORDER BY e.id";

const RULINGS_ON: &str = "
    SELECT id FROM withdrawal_ruling WHERE withdrawal = ? ORDER BY id";

const STOPS_OF: &str = "
    SELECT id FROM stop WHERE subject = ? ORDER BY id";

const ENDS_OF_STOP: &str = "
    SELECT id FROM stop_end WHERE stop = ? ORDER BY id";

const PLACES_OF: &str = "
    SELECT id FROM membership WHERE person = ? ORDER BY id";

const ANSWERS_OF: &str = "
    SELECT h.id, coalesce((SELECT survivor FROM same WHERE record = h.decider), h.decider), h.purpose, h.granted, h.refused, d.decided_at,
           (SELECT json_group_array(x.channel) FROM consent_withdrawn x WHERE x.decision = h.id)
    FROM consent_head h
    JOIN decision d ON d.id = h.id
    WHERE h.subject IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
    ORDER BY d.decided_at, h.id";

const PERMITTED: &str = "
    SELECT DISTINCT p.channel
    FROM permission p
    WHERE p.subject IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
        AND p.purpose = ?2
        AND NOT EXISTS (
            SELECT 1 FROM consent_head h JOIN decision d ON d.id = h.id
            WHERE h.subject IN (SELECT ?1 UNION ALL SELECT other FROM same_record WHERE one = ?1)
                AND h.purpose = ?2
                AND (d.valid_until <= ?3 OR EXISTS (SELECT 1 FROM expiry e WHERE e.decision = h.id))
        )
    ORDER BY p.channel";

/// Every consent record about one person, and what is known of their age.
#[derive(Clone, Debug, Default)]
pub struct ConsentRecords {
    /// Who may decide for them.
    pub authorities: Vec<Authority>,
    /// Which of those ended or are in dispute.
    pub ends: Vec<AuthorityEnd>,
    /// What was decided.
    pub decisions: Vec<Decision>,
    /// What was withdrawn.
    pub withdrawals: Vec<Withdrawal>,
    /// Which decisions were recorded by mistake.
    pub misrecordings: Vec<Misrecording>,
    /// Which decisions' time the county found to be over.
    pub expiries: Vec<Expiry>,
    /// What became of withdrawals that were reported.
    pub rulings: Vec<WithdrawalRuling>,
    /// What is stopped, whatever was decided.
    pub stops: Vec<Stop>,
    /// Which of those are over.
    pub stop_ends: Vec<StopEnd>,
    /// The person's records that are here.
    pub people: Vec<Person>,
    /// Their places in families.
    pub places: Vec<Membership>,
    /// Records of them, or of who decided for them, that are the same person's.
    pub same: Vec<(PersonId, PersonId)>,
    /// The latest time ever saved at on this device.
    pub seen: Option<Instant>,
    /// The county's approvals of the words that the decisions were asked in.
    pub approvals: Vec<TextApproval>,
}

impl ConsentRecords {
    /// What the rule looks at.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        let mut ledger = Ledger::default();
        self.add_to(&mut ledger);
        ledger
    }

    /// Adds them to what the rule looks at for several people.
    pub(crate) fn add_to(&self, ledger: &mut Ledger) {
        ledger.extend(self.authorities.iter().cloned());
        ledger.extend(self.ends.iter().cloned());
        ledger.extend(self.decisions.iter().cloned());
        ledger.extend(self.withdrawals.iter().cloned());
        ledger.extend(self.misrecordings.iter().cloned());
        ledger.extend(self.expiries.iter().cloned());
        ledger.extend(self.rulings.iter().cloned());
        ledger.extend(self.stops.iter().cloned());
        ledger.extend(self.stop_ends.iter().cloned());
        ledger.extend(self.people.iter().cloned());
        ledger.extend(self.places.iter().cloned());
        for (one, other) in &self.same {
            ledger.add(LedgerEntry::Same(*one, *other));
        }
        ledger.extend(self.seen.map(LedgerEntry::Seen));
        ledger.extend(self.approvals.iter().cloned());
    }

    /// When each of them was said. (Who may decide, who is the same and what was approved is taken to have been so
    /// all along.)
    pub(crate) fn moments(&self) -> impl Iterator<Item = Instant> {
        let said = self.ends.iter().map(|said| said.recorded_at);
        said.chain(self.decisions.iter().map(|said| said.decided_at))
            .chain(self.withdrawals.iter().map(|said| said.withdrawn_at))
            .chain(self.misrecordings.iter().map(|said| said.recorded_at))
            .chain(self.expiries.iter().map(|said| said.expired_at))
            .chain(self.rulings.iter().map(|said| said.ruled_at))
            .chain(self.stops.iter().map(|said| said.made_at))
            .chain(self.stop_ends.iter().map(|said| said.ended_at))
    }

    /// What had been said at a moment.
    pub(crate) fn until(&self, moment: Instant) -> Self {
        let mut then = self.clone();
        then.ends.retain(|said| said.recorded_at <= moment);
        then.decisions.retain(|said| said.decided_at <= moment);
        then.withdrawals.retain(|said| said.withdrawn_at <= moment);
        then.misrecordings.retain(|said| said.recorded_at <= moment);
        then.expiries.retain(|said| said.expired_at <= moment);
        then.rulings.retain(|said| said.ruled_at <= moment);
        then.stops.retain(|said| said.made_at <= moment);
        then.stop_ends.retain(|said| said.ended_at <= moment);
        then
    }

    /// The authorities under which somebody can say Yes for a child on a day: neither ended nor in
    /// dispute, and if delegated, then by somebody of whom that is true. One that was recorded for another
    /// record of the same child is none: it was evidenced for that one.
    pub fn authorities_in_force(
        &self,
        child: PersonId,
        today: NaiveDate,
    ) -> impl Iterator<Item = &Authority> {
        self.authorities.iter().filter(move |authority| {
            authority.child == child
                && self.is_in_force(authority, today)
                && (authority.ground != Ground::Delegated
                    || self.authorities.iter().any(|source| {
                        authority.delegated_from == Some(source.id)
                            && source.can_delegate()
                            && source.child == authority.child
                            && self.is_in_force(source, today)
                    }))
        })
    }

    fn is_in_force(&self, authority: &Authority, today: NaiveDate) -> bool {
        self.ends.iter().all(|end| end.authority != authority.id)
            && authority.ground_fits()
            && authority.is_good_on(today)
    }

    /// Whether two records are one person, as far as these records tell.
    #[must_use]
    pub fn are_same(&self, one: PersonId, other: PersonId) -> bool {
        let same: Same<PersonId> = self.same.iter().copied().collect();
        same.are_same(one, other)
    }

    /// Whether somebody holds an authority that has not ended. In dispute it is enough for a No.
    #[must_use]
    pub fn may_say_no(&self, holder: PersonId) -> bool {
        self.authorities.iter().any(|authority| {
            self.are_same(authority.holder, holder)
                && !self
                    .ends
                    .iter()
                    .any(|end| end.authority == authority.id && end.kind == EndKind::Ended)
        })
    }
}

/// An answer that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRow {
    /// The decision.
    pub decision: DecisionId,
    /// Who decided.
    pub decider: PersonId,
    /// What for.
    pub purpose: Purpose,
    /// The channels granted and not withdrawn.
    pub granted: Vec<Channel>,
    /// The channels refused or withdrawn.
    pub refused: Vec<Channel>,
    /// When.
    pub decided_at: Instant,
}

impl Read<'_> {
    /// Every consent record about a person, under whichever of their records.
    ///
    /// # Errors
    /// When the store fails or a record is not of its form.
    pub fn consent_records(&self, subject: PersonId) -> Result<ConsentRecords, StoreError> {
        let mut records = ConsentRecords {
            seen: self.latest_kept()?,
            ..ConsentRecords::default()
        };
        let (mut authorities, mut withdrawals) = (BTreeSet::new(), BTreeSet::new());
        for person in self.ids::<PersonId>(RECORDS_OF, subject)? {
            records.same.push((subject, person));
            authorities.extend(self.ids::<AuthorityId>(AUTHORITIES_FOR, person)?);
            withdrawals.extend(self.ids::<WithdrawalId>(WITHDRAWALS_ABOUT, person)?);
            let decisions = self.ids::<DecisionId>(DECISIONS_ABOUT, person)?;
            records
                .decisions
                .extend(self.records::<Decision>(decisions)?);
            let mistakes = self.ids::<MisrecordingId>(MISTAKES_IN, person)?;
            records
                .misrecordings
                .extend(self.records::<Misrecording>(mistakes)?);
            let ends = self.ids::<ExpiryId>(ENDS_OF_VALIDITY, person)?;
            records.expiries.extend(self.records::<Expiry>(ends)?);
            let stops = self.ids::<StopId>(STOPS_OF, person)?;
            for stop in &stops {
                let ends = self.ids::<StopEndId>(ENDS_OF_STOP, *stop)?;
                records.stop_ends.extend(self.records::<StopEnd>(ends)?);
            }
            records.stops.extend(self.records::<Stop>(stops)?);
            records.people.extend(self.records::<Person>([person])?);
            let places = self.ids::<MembershipId>(PLACES_OF, person)?;
            records.places.extend(self.records::<Membership>(places)?);
            let mut deciders = self.connection.prepare_cached(DECIDERS_FOR)?;
            let deciders = deciders.query_map([person.to_bytes()], |row| {
                Ok([0, 1].map(|at| row.get(at).map(PersonId::from_bytes)))
            })?;
            for decider in deciders {
                let [one, other] = decider?;
                records.same.push((one?, other?));
            }
        }
        for authority in &authorities {
            let ends = self.ids::<AuthorityEndId>(ENDS_OF, *authority)?;
            records.ends.extend(self.records::<AuthorityEnd>(ends)?);
        }
        for withdrawal in &withdrawals {
            let rulings = self.ids::<WithdrawalRulingId>(RULINGS_ON, *withdrawal)?;
            records
                .rulings
                .extend(self.records::<WithdrawalRuling>(rulings)?);
        }
        records.authorities = self.records::<Authority>(authorities)?;
        records.withdrawals = self.records::<Withdrawal>(withdrawals)?;
        let words: BTreeSet<Digest> = records
            .decisions
            .iter()
            .map(|decision| decision.wording_sha256)
            .collect();
        for words in words {
            records.approvals.extend(self.approvals_of(words)?);
        }
        Ok(records)
    }

    /// The answers that count for a person, the earliest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn answers_of(&self, subject: PersonId) -> Result<Vec<AnswerRow>, StoreError> {
        let mut select = self.connection.prepare_cached(ANSWERS_OF)?;
        let mut rows = select.query([subject.to_bytes()])?;
        let mut answers = Vec::new();
        while let Some(row) = rows.next()? {
            let granted: Vec<Channel> = serde_json::from_str(&row.get::<_, String>(3)?)?;
            let mut refused: Vec<Channel> = serde_json::from_str(&row.get::<_, String>(4)?)?;
            let withdrawn: Vec<Channel> = serde_json::from_str(&row.get::<_, String>(6)?)?;
            let (taken_back, granted) = granted
                .into_iter()
                .partition(|channel| withdrawn.contains(channel));
            refused.extend::<Vec<Channel>>(taken_back);
            answers.push(AnswerRow {
                decision: DecisionId::from_bytes(row.get(0)?),
                decider: PersonId::from_bytes(row.get(1)?),
                purpose: word(&row.get::<_, String>(2)?)?,
                granted,
                refused,
                decided_at: instant(&row.get::<_, String>(5)?)?,
            });
        }
        Ok(answers)
    }

    /// The channels that may be used for a person and purpose, at the latest time ever seen
    /// ([`Read::latest_seen`]).
    ///
    /// # Errors
    /// When the store fails.
    pub fn permitted_channels(
        &self,
        subject: PersonId,
        purpose: Purpose,
        latest_seen: Instant,
    ) -> Result<Vec<Channel>, StoreError> {
        let mut select = self.connection.prepare_cached(PERMITTED)?;
        let rows = select.query_map(
            params![subject.to_bytes(), purpose.word(), latest_seen.to_string()],
            |row| row.get::<_, String>(0),
        )?;
        rows.map(|channel| channel?.parse().map_err(|_| StoreError::Malformed))
            .collect()
    }

    fn ids<I: RecordId>(&self, sql: &str, of: impl RecordId) -> Result<Vec<I>, StoreError> {
        let mut select = self.connection.prepare_cached(sql)?;
        let rows = select.query_map([of.uuid().as_bytes()], |row| row.get::<_, [u8; 16]>(0))?;
        rows.map(|id| Ok(I::from(uuid::Uuid::from_bytes(id?))))
            .collect()
    }

    /// The records of these ids that are here.
    fn records<R: Record>(
        &self,
        ids: impl IntoIterator<Item = R::Id>,
    ) -> Result<Vec<R>, StoreError> {
        let found = ids.into_iter().map(|id| match self.written::<R>(id) {
            Ok((record, _)) => Ok(Some(record)),
            Err(StoreError::NotFound) => Ok(None),
            Err(error) => Err(error),
        });
        found.filter_map(Result::transpose).collect()
    }
}

fn word<T: std::str::FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Malformed)
}

fn instant(text: &str) -> Result<Instant, StoreError> {
    word(text)
}

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod fates;
#[cfg(test)]
mod guards;
#[cfg(test)]
mod histories;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
pub(crate) mod scene;
