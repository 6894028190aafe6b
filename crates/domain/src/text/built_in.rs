//! The texts that the program brings: one file a language, in the form in which a county loads its
//! own. English is complete; the others are drafts, to be checked by a translator and off until
//! the county approves them.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use crate::catalogue::{FieldValues, MalformedRecord, Record as _};
use crate::id::{derive_notice_id, derive_wording_id};
use crate::notice::Notice;
use crate::text::TextRef;
use crate::wording::Wording;

/// The files, English first.
const FILES: &[&str] = &[
    include_str!("../../texts/en.json"),
    include_str!("../../texts/pl.json"),
    include_str!("../../texts/ro.json"),
    include_str!("../../texts/ur.json"),
    include_str!("../../texts/ar.json"),
    include_str!("../../texts/uk.json"),
];

/// The texts that the program brings, each version that ever was. A file that cannot be read brings
/// none, and nothing is asked in its language; a test reads them all.
pub static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| {
    let mut all = BuiltIn::default();
    for file in FILES {
        if let Ok(texts) = BuiltIn::read(file) {
            all.wordings.extend(texts.wordings);
            all.notices.extend(texts.notices);
            all.drafts.extend(texts.drafts);
        }
    }
    all
});

/// The texts of one or more files.
#[derive(Default)]
pub struct BuiltIn {
    /// The wordings.
    pub wordings: Vec<Wording>,
    /// The notices.
    pub notices: Vec<Notice>,
    /// The languages whose texts are drafts.
    drafts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: String,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    wordings: Vec<FieldValues>,
    #[serde(default)]
    notices: Vec<FieldValues>,
}

/// The file is not of the form.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableTexts {
    /// It is not the JSON that it should be.
    #[error("the file cannot be read: {0}")]
    File(#[from] serde_json::Error),
    /// A text is not what the catalogue says.
    #[error("text {number}: {problem}")]
    Text {
        /// Its place among the file's wordings or notices, counted from 1.
        number: usize,
        /// The field and what is wrong.
        problem: MalformedRecord,
    },
}

impl BuiltIn {
    /// Reads a file of texts in one language: `{"language", "draft", "wordings": […], "notices": […]}`,
    /// each text with the fields of its record. Whether they are whole is not checked here:
    /// [`Wording::check`], [`Notice::check`].
    ///
    /// # Errors
    /// When the file is not of that form.
    pub fn read(file: &str) -> Result<Self, UnreadableTexts> {
        let file: File = serde_json::from_str(file)?;
        let texts = |texts: Vec<FieldValues>| -> Vec<(usize, FieldValues)> {
            let texts = texts.into_iter().map(|mut fields| {
                fields.insert("language".to_owned(), file.language.clone().into());
                fields
            });
            (1..).zip(texts).collect()
        };
        let named = |fields: &FieldValues, field: &str| {
            let name = fields.get(field).and_then(Value::as_str);
            let version = fields.get("version").and_then(Value::as_u64);
            let version = version.and_then(|version| u32::try_from(version).ok());
            (
                name.unwrap_or_default().to_owned(),
                version.unwrap_or_default(),
            )
        };
        let mut read = Self::default();
        for (number, fields) in texts(file.wordings) {
            let (name, version) = named(&fields, "wording");
            let id = derive_wording_id(&name, version, &file.language);
            let wording = Wording::from_fields(id, &fields)
                .map_err(|problem| UnreadableTexts::Text { number, problem })?;
            read.wordings.push(wording);
        }
        for (number, fields) in texts(file.notices) {
            let (name, version) = named(&fields, "notice");
            let id = derive_notice_id(&name, version, &file.language);
            let notice = Notice::from_fields(id, &fields)
                .map_err(|problem| UnreadableTexts::Text { number, problem })?;
            read.notices.push(notice);
        }
        if file.draft {
            read.drafts.push(file.language);
        }
        Ok(read)
    }

    /// Whether a text is one of the program's drafts.
    pub fn is_draft(&self, text: &TextRef) -> bool {
        self.drafts.contains(&text.language)
            && (self.wordings.iter().any(|own| own.text_ref() == *text)
                || self.notices.iter().any(|own| own.text_ref() == *text))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::decision::Purpose;
    use crate::notice::NoticeForm;
    use crate::text::plain;

    #[test]
    fn every_file_is_read_and_every_text_is_whole() {
        let mut names = BTreeSet::new();
        for file in FILES {
            let texts = BuiltIn::read(file).unwrap();
            for wording in &texts.wordings {
                assert_eq!(wording.check(), Ok(()), "{:?}", wording.text_ref());
                assert_eq!(wording.wording, wording.purpose.word());
                assert!(names.insert(wording.text_ref().sha256.to_string()));
            }
            for notice in &texts.notices {
                assert_eq!(notice.check(), Ok(()), "{:?}", notice.text_ref());
                assert_eq!(notice.notice, notice.form.word());
                assert!(names.insert(notice.text_ref().sha256.to_string()));
            }
        }
    }

    #[test]
    fn every_language_has_every_wording_and_english_every_notice() {
        let languages = ["en", "pl", "ro", "ur", "ar", "uk"];
        for language in languages {
            for purpose in Purpose::ALL {
                let mut wordings = BUILT_IN.wordings.iter();
                assert!(
                    wordings.any(|each| each.purpose == *purpose && each.language == language),
                    "{language} {purpose}"
                );
            }
            for form in NoticeForm::ALL {
                let mut notices = BUILT_IN.notices.iter();
                let there = notices.any(|each| each.form == *form && each.language == language);
                let must = language == "en" || *form != NoticeForm::Full;
                assert_eq!(there, must, "{language} {form}");
            }
        }
        let drafts: Vec<&str> = BUILT_IN.drafts.iter().map(String::as_str).collect();
        assert_eq!(drafts, languages[1..], "all but English are drafts");
    }

    /// A line of another channel, or another end, would be another promise.
    #[test]
    fn a_translation_promises_what_the_english_does() {
        for wording in &BUILT_IN.wordings {
            let mut wordings = BUILT_IN.wordings.iter();
            let english = wordings
                .find(|each| {
                    each.language == "en"
                        && (each.purpose, each.version) == (wording.purpose, wording.version)
                })
                .unwrap();
            let promises = |wording: &Wording| {
                let lines = wording.channels.iter().chain(&wording.attributions);
                let words: Vec<String> = lines.map(|line| line.word.clone()).collect();
                let end = (wording.valid_months, wording.at_expiry);
                let shape = (wording.paragraphs.len(), wording.how_to_change);
                (words, end, shape)
            };
            assert_eq!(
                promises(wording),
                promises(english),
                "{:?}",
                wording.text_ref()
            );
        }
        for notice in &BUILT_IN.notices {
            let mut notices = BUILT_IN.notices.iter();
            let english = notices
                .find(|each| {
                    each.language == "en"
                        && (each.form, each.version) == (notice.form, notice.version)
                })
                .unwrap();
            assert_eq!(
                notice.parts.len(),
                english.parts.len(),
                "{:?}",
                notice.text_ref()
            );
        }
    }

    #[test]
    fn a_draft_is_marked_as_one() {
        for wording in &BUILT_IN.wordings {
            let draft = BUILT_IN.is_draft(&wording.text_ref());
            assert_eq!(draft, wording.language != "en");
        }
    }

    /// Families have signed these texts, or been shown them: a changed word is a new version. A
    /// draft may change until it was approved somewhere.
    #[test]
    fn what_was_shown_never_changes() {
        for (name, version, sha256) in [
            (
                "publicity_picture",
                1,
                "6f73cb5b5a487dd305f866285cf447ffff4e6872aa89efa9210085ef25599d09",
            ),
            (
                "short",
                1,
                "2d9bd05e87d9d250c15889ee703d02b283e7a146776d4b92105a802f55271e7a",
            ),
        ] {
            let wordings = BUILT_IN.wordings.iter().map(Wording::text_ref);
            let notices = BUILT_IN.notices.iter().map(Notice::text_ref);
            let mut texts = wordings.chain(notices);
            let text = texts
                .find(|text| text.name == name && text.version == version && text.language == "en")
                .unwrap();
            assert_eq!(text.sha256.to_string(), sha256, "{name} {version}");
        }
    }

    #[test]
    fn every_sentence_is_easy_to_read() {
        let mut hard = Vec::new();
        for wording in &BUILT_IN.wordings {
            hard.extend(plain::hard(&wording.text(), &wording.language));
        }
        for notice in &BUILT_IN.notices {
            hard.extend(plain::hard(&notice.text(), &notice.language));
        }
        assert!(hard.is_empty(), "{hard:#?}");
    }

    /// What the window says to a parent around the texts, without what it says to staff.
    #[test]
    fn every_sentence_of_the_parent_s_pages_is_easy_to_read() {
        const PAGES: &str = include_str!("../../../../ui/src/words/en/handover.ftl");
        let said: Vec<String> = PAGES
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .filter(|(key, _)| key.starts_with("parent-") || key.starts_with("ask-"))
            .filter(|(key, _)| !key.starts_with("parent-back-") && *key != "parent-sign-witness")
            .map(|(_, words)| words.replace("{ $", "{").replace(" }", "}"))
            .collect();
        assert!(said.len() > 80, "the pages are there");
        let hard = plain::hard(&said.join("\n"), "en");
        assert!(hard.is_empty(), "{hard:#?}");
    }

    #[test]
    fn a_file_of_another_form_is_refused() {
        for odd in [
            "",
            "[]",
            r#"{"language": "en", "shoes": []}"#,
            r#"{"language": "en", "wordings": [{"wording": "x"}]}"#,
            r#"{"language": "en", "notices": [{"notice": 7}]}"#,
        ] {
            assert!(BuiltIn::read(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_wording_that_lacks_a_field_is_refused_by_name() {
        let whole = BUILT_IN.wordings.first().unwrap().to_fields();
        for field in [
            "purpose",
            "question",
            "channels",
            "declaration",
            "at_expiry",
        ] {
            let mut lacking = whole.clone();
            lacking.remove("language");
            lacking.remove(field);
            let file = serde_json::json!({ "language": "en", "wordings": [lacking] });
            let refused = BuiltIn::read(&file.to_string()).err().unwrap().to_string();
            assert!(
                refused.contains("text 1") && refused.contains(field),
                "{refused}"
            );
        }
    }
}
