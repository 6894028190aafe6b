//! What the county says when it does not do what it was asked.

use serde::{Deserialize, Serialize};

/// A refusal of the county server, as JSON with the HTTP status that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum CountyRefusal {
    /// 401: no token, or one that has run out; ask for another.
    #[error("no valid token")]
    Token,
    /// 403: the enrolment code is wrong, used or run out.
    #[error("the enrolment code is not valid")]
    Code,
    /// 403: the device was revoked.
    #[error("the device was revoked")]
    Revoked,
    /// 403: the scope or blob is not this device's.
    #[error("not in this device's scope")]
    Scope,
    /// 400: the request is not of the protocol's form.
    #[error("malformed request")]
    Malformed,
    /// 413: more bytes than the protocol allows.
    #[error("too large")]
    TooLarge,
    /// 426: the device's protocol is older than the server answers.
    #[error("update needed")]
    UpdateNeeded,
    /// 404: no such blob or chunk, or not yet complete.
    #[error("not found")]
    NotFound,
    /// 409: the blob is not expected: its record has not arrived, or the content no longer stands.
    #[error("blob not expected")]
    BlobNotExpected,
    /// 429: too many tries; wait.
    #[error("too many tries")]
    SlowDown,
    /// 500: the server's own failure.
    #[error("the server failed")]
    Failed,
}
