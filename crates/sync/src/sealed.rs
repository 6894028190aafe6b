//! A transaction as it is kept and sent: fixed at Save.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::change::Transaction;
use crate::version::DeviceNumber;

/// Sixteen random bytes that keep a digest from telling what it was made of.
pub type Salt = Bytes<16>;
/// SHA-256.
pub type Digest = Bytes<32>;

/// A fixed number of bytes, hexadecimal in JSON.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bytes<const N: usize>(pub [u8; N]);

impl<const N: usize> fmt::Display for Bytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<const N: usize> fmt::Debug for Bytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const N: usize> Serialize for Bytes<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Bytes<N> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let malformed = || serde::de::Error::custom("malformed hexadecimal");
        if text.len() != 2 * N {
            return Err(malformed());
        }
        let mut bytes = [0; N];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let nibble = |digit: Option<&u8>| char::from(*digit?).to_digit(16);
            let (Some(high), Some(low)) = (nibble(pair.first()), nibble(pair.get(1))) else {
                return Err(malformed());
            };
            *byte = u8::try_from(high * 16 + low).map_err(|_| malformed())?;
        }
        Ok(Self(bytes))
    }
}

/// A transaction whose digest was fixed when it was saved.
///
/// A removal (erasure) blanks the body and keeps sequence and digest, so that the device's
/// numbering stays without gaps and a clone can still be told from the original.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SealedTransaction {
    /// The device that wrote it.
    pub device: DeviceNumber,
    /// The device's number for it.
    pub sequence: u64,
    /// The salt of the digest; goes with the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<Salt>,
    /// SHA-256 over salt and body.
    pub digest: Digest,
    /// The exact JSON text of the [`Transaction`]; none once blanked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// A sealed transaction that does not hold what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedTransaction {
    /// Body and salt do not give the digest.
    #[error("the digest does not match the body")]
    Digest,
    /// The body is not a transaction, or not the one that its envelope names.
    #[error("the body is not the transaction that its envelope names")]
    Body,
}

impl SealedTransaction {
    /// Seals a transaction under a fresh salt.
    ///
    /// # Errors
    /// [`MalformedTransaction::Body`] when it cannot be written as JSON, which no value that came
    /// from JSON causes.
    pub fn seal(transaction: &Transaction, salt: Salt) -> Result<Self, MalformedTransaction> {
        let body = serde_json::to_string(transaction).map_err(|_| MalformedTransaction::Body)?;
        Ok(Self {
            device: transaction.device,
            sequence: transaction.sequence,
            salt: Some(salt),
            digest: digest(salt, &body),
            body: Some(body),
        })
    }

    /// The transaction inside, or `None` when it was blanked.
    ///
    /// # Errors
    /// When digest, envelope and body do not belong together.
    pub fn open(&self) -> Result<Option<Transaction>, MalformedTransaction> {
        let (salt, body) = match (&self.salt, &self.body) {
            (Some(salt), Some(body)) => (*salt, body),
            (None, None) => return Ok(None),
            _ => return Err(MalformedTransaction::Digest),
        };
        if digest(salt, body) != self.digest {
            return Err(MalformedTransaction::Digest);
        }
        let transaction: Transaction =
            serde_json::from_str(body).map_err(|_| MalformedTransaction::Body)?;
        if (transaction.device, transaction.sequence) != (self.device, self.sequence) {
            return Err(MalformedTransaction::Body);
        }
        Ok(Some(transaction))
    }

    /// The same with its body blanked.
    #[must_use]
    pub fn blanked(self) -> Self {
        Self {
            salt: None,
            body: None,
            ..self
        }
    }
}

fn digest(salt: Salt, body: &str) -> Digest {
    Bytes(
        Sha256::new()
            .chain_update(salt.0)
            .chain_update(body)
            .finalize()
            .into(),
    )
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::clock::Hlc;

    fn transaction(sequence: u64) -> Transaction {
        Transaction {
            device: DeviceNumber(4),
            sequence,
            clock: Hlc::at(1),
            author: Uuid::nil(),
            schema: 1,
            changes: Vec::new(),
        }
    }

    #[test]
    fn what_was_sealed_opens_and_what_was_changed_does_not() {
        let sealed = SealedTransaction::seal(&transaction(1), Bytes([7; 16])).unwrap();
        assert_eq!(sealed.open(), Ok(Some(transaction(1))));
        let mut changed = sealed.clone();
        changed.body = changed
            .body
            .map(|body| body.replace("\"schema\":1", "\"schema\":2"));
        assert_eq!(changed.open(), Err(MalformedTransaction::Digest));
        let mut renumbered = sealed.clone();
        renumbered.sequence = 2;
        assert_eq!(renumbered.open(), Err(MalformedTransaction::Body));
        let mut unsalted = sealed;
        unsalted.salt = None;
        assert_eq!(unsalted.open(), Err(MalformedTransaction::Digest));
    }

    #[test]
    fn blanking_keeps_sequence_and_digest() {
        let sealed = SealedTransaction::seal(&transaction(1), Bytes([7; 16])).unwrap();
        let blank = sealed.clone().blanked();
        assert_eq!((blank.sequence, blank.digest), (1, sealed.digest));
        assert_eq!(blank.open(), Ok(None));
    }

    #[test]
    fn json_form_round_trips_and_refuses_other_lengths() {
        let sealed = SealedTransaction::seal(&transaction(1), Bytes([0xab; 16])).unwrap();
        let json = serde_json::to_string(&sealed).unwrap();
        assert_eq!(
            serde_json::from_str::<SealedTransaction>(&json).unwrap(),
            sealed
        );
        for bad in ["\"ab\"", "\"zz\"", "\"\"", "7"] {
            assert!(serde_json::from_str::<Salt>(bad).is_err(), "{bad}");
        }
    }
}
