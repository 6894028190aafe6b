//! Rejoining: a device that was copied gets a number of its own.
//!
//! Two copies have one key and one number. The server hears one of them first under a sequence;
//! the other, whose transaction of that sequence has another digest, is told that it was cloned and
//! comes here. The one that was heard keeps the number and notices nothing.

use porch_sync::DeviceNumber;
use porch_sync::protocol::{
    CountyRefusal, Enrolled, LARGEST_NUMBER, RejoinRequest, rejoin_message,
};

use crate::county::{Answer, County};
use crate::enrol::public_key;
use crate::store::{
    Device, Erasure, Reading as _, RemovalReading as _, RemovalWork as _, Store, Stored, URGENT,
    Work as _,
};

impl<S: Store> County<S> {
    /// Gives the copy that was not heard a number of its own, under a new key. Asked again with
    /// the same key, gives the same number again: the answer may have been lost.
    ///
    /// # Errors
    /// [`CountyRefusal::Token`] when it is not proven that the device is one of the copies;
    /// [`CountyRefusal::Revoked`]; [`CountyRefusal::Malformed`] when the key is none or not new, or
    /// the transaction named is not one that clashes with what was heard.
    pub async fn rejoin(&self, request: &RejoinRequest) -> Answer<Enrolled> {
        let public_key = public_key(&request.public_key)?;
        let message = rejoin_message(&request.challenge, &request.public_key);
        self.proven(
            request.device,
            &request.challenge,
            &message,
            &request.signature,
        )
        .await?;
        if request.sequence > LARGEST_NUMBER {
            return Err(CountyRefusal::Malformed.into());
        }
        let mut work = self.store.begin().await?;
        let copied = work.lock_device(request.device).await?;
        let copied = copied.ok_or(CountyRefusal::Token)?;
        if copied.revoked_ms.is_some() {
            return Err(CountyRefusal::Revoked.into());
        }
        let heard = work.received(copied.number, request.sequence).await?;
        let clashes = heard.is_some_and(|heard| heard.digest != request.digest);
        if !clashes || public_key == copied.public_key {
            return Err(CountyRefusal::Malformed.into());
        }
        let devices = work.devices().await?;
        let before = devices.into_iter().find(|device| {
            device.copy_of == Some(copied.number) && device.public_key == public_key
        });
        if let Some(before) = before {
            let mut device = work
                .lock_device(before.number)
                .await?
                .ok_or(CountyRefusal::Token)?;
            if device.revoked_ms.is_some() {
                return Err(CountyRefusal::Revoked.into());
            }
            // The answer was lost, and it went on under the old number: what that was given since then is
            // on this copy, too.
            if !copied.scopes.is_subset(&device.scopes) && device.expected == 1 {
                device.scopes.extend(&copied.scopes);
                work.put_device(&device).await?;
                // As when a device is given scopes (scopes.rs).
                work.take_sequences(URGENT, 0).await?;
                work.commit().await?;
            }
            return Ok(self.enrolled(&device));
        }
        let device = Device {
            number: work.next_device().await?,
            public_key,
            enrolled_ms: self.surroundings.unix_ms(),
            expected: 1,
            audit_entries: 0,
            audit_head: None,
            backed_up: 0,
            copy_of: Some(copied.number),
            ..copied.clone()
        };
        work.put_device(&device).await?;
        self.tell_of_erasures(&mut work, copied.number, device.number)
            .await?;
        work.commit().await?;
        self.note_device(&device);
        tracing::warn!("a device had been copied; the copy has a number of its own now");
        Ok(self.enrolled(&device))
    }

    /// Who is being erased is on the copy, too: it is told under its own number, and must confirm.
    async fn tell_of_erasures(
        &self,
        work: &mut S::Work,
        copied: DeviceNumber,
        copy: DeviceNumber,
    ) -> Stored<()> {
        let open = |erasure: &Erasure| {
            let mut holders = erasure.holders.values();
            erasure.holders.contains_key(&copied) && holders.any(Option::is_none)
        };
        let mut known = work.erasures().await?;
        known.retain(open);
        work.lock_records(&known.iter().map(|erasure| erasure.id).collect())
            .await?;
        // As when a device is given scopes (scopes.rs): an erasure that is being carried out comes first.
        work.take_sequences(URGENT, 0).await?;
        for mut erasure in work.erasures().await? {
            if open(&erasure) {
                erasure.holders.insert(copy, None);
                work.put_erasure(&erasure).await?;
            }
        }
        Ok(())
    }
}
