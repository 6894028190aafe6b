//! The county's texts: loading its own, approving texts and taking an approval back.

use std::collections::BTreeMap;

use porch_domain::bytes::Digest;
use porch_domain::catalogue::Record;
use porch_domain::id::{RecordId as _, derive_county_details_id};
use porch_domain::notice::Notice;
use porch_domain::text::{
    BUILT_IN, BuiltIn, TextApproval, TextKind, TextProblem, TextRef, Texts, UnreadableTexts,
};
use porch_domain::time::Instant;
use porch_domain::wording::Wording;
use uuid::Uuid;

use crate::county::County;
use crate::import::{ImportFailure, Imported, ImportedRecord};
use crate::kinds;
use crate::store::{Reading, Store, StoreFailure, Stored};

/// Why texts were not loaded or approved. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum TextFailure {
    /// The file is not of the form.
    #[error(transparent)]
    Unreadable(#[from] UnreadableTexts),
    /// A text in it is not whole.
    #[error("{} {} {}: {problem}", text.kind, text.name, text.version)]
    Text {
        /// Which.
        text: Box<TextRef>,
        /// What is wrong.
        problem: TextProblem,
    },
    /// No text is what was asked for.
    #[error("there is no such text")]
    NoSuchText,
    /// Nobody was named.
    #[error("it is not said by whom")]
    Nobody,
    /// What was asked for is not approved.
    #[error("no such text is approved")]
    NotApproved,
    /// It could not be written.
    #[error(transparent)]
    Import(#[from] ImportFailure),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFailure),
}

/// Which texts are meant: those of a language, narrowed down.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Their language.
    pub language: String,
    /// Wordings or notices; both when it is not said.
    pub kind: Option<TextKind>,
    /// Their name; all when it is not said.
    pub name: Option<String>,
    /// Their version; the newest of each when it is not said.
    pub version: Option<u32>,
    /// The SHA-256 of the words, as whoever approves them read them.
    pub sha256: Option<Digest>,
}

impl Selection {
    /// The texts that are meant, among those that are known.
    fn among(&self, known: Vec<TextRef>) -> Vec<TextRef> {
        let mut meant: BTreeMap<(TextKind, String), TextRef> = BTreeMap::new();
        for text in known {
            let fits = text.language == self.language
                && self.kind.is_none_or(|kind| kind == text.kind)
                && self.name.as_ref().is_none_or(|name| *name == text.name)
                && self.version.is_none_or(|version| version == text.version)
                && self.sha256.is_none_or(|sha256| sha256 == text.sha256);
            let key = (text.kind, text.name.clone());
            let newer = meant
                .get(&key)
                .is_none_or(|other| other.version < text.version);
            if fits && newer {
                meant.insert(key, text);
            }
        }
        meant.into_values().collect()
    }
}

/// A text, and how it stands with the county.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Which.
    pub text: TextRef,
    /// The program's own draft, which a translator has to check.
    pub draft: bool,
    /// The county's word on it, if there is one.
    pub approval: Option<TextApproval>,
}

impl<S: Store> County<S> {
    /// Every text that is known here, and how it stands.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn texts(&self) -> Stored<Vec<Standing>> {
        let texts = self.known_texts().await?;
        Ok(refs(&texts)
            .into_iter()
            .map(|text| Standing {
                draft: BUILT_IN.is_draft(&text),
                approval: texts
                    .approvals
                    .iter()
                    .find(|approval| approval.text() == text)
                    .cloned(),
                text,
            })
            .collect())
    }

    /// Loads texts of the county's own from a file in the form of the program's. They are offered once
    /// they are approved.
    ///
    /// # Errors
    /// See [`TextFailure`].
    pub async fn load_texts(&self, file: &str) -> Result<Imported, TextFailure> {
        let texts = BuiltIn::read(file)?;
        let mut records = Vec::new();
        for wording in &texts.wordings {
            let checked = wording.check_own();
            checked.map_err(|problem| refused(wording.text_ref(), problem))?;
            records.push(ImportedRecord::of(wording, None));
        }
        for notice in &texts.notices {
            let checked = notice.check_own();
            checked.map_err(|problem| refused(notice.text_ref(), problem))?;
            records.push(ImportedRecord::of(notice, None));
        }
        Ok(self.import_batch(&records, Imported::default()).await?)
    }

    /// Approves texts: from then on they are offered, and every other text for the same no longer.
    ///
    /// # Errors
    /// See [`TextFailure`].
    pub async fn approve_texts(
        &self,
        selection: &Selection,
        by: &str,
    ) -> Result<Vec<TextRef>, TextFailure> {
        let by = somebody(by)?;
        let known = self.known_texts().await?;
        let meant = selection.among(refs(&known));
        if meant.is_empty() {
            return Err(TextFailure::NoSuchText);
        }
        let now = self.now();
        let wordings = known
            .all_wordings()
            .filter(|wording| meant.contains(&wording.text_ref()))
            .map(|wording| TextApproval::of_wording(wording, by.clone(), now));
        let notices = known
            .all_notices()
            .filter(|notice| meant.contains(&notice.text_ref()))
            .map(|notice| TextApproval::of_notice(notice, by.clone(), now));
        let approvals: Vec<ImportedRecord> = wordings
            .chain(notices)
            .map(|approval| ImportedRecord::of(&approval, None))
            .collect();
        self.import_batch(&approvals, Imported::default()).await?;
        Ok(meant)
    }

    /// Takes approvals back: from then on the texts are not offered. What was decided in them stays.
    ///
    /// # Errors
    /// See [`TextFailure`].
    pub async fn take_back_texts(
        &self,
        selection: &Selection,
        by: &str,
    ) -> Result<Vec<TextRef>, TextFailure> {
        let by = somebody(by)?;
        let texts = self.known_texts().await?;
        let in_force = texts
            .approvals
            .iter()
            .filter(|approval| approval.taken_back_at.is_none());
        let meant = selection.among(in_force.map(TextApproval::text).collect());
        let records: Vec<ImportedRecord> = texts
            .approvals
            .iter()
            .filter(|approval| meant.contains(&approval.text()))
            .map(|approval| {
                let taken_back = TextApproval {
                    taken_back_by: Some(by.clone()),
                    taken_back_at: Some(self.now()),
                    ..approval.clone()
                };
                ImportedRecord::of(&taken_back, None)
            })
            .collect();
        if records.is_empty() {
            return Err(TextFailure::NotApproved);
        }
        self.import_batch(&records, Imported::default()).await?;
        Ok(meant)
    }

    async fn known_texts(&self) -> Stored<Texts> {
        let mut reading = self.store.reading().await?;
        Ok(Texts {
            wordings: loaded(&mut reading).await?,
            notices: loaded(&mut reading).await?,
            approvals: loaded(&mut reading).await?,
        })
    }

    fn now(&self) -> Instant {
        Instant::from_unix_ms(i64::try_from(self.surroundings.unix_ms()).unwrap_or(i64::MAX))
    }
}

fn refs(texts: &Texts) -> Vec<TextRef> {
    let wordings = texts.all_wordings().map(Wording::text_ref);
    wordings
        .chain(texts.all_notices().map(Notice::text_ref))
        .collect()
}

fn refused(text: TextRef, problem: TextProblem) -> TextFailure {
    TextFailure::Text {
        text: Box::new(text),
        problem,
    }
}

fn somebody(by: &str) -> Result<String, TextFailure> {
    let by = by.trim();
    if by.is_empty() || by.contains(char::is_control) {
        return Err(TextFailure::Nobody);
    }
    Ok(by.to_owned())
}

async fn loaded<R: Record, T: Reading>(reading: &mut T) -> Stored<Vec<R>>
where
    R::Id: From<Uuid>,
{
    let rows = reading
        .tied(derive_county_details_id().uuid(), R::KIND)
        .await?;
    rows.iter()
        .map(|row| kinds::read(row).map_err(|_| StoreFailure::Corrupt("record")))
        .collect()
}
