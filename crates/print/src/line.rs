//! From pieces to lines of a width.

use unicode_bidi::{BidiInfo, Level};

use crate::face::{Faces, Style};
use crate::shape::{Piece, Shaped, part, shape};

/// How much room a line has above and below, in parts of the type size, at the least.
const LEADING: f32 = 1.35;

/// A line of text.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// In the order in which they are read, each with how far from the left it stands, in points.
    pub(crate) pieces: Vec<(f32, Piece)>,
    /// In points.
    pub(crate) size: f32,
    /// From the top of the line to where the letters stand, in points.
    pub(crate) ascent: f32,
    /// The whole line, in points.
    pub(crate) height: f32,
}

/// Breaks a text into lines no wider than `width`, in points. A line end in the text ends a line.
pub(crate) fn lines(faces: &Faces, text: &str, style: Style<'_>, width: f32) -> Vec<Line> {
    text.lines()
        .flat_map(|paragraph| {
            let shaped = shape(faces, paragraph, style);
            let is_rtl = shaped.is_rtl;
            rows(faces, shaped, style, width / style.size)
                .into_iter()
                .map(move |row| line(faces, row, is_rtl, style.size, width))
        })
        .collect()
}

/// How wide a text is on one line, in points.
pub(crate) fn width(faces: &Faces, text: &str, style: Style<'_>) -> f32 {
    let pieces = shape(faces, text, style).pieces;
    pieces.iter().map(|piece| piece.width).sum::<f32>() * style.size
}

/// Which pieces stand on which line. Widths are parts of the type size.
fn rows(faces: &Faces, shaped: Shaped, style: Style<'_>, width: f32) -> Vec<Vec<Piece>> {
    let mut rows = Vec::new();
    let mut row: Vec<Piece> = Vec::new();
    let mut used = 0.0;
    for word in words(shaped.pieces) {
        let letters = without_end(&word);
        if !row.is_empty() && used + letters > width {
            rows.push(std::mem::take(&mut row));
            used = 0.0;
        }
        if letters > width {
            for piece in word
                .into_iter()
                .flat_map(|piece| cut(faces, piece, style, width))
            {
                if !row.is_empty() && used + piece.width > width && !piece.is_space {
                    rows.push(std::mem::take(&mut row));
                    used = 0.0;
                }
                used += piece.width;
                row.push(piece);
            }
        } else {
            used += word.iter().map(|piece| piece.width).sum::<f32>();
            row.extend(word);
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    rows
}

/// Pieces between which no line may end, together.
fn words(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut words = Vec::new();
    let mut word = Vec::new();
    for piece in pieces {
        let ends = piece.ends_word;
        word.push(piece);
        if ends {
            words.push(std::mem::take(&mut word));
        }
    }
    words.push(word);
    words
}

/// The width without spaces at the end.
fn without_end(pieces: &[Piece]) -> f32 {
    let end = pieces
        .iter()
        .rposition(|piece| !piece.is_space)
        .map_or(0, |last| last + 1);
    pieces.iter().take(end).map(|piece| piece.width).sum()
}

/// A piece wider than a line in parts that fit: an address, a digest.
fn cut(faces: &Faces, whole: Piece, style: Style<'_>, width: f32) -> Vec<Piece> {
    if whole.width <= width {
        return vec![whole];
    }
    let mut parts = Vec::new();
    let mut text = String::new();
    for letter in whole.text.chars() {
        let longer = format!("{text}{letter}");
        if !text.is_empty() && part(faces, &whole, longer.clone(), style).width > width {
            parts.push(part(faces, &whole, std::mem::take(&mut text), style));
            text.push(letter);
        } else {
            text = longer;
        }
    }
    parts.push(part(faces, &whole, text, style));
    parts
}

/// Puts the pieces of a line at their places (UAX #9, rules L1 and L2): spaces at its end lie
/// beyond the margin.
fn line(faces: &Faces, mut row: Vec<Piece>, is_rtl: bool, size: f32, width: f32) -> Line {
    let base = if is_rtl { Level::rtl() } else { Level::ltr() };
    row.iter_mut()
        .rev()
        .take_while(|piece| piece.is_space)
        .for_each(|piece| piece.level = base);
    let all: f32 = row.iter().map(|piece| piece.width).sum::<f32>() * size;
    // From right to left the spaces at the end are the leftmost.
    let mut x = if is_rtl { width - all } else { 0.0 };
    let levels: Vec<Level> = row.iter().map(|piece| piece.level).collect();
    let mut places = vec![0.0; row.len()];
    for index in BidiInfo::reorder_visual(&levels) {
        if let (Some(place), Some(piece)) = (places.get_mut(index), row.get(index)) {
            *place = x;
            x += piece.width * size;
        }
    }
    let of = |measure: fn(&crate::face::Loaded) -> f32| {
        row.iter()
            .map(|piece| measure(faces.loaded(piece.face)) * size)
            .fold(0.0, f32::max)
    };
    let (ascent, descent) = (of(|face| face.ascent), of(|face| face.descent));
    let lead = (LEADING * size - ascent - descent).max(0.0) / 2.0;
    Line {
        pieces: places.into_iter().zip(row).collect(),
        size,
        ascent: ascent + lead,
        height: ascent + descent + 2.0 * lead,
    }
}

#[cfg(test)]
impl Line {
    /// What it says.
    pub(crate) fn text(&self) -> String {
        self.pieces
            .iter()
            .map(|(_, piece)| piece.text.as_str())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn style(language: &str) -> Style<'_> {
        Style {
            language,
            bold: false,
            size: 10.0,
        }
    }

    fn right_edge(line: &Line) -> f32 {
        line.pieces
            .iter()
            .filter(|(_, piece)| !piece.is_space)
            .map(|(x, piece)| x + piece.width * line.size)
            .fold(0.0, f32::max)
    }

    #[test]
    fn lines_hold_their_width_and_lose_nothing() {
        let faces = Faces::read().unwrap();
        let text = "You can change your mind on any day and need not say why. Write to data.protection.officer.of.the.county@example.org.";
        for width in [40.0, 120.0, 400.0] {
            let lines = lines(&faces, text, style("en"), width);
            assert!(
                lines.iter().all(|line| right_edge(line) <= width + 0.01),
                "{width}"
            );
            let said: String = lines.iter().map(Line::text).collect();
            assert_eq!(said, text, "{width}");
        }
    }

    #[test]
    fn right_to_left_lines_start_at_the_right() {
        let faces = Faces::read().unwrap();
        let lines = lines(
            &faces,
            "بياناتك لك وحدك ويمكنك تغيير رأيك في أي يوم",
            style("ar"),
            100.0,
        );
        assert!(lines.len() > 1);
        for line in &lines {
            let (first, piece) = &line.pieces[0];
            assert!((first + piece.width * line.size - 100.0).abs() < 0.01);
        }
        assert_eq!(lines[0].pieces[0].1.text, "بياناتك");
        assert!(
            lines[0].pieces[2].0 < lines[0].pieces[0].0,
            "the second word is left of the first"
        );
    }

    #[test]
    fn nastaliq_has_the_room_that_it_needs() {
        let faces = Faces::read().unwrap();
        let height = |text, language| lines(&faces, text, style(language), 100.0)[0].height;
        assert!(height("آپ کی مرضی", "ur") > 1.5 * height("Your choice", "en"));
    }
}
