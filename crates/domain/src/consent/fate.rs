//! What becomes of what was stored, when consent changes.

use crate::channel::Channel;
use crate::decision::{Attribution, Decision, Purpose};
use crate::id::{DecisionId, PersonId};
use crate::photo::{Form, Photo};
use crate::time::Instant;

use super::ledger::Ledger;
use super::rule::{Weight, Wish, Word, withdraws};

/// What becomes of a stored photo or quote. Use stops at once unless it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It stays and may be shown.
    Stands,
    /// Nothing shows it; a person decides. (A reported withdrawal, an authority lost or in doubt, words
    /// that nobody approved, a decision that is not here or was mis-recorded.)
    Suspended,
    /// It is removed. (A verified withdrawal, a refusal, a stop, an expiry that says so.)
    Removed,
}

impl Ledger {
    /// What becomes of a photo in which these are the people that are known, each under this decision. Until all are known it
    /// waits. Nobody is asked about a crowd: it stands until somebody objects ([`crate::photo::Objection`]).
    pub fn fate(&self, photo: &Photo, subjects: &[(PersonId, DecisionId)]) -> Fate {
        if usize::try_from(photo.subject_count) != Ok(subjects.len()) {
            Fate::Suspended
        } else if photo.is_crowd() {
            Fate::Stands
        } else {
            self.photo_fate(subjects.iter().copied())
        }
    }

    /// May the content of a photo be stored in which these are the people that are known?
    pub fn may_store(&self, photo: &Photo, subjects: &[(PersonId, DecisionId)]) -> bool {
        self.fate(photo, subjects) == Fate::Stands
            && (photo.is_crowd()
                || self.photo_may_be_stored(
                    photo.form(),
                    subjects.iter().copied(),
                    photo.stored_at,
                ))
    }

    /// May a photo be published on a channel, at the latest time ever seen? A crowd may, on every channel of pictures in publicity, and
    /// under no name.
    pub fn may_publish(
        &self,
        photo: &Photo,
        subjects: &[(PersonId, DecisionId)],
        channel: &Channel,
        attribution: Option<Attribution>,
        latest_seen: Instant,
    ) -> bool {
        self.may_be_on(
            photo,
            subjects,
            channel,
            attribution,
            Wish::Use(latest_seen),
        )
    }

    /// May a photo go on being shown where it was published?
    pub fn may_stay_published(
        &self,
        photo: &Photo,
        subjects: &[(PersonId, DecisionId)],
        channel: &Channel,
        attribution: Option<Attribution>,
    ) -> bool {
        self.may_be_on(photo, subjects, channel, attribution, Wish::Keep)
    }

    fn may_be_on(
        &self,
        photo: &Photo,
        subjects: &[(PersonId, DecisionId)],
        channel: &Channel,
        attribution: Option<Attribution>,
        wish: Wish,
    ) -> bool {
        let permitted = || {
            if photo.is_crowd() {
                attribution.is_none() && Purpose::PublicityPicture.has(channel)
            } else {
                self.all_permit(subjects.iter().copied(), channel, attribution, wish)
            }
        };
        self.fate(photo, subjects) == Fate::Stands && permitted()
    }

    /// Does a photo of these people, each under this decision, stand? Of nobody, it does not: a crowd rests on no consent
    /// ([`crate::photo::Photo::is_crowd`]).
    pub fn photo_stands(&self, subjects: impl IntoIterator<Item = (PersonId, DecisionId)>) -> bool {
        self.photo_fate(subjects) == Fate::Stands
    }

    /// What becomes of a photo of these people, each under this decision: the worst of what each
    /// person's records say.
    pub fn photo_fate(&self, subjects: impl IntoIterator<Item = (PersonId, DecisionId)>) -> Fate {
        subjects
            .into_iter()
            .map(|(subject, decision)| self.fate_for(subject, decision))
            .max()
            .unwrap_or(Fate::Suspended)
    }

    /// May the content of a photo be stored, or taken in from elsewhere? It stands; each decision
    /// that it was stored under is about content of its form and has full weight; and it was stored before the end of that
    /// decision and of every head.
    pub fn photo_may_be_stored(
        &self,
        form: Form,
        subjects: impl IntoIterator<Item = (PersonId, DecisionId)> + Clone,
        stored_at: Instant,
    ) -> bool {
        let in_time =
            |decision: &Decision| decision.valid_until.is_none_or(|until| stored_at < until);
        self.photo_stands(subjects.clone())
            && subjects.into_iter().all(|(_, id)| {
                self.decision(id).is_some_and(|decision| {
                    form.rests_on(decision.purpose)
                        && self.weight(decision) == Weight::Full
                        && in_time(decision)
                        && self
                            .heads(decision.subject, decision.purpose)
                            .into_iter()
                            .all(in_time)
                })
            })
    }

    /// May a photo of these people, each under this decision, go on being shown where it was published? It
    /// stands, and everybody in it still permits the channel, and the name that stands with it; an end that allows no new use
    /// leaves it there.
    pub fn photo_may_stay_published(
        &self,
        subjects: impl IntoIterator<Item = (PersonId, DecisionId)> + Clone,
        channel: &Channel,
        attribution: Option<Attribution>,
    ) -> bool {
        self.photo_stands(subjects.clone())
            && self.all_permit(subjects, channel, attribution, Wish::Keep)
    }

    /// The most that may be said of who said the words of somebody: what every decision that counts permits, and no name where
    /// none says so.
    pub fn attribution(&self, subject: PersonId) -> Attribution {
        [Attribution::FullName, Attribution::FirstName]
            .into_iter()
            .find(|name| self.may_be_named(subject, Purpose::PublicityQuote, *name))
            .unwrap_or(Attribution::Anonymous)
    }

    fn may_be_named(&self, subject: PersonId, purpose: Purpose, name: Attribution) -> bool {
        let heads = self.heads(subject, purpose);
        let permits = |head: &&Decision| head.attribution.is_some_and(|asked| asked.permits(name));
        name == Attribution::Anonymous || (!heads.is_empty() && heads.iter().all(permits))
    }

    fn all_permit(
        &self,
        subjects: impl IntoIterator<Item = (PersonId, DecisionId)>,
        channel: &Channel,
        attribution: Option<Attribution>,
        wish: Wish,
    ) -> bool {
        subjects.into_iter().all(|(subject, decision)| {
            self.decision(decision).is_some_and(|decision| {
                self.answer(subject, decision.purpose, channel, wish)
                    .is_ok()
                    && attribution
                        .is_none_or(|name| self.may_be_named(subject, decision.purpose, name))
            })
        })
    }

    fn fate_for(&self, subject: PersonId, decision: DecisionId) -> Fate {
        let Some(decision) = self
            .decision(decision)
            .filter(|decision| decision.purpose.is_about_content())
            .filter(|decision| self.are_same(decision.subject, subject))
        else {
            return Fate::Suspended;
        };
        if self.is_stopped(subject, decision.purpose) {
            return Fate::Removed;
        }
        // The very decision it was stored under: consent given anew never revives what was removed.
        let withdrawn = |channel: &Channel, verified_only: bool| {
            self.withdrawals_of(decision.id)
                .filter(|withdrawal| self.is_sure(withdrawal) || !verified_only)
                .any(|withdrawal| withdraws(withdrawal.channels.as_deref(), channel))
        };
        if decision
            .granted
            .iter()
            .all(|channel| withdrawn(channel, true))
        {
            return Fate::Removed;
        }
        if !self.stands(decision.id) {
            return Fate::Suspended;
        }
        let is_said_withdrawn = decision
            .granted
            .iter()
            .all(|channel| withdrawn(channel, false));
        match self.fate_by_heads(decision) {
            Fate::Stands if is_said_withdrawn => Fate::Suspended,
            fate => fate,
        }
    }

    /// The heads must still permit a channel. When they do not: removed if every channel that was
    /// ever granted has a No that is sure, else suspended.
    ///
    /// Nothing in it follows from anybody's age: a date of birth is put right as easily as it is
    /// mistyped, and what was removed stays removed.
    fn fate_by_heads(&self, decision: &Decision) -> Fate {
        let (subject, purpose) = (decision.subject, decision.purpose);
        let heads = self.heads(subject, purpose);
        let channels = || {
            self.decisions_for(subject, purpose)
                .filter(|asked| self.stands(asked.id) && self.weight(asked) != Weight::None)
                .chain([decision])
                .flat_map(|decision| &decision.granted)
        };
        if channels().any(|channel| self.answer(subject, purpose, channel, Wish::Keep).is_ok()) {
            Fate::Stands
        } else if channels().all(|channel| heads.iter().any(|head| self.surely_no(head, channel))) {
            Fate::Removed
        } else {
            Fate::Suspended
        }
    }

    /// A No that nothing yet to arrive can explain away.
    fn surely_no(&self, head: &Decision, channel: &Channel) -> bool {
        let Word::No(_) = self.word(head, channel, Wish::Keep) else {
            return false;
        };
        // What may yet lift the head: an authority or an approval arrives, an age is put right.
        let may_be_lifted = |later| {
            matches!(
                self.weight(later),
                Weight::Unknown | Weight::Age | Weight::Words
            )
        };
        if self.replacements(head).any(may_be_lifted) {
            return false;
        }
        let mut withdrawals = self
            .withdrawals_of(head.id)
            .filter(|withdrawal| withdraws(withdrawal.channels.as_deref(), channel))
            .peekable();
        if head.granted.contains(channel)
            && !head.refused.contains(channel)
            && withdrawals.peek().is_some()
        {
            return withdrawals.any(|withdrawal| self.is_sure(withdrawal));
        }
        self.weight(head) != Weight::Unknown
    }
}
