//! Why the store did not do something. No variant holds data of a record.

use rusqlite::ErrorCode;
use rusqlite::ffi;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The key does not open the database.
    #[error("the key does not open the database")]
    WrongKey,
    /// A page is damaged or was tampered with.
    #[error("the database is damaged")]
    Corrupt,
    /// The database was written by a newer program.
    #[error("the database is of version {database}, this program knows {program}")]
    FromNewerProgram {
        /// Version of the database.
        database: u32,
        /// Highest version that this program knows.
        program: u32,
    },
    /// Tables, views or triggers are not those that the migrations made.
    #[error("the database's schema was altered")]
    SchemaAltered,
    /// The file is a database, and not one of Porch's.
    #[error("not a database of this program")]
    NotOurs,
    /// There is a database already.
    #[error("there is a database already")]
    Exists,
    /// There is no such record.
    #[error("not found")]
    NotFound,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// Another process holds the database.
    #[error("the database is busy")]
    Busy,
    /// A guard of the consent ledger refused.
    #[error("refused by the consent ledger: {0}")]
    Consent(ConsentRefusal),
    /// What one Save would write is more than the county takes in one transaction.
    #[error("more than one transaction may hold")]
    TooLarge,
    /// It is about somebody who was erased.
    #[error("erased")]
    Erased,
    /// A record of the ledger is erased with the person it is about, never by itself.
    #[error("not a whole erasure")]
    NotWhole,
    /// A record is not of the catalogue's form.
    #[error("malformed record")]
    Malformed,
    /// The operating system gave no random bytes.
    #[error("no randomness")]
    NoRandomness,
    /// The file could not be read or written.
    #[error("the file cannot be read or written: {0:?}")]
    Io(std::io::ErrorKind),
    /// SQLite failed in a way that means a fault of the program; its result code.
    #[error("SQLite failed with code {0}")]
    Sqlite(i32),
}

/// What a guard of the consent ledger says. The words are those of the triggers in
/// `migrations/desk`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsentRefusal {
    /// A ledger entry with that id exists.
    #[error("exists")]
    Exists,
    /// Ledger entries stay as they were written.
    #[error("immutable")]
    Immutable,
    /// The entry is not of its form.
    #[error("malformed")]
    Malformed,
    /// Neither signed nor witnessed.
    #[error("unsigned")]
    Unsigned,
    /// Not someone who may decide.
    #[error("no authority")]
    NoAuthority,
    /// Pictures are never taken at this activity.
    #[error("never photograph")]
    NeverPhotograph,
    /// A picture with nobody named in it.
    #[error("nobody named")]
    NobodyNamed,
    /// Who is in a stored picture is settled.
    #[error("subjects frozen")]
    SubjectsFrozen,
    /// Somebody in the picture is not permitted.
    #[error("does not stand")]
    DoesNotStand,
    /// The decision had run out when the picture was stored.
    #[error("expired")]
    Expired,
}

impl ConsentRefusal {
    const ALL: [Self; 10] = [
        Self::Exists,
        Self::Immutable,
        Self::Malformed,
        Self::Unsigned,
        Self::NoAuthority,
        Self::NeverPhotograph,
        Self::NobodyNamed,
        Self::SubjectsFrozen,
        Self::DoesNotStand,
        Self::Expired,
    ];

    fn from_trigger(message: &str) -> Option<Self> {
        let word = message.split_once(": ")?.1;
        Self::ALL
            .into_iter()
            .find(|refusal| refusal.to_string() == word)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let (failure, message) = match &error {
            rusqlite::Error::SqliteFailure(failure, message) => (failure, message.as_deref()),
            rusqlite::Error::QueryReturnedNoRows => return Self::NotFound,
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::ToSqlConversionFailure(..)
            | rusqlite::Error::Utf8Error(..) => return Self::Malformed,
            _ => return Self::Sqlite(ffi::SQLITE_MISUSE),
        };
        if failure.extended_code == ffi::SQLITE_CONSTRAINT_TRIGGER
            && let Some(refusal) = message.and_then(ConsentRefusal::from_trigger)
        {
            return Self::Consent(refusal);
        }
        match message {
            Some("erasure: erased") => return Self::Erased,
            Some("erasure: not whole") => return Self::NotWhole,
            _ => {}
        }
        match failure.code {
            ErrorCode::NotADatabase => Self::WrongKey,
            ErrorCode::DatabaseCorrupt => Self::Corrupt,
            ErrorCode::DiskFull => Self::DiskFull,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::ConstraintViolation => Self::Malformed,
            _ => Self::Sqlite(failure.extended_code),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.kind())
    }
}

impl From<porch_domain::catalogue::MalformedRecord> for StoreError {
    fn from(_: porch_domain::catalogue::MalformedRecord) -> Self {
        Self::Malformed
    }
}

impl From<porch_sync::MalformedTransaction> for StoreError {
    fn from(_: porch_sync::MalformedTransaction) -> Self {
        Self::Malformed
    }
}

impl From<porch_sync::MalformedVersion> for StoreError {
    fn from(_: porch_sync::MalformedVersion) -> Self {
        Self::Malformed
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(_: serde_json::Error) -> Self {
        Self::Malformed
    }
}
