//! After how long without a touch the desk locks itself: five minutes, or fewer.

use porch_store::audit::Deed;
use serde::Deserialize;
use ts_rs::TS;

use crate::home::{Identity, MOST_IDLE_MINUTES};
use crate::refusal::{Code, Nothing, Refusal};
use crate::work::Work;

/// After how long this device locks itself.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetIdleTimeRequest {
    /// Whole minutes, 1 to 5.
    pub minutes: u32,
}

pub(crate) fn set_idle_time(work: &Work, request: SetIdleTimeRequest) -> Result<Nothing, Refusal> {
    if !(1..=MOST_IDLE_MINUTES).contains(&request.minutes) {
        return Err(Refusal::of_field("minutes", Code::Invalid));
    }
    work.write(|write| {
        work.record(
            write,
            Deed::Changed,
            "set_idle_time",
            None,
            &["idle_minutes"],
        )
    })?;
    let identity = work.desk.identity()?;
    work.desk.inner().home.put_identity(&Identity {
        idle_minutes: Some(request.minutes),
        ..identity
    })?;
    work.desk.tell_status();
    Ok(Nothing {})
}
