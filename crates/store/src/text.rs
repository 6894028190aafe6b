//! The county's texts and its word on them.

use porch_domain::county::CountyDetails;
use porch_domain::id::derive_county_details_id;
use porch_domain::text::Texts;

use crate::access::Read;
use crate::error::StoreError;

impl Read<'_> {
    /// The texts that are known here, and which of them the county has approved.
    ///
    /// # Errors
    /// When the store fails.
    pub fn texts(&self) -> Result<Texts, StoreError> {
        Ok(Texts {
            wordings: self.every()?,
            notices: self.every()?,
            approvals: self.every()?,
        })
    }

    /// What the county calls its own; `None` until it has said so.
    ///
    /// # Errors
    /// When the store fails.
    pub fn county_details(&self) -> Result<Option<CountyDetails>, StoreError> {
        match self.record(derive_county_details_id()) {
            Ok((details, _)) => Ok(Some(details)),
            Err(StoreError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
