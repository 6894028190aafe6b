//! The PIN of a shift: chosen after the password, it unlocks one's own locked desk.
//!
//! It lies in memory with the login and is gone with it. No key lies under it: what a lock
//! forgets stays forgotten until the password is typed.

use porch_domain::id::UserId;
use porch_store::audit::{AuditEntry, Deed};
use porch_store::keys::{Pin, PinCheck, SlotState};
use serde::Deserialize;
use ts_rs::TS;

use crate::desk::Desk;
use crate::log_in::{check_password, slots};
use crate::refusal::{Code, Nothing, Refusal};
use crate::status::StatusView;
use crate::work::Where;

/// A PIN for this shift.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetPinRequest {
    /// The password as typed: who passes an open desk must not choose a PIN for it.
    pub password: String,
    /// 4 to 8 digits.
    pub pin: String,
}

/// The PIN of whoever is logged in.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnlockWithPinRequest {
    /// The PIN as typed.
    pub pin: String,
}

pub(crate) async fn set_pin(desk: &Desk, request: SetPinRequest) -> Result<StatusView, Refusal> {
    let pin = Pin::prepare(&request.pin);
    pin.check()
        .map_err(|fault| Refusal::of_field("pin", fault.into()))?;
    let asker = desk.at_work(Where::AtDesk, None, |opened| Ok(opened.login.user))?;
    let checked = check_password(desk, request.password).await?;
    let kdf = desk.inner().settings.kdf;
    let check = desk
        .blocking(move || Ok(PinCheck::make(&pin, kdf)?))
        .await?;
    desk.at_work(Where::AtDesk, None, |opened| {
        // Somebody else may have come while it was computed.
        if opened.login.user != asker || asker != checked.user.id.into() {
            return Err(Code::Busy.into());
        }
        opened.pin = Some(check);
        Ok(())
    })?;
    desk.tell_status();
    crate::status::status(desk, Nothing {}).await
}

pub(crate) async fn forget_pin(desk: &Desk, _: Nothing) -> Result<StatusView, Refusal> {
    desk.at_work(Where::AtDesk, None, |opened| {
        opened.pin = None;
        Ok(())
    })?;
    desk.tell_status();
    crate::status::status(desk, Nothing {}).await
}

pub(crate) async fn unlock_with_pin(
    desk: &Desk,
    request: UnlockWithPinRequest,
) -> Result<StatusView, Refusal> {
    // A desk that was left too long is closed, whether or not somebody has looked since.
    desk.close_if_left();
    let (user, since) = desk.opened(|opened| {
        let since = opened.locked_since.ok_or(Code::AlreadyOpen)?;
        Ok::<_, Refusal>((opened.login.user, since))
    })??;
    // Whom a supervisor blocked, or ten wrong passwords did, no PIN lets in.
    let slots = slots(desk)?;
    let active = desk
        .blocking(move || {
            Ok(slots
                .list()?
                .into_iter()
                .any(|slot| UserId::from(slot.user.id) == user && slot.state == SlotState::Active))
        })
        .await?;
    if !active {
        return Err(Code::LoginBlocked.into());
    }
    let same = move |opened: &crate::desk::Opened| {
        opened.login.user == user && opened.locked_since == Some(since)
    };
    let (check, store, last) = desk.opened(|opened| {
        if !same(opened) {
            return Err(Refusal::because(Code::Busy));
        }
        let check = PinCheck::begin(&mut opened.pin).ok_or(Code::PinGone)?;
        Ok((check, opened.store.clone(), opened.pin.is_none()))
    })??;
    let pin = Pin::prepare(&request.pin);
    let now = desk.now();
    let right = desk
        .blocking(move || {
            if !check.is(&pin)? {
                return Ok(None);
            }
            let entry = AuditEntry {
                at: now,
                user,
                deed: Deed::LoggedIn,
                purpose: "pin",
                record: None,
                fields: &[],
            };
            store.write(|write| write.audit(&entry).map_err(Refusal::from))?;
            Ok(Some(check))
        })
        .await?;
    let Some(check) = right else {
        desk.tell_status();
        let code = if last { Code::PinGone } else { Code::WrongPin };
        return Err(Refusal::of_field("pin", code));
    };
    desk.opened(|opened| {
        if !same(opened) {
            return Err(Refusal::because(Code::Busy));
        }
        opened.pin = Some(check.with_all_tries());
        opened.locked_since = None;
        Ok(())
    })??;
    desk.inner().saved.notify_one();
    desk.tell_status();
    crate::status::status(desk, Nothing {}).await
}
