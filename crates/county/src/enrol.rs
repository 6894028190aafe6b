//! Enrolment, challenges and tokens; revocation.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use porch_domain::catalogue::Record;
use porch_domain::centre::{Centre, PlaceKind};
use porch_sync::DeviceNumber;
use porch_sync::protocol::{
    COUNTY_SCOPE, Challenge, ChallengeRequest, CountyRefusal, EnrolRequest, Enrolled,
    RestrictedKey, Token, TokenRequest,
};
use uuid::Uuid;

use crate::code::Code;
use crate::county::{Answer, County};
use crate::kinds;
use crate::seal::{self, For};
use crate::store::{
    Attempts, COUNTY_DEVICE, Device, EnrolmentCode, Reading, Store, StoreFailure, Stored, Work,
};

/// How long a challenge is good.
const CHALLENGE_MS: u64 = 2 * 60 * 1000;
/// How long a token is good.
const TOKEN_MS: u64 = 24 * 60 * 60 * 1000;
/// How many wrong tries of codes that begin alike are heard…
const TRIES: u32 = 5;
/// …in this time.
const TRIES_MS: u64 = 15 * 60 * 1000;
/// The longest name of a device, in characters.
const NAME_CHARACTERS: usize = 80;

/// Why no enrolment code was made.
#[derive(Debug, thiserror::Error)]
pub enum NoCode {
    /// No centre has that id.
    #[error("no such centre: import the county first")]
    NoSuchCentre,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFailure),
}

impl<S: Store> County<S> {
    /// Makes a one-time code for a device of a centre. Shown once; only its HMAC is stored.
    ///
    /// # Errors
    /// When there is no such centre.
    pub async fn make_code(
        &self,
        centre: Uuid,
        restricted: bool,
        valid_ms: u64,
    ) -> Result<Code, NoCode> {
        let mut random = [0; 20];
        self.surroundings.fill(&mut random)?;
        let code = Code::make(random);
        let mut work = self.store.begin().await?;
        let known = work.record(centre).await?.is_some_and(|row| {
            row.kind == Centre::KIND
                && kinds::read::<Centre>(&row).is_ok_and(|c| c.kind == PlaceKind::Centre)
        });
        if !known {
            return Err(NoCode::NoSuchCentre);
        }
        work.put_code(&EnrolmentCode {
            digest: seal::digest(&self.origin.secret, For::Code, code.bytes()),
            centre,
            restricted,
            expires_ms: self.surroundings.unix_ms().saturating_add(valid_ms),
            used_by: None,
        })
        .await?;
        work.commit().await?;
        Ok(code)
    }

    /// Enrols a device with a one-time code.
    ///
    /// # Errors
    /// [`CountyRefusal::Code`] for a code that is wrong, used or run out, all alike;
    /// [`CountyRefusal::SlowDown`] after too many wrong ones that begin like it;
    /// [`CountyRefusal::Malformed`] for a key or name that is none; the code is not used up then.
    pub async fn enrol(&self, request: &EnrolRequest) -> Answer<Enrolled> {
        let public_key = public_key(&request.public_key)?;
        let name = request.device_name.trim();
        if name.is_empty()
            || name.chars().count() > NAME_CHARACTERS
            || name.chars().any(char::is_control)
        {
            return Err(CountyRefusal::Malformed.into());
        }
        // What is not even a code is no try of one.
        let code = Code::typed(&request.code).ok_or(CountyRefusal::Code)?;
        let digest = seal::digest(&self.origin.secret, For::Code, code.bytes());
        let selector = seal::digest(&self.origin.secret, For::Selector, &code.selector());
        let now_ms = self.surroundings.unix_ms();

        let mut work = self.store.begin().await?;
        work.lock_records(&BTreeSet::from([place(&selector)]))
            .await?;
        let attempts = work
            .attempts(selector)
            .await?
            .filter(|attempts| attempts.since_ms.saturating_add(TRIES_MS) > now_ms)
            .unwrap_or(Attempts {
                wrong: 0,
                since_ms: now_ms,
            });
        if attempts.wrong >= TRIES {
            return Err(CountyRefusal::SlowDown.into());
        }
        let good = work
            .code(digest)
            .await?
            .filter(|code| code.used_by.is_none() && now_ms < code.expires_ms);
        let Some(mut good) = good else {
            let wrong = Attempts {
                wrong: attempts.wrong + 1,
                ..attempts
            };
            work.put_attempts(selector, wrong, now_ms.saturating_sub(TRIES_MS))
                .await?;
            work.commit().await?;
            return Err(CountyRefusal::Code.into());
        };
        let device = Device {
            number: work.next_device().await?,
            name: name.to_owned(),
            centre: good.centre,
            public_key,
            scopes: [good.centre, COUNTY_SCOPE].into(),
            leaving: BTreeSet::new(),
            left: BTreeSet::new(),
            enrolled_ms: now_ms,
            revoked_ms: None,
            expected: 1,
            audit_entries: 0,
            audit_head: None,
            backed_up: 0,
            copy_of: None,
        };
        work.put_device(&device).await?;
        good.used_by = Some(device.number);
        work.put_code(&good).await?;
        work.commit().await?;
        self.note_device(&device);
        tracing::info!("a device was enrolled");
        let mut enrolled = self.enrolled(&device);
        enrolled.restricted_private_key = good
            .restricted
            .then(|| STANDARD.encode(self.origin.restricted_private.as_slice()));
        Ok(enrolled)
    }

    /// What a device is told that it is now.
    pub(crate) fn enrolled(&self, device: &Device) -> Enrolled {
        Enrolled {
            device: device.number,
            scopes: device.scopes.iter().copied().collect(),
            centre: device.centre,
            restricted_key: RestrictedKey {
                epoch: self.origin.restricted_epoch,
                public_key: STANDARD.encode(self.origin.restricted_public),
            },
            restricted_private_key: None,
            epoch: self.origin.epoch,
        }
    }

    /// Gives something to sign. Keeps nothing, and tells nothing of whether there is such a device.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn challenge(&self, request: &ChallengeRequest) -> Answer<Challenge> {
        Ok(Challenge {
            challenge: self.issue(For::Challenge, request.device, CHALLENGE_MS)?,
        })
    }

    /// Gives a token for a signed challenge.
    ///
    /// # Errors
    /// [`CountyRefusal::Token`] when the challenge is not this device's or has run out, or the
    /// signature is not by its key; [`CountyRefusal::Revoked`], told only to who holds the key.
    pub async fn token(&self, request: &TokenRequest) -> Answer<Token> {
        let message = format!("porch-token-v1:{}", request.challenge);
        let device = self
            .proven(
                request.device,
                &request.challenge,
                &message,
                &request.signature,
            )
            .await?;
        Ok(Token {
            token: self.issue(For::Token, device.number, TOKEN_MS)?,
            server_unix_ms: self.surroundings.unix_ms(),
        })
    }

    /// The device that signed a message with its key in answer to a challenge of its own.
    pub(crate) async fn proven(
        &self,
        number: DeviceNumber,
        challenge: &str,
        message: &str,
        signature: &str,
    ) -> Answer<Device> {
        let now_ms = self.surroundings.unix_ms();
        let secret = &self.origin.secret;
        let given_to = seal::check(secret, For::Challenge, challenge, now_ms);
        if given_to != Some(number) || number == COUNTY_DEVICE {
            return Err(CountyRefusal::Token.into());
        }
        let device = self.store.reading().await?.device(number).await?;
        let device = device.ok_or(CountyRefusal::Token)?;
        let signature: [u8; 64] = STANDARD
            .decode(signature)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(CountyRefusal::Token)?;
        VerifyingKey::from_bytes(&device.public_key)
            .and_then(|key| {
                key.verify_strict(message.as_bytes(), &Signature::from_bytes(&signature))
            })
            .map_err(|_| CountyRefusal::Token)?;
        if device.revoked_ms.is_some() {
            return Err(CountyRefusal::Revoked.into());
        }
        Ok(device)
    }

    fn issue(&self, purpose: For, device: DeviceNumber, good_ms: u64) -> Stored<String> {
        let mut nonce = [0; 16];
        self.surroundings.fill(&mut nonce)?;
        let until_ms = self.surroundings.unix_ms().saturating_add(good_ms);
        Ok(seal::issue(
            &self.origin.secret,
            purpose,
            device,
            until_ms,
            nonce,
        ))
    }

    /// The device that a bearer token names, unless it was revoked since.
    ///
    /// # Errors
    /// [`CountyRefusal::Token`] or [`CountyRefusal::Revoked`].
    pub async fn bearer(&self, token: &str) -> Answer<Device> {
        let now_ms = self.surroundings.unix_ms();
        let number = seal::check(&self.origin.secret, For::Token, token, now_ms)
            .ok_or(CountyRefusal::Token)?;
        let device = self.store.reading().await?.device(number).await?;
        let device = device.ok_or(CountyRefusal::Token)?;
        if device.revoked_ms.is_some() {
            return Err(CountyRefusal::Revoked.into());
        }
        Ok(device)
    }

    /// Revokes a device, at once. False when there is no such device, or it is the county's own.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn revoke(&self, number: DeviceNumber) -> Stored<bool> {
        if number == COUNTY_DEVICE {
            return Ok(false);
        }
        let mut work = self.store.begin().await?;
        let Some(mut device) = work.lock_device(number).await? else {
            return Ok(false);
        };
        if device.revoked_ms.is_none() {
            device.revoked_ms = Some(self.surroundings.unix_ms());
            work.put_device(&device).await?;
            work.commit().await?;
            self.note_device(&device);
            self.settle_all().await?;
        }
        Ok(true)
    }
}

/// An id to lock codes by that begin alike.
fn place(selector: &[u8; 32]) -> Uuid {
    Uuid::from_bytes(selector.first_chunk().copied().unwrap_or_default())
}

pub(crate) fn public_key(text: &str) -> Result<[u8; 32], CountyRefusal> {
    let bytes: [u8; 32] = STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(CountyRefusal::Malformed)?;
    // A weak key would have signatures that anybody can make.
    VerifyingKey::from_bytes(&bytes)
        .ok()
        .filter(|key| !key.is_weak())
        .map(|_| bytes)
        .ok_or(CountyRefusal::Malformed)
}
