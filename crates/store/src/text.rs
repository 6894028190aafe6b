//! The county's texts and its word on them.

use porch_domain::bytes::Digest;
use porch_domain::county::CountyDetails;
use porch_domain::id::derive_county_details_id;
use porch_domain::text::{TextApproval, Texts};
use uuid::Uuid;

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

    /// The county's approvals of texts with these very words, also those taken back.
    ///
    /// # Errors
    /// When the store fails.
    pub fn approvals_of(&self, words: Digest) -> Result<Vec<TextApproval>, StoreError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT id FROM text_approval WHERE sha256 = ? ORDER BY id")?;
        let ids = select.query_map([words.to_string()], |row| row.get(0))?;
        ids.map(|id| Ok(self.written(Uuid::from_bytes(id?).into())?.0))
            .collect()
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

#[cfg(test)]
mod tests {
    use porch_domain::authority::Ground;
    use porch_domain::decision::Decision;
    use porch_domain::id::derive_wording_id;
    use porch_domain::text::{BUILT_IN, TextRef};
    use porch_domain::wording::Wording;

    use super::*;
    use crate::access::Write;
    use crate::consent::sample::{
        CHANNELS, NOW, PICTURE, authority, decision, maja, put, replacing, zofia,
    };
    use crate::scratch;

    /// Every order of the numbers below `n`.
    fn orders(n: usize) -> Vec<Vec<usize>> {
        (0..n).fold(vec![Vec::new()], |shorter, number| {
            let longer = |order: &Vec<usize>| {
                let order = order.clone();
                (0..=order.len()).map(move |at| {
                    let mut order = order.clone();
                    order.insert(at, number);
                    order
                })
            };
            shorter.iter().flat_map(longer).collect()
        })
    }

    fn own() -> Wording {
        let mut own = BUILT_IN.wordings.first().unwrap().clone();
        own.wording = "our_pictures".into();
        own.id = derive_wording_id(&own.wording, own.version, &own.language);
        own.title = "Are pictures fine?".into();
        own
    }

    fn in_own_words(n: u8, granted: &[&str], refused: &[&str]) -> Decision {
        let text = own().text_ref();
        Decision {
            wording: text.name,
            wording_version: text.version,
            wording_sha256: text.sha256,
            ..decision(n, (zofia(), maja(), 1), granted, refused)
        }
    }

    /// What is known and permitted when all of it has arrived.
    fn told(read: &Read<'_>) -> (Vec<String>, Vec<TextRef>, Option<TextRef>) {
        let permitted = read.permitted_channels(zofia(), PICTURE, NOW).unwrap();
        let texts = read.texts().unwrap();
        (
            permitted.iter().map(ToString::to_string).collect(),
            texts.approvals.iter().map(TextApproval::text).collect(),
            texts.wording(PICTURE, "en").map(Wording::text_ref),
        )
    }

    #[test]
    fn whatever_arrives_first_the_end_is_the_same() {
        let mut other = own();
        other.title = "Other words".into();
        let approved =
            |wording: &Wording| TextApproval::of_wording(wording, "the county".into(), NOW);
        let yes = in_own_words(1, &CHANNELS, &[]);
        let anew = replacing(in_own_words(2, &CHANNELS[..1], &CHANNELS[1..]), &[1]);
        let arrive = |write: &Write<'_>, number: usize| match number {
            0 => put(write, &own()),
            1 => put(write, &approved(&own())),
            2 => put(write, &approved(&other)),
            3 => put(write, &yes),
            _ => put(write, &anew),
        };
        for order in orders(5) {
            let (_home, store) = scratch::store();
            let end: Result<_, StoreError> = store.write(|write| {
                put(write, &authority(1, zofia(), maja(), Ground::Mother))?;
                for number in &order {
                    arrive(write, *number)?;
                    let so_far = told(write);
                    assert!(
                        so_far.0.is_empty() || so_far.1.contains(&own().text_ref()),
                        "{order:?}: a Yes counts when its words are approved"
                    );
                }
                Ok(told(write))
            });
            let (permitted, approvals, offered) = end.unwrap();
            assert_eq!(permitted, &CHANNELS[..1], "{order:?}");
            assert_eq!(approvals.len(), 2, "{order:?}");
            assert_eq!(offered, Some(own().text_ref()), "{order:?}");
        }
    }
}
