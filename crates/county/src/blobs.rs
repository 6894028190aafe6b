//! Blobs: the files of photos, in chunks, only while their photo stands.

use porch_sync::protocol::{BlobState, CHUNK_BYTES, CountyRefusal};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::county::{Answer, County};
use crate::standing::stands;
use crate::store::{Blob, Device, Reading, Store, Stored, Work};

impl<S: Store> County<S> {
    /// How much of a blob the county has, whether its photo stands or not.
    ///
    /// # Errors
    /// [`CountyRefusal::NotFound`] or [`CountyRefusal::Scope`].
    pub async fn blob_state(&self, device: &Device, id: Uuid) -> Answer<BlobState> {
        let mut reading = self.store.reading().await?;
        let blob = reading.blob(id).await?.ok_or(CountyRefusal::NotFound)?;
        held(&mut reading, device, &blob).await?;
        Ok(state(&blob))
    }

    /// One chunk of a complete blob.
    ///
    /// # Errors
    /// As [`County::blob_state`]; [`CountyRefusal::NotFound`] also while it is not complete,
    /// [`CountyRefusal::BlobNotExpected`] when its photo does not stand.
    pub async fn chunk(&self, device: &Device, id: Uuid, chunk: u32) -> Answer<Vec<u8>> {
        let mut reading = self.store.reading().await?;
        let blob = reading.blob(id).await?.ok_or(CountyRefusal::NotFound)?;
        allowed(&mut reading, device, &blob, self.surroundings.unix_ms()).await?;
        if !blob.complete {
            return Err(CountyRefusal::NotFound.into());
        }
        let bytes = reading.chunk(id, chunk).await?;
        Ok(bytes.ok_or(CountyRefusal::NotFound)?)
    }

    /// Takes a chunk. Chunks come in order; one that is there already is taken again if it is the
    /// same. With the last one the whole is compared with the digest that its record declares; if
    /// it differs, all of it is dropped.
    ///
    /// # Errors
    /// [`CountyRefusal::BlobNotExpected`] when its photo is not known or does not stand, or a chunk
    /// before it is missing; [`CountyRefusal::Scope`]; [`CountyRefusal::Malformed`] when length or
    /// content are not what they must be.
    pub async fn put_chunk(
        &self,
        device: &Device,
        id: Uuid,
        chunk: u32,
        bytes: &[u8],
    ) -> Answer<BlobState> {
        let photo = self.store.reading().await?.blob(id).await?;
        let photo = photo.ok_or(CountyRefusal::BlobNotExpected)?.photo;
        let mut work = self.store.begin().await?;
        // What removes a photo holds it, too (take_in/concerned.rs): a chunk that comes after finds no
        // blob, and one that came before is removed with the others.
        work.lock_records(&[photo].into()).await?;
        let blob = work.blob(id).await?;
        let mut blob = blob.ok_or(CountyRefusal::BlobNotExpected)?;
        allowed(&mut work, device, &blob, self.surroundings.unix_ms()).await?;
        if Some(bytes.len()) != chunk_bytes(&blob, chunk) {
            return Err(CountyRefusal::Malformed.into());
        }
        if chunk < blob.chunks {
            let same = work.chunk(id, chunk).await?.as_deref() == Some(bytes);
            return if same {
                Ok(state(&blob))
            } else {
                Err(CountyRefusal::Malformed.into())
            };
        }
        if chunk > blob.chunks {
            return Err(CountyRefusal::BlobNotExpected.into());
        }
        work.put_chunk(id, chunk, bytes).await?;
        blob.chunks += 1;
        if blob.chunks == chunks(&blob) {
            blob.complete = whole(&mut work, &blob).await?;
            if !blob.complete {
                blob.chunks = 0;
            }
        }
        work.put_blob(&blob).await?;
        let dropped = blob.chunks == 0;
        work.commit().await?;
        if dropped {
            return Err(CountyRefusal::Malformed.into());
        }
        Ok(state(&blob))
    }
}

const fn state(blob: &Blob) -> BlobState {
    BlobState {
        chunks: blob.chunks,
        bytes: blob.bytes,
        complete: blob.complete,
    }
}

/// The device holds the photo.
async fn held<R: Reading>(reading: &mut R, device: &Device, blob: &Blob) -> Answer<()> {
    let scopes = reading.scopes_of(blob.photo).await?;
    if !device.may_hold_any(&scopes) {
        return Err(CountyRefusal::Scope.into());
    }
    Ok(())
}

/// The device holds the photo, and the photo stands.
async fn allowed<R: Reading>(
    reading: &mut R,
    device: &Device,
    blob: &Blob,
    now_ms: u64,
) -> Answer<()> {
    held(reading, device, blob).await?;
    if !stands(reading, blob.photo, now_ms).await? {
        return Err(CountyRefusal::BlobNotExpected.into());
    }
    Ok(())
}

fn chunks(blob: &Blob) -> u32 {
    let size = u64::try_from(CHUNK_BYTES).unwrap_or(u64::MAX);
    u32::try_from(blob.bytes.div_ceil(size)).unwrap_or(u32::MAX)
}

/// The length that a chunk must have: full, or for the last one what is left.
fn chunk_bytes(blob: &Blob, chunk: u32) -> Option<usize> {
    let size = u64::try_from(CHUNK_BYTES).ok()?;
    let left = blob.bytes.checked_sub(u64::from(chunk) * size)?;
    usize::try_from(left.min(size))
        .ok()
        .filter(|bytes| *bytes > 0)
}

/// Whether all chunks together are what the record declares.
async fn whole<R: Reading>(reading: &mut R, blob: &Blob) -> Stored<bool> {
    let mut digest = Sha256::new();
    for chunk in 0..blob.chunks {
        let bytes = reading.chunk(blob.id, chunk).await?;
        digest.update(bytes.unwrap_or_default());
    }
    Ok(digest.finalize().as_slice().ct_eq(&blob.sha256).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_full_but_for_the_last() {
        let blob = |bytes| Blob {
            id: Uuid::nil(),
            photo: Uuid::nil(),
            bytes,
            sha256: [0; 32],
            chunks: 0,
            complete: false,
        };
        let size = CHUNK_BYTES as u64;
        for (bytes, count, last) in [
            (1, 1, 1),
            (size, 1, CHUNK_BYTES),
            (size + 1, 2, 1),
            (2 * size, 2, CHUNK_BYTES),
        ] {
            let blob = blob(bytes);
            assert_eq!(chunks(&blob), count);
            assert_eq!(chunk_bytes(&blob, count - 1), Some(last));
            assert_eq!(chunk_bytes(&blob, count), None, "nothing after the last");
        }
    }
}
