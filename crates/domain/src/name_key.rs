//! Names as they are searched: without case, marks or signs.
//!
//! SQLite's own folding misses letters that do not decompose ("Pawel" would not find "Paweł"), so
//! what is indexed and what is typed are both folded here.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds a text for comparison: letters and digits in lower case without marks (Unicode NFKD),
/// letters that do not decompose by their usual Latin spelling, everything else a single space.
/// Apostrophes and hyphens count as spaces.
pub fn fold(text: &str) -> String {
    words(text)
        .iter()
        .flat_map(|word| &word.parts)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// What is indexed for a name: every part, the joined form of parts with an apostrophe or hyphen
/// between them, and each two neighbouring words joined. `O'Brien` gives `o brien obrien`,
/// `Mary Ann` gives `mary ann maryann`.
pub fn name_key(name: &str) -> String {
    let words = words(name);
    let mut keys: Vec<String> = Vec::new();
    let mut add = |key: String| {
        if !key.is_empty() && !keys.contains(&key) {
            keys.push(key);
        }
    };
    words
        .iter()
        .flat_map(|word| &word.parts)
        .for_each(|part| add(part.clone()));
    words.iter().for_each(|word| add(word.joined()));
    for pair in words.windows(2) {
        if let [first, second] = pair {
            add(first.joined() + &second.joined());
        }
    }
    keys.join(" ")
}

/// What somebody typed to find a name, word by word. A person matches when every word does.
pub fn search_words(typed: &str) -> Vec<SearchWord> {
    words(typed)
}

/// A word of a name. As a search it matches a key that has a word beginning with [`Self::joined`],
/// or one for each of [`Self::parts`].
#[derive(Clone, PartialEq, Eq)]
pub struct SearchWord {
    /// Its parts between apostrophes and hyphens; at least one, none empty.
    pub parts: Vec<String>,
}

impl SearchWord {
    /// The parts without what was between them.
    pub fn joined(&self) -> String {
        self.parts.concat()
    }
}

impl core::fmt::Debug for SearchWord {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SearchWord of {} parts", self.parts.len())
    }
}

/// A telephone number for search by its end: the digits in reverse, so that the last ones typed
/// are a prefix.
pub fn phone_tail(number: &str) -> String {
    number.chars().rev().filter(char::is_ascii_digit).collect()
}

fn words(text: &str) -> Vec<SearchWord> {
    let mut words = Vec::new();
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    for letter in text.chars() {
        if joins(letter) {
            close(&mut part, &mut parts);
            continue;
        }
        for folded in letter
            .nfkd()
            .filter(|letter| !is_combining_mark(*letter))
            .flat_map(char::to_lowercase)
        {
            if is_combining_mark(folded) {
                continue;
            }
            match spelling(folded) {
                Some(latin) => part.push_str(latin),
                None if folded.is_alphanumeric() => part.push(folded),
                None => {
                    close(&mut part, &mut parts);
                    close_word(&mut parts, &mut words);
                }
            }
        }
    }
    close(&mut part, &mut parts);
    close_word(&mut parts, &mut words);
    words
}

fn close(part: &mut String, parts: &mut Vec<String>) {
    if !part.is_empty() {
        parts.push(core::mem::take(part));
    }
}

fn close_word(parts: &mut Vec<String>, words: &mut Vec<SearchWord>) {
    if !parts.is_empty() {
        words.push(SearchWord {
            parts: core::mem::take(parts),
        });
    }
}

/// Apostrophes, what people type for them, and hyphens: they split a name that is one word.
fn joins(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '`' | '\u{B4}' | '\u{2B9}'..='\u{2BF}' | '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' | '\u{FF07}'
            | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{B7}'
    )
}

/// Letters that Unicode does not decompose, as people type them without the key for it.
fn spelling(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ł' => "l",
        'đ' | 'ð' | 'ɖ' => "d",
        'ø' => "o",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ə' => "e",
        'ς' => "σ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str, name: &str) -> bool {
        let key = name_key(name);
        let begins = |word: &str| key.split(' ').any(|indexed| indexed.starts_with(word));
        search_words(typed)
            .iter()
            .all(|word| begins(&word.joined()) || word.parts.iter().all(|part| begins(part)))
    }

    #[test]
    fn keyboards_without_the_letter_find_the_name() {
        for (typed, name) in [
            ("Pawel", "Paweł"),
            ("paweł", "PAWEŁ"),
            ("Duric", "Đurić"),
            ("Soren", "Søren"),
            ("strasse", "Straße"),
            ("Aesa", "Æsa"),
            ("Thora", "Þóra"),
            ("Gudrun", "Guðrún"),
            ("Isik", "Işık"),
            ("ISIK", "ışık"),
            ("istanbullu", "İstanbullu"),
            ("Nguyen", "Nguyễn"),
            ("zoe", "Zoë"),
            ("Coeur", "Cœur"),
            ("νικος", "Νίκος"),
        ] {
            assert!(
                finds(typed, name),
                "{typed} finds {name}: {}",
                name_key(name)
            );
        }
    }

    #[test]
    fn signs_in_names_do_not_matter() {
        for typed in [
            "O Brien",
            "OBrien",
            "o'brien",
            "O’Brien",
            "O`Brien",
            "brien",
            "obr",
            "O´Brien",
        ] {
            assert!(finds(typed, "O'Brien"), "{typed} finds O'Brien");
        }
        assert!(
            finds("O'Brien", "OBrien") && finds("O'Brien", "O Brien") && finds("OBrien", "O Brien")
        );
        for typed in ["Anne Marie", "annemarie", "anne-marie", "marie"] {
            assert!(finds(typed, "Anne-Marie"), "{typed} finds Anne-Marie");
        }
        assert!(finds("maryann", "Mary Ann") && finds("ann mary", "Mary Ann"));
        assert!(
            !finds("Pavel", "Paweł") && !finds("brian", "O'Brien"),
            "other names stay other names"
        );
    }

    #[test]
    fn folding_is_steady() {
        assert_eq!(fold("  Łucja-Maria  O’Testowa "), "lucja maria o testowa");
        assert_eq!(
            fold(&fold("Þóra Straße Işık")),
            fold("Þóra Straße Işık"),
            "folding twice changes nothing"
        );
        assert_eq!(fold("李 小龙"), "李 小龙");
        assert_eq!(name_key(" '-' "), "");
    }

    #[test]
    fn phones_are_found_by_their_end() {
        assert!(phone_tail("07700900123").starts_with(&phone_tail("0123")));
        assert!(phone_tail("07700 900 123").starts_with(&phone_tail("900-123")));
    }
}
