//! Pictures on their way.

use porch_domain::bytes::Digest;
use porch_domain::id::PhotoId;
use porch_domain::photo::Photo;
use porch_sync::device::Parcel;
use porch_sync::protocol::{CHUNK_BYTES, Variant};
use rusqlite::{OptionalExtension as _, Statement, params};
use uuid::Uuid;

use crate::access::{Read, Write};
use crate::error::StoreError;

fn variant(word: &str) -> Result<Variant, StoreError> {
    Variant::ALL
        .into_iter()
        .find(|variant| variant.word() == word)
        .ok_or(StoreError::Malformed)
}

/// Parcels from rows of photo, variant, size in bytes, chunks that have travelled.
fn parcels(select: &mut Statement<'_>) -> Result<Vec<Parcel>, StoreError> {
    let rows = select.query_map((), |row| {
        Ok((
            row.get::<_, [u8; 16]>(0)?,
            row.get::<_, String>(1)?,
            row.get(2)?,
            row.get(3)?,
        ))
    })?;
    rows.map(|row| {
        let (photo, word, bytes, chunks) = row?;
        Ok(Parcel {
            photo: Uuid::from_bytes(photo),
            variant: variant(&word)?,
            bytes,
            chunks,
        })
    })
    .collect()
}

impl Read<'_> {
    /// How many photos were ever removed here, and records erased; and how often something was let
    /// go of because it left.
    pub(super) fn removals(&self) -> Result<u64, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT (SELECT COUNT(*) FROM photo_removal) + (SELECT COUNT(*) FROM erased)
                    + (SELECT times FROM let_go)",
            )?
            .query_row((), |row| row.get(0))?)
    }

    /// Pictures to send, thumbnails first.
    pub(super) fn parcels_out(&self) -> Result<Vec<Parcel>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT o.photo, o.variant, length(p.bytes), 0
             FROM picture_outbox o JOIN picture p ON p.photo = o.photo AND p.variant = o.variant
             ORDER BY o.variant DESC, o.photo",
        )?;
        parcels(&mut select)
    }

    pub(super) fn chunk_out(
        &self,
        parcel: &Parcel,
        chunk: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let start = u64::from(chunk) * CHUNK_BYTES as u64 + 1;
        let mut select = self.connection.prepare_cached(
            "SELECT substr(bytes, ?1, ?2) FROM picture
             WHERE photo = ?3 AND variant = ?4 AND EXISTS (SELECT 1 FROM photo_standing WHERE photo = ?3)",
        )?;
        Ok(select
            .query_row(
                params![
                    start,
                    CHUNK_BYTES as u64,
                    parcel.photo.as_bytes(),
                    parcel.variant.word()
                ],
                |row| row.get(0),
            )
            .optional()?)
    }

    /// Pictures to fetch, of photos whose content the guards let in, thumbnails first. The guards' views cost more than
    /// all else here, so a photo is asked for once, and only if it lacks one.
    pub(super) fn parcels_in(&self) -> Result<Vec<Parcel>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "WITH wanted AS MATERIALIZED (
                 SELECT p.id, p.thumbnail_bytes, p.bytes, p.stored_at FROM photo p
                 WHERE (SELECT COUNT(*) FROM picture x WHERE x.photo = p.id) < 1 + (p.thumbnail_bytes > 0)
                    AND EXISTS (SELECT 1 FROM photo_receivable s WHERE s.photo = p.id)
             )
             SELECT p.id, v.value,
                    iif(v.value = 'thumbnail', p.thumbnail_bytes, p.bytes),
                    (SELECT COUNT(*) FROM picture_inbox i WHERE i.photo = p.id AND i.variant = v.value)
             FROM wanted p, json_each('[\"thumbnail\", \"picture\"]') v
             WHERE NOT EXISTS (SELECT 1 FROM picture x WHERE x.photo = p.id AND x.variant = v.value)
                AND (v.value = 'picture' OR p.thumbnail_bytes > 0)
             ORDER BY v.value DESC, p.stored_at DESC",
        )?;
        parcels(&mut select)
    }
}

impl Write<'_> {
    /// A photo that was sent, is not kept aside, lies in none of the scopes here and that the county does not know was removed
    /// there: there is nothing to send any more. Of one that the county gave, the answer is a mistake.
    pub(super) fn not_expected(&self, parcel: &Parcel) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "DELETE FROM picture_outbox
                 WHERE photo = ?1
                     AND NOT EXISTS (SELECT 1 FROM outbox WHERE outcome IS NULL AND body IS NOT NULL)
                     AND NOT EXISTS (SELECT 1 FROM set_aside WHERE record = ?1)
                     AND NOT EXISTS (SELECT 1 FROM holding WHERE record = ?1)
                     AND NOT EXISTS (SELECT 1 FROM parting WHERE through IS NULL)",
            )?
            .execute([parcel.photo.as_bytes().as_slice()])?;
        Ok(())
    }

    pub(super) fn parcel_sent(&self, parcel: &Parcel) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("DELETE FROM picture_outbox WHERE photo = ? AND variant = ?")?
            .execute(params![parcel.photo.as_bytes(), parcel.variant.word()])?;
        Ok(())
    }

    /// Keeps a chunk. The last one makes the picture; content with another digest than the record
    /// declares is thrown away and fetched afresh at the next meeting.
    pub(super) fn chunk_arrived(
        &self,
        parcel: &Parcel,
        chunk: u32,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        // Most pictures are one chunk: nothing of them waits for the rest.
        if parcel.chunk_count() == 1 {
            return self.picture_arrived(parcel, bytes);
        }
        let (photo, word) = (parcel.photo.as_bytes(), parcel.variant.word());
        let kept = self
            .connection
            .prepare_cached("INSERT OR IGNORE INTO picture_inbox (photo, variant, chunk, bytes) VALUES (?, ?, ?, ?)")?
            .execute(params![photo, word, chunk, bytes]);
        match kept.map_err(StoreError::from) {
            // Consent was taken back while it was on its way.
            Err(StoreError::Consent(_)) => return Ok(()),
            other => other?,
        };
        if chunk + 1 < parcel.chunk_count() {
            return Ok(());
        }
        let mut select = self.connection.prepare_cached(
            "SELECT bytes FROM picture_inbox WHERE photo = ? AND variant = ? ORDER BY chunk",
        )?;
        let chunks = select.query_map(params![photo, word], |row| row.get::<_, Vec<u8>>(0))?;
        let whole = chunks.collect::<Result<Vec<_>, _>>()?.concat();
        self.connection
            .prepare_cached("DELETE FROM picture_inbox WHERE photo = ? AND variant = ?")?
            .execute(params![photo, word])?;
        self.picture_arrived(parcel, &whole)
    }

    fn picture_arrived(&self, parcel: &Parcel, whole: &[u8]) -> Result<(), StoreError> {
        let (photo, word) = (parcel.photo.as_bytes(), parcel.variant.word());
        let (record, _) = match self.record::<Photo>(PhotoId::from_bytes(*photo)) {
            // It was erased while its picture was on its way.
            Err(StoreError::NotFound) => return Ok(()),
            other => other?,
        };
        let declared = match parcel.variant {
            Variant::Thumbnail => record.thumbnail_sha256,
            Variant::Picture => record.sha256,
        };
        if Digest::of(whole) != declared {
            return Ok(());
        }
        let stored = self
            .connection
            .prepare_cached("INSERT INTO picture (photo, variant, bytes) VALUES (?, ?, ?)")?
            .execute(params![photo, word, whole]);
        match stored.map_err(StoreError::from) {
            // Consent was taken back while it was on its way; whatever a guard has against it, the
            // meeting goes on.
            Err(StoreError::Consent(_)) => Ok(()),
            other => other.map(drop),
        }
    }

    /// Removes a photo's content for good, because of a record.
    pub(super) fn remove_photo(
        &self,
        photo: Uuid,
        because_kind: &str,
        because: Uuid,
    ) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO photo_removal (photo, because_kind, because, removed_at)
                 SELECT p.id, ?2, ?3, t.latest_seen
                 FROM photo p, tally t
                 WHERE p.id = ?1 AND NOT EXISTS (SELECT 1 FROM photo_removal r WHERE r.photo = p.id)",
            )?
            .execute(params![photo.as_bytes(), because_kind, because.as_bytes()])?;
        Ok(())
    }
}
