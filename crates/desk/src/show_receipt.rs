//! The receipt of a consent decision, on the screen and as a file.

use porch_domain::id::DecisionId;
use porch_print::{Pages, PrintError, Said, TextSize};
use porch_store::Write;
use porch_store::audit::Deed;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::papers::{self, SavedFileView};
use crate::receipts::{note, receipt as gather};
use crate::refusal::{Code, Refusal};
use crate::work::Work;

/// Which receipt.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceiptRequest {
    /// The decisions, which must have been signed together.
    pub decisions: Vec<DecisionId>,
    /// In letters of 18 points.
    pub large: bool,
}

/// A receipt for the screen and the printer.
#[derive(Clone, Debug, Serialize, TS)]
pub(crate) struct ReceiptView {
    /// The short code that people read out.
    pub reference: String,
    /// Each page as an SVG picture of an A4 sheet.
    pub pages: Vec<String>,
    /// What it says, paragraph by paragraph.
    pub text: Vec<SaidView>,
}

/// A text in its language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct SaidView {
    /// A BCP 47 tag.
    pub language: String,
    /// The text.
    pub text: String,
}

impl From<Said> for SaidView {
    fn from(Said { language, text }: Said) -> Self {
        Self { language, text }
    }
}

impl From<PrintError> for Refusal {
    fn from(error: PrintError) -> Self {
        tracing::error!(%error, "a paper was not made");
        Code::Internal.into()
    }
}

/// Shows a receipt.
pub(crate) fn receipt(work: &Work, request: ReceiptRequest) -> Result<ReceiptView, Refusal> {
    let (pages, reference, text) = work.write(|write| lay_out(work, write, &request, Deed::Saw))?;
    let pages = pages.pictures();
    Ok(ReceiptView {
        reference,
        pages: pages.into_iter().map(|picture| picture.svg).collect(),
        text: text.into_iter().map(SaidView::from).collect(),
    })
}

/// Saves a receipt as PDF. The audit has the entry before the file is there.
pub(crate) fn save_receipt(work: &Work, request: ReceiptRequest) -> Result<SavedFileView, Refusal> {
    let (pages, reference, _) =
        work.write(|write| lay_out(work, write, &request, Deed::Disclosed))?;
    let folder = work.desk.papers();
    let name = format!("Porch receipt {reference}");
    papers::save(folder, &name, "pdf", &pages.pdf()?)
}

fn lay_out(
    work: &Work,
    write: &Write<'_>,
    request: &ReceiptRequest,
    deed: Deed,
) -> Result<(Pages, String, Vec<Said>), Refusal> {
    let receipt = gather(work, write, &request.decisions)?;
    note(work, write, deed, "receipt", &request.decisions)?;
    let paper = receipt.paper();
    let text = paper.text();
    let size = if request.large {
        TextSize::Large
    } else {
        TextSize::Normal
    };
    Ok((paper.lay_out(size)?, receipt.reference, text))
}
