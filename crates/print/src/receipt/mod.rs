//! The receipt of a consent decision: in plain words everything that the decision holds, and how
//! to change it.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};
use porch_domain::authority::{Evidence, Ground};
use porch_domain::bytes::Digest;
use porch_domain::consent::DecisionState;
use porch_domain::decision::{AtExpiry, Attribution, Help, Method, Purpose};
use porch_domain::id::DecisionId;

use crate::paper::{Block, Paper, Row, Said};
use crate::shape::is_rtl;

mod arabic;
mod english;
mod polish;
mod romanian;
#[cfg(test)]
pub(crate) mod sample;
mod ukrainian;
mod urdu;
mod words;

use words::{Words, words};

/// What was signed together: one decider's answers for one person or several.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The language that the decider read: a BCP 47 tag.
    pub language: String,
    /// The short code that people read out.
    pub reference: String,
    /// The decider's name; none once their record was erased.
    pub decider: Option<String>,
    /// When, by the clocks of London.
    pub decided_at: NaiveDateTime,
    /// How it was given.
    pub method: Method,
    /// Who helped.
    pub help: Help,
    /// The name of the member of staff who took it.
    pub taken_by: String,
    /// The name of the one who saw the name typed.
    pub witness: Option<String>,
    /// The centre's name; none for a family that is hidden.
    pub centre: Option<String>,
    /// The device's number.
    pub device: u32,
    /// The answers, person by person.
    pub decided: Vec<Decided>,
    /// The wordings shown.
    pub wordings: Vec<Shown>,
    /// The privacy notice shown.
    pub notice: Shown,
    /// How to change one's mind, as the wordings told it.
    pub how_to_change: Vec<Said>,
    /// Whom to write to, as the notice told it.
    pub who_to_ask: Option<Said>,
    /// The day of this paper, in London.
    pub printed_on: NaiveDate,
}

/// The answers for one person and one purpose.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The decision.
    pub id: DecisionId,
    /// By which the ledger's decision is compared with the paper's.
    pub sha256: Digest,
    /// Who is decided for; none for the decider themself.
    pub subject: Option<String>,
    /// What for.
    pub purpose: Purpose,
    /// By what right; none for oneself.
    pub holder: Option<Holder>,
    /// Place by place.
    pub answers: Vec<Answer>,
    /// The last day, in London.
    pub good_until: Option<NaiveDate>,
    /// What the end means.
    pub at_expiry: AtExpiry,
    /// For a quote: whose name stands under it.
    pub attribution: Option<Attribution>,
    /// The earlier decisions that it replaces.
    pub replaces: Vec<DecisionId>,
    /// What has become of it.
    pub state: DecisionState,
    /// Those of the places granted that were taken back since, in words.
    pub taken_back: Vec<String>,
}

/// By what right somebody decides for a child.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// On what ground.
    pub ground: Ground,
    /// How that is known.
    pub evidence: Evidence,
}

/// An answer for one place.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The place, as the wording told it.
    pub place: String,
    /// Yes or no.
    pub granted: bool,
}

/// A text that was shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its name.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Its language: a BCP 47 tag.
    pub language: String,
    /// SHA-256 of the exact text.
    pub sha256: Digest,
    /// The text, paragraph by paragraph; none where this program does not hold it, or where the
    /// receipt does not say it again.
    pub paragraphs: Option<Vec<String>>,
}

impl Receipt {
    /// The receipt as a paper.
    pub fn paper(&self) -> Paper {
        let words = words(&self.language);
        let mut blocks = vec![
            Block::Text(words.lead.to_owned()),
            Block::Rows(vec![Row::new(
                words.reference,
                code(words, &self.reference),
            )]),
        ];
        for decided in &self.decided {
            blocks.push(Block::Heading(match &decided.subject {
                Some(name) => fill(words.for_child, &[("name", &isolated(name))]),
                None => words.for_self.to_owned(),
            }));
            blocks.push(Block::Rows(self.answers(words, decided)));
        }
        blocks.push(Block::Heading(words.how_heading.to_owned()));
        blocks.push(Block::Rows(self.how(words)));
        blocks.push(Block::Heading(words.change_heading.to_owned()));
        if self.how_to_change.is_empty() {
            blocks.push(Block::Text(words.change.to_owned()));
        }
        let how = self.how_to_change.iter().chain(&self.who_to_ask);
        blocks.extend(how.map(|said| said.block(words.language)));
        blocks.push(Block::Heading(words.shown_heading.to_owned()));
        for wording in &self.wordings {
            shown(&mut blocks, words, words.wording, wording);
        }
        blocks.push(Block::Rows(text_rows(words, words.notice, &self.notice)));
        blocks.push(Block::Heading(words.check_heading.to_owned()));
        blocks.push(Block::Text(words.check.to_owned()));
        let checks = self.decided.iter().flat_map(|decided| {
            [
                Row::new(words.number, code(words, &decided.id.to_string())),
                Row::new(words.code, code(words, &grouped(decided.sha256))),
            ]
        });
        blocks.push(Block::Rows(checks.collect()));
        Paper {
            title: words.title.to_owned(),
            language: words.language.to_owned(),
            foot: code(words, &self.reference),
            blocks,
        }
    }

    fn answers(&self, words: &Words, decided: &Decided) -> Vec<Row> {
        let mut rows = vec![Row::new(words.about, (words.purpose)(decided.purpose))];
        rows.extend(decided.answers.iter().map(|answer| {
            let said = if answer.granted { words.yes } else { words.no };
            Row::new(&answer.place, said)
        }));
        if let Some(Holder { ground, evidence }) = decided.holder {
            let right = format!("{} {}", (words.ground)(ground), (words.evidence)(evidence));
            rows.push(Row::new(words.because, right));
        }
        let grants = decided.answers.iter().any(|answer| answer.granted);
        if grants {
            let end = decided.good_until.map(|day| {
                let then = (words.at_expiry)(decided.at_expiry);
                fill(
                    words.until_is,
                    &[("date", &date(words, day)), ("then", then)],
                )
            });
            rows.push(Row::new(
                words.good_until,
                end.unwrap_or_else(|| words.no_end.to_owned()),
            ));
        }
        if let Some(attribution) = decided.attribution {
            rows.push(Row::new(
                words.attribution,
                (words.attribution_of)(attribution),
            ));
        }
        if !decided.replaces.is_empty() {
            let ids = decided.replaces.iter();
            let ids: Vec<String> = ids.map(|id| code(words, &id.to_string())).collect();
            rows.push(Row::new(words.in_place_of, ids.join(" ")));
        }
        let mut state = (words.state)(decided.state).to_owned();
        if decided.state != DecisionState::Withdrawn && !decided.taken_back.is_empty() {
            let places = decided.taken_back.join(" · ");
            state = format!("{state} {}", fill(words.today_is, &[("places", &places)]));
        }
        let today = fill(words.today, &[("date", &date(words, self.printed_on))]);
        rows.push(Row::new(today, state));
        rows
    }

    fn how(&self, words: &Words) -> Vec<Row> {
        let time = self.decided_at.format("%H:%M").to_string();
        let when = fill(
            words.when_is,
            &[
                ("date", &date(words, self.decided_at.date())),
                ("time", &time),
            ],
        );
        let mut rows = vec![
            Row::new(words.who, self.decider.as_deref().unwrap_or(words.erased)),
            Row::new(words.when, when),
            Row::new(words.how, (words.method)(self.method)),
            Row::new(words.help, (words.help_had)(self.help)),
            Row::new(words.taken_by, &self.taken_by),
        ];
        let known = [
            (words.witness, self.witness.clone()),
            (words.centre, self.centre.clone()),
            (words.device, Some(self.device.to_string())),
        ];
        rows.extend(
            known
                .into_iter()
                .filter_map(|(label, text)| Some(Row::new(label, text?))),
        );
        rows
    }
}

fn shown(blocks: &mut Vec<Block>, words: &Words, label: &str, text: &Shown) {
    match &text.paragraphs {
        Some(paragraphs) => {
            blocks.push(Block::Text(words.shown.to_owned()));
            blocks.push(Block::Quote {
                language: text.language.clone(),
                paragraphs: paragraphs.clone(),
            });
        }
        None => blocks.push(Block::Text(words.not_here.to_owned())),
    }
    blocks.push(Block::Rows(text_rows(words, label, text)));
}

fn text_rows(words: &Words, label: &str, text: &Shown) -> Vec<Row> {
    let version = fill(
        words.version,
        &[
            ("name", &text.id),
            ("version", &text.version.to_string()),
            ("language", &text.language),
        ],
    );
    vec![
        Row::new(label, version),
        Row::new(words.text_code, code(words, &grouped(text.sha256))),
    ]
}

fn date(words: &Words, day: NaiveDate) -> String {
    let month = usize::try_from(day.month0()).unwrap_or_default();
    let month = words.months.get(month).copied().unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

/// A digest as people compare it: in groups of eight.
fn grouped(digest: Digest) -> String {
    let digits: Vec<char> = digest.to_string().chars().collect();
    let groups: Vec<String> = digits
        .chunks(8)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values
        .iter()
        .fold(template.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
}

/// Letters and digits that mean nothing run from left to right, also among words that run from the
/// right: else their groups would change places (UAX #9).
fn code(words: &Words, text: &str) -> String {
    if is_rtl(words.language) {
        format!("\u{2066}{text}\u{2069}")
    } else {
        text.to_owned()
    }
}

/// A name inside a sentence runs its own way and turns nothing around it (UAX #9, isolates).
fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

#[cfg(test)]
mod tests {
    use super::sample::{digest, receipt};
    use super::*;
    use crate::paper::TextSize;

    fn says(receipt: &Receipt) -> Vec<String> {
        let said = receipt.paper().text().into_iter();
        said.map(|said| said.text).collect()
    }

    #[test]
    fn it_says_all_that_the_decision_holds() {
        let receipt = receipt();
        let text = says(&receipt).join("\n");
        for part in [
            "Your reference: K4T7-9QZX",
            "Your answers for \u{2068}نور\u{2069}",
            "Pictures for showing others what we do",
            "On the council's website: Yes",
            "In newspapers: No",
            "You are the mother. We saw a paper that shows it.",
            "Good until: 22 November 2028. After that we make no new use of it.",
            "In place of: 00000000-0001-7202-8202-020202020202",
            "On 1 December 2026: This is what counts. You had said yes before.",
            "Who decided: Maja Wójcik",
            "When: 23 November 2026, 10:30",
            "How: Name typed while a member of staff saw it",
            "Who helped you read it: An interpreter",
            "Who took it: Rosa Beispiel",
            "Who saw you do it: Tom Muster",
            "Where: Oakwood",
            "On device number: 7",
            "Tell us at any centre.",
            "dpo@example.org",
            "May we use a picture?",
            "The question: publicity_picture, version 1, language en",
            "The privacy notice: short, version 1, language en",
            "Number: 00000000-0001-7101-8101-010101010101",
        ] {
            assert!(text.contains(part), "{part}\n\n{text}");
        }
        let code = text.rsplit("Code: ").next().unwrap().replace(' ', "");
        assert_eq!(code, digest("decision").to_string());
    }

    #[test]
    fn how_to_change_it_is_said_though_the_wording_is_not_here() {
        let mut receipt = receipt();
        receipt.how_to_change.clear();
        receipt.wordings[0].paragraphs = None;
        let text = says(&receipt).join("\n");
        assert!(text.contains("Tell us at any centre, or write to the Data Protection Officer."));
        assert!(text.contains("Their text is not on this computer."));
    }

    #[test]
    fn a_hidden_family_s_names_no_centre() {
        let mut receipt = receipt();
        receipt.centre = None;
        let text = says(&receipt).join("\n");
        assert!(!text.contains("Where") && !text.contains("Oakwood"));
    }

    #[test]
    fn a_refusal_has_no_end_and_what_was_taken_back_is_said() {
        let mut refused = receipt();
        refused.decided[0].answers[0].granted = false;
        refused.decided[0].state = DecisionState::Refused;
        let text = says(&refused).join("\n");
        assert!(!text.contains("Good until") && text.contains("You said no to all of it."));
        let mut less = receipt();
        less.decided[0].taken_back = vec!["In leaflets".into(), "In newspapers".into()];
        let text = says(&less).join("\n");
        assert!(text.contains("Taken back since: In leaflets · In newspapers."));
    }

    #[test]
    fn it_is_in_the_language_that_was_read_and_quotes_others_in_theirs() {
        let mut receipt = receipt();
        receipt.language = "ar".into();
        let paper = receipt.paper();
        assert_eq!(paper.language, "ar");
        let said = paper.text();
        let language_of = |part: &str| {
            let found = said.iter().find(|said| said.text.contains(part));
            found.map(|said| said.language.as_str())
        };
        assert_eq!(language_of("من قرر: Maja Wójcik"), Some("ar"));
        assert_eq!(language_of("dpo@example.org"), Some("en"));
        assert_eq!(language_of("It is up to you."), Some("en"));
        assert_eq!(language_of("\u{2066}K4T7-9QZX\u{2069}"), Some("ar"));
    }

    #[test]
    fn an_erased_decider_has_no_name() {
        let mut receipt = receipt();
        receipt.decider = None;
        let text = says(&receipt).join("\n");
        assert!(text.contains("Who decided: This person's record was erased"));
        assert!(!text.contains("Maja"));
    }

    #[test]
    fn it_has_two_sizes() {
        let pages = |size| receipt().paper().lay_out(size).unwrap().pages.len();
        assert!(pages(TextSize::Large) > pages(TextSize::Normal));
    }
}
