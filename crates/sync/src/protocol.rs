//! What device and county say to each other: JSON over HTTPS (TLS 1.3).
//!
//! Described so that another county system could implement the other side in
//! `docs/sync-protocol.md`.

mod refusal;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::change::Row;
use crate::digest::{DigestKey, ScopeDigest};
use crate::merge::Conflict;
use crate::sealed::{Digest, SealedTransaction};
use crate::version::DeviceNumber;

pub use refusal::CountyRefusal;

/// The version of the protocol that this program speaks. A server answers this and the one
/// before; an older device is told to update and keeps its outbox.
///
/// 2 adds to 1, and takes nothing away: digests, how far a backup reaches, rejoining, and scopes that
/// change.
pub const PROTOCOL: u32 = 2;

/// The header that names the protocol version on every request.
pub const PROTOCOL_HEADER: &str = "porch-protocol";

/// The largest batch of transactions in one push, in bytes of JSON.
pub const MAX_BATCH_BYTES: usize = 1024 * 1024;

/// The largest transaction, in bytes of its body.
pub const MAX_TRANSACTION_BYTES: usize = 256 * 1024;

/// The size of a blob's chunks, in bytes; the last one may be shorter.
pub const CHUNK_BYTES: usize = 1024 * 1024;

/// The largest blob, in bytes.
pub const MAX_BLOB_BYTES: u64 = 16 * 1024 * 1024;

/// The largest place, sequence or count: stores keep them as signed numbers of 64 bits.
pub const LARGEST_NUMBER: u64 = u64::MAX >> 1;

/// The two forms of a photo's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// Small, for lists; sent first.
    Thumbnail,
    /// As it was stored.
    Picture,
}

impl Variant {
    /// Both, in the order in which they travel.
    pub const ALL: [Self; 2] = [Self::Thumbnail, Self::Picture];

    /// The text form, in paths and columns.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Thumbnail => "thumbnail",
            Self::Picture => "picture",
        }
    }
}

/// The id of the blob that holds a photo's content: a UUIDv5 (RFC 9562) of the variant's word
/// with the photo's id as namespace.
#[must_use]
pub fn blob_id(photo: Uuid, variant: Variant) -> Uuid {
    Uuid::new_v5(&photo, variant.word().as_bytes())
}

/// The scope of the county's own reference data (its centres, what it offers everywhere). Every
/// device holds it; devices do not write to it.
pub const COUNTY_SCOPE: Uuid = Uuid::from_u128(0x2b0d_6f3a_9e41_5c77_8a1e_63d0_51b7_c0de);

/// `POST /v1/enrol`: a new device introduces itself with the code that a supervisor was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolRequest {
    /// The one-time code, as typed; the server ignores spaces, hyphens and case.
    pub code: String,
    /// What people call the device, for example "Front desk".
    pub device_name: String,
    /// The device's Ed25519 public key, base64.
    pub public_key: String,
}

/// The answer to [`EnrolRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Enrolled {
    /// The device's number.
    pub device: DeviceNumber,
    /// The scopes it holds: its centre's, and the county's reference data.
    pub scopes: Vec<Uuid>,
    /// The centre whose front desk it is.
    pub centre: Uuid,
    /// The key to which restricted notes are sealed.
    pub restricted_key: RestrictedKey,
    /// The private half, base64, sealed to nobody: given only to the enrolment that the code marks
    /// as one for safeguarding, to be wrapped at once in the slots of the roles that may read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricted_private_key: Option<String>,
    /// The server's epoch: another one means that it was restored from a backup.
    pub epoch: Uuid,
}

/// `POST /v1/rejoin`: a device that was copied asks for a number of its own. It proves with the
/// key that both copies have that it is one of them, and with the transaction that clashed that
/// it is the one which the server has not heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RejoinRequest {
    /// The number that both copies have.
    pub device: DeviceNumber,
    /// A challenge as it was given for that number.
    pub challenge: String,
    /// The sequence under which the server knows another transaction.
    pub sequence: u64,
    /// The digest of this copy's transaction of that sequence.
    pub digest: Digest,
    /// The new Ed25519 public key, base64. The same key gets the same new number again.
    pub public_key: String,
    /// Signature of the old key over [`rejoin_message`], base64.
    pub signature: String,
}

/// What a device that rejoins signs with its old key.
#[must_use]
pub fn rejoin_message(challenge: &str, public_key: &str) -> String {
    format!("porch-rejoin-v1:{challenge}:{public_key}")
}

/// The county's public key for restricted notes (X25519 for HPKE, RFC 9180).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RestrictedKey {
    /// Counts up at each revocation.
    pub epoch: u32,
    /// The public key, base64.
    pub public_key: String,
}

/// `POST /v1/challenge` (no body beyond the device): asks for something to sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChallengeRequest {
    /// The device.
    pub device: DeviceNumber,
}

/// The answer to [`ChallengeRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Challenge {
    /// Opaque text that the device signs with its key; good for two minutes.
    pub challenge: String,
}

/// `POST /v1/token`: proves who the device is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenRequest {
    /// The device.
    pub device: DeviceNumber,
    /// The challenge as it was given.
    pub challenge: String,
    /// Ed25519 signature over `porch-token-v1:` followed by the challenge, base64.
    pub signature: String,
}

/// The answer to [`TokenRequest`]: a bearer token for 24 hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// Sent as `Authorization: Bearer …`.
    pub token: String,
    /// The server's time, milliseconds since 1970 (UTC), so that a device can tell that its clock is off.
    pub server_unix_ms: u64,
}

/// `POST /v1/push`: transactions in sequence order, and the head of the device's audit chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushRequest {
    /// The epoch that the device knows.
    pub epoch: Uuid,
    /// The transactions.
    pub transactions: Vec<SealedTransaction>,
    /// How far the device's audit chain has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditHead>,
}

/// The end of an audit chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditHead {
    /// How many entries.
    pub entries: u64,
    /// The digest that all of them are folded into.
    pub head: Digest,
}

/// The answer to [`PushRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushAnswer {
    /// The server's epoch.
    pub epoch: Uuid,
    /// One per transaction that was taken in, in order. Shorter than what was sent when
    /// `expected` says where to go on.
    pub outcomes: Vec<Outcome>,
    /// The sequence that the server expects next from this device.
    pub expected: u64,
    /// Set when a sequence came with another digest than before: this device was copied, and the
    /// copy must enrol anew.
    #[serde(default)]
    pub cloned: bool,
    /// Whether the audit head fits the one that the server last saw from this device.
    #[serde(default = "yes")]
    pub audit_fits: bool,
    /// The device's last transaction that is in a backup of the server. What comes after it the
    /// device keeps, acknowledged or not.
    #[serde(default)]
    pub backed_up: u64,
    /// The server's time, milliseconds since 1970 (UTC).
    pub server_unix_ms: u64,
}

const fn yes() -> bool {
    true
}

/// What became of one transaction. Fixed when first given; the same transaction sent again gets
/// the same answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Outcome {
    /// The device's number for the transaction.
    pub sequence: u64,
    /// What became of it.
    pub fate: Fate,
    /// Values that lost to a concurrent edit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// Records of it that were not taken in because they no longer stand or were erased.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Uuid>,
    /// Records of it that are merged away: what was written to them reaches the survivor. Beside the
    /// fate, so that a device of the version before reads the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redirected: Vec<Uuid>,
}

/// What became of a transaction. The sequence advances whatever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Merged whole.
    Applied,
    /// Merged; some values lost to concurrent ones.
    Conflict,
    /// Merged except for records that no longer stand.
    Removed,
    /// Kept aside for a person: it was not understood or broke a rule.
    Quarantined,
}

/// `POST /v1/pull`: what is new since where the device stands, in all of its scopes. One request
/// is enough to learn that nothing is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullRequest {
    /// The epoch that the device knows.
    pub epoch: Uuid,
    /// The device's place in the urgent feed: withdrawals, refusals, stops, ends of authority, removals.
    pub urgent_after: u64,
    /// The device's place in the feed of each scope that it holds.
    pub places: Vec<FeedPlace>,
    /// The most rows in a page; the server may give fewer.
    pub limit: u32,
    /// Confirms removals: the place in the urgent feed up to which the device has carried all of
    /// them out *and* left no byte of what they removed in its files. None while it has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scrubbed: Option<u64>,
    /// Confirms that scopes were left: nothing that the device held through these alone is on it any
    /// more, nor a byte of it in its files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Uuid>,
}

/// A place in a scope's feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeedPlace {
    /// The scope.
    pub scope: Uuid,
    /// The sequence of the last row taken in.
    pub after: u64,
}

/// The answer to [`PullRequest`]. Another epoch than the request's means that the server was
/// restored: everything is pulled again from the start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullPage {
    /// The server's epoch.
    pub epoch: Uuid,
    /// What was erased, to be carried out before anything else in the page. A removal may come
    /// again: carrying it out twice is carrying it out once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removals: Vec<Removal>,
    /// What takes permission or content away, in all of the device's scopes, to be applied first.
    /// A page carries `rows` only once this is complete up to the head of the urgent feed; until
    /// then `rows` is empty and `more` is set.
    pub urgent: Vec<FeedRow>,
    /// The place in the urgent feed after these.
    pub urgent_head: u64,
    /// The one scope whose rows are in this page and the place in its feed after them; none when
    /// no scope has anything new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<FeedPlace>,
    /// Records of that scope in sequence order, each at its latest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<FeedRow>,
    /// Records that left that scope, in sequence order; their places are among those of the rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// Which scopes the device holds now. None from a server that does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Holds>,
    /// Whether more is waiting in this or another scope.
    pub more: bool,
    /// What the scopes asked for hold at their heads, in the same moment as the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digests: Option<Digests>,
    /// As in [`PushAnswer::backed_up`].
    #[serde(default)]
    pub backed_up: u64,
    /// Which of the device's transactions are kept aside. None from a server that does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_aside: Option<KeptAside>,
    /// The server's time, milliseconds since 1970 (UTC).
    pub server_unix_ms: u64,
}

/// A device's transactions that are kept aside. What was and is not among them a person has let in or discarded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptAside {
    /// It says nothing of transactions from this one on: they had not been received.
    pub before: u64,
    /// Those that wait for a person, in sequence order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<u64>,
}

/// The scopes of a device, as the county says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Holds {
    /// Those that it holds. One that is new to it is pulled from the start.
    pub scopes: Vec<Uuid>,
    /// Those that were taken from it and that it has not confirmed to have left. Its unsent work in
    /// them is still taken in; nothing of them is given out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaving: Vec<Uuid>,
}

/// That a record left a scope. It is not erased: other scopes hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Left {
    /// Its place in the scope's feed.
    pub sequence: u64,
    /// The kind of record.
    pub kind: String,
    /// The record.
    pub record: Uuid,
}

/// What scopes hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Digests {
    /// The key of the marks ([`crate::Mark::of`]).
    pub key: DigestKey,
    /// One for each scope of the request.
    pub scopes: Vec<ScopeDigest>,
}

/// `POST /v1/fetch`: families of other centres, by the full name and the date of birth of somebody in
/// them. What is found is placed in the scope of the device's centre, and comes with the next pull.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FetchRequest {
    /// Given names, in full.
    pub given_name: String,
    /// Family name, in full.
    pub family_name: String,
    /// Date of birth, `2024-02-14`.
    pub birth_date: String,
    /// Who asks.
    pub author: Uuid,
}

/// The answer to [`FetchRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FetchAnswer {
    /// The families. Empty alike when there is nobody, and when the family is hidden.
    pub families: Vec<Uuid>,
}

/// That a record was erased: it goes with everything that is about it, and never comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Removal {
    /// Its place in the urgent feed.
    pub sequence: u64,
    /// The kind of record.
    pub kind: String,
    /// The record.
    pub record: Uuid,
    /// The order that it rests on, whose certificate the county keeps.
    pub because: Uuid,
    /// When the county carried the order out, milliseconds since 1970 (UTC).
    pub unix_ms: u64,
}

/// A record in a feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeedRow {
    /// Its place in the feed.
    pub sequence: u64,
    /// The record.
    pub row: Row,
}

/// `GET /v1/blobs/{id}`: how much of a blob the server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlobState {
    /// Whole chunks received from the start.
    pub chunks: u32,
    /// The size in bytes that its record declares.
    pub bytes: u64,
    /// Whether it is complete and its SHA-256 is the declared one.
    pub complete: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blob_ids_never_change() {
        let photo = Uuid::from_u128(7);
        let (picture, thumbnail) = (
            blob_id(photo, Variant::Picture),
            blob_id(photo, Variant::Thumbnail),
        );
        assert_ne!(picture, thumbnail);
        assert_eq!(
            (picture.to_string(), thumbnail.to_string()),
            (
                "e7e5e437-ecca-5a05-b1c9-b016a9558178".to_owned(),
                "de98daaf-21c7-5d2e-95c7-c7092cde8e44".to_owned()
            ),
            "devices and counties already use them"
        );
    }
}
