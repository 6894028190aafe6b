//! Pictures of pages, for the window to show and to send to a printer: SVG, with the outlines of
//! the very glyphs that the PDF sets.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{GlyphId, MetadataProvider as _};

use crate::face::{Face, Faces};
use crate::page::{HEIGHT, MARGIN, Page, Pages, WIDTH};

/// A picture of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// An SVG document as large as the page. It holds shapes and no words.
    pub svg: String,
}

impl Pages {
    /// A picture of each page, in order.
    pub fn pictures(&self) -> Vec<Picture> {
        let picture = |page| Picture {
            svg: svg(&self.faces, page),
        };
        self.pages.iter().map(picture).collect()
    }
}

fn svg(faces: &Faces, page: &Page) -> String {
    let mut shapes = String::new();
    let mut uses = String::new();
    let mut known = BTreeSet::new();
    for rule in &page.rules {
        let across = WIDTH - 2.0 * MARGIN;
        push(
            &mut uses,
            format_args!(
                "<rect x=\"{MARGIN}\" y=\"{rule:.2}\" width=\"{across:.2}\" height=\"0.6\"/>"
            ),
        );
    }
    for mark in &page.marks {
        let y = mark.top + mark.line.ascent;
        for (place, piece) in &mark.line.pieces {
            let units = faces.loaded(piece.face).units;
            let scale = mark.line.size / units;
            let mut x = mark.x + place;
            for glyph in &piece.glyphs {
                let name = format!("{}-{}", face_name(piece.face), glyph.id);
                if known.insert((piece.face, glyph.id)) {
                    let path = outline(faces, piece.face, glyph.id);
                    push(
                        &mut shapes,
                        format_args!("<path id=\"{name}\" d=\"{path}\"/>"),
                    );
                }
                let (at_x, at_y) = (x + glyph.x * mark.line.size, y - glyph.y * mark.line.size);
                push(
                    &mut uses,
                    format_args!(
                        "<use href=\"#{name}\" transform=\"translate({at_x:.2} {at_y:.2}) scale({scale:.5} -{scale:.5})\"/>"
                    ),
                );
                x += glyph.advance * mark.line.size;
            }
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}pt\" height=\"{HEIGHT}pt\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><defs>{shapes}</defs>{uses}</svg>"
    )
}

/// Writing to a text does not fail.
fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}

const fn face_name(face: Face) -> &'static str {
    match face {
        Face::Latin => "l",
        Face::LatinBold => "b",
        Face::Urdu => "u",
        Face::Arabic => "a",
        Face::ArabicBold => "c",
        Face::Rest => "r",
    }
}

/// A glyph's outline as the path data of SVG, in font units; empty for a space.
fn outline(faces: &Faces, face: Face, glyph: u32) -> String {
    let mut pen = PathData::default();
    if let Some(outline) = faces
        .loaded(face)
        .font
        .outline_glyphs()
        .get(GlyphId::new(glyph))
    {
        let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        if outline.draw(settings, &mut pen).is_err() {
            return String::new();
        }
    }
    pen.0
}

#[derive(Default)]
struct PathData(String);

impl OutlinePen for PathData {
    fn move_to(&mut self, x: f32, y: f32) {
        push(&mut self.0, format_args!("M{x} {y}"));
    }
    fn line_to(&mut self, x: f32, y: f32) {
        push(&mut self.0, format_args!("L{x} {y}"));
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        push(&mut self.0, format_args!("Q{cx} {cy} {x} {y}"));
    }
    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        push(
            &mut self.0,
            format_args!("C{cx0} {cy0} {cx1} {cy1} {x} {y}"),
        );
    }
    fn close(&mut self) {
        self.0.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use crate::paper::{Block, Paper, TextSize};

    #[test]
    fn a_picture_holds_shapes_and_no_words() {
        let paper = Paper {
            title: "Zofia's receipt".into(),
            language: "en".into(),
            foot: "ABCD-1234".into(),
            blocks: vec![Block::Text("نور".into())],
        };
        let pictures = paper.lay_out(TextSize::Normal).unwrap().pictures();
        assert_eq!(pictures.len(), 1);
        let svg = &pictures[0].svg;
        assert!(svg.matches("<use ").count() > 20 && svg.contains("id=\"a-"));
        assert!(!svg.contains("Zofia") && !svg.contains("نور"));
    }
}
