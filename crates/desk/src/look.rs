//! How this computer shows things. Kept for the device and not for a person, in the clear, since the
//! lock screen has it too; the web view's own storage is empty again at each start.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::refusal::{Nothing, Refusal};

const FILE: &str = "look.json";

/// How close things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Density {
    /// Close, for keyboard and mouse.
    Desk,
    /// Wide, for fingers.
    Hall,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scheme {
    /// As the computer is set.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The size of text, in per cent of the ordinary one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub(crate) enum TextSize {
    /// Ordinary.
    #[serde(rename = "100")]
    Ordinary,
    /// A quarter larger.
    #[serde(rename = "125")]
    Larger,
    /// Half as large again.
    #[serde(rename = "150")]
    Large,
    /// Twice as large.
    #[serde(rename = "200")]
    Double,
}

/// How things are to be shown.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetLookRequest {
    /// How close.
    pub density: Density,
    /// Light or dark.
    pub scheme: Scheme,
    /// How large.
    pub text: TextSize,
}

/// How things are shown, as far as somebody chose it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub(crate) struct LookView {
    /// How close.
    pub density: Option<Density>,
    /// Light or dark.
    pub scheme: Option<Scheme>,
    /// How large.
    pub text: Option<TextSize>,
}

/// What was chosen on this device. A file that cannot be read is as none: nobody is kept from work
/// by it.
pub(crate) async fn look(desk: &Desk, _: Nothing) -> Result<LookView, Refusal> {
    let desk = desk.clone();
    desk.clone()
        .blocking(move || {
            let kept = desk.inner().home.kept(FILE);
            Ok(kept.ok().flatten().unwrap_or_default())
        })
        .await
}

/// Keeps what was chosen.
pub(crate) async fn set_look(desk: &Desk, chosen: SetLookRequest) -> Result<Nothing, Refusal> {
    let desk = desk.clone();
    desk.clone()
        .blocking(move || {
            desk.inner().home.keep(FILE, &chosen)?;
            Ok(Nothing {})
        })
        .await
}
