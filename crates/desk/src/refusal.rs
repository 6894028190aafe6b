//! What the window is told when something is not done.

use porch_domain::words::UnknownWord;
use porch_store::{ConsentRefusal, StoreError};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An empty request or view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(type = "Record<string, never>")]
pub struct Nothing {}

/// Why the desk did not do what the window asked: a closed set, whose words are in the window's
/// language files. Holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("refused: {code:?}")]
pub struct Refusal {
    /// The reason.
    pub code: Code,
    /// The field it is about, where it is about one.
    pub field: Option<String>,
    /// Every problem of a form, so that all can be shown at once.
    pub problems: Vec<Problem>,
    /// For `slowed_down`: whole seconds to wait.
    pub retry_after_s: Option<u32>,
}

/// One problem of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Problem {
    /// Where, for example `children.0.birth_date`.
    pub field: String,
    /// What is wrong.
    pub code: Code,
}

impl Refusal {
    /// A refusal as a whole.
    #[must_use]
    pub const fn because(code: Code) -> Self {
        Self {
            code,
            field: None,
            problems: Vec::new(),
            retry_after_s: None,
        }
    }

    /// A refusal because of one field.
    #[must_use]
    pub fn of_field(field: &str, code: Code) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::because(code)
        }
    }

    /// A refusal of a form with all its problems.
    #[must_use]
    pub fn of_form(problems: Vec<Problem>) -> Self {
        Self {
            problems,
            ..Self::because(Code::Invalid)
        }
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::because(code)
    }
}

impl From<UnknownWord> for Refusal {
    fn from(_: UnknownWord) -> Self {
        Self::because(Code::MalformedRequest)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Consent(refused) => Code::from(*refused),
            StoreError::NotFound | StoreError::Erased => Code::NotFound,
            StoreError::TooLarge => Code::TooLong,
            StoreError::DiskFull => Code::StorageFull,
            StoreError::Busy => Code::Busy,
            StoreError::FromNewerProgram { .. } => Code::DatabaseNewer,
            StoreError::SchemaAltered => Code::DatabaseAltered,
            StoreError::Corrupt | StoreError::WrongKey => Code::DatabaseCorrupt,
            _ => {
                // Variants hold no data, so this line is fit for a log.
                tracing::error!(%error, "the store failed");
                Code::Internal
            }
        };
        Self::because(code)
    }
}

/// What somebody typed, if it is anything and not too long.
pub(crate) fn required_text(field: &str, text: &str, longest: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        Err(Refusal::of_field(field, Code::Required))
    } else if text.chars().count() > longest {
        Err(Refusal::of_field(field, Code::TooLong))
    } else {
        Ok(text.to_owned())
    }
}

impl From<ConsentRefusal> for Code {
    fn from(refused: ConsentRefusal) -> Self {
        match refused {
            ConsentRefusal::NoAuthority => Self::NoAuthority,
            ConsentRefusal::NeverPhotograph => Self::NeverPhotograph,
            ConsentRefusal::NobodyNamed => Self::NobodyInPicture,
            ConsentRefusal::DoesNotStand => Self::NoConsent,
            ConsentRefusal::Expired => Self::ConsentExpired,
            ConsentRefusal::Unsigned => Self::SignatureMissing,
            ConsentRefusal::Exists
            | ConsentRefusal::Immutable
            | ConsentRefusal::Malformed
            | ConsentRefusal::SubjectsFrozen => Self::Invalid,
        }
    }
}

macro_rules! codes {
    ($($(#[$meta:meta])* $Name:ident,)+) => {
        /// The reasons.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $($(#[$meta])* $Name,)+ }

        impl Code {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$Name,)+];
        }
    };
}

codes! {
    /// No command has that name.
    UnknownCommand,
    /// The request is not of the command's form.
    MalformedRequest,
    /// This login's role may not do that.
    NotAllowed,
    /// There is no such record.
    NotFound,
    /// The family is hidden: opening it needs a reason.
    ReasonNeeded,
    /// Something else is using the store; try again.
    Busy,
    /// The disk is full.
    StorageFull,
    /// A fault of the program.
    Internal,
    /// The device is not enrolled.
    NotSetUp,
    /// Nobody is logged in.
    Closed,
    /// The desk is locked.
    Locked,
    /// Somebody is logged in.
    AlreadyOpen,
    /// The program is locked to one family's consent pages.
    HandOverActive,
    /// This computer has no keyring.
    NoKeyring,
    /// The keyring is locked.
    KeyringLocked,
    /// The keyring does not hold this device's secret.
    KeyringSecretMissing,
    /// The database was written by a newer program.
    DatabaseNewer,
    /// The database's guards are not what the program put there.
    DatabaseAltered,
    /// The database cannot be read.
    DatabaseCorrupt,
    /// The password is wrong.
    WrongPassword,
    /// Too soon after wrong passwords.
    SlowedDown,
    /// Too many wrong passwords: a supervisor must let this person in again.
    LoginBlocked,
    /// Fewer than 12 characters.
    PasswordTooShort,
    /// Among the passwords that are tried first.
    PasswordTooCommon,
    /// The PIN is wrong.
    WrongPin,
    /// There is no PIN, or five wrong tries took it: the password is needed.
    PinGone,
    /// Not 4 to 8 digits.
    PinNotDigits,
    /// One digit over and over, or a run.
    PinTooCommon,
    /// A PIN unlocked the desk; this needs the password.
    PasswordNeeded,
    /// The one-time code is wrong.
    CodeWrong,
    /// The recovery code was not typed as it was printed.
    CodeMistyped,
    /// This device has no recovery code, or it was used.
    NoRecoveryCode,
    /// The one-time code has run out.
    CodeExpired,
    /// An answer is needed.
    Required,
    /// Not a date.
    InvalidDate,
    /// A birth date after today.
    DateInFuture,
    /// Too long ago to be meant.
    DateTooEarly,
    /// Not a postcode.
    InvalidPostcode,
    /// The check digit of the NHS number is wrong.
    InvalidNhsNumber,
    /// Not a telephone number.
    InvalidPhone,
    /// Not an e-mail address.
    InvalidEmail,
    /// Longer than can be kept.
    TooLong,
    /// Not a name.
    InvalidName,
    /// The privacy notice in force was not shown.
    NoticeNotShown,
    /// No adult was named.
    NoAdult,
    /// Somebody else changed this since it was opened.
    ChangedMeanwhile,
    /// Somebody else has ruled on it already.
    RuledAlready,
    /// That they decide for the child was ended, or is in dispute: only whoever judges that records it anew.
    AuthorityEnded,
    /// Problems are listed.
    Invalid,
    /// Already here.
    AlreadySignedIn,
    /// Already gone.
    AlreadySignedOut,
    /// That session is not today.
    SessionNotToday,
    /// Nobody with the authority has said yes.
    NoConsent,
    /// That person has no authority to decide for the child.
    NoAuthority,
    /// A child so young decides nothing.
    TooYoung,
    /// The consent was withdrawn or refused.
    ConsentWithdrawn,
    /// The consent has run out.
    ConsentExpired,
    /// The words tell something of a special category, and nobody was asked for that.
    SpecialCategory,
    /// A centre is no public place.
    NotPublic,
    /// Pictures are never taken at this activity.
    NeverPhotograph,
    /// Nobody was named in the picture.
    NobodyInPicture,
    /// The file is not a picture that can be read.
    NotAPicture,
    /// The picture is too large.
    PictureTooLarge,
    /// The picture was removed.
    PictureRemoved,
    /// There is no signature.
    SignatureMissing,
    /// A channel was neither granted nor refused.
    Unanswered,
    /// The wording shown is not the one in force.
    WordingOutdated,
    /// The county has approved no words to ask this in.
    NothingApproved,
    /// Decisions were made since the screen was shown.
    DecisionSeenOutdated,
    /// The file could not be put into the folder for files.
    CannotSave,
    /// What was typed stands on no receipt.
    NotAReceipt,
    /// The county server cannot be reached.
    Unreachable,
    /// The county server refused.
    CountyRefused,
    /// The server's certificate is not the county's.
    CountyCertificate,
    /// The enrolment code is not valid.
    CountyCode,
    /// The county wants a newer program.
    UpdateNeeded,
    /// The county has revoked this device.
    DeviceRevoked,
    /// The county does not know this device any more: it was restored from an older backup.
    DeviceUnknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_shows_no_value() {
        let refusal = Refusal::of_field("children.0.birth_date", Code::InvalidDate);
        assert_eq!(refusal.to_string(), "refused: InvalidDate");
    }
}
