//! Paper and files: what a family takes home, and what other systems read.
//!
//! A [`Paper`] is headings, paragraphs and rows, without a place on a page. [`Paper::lay_out`] gives
//! it pages; those become a tagged PDF ([`pdf`](Pages::pdf)) and pictures of the same pages for the
//! window ([`pictures`](Pages::pictures)), from the same glyphs at the same places. So what is
//! previewed is what is printed and saved, in every script, on every system.
//!
//! Nothing here touches a disk, asks for the time or looks anything up.
#![forbid(unsafe_code)]

mod dpv;
mod face;
mod line;
mod page;
mod paper;
mod pdf;
mod picture;
#[cfg(test)]
mod read_back;
mod receipt;
mod shape;

pub use dpv::{Contact, Form, Recorded, settled};
pub use page::Pages;
pub use paper::{Block, Paper, Row, Said, TextSize};
pub use picture::Picture;
pub use receipt::{Answer, Decided, Holder, Receipt, Shown};

/// Why there is no paper. Neither can follow from what is written on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// A font of ours cannot be read.
    #[error("a bundled font cannot be read")]
    Font,
    /// The PDF does not meet PDF/UA-1, or cannot be written.
    #[error("the PDF cannot be written")]
    Pdf,
}
