//! The words that people are asked for consent in: versioned, never changed once made. A decision
//! keeps name, version, language and digest of exactly what was on the screen.

use core::fmt;
use core::str::FromStr;

use serde_json::Value;

use crate::bytes::Digest;
use crate::catalogue::{ColumnType, FieldValue, Record, TextForm};
use crate::channel::Channel;
use crate::decision::{AtExpiry, Attribution, Purpose};
use crate::id::{WordingId, derive_wording_id};
use crate::text::{TextKind, TextProblem, TextRef, check_common, is_plain, is_reserved, places};

/// One wording in one language: sentences for a reading age of about nine.
#[derive(Clone, PartialEq, Record)]
#[record(event, about = About::Nobody)]
pub struct Wording {
    /// Its identifier ([`crate::id::derive_wording_id`]).
    pub id: WordingId,
    /// Its name. Those that the program brings have their purpose's word; a county's own have others.
    #[field(told)]
    pub wording: String,
    /// From 1 up; a change of any word is a new version.
    #[field(told)]
    pub version: u32,
    /// A BCP 47 tag.
    #[field(told)]
    pub language: String,
    /// For what.
    #[field(told)]
    pub purpose: Purpose,
    /// The heading.
    #[field(told)]
    pub title: String,
    /// What is asked, why, and what one can do about it; paragraph by paragraph.
    #[field(told)]
    pub paragraphs: Vec<String>,
    /// Which of the paragraphs, counted from 1, says how to change one's mind: said again at the end.
    #[field(told)]
    pub how_to_change: u32,
    /// The question above the channels.
    #[field(told)]
    pub question: String,
    /// How each channel reads; `{name}` stands for the name of the social medium or partner.
    #[field(told)]
    pub channels: Vec<Line>,
    /// For a quote: the question above the attributions.
    #[field(told)]
    pub attribution_question: Option<String>,
    /// For a quote: how each attribution reads.
    #[field(told)]
    pub attributions: Vec<Line>,
    /// The sentence above the signature.
    #[field(told)]
    pub declaration: String,
    /// For how many months a Yes is good.
    #[field(told)]
    pub valid_months: u32,
    /// What the end of that means, as the paragraphs say.
    #[field(told)]
    pub at_expiry: AtExpiry,
}

/// How one answer reads: the answer's word and the words for people. Text form `word: words`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// A channel's word without a name, or an attribution's.
    pub word: String,
    /// What people read.
    pub says: String,
}

/// The text is not `word: words`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not `word: words`")]
pub struct MalformedLine;

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.word, self.says)
    }
}

impl FromStr for Line {
    type Err = MalformedLine;
    fn from_str(text: &str) -> Result<Self, MalformedLine> {
        let (word, says) = text.split_once(": ").ok_or(MalformedLine)?;
        Ok(Self {
            word: word.to_owned(),
            says: says.to_owned(),
        })
    }
}

impl FieldValue for Line {
    const COLUMN: ColumnType = ColumnType::Text;
    const TEXT: TextForm = TextForm::Free;
    fn to_json(&self) -> Value {
        Value::from(self.to_string())
    }
    fn from_json(value: &Value) -> Option<Self> {
        value.as_str()?.parse().ok()
    }
}

/// The most bytes of a wording: it is read on a tablet, standing.
const MOST_BYTES: usize = 16 * 1024;
/// The longest that a Yes may be good for.
const MOST_MONTHS: u32 = 120;
/// The place in a channel's line that the name of the social medium or partner fills.
const NAME: &str = "name";

impl Wording {
    /// As [`Wording::check`], and that it is a county's own: named apart from the program's, with the
    /// id that follows from its name.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check_own(&self) -> Result<(), TextProblem> {
        self.check()?;
        if is_reserved(&self.wording) {
            return Err(TextProblem::Reserved);
        }
        if self.id != derive_wording_id(&self.wording, self.version, &self.language) {
            return Err(TextProblem::Id);
        }
        Ok(())
    }

    /// The exact text, part after part with an empty line between them. What is hashed.
    pub fn text(&self) -> String {
        self.parts().join("\n\n")
    }

    fn parts(&self) -> Vec<&str> {
        let mut parts = vec![self.title.as_str()];
        parts.extend(self.paragraphs.iter().map(String::as_str));
        parts.push(&self.question);
        parts.extend(self.channels.iter().map(|line| line.says.as_str()));
        parts.extend(self.attribution_question.as_deref());
        parts.extend(self.attributions.iter().map(|line| line.says.as_str()));
        parts.push(&self.declaration);
        parts
    }

    /// Which text it is, with the SHA-256 of its exact words in UTF-8.
    pub fn text_ref(&self) -> TextRef {
        TextRef {
            kind: TextKind::Wording,
            name: self.wording.clone(),
            version: self.version,
            language: self.language.clone(),
            sha256: Digest::of(self.text().as_bytes()),
        }
    }

    /// The paragraph that says how to change one's mind.
    pub fn how_to_change(&self) -> &str {
        usize::try_from(self.how_to_change)
            .ok()
            .and_then(|number| self.paragraphs.get(number.checked_sub(1)?))
            .map_or("", String::as_str)
    }

    /// How a channel reads in this wording; `None` when it is not asked. `name` is how the social
    /// medium or partner calls itself.
    pub fn channel_line(&self, channel: &Channel, name: Option<&str>) -> Option<String> {
        let word = word_of(channel);
        let line = self.channels.iter().find(|line| line.word == word)?;
        Some(
            line.says
                .replace("{name}", name.or(channel.name()).unwrap_or_default()),
        )
    }

    /// How an attribution reads.
    pub fn attribution_line(&self, attribution: Attribution) -> Option<&str> {
        let mut lines = self.attributions.iter();
        lines
            .find(|line| line.word == attribution.word())
            .map(|line| line.says.as_str())
    }

    /// Whether it can be shown and signed: everything that its purpose asks has its line, nothing else
    /// does, and it says how to change one's mind.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), TextProblem> {
        let parts = self.parts();
        check_common(
            &self.wording,
            self.version,
            &self.language,
            &parts,
            MOST_BYTES,
        )?;
        let one: Vec<_> = "x".parse().into_iter().collect();
        let asked: Vec<Channel> = self.purpose.channels(&one, &one);
        let mut words: Vec<String> = asked.iter().map(word_of).collect();
        let mut lines: Vec<&str> = self
            .channels
            .iter()
            .map(|line| line.word.as_str())
            .collect();
        words.sort();
        lines.sort_unstable();
        if lines != words {
            return Err(TextProblem::Channels);
        }
        let named = |word: &str| {
            asked
                .iter()
                .any(|channel| channel.name().is_some() && word_of(channel) == word)
        };
        for line in &self.channels {
            let expected: &[&str] = if named(&line.word) { &[NAME] } else { &[] };
            if places(&line.says) != expected {
                return Err(TextProblem::Place);
            }
        }
        let says: Vec<&str> = self
            .channels
            .iter()
            .map(|line| line.says.as_str())
            .collect();
        if parts
            .iter()
            .any(|part| !says.contains(part) && !places(part).is_empty())
        {
            return Err(TextProblem::Place);
        }
        let is_quote = self.purpose == Purpose::PublicityQuote;
        let expected: &[Attribution] = if is_quote { Attribution::ALL } else { &[] };
        let fits = self.attribution_question.is_some() == is_quote
            && self.attributions.len() == expected.len()
            && expected
                .iter()
                .all(|attribution| self.attribution_line(*attribution).is_some());
        if !fits {
            return Err(TextProblem::Attributions);
        }
        if !is_plain(self.how_to_change()) {
            return Err(TextProblem::HowToChange);
        }
        if !(1..=MOST_MONTHS).contains(&self.valid_months) {
            return Err(TextProblem::Months);
        }
        Ok(())
    }
}

/// A channel's word without a name.
fn word_of(channel: &Channel) -> String {
    let word = channel.to_string();
    word.split(':').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::BUILT_IN;

    fn of(purpose: Purpose) -> Wording {
        let mut all = BUILT_IN.wordings.iter();
        all.find(|wording| wording.purpose == purpose && wording.language == "en")
            .cloned()
            .unwrap()
    }

    #[test]
    fn a_named_channel_reads_with_its_name() {
        let wording = of(Purpose::PublicityPicture);
        let facebook = "social_media:facebook".parse().unwrap();
        assert_eq!(
            wording.channel_line(&facebook, Some("Facebook")).as_deref(),
            Some("On our Facebook page")
        );
        assert_eq!(wording.channel_line(&Channel::Email, None), None);
        assert_eq!(wording.attribution_line(Attribution::Anonymous), None);
        assert!(
            wording
                .how_to_change()
                .starts_with("You can change your mind")
        );
    }

    #[test]
    fn a_wording_reads_back_from_its_fields() {
        for wording in &BUILT_IN.wordings {
            let read = Wording::from_fields(wording.id, &wording.to_fields()).unwrap();
            assert!(read == *wording);
        }
        let mut fields = of(Purpose::News).to_fields();
        fields.insert("channels".into(), serde_json::json!(["email"]));
        assert!(Wording::from_fields(of(Purpose::News).id, &fields).is_err());
    }

    #[test]
    fn a_wording_that_is_not_whole_is_refused() {
        let refused = |change: &dyn Fn(&mut Wording)| {
            let mut wording = of(Purpose::PublicityQuote);
            change(&mut wording);
            wording.check().err()
        };
        assert_eq!(refused(&|_| {}), None);
        let line = |text: &str| text.parse::<Line>().unwrap();
        for (problem, change) in [
            (
                TextProblem::Channels,
                &(|wording: &mut Wording| drop(wording.channels.pop())) as &dyn Fn(&mut Wording),
            ),
            (TextProblem::Channels, &|wording| {
                wording.channels.push(line("email: By e-mail"));
            }),
            (TextProblem::Channels, &|wording| {
                wording.channels[0] = line("print: Twice");
            }),
            (TextProblem::Place, &|wording| {
                wording.channels[2] = line("social_media: On our page");
            }),
            (TextProblem::Place, &|wording| {
                wording.channels[0] = line("centre_display: {name}");
            }),
            (TextProblem::Place, &|wording| {
                wording.title = "For {council}".into();
            }),
            (TextProblem::Attributions, &|wording| {
                wording.attribution_question = None;
            }),
            (TextProblem::Attributions, &|wording| {
                wording.attributions[2] = line("first_name: Twice");
            }),
            (TextProblem::HowToChange, &|wording| {
                wording.how_to_change = 0
            }),
            (TextProblem::HowToChange, &|wording| {
                wording.how_to_change = 99
            }),
            (TextProblem::Months, &|wording| wording.valid_months = 0),
            (TextProblem::Months, &|wording| wording.valid_months = 121),
            (TextProblem::Part, &|wording| wording.title = String::new()),
            (TextProblem::Part, &|wording| {
                wording.declaration = "Yes\u{202e}".into();
            }),
            (TextProblem::TooLong, &|wording| {
                wording.paragraphs.push("word ".repeat(4_000) + "end");
            }),
            (TextProblem::Name, &|wording| {
                wording.wording = "Our quote".into()
            }),
            (TextProblem::Version, &|wording| wording.version = 0),
            (TextProblem::Language, &|wording| {
                wording.language = "English".into()
            }),
        ] {
            assert_eq!(refused(change), Some(problem));
        }
    }

    #[test]
    fn a_county_s_own_has_a_name_of_its_own() {
        let mut own = of(Purpose::News);
        assert_eq!(own.check_own(), Err(TextProblem::Reserved));
        own.wording = "our_news".into();
        assert_eq!(own.check_own(), Err(TextProblem::Id));
        own.id = derive_wording_id("our_news", 1, "en");
        assert_eq!(own.check_own(), Ok(()));
    }

    #[test]
    fn other_purposes_have_no_attribution() {
        let mut wording = of(Purpose::News);
        wording.attributions = of(Purpose::PublicityQuote).attributions;
        assert_eq!(wording.check(), Err(TextProblem::Attributions));
    }
}
