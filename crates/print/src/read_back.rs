//! What readers make of the PDF: poppler takes its words out again, as it does for screen readers, for
//! searching and for copying. Nothing that was said may be lost, torn or turned round on the way.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;

use crate::paper::{Block, Paper, Row, Said, TextSize};
use crate::receipt::{Receipt, sample};

/// The words of the PDF, in the order in which poppler reads them.
fn read(pdf: Vec<u8>) -> Vec<String> {
    let mut reader = Command::new("pdftotext")
        .args(["-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext is there: the Debian package poppler-utils");
    let mut input = reader.stdin.take().unwrap();
    let giver = thread::spawn(move || input.write_all(&pdf).unwrap());
    let output = reader.wait_with_output().unwrap();
    giver.join().unwrap();
    assert!(output.status.success());
    words(&String::from_utf8(output.stdout).unwrap())
}

/// A text word by word, without what shows nothing and without punctuation, which no two readers
/// set alike: poppler takes a hyphen at the end of a line for one that was put there to break it, and
/// loses a space between a number and an Arabic word.
fn words(text: &str) -> Vec<String> {
    let text: String = text
        .chars()
        .filter(|letter| !matches!(letter, '-' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
        .collect();
    let is_arabic = |letter: char| matches!(letter, '\u{600}'..='\u{6FF}');
    let mut words: Vec<String> = Vec::new();
    for part in text.split(|letter: char| !letter.is_alphanumeric()) {
        let letters: Vec<char> = part.chars().collect();
        let words_of = letters.chunk_by(|one, next| is_arabic(*one) == is_arabic(*next));
        words.extend(words_of.map(|letters| letters.iter().collect::<String>()));
    }
    words
}

/// The receipt of somebody who read in this language.
fn receipt(language: &str, wording: &[&str], place: &str) -> Receipt {
    let mut receipt = sample::receipt();
    receipt.language = language.into();
    receipt.how_to_change = Vec::new();
    for shown in &mut receipt.wordings {
        shown.language = language.into();
        shown.paragraphs = Some(wording.iter().map(|text| (*text).to_owned()).collect());
    }
    for answer in receipt
        .decided
        .iter_mut()
        .flat_map(|decided| &mut decided.answers)
    {
        answer.place = place.into();
    }
    receipt
}

fn receipts() -> [Receipt; 6] {
    [
        receipt(
            "en",
            &["May we use a picture of نور?", "It is up to you."],
            "On the council's website",
        ),
        receipt(
            "pl",
            &[
                "Czy możemy użyć zdjęcia?",
                "Państwo o tym decydują, także wcześniej zażółć gęślą jaźń.",
            ],
            "Na stronie internetowej urzędu",
        ),
        receipt(
            "ro",
            &[
                "Putem folosi o poză?",
                "Hotărârea vă aparține: știm că țineți la ea.",
            ],
            "Pe site-ul consiliului",
        ),
        receipt(
            "uk",
            &[
                "Чи можна використати фото?",
                "Вирішуєте ви: її, його, ґанок, об'єкт.",
            ],
            "На сайті ради",
        ),
        receipt(
            "ar",
            &[
                "هل يمكننا استخدام صورة؟",
                "القرار لكم. إذا قلتم لا، فلا يتغير شيء: ولا تحتاجون إلى سبب، في 3 مراكز، وعلى صفحة Facebook أيضًا.",
            ],
            "على موقع المجلس",
        ),
        receipt(
            "ur",
            &[
                "کیا ہم تصویر استعمال کر سکتے ہیں؟",
                "فیصلہ آپ کا ہے۔ اگر آپ نہ کہیں تو کچھ نہیں بدلے گا، 2 سال تک، اور Facebook پر بھی نہیں۔",
            ],
            "کونسل کی ویب سائٹ پر",
        ),
    ]
}

fn is_in(words: &[String], said: &[String]) -> bool {
    words.windows(said.len()).any(|window| window == said)
}

/// Paragraphs, which run from margin to margin: each is read in one go.
fn paragraphs(paper: &Paper) -> Vec<&str> {
    let mut paragraphs = vec![paper.title.as_str()];
    for block in &paper.blocks {
        match block {
            Block::Heading(text) | Block::Text(text) => paragraphs.push(text),
            Block::Quote {
                paragraphs: quoted, ..
            } => {
                paragraphs.extend(quoted.iter().map(String::as_str));
            }
            Block::Rows(_) => {}
        }
    }
    paragraphs
}

#[test]
fn every_word_can_be_read_out_in_every_language_and_size() {
    for receipt in receipts() {
        for size in [TextSize::Normal, TextSize::Large] {
            let paper = receipt.paper();
            assert_eq!(paper.language, receipt.language);
            let found = read(paper.clone().lay_out(size).unwrap().pdf().unwrap());
            let about = format!("{} {size:?}: {}", paper.language, found.join(" "));
            for Said { text, .. } in paper.text() {
                for word in words(&text) {
                    assert!(found.contains(&word), "{word} in {about}");
                }
            }
            let said: usize = paper
                .text()
                .iter()
                .map(|said| words(&said.text).len())
                .sum();
            let pages = paper.clone().lay_out(size).unwrap().pages.len();
            // Each page's foot: the reference, and "1/3".
            assert_eq!(found.len(), said + pages * 3, "nothing is torn: {about}");
            for text in paragraphs(&paper) {
                assert!(is_in(&found, &words(text)), "{text} in {about}");
            }
        }
    }
}

#[test]
fn codes_keep_their_order_among_words_from_the_right() {
    for receipt in receipts() {
        let paper = receipt.paper();
        let found = read(
            paper
                .clone()
                .lay_out(TextSize::Large)
                .unwrap()
                .pdf()
                .unwrap(),
        );
        let codes = paper.blocks.iter().flat_map(|block| match block {
            Block::Rows(rows) => rows.as_slice(),
            _ => &[],
        });
        let codes: Vec<&Row> = codes.filter(|row| row.text.contains("0000")).collect();
        assert!(!codes.is_empty());
        for row in codes {
            assert!(
                is_in(&found, &words(&row.text)),
                "{}: {}",
                row.text,
                found.join(" ")
            );
        }
        let code = sample::digest("decision").to_string();
        let [first, second] = [0, 8].map(|at| code.get(at..at + 8).unwrap().to_owned());
        assert!(is_in(&found, &[first, second]), "{}", found.join(" "));
    }
}
