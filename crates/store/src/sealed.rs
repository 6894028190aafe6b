//! Restricted notes: sealed to a public key, so that anyone may write one and only roles whose
//! slot holds the private key may read it (docs/security.md).
//!
//! HPKE (RFC 9180), base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305.

use std::fmt;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem as _, X25519HkdfSha256};
use hpke::{Deserializable as _, OpModeR, OpModeS, Serializable as _};
use thiserror::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

type Kem = X25519HkdfSha256;
type PublicKey = <Kem as hpke::Kem>::PublicKey;
type PrivateKey = <Kem as hpke::Kem>::PrivateKey;
type EncappedKey = <Kem as hpke::Kem>::EncappedKey;

const INFO: &[u8] = b"porch sealed note v1";
const FORM: u8 = 1;
const KEY_LEN: usize = 32;
const EPOCH_LEN: usize = 4;

/// Why a note could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// Not a sealed note, or of a form this program does not know.
    #[error("malformed sealed note")]
    Malformed,
    /// Sealed to the key of another epoch.
    #[error("sealed under the key of epoch {0}")]
    OtherEpoch(u32),
    /// Another key, kind or record, or the note was altered.
    #[error("the note does not open")]
    Refused,
    /// The operating system gave no random bytes.
    #[error("no randomness")]
    NoRandomness,
}

/// The county's public key of an epoch: anyone may seal with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealingKey {
    epoch: u32,
    key: PublicKey,
}

impl SealingKey {
    /// From its 32 bytes, as they travel with the county's reference data.
    #[must_use]
    pub fn from_bytes(epoch: u32, bytes: &[u8; KEY_LEN]) -> Option<Self> {
        let key = PublicKey::from_bytes(bytes).ok()?;
        Some(Self { epoch, key })
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; KEY_LEN] {
        self.key.to_bytes().into()
    }

    /// The epoch: a revocation starts a new one.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }
}

/// The private key of an epoch. Wiped when dropped, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct OpeningKey {
    epoch: u32,
    key: PrivateKey,
}

impl OpeningKey {
    /// Makes the key of a new epoch.
    ///
    /// # Errors
    /// [`SealError::NoRandomness`].
    pub fn make(epoch: u32) -> Result<Self, SealError> {
        let mut seed = Zeroizing::new([0_u8; KEY_LEN]);
        getrandom::fill(seed.as_mut_slice()).map_err(|_| SealError::NoRandomness)?;
        let (key, _) = Kem::derive_keypair(seed.as_slice());
        Ok(Self { epoch, key })
    }

    /// From its 32 bytes, as a slot keeps them.
    #[must_use]
    pub fn from_bytes(epoch: u32, bytes: &[u8]) -> Option<Self> {
        let key = PrivateKey::from_bytes(bytes).ok()?;
        Some(Self { epoch, key })
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<[u8; KEY_LEN]> {
        let mut bytes = Zeroizing::new([0; KEY_LEN]);
        self.key.write_exact(bytes.as_mut_slice());
        bytes
    }

    /// The epoch.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The public key that belongs to it.
    #[must_use]
    pub fn sealing_key(&self) -> SealingKey {
        SealingKey {
            epoch: self.epoch,
            key: Kem::sk_to_pk(&self.key),
        }
    }
}

impl fmt::Debug for OpeningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpeningKey(epoch {}, …)", self.epoch)
    }
}

/// Seals a note: form, epoch, encapsulated key, ciphertext. Bound to its record: moved to another
/// kind, record or epoch it does not open.
///
/// # Errors
/// [`SealError::NoRandomness`]; [`SealError::Refused`] for a public key that is none.
pub fn seal(to: &SealingKey, kind: &str, id: Uuid, note: &[u8]) -> Result<Vec<u8>, SealError> {
    // hpke panics when randomness fails; asked for here first, it is an error.
    getrandom::fill(&mut [0_u8; KEY_LEN]).map_err(|_| SealError::NoRandomness)?;
    let (encapped, ciphertext) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeS::Base,
        &to.key,
        INFO,
        note,
        &associated(kind, id, to.epoch),
    )
    .map_err(|_| SealError::Refused)?;
    let mut sealed = Vec::with_capacity(1 + EPOCH_LEN + KEY_LEN + ciphertext.len());
    sealed.push(FORM);
    sealed.extend_from_slice(&to.epoch.to_be_bytes());
    sealed.extend_from_slice(&encapped.to_bytes());
    sealed.extend_from_slice(&ciphertext);
    Ok(sealed)
}

/// Opens a note with whichever of the keys is of its epoch.
///
/// # Errors
/// See [`SealError`].
pub fn open(
    keys: &[OpeningKey],
    kind: &str,
    id: Uuid,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (&form, rest) = sealed.split_first().ok_or(SealError::Malformed)?;
    if form != FORM {
        return Err(SealError::Malformed);
    }
    let (epoch, rest) = rest
        .split_first_chunk::<EPOCH_LEN>()
        .ok_or(SealError::Malformed)?;
    let epoch = u32::from_be_bytes(*epoch);
    let (encapped, ciphertext) = rest
        .split_first_chunk::<KEY_LEN>()
        .ok_or(SealError::Malformed)?;
    let encapped = EncappedKey::from_bytes(encapped).map_err(|_| SealError::Malformed)?;
    let key = keys
        .iter()
        .find(|key| key.epoch == epoch)
        .ok_or(SealError::OtherEpoch(epoch))?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
        &OpModeR::Base,
        &key.key,
        &encapped,
        INFO,
        ciphertext,
        &associated(kind, id, epoch),
    )
    .map(Zeroizing::new)
    .map_err(|_| SealError::Refused)
}

/// Epoch and id have fixed lengths; the kind comes last.
fn associated(kind: &str, id: Uuid, epoch: u32) -> Vec<u8> {
    let mut bytes = epoch.to_be_bytes().to_vec();
    bytes.extend_from_slice(id.as_bytes());
    bytes.extend_from_slice(kind.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONCERN: &str = "concern";
    const NOTE: &[u8] = b"Mina said that she is afraid to go home";

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[test]
    fn whoever_writes_a_note_cannot_read_it_and_the_key_can() {
        let key = OpeningKey::make(3).unwrap();
        let sealed = seal(&key.sealing_key(), CONCERN, id(1), NOTE).unwrap();
        assert!(!sealed.windows(4).any(|w| w == b"Mina"));
        assert_eq!(&*open(&[key], CONCERN, id(1), &sealed).unwrap(), NOTE);
        assert_eq!(
            open(&[], CONCERN, id(1), &sealed),
            Err(SealError::OtherEpoch(3)),
            "a reception login holds no key"
        );
    }

    #[test]
    fn a_note_moved_to_another_kind_record_or_epoch_does_not_open() {
        let key = OpeningKey::make(3).unwrap();
        let keys = [key.clone()];
        let sealed = seal(&key.sealing_key(), CONCERN, id(1), NOTE).unwrap();
        let refused = Err(SealError::Refused);
        assert_eq!(open(&keys, "stop", id(1), &sealed), refused);
        assert_eq!(open(&keys, CONCERN, id(2), &sealed), refused);
        let later = OpeningKey::from_bytes(4, key.to_bytes().as_slice()).unwrap();
        let mut relabelled = sealed.clone();
        relabelled[4] = 4;
        assert_eq!(open(&[later], CONCERN, id(1), &relabelled), refused);
        let other = OpeningKey::make(3).unwrap();
        assert_eq!(open(&[other], CONCERN, id(1), &sealed), refused);
    }

    #[test]
    fn every_altered_byte_is_noticed_and_no_length_panics() {
        let key = OpeningKey::make(1).unwrap();
        let keys = [key.clone()];
        let sealed = seal(&key.sealing_key(), CONCERN, id(1), b"note").unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(open(&keys, CONCERN, id(1), &altered).is_err(), "byte {at}");
            assert!(open(&keys, CONCERN, id(1), &sealed[..at]).is_err());
        }
    }

    #[test]
    fn the_right_epoch_is_chosen_among_several() {
        let old = OpeningKey::make(1).unwrap();
        let new = OpeningKey::make(2).unwrap();
        let before = seal(&old.sealing_key(), CONCERN, id(1), NOTE).unwrap();
        let after = seal(&new.sealing_key(), CONCERN, id(1), NOTE).unwrap();
        let keys = [old, new.clone()];
        assert!(open(&keys, CONCERN, id(1), &before).is_ok());
        assert!(open(&keys, CONCERN, id(1), &after).is_ok());
        assert_eq!(
            open(&[new], CONCERN, id(1), &before),
            Err(SealError::OtherEpoch(1))
        );
    }

    #[test]
    fn keys_survive_being_kept_and_do_not_show_themselves() {
        let key = OpeningKey::make(7).unwrap();
        let again = OpeningKey::from_bytes(7, key.to_bytes().as_slice()).unwrap();
        assert_eq!(again, key);
        let public = key.sealing_key();
        assert_eq!(SealingKey::from_bytes(7, &public.to_bytes()), Some(public));
        assert_eq!(format!("{key:?}"), "OpeningKey(epoch 7, …)");
        assert!(OpeningKey::from_bytes(7, b"short").is_none());
    }
}
