//! Fetches a family of another centre whose people stand at this desk. Needs the county; without it
//! they are signed in lightly, and matched later.

use porch_domain::id::FamilyId;
use porch_domain::typed_date::parse_birth_date;
use porch_store::audit::{AuditEntry, Deed};
use porch_sync::protocol::{CountyRefusal, FetchRequest};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::clock::london_date;
use crate::county::CountyTrouble;
use crate::desk::Desk;
use crate::refusal::{Code, Problem, Refusal};

/// Somebody of the family, as they say it themselves.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct FetchFamilyRequest {
    /// Given names, in full.
    pub given_name: String,
    /// Family name, in full.
    pub family_name: String,
    /// Date of birth as typed.
    pub birth_date: String,
}

/// The families that came.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct FetchedFamilyView {
    /// None when the county knows nobody of that name and birth date whom this desk may have.
    pub families: Vec<FamilyId>,
}

/// Until the county hears this desk again, in seconds.
const WAIT_S: u32 = 60 * 60;

fn refusal(trouble: CountyTrouble) -> Refusal {
    match trouble {
        CountyTrouble::Refused(CountyRefusal::SlowDown) => Refusal {
            retry_after_s: Some(WAIT_S),
            ..Code::SlowedDown.into()
        },
        CountyTrouble::Refused(CountyRefusal::Malformed) => Code::Invalid.into(),
        other => Code::from(other).into(),
    }
}

pub(crate) async fn fetch_family(
    desk: &Desk,
    request: FetchFamilyRequest,
) -> Result<FetchedFamilyView, Refusal> {
    let now = desk.now();
    let mut problems = Vec::new();
    for (field, text) in [
        ("given_name", &request.given_name),
        ("family_name", &request.family_name),
    ] {
        if text.trim().is_empty() {
            problems.push(Problem {
                field: field.to_owned(),
                code: Code::Required,
            });
        }
    }
    let birth_date = parse_birth_date(&request.birth_date, london_date(now));
    let Ok(birth_date) = birth_date else {
        problems.push(Problem {
            field: "birth_date".to_owned(),
            code: Code::InvalidDate,
        });
        return Err(Refusal::of_form(problems));
    };
    if !problems.is_empty() {
        return Err(Refusal::of_form(problems));
    }
    let (store, county, user) = desk.opened(|opened| {
        (
            opened.store.clone(),
            opened.county.clone(),
            opened.login.user,
        )
    })?;
    // Whatever comes of it, it was asked.
    let entry = AuditEntry {
        at: now,
        user,
        deed: Deed::Searched,
        purpose: "fetch_family",
        record: None,
        fields: &[],
    };
    desk.blocking(move || store.write(|write| write.audit(&entry).map_err(Refusal::from)))
        .await?;
    let wanted = FetchRequest {
        given_name: request.given_name,
        family_name: request.family_name,
        birth_date: birth_date.format("%Y-%m-%d").to_string(),
        author: user.into(),
    };
    let answer = county.fetch(&wanted).await.map_err(refusal)?;
    if !answer.families.is_empty() {
        crate::sync_now::run(desk).await?;
    }
    Ok(FetchedFamilyView {
        families: answer.families.into_iter().map(FamilyId::from).collect(),
    })
}
