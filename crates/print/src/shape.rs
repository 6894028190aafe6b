//! From letters to glyphs: each run of one face, one direction and one place to break is shaped by
//! itself. Arabic letters join within words only, so nothing is lost between the runs.

use std::ops::Range;
use std::str::FromStr as _;

use harfrust::{Direction, Language, ShapeOptions, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};
use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_normalization::UnicodeNormalization as _;

use crate::face::{Face, Faces, Style};

/// Stands for a letter that no face has. What it stands for is still in the text of the PDF.
pub(crate) const MISSING: char = '\u{FFFD}';

/// A glyph at its place. Lengths are parts of the type size.
#[derive(Clone, Debug)]
pub(crate) struct Glyph {
    pub(crate) id: u32,
    pub(crate) advance: f32,
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// Which letters of the piece's text it shows.
    pub(crate) text: Range<usize>,
}

/// Glyphs that are set as one: of one face and direction, from left to right.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) face: Face,
    pub(crate) level: Level,
    pub(crate) text: String,
    pub(crate) glyphs: Vec<Glyph>,
    /// In parts of the type size.
    pub(crate) width: f32,
    pub(crate) is_space: bool,
    /// Whether a line may end after it.
    pub(crate) ends_word: bool,
}

/// A paragraph as pieces in the order in which they are read.
pub(crate) struct Shaped {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) is_rtl: bool,
}

/// Whether a language is written from right to left.
pub(crate) fn is_rtl(language: &str) -> bool {
    ["ar", "ur", "fa", "ps", "ku", "ckb", "he", "yi", "sd", "ug"]
        .contains(&language.split('-').next().unwrap_or_default())
}

/// What is said of one letter before the letters are put together.
#[derive(Clone, Copy, PartialEq)]
struct Kind {
    face: Face,
    level: Level,
    is_space: bool,
}

/// Shapes a paragraph without line ends. It runs as its language does.
pub(crate) fn shape(faces: &Faces, text: &str, style: Style<'_>) -> Shaped {
    let text: String = text.nfc().map(spaced).collect();
    let is_rtl = is_rtl(style.language);
    let base = if is_rtl { Level::rtl() } else { Level::ltr() };
    let bidi = BidiInfo::new(&text, Some(base));
    let breaks: Vec<usize> = linebreaks(&text)
        .filter(|(_, opportunity)| *opportunity == BreakOpportunity::Allowed)
        .map(|(at, _)| at)
        .collect();
    let mut pieces = Vec::new();
    let mut run = String::new();
    let mut kind: Option<Kind> = None;
    let mut face = None;
    let mut finish = |run: &mut String, kind: Option<Kind>, ends_word: bool| {
        if let (Some(kind), false) = (kind, run.is_empty()) {
            pieces.push(piece(faces, std::mem::take(run), kind, ends_word, style));
        }
    };
    for (at, letter) in text.char_indices() {
        let ends_word = breaks.binary_search(&at).is_ok();
        if ends_word {
            finish(&mut run, kind, true);
        }
        if shows_nothing(letter) {
            continue;
        }
        let found = faces.face(letter, face, style);
        face = found.or(face);
        let next = Kind {
            face: found.unwrap_or(Face::Rest),
            level: bidi.levels.get(at).copied().unwrap_or(base),
            is_space: letter == ' ',
        };
        if kind != Some(next) || found.is_none() {
            finish(&mut run, kind, false);
        }
        kind = Some(next);
        run.push(letter);
        if found.is_none() {
            finish(&mut run, kind, false);
        }
    }
    finish(&mut run, kind, false);
    Shaped { pieces, is_rtl }
}

/// A tab parts words as a space does; a space that holds words together stays.
fn spaced(letter: char) -> char {
    match letter {
        '\u{A0}' => letter,
        _ if letter.is_whitespace() => ' ',
        _ => letter,
    }
}

/// A text as it is read, letter after letter, where some of it runs from right to left: there the
/// letters on a page stand in another order.
pub(crate) fn as_read(text: &str) -> Option<String> {
    let letters = text.nfc().map(spaced);
    let text: String = letters.filter(|letter| !shows_nothing(*letter)).collect();
    BidiInfo::new(&text, None).has_rtl().then_some(text)
}

/// Shapes one piece anew with other text: the part of a word that is longer than a line.
pub(crate) fn part(faces: &Faces, whole: &Piece, text: String, style: Style<'_>) -> Piece {
    let kind = Kind {
        face: whole.face,
        level: whole.level,
        is_space: whole.is_space,
    };
    piece(faces, text, kind, true, style)
}

/// What is not set: marks of direction, which have done their work once the levels are known, and
/// what shows nothing. The joiners of Arabic and Indic scripts are set: they shape what is beside them.
fn shows_nothing(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{200B}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFFE}'
                | '\u{FFFF}'
        )
}

fn piece(faces: &Faces, text: String, kind: Kind, ends_word: bool, style: Style<'_>) -> Piece {
    let loaded = faces.loaded(kind.face);
    let shaper = loaded.shaper.shaper(&loaded.font).build();
    let missing = text
        .chars()
        .any(|letter| !loaded.has(letter) && !joins(letter));
    let mut buffer = UnicodeBuffer::new();
    if missing {
        text.char_indices()
            .for_each(|(at, _)| buffer.add(MISSING, u32::try_from(at).unwrap_or_default()));
    } else {
        buffer.push_str(&text);
    }
    buffer.guess_segment_properties();
    buffer.set_direction(if kind.level.is_rtl() {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    if let Ok(language) = Language::from_str(style.language) {
        buffer.set_language(language);
    }
    let shaped = shaper.shape(buffer, ShapeOptions::new());
    let mut starts: Vec<usize> = shaped.glyph_infos().iter().map(cluster).collect();
    starts.sort_unstable();
    starts.dedup();
    let end_of = |start: usize| {
        let after = starts.partition_point(|other| *other <= start);
        starts.get(after).copied().unwrap_or(text.len())
    };
    #[expect(clippy::cast_precision_loss, reason = "font units are far below 2^24")]
    let part = |units: i32| units as f32 / loaded.units;
    let glyphs: Vec<Glyph> = shaped
        .glyph_infos()
        .iter()
        .zip(shaped.glyph_positions())
        .map(|(info, position)| Glyph {
            id: info.glyph_id,
            advance: part(position.x_advance),
            x: part(position.x_offset),
            y: part(position.y_offset),
            text: cluster(info)..end_of(cluster(info)),
        })
        .collect();
    Piece {
        face: kind.face,
        level: kind.level,
        width: glyphs.iter().map(|glyph| glyph.advance).sum(),
        glyphs,
        text,
        is_space: kind.is_space,
        ends_word,
    }
}

fn cluster(info: &harfrust::GlyphInfo) -> usize {
    usize::try_from(info.cluster).unwrap_or_default()
}

/// The joiners of Arabic and Indic scripts: a shaper needs no glyph for them.
const fn joins(letter: char) -> bool {
    matches!(letter, '\u{200C}' | '\u{200D}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn style(language: &str) -> Style<'_> {
        Style {
            language,
            bold: false,
            size: 11.0,
        }
    }

    fn texts(shaped: &Shaped) -> Vec<&str> {
        shaped
            .pieces
            .iter()
            .map(|piece| piece.text.as_str())
            .collect()
    }

    #[test]
    fn arabic_letters_join() {
        let faces = Faces::read().unwrap();
        let joined = shape(&faces, "ببب", style("ar"));
        let ids: Vec<u32> = joined.pieces[0]
            .glyphs
            .iter()
            .map(|glyph| glyph.id)
            .collect();
        let alone: Vec<u32> = shape(&faces, "ب", style("ar")).pieces[0]
            .glyphs
            .iter()
            .map(|glyph| glyph.id)
            .collect();
        assert_ne!(ids, alone.repeat(3), "each has its form within a word");
        assert!(joined.pieces[0].level.is_rtl());
        let clusters: Vec<usize> = joined.pieces[0]
            .glyphs
            .iter()
            .map(|glyph| glyph.text.start)
            .collect();
        assert!(
            clusters.is_sorted_by(|one, next| one >= next),
            "glyphs stand from left to right, so the last letter comes first"
        );
    }

    #[test]
    fn a_name_in_another_script_runs_its_own_way() {
        let faces = Faces::read().unwrap();
        let shaped = shape(&faces, "For \u{2068}نور\u{2069} 3", style("en"));
        assert_eq!(texts(&shaped), ["For", " ", "نور", " ", "3"]);
        let rtl: Vec<bool> = shaped
            .pieces
            .iter()
            .map(|piece| piece.level.is_rtl())
            .collect();
        assert_eq!(rtl, [false, false, true, false, false]);
    }

    #[test]
    fn a_text_is_read_without_the_marks_of_its_directions() {
        assert_eq!(
            as_read("For\t\u{2068}نور\u{2069} 3").as_deref(),
            Some("For نور 3")
        );
        assert_eq!(as_read("For Zofia"), None, "it is read as it stands");
    }

    #[test]
    fn a_letter_that_no_face_has_keeps_its_text() {
        let faces = Faces::read().unwrap();
        let shaped = shape(&faces, "李明", style("en"));
        assert_eq!(texts(&shaped), ["李", "明"]);
        let ids: Vec<u32> = shaped
            .pieces
            .iter()
            .flat_map(|piece| piece.glyphs.iter().map(|glyph| glyph.id))
            .collect();
        assert!(
            ids.iter().all(|id| *id != 0),
            "a box of its own, no missing glyph"
        );
    }
}
