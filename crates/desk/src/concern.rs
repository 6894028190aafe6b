//! Sealed notes: anybody may write one, only logins that hold the key read them.

use porch_domain::bytes::Bytes;
use porch_domain::catalogue::Record as _;
use porch_domain::concern::{Concern, ConcernKind};
use porch_domain::county::SAFEGUARDING_PHONE;
use porch_domain::id::{ConcernId, PersonId, RecordId as _};
use porch_domain::person::Person;
use porch_domain::time::Instant;
use porch_store::sealed::{SealingKey, open, seal};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zeroize::Zeroizing;

use crate::changes::created;
use crate::consent_history::name;
use crate::refusal::{Code, Nothing, Refusal};
use crate::work::Work;

/// A concern.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteConcernRequest {
    /// About whom, when that is known and may stand in the open.
    pub about: Option<PersonId>,
    /// What was seen or heard.
    pub text: String,
    /// Whether somebody was telephoned at once.
    pub call_made: bool,
}

/// The concern is kept; nobody has seen it yet.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct WrittenConcernView {
    /// The concern.
    pub concern: ConcernId,
    /// The number to call now.
    pub phone: String,
}

/// A concern, opened.
#[derive(Clone, Serialize, TS)]
pub(crate) struct ConcernView {
    /// The concern.
    pub concern: ConcernId,
    /// About whom.
    pub about: Option<PersonId>,
    /// Their name.
    pub about_name: Option<String>,
    /// What was seen or heard.
    pub text: String,
    /// Who wrote it.
    pub written_by: String,
    /// When.
    pub written_at: Instant,
    /// Whether somebody was telephoned at once.
    pub call_made: bool,
}

/// The longest note, in bytes.
const LONGEST: usize = 50_000;
/// How many are shown: the newest.
const SHOWN: u32 = 500;

pub(crate) fn write_concern(
    work: &Work,
    request: WriteConcernRequest,
) -> Result<WrittenConcernView, Refusal> {
    let text = Zeroizing::new(request.text);
    if text.trim().is_empty() {
        return Err(Refusal::of_field("text", Code::Required));
    }
    if text.len() > LONGEST {
        return Err(Refusal::of_field("text", Code::TooLong));
    }
    let key = SealingKey::from_bytes(work.device.restricted_epoch, &work.device.restricted_key)
        .ok_or(Code::Internal)?;
    let id: ConcernId = work.make_id()?;
    let sealed =
        seal(&key, Concern::KIND, id.uuid(), text.trim().as_bytes()).map_err(|_| Code::Internal)?;
    let concern = Concern {
        id,
        about: request.about,
        kind: ConcernKind::Safeguarding,
        key_epoch: key.epoch(),
        sealed: Bytes(sealed),
        written_by: work.login.user,
        written_at: work.now,
        call_made: Some(request.call_made),
    };
    work.write(|write| {
        if let Some(about) = request.about {
            write.record::<Person>(about)?;
        }
        work.save(
            write,
            "write_concern",
            vec![created(&concern, work.device.centre)],
        )
    })?;
    Ok(WrittenConcernView {
        concern: id,
        phone: SAFEGUARDING_PHONE.to_owned(),
    })
}

pub(crate) fn concerns(work: &Work, _: Nothing) -> Result<Vec<ConcernView>, Refusal> {
    // Whoever holds no key has nothing to open them with; after a lock only the password brings
    // it back.
    if work.login.restricted.is_empty() {
        return Err(if work.by_pin {
            Code::PasswordNeeded.into()
        } else {
            Code::NotAllowed.into()
        });
    }
    let staff = work.staff_names()?;
    work.write(|write| {
        let mut views = Vec::new();
        for concern in write.concerns(ConcernKind::Safeguarding, SHOWN)? {
            let note = open(
                &work.login.restricted,
                Concern::KIND,
                concern.id.uuid(),
                concern.sealed.as_slice(),
            );
            let Some(text) = note
                .ok()
                .and_then(|note| String::from_utf8(note.to_vec()).ok())
            else {
                tracing::error!("a sealed note does not open");
                continue;
            };
            work.saw(write, "read_concerns", Concern::KIND, concern.id.uuid())?;
            let about_name = concern
                .about
                .map(|about| name(work, write, Some(about)))
                .transpose()?;
            views.push(ConcernView {
                concern: concern.id,
                about: concern.about,
                about_name: about_name.filter(|name| !name.is_empty()),
                text,
                written_by: staff.of(concern.written_by),
                written_at: concern.written_at,
                call_made: concern.call_made.unwrap_or(false),
            });
        }
        Ok(views)
    })
}
