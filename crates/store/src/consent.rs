//! The consent ledger: what the rule of consent looks at, and what a parent is shown.

use chrono::NaiveDate;
use porch_domain::authority::{Authority, AuthorityEnd, EndKind, Ground};
use porch_domain::catalogue::Record;
use porch_domain::channel::Channel;
use porch_domain::consent::{Ledger, LedgerEntry};
use porch_domain::decision::{Decision, Purpose};
use porch_domain::id::{
    AuthorityEndId, AuthorityId, DecisionId, MembershipId, PersonId, RecordId, WithdrawalId,
};
use porch_domain::membership::Membership;
use porch_domain::person::Person;
use porch_domain::text::TextApproval;
use porch_domain::time::Instant;
use porch_domain::withdrawal::Withdrawal;
use rusqlite::params;

use crate::access::Read;
use crate::error::StoreError;

const DECISIONS_ABOUT: &str = "
    SELECT id FROM decision WHERE subject = ? ORDER BY id";

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

const PLACES_OF: &str = "
    SELECT id FROM membership WHERE person = ? ORDER BY id";

const ANSWERS_OF: &str = "
    SELECT h.id, h.decider, h.purpose, h.granted, h.refused, d.decided_at,
           (SELECT json_group_array(x.channel) FROM consent_withdrawn x WHERE x.decision = h.id)
    FROM consent_head h
    JOIN decision d ON d.id = h.id
    WHERE h.subject = ?
    ORDER BY d.decided_at, h.id";

const PERMITTED: &str = "
    SELECT DISTINCT p.channel
    FROM permission p
    WHERE p.subject = ?1 AND p.purpose = ?2
        AND NOT EXISTS (
            SELECT 1 FROM consent_head h JOIN decision d ON d.id = h.id
            WHERE h.subject = ?1 AND h.purpose = ?2 AND d.valid_until <= ?3
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
    /// The person, when they are here.
    pub person: Option<Person>,
    /// Their places in families.
    pub places: Vec<Membership>,
    /// The latest time ever saved at on this device.
    pub seen: Option<Instant>,
    /// The texts that the county approved.
    pub approvals: Vec<TextApproval>,
}

impl ConsentRecords {
    /// What the rule looks at.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        let mut ledger = Ledger::default();
        ledger.extend(self.authorities.iter().cloned());
        ledger.extend(self.ends.iter().cloned());
        ledger.extend(self.decisions.iter().cloned());
        ledger.extend(self.withdrawals.iter().cloned());
        ledger.extend(self.person.iter().cloned());
        ledger.extend(self.places.iter().cloned());
        ledger.extend(self.seen.map(LedgerEntry::Seen));
        ledger.extend(self.approvals.iter().cloned());
        ledger
    }

    /// The authorities under which somebody can say Yes on a day: neither ended nor in dispute,
    /// and if delegated, then by somebody of whom that is true.
    pub fn authorities_in_force(&self, today: NaiveDate) -> impl Iterator<Item = &Authority> {
        self.authorities.iter().filter(move |authority| {
            self.is_in_force(authority, today)
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

    /// Whether somebody holds an authority that has not ended. In dispute it is enough for a No.
    #[must_use]
    pub fn may_say_no(&self, holder: PersonId) -> bool {
        self.authorities.iter().any(|authority| {
            authority.holder == holder
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
    /// Every consent record about a person.
    ///
    /// # Errors
    /// When the store fails or a record is not of its form.
    pub fn consent_records(&self, subject: PersonId) -> Result<ConsentRecords, StoreError> {
        let authorities: Vec<AuthorityId> = self.ids(AUTHORITIES_FOR, subject)?;
        let mut records = ConsentRecords {
            decisions: self
                .records::<Decision>(self.ids::<DecisionId>(DECISIONS_ABOUT, subject)?)?,
            withdrawals: self
                .records::<Withdrawal>(self.ids::<WithdrawalId>(WITHDRAWALS_ABOUT, subject)?)?,
            person: self.records::<Person>(vec![subject])?.pop(),
            places: self.records::<Membership>(self.ids::<MembershipId>(PLACES_OF, subject)?)?,
            seen: self.latest_kept()?,
            approvals: self.every()?,
            ..ConsentRecords::default()
        };
        for authority in &authorities {
            records.ends.extend(
                self.records::<AuthorityEnd>(self.ids::<AuthorityEndId>(ENDS_OF, *authority)?)?,
            );
        }
        records.authorities = self.records::<Authority>(authorities)?;
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
    fn records<R: Record>(&self, ids: Vec<R::Id>) -> Result<Vec<R>, StoreError> {
        let found = ids.into_iter().map(|id| match self.record::<R>(id) {
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
