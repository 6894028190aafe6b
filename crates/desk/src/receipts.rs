//! What a receipt says, gathered from the ledger.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use porch_domain::authority::Authority;
use porch_domain::catalogue::Record as _;
use porch_domain::centre::Centre;
use porch_domain::channel::Channel;
use porch_domain::consent::DecisionState;
use porch_domain::county::channel_name;
use porch_domain::decision::Decision;
use porch_domain::id::{DecisionId, PersonId, RecordId as _};
use porch_domain::text::{TextKind, TextRef};
use porch_domain::time::Instant;
use porch_domain::wording::Wording;
use porch_print::{Answer, Contact, Decided, Holder, Receipt, Said, Shown};
use porch_store::audit::Deed;
use porch_store::consent::ConsentRecords;
use porch_store::{Read, Write};

use crate::clock::{london_date, london_time};
use crate::hand_over::asked;
use crate::people::{Sight, name_of, visible_person};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// The most decisions that one receipt tells: a decider signs for one family at a time.
const MOST: usize = 60;

/// The receipt of decisions that were signed together.
pub(crate) fn receipt(
    work: &Work,
    read: &Read<'_>,
    ids: &[DecisionId],
) -> Result<Receipt, Refusal> {
    let decisions = signed_together(work, read, ids)?;
    let first = decisions.first().ok_or(Code::NotFound)?;
    let staff = work.staff_names()?;
    let sight = Sight(work.login.role);
    let decider = if read.is_erased(first.decider.uuid())? {
        None
    } else {
        Some(visible_person(read, sight, first.decider, work.today)?)
    };
    let mut wordings: Vec<Shown> = Vec::new();
    let mut how_to_change: Vec<Said> = Vec::new();
    let mut decided = Vec::with_capacity(decisions.len());
    // Of somebody who was erased nothing tells any more whether they were hidden.
    let mut hidden = decider.is_none() || is_hidden(work, read, first.decider)?;
    for decision in &decisions {
        hidden |= is_hidden(work, read, decision.subject)?;
        let known = Known::of(work, read, decision)?;
        if !wordings
            .iter()
            .any(|shown| shown.sha256 == decision.wording_sha256)
        {
            wordings.push(wording_shown(decision, known.wording.as_ref()));
        }
        if let Some(wording) = &known.wording {
            let said = Said::new(&decision.language, wording.how_to_change());
            if !how_to_change.contains(&said) {
                how_to_change.push(said);
            }
        }
        let subject = visible_person(read, sight, decision.subject, work.today)?;
        decided.push(Decided {
            id: decision.id,
            sha256: decision.sha256(),
            subject: (decision.subject != decision.decider).then(|| name_of(&subject)),
            purpose: decision.purpose,
            holder: known.authority.as_ref().map(|authority| Holder {
                ground: authority.ground,
                evidence: authority.evidence,
            }),
            answers: answers(decision, known.wording.as_ref()),
            good_until: decision.valid_until.map(last_day),
            at_expiry: decision.at_expiry,
            attribution: decision.attribution,
            replaces: decision.replaces.clone(),
            state: known.state,
            taken_back: decision
                .granted
                .iter()
                .filter(|channel| !known.still_granted.contains(channel))
                .map(|channel| place(channel, known.wording.as_ref()))
                .collect(),
        });
    }
    Ok(Receipt {
        language: first.language.clone(),
        reference: first.reference(),
        decider: decider.as_ref().map(name_of),
        decided_at: london_time(first.decided_at),
        method: first.method,
        help: first.help,
        taken_by: staff.of(first.taken_by),
        witness: first.witness.map(|witness| staff.of(witness)),
        centre: if hidden { None } else { centre(read, first)? },
        device: first.device,
        decided,
        wordings,
        notice: Shown {
            id: first.notice.clone(),
            version: first.notice_version,
            language: first.language.clone(),
            sha256: first.notice_sha256,
            paragraphs: None,
        },
        how_to_change,
        who_to_ask: contact(read)?.map(|contact| Said::new("en", contact.officer)),
        printed_on: work.today,
    })
}

/// The decisions, if this login may see them and they make one receipt.
fn signed_together(
    work: &Work,
    read: &Read<'_>,
    ids: &[DecisionId],
) -> Result<Vec<Decision>, Refusal> {
    let distinct: BTreeSet<&DecisionId> = ids.iter().collect();
    if ids.is_empty() {
        return Err(Refusal::of_field("decisions", Code::Required));
    }
    if ids.len() > MOST || distinct.len() < ids.len() {
        return Err(Refusal::of_field("decisions", Code::Invalid));
    }
    if !Sight(work.login.role).of::<Decision>("granted") {
        return Err(Code::NotAllowed.into());
    }
    let decisions = ids
        .iter()
        .map(|id| Ok(read.record::<Decision>(*id)?.0))
        .collect::<Result<Vec<Decision>, Refusal>>()?;
    let references: BTreeSet<String> = decisions.iter().map(Decision::reference).collect();
    if references.len() > 1 {
        return Err(Refusal::of_field("decisions", Code::Invalid));
    }
    Ok(decisions)
}

/// Puts into the audit that each of these decisions was seen, or given away as a file.
pub(crate) fn note(
    work: &Work,
    write: &Write<'_>,
    deed: Deed,
    purpose: &'static str,
    decisions: &[DecisionId],
) -> Result<(), Refusal> {
    for decision in decisions {
        let record = Some((Decision::KIND, decision.uuid()));
        work.record(write, deed, purpose, record, &[])?;
    }
    Ok(())
}

/// What else is known of a decision.
pub(crate) struct Known {
    pub(crate) records: ConsentRecords,
    pub(crate) authority: Option<Authority>,
    pub(crate) state: DecisionState,
    pub(crate) still_granted: Vec<Channel>,
    pub(crate) wording: Option<Wording>,
}

impl Known {
    pub(crate) fn of(work: &Work, read: &Read<'_>, decision: &Decision) -> Result<Self, Refusal> {
        let records = read.consent_records(decision.subject)?;
        let ledger = records.ledger();
        let seen = read.latest_seen(work.now)?;
        let authority = records
            .authorities
            .iter()
            .find(|authority| Some(authority.id) == decision.authority)
            .cloned();
        Ok(Self {
            authority,
            state: ledger.state_of(decision.id, seen).ok_or(Code::NotFound)?,
            still_granted: ledger.still_granted(decision.id),
            wording: shown_wording(read, decision)?,
            records,
        })
    }
}

/// The wording that was shown, if that very text is here.
fn shown_wording(read: &Read<'_>, decision: &Decision) -> Result<Option<Wording>, Refusal> {
    let shown = TextRef {
        kind: TextKind::Wording,
        name: decision.wording.clone(),
        version: decision.wording_version,
        language: decision.language.clone(),
        sha256: decision.wording_sha256,
    };
    let texts = read.texts()?;
    let found = texts
        .all_wordings()
        .find(|wording| wording.text_ref() == shown);
    Ok(found.cloned())
}

fn wording_shown(decision: &Decision, wording: Option<&Wording>) -> Shown {
    let paragraphs =
        wording.map(|wording| wording.text().split("\n\n").map(str::to_owned).collect());
    Shown {
        id: decision.wording.clone(),
        version: decision.wording_version,
        language: decision.language.clone(),
        sha256: decision.wording_sha256,
        paragraphs,
    }
}

/// Who answers for decisions, and whom to write to; none where the county has not told.
pub(crate) fn contact(read: &Read<'_>) -> Result<Option<Contact>, Refusal> {
    Ok(read.county_details()?.map(|details| Contact {
        controller: details.council,
        officer: details.data_protection_officer,
    }))
}

/// Every channel that was answered, in the order of the question.
pub(crate) fn channels(decision: &Decision) -> Vec<Channel> {
    let asked = asked(decision.purpose);
    let mut answered: Vec<Channel> = decision
        .granted
        .iter()
        .chain(&decision.refused)
        .cloned()
        .collect();
    let order = |channel: &Channel| {
        asked
            .iter()
            .position(|known| known == channel)
            .unwrap_or(asked.len())
    };
    answered.sort_by_key(order);
    answered
}

fn answers(decision: &Decision, wording: Option<&Wording>) -> Vec<Answer> {
    channels(decision)
        .into_iter()
        .map(|channel| Answer {
            place: place(&channel, wording),
            granted: decision.granted.contains(&channel),
        })
        .collect()
}

/// A channel as the wording told it.
pub(crate) fn place(channel: &Channel, wording: Option<&Wording>) -> String {
    let name = channel.name().and_then(channel_name);
    wording
        .and_then(|wording| wording.channel_line(channel, name))
        .unwrap_or_else(|| channel.to_string())
}

/// Whether somebody belongs to a family that is hidden, even if to others too.
pub(crate) fn is_hidden(work: &Work, read: &Read<'_>, person: PersonId) -> Result<bool, Refusal> {
    let families = read.families_of(person, work.today)?;
    Ok(families.iter().any(|(_, hidden)| *hidden) || read.is_hidden(person, work.today)?)
}

/// The name of the centre where it was decided, if that centre is known here.
pub(crate) fn centre(read: &Read<'_>, decision: &Decision) -> Result<Option<String>, Refusal> {
    match read.record::<Centre>(decision.centre) {
        Ok((centre, _)) => Ok(Some(centre.name)),
        Err(porch_store::StoreError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The last day that is whole before an end.
pub(crate) fn last_day(until: Instant) -> NaiveDate {
    let day = london_date(until);
    day.pred_opt().unwrap_or(day)
}
