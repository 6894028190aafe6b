//! What lies in the database under the servers' key file: the store's secrets and each blob's key.
//!
//! XChaCha20-Poly1305 with a random nonce before the text. What a text is for is authenticated with
//! it, so that one cannot be put in another's place.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::store::{Origin, StoreFailure, Stored};

const NONCE: usize = 24;

/// A key that is wiped when it is dropped.
type Secret = Zeroizing<[u8; 32]>;

/// Seals and opens under one key.
pub(super) struct Vault(XChaCha20Poly1305);

/// What is sealed.
pub(super) enum About {
    /// The store's secrets. Not tied to its epoch, which changes when a backup is restored.
    Origin,
    /// A blob's key.
    BlobKey(Uuid),
    /// A chunk, under its blob's key.
    Chunk(Uuid, u32),
}

impl About {
    fn bytes(&self) -> Vec<u8> {
        let (label, id, chunk) = match self {
            Self::Origin => ("porch-county:origin:v1:", Uuid::nil(), 0),
            Self::BlobKey(blob) => ("porch-county:blob-key:v1:", *blob, 0),
            Self::Chunk(blob, chunk) => ("porch-county:chunk:v1:", *blob, *chunk),
        };
        [label.as_bytes(), id.as_bytes(), &chunk.to_be_bytes()].concat()
    }
}

impl Vault {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    pub(super) fn seal(&self, about: &About, plain: &[u8]) -> Stored<Vec<u8>> {
        let nonce: [u8; NONCE] = random()?;
        let payload = Payload {
            msg: plain,
            aad: &about.bytes(),
        };
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| StoreFailure::Corrupt("sealed text"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// None when it was not sealed under this key, or for something else, or was changed.
    pub(super) fn open(&self, about: &About, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload {
            msg: sealed,
            aad: &about.bytes(),
        };
        let plain = self.0.decrypt(&XNonce::from(*nonce), payload).ok()?;
        Some(Zeroizing::new(plain))
    }

    /// A new key for a blob, sealed.
    pub(super) fn make_blob_key(&self, blob: Uuid) -> Stored<Vec<u8>> {
        let key: Secret = Zeroizing::new(random()?);
        self.seal(&About::BlobKey(blob), key.as_slice())
    }

    /// What seals a blob's chunks.
    pub(super) fn of_blob(&self, blob: Uuid, sealed: &[u8]) -> Stored<Self> {
        self.open(&About::BlobKey(blob), sealed)
            .and_then(|key| key.first_chunk().map(Self::new))
            .ok_or(StoreFailure::Corrupt("blob key"))
    }

    pub(super) fn seal_origin(&self, origin: &Origin) -> Stored<Vec<u8>> {
        let secrets: Zeroizing<Vec<u8>> = Zeroizing::new(
            [
                origin.secret.as_slice(),
                origin.restricted_private.as_slice(),
            ]
            .concat(),
        );
        self.seal(&About::Origin, &secrets)
    }

    /// The secret and the restricted private key.
    ///
    /// # Errors
    /// [`StoreFailure::OtherKey`] when the key file is another county's.
    pub(super) fn open_origin(&self, sealed: &[u8]) -> Stored<(Secret, Secret)> {
        let secrets = self
            .open(&About::Origin, sealed)
            .ok_or(StoreFailure::OtherKey)?;
        let (secret, private) = secrets
            .split_first_chunk::<32>()
            .ok_or(StoreFailure::Corrupt("origin"))?;
        let private: [u8; 32] = private
            .try_into()
            .map_err(|_| StoreFailure::Corrupt("origin"))?;
        Ok((Zeroizing::new(*secret), Zeroizing::new(private)))
    }
}

fn random<const N: usize>() -> Stored<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| StoreFailure::Randomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_opens_and_only_in_its_own_place() {
        let vault = Vault::new(&[1; 32]);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = vault.seal(&About::Chunk(one, 0), b"picture").unwrap();
        assert!(!sealed.windows(7).any(|part| part == b"picture"));
        let opened = |vault: &Vault, about, sealed: &[u8]| {
            vault.open(&about, sealed).map(|plain| plain.to_vec())
        };
        assert_eq!(
            opened(&vault, About::Chunk(one, 0), &sealed).as_deref(),
            Some(b"picture".as_slice())
        );
        assert_eq!(opened(&vault, About::Chunk(one, 1), &sealed), None);
        assert_eq!(opened(&vault, About::Chunk(other, 0), &sealed), None);
        assert_eq!(opened(&vault, About::BlobKey(one), &sealed), None);
        let stranger = Vault::new(&[2; 32]);
        assert_eq!(opened(&stranger, About::Chunk(one, 0), &sealed), None);
        let mut changed = sealed;
        changed[30] ^= 1;
        assert_eq!(opened(&vault, About::Chunk(one, 0), &changed), None);
        assert_eq!(opened(&vault, About::Chunk(one, 0), &[]), None);
    }
}
