//! Whether a text is easy to read.
//!
//! English: the grade level of Flesch and Kincaid, 0.39 × words a sentence + 11.8 × syllables a word
//! − 15.59 (J. P. Kincaid and others, *Derivation of New Readability Formulas*, Naval Technical
//! Training Command, Research Branch Report 8-75, 1975). A grade is a school year of the United
//! States: grade 4 is age nine to ten, the reading age that GOV.UK writes for ("Writing for GOV.UK":
//! a reading age of nine, sentences of at most 25 words). A text as a whole may have grade 4; no
//! sentence of it more than grade 10, since one long word alone makes a short sentence hard to the
//! formula. Other languages have no such formula here: their sentences are counted in words.

/// The most words of a sentence, in any language.
const MOST_WORDS: usize = 25;
/// The highest grade of a text.
const TEXT_GRADE: f64 = 4.0;
/// The highest grade of a sentence.
const SENTENCE_GRADE: f64 = 10.0;
/// Fewer words than these are a heading or an entry of a list: the formula says nothing of them.
const FEWEST_GRADED: usize = 7;

/// What nobody can say more simply counts as one short word: names of offices, and what fills a place.
const NAMES: &[&str] = &[
    "Nottinghamshire County Council's Children's Centre Service",
    "Data Protection Officer",
    "Information Commissioner's Office",
    "Department for Education",
    "Ministry of Justice",
    "Disclosure and Barring Service",
    "{data_protection_officer}",
    "{privacy_statement}",
    "{regulator}",
    "{council}",
    "{service}",
    "{name}",
];
/// An address is not a sentence.
const ADDRESSES: &[&str] = &["NG2 7QP", "www.ico.org.uk"];

/// What is hard to read in a text, each with why.
pub(super) fn hard(text: &str, language: &str) -> Vec<String> {
    let mut text = text.to_owned();
    for name in NAMES {
        text = text.replace(name, "Name");
    }
    let mut hard = Vec::new();
    let (mut words, mut syllables, mut sentences) = (0, 0, 0);
    for sentence in sentences_of(&text) {
        let counted = sentence.split_whitespace().count();
        if counted > MOST_WORDS {
            hard.push(format!("{language}: {counted} words: {sentence}"));
        }
        let spoken = sentence.split_whitespace().map(syllables_of).sum();
        let graded = grade(counted, 1, spoken);
        if language == "en" && counted >= FEWEST_GRADED && graded > SENTENCE_GRADE {
            hard.push(format!("{language}: grade {graded:.1}: {sentence}"));
        }
        words += counted;
        syllables += spoken;
        sentences += 1;
    }
    let graded = grade(words, sentences, syllables);
    if language == "en" && graded > TEXT_GRADE {
        let title = text.lines().next().unwrap_or_default();
        hard.push(format!("{language}: grade {graded:.1} as a whole: {title}"));
    }
    hard
}

fn sentences_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !ADDRESSES.iter().any(|address| line.contains(address)))
        .flat_map(|line| line.split(['.', '?', '!', ':', '؟', '۔']))
        .map(|sentence| sentence.trim_matches(['-', ' ']))
        .filter(|sentence| !sentence.is_empty())
}

#[allow(
    clippy::cast_precision_loss,
    reason = "counts of words are far below 2^52"
)]
fn grade(words: usize, sentences: usize, syllables: usize) -> f64 {
    let [words, sentences, syllables] = [words, sentences, syllables].map(|count| count as f64);
    0.39 * words / sentences + 11.8 * syllables / words - 15.59
}

/// The syllables of an English word: groups of vowels, without the silent endings e, ed and es.
fn syllables_of(word: &str) -> usize {
    let letters: Vec<char> = word
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    let is_vowel = |letter: &char| "aeiouy".contains(*letter);
    let groups = letters
        .iter()
        .enumerate()
        .filter(|(at, letter)| {
            is_vowel(letter)
                && !at
                    .checked_sub(1)
                    .is_some_and(|before| is_vowel(&letters[before]))
        })
        .count();
    let silent = match letters.as_slice() {
        [.., 'l', 'e'] => false,
        [.., 'e'] => true,
        [.., before, 'e', 'd'] => !matches!(before, 't' | 'd'),
        [.., before, 'e', 's'] => !matches!(before, 's' | 'c' | 'x' | 'z' | 'h' | 'g'),
        _ => false,
    };
    (groups - usize::from(silent && groups > 1)).max(1)
}

#[test]
fn syllables_are_counted_as_they_are_spoken() {
    for (word, spoken) in [
        ("the", 1),
        ("yes", 1),
        ("picture", 2),
        ("pictures", 2),
        ("computers", 3),
        ("little", 2),
        ("used", 1),
        ("printed", 2),
        ("houses", 2),
        ("information", 4),
        ("7", 1),
    ] {
        assert_eq!(syllables_of(word), spoken, "{word}");
    }
}

#[test]
fn what_is_hard_is_found() {
    let official = "The information collected hereunder may be processed in accordance with \
                    applicable retention requirements.";
    assert_eq!(hard(official, "en").len(), 2, "the sentence and the text");
    let endless = "and then ".repeat(13);
    assert_eq!(hard(&endless, "pl").len(), 1);
    assert!(hard("You can say no. That is fine.", "en").is_empty());
}
