//! Enrolling again: the county was restored from a backup of before this device was enrolled, and does not
//! know it. With a new code it goes on under another number, and sends everything that is here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use porch_sync::protocol::EnrolRequest;
use serde::Deserialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::county::enrol;
use crate::desk::{Desk, Secret, locked};
use crate::refusal::{Code, Nothing, Refusal};
use crate::rejoin::{go_on, keep};
use crate::status::StatusView;

/// What the county's IT handed out.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnrolAgainRequest {
    /// The one-time code.
    pub code: String,
}

pub(crate) async fn enrol_again(
    desk: &Desk,
    request: EnrolAgainRequest,
) -> Result<StatusView, Refusal> {
    take_another_number(desk, request.code).await?;
    crate::sync_now::sync_now(desk, Nothing {}).await
}

async fn take_another_number(desk: &Desk, code: String) -> Result<(), Refusal> {
    let _alone = desk.inner().meeting.lock().await;
    if locked(&desk.inner().sync).trouble != Some(Code::DeviceUnknown) {
        return Err(Code::AlreadyOpen.into());
    }
    let (county, device) = desk.opened(|opened| (opened.county.clone(), opened.device.clone()))?;
    let installation = desk.identity()?.installation;
    let key = county.key().clone();
    let request = EnrolRequest {
        code,
        device_name: device.name,
        public_key: BASE64.encode(key.verifying_key().to_bytes()),
    };
    let enrolled = enrol(&device.server, &device.county_certificate, &request);
    let enrolled = enrolled.await.map_err(Code::from)?;
    // What was written here is of this device's centre.
    if enrolled.centre != Uuid::from(device.centre) {
        return Err(Code::CountyCode.into());
    }
    let (keeping, kept) = (desk.clone(), key.clone());
    go_on(desk, key, move |store| {
        // On a password-only device the one key lies with the slots, whatever the number.
        let home = &keeping.inner().home;
        if !home.slots(installation).facts()?.password_only {
            let name = Secret::IdentityOf(enrolled.device).name(installation);
            keep(&keeping, &name, &kept)?;
        }
        Ok(store.write(|write| write.enrolled_again(enrolled.device, enrolled.epoch))?)
    })
    .await
}
